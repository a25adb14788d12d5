//! Looking through what was received as it comes: a little at once here, much of it on other threads.
//!
//! Owns how far it was looked. What is done with what is found is the caller's.

use crate::app::effect::{Call, Outbox, Slot};
use crate::app::probe::{Inside, Probe, Search};
use crate::model::log::EventLog;

/// So many bytes of text are looked through here, without the way to another thread.
const HERE: usize = 64 << 10;
/// So many rows are looked at in one step when their texts do not matter.
const ROWS: usize = 1 << 18;

/// Looks through a log, everything once.
#[derive(Debug)]
pub struct Seeker {
    slot: Slot,
    probe: Option<Probe>,
    scanned: usize,
    problem: Option<String>,
}

impl Seeker {
    /// One that asks for searches under a slot of its own.
    pub fn new(slot: Slot) -> Self {
        Self { slot, probe: None, scanned: 0, problem: None }
    }

    /// What is looked for.
    pub fn probe(&self) -> Option<&Probe> {
        self.probe.as_ref()
    }

    /// Everything before this position was looked at.
    pub fn scanned(&self) -> usize {
        self.scanned
    }

    /// Why an event could not be judged, if there was one.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Look for something else, from a position on. A search that is under way is dropped.
    pub fn restart(&mut self, probe: Option<Probe>, from: usize, out: &mut Outbox) {
        out.cancel(self.slot);
        self.probe = probe;
        self.scanned = from;
        self.problem = None;
    }

    /// Look at what was not looked at yet; `hit` is told the positions, in order. Gives `false` when it is to be called
    /// again soon. What takes longer is searched elsewhere, see [`Seeker::found`].
    pub fn advance(&mut self, inside: &Inside, log: &EventLog, out: &mut Outbox, hit: &mut dyn FnMut(usize)) -> bool {
        self.scanned = self.scanned.max(log.first());
        if self.scanned >= log.end() || out.slots.is_busy(self.slot) {
            return true;
        }
        let Some(probe) = self.probe.clone() else {
            let end = log.end().min(self.scanned + ROWS);
            for (position, row) in (self.scanned..).zip(log.rows_at(self.scanned..end)) {
                if inside.covers(row) {
                    hit(position);
                }
            }
            self.scanned = end;
            return end >= log.end();
        };
        let from = self.scanned;
        let mut bytes = 0;
        let is_much = log.rows_at(from..log.end()).any(|row| {
            bytes += row.text_len();
            bytes > HERE
        });
        let search = Search { view: log.view().clone(), from, to: log.end(), inside: inside.clone(), probe };
        if is_much {
            out.start(self.slot, Call::Search(search));
            return true;
        }
        self.scanned = log.end();
        match search.look(from..log.end(), &|| true) {
            Ok(found) => {
                found.positions.into_iter().for_each(|position| hit(position as usize));
                self.over(found.problem);
            }
            Err(error) => self.over(Some(error.to_string())),
        }
        true
    }

    /// A search has looked at everything before `scanned`.
    pub fn found(&mut self, scanned: usize) {
        self.scanned = self.scanned.max(scanned);
    }

    /// A search is over; the first event that could not be judged is told.
    pub fn over(&mut self, problem: Option<String>) {
        self.problem = self.problem.take().or(problem);
    }
}
