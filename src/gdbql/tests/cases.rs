//! The tables of `tests/gdbql`: the evaluator, the plain one and parts that are joined give what stands there, in
//! either dialect.

use super::table::{self, Case, Expected};
use super::{naive, rows_of};
use crate::gdbql::{Error, Limits, Parts, Query, format, parse, parse_condition, tokens};
use crate::model::event::Envelope;
use std::ops::ControlFlow;

/// The query in the older dialect, or in the newer one.
fn turned(text: &str) -> String {
    let is_newer = !text.to_ascii_uppercase().contains("PROJECT") && !text.to_ascii_uppercase().starts_with("FROM");
    let mut header = 0;
    let mut before = String::new();
    let turn = |token: &crate::gdbql::Token| {
        let word = &text[token.span.clone()];
        let known =
            if token.kind == crate::gdbql::TokenKind::Keyword { word.to_ascii_uppercase() } else { String::new() };
        let turned = match (is_newer, known.as_str(), header) {
            (true, "STREAM", _) => "FROM",
            (true, "FROM", 1) => "IN",
            (true, "MAP", _) => "PROJECT INTO",
            (true, "LIMIT", _) => "TOP",
            (false, "FROM", 0) => "STREAM",
            (false, "IN", 1) => "FROM",
            (false, "PROJECT", _) => "MAP",
            (false, "INTO", _) if before == "PROJECT" => "",
            (false, "TOP", _) => "LIMIT",
            _ => word,
        };
        if !known.is_empty() {
            header += 1;
            before = known;
        }
        turned.to_owned()
    };
    tokens(text).iter().map(turn).collect()
}

fn check(case: &Case, lines: &[String], text: &str) {
    let place = format!("{}\n{text}\n", case.place);
    let found = parse(text).and_then(|query| rows_of(&query, lines).map(|rows| (query, rows)));
    match (&case.expected, found) {
        (Expected::Rows(rows), Ok((query, found))) => {
            assert_eq!(&found, rows, "{place}");
            assert_eq!(in_parts(&query, lines).as_ref(), Ok(rows), "in parts: {place}");
            let written = parse(&format(&query)).unwrap();
            assert_eq!(rows_of(&written, lines).as_ref(), Ok(rows), "formatted: {place}");
            let decoded: Vec<_> = lines.iter().map(|line| naive::V::read(line)).collect();
            let plain = naive::run(&query, &decoded).unwrap_or_else(|()| panic!("the plain one fails: {place}"));
            assert!(naive::are_said_by(&plain, rows), "the plain one gives {plain:?}: {place}");
        }
        (Expected::Error { says, blames }, Err(error)) => {
            assert!(error.message.contains(says), "{:?}: {place}", error.message);
            assert_eq!(&text[error.span.clone()], blames, "{:?}: {place}", error.message);
            let Ok(query) = parse(text) else { return };
            assert!(in_parts(&query, lines).is_err(), "in parts: {place}");
            let decoded: Vec<_> = lines.iter().map(|line| naive::V::read(line)).collect();
            assert!(naive::run(&query, &decoded).is_err(), "the plain one: {place}");
        }
        (expected, found) => panic!("{found:?} is not {expected:?}: {place}"),
    }
}

/// Four parts, dealt out in turn.
fn in_parts(query: &Query, lines: &[String]) -> Result<Vec<String>, Error> {
    let parts = Parts::new(query, Limits::default());
    let mut made: Vec<_> = (0..4).map(|_| parts.begin()).collect();
    let share = lines.len().div_ceil(4).max(1);
    for (at, line) in lines.iter().enumerate() {
        let part = if parts.in_commit_order() { at / share } else { at % 4 };
        let added = parts.add(&mut made[part], at as u64, &Envelope::from_line(line.as_bytes()).unwrap());
        // Whoever gives the rows stops at the limit, before an error that stands behind it: `give` sees to that.
        if added.is_err() && parts.in_commit_order() && query.limit.is_some() {
            break;
        }
        added?;
    }
    let mut rows = Vec::new();
    parts.give(made, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

#[test]
fn every_query_gives_what_the_table_says() {
    for case in table::all() {
        let lines = table::events(&case.events);
        check(&case, &lines, &case.query);
    }
}

#[test]
fn so_it_does_in_the_other_dialect() {
    for case in table::all() {
        // What is wrong with a header is another thing there.
        if parse(&case.query).is_ok() {
            check(&case, &table::events(&case.events), &turned(&case.query));
        }
    }
}

#[test]
fn a_where_is_a_condition() {
    for case in table::all() {
        let Ok(Query { filter: Some(filter), .. }) = parse(&case.query) else { continue };
        let text = crate::gdbql::format::condition(&filter);
        // Conditions call the event `e`.
        let Ok(condition) = parse_condition(&text) else { continue };
        let query = parse(&format!("STREAM e FROM events WHERE {text}")).unwrap();
        let lines = table::events(&case.events);
        let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
        let matching = events.map(|event| Ok(condition.matches(&event)?.then(|| event.json.text().to_owned())));
        let matching: Result<Vec<_>, Error> = matching.filter_map(Result::transpose).collect();
        let rows = rows_of(&query, &lines);
        assert_eq!(matching.ok(), rows.ok(), "{}", case.place);
    }
}
