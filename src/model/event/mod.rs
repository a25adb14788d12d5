//! Stored events: CloudEvents 1.0 plus GenesisDB's hash chain.

mod kind;
mod summary;
mod usual;

pub use kind::short_kind;
pub use summary::Summary;

use super::json::{self, Json, JsonError, Key, Picked, Picker};
use std::borrow::Cow;

/// `predecessorhash` of the first event of a store: 64 zeros.
pub const NO_PREDECESSOR: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A stored event, read from its line without copying it.
///
/// Official clients tolerate every field but `source`, `subject`, `type` and `id` to be missing; so does this.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope<'a> {
    /// The whole event as it was written.
    pub json: Json<'a>,
    /// Who wrote it, `io.genesisdb.app`.
    pub source: Cow<'a, str>,
    /// What it is about, `/customer/42`.
    pub subject: Cow<'a, str>,
    /// The event type, `io.genesisdb.app.customer-added`.
    pub kind: Cow<'a, str>,
    /// The event's UUID.
    pub id: Cow<'a, str>,
    /// When it was stored: RFC 3339 with nanoseconds.
    pub time: Option<Cow<'a, str>>,
    /// `1.0`.
    pub specversion: Option<Cow<'a, str>>,
    /// `application/json`.
    pub datacontenttype: Option<Cow<'a, str>>,
    /// The hash of the event before it in the whole store, 64 hexadecimal digits.
    pub predecessorhash: Option<Cow<'a, str>>,
    /// The payload.
    pub data: Option<Json<'a>>,
    /// The event's own hash, 64 hexadecimal digits.
    pub hash: Option<Cow<'a, str>>,
}

/// Why a line is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The line is no UTF-8.
    #[error("no UTF-8 at byte {at}")]
    Encoding {
        /// The offset of the first bad byte.
        at: usize,
    },
    /// The line is in a file that could not be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The line is no JSON.
    #[error("no JSON: {0}")]
    Json(#[from] JsonError),
    /// The line is JSON, but no object.
    #[error("not an event: a JSON object was expected")]
    NotAnObject,
    /// A field without which an event is none.
    #[error("not an event: `{0}` is missing or no string")]
    Missing(&'static str),
}

impl<'a> Envelope<'a> {
    /// Read one event from the bytes of its line.
    ///
    /// # Errors
    /// When the line is no UTF-8, no JSON, or lacks a field without which it is no event.
    pub fn from_line(line: &'a [u8]) -> Result<Self, EventError> {
        let text = text_of(line)?;
        let checked = |text: &str, at| json::value_end(text.as_bytes(), at).ok();
        Self::usual(text, checked).map_or_else(|| Self::of_any_layout(text), Ok)
    }

    /// The same, and find values in its payload on the way; none are found where there is no payload.
    ///
    /// # Errors
    /// As [`Envelope::from_line`].
    #[inline]
    pub fn picking(line: &'a [u8], picker: &Picker, picked: &mut Picked) -> Result<Self, EventError> {
        let text = text_of(line)?;
        if let Some(event) = Self::usual(text, |text, at| picker.pick(text, at, picked)) {
            return Ok(event);
        }
        let event = Self::of_any_layout(text)?;
        picker.pick(event.data.unwrap_or(Json::NULL).text(), 0, picked);
        Ok(event)
    }

    /// Read one event field by field.
    fn of_any_layout(text: &'a str) -> Result<Self, EventError> {
        let mut found = Found::default();
        let json = Json::parse_object(text, |key, value| found.member(key, value))?.ok_or(EventError::NotAnObject)?;
        found.envelope(json)
    }

    /// Read one event from its checked JSON.
    ///
    /// # Errors
    /// When it is no object or lacks a field without which it is no event.
    pub fn from_json(json: Json<'a>) -> Result<Self, EventError> {
        if json.kind() != super::json::Kind::Object {
            return Err(EventError::NotAnObject);
        }
        let mut found = Found::default();
        json.members().for_each(|(key, value)| found.member(key, value));
        found.envelope(json)
    }
}

/// The text of a line.
fn text_of(line: &[u8]) -> Result<&str, EventError> {
    simdutf8::basic::from_utf8(line)
        .or_else(|_| std::str::from_utf8(line).map_err(|error| EventError::Encoding { at: error.valid_up_to() }))
}

/// The members that make an event, as they are found.
#[derive(Default)]
struct Found<'a>([Option<Json<'a>>; FIELDS.len()]);

impl<'a> Found<'a> {
    fn member(&mut self, key: Key<'a>, value: Json<'a>) {
        if let Some(slot) = slot_of(key.plain()).or_else(|| key.is_escaped().then(|| slot_of(&key.name())).flatten()) {
            self.0[slot] = Some(value);
        }
    }

    fn envelope(self, json: Json<'a>) -> Result<Envelope<'a>, EventError> {
        let text = |slot: usize| self.0[slot].and_then(Json::as_str);
        let required = |slot: usize| text(slot).ok_or(EventError::Missing(FIELDS[slot]));
        Ok(Envelope {
            json,
            source: required(0)?,
            subject: required(1)?,
            kind: required(2)?,
            id: required(3)?,
            time: text(4),
            specversion: text(5),
            datacontenttype: text(6),
            predecessorhash: text(7),
            data: self.0[8],
            hash: text(9),
        })
    }
}

/// The place of a field in [`FIELDS`].
fn slot_of(name: &str) -> Option<usize> {
    Some(match name {
        "source" => 0,
        "subject" => 1,
        "type" => 2,
        "id" => 3,
        "time" => 4,
        "specversion" => 5,
        "datacontenttype" => 6,
        "predecessorhash" => 7,
        "data" => 8,
        "hash" => 9,
        _ => return None,
    })
}

/// The fields of a stored event, in the order of [`Envelope`]'s.
const FIELDS: [&str; 10] =
    ["source", "subject", "type", "id", "time", "specversion", "datacontenttype", "predecessorhash", "data", "hash"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place() {
        for (slot, field) in FIELDS.iter().enumerate() {
            assert_eq!(slot_of(field), Some(slot));
        }
    }

    const LINE: &str = r#"{"source":"io.genesisdb.app","subject":"/user/1","type":"io.genesisdb.app.user-added","specversion":"1.0","id":"d8605ee4-9507-4974-8a2a-190baaea2b50","time":"2025-06-02T15:40:01.188557875Z","datacontenttype":"application/json","predecessorhash":"80","data":{"n":12345678901234567890},"hash":"ed","extra":1}"#;

    #[test]
    fn reads_an_event_in_place() {
        let event = Envelope::from_line(LINE.as_bytes()).unwrap();
        assert_eq!(event.subject, "/user/1");
        assert_eq!(event.kind, "io.genesisdb.app.user-added");
        assert_eq!(event.data.unwrap().text(), r#"{"n":12345678901234567890}"#);
        assert!(matches!(event.subject, Cow::Borrowed(_)));
        assert_eq!(event.json.text(), LINE);
    }

    #[test]
    fn tolerates_what_official_clients_tolerate() {
        let event = Envelope::from_line(br#"{"source":"s","subject":"/a","type":"t","id":"i"}"#).unwrap();
        assert_eq!((event.time, event.data, event.hash), (None, None, None));
    }

    #[test]
    fn says_why_a_line_is_no_event() {
        assert_eq!(Envelope::from_line(b"[]"), Err(EventError::NotAnObject));
        assert_eq!(
            Envelope::from_line(br#"{"source":"s","subject":1,"type":"t","id":"i"}"#),
            Err(EventError::Missing("subject"))
        );
        assert_eq!(Envelope::from_line(b"{\"a\":\"\xff\"}"), Err(EventError::Encoding { at: 6 }));
        assert!(matches!(Envelope::from_line(b"{"), Err(EventError::Json(_))));
    }
}
