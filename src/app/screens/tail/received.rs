//! What the tail has received: the events of all lanes in the order in which they were handed over, with the marks
//! between them.
//!
//! One log for all lanes: which lane an event came over is told by runs of positions. Bounded; the oldest events go
//! when there is more. Knows no connection and nothing of what is shown.

use super::marks::Marks;
use crate::model::log::{Decoded, EventLog};
use std::collections::VecDeque;
use std::ops::Range;

/// How much is kept. The oldest events go when there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Events.
    pub events: usize,
    /// Bytes of their text.
    pub bytes: u64,
}

impl Default for Bound {
    fn default() -> Self {
        Self { events: 1_000_000, bytes: 1 << 30 }
    }
}

/// Everything that came and was not dropped.
#[derive(Debug, Default)]
pub struct Received {
    /// The events.
    pub log: EventLog,
    /// The rows between them.
    pub marks: Marks,
    /// How much is kept.
    pub bound: Bound,
    /// How many events went to make room for newer ones.
    pub dropped: u64,
    /// How many of the kept events each type has, by its number.
    counts: Vec<u64>,
    /// Where the events of another lane begin, and of which.
    runs: VecDeque<(usize, u8)>,
}

impl Received {
    /// Nothing yet.
    pub fn bounded(bound: Bound) -> Self {
        Self { bound, ..Self::default() }
    }

    /// Take events over: so many of this lane, so many of that one.
    pub fn append(&mut self, runs: &[(u8, usize)], batch: Decoded) -> Range<usize> {
        let added = self.log.append(batch);
        let mut start = added.start;
        for (lane, events) in runs.iter().filter(|(_, events)| *events > 0) {
            if self.runs.back().is_none_or(|(_, last)| last != lane) {
                self.runs.push_back((start, *lane));
            }
            start += events;
        }
        self.counts.resize(self.log.kinds().len(), 0);
        for row in self.log.rows_at(added.clone()) {
            if let Some(count) = self.counts.get_mut(row.kind as usize) {
                *count += 1;
            }
        }
        added
    }

    /// The lane that an event came over.
    pub fn lane(&self, position: usize) -> u8 {
        let behind = self.runs.partition_point(|(start, _)| *start <= position);
        behind.checked_sub(1).and_then(|at| self.runs.get(at)).map_or(0, |(_, lane)| *lane)
    }

    /// Whether an event came over a lane.
    pub fn has_lane(&self, lane: u8) -> bool {
        self.runs.iter().any(|(_, other)| *other == lane)
    }

    /// How many of the events are of a type.
    pub fn count(&self, kind: u32) -> u64 {
        self.counts.get(kind as usize).copied().unwrap_or(0)
    }

    /// Let the oldest events beyond the bound go. Gives how many.
    pub fn make_room(&mut self) -> usize {
        let gone = self.too_many();
        self.dropped += gone as u64;
        self.drop_front(gone);
        gone
    }

    /// How many of the oldest events are beyond the bound. The newest one always stays.
    fn too_many(&self) -> usize {
        let log = &self.log;
        let mut gone = log.len().saturating_sub(self.bound.events);
        let mut bytes = log.bytes() - log.rows().take(gone).map(|row| row.text_len() as u64).sum::<u64>();
        while bytes > self.bound.bytes && gone + 1 < log.len() {
            bytes -= log.row(log.first() + gone).map_or(0, |row| row.text_len() as u64);
            gone += 1;
        }
        gone
    }

    fn drop_front(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let first = self.log.first();
        for row in self.log.rows_at(first..first.saturating_add(count)) {
            if let Some(count) = self.counts.get_mut(row.kind as usize) {
                *count = count.saturating_sub(1);
            }
        }
        self.log.drop_front(count);
        let first = self.log.first();
        self.marks.drop_before(first);
        while self.runs.get(1).is_some_and(|(start, _)| *start <= first) {
            self.runs.pop_front();
        }
    }

    /// Empty the list.
    pub fn clear(&mut self) {
        self.drop_front(self.log.len());
        self.marks.drop_before(usize::MAX);
        self.dropped = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever comes over whatever lane and however little is kept: lanes and counts are those of a plain list.
        #[test]
        fn lanes_and_counts_are_those_of_what_is_kept(
            batches in prop::collection::vec((0u8..3, prop::collection::vec(0u8..4, 0..6)), 0..30),
            events in 1usize..20,
        ) {
            let mut received = Received::bounded(Bound { events, bytes: 1 << 20 });
            let mut sent = Vec::new();
            for (lane, kinds) in batches {
                let lines: Vec<String> = kinds
                    .iter()
                    .map(|kind| format!(r#"{{"source":"s","subject":"/a","type":"t{kind}","id":"i"}}"#))
                    .collect();
                sent.extend(kinds.iter().map(|kind| (lane, *kind)));
                let batch = Decoded::from_lines(lines.iter().map(|line| line.as_bytes()));
                received.append(&[(lane, batch.len())], batch);
                received.make_room();
                let first = sent.len().saturating_sub(events);
                prop_assert_eq!((received.log.first(), received.dropped), (first, first as u64));
                for (position, (lane, _)) in sent.iter().enumerate().skip(first) {
                    prop_assert_eq!(received.lane(position), *lane);
                }
                for kind in 0u32..u32::try_from(received.log.kinds().len()).unwrap() {
                    let name = received.log.kinds().text(kind);
                    let kept = sent[first..].iter().filter(|(_, kind)| name == format!("t{kind}")).count();
                    prop_assert_eq!(received.count(kind), kept as u64);
                }
            }
        }
    }
}
