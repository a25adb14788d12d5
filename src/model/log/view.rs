//! A view of the log: rows and texts, shared with whoever looks through them on another thread.

use super::Row;
use super::text::{Line, Text};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// So many rows stand together; a full block never changes.
pub(super) const BLOCK: usize = 1 << 14;

/// So many bytes of text are looked through at once.
const SPAN: u32 = 256 << 10;

/// The rows and texts of a log as they were when the view was taken. Taking one costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct LogView {
    pub(super) blocks: VecDeque<Arc<Vec<Row>>>,
    /// The position of the first row of the first block.
    pub(super) base: usize,
    /// The position of the first row that is kept.
    pub(super) first: usize,
    /// The position behind the last row.
    pub(super) end: usize,
    pub(super) segments: VecDeque<Text>,
    /// The number of the first segment; rows name their segment by its number, not by its place.
    pub(super) first_segment: u32,
}

impl PartialEq for LogView {
    /// Views of one log are equal when they reach equally far.
    fn eq(&self, other: &Self) -> bool {
        (self.first, self.end) == (other.first, other.end)
    }
}

impl LogView {
    /// The positions of the rows.
    pub fn positions(&self) -> Range<usize> {
        self.first..self.end
    }

    /// The row at a position.
    pub fn row(&self, position: usize) -> Option<&Row> {
        if !self.positions().contains(&position) {
            return None;
        }
        let at = position - self.base;
        self.blocks.get(at / BLOCK)?.get(at % BLOCK)
    }

    /// The rows at these positions, as far as they are there, in pieces of neighbours, each with its first position.
    pub fn pieces(&self, positions: Range<usize>) -> impl DoubleEndedIterator<Item = (usize, &[Row])> {
        let range = positions.start.max(self.first)..positions.end.min(self.end);
        let (from, to) = (range.start.max(self.base) - self.base, range.end.max(self.base) - self.base);
        let blocks = if from < to { from / BLOCK..to.div_ceil(BLOCK) } else { 0..0 };
        blocks.filter_map(move |block| {
            let start = block * BLOCK;
            let inside = from.max(start) - start..to.min(start + BLOCK) - start;
            Some((self.base + start + inside.start, self.blocks.get(block)?.get(inside)?))
        })
    }

    /// The exact bytes that were received for an event, without the end of the line.
    pub fn line(&self, position: usize) -> Option<Line<'_>> {
        let row = self.row(position)?;
        let start = u64::from(row.at);
        Some(Line::new(self.text_of(row)?.read(start..start + u64::from(row.len))))
    }

    fn text_of(&self, row: &Row) -> Option<&Text> {
        self.segments.get(row.segment.wrapping_sub(self.first_segment) as usize)
    }

    /// Rows that stand behind each other in one text, with the text and the part of it that holds them all.
    ///
    /// Whoever looks through many of them reads that part at once. It is no longer than fits into a processor's cache,
    /// unless it is one row.
    pub fn spans<'a>(&'a self, rows: &'a [Row]) -> impl Iterator<Item = Span<'a>> {
        rows.chunk_by(|a, b| a.segment == b.segment).flat_map(within_cache).filter_map(|rows| {
            let (first, last) = (rows.first()?, rows.last()?);
            let range = u64::from(first.at)..u64::from(last.at) + u64::from(last.len);
            Some(Span { text: self.text_of(first)?, range, rows })
        })
    }
}

/// Rows of one segment in pieces whose texts have at most [`SPAN`] bytes, or are one row.
fn within_cache(mut rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    std::iter::from_fn(move || {
        let start = rows.first()?.at;
        let fitting = rows.partition_point(|row| row.at.saturating_add(row.len).saturating_sub(start) <= SPAN);
        let (piece, rest) = rows.split_at(fitting.max(1));
        rows = rest;
        Some(piece)
    })
}

/// Rows whose texts are neighbours.
#[derive(Debug)]
pub struct Span<'a> {
    /// Where they are.
    pub text: &'a Text,
    /// The bytes of all of them.
    pub range: Range<u64>,
    /// The rows.
    pub rows: &'a [Row],
}

impl Span<'_> {
    /// Where a row stands in the text.
    pub fn range_of(&self, row: &Row) -> Range<u64> {
        let start = u64::from(row.at);
        start..start + u64::from(row.len)
    }

    /// Where a row stands in the bytes of the span.
    pub fn place(&self, row: &Row) -> Range<usize> {
        let start = usize::try_from(u64::from(row.at) - self.range.start).unwrap_or(usize::MAX);
        start..start.saturating_add(row.len as usize)
    }
}
