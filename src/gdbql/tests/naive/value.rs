//! Values as the description speaks of them: how they are read, equal, ordered and written.

use super::number::N;
use serde_json::value::RawValue;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum V {
    Null,
    Bool(bool),
    /// A number, and how an event wrote it.
    Number(N, Written),
    Text(String),
    /// `e.time` and what is made of it: the text, and its instant.
    Time(String, jiff::Timestamp),
    List(Vec<V>),
    Object(BTreeMap<String, V>),
}

/// How a number was written; numbers are equal however they are.
#[derive(Clone, Debug)]
pub struct Written(pub Option<String>);

impl PartialEq for Written {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl V {
    pub fn number(number: N) -> Self {
        V::Number(number, Written(None))
    }

    /// Read JSON text.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        match text.as_bytes().first() {
            Some(b'{') => {
                let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap();
                V::Object(members.into_iter().map(|(key, value)| (key, V::read(value.get()))).collect())
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).unwrap();
                V::List(items.into_iter().map(|item| V::read(item.get())).collect())
            }
            Some(b'"') => V::Text(serde_json::from_str(text).unwrap()),
            Some(b't' | b'f') => V::Bool(text == "true"),
            Some(b'-' | b'0'..=b'9') => V::Number(N::read(text), Written(Some(text.to_owned()))),
            _ => V::Null,
        }
    }

    /// The same without instants: as it is in a row.
    pub fn plain(&self) -> Self {
        match self {
            V::Time(text, _) => V::Text(text.clone()),
            V::List(items) => V::List(items.iter().map(V::plain).collect()),
            V::Object(members) => V::Object(members.iter().map(|(key, value)| (key.clone(), value.plain())).collect()),
            other => other.clone(),
        }
    }

    /// Whether a row that reads `row` says this: a double is written in its shortest form, which may be another whole
    /// number.
    pub fn is_said_by(&self, row: &Self) -> bool {
        match (self, row) {
            (V::Number(N::Double(double), _), V::Number(row, _)) => row.float() == *double,
            (V::List(items), V::List(row)) => {
                items.len() == row.len() && items.iter().zip(row).all(|(item, row)| item.is_said_by(row))
            }
            (V::Object(members), V::Object(row)) => {
                let said = |(one, other): ((&String, &V), (&String, &V))| one.0 == other.0 && one.1.is_said_by(other.1);
                members.len() == row.len() && members.iter().zip(row).all(said)
            }
            (value, row) => value == row,
        }
    }

    pub fn is_text(&self) -> bool {
        matches!(self, V::Text(_) | V::Time(..))
    }

    /// What `+` joins: strings, numbers as they are written, booleans.
    pub fn joined(&self) -> Result<String, ()> {
        match self {
            V::Text(text) | V::Time(text, _) => Ok(text.clone()),
            V::Number(number, Written(written)) => Ok(written.clone().unwrap_or_else(|| number.text())),
            V::Bool(value) => Ok(value.to_string()),
            _ => Err(()),
        }
    }
}

/// RFC 3339, in the years in which nanoseconds fit 64 bits; or a plain date, for its first moment in UTC.
pub fn instant(text: &str) -> Option<jiff::Timestamp> {
    let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let shaped = |pattern: &str, text: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                b'T' => b"Tt ".contains(&byte),
                b'+' => b"+-".contains(&byte),
                _ => byte == wanted,
            })
    };
    let (front, rest) = text.split_at_checked("0000-00-00T00:00:00".len())?;
    if !shaped("0000-00-00T00:00:00", front) {
        return None;
    }
    let (fraction, zone) = rest.split_at(rest.find(|c| c != '.' && !char::is_ascii_digit(&c))?);
    let number = |text: &str| text.parse::<i32>().unwrap();
    let nanos = match fraction.strip_prefix('.') {
        None if fraction.is_empty() => 0,
        Some(digits) if !digits.is_empty() && !digits.contains('.') => number(&format!("{digits:0<9}")[..9]),
        _ => return None,
    };
    let minutes = match zone {
        "Z" | "z" => 0,
        zone if shaped("+00:00", zone) => {
            let (hours, minutes) = (number(&zone[1..3]), number(&zone[4..6]));
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if zone.starts_with('-') { -1 } else { 1 }
        }
        _ => return None,
    };
    let part = |range: std::ops::Range<usize>| i8::try_from(number(&front[range])).unwrap();
    let year = i16::try_from(number(&front[..4])).unwrap();
    // A leap second is the moment after the last one.
    let second = part(17..19);
    let time = jiff::civil::Time::new(part(11..13), part(14..16), second.min(59), 0).ok()?;
    let leap = match second {
        60 => 1,
        61.. => return None,
        _ => 0,
    };
    let date = jiff::civil::Date::new(year, part(5..7), part(8..10)).ok()?;
    let utc = date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let seconds = utc.as_second() + leap - i64::from(minutes) * 60;
    let at = jiff::Timestamp::new(seconds, nanos).ok()?;
    // Whole seconds are what has to fit first.
    (seconds.checked_mul(1_000_000_000)? as i128 <= at.as_nanosecond() && i64::try_from(at.as_nanosecond()).is_ok())
        .then_some(at)
}

/// The order of two values of one type that has an order.
pub fn order(a: &V, b: &V) -> Option<Ordering> {
    match (a, b) {
        (V::Bool(a), V::Bool(b)) => Some(a.cmp(b)),
        (V::Number(a, _), V::Number(b, _)) => Some(a.compare(*b)),
        (V::Text(a), V::Text(b)) => Some(a.chars().cmp(b.chars())),
        (V::Time(_, a), V::Time(_, b)) => Some(a.cmp(b)),
        (V::Time(text, a), V::Text(b)) => Some(instant(b).map_or_else(|| text.cmp(b), |b| a.cmp(&b))),
        (V::Text(_), V::Time(..)) => order(b, a).map(Ordering::reverse),
        _ => None,
    }
}

/// Null equals null; lists and objects are equal when they say the same.
pub fn equal(a: &V, b: &V) -> bool {
    let composite = |value: &V| matches!(value, V::List(_) | V::Object(_));
    order(a, b) == Some(Ordering::Equal)
        || (*a == V::Null && *b == V::Null)
        || (composite(a) && composite(b) && a.plain() == b.plain())
}

fn rank(value: &V) -> u8 {
    match value {
        V::Bool(_) => 0,
        V::Number(..) => 1,
        V::Time(..) => 2,
        V::Text(_) => 3,
        V::List(_) => 4,
        V::Object(_) => 5,
        V::Null => 6,
    }
}

/// Whether two values are of one type, for MIN and MAX.
pub fn same_type(a: &V, b: &V) -> bool {
    rank(a) == rank(b)
}

/// The order of two values in an ORDER BY, where everything has a place.
pub fn placed(a: &V, b: &V, descending: bool) -> Ordering {
    let found = if rank(a) == rank(b) { order(a, b).unwrap_or(Ordering::Equal) } else { rank(a).cmp(&rank(b)) };
    if descending && *a != V::Null && *b != V::Null { found.reverse() } else { found }
}
