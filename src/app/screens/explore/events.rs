//! The list of events: which ones belong to what is selected, and where the cursor is among them.

use crate::app::editor::Editor;
use crate::app::list::{ListState, Step};
use crate::app::needle::Needle;
use crate::model::log::{EventLog, Row};
use crate::model::mention::Mention;
use crate::model::subject::is_under;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Whose events the list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A subject and everything below it.
    Subject(String),
    /// An event type.
    Kind(String),
    /// Every event that mentions a value.
    Trace(Arc<Mention>),
}

impl Scope {
    /// The subject, the event type or the value.
    pub fn name(&self) -> &str {
        match self {
            Self::Subject(name) | Self::Kind(name) => name,
            Self::Trace(mention) => mention.token(),
        }
    }
}

/// How many bytes of text one step of a search looks through. A key is never kept waiting longer than that takes.
const BUDGET: usize = 4 << 20;

/// The list of events, with a cursor.
#[derive(Debug)]
pub struct Events {
    /// The cursor, in the order in which the rows are shown.
    pub list: ListState,
    /// The text that events must contain, while there is one.
    pub filter: Option<Editor>,
    /// Whether the filter is being typed.
    pub filtering: bool,
    /// Whether the newest event stands on top.
    pub newest_first: bool,
    scope: Scope,
    positions: Vec<u32>,
    scanned: usize,
    inside: Vec<bool>,
    /// The subjects of the events that mention the value.
    mentioned_in: FxHashSet<u32>,
    needle: Needle,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            list: ListState::default(),
            filter: None,
            filtering: false,
            newest_first: true,
            scope: Scope::Subject("/".into()),
            positions: Vec::new(),
            scanned: 0,
            inside: Vec::new(),
            mentioned_in: FxHashSet::default(),
            needle: Needle::default(),
        }
    }
}

impl Events {
    /// Whose events are shown.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Show the events of something else.
    pub fn set_scope(&mut self, scope: Scope, log: &EventLog) {
        if self.scope != scope {
            self.scope = scope;
            self.inside.clear();
            self.restart(log);
        }
    }

    /// The filter was changed: look again, from the start.
    pub fn filter_changed(&mut self, log: &EventLog) {
        let text = self.filter.as_ref().map(Editor::text).unwrap_or_default();
        self.needle = Needle::new(&text);
        self.restart(log);
    }

    fn restart(&mut self, log: &EventLog) {
        self.positions.clear();
        self.mentioned_in.clear();
        self.scanned = 0;
        self.list.select(0, 0);
        self.advance(log);
    }

    /// Look at events that were not looked at yet, within a budget. Gives whether all are done.
    pub fn advance(&mut self, log: &EventLog) -> bool {
        let selected = self.selected();
        let on_newest = self.list.selected() == 0 && self.newest_first;
        let kind = match &self.scope {
            Scope::Kind(name) => log.kinds().find(name),
            Scope::Subject(root) => {
                let next = self.inside.len();
                self.inside.extend(log.subjects().iter().skip(next).map(|subject| is_under(subject, root)));
                None
            }
            Scope::Trace(_) => None,
        };
        let whole = matches!(&self.scope, Scope::Subject(root) if root == "/");
        let mut budget = BUDGET;
        while let Some(row) = log.row(self.scanned) {
            if budget == 0 {
                break;
            }
            let inside = match &self.scope {
                // A broken line belongs to no subject; the whole store is where it is seen.
                Scope::Subject(_) => whole || self.inside.get(row.subject as usize).is_some_and(|inside| *inside),
                Scope::Kind(_) => Some(row.kind) == kind && row.kind != Row::BROKEN,
                Scope::Trace(_) => !row.is_broken(),
            };
            let trace = if let Scope::Trace(mention) = &self.scope { Some(mention) } else { None };
            if inside && (trace.is_some() || !self.needle.is_empty()) {
                budget = budget.saturating_sub(row.text_len());
            }
            let line = if inside { log.line(self.scanned) } else { None };
            if let Some(line) = line
                && trace.is_none_or(|mention| mention.matches(line))
                && self.needle.matches(line)
            {
                if trace.is_some() {
                    self.mentioned_in.insert(row.subject);
                }
                self.positions.push(u32::try_from(self.scanned).unwrap_or(u32::MAX));
            }
            self.scanned += 1;
        }
        // The cursor stays on its event while others come in, and on the newest when it was there.
        match selected.filter(|_| !on_newest).and_then(|position| self.index_of(position)) {
            Some(index) => self.list.follow(index, self.positions.len()),
            None => self.list.select(self.list.selected(), self.positions.len()),
        }
        self.scanned >= log.len()
    }

    /// How many events there are in the list.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// In how many subjects the traced value is mentioned.
    pub fn subjects(&self) -> usize {
        self.mentioned_in.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// How many of the log's events were looked at.
    pub fn scanned(&self) -> usize {
        self.scanned
    }

    /// The log position of a row of the list.
    pub fn position(&self, index: usize) -> Option<usize> {
        let at = if self.newest_first { self.positions.len().checked_sub(index + 1)? } else { index };
        self.positions.get(at).map(|position| *position as usize)
    }

    fn index_of(&self, position: usize) -> Option<usize> {
        let at = self.positions.binary_search(&u32::try_from(position).ok()?).ok()?;
        Some(if self.newest_first { self.positions.len() - 1 - at } else { at })
    }

    /// The log position under the cursor.
    pub fn selected(&self) -> Option<usize> {
        self.position(self.list.selected())
    }

    /// Put the cursor on an event. Gives whether it is in the list.
    pub fn select_position(&mut self, position: usize) -> bool {
        let index = self.index_of(position);
        if let Some(index) = index {
            self.list.select(index, self.positions.len());
        }
        index.is_some()
    }

    /// Turn the order round; the cursor stays on its event.
    pub fn turn(&mut self) {
        let selected = self.selected();
        self.newest_first = !self.newest_first;
        if let Some(index) = selected.and_then(|position| self.index_of(position)) {
            self.list.select(index, self.positions.len());
        }
    }

    /// Move the cursor.
    pub fn step(&mut self, step: Step) -> bool {
        self.list.step(step, self.positions.len())
    }

    /// The text that is looked for, for marking it.
    pub fn needle(&self) -> &Needle {
        &self.needle
    }
}
