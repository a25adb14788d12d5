//! Lines that were read into rows, ready to be appended: the work that is done off the app's thread.

use super::Row;
use super::text::Text;
use crate::model::event::Summary;
use crate::model::names::{Labels, Names};
use crate::model::subject::is_under;
use std::ops::Range;
use std::sync::Arc;

/// A batch of lines and a row for each. Subjects and event types carry the batch's own numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    pub(super) text: Text,
    pub(super) rows: Vec<Row>,
    pub(super) names: Box<BatchNames>,
    pub(super) broken: usize,
    pub(super) bytes: u64,
}

/// The names in a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct BatchNames {
    /// One for each row that is an event, in their order: telling which are the same is cheaper in the log.
    pub(super) subjects: Labels,
    pub(super) kinds: Names,
}

/// Reads lines into rows, one after the other; what it has read becomes a [`Decoded`] batch.
#[derive(Debug, Default)]
pub struct Reader {
    read: Decoded,
}

impl Reader {
    /// Read a line that stands at `at` of the batch's text; it makes one row, a broken one when it is no event. An
    /// empty line makes none.
    ///
    /// Gives `false`, and takes nothing, when the place is beyond the 32 bits that a row has for it: the batch is full.
    pub fn line(&mut self, line: &[u8], at: usize) -> bool {
        if line.is_empty() {
            return true;
        }
        let Some((at, len)) = place(at, line.len()) else { return false };
        self.row(at, len, Summary::from_line(line).ok());
        true
    }

    /// Read lines of `text`, each without its end, that stands at `base` of the batch's text.
    pub fn lines(&mut self, text: &[u8], lines: impl IntoIterator<Item = Range<usize>>, base: usize) {
        // Looking for what is no UTF-8 once for all lines is faster than once for each.
        let whole = simdutf8::basic::from_utf8(text).ok();
        for range in lines {
            let usual = whole.and_then(|text| Summary::first(text.get(range.clone())?));
            match (usual, place(base + range.start, range.len())) {
                (Some((summary, end)), Some((at, len))) if end == range.len() => self.row(at, len, Some(summary)),
                _ => {
                    self.line(text.get(range.clone()).unwrap_or_default(), base + range.start);
                }
            }
        }
    }

    /// Read all lines of `text`, which is the batch's: each ends with LF or CRLF, the last one need not.
    pub fn text(&mut self, text: &[u8]) {
        let whole = simdutf8::basic::from_utf8(text).ok();
        let mut start = 0;
        while start < text.len() {
            // An event of the usual layout tells itself where its line ends.
            if let Some((summary, len)) = whole.and_then(|text| Summary::first(text.get(start..)?))
                && let Some(next) = behind_line_end(text, start + len)
                && let Some((at, len)) = place(start, len)
            {
                self.row(at, len, Some(summary));
                start = next;
                continue;
            }
            let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |len| start + len);
            let line = &text[start..end];
            self.line(line.strip_suffix(b"\r").unwrap_or(line), start);
            start = end + 1;
        }
    }

    fn row(&mut self, at: u32, len: u32, event: Option<Summary<'_>>) {
        let read = &mut self.read;
        let (subject, kind, time) = match event {
            Some(Summary { subject, kind, time }) => {
                (read.names.subjects.push(&subject), read.names.kinds.intern(&kind), time.unwrap_or(Row::NO_TIME))
            }
            None => {
                read.broken += 1;
                (Row::BROKEN, Row::BROKEN, Row::NO_TIME)
            }
        };
        read.bytes += u64::from(len);
        read.rows.push(Row { time, segment: 0, at, len, subject, kind });
    }

    /// Leave out the events that do not stand at or below a subject; lines that are no events stay.
    pub fn keep_under(&mut self, root: &str) {
        let subjects = &self.read.names.subjects;
        let is_other = |row: &Row| !row.is_broken() && !is_under(subjects.text(row.subject), root);
        if !self.read.rows.iter().any(is_other) {
            return;
        }
        let all = std::mem::take(&mut self.read);
        for row in &all.rows {
            if row.is_broken() || is_under(all.names.subjects.text(row.subject), root) {
                self.row_again(row, &all, row.at, row.len);
            }
        }
    }

    /// A row of another batch, whose text stands elsewhere now.
    fn row_again(&mut self, row: &Row, of: &Decoded, at: u32, len: u32) {
        let event = (!row.is_broken()).then(|| Summary {
            subject: of.names.subjects.text(row.subject).into(),
            kind: of.names.kinds.text(row.kind).into(),
            time: Some(row.time).filter(|time| *time != Row::NO_TIME),
        });
        self.row(at, len, event);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.read.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.read.rows.is_empty()
    }

    /// What was read, of this text.
    pub fn finish(self, text: Text) -> Decoded {
        Decoded { text, ..self.read }
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

    /// Some rows of some batches, one behind the other. What has no text in memory is left out.
    pub fn woven<'a>(pieces: impl IntoIterator<Item = (&'a Self, Range<usize>)>) -> Self {
        let (mut reader, mut text) = (Reader::default(), Vec::new());
        for (from, rows) in pieces {
            let Text::Memory(bytes) = &from.text else { continue };
            for row in from.rows.get(rows).unwrap_or_default() {
                let Some((at, len)) = place(text.len(), row.text_len()) else { break };
                text.extend_from_slice(bytes.get(row.range()).unwrap_or_default());
                reader.row_again(row, from, at, len);
            }
        }
        reader.finish(Text::Memory(Arc::new(text)))
    }

    /// The lines, when their text is in memory.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let text: &[u8] = if let Text::Memory(bytes) = &self.text { bytes } else { &[] };
        self.rows.iter().map(|row| text.get(row.range()).unwrap_or_default())
    }

    /// When each event was stored; `None` for those that do not say.
    pub fn times(&self) -> impl Iterator<Item = Option<i64>> {
        self.rows.iter().map(|row| Some(row.time).filter(|time| *time != Row::NO_TIME))
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
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The place of a line, when a row has room for it.
fn place(at: usize, len: usize) -> Option<(u32, u32)> {
    let (at, len) = (u32::try_from(at).ok()?, u32::try_from(len).ok()?);
    at.checked_add(len).map(|_| (at, len))
}

/// The place behind the end of line, or of the text, that stands at `at`; `None` when neither does.
fn behind_line_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at..)? {
        [] => Some(at),
        [b'\n', ..] => Some(at + 1),
        [b'\r', b'\n', ..] => Some(at + 2),
        _ => None,
    }
}
