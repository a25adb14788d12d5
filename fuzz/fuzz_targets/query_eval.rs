//! Any query over any events: the evaluator, the plain one that is written from the language's description, and parts
//! that are joined give the same rows.

#![no_main]

mod grammar;
#[path = "../../src/gdbql/tests/naive/mod.rs"]
mod naive;

/// Where the plain evaluator finds the tree.
mod gdbql {
    pub use gdbx::gdbql::ast;
}

use arbitrary::Unstructured;
use gdbx::gdbql::{Error, Limits, Parts, Query, format, parse, run};
use gdbx::model::event::Envelope;
use gdbx::model::time;
use libfuzzer_sys::fuzz_target;
use std::ops::ControlFlow;

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Unstructured::new(bytes);
    let Ok((text, lines)) = grammar::case(&mut choices) else { return };
    let query = parse(&text).unwrap_or_else(|error| panic!("{error} at {:?}: {text}", error.span));
    assert_eq!(parse(&format(&query)).as_ref(), Ok(&query), "{text}");
    let whole = rows(&query, &lines);
    if let Err(error) = &whole {
        assert!(text.get(error.span.clone()).is_some(), "{error:?}: {text}");
    }
    let decoded: Vec<naive::V> = lines.iter().map(|line| naive::V::read(line)).collect();
    let plain = naive::run(&query, &decoded);
    let agree = match (&whole, &plain) {
        (Ok(rows), Ok(plain)) => naive::are_said_by(plain, rows),
        (Err(_), Err(())) => true,
        _ => false,
    };
    assert!(agree, "{text}\n{}\n{whole:?}\n{plain:?}", lines.join("\n"));
    in_parts(&query, &lines, &whole, &text);
    cut(&query, &lines, &text);
});

fn events(lines: &[String]) -> impl Iterator<Item = Envelope<'_>> {
    lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap_or_else(|error| panic!("{error}: {line}")))
}

fn rows(query: &Query, lines: &[String]) -> Result<Vec<String>, Error> {
    let mut rows = Vec::new();
    run(query, events(lines), &Limits::default(), &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// However the events are dealt out and read, the result is that of one run.
fn in_parts(query: &Query, lines: &[String], whole: &Result<Vec<String>, Error>, text: &str) {
    let parts = Parts::new(query, Limits::default());
    let part_of = |at: usize| if parts.in_commit_order() { at * 3 / lines.len().max(1) } else { at * 7 % 3 };
    let mut made: Vec<_> = (0..3).map(|_| parts.begin()).collect();
    let mut found = Vec::new();
    let result = events(lines)
        .enumerate()
        .zip(lines)
        .try_for_each(|((at, event), line)| {
            let (part, place) = (&mut made[part_of(at)], at as u64);
            // Every second one is read by the query itself, in one pass over its line.
            match at % 2 {
                0 => parts.add(part, place, &event),
                _ => parts.read(part, place, line.as_bytes()).map(|is_event| assert!(is_event, "{line}")),
            }
        })
        .and_then(|()| {
            made.rotate_left(usize::from(!parts.in_commit_order()));
            parts.give(made, &mut |row| {
                found.push(row);
                ControlFlow::Continue(())
            })
        });
    match (whole, result) {
        (Ok(whole), Ok(())) => assert_eq!(&found, whole, "{text}"),
        // An event behind the last row of a LIMIT may be looked at by another part.
        (Ok(_), Err(error)) => assert!(query.limit.is_some(), "{error}: {text}"),
        (Err(error), Ok(())) => panic!("{error}: {text}"),
        (Err(_), Err(_)) => {}
    }
}

/// An event that the cut leaves out does not pass the WHERE.
fn cut(query: &Query, lines: &[String], text: &str) {
    let cut = query.cut();
    let kept = |event: &Envelope<'_>| {
        let time = event.time.as_deref().and_then(time::parse);
        cut.keeps_type(&event.kind) && cut.keeps_subject(&event.subject) && cut.keeps_time(time)
    };
    let left: Vec<String> = events(lines).filter(kept).map(|event| event.json.text().to_owned()).collect();
    let only = Query { filter: query.filter.clone(), ..parse("STREAM e FROM events").unwrap_or_else(|_| query.clone()) };
    assert_eq!(rows(&only, &left), rows(&only, lines), "{text}");
}
