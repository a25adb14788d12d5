//! The first `n` of many, without holding them all.
//!
//! Knows nothing of what it holds.

use std::collections::BinaryHeap;

/// Keeps the smallest items that it is offered.
pub struct Best<T> {
    heap: BinaryHeap<T>,
    keep: usize,
    most: usize,
}

impl<T: Ord> Best<T> {
    /// Keep `limit` items, or all of them; never hold more than `most`.
    pub fn new(limit: Option<u64>, most: usize) -> Self {
        let keep = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        Self { heap: BinaryHeap::new(), keep, most }
    }

    /// Keep `item` if it is among the smallest; `false` when there is no room for an item that is.
    pub fn offer(&mut self, item: T) -> bool {
        if self.heap.len() < self.keep {
            let room = self.heap.len() < self.most;
            if room {
                self.heap.push(item);
            }
            return room;
        }
        if let Some(mut largest) = self.heap.peek_mut()
            && item < *largest
        {
            *largest = item;
        }
        true
    }

    /// What was kept, smallest first.
    pub fn in_order(self) -> Vec<T> {
        let mut items = self.heap.into_vec();
        items.sort_unstable();
        items
    }
}
