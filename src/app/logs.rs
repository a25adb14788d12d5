//! The logs of a session: the one that is on show, and those that were shown lately.
//!
//! A large store is loaded in parts: its first page, a subject that was opened, its newest events. Each part has a log
//! of its own, and one of them is on show. Owns which log holds what, and which are kept. How a log is loaded is the
//! matter of `loading`.

use super::world::{Loading, Origin, World};
use crate::model::log::EventLog;
use crate::model::subject::is_under;
use std::mem::{replace, swap};

/// Names a log.
pub type LogId = u32;

/// The log of the whole store, from its first event on.
pub const FIRST: LogId = 0;

/// So many logs are kept besides the one on show, the store's first one not counted.
const KEPT: usize = 8;
/// When the texts of the kept logs have more bytes than that, the oldest of them go.
const KEPT_BYTES: u64 = 512 << 20;

/// Which events a log is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The subject; it and everything below it.
    pub subject: String,
    /// The ID of the first event, where that is not the subject's first one.
    pub from: Option<String>,
}

impl Part {
    /// All events at and below a subject.
    pub fn of(subject: &str) -> Self {
        Self { subject: subject.to_owned(), from: None }
    }

    /// The whole store, from its first event on.
    pub fn store() -> Self {
        Self::of("/")
    }

    /// Whether it is of the whole store, wherever it begins.
    pub fn is_store(&self) -> bool {
        self.subject == "/"
    }
}

/// A log that is not on show.
#[derive(Debug)]
pub struct Parked {
    id: LogId,
    part: Part,
    log: EventLog,
    loading: Loading,
    goal: Option<usize>,
    named: usize,
    /// It was still loading when another one was shown.
    goes_on: bool,
}

impl World {
    /// The log of a part, an empty one when there is none yet. It is not on show by that.
    pub fn open(&mut self, part: Part) -> LogId {
        if self.part == part {
            return self.shown;
        }
        if let Some(parked) = self.parked.iter().find(|parked| parked.part == part) {
            return parked.id;
        }
        self.last_log += 1;
        self.parked.push(Parked {
            id: self.last_log,
            part,
            log: EventLog::default(),
            loading: Loading::Idle,
            goal: self.page,
            named: 0,
            goes_on: true,
        });
        self.last_log
    }

    /// Show a log. Gives whether it has to be loaded, or loaded further, now.
    ///
    /// The one that was on show is kept; the loading of it must have been stopped.
    pub fn show(&mut self, id: LogId) -> bool {
        let Some(at) = self.parked.iter().position(|parked| parked.id == id) else { return false };
        let mut other = self.parked.remove(at);
        let goes_on = replace(&mut other.goes_on, self.is_loading());
        if other.goes_on {
            self.loading = Loading::Stopped;
        }
        swap(&mut self.shown, &mut other.id);
        swap(&mut self.part, &mut other.part);
        swap(&mut self.log, &mut other.log);
        swap(&mut self.loading, &mut other.loading);
        swap(&mut self.goal, &mut other.goal);
        swap(&mut self.named, &mut other.named);
        self.parked.push(other);
        self.forget_old();
        goes_on
    }

    /// Forget the logs that were shown longest ago.
    fn forget_old(&mut self) {
        let base = self.base;
        let may_go = |parked: &Parked| parked.id != FIRST && parked.id != base;
        loop {
            let (count, bytes) = self
                .parked
                .iter()
                .filter(|parked| may_go(parked))
                .fold((0, 0), |(count, bytes), parked| (count + 1, bytes + parked.log.bytes()));
            // The one that was on show a moment ago stays: the user may only have looked aside.
            if count <= 1 || (count <= KEPT && bytes <= KEPT_BYTES) {
                return;
            }
            match self.parked.iter().position(may_go) {
                Some(at) => drop(self.parked.remove(at)),
                None => return,
            }
        }
    }

    /// Whether a log is still there.
    pub fn has_log(&self, id: LogId) -> bool {
        self.shown == id || self.parked.iter().any(|parked| parked.id == id)
    }

    /// All logs that are there with their parts, the one on show first, then those shown last.
    pub fn logs(&self) -> impl Iterator<Item = (LogId, &Part, &EventLog)> {
        let parked = self.parked.iter().rev().map(|parked| (parked.id, &parked.part, &parked.log));
        std::iter::once((self.shown, &self.part, &self.log)).chain(parked)
    }

    /// The log in which the events of a subject are best looked at; that of the store for anything else.
    pub fn log_of(&self, subject: Option<&str>) -> LogId {
        // What is loaded as a whole needs no other log, and is not to be stopped by a look at one.
        let loads_all = self.shows_first() && self.is_loading() && self.goal.is_none();
        if loads_all || self.store_is_whole() {
            return FIRST;
        }
        let Some(subject) = subject.filter(|subject| *subject != "/") else { return self.base };
        let ends = std::iter::once((self.shown, &self.part, &self.loading))
            .chain(self.parked.iter().rev().map(|parked| (parked.id, &parked.part, &parked.loading)));
        let own: Vec<_> = ends.filter(|(_, part, _)| !part.is_store() && is_under(subject, &part.subject)).collect();
        let exact = own.iter().find(|(_, part, _)| part.subject == subject);
        // A page of a subject holds more of what is below it than the store's first page does.
        let holds_more = |loading: &Loading| self.base == FIRST || *loading == Loading::Complete;
        let above = own.iter().find(|(_, part, loading)| part.from.is_none() && holds_more(loading));
        exact.or(above).map_or(self.base, |(id, ..)| *id)
    }

    /// Whether the log on show is the store's, from its first event on.
    pub fn shows_first(&self) -> bool {
        self.shown == FIRST
    }

    /// Whether the store's first log holds everything, as far as is known.
    pub fn store_is_whole(&self) -> bool {
        let loading = match self.shows_first() {
            true => &self.loading,
            false => match self.parked.iter().find(|parked| parked.id == FIRST) {
                Some(parked) => &parked.loading,
                None => return false,
            },
        };
        *loading == Loading::Complete
    }

    /// How many events the store's first log has.
    pub fn store_len(&self) -> usize {
        self.logs().find(|(id, ..)| *id == FIRST).map_or(0, |(_, _, log)| log.len())
    }

    /// Whether the store is read in pages, and is not here as a whole. While its first events come in and nothing says
    /// that there are more than a page, it is not.
    pub fn is_part(&self) -> bool {
        let begins = self.shows_first() && self.is_loading() && self.census.is_unasked();
        let is_file = matches!(self.connection.origin, Origin::File(_));
        self.page.is_some() && !is_file && !begins && !self.store_is_whole()
    }

    /// Whether the log on show holds its part from the first event to the last, as far as is known.
    pub fn is_whole(&self) -> bool {
        self.begins_at_first() && self.reaches_end()
    }

    /// Whether nothing comes behind the log's last event, as far as is known.
    pub fn reaches_end(&self) -> bool {
        self.loading == Loading::Complete && self.missing() == 0
    }

    /// Whether nothing that came before the log's first event is left out.
    pub fn begins_at_first(&self) -> bool {
        self.part.from.is_none() && self.log.first() == 0
    }

    /// Whether all events at and below a subject are in the log on show, as far as is known.
    pub fn has_all_of(&self, subject: &str) -> bool {
        if !self.begins_at_first() || !is_under(subject, &self.part.subject) {
            return false;
        }
        let counted = || {
            let node = self.tree.find(subject)?;
            Some(self.shows_first() && self.tree.is_exact(node) && self.tree.loaded(node) == self.tree.total(node))
        };
        self.loading == Loading::Complete || counted() == Some(true)
    }

    /// Whether the events of a subject are on their way into the log on show, all of them.
    pub fn awaits_all_of(&self, subject: &str) -> bool {
        let reaches = match (self.goal, self.all()) {
            (None, _) => true,
            (Some(goal), Some(all)) => all <= goal as u64,
            (Some(_), None) => false,
        };
        self.is_loading() && self.begins_at_first() && is_under(subject, &self.part.subject) && reaches
    }

    /// How many events the log's subject has, as far as is known.
    pub fn all(&self) -> Option<u64> {
        let node = self.tree.find(&self.part.subject).filter(|node| self.tree.is_exact(*node));
        let counted = node.map(|node| self.tree.total(node));
        let told = if self.part.is_store() { self.health.events() } else { None };
        counted.max(told)
    }

    /// How many events the server has behind those of the log on show, as far as is known. They are new when the log
    /// had everything, and not loaded yet when it had not.
    pub fn missing(&self) -> u64 {
        match self.begins_at_first() {
            true => self.all().unwrap_or(0).saturating_sub(self.log.len() as u64),
            false => 0,
        }
    }
}
