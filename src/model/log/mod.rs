//! The event log: every event that was received, as its own bytes and one small row.
//!
//! A row is what lists, trees and filters need; the text behind it is decoded when it is looked at. Lines become rows
//! in a [`Decoded`] batch on a worker thread, and [`EventLog::append`] only takes the finished batch over.
//!
//! An event's position counts from the first event that was ever appended. [`EventLog::drop_front`] forgets the oldest
//! events of a log that would grow for ever; the positions of the others stay what they were.

mod decoded;
mod file;
#[cfg(test)]
mod tests;
pub mod text;
mod view;

pub use decoded::{Decoded, Reader};
pub use file::{EventFile, Piece};
pub use text::Line;
pub use view::{LogView, Span};

use super::names::Names;
use std::ops::Range;
use std::sync::Arc;
use text::Text;
use view::BLOCK;

/// What the log knows of an event without looking at its text. Packed, since an eighth of it would else be padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(Rust, packed(4))]
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

const _: () = assert!(std::mem::size_of::<Row>() == 28, "a row is 28 bytes: a million of them are 28 MB");

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

    /// Where its text stands in that of its segment.
    fn range(&self) -> Range<usize> {
        self.at as usize..self.at as usize + self.len as usize
    }
}

/// Small batches (a live tail's) are joined until a segment has this many bytes.
const SEGMENT_BYTES: usize = 512 * 1024;

/// With so few subjects it is not looked whether they still occur.
const SUBJECTS_KEPT: usize = 1024;

/// So much memory of each sort is kept for the next ones.
const SPARE: usize = 16;

/// Memory to be used again.
#[derive(Debug, Default)]
struct Spare {
    segments: Vec<Vec<u8>>,
    blocks: Vec<Vec<Row>>,
}

impl Spare {
    /// The beginning of a segment, with room for the rest of it: one that grew little by little would take up to twice
    /// its memory.
    fn segment(&mut self, texts: &[&[u8]]) -> Vec<u8> {
        let mut segment = self.segments.pop().unwrap_or_else(|| Vec::with_capacity(SEGMENT_BYTES));
        texts.iter().for_each(|text| segment.extend_from_slice(text));
        segment
    }

    /// An empty block.
    fn block(&mut self) -> Arc<Vec<Row>> {
        Arc::new(self.blocks.pop().unwrap_or_else(|| Vec::with_capacity(BLOCK)))
    }

    /// Take the memory of a text that nobody looks at any more.
    fn take_segment(&mut self, text: Text) {
        if let Text::Memory(bytes) = text
            && let Some(mut bytes) = Arc::into_inner(bytes)
            && bytes.capacity() == SEGMENT_BYTES
            && self.segments.len() < SPARE
        {
            bytes.clear();
            self.segments.push(bytes);
        }
    }

    /// The same of rows.
    fn take_block(&mut self, block: Arc<Vec<Row>>) {
        if let Some(mut rows) = Arc::into_inner(block)
            && self.blocks.len() < SPARE
        {
            rows.clear();
            self.blocks.push(rows);
        }
    }
}

/// The events that were received and not dropped, oldest first.
#[derive(Debug, Default)]
pub struct EventLog {
    view: LogView,
    /// Memory of segments and blocks that were dropped, for the next ones: a log that is kept short would else scatter
    /// the allocator's memory, which grows by half in the end.
    spare: Spare,
    /// Texts in memory are dealt out to segments of one size.
    rolls: bool,
    subjects: Names,
    kinds: Names,
    broken: usize,
    bytes: u64,
}

impl EventLog {
    /// A log whose oldest events go again and again. Texts in memory are copied into segments of one size, whose memory
    /// goes round; batches that were kept as they came, each with room to spare, would take up to half as much again.
    pub fn rolling() -> Self {
        Self { rolls: true, ..Self::default() }
    }

    /// Take a batch over, behind everything that is there. Gives the positions of its events.
    pub fn append(&mut self, mut batch: Decoded) -> Range<usize> {
        let first = self.end();
        let kinds: Vec<u32> = batch.names.kinds.iter().map(|name| self.kinds.intern(name)).collect();
        self.bytes += batch.bytes;
        self.broken += batch.broken;
        self.place(batch.text, &mut batch.rows);
        let mut subjects = self.subjects.intern_all(&batch.names.subjects).into_iter();
        let mut rows = batch.rows.iter().map(|row| Row {
            subject: if row.is_broken() { Row::BROKEN } else { subjects.next().unwrap_or(Row::BROKEN) },
            kind: kinds.get(row.kind as usize).copied().unwrap_or(Row::BROKEN),
            ..*row
        });
        loop {
            let used = self.view.end - self.view.base;
            if used == self.view.blocks.len() * BLOCK {
                self.view.blocks.push_back(self.spare.block());
            }
            let Some(block) = self.view.blocks.back_mut() else { break };
            let block = Arc::make_mut(block);
            block.extend(rows.by_ref().take(BLOCK - used % BLOCK));
            let added = block.len() - used % BLOCK;
            self.view.end += added;
            if added < BLOCK - used % BLOCK {
                break;
            }
        }
        first..self.view.end
    }

    /// Keep a batch's text, and tell its rows where it is now.
    fn place(&mut self, text: Text, rows: &mut [Row]) {
        match text {
            Text::Memory(bytes) if self.rolls => {
                for row in rows {
                    (row.segment, row.at) = self.join(bytes.get(row.range()).unwrap_or_default());
                }
            }
            text => {
                let (segment, base) = match &text {
                    Text::Memory(bytes) if bytes.len() <= SEGMENT_BYTES / 4 => self.join(bytes),
                    _ => self.add_segment(text),
                };
                for row in rows {
                    (row.segment, row.at) = (segment, row.at + base);
                }
            }
        }
    }

    /// Put a text into the last segment when there is room, else into a new one. Gives the segment and the text's
    /// offset there.
    fn join(&mut self, new: &[u8]) -> (u32, u32) {
        match self.view.segments.back_mut() {
            Some(Text::Memory(last)) if last.len() + new.len() <= SEGMENT_BYTES => {
                let base = u32::try_from(last.len()).unwrap_or(u32::MAX);
                match Arc::get_mut(last) {
                    Some(last) => last.extend_from_slice(new),
                    // A view has it: it keeps what it has.
                    None => *last = Arc::new(self.spare.segment(&[last, new])),
                }
                (self.last_segment(), base)
            }
            _ => {
                let segment = if new.len() <= SEGMENT_BYTES { self.spare.segment(&[new]) } else { new.to_vec() };
                self.add_segment(Text::Memory(Arc::new(segment)))
            }
        }
    }

    /// Put a text into a segment of its own.
    fn add_segment(&mut self, text: Text) -> (u32, u32) {
        self.view.segments.push_back(text);
        (self.last_segment(), 0)
    }

    /// The number of the last segment.
    fn last_segment(&self) -> u32 {
        let last = u32::try_from(self.view.segments.len().saturating_sub(1)).unwrap_or(u32::MAX);
        self.view.first_segment.wrapping_add(last)
    }

    /// Forget the oldest `count` events. The others keep their positions.
    ///
    /// A segment's memory is given back once none of its events is left. The numbers of subjects that still occur may
    /// change; those of event types stay. The cost is constant for each dropped event, over many calls.
    pub fn drop_front(&mut self, count: usize) {
        let end = self.first() + count.min(self.len());
        let dropped = self.rows_at(self.first()..end).fold((0, 0), |(broken, bytes), row| {
            (broken + usize::from(row.is_broken()), bytes + row.text_len() as u64)
        });
        self.broken -= dropped.0;
        self.bytes -= dropped.1;
        self.view.first = end;
        let view = &mut self.view;
        while view.base + BLOCK <= view.first
            && let Some(block) = view.blocks.pop_front()
        {
            self.spare.take_block(block);
            view.base += BLOCK;
        }
        let needed = view.row(view.first).map(|row| row.segment);
        while needed != Some(view.first_segment)
            && let Some(text) = view.segments.pop_front()
        {
            self.spare.take_segment(text);
            view.first_segment = view.first_segment.wrapping_add(1);
        }
        if self.subjects.len() > SUBJECTS_KEPT + 2 * self.len() {
            self.number_subjects_anew();
        }
    }

    /// Forget the subjects that no longer occur: a tail of ever new subjects would else fill the memory with them.
    fn number_subjects_anew(&mut self) {
        let old = std::mem::take(&mut self.subjects);
        let mut gone = self.view.first - self.view.base;
        for block in &mut self.view.blocks {
            for row in Arc::make_mut(block).iter_mut().skip(gone).filter(|row| !row.is_broken()) {
                row.subject = self.subjects.intern(old.text(row.subject));
            }
            gone = gone.saturating_sub(BLOCK);
        }
    }

    /// The rows and texts as they are now, to be looked through on another thread.
    pub fn view(&self) -> &LogView {
        &self.view
    }

    /// How many events there are, broken lines included.
    pub fn len(&self) -> usize {
        self.view.positions().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position of the oldest event; 0 unless events were dropped.
    pub fn first(&self) -> usize {
        self.view.first
    }

    /// The position that the next event will have.
    pub fn end(&self) -> usize {
        self.view.end
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
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows_at(self.view.positions())
    }

    /// The rows at these positions, without those that were dropped or are not there yet.
    pub fn rows_at(&self, positions: Range<usize>) -> impl Iterator<Item = &Row> {
        self.view.pieces(positions).flat_map(|(_, rows)| rows)
    }

    /// The row at a position.
    pub fn row(&self, position: usize) -> Option<&Row> {
        self.view.row(position)
    }

    /// The exact bytes that were received for an event, without the end of the line.
    pub fn line(&self, position: usize) -> Option<Line<'_>> {
        self.view.line(position)
    }

    /// The subjects that occur.
    pub fn subjects(&self) -> &Names {
        &self.subjects
    }

    /// The event types that occur.
    pub fn kinds(&self) -> &Names {
        &self.kinds
    }

    /// Where in its file the text of the last batch ends, in bytes; 0 when it is in memory. A file that is read in order
    /// is continued there.
    pub fn stored_end(&self) -> u64 {
        match self.view.segments.back() {
            Some(Text::Stored(stored)) => stored.range.end,
            Some(Text::Memory(_)) | None => 0,
        }
    }

    /// The ID of the newest event, to continue behind it.
    pub fn last_id(&self) -> Option<String> {
        self.view.positions().rev().find_map(|position| Some(self.line(position)?.event().ok()?.id.into_owned()))
    }
}
