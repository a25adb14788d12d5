//! The queries that were run, in this session and before, to go back to.
//!
//! What is in an editor is never lost by going back: it is the last entry of that editor's [`Recall`].

use crate::app::desk::Ran;

/// No more than this are remembered.
const KEPT: usize = 10_000;
/// A run that ends is looked for among so many of the last texts.
const RECENT: usize = 100;

/// Texts that were run, oldest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Vec<Entry>,
}

/// A text that was run, or made way for another one.
#[derive(Clone, Debug)]
struct Entry {
    text: String,
    /// What came of it, once that is known.
    ran: Option<Ran>,
}

/// Where in the history an editor is.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    /// The entry in the editor; `None` while it is the user's own text.
    at: Option<usize>,
    /// What was in the editor before the user went back.
    own: String,
}

impl Recall {
    /// What was in the editor before an earlier query was brought back into it.
    pub fn own(&self) -> Option<&str> {
        self.at.map(|_| self.own.as_str()).filter(|own| !own.trim().is_empty())
    }
}

impl History {
    /// The runs of earlier sessions, oldest first.
    pub fn take_up(&mut self, runs: Vec<Ran>) {
        let entries = runs.into_iter().map(|ran| Entry { text: ran.query.clone(), ran: Some(ran) });
        self.entries.splice(0..0, entries);
    }

    /// All runs that have ended, the newest first.
    pub fn runs(&self) -> impl Iterator<Item = &Ran> {
        self.entries.iter().rev().filter_map(|entry| entry.ran.as_ref())
    }

    /// Whether a run of this text has ended, so that it is kept.
    pub fn has_run(&self, text: &str) -> bool {
        self.entries.iter().any(|entry| entry.ran.is_some() && entry.text == text)
    }

    /// A text is run, or makes way for another one.
    pub fn remember(&mut self, text: &str) {
        if !text.trim().is_empty() && self.entries.last().is_none_or(|last| last.text != text) {
            self.push(Entry { text: text.to_owned(), ran: None });
        }
    }

    /// A run has ended.
    pub fn ran(&mut self, ran: Ran) {
        let mut recent = self.entries.iter_mut().rev().take(RECENT);
        match recent.find(|entry| entry.ran.is_none() && entry.text == ran.query) {
            Some(entry) => entry.ran = Some(ran),
            None => self.push(Entry { text: ran.query.clone(), ran: Some(ran) }),
        }
    }

    fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        let above = self.entries.len().saturating_sub(KEPT);
        self.entries.drain(..above);
    }

    fn text(&self, at: usize) -> Option<&str> {
        self.entries.get(at).map(|entry| entry.text.as_str())
    }

    /// The text before the one in the editor, which is `current`.
    pub fn back(&mut self, recall: &mut Recall, current: &str) -> Option<String> {
        self.keep(recall, current);
        let from = recall.at.unwrap_or(self.entries.len());
        let at = (0..from).rev().find(|at| self.text(*at).is_some_and(|text| text != current))?;
        recall.at = Some(at);
        self.text(at).map(str::to_owned)
    }

    /// The text after the one in the editor, which is `current`; at last the user's own.
    pub fn forward(&mut self, recall: &mut Recall, current: &str) -> Option<String> {
        let from = recall.at?;
        self.keep(recall, current);
        let mut later = from + 1..self.entries.len();
        recall.at = later.find(|at| self.text(*at).is_some_and(|text| text != current));
        match recall.at {
            Some(at) => self.text(at).map(str::to_owned),
            None => Some(std::mem::take(&mut recall.own)),
        }
    }

    /// Keep what would be lost: the user's own text, or an entry that was changed.
    fn keep(&mut self, recall: &mut Recall, current: &str) {
        match recall.at.and_then(|at| self.text(at)) {
            None => recall.own = current.to_owned(),
            Some(text) if text == current => {}
            Some(_) => {
                let before = std::mem::replace(&mut recall.own, current.to_owned());
                if !before.trim().is_empty() && self.entries.iter().all(|entry| entry.text != before) {
                    self.push(Entry { text: before, ran: None });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let mut history = History::default();
        ["one", "two", "two", " "].iter().for_each(|text| history.remember(text));
        history
    }

    #[test]
    fn goes_back_and_forward_to_the_users_own_text() {
        let (mut history, mut recall) = (history(), Recall::default());
        assert_eq!(history.forward(&mut recall, "own"), None);
        assert_eq!(history.back(&mut recall, "own").as_deref(), Some("two"));
        assert_eq!(history.back(&mut recall, "two").as_deref(), Some("one"));
        assert_eq!(history.back(&mut recall, "one"), None);
        assert_eq!(history.forward(&mut recall, "one").as_deref(), Some("two"));
        assert_eq!(history.forward(&mut recall, "two").as_deref(), Some("own"));
        assert_eq!(history.forward(&mut recall, "own"), None);
    }

    #[test]
    fn the_text_that_was_just_run_is_not_what_one_goes_back_to() {
        let (mut history, mut recall) = (history(), Recall::default());
        assert_eq!(history.back(&mut recall, "two").as_deref(), Some("one"));
        assert_eq!(history.forward(&mut recall, "one").as_deref(), Some("two"));
    }

    #[test]
    fn an_entry_that_was_changed_is_not_lost_and_neither_is_the_text_before() {
        let (mut history, mut recall) = (history(), Recall::default());
        history.back(&mut recall, "own");
        assert_eq!(history.back(&mut recall, "two, changed").as_deref(), Some("one"));
        let mut seen = Vec::new();
        while let Some(text) = history.forward(&mut recall, seen.last().map_or("one", String::as_str)) {
            seen.push(text);
        }
        assert_eq!(seen, ["two", "own", "two, changed"]);
    }

    #[test]
    fn is_bounded() {
        let mut history = History::default();
        (0..KEPT + 9).for_each(|n| history.remember(&n.to_string()));
        assert_eq!((history.entries.len(), history.text(0).unwrap()), (KEPT, "9"));
    }
}
