//! Any text as a query: nothing panics, every place lies in the text, and what is formatted reads the same.

#![no_main]

use gdbx::gdbql::{self, Candidate, Error, Known, Value};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Completion looks at all of a text for each cursor: longer texts would be tried too seldom.
const LONGEST: usize = 512;

fuzz_target!(|text: &str| -> Corpus {
    if text.len() > LONGEST {
        return Corpus::Reject;
    }
    tokens(text);
    reading(text);
    formatting(text);
    completion(text);
    Corpus::Keep
});

fn tokens(text: &str) {
    let mut at = 0;
    for token in gdbql::tokens(text) {
        assert_eq!(token.span.start, at);
        assert!(text.get(token.span.clone()).is_some_and(|piece| !piece.is_empty()));
        at = token.span.end;
    }
    assert_eq!(at, text.len());
    for range in gdbql::statements(text) {
        assert!(!text[range].trim().is_empty());
    }
    for offset in 0..=text.len() + 1 {
        let (line, column) = gdbql::line_column(text, offset);
        assert!(line > 0 && column > 0);
    }
}

fn reading(text: &str) {
    match gdbql::parse(text) {
        Err(error) => points_into(&error, text),
        Ok(query) => {
            let written = gdbql::format(&query);
            assert_eq!(gdbql::parse(&written).as_ref(), Ok(&query), "{written}");
            assert_eq!(query.cut(), gdbql::parse(&written).unwrap_or(query.clone()).cut());
        }
    }
    match gdbql::parse_condition(text) {
        Err(error) => points_into(&error, text),
        Ok(condition) => {
            let written = condition.to_string();
            assert_eq!(gdbql::parse_condition(&written).as_ref(), Ok(&condition), "{written}");
        }
    }
}

fn formatting(text: &str) {
    match gdbql::format_text(text) {
        Ok(formatted) => assert_eq!(gdbql::format_text(&formatted).as_ref(), Ok(&formatted)),
        Err(error) => points_into(&error, text),
    }
}

/// Names that need quotes and fields that need brackets.
struct Shop;

fn candidates(names: &[&str]) -> Vec<Candidate> {
    names.iter().map(|name| Candidate { text: (*name).into(), what: String::new() }).collect()
}

impl Known for Shop {
    fn types(&self) -> Vec<Candidate> {
        candidates(&["io.shop.order-placed", "ä'\"\\"])
    }

    fn subjects(&self, typed: &str) -> Vec<Candidate> {
        candidates(if typed.starts_with("/order") { &["/order/1", "/order/ü'"] } else { &["/order"] })
    }

    fn fields(&self, _types: &[String], path: &[String]) -> Vec<Candidate> {
        candidates(if path.is_empty() { &["a", "b c"] } else { &["d\"e"] })
    }

    fn values(&self, _types: &[String], _path: &[String]) -> Vec<Value> {
        [("it's \\", true), ("7", false)]
            .map(|(text, is_text)| Value { text: text.into(), is_text, what: String::new() })
            .into()
    }
}

fn completion(text: &str) {
    for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
        if let Some(found) = gdbql::complete(text, offset, &Shop) {
            assert!(found.range.start <= offset && offset <= found.range.end);
            assert!(text.get(found.range).is_some() && !found.candidates.is_empty());
        }
    }
}

fn points_into(error: &Error, text: &str) {
    assert!(text.get(error.span.clone()).is_some(), "{error:?}");
    assert!(!error.message.is_empty());
}
