//! A second evaluator, written from the language's description alone: slow, plain, over decoded values.
//!
//! It shares nothing with the first one but the tree: not its values, not its numbers, not its instants. Whole queries
//! are run through both.

mod number;
mod value;

use crate::gdbql::ast::{Comparison, Expr, ExprKind, Function, Operator, Query, Reach, Step};
use number::{N, sum};
use std::cmp::Ordering;
pub use value::V;
use value::{equal, instant, order, placed, same_type};

type Result<T> = std::result::Result<T, ()>;

/// The fields of an event that are strings.
const OWN: [&str; 9] =
    ["id", "source", "subject", "type", "time", "specversion", "datacontenttype", "predecessorhash", "hash"];

/// The events over which an expression is evaluated: one, or all of a group.
#[derive(Clone, Copy)]
struct Over<'a>(&'a [&'a V]);

impl Over<'_> {
    fn path(self, steps: &[Step]) -> V {
        let Some(event) = self.0.first() else { return V::Null };
        let found = steps.iter().try_fold(*event, |value, step| match (step, value) {
            (Step::Key(key), V::Object(members)) => members.get(key),
            (Step::Index(index), V::List(items)) => items.get(*index),
            _ => None,
        });
        let found = found.cloned().unwrap_or(V::Null);
        match (steps, found) {
            // The event's own fields are strings; whatever else stands there is missing.
            ([Step::Key(key), ..], found) if OWN.contains(&key.as_str()) => match found {
                V::Text(text) if key == "time" => match instant(&text) {
                    Some(at) => V::Time(text, at),
                    None => V::Text(text),
                },
                V::Text(text) => V::Text(text),
                _ => V::Null,
            },
            (_, found) => found,
        }
    }

    fn eval(self, expr: &Expr) -> Result<V> {
        Ok(match &expr.kind {
            ExprKind::Null => V::Null,
            ExprKind::Bool(value) => V::Bool(*value),
            ExprKind::Number(text) => V::number(N::read(text)),
            ExprKind::Text(text) => V::Text(text.clone()),
            ExprKind::List(items) => V::List(items.iter().map(|item| self.eval(item)).collect::<Result<_>>()?),
            ExprKind::Object(members) => {
                let members = members.iter().map(|(key, value)| Ok((key.clone(), self.eval(value)?)));
                V::Object(members.collect::<Result<_>>()?)
            }
            ExprKind::Path(steps) => self.path(steps),
            ExprKind::Not(inner) => V::Bool(!self.test(inner)?),
            ExprKind::Negate(inner) => match self.eval(inner)? {
                V::Null => V::Null,
                V::Number(number, _) => V::number(N::Whole(0).subtract(number)?),
                _ => return Err(()),
            },
            ExprKind::And(items) => {
                for item in items {
                    if !self.test(item)? {
                        return Ok(V::Bool(false));
                    }
                }
                V::Bool(true)
            }
            ExprKind::Or(items) => {
                for item in items {
                    if self.test(item)? {
                        return Ok(V::Bool(true));
                    }
                }
                V::Bool(false)
            }
            ExprKind::Compare(comparison, a, b) => V::Bool(compare(*comparison, &self.eval(a)?, &self.eval(b)?)),
            ExprKind::In(needle, list) => V::Bool(self.contains(needle, list)?),
            ExprKind::Between(a, low, high) => {
                let (a, low, high) = (self.eval(a)?, self.eval(low)?, self.eval(high)?);
                V::Bool(order(&low, &a).is_some_and(Ordering::is_le) && order(&a, &high).is_some_and(Ordering::is_le))
            }
            ExprKind::Within(reach, subject, root) => match (self.eval(subject)?, self.eval(root)?) {
                (V::Text(subject) | V::Time(subject, _), V::Text(root) | V::Time(root, _)) => {
                    V::Bool(within(*reach, &subject, &root))
                }
                _ => V::Bool(false),
            },
            ExprKind::Arithmetic(first, rest) => {
                let mut result = self.eval(first)?;
                for (operator, term) in rest {
                    result = arithmetic(*operator, result, self.eval(term)?)?;
                }
                result
            }
            ExprKind::Aggregate(function, argument) => self.aggregate(*function, argument.as_deref())?,
        })
    }

    fn test(self, expr: &Expr) -> Result<bool> {
        match self.eval(expr)? {
            V::Bool(value) => Ok(value),
            V::Null => Ok(false),
            _ => Err(()),
        }
    }

    fn contains(self, needle: &Expr, list: &Expr) -> Result<bool> {
        let needle = self.eval(needle)?;
        if let ExprKind::List(items) = &list.kind {
            for item in items {
                if compare(Comparison::Equal, &needle, &self.eval(item)?) {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        match self.eval(list)? {
            V::Null => Ok(false),
            V::List(items) => Ok(items.iter().any(|item| compare(Comparison::Equal, &needle, item))),
            _ => Err(()),
        }
    }

    fn aggregate(self, function: Function, argument: Option<&Expr>) -> Result<V> {
        let count = |count: usize| V::number(N::Whole(count as i128));
        let Some(argument) = argument else { return Ok(count(self.0.len())) };
        let values = self.aggregated(function, argument)?;
        let total = || {
            let number = |value: &V| if let V::Number(n, _) = value { Some(*n) } else { None };
            sum(&values.iter().filter_map(number).collect::<Vec<_>>())
        };
        Ok(match function {
            Function::Count => count(values.len()),
            Function::Sum => V::number(total()?),
            Function::Average if values.is_empty() => V::Null,
            Function::Average => V::number(total()?.divide(N::Whole(values.len() as i128))?),
            Function::Minimum | Function::Maximum => {
                let wanted = if function == Function::Minimum { Ordering::Less } else { Ordering::Greater };
                let mut extreme = values.first().cloned().unwrap_or(V::Null);
                for value in &values {
                    if order(value, &extreme) == Some(wanted) {
                        extreme = value.clone();
                    }
                }
                extreme
            }
        })
    }

    /// What an aggregate is made of: the values that are not null, which must be of a kind that it takes.
    fn aggregated(self, function: Function, argument: &Expr) -> Result<Vec<V>> {
        let mut values = Vec::new();
        for event in self.0 {
            values.push(Over(&[event]).eval(argument)?);
        }
        values.retain(|value| *value != V::Null);
        let taken = |value: &V| match function {
            Function::Count => true,
            Function::Sum | Function::Average => matches!(value, V::Number(number, _) if number.is_finite()),
            Function::Minimum | Function::Maximum => order(value, value).is_some() && same_type(value, &values[0]),
        };
        if values.iter().all(taken) { Ok(values) } else { Err(()) }
    }
}

fn compare(comparison: Comparison, a: &V, b: &V) -> bool {
    match comparison {
        Comparison::Equal => equal(a, b),
        Comparison::NotEqual => !equal(a, b),
        Comparison::Less => order(a, b) == Some(Ordering::Less),
        Comparison::Greater => order(a, b) == Some(Ordering::Greater),
        Comparison::LessOrEqual => matches!(order(a, b), Some(Ordering::Less | Ordering::Equal)),
        Comparison::GreaterOrEqual => matches!(order(a, b), Some(Ordering::Greater | Ordering::Equal)),
    }
}

fn within(reach: Reach, subject: &str, root: &str) -> bool {
    let root = root.trim_end_matches('/');
    let below = subject.starts_with(&format!("{root}/"));
    match reach {
        Reach::Under => subject == root || below,
        Reach::Descendants => below && subject.trim_end_matches('/') != root,
    }
}

fn arithmetic(operator: Operator, a: V, b: V) -> Result<V> {
    match (operator, a, b) {
        (_, V::Null, _) | (_, _, V::Null) => Ok(V::Null),
        (Operator::Add, a, b) if a.is_text() || b.is_text() => Ok(V::Text(a.joined()? + &b.joined()?)),
        (operator, V::Number(a, _), V::Number(b, _)) => Ok(V::number(match operator {
            Operator::Add => a.add(b),
            Operator::Subtract => a.subtract(b),
            Operator::Multiply => a.multiply(b),
            Operator::Divide => a.divide(b),
            Operator::Remainder => a.remainder(b),
        }?)),
        _ => Err(()),
    }
}

/// All rows of a query, or that there is an error on the way to one of them.
pub fn run(query: &Query, events: &[V]) -> Result<Vec<V>> {
    let limit = usize::try_from(query.limit.unwrap_or(u64::MAX)).unwrap();
    let after = || query.having.iter().chain(query.order.iter().map(|order| &order.by)).chain(&query.map);
    let aggregated = after().any(|expr| expr.first_aggregate().is_some());
    if limit == 0 {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    let row = |over: Over<'_>| match &query.map {
        Some(map) => over.eval(map).map(|value| value.plain()),
        None => Ok(over.path(&[])),
    };
    // What a row is made of: one event, or the events of a group.
    let mut sources: Vec<Vec<&V>> = Vec::new();
    let mut keys: Vec<Vec<V>> = Vec::new();
    let grouped = aggregated || !query.group.is_empty();
    let streams = !grouped && query.order.is_empty();
    for event in events {
        let over = Over(&[event]);
        if query.filter.as_ref().is_some_and(|filter| over.test(filter) == Ok(false)) {
            continue;
        }
        query.filter.as_ref().map_or(Ok(true), |filter| over.test(filter))?;
        let key: Vec<V> = query.group.iter().map(|by| over.eval(by)).collect::<Result<_>>()?;
        let alike = |known: &Vec<V>| known.iter().zip(&key).all(|(a, b)| compare(Comparison::Equal, a, b));
        match keys.iter().position(alike) {
            Some(at) if grouped => sources[at].push(event),
            _ => {
                keys.push(key);
                sources.push(vec![event]);
            }
        }
        if streams && rows.len() < limit {
            rows.push(row(over)?);
            if rows.len() == limit {
                break;
            }
        }
    }
    if streams {
        return Ok(rows);
    }
    if grouped && sources.is_empty() && query.group.is_empty() {
        sources.push(Vec::new());
    }
    let aggregates: Vec<(Function, &Expr, &Expr)> = after().flat_map(aggregates_in).collect();
    // Whatever an aggregate cannot take is an error, whether or not a row asks for it in the end.
    for source in &sources {
        aggregates
            .iter()
            .try_for_each(|(function, argument, _)| Over(source).aggregated(*function, argument).map(drop))?;
    }
    let mut placed_rows = Vec::new();
    for source in &sources {
        let over = Over(source);
        // A row has all its aggregates or is an error.
        aggregates.iter().try_for_each(|(_, _, whole)| over.eval(whole).map(drop))?;
        if !query.having.as_ref().map_or(Ok(true), |having| over.test(having))? {
            continue;
        }
        let by: Vec<V> = query.order.iter().map(|order| over.eval(&order.by)).collect::<Result<_>>()?;
        if query.order.is_empty() {
            rows.push(row(over)?);
            if rows.len() == limit {
                return Ok(rows);
            }
        }
        placed_rows.push((by, over));
    }
    if query.order.is_empty() {
        return Ok(rows);
    }
    placed_rows.sort_by(|(a, _), (b, _)| {
        let each = a.iter().zip(b).zip(&query.order).map(|((a, b), order)| placed(a, b, order.descending));
        each.fold(Ordering::Equal, Ordering::then)
    });
    placed_rows.into_iter().take(limit).map(|(_, over)| row(over)).collect()
}

/// The aggregates of something in an expression: what they are, of what, and as a whole.
fn aggregates_in(expr: &Expr) -> Vec<(Function, &Expr, &Expr)> {
    match &expr.kind {
        ExprKind::Aggregate(function, Some(argument)) => vec![(*function, argument, expr)],
        _ => expr.children().into_iter().flat_map(aggregates_in).collect(),
    }
}

/// Whether rows of JSON text are these.
pub fn are_said_by(expected: &[V], rows: &[String]) -> bool {
    expected.len() == rows.len() && expected.iter().zip(rows).all(|(value, row)| value.is_said_by(&V::read(row)))
}
