//! What the tasks send to the loop: a message for the app and, where a recording goes on, what it is to have of it.
//!
//! Events are recorded when the app takes them, and only those that it takes. So the file has what the list shows:
//! what was on its way from a lane that has ended is in neither, and comes again over the lane that took its place.

use super::record::Place;
use crate::api::Batch;
use crate::app::message::{Msg, Run};

/// A message on its way to the app.
pub struct Letter {
    /// The message.
    pub msg: Msg,
    /// What is recorded of it.
    pub to_record: Option<ToRecord>,
}

impl From<Msg> for Letter {
    fn from(msg: Msg) -> Self {
        Self { msg, to_record: None }
    }
}

/// Events for the recording, which has a place for them.
pub struct ToRecord {
    /// The place in the recording's queue.
    pub place: Place,
    /// The events of the message, in its order.
    pub batches: Vec<Batch>,
    /// Who has sent them, one run behind the other.
    pub runs: Vec<Run>,
}

impl ToRecord {
    /// Give the recording those events that the app takes.
    pub fn record(mut self, takes: impl Fn(&Run) -> bool) {
        if !self.runs.iter().all(&takes) {
            let mut taken = self.runs.iter().flat_map(|run| std::iter::repeat_n(takes(run), run.events));
            for batch in &mut self.batches {
                batch.lines.retain(|_| taken.next().unwrap_or(false));
            }
        }
        self.place.send(self.batches);
    }
}
