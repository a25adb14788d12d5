//! The app's wishes to be woken.

use crate::app::effect::Timer;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// One wish for each timer; a new one replaces the old.
#[derive(Debug, Default)]
pub struct Timers(HashMap<Timer, Instant>);

impl Timers {
    /// Wake the app with `timer` after a while.
    pub fn set(&mut self, timer: Timer, after: Duration, now: Instant) {
        self.0.insert(timer, now + after);
    }

    /// When the next one runs out.
    pub fn next(&self) -> Option<Instant> {
        self.0.values().min().copied()
    }

    /// One that has run out. It is forgotten.
    pub fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let due = self.0.iter().filter(|(_, at)| **at <= now).min_by_key(|(_, at)| **at).map(|(timer, _)| *timer)?;
        self.0.remove(&due);
        Some(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_a_new_wish_replaces_the_old() {
        let start = Instant::now();
        let seconds = Duration::from_secs;
        let mut timers = Timers::default();
        timers.set(Timer::Ping, seconds(5), start);
        timers.set(Timer::Audit, seconds(3), start);
        timers.set(Timer::Audit, seconds(9), start);
        assert_eq!(timers.next(), Some(start + seconds(5)));
        assert_eq!(timers.take_due(start + seconds(4)), None);
        assert_eq!(timers.take_due(start + seconds(20)), Some(Timer::Ping));
        assert_eq!(timers.take_due(start + seconds(20)), Some(Timer::Audit));
        assert_eq!(timers.next(), None);
    }
}
