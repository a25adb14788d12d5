//! Typing the field that becomes a column, with the fields that were seen in the listed events.

use super::Explore;
use super::columns::{Columns, FIELDS, field, shown};
use super::events::Events;
use super::prompt::{Choice, Picker, Prompt};
use crate::app::effect::Outbox;
use crate::app::world::World;
use crate::model::json::{Json, Kind};
use crate::model::log::EventLog;
use crate::model::path::Path;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use rustc_hash::FxHashMap;

/// So many events are looked at for their fields: those around the cursor, and others spread over the list.
const SAMPLE: usize = 120;
/// Longer events are not.
const LONGEST: usize = 64 << 10;
/// No more fields than this are offered.
const MOST: usize = 400;
/// Deeper fields are not offered; they can be typed.
const DEPTH: usize = 6;

/// A field that was seen.
#[derive(Clone, Debug)]
struct Seen {
    path: Path,
    name: String,
    example: String,
}

/// The prompt for a column.
#[derive(Debug)]
pub struct FieldPrompt {
    /// The line and the choices.
    pub picker: Picker,
    seen: Vec<Seen>,
    /// What each choice is.
    paths: Vec<Path>,
}

impl FieldPrompt {
    fn new(events: &Events, log: &EventLog, columns: &Columns) -> Self {
        let mut prompt = Self { picker: Picker::default(), seen: seen(events, log), paths: Vec::new() };
        prompt.typed(columns);
        prompt
    }

    /// What was typed has changed.
    pub fn typed(&mut self, columns: &Columns) {
        let text = self.picker.text();
        let note = |path: &Path, example: &str| match columns.has(path) {
            true => "column; ⏎ takes it away".to_owned(),
            false => example.to_owned(),
        };
        let mut choices: Vec<(Choice, Path)> = Vec::new();
        if text.is_empty() {
            // What is a column already is what one may want to be rid of.
            choices.extend(columns.fields().iter().map(|column| {
                let choice =
                    Choice { text: column.name().to_owned(), matched: Vec::new(), note: note(&column.path, "") };
                (choice, column.path.clone())
            }));
        }
        let others = self.seen.iter().filter(|seen| !(text.is_empty() && columns.has(&seen.path)));
        choices.extend(ranked(&text, others.map(|seen| (seen.name.as_str(), seen))).into_iter().map(
            |(seen, matched)| {
                let choice = Choice { text: seen.name.clone(), matched, note: note(&seen.path, &seen.example) };
                (choice, seen.path.clone())
            },
        ));
        // A field that no event of the sample has can be wanted all the same.
        if let Some(path) = field(&text)
            && !choices.iter().any(|(_, known)| *known == path)
        {
            let choice = Choice { text: path.to_string(), matched: Vec::new(), note: note(&path, "as typed") };
            choices.push((choice, path));
        }
        let (choices, paths) = choices.into_iter().unzip();
        self.paths = paths;
        self.picker.offer(choices);
    }
}

/// The names that have the letters of a text, best first, each with the letters that matched. All for an empty text.
fn ranked<'a, T: Copy>(text: &str, names: impl Iterator<Item = (&'a str, T)>) -> Vec<(T, Vec<u32>)> {
    let pattern = Pattern::parse(text, CaseMatching::Smart, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
    let mut buffer = Vec::new();
    let scored = names.filter_map(|(name, of)| {
        let mut matched = Vec::new();
        let score = pattern.indices(Utf32Str::new(name, &mut buffer), &mut matcher, &mut matched)?;
        matched.sort_unstable();
        matched.dedup();
        Some((score, of, matched))
    });
    let mut scored: Vec<_> = scored.collect();
    scored.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, of, matched)| (of, matched)).collect()
}

/// The fields of some of the listed events, with the value that was seen first.
fn seen(events: &Events, log: &EventLog) -> Vec<Seen> {
    let half = SAMPLE / 2;
    let near = events.list.selected().saturating_sub(half / 2);
    let spread = (0..half).map(|number| number * events.len() / half);
    let mut found = Vec::new();
    let mut known = FxHashMap::default();
    for position in (near..near + half).chain(spread).filter_map(|index| events.position(index)) {
        if log.row(position).is_none_or(|row| row.text_len() > LONGEST) {
            continue;
        }
        let Some(line) = log.line(position) else { continue };
        let Ok(event) = line.event() else { continue };
        if let Some(data) = event.data {
            walk(data, &Path::of("data"), &mut known, &mut found);
        }
        // Time, type and subject are columns already.
        let beside = FIELDS.iter().filter(|name| !["time", "type", "subject", "data"].contains(name));
        for (name, value) in beside.filter_map(|name| Some((name, event.json.get(name)?))) {
            put(&Path::of(name), value, &mut known, &mut found);
        }
    }
    found.sort_by_key(|seen: &Seen| seen.path.steps().len() == 1 && seen.name != "data");
    found
}

fn walk(value: Json<'_>, path: &Path, known: &mut FxHashMap<Path, ()>, found: &mut Vec<Seen>) {
    if path.steps().len() > DEPTH {
        return;
    }
    match value.kind() {
        Kind::Object => value.members().for_each(|(key, member)| walk(member, &path.key(&key.name()), known, found)),
        Kind::Array => {
            put(path, value, known, found);
            if let Some(item) = value.item(0) {
                walk(item, &path.index(0), known, found);
            }
        }
        _ => put(path, value, known, found),
    }
}

fn put(path: &Path, value: Json<'_>, known: &mut FxHashMap<Path, ()>, found: &mut Vec<Seen>) {
    if found.len() < MOST && !known.contains_key(path) {
        known.insert(path.clone(), ());
        found.push(Seen { path: path.clone(), name: path.to_string(), example: shown(value) });
    }
}

impl Explore {
    /// Ask for a field.
    pub(super) fn ask_field(&mut self, world: &World) {
        let prompt = FieldPrompt::new(&self.events, &world.log, &self.columns);
        self.prompt = Some(Prompt::Field(Box::new(prompt)));
    }

    /// Take the field under the cursor.
    pub(super) fn take_field(&mut self, out: &mut Outbox) {
        let Some(Prompt::Field(prompt)) = &self.prompt else { return };
        let path = prompt.paths.get(prompt.picker.list.selected()).cloned();
        self.prompt = None;
        if let Some(path) = path {
            self.toggle_column(path, out);
        }
    }
}
