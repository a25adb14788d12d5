//! A query that runs over parts of the events, on several threads.
//!
//! Each thread adds events to a [`Part`] of its own; the parts are joined at the end, and the result is the one of
//! [`super::run`] over all events in their order. Knows nothing of threads.

use super::expr::Row;
use super::groups::Groups;
use super::plan::Plan;
use super::room::Room;
use super::rows::{Sink, Sorted, passes, text};
use crate::gdbql::{Error, Limits, Query};
use crate::model::event::Envelope;
use crate::model::json::Picked;

/// A query that is ready to run once over parts of the events.
#[derive(Debug)]
pub struct Parts {
    plan: Plan,
    room: Room,
}

/// What is known after some of the events.
pub struct Part {
    kept: Kept,
    /// The memory of what is found in an event that is read.
    picked: Picked,
}

enum Kept {
    /// Rows in commit order, ready to be given.
    Rows(Vec<String>),
    Sorted(Sorted),
    Groups(Groups),
}

impl Parts {
    /// Make a query ready.
    pub fn new(query: &Query, limits: Limits) -> Self {
        Self { plan: Plan::new(query), room: Room::new(limits) }
    }

    /// Whether rows are given in commit order: those of a part can be given as soon as those of all events before it
    /// were.
    pub fn in_commit_order(&self) -> bool {
        !self.plan.grouped && self.plan.order.is_empty()
    }

    /// How many rows there are at most.
    pub fn limit(&self) -> Option<u64> {
        self.plan.limit
    }

    /// A part that knows no event.
    pub fn begin(&self) -> Part {
        let kept = if self.plan.grouped {
            Kept::Groups(Groups::default())
        } else if self.in_commit_order() {
            Kept::Rows(Vec::new())
        } else {
            Kept::Sorted(Sorted::new(&self.plan, &self.room))
        };
        Part { kept, picked: Picked::default() }
    }

    /// Add one more event, which stands at place `at` of all; within a part places ascend.
    ///
    /// # Errors
    /// As [`super::run`].
    pub fn add(&self, part: &mut Part, at: u64, event: &Envelope<'_>) -> Result<(), Error> {
        self.take(&mut part.kept, at, Row::of(event))
    }

    /// Read one more event and add it, in one pass over its line; `false` when the line is no event.
    ///
    /// # Errors
    /// As [`super::run`].
    pub fn read(&self, part: &mut Part, at: u64, line: &[u8]) -> Result<bool, Error> {
        let Part { kept, picked } = part;
        match Envelope::picking(line, &self.plan.picker, picked) {
            Ok(event) => self.take(kept, at, Row::picked(&event, picked)).map(|()| true),
            Err(_) => Ok(false),
        }
    }

    fn take<'v>(&'v self, kept: &mut Kept, at: u64, row: Row<'_, 'v>) -> Result<(), Error> {
        match kept {
            Kept::Groups(groups) => groups.add(&self.plan, &self.room, at, row),
            Kept::Sorted(sorted) => sorted.add(&self.plan, &self.room, at, row),
            Kept::Rows(rows) => {
                let wanted = self.plan.limit.is_none_or(|limit| (rows.len() as u64) < limit);
                if wanted && passes(&self.plan, row)? {
                    rows.push(text(&self.plan, row).map_err(|error| row.blamed(error))?);
                }
                Ok(())
            }
        }
    }

    /// The rows of a part whose rows are in commit order; the part is empty afterwards.
    pub fn take_rows(&self, part: &mut Part) -> Vec<String> {
        match &mut part.kept {
            Kept::Rows(rows) => std::mem::take(rows),
            Kept::Groups(_) | Kept::Sorted(_) => Vec::new(),
        }
    }

    /// Join parts and give the rows. `row` may stop it.
    ///
    /// # Errors
    /// As [`super::run`].
    pub fn give(&self, parts: impl IntoIterator<Item = Part>, row: &mut Sink<'_>) -> Result<(), Error> {
        let mut all = self.begin();
        for part in parts {
            match (&mut all.kept, part.kept) {
                (Kept::Groups(all), Kept::Groups(part)) => all.merge(&self.plan, &self.room, part)?,
                (Kept::Sorted(all), Kept::Sorted(part)) => all.merge(&self.plan, &self.room, part)?,
                (Kept::Rows(all), Kept::Rows(part)) => all.extend(part),
                _ => {}
            }
        }
        if self.plan.limit == Some(0) {
            return Ok(());
        }
        match all.kept {
            Kept::Groups(groups) => groups.give(&self.plan, &self.room, row),
            Kept::Sorted(sorted) => sorted.give(&self.plan, row),
            Kept::Rows(rows) => {
                let limit = self.plan.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
                let _ = rows.into_iter().take(limit).try_for_each(row);
                Ok(())
            }
        }
    }
}
