//! What reaches the app: keys, and answers to what it asked for.

use crate::model::log::Decoded;
use crate::model::request::{Generation, RegisteredSchema};
use crate::model::status::Status;
use crate::model::tree::Counted;
use crossterm::event::KeyEvent;
use std::time::Duration;

use super::effect::{Slot, Timer};
use super::export::{ExportFailure, Written};
use super::inspection::Findings;
use super::rows::Portion;
use super::screens::query::library::{Refusal, Saved};

/// When an update happens. The app has no clock of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now {
    /// Since the app started; never goes back.
    pub since_start: Duration,
    /// The wall clock, in nanoseconds since 1970.
    pub wall: i64,
}

/// Something that happened.
#[derive(Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The window has a new size, in columns and rows.
    Resize(u16, u16),
    /// A timer that was asked for has run out.
    Timer(Timer),
    /// An answer, or a part of one, to a request of that generation of the slot.
    Reply {
        /// What was asked.
        slot: Slot,
        /// Which of the slot's requests it belongs to; an older one's answers are dropped.
        generation: u32,
        /// The answer.
        reply: Reply,
    },
    /// Events of several lanes of the tail, in their order.
    Woven {
        /// The events.
        events: Decoded,
        /// Who has sent them, one run behind the other.
        runs: Vec<Run>,
    },
    /// A message for the user from outside a request: the clipboard failed, a signal came.
    Notice(Level, String),
    /// The terminal or the system asks the app to end.
    Quit,
}

/// Events of one lane that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The lane.
    pub slot: Slot,
    /// Which of its requests they belong to; an older one's events are dropped.
    pub generation: u32,
    /// How many events.
    pub events: usize,
}

/// The weight of a message to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something went as it was asked.
    Info,
    /// Something to know.
    Warning,
    /// Something did not work; stays on the screen until it was seen.
    Error,
}

/// An answer, or a part of one.
#[derive(Debug, PartialEq)]
pub enum Reply {
    /// Events of a stream, in commit order.
    Events(Decoded),
    /// The stream is over.
    Streamed(Result<(), Failure>),
    /// The page is full, and the stream has more.
    Paged,
    /// A part of the census.
    Census(CensusNews),
    /// The census is over.
    Counted(Result<(), Failure>),
    /// The ID of the event with which the newest events begin; `None` when there are none.
    Newest(Result<Option<String>, Failure>),
    /// The subject of an event; `None` when there is no such event.
    Located(Result<Option<String>, Failure>),
    /// What a search has found.
    Found {
        /// Everything before this position was looked at.
        scanned: usize,
        /// The positions of events, in order.
        positions: Vec<u32>,
    },
    /// The search is over.
    Searched {
        /// Everything before this position was looked at.
        scanned: usize,
        /// Why an event could not be judged, if there was one.
        problem: Option<String>,
    },
    /// What is known of the shape of an event type.
    Shape {
        /// What was found so far.
        findings: Box<Findings>,
        /// Whether all events of the call were looked at.
        done: bool,
    },
    /// So many events of a list are written to its file.
    Exporting(usize),
    /// The list is written to its file, or is not.
    Exported(Result<Written, ExportFailure>),
    /// A text is written to its file, so many bytes, or is not.
    Saved(Result<u64, ExportFailure>),
    /// The server answers.
    Ping(Result<Pong, Failure>),
    /// An audit is over.
    Audit(Result<AuditResult, Failure>),
    /// The server's status.
    Status(Result<Box<Status>, Failure>),
    /// The catalogue of top-level subjects.
    Subjects(Result<Vec<String>, Failure>),
    /// The catalogue of event types.
    Types(Result<Vec<String>, Failure>),
    /// The registered schemas.
    Schemas(Result<Vec<RegisteredSchema>, Failure>),
    /// Rows of a query's result: one JSON text each.
    Rows(Portion),
    /// So many events were read for the query; known only when it was run here.
    Read(u64),
    /// The query is over.
    Queried(Result<(), Failure>),
    /// News of the tail.
    Tail(TailNews),
    /// News of the recording.
    Record(RecordNews),
    /// The stored events of a commit, one JSON text each; empty when the server does not send them.
    Committed(Result<Vec<String>, Failure>),
    /// Whether a precondition holds now, by its index in the call, one reply each; `Err` when that cannot be told.
    Tried(usize, Result<bool, Failure>),
    /// The saved queries, all of them, after an order to their folder.
    Library(Result<Vec<Saved>, Refusal>),
    /// What `$EDITOR` left.
    Edited(Result<String, String>),
}

impl Reply {
    /// Whether more of the answer comes behind it.
    pub fn is_part(&self) -> bool {
        use Reply::{Census, Events, Exporting, Found, Read, Record, Rows, Shape, Tail, Tried};
        matches!(
            self,
            Events(_)
                | Found { .. }
                | Rows(_)
                | Read(_)
                | Tail(_)
                | Record(_)
                | Tried(..)
                | Census(_)
                | Exporting(_)
                | Shape { done: false, .. }
        )
    }
}

/// A part of the census.
#[derive(Debug, PartialEq)]
pub enum CensusNews {
    /// The top-level subjects.
    Subjects(Vec<String>),
    /// Subjects with their counts.
    Counted(Vec<Counted>),
    /// All event types with their counts.
    Types(Vec<(String, u64)>),
}

/// A ping's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pong {
    /// From the request to the answer.
    pub latency: Duration,
    /// Which API answers.
    pub generation: Generation,
}

/// An audit's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditResult {
    /// Whether the server says that all is well.
    pub passed: bool,
    /// What it says.
    pub text: String,
    /// How many events were checked, when the text says it.
    pub events: Option<u64>,
    /// How long it took.
    pub took: Duration,
}

/// News of the tail.
#[derive(Debug, PartialEq)]
pub enum TailNews {
    /// The stream is open. That of a lane in place of others is so once it has caught up with them.
    Connected {
        /// The last event before what follows, when it is known.
        after: Option<String>,
    },
    /// New events.
    Events(Decoded),
    /// The chain of hashes says that events are missing before those that follow.
    Gap,
    /// The connection is gone; the next attempt comes by itself.
    Lost {
        /// Why.
        reason: Failure,
        /// When the next attempt comes.
        retry_in: Duration,
        /// Which attempt that is, from 1.
        attempt: u32,
    },
    /// The stream is back after having been lost; whether the chain shows that events are missing.
    Reconnected {
        /// How long there was no connection.
        away: Duration,
        /// `Some(true)`: nothing is missing; `Some(false)`: the chain has a hole; `None`: cannot be told.
        complete: Option<bool>,
    },
    /// The server will not have it; no more attempts.
    Refused(Failure),
}

/// News of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordNews {
    /// The file is open: what comes from now on is written.
    Started {
        /// Which file, in full.
        path: String,
    },
    /// There is such a file, and it was not said that it may be.
    Exists,
    /// So much was written.
    Written {
        /// Events.
        events: u64,
        /// Bytes.
        bytes: u64,
    },
    /// All of it is on the disk.
    Synced,
    /// It is over, and all of it is on the disk.
    Stopped,
    /// It ended early.
    Failed(String),
}

/// Why a request did not work: plain data for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What sort of failure it is.
    pub kind: FailureKind,
    /// What happened, in the server's words where there are any.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The bytes of the query that are to blame.
    pub span: Option<std::ops::Range<usize>>,
}

/// What sort of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No answer: refused, timed out, no such host, or the connection broke.
    Unreachable,
    /// 401 or 403.
    NotAllowed,
    /// The server does not have the route.
    Unsupported,
    /// 503: rebuilding or recovering.
    NotReady,
    /// 412: a precondition does not hold.
    Precondition,
    /// Any other refusal.
    Refused,
    /// The answer ended half-way.
    Cut,
    /// The answer makes no sense.
    Garbled,
    /// A commit whose answer was lost: it may or may not be stored.
    OutcomeUnknown,
}
