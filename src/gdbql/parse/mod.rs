//! The parser: from text to tree, in either dialect.
//!
//! Owns the clauses and their order. Knows nothing of events and of evaluation.

mod check;
pub mod cursor;
mod expr;
pub mod hint;
mod literal;

use super::ast::{Expr, Order, Query};
use super::lex::Shape;
use super::{Error, Limits};
use cursor::Cursor;

/// Understand a query, in either dialect.
///
/// # Errors
/// The first place that cannot be understood.
pub fn parse(text: &str) -> Result<Query, Error> {
    bounded(text)?;
    let mut cursor = Cursor::new(text);
    let binding = header(&mut cursor)?;
    let mut query = Query {
        binding: binding.to_owned(),
        filter: None,
        group: Vec::new(),
        having: None,
        order: Vec::new(),
        limit: None,
        map: None,
    };
    cursor.binding = binding;
    clauses(&mut cursor, &mut query)?;
    cursor.take_symbol(";");
    if cursor.peek().is_some() {
        return Err(leftover(&cursor));
    }
    check::aggregates(&query)?;
    Ok(query)
}

/// Understand a bare condition over an event that is called `e`.
pub fn condition(text: &str) -> Result<Expr, Error> {
    bounded(text)?;
    let mut cursor = Cursor::new(text);
    let condition = expr::expression(&mut cursor)?;
    if cursor.peek().is_some() {
        return Err(cursor.expected("AND, OR or the end of the condition"));
    }
    check::no_aggregate(&condition, "a condition over single events")?;
    Ok(condition)
}

/// Refuse a text of which the tree alone would fill the memory.
fn bounded(text: &str) -> Result<(), Error> {
    if text.len() <= Limits::TEXT {
        return Ok(());
    }
    let mib = Limits::TEXT >> 20;
    Err(Error::limit(0..0, format!("the query is longer than {mib} MiB: ask for less at once")))
}

/// `STREAM e FROM events` or `FROM e IN events`; gives the event's name.
fn header<'t>(cursor: &mut Cursor<'t>) -> Result<&'t str, Error> {
    let (first, second) = if cursor.take_word("STREAM") {
        ("STREAM", "FROM")
    } else if cursor.take_word("FROM") {
        ("FROM", "IN")
    } else {
        return Err(cursor.expected("STREAM e FROM events"));
    };
    let binding = cursor.word(0);
    if binding.is_empty() || hint::is_keyword(binding) {
        return Err(cursor.expected(&format!("a name for the event, `{first} e {second} events`")));
    }
    cursor.skip();
    if first == "FROM" && cursor.peek().is_none() && binding.eq_ignore_ascii_case("events") {
        return Err(Error::at(cursor.here(), "the event has no name: a query starts with STREAM e FROM events"));
    }
    cursor.expect_word(second)?;
    if !cursor.is_word("events") {
        return Err(cursor.expected("`events`"));
    }
    cursor.skip();
    Ok(binding)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    Where,
    GroupBy,
    Having,
    OrderBy,
    Limit,
    Map,
}

impl Clause {
    /// Clauses come in this order; LIMIT and MAP either way round.
    fn rank(self) -> u8 {
        match self {
            Clause::Where => 0,
            Clause::GroupBy => 1,
            Clause::Having => 2,
            Clause::OrderBy => 3,
            Clause::Limit | Clause::Map => 4,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Clause::Where => "WHERE",
            Clause::GroupBy => "GROUP BY",
            Clause::Having => "HAVING",
            Clause::OrderBy => "ORDER BY",
            Clause::Limit => "LIMIT",
            Clause::Map => "MAP",
        }
    }

    fn starting(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "WHERE" => Clause::Where,
            "GROUP" => Clause::GroupBy,
            "HAVING" => Clause::Having,
            "ORDER" => Clause::OrderBy,
            "LIMIT" | "TOP" => Clause::Limit,
            "MAP" | "PROJECT" => Clause::Map,
            _ => return None,
        })
    }
}

fn clauses(cursor: &mut Cursor<'_>, query: &mut Query) -> Result<(), Error> {
    let mut seen: Vec<Clause> = Vec::new();
    while let Some(clause) = Clause::starting(cursor.word(0)) {
        let start = cursor.skip();
        let second = match clause {
            Clause::GroupBy | Clause::OrderBy => "BY",
            Clause::Map if cursor.text_of(start.clone()).eq_ignore_ascii_case("PROJECT") => "INTO",
            _ => "",
        };
        if !second.is_empty() {
            cursor.expect_word(second)?;
        }
        let span = start.start..cursor.last_end();
        if seen.contains(&clause) {
            return Err(Error::at(span, format!("there is a {} already", clause.name())));
        }
        if let Some(later) = seen.iter().find(|other| other.rank() > clause.rank()) {
            return Err(Error::at(span, format!("{} stands before {}", clause.name(), later.name())));
        }
        seen.push(clause);
        match clause {
            Clause::Where => query.filter = Some(expr::expression(cursor)?),
            Clause::GroupBy => query.group = list(cursor, expr::expression)?,
            Clause::Having => query.having = Some(expr::expression(cursor)?),
            Clause::OrderBy => query.order = list(cursor, order)?,
            Clause::Limit => query.limit = Some(limit(cursor)?),
            Clause::Map => query.map = Some(expr::expression(cursor)?),
        }
    }
    Ok(())
}

fn list<T>(cursor: &mut Cursor<'_>, item: fn(&mut Cursor<'_>) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let mut items = vec![item(cursor)?];
    while cursor.take_symbol(",") {
        items.push(item(cursor)?);
    }
    Ok(items)
}

fn order(cursor: &mut Cursor<'_>) -> Result<Order, Error> {
    let by: Expr = expr::expression(cursor)?;
    let descending = cursor.take_word("DESC");
    if !descending {
        cursor.take_word("ASC");
    }
    Ok(Order { by, descending })
}

fn limit(cursor: &mut Cursor<'_>) -> Result<u64, Error> {
    let is_number = cursor.peek().is_some_and(|piece| piece.shape == Shape::Number);
    let span = cursor.here();
    let text = cursor.text_of(span.clone());
    if !is_number || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(cursor.expected("a whole number of rows"));
    }
    cursor.skip();
    text.parse().map_err(|_| Error::at(span, "the number is too large"))
}

/// What to say about text behind the last clause that was understood.
fn leftover(cursor: &Cursor<'_>) -> Error {
    let word = cursor.word(0);
    let mut error = cursor.expected("an operator, the next clause or the end of the query");
    if word.eq_ignore_ascii_case("STREAM") || word.eq_ignore_ascii_case("FROM") {
        error.message.push_str("; `;` or a blank line separates two queries");
    } else if hint::is_close(word, "DESC") || hint::is_close(word, "ASC") {
        error.message.push_str("; did you mean ASC or DESC?");
    } else if let Some(clause) = hint::clause_like(word) {
        error.message = format!("`{word}` is no clause; did you mean {clause}?");
    } else if cursor.symbol(0) == ")" || cursor.symbol(0) == "]" || cursor.symbol(0) == "}" {
        error.message = format!("`{}` closes nothing", cursor.symbol(0));
    }
    error
}
