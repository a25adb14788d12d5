//! The formatter: queries in their canonical form, the STREAM dialect with one clause a line.
//!
//! What is formatted parses to the same tree. Knows nothing of events and of evaluation.

mod comments;
mod expr;

pub use comments::format_text;

use super::ast::{Expr, Query};
use std::fmt;

/// A clause of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    Stream,
    Where,
    GroupBy,
    Having,
    OrderBy,
    Limit,
    Map,
}

/// The query in its canonical form.
pub fn format(query: &Query) -> String {
    let texts: Vec<String> = clauses(query).into_iter().map(|(_, text)| text).collect();
    texts.join("\n")
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format(self))
    }
}

/// The condition in its canonical form, on one line.
pub fn condition(expr: &Expr) -> String {
    expr::one_line(expr, "e")
}

/// The clauses that the query has, in their order, each with its text.
fn clauses(query: &Query) -> Vec<(Clause, String)> {
    let mut clauses = vec![(Clause::Stream, format!("STREAM {} FROM events", query.binding))];
    let one = |expr: &Expr| expr::one_line(expr, &query.binding);
    let laid_out = |keyword: &str, expr: &Expr| format!("{keyword} {}", expr::laid_out(expr, query, keyword));
    if let Some(filter) = &query.filter {
        clauses.push((Clause::Where, laid_out("WHERE", filter)));
    }
    if !query.group.is_empty() {
        let keys: Vec<String> = query.group.iter().map(one).collect();
        clauses.push((Clause::GroupBy, format!("GROUP BY {}", keys.join(", "))));
    }
    if let Some(having) = &query.having {
        clauses.push((Clause::Having, laid_out("HAVING", having)));
    }
    if !query.order.is_empty() {
        let key = |by, descending| if descending { one(by) + " DESC" } else { one(by) };
        let keys: Vec<String> = query.order.iter().map(|order| key(&order.by, order.descending)).collect();
        clauses.push((Clause::OrderBy, format!("ORDER BY {}", keys.join(", "))));
    }
    if let Some(limit) = query.limit {
        clauses.push((Clause::Limit, format!("LIMIT {limit}")));
    }
    if let Some(map) = &query.map {
        clauses.push((Clause::Map, laid_out("MAP", map)));
    }
    clauses
}
