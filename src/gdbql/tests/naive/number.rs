//! Numbers, plainly: decimals digit by digit.
//!
//! Written from the description: a whole number that fits 128 bits is exact in whatever notation it came, everything
//! else is a double; whole and fractional numbers compare exactly; a sum is exact until it is rounded once.

use std::cmp::Ordering;

/// A number.
#[derive(Clone, Copy, Debug)]
pub enum N {
    Whole(i128),
    /// Never NaN; infinite only as an event wrote it, `1e999`.
    Double(f64),
}

use N::{Double, Whole};

/// The digits before and behind the point, without zeros that say nothing.
#[derive(PartialEq, Eq)]
struct Digits {
    front: String,
    back: String,
}

impl Digits {
    /// Of an unsigned JSON number, or of one with as many digits as it takes; `None` when it is beyond every double.
    fn of(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (front, back) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{front}{back}");
        if digits.bytes().all(|digit| digit == b'0') {
            return Some(Self { front: String::new(), back: String::new() });
        }
        // Exponents of any length are read as far as they can matter.
        let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') { -1 << 40 } else { 1 << 40 });
        let point = front.len() as i64 + exponent;
        let leading = digits.bytes().take_while(|digit| *digit == b'0').count() as i64;
        if point - leading > 400 {
            return None;
        }
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0).min(2000));
        let (front, back) = match usize::try_from(point) {
            Ok(point) if point >= digits.len() => {
                (digits.clone() + &zeros(point as i64 - digits.len() as i64), String::new())
            }
            Ok(point) => (digits[..point].to_owned(), digits[point..].to_owned()),
            Err(_) => (String::new(), zeros(-point) + &digits),
        };
        Some(Self { front: front.trim_start_matches('0').to_owned(), back: back.trim_end_matches('0').to_owned() })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let by_front = || self.front.len().cmp(&other.front.len()).then_with(|| self.front.cmp(&other.front));
        by_front().then_with(|| self.back.cmp(&other.back))
    }
}

impl N {
    /// What a JSON number says.
    pub fn read(text: &str) -> Self {
        let (sign, plain) = match text.strip_prefix('-') {
            Some(plain) => ("-", plain),
            None => ("", text),
        };
        match Digits::of(plain) {
            Some(digits) if digits.back.is_empty() && digits.front.is_empty() => Whole(0),
            Some(digits) if digits.back.is_empty() => match format!("{sign}{}", digits.front).parse() {
                Ok(whole) => Whole(whole),
                Err(_) => Self::double(text.parse().unwrap()),
            },
            _ => Self::double(text.parse().unwrap()),
        }
    }

    /// A double that says a whole number exactly is that number.
    fn double(value: f64) -> Self {
        const EXACT: f64 = (1u64 << 53) as f64;
        if value.fract() == 0.0 && value.abs() <= EXACT { Whole(value as i128) } else { Double(value) }
    }

    fn result(value: f64) -> Result<Self, ()> {
        if value.is_finite() { Ok(Self::double(value)) } else { Err(()) }
    }

    pub fn float(self) -> f64 {
        match self {
            Whole(whole) => whole as f64,
            Double(double) => double,
        }
    }

    pub fn is_finite(self) -> bool {
        self.float().is_finite()
    }

    pub fn add(self, other: Self) -> Result<Self, ()> {
        self.with(other, i128::checked_add, |a, b| a + b)
    }

    pub fn subtract(self, other: Self) -> Result<Self, ()> {
        self.with(other, i128::checked_sub, |a, b| a - b)
    }

    pub fn multiply(self, other: Self) -> Result<Self, ()> {
        self.with(other, i128::checked_mul, |a, b| a * b)
    }

    pub fn divide(self, other: Self) -> Result<Self, ()> {
        if other.float() == 0.0 {
            return Err(());
        }
        // Whole when it comes out even.
        self.with(other, |a, b| if a.checked_rem(b) == Some(0) { a.checked_div(b) } else { None }, |a, b| a / b)
    }

    pub fn remainder(self, other: Self) -> Result<Self, ()> {
        if other.float() == 0.0 {
            return Err(());
        }
        self.with(other, |a, b| Some(a.wrapping_rem(b)), |a, b| a % b)
    }

    fn with(self, other: Self, whole: fn(i128, i128) -> Option<i128>, double: fn(f64, f64) -> f64) -> Result<Self, ()> {
        if let (Whole(a), Whole(b)) = (self, other)
            && let Some(result) = whole(a, b)
        {
            return Ok(Whole(result));
        }
        Self::result(double(self.float(), other.float()))
    }

    /// In the shortest form, as a calculated number is written.
    pub fn text(self) -> String {
        match self {
            Whole(whole) => whole.to_string(),
            Double(double) if double.abs() >= 1e16 || double.abs() < 1e-5 => format!("{double:e}"),
            Double(double) => double.to_string(),
        }
    }

    pub fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Whole(a), Whole(b)) => a.cmp(&b),
            (Double(a), Double(b)) => a.partial_cmp(&b).unwrap(),
            (Double(_), Whole(_)) => other.compare(self).reverse(),
            (Whole(whole), Double(double)) if !double.is_finite() || (whole < 0) != (double < 0.0) => {
                0.0.partial_cmp(&double).unwrap().then(whole.cmp(&0))
            }
            (Whole(whole), Double(double)) => {
                // With so many digits a double is written exactly.
                let exact = Digits::of(&format!("{:.1080}", double.abs())).unwrap();
                let order = Digits::of(&whole.unsigned_abs().to_string()).unwrap().compare(&exact);
                if whole < 0 { order.reverse() } else { order }
            }
        }
    }
}

impl PartialEq for N {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other).is_eq()
    }
}

/// The sum of numbers: exact, digit by digit, and rounded once if there is a double among them.
pub fn sum(numbers: &[N]) -> Result<N, ()> {
    const BACK: usize = 1080;
    const ALL: usize = BACK + 400;
    let mut columns = [0i64; ALL];
    for number in numbers {
        let (negative, text) = match number {
            Whole(whole) => (*whole < 0, whole.unsigned_abs().to_string()),
            Double(double) => (*double < 0.0, format!("{:.BACK$}", double.abs())),
        };
        let digits = Digits::of(&text).unwrap();
        let sign = if negative { -1 } else { 1 };
        let value = |digit: u8| sign * i64::from(digit - b'0');
        digits.front.bytes().rev().enumerate().for_each(|(at, digit)| columns[BACK + at] += value(digit));
        digits.back.bytes().enumerate().for_each(|(at, digit)| columns[BACK - 1 - at] += value(digit));
    }
    let negative = carried(&mut columns) < 0;
    if negative {
        // What is missing to the next power of ten; its own carry is that power.
        columns.iter_mut().for_each(|digit| *digit = -*digit);
        carried(&mut columns);
    }
    let digit = |digit: &i64| char::from(b'0' + u8::try_from(*digit).unwrap());
    let front: String = columns[BACK..].iter().rev().map(digit).collect();
    let back: String = columns[..BACK].iter().rev().map(digit).collect();
    let text = format!("{}{}.{back}", if negative { "-" } else { "" }, front.trim_start_matches('0'));
    let whole = numbers.iter().all(|number| matches!(number, Whole(_)));
    match whole.then(|| N::read(&text)) {
        Some(Whole(whole)) => Ok(Whole(whole)),
        _ => N::result(text.parse().unwrap()),
    }
}

/// Carry what is more than a digit to the next column; gives what is carried out of the last.
fn carried(columns: &mut [i64]) -> i64 {
    let mut carry = 0;
    for column in columns {
        let value = *column + carry;
        *column = value.rem_euclid(10);
        carry = value.div_euclid(10);
    }
    carry
}
