//! Exact sums: what comes out does not depend on the order in which numbers are added.
//!
//! Whole numbers add up in 128 bits. Doubles are kept as a list of parts that do not overlap, whose exact sum is the
//! sum so far (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997); it is rounded once, at the end. So a
//! sum over parts of the events, made on several threads, is the sum over all of them to the last digit.

use super::number::{Num, Trouble};

/// The sum of numbers.
///
/// Sums of the same numbers in another order are the same, also where a sum on the way is larger than any number.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// The whole numbers, as far as 128 bits hold them.
    whole: i128,
    /// So many times 2^128 is to be added to them.
    carries: i64,
    /// The doubles: of ascending magnitude, none overlapping another.
    parts: Vec<f64>,
    /// The same of the doubles beyond [`LARGE`], each divided by [`SCALE`]: no sum of these leaves the doubles.
    large: Vec<f64>,
}

/// 2^900, from which on doubles are added apart.
const LARGE: f64 = f64::from_bits((1023 + 900) << 52);
/// 2^100: dividing a double beyond [`LARGE`] by it loses nothing.
const SCALE: f64 = f64::from_bits((1023 + 100) << 52);
/// 2^128
const CARRY: f64 = f64::from_bits((1023 + 128) << 52);

impl Sum {
    /// Add one more number.
    pub fn add(&mut self, number: Num) -> Result<(), Trouble> {
        match number {
            Num::Int(whole) => self.add_whole(whole),
            Num::Float(float) if !float.is_finite() => return Err(Trouble::TooLarge),
            Num::Float(float) if float.abs() < LARGE => add_part(&mut self.parts, float),
            Num::Float(float) => add_part(&mut self.large, float / SCALE),
        }
        Ok(())
    }

    fn add_whole(&mut self, whole: i128) {
        let (sum, beyond) = self.whole.overflowing_add(whole);
        self.carries += if beyond { whole.signum() as i64 } else { 0 };
        self.whole = sum;
    }

    /// What it takes beside itself, in bytes.
    pub fn bytes(&self) -> usize {
        (self.parts.capacity() + self.large.capacity()) * size_of::<f64>()
    }

    /// Add another sum.
    pub fn merge(&mut self, other: &Self) {
        self.add_whole(other.whole);
        self.carries += other.carries;
        other.parts.iter().for_each(|part| add_part(&mut self.parts, *part));
        other.large.iter().for_each(|part| add_part(&mut self.large, *part));
    }

    /// The sum, rounded once if it is no whole number.
    pub fn total(&self) -> Result<Num, Trouble> {
        if self.parts.is_empty() && self.large.is_empty() && self.carries == 0 {
            return Ok(Num::Int(self.whole));
        }
        let mut parts = self.parts.clone();
        pieces(self.whole).for_each(|piece| add_part(&mut parts, piece));
        pieces(self.carries.into()).for_each(|piece| add_part(&mut parts, piece * CARRY));
        let total = self.large_total(&parts);
        if total.abs() >= LARGE / SCALE {
            return Num::checked(total * SCALE);
        }
        // The large ones have all but cancelled out: what they leave can be added as it is.
        self.large.iter().for_each(|part| add_part(&mut parts, part * SCALE));
        Num::checked(rounded(&parts))
    }

    /// The sum of the large doubles and these parts, divided by [`SCALE`].
    fn large_total(&self, parts: &[f64]) -> f64 {
        let mut scaled = self.large.clone();
        // Beside such large numbers, parts as small as that decide between two halves at most: by their sign, which is
        // that of the largest of them.
        let (tiny, rest): (Vec<f64>, Vec<f64>) = parts.iter().partition(|part| part.abs() < 1.0 / LARGE);
        if let Some(part) = tiny.iter().rfind(|part| **part != 0.0) {
            add_part(&mut scaled, (1.0 / LARGE / SCALE).copysign(*part));
        }
        rest.iter().for_each(|part| add_part(&mut scaled, part / SCALE));
        rounded(&scaled)
    }
}

/// Add a double to the parts; what is rounded off on the way stays as a part of its own.
fn add_part(parts: &mut Vec<f64>, number: f64) {
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

    fn shown(sum: &Sum) -> String {
        sum.total().map_or_else(|trouble| format!("{trouble:?}"), |total| total.to_string())
    }

    fn total(numbers: &[Num]) -> String {
        let mut sum = Sum::default();
        numbers.iter().for_each(|number| sum.add(*number).unwrap());
        shown(&sum)
    }

    fn number() -> impl Strategy<Value = Num> {
        prop_oneof![
            any::<i32>().prop_map(|whole| Num::Int(whole.into())),
            (any::<i128>(), 0u32..100).prop_map(|(whole, by)| Num::Int(whole >> by >> 1)),
            (any::<i32>(), -60i32..60)
                .prop_map(|(mantissa, power)| Num::Float(f64::from(mantissa) * 10f64.powi(power))),
            any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Num::Float),
            (0.5f64..1.0, any::<bool>()).prop_map(|(x, up)| Num::Float(x * if up { f64::MAX } else { -f64::MAX })),
            any::<i128>().prop_map(Num::Int),
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
            one.merge(&other);
            prop_assert_eq!(shown(&one), expected);
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
        assert_eq!(total(&[Num::Int(i128::MAX), Num::Int(i128::MAX), Num::Int(-i128::MAX)]), i128::MAX.to_string());
        assert_eq!(total(&[]), "0");
    }

    #[test]
    fn what_no_double_holds_is_told() {
        let sum = |numbers: &[Num]| {
            let mut sum = Sum::default();
            numbers.iter().for_each(|number| sum.add(*number).unwrap());
            sum.total().map(|total| total.to_string())
        };
        let large = Num::Float(1.5e308);
        assert_eq!(sum(&[large, large]), Err(Trouble::TooLarge));
        assert_eq!(sum(&[large, large, Num::Float(-1.5e308)]).unwrap(), "1.5e308");
        assert_eq!(sum(&[large, large, Num::Float(-1.5e308), Num::Float(0.25), Num::Float(-1.5e308)]).unwrap(), "0.25");
        assert_eq!(sum(&[Num::Int(i128::MAX), Num::Int(1), Num::Int(-1)]).unwrap(), i128::MAX.to_string());
        assert_eq!(sum(&[Num::Int(i128::MAX), Num::Int(i128::MAX)]).unwrap(), "3.402823669209385e38");
        assert_eq!(Sum::default().add(Num::Float(f64::INFINITY)), Err(Trouble::TooLarge));
    }
}
