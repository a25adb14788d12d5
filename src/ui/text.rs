//! Text on its way to the screen: made harmless, measured, cut, and numbers and times written out.

use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::time::Duration;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// No more of a text than this is ever looked at for one line of the screen.
const LOOKED_AT: usize = 4096;

/// The text with everything that could move the cursor, change colours or turn the writing direction made visible.
pub fn clean(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !c.is_control() && !is_invisible(c);
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                c if harmless(c) => c,
                '\u{7f}' => '␡',
                // U+2400 ff. are the pictures of the control characters.
                c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or('·'),
                _ => '·',
            })
            .collect(),
    )
}

/// Characters that take no room but change how others look: writing directions, joiners at odd places, tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The start of a text that is looked at for a line of the screen.
pub(super) fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(LOOKED_AT)]
}

/// At most `columns` columns of a text, harmless, with `…` where it was cut at its end.
pub fn cut(text: &str, columns: usize) -> String {
    let shortened = text.len() > LOOKED_AT;
    let text = clean(head(text));
    if !shortened && width(&text) <= columns {
        return text.into_owned();
    }
    let mut out = take(text.graphemes(true), columns.saturating_sub(1));
    if columns > 0 {
        out.push('…');
    }
    out
}

/// At most `columns` columns of a text, harmless, with `…` where its middle was cut out: for subjects and ids, whose
/// end matters.
pub fn cut_middle(text: &str, columns: usize) -> String {
    let text = clean(head(text));
    if width(&text) <= columns || columns < 4 {
        return cut(&text, columns);
    }
    let left = (columns - 1) / 2;
    let start = take(text.graphemes(true), left);
    let end = take(text.graphemes(true).rev(), columns - 1 - left);
    let end: String = end.graphemes(true).rev().collect();
    format!("{start}…{end}")
}

fn take<'a>(graphemes: impl Iterator<Item = &'a str>, columns: usize) -> String {
    let mut used = 0;
    graphemes
        .take_while(|grapheme| {
            used += width(grapheme);
            used <= columns
        })
        .collect()
}

/// What is left of a text behind its first `columns` columns.
pub fn skip(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if used >= columns {
            return &text[at..];
        }
        used += width(grapheme);
    }
    ""
}

/// A text filled up with spaces to `columns` columns.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A text with spaces before it, to `columns` columns.
pub fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// An amount of bytes: `812 MB`.
pub fn bytes(number: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 || value >= 99.95 {
        format!("{value:.0} {}", units[unit])
    } else {
        format!("{value:.1} {}", units[unit])
    }
}

/// A span of time in its largest unit: `4 min`.
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 if time.is_zero() => "0 s".into(),
        0 if time.as_micros() < 1000 => format!("{} µs", time.as_micros()),
        0 if time.as_millis() < 100 => format!("{:.1} ms", time.as_secs_f64() * 1000.0),
        0 => format!("{} ms", time.as_millis()),
        1..=9 => format!("{:.1} s", time.as_secs_f64()),
        10..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// How long ago an instant was, both in nanoseconds since 1970: `4 min ago`.
pub fn ago(then: i64, now: i64) -> String {
    match u64::try_from(now.saturating_sub(then)) {
        Ok(nanos) if nanos >= 1_000_000_000 => format!("{} ago", span(Duration::from_nanos(nanos))),
        _ => "just now".into(),
    }
}

/// How far an instant is away, both in nanoseconds since 1970, in few letters: `45 s ago`, `in 3 h`.
pub fn relative(then: i64, now: i64) -> String {
    let seconds = now.saturating_sub(then).unsigned_abs() / 1_000_000_000;
    let span = match seconds {
        0 => return "just now".into(),
        1..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds / 60),
        6_000..=172_799 => format!("{} h", seconds / 3_600),
        172_800..=63_071_999 => format!("{} days", seconds / 86_400),
        _ => format!("{:.1} y", seconds as f64 / 31_556_952.0),
    };
    if then > now { format!("in {span}") } else { format!("{span} ago") }
}

/// An instant as its date and its time with milliseconds, in a zone: `2026-03-01`, `13:58:40.117`.
pub fn date_and_time(nanos: i64, zone: &TimeZone) -> Option<(String, String)> {
    let time = jiff::Timestamp::from_nanosecond(i128::from(nanos)).ok()?.to_zoned(zone.clone());
    Some((time.strftime("%Y-%m-%d").to_string(), time.strftime("%H:%M:%S%.3f").to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        assert_eq!(clean("a\u{1b}[2Jb\r\n\u{7f}\u{9b}\u{202e}c"), "a␛[2Jb␍␊␡··c");
        assert!(matches!(clean("Zoë 美咲"), Cow::Borrowed(_)));
    }

    #[test]
    fn cuts_where_it_matters_least() {
        assert_eq!(cut("customer-added", 8), "custome…");
        assert_eq!(cut_middle("/customer/7f3a22c4-aa0b-4c21", 16), "/custom…a0b-4c21");
        assert_eq!(cut_middle("美咲美咲美咲", 7), "美…咲");
        assert_eq!((cut("abc", 0), cut("abc", 1), cut("abc", 3)), (String::new(), "…".into(), "abc".into()));
        assert_eq!(skip("美咲ab", 3), "ab");
    }

    #[test]
    fn writes_numbers_and_times() {
        assert_eq!((bytes(999), bytes(812_000_000), bytes(1_500)), ("999 B".into(), "812 MB".into(), "1.5 kB".into()));
        assert_eq!(span(Duration::from_micros(1_840)), "1.8 ms");
        assert_eq!((ago(0, 240_000_000_000), ago(5, 0)), ("4 min ago".into(), "just now".into()));
        let seconds = |seconds: i64| relative(0, seconds * 1_000_000_000);
        assert_eq!(
            (seconds(45), seconds(240), seconds(-7_200)),
            ("45 s ago".into(), "4 min ago".into(), "in 2 h".into())
        );
        assert_eq!(
            (seconds(0), seconds(200_000), seconds(94_670_856)),
            ("just now".into(), "2 days ago".into(), "3.0 y ago".into())
        );
        let (date, time) = date_and_time(1_748_878_801_188_557_875, &TimeZone::UTC).unwrap();
        assert_eq!((date.as_str(), time.as_str()), ("2025-06-02", "15:40:01.188"));
    }

    proptest! {
        #[test]
        fn never_wider_than_allowed(text in ".{0,60}", columns in 0usize..30) {
            prop_assert!(width(&cut(&text, columns)) <= columns);
            prop_assert!(width(&cut_middle(&text, columns)) <= columns);
            prop_assert!(clean(&text).chars().all(|c| !c.is_control()));
        }
    }
}
