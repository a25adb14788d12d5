//! Names that occur over and over, kept once and known by a small number.
//!
//! Subjects are looked up once for every event that arrives. So their hashes are made where the events are read, on
//! other threads ([`Labels`]), and the texts stand in one piece of memory.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::ops::Range;

/// Texts one behind the other, each with its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    text: String,
    labels: Vec<Label>,
}

/// A text's hash, in the upper 24 bits, and where it ends, in the lower 40; it starts where the one before it ends. A
/// store has a label or two for every subject, and a terabyte of names would not fit into the memory anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Label(u64);

impl Label {
    const END_BITS: u32 = 40;

    fn new(hash: Hash, end: usize) -> Self {
        Self(u64::from(hash.0) << Self::END_BITS | end as u64 & ((1 << Self::END_BITS) - 1))
    }

    fn hash(self) -> Hash {
        Hash((self.0 >> Self::END_BITS) as u32)
    }

    fn end(self) -> usize {
        (self.0 & ((1 << Self::END_BITS) - 1)) as usize
    }
}

/// The hash of a text, of 24 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hash(u32);

impl Hash {
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        Self((hasher.finish() & 0xff_ffff) as u32)
    }

    /// The same with every bit of a table's hash set to use.
    fn spread(self) -> u64 {
        self.with(0)
    }

    /// The hash of the text together with a number.
    pub fn with(self, number: u32) -> u64 {
        (u64::from(self.0) ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Labels {
    /// Put a text behind the others. Gives its number.
    pub fn push(&mut self, text: &str) -> u32 {
        self.push_hashed(Hash::of(text), text)
    }

    /// Put a text with its hash behind the others. Gives its number.
    pub fn push_hashed(&mut self, hash: Hash, text: &str) -> u32 {
        let number = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.labels.push(Label::new(hash, self.text.len()));
        number
    }

    /// The text of a number; empty for one that was never given.
    pub fn text(&self, number: u32) -> &str {
        self.text.get(self.range(number)).unwrap_or_default()
    }

    fn range(&self, number: u32) -> Range<usize> {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.labels.get(before)).map_or(0, |label| label.end());
        start..self.labels.get(at).map_or(start, |label| label.end())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The hash of the text of a number.
    pub fn hash(&self, number: u32) -> Hash {
        self.labels.get(number as usize).map_or(Hash::default(), |label| label.hash())
    }
}

/// An interner: every distinct text gets the next number, from 0.
#[derive(Clone, Debug, Default)]
pub struct Names {
    numbers: HashTable<u32>,
    labels: Labels,
}

impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.labels == other.labels
    }
}

impl Names {
    /// The number of `text`, a new one when it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        self.intern_hashed(Hash::of(text), text)
    }

    /// The numbers of all `labels`, in their order.
    ///
    /// Every look-up misses the cache several times: in the table, in the labels, in the texts. Those of many labels are
    /// made side by side, a step for all before the next one, which is only possible while a step does nothing else: a
    /// text with the same hash and the same end is mostly the same text, and is compared afterwards.
    pub fn intern_all(&mut self, labels: &Labels) -> Vec<u32> {
        let Self { numbers, labels: known } = self;
        let likely = |label: &Label| {
            let hash = label.hash();
            numbers.find(hash.spread(), |number| known.hash(*number) == hash).copied()
        };
        let mut found: Vec<u32> = labels.labels.iter().map(|label| likely(label).unwrap_or(u32::MAX)).collect();
        let last =
            |labels: &Labels, number| labels.text.as_bytes().get(labels.range(number).end.wrapping_sub(1)).copied();
        for (number, at) in found.iter_mut().zip(0..) {
            *number = if last(known, *number) == last(labels, at) { *number } else { u32::MAX };
        }
        for ((number, label), at) in found.iter_mut().zip(&labels.labels).zip(0..) {
            let text = labels.text(at);
            if *number == u32::MAX || self.text(*number) != text {
                *number = self.intern_hashed(label.hash(), text);
            }
        }
        found
    }

    fn intern_hashed(&mut self, hash: Hash, text: &str) -> u32 {
        let Self { numbers, labels } = self;
        let is = |number: &u32| labels.hash(*number) == hash && labels.text(*number) == text;
        if let Some(number) = numbers.find(hash.spread(), is) {
            return *number;
        }
        let number = labels.push_hashed(hash, text);
        numbers.insert_unique(hash.spread(), number, |number| labels.hash(*number).spread());
        number
    }

    /// The number of `text`, if it has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.find(Hash::of(text).spread(), |number| self.labels.text(*number) == text).copied()
    }

    /// The text of a number; empty for one that was never given.
    pub fn text(&self, number: u32) -> &str {
        self.labels.text(number)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// All texts, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(|number| self.text(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_text_has_one_number_and_each_number_its_text(texts in prop::collection::vec("[ab/é]{0,3}", 0..80), cut in 0usize..80) {
            let (mut names, mut seen) = (Names::default(), Vec::<String>::new());
            let (first, then) = texts.split_at(cut.min(texts.len()));
            let mut numbers: Vec<u32> = first.iter().map(|text| names.intern(text)).collect();
            let mut labels = Labels::default();
            for (at, text) in then.iter().enumerate() {
                prop_assert_eq!(labels.push(text) as usize, at);
                prop_assert_eq!(labels.text(at as u32), text);
            }
            numbers.extend(names.intern_all(&labels));
            for (text, number) in texts.iter().zip(numbers) {
                if !seen.contains(text) {
                    seen.push(text.clone());
                }
                prop_assert_eq!(seen.iter().position(|known| known == text), Some(number as usize));
                prop_assert_eq!((names.text(number), names.find(text)), (text.as_str(), Some(number)));
            }
            prop_assert_eq!(names.iter().collect::<Vec<_>>(), seen);
            prop_assert_eq!(names.find("zzz"), None);
            prop_assert_eq!(names.text(u32::MAX), "");
        }
    }
}
