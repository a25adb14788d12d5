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
        let checked = |text: &str, at| json::sound_end(text.as_bytes(), at);
        Self::usual(text, checked).map_or_else(|| Self::of_any_layout(text, checked), Ok)
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
        // What another layout has before the payload may have been taken for one.
        picker.pick(Json::NULL.text(), 0, picked);
        Self::of_any_layout(text, |text, at| picker.pick(text, at, picked))
    }

    /// Read one event field by field. `end` checks the payload and tells where it ends.
    fn of_any_layout(text: &'a str, mut end: impl FnMut(&'a str, usize) -> Option<usize>) -> Result<Self, EventError> {
        let mut found = Found::default();
        let json = Json::parse_object(text, |key, start| {
            let slot = slot_of_key(key);
            let end = if slot == Some(DATA) { end(text, start) } else { json::sound_end(text.as_bytes(), start) }?;
            if let Some(slot) = slot {
                found.0[slot] = text.get(start..end).map(Json::exact);
            }
            Some(end)
        });
        found.envelope(json?.ok_or(EventError::NotAnObject)?)
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
        for (key, value) in json.members() {
            if let Some(slot) = slot_of_key(key) {
                found.0[slot] = Some(value);
            }
        }
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
            data: self.0[DATA],
            hash: text(9),
        })
    }
}

/// The place of the payload in [`FIELDS`].
const DATA: usize = 8;

/// The place of the field that a key names.
fn slot_of_key(key: Key<'_>) -> Option<usize> {
    slot_of(key.plain()).or_else(|| key.is_escaped().then(|| slot_of(&key.name())).flatten())
}

/// The place of a field in [`FIELDS`]. Its length and first letter say which one it can be.
fn slot_of(name: &str) -> Option<usize> {
    let slot = match (name.len(), name.as_bytes().first()?) {
        (6, b's') => 0,
        (7, b's') => 1,
        (4, b't') if name == "type" => 2,
        (2, b'i') => 3,
        (4, b't') => 4,
        (11, b's') => 5,
        (15, b'd') => 6,
        (15, b'p') => 7,
        (4, b'd') => DATA,
        (4, b'h') => 9,
        _ => return None,
    };
    (FIELDS[slot] == name).then_some(slot)
}

/// The fields of a stored event, in the order of [`Envelope`]'s.
const FIELDS: [&str; 10] =
    ["source", "subject", "type", "id", "time", "specversion", "datacontenttype", "predecessorhash", "data", "hash"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::path::Path;
    use proptest::prelude::*;

    proptest! {
        /// In whatever order the fields stand, with white space or without: they are found, and what is picked of the
        /// payload as well, the last one where there are two.
        #[test]
        fn reads_any_layout(
            order in Just(vec!["source", "subject", "type", "id", "time", "data", "extra", "data"]).prop_shuffle(),
            data in prop::collection::vec(crate::model::json::tests::any_json(), 2),
            space in "[ \t]?",
        ) {
            let mut payloads = data.iter().map(|data| format!("{{{space}\"a\":{data}}}"));
            let mut last = String::new();
            let members = order.iter().map(|name| {
                let value = match *name {
                    "data" => payloads.next().inspect(|payload| last.clone_from(payload)).unwrap(),
                    "extra" => "[{}]".to_owned(),
                    name => json::quote(name),
                };
                format!("\"{name}\"{space}:{space}{value}")
            });
            let text = format!("{{{}{space}}}", members.collect::<Vec<_>>().join(&format!("{space},")));
            let (mut picker, mut picked) = (Picker::default(), Picked::default());
            let slot = picker.add(&Path::of("a")).unwrap();
            let event = Envelope::picking(text.as_bytes(), &picker, &mut picked).unwrap();
            prop_assert_eq!(&event, &Envelope::from_line(text.as_bytes()).unwrap());
            prop_assert_eq!((&*event.source, &*event.subject, &*event.kind, &*event.id), ("source", "subject", "type", "id"));
            let payload = Json::parse(&last).unwrap();
            prop_assert_eq!((event.data, picked.get(slot, payload)), (Some(payload), payload.get("a")), "{}", text);
            let summary = Summary::from_line(text.as_bytes()).unwrap();
            prop_assert_eq!((&*summary.subject, &*summary.kind, summary.time), ("subject", "type", None));
        }
    }

    #[test]
    fn every_field_has_its_place() {
        for (slot, field) in FIELDS.iter().enumerate() {
            assert_eq!(slot_of(field), Some(slot));
            assert_eq!(slot_of(&field.to_uppercase()), None);
            assert_eq!(slot_of(&format!("{}x", &field[..field.len() - 1])), None);
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
