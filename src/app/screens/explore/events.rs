//! The list of events: which ones belong to what is selected, and where the cursor is among them.

#[cfg(test)]
mod tests;

use super::bounds::{Bounds, Latest};
use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::app::probe::{Inside, Probe, Search};
use crate::model::log::{EventLog, Row};
use crate::model::mention::Mention;
use crate::model::subject::is_under;
use rustc_hash::FxHashSet;
use std::ops::Range;
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
    pub filter: Option<TypedLine>,
    /// Whether the filter is being typed.
    pub filtering: bool,
    /// Whether the newest event stands on top.
    pub newest_first: bool,
    scope: Scope,
    bounds: Bounds,
    /// Whether events that do not match the filter are shown, too.
    shows_all: bool,
    positions: Vec<u32>,
    /// Those that match the filter, where the others are shown, too.
    hits: Vec<u32>,
    /// Every row before this one was looked at.
    listed: usize,
    /// Every text before this one was looked through.
    searched: usize,
    latest: Option<Latest>,
    /// The event to which the cursor goes back as soon as it is in the list.
    awaited: Option<u32>,
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
            bounds: Bounds::default(),
            shows_all: false,
            positions: Vec::new(),
            hits: Vec::new(),
            listed: 0,
            searched: 0,
            latest: None,
            awaited: None,
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

    /// The part of the log that is shown.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Show another part of the log. The cursor stays on its event.
    pub fn set_bounds(&mut self, bounds: Bounds, log: &EventLog) {
        if self.bounds != bounds {
            self.bounds = bounds;
            self.restart_here(log);
        }
    }

    /// Whether events that do not match the filter are shown, too.
    pub fn shows_all(&self) -> bool {
        self.shows_all && self.probe.is_some() && !matches!(self.scope, Scope::Trace(_))
    }

    /// Show the events that do not match the filter, or hide them again. The cursor stays on its event.
    pub fn toggle_all(&mut self, log: &EventLog) {
        self.shows_all = !self.shows_all;
        self.restart_here(log);
    }

    /// The filter was changed: look again, from the start.
    pub fn filter_changed(&mut self, log: &EventLog) {
        let text = self.filter.as_ref().map(TypedLine::text).unwrap_or_default();
        match Probe::new(text) {
            // What is being typed is often not right yet: the last filter that was right stays.
            Err(error) => self.problem = Some(error.to_string()),
            Ok(probe) => {
                self.problem = None;
                if self.probe != probe {
                    let is_gone = probe.is_none();
                    self.probe = probe;
                    if is_gone || self.shows_all { self.restart_here(log) } else { self.restart(log) }
                }
            }
        }
    }

    fn restart_here(&mut self, log: &EventLog) {
        let selected = self.selected();
        self.restart(log);
        // Put it back where it is already found, else as soon as it is.
        if !selected.is_some_and(|position| self.select_position(position)) {
            self.awaited = selected.and_then(|position| u32::try_from(position).ok());
            // Until then, and if it is not listed any more, its neighbour is the place.
            let at = self.positions.partition_point(|position| Some(*position) < self.awaited);
            let index = if self.newest_first { self.positions.len().saturating_sub(at + 1) } else { at };
            self.list.select(index, self.positions.len());
        }
    }

    fn restart(&mut self, log: &EventLog) {
        self.positions.clear();
        self.hits.clear();
        self.mentioned_in.clear();
        self.awaited = None;
        self.latest = self.bounds.latest.then(Latest::default);
        self.listed = self.bounds.of(log.view().positions()).start;
        self.searched = self.listed;
        self.list.select(0, 0);
        self.advance(log);
    }

    /// Whether texts are looked through: for the filter, or for a value that is traced.
    pub fn is_searched(&self) -> bool {
        matches!(self.scope, Scope::Trace(_)) || self.probe.is_some()
    }

    /// Whether the list is what the texts are looked through for; else rows tell it.
    fn is_sought(&self) -> bool {
        matches!(self.scope, Scope::Trace(_)) || (self.probe.is_some() && !self.shows_all)
    }

    /// Look at rows that were not looked at yet, within a budget. Gives whether all are done.
    ///
    /// Texts are looked through on other threads, see [`Events::wanted`].
    pub fn advance(&mut self, log: &EventLog) -> bool {
        let end = self.bounds.of(log.view().positions()).end;
        if self.is_sought() && self.latest.is_none() {
            self.listed = end;
            return true;
        }
        let inside = self.inside(log);
        let to = end.min(self.listed + BUDGET);
        let rows = (self.listed..).zip(log.rows_at(self.listed..to)).filter(|(_, row)| inside.covers(row));
        let mut found = Vec::new();
        for (at, row) in rows {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if let Some(latest) = &mut self.latest {
                latest.note(at, row);
            }
            found.push(at);
        }
        self.listed = self.listed.max(to);
        if self.is_sought() {
            found.clear();
        }
        self.add(&found, log);
        self.listed >= end
    }

    /// The search that is to be made: through the texts that were not looked through yet.
    pub fn wanted(&mut self, log: &EventLog) -> Option<Search> {
        let to = self.bounds.of(log.view().positions()).end;
        let probe = self.sought().filter(|_| self.searched < to)?;
        Some(Search { view: log.view().clone(), from: self.searched, to, inside: self.inside(log), probe })
    }

    /// What texts are looked through for: the filter, the value that is traced, or both.
    pub fn sought(&self) -> Option<Probe> {
        match &self.scope {
            Scope::Trace(mention) => Some(Probe::mention(Arc::clone(mention), self.probe.clone())),
            _ => self.probe.clone(),
        }
    }

    /// A search has looked through everything before `searched` and found these.
    pub fn found(&mut self, searched: usize, positions: &[u32], log: &EventLog) {
        if matches!(self.scope, Scope::Trace(_)) {
            let rows = positions.iter().filter_map(|position| log.row(*position as usize));
            self.mentioned_in.extend(rows.map(|row| row.subject));
        }
        self.searched = self.searched.max(searched);
        let shown = |position: &&u32| self.latest.as_ref().is_none_or(|latest| !latest.is_superseded(**position));
        let positions: Vec<u32> = positions.iter().filter(shown).copied().collect();
        if self.is_sought() {
            self.add(&positions, log);
        } else {
            self.hits.extend(positions);
        }
    }

    /// A search is over; an event that could not be judged is told once.
    pub fn searched(&mut self, searched: usize, problem: Option<String>) {
        self.searched = self.searched.max(searched);
        self.problem = self.problem.take().or(problem);
    }

    /// Put events behind those that are there, and take away what they supersede.
    fn add(&mut self, found: &[u32], log: &EventLog) {
        let selected = self.selected();
        let on_newest = self.list.selected() == 0 && self.newest_first && self.awaited.is_none();
        self.positions.extend_from_slice(found);
        let mut stays = selected;
        if self.latest.as_mut().is_some_and(Latest::take_changed)
            && let Some(latest) = &self.latest
        {
            self.positions.retain(|position| !latest.is_superseded(*position));
            self.hits.retain(|position| !latest.is_superseded(*position));
            // The cursor goes along to the event that took the place of its own.
            let gone = selected.filter(|at| latest.is_superseded(u32::try_from(*at).unwrap_or(u32::MAX)));
            let successor = gone.and_then(|at| latest.successor(log.row(at)?)).map(|at| at as usize);
            stays = successor.filter(|at| self.index_of(*at).is_some()).or(selected);
        }
        if let Some(index) = self.awaited.and_then(|position| self.index_of(position as usize)) {
            self.awaited = None;
            return self.list.select(index, self.positions.len());
        }
        // The cursor stays on its event while others come in, and on the newest when it was there.
        match stays.filter(|_| !on_newest).and_then(|position| self.index_of(position)) {
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

    /// How many of them match the filter, where all are shown.
    pub fn hits(&self) -> usize {
        self.hits.len()
    }

    /// Whether an event of the list matches the filter, as far as was searched.
    pub fn is_hit(&self, position: usize) -> bool {
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        self.shows_all() && self.hits.binary_search(&position).is_ok()
    }

    /// In how many subjects the traced value is mentioned.
    pub fn subjects(&self) -> usize {
        self.mentioned_in.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// How much of what comes into question was looked at, in percent; `None` when all was.
    pub fn progress(&self, log: &EventLog) -> Option<usize> {
        let Range { start, end } = self.bounds.of(log.view().positions());
        let done = if self.is_searched() { self.searched.min(self.listed) } else { self.listed };
        (done < end).then(|| done.saturating_sub(start) * 100 / (end - start).max(1))
    }

    /// The positions of the events, in the order in which they are shown.
    pub fn in_order(&self) -> Vec<u32> {
        let mut positions = self.positions.clone();
        if self.newest_first {
            positions.reverse();
        }
        positions
    }

    /// The log position of a row of the list.
    pub fn position(&self, index: usize) -> Option<usize> {
        let at = if self.newest_first { self.positions.len().checked_sub(index + 1)? } else { index };
        self.positions.get(at).map(|position| *position as usize)
    }

    /// The row of the list in which an event stands.
    pub fn index_of(&self, position: usize) -> Option<usize> {
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
            self.awaited = None;
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
        self.awaited = None;
        self.list.step(step, self.positions.len())
    }

    /// Go to the next event that matches the filter, in the order that is shown, or to the one before. Gives whether
    /// there is one. Without a filter none matches.
    pub fn step_match(&mut self, forward: bool) -> bool {
        if !self.is_searched() {
            return false;
        }
        if !self.shows_all() {
            return self.step(Step::By(if forward { 1 } else { -1 }));
        }
        let Some(here) = self.selected().and_then(|position| u32::try_from(position).ok()) else { return false };
        let later = forward != self.newest_first;
        let next = match later {
            true => self.hits.get(self.hits.partition_point(|hit| *hit <= here)),
            false => self.hits.partition_point(|hit| *hit < here).checked_sub(1).and_then(|at| self.hits.get(at)),
        };
        next.copied().is_some_and(|position| self.select_position(position as usize))
    }

    /// The filter.
    pub fn probe(&self) -> Option<&Probe> {
        self.probe.as_ref()
    }
}
