//! One run of a query: what was asked, since when, and what came of it.

use super::values::Given;
use super::verdict::Verdict;
use crate::app::message::{Failure, FailureKind, Now};
use crate::gdbql::{self, By};
use std::ops::Range;
use std::time::Duration;

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFor {
    /// Its rows.
    Rows,
    /// How it is run.
    Plan,
    /// Whether it would hold as a precondition.
    Verdict,
}

/// A run of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where the query begins in the text of the editor, in bytes.
    pub at: usize,
    /// How its parameters were filled in.
    pub given: Given,
    /// The query as it was typed.
    pub query: String,
    /// The text's version then: an error has a place in that text only.
    pub version: u64,
    /// The query that was run.
    pub text: String,
    /// So many bytes were sent before it.
    pub ahead: usize,
    /// Whether only its plan was asked for.
    pub plan_only: bool,
    /// Whether it would hold as a precondition, when that was asked.
    pub verdict: Option<Verdict>,
    /// How long after the start the first row came.
    pub first_row: Option<Duration>,
    /// When it was started, since the start of the app.
    pub started: Duration,
    /// How it is.
    pub state: State,
    /// What is known of a run over the events that are loaded.
    pub local: Option<Local>,
    /// Whether it is in the history, or is not to be there.
    pub noted: bool,
}

/// What is known of a run over the events that are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// How many events there were.
    pub of: u64,
    /// Whether more were still being loaded.
    pub partial: bool,
    /// By what events were left out without being read.
    pub cut: Vec<By>,
    /// How many were read, once it has ended.
    pub read: Option<u64>,
}

/// How a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Rows are coming, or the server is thinking.
    Running,
    /// It has ended, this long after its start.
    Ended(Duration, End),
}

/// How a run has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// All rows are here.
    Done,
    /// The user did not want to wait.
    Cancelled,
    /// As many rows came as are kept.
    Full,
    /// It did not work, or ended half-way.
    Failed(Failure),
}

impl State {
    /// Whether more rows came than are kept.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Ended(_, End::Full))
    }
}

impl Run {
    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// How long it took, or has taken until now.
    pub fn took(&self, now: Now) -> Duration {
        match self.state {
            State::Running => now.since_start.saturating_sub(self.started),
            State::Ended(took, _) => took,
        }
    }

    /// It is over.
    pub fn end(&mut self, end: End, now: Now) {
        self.state = State::Ended(self.took(now), end);
    }

    /// Why it did not work.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.state {
            State::Ended(_, End::Failed(failure)) => Some(failure),
            _ => None,
        }
    }

    /// Where the failure's place is in a text of that version; `None` when it has none there.
    pub fn place(&self, version: u64) -> Option<Range<usize>> {
        let failure = self.failure()?;
        let span = match &failure.span {
            Some(span) => span.start.saturating_sub(self.ahead)..span.end.saturating_sub(self.ahead),
            None if failure.kind == FailureKind::Refused => gdbql::place_named(&failure.message, &self.text)?,
            None => return None,
        };
        let typed = gdbql::parameters::place_before(&self.given.moved, &span);
        (version == self.version).then(|| self.at.saturating_add(typed.start)..self.at.saturating_add(typed.end))
    }
}
