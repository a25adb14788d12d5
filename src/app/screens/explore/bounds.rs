//! Which part of the log the list shows: from an event, up to an event, the latest of each type.
//!
//! Owns what is superseded by a later event. Whose events and which texts are wanted is the list's to say.

use crate::model::log::Row;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The part of the log that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The position of the first event.
    pub from: Option<usize>,
    /// The position of the last event.
    pub to: Option<usize>,
    /// Whether only the latest event of each type is shown, for each subject.
    pub latest: bool,
}

impl Bounds {
    /// Whether anything is left out.
    pub fn is_set(&self) -> bool {
        *self != Self::default()
    }

    /// The positions of a log that are shown.
    pub fn of(&self, log: Range<usize>) -> Range<usize> {
        let start = self.from.unwrap_or(0).max(log.start);
        start..self.to.map_or(log.end, |to| (to + 1).min(log.end)).max(start)
    }
}

/// Which events are the latest of their type and subject.
#[derive(Debug, Default)]
pub(super) struct Latest {
    newest: FxHashMap<(u32, u32), u32>,
    /// A bit for each position.
    superseded: Vec<u64>,
    /// Whether something was superseded that may stand in a list.
    changed: bool,
}

impl Latest {
    /// Take the next row in. A line that is no event has no type; it is none.
    pub fn note(&mut self, position: u32, row: &Row) {
        if row.is_broken() {
            return self.supersede(position);
        }
        if let Some(before) = self.newest.insert((row.subject, row.kind), position) {
            self.supersede(before);
        }
    }

    fn supersede(&mut self, position: u32) {
        let (word, bit) = (position as usize / 64, position % 64);
        if self.superseded.len() <= word {
            self.superseded.resize(word + 1, 0);
        }
        self.superseded[word] |= 1 << bit;
        self.changed = true;
    }

    /// Whether a later event has taken an event's place, as far as is known.
    pub fn is_superseded(&self, position: u32) -> bool {
        let word = self.superseded.get(position as usize / 64).copied().unwrap_or(0);
        word & (1 << (position % 64)) != 0
    }

    /// The event that is the latest where this one was.
    pub fn successor(&self, row: &Row) -> Option<u32> {
        self.newest.get(&(row.subject, row.kind)).copied()
    }

    /// Whether something was superseded since this was asked last.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}
