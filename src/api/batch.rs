//! Lines that arrived together, kept as the bytes they came in.
//!
//! A batch knows where its lines stand, not what they mean; reading them as events or rows is an adapter on top, so
//! that a line that is no event is an item of its own and never ends a stream.

use super::words::{EXCERPT, clean_bytes};
use crate::model::event::{Envelope, EventError};
use crate::model::json::Json;
use bytes::Bytes;
use std::ops::Range;

/// Lines of a stream, without their line ends, blank ones left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The bytes in which the lines stand.
    pub text: Bytes,
    /// Where each line stands in [`Batch::text`].
    pub lines: Vec<Range<usize>>,
    /// How many lines of the stream came before this batch.
    pub before: u64,
}

/// A line that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {reason}: {excerpt}")]
pub struct BadLine {
    /// Which line of the stream, counted from 1, blank ones not counted.
    pub number: u64,
    /// Why.
    pub reason: EventError,
    /// The beginning of the line, cleaned.
    pub excerpt: String,
}

impl Batch {
    /// The lines of a whole text.
    pub fn of_lines(text: Bytes) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &text).chain([text.len()]) {
            let cr = usize::from(end > start && text[end - 1] == b'\r');
            lines.push(start..end - cr);
            start = end + 1;
        }
        let mut batch = Self { text, lines, before: 0 };
        batch.drop_blank();
        batch
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines as they came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator + Clone {
        self.lines.iter().map(|range| self.text.get(range.clone()).unwrap_or_default())
    }

    /// The lines read as events; the raw bytes of a good one are `event.json.text()`.
    pub fn events(&self) -> impl Iterator<Item = Result<Envelope<'_>, BadLine>> {
        (1..).zip(self.iter()).map(|(at, line)| Envelope::from_line(line).map_err(|e| self.bad(at, line, e)))
    }

    /// The lines read as JSON values: the rows of a query.
    pub fn rows(&self) -> impl Iterator<Item = Result<Json<'_>, BadLine>> {
        (1..).zip(self.iter()).map(|(at, line)| json(line).map_err(|e| self.bad(at, line, e)))
    }

    fn bad(&self, at: u64, line: &[u8], reason: EventError) -> BadLine {
        BadLine { number: self.before + at, reason, excerpt: clean_bytes(line, EXCERPT) }
    }

    /// Cut the batch before a line. Gives what stands behind the cut.
    pub(super) fn split_off(&mut self, line: usize) -> Self {
        let line = line.min(self.lines.len());
        Self { text: self.text.clone(), lines: self.lines.split_off(line), before: self.before + line as u64 }
    }

    /// Leave out lines of nothing but white space.
    pub(super) fn drop_blank(&mut self) {
        let text = &self.text;
        self.lines.retain(|range| !is_blank(text.get(range.clone()).unwrap_or_default()));
    }
}

/// Whether a line holds nothing but white space.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// One line as a JSON value.
pub(super) fn json(line: &[u8]) -> Result<Json<'_>, EventError> {
    let text = std::str::from_utf8(line).map_err(|e| EventError::Encoding { at: e.valid_up_to() })?;
    Ok(Json::parse(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_text_is_cut_into_its_lines() {
        let lines = |text: &'static str| {
            Batch::of_lines(text.into())
                .iter()
                .map(|line| std::str::from_utf8(line).unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(lines("a\r\n\n b\nc"), ["a", " b", "c"]);
        assert_eq!(lines("a\n"), ["a"]);
        assert!(lines("").is_empty() && lines("\r\n \n").is_empty());
    }

    #[test]
    fn a_bad_line_is_an_item_with_its_number() {
        let text = Bytes::from_static(b"{\"source\":\"s\",\"subject\":\"/a\",\"type\":\"t\",\"id\":\"i\"}[\x1b");
        let cut = text.len() - 2;
        let batch = Batch { lines: vec![0..cut, cut..cut + 2], text, before: 10 };
        let items: Vec<_> = batch.events().collect();
        assert_eq!(items[0].as_ref().unwrap().id, "i");
        let bad = items[1].as_ref().unwrap_err();
        assert_eq!((bad.number, bad.excerpt.as_str()), (12, "[␛"));
        assert_eq!(batch.rows().filter(Result::is_ok).count(), 1);
    }
}
