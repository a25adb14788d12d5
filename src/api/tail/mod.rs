//! An observation that survives lost connections: every event once, in order.
//!
//! Owns reconnecting and the place in the stream. What was delivered already is told in [`place`]. It knows no screen:
//! its states are items like the events.

mod begin;
mod elsewhere;
mod newest;
mod place;
#[cfg(test)]
mod tests;

use super::batch::Batch;
use super::client::Client;
use super::error::Error;
use super::stream::{EventStream, Live, LiveStream};
use crate::model::request::{Generation, StreamRequest};
use begin::{Begin, Bound};
use place::{Admitted, Gap, Place};
use std::collections::VecDeque;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

/// Where a tail starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TailFrom {
    /// With what the request says: the whole history, or what follows its lower bound.
    #[default]
    Start,
    /// With the first event that is not there yet.
    Now,
    /// With the first event after this one, which must be at or below the subject.
    After(String),
    /// With this event, which must be at or below the subject.
    At(String),
    /// With the first event of this time or later, in nanoseconds since 1970.
    Time(i64),
    /// In place of tails of parts of the subject: with what any of them would have told next, and with nothing that one
    /// of them has told; of everything that none of them watched, with the first event that is not there yet.
    InPlaceOf(Vec<TailPart>),
}

/// A tail whose place another one takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TailPart {
    /// Its subject, at or below that of the tail that takes its place.
    pub subject: String,
    /// Where it would have gone on.
    pub from: TailFrom,
}

impl TailPart {
    /// The last event that it has told, when that is known.
    fn last(&self) -> Option<&str> {
        if let TailFrom::After(id) = &self.from { Some(id) } else { None }
    }
}

/// How long to wait before trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Before the first new attempt; doubled for each one after it.
    pub first: Duration,
    /// The most.
    pub most: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self { first: Duration::from_millis(250), most: Duration::from_secs(30) }
    }
}

impl Policy {
    /// The wait before attempt `attempt`, counted from 1: between half of it and all of it by chance, so that many
    /// clients of one server do not come back together.
    fn wait(self, attempt: u32) -> Duration {
        let whole = self.first.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(self.most);
        let chance = RandomState::new().hash_one(attempt) as f64 / u64::MAX as f64;
        whole.mul_f64(0.5 + chance / 2.0)
    }
}

/// What a tail tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TailItem {
    /// The observation is open; what follows comes after the event `after`, or from the start. A tail in place of others
    /// says so once it has caught up with them: events that they have not told come before.
    Connected {
        /// The last event before what follows, when it is known.
        after: Option<String>,
        /// Whether it was open before.
        again: bool,
    },
    /// New events, in commit order; lines that are no events stay among them.
    Events {
        /// The lines.
        batch: Batch,
        /// Whether each of them was read as an event.
        pure: bool,
    },
    /// A sign of life.
    Heartbeat,
    /// Lost, or not reached; it is tried again.
    Lost {
        /// Why.
        reason: Error,
        /// How long until it is tried again.
        retry_in: Duration,
        /// Which attempt that will be, counted from 1.
        attempt: u32,
    },
    /// Over: trying again would change nothing.
    Refused(Error),
    /// The chain of hashes says that events are missing before those that follow.
    GapSuspected {
        /// The hash of the last event that was delivered.
        last: String,
        /// What the next event names as its predecessor's hash.
        found: String,
    },
}

/// An observation that is opened again when it is lost, after the last event that came.
pub struct Tail {
    client: Client,
    request: StreamRequest,
    from: TailFrom,
    policy: Policy,
    place: Place,
    state: State,
    queued: VecDeque<TailItem>,
    connected: bool,
    attempt: u32,
}

type Task<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Between two calls of `next` everything that runs is kept here, so that a dropped call loses nothing.
enum State {
    Idle,
    Waiting(Instant),
    Connecting(Task<Opened>),
    /// v1 only: what was committed before the observation was open.
    CatchingUp(Box<EventStream>, Observation),
    Following(Observation),
    Over,
}

struct Opened {
    past: Option<Box<EventStream>>,
    live: Observation,
    begin: Begin,
}

/// A server may send its headers only with the first event; a catch-up need not wait for that.
enum Observation {
    Opening(Task<LiveStream>),
    Open(Box<LiveStream>),
}

/// How long a v1 server gets to open an observation before the past is asked for.
const HEAD_START: Duration = Duration::from_secs(1);

impl Tail {
    /// A tail that has not started yet; [`Tail::next`] drives it.
    pub fn new(client: Client, request: StreamRequest, from: TailFrom, policy: Policy) -> Self {
        let place = Place::new(if let TailFrom::After(id) = &from { Some(id.clone()) } else { None });
        let state = State::Idle;
        Self { client, request, from, policy, place, state, queued: VecDeque::new(), connected: false, attempt: 0 }
    }

    /// The last event that was delivered, or after which the tail started.
    pub fn last_id(&self) -> Option<&str> {
        self.place.last_id()
    }

    /// What happens next; `None` after [`TailItem::Refused`].
    ///
    /// Dropping the future before it is ready loses nothing.
    pub async fn next(&mut self) -> Option<TailItem> {
        if let Some(item) = self.queued.pop_front() {
            return Some(item);
        }
        loop {
            match &mut self.state {
                State::Over => return None,
                State::Idle => self.state = State::Connecting(Box::pin(self.connect())),
                State::Waiting(until) => {
                    tokio::time::sleep_until(*until).await;
                    self.state = State::Idle;
                }
                State::Connecting(task) => match task.await {
                    Ok(opened) => {
                        if let Some(item) = self.opened(opened) {
                            return Some(item);
                        }
                    }
                    Err(error) => return Some(self.lost(error)),
                },
                State::CatchingUp(past, _) => match past.next().await {
                    Some(Ok(batch)) => {
                        if let Some(item) = self.events(batch) {
                            return Some(item);
                        }
                    }
                    Some(Err(error)) => return Some(self.lost(error)),
                    None => self.caught_up(),
                },
                State::Following(observation) => match observation.next().await {
                    Ok(Live::Heartbeat) => {
                        self.attempt = 0;
                        return Some(TailItem::Heartbeat);
                    }
                    Ok(Live::Events(batch)) => {
                        if let Some(item) = self.events(batch) {
                            return Some(item);
                        }
                    }
                    Err(error) => return Some(self.lost(error)),
                },
            }
        }
    }

    /// Open the observation after the last event; on v1 the past as well.
    ///
    /// Whether a v1 server's observation starts with the past is not published. So the past is asked for apart, once
    /// the observation is open: whatever was committed comes from one of the two, and what comes from both is dropped.
    fn connect(&self) -> impl Future<Output = Result<Opened, Error>> + Send + 'static {
        let (client, mut request) = (self.client.clone(), self.request.clone());
        // Where to begin is asked once; after that, the tail goes on behind what came.
        let from = self.place.last_id().map_or_else(|| self.from.clone(), |last| TailFrom::After(last.to_owned()));
        async move {
            let begin = begin::find(&client, &request.subject, &from).await?;
            begin.bound.narrow(&mut request.options);
            let generation = client.generation().await?;
            // v1 does not know it.
            request.interval = request.interval.filter(|_| generation == Generation::V2);
            let past = StreamRequest { interval: None, ..request.clone() };
            let mut opening: Task<LiveStream> = {
                let client = client.clone();
                Box::pin(async move { client.observe(&request).await })
            };
            if generation == Generation::V2 {
                return Ok(Opened { past: None, live: Observation::Open(Box::new(opening.await?)), begin });
            }
            let live = match tokio::time::timeout(HEAD_START, &mut opening).await {
                Ok(live) => Observation::Open(Box::new(live?)),
                Err(_) => Observation::Opening(opening),
            };
            Ok(Opened { past: Some(Box::new(client.stream(&past).await?)), live, begin })
        }
    }

    fn opened(&mut self, opened: Opened) -> Option<TailItem> {
        let Begin { bound, elsewhere } = opened.begin;
        if matches!(self.from, TailFrom::InPlaceOf(_)) {
            self.place.leave_out(elsewhere);
        }
        let mut after = None;
        self.from = match bound {
            Bound::Start => TailFrom::Start,
            Bound::At(id) => TailFrom::At(id),
            Bound::After(id) => {
                self.place.start_after(&id);
                after = Some(id.clone());
                TailFrom::After(id)
            }
        };
        self.place.connected();
        self.state = match opened.past {
            Some(past) => State::CatchingUp(past, opened.live),
            None => State::Following(opened.live),
        };
        self.place.is_its_own().then(|| self.connected(after))
    }

    fn connected(&mut self, after: Option<String>) -> TailItem {
        TailItem::Connected { after, again: std::mem::replace(&mut self.connected, true) }
    }

    fn caught_up(&mut self) {
        self.place.caught_up();
        if let State::CatchingUp(_, live) = std::mem::replace(&mut self.state, State::Idle) {
            self.state = State::Following(live);
        }
    }

    /// What is new in a batch.
    fn events(&mut self, batch: Batch) -> Option<TailItem> {
        self.attempt = 0;
        let chain_is_whole = self.request.subject == "/" && self.request.options.latest_by_event_type.is_none();
        let Admitted { mut fresh, pure, gaps, took_over } = self.place.admit(batch, chain_is_whole);
        if let Some(after) = took_over {
            let connected = self.connected(Some(after));
            self.queued.push_back(connected);
        }
        // Each hole stands before the event that it was seen at.
        for Gap { line, last, found } in gaps.into_iter().rev() {
            let behind = fresh.split_off(line);
            self.queued.push_front(TailItem::Events { batch: behind, pure });
            self.queued.push_front(TailItem::GapSuspected { last, found });
        }
        if !fresh.is_empty() {
            return Some(TailItem::Events { batch: fresh, pure });
        }
        self.queued.pop_front()
    }

    fn lost(&mut self, reason: Error) -> TailItem {
        if !reason.is_passing() {
            self.state = State::Over;
            return TailItem::Refused(reason);
        }
        self.attempt = self.attempt.saturating_add(1);
        let retry_in = self.policy.wait(self.attempt);
        self.state = State::Waiting(Instant::now() + retry_in);
        TailItem::Lost { reason, retry_in, attempt: self.attempt }
    }
}

impl Observation {
    async fn next(&mut self) -> Result<Live, Error> {
        loop {
            match self {
                Self::Opening(task) => *self = Self::Open(Box::new(task.await?)),
                // An observation ends with an error, which ends its use here.
                Self::Open(live) => match live.next().await {
                    Some(item) => return item,
                    None => return Err(live.ended(None)),
                },
            }
        }
    }
}
