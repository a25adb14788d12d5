//! What all screens look at: the connection, the events that were loaded, the server's health.

use super::census::Census;
use super::export::running::Exports;
use super::health::{Health, Polls};
use super::kinds::Kinds;
use super::logs::{FIRST, LogId, Parked, Part};
use super::message::{Failure, Now};
use crate::model::log::EventLog;
use crate::model::tree::SubjectTree;
use std::time::Duration;

/// What gdbx is connected to, as the screen names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The connection's name, or its address when it has none.
    pub name: String,
    /// The address, without anything secret.
    pub url: String,
    /// What stands behind it.
    pub origin: Origin,
    /// Marked as production in the configuration: shown in red, and named in every question before a write.
    pub production: bool,
    /// Whether writing is off.
    pub read_only: bool,
}

/// What stands behind a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A GenesisDB server.
    Server,
    /// The embedded store with the demo data set; nothing is kept.
    Demo,
    /// A backup that is read where it lies, by its name; nothing is written to it.
    File(String),
}

/// How far the loading of events is.
#[derive(Clone, Debug, PartialEq)]
pub enum Loading {
    /// It has not begun.
    Idle,
    /// Events are coming in.
    Running {
        /// Since when, since the start of the app.
        since: Duration,
        /// How many events there were then.
        before: usize,
    },
    /// Everything that the server had is here.
    Complete,
    /// A page is full, and the server has more.
    Paged,
    /// The user stopped it.
    Stopped,
    /// It ended early.
    Failed(Failure),
}

/// What all screens look at.
#[derive(Debug)]
pub struct World {
    /// What gdbx is connected to.
    pub connection: Connection,
    /// The events that are on show.
    pub log: EventLog,
    /// Which events these are.
    pub part: Part,
    /// Which of the logs they are.
    pub(super) shown: LogId,
    /// The log of the store to which the screens come back: the first one, or that of its newest events.
    pub base: LogId,
    /// The logs that are not on show, the one that was on show last at the end.
    pub(super) parked: Vec<Parked>,
    pub(super) last_log: LogId,
    /// How many subjects of the log are in the tree.
    pub(super) named: usize,
    /// The subjects of the store, as far as they are known.
    pub tree: SubjectTree,
    /// The event types of the store, as far as they are known.
    pub kinds: Kinds,
    /// How far the server has counted both.
    pub census: Census,
    /// How far the loading of the log on show is.
    pub loading: Loading,
    /// How many events a page has; without one, everything is loaded.
    pub page: Option<usize>,
    /// How long the log on show is to become before it is enough; without one, everything is loaded.
    pub goal: Option<usize>,
    /// What is known of the server.
    pub health: Health,
    /// The list that is being written to a file.
    pub exports: Exports,
    /// When the current update happens.
    pub now: Now,
    /// The window's size, in columns and rows.
    pub size: (u16, u16),
    /// The zone in which times are shown and typed.
    pub zone: jiff::tz::TimeZone,
}

impl Connection {
    /// Why nothing is written through it, as a sentence; `None` when it may be.
    pub fn why_read_only(&self) -> Option<&'static str> {
        match (&self.origin, self.read_only) {
            (_, false) => None,
            (Origin::File(_), true) => Some("A backup is only read: nothing is written to it."),
            (_, true) => {
                Some("This connection is read-only: nothing is written through it. Its configuration says so.")
            }
        }
    }
}

impl World {
    /// Nothing is loaded yet.
    pub fn new(connection: Connection, polls: Polls) -> Self {
        Self {
            connection,
            log: EventLog::default(),
            part: Part::store(),
            shown: FIRST,
            base: FIRST,
            parked: Vec::new(),
            last_log: FIRST,
            named: 0,
            tree: SubjectTree::default(),
            kinds: Kinds::default(),
            census: Census::default(),
            loading: Loading::Idle,
            page: None,
            goal: None,
            health: Health::new(polls),
            exports: Exports::default(),
            now: Now::default(),
            size: (80, 24),
            zone: jiff::tz::TimeZone::UTC,
        }
    }

    /// Take loaded events over.
    pub fn append(&mut self, batch: crate::model::log::Decoded) {
        let range = self.log.append(batch);
        if self.shows_first() {
            self.tree.add(&self.log, range.clone());
            self.kinds.add(&self.log, range);
        } else {
            // The tree counts the store's events; of another log it takes the names.
            for number in self.named..self.log.subjects().len() {
                self.tree.insert(self.log.subjects().text(u32::try_from(number).unwrap_or(u32::MAX)));
            }
            self.named = self.log.subjects().len();
        }
    }

    /// Whether events are coming in.
    pub fn is_loading(&self) -> bool {
        matches!(self.loading, Loading::Running { .. })
    }

    /// The log that is on show.
    pub fn shown(&self) -> LogId {
        self.shown
    }

    /// Load in pages of so many events; without a number, everything at once.
    pub fn load_in_pages(&mut self, page: Option<usize>) {
        (self.page, self.goal) = (page, page);
    }
}
