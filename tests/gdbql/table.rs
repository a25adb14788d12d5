//! Reads the tables of queries with their expected results.
//!
//! What a table looks like is said at the head of each. Knows nothing of the language: the tests of the library and
//! those of the whole program share it.

use std::path::{Path, PathBuf};

/// A query and what must come of it.
#[derive(Debug)]
pub struct Case {
    /// The file and the line, for a message.
    pub place: String,
    /// The name of its events.
    pub events: String,
    pub query: String,
    pub expected: Expected,
}

/// What must come of a query.
#[derive(Debug)]
pub enum Expected {
    /// These rows, byte for byte.
    Rows(Vec<String>),
    /// An error that says this and blames this part of the query.
    Error { says: String, blames: String },
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gdbql")
}

/// The lines of the events with a name.
pub fn events(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.ndjson"))).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The cases of all tables.
pub fn all() -> Vec<Case> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cases: Vec<Case> =
        files.iter().filter(|path| path.extension().is_some_and(|e| e == "cases")).flat_map(read).collect();
    assert!(cases.len() > 500, "there are only {}", cases.len());
    cases
}

fn read(path: &PathBuf) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let (mut cases, mut events, mut query) = (Vec::new(), String::new(), String::new());
    let mut open: Option<Case> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let place = || format!("{}:{number}", path.display());
        let case = |query: &str, expected| Case {
            place: place(),
            events: events.clone(),
            query: query.trim().to_owned(),
            expected,
        };
        if let Some(name) = line.strip_prefix("events ") {
            events = name.to_owned();
        } else if line.starts_with('#') || (line.is_empty() && query.is_empty()) {
            cases.extend(open.take());
        } else if let Some(whole) = line.strip_prefix("? ") {
            let (expr, expected) = match whole.split_once(" =! ") {
                Some((expr, error)) => (expr, self::error(error)),
                None => {
                    let (expr, value) = whole.rsplit_once(" => ").unwrap_or_else(|| panic!("{}", place()));
                    (expr, Expected::Rows(vec![value.to_owned()]))
                }
            };
            cases.push(case(&format!("STREAM e FROM events MAP {expr}"), expected));
        } else if let Some(wrong) = line.strip_prefix("=! ") {
            cases.push(case(&std::mem::take(&mut query), error(wrong)));
        } else if let Some(row) = line.strip_prefix("=>") {
            let open = open.get_or_insert_with(|| case(&std::mem::take(&mut query), Expected::Rows(Vec::new())));
            let Expected::Rows(rows) = &mut open.expected else { continue };
            rows.extend(row.strip_prefix(' ').map(str::to_owned));
        } else {
            query.push_str(line);
            query.push('\n');
        }
    }
    cases.extend(open);
    assert!(query.is_empty(), "{}: {query} has no expectation", path.display());
    cases
}

fn error(text: &str) -> Expected {
    let (says, blames) = text.rsplit_once(" @ ").unwrap_or_else(|| panic!("{text} blames nothing"));
    Expected::Error { says: says.to_owned(), blames: blames.to_owned() }
}
