//! GDBQL, GenesisDB's query language: tokens, parser, formatter, evaluator.
//!
//! The server is the judge of a query. What stands here serves the editor, the local filters and the embedded store.

use crate::model::event::Envelope;
use std::ops::{ControlFlow, Range};

/// A query that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {}

/// Why a query is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What is wrong and, where there is one, the way out; without a position.
    pub message: String,
    /// The bytes of the query's text that are to blame; empty at the end of the text.
    pub span: Range<usize>,
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

/// Understand a query, in either dialect.
///
/// # Errors
/// The first place that cannot be understood.
pub fn parse(text: &str) -> Result<Query, Error> {
    Err(Error { message: "not understood".into(), span: 0..text.len() })
}

/// Run a query over events in commit order; each row is JSON text. `row` may stop the run.
///
/// # Errors
/// A division by zero and the like, with the place in the query's text; or a limit.
pub fn run<'a>(
    _query: &Query,
    _events: impl IntoIterator<Item = Envelope<'a>>,
    _limits: &Limits,
    _row: &mut dyn FnMut(String) -> ControlFlow<()>,
) -> Result<(), Error> {
    Ok(())
}
