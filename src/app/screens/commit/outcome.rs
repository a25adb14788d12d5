//! What came of a commit, in words. Knows nothing of the form's fields.

use crate::app::message::{Failure, FailureKind};
use crate::model::event::Envelope;
use crate::model::json::quote;
use crate::model::request::CommitRequest;
use crate::model::time;

/// So long before the commit its query begins: the server's clock may differ from ours.
const CLOCK_DIFFERENCE: i64 = 10 * 60 * 1_000_000_000;

/// An event that was stored, as the server told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its ID.
    pub id: String,
    /// Its subject, with what the server appended.
    pub subject: String,
    /// Its type.
    pub kind: String,
}

/// What came of the last commit.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// Nothing was committed since the form was begun.
    #[default]
    None,
    /// It is being sent; the form is locked.
    Sending,
    /// It is stored.
    Stored {
        /// What was stored; servers may not tell.
        events: Vec<Stored>,
        /// How many events were sent.
        sent: usize,
        /// When the answer came, in nanoseconds since 1970.
        at: i64,
    },
    /// Nothing was written.
    NotCommitted {
        /// Why, and what to do.
        text: String,
        /// What the server says, without what is said around it.
        reason: String,
        /// The precondition that is to blame, by its index in the form.
        blamed: Option<usize>,
    },
    /// The events may be stored or not.
    Unknown {
        /// Why, and what to do.
        text: String,
        /// A query that tells.
        query: String,
    },
}

impl Outcome {
    /// The answer of a server that stored the events.
    pub fn stored(texts: &[String], sent: usize, at: i64) -> Self {
        let events = texts.iter().filter_map(|text| Envelope::from_line(text.as_bytes()).ok());
        let events = events.map(|event| Stored {
            id: event.id.into_owned(),
            subject: event.subject.into_owned(),
            kind: event.kind.into_owned(),
        });
        Self::Stored { events: events.collect(), sent, at }
    }

    /// A failure. `sent` is what was asked for, `at` when, in nanoseconds since 1970.
    pub fn failed(failure: &Failure, sent: &CommitRequest, at: i64, blamed: Option<usize>) -> Self {
        let words = as_clause(&failure.message);
        match failure.kind {
            // An answer that cannot be read comes after the server has decided: which way is not known either.
            FailureKind::OutcomeUnknown | FailureKind::Cut | FailureKind::Garbled => Self::Unknown {
                text: format!(
                    "Outcome unknown: {words}. The events may be stored or not. They are not sent again by themselves."
                ),
                query: query(sent, at),
            },
            FailureKind::Precondition => Self::NotCommitted {
                text: format!("Not committed: {words}. Nothing was written."),
                reason: words.split_once(" does not hold: ").map_or(words, |(_, reason)| reason).to_owned(),
                blamed,
            },
            kind => {
                let hint = match kind {
                    FailureKind::NotReady => Some("Commit again when the server is ready."),
                    FailureKind::Unreachable => Some("Commit again when the server answers."),
                    _ => failure.hint.as_deref(),
                };
                let hint = hint.map(|hint| format!(" {hint}")).unwrap_or_default();
                Self::NotCommitted {
                    text: format!("Not committed: {words}.{hint}"),
                    reason: words.to_owned(),
                    blamed: None,
                }
            }
        }
    }

    /// The events to choose from.
    pub fn events(&self) -> &[Stored] {
        match self {
            Self::Stored { events, .. } => events,
            _ => &[],
        }
    }
}

/// A server's words, to stand between others: without their full stop, and without what is said anyway.
fn as_clause(message: &str) -> &str {
    let words = message.trim().trim_end_matches('.');
    let words = words.strip_prefix("outcome unknown: ").unwrap_or(words);
    words.strip_suffix("; nothing was written").unwrap_or(words)
}

/// A query that finds the events of a request, if they were stored.
fn query(sent: &CommitRequest, at: i64) -> String {
    let mut conditions: Vec<String> = Vec::new();
    for event in &sent.events {
        // UNDER, because a server may have appended an ID to the subject.
        let condition = format!("e.subject UNDER {} AND e.type == {}", quote(&event.subject), quote(&event.kind));
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    let any = match conditions.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join("\n    OR ")),
    };
    let since = quote(&time::format(at.saturating_sub(CLOCK_DIFFERENCE)));
    format!("STREAM e FROM events\nWHERE {any}\n  AND e.time >= {since}\nORDER BY e.time DESC\nLIMIT 20")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gdbql;

    #[test]
    fn the_query_that_tells_is_understood_and_finds_the_events() {
        let sent = |subjects: &[&str]| {
            let event =
                |s: &&str| format!(r#"{{"source":"s","subject":{},"type":"it's \"new\"","data":{{}}}}"#, quote(s));
            let events = subjects.iter().map(event).collect::<Vec<_>>().join(",");
            serde_json::from_str::<CommitRequest>(&format!("{{\"events\":[{events}]}}")).unwrap()
        };
        let at = time::parse("2026-03-01T12:00:00Z").unwrap();
        let stored = |subject: &str, time: &str| {
            format!(r#"{{"source":"s","subject":"{subject}","type":"it's \"new\"","id":"x","time":"{time}"}}"#)
        };
        let lines = [
            stored("/a/5e2c", "2026-03-01T12:00:01Z"),
            stored("/b", "2026-03-01T11:58:00Z"),
            stored("/a/old", "2026-02-01T12:00:01Z"),
            stored("/c", "2026-03-01T12:00:01Z"),
        ];
        for (subjects, found) in [(vec!["/a"], 1), (vec!["/a", "/b", "/a"], 2)] {
            let text = query(&sent(&subjects), at);
            let query = gdbql::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            let mut rows = 0;
            let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
            gdbql::run(&query, events, &gdbql::Limits::default(), &mut |_| {
                rows += 1;
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
            assert_eq!(rows, found, "{text}");
        }
    }
}
