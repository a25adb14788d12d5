//! Tests of the language as a whole, and what they share.

mod cases;
mod depth;
mod documented;
mod generate;
mod layout;
mod meaning;
mod naive;
mod parsing;
mod properties;
mod reading;
mod room;
#[path = "../../../tests/gdbql/table.rs"]
mod table;

use super::{Error, Limits, Query, parse};
use crate::model::event::Envelope;
use std::ops::ControlFlow;

/// The lines of a store, each an event, from `(subject, type, data)`. One event a day from 2024-01-01 on.
pub(super) fn store(events: &[(&str, &str, &str)]) -> Vec<String> {
    events
        .iter()
        .enumerate()
        .map(|(at, (subject, kind, data))| {
            format!(
                r#"{{"id":"id-{at}","source":"io.test","subject":"{subject}","type":"{kind}","time":"2024-01-{:02}T00:00:00.5Z","specversion":"1.0","data":{data}}}"#,
                at + 1
            )
        })
        .collect()
}

/// The rows of a query that was understood already.
pub(super) fn rows_of(query: &Query, lines: &[String]) -> Result<Vec<String>, Error> {
    let mut rows = Vec::new();
    let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
    super::run(query, events, &Limits::default(), &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// The rows of a query's text.
pub(super) fn rows(text: &str, lines: &[String]) -> Vec<String> {
    rows_of(&parse(text).unwrap_or_else(|e| panic!("{text}: {e} {:?}", e.span)), lines)
        .unwrap_or_else(|e| panic!("{text}: {e} {:?}", e.span))
}
