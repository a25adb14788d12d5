//! Parameters: `:name` in a query stands for a value that is told later.
//!
//! GenesisDB knows none: they are filled in before a query is sent or understood. A value is always put in as one
//! literal, so that nothing that is typed for it can become a part of the query. In strings and comments there are
//! none, and neither is the colon of `{ name: value }` one.

use super::token::{Token, TokenKind, tokens};
use std::ops::Range;

/// A place that stands for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name behind the colon.
    pub name: String,
    /// Where it stands, with its colon, in bytes.
    pub span: Range<usize>,
    /// Whether a whole number is wanted there: behind LIMIT and TOP.
    pub counts: bool,
}

/// The parameters of a text, in their order; one that stands twice is there twice.
pub fn parameters(text: &str) -> Vec<Parameter> {
    // Most texts have none, and are looked through for each key.
    if text.contains(':') { among(text, &tokens(text)) } else { Vec::new() }
}

/// The parameters among the tokens of a text.
pub fn among(text: &str, all: &[Token]) -> Vec<Parameter> {
    let mut found = Vec::new();
    let mut before: Option<&Token> = None;
    for (at, token) in all.iter().enumerate() {
        if matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment) {
            continue;
        }
        let written = |token: &Token| text.get(token.span.clone()).unwrap_or_default();
        let name = all.get(at + 1).filter(|next| is_name(written(next)));
        if let Some(name) =
            name.filter(|_| written(token) == ":" && !before.is_some_and(|before| is_operand(before, text)))
        {
            let counts = before
                .is_some_and(|before| ["LIMIT", "TOP"].iter().any(|word| word.eq_ignore_ascii_case(written(before))));
            found.push(Parameter { name: written(name).to_owned(), span: token.span.start..name.span.end, counts });
        }
        before = Some(token);
    }
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(super::lex::starts_word)
}

/// Whether a colon behind it is the one of a member, or a slip: a value does not follow a value.
fn is_operand(token: &Token, text: &str) -> bool {
    use TokenKind::{Binding, Constant, Field, Function, Number, String, Unknown};
    match token.kind {
        Binding | Constant | Field | Function | Number | String | Unknown => true,
        TokenKind::Punctuation => matches!(text.get(token.span.clone()), Some(")" | "]" | "}")),
        _ => false,
    }
}

/// The text with something of the same length for every parameter, so that all else can be understood in its place.
pub fn neutral(text: &str) -> String {
    let mut out = text.to_owned();
    for Parameter { span, counts, .. } in parameters(text) {
        let room = span.len();
        let filler = if counts { format!("{:<room$}", 1) } else { format!("{:<room$}", "''") };
        out.replace_range(span, &filler);
    }
    out
}

/// A value as it was typed, as the literal that says it: a number, `true`, `false` and `null` as such, what stands in
/// quotes and anything else as a string.
pub fn literal(typed: &str) -> String {
    let typed = typed.trim();
    let is_number = || {
        let digits = typed.strip_prefix('-').unwrap_or(typed);
        matches!(&tokens(digits)[..], [one] if one.kind == TokenKind::Number)
    };
    let constant = ["true", "false", "null"].into_iter().find(|word| word.eq_ignore_ascii_case(typed));
    match constant {
        Some(constant) => constant.to_owned(),
        None if is_number() => typed.to_owned(),
        None => string(unquoted(typed)),
    }
}

/// What stands between quotes, if it stands between two of a kind.
fn unquoted(typed: &str) -> &str {
    let between = |quote: char| typed.strip_prefix(quote)?.strip_suffix(quote);
    between('\'').or_else(|| between('"')).unwrap_or(typed)
}

/// A string as a literal.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// A text whose parameters have their values, and how places in it lead back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// For each value where it stands, and where its parameter stood.
    pub moved: Vec<(Range<usize>, Range<usize>)>,
}

/// Put literals in the places of the parameters. Those without one are left.
pub fn fill(text: &str, mut value: impl FnMut(&Parameter) -> Option<String>) -> Filled {
    let mut filled = Filled::default();
    let mut at = 0;
    for parameter in parameters(text) {
        let Some(literal) = value(&parameter) else { continue };
        filled.text.push_str(text.get(at..parameter.span.start).unwrap_or_default());
        // Next to what stands before it, the literal must stay one of its own: `-` and `-5` are no comment.
        if filled.text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.')) {
            filled.text.push(' ');
        }
        let start = filled.text.len();
        filled.text.push_str(&literal);
        at = parameter.span.end;
        filled.moved.push((start..filled.text.len(), parameter.span));
    }
    filled.text.push_str(text.get(at..).unwrap_or_default());
    filled
}

/// Where a place of a filled text stood before its parameters were filled in. A part of a value is its parameter.
pub fn place_before(moved: &[(Range<usize>, Range<usize>)], place: &Range<usize>) -> Range<usize> {
    let back = |offset: usize, is_end: bool| {
        let last = moved.iter().rev().find(|(now, _)| now.start < offset || (now.start == offset && !is_end));
        match last {
            Some((now, before)) if offset < now.end || (is_end && offset == now.end) => {
                if is_end {
                    before.end
                } else {
                    before.start
                }
            }
            Some((now, before)) => before.end + (offset - now.end),
            None => offset,
        }
    };
    let start = back(place.start, false);
    start..back(place.end, true).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<String> {
        parameters(text).into_iter().map(|parameter| parameter.name).collect()
    }

    #[test]
    fn colons_of_members_and_in_strings_and_comments_are_none() {
        let text = "-- :no\nSTREAM e FROM events WHERE e.data.a == :a AND e.subject UNDER :b AND e.type == ':c'\n\
                    LIMIT :n MAP { x:e.id, y: :a, 'z':e.type, q: [:é] }";
        assert_eq!(names(text), ["a", "b", "n", "a", "é"]);
        let text = neutral(text);
        crate::gdbql::parse(&text).unwrap();
        assert_eq!(names("STREAM e FROM events MAP { a::b }"), ["b"]);
        assert_eq!(names("STREAM e FROM events MAP e.data: x"), [""; 0]);
    }

    #[test]
    fn values_are_literals_and_nothing_else() {
        for (typed, meant) in [
            ("5", "5"),
            ("-1.5e3", "-1.5e3"),
            ("TRUE", "true"),
            ("null", "null"),
            ("1 OR 1 == 1", "'1 OR 1 == 1'"),
            ("it's", "'it\\'s'"),
            ("'5'", "'5'"),
            ("\"a\\b\"", "'a\\\\b'"),
            ("", "''"),
            ("--5", "'--5'"),
            ("/order", "'/order'"),
        ] {
            assert_eq!(literal(typed), meant, "{typed}");
        }
    }

    #[test]
    fn places_lead_back() {
        let text = "WHERE :a == 1 AND :b < x";
        let filled = fill(text, |parameter| Some(literal(if parameter.name == "a" { "longer" } else { "1" })));
        assert_eq!(filled.text, "WHERE 'longer' == 1 AND 1 < x");
        let back = |part: &str| {
            let at = filled.text.find(part).unwrap();
            text.get(place_before(&filled.moved, &(at..at + part.len()))).unwrap()
        };
        assert_eq!(
            [back("WHERE"), back("'longer'"), back("onge"), back("== 1"), back("1 <")],
            ["WHERE", ":a", ":a", "== 1", ":b <"]
        );
        assert_eq!(back("x"), "x");
        assert_eq!(fill(text, |_| None).text, text);
        assert_eq!(fill("1 -:a AND:a", |_| Some("-5".into())).text, "1 - -5 AND -5");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_says_itself(typed in "\\PC*|[ -~\\n\\t]*") {
            let text = format!("STREAM e FROM events MAP {}", literal(&typed));
            let query = crate::gdbql::parse(&text).unwrap();
            let constant = query.map.is_some_and(|map| map.first_aggregate().is_none());
            prop_assert!(constant);
        }

        #[test]
        fn neutral_texts_keep_their_length(text in "(:a|:é|STREAM|e|LIMIT|\\{|,|'|\\.|:| |--|\n){0,12}") {
            prop_assert_eq!(neutral(&text).len(), text.len());
            let filled = fill(&text, |_| Some("1".into()));
            prop_assert_eq!(filled.moved.len(), parameters(&text).len());
            let all = 0..filled.text.len();
            prop_assert_eq!(place_before(&filled.moved, &all), 0..text.len());
        }
    }
}
