//! The queries that were run in this session, to go back to.
//!
//! What is in an editor is never lost by going back: it is the last entry of that editor's [`Recall`].

/// No more than this are remembered.
const KEPT: usize = 500;

/// Texts that were run, oldest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Vec<String>,
}

/// Where in the history an editor is.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    /// The entry in the editor; `None` while it is the user's own text.
    at: Option<usize>,
    /// What was in the editor before the user went back.
    own: String,
}

impl History {
    /// A text was run, or makes way for another one.
    pub fn remember(&mut self, text: &str) {
        if !text.trim().is_empty() && self.entries.last().is_none_or(|last| last != text) {
            self.entries.push(text.to_owned());
            let above = self.entries.len().saturating_sub(KEPT);
            self.entries.drain(..above);
        }
    }

    /// The text before the one in the editor, which is `current`.
    pub fn back(&mut self, recall: &mut Recall, current: &str) -> Option<String> {
        self.keep(recall, current);
        let from = recall.at.unwrap_or(self.entries.len());
        let at = (0..from).rev().find(|at| self.entries.get(*at).is_some_and(|entry| entry != current))?;
        recall.at = Some(at);
        self.entries.get(at).cloned()
    }

    /// The text after the one in the editor, which is `current`; at last the user's own.
    pub fn forward(&mut self, recall: &mut Recall, current: &str) -> Option<String> {
        let from = recall.at?;
        self.keep(recall, current);
        let mut later = from + 1..self.entries.len();
        recall.at = later.find(|at| self.entries.get(*at).is_some_and(|entry| entry != current));
        match recall.at {
            Some(at) => self.entries.get(at).cloned(),
            None => Some(std::mem::take(&mut recall.own)),
        }
    }

    /// Keep what would be lost: the user's own text, or an entry that was changed.
    fn keep(&mut self, recall: &mut Recall, current: &str) {
        match recall.at.and_then(|at| self.entries.get(at)) {
            None => recall.own = current.to_owned(),
            Some(entry) if entry == current => {}
            Some(_) => {
                let before = std::mem::replace(&mut recall.own, current.to_owned());
                if !before.trim().is_empty() && !self.entries.contains(&before) {
                    self.entries.push(before);
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
        assert_eq!((history.entries.len(), history.entries[0].as_str()), (KEPT, "9"));
    }
}
