//! A search inside a JSON text: in names and in values, never across them.
//!
//! The text is looked through in portions, so that one of any size keeps no key waiting. What is found is told in bytes
//! of the text; which rows that means is the view's.

use crate::app::line::TypedLine;
use crate::app::needle::Needle;
use crate::model::json::Json;
use std::collections::VecDeque;
use std::ops::Range;

/// So many bytes are looked at in one portion.
pub const BUDGET: usize = 1 << 20;
/// So many bytes of a string are looked at together.
const CHUNK: usize = 64 << 10;
/// More places than this are not told apart.
const MAX_HITS: usize = 100_000;

/// A search: what was typed, and what it has found so far.
#[derive(Clone, Debug)]
pub struct Find {
    /// What is looked for.
    pub field: TypedLine,
    /// Whether it is being typed.
    pub typing: bool,
    needle: Needle,
    left: VecDeque<Range<usize>>,
    /// Inside a string: where it starts, and from where on it is still to be searched.
    string: Option<(usize, usize)>,
    hits: Vec<Range<usize>>,
    current: Option<usize>,
}

impl Find {
    /// A search for nothing yet.
    pub fn new() -> Self {
        Self {
            field: TypedLine::default(),
            typing: true,
            needle: Needle::default(),
            left: VecDeque::new(),
            string: None,
            hits: Vec::new(),
            current: None,
        }
    }

    /// Look for what is in the field now, in these parts of a text, in this order.
    pub fn start(&mut self, parts: impl IntoIterator<Item = Range<usize>>) {
        self.needle = Needle::new(self.field.text());
        self.left = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.string = None;
        self.hits.clear();
        self.current = None;
        if self.needle.is_empty() {
            self.left.clear();
        }
    }

    /// What is looked for, for marking it.
    pub fn needle(&self) -> &Needle {
        &self.needle
    }

    /// How many places were found so far.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Whether nothing was found so far.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Whether the whole text was looked through.
    pub fn is_done(&self) -> bool {
        self.left.is_empty()
    }

    /// The place that the cursor is at: its number and its bytes.
    pub fn current(&self) -> Option<(usize, Range<usize>)> {
        let index = self.current?;
        Some((index, self.hits.get(index)?.clone()))
    }

    /// Go to the next place, or to the one before; round the end. Gives its bytes.
    pub fn step(&mut self, forward: bool) -> Option<Range<usize>> {
        let last = self.hits.len().checked_sub(1)?;
        self.current = Some(match (self.current, forward) {
            (None, true) => 0,
            (None, false) | (Some(0), false) => last,
            (Some(at), true) if at >= last => 0,
            (Some(at), true) => at + 1,
            (Some(at), false) => at - 1,
        });
        self.current().map(|(_, hit)| hit)
    }

    /// Look at the next portion. Gives how many bytes were looked at.
    pub fn advance(&mut self, text: &str, budget: usize) -> usize {
        let mut looked = 0;
        while looked < budget && self.hits.len() < MAX_HITS {
            let Some(part) = self.left.front().cloned() else { return looked };
            let next = match self.string {
                Some((start, from)) => self.in_string(text, start, from, part.start, part.end),
                None => self.between(text, &part),
            };
            looked += next.saturating_sub(part.start);
            match self.left.front_mut() {
                Some(part) if next < part.end => part.start = next,
                _ => {
                    self.left.pop_front();
                    self.string = None;
                }
            }
        }
        if self.hits.len() >= MAX_HITS {
            self.left.clear();
        }
        looked
    }

    /// Outside of strings: go to the next one, past brackets and words. Gives the place to go on.
    fn between(&mut self, text: &str, part: &Range<usize>) -> usize {
        let end = part.end.min(part.start + CHUNK);
        let bytes = text.as_bytes().get(part.start..end).unwrap_or_default();
        let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let Some(at) = bytes.iter().position(|byte| *byte == b'"' || in_word(byte)) else { return end };
        let start = part.start + at;
        if bytes.get(at) == Some(&b'"') {
            self.string = Some((start, start + 1));
            return start + 1;
        }
        let rest = text.as_bytes().get(start..part.end).unwrap_or_default();
        let word = start + rest.iter().position(|byte| !in_word(byte)).unwrap_or(rest.len());
        self.search(text, start..word);
        word
    }

    /// Inside a string that starts at `start`: a chunk from `at` on. Gives the place to go on.
    fn in_string(&mut self, text: &str, start: usize, from: usize, at: usize, end: usize) -> usize {
        let limit = text.floor_char_boundary(end.min(at + CHUNK));
        let (stop, closed) = string_part(text.as_bytes(), at, limit.max(at + 1).min(end));
        let stop = text.ceil_char_boundary(stop);
        let found = self.hits.len();
        self.search(text, from..stop);
        let part = text.get(from..stop).unwrap_or_default();
        // An escaped letter is found by what it stands for; where it is written is not told more exactly.
        let again = self.hits.last().is_some_and(|hit| hit.start == start);
        if self.hits.len() == found && part.contains('\\') && !again {
            let quoted = format!("\"{part}\"");
            if Json::trusted(&quoted).as_str().is_some_and(|said| self.needle.find(&said).is_some()) {
                self.hits.push(start..start);
            }
        }
        if closed {
            self.string = None;
            return stop + 1;
        }
        // What begins in this chunk may end in the next one.
        let last_hit = self.hits.last().map_or(0, |hit| hit.end);
        let overlap = text.floor_char_boundary(stop.saturating_sub(self.needle.reach()));
        self.string = Some((start, overlap.max(last_hit).max(from).min(stop)));
        stop
    }

    fn search(&mut self, text: &str, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end
            && let Some(hit) = text.get(at..range.end).and_then(|part| self.needle.find(part))
        {
            self.hits.push(at + hit.start..at + hit.end);
            at += hit.end.max(1);
        }
    }
}

impl Default for Find {
    fn default() -> Self {
        Self::new()
    }
}

/// Where a string ends, or this part of it: at the closing quote, or before `limit` and not inside an escape.
fn string_part(bytes: &[u8], mut at: usize, limit: usize) -> (usize, bool) {
    while let Some(found) = bytes.get(at..limit).and_then(|part| memchr::memchr2(b'"', b'\\', part)) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return (at, true);
        }
        at += 2;
        if at > limit {
            return (at.min(bytes.len()), false);
        }
    }
    (limit.max(at), false)
}
