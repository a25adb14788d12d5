//! The census of a large store: which subjects and event types there are, and how many events each has, as the server
//! counts them.
//!
//! Owns when it is asked for and what its end means. A server that cannot count is no error: the tree then shows how
//! far the events are loaded, and says so.

use super::effect::{Call, Outbox, Slot};
use super::health::sentence;
use super::message::{CensusNews, Failure, FailureKind, Level};
use super::world::{Origin, World};
use crate::model::tree::Tallies;

/// How far the census is.
#[derive(Clone, Debug, Default)]
pub enum Census {
    /// It is not needed, or was not asked for.
    #[default]
    Idle,
    /// The server is counting.
    Running(Box<Counting>),
    /// The tree and the types have the server's counts, as they were at this time, in nanoseconds since 1970.
    Taken(i64),
    /// There is none.
    Failed(FailureKind),
}

/// What has come of a census.
#[derive(Clone, Debug, Default)]
pub struct Counting {
    subjects: Tallies,
    kinds: Option<Vec<(String, u64)>>,
    /// When the counts were taken that the tree has meanwhile.
    before: Option<i64>,
}

impl Census {
    /// Whether none was asked for.
    pub fn is_unasked(&self) -> bool {
        matches!(self, Self::Idle)
    }
}

impl World {
    /// Ask for a census, unless one is under way or the events of the store are all here.
    pub fn ask_census(&mut self, out: &mut Outbox) {
        let is_file = matches!(self.connection.origin, Origin::File(_));
        if !is_file && !out.slots.is_busy(Slot::Census) && !self.store_is_whole() {
            let before = self.counted_at();
            self.census = Census::Running(Box::new(Counting { before, ..Counting::default() }));
            out.start(Slot::Census, Call::Census);
        }
    }

    /// Ask for a census when a page will not hold the store, and none was asked for yet.
    pub fn census_if_needed(&mut self, out: &mut Outbox) {
        let is_short = |goal: usize| self.health.events().is_some_and(|all| all > goal as u64);
        if self.census.is_unasked() && self.shows_first() && self.goal.is_some_and(is_short) {
            self.ask_census(out);
        }
    }

    /// The server answers again: a census that failed because it did not is made now.
    pub fn census_again(&mut self, out: &mut Outbox) {
        if matches!(self.census, Census::Failed(FailureKind::Unreachable | FailureKind::NotReady | FailureKind::Cut)) {
            self.ask_census(out);
        }
    }

    /// A part of the census.
    pub fn told_census(&mut self, news: CensusNews) {
        let Census::Running(counting) = &mut self.census else { return };
        match news {
            CensusNews::Subjects(names) => names.iter().for_each(|name| {
                self.tree.insert(name);
            }),
            CensusNews::Counted(rows) => rows.iter().for_each(|row| counting.subjects.add(row, &mut self.tree)),
            CensusNews::Types(kinds) => counting.kinds = Some(kinds),
        }
    }

    /// The census is over.
    pub fn census_ended(&mut self, result: Result<(), Failure>, out: &mut Outbox) {
        let Census::Running(counting) = std::mem::take(&mut self.census) else { return };
        if self.store_is_whole() {
            return;
        }
        match result {
            Ok(()) => {
                self.tree.take_census(counting.subjects);
                if let Some(kinds) = &counting.kinds {
                    self.kinds.take_census(kinds);
                }
                self.census = Census::Taken(self.now.wall);
            }
            Err(failure) => {
                // That it is not there, or not offered, is said where the counts are shown.
                if !matches!(failure.kind, FailureKind::Unsupported | FailureKind::Unreachable | FailureKind::NotReady)
                {
                    let text = format!("The server did not count its subjects. {}", sentence(&failure));
                    out.say(Level::Warning, text);
                }
                // The counts from before are as right as they were.
                self.census = counting.before.map_or(Census::Failed(failure.kind), Census::Taken);
            }
        }
    }

    /// The store is here as a whole: what is loaded tells everything.
    pub(super) fn forget_census(&mut self, out: &mut Outbox) {
        out.cancel(Slot::Census);
        self.census = Census::Idle;
        self.tree.forget_census();
        self.kinds.forget_census();
    }

    /// When the server's counts were taken, in nanoseconds since 1970, where the tree has them.
    pub fn counted_at(&self) -> Option<i64> {
        match &self.census {
            Census::Taken(at) => Some(*at),
            Census::Running(counting) => counting.before,
            Census::Idle | Census::Failed(_) => None,
        }
    }

    /// Whether the server is counting.
    pub fn is_counting(&self) -> bool {
        matches!(self.census, Census::Running(_))
    }
}
