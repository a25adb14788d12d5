//! A lane of the tail: what the client's tail tells, in portions, to the app and to whoever records.
//!
//! A lane that is alone hands over by itself. Several lanes give their events to [`Weave`], and whichever of them has
//! the turn hands over what is next, whoever has sent it.

#[cfg(test)]
mod tests;

use super::answer::Answers;
use super::letter::{Letter, ToRecord};
use super::record::Tap;
use super::weave::{Strand, Turn, Weave};
use crate::api::{Batch, Client, Policy, Tail, TailFrom, TailItem, TailPart};
use crate::app::effect::{Call, From, Slot};
use crate::app::message::{Msg, Reply, Run, TailNews};
use crate::model::log::text::Text;
use crate::model::log::{Decoded, Reader};
use crate::model::request::StreamRequest;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// So many bytes of events are handed over together, unless they have waited long enough.
const PORTION: usize = 1 << 20;
/// Events that follow others so closely wait for more.
const CLOSE: Duration = Duration::from_millis(8);

/// What all lanes share: the order of their events, and the way to whoever records.
#[derive(Default)]
pub struct Lanes {
    /// The recording, when there is one.
    pub tap: Tap,
    loom: Arc<Loom>,
}

/// What one call has of it: the recording, and a lane's place among the others.
pub struct Seat {
    /// The recording, when there is one.
    pub tap: Tap,
    thread: Option<Thread>,
}

impl Lanes {
    /// A seat for a call. A lane takes its place at once: those that begin together know of each other before anything
    /// comes.
    pub fn seat(&self, call: &Call, to: &Answers) -> Seat {
        let thread = if let Call::Observe(_, from) = call { Some(Thread::join(&self.loom, to, from)) } else { None };
        Seat { tap: self.tap.clone(), thread }
    }

    /// A lane is not observed any more: what of it waits is not handed over, even if its task has not ended yet.
    pub fn leave(&self, slot: Slot) {
        if let Slot::Tail(lane) = slot {
            self.loom.tell(|weave, _| weave.leave_lane(lane));
        }
    }
}

#[derive(Default)]
struct Loom {
    weave: Mutex<Weave>,
    /// Something came or was handed over, or someone is not waited for any more.
    changed: Notify,
    /// Whoever has it hands over, for all.
    turn: tokio::sync::Mutex<()>,
}

impl Loom {
    fn with<T>(&self, act: impl FnOnce(&mut Weave, Instant) -> T) -> T {
        act(&mut self.weave.lock().unwrap_or_else(PoisonError::into_inner), Instant::now())
    }

    fn tell(&self, act: impl FnOnce(&mut Weave, Instant)) {
        self.with(act);
        self.changed.notify_waiters();
    }

    /// Wait until something can be handed over; `false` when nothing of this lane waits any more.
    async fn turn_of(&self, strand: Strand) -> bool {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            match self.with(|weave, now| if weave.holds(strand) { weave.turn(now) } else { Turn::Idle }) {
                Turn::Idle => return false,
                Turn::Ready => return true,
                // Nobody has the turn while all wait: who is waited for must find out that its events are gone.
                Turn::At(until) => tokio::select! {
                    () = changed => {}
                    () = sleep_until(until) => {}
                },
            }
        }
    }
}

/// A lane's place among the others, as long as it is observed.
struct Thread {
    loom: Arc<Loom>,
    strand: Strand,
}

impl Thread {
    fn join(loom: &Arc<Loom>, to: &Answers, from: &From) -> Self {
        let lane = if let Slot::Tail(lane) = to.slot { lane } else { u8::MAX };
        let strand = Strand { lane, generation: to.generation };
        let wall = || i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
        let began = matches!(from, From::Start | From::At(_) | From::Time(_)).then(wall);
        loom.tell(|weave, now| weave.join(strand, began, now));
        Self { loom: Arc::clone(loom), strand }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.loom.tell(|weave, _| weave.leave(self.strand));
    }
}

/// Observe until nobody listens any more.
pub async fn observe(client: Client, request: StreamRequest, from: From, seat: Seat, to: Answers) {
    let Some(thread) = seat.thread else { return };
    let mut tail = Tail::new(client, request, beginning(from), Policy::default());
    let (tap, flushed) = (seat.tap, Instant::now() - CLOSE);
    let mut lane =
        Lane { to, tap, thread, waiting: Vec::new(), bytes: 0, since: flushed, flushed, held: false, lost_at: None };
    loop {
        let woke = {
            let (next, strand) = (tail.next(), lane.thread.strand);
            tokio::pin!(next);
            tokio::select! {
                biased;
                ready = lane.thread.loom.turn_of(strand), if lane.held => Woke::Turn(ready),
                item = &mut next, if !lane.is_full() => Woke::Item(item),
                () = sleep_until(lane.flushed + CLOSE), if !lane.waiting.is_empty() => Woke::Close,
            }
        };
        let goes_on = match woke {
            Woke::Close => lane.flush().await,
            Woke::Item(None) => false,
            Woke::Item(Some(item)) => lane.take(item).await,
            Woke::Turn(true) => lane.hand_over_in_turn().await,
            Woke::Turn(false) => {
                lane.held = false;
                true
            }
        };
        if !goes_on {
            return;
        }
    }
}

/// A beginning in the client's words.
fn beginning(from: From) -> TailFrom {
    match from {
        From::Start => TailFrom::Start,
        From::Now => TailFrom::Now,
        From::After(id) => TailFrom::After(id),
        From::At(id) => TailFrom::At(id),
        From::Time(nanos) => TailFrom::Time(nanos),
        From::InPlaceOf(parts) => {
            let part = |(subject, from)| TailPart { subject, from: beginning(from) };
            TailFrom::InPlaceOf(parts.into_iter().map(part).collect())
        }
    }
}

/// What a lane woke up for.
enum Woke {
    Item(Option<TailItem>),
    /// What follows closely has had its time.
    Close,
    /// Something can be handed over, or nothing of this lane waits any more.
    Turn(bool),
}

struct Lane {
    to: Answers,
    tap: Tap,
    thread: Thread,
    /// Events that wait for more.
    waiting: Vec<Batch>,
    bytes: usize,
    /// When the first of them came.
    since: Instant,
    /// When events were handed over last.
    flushed: Instant,
    /// Whether something of it waits for its turn among other lanes.
    held: bool,
    lost_at: Option<Instant>,
}

impl Lane {
    async fn take(&mut self, item: TailItem) -> bool {
        let news = match item {
            TailItem::Events { batch, .. } => {
                if self.waiting.is_empty() {
                    self.since = Instant::now();
                }
                self.bytes += batch.iter().map(<[u8]>::len).sum::<usize>();
                self.waiting.push(batch);
                // What comes after a pause is shown at once.
                let now = self.bytes >= PORTION || self.flushed.elapsed() >= CLOSE;
                return if now { self.flush().await } else { true };
            }
            TailItem::Connected { again: false, after } => TailNews::Connected { after },
            TailItem::Connected { .. } => {
                let away = self.lost_at.take().map_or(Duration::ZERO, |at| at.elapsed());
                TailNews::Reconnected { away, complete: None }
            }
            TailItem::GapSuspected { .. } => TailNews::Gap,
            // A connection that is there is shown as live: nothing has changed, and nothing is drawn.
            TailItem::Heartbeat => return true,
            TailItem::Lost { reason, retry_in, attempt } => {
                self.lost_at.get_or_insert_with(Instant::now);
                TailNews::Lost { reason: reason.into(), retry_in, attempt }
            }
            TailItem::Refused(reason) => TailNews::Refused(reason.into()),
        };
        let strand = self.thread.strand;
        match &news {
            TailNews::Connected { .. } | TailNews::Reconnected { .. } => {
                self.thread.loom.tell(|weave, now| weave.opened(strand, now));
            }
            TailNews::Lost { .. } | TailNews::Refused(_) => self.thread.loom.tell(|weave, _| weave.broken(strand)),
            TailNews::Events(_) | TailNews::Gap => {}
        }
        // News stand where they happened, behind the events before them.
        self.flush().await && self.settle().await && self.to.send(Reply::Tail(news)).await
    }

    /// Hand over what waits, or put it in line with the events of other lanes.
    async fn flush(&mut self) -> bool {
        if self.waiting.is_empty() {
            return true;
        }
        let is_single = !self.held && self.thread.loom.with(|weave, _| weave.is_single());
        let goes_on = if is_single { self.hand_over().await } else { self.put_in_line() };
        self.flushed = Instant::now();
        goes_on
    }

    /// Hand over what waits, with what is recorded of it: all of it, or, when this task is dropped, nothing.
    async fn hand_over(&mut self) -> bool {
        let Ok(place) = self.to.to.reserve().await else { return false };
        let recording = self.tap.reserve().await;
        let batches = std::mem::take(&mut self.waiting);
        let decoded = decoded(&batches, std::mem::take(&mut self.bytes));
        let (slot, generation) = (self.to.slot, self.to.generation);
        let runs = vec![Run { slot, generation, events: decoded.len() }];
        let msg = Msg::Reply { slot, generation, reply: Reply::Tail(TailNews::Events(decoded)) };
        place.send(Letter { msg, to_record: recording.map(|place| ToRecord { place, batches, runs }) });
        true
    }

    /// Let what waits wait for its turn. A task that is dropped takes it along.
    fn put_in_line(&mut self) -> bool {
        let (strand, since) = (self.thread.strand, self.since);
        let events = decoded(&std::mem::take(&mut self.waiting), std::mem::take(&mut self.bytes));
        self.thread.loom.tell(|weave, now| weave.push(strand, events, since, now));
        self.held = true;
        true
    }

    /// Whether so much waits that no more is read.
    fn is_full(&self) -> bool {
        self.held && self.thread.loom.with(|weave, _| weave.held(self.thread.strand)) >= PORTION as u64
    }

    /// Stay until all that waits was handed over.
    async fn settle(&mut self) -> bool {
        while self.held && self.thread.loom.turn_of(self.thread.strand).await {
            if !self.hand_over_in_turn().await {
                return false;
            }
        }
        self.held = false;
        true
    }

    /// Hand over whatever is next, of all lanes, with what is recorded of it.
    async fn hand_over_in_turn(&self) -> bool {
        let loom = &self.thread.loom;
        let _turn = loom.turn.lock().await;
        let Ok(place) = self.to.to.reserve().await else { return false };
        let recording = self.tap.reserve().await;
        let run = |(strand, events): (Strand, usize)| {
            let Strand { lane, generation } = strand;
            Run { slot: Slot::Tail(lane), generation, events }
        };
        // All under the lock: a lane whose events are gone may send its news, and those stand behind the events.
        loom.tell(|weave, now| {
            let woven = weave.take(now);
            // Whoever had the turn before may have handed it over already.
            if woven.runs.is_empty() {
                return;
            }
            let runs: Vec<Run> = woven.runs.into_iter().map(run).collect();
            let written = |place| ToRecord { place, batches: vec![joined(&woven.events)], runs: runs.clone() };
            let to_record = recording.map(written);
            place.send(Letter { msg: Msg::Woven { events: woven.events, runs }, to_record });
        });
        true
    }
}

/// Lines as they are recorded.
fn joined(events: &Decoded) -> Batch {
    let (mut text, mut lines) = (Vec::new(), Vec::with_capacity(events.len()));
    for line in events.lines() {
        lines.push(text.len()..text.len() + line.len());
        text.extend_from_slice(line);
    }
    Batch { text: text.into(), lines, before: 0 }
}

/// The lines of some batches as rows, with memory for just that much text.
fn decoded(batches: &[Batch], bytes: usize) -> Decoded {
    let (mut reader, mut text) = (Reader::default(), Vec::with_capacity(bytes));
    for line in batches.iter().flat_map(Batch::iter) {
        if !reader.line(line, text.len()) {
            break;
        }
        text.extend_from_slice(line);
    }
    reader.finish(Text::Memory(Arc::new(text)))
}
