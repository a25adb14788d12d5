//! A state at any point of its history, found quickly: forwards by merging, backwards from the last checkpoint.

use super::State;
use crate::model::json::Json;

/// Checkpoints stand so many events apart, until there are too many of them.
const STRIDE: usize = 64;
/// With more checkpoints than this, every second one goes and the next ones stand twice as far apart.
const MAX_CHECKPOINTS: usize = 64;
/// The same when all checkpoints together have more fields than this: states can be large.
const MAX_FIELDS: usize = 500_000;
/// What an event counts besides its payload, so that many small ones are no less work than a few large ones.
const EVENT: usize = 256;

/// The states of a subject, one of which is at hand.
#[derive(Clone, Debug)]
pub struct History {
    state: State,
    before: State,
    /// How many events are merged into `state`.
    merged: usize,
    /// Whether `before` is the state one event earlier.
    settled: bool,
    /// States after so many events, in order.
    checkpoints: Vec<(usize, State)>,
    /// How many fields all checkpoints have.
    fields: usize,
    stride: usize,
}

impl Default for History {
    fn default() -> Self {
        Self {
            state: State::default(),
            before: State::default(),
            merged: 0,
            settled: true,
            checkpoints: Vec::new(),
            fields: 0,
            stride: STRIDE,
        }
    }
}

impl History {
    /// The state after the events that were merged.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state one event earlier.
    pub fn before(&self) -> &State {
        &self.before
    }

    /// How many events are merged.
    pub fn merged(&self) -> usize {
        self.merged
    }

    /// Go to the state after `events` events, of which `payload` gives those that have one. About `budget` bytes are
    /// merged at once; gives whether that was enough, else it goes on with the next call.
    pub fn seek(&mut self, events: usize, budget: usize, mut payload: impl FnMut(usize) -> Option<String>) -> bool {
        if self.merged == events && self.settled {
            return true;
        }
        let base = events.saturating_sub(1);
        self.start_for(base);
        let mut left = budget.max(1);
        while self.merged < base {
            if left == 0 {
                return false;
            }
            left = left.saturating_sub(self.step(&mut payload));
        }
        self.before = self.state.clone();
        if self.merged < events {
            self.step(&mut payload);
        }
        self.settled = true;
        true
    }

    /// Begin at the latest state that is known and not beyond `base`.
    fn start_for(&mut self, base: usize) {
        self.settled = false;
        let known = self.checkpoints.partition_point(|(at, _)| *at <= base);
        let (at, state) = known
            .checked_sub(1)
            .and_then(|last| self.checkpoints.get(last))
            .map_or_else(|| (0, State::default()), |(at, state)| (*at, state.clone()));
        if self.merged > base || self.merged < at {
            (self.merged, self.state) = (at, state);
        }
    }

    /// Merge the next event. Gives what it has cost.
    fn step(&mut self, payload: &mut impl FnMut(usize) -> Option<String>) -> usize {
        let data = payload(self.merged);
        if let Some(data) = &data {
            self.state.merge(Json::trusted(data), u32::try_from(self.merged).unwrap_or(u32::MAX));
        }
        self.merged += 1;
        let last = self.checkpoints.last().map_or(0, |(at, _)| *at);
        if self.merged >= last + self.stride {
            self.fields += self.state.root().value.weight();
            self.checkpoints.push((self.merged, self.state.clone()));
            self.thin_out();
        }
        EVENT + data.map_or(0, |data| data.len())
    }

    fn thin_out(&mut self) {
        while self.checkpoints.len() > MAX_CHECKPOINTS || (self.fields > MAX_FIELDS && self.checkpoints.len() > 1) {
            let mut place = 0;
            self.checkpoints.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            self.stride *= 2;
            self.fields = self.checkpoints.iter().map(|(_, state)| state.root().value.weight()).sum();
        }
    }
}
