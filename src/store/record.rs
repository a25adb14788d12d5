//! One stored event: its line, and what the store knows about it beyond the line.
//!
//! Owns the line's form, for new events and after an erasure. Knows nothing of positions, files and requests.

use super::chain::{self, Payload};
use crate::model::event::{Envelope, EventError, NO_PREDECESSOR};
use crate::model::json::{Json, push_quoted, quote};
use crate::model::request::Generation;
use std::ops::Range;

/// One stored event.
#[derive(Clone, Debug)]
pub struct Record {
    line: Box<str>,
    /// The line as v1 shows it, where that differs: an erased payload keeps its keys there.
    v1: Option<Box<str>>,
    /// Where the payload stands in `line`; empty when there is none.
    data: Range<u32>,
    pub(super) payload: Payload,
    /// Came with a backup: how its hash was computed is not known.
    pub(super) foreign: bool,
    /// Which event of its commit this is, from 1, and how many the commit has.
    pub(super) place: (u32, u32),
}

/// An event on its way into the store.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub source: &'a str,
    pub subject: &'a str,
    pub kind: &'a str,
    /// The payload: a JSON object on one line.
    pub data: &'a str,
    pub payload: Payload,
    pub id: &'a str,
    /// RFC 3339 with nanoseconds.
    pub time: &'a str,
}

impl Draft<'_> {
    /// The stored event behind the one whose hash is `predecessor`.
    pub fn seal(self, predecessor: &str, place: (u32, u32)) -> Record {
        let mut line = String::with_capacity(400 + self.subject.len() + self.data.len());
        for (name, value) in [("{\"source\":", self.source), (",\"subject\":", self.subject), (",\"type\":", self.kind)]
        {
            line.push_str(name);
            push_quoted(&mut line, value);
        }
        for part in [
            ",\"specversion\":\"1.0\",\"id\":\"",
            self.id,
            "\",\"time\":\"",
            self.time,
            "\",\"datacontenttype\":\"application/json\",\"predecessorhash\":\"",
            predecessor,
            "\",\"data\":",
        ] {
            line.push_str(part);
        }
        let hash = chain::event_hash(&line, &self.payload.digest(self.data));
        let start = line.len();
        line.push_str(self.data);
        let data = range(start, line.len());
        line.push_str(",\"hash\":\"");
        chain::push_hex(&mut line, &hash);
        line.push_str("\"}");
        Record { line: line.into(), v1: None, data, payload: self.payload, foreign: false, place }
    }
}

/// Lines are bounded by request bodies far below 4 GiB; one beyond would only lose the way to its payload.
fn range(start: usize, end: usize) -> Range<u32> {
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) => start..end,
        _ => 0..0,
    }
}

impl Record {
    /// A record from its line, as a data file or a backup holds it.
    ///
    /// # Errors
    /// When the line is no event.
    pub(super) fn from_line(line: &str, payload: Payload, foreign: bool) -> Result<Self, EventError> {
        let data = match Envelope::from_json(Json::trusted(line))?.data {
            Some(data) => {
                let start = data.text().as_ptr() as usize - line.as_ptr() as usize;
                range(start, start + data.text().len())
            }
            None => 0..0,
        };
        Ok(Self { line: line.into(), v1: None, data, payload, foreign, place: (1, 1) })
    }

    /// The event as the v2 API shows it: one line of JSON without its line feed.
    pub fn text(&self) -> &str {
        &self.line
    }

    /// The event as an API generation shows it. Only erased payloads differ.
    pub fn line(&self, generation: Generation) -> &str {
        match (&self.v1, generation) {
            (Some(line), Generation::V1) => line,
            _ => &self.line,
        }
    }

    /// The event's fields, read in place.
    pub fn envelope(&self, generation: Generation) -> Option<Envelope<'_>> {
        Envelope::from_json(Json::trusted(self.line(generation))).ok()
    }

    /// The hash that the next event links to.
    pub(super) fn hash(&self) -> String {
        match self.envelope(Generation::V2).and_then(|event| event.hash) {
            Some(hash) => hash.into_owned(),
            None => NO_PREDECESSOR.to_owned(),
        }
    }

    /// The event's ID.
    pub(super) fn id(&self) -> String {
        self.envelope(Generation::V2).map(|event| event.id.into_owned()).unwrap_or_default()
    }

    /// Whether there is a payload that can be erased.
    pub(super) fn is_erasable(&self) -> bool {
        matches!(self.payload, Payload::Reference(_))
    }

    pub(super) fn is_erased(&self) -> bool {
        matches!(self.payload, Payload::Erased(_))
    }

    /// The payload's text.
    pub(super) fn data(&self) -> &str {
        self.line.get(self.data.start as usize..self.data.end as usize).unwrap_or_default()
    }

    /// The same event without its payload. Keys that look like field names are kept for v1's sake.
    pub(super) fn erase(&self) -> Self {
        let keys: Vec<_> = Json::trusted(self.data())
            .members()
            .map(|(key, _)| key.name().into_owned())
            .filter(|key| is_field_name(key))
            .collect();
        let digest = Box::new(self.payload.digest(self.data()));
        let line = self.with_data("{}");
        let data = self.data.start..self.data.start.saturating_add(2);
        let erased = Self { line, v1: None, data, payload: Payload::Erased(digest), ..self.clone() };
        erased.with_keys(&keys)
    }

    /// The shape that v1 shows of an erased payload: these keys, each with an empty string.
    pub(super) fn with_keys(mut self, keys: &[String]) -> Self {
        let members: Vec<_> = keys.iter().map(|key| format!("{}:\"\"", quote(key))).collect();
        self.v1 = (!keys.is_empty()).then(|| self.with_data(&format!("{{{}}}", members.join(","))));
        self
    }

    /// The keys that v1 still shows of an erased payload.
    pub(super) fn keys(&self) -> Vec<String> {
        let Some(event) = self.v1.as_deref().map(Json::trusted) else { return Vec::new() };
        let data = event.get("data").unwrap_or(Json::NULL);
        data.members().map(|(key, _)| key.name().into_owned()).collect()
    }

    fn with_data(&self, data: &str) -> Box<str> {
        let before = self.line.get(..self.data.start as usize).unwrap_or_default();
        let after = self.line.get(self.data.end as usize..).unwrap_or_default();
        [before, data, after].concat().into()
    }

    /// Whether the event's hash is that of its line, by the rules of [`super::chain`].
    pub(super) fn hash_holds(&self) -> bool {
        let head = self.line.get(..self.data.start as usize).unwrap_or_default();
        let expected = chain::hex(&chain::event_hash(head, &self.payload.digest(self.data())));
        let tail = self.line.get(self.data.end as usize..).and_then(|tail| tail.strip_prefix(",\"hash\":\""));
        tail.and_then(|tail| tail.strip_suffix("\"}")) == Some(expected.as_str())
            && (!self.is_erased() || self.data() == "{}")
    }
}

/// Whether a key may outlive the payload that it was written in. Clients of v1 expect the keys of an erased payload;
/// a key that could itself be what was to be erased, an e-mail address for instance, is not one that they expect.
fn is_field_name(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(data: &str, payload: Payload) -> Record {
        let draft = Draft {
            source: "s\"",
            subject: "/ü/1",
            kind: "t",
            data,
            payload,
            id: "i",
            time: "2025-06-02T15:40:01.188557875Z",
        };
        draft.seal(NO_PREDECESSOR, (1, 1))
    }

    #[test]
    fn a_line_has_the_fields_in_genesisdbs_order() {
        let record = sealed(r#"{ "n":1.10 }"#, Payload::Inline);
        let hash = record.hash();
        assert_eq!(
            record.text(),
            format!(
                r#"{{"source":"s\"","subject":"/ü/1","type":"t","specversion":"1.0","id":"i","time":"2025-06-02T15:40:01.188557875Z","datacontenttype":"application/json","predecessorhash":"{NO_PREDECESSOR}","data":{{ "n":1.10 }},"hash":"{hash}"}}"#
            )
        );
        assert!(record.hash_holds());
    }

    #[test]
    fn any_changed_byte_breaks_the_hash() {
        let record = sealed(r#"{"a":"b"}"#, Payload::Inline);
        for at in 0..record.text().len() {
            let mut bytes = record.text().as_bytes().to_vec();
            bytes[at] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            if Json::parse(&text).is_err() {
                continue;
            }
            let changed = Record::from_line(&text, Payload::Inline, false);
            assert!(!changed.is_ok_and(|record| record.hash_holds()), "byte {at}");
        }
    }

    #[test]
    fn an_erasure_keeps_the_hash_and_the_field_names_only() {
        let record = sealed(r#"{"email":"a@b.c","a@b.c":{"x":1}}"#, Payload::Reference([1; 16]));
        let erased = record.erase();
        assert!(erased.hash_holds());
        assert_eq!(erased.hash(), record.hash());
        assert_eq!(erased.data(), "{}");
        let v1 = erased.envelope(Generation::V1).unwrap();
        assert_eq!(v1.data.unwrap().text(), r#"{"email":""}"#);
        assert_eq!(erased.keys(), ["email"]);
    }
}
