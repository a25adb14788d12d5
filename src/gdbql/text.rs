//! Places in a text with queries: lines and columns, and where one query ends and the next begins.
//!
//! Knows nothing of what queries say.

use super::lex::{Shape, pieces};
use super::token::{Token, TokenKind};
use std::ops::Range;

/// The line and column of a byte, both counted from 1; columns count characters.
///
/// Beyond the text it is the text's end; inside a character it is that character.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The part of a text that a sentence about it names: `line 2, column 14`, `line 2:14`, `position 30`. `None` when it
/// names none, or one that is not there.
///
/// Lines and columns count from 1, positions from 0, both in characters.
pub fn place_named(sentence: &str, text: &str) -> Option<Range<usize>> {
    let at = match number_behind(sentence, &["line"]) {
        Some((line, rest)) => {
            let before = line.checked_sub(1)?;
            let written = text.split('\n').nth(before)?;
            let start: usize = text.split('\n').take(before).map(|line| line.len() + 1).sum();
            let Some((column, _)) = number_behind(rest, &["column", "col"]).or_else(|| number(rest)) else {
                let blank = written.len() - written.trim_start().len();
                return Some(start + blank..start + blank + written.trim().len());
            };
            start + character(written, column.checked_sub(1)?)?
        }
        None => character(text, number_behind(sentence, &["position", "offset"])?.0)?,
    };
    let piece = pieces(text).find(|piece| piece.span.contains(&at) && piece.shape != Shape::Space);
    Some(at..piece.map_or(at, |piece| piece.span.end))
}

/// Where a character of a text begins, or where the text ends.
fn character(text: &str, number: usize) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(number)
}

/// The number behind the first of some words that has one, and what comes after that.
fn number_behind<'t>(sentence: &'t str, words: &[&str]) -> Option<(usize, &'t str)> {
    let small = sentence.to_ascii_lowercase();
    words.iter().find_map(|word| {
        small.match_indices(word).find_map(|(at, _)| {
            let begins = !sentence.get(..at)?.ends_with(char::is_alphanumeric);
            sentence.get(at + word.len()..).filter(|_| begins).and_then(number)
        })
    })
}

/// The number with which a text goes on, and what comes after it.
fn number(text: &str) -> Option<(usize, &str)> {
    let text = text.trim_start_matches([' ', ':', '=', '"', '\'', '#', ',', '(']);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text.get(..end)?.parse().ok()?, text.get(end..)?))
}

/// Where the queries of a text stand, without the white space around them.
///
/// They are separated by `;` or by blank lines. Comments belong to the query at which they stand; what is nothing but
/// comments is no query.
pub fn statements(text: &str) -> Vec<Range<usize>> {
    among(text, pieces(text).map(|piece| (piece.shape == Shape::Comment, piece.shape == Shape::Space, piece.span)))
}

/// The same, of a text whose tokens are known.
pub fn statements_of(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let is = |token: &Token, kind| token.kind == kind;
    let parts = tokens.iter();
    among(
        text,
        parts.map(|token| (is(token, TokenKind::Comment), is(token, TokenKind::Whitespace), token.span.clone())),
    )
}

/// The queries in a text that is given in parts: whether each is a comment, whether it is white space, and where it is.
fn among(text: &str, parts: impl Iterator<Item = (bool, bool, Range<usize>)>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut current: Option<Range<usize>> = None;
    let mut says_something = false;
    let mut finish = |current: &mut Option<Range<usize>>, says_something: &mut bool| {
        found.extend(current.take().filter(|_| *says_something));
        *says_something = false;
    };
    for (is_comment, is_space, span) in parts {
        let written = text.get(span.clone()).unwrap_or_default();
        match (is_space, written) {
            (true, blank) if blank.matches('\n').count() > 1 => finish(&mut current, &mut says_something),
            (true, _) => {}
            (false, ";") => finish(&mut current, &mut says_something),
            (false, _) => {
                says_something |= !is_comment;
                current = Some(current.map_or(span.start, |range| range.start)..span.end);
            }
        }
    }
    finish(&mut current, &mut says_something);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_are_found_in_sentences() {
        let text = "STREAM é FROM events\n  WHERE e.tipe == 5\nLIMIT x";
        let named = |sentence: &str| place_named(sentence, text).and_then(|range| text.get(range));
        for (sentence, expected) in [
            ("Syntax error at line 2, column 11: no such field", Some("tipe")),
            ("parse error: Line 2:11", Some("tipe")),
            ("[line 2, col 11] unexpected token", Some("tipe")),
            (r#"{"error":"bad","line":1,"column":10}"#, Some("FROM")),
            ("unexpected character at position 9", Some("FROM")),
            ("Unexpected token (offset: 9)", Some("FROM")),
            ("line 2 is wrong", Some("WHERE e.tipe == 5")),
            ("expected a number, line 3, column 8", Some("")),
            ("line 4, column 1", None),
            ("line 1, column 99", None),
            ("line 0, column 0", None),
            ("position 9999999999999999999999", None),
            ("online 3 of 5 columns", None),
            ("no such field", None),
        ] {
            assert_eq!(named(sentence), expected, "{sentence}");
        }
    }

    proptest! {
        #[test]
        fn a_place_leads_back_to_itself(text in "(STREAM|é|'x'|\n| |==|5){1,20}", at in any::<prop::sample::Index>()) {
            let offset = text.floor_char_boundary(at.index(text.len()));
            let (line, column) = line_column(&text, offset);
            let found = place_named(&format!("line {line}, column {column}"), &text);
            prop_assert_eq!(found.map(|range| range.start), Some(offset));
        }

        #[test]
        fn tokens_give_the_same_queries_as_the_text(text in "(STREAM e|;|\n|\n\n|-- x|'|é| |;;|//|=>){0,20}") {
            prop_assert_eq!(statements_of(&text, &super::super::tokens(&text)), statements(&text));
        }

        #[test]
        fn any_sentence_about_any_text(sentence in "(line|column|position|:| |0|1|2|99|é|\"){0,12}", text in "(a|é|\n| |'){0,12}") {
            if let Some(range) = place_named(&sentence, &text) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
