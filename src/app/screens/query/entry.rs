//! A line that is typed below the text: a tab's new name, a name to save a query under, what to look for.

use crate::app::editor::Editor;
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
    /// What stands before the line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rename => "name of the tab: ",
            Self::SaveAs => "save as: ",
            Self::RenameSaved => "name of the query: ",
            Self::Find => "find: ",
        }
    }
}

/// A line that is being typed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is for.
    pub purpose: Purpose,
    /// What was typed.
    pub input: Editor,
    /// Where the cursor of the text was when it was opened.
    pub origin: usize,
}

impl Entry {
    /// Begin with a text, which is selected: what is typed takes its place.
    pub fn new(purpose: Purpose, text: &str, origin: usize) -> Self {
        let mut input = Editor::single(text);
        if !text.is_empty() {
            input.select_all();
        }
        Self { purpose, input, origin }
    }
}

/// Where a text stands next at or behind a byte of another one, else from its beginning; capitals do not count.
pub fn find(text: &str, wanted: &str, from: usize) -> Option<usize> {
    let pattern = regex::RegexBuilder::new(&regex::escape(wanted)).case_insensitive(true).build().ok()?;
    let from = text.ceil_char_boundary(from.min(text.len()));
    let found = pattern.find_at(text, from).or_else(|| pattern.find(text))?;
    (!found.is_empty()).then(|| found.start())
}

/// Everywhere that a text stands in another one.
pub fn find_all(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let pattern = regex::RegexBuilder::new(&regex::escape(wanted)).case_insensitive(true).build();
    let Ok(pattern) = pattern else { return Vec::new() };
    pattern.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()).collect()
}

/// Where a text stands last before a byte of another one, else at its end.
pub fn find_back(text: &str, wanted: &str, before: usize) -> Option<usize> {
    let pattern = regex::RegexBuilder::new(&regex::escape(wanted)).case_insensitive(true).build().ok()?;
    let (mut last, mut earlier) = (None, None);
    for found in pattern.find_iter(text).filter(|found| !found.is_empty()) {
        if found.start() < before {
            earlier = Some(found.start());
        }
        last = Some(found.start());
    }
    earlier.or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_from_the_cursor_on_and_then_from_the_beginning() {
        let text = "STREAM é FROM events\nWHERE é.type == 'É'";
        let all: Vec<usize> = text.match_indices(['é', 'É']).map(|(at, _)| at).collect();
        assert_eq!(find(text, "É", 0), Some(all[0]));
        assert_eq!(find(text, "é", all[0] + 1), Some(all[1]));
        assert_eq!(find(text, "é", text.len() + 9), Some(all[0]));
        assert_eq!(find_back(text, "é", all[1]), Some(all[0]));
        assert_eq!(find_back(text, "é", all[0]), Some(all[2]));
        assert_eq!(find_all(text, "é").iter().map(|range| range.start).collect::<Vec<_>>(), all);
        assert_eq!((find(text, "(", 0), find(text, "", 3)), (None, None));
    }
}
