//! Events that a query reads by itself, in one pass, against events that are read field by field: however a line is
//! written, the result is the same.

use super::generate::{careless, queries, sensible};
use super::naive;
use crate::gdbql::{Error, Limits, Parts, Query};
use crate::model::event::Envelope;
use crate::model::json::Json;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::ops::ControlFlow;

/// JSON in all its notations: escaped keys, keys that stand twice, white space, numbers of every form.
fn payload() -> BoxedStrategy<String> {
    let leaf = select(vec![
        "0",
        "1",
        "-1",
        "0.5",
        "1.50",
        "-0.0",
        "1e2",
        "1E-2",
        "25e-1",
        "9007199254740993",
        "0.1",
        "123456789.987654321",
        "9007199254740992.5",
        "1e308",
        "null",
        "true",
        "false",
        "\"\"",
        "\"a\"",
        "\"\\u0061\"",
        "\"a\\\"b\\\\\"",
        "\"},]{[\"",
        "\"ä😀\"",
        "\"\\ud83d\\ude00\"",
        "\"2024-01-02\"",
        "{}",
        "[]",
    ]);
    let key = select(vec![
        "\"a\"",
        "\"a\"",
        "\"b\"",
        "\"n\"",
        "\"\\u0061\"",
        "\"\\u006E\"",
        "\"ü\"",
        "\"\\u00fc\"",
        "\"\"",
        "\"a\\\"\"",
    ]);
    let space = select(vec!["", "", "", "", " ", "\t \r"]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 24, 5, move |inner| {
            let member = (key.clone(), space.clone(), inner.clone())
                .prop_map(|(key, space, value)| format!("{space}{key}{space}:{space}{value}{space}"));
            prop_oneof![
                4 => vec(member, 0..7).prop_map(|members| format!("{{{}}}", members.join(","))),
                1 => vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            ]
        })
        .boxed()
}

/// The line of an event, mostly in the layout that GenesisDB writes, else in one that it does not.
fn line() -> impl Strategy<Value = String> {
    let subject = select(vec!["/a", "/a/b", "/ab", "\\/a", "/\\u0061", "/ä"]);
    let time = select(vec!["2024-01-02T00:00:00Z", "2024-01-02T01:00:00+01:00", "2024-01-02", "never"]);
    (subject, select(vec!["a", "b", "\\u0061"]), time, payload(), payload(), 0u8..10).prop_map(
        |(subject, kind, time, data, other, layout)| {
            let head = format!(r#""source":"s","subject":"{subject}","type":"{kind}""#);
            let rest = format!(r#""specversion":"1.0","id":"i","time":"{time}","datacontenttype":"application/json","predecessorhash":"00""#);
            match layout {
                0 => format!(r#"{{"data":{data},{rest},{head},"hash":"ff"}}"#),
                1 => format!(r#" {{ {head} , {rest}, "data": {data}, "hash":"ff" }} "#),
                2 => format!(r#"{{{head},{rest},"data":{data},"hash":"ff","data":{other}}}"#),
                3 => format!(r#"{{{head},{rest},"d\u0061ta":{data},"hash":"ff"}}"#),
                4 => format!(r#"{{{head},"id":"i","extra":{data}}}"#),
                5 => format!(r#"{{{head},{rest},"data":{data},"hash":{other}}}"#),
                _ => format!(r#"{{{head},{rest},"data":{data},"hash":"ff"}}"#),
            }
        },
    )
}

/// The rows of a query whose events are added one by one, and where and why it failed.
fn outcome(
    query: &Query,
    lines: &[String],
    mut add: impl FnMut(&Parts, &mut crate::gdbql::Part, u64, &str) -> Result<(), Error>,
) -> Result<Vec<String>, (u64, Error)> {
    let parts = Parts::new(query, Limits::default());
    let mut part = parts.begin();
    for (at, line) in (0..).zip(lines) {
        add(&parts, &mut part, at, line).map_err(|error| (at, error))?;
    }
    let mut rows = Vec::new();
    let given = parts.give([part], &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    given.map(|()| rows).map_err(|error| (u64::MAX, error))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn a_line_that_is_read_in_one_pass_is_what_its_fields_are(
        query in prop_oneof![1 => queries(careless), 3 => queries(sensible)],
        lines in vec(line(), 0..8),
    ) {
        let found = outcome(&query, &lines, |parts, part, at, line| {
            assert!(parts.read(part, at, line.as_bytes())?, "{line}");
            Ok(())
        });
        let slowly = outcome(&query, &lines, |parts, part, at, line| {
            parts.add(part, at, &Envelope::from_json(Json::parse(line).unwrap()).unwrap())
        });
        prop_assert_eq!(&found, &slowly, "{}\n{}", query, lines.join("\n"));
        let decoded: Vec<_> = lines.iter().map(|line| naive::V::read(line)).collect();
        let plain = naive::run(&query, &decoded);
        let agree = match (&found, &plain) {
            (Ok(rows), Ok(plain)) => naive::are_said_by(plain, rows),
            (Err(_), Err(())) => true,
            // What a LIMIT cuts off may have been looked at.
            (Err(_), Ok(_)) => query.limit.is_some(),
            (Ok(_), Err(())) => false,
        };
        prop_assert!(agree, "{}\n{:?}\n{:?}\n{}", query, found, plain, lines.join("\n"));
    }
}
