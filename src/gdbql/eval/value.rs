//! Values: what an expression gives for one event.
//!
//! A value that comes from an event is a borrowed piece of its text and goes out as it came in: numbers keep their
//! notation, objects the order of their keys. Knows nothing of queries.

use super::number::Num;
use crate::model::json::{self, Json, Kind};
use crate::model::time;
use std::borrow::Cow;
use std::fmt::Write as _;

/// What an expression gives.
#[derive(Clone, Debug)]
pub enum Value<'v> {
    Null,
    Bool(bool),
    /// A number as it was sent, not read yet.
    Raw(Cow<'v, str>),
    Number(Num),
    Text(Cow<'v, str>),
    /// `e.time`, which compares as an instant.
    Time(Cow<'v, str>, i64),
    /// An array or object as it was sent.
    Json(Json<'v>),
    List(Vec<Value<'v>>),
    Object(Vec<(&'v str, Value<'v>)>),
}

impl<'v> From<Json<'v>> for Value<'v> {
    fn from(json: Json<'v>) -> Self {
        match json.kind() {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(json.text() == "true"),
            Kind::Number => Value::Raw(Cow::Borrowed(json.text())),
            Kind::String => json.as_str().map_or(Value::Null, Value::Text),
            Kind::Array | Kind::Object => Value::Json(json),
        }
    }
}

impl<'v> Value<'v> {
    /// The same value, borrowed.
    pub fn borrowed(&'v self) -> Value<'v> {
        match self {
            Value::Raw(text) => Value::Raw(Cow::Borrowed(text)),
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            Value::Time(text, nanos) => Value::Time(Cow::Borrowed(text), *nanos),
            other => other.clone(),
        }
    }

    /// The same scalar, on its own; null for a list or an object, which are borrowed from an event.
    pub fn owned(self) -> Value<'static> {
        match self {
            Value::Bool(value) => Value::Bool(value),
            Value::Raw(text) => Value::Raw(Cow::Owned(text.into_owned())),
            Value::Number(number) => Value::Number(number),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Time(text, nanos) => Value::Time(Cow::Owned(text.into_owned()), nanos),
            Value::Null | Value::Json(_) | Value::List(_) | Value::Object(_) => Value::Null,
        }
    }

    /// The bytes of a scalar's own text, beside itself.
    pub fn text_bytes(&self) -> usize {
        match self {
            Value::Raw(Cow::Owned(text)) | Value::Text(Cow::Owned(text)) | Value::Time(Cow::Owned(text), _) => {
                text.len()
            }
            _ => 0,
        }
    }

    /// The number, if the value is one.
    pub fn number(&self) -> Option<Num> {
        match self {
            Value::Raw(text) => Some(Num::read(text)),
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The string, if the value is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Time(text, _) => Some(text),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Append the value as JSON text.
    pub fn write(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Raw(text) => out.push_str(text),
            // Writing to a string cannot fail.
            Value::Number(number) => drop(write!(out, "{number}")),
            Value::Text(text) | Value::Time(text, _) => json::push_quoted(out, text),
            Value::Json(json) => out.push_str(json.text()),
            Value::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Value::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    json::push_quoted(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// The value in words, for a message: `the string "x"`.
    pub fn described(&self) -> String {
        const LONGEST: usize = 40;
        let mut json = String::new();
        self.write(&mut json);
        if let Some((end, _)) = json.char_indices().nth(LONGEST) {
            json.truncate(end);
            json.push('…');
        }
        match self {
            Value::Null | Value::Bool(_) => json,
            Value::Raw(_) | Value::Number(_) => format!("the number {json}"),
            Value::Text(_) | Value::Time(..) => format!("the string {json}"),
            Value::Json(value) if value.kind() == Kind::Object => format!("the object {json}"),
            Value::Json(_) | Value::List(_) => format!("the list {json}"),
            Value::Object(_) => format!("the object {json}"),
        }
    }
}

/// The instant that a text means: RFC 3339, or a plain date for its first moment in UTC.
pub fn instant(text: &str) -> Option<i64> {
    if text.len() == "2024-01-01".len() { time::parse(&format!("{text}T00:00:00Z")) } else { time::parse(text) }
}
