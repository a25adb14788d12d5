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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_the_smallest_and_holds_no_more(items in proptest::collection::vec(any::<u8>(), 0..50), limit in 0u64..60) {
            let mut best = Best::new(Some(limit), usize::MAX);
            for item in &items {
                prop_assert!(best.offer(*item));
                prop_assert!(best.heap.len() as u64 <= limit);
            }
            let mut sorted = items;
            sorted.sort_unstable();
            sorted.truncate(usize::try_from(limit).unwrap());
            prop_assert_eq!(best.in_order(), sorted);
        }
    }

    #[test]
    fn refuses_to_hold_too_many() {
        let mut best = Best::new(None, 2);
        assert!(best.offer(3) && best.offer(1) && !best.offer(2));
        let mut best = Best::new(Some(2), 2);
        assert!(best.offer(3) && best.offer(1) && best.offer(2));
        assert_eq!(best.in_order(), [1, 2]);
    }
}
