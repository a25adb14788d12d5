//! What can be said about new events before their place in the store is known.
//!
//! Owns the rules for a single event. Reads nothing of the store.

use super::error::Error;
use super::index::MAX_LEVELS;
use crate::model::json::{Json, Kind};
use crate::model::request::{Generation, NewEvent};
use crate::model::subject;
use std::borrow::Cow;
use uuid::Uuid;

/// The longest subject, source or type, in bytes.
const MAX_NAME: usize = 2048;

/// A new event that may be stored, whatever its place.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub source: String,
    pub subject: String,
    pub kind: String,
    pub data: String,
    pub reference: bool,
    pub id: String,
}

/// Check the new events of one commit. On v2 a subject of one segment gets a generated ID appended.
///
/// # Errors
/// The first event that cannot be stored, and why.
pub fn prepare(generation: Generation, events: Vec<NewEvent>) -> Result<Vec<Prepared>, Error> {
    if events.is_empty() {
        return Err(Error::Invalid("`events` is empty: a commit needs at least one event".to_owned()));
    }
    events.into_iter().enumerate().map(|(at, event)| one(generation, at, event)).collect()
}

fn one(generation: Generation, at: usize, event: NewEvent) -> Result<Prepared, Error> {
    let invalid = |why: &str| Err(Error::Invalid(format!("events[{at}] is invalid: {why}")));
    if let Some(problem) = subject::problem(&event.subject) {
        return invalid(problem);
    }
    if subject::segments(&event.subject).count() >= MAX_LEVELS {
        return invalid("The subject has too many segments.");
    }
    for (name, value) in [("source", &event.source), ("type", &event.kind), ("subject", &event.subject)] {
        if value.is_empty() {
            return invalid(&format!("The {name} is empty."));
        }
        if value.len() > MAX_NAME {
            return invalid(&format!("The {name} is longer than {MAX_NAME} bytes."));
        }
    }
    match Json::parse(event.data.get()) {
        Ok(data) if data.kind() == Kind::Object => {}
        Ok(_) => return invalid("`data` must be a JSON object."),
        Err(error) => return invalid(&format!("`data` is no JSON: {error}")),
    }
    let mut subject = event.subject;
    if generation == Generation::V2 && subject::top_level(&subject).len() == subject.len() {
        subject = format!("{subject}/{}", Uuid::new_v4());
    }
    Ok(Prepared {
        source: event.source,
        subject,
        kind: event.kind,
        data: one_line(event.data.get()).into_owned(),
        reference: event.options.store_data_as_reference,
        id: Uuid::new_v4().to_string(),
    })
}

/// JSON on one line: its line breaks, which can only stand between tokens, become spaces. Nothing else changes.
pub fn one_line(json: &str) -> Cow<'_, str> {
    if json.contains(['\n', '\r']) { Cow::Owned(json.replace(['\n', '\r'], " ")) } else { Cow::Borrowed(json) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> NewEvent {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn keeps_the_payload_as_it_was_written() {
        let event = event(
            "{\"source\":\"s\",\"subject\":\"/a/b\",\"type\":\"t\",\"data\":{ \"n\":1.10,\n\"z\":12345678901234567890 },\"id\":1}",
        );
        let prepared = prepare(Generation::V2, vec![event]).unwrap();
        assert_eq!(prepared[0].data, r#"{ "n":1.10, "z":12345678901234567890 }"#);
        assert_eq!(prepared[0].subject, "/a/b");
    }

    #[test]
    fn only_v2_appends_an_id_to_a_subject_of_one_segment() {
        let event = event(r#"{"source":"s","subject":"/a","type":"t","data":{}}"#);
        assert_eq!(prepare(Generation::V1, vec![event.clone()]).unwrap()[0].subject, "/a");
        let subject = prepare(Generation::V2, vec![event]).unwrap().remove(0).subject;
        assert_eq!((subject.len(), &subject[..3]), (3 + 36, "/a/"));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, says) in [
            (r#"{"source":"","subject":"/a","type":"t","data":{}}"#, "source is empty"),
            (r#"{"source":"s","subject":"a","type":"t","data":{}}"#, "starts with /"),
            (r#"{"source":"s","subject":"/a","type":"","data":{}}"#, "type is empty"),
            (r#"{"source":"s","subject":"/a","type":"t","data":[1]}"#, "JSON object"),
        ] {
            let error = prepare(Generation::V1, vec![event(text)]).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("events[0]"), "{error}");
        }
        assert!(prepare(Generation::V1, Vec::new()).is_err());
    }
}
