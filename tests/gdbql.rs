//! The tables of `tests/gdbql`, on all ways that a query can run: on several threads, over a file, over a log with its
//! index, and over HTTP on the embedded server in both generations.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "gdbql/table.rs"]
mod table;

use gdbx::api::{Choice, Client, Settings, Token};
use gdbx::gdbql::{Limits, parse};
use gdbx::local::{self, Events, FileEvents, LogEvents, Progress, Wanted};
use gdbx::model::log::{Decoded, EventFile, EventLog};
use gdbx::server::{Options, Running, Tokens};
use gdbx::store::Store;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicUsize, Ordering};
use table::{Case, Expected};

/// Lines that threads take a few at a time.
struct Few<'l>(&'l [String], AtomicUsize);

impl Events for Few<'_> {
    type Portion = Range<usize>;

    fn take(&self) -> io::Result<Option<(usize, Range<usize>)>> {
        const FEW: usize = 3;
        let number = self.1.fetch_add(1, Ordering::Relaxed);
        let start = number * FEW;
        Ok((start < self.0.len()).then(|| (number, start..(start + FEW).min(self.0.len()))))
    }

    fn each(&self, portion: Range<usize>, line: &mut dyn FnMut(u64, &[u8])) -> io::Result<()> {
        portion.for_each(|at| line(at as u64, self.0[at].as_bytes()));
        Ok(())
    }
}

/// By the name of their events.
fn cases() -> BTreeMap<String, Vec<Case>> {
    let mut found: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in table::all() {
        found.entry(case.events.clone()).or_default().push(case);
    }
    found
}

fn check<E: Events>(case: &Case, events: &E, way: &str) {
    let mut rows = Vec::new();
    let result = parse(&case.query).map_err(local::Error::from).and_then(|query| {
        local::run(&query, events, Limits::default(), &Progress::default(), &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })
    });
    match (&case.expected, result) {
        (Expected::Rows(expected), Ok(())) => assert_eq!(&rows, expected, "{way}: {}", case.place),
        (Expected::Error { says, blames }, Err(local::Error::Query(error))) => {
            assert!(error.message.contains(says), "{way}: {}: {error}", case.place);
            assert_eq!(&case.query[error.span], blames, "{way}: {}", case.place);
        }
        (expected, result) => panic!("{way}: {}: {result:?} is not {expected:?}", case.place),
    }
}

#[test]
fn on_several_threads_over_a_file_and_over_a_log() {
    for (name, cases) in cases() {
        let lines = table::events(&name);
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        let file = EventFile::open(file.path()).unwrap();
        let mut log = EventLog::default();
        log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
        for case in &cases {
            check(case, &Few(&lines, AtomicUsize::new(0)), "on threads");
            check(case, &FileEvents::new(&file).unwrap(), "over a file");
            let wanted = parse(&case.query).map(|query| Wanted::new(&log, &query.cut())).unwrap_or_default();
            check(case, &LogEvents::new(log.view().clone(), wanted), "over a log");
        }
    }
}

#[tokio::test]
async fn over_http_in_both_generations() {
    // What no server holds stays out.
    for (name, cases) in cases().into_iter().filter(|(name, _)| name != "odd") {
        let store = Store::in_memory();
        store.restore(table::events(&name).join("\n").as_bytes()).unwrap();
        let tokens = Tokens { admin: "admin-token".into(), writer: None, reader: None };
        let server = Running::start(store, Options::new(tokens)).await.unwrap();
        for generation in [Choice::V1, Choice::V2] {
            let mut settings = Settings::new(server.url()).with_token(Token::new(server.token()).unwrap());
            settings.generation = generation;
            let client = Client::new(settings).unwrap();
            for case in &cases {
                match (&case.expected, rows(&client, &case.query).await) {
                    (Expected::Rows(expected), Ok(rows)) => assert_eq!(&rows, expected, "{}", case.place),
                    (Expected::Error { says, .. }, Err(error)) => {
                        // Rows may have been on their way: then the answer is cut off, and nothing can be said.
                        let cut = matches!(error, gdbx::api::Error::Cut { .. });
                        assert!(cut || error.to_string().contains(says), "{}: {error}", case.place);
                    }
                    (expected, found) => panic!("{}: {found:?} is not {expected:?}", case.place),
                }
            }
        }
        server.shutdown().await;
    }
}

async fn rows(client: &Client, query: &str) -> Result<Vec<String>, gdbx::api::Error> {
    let (mut stream, mut rows) = (client.query(query).await?, Vec::new());
    while let Some(batch) = stream.next().await {
        rows.extend(batch?.rows().map(|row| row.unwrap().text().to_owned()));
    }
    Ok(rows)
}
