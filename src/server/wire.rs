//! Requests as clients really send them: what may be left out may also be `null`.
//!
//! Owns that leniency. What a request means is `model`'s and `store`'s to say.

use crate::model::request::{CommitOptions, CommitRequest, NewEvent, Precondition, StreamOptions, StreamRequest};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The body of a stream or an observation.
#[derive(Deserialize)]
pub struct StreamBody {
    subject: String,
    options: Option<StreamOptions>,
}

/// The body of a commit.
#[derive(Deserialize)]
pub struct CommitBody {
    events: Vec<EventBody>,
    preconditions: Option<Vec<Precondition>>,
}

#[derive(Deserialize)]
struct EventBody {
    source: String,
    subject: String,
    #[serde(rename = "type")]
    kind: String,
    data: Box<RawValue>,
    options: Option<CommitOptions>,
}

impl From<StreamBody> for StreamRequest {
    fn from(body: StreamBody) -> Self {
        Self::new(body.subject).with(body.options.unwrap_or_default())
    }
}

impl From<CommitBody> for CommitRequest {
    fn from(body: CommitBody) -> Self {
        let events = body.events.into_iter().map(|event| NewEvent {
            source: event.source,
            subject: event.subject,
            kind: event.kind,
            data: event.data,
            options: event.options.unwrap_or_default(),
        });
        Self { events: events.collect(), preconditions: body.preconditions.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_as_good_as_nothing() {
        let body: StreamBody = serde_json::from_str(r#"{"subject":"/a","options":null,"interval":null}"#).unwrap();
        assert_eq!(StreamRequest::from(body), StreamRequest::new("/a"));
        let text =
            r#"{"events":[{"source":"s","subject":"/a","type":"t","data":{},"options":null}],"preconditions":null}"#;
        let body: CommitBody = serde_json::from_str(text).unwrap();
        let request = CommitRequest::from(body);
        assert!(request.preconditions.is_empty() && request.events[0].options.is_default());
    }
}
