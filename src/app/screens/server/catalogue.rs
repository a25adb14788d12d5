//! A list that the server gives as a whole: subjects, event types, schemas. With a cursor and a filter.

use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::app::message::Failure;
use crate::app::needle::Needle;

/// A list that the server gives, as far as it is known.
#[derive(Debug)]
pub struct Catalogue<T> {
    /// The cursor, among the entries that are shown.
    pub list: ListState,
    /// The text that entries must contain, while there is one.
    pub filter: Option<TypedLine>,
    /// Why the last attempt did not work.
    pub failure: Option<Failure>,
    entries: Option<Vec<T>>,
    shown: Vec<usize>,
    name: fn(&T) -> &str,
}

impl<T> Catalogue<T> {
    /// Nothing is known. `name` is what an entry is called.
    pub fn new(name: fn(&T) -> &str) -> Self {
        Self { list: ListState::default(), filter: None, failure: None, entries: None, shown: Vec::new(), name }
    }

    /// The server's answer. A failure leaves what was known before.
    pub fn told(&mut self, answer: Result<Vec<T>, Failure>) {
        match answer {
            Ok(entries) => {
                let selected = self.selected().map(|entry| (self.name)(entry).to_owned());
                self.entries = Some(entries);
                self.failure = None;
                self.search();
                // The cursor stays on its entry, wherever that stands now.
                let at = selected.and_then(|name| self.iter().position(|entry| (self.name)(entry) == name));
                self.list.select(at.unwrap_or(self.list.selected()), self.shown.len());
            }
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// What an entry is called.
    pub fn name<'a>(&self, entry: &'a T) -> &'a str {
        (self.name)(entry)
    }

    /// The filter was changed.
    pub fn search(&mut self) {
        let needle = Needle::new(self.filter.as_ref().map(TypedLine::text).unwrap_or_default());
        let entries = self.entries.iter().flatten().enumerate();
        self.shown = entries
            .filter(|(_, entry)| needle.is_empty() || needle.find((self.name)(entry)).is_some())
            .map(|(index, _)| index)
            .collect();
        self.list.select(self.list.selected(), self.shown.len());
    }

    /// How many entries the server gave; `None` before it did.
    pub fn total(&self) -> Option<usize> {
        self.entries.as_ref().map(Vec::len)
    }

    /// How many entries are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether no entries are shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// An entry that is shown.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.entries.as_ref()?.get(*self.shown.get(index)?)
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.shown.len()).filter_map(|index| self.get(index))
    }

    /// The entry under the cursor.
    pub fn selected(&self) -> Option<&T> {
        self.get(self.list.selected())
    }

    /// Move the cursor.
    pub fn step(&mut self, step: Step) {
        self.list.step(step, self.shown.len());
    }
}
