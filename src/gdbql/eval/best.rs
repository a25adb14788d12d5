//! The first `n` of many, without holding them all.
//!
//! Knows nothing of what it holds.

use std::collections::BinaryHeap;

/// More are to be held than may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Keeps the smallest items that it is offered.
pub struct Best<T> {
    held: Held<T>,
    keep: usize,
    most: usize,
}

/// A heap costs more than a list, and is needed only once there are too many.
enum Held<T> {
    Few(Vec<T>),
    Full(BinaryHeap<T>),
}

impl<T: Ord> Best<T> {
    /// Keep `limit` items, or all of them; never hold more than `most`.
    pub fn new(limit: Option<u64>, most: usize) -> Self {
        let keep = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        Self { held: Held::Few(Vec::new()), keep, most }
    }

    /// Keep `item` if it is among the smallest. Gives the one that is not kept because of that, which may be `item`.
    pub fn offer(&mut self, item: T) -> Result<Option<T>, TooMany> {
        let out = match &mut self.held {
            Held::Few(items) if items.len() < self.keep => {
                if items.len() >= self.most {
                    return Err(TooMany);
                }
                items.push(item);
                return Ok(None);
            }
            Held::Few(items) => {
                let mut heap = BinaryHeap::from(std::mem::take(items));
                let out = replace_largest(&mut heap, item);
                self.held = Held::Full(heap);
                out
            }
            Held::Full(heap) => replace_largest(heap, item),
        };
        Ok(Some(out))
    }

    /// Whether an item like this would be kept, as far as that can be told.
    pub fn wants(&self, item: &T) -> bool {
        match &self.held {
            Held::Few(_) => self.keep > 0,
            Held::Full(heap) => heap.peek().is_some_and(|largest| item < largest),
        }
    }

    /// What was kept, in no order.
    pub fn into_items(self) -> Vec<T> {
        match self.held {
            Held::Few(items) => items,
            Held::Full(heap) => heap.into_vec(),
        }
    }

    /// What was kept, smallest first.
    pub fn in_order(self) -> Vec<T> {
        let mut items = self.into_items();
        items.sort_unstable();
        items
    }
}

/// Gives the one that is out.
fn replace_largest<T: Ord>(heap: &mut BinaryHeap<T>, item: T) -> T {
    match heap.peek_mut() {
        Some(mut largest) if item < *largest => std::mem::replace(&mut *largest, item),
        _ => item,
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
            let mut out = Vec::new();
            for item in &items {
                out.extend(best.offer(*item).unwrap());
                let held = match &best.held {
                    Held::Few(items) => items.len(),
                    Held::Full(heap) => heap.len(),
                };
                prop_assert!(held as u64 <= limit);
            }
            let mut sorted = items;
            sorted.sort_unstable();
            out.sort_unstable();
            let kept = usize::try_from(limit).unwrap().min(sorted.len());
            prop_assert_eq!(&out, &sorted[kept..]);
            prop_assert_eq!(best.in_order(), &sorted[..kept]);
        }
    }

    #[test]
    fn refuses_to_hold_too_many() {
        let mut best = Best::new(None, 2);
        assert_eq!([best.offer(3), best.offer(1), best.offer(2)], [Ok(None), Ok(None), Err(TooMany)]);
        let mut best = Best::new(Some(2), 2);
        assert_eq!([best.offer(3), best.offer(1), best.offer(2)], [Ok(None), Ok(None), Ok(Some(3))]);
        assert_eq!(best.in_order(), [1, 2]);
    }
}
