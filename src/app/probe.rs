//! The filter bar: one line, three ways to say what is looked for.
//!
//! A condition over the event (`e.data.total > 100 AND e.type == '…'`), a regular expression (`/regex/`), or a text in
//! which small letters find both and a capital only itself.

mod folded;
mod marks;

use crate::gdbql::{self, Condition};
use crate::model::event::Envelope;
use crate::model::json::Picked;
use crate::model::log::{LogView, Row, Span};
use crate::model::mention::Mention;
use folded::Folded;
use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::Arc;

/// Something that events are tried against.
#[derive(Clone, Debug)]
pub struct Probe {
    source: String,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    /// Anywhere in the bytes of the event; the expression is a plain text.
    Text(Regex),
    /// Anywhere in the bytes of the event.
    Regex(Regex),
    /// Judged by the event's fields.
    Condition(Arc<Condition>),
    /// At least one of them.
    Any(Arc<[Probe]>),
    /// A whole value, and what else must hold.
    Mention(Arc<Mention>, Option<Box<Probe>>),
    /// The event with this id.
    Id(Arc<Finder<'static>>),
}

impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// Why a line is no probe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// A condition that is wrong.
    #[error("{0}")]
    Condition(#[from] gdbql::Error),
    /// A regular expression that is wrong.
    #[error("not a regular expression: {0}")]
    Regex(String),
}

/// The largest program that a regular expression may become, in bytes.
const REGEX_SIZE: usize = 4 << 20;

impl Probe {
    /// Understand a line of the filter bar; an empty one looks for nothing.
    ///
    /// # Errors
    /// When it looks like a condition or a regular expression and is a wrong one.
    pub fn new(line: &str) -> Result<Option<Self>, ProbeError> {
        let text = line.trim();
        let way = if text.is_empty() {
            return Ok(None);
        } else if let Some(pattern) =
            text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|p| !p.is_empty())
        {
            Way::Regex(regex(pattern, is_small(pattern))?)
        } else if is_condition(text) {
            Way::Condition(Arc::new(gdbql::parse_condition(text)?))
        } else {
            Way::Text(regex(&regex::escape(text), is_small(text))?)
        };
        Ok(Some(Self { source: text.to_owned(), way }))
    }

    /// Look for events that mention a value; they must match the other probe too.
    pub fn mention(mention: Arc<Mention>, and: Option<Self>) -> Self {
        let filter = and.as_ref().map_or("", |probe| probe.source.as_str());
        Self { source: format!("{} {filter}", mention.token()), way: Way::Mention(mention, and.map(Box::new)) }
    }

    /// Look for the event with an id.
    pub fn id(id: &str) -> Self {
        Self { source: id.to_owned(), way: Way::Id(Arc::new(Finder::new(id.as_bytes()).into_owned())) }
    }

    /// Look for events that match at least one of these.
    pub fn any(probes: impl IntoIterator<Item = Self>) -> Self {
        let probes: Arc<[Self]> = probes.into_iter().collect();
        let source = probes.iter().map(Self::source).collect::<Vec<_>>().join("\n");
        Self { source, way: Way::Any(probes) }
    }

    /// The line that it was made of.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What is looked for, in a word.
    pub fn what(&self) -> &'static str {
        match self.way {
            Way::Text(_) => "text",
            Way::Regex(_) => "regex",
            Way::Condition(_) => "condition",
            Way::Any(_) => "any",
            Way::Mention(..) => "value",
            Way::Id(_) => "id",
        }
    }

    /// Try one event.
    ///
    /// # Errors
    /// When a condition cannot be judged for it.
    pub fn matches(&self, line: &[u8]) -> Result<bool, gdbql::Error> {
        self.matches_with(&mut Picked::default(), line)
    }

    /// The same with memory that is used again.
    fn matches_with(&self, picked: &mut Picked, line: &[u8]) -> Result<bool, gdbql::Error> {
        match &self.way {
            Way::Text(regex) | Way::Regex(regex) => Ok(regex.is_match(line)),
            Way::Condition(condition) => condition.matches_line(line, picked),
            // One that cannot be judged must not hide that another one matches.
            Way::Any(probes) => {
                let mut problem = None;
                for probe in probes.iter() {
                    match probe.matches_with(picked, line) {
                        Ok(true) => return Ok(true),
                        Ok(false) => {}
                        Err(error) => problem = Some(error),
                    }
                }
                problem.map_or(Ok(false), Err)
            }
            Way::Mention(mention, and) => match and {
                _ if !mention.matches(line) => Ok(false),
                Some(probe) => probe.matches_with(picked, line),
                None => Ok(true),
            },
            Way::Id(finder) => Ok(finder.find(line).is_some()
                && Envelope::from_line(line).is_ok_and(|event| event.id.as_bytes() == finder.needle())),
        }
    }
}

fn regex(pattern: &str, ignore_case: bool) -> Result<Regex, ProbeError> {
    RegexBuilder::new(pattern)
        .case_insensitive(ignore_case)
        .size_limit(REGEX_SIZE)
        .build()
        .map_err(|error| ProbeError::Regex(error.to_string().lines().last().unwrap_or_default().to_owned()))
}

/// Small letters find both cases. Escapes of a regular expression (`\S`) say nothing about case.
fn is_small(text: &str) -> bool {
    let mut escaped = false;
    !text.chars().any(|c| {
        let counts = !escaped && c.is_uppercase();
        escaped = !escaped && c == '\\';
        counts
    })
}

/// Whether a text speaks of a field of the event `e`.
fn is_condition(text: &str) -> bool {
    const FIELDS: [&str; 10] = [
        "id",
        "source",
        "subject",
        "type",
        "time",
        "specversion",
        "datacontenttype",
        "hash",
        "predecessorhash",
        "data",
    ];
    let inside_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    text.match_indices("e.").any(|(at, _)| {
        let field: String = text[at + 2..].chars().take_while(|c| c.is_alphanumeric()).collect();
        !text[..at].ends_with(inside_word) && FIELDS.contains(&field.as_str())
    })
}

/// Which rows come into question.
#[derive(Clone, Debug, PartialEq)]
pub enum Inside {
    /// All of them.
    All,
    /// All but lines that are no events.
    Events,
    /// Those of the subjects that are marked, by their numbers.
    Subjects(Arc<Vec<bool>>),
    /// Those of an event type, by its number.
    Kind(u32),
    /// Those of the event types that are marked, by their numbers.
    Kinds {
        /// Whether each of them is.
        marked: Arc<Vec<bool>>,
        /// Whether the ones with higher numbers are, and lines that are no events.
        others: bool,
    },
}

impl Inside {
    /// Whether a row comes into question.
    pub fn covers(&self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Events => !row.is_broken(),
            Self::Subjects(marked) => marked.get(row.subject as usize).is_some_and(|marked| *marked),
            Self::Kind(kind) => row.kind == *kind && !row.is_broken(),
            Self::Kinds { marked, others } => marked.get(row.kind as usize).copied().unwrap_or(*others),
        }
    }
}

/// A search through a part of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The log as it was when the search began.
    pub view: LogView,
    /// The position to begin at.
    pub from: usize,
    /// The position to end before; the view may end earlier.
    pub to: usize,
    /// Which rows come into question.
    pub inside: Inside,
    /// What is looked for.
    pub probe: Probe,
}

/// Memory of a search, to be used again: making it takes as long as looking through it.
#[derive(Debug, Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    picked: Picked,
}

/// What a search found in a part of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The positions, in order.
    pub positions: Vec<u32>,
    /// Why the first of the events that could not be judged could not be, if there were any.
    pub problem: Option<String>,
}

/// What is found while a search goes on, and the memory that it needs.
struct Finding<'s> {
    found: Found,
    picked: &'s mut Picked,
}

impl Finding<'_> {
    fn note(&mut self, position: usize) {
        self.found.positions.push(u32::try_from(position).unwrap_or(u32::MAX));
    }
}

impl Search {
    /// Look through the rows at these positions. `go_on` is asked now and then.
    ///
    /// # Errors
    /// When a text cannot be read.
    pub fn look(&self, positions: Range<usize>, go_on: &dyn Fn() -> bool) -> std::io::Result<Found> {
        self.look_with(&mut Scratch::default(), positions, go_on)
    }

    /// The same with memory that is used again.
    ///
    /// # Errors
    /// When a text cannot be read.
    pub fn look_with(
        &self,
        scratch: &mut Scratch,
        positions: Range<usize>,
        go_on: &dyn Fn() -> bool,
    ) -> std::io::Result<Found> {
        let Scratch { bytes: buffer, picked } = scratch;
        let mut found = Finding { found: Found::default(), picked };
        let folded = match self.probe.way {
            Way::Text(_) if is_small(&self.probe.source) => Folded::of(&self.probe.source),
            _ => None,
        };
        for (first, rows) in self.view.pieces(positions) {
            let mut at = first;
            for span in self.view.spans(rows) {
                if !go_on() {
                    return Ok(found.found);
                }
                let wanted = span.rows.iter().filter(|row| self.inside.covers(row)).count();
                // Where most rows come into question, one read for all is cheaper than one for each.
                if wanted * 4 >= span.rows.len() && wanted > 0 {
                    match &folded {
                        Some(text) => {
                            let bytes = span.text.copy_into(span.range.clone(), buffer)?;
                            match text.fold(bytes) {
                                true => self.note(&mut |from| text.find_at(bytes, from), None, &span, at, &mut found),
                                false => self.look_at_all(bytes, &span, at, &mut found),
                            }
                        }
                        None => {
                            let bytes = span.text.read_into(span.range.clone(), buffer)?;
                            self.look_at_all(bytes, &span, at, &mut found);
                        }
                    }
                } else if wanted > 0 {
                    for (row, position) in span.rows.iter().zip(at..).filter(|(row, _)| self.inside.covers(row)) {
                        let place = span.place(row);
                        let start = span.range.start + place.start as u64;
                        let line = span.text.read_into(start..start + place.len() as u64, buffer)?;
                        self.judge(line, position, &mut found);
                    }
                }
                at += span.rows.len();
            }
        }
        Ok(found.found)
    }

    /// Look through the bytes of neighbouring rows. For what is seldom, one pass over all bytes finds the few rows that
    /// have it, or may have it.
    fn look_at_all(&self, bytes: &[u8], span: &Span<'_>, first: usize, found: &mut Finding<'_>) {
        match &self.probe.way {
            Way::Text(regex) => {
                let mut find = |from| regex.find_at(bytes, from).map(|hit| hit.range());
                return self.note(&mut find, None, span, first, found);
            }
            Way::Condition(condition) => {
                if let Some(mut places) = condition.hint().map(|hint| hint.places(bytes)) {
                    return self.note(&mut |from| places.find_at(from), Some(bytes), span, first, found);
                }
            }
            _ => {}
        }
        for (row, position) in span.rows.iter().zip(first..).filter(|(row, _)| self.inside.covers(row)) {
            self.judge(bytes.get(span.place(row)).unwrap_or_default(), position, found);
        }
    }

    /// Note the rows in which something stands. With `bytes` that only says that they may match, and they are judged.
    fn note(
        &self,
        find: &mut dyn FnMut(usize) -> Option<Range<usize>>,
        bytes: Option<&[u8]>,
        span: &Span<'_>,
        first: usize,
        found: &mut Finding<'_>,
    ) {
        let (mut from, mut next) = (0, 0);
        while let Some(hit) = find(from) {
            let index = next + rows_before(hit.start, span, next);
            let Some(row) = span.rows.get(index) else { break };
            let place = span.place(row);
            if hit.start < place.start || hit.end > place.end {
                // The text began in one event and ended in the next: that is no match.
                (from, next) = (hit.start + 1, index);
                continue;
            }
            if self.inside.covers(row) {
                match bytes {
                    None => found.note(first + index),
                    Some(bytes) => self.judge(bytes.get(place.clone()).unwrap_or_default(), first + index, found),
                }
            }
            (from, next) = (place.end, index + 1);
        }
    }

    fn judge(&self, line: &[u8], position: usize, found: &mut Finding<'_>) {
        match self.probe.matches_with(found.picked, line) {
            Ok(true) => found.note(position),
            Ok(false) => {}
            Err(error) => {
                found.found.problem.get_or_insert_with(|| error.to_string());
            }
        }
    }
}

/// How many rows from `next` on end before a byte of the span. What is found often stands in one of the next few.
fn rows_before(byte: usize, span: &Span<'_>, next: usize) -> usize {
    const NEAR: usize = 4;
    let rest = span.rows.get(next..).unwrap_or_default();
    let before = |row: &Row| span.place(row).end <= byte;
    match rest.iter().take(NEAR).position(|row| !before(row)) {
        Some(near) => near,
        None => rest.partition_point(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::log::{Decoded, EventLog};
    use proptest::prelude::*;

    #[test]
    fn tells_the_three_ways_apart() {
        let what = |line: &str| Probe::new(line).map(|probe| probe.map(|probe| probe.what()));
        assert_eq!(what("  "), Ok(None));
        for (line, way) in [
            ("wayne", "text"),
            ("/customer", "text"),
            ("the. e.g. this", "text"),
            ("/way(ne|land)/", "regex"),
            ("e.data.total > 100", "condition"),
            ("NOT (e.type == 'x')", "condition"),
        ] {
            assert_eq!(what(line), Ok(Some(way)), "{line}");
        }
        assert!(matches!(Probe::new("/a(/"), Err(ProbeError::Regex(_))));
        assert!(matches!(Probe::new("e.data.total >"), Err(ProbeError::Condition(_))));
    }

    #[test]
    fn small_letters_find_both_cases() {
        let finds = |line: &str, text: &str| Probe::new(line).unwrap().unwrap().matches(text.as_bytes()).unwrap();
        assert!(finds("wayne", "Bruce WAYNE") && finds("Wayne", "Wayne") && !finds("Wayne", "wayne"));
        assert!(
            finds("/\\Sayne/", "WAYNE") && finds("müller", "MÜLLER") && finds("a.b", "a.b") && !finds("a.b", "axb")
        );
        assert_eq!(Probe::new("wa").unwrap().unwrap().marks("Wanda wants"), [0..2, 6..8]);
        let line = line(7, "t", "id 70");
        let is = |id: &str| Probe::id(id).matches(line.as_bytes()).unwrap();
        assert!(is("7") && !is("70"));
    }

    fn line(number: usize, kind: &str, text: &str) -> String {
        format!(
            r#"{{"source":"s","subject":"/{kind}/{}","type":"{kind}","id":"{number}","data":{{"n":{number},"t":"{text}"}}}}"#,
            number % 3
        )
    }

    proptest! {
        /// A search agrees with trying every event by itself, in memory and in a file, whatever the batches were.
        #[test]
        fn agrees_with_trying_each_event(
            batches in prop::collection::vec(prop::collection::vec(("[ab]", "[xyXY]{0,3}"), 0..30), 1..5),
            probe in prop_oneof![Just("x"), Just("xy"), Just("Y"), Just("/^.*\"n\":1/"), Just("e.data.n % 2 == 1"), Just("}{"), Just("e.data.t / 2 > 1"),
                Just("e.data.n > 20"), Just("e.type == 'a'"), Just("e.data.t IN ['x', 'xy']"), Just("e.data.none > 1")],
            inside in 0..3usize,
            from in 0usize..40,
            stored in any::<bool>(),
        ) {
            let (mut log, mut lines) = (EventLog::default(), Vec::new());
            let file = Arc::new(tempfile::tempfile().unwrap());
            for batch in batches {
                let texts: Vec<String> = batch.iter().enumerate().map(|(i, (kind, text))| line(lines.len() + i, kind, text)).collect();
                if stored {
                    let start = file.metadata().unwrap().len();
                    let mut reader = crate::model::log::Reader::default();
                    let mut at = 0;
                    for text in &texts {
                        reader.line(text.as_bytes(), at);
                        std::io::Write::write_all(&mut &*file, text.as_bytes()).unwrap();
                        at += text.len();
                    }
                    let range = start..start + at as u64;
                    let text = crate::model::log::text::Stored { file: Arc::clone(&file), range };
                    log.append(reader.finish(crate::model::log::text::Text::Stored(text)));
                } else {
                    log.append(Decoded::from_lines(texts.iter().map(String::as_bytes)));
                }
                lines.extend(texts);
            }
            let inside = match inside {
                0 => Inside::All,
                1 => Inside::Kind(0),
                _ => Inside::Subjects(Arc::new((0..log.subjects().len()).map(|n| n % 2 == 0).collect())),
            };
            let probe = Probe::new(probe).unwrap().unwrap();
            let search = Search { view: log.view().clone(), from, to: log.end(), inside: inside.clone(), probe: probe.clone() };
            let found = search.look(from..log.end(), &|| true).unwrap();
            let expected: Vec<u32> = (from..log.end())
                .filter(|at| inside.covers(log.row(*at).unwrap()) && probe.matches(lines[*at].as_bytes()).unwrap_or(false))
                .map(|at| u32::try_from(at).unwrap())
                .collect();
            prop_assert_eq!(found.positions, expected);
        }
    }
}
