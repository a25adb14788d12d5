//! A time as one types it to go there: a date, a time of day, or both.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The last nanosecond of what was typed, since 1970: `2026-03-01` is the end of that day, `13:58` the end of that
/// minute on the day of `near`. A time with an offset, as events carry it, is exactly itself. `None` when it is none.
pub fn parse(text: &str, zone: &TimeZone, near: i64) -> Option<i64> {
    span(text, zone, near).map(|(_, last)| last)
}

/// The first nanosecond of what was typed, since 1970.
pub fn start(text: &str, zone: &TimeZone, near: i64) -> Option<i64> {
    span(text, zone, near).map(|(first, _)| first)
}

fn span(text: &str, zone: &TimeZone, near: i64) -> Option<(i64, i64)> {
    let text = text.trim();
    if let Ok(exact) = text.parse::<Timestamp>() {
        let exact = i64::try_from(exact.as_nanosecond()).ok()?;
        return Some((exact, exact));
    }
    let (date, time) = match text.split_once([' ', 'T', 't']) {
        Some((date, time)) => (date.parse::<Date>().ok()?, Some(time.trim())),
        None if text.contains(':') => {
            let near = Timestamp::from_nanosecond(i128::from(near)).ok()?;
            (near.to_zoned(zone.clone()).date(), Some(text))
        }
        None => (text.parse::<Date>().ok()?, None),
    };
    let (start, unit) = match time {
        None => (date.at(0, 0, 0, 0), 1.day()),
        Some(time) => (DateTime::from_parts(date, time.parse::<Time>().ok()?), unit_of(time)),
    };
    let nanos = |time: DateTime| {
        let zoned = time.to_zoned(zone.clone()).ok()?;
        i64::try_from(zoned.timestamp().as_nanosecond()).ok()
    };
    Some((nanos(start)?, nanos(start.checked_add(unit).ok()?)? - 1))
}

/// The last unit that is said: minutes, seconds, or a fraction of them.
fn unit_of(time: &str) -> jiff::Span {
    match time.split_once('.') {
        None if time.matches(':').count() < 2 => 1.minute(),
        None => 1.second(),
        Some((_, fraction)) if fraction.len() <= 3 => {
            (10i64.pow(3 - u32::try_from(fraction.len()).unwrap_or(3))).milliseconds()
        }
        Some(_) => 1.nanosecond(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_the_end_of_what_was_said() {
        let near = "2026-03-01T13:58:40.117Z".parse::<Timestamp>().unwrap().as_nanosecond();
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        for (text, expected) in [
            ("2026-03-01", Some("2026-03-01T21:59:59.999999999Z")),
            (" 2026-03-01 15:58 ", Some("2026-03-01T13:58:59.999999999Z")),
            ("2026-03-01T15:58:40", Some("2026-03-01T13:58:40.999999999Z")),
            ("15:58:40.1", Some("2026-03-01T13:58:40.199999999Z")),
            ("15:58:40.117", Some("2026-03-01T13:58:40.117999999Z")),
            ("2026-03-01T13:58:40.117000001Z", Some("2026-03-01T13:58:40.117000001Z")),
            ("", None),
            ("yesterday", None),
            ("2026-02-30", None),
            ("25:00", None),
        ] {
            let expected = expected.map(|time| time.parse::<Timestamp>().unwrap().as_nanosecond() as i64);
            assert_eq!(parse(text, &zone, near as i64), expected, "{text}");
        }
    }
}
