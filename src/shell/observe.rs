//! A lane of the tail: what the client's tail tells, in portions, to the app and to whoever records.

use super::answer::Answers;
use super::record::Tap;
use crate::api::{Batch, Client, Policy, Tail, TailFrom, TailItem};
use crate::app::effect::From;
use crate::app::message::{Msg, Reply, TailNews};
use crate::model::log::text::Text;
use crate::model::log::{Decoded, Reader};
use crate::model::request::StreamRequest;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// So many bytes of events are handed over together, unless they have waited long enough.
const PORTION: usize = 1 << 20;
/// Events that follow others so closely wait for more.
const CLOSE: Duration = Duration::from_millis(8);

/// Observe until nobody listens any more.
pub async fn observe(client: Client, request: StreamRequest, from: From, tap: Tap, to: Answers) {
    let from = match from {
        From::Start => TailFrom::Start,
        From::Now => TailFrom::Now,
        From::After(id) => TailFrom::After(id),
        From::At(id) => TailFrom::At(id),
        From::Time(nanos) => TailFrom::Time(nanos),
    };
    let mut tail = Tail::new(client, request, from, Policy::default());
    let mut lane = Lane { to, tap, waiting: Vec::new(), bytes: 0, flushed: Instant::now() - CLOSE, lost_at: None };
    loop {
        let item = {
            let next = tail.next();
            tokio::pin!(next);
            tokio::select! {
                biased;
                item = &mut next => Some(item),
                () = sleep_until(lane.flushed + CLOSE), if !lane.waiting.is_empty() => None,
            }
        };
        let goes_on = match item {
            None => lane.flush().await,
            Some(None) => false,
            Some(Some(item)) => lane.take(item).await,
        };
        if !goes_on {
            return;
        }
    }
}

struct Lane {
    to: Answers,
    tap: Tap,
    /// Events that wait for more.
    waiting: Vec<Batch>,
    bytes: usize,
    /// When events were handed over last.
    flushed: Instant,
    lost_at: Option<Instant>,
}

impl Lane {
    async fn take(&mut self, item: TailItem) -> bool {
        let news = match item {
            TailItem::Events { batch, .. } => {
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
        // News stand where they happened, behind the events before them.
        self.flush().await && self.to.send(Reply::Tail(news)).await
    }

    /// Hand over what waits, to the app and to the recording: to both, or, when this task is dropped, to none.
    async fn flush(&mut self) -> bool {
        if self.waiting.is_empty() {
            return true;
        }
        let Ok(place) = self.to.to.reserve().await else { return false };
        let recording = self.tap.reserve().await;
        let batches = std::mem::take(&mut self.waiting);
        let decoded = decoded(&batches, std::mem::take(&mut self.bytes));
        self.flushed = Instant::now();
        let reply = Reply::Tail(TailNews::Events(decoded));
        place.send(Msg::Reply { slot: self.to.slot, generation: self.to.generation, reply });
        if let Some(recording) = recording {
            recording.send(batches);
        }
        true
    }
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
