//! The order in which the events of several lanes are handed over: by their time, as far as they come close together.
//!
//! Owns what was received and waits for its turn. The events of one lane keep their order, whatever their times say.
//! Nobody is waited for long: a lane that is live gets [`WINDOW`], one that still sends its history gets the time that
//! a stream may falter. What comes later than that stands behind what was handed over before: rows never appear above
//! others that were seen. Knows no connection, no task and no clock.

#[cfg(test)]
mod tests;

use crate::model::log::Decoded;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// So long an event waits for earlier ones of lanes that are live.
pub const WINDOW: Duration = Duration::from_millis(10);
/// So long the events of others wait for a lane with a history that is not connected yet.
const OPENING: Duration = Duration::from_secs(3);
/// A history that falters for so long is over, or is not to be waited for.
const FALTERING: Duration = Duration::from_millis(500);

/// Who has sent an event: the number of a lane and the generation of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strand {
    /// The lane.
    pub lane: u8,
    /// Which of its requests it is.
    pub generation: u32,
}

/// What the others may expect of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has a history, and was asked for it at this time.
    Opening(Instant),
    /// It sends its history, and was heard of at this time.
    Past(Instant),
    /// It sends events as they are committed.
    Live,
    /// It has no connection.
    Away,
}

/// A portion of events that waits.
#[derive(Debug)]
struct Portion {
    events: Arc<Decoded>,
    /// When each was stored; one that does not say stands where it came.
    times: Vec<i64>,
    /// How many of them were handed over.
    gone: usize,
    since: Instant,
}

/// A lane, with what it has sent.
#[derive(Debug)]
struct Thread {
    strand: Strand,
    stage: Stage,
    /// An event of this time is of today: the history ends here.
    began: i64,
    waiting: VecDeque<Portion>,
    /// The time of its last event that was taken in.
    last: i64,
    /// The time of its last event that was handed over.
    passed: i64,
}

/// Where an event stands among those of other lanes: by its time, at the same time by its lane.
type Place = (i64, u8);

impl Thread {
    fn head(&self) -> Option<Place> {
        let portion = self.waiting.front()?;
        Some((*portion.times.get(portion.gone)?, self.strand.lane))
    }

    /// Until when others wait for it, if they have waited since `since`.
    fn awaited(&self, since: Instant) -> Instant {
        match self.stage {
            Stage::Opening(at) => at + OPENING,
            Stage::Past(heard) => heard + FALTERING,
            Stage::Live => since + WINDOW,
            Stage::Away => since,
        }
    }
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Events can be handed over.
    Ready,
    /// None before this time, unless something comes.
    At(Instant),
    /// Nothing waits.
    Idle,
}

/// Events that are handed over together.
#[derive(Debug, Default, PartialEq)]
pub struct Woven {
    /// The events.
    pub events: Decoded,
    /// Who has sent them: so many from this one, so many from that one.
    pub runs: Vec<(Strand, usize)>,
}

/// The lanes that are observed, and what of them waits.
#[derive(Debug, Default)]
pub struct Weave {
    threads: Vec<Thread>,
}

impl Weave {
    /// A lane is observed from now on. With `began`, the time of the wall clock, its history comes first.
    pub fn join(&mut self, strand: Strand, began: Option<i64>, now: Instant) {
        self.leave(strand);
        let stage = if began.is_some() { Stage::Opening(now) } else { Stage::Live };
        let began = began.unwrap_or(i64::MIN);
        let waiting = VecDeque::new();
        self.threads.push(Thread { strand, stage, began, waiting, last: i64::MIN, passed: i64::MIN });
    }

    /// A lane is not observed any more. What of it waits is not handed over.
    pub fn leave(&mut self, strand: Strand) {
        self.threads.retain(|thread| thread.strand != strand);
    }

    /// The same of all requests of a lane.
    pub fn leave_lane(&mut self, lane: u8) {
        self.threads.retain(|thread| thread.strand.lane != lane);
    }

    /// Whether there is nobody to wait for.
    pub fn is_single(&self) -> bool {
        self.threads.len() < 2
    }

    /// A lane has its connection: what comes now, comes soon.
    pub fn opened(&mut self, strand: Strand, now: Instant) {
        if let Some(thread) = self.find(strand) {
            thread.stage = match thread.stage {
                Stage::Opening(_) => Stage::Past(now),
                Stage::Away => Stage::Live,
                stage => stage,
            };
        }
    }

    /// A lane has no connection: nobody waits for it.
    pub fn broken(&mut self, strand: Strand) {
        if let Some(thread) = self.find(strand) {
            thread.stage = Stage::Away;
        }
    }

    /// A lane has sent events, the first of them at `since`.
    pub fn push(&mut self, strand: Strand, events: Decoded, since: Instant, now: Instant) {
        let Some(thread) = self.find(strand).filter(|_| !events.is_empty()) else { return };
        let mut last = thread.last;
        let times = events.times().map(|time| {
            last = time.unwrap_or(last);
            last
        });
        let times = times.collect();
        thread.last = last;
        thread.stage = match thread.stage {
            Stage::Opening(_) | Stage::Past(_) if last < thread.began => Stage::Past(now),
            _ => Stage::Live,
        };
        thread.waiting.push_back(Portion { events: Arc::new(events), times, gone: 0, since });
    }

    /// Whether something that a lane has sent waits.
    pub fn holds(&self, strand: Strand) -> bool {
        self.threads.iter().any(|thread| thread.strand == strand && !thread.waiting.is_empty())
    }

    /// How many bytes of a lane wait.
    pub fn held(&self, strand: Strand) -> u64 {
        let threads = self.threads.iter().filter(|thread| thread.strand == strand);
        threads.flat_map(|thread| &thread.waiting).map(|portion| portion.events.bytes()).sum()
    }

    fn find(&mut self, strand: Strand) -> Option<&mut Thread> {
        self.threads.iter_mut().find(|thread| thread.strand == strand)
    }

    /// Whether the first event can be handed over.
    pub fn turn(&mut self, now: Instant) -> Turn {
        // Whom all have waited for in vain is not waited for a second time.
        for thread in &mut self.threads {
            if matches!(thread.stage, Stage::Opening(_) | Stage::Past(_))
                && thread.waiting.is_empty()
                && thread.awaited(now) <= now
            {
                thread.stage = Stage::Live;
            }
        }
        match self.first() {
            None => Turn::Idle,
            Some((index, head)) => match self.held_until(index, head, now) {
                None => Turn::Ready,
                Some(until) => Turn::At(until),
            },
        }
    }

    /// The lane whose event is the earliest, and that event's place.
    fn first(&self) -> Option<(usize, Place)> {
        let heads = self.threads.iter().enumerate().filter_map(|(at, thread)| Some((at, thread.head()?)));
        heads.min_by_key(|(_, head)| *head)
    }

    /// Until when the first event waits for lanes of which nothing is there; `None` when it need not wait.
    fn held_until(&self, index: usize, head: Place, now: Instant) -> Option<Instant> {
        let since = self.threads.get(index)?.waiting.front()?.since;
        self.silent(since, now).filter(|(passed, _)| *passed < head).map(|(_, until)| until).max()
    }

    /// The lanes of which nothing is there and for which events wait that came at `since`: how far each has come, and
    /// until when it is waited for.
    fn silent(&self, since: Instant, now: Instant) -> impl Iterator<Item = (Place, Instant)> {
        let silent = self.threads.iter().filter(|thread| thread.waiting.is_empty());
        let waited = silent.map(move |thread| ((thread.passed, thread.strand.lane), thread.awaited(since)));
        waited.filter(move |(_, until)| *until > now)
    }

    /// Hand over everything whose turn it is.
    pub fn take(&mut self, now: Instant) -> Woven {
        let mut pieces: Vec<(Strand, Arc<Decoded>, Range<usize>)> = Vec::new();
        while self.turn(now) == Turn::Ready
            && let Some((index, run)) = self.run(now)
            && let Some(thread) = self.threads.get_mut(index)
            && let Some(portion) = thread.waiting.front_mut()
        {
            let is_spent = run.end == portion.times.len();
            thread.passed = portion.times.get(run.end - 1).copied().unwrap_or(thread.passed);
            portion.gone = run.end;
            pieces.push((thread.strand, Arc::clone(&portion.events), run));
            if is_spent {
                thread.waiting.pop_front();
                if let Stage::Past(heard) = &mut thread.stage {
                    *heard = now;
                }
            }
        }
        let events = Decoded::woven(pieces.iter().map(|(_, events, run)| (events.as_ref(), run.clone())));
        Woven { events, runs: pieces.into_iter().map(|(strand, _, run)| (strand, run.len())).collect() }
    }

    /// The events whose turn it is: a lane's, and which of its first portion; at least one.
    fn run(&self, now: Instant) -> Option<(usize, Range<usize>)> {
        let (index, _) = self.first()?;
        let thread = self.threads.get(index)?;
        let portion = thread.waiting.front()?;
        let others =
            self.threads.iter().enumerate().filter(|(at, _)| *at != index).filter_map(|(_, other)| other.head());
        let unheard = self.silent(portion.since, now).map(|(passed, _)| passed);
        let limit = others.chain(unheard).min();
        let behind = portion.times.get(portion.gone + 1..)?;
        let more = behind.iter().take_while(|time| limit.is_none_or(|limit| (**time, thread.strand.lane) < limit));
        Some((index, portion.gone..portion.gone + 1 + more.count()))
    }
}
