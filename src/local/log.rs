//! The events of a log, taken some thousands at a time; those that a query can do without are not read.

use super::Events;
use crate::gdbql::Cut;
use crate::model::log::{EventLog, LogView, Row};
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many rows are a portion.
const PORTION: usize = 4096;
/// So many bytes between two events are read along with them: that is cheaper than a read of its own for each.
const GAP: u64 = 4 << 10;

/// The events of a log as they were when it was asked, without those that a query can do without.
#[derive(Debug)]
pub struct LogEvents {
    view: LogView,
    wanted: Wanted,
    next: AtomicUsize,
}

/// Which rows a query needs, by their numbers and times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    kinds: Option<Vec<bool>>,
    subjects: Option<Vec<bool>>,
    from: Option<i64>,
    to: Option<i64>,
}

impl Wanted {
    /// What a cut means for the rows of a log.
    pub fn new(log: &EventLog, cut: &Cut) -> Self {
        let kinds = || log.kinds().iter().map(|kind| cut.keeps_type(kind)).collect();
        let subjects = || log.subjects().iter().map(|subject| cut.keeps_subject(subject)).collect();
        Self {
            kinds: cut.types.is_some().then(kinds),
            subjects: (!cut.subjects.is_empty()).then(subjects),
            from: cut.from,
            to: cut.to,
        }
    }

    fn keeps(&self, row: &Row) -> bool {
        let among = |numbers: &Option<Vec<bool>>, number: u32| {
            numbers.as_ref().is_none_or(|numbers| numbers.get(number as usize).copied().unwrap_or(false))
        };
        let timed = row.time == Row::NO_TIME
            || (self.from.is_none_or(|from| row.time >= from) && self.to.is_none_or(|to| row.time <= to));
        timed && among(&self.kinds, row.kind) && among(&self.subjects, row.subject)
    }
}

impl LogEvents {
    /// The events of a view that are wanted.
    pub fn new(view: LogView, wanted: Wanted) -> Self {
        let next = AtomicUsize::new(0);
        Self { view, wanted, next }
    }
}

impl Events for LogEvents {
    type Portion = Range<usize>;

    fn take(&self) -> io::Result<Option<(usize, Range<usize>)>> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let all = self.view.positions();
        let start = all.start.saturating_add(number.saturating_mul(PORTION));
        Ok((start < all.end).then(|| (number, start..start.saturating_add(PORTION).min(all.end))))
    }

    fn each(&self, portion: Range<usize>, line: &mut dyn FnMut(u64, &[u8])) -> io::Result<()> {
        let (mut buffer, mut wanted) = (Vec::new(), Vec::new());
        for (first, rows) in self.view.pieces(portion) {
            let mut position = first as u64;
            for span in self.view.spans(rows) {
                let places = (position..).zip(span.rows).filter(|(_, row)| self.wanted.keeps(row));
                wanted.extend(places.map(|(at, row)| (at, span.range_of(row))));
                for near in wanted.chunk_by(|(_, one), (_, next)| next.start.saturating_sub(one.end) <= GAP) {
                    let ([(_, first), ..], [.., (_, last)]) = (near, near) else { continue };
                    let bytes = span.text.read_into(first.start..last.end, &mut buffer)?;
                    for (at, range) in near {
                        line(*at, part(bytes, first.start, range));
                    }
                }
                wanted.clear();
                position += span.rows.len() as u64;
            }
        }
        Ok(())
    }
}

/// The part of some bytes that stand at `start` of a text.
fn part<'b>(bytes: &'b [u8], start: u64, range: &Range<u64>) -> &'b [u8] {
    let at = |place: u64| usize::try_from(place.saturating_sub(start)).unwrap_or(usize::MAX);
    bytes.get(at(range.start)..at(range.end)).unwrap_or_default()
}
