//! What holds for every text, every tree and every event.

use super::generate::{any_leaf, anything, careless, event, exprs, known_leaf, queries, sensible, soup};
use super::{naive, rows_of};
use crate::gdbql::{Error, Limits, Parts, format, format_text, parse, parse_condition, statements, tokens};
use crate::gdbql::{TokenKind, lex};
use crate::model::event::Envelope;
use proptest::collection::vec;
use proptest::prelude::*;

/// An error points into the text, between characters.
fn points_into(error: &Error, text: &str) -> bool {
    error.span.start <= error.span.end && text.get(error.span.clone()).is_some() && !error.message.is_empty()
}

fn comments(text: &str) -> Vec<String> {
    let mut comments: Vec<String> = lex::pieces(text)
        .filter(|piece| piece.shape == lex::Shape::Comment)
        .map(|piece| text[piece.span].trim_end().to_owned())
        .collect();
    comments.sort();
    comments
}

/// What holds for any text whatever.
fn check_text(text: &str, lines: &[String]) -> Result<(), TestCaseError> {
    let mut at = 0;
    for token in tokens(text) {
        prop_assert_eq!(token.span.start, at);
        prop_assert!(token.span.end > at && text.get(token.span.clone()).is_some());
        at = token.span.end;
    }
    prop_assert_eq!(at, text.len());
    for range in statements(text) {
        prop_assert!(!text[range].trim().is_empty());
    }
    match parse(text) {
        Ok(query) => {
            if let Err(error) = rows_of(&query, lines) {
                prop_assert!(points_into(&error, text), "{:?}", error);
            }
            prop_assert!(tokens(text).iter().all(|token| token.kind != TokenKind::Unknown), "{}", text);
        }
        Err(error) => prop_assert!(points_into(&error, text), "{:?}", error),
    }
    if let Err(error) = parse_condition(text) {
        prop_assert!(points_into(&error, text), "{:?}", error);
    }
    match format_text(text) {
        Ok(formatted) => {
            prop_assert_eq!(comments(text), comments(&formatted));
            prop_assert_eq!(format_text(&formatted), Ok(formatted));
        }
        Err(error) => prop_assert!(points_into(&error, text), "{:?}", error),
    }
    Ok(())
}

/// A query's text with a comment behind some of its words.
fn commented(text: &str, places: &[bool]) -> String {
    let mut places = places.iter().cycle();
    let mut out = String::from("-- first\n");
    for piece in lex::pieces(text) {
        out.push_str(&text[piece.span]);
        if piece.shape == lex::Shape::Space && *places.next().unwrap() {
            out.push_str("// why\n");
        }
    }
    out + " -- last"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_borne(text in prop_oneof![".*", "\\PC*"], lines in vec(event(), 0..3)) {
        check_text(&text, &lines)?;
    }

    #[test]
    fn any_words_are_borne(text in soup(), lines in vec(event(), 0..3)) {
        check_text(&text, &lines)?;
    }

    #[test]
    fn a_slip_in_a_query_is_borne(query in queries(sensible), at in any::<prop::sample::Index>(), put in ".?") {
        let mut text = query.to_string();
        let places: Vec<_> = text.char_indices().map(|(at, c)| at..at + c.len_utf8()).collect();
        text.replace_range(places[at.index(places.len())].clone(), &put);
        check_text(&text, &[])?;
    }

    #[test]
    fn what_is_formatted_reads_the_same(query in queries(anything)) {
        let text = format(&query);
        let read = parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&query), "{}", text);
        prop_assert_eq!(format(&query), text);
    }

    #[test]
    fn conditions_are_formatted_too(expr in exprs(any_leaf(), false)) {
        let text = crate::gdbql::format::condition(&expr);
        prop_assert_eq!(parse_condition(&text).map(|read| read.expr().clone()), Ok(expr), "{}", text);
    }

    #[test]
    fn comments_survive_formatting(query in queries(sensible), places in vec(any::<bool>(), 1..20)) {
        let text = commented(&query.to_string(), &places);
        check_text(&text, &[])?;
        let formatted = format_text(&text);
        prop_assert_eq!(formatted.and_then(|text| parse(&text)), Ok(query), "{}", text);
    }

    #[test]
    fn rows_are_json_and_errors_point_into_the_query(query in queries(anything), lines in vec(event(), 0..6)) {
        let text = query.to_string();
        match rows_of(&parse(&text).unwrap(), &lines) {
            Ok(rows) => for row in rows {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&row).is_ok(), "{}", row);
            },
            Err(error) => prop_assert!(points_into(&error, &text)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn both_evaluators_agree(query in prop_oneof![1 => queries(careless), 3 => queries(sensible)], lines in vec(event(), 0..12)) {
        let decoded: Vec<_> = lines.iter().map(|line| naive::V::read(line)).collect();
        let plain = naive::run(&query, &decoded);
        let found = rows_of(&query, &lines);
        let agree = match (&found, &plain) {
            (Ok(rows), Ok(plain)) => naive::are_said_by(plain, rows),
            (Err(_), Err(())) => true,
            _ => false,
        };
        prop_assert!(agree, "{}\n{:?}\n{:?}", query, found, plain);
    }

    /// However the events are dealt out to parts, the result is that of one run.
    #[test]
    fn parts_make_the_whole(query in queries(sensible), dealt in vec((event(), 0usize..3), 0..16)) {
        let lines: Vec<String> = dealt.iter().map(|(line, _)| line.clone()).collect();
        let whole = rows_of(&query, &lines);
        let parts = Parts::new(&query, Limits::default());
        // Rows in commit order are given part by part, so their parts are neighbours.
        let part_of = |at: usize| if parts.in_commit_order() { at / 4 } else { dealt[at].1 };
        let mut made: Vec<_> = (0..4).map(|_| parts.begin()).collect();
        let added = lines.iter().enumerate().try_for_each(|(at, line)| {
            parts.add(&mut made[part_of(at)], at as u64, &Envelope::from_line(line.as_bytes()).unwrap())
        });
        let mut rows = Vec::new();
        let given = added.and_then(|()| parts.give(made, &mut |row| {
            rows.push(row);
            std::ops::ControlFlow::Continue(())
        }));
        match whole {
            Ok(whole) if given.is_ok() => prop_assert_eq!(rows, whole, "{}", query),
            // An event behind the last row of a LIMIT may be looked at by another part.
            Ok(_) => prop_assert!(query.limit.is_some(), "{}: {:?}", query, given),
            Err(error) => prop_assert!(given.is_err(), "{}: {}", query, error),
        }
    }

    /// An event that the cut leaves out does not pass the WHERE.
    #[test]
    fn a_cut_leaves_out_only_what_does_not_pass(query in queries(sensible), lines in vec(event(), 0..12)) {
        let cut = query.cut();
        let kept: Vec<String> = lines.iter().filter(|line| {
            let event = Envelope::from_line(line.as_bytes()).unwrap();
            let time = event.time.as_deref().and_then(crate::model::time::parse);
            cut.keeps_type(&event.kind) && cut.keeps_subject(&event.subject) && cut.keeps_time(time)
        }).cloned().collect();
        let only = |query: &crate::gdbql::Query| crate::gdbql::Query { filter: query.filter.clone(), ..parse("STREAM e FROM events").unwrap() };
        prop_assert_eq!(rows_of(&only(&query), &kept), rows_of(&only(&query), &lines), "{}", query);
    }

    /// What is passed over because of what does not stand there would have been judged, and not have met the condition.
    #[test]
    fn without_what_it_needs_a_condition_does_not_hold(
        expr in prop_oneof![exprs(known_leaf(), false), sensible(false).0],
        line in event(),
    ) {
        let condition = parse_condition(&crate::gdbql::format::condition(&expr)).unwrap();
        if let Some(hint) = condition.hint() {
            let matches = condition.matches(&Envelope::from_line(line.as_bytes()).unwrap());
            let possible = hint.places(line.as_bytes()).find_at(0).is_some();
            prop_assert!(possible || matches == Ok(false), "{} needs {:?}", condition, hint);
        }
    }

    #[test]
    fn a_condition_is_a_where(expr in exprs(known_leaf(), false), line in event()) {
        let condition = parse_condition(&crate::gdbql::format::condition(&expr)).unwrap();
        let query = parse(&format!("STREAM e FROM events WHERE {condition}")).unwrap();
        let event = Envelope::from_line(line.as_bytes()).unwrap();
        let matches = condition.matches(&event).map_err(|error| error.message);
        let rows = rows_of(&query, &[line]).map(|rows| rows.len() == 1).map_err(|error| error.message);
        prop_assert_eq!(matches, rows);
    }
}
