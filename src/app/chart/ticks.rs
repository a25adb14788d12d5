//! Where an axis is marked: round numbers, and the round times of a zone's calendar.
//!
//! Knows nothing of where an axis is drawn and how wide its labels are.

use super::number;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// A place on an axis and what stands there.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The place: a number, or nanoseconds since 1970.
    pub at: f64,
    /// What stands there.
    pub label: String,
}

/// A distance between round numbers: `digit · 10^power`, the digit being 1, 2 or 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    digit: u8,
    power: i32,
}

impl Step {
    /// The smallest step of which `at_most` marks enclose a range.
    pub fn enclosing(from: f64, to: f64, at_most: usize) -> Self {
        let span = (to - from).max(f64::MIN_POSITIVE);
        // Steps below what doubles can tell apart at this height are none.
        let finest = from.abs().max(to.abs()) * 1e-14;
        let mut step = Self { digit: 1, power: (span.max(finest) / at_most.max(3) as f64).log10().floor() as i32 - 1 };
        for _ in 0..12 {
            if step.size() > finest && step.last(to) - step.first(from) < at_most.max(3) as i64 {
                break;
            }
            step = step.next();
        }
        step
    }

    /// The smallest step that is no smaller than 1.
    #[must_use]
    pub fn whole(self) -> Self {
        if self.power < 0 { Self { digit: 1, power: 0 } } else { self }
    }

    fn next(self) -> Self {
        match self.digit {
            1 => Self { digit: 2, ..self },
            2 => Self { digit: 5, ..self },
            _ => Self { digit: 1, power: self.power + 1 },
        }
    }

    fn size(self) -> f64 {
        self.place(1)
    }

    /// The place of a mark by its number, as near to the decimal as a double gets.
    pub fn place(self, number: i64) -> f64 {
        let units = number as f64 * f64::from(self.digit);
        if self.power < 0 { units / 10f64.powi(-self.power) } else { units * 10f64.powi(self.power) }
    }

    /// The number of the last mark that is not behind a place.
    pub fn first(self, from: f64) -> i64 {
        let near = (from / self.size()).floor() as i64;
        // The division may round across a mark, in either direction.
        match () {
            () if self.place(near) > from => near - 1,
            () if self.place(near.saturating_add(1)) <= from => near + 1,
            () => near,
        }
    }

    /// The number of the first mark that is not before a place.
    pub fn last(self, to: f64) -> i64 {
        let near = (to / self.size()).ceil() as i64;
        match () {
            () if self.place(near) < to => near + 1,
            () if self.place(near.saturating_sub(1)) >= to => near - 1,
            () => near,
        }
    }

    fn decimals(self) -> usize {
        usize::try_from(-self.power).unwrap_or(0)
    }
}

/// Marks at whole round numbers from 0 to behind a count.
pub fn counts(to: u64, at_most: usize) -> Vec<Tick> {
    let to = to.max(1) as f64;
    let step = Step::enclosing(0.0, to, at_most).whole();
    (0..=step.last(to))
        .map(|number| {
            let at = step.place(number);
            Tick { at, label: number::fixed(at, 0) }
        })
        .collect()
}

/// Marks at round numbers that enclose a range: at least two, at most `at_most` if that is three or more.
pub fn numbers(from: f64, to: f64, at_most: usize) -> Vec<Tick> {
    let step = Step::enclosing(from, to, at_most);
    let (first, last) = (step.first(from), step.last(to));
    let last = if first == last { last + 1 } else { last };
    (first..=last)
        .map(|number| {
            let at = step.place(number);
            Tick { at, label: number::fixed(at, step.decimals()) }
        })
        .collect()
}

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A distance between round times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// Nanoseconds; divides an hour.
    Nanos(i64),
    /// Divides a day.
    Hours(i64),
    Days(i64),
    Months(i64),
}

impl Pace {
    /// All of them, the shortest first.
    fn all() -> impl Iterator<Item = Self> {
        // Doubles do not tell nanoseconds of our days apart.
        let fine = (3..9).flat_map(|power| [1, 2, 5].map(|digit| Self::Nanos(digit * 10i64.pow(power))));
        let of = |unit: i64| [1, 2, 5, 10, 15, 30].map(|n| Self::Nanos(n * unit));
        let years = (0..4).flat_map(|power| [1, 2, 5].map(|digit| Self::Months(12 * digit * 10i64.pow(power))));
        fine.chain(of(SECOND))
            .chain(of(MINUTE))
            .chain([1, 2, 3, 6, 12].map(Self::Hours))
            .chain([1, 2, 7, 14].map(Self::Days))
            .chain([1, 3, 6].map(Self::Months))
            .chain(years)
    }

    fn nanos(self) -> i64 {
        match self {
            Self::Nanos(nanos) => nanos,
            Self::Hours(hours) => hours * HOUR,
            Self::Days(days) => days * DAY,
            Self::Months(months) => months.saturating_mul(30 * DAY),
        }
    }

    /// What one step is called: `5 min`.
    fn name(self) -> String {
        let of = |number: i64, unit: &str, one: &str| match number {
            1 => one.to_owned(),
            _ => format!("{number} {unit}"),
        };
        match self {
            Self::Nanos(n) if n >= MINUTE => of(n / MINUTE, "minutes", "minute"),
            Self::Nanos(n) if n >= SECOND => of(n / SECOND, "seconds", "second"),
            Self::Nanos(n) if n >= 1_000_000 => of(n / 1_000_000, "ms", "millisecond"),
            Self::Nanos(n) => of(n / 1_000, "µs", "microsecond"),
            Self::Hours(n) => of(n, "hours", "hour"),
            Self::Days(7) => "week".to_owned(),
            Self::Days(14) => "2 weeks".to_owned(),
            Self::Days(n) => of(n, "days", "day"),
            Self::Months(n) if n % 12 == 0 => of(n / 12, "years", "year"),
            Self::Months(n) => of(n, "months", "month"),
        }
    }

    /// The last round time that is not behind an instant.
    fn at_or_before(self, nanos: i64, zone: &TimeZone) -> Option<i64> {
        let here = zoned(nanos, zone)?;
        let start = match self {
            // The zone's clock differs from UTC by whole minutes, but not always by whole hours.
            Self::Nanos(step) => {
                let offset = i64::from(here.offset().seconds()) * SECOND;
                return Some((nanos + offset).div_euclid(step) * step - offset);
            }
            Self::Hours(step) => {
                let hour = i64::from(here.hour()).div_euclid(step) * step;
                let clock = Time::new(i8::try_from(hour).ok()?, 0, 0, 0).ok()?;
                here.date().to_datetime(clock).to_zoned(zone.clone()).ok()?
            }
            Self::Days(step) => {
                let days = i64::from(here.date().since(FIRST_MONDAY).ok()?.get_days());
                let back = days.rem_euclid(step);
                here.date().checked_sub(back.days()).ok()?.to_zoned(zone.clone()).ok()?
            }
            Self::Months(step) => {
                let months = i64::from(here.year()) * 12 + i64::from(here.month()) - 1;
                let (start, first) = (months.div_euclid(step) * step, 1);
                let year = i16::try_from(start.div_euclid(12)).ok()?;
                let month = i8::try_from(start.rem_euclid(12) + 1).ok()?;
                Date::new(year, month, first).ok()?.to_zoned(zone.clone()).ok()?
            }
        };
        nanos_of(&start)
    }

    /// The round time behind one.
    fn after(self, nanos: i64, zone: &TimeZone) -> Option<i64> {
        let here = zoned(nanos, zone)?;
        match self {
            Self::Nanos(step) => nanos.checked_add(step),
            // Across a change of the clock a step of the clock is no step of hours, and the other way round.
            Self::Hours(step) => {
                let next = here.datetime().checked_add(step.hours()).ok()?.to_zoned(zone.clone()).ok()?;
                let rounded = self.at_or_before(nanos_of(&next)?, zone)?;
                if rounded > nanos { Some(rounded) } else { nanos.checked_add(step * HOUR) }
            }
            Self::Days(step) => nanos_of(&here.checked_add(step.days()).ok()?.start_of_day().ok()?),
            Self::Months(step) => nanos_of(&here.checked_add(step.months()).ok()?.start_of_day().ok()?),
        }
    }

    fn label(self, nanos: i64, zone: &TimeZone) -> String {
        let Some(here) = zoned(nanos, zone) else { return String::new() };
        let midnight = here.time() == Time::midnight();
        let format = match self {
            Self::Nanos(step) if step < 1_000_000 => "%S%.6f",
            Self::Nanos(step) if step < SECOND => "%H:%M:%S%.3f",
            Self::Nanos(_) | Self::Hours(_) if midnight => "%-d %b",
            Self::Nanos(step) if step < MINUTE => "%H:%M:%S",
            Self::Nanos(_) | Self::Hours(_) => "%H:%M",
            Self::Days(_) => "%-d %b",
            Self::Months(step) if step % 12 == 0 || here.month() == 1 => "%Y",
            Self::Months(_) => "%b %Y",
        };
        here.strftime(format).to_string()
    }
}

/// Weeks begin on Mondays.
const FIRST_MONDAY: Date = date(1970, 1, 5);

fn zoned(nanos: i64, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_nanosecond(i128::from(nanos)).ok()?.to_zoned(zone.clone()))
}

fn nanos_of(time: &Zoned) -> Option<i64> {
    i64::try_from(time.timestamp().as_nanosecond()).ok()
}

/// Round times, what stands between two of them, and the marks themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// The marks.
    pub ticks: Vec<Tick>,
    /// What the distance is called: `5 minutes`.
    pub every: String,
}

/// At most `at_most` round times. With `enclose` the first is not behind the range and the last is behind it; else all
/// are in it.
pub fn times(from: i64, to: i64, at_most: usize, zone: &TimeZone, enclose: bool) -> Times {
    let at_most = at_most.max(3);
    for pace in Pace::all() {
        let span = to.saturating_sub(from);
        // A single instant stands in its second.
        if span / pace.nanos() > at_most as i64 || span < 1_000 && pace.nanos() < SECOND {
            continue;
        }
        let Some(places) = places(pace, from, to, at_most, zone, enclose) else { continue };
        let ticks = places.iter().map(|at| Tick { at: *at as f64, label: pace.label(*at, zone) }).collect();
        return Times { ticks, every: pace.name() };
    }
    // At the ends of what 64 bits can tell there is no round time behind the range.
    let end = |at: i64| Tick { at: at as f64, label: String::new() };
    let ticks = if enclose { vec![end(from), end(to.saturating_add(SECOND))] } else { Vec::new() };
    Times { ticks, every: String::new() }
}

/// `None` when there are too many.
fn places(pace: Pace, from: i64, to: i64, at_most: usize, zone: &TimeZone, enclose: bool) -> Option<Vec<i64>> {
    let mut at = pace.at_or_before(from, zone)?;
    let mut places = Vec::new();
    loop {
        if enclose || (from..=to).contains(&at) {
            places.push(at);
        }
        if places.len() > at_most {
            return None;
        }
        if at > to {
            return Some(places);
        }
        at = pace.after(at, zone)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(from: f64, to: f64, at_most: usize) -> Vec<String> {
        numbers(from, to, at_most).into_iter().map(|tick| tick.label).collect()
    }

    fn at(text: &str) -> i64 {
        crate::model::time::parse(text).unwrap()
    }

    fn time_labels(from: &str, to: &str, zone: &str) -> (String, String) {
        let zone = if zone == "UTC" { TimeZone::UTC } else { TimeZone::get(zone).unwrap() };
        let times = times(at(from), at(to), 7, &zone, false);
        (times.ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>().join(" "), times.every)
    }

    #[test]
    fn nothing_is_counted_by_halves() {
        let labels = |to| counts(to, 5).into_iter().map(|tick| tick.label).collect::<Vec<_>>();
        assert_eq!(
            (labels(1), labels(0)),
            (vec!["0".to_owned(), "1".to_owned()], vec!["0".to_owned(), "1".to_owned()])
        );
        assert_eq!(labels(1300), ["0", "500", "1,000", "1,500"]);
    }

    #[test]
    fn numbers_are_round() {
        assert_eq!(labels(0.0, 281_204.1, 5), ["0", "100,000", "200,000", "300,000"]);
        assert_eq!(labels(0.0, 1.0, 6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(-3.0, 4.0, 5), ["-4", "-2", "0", "2", "4"]);
        assert_eq!(labels(0.0001, 0.0003, 3), ["0.0001", "0.0002", "0.0003"]);
        assert_eq!(labels(7.0, 7.0, 4).len(), 2);
    }

    #[test]
    fn times_are_round_on_the_clock_of_the_zone() {
        let day = ("2026-03-01T12:01:00Z", "2026-03-01T13:58:00Z");
        assert_eq!(
            time_labels(day.0, day.1, "UTC"),
            ("12:15 12:30 12:45 13:00 13:15 13:30 13:45".into(), "15 minutes".into())
        );
        assert_eq!(time_labels("2026-03-01T20:00:00Z", "2026-03-02T20:00:00Z", "UTC").0, "2 Mar 06:00 12:00 18:00");
        assert_eq!(
            time_labels("2026-01-15T00:00:00Z", "2026-06-20T00:00:00Z", "UTC"),
            ("Feb 2026 Mar 2026 Apr 2026 May 2026 Jun 2026".into(), "month".into())
        );
        assert_eq!(
            time_labels("2020-01-01T00:00:00Z", "2026-06-20T00:00:00Z", "UTC").0,
            "2020 2021 2022 2023 2024 2025 2026"
        );
        assert_eq!(time_labels("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "UTC").0, "1 Mar");
    }

    #[test]
    fn days_begin_at_the_zones_midnight_also_when_the_clock_changes() {
        let Ok(zone) = TimeZone::get("Europe/Berlin") else { return };
        let times = times(at("2026-03-27T00:00:00Z"), at("2026-04-01T00:00:00Z"), 8, &zone, false);
        let hours: Vec<String> = times
            .ticks
            .iter()
            .map(|tick| zoned(tick.at as i64, &zone).unwrap().strftime("%d %H:%M").to_string())
            .collect();
        assert_eq!(hours, ["28 00:00", "29 00:00", "30 00:00", "31 00:00", "01 00:00"]);
    }

    proptest! {
        #[test]
        fn marks_enclose_the_range_at_even_distances(from in -1e9f64..1e9, span in 0.0f64..1e9, scale in -9i32..9, at_most in 2usize..20) {
            let (from, to) = (from * 10f64.powi(scale), (from + span) * 10f64.powi(scale));
            let ticks = numbers(from, to, at_most);
            prop_assert!((2..=at_most.max(3)).contains(&ticks.len()), "{} of {at_most}", ticks.len());
            prop_assert!(ticks[0].at <= from && ticks[ticks.len() - 1].at >= to, "{ticks:?} {from} {to}");
            let step = ticks[1].at - ticks[0].at;
            for pair in ticks.windows(2) {
                prop_assert!(((pair[1].at - pair[0].at) / step - 1.0).abs() < 1e-3);
                prop_assert_ne!(&pair[0].label, &pair[1].label);
            }
        }

        #[test]
        fn times_ascend_and_enclose(from in -2_000_000_000i64..4_000_000_000, span in 0u64..u64::MAX, shift in 0u32..64, at_most in 3usize..60, berlin in any::<bool>()) {
            let zone = TimeZone::get("Europe/Berlin").ok().filter(|_| berlin).unwrap_or(TimeZone::UTC);
            let from = from * SECOND;
            let to = from + i64::try_from(span >> shift).unwrap_or(0).min(100 * 365 * DAY);
            let inside = times(from, to, at_most, &zone, false).ticks;
            prop_assert!(inside.len() <= at_most && inside.iter().all(|tick| (from as f64..=to as f64).contains(&tick.at)));
            let around = times(from, to, at_most, &zone, true).ticks;
            prop_assert!((2..=at_most).contains(&around.len()), "{around:?}");
            prop_assert!(around[0].at <= from as f64 && around[around.len() - 1].at >= to as f64);
            prop_assert!(around.windows(2).all(|pair| pair[0].at < pair[1].at), "{around:?}");
        }
    }
}
