//! Exact sums: what comes out does not depend on the order in which numbers are added.
//!
//! Whole numbers add up in 128 bits. Doubles are kept as a list of parts that do not overlap, whose exact sum is the
//! sum so far (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997); it is rounded once, at the end. So a
//! sum over parts of the events, made on several threads, is the sum over all of them to the last digit.

use super::number::{Num, Trouble};

/// The sum of numbers.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    whole: i128,
    /// Of ascending magnitude, none overlapping another.
    parts: Vec<f64>,
}

impl Sum {
    /// Add one more number.
    pub fn add(&mut self, number: Num) -> Result<(), Trouble> {
        match number {
            Num::Int(whole) => self.add_whole(whole),
            Num::Float(float) => add_part(&mut self.parts, float),
        }
    }

    fn add_whole(&mut self, whole: i128) -> Result<(), Trouble> {
        match self.whole.checked_add(whole) {
            Some(sum) => self.whole = sum,
            None => {
                let before = std::mem::replace(&mut self.whole, whole);
                pieces(before).try_for_each(|piece| add_part(&mut self.parts, piece))?;
            }
        }
        Ok(())
    }

    /// Add another sum.
    pub fn merge(&mut self, other: &Self) -> Result<(), Trouble> {
        self.add_whole(other.whole)?;
        other.parts.iter().try_for_each(|part| add_part(&mut self.parts, *part))
    }

    /// The sum, rounded once if it is no whole number.
    pub fn total(&self) -> Result<Num, Trouble> {
        if self.parts.is_empty() {
            return Ok(Num::Int(self.whole));
        }
        let mut parts = self.parts.clone();
        pieces(self.whole).try_for_each(|piece| add_part(&mut parts, piece))?;
        Num::checked(rounded(&parts))
    }
}

/// Add a double to the parts; what is rounded off on the way stays as a part of its own.
fn add_part(parts: &mut Vec<f64>, number: f64) -> Result<(), Trouble> {
    let mut sum = number;
    let mut kept = 0;
    for at in 0..parts.len() {
        let part = parts[at];
        let (large, small) = if sum.abs() < part.abs() { (part, sum) } else { (sum, part) };
        sum = large + small;
        let lost = small - (sum - large);
        if lost != 0.0 {
            parts[kept] = lost;
            kept += 1;
        }
    }
    parts.truncate(kept);
    parts.push(sum);
    if sum.is_finite() { Ok(()) } else { Err(Trouble::TooLarge) }
}

/// The double that is nearest to the exact sum of the parts; of two as near, the even one.
fn rounded(parts: &[f64]) -> f64 {
    let mut left = parts.iter().rev().copied();
    let Some(mut sum) = left.next() else { return 0.0 };
    while let Some(part) = left.next() {
        let before = sum;
        sum = before + part;
        let lost = part - (sum - before);
        if lost != 0.0 {
            // Half-way between two doubles, what is left decides.
            if left.next().is_some_and(|next| (next < 0.0) == (lost < 0.0)) {
                let twice = lost * 2.0;
                let other = sum + twice;
                if other - sum == twice {
                    sum = other;
                }
            }
            break;
        }
    }
    sum
}

/// Doubles whose exact sum is a whole number.
fn pieces(mut whole: i128) -> impl Iterator<Item = f64> {
    std::iter::from_fn(move || {
        if whole == 0 {
            return None;
        }
        // 53 bits from the top are exact.
        let bits = 128 - whole.unsigned_abs().leading_zeros();
        let low = bits.saturating_sub(53);
        let top = whole >> low << low;
        whole -= top;
        Some(top as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(numbers: &[Num]) -> String {
        let mut sum = Sum::default();
        numbers.iter().for_each(|number| sum.add(*number).unwrap());
        sum.total().unwrap().to_string()
    }

    fn number() -> impl Strategy<Value = Num> {
        prop_oneof![
            any::<i32>().prop_map(|whole| Num::Int(whole.into())),
            (any::<i128>(), 0u32..100).prop_map(|(whole, by)| Num::Int(whole >> by >> 1)),
            (any::<i32>(), -60i32..60)
                .prop_map(|(mantissa, power)| Num::Float(f64::from(mantissa) * 10f64.powi(power))),
            any::<f64>().prop_filter("finite", |float| float.abs() < 1e300).prop_map(Num::Float),
        ]
    }

    proptest! {
        #[test]
        fn order_and_grouping_do_not_matter(numbers in prop::collection::vec(number(), 0..40), cut in any::<prop::sample::Index>()) {
            let expected = total(&numbers);
            let mut turned = numbers.clone();
            turned.reverse();
            prop_assert_eq!(total(&turned), expected.clone());
            let (front, back) = numbers.split_at(cut.index(numbers.len() + 1));
            let (mut one, mut other) = (Sum::default(), Sum::default());
            front.iter().for_each(|number| one.add(*number).unwrap());
            back.iter().for_each(|number| other.add(*number).unwrap());
            one.merge(&other).unwrap();
            prop_assert_eq!(one.total().unwrap().to_string(), expected);
        }

        /// Decimals with few digits: the exact sum, worked out in whole numbers, is the nearest double's.
        #[test]
        fn is_the_exact_sum_rounded_once(quarters in prop::collection::vec(any::<i64>(), 1..40)) {
            // Quarters are exact doubles up to 2^53; beyond, each is rounded before it is added, here as there.
            let numbers: Vec<Num> = quarters.iter().map(|n| Num::Float((n >> 12) as f64 / 4.0)).collect();
            let exact: i128 = quarters.iter().map(|n| i128::from(n >> 12)).sum();
            let mut sum = Sum::default();
            numbers.iter().for_each(|number| sum.add(*number).unwrap());
            prop_assert_eq!(sum.total().unwrap().to_string(), Num::checked(exact as f64 / 4.0).unwrap().to_string());
        }
    }

    #[test]
    fn nothing_small_is_lost_beside_something_large() {
        let floats = |numbers: &[f64]| total(&numbers.iter().map(|n| Num::Float(*n)).collect::<Vec<_>>());
        assert_eq!(floats(&[0.1; 10]), "1");
        assert_eq!(floats(&[1e16, 1.5, -1e16]), "1.5");
        assert_eq!(floats(&[1e-20, 1e300, -1e300]), "1e-20");
        assert_eq!(
            total(&[Num::Int(i128::MAX), Num::Int(i128::MAX), Num::Int(-i128::MAX)]),
            total(&[Num::Int(i128::MAX), Num::Float(0.0)])
        );
        assert_eq!(total(&[]), "0");
    }

    #[test]
    fn what_no_double_holds_is_told() {
        let mut sum = Sum::default();
        sum.add(Num::Float(1.5e308)).unwrap();
        assert_eq!(sum.add(Num::Float(1.5e308)), Err(Trouble::TooLarge));
        assert_eq!(Sum::default().add(Num::Float(f64::INFINITY)), Err(Trouble::TooLarge));
    }
}
