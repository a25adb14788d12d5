//! One watched subject: its connection, what came over it, and how fast.
//!
//! Knows nothing of what is shown of it. A second subject that is watched would be a second lane.

use super::marks::{Interruption, Mark, Marks};
use super::rates::Rates;
use crate::app::effect::From;
use crate::app::message::{Failure, Now};
use crate::model::log::{Decoded, EventLog};
use std::time::Duration;

/// How much a lane keeps. The oldest events go when there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Events.
    pub events: usize,
    /// Bytes of their text.
    pub bytes: u64,
}

impl Default for Bound {
    fn default() -> Self {
        Self { events: 1_000_000, bytes: 512 << 20 }
    }
}

/// How the connection is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Link {
    /// Nothing is watched.
    #[default]
    Idle,
    /// The server was asked.
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

/// What came over the connection.
#[derive(Debug, Default)]
pub struct Received {
    /// The events.
    pub log: EventLog,
    /// The rows between them.
    pub marks: Marks,
}

/// One watched subject.
#[derive(Debug)]
pub struct Lane {
    /// The subject; everything below it belongs to it.
    pub subject: String,
    /// Where the observation began.
    pub from: From,
    /// Since when it is watched, in nanoseconds since 1970.
    pub since: i64,
    /// How the connection is.
    pub link: Link,
    /// What came.
    pub received: Received,
    /// How fast it comes.
    pub rates: Rates,
    /// When the last event came.
    pub last: Option<Now>,
    /// How many events went to make room for newer ones.
    pub dropped: u64,
    /// How much is kept.
    pub bound: Bound,
    /// The last event that came, also when the list was emptied since.
    last_id: Option<String>,
    /// Since when there is no connection, if there was one.
    away_since: Option<Duration>,
}

impl Lane {
    /// Nothing is watched yet.
    pub fn idle(bound: Bound) -> Self {
        Self::new("/", From::Now, bound, Now::default())
    }

    /// A subject that is about to be watched.
    pub fn new(subject: &str, from: From, bound: Bound, now: Now) -> Self {
        Self {
            subject: subject.to_owned(),
            from,
            since: now.wall,
            link: Link::Idle,
            received: Received::default(),
            rates: Rates::default(),
            last: None,
            dropped: 0,
            bound,
            last_id: None,
            away_since: None,
        }
    }

    /// Where an observation continues this one without losing or repeating an event.
    pub fn place(&self) -> From {
        self.last_id.clone().map_or_else(|| self.from.clone(), From::After)
    }

    /// The stream is open.
    pub fn connected(&mut self, now: Now) {
        self.link = Link::Live;
        // Opened by hand after having been lost. Without a last event there was nothing to go on after.
        if let Some(since) = self.away_since.take() {
            let complete = if self.place() == From::Now { Some(false) } else { None };
            self.mark(now.since_start.saturating_sub(since), complete);
        }
    }

    /// The stream is back.
    pub fn reconnected(&mut self, away: Duration, complete: Option<bool>) {
        self.link = Link::Live;
        self.away_since = None;
        self.mark(away, complete);
    }

    fn mark(&mut self, away: Duration, complete: Option<bool>) {
        self.mark_at(self.received.log.end(), away, complete);
    }

    fn mark_at(&mut self, before: usize, away: Duration, complete: Option<bool>) {
        self.received.marks.push(Mark { before, what: Interruption::Reconnected { away, complete } });
    }

    /// The server shows that it is there.
    pub fn alive(&mut self, now: Now) {
        if self.link != Link::Live {
            self.connected(now);
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

    /// Take events over. Tells whether older ones had to go for the first time.
    pub fn take(&mut self, batch: Decoded, now: Now) -> bool {
        self.alive(now);
        let added = self.received.log.append(batch);
        if added.is_empty() {
            return false;
        }
        self.compare_ends(added.start);
        let log = &self.received.log;
        let kinds = log.rows_at(added.clone()).map(|row| (!row.is_broken()).then_some(row.kind));
        self.rates.add(kinds, now.since_start);
        self.last = Some(now);
        let newest = added.rev().find_map(|at| Some(log.line(at)?.event().ok()?.id.into_owned()));
        self.last_id = newest.or(self.last_id.take());
        let (before, gone) = (self.dropped, self.too_many());
        self.dropped += gone as u64;
        self.drop_front(gone);
        before == 0 && gone > 0
    }

    /// After an interruption: see whether the first event that came fits the last one before.
    fn compare_ends(&mut self, position: usize) {
        let Received { log, marks } = &mut self.received;
        if marks.last().is_some_and(|mark| mark.before == position && mark.what.is_open())
            && let Some(complete) = joined(&self.subject, log, position)
        {
            self.mark_at(position, Duration::ZERO, Some(complete));
        }
    }

    /// How many of the oldest events are beyond the bound. The newest one always stays.
    fn too_many(&self) -> usize {
        let log = &self.received.log;
        let mut gone = log.len().saturating_sub(self.bound.events);
        let mut bytes = log.bytes() - log.rows().take(gone).map(|row| row.text_len() as u64).sum::<u64>();
        while bytes > self.bound.bytes && gone + 1 < log.len() {
            bytes -= log.row(log.first() + gone).map_or(0, |row| row.text_len() as u64);
            gone += 1;
        }
        gone
    }

    fn drop_front(&mut self, count: usize) {
        if count > 0 {
            self.received.log.drop_front(count);
            self.received.marks.drop_before(self.received.log.first());
        }
    }

    /// Empty the list. The observation goes on.
    pub fn clear(&mut self) {
        self.received.log.drop_front(usize::MAX);
        self.received.marks.drop_before(usize::MAX);
        self.dropped = 0;
    }

    /// Whether something that is shown counts seconds: a rate, an age, the time to the next attempt.
    pub fn counts(&self, now: Now) -> bool {
        matches!(self.link, Link::Lost { .. }) || self.rates.is_moving(now.since_start)
    }
}

/// Whether the event at `position` is the next one of the store after the one before it, told by the chain of hashes.
///
/// Hashes that meet prove it. Hashes that do not meet prove the contrary only where every event of the store is
/// watched: elsewhere others lie between.
fn joined(subject: &str, log: &EventLog, position: usize) -> Option<bool> {
    let (before, after) = (log.line(position.checked_sub(1)?)?, log.line(position)?);
    let (last, next) = (before.event().ok()?.hash?, after.event().ok()?.predecessorhash?);
    (last == next || subject == "/").then_some(last == next)
}
