//! A query that is run again and again: when the next run is due, and what became of the last one.
//!
//! Runs never overlap: the next one begins so many seconds after the end of the last. A failure keeps the rows and makes
//! the pause longer. Knows nothing of how a query is run.

use super::table::Table;
use crate::app::message::Now;
use std::time::Duration;

/// What is offered when nothing was said.
pub const USUAL: u64 = 5;
/// The longest pause that can be asked for, in seconds.
const LONGEST: u64 = 86_400;
/// Failures make the pause no longer than this.
const MOST: Duration = Duration::from_secs(60);
/// No more rows than this are watched: two results are held side by side.
pub const ROWS: usize = 100_000;

/// A query that is watched.
#[derive(Debug)]
pub struct Watch {
    /// The pause between two runs.
    pub every: Duration,
    /// The query that is run.
    pub text: String,
    /// Where it stood in the editor, and in which version of the text.
    pub place: (usize, u64),
    /// When the next run begins; `None` while one is under way.
    due: Option<Duration>,
    /// So many runs in a row have failed, the last one for this reason.
    failed: u32,
    reason: String,
    /// How many runs came to their end.
    ended: u64,
    /// The rows of the run that is under way.
    pub coming: Option<Table>,
}

/// The seconds that were typed.
///
/// # Errors
/// Why they will not do.
pub fn seconds(text: &str) -> Result<Duration, String> {
    match text.trim().parse::<u64>() {
        Ok(0) => Err("The shortest pause is 1 second.".to_owned()),
        Ok(seconds) if seconds > LONGEST => Err("The longest pause is a day, 86400 seconds.".to_owned()),
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => Err("A whole number of seconds is needed.".to_owned()),
    }
}

impl Watch {
    /// Watch a query whose first run is due at once.
    pub fn new(every: Duration, text: String, place: (usize, u64), now: Now) -> Self {
        let due = Some(now.since_start);
        Self { every, text, place, due, failed: 0, reason: String::new(), ended: 0, coming: None }
    }

    /// When the next run begins; `None` while one is under way.
    pub fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Whether a run is to begin now.
    pub fn is_due(&self, now: Now) -> bool {
        self.due.is_some_and(|due| due <= now.since_start)
    }

    /// A run begins, into this table.
    pub fn begin(&mut self, coming: Table) {
        self.due = None;
        self.coming = Some(coming);
    }

    /// A run has ended. Gives its rows when it has come to its end.
    pub fn end(&mut self, result: Result<(), String>, now: Now) -> Option<Table> {
        let rows = self.coming.take();
        match result {
            Ok(()) => {
                self.failed = 0;
                self.ended += 1;
            }
            Err(reason) => {
                self.failed = self.failed.saturating_add(1);
                self.reason = reason;
            }
        }
        self.due = Some(now.since_start.saturating_add(self.pause()));
        rows.filter(|_| self.failed == 0)
    }

    /// Whether there is a run before the last one, with which it can be compared.
    pub fn has_earlier(&self) -> bool {
        self.ended > 1
    }

    /// The pause until the next run: doubled by each failure in a row, but by failures no longer than a minute.
    fn pause(&self) -> Duration {
        let doubled = self.every.saturating_mul(1 << self.failed.min(16));
        doubled.min(MOST.max(self.every))
    }

    /// Why the last run failed, if it did.
    pub fn failure(&self) -> Option<&str> {
        (self.failed > 0).then_some(self.reason.as_str())
    }

    /// How it stands, in few words.
    pub fn said(&self, now: Now) -> String {
        let every = self.every.as_secs();
        let Some(due) = self.due else { return format!("watching every {every} s: running") };
        // Rounded up: 0 is when it runs.
        let left = due.saturating_sub(now.since_start).as_millis().div_ceil(1000);
        match self.failed {
            0 => format!("watching every {every} s: next in {left} s"),
            1 => format!("the last run failed, next in {left} s"),
            failed => format!("the last {failed} runs failed, next in {left} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Now {
        Now { since_start: Duration::from_secs(seconds), wall: 0 }
    }

    fn watch(every: u64) -> Watch {
        Watch::new(Duration::from_secs(every), String::new(), (0, 0), at(0))
    }

    #[test]
    fn the_next_run_begins_a_pause_after_the_end_of_the_last() {
        let mut watch = watch(5);
        assert!(watch.is_due(at(0)));
        watch.begin(Table::default());
        assert!(!watch.is_due(at(100)), "one is under way");
        assert!(watch.end(Ok(()), at(7)).is_some());
        assert_eq!((watch.is_due(at(11)), watch.is_due(at(12))), (false, true));
        assert_eq!(watch.said(at(8)), "watching every 5 s: next in 4 s");
    }

    #[test]
    fn failures_keep_the_rows_and_make_the_pause_longer() {
        let mut watch = watch(5);
        let mut pauses = Vec::new();
        for _ in 0..6 {
            watch.begin(Table::default());
            assert!(watch.end(Err("gone".into()), at(0)).is_none());
            pauses.push(watch.due().unwrap().as_secs());
        }
        assert_eq!(pauses, [10, 20, 40, 60, 60, 60]);
        assert_eq!((watch.failure(), watch.said(at(1))), (Some("gone"), "the last 6 runs failed, next in 59 s".into()));
        watch.begin(Table::default());
        watch.end(Ok(()), at(0));
        assert_eq!((watch.due(), watch.failure()), (Some(Duration::from_secs(5)), None));
        let mut slow = super::tests::watch(300);
        slow.end(Err(String::new()), at(0));
        assert_eq!(slow.due(), Some(Duration::from_secs(300)), "never shorter than what was asked for");
    }

    #[test]
    fn seconds_are_whole_and_at_least_one() {
        assert_eq!(seconds(" 5 "), Ok(Duration::from_secs(5)));
        for text in ["0", "", "1.5", "-1", "86401", "x"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
