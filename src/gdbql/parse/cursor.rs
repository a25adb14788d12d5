//! The parser's position in the text, and the sentences of its errors.
//!
//! Owns looking at and taking pieces. Knows nothing of clauses and expressions.

use super::hint;
use crate::gdbql::lex::{Piece, Shape, pieces};
use crate::gdbql::{Error, Limits};
use std::ops::Range;

/// A position between the pieces that mean something.
pub struct Cursor<'t> {
    pub text: &'t str,
    pieces: Vec<Piece>,
    at: usize,
    depth: usize,
    /// What the query calls the event.
    pub binding: &'t str,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str) -> Self {
        let pieces = pieces(text).filter(|piece| !matches!(piece.shape, Shape::Space | Shape::Comment)).collect();
        Self { text, pieces, at: 0, depth: 0, binding: "e" }
    }

    pub fn peek(&self) -> Option<&Piece> {
        self.pieces.get(self.at)
    }

    fn ahead(&self, by: usize) -> Option<&Piece> {
        self.pieces.get(self.at + by)
    }

    /// The text of a piece.
    pub fn text_of(&self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }

    /// Where the next piece stands; at the end of the text, nowhere.
    pub fn here(&self) -> Range<usize> {
        self.peek().map_or(self.text.len()..self.text.len(), |piece| piece.span.clone())
    }

    /// The end of the last piece that was taken.
    pub fn last_end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.pieces.get(at)).map_or(0, |piece| piece.span.end)
    }

    /// The word `by` pieces ahead, or the empty one.
    pub fn word(&self, by: usize) -> &'t str {
        self.shaped(by, Shape::Word)
    }

    /// The symbol `by` pieces ahead, or the empty one.
    pub fn symbol(&self, by: usize) -> &'t str {
        self.shaped(by, Shape::Symbol)
    }

    fn shaped(&self, by: usize, shape: Shape) -> &'t str {
        match self.ahead(by) {
            Some(piece) if piece.shape == shape => self.text_of(piece.span.clone()),
            _ => "",
        }
    }

    pub fn is_word(&self, keyword: &str) -> bool {
        self.word(0).eq_ignore_ascii_case(keyword)
    }

    pub fn skip(&mut self) -> Range<usize> {
        let span = self.here();
        self.at += 1;
        span
    }

    pub fn take_word(&mut self, keyword: &str) -> bool {
        let found = self.is_word(keyword);
        self.at += usize::from(found);
        found
    }

    pub fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.symbol(0) == symbol;
        self.at += usize::from(found);
        found
    }

    /// Take `symbol`, or fail at what stands there instead.
    pub fn expect_symbol(&mut self, symbol: &str) -> Result<(), Error> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    /// Take `keyword`, or fail at what stands there instead.
    pub fn expect_word(&mut self, keyword: &str) -> Result<(), Error> {
        if self.take_word(keyword) {
            return Ok(());
        }
        let mut error = self.expected(keyword);
        if hint::is_close(self.word(0), keyword) {
            error.message.push_str(&format!("; did you mean {keyword}?"));
        }
        Err(error)
    }

    /// The error that says what was expected here and what stands here instead.
    pub fn expected(&self, what: &str) -> Error {
        let span = self.here();
        let Some(piece) = self.peek() else {
            return Error::at(span, format!("expected {what}, found the end of the text"));
        };
        let found = self.text_of(span.clone());
        if let Some(hint) = hint::foreign(piece.shape, found) {
            return Error::at(span, hint);
        }
        Error::at(span, format!("expected {what}, found `{}`", hint::excerpt(found)))
    }

    /// One level deeper, refused beyond [`Limits::DEPTH`].
    pub fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == Limits::DEPTH {
            let message = format!("nested too deeply: {} levels are allowed", Limits::DEPTH);
            return Err(Error::limit(self.here(), message));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }
}
