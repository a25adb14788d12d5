//! Which values are equal, which is larger, and the keys of groups and orders.
//!
//! Values of different types are unequal and unordered. Lists and objects are equal when they say the same, whatever
//! the order of their keys, and unordered. `false` is less than `true`. ORDER BY, which must put everything somewhere,
//! goes by type first: booleans, numbers, strings, lists, objects, and null last in either direction.
//! Knows nothing of queries.

use super::number::Num;
use super::value::{Value, instant};
use crate::model::json::{Json, Kind};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// `a == b`
pub fn equal(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Json(_) | Value::List(_) | Value::Object(_), Value::Json(_) | Value::List(_) | Value::Object(_)) => {
            key(a) == key(b)
        }
        _ => order(a, b) == Some(Ordering::Equal),
    }
}

/// How `a` stands to `b`, where they are ordered.
pub fn order(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Time(_, a), Value::Time(_, b)) => a.cmp(b),
        (Value::Time(text, nanos), Value::Text(other)) => match instant(other) {
            Some(other) => nanos.cmp(&other),
            None => text.cmp(other),
        },
        (Value::Text(_), Value::Time(..)) => return order(b, a).map(Ordering::reverse),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        _ => a.number()?.compare(b.number()?),
    })
}

/// A text that is the same for equal values and for no others.
pub fn key(value: &Value<'_>) -> String {
    let mut out = String::new();
    push_key(value, &mut out);
    out
}

/// Append the [`key`] of a value; keys one behind the other stay unambiguous.
pub fn push_key(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push('n'),
        Value::Bool(value) => out.push(if *value { 't' } else { 'f' }),
        Value::Raw(text) => push_number(Num::read(text), out),
        Value::Number(number) => push_number(*number, out),
        Value::Text(text) | Value::Time(text, _) => push_text(text, out),
        Value::Json(json) => push_json(*json, out),
        Value::List(items) => {
            out.push('[');
            items.iter().for_each(|item| push_key(item, out));
            out.push(']');
        }
        Value::Object(members) => {
            let sorted: BTreeMap<&str, &Value<'_>> = members.iter().map(|(name, value)| (*name, value)).collect();
            out.push('{');
            for (name, value) in sorted {
                push_text(name, out);
                push_key(value, out);
            }
            out.push('}');
        }
    }
}

/// Append the key of a group: as [`push_key`], but instants are one however they are written.
pub fn push_group_key(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Time(_, nanos) => {
            out.push('i');
            push_number(Num::Int(i128::from(*nanos)), out);
        }
        other => push_key(other, out),
    }
}

fn push_json(json: Json<'_>, out: &mut String) {
    match json.kind() {
        Kind::Array => {
            out.push('[');
            json.items().for_each(|item| push_json(item, out));
            out.push(']');
        }
        Kind::Object => {
            let sorted: BTreeMap<Cow<'_, str>, Json<'_>> = json.members().map(|(key, v)| (key.name(), v)).collect();
            out.push('{');
            for (name, value) in sorted {
                push_text(&name, out);
                push_json(value, out);
            }
            out.push('}');
        }
        _ => push_key(&Value::from(json), out),
    }
}

fn push_number(number: Num, out: &mut String) {
    out.push('d');
    number.push_key(out);
    out.push(';');
}

fn push_text(text: &str, out: &mut String) {
    out.push('s');
    push_length(text.len(), out);
    out.push(':');
    out.push_str(text);
}

/// Append a length: most are short, and formatting one takes longer than all the rest of a key.
fn push_length(length: usize, out: &mut String) {
    match (length / 10, u8::try_from(length % 10)) {
        (tens @ 0..10, Ok(ones)) => {
            if tens > 0 {
                out.push(char::from(b'0' + tens as u8));
            }
            out.push(char::from(b'0' + ones));
        }
        // Writing to a string cannot fail.
        _ => drop(write!(out, "{length}")),
    }
}

/// Where a value stands in an ORDER BY.
#[derive(Clone, Debug)]
pub struct SortKey<'v> {
    rank: Rank<'v>,
    descending: bool,
}

#[derive(Clone, Debug)]
enum Rank<'v> {
    Bool(bool),
    Number(Num),
    Time(i64),
    Text(Cow<'v, str>),
    List,
    Object,
    Null,
}

impl<'v> SortKey<'v> {
    pub fn new(value: Value<'v>, descending: bool) -> Self {
        let rank = match value {
            Value::Null => Rank::Null,
            Value::Bool(value) => Rank::Bool(value),
            Value::Raw(text) => Rank::Number(Num::read(&text)),
            Value::Number(number) => Rank::Number(number),
            Value::Time(_, nanos) => Rank::Time(nanos),
            Value::Text(text) => Rank::Text(text),
            Value::Json(json) if json.kind() == Kind::Array => Rank::List,
            Value::List(_) => Rank::List,
            Value::Json(_) | Value::Object(_) => Rank::Object,
        };
        Self { rank, descending }
    }

    /// What it takes: itself, and a text of its own.
    pub fn bytes(&self) -> usize {
        let text = if let Rank::Text(Cow::Owned(text)) = &self.rank { text.len() } else { 0 };
        size_of::<Self>() + text
    }

    /// The same key, on its own.
    pub fn owned(self) -> SortKey<'static> {
        let rank = match self.rank {
            Rank::Bool(value) => Rank::Bool(value),
            Rank::Number(number) => Rank::Number(number),
            Rank::Time(nanos) => Rank::Time(nanos),
            Rank::Text(text) => Rank::Text(Cow::Owned(text.into_owned())),
            Rank::List => Rank::List,
            Rank::Object => Rank::Object,
            Rank::Null => Rank::Null,
        };
        SortKey { rank, descending: self.descending }
    }
}

impl Rank<'_> {
    fn of_type(&self) -> u8 {
        match self {
            Rank::Bool(_) => 0,
            Rank::Number(_) => 1,
            Rank::Time(_) => 2,
            Rank::Text(_) => 3,
            Rank::List => 4,
            Rank::Object => 5,
            Rank::Null => 6,
        }
    }
}

impl Ord for SortKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = match (&self.rank, &other.rank) {
            (Rank::Null, _) | (_, Rank::Null) => return self.rank.of_type().cmp(&other.rank.of_type()),
            (Rank::Bool(a), Rank::Bool(b)) => a.cmp(b),
            (Rank::Number(a), Rank::Number(b)) => a.compare(*b),
            (Rank::Time(a), Rank::Time(b)) => a.cmp(b),
            (Rank::Text(a), Rank::Text(b)) => a.cmp(b),
            (a, b) => a.of_type().cmp(&b.of_type()),
        };
        if self.descending { order.reverse() } else { order }
    }
}

impl PartialOrd for SortKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SortKey<'_> {}
