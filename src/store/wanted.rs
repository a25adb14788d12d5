//! The events that a query needs, found by the index: by type and by subject.
//!
//! Owns what a cut means for positions. What a query makes of the events is not the store's.

use super::record::Record;
use super::state::State;
use super::{Snapshot, Store};
use crate::gdbql::{Cut, Place};

/// Events of one moment, without those that a query can do without.
#[derive(Clone, Debug)]
pub struct Wanted {
    snapshot: Snapshot,
    /// Ascending; `None` for all.
    positions: Option<Vec<u32>>,
}

impl Store {
    /// The events that readers can see now and that a query with this cut needs.
    pub fn wanted(&self, cut: &Cut) -> Wanted {
        let state = self.state();
        state.wanted(cut, state.visible())
    }
}

impl State {
    /// The events among the first `len` that a query with this cut needs.
    pub(super) fn wanted(&self, cut: &Cut, len: usize) -> Wanted {
        let mut positions: Option<Vec<u32>> = None;
        let mut keep = |found: Vec<u32>| {
            positions = Some(match positions.take() {
                None => found,
                Some(before) => before.into_iter().filter(|position| found.binary_search(position).is_ok()).collect(),
            });
        };
        if let Some(types) = &cut.types {
            keep(united(types.iter().map(|kind| self.index.kind(kind))));
        }
        for place in &cut.subjects {
            match place {
                // Events below these are read as well; the query itself leaves them out.
                Place::Among(subjects) => {
                    // The root stands for all, though no event is of it.
                    let lists: Option<Vec<_>> = subjects.iter().map(|subject| self.index.subject(subject)).collect();
                    lists.into_iter().for_each(|lists| keep(united(lists.into_iter())));
                }
                Place::Within(_, root) => self.index.subject(root).into_iter().for_each(|list| keep(list.to_vec())),
            }
        }
        if let Some(positions) = &mut positions {
            positions.truncate(positions.partition_point(|position| (*position as usize) < len));
        }
        Wanted { snapshot: self.snapshot(len), positions }
    }
}

/// Ascending lists as one, each position once.
fn united<'a>(lists: impl Iterator<Item = &'a [u32]>) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    let mut count = 0;
    for list in lists {
        all.extend_from_slice(list);
        count += 1;
    }
    if count > 1 {
        all.sort_unstable();
        all.dedup();
    }
    all
}

impl Wanted {
    /// How many events are wanted.
    pub fn len(&self) -> usize {
        self.positions.as_ref().map_or(self.snapshot.len(), Vec::len)
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many events there are.
    pub fn of(&self) -> usize {
        self.snapshot.len()
    }

    /// One of the wanted events by its number among them, with its position in commit order.
    pub fn get(&self, number: usize) -> Option<(u64, &Record)> {
        let position = match &self.positions {
            Some(positions) => *positions.get(number)? as usize,
            None => number,
        };
        Some((position as u64, self.snapshot.get(position)?))
    }

    /// All of them in commit order.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        (0..self.len()).filter_map(|number| self.get(number).map(|(_, record)| record))
    }
}
