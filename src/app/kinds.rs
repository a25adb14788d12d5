//! The event types of the store, with how many events they have: those that are loaded, or those that the server counted.
//!
//! A log numbers the types that occur in it; these numbers are the store's own, whichever log is on show.

use crate::model::log::EventLog;
use crate::model::names::Names;
use std::ops::Range;

/// The event types and their counts.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    names: Names,
    loaded: Vec<u64>,
    counted: Vec<u64>,
    is_census: bool,
    /// The number here of each type of the store's log.
    of_log: Vec<u32>,
}

impl Kinds {
    /// Count the events at `positions` of the store's log.
    pub fn add(&mut self, log: &EventLog, positions: Range<usize>) {
        for kind in log.kinds().iter().skip(self.of_log.len()) {
            self.of_log.push(self.names.intern(kind));
        }
        self.loaded.resize(self.names.len(), 0);
        for row in log.rows_at(positions) {
            if let Some(number) = self.of_log.get(row.kind as usize)
                && let Some(count) = self.loaded.get_mut(*number as usize)
            {
                *count += 1;
            }
        }
    }

    /// Take over how many events of each type the server counted.
    pub fn take_census(&mut self, counted: &[(String, u64)]) {
        self.is_census = true;
        self.counted.clear();
        for (kind, events) in counted {
            let number = self.names.intern(kind) as usize;
            self.counted.resize(self.counted.len().max(number + 1), 0);
            if let Some(count) = self.counted.get_mut(number) {
                *count = *events;
            }
        }
    }

    /// All events are in the log: nothing else needs to be known.
    pub fn forget_census(&mut self) {
        (self.is_census, self.counted) = (false, Vec::new());
    }

    /// Whether the counts are of the whole store.
    pub fn is_census(&self) -> bool {
        self.is_census
    }

    /// The type of a number.
    pub fn text(&self, number: u32) -> &str {
        self.names.text(number)
    }

    /// How many events of a type there are, as far as is known; `None` when the type is not known.
    pub fn count(&self, kind: &str) -> Option<u64> {
        Some(self.count_of(self.names.find(kind)?))
    }

    fn count_of(&self, number: u32) -> u64 {
        let of = |counts: &[u64]| counts.get(number as usize).copied().unwrap_or(0);
        of(&self.loaded).max(of(&self.counted))
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The types with their numbers and counts, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str, u64)> {
        (0u32..).zip(self.names.iter()).map(|(number, kind)| (number, kind, self.count_of(number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::log::Decoded;

    #[test]
    fn counts_what_is_loaded_or_what_the_server_counted() {
        let (mut log, mut kinds) = (EventLog::default(), Kinds::default());
        kinds.take_census(&[("b".into(), 7), ("c".into(), 2)]);
        let lines = ["a", "b", "a"].map(|kind| format!(r#"{{"source":"s","subject":"/x","type":"{kind}","id":"i"}}"#));
        let range = log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
        kinds.add(&log, range);
        let all: Vec<_> = kinds.iter().map(|(_, kind, count)| (kind.to_owned(), count)).collect();
        assert_eq!(all, [("b".to_owned(), 7), ("c".to_owned(), 2), ("a".to_owned(), 2)]);
        kinds.forget_census();
        assert_eq!((kinds.count("b"), kinds.count("d"), kinds.is_census()), (Some(1), None, false));
    }
}
