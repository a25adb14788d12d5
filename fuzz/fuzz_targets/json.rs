//! Any bytes as JSON: what is JSON, where values end and what they say is what serde_json says, and the fast way of
//! reading an event's line gives what the slow one gives.

#![no_main]

use gdbx::model::event::{Envelope, EventError, Summary};
use gdbx::model::json::{self, Json, Kind, MAX_DEPTH};
use gdbx::model::time;
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use std::collections::HashMap;

fuzz_target!(|bytes: &[u8]| {
    line(bytes);
    usual_line(bytes);
    skipping(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        validity(text);
        quoting(text);
    }
});

fn validity(text: &str) {
    match Json::parse(text) {
        Ok(json) => {
            assert!(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(), "{text}");
            assert_eq!(json.text(), text.trim_matches([' ', '\t', '\n', '\r']));
            structure(json);
        }
        Err(error) => {
            assert!(error.at <= text.len());
            let deep = error.what == "nested too deeply" && text.matches(['[', '{']).count() > MAX_DEPTH;
            assert!(deep || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err(), "{error}: {text}");
        }
    }
}

/// Members, items and scalars are those that serde_json finds.
fn structure(json: Json<'_>) {
    let text = json.text();
    let same = |found: Json<'_>, expected: &RawValue| {
        assert_eq!(found.text(), expected.get());
        assert_eq!(json::value_end(expected.get().as_bytes(), 0), Ok(expected.get().len()));
    };
    match json.kind() {
        Kind::Object => {
            // serde_json decodes keys, and refuses halves of surrogate pairs there.
            let Ok(expected) = serde_json::from_str::<HashMap<String, &RawValue>>(text) else { return };
            let fields = json.fields();
            assert_eq!(fields.len(), expected.len());
            for (name, value) in fields {
                same(value, expected[&*name]);
                same(json.get(&name).unwrap_or(Json::NULL), expected[&*name]);
                structure(value);
            }
        }
        Kind::Array => {
            let expected: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            assert_eq!(json.len(), expected.len());
            for (value, expected) in json.items().zip(expected) {
                same(value, expected);
                structure(value);
            }
        }
        Kind::String => {
            if let Ok(expected) = serde_json::from_str::<String>(text) {
                assert_eq!(json.as_str().as_deref(), Some(expected.as_str()));
            }
        }
        Kind::Number => assert!(json.as_f64().is_some()),
        Kind::Bool => assert_eq!(json.as_bool(), Some(text == "true")),
        Kind::Null => assert_eq!(text, "null"),
    }
}

/// Passing over a value ends where reading it ends, whenever it can be read.
fn skipping(bytes: &[u8]) {
    for at in 0..bytes.len().min(80) {
        if !matches!(bytes[at], b'{' | b'[') {
            continue;
        }
        let (skipped, read) = (json::skipped_end(bytes, at), json::value_end(bytes, at));
        if let (Some(skipped), Ok(read)) = (skipped, &read) {
            assert_eq!(skipped, *read);
        }
        // Without control characters nothing that can be read is given up on.
        if let Ok(read) = read
            && bytes[at..read].iter().all(|byte| *byte >= b' ')
        {
            assert_eq!(skipped, Some(read));
        }
    }
}

/// Whatever a line is: its summary is that of its envelope.
fn line(bytes: &[u8]) {
    match (Summary::from_line(bytes), Envelope::from_line(bytes)) {
        (Ok(summary), Ok(event)) => {
            assert_eq!(summary.subject, event.subject);
            assert_eq!(summary.kind, event.kind);
            assert_eq!(summary.time, event.time.as_deref().and_then(time::parse));
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        // What stands inside the payload is left unread by the fast way.
        (Ok(_), Err(error)) => assert!(matches!(error, EventError::Json(_)), "{error}"),
        (Err(error), Ok(_)) => panic!("{error}"),
    }
}

/// The bytes as the payload and as the envelope of a line in the usual layout.
fn usual_line(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (start, end) = (
        r#"{"source":"s","subject":"/a","type":"t","specversion":"1.0","id":"i","time":"2025-06-02T15:40:01.5Z","#,
        r#","hash":"ff"}"#,
    );
    let whole = format!(r#"{start}"datacontenttype":"application/json","predecessorhash":"00","data":{text}{end}"#);
    line(whole.as_bytes());
    line(format!(r#"{start}{text}"data":null{end}"#).as_bytes());
    if let Some((summary, at)) = Summary::first(&whole)
        && Json::parse(text).is_ok()
    {
        assert_eq!((summary.subject.as_ref(), at), ("/a", whole.len()));
    }
}

fn quoting(text: &str) {
    let quoted = json::quote(text);
    assert_eq!(serde_json::from_str::<String>(&quoted).ok().as_deref(), Some(text));
    assert_eq!(Json::trusted(&quoted).as_str().as_deref(), Some(text));
}
