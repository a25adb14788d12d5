//! What the tail has received: the events of all lanes in the order in which they were handed over, with the marks
//! between them.
//!
//! One log for all lanes: which lane an event came over is told by a byte for each, and by nothing while there is one
//! lane. Bounded; the oldest events go when there is more. Knows no connection and nothing of what is shown.

use super::lane::LANES;
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
    /// How many of the kept events each lane has.
    of_lane: [usize; LANES],
    /// The lane of each kept event; empty while all came over `single`.
    lanes: VecDeque<u8>,
    single: u8,
}

impl Received {
    /// Nothing yet.
    pub fn bounded(bound: Bound) -> Self {
        Self { log: EventLog::rolling(), bound, ..Self::default() }
    }

    /// Take events over: so many of this lane, so many of that one.
    pub fn append(&mut self, runs: &[(u8, usize)], batch: Decoded) -> Range<usize> {
        let added = self.log.append(batch);
        let mut before = added.start - self.log.first();
        for (lane, events) in runs.iter().copied().filter(|(_, events)| *events > 0) {
            self.append_lane(lane, events, before);
            before += events;
        }
        self.counts.resize(self.log.kinds().len(), 0);
        for row in self.log.rows_at(added.clone()) {
            if let Some(count) = self.counts.get_mut(row.kind as usize) {
                *count += 1;
            }
        }
        added
    }

    /// So many events of a lane stand behind the `before` that were kept.
    fn append_lane(&mut self, lane: u8, events: usize, before: usize) {
        if before == 0 {
            self.single = lane;
        }
        if self.lanes.is_empty() && lane != self.single {
            self.lanes.resize(before, self.single);
        }
        if !self.lanes.is_empty() {
            self.lanes.resize(before + events, lane);
        }
        if let Some(count) = self.of_lane.get_mut(usize::from(lane)) {
            *count += events;
        }
    }

    /// The lane that an event came over.
    pub fn lane(&self, position: usize) -> u8 {
        let at = position.checked_sub(self.log.first());
        at.and_then(|at| self.lanes.get(at)).copied().unwrap_or(self.single)
    }

    /// Whether an event came over a lane.
    pub fn has_lane(&self, lane: u8) -> bool {
        self.of_lane.get(usize::from(lane)).is_some_and(|count| *count > 0)
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
        let single = usize::from(self.single);
        match self.lanes.is_empty() {
            true => self.of_lane[single.min(LANES - 1)] = self.log.len(),
            false => {
                for lane in self.lanes.drain(..count.min(self.lanes.len())) {
                    if let Some(count) = self.of_lane.get_mut(usize::from(lane)) {
                        *count = count.saturating_sub(1);
                    }
                }
            }
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
                for lane in 0..4 {
                    prop_assert_eq!(received.has_lane(lane), sent[first..].iter().any(|(other, _)| *other == lane));
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
