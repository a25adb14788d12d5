//! Where aggregates may stand.
//!
//! Owns the rules that the grammar alone does not express. Knows nothing of text.

use crate::gdbql::Error;
use crate::gdbql::ast::{Expr, ExprKind, Query};

/// Check the aggregates of a whole query.
pub fn aggregates(query: &Query) -> Result<(), Error> {
    if let Some(filter) = &query.filter {
        no_aggregate(filter, "WHERE, which looks at single events; HAVING looks at groups")?;
    }
    for key in &query.group {
        no_aggregate(key, "GROUP BY")?;
    }
    let after_groups = || query.having.iter().chain(query.order.iter().map(|order| &order.by)).chain(&query.map);
    for expr in after_groups() {
        no_nesting(expr)?;
    }
    if let Some(having) = &query.having
        && query.group.is_empty()
        && !after_groups().any(|expr| expr.first_aggregate().is_some())
    {
        return Err(Error::at(having.span, "HAVING looks at groups, and there is no GROUP BY: use WHERE"));
    }
    Ok(())
}

/// Refuse every aggregate in `expr`; `place` says where it stands.
pub fn no_aggregate(expr: &Expr, place: &str) -> Result<(), Error> {
    match expr.first_aggregate() {
        Some(found) => Err(misplaced(found, place)),
        None => Ok(()),
    }
}

fn no_nesting(expr: &Expr) -> Result<(), Error> {
    if let ExprKind::Aggregate(_, argument) = &expr.kind {
        return argument.iter().try_for_each(|argument| no_aggregate(argument, "another aggregate"));
    }
    expr.children().into_iter().try_for_each(no_nesting)
}

fn misplaced(found: &Expr, place: &str) -> Error {
    let name = match &found.kind {
        ExprKind::Aggregate(function, _) => function.name(),
        _ => "an aggregate",
    };
    Error::at(found.span, format!("{name} cannot stand in {place}"))
}
