//! How fast events come: counted in whole seconds, over the last minutes.
//!
//! Knows event types and lanes by their numbers only.

use super::lane::LANES;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::time::Duration;

/// How far back it is counted, in seconds.
pub const WINDOW: u64 = 300;
/// Over how many seconds a rate is taken: long enough to be readable, short enough to be now.
const RATE: u64 = 5;

/// The events of one second.
#[derive(Clone, Debug, Default)]
struct Bucket {
    second: u64,
    total: u64,
    kinds: FxHashMap<u32, u64>,
    lanes: [u64; LANES],
    /// The position of the first of them.
    first: usize,
}

/// The events of the last minutes, second by second. Seconds without events take no room.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    buckets: VecDeque<Bucket>,
    /// How many events of each type there are in all buckets.
    totals: FxHashMap<u32, u64>,
    /// When the first event came.
    first: Option<Duration>,
}

impl Rates {
    /// Count events of a lane that came now, the first at `position`, by their types; `None` for a line that is no
    /// event.
    pub fn add(&mut self, lane: u8, position: usize, kinds: impl IntoIterator<Item = Option<u32>>, now: Duration) {
        self.forget(now);
        let second = now.as_secs();
        if self.buckets.back().is_none_or(|last| last.second != second) {
            self.buckets.push_back(Bucket { second, first: position, ..Bucket::default() });
        }
        let Some(bucket) = self.buckets.back_mut() else { return };
        let before = bucket.total;
        for kind in kinds {
            bucket.total += 1;
            if let Some(kind) = kind {
                *bucket.kinds.entry(kind).or_default() += 1;
                *self.totals.entry(kind).or_default() += 1;
            }
        }
        if let Some(count) = bucket.lanes.get_mut(usize::from(lane)) {
            *count += bucket.total - before;
        }
        self.first.get_or_insert(now);
    }

    /// Forget what is too old.
    pub fn forget(&mut self, now: Duration) {
        while self.buckets.front().is_some_and(|bucket| bucket.second + WINDOW <= now.as_secs()) {
            let Some(bucket) = self.buckets.pop_front() else { return };
            for (kind, count) in bucket.kinds {
                if let Some(total) = self.totals.get_mut(&kind) {
                    *total = total.saturating_sub(count);
                    if *total == 0 {
                        self.totals.remove(&kind);
                    }
                }
            }
        }
    }

    /// Whether an event came within the window.
    pub fn is_moving(&self, now: Duration) -> bool {
        self.buckets.back().is_some_and(|bucket| bucket.second + WINDOW > now.as_secs())
    }

    /// Events per second over the last seconds.
    pub fn rate(&self, now: Duration) -> f64 {
        self.recent(now).map(|bucket| bucket.total).sum::<u64>() as f64 / self.span(now)
    }

    /// Events of a lane per second over the last seconds.
    pub fn rate_of_lane(&self, lane: u8, now: Duration) -> f64 {
        let of_lane = |bucket: &Bucket| bucket.lanes.get(usize::from(lane)).copied().unwrap_or(0);
        self.recent(now).map(of_lane).sum::<u64>() as f64 / self.span(now)
    }

    /// Events of a type per second over the last seconds.
    pub fn rate_of_kind(&self, kind: u32, now: Duration) -> f64 {
        self.recent(now).filter_map(|bucket| bucket.kinds.get(&kind)).sum::<u64>() as f64 / self.span(now)
    }

    /// How many events, of one type or of all, came in each part of the last `bars * seconds` seconds, the latest last.
    pub fn strip(&self, kind: Option<u32>, bars: usize, seconds: u64, now: Duration) -> Vec<u64> {
        let mut strip = vec![0; bars];
        for bucket in self.buckets.iter().rev() {
            let age = now.as_secs().saturating_sub(bucket.second) / seconds.max(1);
            let at = usize::try_from(age).ok().and_then(|age| bars.checked_sub(age + 1));
            let Some(bar) = at.and_then(|at| strip.get_mut(at)) else { break };
            *bar += match kind {
                None => bucket.total,
                Some(kind) => bucket.kinds.get(&kind).copied().unwrap_or(0),
            };
        }
        strip
    }

    /// At most `count` types of the window, the most events first.
    pub fn top(&self, count: usize) -> Vec<u32> {
        let mut top: Vec<(u32, u64)> = self.totals.iter().map(|(kind, total)| (*kind, *total)).collect();
        let order = |(kind, total): &(u32, u64)| (std::cmp::Reverse(*total), *kind);
        if top.len() > count {
            top.select_nth_unstable_by_key(count, order);
            top.truncate(count);
        }
        top.sort_unstable_by_key(order);
        top.into_iter().map(|(kind, _)| kind).collect()
    }

    /// The position of the first event of the last `seconds` seconds.
    pub fn since(&self, seconds: u64, now: Duration) -> Option<usize> {
        let recent = self.buckets.iter().rev().take_while(|bucket| bucket.second + seconds > now.as_secs());
        recent.last().map(|bucket| bucket.first)
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
            let kinds = [Some(1), Some(2), Some(1), None];
            rates.add(u8::from(tick % 2 == 0), tick * 4, kinds, at(100.0 + tick as f64 * 0.1));
        }
        let now = at(119.9);
        assert!((rates.rate(now) - 40.0).abs() < 1.0, "{}", rates.rate(now));
        assert!((rates.rate_of_lane(0, now) - 20.0).abs() < 1.0 && rates.rate_of_lane(2, now) == 0.0);
        assert!((rates.rate_of_kind(1, now) - 20.0).abs() < 0.5);
        assert_eq!((rates.top(9), rates.top(1)), (vec![1, 2], vec![1]));
        assert_eq!((rates.since(2, now), rates.since(1000, now)), (Some(180 * 4), Some(0)));
        assert_eq!(rates.rate(at(125.0)), 0.0);
        assert_eq!(rates.top(9).len(), 2, "a type of the window stays in the list");
        assert!(rates.is_moving(at(418.9)) && !rates.is_moving(at(419.0)));
        rates.forget(at(500.0));
        assert!(rates.top(9).is_empty() && rates.since(1000, at(500.0)).is_none());
    }

    #[test]
    fn the_strip_moves_on_with_time() {
        let mut rates = Rates::default();
        rates.add(0, 0, [Some(7); 3], at(0.5));
        rates.add(0, 3, [None; 2], at(59.2));
        assert_eq!(rates.strip(None, 6, 10, at(59.9)), [3, 0, 0, 0, 0, 2]);
        assert_eq!(rates.strip(Some(7), 6, 10, at(59.9)), [3, 0, 0, 0, 0, 0]);
        assert_eq!(rates.strip(None, 6, 10, at(69.2)), [0, 0, 0, 0, 2, 0]);
        assert_eq!(rates.strip(None, 0, 10, at(69.2)), [0; 0]);
    }

    #[test]
    fn a_first_burst_is_not_called_faster_than_it_was() {
        let mut rates = Rates::default();
        rates.add(0, 0, [None; 10], at(7.0));
        assert_eq!(rates.rate(at(7.0)), 10.0);
        assert_eq!(rates.rate(at(9.0)), 5.0);
    }
}
