//! From the moment that an event was sent to the frame that shows it: for events that carry the time of their sending.
//!
//! Reads what the tail exposes, before and after the shell's updates and frames; neither the app nor the tail knows of
//! it, and neither has a clock.

use super::histogram::Histogram;
use crate::app::App;
use crate::app::screens::ScreenId;
use crate::model::log::EventLog;
use std::time::Duration;

/// The type of the events that a feeder stamps, with `data.sentAtNs` in nanoseconds since 1970.
const PROBE: &str = "io.genesisdb.app.probe";
const SENT_AT: &str = "sentAtNs";
/// So many stamps wait for one frame at most.
const WAITING: usize = 4096;

/// What arrived in the tail.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    /// How many events the tail received.
    pub received: u64,
    /// How long stamped events took to the screen.
    pub delay: Histogram,
    /// The end of the tail's log after the last update.
    end: usize,
    /// When the stamped events were sent that no frame was drawn for yet.
    waiting: Vec<i64>,
}

impl Arrivals {
    /// The app has taken a message in.
    pub fn updated(&mut self, app: &App) {
        let log = &app.tail.received.log;
        if log.end() < self.end {
            // Another subject is watched: its log is a new one.
            self.end = 0;
        }
        if log.end() == self.end {
            return;
        }
        self.received += (log.end() - self.end) as u64;
        if let Some(kind) = log.kinds().find(PROBE) {
            let new = self.end.max(log.first())..log.end();
            let stamped = new.clone().zip(log.rows_at(new)).filter(|(_, row)| row.kind == kind);
            let room = WAITING.saturating_sub(self.waiting.len());
            self.waiting.extend(stamped.take(room).filter_map(|(position, _)| sent_at(log, position)));
        }
        self.end = log.end();
    }

    /// A frame was drawn: when the events were sent that it is the first to show.
    ///
    /// What came while the tail was not shown, or was held still, was not to be seen: nothing is said of it.
    pub fn drawn(&mut self, app: &App) -> Vec<i64> {
        let sent = std::mem::take(&mut self.waiting);
        if app.screen == ScreenId::Tail && !app.tail.lines.is_held() { sent } else { Vec::new() }
    }

    /// A frame that shows events which were sent then is on the screen, since `wall` nanoseconds since 1970.
    pub fn shown(&mut self, sent: &[i64], wall: i64) {
        for sent in sent {
            let nanos = u64::try_from(wall.saturating_sub(*sent)).unwrap_or(0);
            self.delay.record(Duration::from_nanos(nanos));
        }
    }
}

fn sent_at(log: &EventLog, position: usize) -> Option<i64> {
    log.line(position)?.event().ok()?.data?.get(SENT_AT)?.text().parse().ok()
}
