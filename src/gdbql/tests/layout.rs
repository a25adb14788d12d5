//! Tokens, formatted text, comments and statements.

use crate::gdbql::{TokenKind, format, format_text, parse, statements, tokens};

/// The tokens of a text that are no white space, as `kind:text`.
fn kinds(text: &str) -> Vec<String> {
    let tokens = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Whitespace);
    tokens.map(|token| format!("{:?}:{}", token.kind, &text[token.span])).collect()
}

#[test]
fn tokens_have_kinds() {
    let text =
        "STREAM e FROM events -- all\nWHERE e.data.limit >= 1.5 AND NOT e.type == 'x' MAP { e: COUNT(), 'a': null }";
    let expected = "Keyword:STREAM Binding:e Keyword:FROM Keyword:events Comment:--_all Keyword:WHERE Binding:e \
                    Punctuation:. Field:data Punctuation:. Field:limit Operator:>= Number:1.5 Keyword:AND Keyword:NOT \
                    Binding:e Punctuation:. Field:type Operator:== String:'x' Keyword:MAP Punctuation:{ Field:e \
                    Punctuation:: Function:COUNT Punctuation:( Punctuation:) Punctuation:, String:'a' Punctuation:: \
                    Constant:null Punctuation:}";
    let found: Vec<String> = kinds(text).into_iter().map(|token| token.replace("-- all", "--_all")).collect();
    assert_eq!(found.join(" "), expected);
}

#[test]
fn tokens_tell_what_the_language_does_not_know() {
    assert_eq!(
        kinds("e.a = && x @ 'open"),
        ["Binding:e", "Punctuation:.", "Field:a", "Unknown:=", "Unknown:&&", "Unknown:x", "Unknown:@", "String:'open",]
    );
    assert_eq!(kinds("from x in events map x.e; e")[1], "Binding:x");
    assert_eq!(kinds("FROM x IN events MAP e").last().unwrap(), "Unknown:e");
    assert_eq!(kinds("FROM x IN events; e").last().unwrap(), "Binding:e");
}

#[test]
fn the_canonical_form_has_a_clause_a_line() {
    let text = "from e in events where (e.a=='x' or not(e.b in [1,2])) and e.c between 1 and 2 group by e.a,e.b having count()>1 \
                order by e.a asc,max(e.b) desc top 3 project into {\"a\":e.a,'b c':-(1+2)*3}";
    let expected = "STREAM e FROM events\n\
                    WHERE (e.a == 'x' OR NOT e.b IN (1, 2)) AND e.c BETWEEN 1 AND 2\n\
                    GROUP BY e.a, e.b\n\
                    HAVING COUNT() > 1\n\
                    ORDER BY e.a, MAX(e.b) DESC\n\
                    LIMIT 3\n\
                    MAP { a: e.a, 'b c': -(1 + 2) * 3 }";
    assert_eq!(format(&parse(text).unwrap()), expected);
    assert_eq!(parse(text).unwrap().to_string(), expected);
    assert_eq!(format_text(text).unwrap(), expected);
}

#[test]
fn long_clauses_are_broken() {
    let text = "STREAM e FROM events WHERE e.subject UNDER '/user/123' AND e.type == 'transaction-processed' AND e.time >= '2024-01-01T00:00:00Z' \
                MAP { first: e.data.someRatherLongName, second: e.data.anotherRatherLongName, third: e.data.yetAnother }";
    let expected = "STREAM e FROM events
WHERE e.subject UNDER '/user/123'
  AND e.type == 'transaction-processed'
  AND e.time >= '2024-01-01T00:00:00Z'
MAP {
  first: e.data.someRatherLongName,
  second: e.data.anotherRatherLongName,
  third: e.data.yetAnother
}";
    assert_eq!(format_text(text).unwrap(), expected);
}

#[test]
fn comments_stay_at_their_clause() {
    let text = "-- what it is for
stream e from events // all of them
  -- only new ones
  where e.a == 1 -- one
    and e.b == 2 // two
  map { a: e.a, -- inside
        b: e.b }
  limit 3 -- few
-- the end";
    let expected = "-- what it is for
STREAM e FROM events // all of them
-- only new ones
-- one
WHERE e.a == 1 AND e.b == 2 // two
LIMIT 3 -- few
-- inside
MAP { a: e.a, b: e.b }
-- the end";
    assert_eq!(format_text(text).unwrap(), expected);
}

#[test]
fn every_query_of_a_text_is_formatted() {
    let text =
        "-- notes\n\nfrom e in events; from e in events map e.id -- ids\n limit 1; from e in events\n\n\n-- more\n";
    let expected = "-- notes\n\nSTREAM e FROM events; STREAM e FROM events\nLIMIT 1\nMAP e.id -- ids\n; STREAM e FROM events\n\n\n-- more\n";
    assert_eq!(format_text(text).unwrap(), expected);
    assert_eq!(format_text("-- nothing\n").unwrap(), "-- nothing\n");
    let error = format_text("from e in events;\nfrom e in ävents").unwrap_err();
    assert_eq!(error.span, 28..35);
}

#[test]
fn statements_are_told_apart() {
    let text =
        "  STREAM e FROM events\n  MAP 'a;b' -- c;d\n\n  // note\n\n-- why\nSTREAM e FROM events;;\nx ; 'open;\n\ny";
    let found: Vec<&str> = statements(text).into_iter().map(|range| &text[range]).collect();
    let expected = ["STREAM e FROM events\n  MAP 'a;b' -- c;d", "-- why\nSTREAM e FROM events", "x", "'open;", "y"];
    assert_eq!(found, expected);
    assert!(statements(" \n-- only this\n").is_empty());
}
