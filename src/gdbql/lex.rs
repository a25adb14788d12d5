//! The scanner: cuts a query's text into pieces without losing or refusing a byte.
//!
//! Owns what a word, a number, a string and a comment are. Knows neither the meaning of words nor the grammar.

use std::ops::Range;

/// What a piece of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// White space
    Space,
    /// From `--` or `//` to the end of the line
    Comment,
    /// A keyword or a name
    Word,
    /// An unsigned number
    Number,
    /// A string with its quotes
    Text {
        /// Whether the closing quote is there; without it the string ends with its line.
        closed: bool,
    },
    /// An operator, a bracket or a separator
    Symbol,
    /// A character that means nothing here
    Unknown,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub shape: Shape,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
}

/// Symbols of more than one character, longest first. Those of other languages are recognised for the sake of a hint.
const LONG_SYMBOLS: [&str; 9] = ["===", "!==", "==", "!=", "<=", ">=", "<>", "&&", "||"];

/// Whether a name may start with `c`.
pub fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether a name may go on with `c`.
pub fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The pieces of a text, which put together are the text.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let (shape, length) = piece(rest)?;
        let span = at..at + length;
        at = span.end;
        Some(Piece { shape, span })
    })
}

/// The first piece of `rest` and its length in bytes.
fn piece(rest: &str) -> Option<(Shape, usize)> {
    let first = rest.chars().next()?;
    let run = |pass: fn(char) -> bool| rest.find(|c| !pass(c)).unwrap_or(rest.len());
    Some(match first {
        c if c.is_whitespace() => (Shape::Space, run(char::is_whitespace)),
        '-' | '/' if rest.starts_with("--") || rest.starts_with("//") => (Shape::Comment, run(|c| c != '\n')),
        c if starts_word(c) => (Shape::Word, run(continues_word)),
        '0'..='9' => (Shape::Number, number(rest.as_bytes())),
        '\'' | '"' => string(rest, first),
        _ => symbol(rest, first),
    })
}

fn number(bytes: &[u8]) -> usize {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && digit_at(end + 1) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digit_at(end + 1 + sign) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

/// A string ends at its quote or, so that one forgotten quote does not swallow the statements below it, with its line.
fn string(rest: &str, quote: char) -> (Shape, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return (Shape::Text { closed: false }, at),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return (Shape::Text { closed: true }, at + 1),
            _ => {}
        }
    }
    (Shape::Text { closed: false }, rest.len())
}

fn symbol(rest: &str, first: char) -> (Shape, usize) {
    if let Some(symbol) = LONG_SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        return (Shape::Symbol, symbol.len());
    }
    let shape = if "=<>!&|+-*/%()[]{},:.;".contains(first) { Shape::Symbol } else { Shape::Unknown };
    (shape, first.len_utf8())
}
