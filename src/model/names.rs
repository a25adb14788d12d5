//! Names that occur over and over, kept once and known by a small number.
//!
//! Subjects are looked up once for every event that arrives. So their hashes are made where the events are read, on
//! other threads ([`Labels`]), and the texts stand in one piece of memory.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Texts one behind the other, each with its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    text: String,
    ends: Vec<usize>,
    hashes: Vec<u64>,
}

impl Labels {
    /// Put a text behind the others. Gives its number.
    pub fn push(&mut self, text: &str) -> u32 {
        self.push_hashed(hash(text), text)
    }

    /// Put a text with its [`hash`] behind the others. Gives its number.
    pub fn push_hashed(&mut self, hash: u64, text: &str) -> u32 {
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
        number
    }

    /// The text of a number; empty for one that was never given.
    pub fn text(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The hash of the text of a number.
    pub fn hash(&self, number: u32) -> u64 {
        self.hashes.get(number as usize).copied().unwrap_or(0)
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
        self.intern_hashed(hash(text), text)
    }

    /// The numbers of all `labels`, in their order.
    pub fn intern_all<'a>(&'a mut self, labels: &'a Labels) -> impl Iterator<Item = u32> + 'a {
        let mut start = 0;
        labels.ends.iter().zip(&labels.hashes).map(move |(end, hash)| {
            let text = labels.text.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default();
            self.intern_hashed(*hash, text)
        })
    }

    fn intern_hashed(&mut self, hash: u64, text: &str) -> u32 {
        let Self { numbers, labels } = self;
        if let Some(number) = numbers.find(hash, |number| labels.hash(*number) == hash && labels.text(*number) == text)
        {
            return *number;
        }
        let number = labels.push_hashed(hash, text);
        numbers.insert_unique(hash, number, |number| labels.hash(*number));
        number
    }

    /// The number of `text`, if it has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.find(hash(text), |number| self.labels.text(*number) == text).copied()
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

/// The hash that [`Labels`] keep of a text.
pub fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
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
