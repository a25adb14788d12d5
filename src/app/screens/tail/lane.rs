//! One watched subject: its connection, and its place in the stream.
//!
//! What comes goes to [`Received`], which all lanes share. Knows nothing of what is shown of it.

use super::marks::{Interruption, Mark};
use super::received::Received;
use crate::app::effect::{From, Slot};
use crate::app::message::{Failure, Now};
use crate::model::log::Row;
use std::ops::Range;
use std::time::Duration;

/// How many subjects are watched at once.
pub const LANES: usize = 8;

/// How the connection is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Link {
    /// The server was asked.
    #[default]
    Connecting,
    /// Events come as they are committed.
    Live,
    /// There is no connection; the next attempt comes by itself.
    Lost {
        /// Why.
        reason: Failure,
        /// Which attempt the next one is, from 1.
        attempt: u32,
        /// When it comes, since the start of the app.
        next: Duration,
    },
    /// The server will not have it.
    Refused(Failure),
}

/// One watched subject.
#[derive(Debug)]
pub struct Lane {
    /// Which one of the lanes it is: its colour, and the identity of its request.
    pub number: u8,
    /// The subject; everything below it belongs to it.
    pub subject: String,
    /// Where the observation began.
    pub from: From,
    /// Since when it is watched, in nanoseconds since 1970.
    pub since: i64,
    /// How the connection is.
    pub link: Link,
    /// When the last event came.
    pub last: Option<Now>,
    /// How old the last event was when it came, by its own time, in nanoseconds.
    pub lag: Option<i64>,
    /// Where an observation continues this one without losing or repeating an event, also when the list was emptied.
    place: From,
    /// The hash of the last event that came, while nothing else can have come behind it.
    last_hash: Option<String>,
    /// Since when there is no connection, if there was one.
    away_since: Option<Duration>,
    /// The number of the mark that does not say yet whether events are missing.
    joint: Option<usize>,
}

impl Lane {
    /// A subject that is about to be watched.
    pub fn new(number: u8, subject: &str, from: From, now: Now) -> Self {
        Self {
            number,
            subject: subject.to_owned(),
            place: from.clone(),
            from,
            since: now.wall,
            link: Link::Connecting,
            last: None,
            lag: None,
            last_hash: None,
            away_since: None,
            joint: None,
        }
    }

    /// The identity of its request.
    pub fn slot(&self) -> Slot {
        Slot::Tail(self.number)
    }

    /// Where an observation continues this one without losing or repeating an event.
    pub fn place(&self) -> &From {
        &self.place
    }

    /// The stream is open; what follows comes after the event `after`, when that is known.
    pub fn connected(&mut self, after: Option<String>, received: &mut Received, now: Now) {
        match (after, &self.place) {
            (_, From::After(_)) => {}
            (Some(after), _) => {
                // What others have told may lie between this event and the last one of this lane.
                self.last_hash = None;
                self.place = From::After(after);
            }
            // There was nothing: whatever comes is new.
            (None, From::Now | From::Time(_) | From::InPlaceOf(_)) => self.place = From::Start,
            (None, _) => {}
        }
        self.is_there(received, now);
    }

    fn is_there(&mut self, received: &mut Received, now: Now) {
        self.link = Link::Live;
        // Opened by hand after having been lost.
        if let Some(since) = self.away_since.take() {
            self.mark(received, now.since_start.saturating_sub(since), None);
        }
    }

    /// The stream is back.
    pub fn reconnected(&mut self, away: Duration, complete: Option<bool>, received: &mut Received) {
        self.link = Link::Live;
        self.away_since = None;
        self.mark(received, away, complete);
    }

    /// The chain of hashes has a hole before what comes next.
    pub fn gap(&mut self, received: &mut Received) {
        match self.joint.take().and_then(|number| received.marks.get_mut(number)) {
            Some(mark) => mark.what.settle(false),
            None => self.put(received, Interruption::Gap),
        }
    }

    fn mark(&mut self, received: &mut Received, away: Duration, complete: Option<bool>) {
        self.put(received, Interruption::Reconnected { away, complete });
    }

    fn put(&mut self, received: &mut Received, what: Interruption) {
        let before = received.log.end();
        let number = received.marks.push(Mark { before, lane: self.number, what });
        self.joint = received.marks.get(number).is_some_and(|mark| mark.what.is_open()).then_some(number);
    }

    /// The server shows that it is there. A lane in place of others has to catch up with them first.
    pub fn alive(&mut self, received: &mut Received, now: Now) {
        if self.link != Link::Live && !matches!(self.place, From::InPlaceOf(_)) {
            self.is_there(received, now);
        }
    }

    /// The connection is gone.
    pub fn lost(&mut self, reason: Failure, attempt: u32, retry_in: Duration, now: Now) {
        self.broke(now);
        self.link = Link::Lost { reason, attempt, next: now.since_start + retry_in };
    }

    /// The server will not have it.
    pub fn refused(&mut self, reason: Failure, now: Now) {
        self.broke(now);
        self.link = Link::Refused(reason);
    }

    fn broke(&mut self, now: Now) {
        if self.link == Link::Live {
            self.away_since.get_or_insert(now.since_start);
        }
    }

    /// Events of this lane are in the log, at these positions: runs in their order, none of them empty.
    pub fn took(&mut self, runs: &[Range<usize>], received: &mut Received, now: Now) {
        let Some(first) = runs.first() else { return };
        self.settle_joint(first.start, received);
        let log = &received.log;
        let is_event = |at: &usize| log.row(*at).is_some_and(|row| !row.is_broken());
        let newest = runs.iter().rev().flat_map(|run| run.clone().rev()).find(is_event);
        if let Some((line, row)) = newest.and_then(|at| Some((log.line(at)?, log.row(at)?)))
            && let Ok(event) = line.event()
        {
            self.last_hash = event.hash.as_deref().map(str::to_owned);
            self.place.come_to(&self.subject, event.id.into_owned());
            self.lag = (row.time != Row::NO_TIME).then(|| now.wall.saturating_sub(row.time));
        }
        self.last = Some(now);
    }

    /// After an interruption: see whether the first event that came fits the last one before.
    ///
    /// Hashes that meet prove it. Hashes that do not meet prove the contrary only where every event of the store is
    /// watched: elsewhere others lie between.
    fn settle_joint(&mut self, position: usize, received: &mut Received) {
        let Some(number) = self.joint.take() else { return };
        let line = received.log.line(position);
        let next = line.as_ref().and_then(|line| line.event().ok()?.predecessorhash.map(|hash| hash.into_owned()));
        if let (Some(last), Some(next)) = (&self.last_hash, next)
            && (*last == next || self.subject == "/")
            && let Some(mark) = received.marks.get_mut(number)
        {
            mark.what.settle(*last == next);
        }
    }

    /// Whether something that is shown of it counts seconds: the time to the next attempt.
    pub fn counts(&self) -> bool {
        matches!(self.link, Link::Lost { .. })
    }
}
