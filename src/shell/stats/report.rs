//! What was measured, as the JSON that `--stats` writes; docs/measuring.md says what each member means.
//!
//! Owns the shape and its version. Measures nothing itself but the memory, where the system tells.

use super::histogram::Histogram;
use serde::Serialize;
use std::time::Duration;

/// Changes with every change that a reader of the file would notice.
const VERSION: u32 = 1;

/// The whole report.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    version: u32,
    gdbx: &'static str,
    window: Window,
    duration_ms: f64,
    first_frame_ms: Option<f64>,
    first_events_ms: Option<f64>,
    load: LoadReport,
    memory: Memory,
    frames: Times,
    keys: Times,
    turns: Times,
    searches: Times,
    tail: TailReport,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Window {
    pub columns: u16,
    pub rows: u16,
}

/// The load of the log, as far as it had come when it was complete, or else at the end.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadReport {
    pub loaded_ms: Option<f64>,
    pub events: u64,
    pub bytes: u64,
    pub memory: Option<Memory>,
}

/// What the system says of this process's memory; nothing where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    pub rss_anon_bytes: Option<u64>,
    pub peak_rss_bytes: Option<u64>,
}

/// Durations of one sort: all of them, and those while events were being loaded.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    all: Spread,
    while_loading: Spread,
}

/// How durations are spread. Without any there is no median and no longest.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    count: u64,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    max_ms: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TailReport {
    pub received: u64,
    pub event_to_screen: Spread,
}

impl Report {
    /// A report of what [`super::Stats`] measured.
    pub(super) fn of(stats: &super::Stats) -> Self {
        Self {
            version: VERSION,
            gdbx: env!("CARGO_PKG_VERSION"),
            window: stats.window,
            duration_ms: ms(stats.began.elapsed()),
            first_frame_ms: stats.first_frame.map(ms),
            first_events_ms: stats.first_events.map(ms),
            load: stats.load.clone(),
            memory: Memory::now(),
            frames: Times::of(&stats.frames),
            keys: Times::of(&stats.keys),
            turns: Times::of(&stats.turns),
            searches: Times::of(&stats.searches),
            tail: TailReport { received: stats.arrivals.received, event_to_screen: Spread::of(&stats.arrivals.delay) },
        }
    }
}

impl Times {
    fn of(split: &super::Split) -> Self {
        Self { all: Spread::of(&split.all), while_loading: Spread::of(&split.loading) }
    }
}

impl Spread {
    fn of(histogram: &Histogram) -> Self {
        let quantile = |share| histogram.quantile(share).map(ms);
        Self {
            count: histogram.count(),
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            max_ms: (histogram.count() > 0).then(|| ms(histogram.longest())),
        }
    }
}

impl Memory {
    /// As it is now. Only Linux tells it in a file.
    pub fn now() -> Self {
        std::fs::read_to_string("/proc/self/status").map_or_else(|_| Self::default(), |text| Self::read(&text))
    }

    fn read(status: &str) -> Self {
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
            Some(kibibytes * 1024)
        };
        Self { rss_anon_bytes: bytes("RssAnon"), peak_rss_bytes: bytes("VmHWM") }
    }
}

/// In milliseconds, to the microsecond.
pub fn ms(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_what_linux_tells_and_is_unknown_elsewhere() {
        let status = "Name:\tgdbx\nVmHWM:\t    2048 kB\nRssAnon:\t      12 kB\n";
        assert_eq!(Memory::read(status), Memory { rss_anon_bytes: Some(12_288), peak_rss_bytes: Some(2_097_152) });
        assert_eq!(Memory::read(""), Memory::default());
    }
}
