//! Durations counted in a fixed number of places: what was measured of a session of any length.
//!
//! Knows nothing of what the durations are of.

use std::time::Duration;

/// Each doubling of a duration is split into so many places, so a quantile is at most 1/32 too large.
const PARTS: u64 = 32;
const PARTS_BITS: u32 = PARTS.trailing_zeros();
/// Longer than the longest that is told apart, about 71 minutes, counts as that.
const BITS: u32 = 32;
const PLACES: usize = ((BITS - PARTS_BITS + 1) as u64 * PARTS) as usize;

/// How often durations occurred, told apart to the microsecond or to 1/32 of them, whichever is coarser.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: Vec<u64>,
    count: u64,
    longest: Duration,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; PLACES], count: 0, longest: Duration::ZERO }
    }
}

impl Histogram {
    /// Count a duration.
    pub fn record(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).min((1 << BITS) - 1);
        if let Some(count) = self.counts.get_mut(place(micros)) {
            *count += 1;
        }
        self.count += 1;
        self.longest = self.longest.max(duration);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest one, exactly.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// The duration that `share` of them (0 to 1) do not exceed; nothing while none was counted.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let wanted = ((self.count as f64 * share).ceil() as u64).clamp(1, self.count.max(1));
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        })?;
        Some(Duration::from_micros(last_of(place as u64)).min(self.longest))
    }
}

/// The place of a duration: its highest bits.
fn place(micros: u64) -> usize {
    let shift = (u64::BITS - micros.leading_zeros()).saturating_sub(PARTS_BITS + 1);
    (u64::from(shift) * PARTS + (micros >> shift)) as usize
}

/// The longest duration of a place, in microseconds.
fn last_of(place: u64) -> u64 {
    let shift = (place / PARTS).saturating_sub(1);
    ((place - shift * PARTS + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_counted_says_nothing() {
        assert_eq!((Histogram::default().quantile(0.5), Histogram::default().count()), (None, 0));
    }

    #[test]
    fn what_is_too_long_to_be_told_apart_is_still_the_longest() {
        let mut histogram = Histogram::default();
        histogram.record(Duration::from_secs(100_000));
        assert_eq!(histogram.longest(), Duration::from_secs(100_000));
        assert!(histogram.quantile(1.0).unwrap() >= Duration::from_secs(4_000));
    }

    proptest! {
        /// A quantile is what sorting gives, or a little more, and never more than the longest.
        #[test]
        fn agrees_with_sorting(mut micros in prop::collection::vec(0u64..100_000_000, 1..200), share in 0.0f64..=1.0) {
            let mut histogram = Histogram::default();
            micros.iter().for_each(|micros| histogram.record(Duration::from_micros(*micros)));
            micros.sort_unstable();
            let index = ((micros.len() as f64 * share).ceil() as usize).clamp(1, micros.len()) - 1;
            let (exact, told) = (micros[index], histogram.quantile(share).unwrap().as_micros() as u64);
            prop_assert!(told >= exact && told <= exact + exact / PARTS, "{told} for {exact}");
            prop_assert!(told <= *micros.last().unwrap());
            prop_assert_eq!(histogram.longest(), Duration::from_micros(*micros.last().unwrap()));
        }
    }
}
