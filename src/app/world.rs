//! What all screens look at: the connection, the events that were loaded, the server's health.

use super::health::{Health, Polls};
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
    /// The embedded store with a backup that was opened; nothing is kept.
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
    /// The events that were loaded.
    pub log: EventLog,
    /// Their subjects.
    pub tree: SubjectTree,
    /// How many events of each type there are, by the type's number.
    pub kind_counts: Vec<u64>,
    /// How far the loading is.
    pub loading: Loading,
    /// What is known of the server.
    pub health: Health,
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
            tree: SubjectTree::default(),
            kind_counts: Vec::new(),
            loading: Loading::Idle,
            health: Health::new(polls),
            now: Now::default(),
            size: (80, 24),
            zone: jiff::tz::TimeZone::UTC,
        }
    }

    /// Take loaded events over.
    pub fn append(&mut self, batch: crate::model::log::Decoded) {
        let range = self.log.append(batch);
        self.tree.add(&self.log, range.clone());
        self.kind_counts.resize(self.log.kinds().len(), 0);
        for row in self.log.rows_at(range) {
            if let Some(count) = self.kind_counts.get_mut(row.kind as usize) {
                *count += 1;
            }
        }
    }

    /// Whether events are coming in.
    pub fn is_loading(&self) -> bool {
        matches!(self.loading, Loading::Running { .. })
    }

    /// How many events the server has that are not loaded, as far as is known.
    pub fn missing(&self) -> u64 {
        self.health.events().unwrap_or(0).saturating_sub(self.log.len() as u64)
    }
}
