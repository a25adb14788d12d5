//! What queries mean, rule by rule.

use super::{rows, rows_of, store};
use crate::gdbql::{Error, Limits, holds, parse, run};
use crate::model::event::Envelope;
use std::ops::ControlFlow;

/// The value of an expression over one event with these data.
fn value(expr: &str, data: &str) -> String {
    let mut rows = rows(&format!("STREAM e FROM events MAP {expr}"), &store(&[("/a/b", "t", data)]));
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[track_caller]
fn all_true(data: &str, exprs: &[&str]) {
    for expr in exprs {
        assert_eq!(value(expr, data), "true", "{expr} over {data}");
    }
}

/// Running `text`, with its wrong part between ⟦ and ⟧, fails there and the message has all of `says`.
#[track_caller]
fn fails(text: &str, lines: &[String], says: &[&str]) {
    let (before, rest) = text.split_once('⟦').unwrap();
    let (wrong, after) = rest.split_once('⟧').unwrap();
    let query = parse(&format!("{before}{wrong}{after}")).unwrap();
    let Error { message, span, .. } = rows_of(&query, lines).expect_err(text);
    assert_eq!(span, before.len()..before.len() + wrong.len(), "{text}: {message}");
    for part in says {
        assert!(message.contains(part), "{text}: {message:?} lacks {part:?}");
    }
}

#[test]
fn every_field_can_be_reached() {
    let line = r#"{"id":"i","source":"s","subject":"/a","type":"t","time":"2024-01-01T00:00:00Z","specversion":"1.0","datacontenttype":"application/json","predecessorhash":"p","hash":"h","data":{"a":{"b":[1,{"c":2}]},"o-o":3},"extra":{"x":9}}"#;
    let text = "STREAM e FROM events MAP [e.id, e.source, e.subject, e.type, e.time, e.specversion, e.datacontenttype, \
                e.predecessorhash, e.hash, e.data.a.b[0], e.data.a.b[1].c, e.data['o-o'], e.extra.x, e.data.no.way, e.id.x, e.data.a.b[7]]";
    let expected =
        r#"["i","s","/a","t","2024-01-01T00:00:00Z","1.0","application/json","p","h",1,2,3,9,null,null,null]"#;
    assert_eq!(rows(text, &[line.to_owned()]), [expected]);
    assert_eq!(rows("STREAM e FROM events MAP { all: e }", &[line.to_owned()]), [format!(r#"{{"all":{line}}}"#)]);
    assert_eq!(rows("STREAM e FROM events", &[line.to_owned()]), [line]);
}

#[test]
fn what_is_mapped_goes_out_as_it_was_sent() {
    let data = r#"{"n":1.500e+2,"big":123456789012345678901234567890,"o":{"z":1, "a":2},"s":"\u00e9\/"}"#;
    assert_eq!(value("e.data", data), data);
    assert_eq!(
        value("{ n: e.data.n, big: [e.data.big] }", data),
        r#"{"n":1.500e+2,"big":[123456789012345678901234567890]}"#
    );
    assert_eq!(value("e.data.o", data), r#"{"z":1, "a":2}"#);
    assert_eq!(value("e.data.s", data), r#""é/""#);
}

#[test]
fn null_equals_itself_and_nothing_is_less_or_more() {
    all_true(
        "null",
        &[
            "e.data == null",
            "e.data.x == null",
            "NOT e.data != null",
            "e.type != null",
            "e.data.x != 5",
            "NOT e.data.x < 5",
            "NOT e.data.x > 5",
            "NOT e.data.x <= null",
            "NOT e.data.x BETWEEN 1 AND 2",
            "NOT e.data.x UNDER '/'",
            "NOT e.data.x IN (1, 2)",
            "e.data.x IN (1, null)",
            "NOT e.data.x IN e.data.y",
            "NOT e.data.x",
            "e.data.x + 1 == null",
            "'a' + e.data.x == null",
            "-e.data.x == null",
        ],
    );
}

#[test]
fn values_of_different_types_are_unequal_and_unordered() {
    all_true(
        r#"{"n":1,"s":"1","t":true,"l":[1,{"a":1.0,"b":[]}],"m":[1.0,{"b":[],"a":1}],"o":{"l":1}}"#,
        &[
            "e.data.n != e.data.s",
            "NOT e.data.n < e.data.s",
            "NOT e.data.n >= e.data.s",
            "e.data.t != 1",
            "false < true",
            "e.data.l == e.data.m",
            "e.data.l == [1, { b: [], a: 1e0 }]",
            "{ l: 1 } == e.data.o",
            "NOT e.data.l <= e.data.m",
            "e.data.l != e.data.o",
            "1 IN e.data.l",
            "NOT '1' IN e.data.l",
        ],
    );
}

#[test]
fn numbers_compare_exactly() {
    all_true(
        r#"{"big":9007199254740993,"huge":123456789012345678901234567890,"one":1.0,"e":10e-1,"far":1e999,"frac":0.1}"#,
        &[
            "e.data.one == 1",
            "e.data.e == e.data.one",
            "e.data.big == 9007199254740993",
            "e.data.big != 9007199254740992",
            "e.data.big > 9007199254740992",
            "e.data.big < 9007199254740993.5",
            "e.data.big == 9007199254740993.0",
            "e.data.huge == 123456789012345678901234567890",
            "e.data.huge < 123456789012345678901234567891",
            "e.data.huge - 1 == 123456789012345678901234567889",
            "e.data.far > e.data.huge",
            "e.data.frac == 1e-1",
            "1e30 == 1000000000000000000000000000000",
            "-0 == 0",
            "0.5 BETWEEN 0.5 AND 0.5",
        ],
    );
}

#[test]
fn arithmetic_stays_whole_while_it_can() {
    for (expr, result) in [
        ("1 + 2 * 3 - 4", "3"),
        ("10 / 4", "2.5"),
        ("10 / 5", "2"),
        ("1 / 3", "0.3333333333333333"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("2.5 + 2.5", "5"),
        ("7 % 3", "1"),
        ("-7 % 3", "-1"),
        ("7.5 % 2", "1.5"),
        ("9007199254740993 + 1", "9007199254740994"),
        ("9223372036854775807 * 2", "18446744073709551614"),
        ("170141183460469231731687303715884105727 + 1", "1.7014118346046923e38"),
        ("1e300 * 10", "1e301"),
        ("1.5e-7 * 1", "1.5e-7"),
        ("- (2 - 5)", "3"),
        ("0 - 0.0", "0"),
    ] {
        assert_eq!(value(expr, "1"), result, "{expr}");
    }
}

#[test]
fn plus_joins_strings() {
    for (expr, result) in [
        ("'a' + 'ä'", r#""aä""#),
        ("'n' + e.data.n", r#""n1.50""#),
        ("1 + 2 + 'x' + 1 + 2", r#""3x12""#),
        ("'is ' + true", r#""is true""#),
        ("e.type + '/' + e.id", r#""t/id-0""#),
    ] {
        assert_eq!(value(expr, r#"{"n":1.50}"#), result, "{expr}");
    }
}

#[test]
fn the_time_is_an_instant() {
    // The event's time is 2024-01-01T00:00:00.5Z.
    all_true(
        r#"{"at":"2024-01-01T01:00:00.5+01:00","text":"2024-01-01"}"#,
        &[
            "e.time > '2024-01-01T00:00:00Z'",
            "e.time >= '2024-01-01'",
            "'2024-01-02' > e.time",
            "e.time == '2024-01-01T01:00:00.500+01:00'",
            "e.time == e.data.at",
            "e.time IN ('2023-01-01', '2023-12-31T23:00:00.5-01:00')",
            "e.time BETWEEN '2024-01-01' AND '2024-01-02'",
            "e.data.at != '2024-01-01T00:00:00.5Z'",
            "MAX(e.time) == '2024-01-01T00:00:00.500Z'",
            "e.time < 'never'",
        ],
    );
}

#[test]
fn subjects_reach_down() {
    // The event's subject is /a/b.
    all_true(
        "1",
        &[
            "e.subject UNDER '/a'",
            "e.subject UNDER '/a/'",
            "e.subject UNDER '/a/b'",
            "e.subject UNDER '/'",
            "NOT e.subject UNDER '/a/bc'",
            "NOT e.subject UNDER '/a/b/c'",
            "e.subject DESCENDANTS '/a'",
            "e.subject DESCENDANTS '/'",
            "NOT e.subject DESCENDANTS '/a/b'",
        ],
    );
}

#[test]
fn long_lists_are_searched_alike() {
    let data = r#"{"n":7.0,"s":"x7","no":"x70","t":"2024-01-01","o":{"a":1}}"#;
    let numbers = (0..50).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    let texts = (0..50).map(|n| format!("'x{n}'")).collect::<Vec<_>>().join(", ");
    let days = (1..29).map(|n| format!("'2024-02-{n:02}'")).collect::<Vec<_>>().join(", ");
    all_true(
        data,
        &[
            &format!("e.data.n IN ({numbers})"),
            &format!("NOT e.data.s IN ({numbers})"),
            &format!("e.data.s IN ({texts})"),
            &format!("NOT e.data.no IN ({texts})"),
            &format!("NOT e.data.gone IN ({texts})"),
            &format!("e.data.gone IN ({texts}, null)"),
            &format!("e.data.o IN ({texts}, {{ a: 1 }})"),
            &format!("e.time IN ({days}, '2024-01-01T01:00:00.5+01:00')"),
            &format!("MAX(e.time) IN ({days}, '2024-01-01T01:00:00.5+01:00')"),
            &format!("e.time IN ({days}, [], e.time)"),
        ],
    );
}

#[test]
fn aggregates_over_nothing_make_one_row() {
    let text = "STREAM e FROM events WHERE false MAP [COUNT(), COUNT(e.id), SUM(e.data), AVG(e.data), MIN(e.data), MAX(e.data), e.id]";
    assert_eq!(rows(text, &[]), ["[0,0,0,null,null,null,null]"]);
    assert_eq!(rows("STREAM e FROM events GROUP BY e.type MAP COUNT()", &[]), [""; 0]);
    assert_eq!(rows("STREAM e FROM events HAVING COUNT() > 0 MAP COUNT()", &[]), [""; 0]);
    assert_eq!(rows("STREAM e FROM events MAP COUNT() LIMIT 0", &[]), [""; 0]);
}

#[test]
fn aggregates_pass_over_null() {
    let lines = store(&[("/a", "t", "3"), ("/a", "t", "null"), ("/a", "t", "1.50"), ("/a", "t", "1.5")]);
    let text = "STREAM e FROM events MAP [COUNT(), COUNT(e.data), SUM(e.data), AVG(e.data), MIN(e.data), MAX(e.data), MIN(e.id), e.id]";
    assert_eq!(rows(text, &lines), [r#"[4,3,6,2,1.50,3,"id-0","id-0"]"#]);
}

#[test]
fn groups_come_in_order_of_appearance() {
    let lines = store(&[
        ("/b", "t", r#"{"k":1,"v":10}"#),
        ("/a", "t", r#"{"k":"1","v":5}"#),
        ("/c", "t", r#"{"k":1.0,"v":20}"#),
        ("/d", "t", r#"{"v":7}"#),
        ("/e", "t", r#"{"k":null,"v":8}"#),
        ("/f", "t", r#"{"k":{"x":1,"y":[2]},"v":1}"#),
        ("/g", "t", r#"{"k":{"y":[2.0],"x":1},"v":1}"#),
    ]);
    let text = "STREAM e FROM events GROUP BY e.data.k MAP [e.subject, COUNT(), SUM(e.data.v)]";
    assert_eq!(rows(text, &lines), [r#"["/b",2,30]"#, r#"["/a",1,5]"#, r#"["/d",2,15]"#, r#"["/f",2,2]"#]);
    let text =
        "STREAM e FROM events GROUP BY e.data.k HAVING COUNT() > 1 ORDER BY SUM(e.data.v) DESC LIMIT 2 MAP e.subject";
    assert_eq!(rows(text, &lines), [r#""/b""#, r#""/d""#]);
    let text = "STREAM e FROM events GROUP BY e.data.k, e.subject LIMIT 1";
    assert_eq!(rows(text, &lines), [lines[0].clone()]);
    // Keys one behind the other are not mixed up.
    let lines = store(&[("/a", "t", r#"["a","bc"]"#), ("/a", "t", r#"["ab","c"]"#)]);
    assert_eq!(rows("STREAM e FROM events GROUP BY e.data[0], e.data[1] MAP COUNT()", &lines), ["1", "1"]);
}

#[test]
fn order_is_stable_and_null_comes_last() {
    let data = ["2", "null", "1", r#""b""#, "2.0", "true", r#""a""#, "[]", "{}", "1"];
    let lines = store(&data.map(|data| ("/a", "t", data)));
    let ids = |query: &str| rows(query, &lines).join(" ").replace("\"id-", "").replace('"', "");
    assert_eq!(ids("STREAM e FROM events ORDER BY e.data MAP e.id"), "5 2 9 0 4 6 3 7 8 1");
    assert_eq!(ids("STREAM e FROM events ORDER BY e.data DESC MAP e.id"), "8 7 3 6 0 4 2 9 5 1");
    assert_eq!(ids("STREAM e FROM events ORDER BY e.data LIMIT 4 MAP e.id"), "5 2 9 0");
    assert_eq!(ids("STREAM e FROM events ORDER BY e.type, e.time DESC TOP 2 PROJECT INTO e.id"), "9 8");
}

#[test]
fn a_limit_reads_no_further() {
    let lines = store(&[("/a", "t", "1"); 10]);
    for (text, read) in [
        ("STREAM e FROM events WHERE e.id != 'id-0' LIMIT 2", 3),
        ("STREAM e FROM events LIMIT 0", 0),
        ("STREAM e FROM events ORDER BY e.id LIMIT 2", 10),
    ] {
        let mut count = 0;
        let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap()).inspect(|_| count += 1);
        run(&parse(text).unwrap(), events, &Limits::default(), &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(count, read, "{text}");
    }
    let mut count = 0;
    let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap()).inspect(|_| count += 1);
    run(&parse("STREAM e FROM events").unwrap(), events, &Limits::default(), &mut |_| ControlFlow::Break(())).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn limits_are_kept() {
    let lines = store(&[("/a", "t", "1"); 10]);
    let limits = Limits { groups: 3, rows: 3, ..Limits::default() };
    let go = |text: &str| {
        let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
        run(&parse(text).unwrap(), events, &limits, &mut |_| ControlFlow::Continue(()))
    };
    assert_eq!(go("STREAM e FROM events ORDER BY e.id").unwrap_err().span, 30..34);
    assert_eq!(go("STREAM e FROM events GROUP BY e.id").unwrap_err().span, 30..34);
    assert_eq!(go("STREAM e FROM events ORDER BY e.id LIMIT 3"), Ok(()));
    assert_eq!(go("STREAM e FROM events GROUP BY e.type"), Ok(()));
    assert_eq!(go("STREAM e FROM events"), Ok(()));
}

#[test]
fn what_is_too_large_is_told_from_what_is_wrong() {
    let refused = |text: &str| parse(text).unwrap_err();
    assert!(refused(&format!("STREAM e FROM events MAP {}", "(".repeat(200))).is_limit);
    let long = refused(&format!("STREAM e FROM events MAP '{}'", "x".repeat(Limits::TEXT)));
    assert!(long.is_limit && long.message.contains("longer than 4 MiB"));
    assert!(!refused("STREAM e FROM events MAP (").is_limit);
    // Eight copies of three MiB are more than a string may have; five are not.
    let lines = store(&[("/a", "t", &format!("\"{}\"", "x".repeat(3 << 20)))]);
    let joined =
        |copies: usize| parse(&format!("STREAM e FROM events MAP COUNT({})", vec!["e.data"; copies].join(" + ")));
    assert_eq!(rows_of(&joined(5).unwrap(), &lines), Ok(vec!["1".to_owned()]));
    let error = rows_of(&joined(8).unwrap(), &lines).unwrap_err();
    assert!(error.is_limit && error.message.contains("more than 16 MiB"), "{error}");
    // A long chain is joined once, not once for each of its terms.
    let chain = vec!["'ab'"; 100_000].join(" + ");
    assert_eq!(rows(&format!("STREAM e FROM events MAP {chain}"), &lines)[0].len(), 200_002);
}

#[test]
fn what_cannot_be_worked_out_is_an_error_with_its_place() {
    let lines = store(&[("/a", "t", r#"{"n":4,"zero":0,"s":"ä","l":[1],"far":1e999}"#)]);
    for (text, says) in [
        ("STREAM e FROM events MAP 1 + e.data.n / ⟦e.data.zero⟧", "division by zero"),
        ("STREAM e FROM events MAP 'ä' + 1 % ⟦0.0⟧", "division by zero"),
        ("STREAM e FROM events MAP SUM(⟦e.data.s⟧)", r#"adds up numbers, found the string "ä""#),
        ("STREAM e FROM events MAP AVG(⟦e.data.l⟧)", "the list [1]"),
        ("STREAM e FROM events MAP MIN(⟦e.data⟧)", "found the object"),
        ("STREAM e FROM events MAP ⟦e.data.s⟧ * 2", "`*` needs a number"),
        ("STREAM e FROM events MAP -⟦e.data.s⟧", "needs a number"),
        ("STREAM e FROM events MAP 'x' + ⟦e.data.l⟧", "cannot join the list"),
        ("STREAM e FROM events WHERE ⟦e.data.n⟧ AND true", "expected true or false, found the number 4"),
        ("STREAM e FROM events WHERE NOT ⟦e.data.s⟧", "expected true or false"),
        ("STREAM e FROM events WHERE 1 IN ⟦e.data.n⟧", "IN looks through a list"),
        ("STREAM e FROM events MAP ⟦e.data.far + 1⟧", "too large"),
        ("STREAM e FROM events MAP 1 - ⟦1e308 * 10⟧", "too large"),
        ("STREAM e FROM events MAP ⟦-e.data.far⟧", "too large"),
        ("STREAM e FROM events MAP ⟦SUM(e.data.far)⟧", "too large"),
    ] {
        fails(text, &lines, &[says]);
    }
    let mixed = store(&[("/a", "t", "1"), ("/a", "t", r#""x""#)]);
    fails("STREAM e FROM events MAP MAX(⟦e.data⟧)", &mixed, &["cannot order", "(event id-1)"]);
    fails("STREAM e FROM events ORDER BY 1 / (2 - ⟦e.data⟧)", &mixed, &["needs a number", "(event id-1)"]);
}

#[test]
fn a_precondition_needs_a_row_and_only_true_ones() {
    let lines = store(&[("/a", "t", "true"), ("/b", "t", "1"), ("/c", "t", "true")]);
    let holds = |text: &str| {
        let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
        holds(&parse(text).unwrap(), events, &Limits::default())
    };
    assert_eq!(holds("STREAM e FROM events MAP COUNT() == 3"), Ok(true));
    assert_eq!(holds("STREAM e FROM events MAP e.data"), Ok(false));
    assert_eq!(holds("STREAM e FROM events WHERE e.data == true MAP e.data"), Ok(true));
    assert_eq!(holds("STREAM e FROM events WHERE false MAP true"), Ok(false));
    assert_eq!(holds("STREAM e FROM events MAP 'true'"), Ok(false));
    assert_eq!(holds("STREAM e FROM events"), Ok(false));
    assert!(holds("STREAM e FROM events MAP 1 / 0").is_err());
}

#[test]
fn a_condition_names_what_it_needs() {
    for (condition, needs) in [
        ("e.data.total > 100", Some(vec!["\"total\""])),
        ("e.data.address.city == 'Berlin'", Some(vec!["\"Berlin\""])),
        ("e.data.total > 100 AND e.type == 'order-placed'", Some(vec![r#""order\-placed""#])),
        ("e.data.total > 100 OR e.data.price > 100", Some(vec!["\"total\"", "\"price\""])),
        ("e.data.total > 100 OR NOT e.data.open", None),
        ("e.data.a IN ['x', 'y']", Some(vec!["\"x\"", "\"y\""])),
        ("e.subject UNDER '/customer/42/'", Some(vec!["\"/customer/42"])),
        ("e.data.n BETWEEN 1 AND 2", Some(vec!["\"n\""])),
        ("e.data.open", Some(vec!["\"open\""])),
        ("e.data.until != null", Some(vec!["\"until\""])),
        // These hold without anything.
        ("e.data.x == null", None),
        ("e.data.x != 5", None),
        ("e.data.x IN [null, 1]", None),
        ("e.time > '2024-01-01'", None),
        // Whether it can be judged is known only where it is tried.
        ("e.data.a + 1 > e.data.b", None),
        ("e.data.a + 1 > 2 AND e.data.b > 1", None),
        ("e.data.b > 1 AND e.data.a + 1 > 2", Some(vec!["\"b\""])),
    ] {
        let read = crate::gdbql::parse_condition(condition).unwrap();
        let texts = read.hint().map(|hint| hint.texts().as_str());
        assert_eq!(texts, needs.map(|texts| texts.join("|")).as_deref(), "{condition}");
    }
}

#[test]
fn places_are_found_in_order_and_a_backslash_is_one() {
    let condition = crate::gdbql::parse_condition("e.data.ab > 1").unwrap();
    let text = br#"{"ab":1}  {"a\u0062":2} {"ab":3}"#;
    let mut places = condition.hint().unwrap().places(text);
    let found: Vec<_> = std::iter::successors(places.find_at(0), |last| places.find_at(last.end)).collect();
    assert_eq!(found, [1..5, 13..14, 25..29]);
}
