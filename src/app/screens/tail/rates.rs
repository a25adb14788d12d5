//! How fast events come: counted in whole seconds, over the last minute.
//!
//! Knows event types by their numbers only.

use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::time::Duration;

/// How far back it is counted, in seconds.
pub const MINUTE: usize = 60;
/// Over how many seconds a rate is taken: long enough to be readable, short enough to be now.
const RATE: u64 = 5;

/// The events of one second.
#[derive(Clone, Debug, Default)]
struct Bucket {
    second: u64,
    total: u64,
    kinds: FxHashMap<u32, u64>,
}

/// The events of the last minute, second by second. Seconds without events take no room.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    buckets: VecDeque<Bucket>,
    /// When the first event came.
    first: Option<Duration>,
}

impl Rates {
    /// Count events that came now, by their types; `None` for a line that is no event.
    pub fn add(&mut self, kinds: impl IntoIterator<Item = Option<u32>>, now: Duration) {
        self.forget(now);
        let second = now.as_secs();
        if self.buckets.back().is_none_or(|last| last.second != second) {
            self.buckets.push_back(Bucket { second, ..Bucket::default() });
        }
        let Some(bucket) = self.buckets.back_mut() else { return };
        for kind in kinds {
            bucket.total += 1;
            if let Some(kind) = kind {
                *bucket.kinds.entry(kind).or_default() += 1;
            }
        }
        self.first.get_or_insert(now);
    }

    /// Forget what is older than a minute.
    pub fn forget(&mut self, now: Duration) {
        while self.buckets.front().is_some_and(|bucket| bucket.second + MINUTE as u64 <= now.as_secs()) {
            self.buckets.pop_front();
        }
    }

    /// Whether an event came within the last minute.
    pub fn is_moving(&self, now: Duration) -> bool {
        self.buckets.back().is_some_and(|bucket| bucket.second + MINUTE as u64 > now.as_secs())
    }

    /// Events per second over the last seconds.
    pub fn rate(&self, now: Duration) -> f64 {
        self.recent(now).map(|bucket| bucket.total).sum::<u64>() as f64 / self.span(now)
    }

    /// How many events came in each second of the last minute, this second last.
    pub fn strip(&self, now: Duration) -> [u64; MINUTE] {
        let mut strip = [0; MINUTE];
        for bucket in &self.buckets {
            let age = usize::try_from(now.as_secs().saturating_sub(bucket.second)).unwrap_or(MINUTE);
            if let Some(count) = (MINUTE - 1).checked_sub(age).and_then(|at| strip.get_mut(at)) {
                *count += bucket.total;
            }
        }
        strip
    }

    /// The types of the last minute, the most events first, each with its events per second over the last seconds.
    pub fn top(&self, now: Duration) -> Vec<(u32, f64)> {
        let mut counts: FxHashMap<u32, (u64, u64)> = FxHashMap::default();
        for bucket in self.buckets.iter().filter(|bucket| bucket.second + MINUTE as u64 > now.as_secs()) {
            let is_recent = bucket.second + RATE > now.as_secs();
            for (kind, count) in &bucket.kinds {
                let (minute, recent) = counts.entry(*kind).or_default();
                *minute += count;
                *recent += if is_recent { *count } else { 0 };
            }
        }
        let mut top: Vec<_> = counts.into_iter().collect();
        top.sort_by_key(|(kind, (minute, _))| (std::cmp::Reverse(*minute), *kind));
        top.into_iter().map(|(kind, (_, recent))| (kind, recent as f64 / self.span(now))).collect()
    }

    fn recent(&self, now: Duration) -> impl Iterator<Item = &Bucket> {
        self.buckets.iter().rev().take_while(move |bucket| bucket.second + RATE > now.as_secs())
    }

    /// The time that the last buckets cover: this second has only begun, and before the first event nothing counts.
    fn span(&self, now: Duration) -> f64 {
        let begun = f64::from(now.subsec_nanos()) / 1e9;
        let since = self.first.map_or(0.0, |first| now.saturating_sub(first).as_secs_f64());
        ((RATE - 1) as f64 + begun).min(since).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_steady_stream_has_its_rate_and_the_end_of_it_is_seen() {
        let mut rates = Rates::default();
        for tick in 0..200 {
            rates.add([Some(1), Some(2), Some(1), None], at(100.0 + f64::from(tick) * 0.1));
        }
        assert!((rates.rate(at(119.9)) - 40.0).abs() < 1.0, "{}", rates.rate(at(119.9)));
        let top = rates.top(at(119.9));
        assert_eq!(top.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [1, 2]);
        assert!((top[0].1 - 20.0).abs() < 0.5);
        assert_eq!(rates.rate(at(125.0)), 0.0);
        assert_eq!(rates.top(at(125.0)).len(), 2, "a type of the last minute stays in the list");
        assert!(rates.is_moving(at(178.9)) && !rates.is_moving(at(179.0)));
        assert!(rates.top(at(179.0)).is_empty());
    }

    #[test]
    fn the_strip_moves_on_with_time() {
        let mut rates = Rates::default();
        rates.add([None; 3], at(0.5));
        rates.add([None; 2], at(59.2));
        let strip = rates.strip(at(59.9));
        assert_eq!((strip[0], strip[MINUTE - 1], strip.iter().sum::<u64>()), (3, 2, 5));
        assert_eq!(rates.strip(at(60.0)).iter().sum::<u64>(), 2);
        assert_eq!(rates.strip(at(60.0))[MINUTE - 2], 2);
    }

    #[test]
    fn a_first_burst_is_not_called_faster_than_it_was() {
        let mut rates = Rates::default();
        rates.add([None; 10], at(7.0));
        assert_eq!(rates.rate(at(7.0)), 10.0);
        assert_eq!(rates.rate(at(9.0)), 5.0);
    }
}
