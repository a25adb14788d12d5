//! Places in a text with queries: lines and columns, and where one query ends and the next begins.
//!
//! Knows nothing of what queries say.

use super::lex::{Shape, pieces};
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

/// Where the queries of a text stand, without the white space around them.
///
/// They are separated by `;` or by blank lines. Comments belong to the query at which they stand; what is nothing but
/// comments is no query.
pub fn statements(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut current: Option<Range<usize>> = None;
    let mut says_something = false;
    let mut finish = |current: &mut Option<Range<usize>>, says_something: &mut bool| {
        found.extend(current.take().filter(|_| *says_something));
        *says_something = false;
    };
    for piece in pieces(text) {
        let written = text.get(piece.span.clone()).unwrap_or_default();
        match piece.shape {
            Shape::Space if written.matches('\n').count() > 1 => finish(&mut current, &mut says_something),
            Shape::Space => {}
            Shape::Symbol if written == ";" => finish(&mut current, &mut says_something),
            shape => {
                says_something |= shape != Shape::Comment;
                current = Some(current.map_or(piece.span.start, |range| range.start)..piece.span.end);
            }
        }
    }
    finish(&mut current, &mut says_something);
    found
}
