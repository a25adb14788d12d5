//! The event log: every event that was received, as its own bytes and one small row.
//!
//! A row is what lists, trees and filters need; the text behind it is decoded when it is looked at. Lines become rows
//! in a [`Decoded`] batch on a worker thread, and [`EventLog::append`] only takes the finished batch over.

mod decoded;
#[cfg(test)]
mod tests;

pub use decoded::Decoded;

use super::event::{Envelope, EventError};
use super::names::Names;

/// What the log knows of an event without looking at its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// When it was stored, in nanoseconds since 1970; [`Row::NO_TIME`] when the event does not say.
    pub time: i64,
    segment: u32,
    at: u32,
    len: u32,
    /// The number of its subject in [`EventLog::subjects`]; [`Row::BROKEN`] when the line is no event.
    pub subject: u32,
    /// The number of its event type in [`EventLog::kinds`]; [`Row::BROKEN`] when the line is no event.
    pub kind: u32,
}

const _: () = assert!(std::mem::size_of::<Row>() == 32, "a row is 32 bytes: a million of them are 32 MB");

impl Row {
    /// The time of an event without one.
    pub const NO_TIME: i64 = i64::MIN;
    /// The subject and event type of a line that is no event.
    pub const BROKEN: u32 = u32::MAX;

    /// Whether the line is no event.
    pub fn is_broken(&self) -> bool {
        self.subject == Self::BROKEN
    }

    /// The length of the event's text in bytes.
    pub fn text_len(&self) -> usize {
        self.len as usize
    }
}

/// Small batches (a live tail's) are joined until a segment has this many bytes.
const SEGMENT_BYTES: usize = 256 * 1024;

/// Every event that was received, oldest first.
#[derive(Debug, Default)]
pub struct EventLog {
    segments: Vec<Vec<u8>>,
    rows: Vec<Row>,
    subjects: Names,
    kinds: Names,
    broken: usize,
    bytes: u64,
}

impl EventLog {
    /// Take a batch over, behind everything that is there. Gives the positions of its events.
    pub fn append(&mut self, batch: Decoded) -> std::ops::Range<usize> {
        let first = self.rows.len();
        let subjects: Vec<u32> = batch.subjects.iter().map(|name| self.subjects.intern(name)).collect();
        let kinds: Vec<u32> = batch.kinds.iter().map(|name| self.kinds.intern(name)).collect();
        let resolve = |numbers: &[u32], local: u32| numbers.get(local as usize).copied().unwrap_or(Row::BROKEN);
        self.bytes += batch.text.len() as u64;
        let base = self.place(batch.text);
        let segment = u32::try_from(self.segments.len().saturating_sub(1)).unwrap_or(u32::MAX);
        self.rows.extend(batch.rows.iter().map(|row| Row {
            segment,
            at: row.at + base,
            subject: resolve(&subjects, row.subject),
            kind: resolve(&kinds, row.kind),
            ..*row
        }));
        self.broken += self.rows[first..].iter().filter(|row| row.is_broken()).count();
        first..self.rows.len()
    }

    /// Put a batch's text into the last segment when both are small, else into one of its own. Gives its offset there.
    fn place(&mut self, text: Vec<u8>) -> u32 {
        match self.segments.last_mut() {
            Some(last) if last.len() + text.len() <= SEGMENT_BYTES => {
                let base = u32::try_from(last.len()).unwrap_or(u32::MAX);
                last.extend_from_slice(&text);
                base
            }
            _ => {
                self.segments.push(text);
                0
            }
        }
    }

    /// How many events there are, broken lines included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many of the lines are no events.
    pub fn broken(&self) -> usize {
        self.broken
    }

    /// How many bytes of text were received.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All rows, oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row at a position.
    pub fn row(&self, position: usize) -> Option<&Row> {
        self.rows.get(position)
    }

    /// The exact bytes that were received for an event, without the end of the line.
    pub fn line(&self, position: usize) -> Option<&[u8]> {
        let row = self.rows.get(position)?;
        let at = row.at as usize;
        self.segments.get(row.segment as usize)?.get(at..at + row.len as usize)
    }

    /// The event at a position, decoded now.
    ///
    /// # Errors
    /// Why the line is no event.
    pub fn event(&self, position: usize) -> Option<Result<Envelope<'_>, EventError>> {
        self.line(position).map(Envelope::from_line)
    }

    /// The subjects that occur.
    pub fn subjects(&self) -> &Names {
        &self.subjects
    }

    /// The event types that occur.
    pub fn kinds(&self) -> &Names {
        &self.kinds
    }

    /// The position of the event with an ID, the newest first. Looks through the texts.
    pub fn find_id(&self, id: &str) -> Option<usize> {
        let finder = memchr::memmem::Finder::new(id);
        (0..self.rows.len()).rev().find(|&position| {
            self.line(position).is_some_and(|line| finder.find(line).is_some())
                && matches!(self.event(position), Some(Ok(event)) if event.id == id)
        })
    }

    /// The ID of the newest event, to continue behind it.
    pub fn last_id(&self) -> Option<String> {
        (0..self.rows.len()).rev().find_map(|position| self.event(position)?.ok().map(|event| event.id.into_owned()))
    }
}
