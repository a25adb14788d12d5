//! Numbers: exact where both sides are whole, doubles otherwise.
//!
//! A whole number that fits 128 bits is exact, in whatever notation it came (`10`, `1e1` and `10.0` are the same
//! number). Everything else is a double. Sums, differences and products of whole numbers stay whole; one that does not
//! fit falls to a double. A quotient is whole when it comes out even (`10 / 5` is 2), else a double (`10 / 4` is 2.5).
//! A double is written in the shortest form that reads back as the same double, without `.0`, with an exponent from
//! 1e16 up and below 1e-5. Infinity and NaN are errors and never come out.
//! Knows nothing of events and queries.

use std::cmp::Ordering;
use std::fmt;

/// A number that can be calculated with.
#[derive(Clone, Copy, Debug)]
pub enum Num {
    /// A whole number.
    Int(i128),
    /// Any other; never NaN, and whole only beyond 2^53. Infinite only when read from a text like `1e999`.
    Float(f64),
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A division by zero.
    DividedByZero,
    /// The result is beyond what a double holds.
    TooLarge,
}

/// Whole doubles up to here are exact, and so are kept as whole numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// The powers of ten with few digits, all of them exact.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
/// 2^127, the first double that `i128` does not hold.
const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

impl Num {
    /// The number that a JSON text (or a literal) says. A text that is no number counts as 0; checked JSON has none.
    pub fn read(text: &str) -> Self {
        Self::short(text).unwrap_or_else(|| Self::long(text))
    }

    fn long(text: &str) -> Self {
        if let Ok(whole) = text.parse() {
            return Num::Int(whole);
        }
        match whole(text) {
            Some(whole) => Num::Int(whole),
            None => Self::normal(text.parse().unwrap_or_default()),
        }
    }

    /// A number of few digits and without an exponent, as nearly all are, several times as fast; `None` for any other.
    fn short(text: &str) -> Option<Self> {
        let (is_negative, digits) = match text.as_bytes() {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        // A point and 15 digits at most: they are less than 2^53.
        if digits.is_empty() || digits.len() > TENS.len() || digits[0] == b'.' {
            return None;
        }
        let (mut whole, mut fraction) = (0i64, None);
        for digit in digits {
            match (digit, &mut fraction) {
                (b'0'..=b'9', fraction) => {
                    whole = whole * 10 + i64::from(digit - b'0');
                    fraction.iter_mut().for_each(|places| *places += 1);
                }
                (b'.', None) => fraction = Some(0),
                _ => return None,
            }
        }
        let whole = if is_negative { -whole } else { whole };
        match fraction {
            None => Some(Num::Int(whole.into())),
            Some(0) => None,
            // Both are exact, so their quotient is the double that is nearest to the number.
            Some(places) => TENS.get::<usize>(places).map(|ten| Self::normal(whole as f64 / ten)),
        }
    }

    fn normal(float: f64) -> Self {
        // The cast is exact: whole, and within 2^53.
        if float.fract() == 0.0 && float.abs() <= EXACT { Num::Int(float as i128) } else { Num::Float(float) }
    }

    /// The number that a double is, if it is one.
    pub fn checked(float: f64) -> Result<Self, Trouble> {
        if float.is_finite() { Ok(Self::normal(float)) } else { Err(Trouble::TooLarge) }
    }

    fn float(self) -> f64 {
        match self {
            Num::Int(whole) => whole as f64,
            Num::Float(float) => float,
        }
    }

    fn combine(
        self,
        other: Self,
        whole: fn(i128, i128) -> Option<i128>,
        float: fn(f64, f64) -> f64,
    ) -> Result<Self, Trouble> {
        if let (Num::Int(a), Num::Int(b)) = (self, other)
            && let Some(exact) = whole(a, b)
        {
            return Ok(Num::Int(exact));
        }
        Self::checked(float(self.float(), other.float()))
    }

    /// `self + other`
    pub fn add(self, other: Self) -> Result<Self, Trouble> {
        self.combine(other, i128::checked_add, |a, b| a + b)
    }

    /// `self - other`
    pub fn subtract(self, other: Self) -> Result<Self, Trouble> {
        self.combine(other, i128::checked_sub, |a, b| a - b)
    }

    /// `self * other`
    pub fn multiply(self, other: Self) -> Result<Self, Trouble> {
        self.combine(other, i128::checked_mul, |a, b| a * b)
    }

    /// `self / other`
    pub fn divide(self, other: Self) -> Result<Self, Trouble> {
        other.divisor()?;
        self.combine(other, |a, b| (a.checked_rem(b)? == 0).then(|| a.checked_div(b))?, |a, b| a / b)
    }

    /// `self % other`, with the sign of `self`.
    pub fn remainder(self, other: Self) -> Result<Self, Trouble> {
        other.divisor()?;
        // Only i128::MIN % -1 overflows, and that is 0.
        self.combine(other, |a, b| Some(a.checked_rem(b).unwrap_or(0)), |a, b| a % b)
    }

    fn divisor(self) -> Result<(), Trouble> {
        if self.compare(Num::Int(0)) == Ordering::Equal { Err(Trouble::DividedByZero) } else { Ok(()) }
    }

    /// Which is the larger, exactly, also between whole numbers and doubles.
    pub fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Num::Int(a), Num::Int(b)) => a.cmp(&b),
            (Num::Int(a), Num::Float(b)) => compare_mixed(a, b),
            (Num::Float(a), Num::Int(b)) => compare_mixed(b, a).reverse(),
            (Num::Float(a), Num::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        }
    }

    /// Append what tells this number from every other that is not equal to it.
    pub fn push_key(self, key: &mut String) {
        use fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = match self {
            Num::Int(whole) => match i64::try_from(whole) {
                // Half as long to write.
                Ok(short) => write!(key, "{short}"),
                Err(_) => write!(key, "{whole}"),
            },
            Num::Float(float) if float.fract() == 0.0 && (-BEYOND..BEYOND).contains(&float) => {
                write!(key, "{}", float as i128)
            }
            Num::Float(float) => write!(key, "{float:e}"),
        };
    }
}

fn compare_mixed(whole: i128, float: f64) -> Ordering {
    if float >= BEYOND {
        Ordering::Less
    } else if float < -BEYOND {
        Ordering::Greater
    } else {
        let fraction = || 0.0.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal);
        whole.cmp(&(float.trunc() as i128)).then_with(fraction)
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Num::Int(whole) => write!(f, "{whole}"),
            Num::Float(float) if (1e-5..1e16).contains(&float.abs()) => write!(f, "{float}"),
            Num::Float(float) => write!(f, "{float:e}"),
        }
    }
}

/// The whole number behind a notation with a point or an exponent, if it is one: `1.0`, `25e2`, `2.5e1`.
fn whole(text: &str) -> Option<i128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (front, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    if exponent == 0 {
        return if fraction.is_empty() { front.parse().ok() } else { None };
    }
    let digits = format!("{front}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.trim_start_matches('-').is_empty() {
        return Some(0);
    }
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let power = i64::from(exponent) - i64::try_from(fraction.len()).ok()? + zeros;
    let power = u32::try_from(power).ok()?;
    significant.parse::<i128>().ok()?.checked_mul(10i128.checked_pow(power)?)
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
