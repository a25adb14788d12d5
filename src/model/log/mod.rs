//! The event log: every event that was received, as its own bytes and one small row.
//!
//! A row is what lists, trees and filters need; the text behind it is decoded when it is looked at. Lines become rows
//! in a [`Decoded`] batch on a worker thread, and [`EventLog::append`] only takes the finished batch over.
//!
//! An event's position counts from the first event that was ever appended. [`EventLog::drop_front`] forgets the oldest
//! events of a log that would grow for ever; the positions of the others stay what they were.

mod decoded;
#[cfg(test)]
mod tests;

pub use decoded::Decoded;

use super::event::{Envelope, EventError};
use super::names::Names;
use std::collections::VecDeque;
use std::ops::Range;

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

/// With so few subjects it is not looked whether they still occur.
const SUBJECTS_KEPT: usize = 1024;

/// The events that were received and not dropped, oldest first.
#[derive(Debug, Default)]
pub struct EventLog {
    segments: VecDeque<Vec<u8>>,
    /// The number of the first segment that is kept; rows name their segment by its number, not by its place.
    first_segment: u32,
    rows: Vec<Row>,
    /// How many rows at the front of `rows` were dropped; they are removed from the vector many at a time.
    gone: usize,
    /// The position of the first row that is kept.
    first: usize,
    subjects: Names,
    kinds: Names,
    broken: usize,
    bytes: u64,
}

impl EventLog {
    /// Take a batch over, behind everything that is there. Gives the positions of its events.
    pub fn append(&mut self, batch: Decoded) -> Range<usize> {
        let first = self.end();
        let subjects: Vec<u32> = batch.subjects.iter().map(|name| self.subjects.intern(name)).collect();
        let kinds: Vec<u32> = batch.kinds.iter().map(|name| self.kinds.intern(name)).collect();
        let resolve = |numbers: &[u32], local: u32| numbers.get(local as usize).copied().unwrap_or(Row::BROKEN);
        self.bytes += batch.text.len() as u64;
        let base = self.place(batch.text);
        let last = u32::try_from(self.segments.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let segment = self.first_segment.wrapping_add(last);
        self.rows.extend(batch.rows.iter().map(|row| Row {
            segment,
            at: row.at + base,
            subject: resolve(&subjects, row.subject),
            kind: resolve(&kinds, row.kind),
            ..*row
        }));
        let added = first..self.end();
        self.broken += self.rows_at(added.clone()).iter().filter(|row| row.is_broken()).count();
        added
    }

    /// Put a batch's text into the last segment when both are small, else into one of its own. Gives its offset there.
    fn place(&mut self, text: Vec<u8>) -> u32 {
        match self.segments.back_mut() {
            Some(last) if last.len() + text.len() <= SEGMENT_BYTES => {
                let base = u32::try_from(last.len()).unwrap_or(u32::MAX);
                last.extend_from_slice(&text);
                base
            }
            _ => {
                self.segments.push_back(text);
                0
            }
        }
    }

    /// Forget the oldest `count` events. The others keep their positions.
    ///
    /// A segment's memory is given back once none of its events is left. The numbers of subjects that still occur may
    /// change; those of event types stay. The cost is constant for each dropped event, over many calls.
    pub fn drop_front(&mut self, count: usize) {
        let count = count.min(self.len());
        let dropped = &self.rows[self.gone..self.gone + count];
        self.broken -= dropped.iter().filter(|row| row.is_broken()).count();
        self.bytes -= dropped.iter().map(|row| row.text_len() as u64).sum::<u64>();
        self.gone += count;
        self.first += count;
        let needed = self.rows.get(self.gone).map(|row| row.segment);
        while !self.segments.is_empty() && needed != Some(self.first_segment) {
            self.segments.pop_front();
            self.first_segment = self.first_segment.wrapping_add(1);
        }
        // Moving what is left to the front costs as much as what is left; it pays once a good part is gone.
        if self.gone * 4 > self.rows.len() {
            self.rows.drain(..self.gone);
            self.gone = 0;
        }
        if self.subjects.len() > SUBJECTS_KEPT + 2 * self.len() {
            self.number_subjects_anew();
        }
    }

    /// Forget the subjects that no longer occur: a tail of ever new subjects would else fill the memory with them.
    fn number_subjects_anew(&mut self) {
        let old = std::mem::take(&mut self.subjects);
        for row in self.rows.iter_mut().skip(self.gone).filter(|row| !row.is_broken()) {
            row.subject = self.subjects.intern(old.text(row.subject));
        }
    }

    /// How many events there are, broken lines included.
    pub fn len(&self) -> usize {
        self.rows.len() - self.gone
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position of the oldest event; 0 unless events were dropped.
    pub fn first(&self) -> usize {
        self.first
    }

    /// The position that the next event will have.
    pub fn end(&self) -> usize {
        self.first + self.len()
    }

    /// How many of the lines are no events.
    pub fn broken(&self) -> usize {
        self.broken
    }

    /// How many bytes the text of the events has.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All rows, oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows[self.gone..]
    }

    /// The rows at these positions, without those that were dropped or are not there yet.
    pub fn rows_at(&self, positions: Range<usize>) -> &[Row] {
        let index = |position: usize| position.clamp(self.first, self.end()) - self.first;
        self.rows().get(index(positions.start)..index(positions.end)).unwrap_or_default()
    }

    /// The row at a position.
    pub fn row(&self, position: usize) -> Option<&Row> {
        self.rows().get(position.checked_sub(self.first)?)
    }

    /// The exact bytes that were received for an event, without the end of the line.
    pub fn line(&self, position: usize) -> Option<&[u8]> {
        let row = self.row(position)?;
        let at = row.at as usize;
        let segment = row.segment.wrapping_sub(self.first_segment);
        self.segments.get(segment as usize)?.get(at..at + row.len as usize)
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
        (self.first..self.end()).rev().find(|&position| {
            self.line(position).is_some_and(|line| finder.find(line).is_some())
                && matches!(self.event(position), Some(Ok(event)) if event.id == id)
        })
    }

    /// The ID of the newest event, to continue behind it.
    pub fn last_id(&self) -> Option<String> {
        (self.first..self.end())
            .rev()
            .find_map(|position| self.event(position)?.ok().map(|event| event.id.into_owned()))
    }
}
