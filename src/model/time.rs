//! Instants as events carry them: RFC 3339 text in, nanoseconds since 1970 out.

/// Nanoseconds since 1970-01-01T00:00:00Z of an RFC 3339 time, `None` when it is none.
///
/// Covers the years 1678 to 2261, in which such a number fits 64 bits. Digits after the ninth are dropped.
pub fn parse(text: &str) -> Option<i64> {
    parse_plain(text.as_bytes())
}

/// Hand-made because it runs once for every event that is read: the fixed columns are read in place.
fn parse_plain(text: &[u8]) -> Option<i64> {
    let number = |from: usize, to: usize| {
        text.get(from..to)?
            .iter()
            .try_fold(0i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
    };
    let is = |at: usize, set: &[u8]| text.get(at).is_some_and(|c| set.contains(c));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let last = *days.get(usize::try_from(month - 1).ok()?)?;
    if day < 1 || day > last || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut at = 19;
    let mut nanos = 0;
    if is(at, b".") {
        at += 1;
        let first = at;
        let mut unit = 100_000_000;
        while let Some(digit) = text.get(at).filter(|c| c.is_ascii_digit()) {
            nanos += i64::from(digit - b'0') * unit;
            unit /= 10;
            at += 1;
        }
        if at == first {
            return None;
        }
    }
    let offset = match text.get(at)? {
        b'Z' | b'z' => {
            at += 1;
            0
        }
        sign @ (b'+' | b'-') => {
            let (h, m) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if !is(at + 3, b":") || h > 23 || m > 59 {
                return None;
            }
            at += 6;
            (h * 3600 + m * 60) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    if at != text.len() {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanos)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (years counted from March, so that the leap day is last).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 719_469
}

/// RFC 3339 in UTC with nanoseconds, as GenesisDB writes it: `2025-06-02T15:40:01.188557875Z`.
pub fn format(nanos: i64) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(nanos)) {
        Ok(time) => format!("{time:.9}"),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_a_server_writes() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse("2025-06-02T15:40:01.188557875Z"), Some(1_748_878_801_188_557_875));
        assert_eq!(parse("2025-06-02T17:40:01.188557875+02:00"), Some(1_748_878_801_188_557_875));
        assert_eq!(parse("2024-02-29T00:00:00.5Z"), Some(1_709_164_800_500_000_000));
        for bad in [
            "",
            "2025-06-02",
            "2025-06-02T15:40:01",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-06-02T15:40:01.Z",
            "2025-06-02T15:40:01Zx",
            "x025-06-02T15:40:01Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_jiff(nanos in -9_000_000_000_000_000_000i64..9_000_000_000_000_000_000) {
            let text = format(nanos);
            prop_assert_eq!(text.parse::<jiff::Timestamp>().unwrap().as_nanosecond(), i128::from(nanos));
            prop_assert_eq!(parse(&text), Some(nanos));
        }
    }
}
