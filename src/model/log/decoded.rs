//! Lines that were read into rows, ready to be appended: the work that is done off the app's thread.

use super::Row;
use super::text::Text;
use crate::model::event::Envelope;
use crate::model::subject::is_under;
use crate::model::time;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A batch of lines and a row for each. Subjects and event types carry the batch's own numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    pub(super) text: Text,
    pub(super) rows: Vec<Row>,
    pub(super) subjects: Vec<Box<str>>,
    pub(super) kinds: Vec<Box<str>>,
}

/// Reads lines into rows, one after the other; what it has read becomes a [`Decoded`] batch.
#[derive(Debug, Default)]
pub struct Reader {
    rows: Vec<Row>,
    subjects: Vec<Box<str>>,
    kinds: Vec<Box<str>>,
    subject_numbers: FxHashMap<Box<str>, u32>,
    kind_numbers: FxHashMap<Box<str>, u32>,
}

impl Reader {
    /// Read a line that stands at `at` of the batch's text; it makes one row, a broken one when it is no event. An
    /// empty line makes none.
    ///
    /// Gives `false`, and takes nothing, when the place is beyond the 32 bits that a row has for it: the batch is full.
    pub fn line(&mut self, line: &[u8], at: usize) -> bool {
        let (Ok(at), Ok(len)) = (u32::try_from(at), u32::try_from(line.len())) else { return false };
        if len == 0 || at.checked_add(len).is_none() {
            return len == 0;
        }
        let (subject, kind, time) = match Envelope::from_line(line) {
            Ok(event) => (
                number(&mut self.subject_numbers, &mut self.subjects, &event.subject),
                number(&mut self.kind_numbers, &mut self.kinds, &event.kind),
                event.time.as_deref().and_then(time::parse).unwrap_or(Row::NO_TIME),
            ),
            Err(_) => (Row::BROKEN, Row::BROKEN, Row::NO_TIME),
        };
        self.rows.push(Row { time, segment: 0, at, len, subject, kind });
        true
    }

    /// Leave out the events that do not stand at or below a subject; lines that are no events stay.
    pub fn keep_under(&mut self, root: &str) {
        let inside: Vec<bool> = self.subjects.iter().map(|subject| is_under(subject, root)).collect();
        if inside.contains(&false) {
            self.rows.retain(|row| inside.get(row.subject as usize).copied().unwrap_or(true));
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What was read, of this text.
    pub fn finish(self, text: Text) -> Decoded {
        Decoded { text, rows: self.rows, subjects: self.subjects, kinds: self.kinds }
    }
}

impl Decoded {
    /// Read lines into memory; each makes exactly one row, a broken one when it is no event. Empty lines make none.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let (mut reader, mut text) = (Reader::default(), Vec::new());
        for line in lines {
            if !reader.line(line, text.len()) {
                break;
            }
            text.extend_from_slice(line);
        }
        reader.finish(Text::Memory(Arc::new(text)))
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The bytes of all lines together.
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(Row::text_len).sum()
    }
}

fn number(known: &mut FxHashMap<Box<str>, u32>, names: &mut Vec<Box<str>>, name: &str) -> u32 {
    if let Some(number) = known.get(name) {
        return *number;
    }
    let number = u32::try_from(names.len()).unwrap_or(Row::BROKEN);
    names.push(name.into());
    known.insert(name.into(), number);
    number
}
