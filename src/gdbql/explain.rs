//! `EXPLAIN` before a query: the plan is asked for, not the rows.
//!
//! GenesisDB has no such word. It is understood where a query runs here: on a screen, over a backup, in the embedded
//! store.

use super::Error;
use super::ast::{Expr, ExprKind, Query, Span};
use super::lex::{Shape, pieces};

const WORD: &str = "EXPLAIN";

/// The query of which the plan is asked for: the same text with blanks for the word, so that places stay what they are.
pub fn explained(text: &str) -> Option<String> {
    let first = pieces(text).find(|piece| !matches!(piece.shape, Shape::Space | Shape::Comment))?;
    let (start, end) = (first.span.start, first.span.end);
    let is_word = text.get(start..end)?.eq_ignore_ascii_case(WORD);
    let rest = text.get(end..)?;
    (is_word && !rest.trim().is_empty()).then(|| format!("{}{}{rest}", &text[..start], " ".repeat(end - start)))
}

/// Understand a query; tells whether its plan is asked for.
///
/// # Errors
/// The first place that cannot be understood.
pub fn parse_explained(text: &str) -> Result<(Query, bool), Error> {
    match explained(text) {
        Some(query) => super::parse(&query).map(|query| (query, true)),
        None => super::parse(text).map(|query| (query, false)),
    }
}

impl Query {
    /// The conditions of the WHERE that must all hold, in their order.
    pub fn conditions(&self) -> Vec<Span> {
        match &self.filter {
            Some(Expr { kind: ExprKind::And(items), .. }) => items.iter().map(|item| item.span).collect(),
            Some(one) => vec![one.span],
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_goes_and_places_stay() {
        let text = " -- why\n explain STREAM e FROM events WHERE e.type == 'a' AND e.data.x > 1";
        let query = explained(text).unwrap();
        assert_eq!(query.len(), text.len());
        let (query, wanted) = parse_explained(text).unwrap();
        assert!(wanted);
        let conditions: Vec<&str> = query.conditions().iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(conditions, ["e.type == 'a'", "e.data.x > 1"]);
        assert_eq!(parse_explained("EXPLAIN STREAM e FROM").unwrap_err().span, 21..21);
    }

    #[test]
    fn other_texts_are_as_they_are() {
        for text in ["STREAM e FROM events", "EXPLAIN", "EXPLAIN  ", "", "EXPLAINED STREAM e FROM events"] {
            assert_eq!(explained(text), None, "{text}");
        }
    }
}
