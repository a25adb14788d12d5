//! GDBQL, GenesisDB's query language: tokens, parser, formatter, evaluator.
//!
//! The server is the judge of a query. What stands here serves the editor, the local filters and the embedded store.
//! Knows events as [`crate::model`] has them, and nothing of where they come from or how rows are shown.
//!
//! The grammar of GDBQL is not published. What its documentation leaves open is decided so:
//!
//! - The event may have any name, `STREAM x FROM events`. Names with other signs are written `e.data['first-name']`.
//! - Strings end on their line. Clauses stand in the documented order; LIMIT and MAP either way round.
//! - `==` and `!=` know null as a value like any other: `e.data.x != 5` holds where `x` is missing. Every other comparison
//!   with null is false.
//! - A string that is compared with `e.time` is an instant if it is RFC 3339 or a plain date, `'2024-01-01'`, which is
//!   that day's first moment in UTC. Any other is compared as text.
//! - Arithmetic with null gives null. Null counts as false in a condition; any other value that is neither true nor
//!   false is an error there. `IN` looks through lists only, and null is an empty one.
//! - Whole numbers are exact up to 128 bits, in comparisons and in `+ - * %`; a quotient is whole when it comes out even.
//!   Results beyond that are doubles, written in the shortest form without `.0`. There is no infinity and no NaN.
//! - `+` joins strings with strings, numbers (as they are written) and booleans.
//! - Lists and objects are equal when they say the same, whatever the order of their keys, and have no order.
//! - ORDER BY puts types one after the other: booleans, numbers, instants, strings, lists, objects; null is last in
//!   either direction.
//! - A sum of doubles is exact and rounded once: it does not depend on the order of the events.
//! - MIN and MAX over different types are an error. Of equal values they give the first, as it was sent.
//! - `AND`, `OR` and `IN` stop at the first operand that decides. Rows that LIMIT cuts off are never mapped.

pub mod ast;
mod complete;
mod cut;
mod eval;
mod explain;
mod format;
mod lex;
pub mod parameters;
mod parse;
pub mod reference;
#[cfg(test)]
mod tests;
mod text;
mod token;

pub use ast::Query;
pub use complete::{Candidate, Completion, Known, Value, complete};
pub use cut::{By, Cut, Place};
pub use eval::{Condition, Hint, Part, Parts, Places, holds, run};
pub use explain::{explained, parse_explained};
pub use format::{format, format_text};
pub use parse::parse;
pub use text::{line_column, place_named, statements, statements_of};
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
    /// Whether one of the [`Limits`] was reached: the query may be right, and is too large.
    pub is_limit: bool,
}

impl Error {
    fn at(span: impl Into<Range<usize>>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span: span.into(), is_limit: false }
    }

    fn limit(span: impl Into<Range<usize>>, message: impl Into<String>) -> Self {
        Self { is_limit: true, ..Self::at(span, message) }
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
    /// Bytes of what ORDER BY and GROUP BY hold at once, on all threads together.
    pub bytes: usize,
    /// What raises the bytes, where something does: a setting, an option.
    pub raised_by: Option<&'static str>,
}

impl Limits {
    /// The longest text of a query, in bytes.
    pub const TEXT: usize = 4 << 20;
    /// How deep brackets and operators may nest: far beyond any query, and within half of a thread's stack even
    /// unoptimised.
    pub const DEPTH: usize = 100;
    /// The longest string that `+` may make, in bytes.
    pub const STRING: usize = 16 << 20;

    /// The same with another bound on the bytes, which is raised by what is named; without one as it is.
    #[must_use]
    pub fn with_megabytes(self, megabytes: Option<u32>, raised_by: &'static str) -> Self {
        let bytes = megabytes.map_or(self.bytes, |megabytes| (megabytes as usize).saturating_mul(1 << 20));
        Self { bytes, raised_by: Some(raised_by), ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { groups: 1_000_000, rows: 2_000_000, bytes: 1 << 30, raised_by: None }
    }
}

/// Understand a bare condition over an event that is called `e`, like the one of a WHERE: `e.data.total > 100`.
///
/// # Errors
/// The first place that cannot be understood.
pub fn parse_condition(text: &str) -> Result<Condition, Error> {
    parse::condition(text).map(Condition::new)
}
