//! Numbers as they stand at bars and axes: with separators, short, never longer than they say something.

/// A number with so many decimals, the digits before the point in groups of three.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() || value.abs() >= 1e16 || decimals > 12 {
        return format!("{value:e}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, _)| (whole, &text[whole.len()..]));
    let zero = !text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let mut out = String::with_capacity(text.len() + text.len() / 3 + 1);
    if value < 0.0 && !zero {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

/// A value as it stands at a bar: whole numbers whole, others with as many decimals as are worth reading.
pub fn value(value: f64) -> String {
    match value.abs() {
        _ if value.fract() == 0.0 => fixed(value, 0),
        size if size >= 1.0 => fixed(value, 2),
        size if size >= 0.0001 => fixed(value, 4),
        _ => format!("{value:.2e}"),
    }
}

/// A value in few columns: `1.2M`.
pub fn short(value: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    match UNITS.iter().find(|(size, _)| value.abs() >= *size && value.abs() < 1e16) {
        Some((size, unit)) => {
            let (text, decimals) = (value / size, if (value / size).fract() == 0.0 { 0 } else { 1 });
            format!("{text:.decimals$}{unit}")
        }
        None if value.fract() == 0.0 && value.abs() < 1e16 => fixed(value, 0),
        None if value.abs() >= 0.01 && value.abs() < 1e16 => fixed(value, 2),
        None => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(
            (fixed(-1_234_567.891, 1), fixed(-0.0001, 2), fixed(999.0, 0)),
            ("-1,234,567.9".into(), "0.00".into(), "999".into())
        );
        assert_eq!(
            (value(12_031.0), value(281_204.104), value(0.00371), value(1.5e-9)),
            ("12,031".into(), "281,204.10".into(), "0.0037".into(), "1.50e-9".into())
        );
        assert_eq!(
            (short(1_234_567.0), short(2_000.0), short(12.5), short(-3e9)),
            ("1.2M".into(), "2k".into(), "12.50".into(), "-3G".into())
        );
        assert_eq!((fixed(1e20, 0), value(f64::NAN)), ("1e20".into(), "NaN".into()));
    }

    proptest! {
        #[test]
        fn the_separators_change_no_digit(number in -1e8f64..1e8, decimals in 0usize..6) {
            let plain = fixed(number, decimals).replace(',', "");
            prop_assert!((plain.parse::<f64>().unwrap() - number).abs() <= 0.6 * 10f64.powi(-i32::try_from(decimals).unwrap()));
            prop_assert!(short(number).chars().count() <= 8);
        }
    }
}
