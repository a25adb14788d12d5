//! What a client asks of a server: options of a stream, new events, preconditions.
//!
//! The shapes are those that GenesisDB's official clients put on the wire, in both API generations.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Which of GenesisDB's two HTTP APIs: v1 is the unchanged API of servers 1.x, v2 came with servers 2.x, which serve both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// `/api/v1`
    V1,
    /// `/api/v2`
    V2,
}

impl Generation {
    /// `v1` or `v2`, as in the paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// Narrows a stream or an observation. Bounds are event IDs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamOptions {
    /// Start at this event. One that does not occur below the subject yields nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "lower_bound")]
    pub lower_bound: Option<String>,
    /// Whether the event of the lower bound itself is part of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "include_lower_bound_event")]
    pub include_lower_bound_event: Option<bool>,
    /// End at this event.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "upper_bound")]
    pub upper_bound: Option<String>,
    /// Whether the event of the upper bound itself is part of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "include_upper_bound_event")]
    pub include_upper_bound_event: Option<bool>,
    /// Only the newest event of this type.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "latest_by_event_type")]
    pub latest_by_event_type: Option<String>,
}

impl StreamOptions {
    /// Whether nothing is narrowed; such options are left out of the request.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Only what comes after the event `id`.
    #[must_use]
    pub fn after(id: impl Into<String>) -> Self {
        Self { lower_bound: Some(id.into()), include_lower_bound_event: Some(false), ..Self::default() }
    }
}

/// The body of a stream or of an observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamRequest {
    /// The subject; it and all of its descendants are read. `/` is the whole store.
    pub subject: String,
    /// Bounds and the like.
    #[serde(default, skip_serializing_if = "StreamOptions::is_empty")]
    pub options: StreamOptions,
    /// v2 observations only: how often the server looks for new events, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<f64>,
}

impl StreamRequest {
    /// Everything at and below `subject`.
    pub fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), options: StreamOptions::default(), interval: None }
    }

    /// The same with other options.
    #[must_use]
    pub fn with(mut self, options: StreamOptions) -> Self {
        self.options = options;
        self
    }
}

/// An event to be committed. ID, time and hashes are the server's to give.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewEvent {
    /// Who writes it.
    pub source: String,
    /// What it is about; starts with `/`.
    pub subject: String,
    /// The event type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The payload: a JSON object, kept exactly as it was written.
    pub data: Box<RawValue>,
    /// How it is to be stored.
    #[serde(default, skip_serializing_if = "CommitOptions::is_default")]
    pub options: CommitOptions,
}

impl PartialEq for NewEvent {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, &self.subject, &self.kind, self.data.get(), self.options)
            == (&other.source, &other.subject, &other.kind, other.data.get(), other.options)
    }
}

/// How one new event is to be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitOptions {
    /// Keep the payload apart from the chain, so that it can be erased.
    #[serde(default, skip_serializing_if = "std::ops::Not::not", alias = "store_data_as_reference")]
    pub store_data_as_reference: bool,
}

impl CommitOptions {
    /// Whether the options can be left out of a request.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A condition that is checked together with the commit, in one step.
///
/// Kept as type and payload, so that a type that this version does not know can still be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Precondition {
    /// `isSubjectNew`, `isSubjectExisting`, `isQueryResultTrue`, or any other.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the type needs: `{"subject":"/user/456"}`, `{"query":"STREAM …"}`.
    pub payload: Box<RawValue>,
}

impl PartialEq for Precondition {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.payload.get() == other.payload.get()
    }
}

/// Holds when neither the subject nor a descendant has events.
pub const IS_SUBJECT_NEW: &str = "isSubjectNew";
/// Holds when the subject or a descendant has events.
pub const IS_SUBJECT_EXISTING: &str = "isSubjectExisting";
/// Holds when the GDBQL query gives at least one row and every row is true.
pub const IS_QUERY_RESULT_TRUE: &str = "isQueryResultTrue";

impl Precondition {
    /// Neither `subject` nor a descendant has events.
    pub fn is_subject_new(subject: &str) -> Self {
        Self::with_member(IS_SUBJECT_NEW, "subject", subject)
    }

    /// `subject` or a descendant has events.
    pub fn is_subject_existing(subject: &str) -> Self {
        Self::with_member(IS_SUBJECT_EXISTING, "subject", subject)
    }

    /// The query gives at least one row and every row is true.
    pub fn is_query_result_true(query: &str) -> Self {
        Self::with_member(IS_QUERY_RESULT_TRUE, "query", query)
    }

    fn with_member(kind: &str, name: &str, value: &str) -> Self {
        let payload = format!("{{{}:{}}}", super::json::quote(name), super::json::quote(value));
        let payload = RawValue::from_string(payload).unwrap_or_else(|_| RawValue::NULL.to_owned());
        Self { kind: kind.to_owned(), payload }
    }

    /// A string member of the payload: the `subject` or the `query`.
    pub fn member(&self, name: &str) -> Option<String> {
        Some(super::json::Json::trusted(self.payload.get()).get(name)?.as_str()?.into_owned())
    }
}

/// The body of a commit: all its events are stored, in order and with nothing between them, or none is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitRequest {
    /// At least one.
    pub events: Vec<NewEvent>,
    /// All of them must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
}

/// A schema and the event type that it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegisteredSchema {
    /// The event type.
    #[serde(rename = "type")]
    pub kind: String,
    /// JSON Schema, or the form of servers 1.x.
    pub schema: Box<RawValue>,
}

impl PartialEq for RegisteredSchema {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.schema.get() == other.schema.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_look_like_the_official_clients_ones() {
        let request = StreamRequest::new("/x").with(StreamOptions::after("e1"));
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"subject":"/x","options":{"lowerBound":"e1","includeLowerBoundEvent":false}}"#
        );
        assert_eq!(serde_json::to_string(&StreamRequest::new("/")).unwrap(), r#"{"subject":"/"}"#);
        assert_eq!(
            serde_json::to_string(&Precondition::is_subject_new("/a\"b")).unwrap(),
            r#"{"type":"isSubjectNew","payload":{"subject":"/a\"b"}}"#
        );
    }

    #[test]
    fn a_payload_survives_as_it_was_written() {
        let text = r#"{"events":[{"source":"s","subject":"/a","type":"t","data":{ "n":1.10,"z":12345678901234567890 },"options":{"storeDataAsReference":true}}]}"#;
        let request: CommitRequest = serde_json::from_str(text).unwrap();
        assert!(request.events[0].options.store_data_as_reference);
        assert_eq!(serde_json::to_string(&request).unwrap(), text);
        assert_eq!(Precondition::is_query_result_true("STREAM e").member("query").as_deref(), Some("STREAM e"));
    }
}
