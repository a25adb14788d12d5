//! A set of row numbers, a bit a row: a million of them are looked up and counted within a keystroke.

/// Row numbers.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// Whether a number is in it.
    pub fn contains(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Put a number in. Gives `false` when it was there.
    pub fn insert(&mut self, number: usize) -> bool {
        if self.words.len() <= number / 64 {
            self.words.resize(number / 64 + 1, 0);
        }
        let is_new = !self.contains(number);
        if let Some(word) = self.words.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
        self.len += usize::from(is_new);
        is_new
    }

    /// Take a number out. Gives `false` when it was not there.
    pub fn remove(&mut self, number: usize) -> bool {
        let was_there = self.contains(number);
        if let Some(word) = self.words.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
        self.len -= usize::from(was_there);
        was_there
    }

    /// Take all numbers out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn agrees_with_a_set(acts in prop::collection::vec((0usize..300, any::<bool>()), 0..200)) {
            let (mut bits, mut set) = (Bits::default(), BTreeSet::new());
            for (number, put) in acts {
                let changed = if put { bits.insert(number) } else { bits.remove(number) };
                prop_assert_eq!(changed, if put { set.insert(number) } else { set.remove(&number) });
                prop_assert_eq!((bits.len(), bits.is_empty()), (set.len(), set.is_empty()));
            }
            prop_assert!((0..400).all(|number| bits.contains(number) == set.contains(&number)));
            bits.clear();
            prop_assert!(bits.is_empty() && !(0..400).any(|number| bits.contains(number)));
        }
    }
}
