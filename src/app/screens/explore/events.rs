//! The list of events: which ones belong to what is selected, and where the cursor is among them.

use crate::app::editor::Editor;
use crate::app::list::{ListState, Step};
use crate::app::probe::{Inside, Probe, Search};
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

/// How many rows one step looks at. A key is never kept waiting longer than that takes.
const BUDGET: usize = 1 << 20;

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
    /// The subjects of the events that mention the value.
    mentioned_in: FxHashSet<u32>,
    marked: Arc<Vec<bool>>,
    probe: Option<Probe>,
    problem: Option<String>,
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
            mentioned_in: FxHashSet::default(),
            marked: Arc::default(),
            probe: None,
            problem: None,
        }
    }
}

impl Events {
    /// An empty list that is looked at as this one is.
    pub fn like(&self) -> Self {
        Self { newest_first: self.newest_first, ..Self::default() }
    }

    /// Whose events are shown.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Show the events of something else.
    pub fn set_scope(&mut self, scope: Scope, log: &EventLog) {
        if self.scope != scope {
            self.scope = scope;
            self.marked = Arc::default();
            self.restart(log);
        }
    }

    /// The filter was changed: look again, from the start.
    pub fn filter_changed(&mut self, log: &EventLog) {
        let text = self.filter.as_ref().map(Editor::text).unwrap_or_default();
        match Probe::new(&text) {
            // What is being typed is often not right yet: the last filter that was right stays.
            Err(error) => self.problem = Some(error.to_string()),
            Ok(probe) => {
                self.problem = None;
                if self.probe != probe {
                    self.probe = probe;
                    self.restart(log);
                }
            }
        }
    }

    fn restart(&mut self, log: &EventLog) {
        self.positions.clear();
        self.mentioned_in.clear();
        self.scanned = 0;
        self.list.select(0, 0);
        self.advance(log);
    }

    /// Look at events that were not looked at yet, within a budget. Gives whether all are done.
    ///
    /// With a filter this does nothing: texts are looked through on other threads, see [`Events::wanted`].
    pub fn advance(&mut self, log: &EventLog) -> bool {
        if self.sought().is_some() {
            return true;
        }
        let inside = self.inside(log);
        let to = log.end().min(self.scanned + BUDGET);
        let rows = (self.scanned..).zip(log.rows_at(self.scanned..to));
        let found = rows.filter(|(_, row)| inside.covers(row)).map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX));
        let found: Vec<u32> = found.collect();
        self.add(to, &found);
        self.scanned >= log.end()
    }

    /// The search that is to be made: through the events that were not looked at yet.
    pub fn wanted(&mut self, log: &EventLog) -> Option<Search> {
        let probe = self.sought().filter(|_| self.scanned < log.end())?;
        Some(Search { view: log.view().clone(), from: self.scanned, inside: self.inside(log), probe })
    }

    /// What texts must be looked through for: the filter, the value that is traced, or both.
    fn sought(&self) -> Option<Probe> {
        match &self.scope {
            Scope::Trace(mention) => Some(Probe::mention(Arc::clone(mention), self.probe.clone())),
            _ => self.probe.clone(),
        }
    }

    /// A search has looked at everything before `scanned` and found these.
    pub fn found(&mut self, scanned: usize, positions: &[u32], log: &EventLog) {
        if matches!(self.scope, Scope::Trace(_)) {
            let rows = positions.iter().filter_map(|position| log.row(*position as usize));
            self.mentioned_in.extend(rows.map(|row| row.subject));
        }
        self.add(scanned, positions);
    }

    /// A search is over; an event that could not be judged is told once.
    pub fn searched(&mut self, scanned: usize, problem: Option<String>) {
        self.scanned = self.scanned.max(scanned);
        self.problem = self.problem.take().or(problem);
    }

    fn add(&mut self, scanned: usize, found: &[u32]) {
        let selected = self.selected();
        let on_newest = self.list.selected() == 0 && self.newest_first;
        self.positions.extend_from_slice(found);
        self.scanned = self.scanned.max(scanned);
        // The cursor stays on its event while others come in, and on the newest when it was there.
        match selected.filter(|_| !on_newest).and_then(|position| self.index_of(position)) {
            Some(index) => self.list.follow(index, self.positions.len()),
            None => self.list.select(self.list.selected(), self.positions.len()),
        }
    }

    /// Which rows belong to the scope.
    fn inside(&mut self, log: &EventLog) -> Inside {
        match &self.scope {
            // A broken line belongs to no subject; the whole store is where it is seen.
            Scope::Subject(root) if root == "/" => Inside::All,
            Scope::Subject(root) => {
                let marked = Arc::make_mut(&mut self.marked);
                let next = marked.len();
                marked.extend(log.subjects().iter().skip(next).map(|subject| is_under(subject, root)));
                Inside::Subjects(Arc::clone(&self.marked))
            }
            Scope::Trace(_) => Inside::Events,
            Scope::Kind(name) => Inside::Kind(log.kinds().find(name).unwrap_or(Row::BROKEN)),
        }
    }

    /// What is wrong with the filter, or could not be judged with it.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
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

    /// What is looked for, for marking it.
    pub fn probe(&self) -> Option<&Probe> {
        self.probe.as_ref()
    }
}
