//! `gdbx commit`: a file of events as the body of a commit.
//!
//! Owns putting the body together from the texts as they are written, so that numbers, key order and unknown fields
//! reach the server unchanged.

use super::arguments::CommitArguments;
use super::commands::{Context, read_input};
use super::error::Error;
use super::output::{Shape, Stdout};
use crate::model::json::{Json, Kind, push_quoted};
use crate::model::request::Precondition;
use bytes::Bytes;

/// Commit what the file holds and print the stored events.
pub(super) async fn commit(context: &Context, arguments: CommitArguments) -> Result<(), Error> {
    let bytes = read_input(&context.interrupt, &arguments.file).await?;
    let conditions = conditions(&arguments);
    let body =
        body(&bytes, &conditions).map_err(|what| Error::Usage(format!("{}: {what}", arguments.file.display())))?;
    const NOTE: &str = "the commit may have happened; look before trying again";
    let sending = context.client.commit_raw(Bytes::from(body.text));
    let stored = context.interrupt.or_noting(Some(NOTE), sending).await??;
    let mut printer = Stdout::stdout(context.style(arguments.output), Shape::Events);
    for event in stored.events() {
        match event {
            Ok(event) => printer.push(event.json)?,
            Err(bad) => eprintln!("gdbx: {bad}"),
        }
    }
    printer.finish()?;
    let events = if body.events == 1 { "event" } else { "events" };
    eprintln!("gdbx: committed {} {events}", body.events);
    Ok(())
}

/// The preconditions of the options.
fn conditions(arguments: &CommitArguments) -> Vec<Precondition> {
    let new = arguments.if_new.iter().map(|subject| Precondition::is_subject_new(subject));
    let existing = arguments.if_existing.iter().map(|subject| Precondition::is_subject_existing(subject));
    let query = arguments.if_query.iter().map(|query| Precondition::is_query_result_true(query));
    new.chain(existing).chain(query).collect()
}

#[derive(Debug, PartialEq)]
struct Body {
    text: String,
    events: usize,
}

/// The body of a commit of one event, of an array of events, or of a whole request.
fn body(bytes: &[u8], conditions: &[Precondition]) -> Result<Body, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("no UTF-8 at byte {}", e.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = Json::parse(text).map_err(|e| format!("no JSON: {}", placed(text, e.what, e.at)))?;
    let mut out = String::with_capacity(text.len() + 256);
    let (events, mut preconditions) = match (value.kind(), value.get("events")) {
        (Kind::Array, _) => (value, Vec::new()),
        (Kind::Object, None) => (value, Vec::new()),
        (Kind::Object, Some(events)) => {
            (events, value.get("preconditions").map(|p| p.items().collect()).unwrap_or_default())
        }
        _ => return Err("an event, an array of events or a whole request was expected".to_owned()),
    };
    out.push_str("{\"events\":");
    let count = match events.kind() {
        Kind::Array => {
            out.push_str(events.text());
            events.len()
        }
        _ => {
            out.push('[');
            out.push_str(events.text());
            out.push(']');
            1
        }
    };
    if count == 0 {
        return Err("there is no event in it".to_owned());
    }
    // Other members of a whole request are the server's to understand.
    let others = value
        .members()
        .filter(|(key, _)| value.get("events").is_some() && !key.is("events") && !key.is("preconditions"));
    for (key, member) in others {
        out.push(',');
        push_quoted(&mut out, &key.name());
        out.push(':');
        out.push_str(member.text());
    }
    let added: Vec<String> =
        conditions.iter().map(serde_json::to_string).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    preconditions.extend(added.iter().map(|text| Json::trusted(text)));
    if !preconditions.is_empty() {
        let texts: Vec<&str> = preconditions.iter().map(|condition| condition.text()).collect();
        out.push_str(",\"preconditions\":[");
        out.push_str(&texts.join(","));
        out.push(']');
    }
    out.push('}');
    Ok(Body { text: out, events: count })
}

fn placed(text: &str, what: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{what} at line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"source":"s","subject":"/a","type":"t","data":{"n":12345678901234567890},"x":1}"#;

    fn made(text: &str, conditions: &[Precondition]) -> String {
        body(text.as_bytes(), conditions).unwrap().text
    }

    #[test]
    fn one_event_an_array_and_a_whole_request_are_sent_as_written() {
        let one = format!(r#"{{"events":[{EVENT}]}}"#);
        assert_eq!(made(EVENT, &[]), one);
        assert_eq!(made(&format!(" [{EVENT}]\n"), &[]), one);
        assert_eq!(made(&one, &[]), one);
    }

    #[test]
    fn preconditions_are_added_to_those_of_the_request() {
        let request = format!(r#"{{"preconditions":[{{"type":"own","payload":1}}],"events":[{EVENT}],"more":true}}"#);
        assert_eq!(
            made(&request, &[Precondition::is_subject_new("/a")]),
            format!(
                r#"{{"events":[{EVENT}],"more":true,"preconditions":[{{"type":"own","payload":1}},{{"type":"isSubjectNew","payload":{{"subject":"/a"}}}}]}}"#
            )
        );
    }

    #[test]
    fn what_cannot_be_sent_is_said_with_its_place() {
        let wrong = |text: &str| body(text.as_bytes(), &[]).unwrap_err();
        assert!(wrong("[\n  {x}]").contains("line 2, column 4"), "{}", wrong("[\n  {x}]"));
        assert!(wrong("3").contains("was expected"));
        assert!(wrong("[]").contains("no event"));
        assert!(wrong("").contains("no JSON"));
    }
}
