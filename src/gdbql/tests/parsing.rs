//! What parses to the same tree, and where and how everything else fails.

use crate::gdbql::ast::{ExprKind, Step};
use crate::gdbql::{Error, format, line_column, parse, parse_condition};

/// The canonical form of a condition.
fn condition(text: &str) -> String {
    parse_condition(text).unwrap_or_else(|e| panic!("{text}: {e} at {:?}", e.span)).to_string()
}

#[track_caller]
fn same(a: &str, b: &str) {
    assert_eq!(parse(a).unwrap(), parse(b).unwrap());
}

/// `text` with the wrong part between ⟦ and ⟧ fails there, and the message has all of `says`.
#[track_caller]
fn fails(text: &str, says: &[&str]) {
    let (before, rest) = text.split_once('⟦').unwrap();
    let (wrong, after) = rest.split_once('⟧').unwrap();
    let Error { message, span, .. } = parse(&format!("{before}{wrong}{after}")).expect_err(text);
    assert_eq!(span, before.len()..before.len() + wrong.len(), "{text}: {message}");
    for part in says {
        assert!(message.contains(part), "{text}: {message:?} lacks {part:?}");
    }
}

#[test]
fn both_dialects_give_one_tree() {
    same(
        "STREAM e FROM events WHERE e.type == 'a' ORDER BY e.time DESC LIMIT 3 MAP e.data",
        "from e in EVENTS where e.type == \"a\" order by e.time desc top 3 project into e.data",
    );
    same("STREAM e FROM events MAP e.id LIMIT 2", "FROM e IN events TOP 2 PROJECT INTO e.id");
    same("STREAM e FROM events ORDER BY e.time ASC", "STREAM e FROM events -- all\nORDER BY e.time // oldest first\n;");
    same("STREAM e FROM events WHERE e.a IN ('x', 1)", "STREAM e FROM events WHERE e.a IN ['x', 1]");
    same("STREAM e FROM events WHERE NOT e.a IN (1)", "STREAM e FROM events WHERE e.a NOT IN (1)");
    same("STREAM e FROM events WHERE NOT e.a BETWEEN 1 AND 2", "STREAM e FROM events WHERE e.a NOT BETWEEN 1 AND 2");
}

#[test]
fn operators_bind_as_documented() {
    for (written, meant) in [
        ("e.a == 1 OR e.b == 2 AND NOT e.c == 3", "(e.a == 1) OR ((e.b == 2) AND (NOT (e.c == 3)))"),
        ("NOT NOT e.a AND e.b", "(NOT (NOT e.a)) AND e.b"),
        ("e.a + 1 * 2 == 3", "(e.a + (1 * 2)) == 3"),
        ("-e.a * 2 < 3 % 2", "((-e.a) * 2) < (3 % 2)"),
        ("e.a BETWEEN 1 AND 2 + 3 AND e.b", "(e.a BETWEEN 1 AND (2 + 3)) AND e.b"),
        ("e.subject UNDER '/a' + '/b'", "e.subject UNDER ('/a' + '/b')"),
        ("e.a IN (1, 2) OR e.b", "(e.a IN (1, 2)) OR e.b"),
    ] {
        assert_eq!(parse_condition(written).unwrap(), parse_condition(meant).unwrap(), "{written}");
    }
    let same_sum =
        super::rows("STREAM e FROM events MAP [1 - 2 - 3, 2 / 4 * 2] LIMIT 1", &super::store(&[("/a", "t", "1")]));
    assert_eq!(same_sum, ["[-4,1]"]);
    assert_eq!(condition("(e.a == 1 OR e.b == 2) AND e.c"), "(e.a == 1 OR e.b == 2) AND e.c");
    assert_eq!(condition("e.a - (1 - 2) == -(-3)"), "e.a - (1 - 2) == -(-3)");
    assert_eq!(condition("((e.a))"), "e.a");
}

#[test]
fn keywords_are_names_behind_a_dot_and_in_objects() {
    let query = parse(
        "STREAM e FROM events MAP { order: e.data.order, map: e.data.limit.by, null: e.data.null, 'a b': e.data['first-name'][0] }",
    );
    let ExprKind::Object(members) = query.unwrap().map.unwrap().kind else { panic!() };
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["order", "map", "null", "a b"]);
    let ExprKind::Path(steps) = &members[3].1.kind else { panic!() };
    assert_eq!(steps[1..], [Step::Key("first-name".into()), Step::Index(0)]);
}

#[test]
fn strings_have_escapes() {
    let query = parse(r#"STREAM e FROM events MAP 'a\'b\"\\\/\n\t\r\b\f\u00e9\ud83d\ude00'"#).unwrap();
    assert_eq!(query.map.unwrap().kind, ExprKind::Text("a'b\"\\/\n\t\r\u{8}\u{c}é😀".into()));
    fails(r"STREAM e FROM events MAP 'é⟦\ü⟧'", &["no escape", "`\\\\`"]);
    fails(r"STREAM e FROM events MAP 'é⟦\u12⟧'", &["four hexadecimal digits"]);
    fails(r"STREAM e FROM events MAP '⟦\ud800⟧x'", &["hexadecimal"]);
}

#[test]
fn the_event_may_have_another_name() {
    same("STREAM event FROM events MAP event.id", "FROM event IN events PROJECT INTO event.id");
    assert_eq!(format(&parse("from x in events map x.id").unwrap()), "STREAM x FROM events\nMAP x.id");
    fails("STREAM x FROM events WHERE ⟦e⟧.type == 'a'", &["unknown name `e`", "called `x` here"]);
}

#[test]
fn slips_of_other_languages_get_a_hint() {
    fails("STREAM e FROM events WHERE e.type ⟦=⟧ 'a'", &["write `==`"]);
    fails("STREAM e FROM events WHERE e.type ⟦===⟧ 'a'", &["write `==`"]);
    fails("STREAM e FROM events WHERE e.type ⟦<>⟧ 'a'", &["write `!=`"]);
    fails("STREAM e FROM events WHERE e.a ⟦&&⟧ e.b", &["write AND"]);
    fails("STREAM e FROM events WHERE e.a ⟦||⟧ e.b", &["write OR"]);
    fails("STREAM e FROM events WHERE ⟦!⟧e.a", &["write NOT"]);
    fails("STREAM e FROM events WHERE e.a == ⟦‘⟧x’", &["straight quotes"]);
    fails("⟦SELECT⟧ * FROM events", &["MAP"]);
    fails("STREAM e FROM events WHERE e.a ⟦IS⟧ NULL", &["== null"]);
    fails("STREAM e FROM events WHERE e.a ⟦LIKE⟧ 'x%'", &["compared"]);
    fails("STREAM e FROM events MAP COUNT(⟦*⟧)", &["`COUNT()`"]);
}

#[test]
fn misspelt_words_get_a_guess() {
    fails("⟦STREM⟧ e FROM events", &["STREAM e FROM events"]);
    fails("STREAM e ⟦FORM⟧ events", &["expected FROM, found `FORM`", "did you mean FROM?"]);
    fails("STREAM e FROM events ⟦WERE⟧ e.a", &["did you mean WHERE?"]);
    fails("STREAM e FROM events ⟦ODER⟧ BY e.a", &["did you mean ORDER BY?"]);
    fails("STREAM e FROM events ORDER ⟦e⟧.a", &["expected BY, found `e`"]);
    fails("STREAM e FROM events MAP ⟦CUONT⟧()", &["unknown function", "did you mean COUNT?"]);
    fails("STREAM e FROM events MAP ⟦UPPER⟧(e.a)", &["unknown function `UPPER`", "COUNT, SUM"]);
    fails("STREAM e FROM events MAP ⟦count⟧", &["parentheses"]);
    fails("STREAM e FROM events WHERE e.data.first-⟦name⟧ == 'x'", &["brackets"]);
    fails("STREAM e FROM events WHERE ⟦type⟧ == 'x'", &["`e.type`"]);
    fails("STREAM e FROM events ORDER BY e.time ⟦DSC⟧", &["did you mean ASC or DESC?"]);
    fails("STREAM e FROM events MAP e.data.⟦0⟧", &["in brackets"]);
    fails("FROM events⟦⟧", &["STREAM e FROM events"]);
    fails("STREAM e FROM events WHERE e.type == ⟦added⟧", &["unknown name `added`", "quotes"]);
}

#[test]
fn says_what_is_missing() {
    fails("⟦⟧", &["expected STREAM e FROM events", "end of the text"]);
    fails("STREAM e⟦⟧", &["expected FROM", "end of the text"]);
    fails("STREAM e ⟦WHERE⟧ e.a", &["expected FROM, found `WHERE`"]);
    fails("STREAM ⟦FROM⟧ events", &["a name for the event"]);
    fails("STREAM e FROM ⟦subjects⟧", &["expected `events`"]);
    fails("STREAM e FROM events WHERE⟦⟧", &["expected a value"]);
    fails("STREAM e FROM events WHERE ⟦LIMIT⟧ 3", &["expected a value, found `LIMIT`"]);
    fails("STREAM e FROM events WHERE e.a == ⟦'x⟧", &["not closed"]);
}

#[test]
fn says_what_is_missing_inside_expressions() {
    fails("STREAM e FROM events WHERE e.a == ⟦'x⟧\nMAP e", &["not closed"]);
    fails("STREAM e FROM events WHERE (e.a == 1⟦⟧", &["`)`", "end of the text"]);
    fails("STREAM e FROM events MAP [1 ⟦2⟧]", &["`,` or `]`"]);
    fails("STREAM e FROM events MAP { a ⟦1⟧ }", &["expected `:`"]);
    fails("STREAM e FROM events MAP { ⟦1⟧: 1 }", &["a name"]);
    fails("STREAM e FROM events MAP { a: 1, ⟦'a'⟧: 2 }", &["twice"]);
    fails("STREAM e FROM events MAP e.⟦⟧", &["name of a field"]);
    fails("STREAM e FROM events MAP e.data[⟦-⟧1]", &["a position"]);
    fails("STREAM e FROM events MAP e.data⟦)⟧", &["`)` closes nothing"]);
}

#[test]
fn clauses_have_an_order() {
    fails("STREAM e FROM events LIMIT 1 ⟦WHERE⟧ e.a", &["WHERE stands before LIMIT"]);
    fails("STREAM e FROM events ORDER BY e.a ⟦GROUP BY⟧ e.b", &["GROUP BY stands before ORDER BY"]);
    fails("STREAM e FROM events LIMIT 1 ⟦TOP⟧ 2", &["already"]);
    fails("STREAM e FROM events LIMIT ⟦-⟧1", &["a whole number"]);
    fails("STREAM e FROM events LIMIT ⟦1.5⟧", &["a whole number"]);
    fails("STREAM e FROM events LIMIT ⟦99999999999999999999⟧", &["too large"]);
    fails("STREAM e FROM events MAP e ⟦STREAM⟧ e FROM events", &["separates two queries"]);
    fails("STREAM e FROM events PROJECT ⟦e⟧", &["expected INTO"]);
}

#[test]
fn comparisons_do_not_chain() {
    fails("STREAM e FROM events WHERE 1 < e.a ⟦<⟧ 3", &["AND"]);
    fails("STREAM e FROM events WHERE e.a IN (1) ⟦==⟧ true", &["parentheses"]);
    fails("STREAM e FROM events WHERE true == ⟦NOT⟧ e.a", &["parentheses"]);
    fails("STREAM e FROM events WHERE e.a IN ⟦'x'⟧", &["a list"]);
}

#[test]
fn numbers_are_json_numbers() {
    fails("STREAM e FROM events MAP ⟦007⟧", &["start with 0"]);
    fails("STREAM e FROM events MAP ⟦1e999⟧", &["too large"]);
    fails("STREAM e FROM events MAP 1⟦.⟧", &["found `.`"]);
    assert!(parse("STREAM e FROM events MAP [0, 0.5, 1e3, 1E-3, 123456789012345678901234567890]").is_ok());
}

#[test]
fn aggregates_have_their_places() {
    fails("STREAM e FROM events WHERE ⟦COUNT()⟧ > 1", &["COUNT cannot stand in WHERE", "HAVING"]);
    fails("STREAM e FROM events GROUP BY ⟦SUM(e.a)⟧", &["SUM cannot stand in GROUP BY"]);
    fails("STREAM e FROM events MAP SUM(1 + ⟦MAX(e.a)⟧)", &["another aggregate"]);
    fails("STREAM e FROM events HAVING ⟦e.a == 1⟧", &["WHERE"]);
    fails("STREAM e FROM events MAP ⟦SUM()⟧", &["one value, found 0"]);
    fails("STREAM e FROM events MAP ⟦MIN(1, 2)⟧", &["one value, found 2"]);
    let error = parse_condition("e.a > COUNT()").unwrap_err();
    assert_eq!(error.span, 6..13);
}

#[test]
fn lines_and_columns_count_characters() {
    let text = "Zürich\nnör d";
    assert_eq!(line_column(text, 0), (1, 1));
    assert_eq!(line_column(text, 3), (1, 3));
    assert_eq!(line_column(text, 2), (1, 2), "inside the ü");
    assert_eq!(line_column(text, 8), (2, 1));
    assert_eq!(line_column(text, 999), (2, 6));
}
