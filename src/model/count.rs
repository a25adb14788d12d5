//! How counts are told: with separators, and with the noun in its number.

/// A number with separators: `1,204,331`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 event`, `5,000 events`.
pub fn count(number: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators_and_their_noun() {
        assert_eq!((grouped(0), grouped(999), grouped(1_204_331)), ("0".into(), "999".into(), "1,204,331".into()));
        assert_eq!((count(1, "event"), count(0, "event")), ("1 event".into(), "0 events".into()));
        assert_eq!(count(u64::MAX, "row"), "18,446,744,073,709,551,615 rows");
    }
}
