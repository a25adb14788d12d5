//! GDBQL, GenesisDB's query language: tokens, parser, formatter, evaluator.
//!
//! The server is the judge of a query. What stands here serves the editor, the local filters and the embedded store.
//! Knows events as [`crate::model`] has them, and nothing of where they come from or how rows are shown.

pub mod ast;
mod eval;
mod format;
mod lex;
mod parse;
#[cfg(test)]
mod tests;
mod text;
mod token;

pub use ast::Query;
pub use eval::{Condition, holds, run};
pub use format::{format, format_text};
pub use parse::parse;
pub use text::{line_column, statements};
pub use token::{Token, TokenKind, tokens};

use crate::model::event::Envelope;
use std::ops::Range;

/// Why a query is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What is wrong and, where there is one, the way out; without a position.
    pub message: String,
    /// The bytes of the query's text that are to blame; empty at the end of the text.
    pub span: Range<usize>,
}

impl Error {
    fn at(span: impl Into<Range<usize>>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span: span.into() }
    }

    /// Name the event at which an evaluation failed.
    fn about(mut self, event: &Envelope<'_>) -> Self {
        const LONGEST: usize = 64;
        let id: String = event.id.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        self.message.push_str(&format!(" (event {id})"));
        self
    }
}

/// What one run may use before it is stopped with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Groups of a GROUP BY.
    pub groups: usize,
    /// Rows held at once, for an ORDER BY for instance.
    pub rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { groups: 1_000_000, rows: 2_000_000 }
    }
}

/// Understand a bare condition over an event that is called `e`, like the one of a WHERE: `e.data.total > 100`.
///
/// # Errors
/// The first place that cannot be understood.
pub fn parse_condition(text: &str) -> Result<Condition, Error> {
    parse::condition(text).map(Condition::new)
}
