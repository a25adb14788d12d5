//! A line that is typed below the text: a tab's new name, a name to save a query under, what to look for.

use crate::app::line::TypedLine;
use std::ops::Range;

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Another name for the tab.
    Rename,
    /// The name to save the query under.
    SaveAs,
    /// Another name for a saved query.
    RenameSaved,
    /// A text to look for in the query.
    Find,
}

impl Purpose {
    /// What stands before the line, or above it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rename => "name of the tab",
            Self::SaveAs => "save as",
            Self::RenameSaved => "name of the query",
            Self::Find => "find",
        }
    }
}

/// A line that is being typed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is for.
    pub purpose: Purpose,
    /// What was typed.
    pub input: TypedLine,
    /// Where the cursor of the text was when it was opened.
    pub origin: usize,
    /// Where in the text what was typed stands, when it is looked for.
    pub places: Places,
}

impl Entry {
    /// Begin with a text, which is selected: what is typed takes its place.
    pub fn new(purpose: Purpose, text: &str, origin: usize) -> Self {
        Self { purpose, input: TypedLine::offering(text), origin, places: Places::default() }
    }
}

/// No more places than this are found.
const MOST: usize = 100_000;

/// Where a text stands in another one; capitals do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Vec<Range<usize>>);

impl Places {
    /// All places of a text, from the first on. A text of nothing stands nowhere.
    pub fn of(wanted: &str, text: &str) -> Self {
        let pattern = regex::RegexBuilder::new(&regex::escape(wanted)).case_insensitive(true).build();
        let Some(pattern) = pattern.ok().filter(|_| !wanted.is_empty()) else { return Self::default() };
        Self(pattern.find_iter(text).take(MOST).map(|found| found.range()).collect())
    }

    /// All of them.
    pub fn all(&self) -> &[Range<usize>] {
        &self.0
    }

    /// Which of them begins at a byte, counted from 0.
    pub fn at(&self, offset: usize) -> Option<usize> {
        self.0.binary_search_by_key(&offset, |place| place.start).ok()
    }

    /// The first that begins at a byte or behind it, else the first of all.
    pub fn next(&self, from: usize) -> Option<usize> {
        let at = self.0.partition_point(|place| place.start < from);
        self.0.get(at).or(self.0.first()).map(|place| place.start)
    }

    /// The last that begins before a byte, else the last of all.
    pub fn previous(&self, before: usize) -> Option<usize> {
        let at = self.0.partition_point(|place| place.start < before);
        at.checked_sub(1).and_then(|at| self.0.get(at)).or(self.0.last()).map(|place| place.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_from_the_cursor_on_and_then_from_the_beginning() {
        let text = "STREAM é FROM events\nWHERE é.type == 'É'";
        let all: Vec<usize> = text.match_indices(['é', 'É']).map(|(at, _)| at).collect();
        let places = Places::of("É", text);
        assert_eq!(places.all().iter().map(|place| place.start).collect::<Vec<_>>(), all);
        assert_eq!(
            (places.next(0), places.next(all[0] + 1), places.next(text.len() + 9)),
            (Some(all[0]), Some(all[1]), Some(all[0]))
        );
        assert_eq!((places.previous(all[1]), places.previous(all[0])), (Some(all[0]), Some(all[2])));
        assert_eq!((places.at(all[1]), places.at(all[1] + 1)), (Some(1), None));
        for nowhere in ["(", ""] {
            let places = Places::of(nowhere, text);
            assert_eq!((places.next(3), places.previous(3), places.all().len()), (None, None, 0));
        }
    }
}
