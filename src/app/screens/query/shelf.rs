//! A list of queries to choose from, over the screen: those that were run, those that were saved, the reference.
//!
//! Owns what is in the list, what was typed to find it and what is chosen. What comes of the choice is the screen's.

use super::history::History;
use super::library::{STARTERS, Saved, about};
use crate::app::desk::Ran;
use crate::app::line::TypedLine;
use crate::app::list::ListState;
use crate::gdbql::reference::{Group, topics};

/// What the list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Runs of queries.
    History,
    /// Saved queries.
    Library,
    /// What the language has.
    Reference,
}

/// Where an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A run.
    Ran(Box<Ran>),
    /// A query that the user has saved.
    Own,
    /// A query that gdbx brings along.
    Starter,
    /// A part of the reference, and what is said of it.
    Topic(Group, &'static str),
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub title: String,
    /// The query.
    pub text: String,
    /// Where it comes from.
    pub source: Source,
    /// What is looked through, in small letters.
    haystack: String,
}

impl Item {
    fn new(title: String, text: String, source: Source, more: &str) -> Self {
        let haystack = format!("{title}\n{text}\n{more}").to_lowercase();
        Self { title, text, source, haystack }
    }
}

/// The list.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// What it is of.
    pub kind: Kind,
    /// What was typed to find something.
    pub input: TypedLine,
    /// The selection.
    pub list: ListState,
    /// Whether the saved queries are still being read.
    pub waits: bool,
    items: Vec<Item>,
    found: Vec<usize>,
}

impl Shelf {
    fn of(kind: Kind, items: Vec<Item>) -> Self {
        let found = (0..items.len()).collect();
        Self { kind, input: TypedLine::default(), list: ListState::default(), waits: false, items, found }
    }

    /// The runs, the newest first.
    pub fn history(history: &History) -> Self {
        let item = |ran: &Ran| {
            let values: Vec<&str> = ran.parameters.values().map(String::as_str).collect();
            let error = ran.error.as_deref().unwrap_or_default();
            let more = format!("{} {} {} {} {error}", ran.connection, ran.url, ran.when, values.join(" "));
            Item::new(headline(&ran.query), ran.query.clone(), Source::Ran(Box::new(ran.clone())), &more)
        };
        Self::of(Kind::History, history.runs().map(item).collect())
    }

    /// The saved queries, the user's own before those of gdbx.
    pub fn library(own: &[Saved], waits: bool) -> Self {
        let mut items: Vec<Item> =
            own.iter().map(|saved| Item::new(saved.name.clone(), saved.text.clone(), Source::Own, "")).collect();
        let starters = STARTERS
            .iter()
            .map(|(name, text)| Item::new((*name).to_owned(), text.trim_end().to_owned(), Source::Starter, "gdbx"));
        items.extend(starters);
        Self { waits, ..Self::of(Kind::Library, items) }
    }

    /// The reference.
    pub fn reference() -> Self {
        let item = |topic: crate::gdbql::reference::Topic| {
            let more = format!("{} {}", topic.group.name(), topic.text);
            Item::new(topic.name.to_owned(), topic.example.to_owned(), Source::Topic(topic.group, topic.text), &more)
        };
        Self::of(Kind::Reference, topics().into_iter().map(item).collect())
    }

    /// The saved queries have changed, one of them perhaps its name: what was typed and chosen stays as far as it can.
    pub fn renew(&mut self, own: &[Saved], renamed: Option<&str>) {
        let untouched = self.waits && self.list.selected() == 0;
        let (row, list, input) = (self.list.selected(), self.list.clone(), self.input.clone());
        let chosen = self.chosen().map(|item| (item.source.clone(), item.title.clone()));
        let chosen = renamed.map(|name| (Source::Own, name.to_owned())).or(chosen);
        *self = Self { input, list, ..Self::library(own, false) };
        self.search();
        let is_chosen =
            |item: &Item| chosen.as_ref().is_some_and(|(source, title)| (source, title) == (&item.source, &item.title));
        let at = (0..self.len()).find(|at| self.item(*at).is_some_and(is_chosen)).unwrap_or(row);
        self.list.select(if untouched { 0 } else { at }, self.found.len());
    }

    /// What was typed has changed: every word must be somewhere in an entry. Those with all of them in their title come
    /// first.
    pub fn search(&mut self) {
        let typed = self.input.text().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let has_all =
            |text: &str| words.iter().all(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
        let fits = self.items.iter().enumerate().filter(|(_, item)| has_all(&item.haystack)).map(|(at, _)| at);
        let (named, others): (Vec<usize>, Vec<usize>) = fits.partition(|at| {
            self.kind != Kind::History && self.title(*at).is_some_and(|title| has_all(&title.to_lowercase()))
        });
        self.found = named.into_iter().chain(others).collect();
        self.list.select(0, self.found.len());
    }

    fn title(&self, at: usize) -> Option<&str> {
        self.items.get(at).map(|item| item.title.as_str())
    }

    /// How many entries fit.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether no entry fits.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many entries there are.
    pub fn all(&self) -> usize {
        self.items.len()
    }

    /// The entry at a position of the list.
    pub fn item(&self, at: usize) -> Option<&Item> {
        self.items.get(*self.found.get(at)?)
    }

    /// The entry that is chosen.
    pub fn chosen(&self) -> Option<&Item> {
        self.item(self.list.selected())
    }
}

/// A query in one line: what its comment says, and the query without line ends.
fn headline(text: &str) -> String {
    let bare: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.starts_with("--") && !line.starts_with("//")).collect();
    let query = bare.join(" ");
    match about(text) {
        "" => query.trim().to_owned(),
        about => format!("{about}: {}", query.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_in(shelf: &mut Shelf, text: &str) -> Vec<String> {
        shelf.input = TypedLine::new(text);
        shelf.search();
        (0..shelf.len()).filter_map(|at| shelf.item(at)).map(|item| item.title.clone()).collect()
    }

    #[test]
    fn an_entry_is_found_by_any_words_that_are_in_it() {
        let mut history = History::default();
        for (query, connection) in
            [("-- Money\nSTREAM e FROM events\nMAP SUM(e.data.total)", "shop"), ("STREAM e FROM events", "lab")]
        {
            history.ran(Ran { query: query.into(), connection: connection.into(), ..Ran::default() });
        }
        let mut shelf = Shelf::history(&history);
        assert_eq!(
            type_in(&mut shelf, ""),
            ["STREAM e FROM events", "Money: STREAM e FROM events MAP SUM(e.data.total)"]
        );
        assert_eq!(type_in(&mut shelf, "total MONEY").len(), 1);
        assert_eq!(type_in(&mut shelf, "lab"), ["STREAM e FROM events"]);
        assert_eq!(type_in(&mut shelf, "nothing of it"), [""; 0]);
    }

    #[test]
    fn titles_come_before_texts_and_own_queries_before_those_of_gdbx() {
        let own = [Saved { name: "mine".into(), text: "STREAM e FROM events -- busiest".into() }];
        let mut shelf = Shelf::library(&own, false);
        assert_eq!((shelf.all(), shelf.item(0).map(|item| &item.source)), (STARTERS.len() + 1, Some(&Source::Own)));
        assert_eq!(type_in(&mut shelf, "busiest"), ["busiest subjects", "mine"]);
        shelf.list.select(1, 2);
        shelf.renew(&[], None);
        assert_eq!(shelf.chosen().map(|item| item.title.as_str()), Some("busiest subjects"));
    }

    #[test]
    fn a_query_that_is_renamed_stays_chosen_beside_one_of_its_old_name() {
        let saved = |name: &str| Saved { name: name.into(), text: "STREAM e FROM events".into() };
        let mut shelf = Shelf::library(&[saved("busiest subjects"), saved("mine")], false);
        shelf.list.show(5, shelf.len());
        shelf.renew(&[saved("mine"), saved("my busiest")], Some("my busiest"));
        assert_eq!(shelf.chosen().map(|item| (item.title.as_str(), &item.source)), Some(("my busiest", &Source::Own)));
        assert_eq!(shelf.list.show(5, shelf.len()), 0..5);
        // One that was removed leaves its row to the next one.
        shelf.renew(&[saved("mine")], None);
        assert_eq!((shelf.list.selected(), shelf.item(0).map(|item| item.title.as_str())), (1, Some("mine")));
    }

    #[test]
    fn the_reference_has_every_function() {
        let mut shelf = Shelf::reference();
        for function in crate::gdbql::ast::Function::ALL {
            let typed = format!("{}(", function.name());
            assert!(type_in(&mut shelf, &typed)[0].starts_with(&typed));
        }
    }
}
