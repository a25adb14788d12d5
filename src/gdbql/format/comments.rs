//! Formatting text without losing its comments.
//!
//! A comment stays at its clause: one that ends the clause's line ends the line of the formatted clause; any other
//! stands on a line of its own above the clause in which it was, or above the next one when it stood before that.

use super::{Clause, clauses};
use crate::gdbql::lex::{Piece, Shape, pieces};
use crate::gdbql::{Error, parse, statements};
use std::ops::Range;

/// Format every query of a text. What separates them stays as it is.
///
/// # Errors
/// The first place that cannot be understood; nothing is formatted then.
pub fn format_text(text: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let ranges = statements(text);
    if ranges.is_empty() {
        return Ok(text.to_owned());
    }
    for range in ranges {
        out.push_str(text.get(done..range.start).unwrap_or_default());
        let formatted = statement(text, range.clone())?;
        out.push_str(&formatted);
        done = range.end;
        // Formatting may have moved a comment to the end, where it must not swallow what follows.
        let rest = text.get(done..).unwrap_or_default();
        let ends_in_comment = pieces(&formatted).last().is_some_and(|piece| piece.shape == Shape::Comment);
        if ends_in_comment && !rest.is_empty() && !rest.starts_with(['\n', '\r']) {
            out.push('\n');
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Ok(out)
}

fn statement(text: &str, range: Range<usize>) -> Result<String, Error> {
    let start = range.start;
    let written = text.get(range).unwrap_or_default();
    let query =
        parse(written).map_err(|error| Error { span: error.span.start + start..error.span.end + start, ..error })?;
    let comments = comments(written);
    let mut lines = Vec::new();
    for (clause, text) in clauses(&query) {
        let of_clause = |wanted: Place| {
            let here = move |comment: &&Comment<'_>| comment.clause == Some(clause) && comment.place == wanted;
            comments.iter().filter(here).map(|comment| comment.text)
        };
        lines.extend(of_clause(Place::Above).map(str::to_owned));
        // A line takes one comment at most: the comment goes on to the line's end.
        let mut trailing = of_clause(Place::Behind);
        lines.push(trailing.next().map_or(text.clone(), |comment| format!("{text} {comment}")));
        lines.extend(trailing.map(str::to_owned));
    }
    lines.extend(comments.iter().filter(|comment| comment.clause.is_none()).map(|comment| comment.text.to_owned()));
    Ok(lines.join("\n"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Above,
    Behind,
}

struct Comment<'t> {
    text: &'t str,
    /// The clause at which it stands; `None` below the last one.
    clause: Option<Clause>,
    place: Place,
}

/// The comments of one query that is known to parse.
fn comments(text: &str) -> Vec<Comment<'_>> {
    let pieces: Vec<Piece> = pieces(text).collect();
    let starts = clause_starts(text, &pieces);
    let means = |piece: &Piece| !matches!(piece.shape, Shape::Space | Shape::Comment);
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.shape == Shape::Comment) {
        let current = starts.iter().rev().find(|(start, _)| *start <= at).map(|(_, clause)| *clause);
        let following = starts.iter().find(|(start, _)| *start > at);
        let next = pieces.iter().enumerate().skip(at).find(|(_, piece)| means(piece)).map(|(at, _)| at);
        let ends_clause = next.is_none() || next == following.map(|(start, _)| *start);
        let before = pieces.get(..at).unwrap_or_default();
        let same_line = before
            .iter()
            .rev()
            .take_while(|piece| !text.get(piece.span.clone()).unwrap_or_default().contains('\n'))
            .any(means);
        let (clause, place) = match (ends_clause, same_line) {
            (true, true) => (current, Place::Behind),
            (true, false) => (following.map(|(_, clause)| *clause), Place::Above),
            (false, _) => (current, Place::Above),
        };
        let text = text.get(piece.span.clone()).unwrap_or_default().trim_end();
        found.push(Comment { text, clause, place });
    }
    found
}

/// The pieces at which clauses start. In a query that parses, a clause's first word outside of brackets and not behind
/// a dot is that and nothing else.
fn clause_starts(text: &str, pieces: &[Piece]) -> Vec<(usize, Clause)> {
    let mut starts = Vec::new();
    let mut depth = 0usize;
    let mut before = "";
    for (at, piece) in pieces.iter().enumerate() {
        let written = text.get(piece.span.clone()).unwrap_or_default();
        match piece.shape {
            Shape::Space | Shape::Comment => continue,
            Shape::Symbol if "([{".contains(written) => depth += 1,
            Shape::Symbol if ")]}".contains(written) => depth = depth.saturating_sub(1),
            Shape::Word if depth == 0 && before != "." => {
                let clause = match written.to_ascii_uppercase().as_str() {
                    "STREAM" | "FROM" if starts.is_empty() => Some(Clause::Stream),
                    "WHERE" => Some(Clause::Where),
                    "GROUP" => Some(Clause::GroupBy),
                    "HAVING" => Some(Clause::Having),
                    "ORDER" => Some(Clause::OrderBy),
                    "LIMIT" | "TOP" => Some(Clause::Limit),
                    "MAP" | "PROJECT" => Some(Clause::Map),
                    _ => None,
                };
                starts.extend(clause.map(|clause| (at, clause)));
            }
            _ => {}
        }
        before = written;
    }
    starts
}
