//! A second evaluator, written from the language's description alone: slow, plain, over decoded values.
//!
//! It shares nothing with the first one but the tree. Whole queries are run through both.

use crate::gdbql::ast::{Comparison, Expr, ExprKind, Function, Operator, Query, Reach, Step};
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value as the description speaks of it.
#[derive(Clone, Debug, PartialEq)]
enum V {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// `e.time` and what is made of it: the text, and its instant.
    Time(String, jiff::Timestamp),
    List(Vec<V>),
    Object(BTreeMap<String, V>),
}

type Result<T> = std::result::Result<T, ()>;

fn value(json: &Json) -> V {
    match json {
        Json::Null => V::Null,
        Json::Bool(value) => V::Bool(*value),
        Json::Number(number) => V::Number(number.as_f64().unwrap()),
        Json::String(text) => V::Text(text.clone()),
        Json::Array(items) => V::List(items.iter().map(value).collect()),
        Json::Object(members) => V::Object(members.iter().map(|(key, item)| (key.clone(), value(item))).collect()),
    }
}

fn json(value: &V) -> Json {
    match value {
        V::Null => Json::Null,
        V::Bool(value) => Json::Bool(*value),
        V::Number(number) => Json::from(*number),
        V::Text(text) | V::Time(text, _) => Json::String(text.clone()),
        V::List(items) => Json::Array(items.iter().map(json).collect()),
        V::Object(members) => Json::Object(members.iter().map(|(key, item)| (key.clone(), json(item))).collect()),
    }
}

/// A row's text in a form in which equal rows are equal: numbers as doubles.
pub fn normal(row: &str) -> Json {
    json(&value(&serde_json::from_str(row).unwrap()))
}

fn instant(text: &str) -> Option<jiff::Timestamp> {
    let day = |day: jiff::civil::Date| day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    text.parse().ok().or_else(|| if text.len() == 10 { text.parse().ok().map(day) } else { None })
}

/// The events over which an expression is evaluated: one, or all of a group.
#[derive(Clone, Copy)]
struct Over<'a>(&'a [&'a Json]);

impl Over<'_> {
    fn path(self, steps: &[Step]) -> V {
        let Some(event) = self.0.first() else { return V::Null };
        let found = steps.iter().try_fold(*event, |json, step| match step {
            Step::Key(key) => json.get(key),
            Step::Index(index) => json.get(index),
        });
        let found = found.map_or(V::Null, value);
        match (steps, found) {
            ([Step::Key(key)], V::Text(text)) if key == "time" => match instant(&text) {
                Some(at) => V::Time(text, at),
                None => V::Text(text),
            },
            (_, found) => found,
        }
    }

    fn eval(self, expr: &Expr) -> Result<V> {
        Ok(match &expr.kind {
            ExprKind::Null => V::Null,
            ExprKind::Bool(value) => V::Bool(*value),
            ExprKind::Number(text) => V::Number(text.parse().unwrap()),
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
                V::Number(number) => V::Number(0.0 - number),
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
        let Some(argument) = argument else { return Ok(V::Number(self.0.len() as f64)) };
        let mut values = Vec::new();
        for event in self.0 {
            values.push(Over(&[event]).eval(argument)?);
        }
        values.retain(|value| *value != V::Null);
        let numbers = || values.iter().map(|value| if let V::Number(n) = value { Ok(*n) } else { Err(()) });
        Ok(match function {
            Function::Count => V::Number(values.len() as f64),
            Function::Sum => V::Number(numbers().sum::<Result<f64>>()? + 0.0),
            Function::Average if values.is_empty() => V::Null,
            Function::Average => V::Number(numbers().sum::<Result<f64>>()? / values.len() as f64 + 0.0),
            Function::Minimum | Function::Maximum => {
                let wanted = if function == Function::Minimum { Ordering::Less } else { Ordering::Greater };
                let mut extreme = values.first().cloned().unwrap_or(V::Null);
                for value in values {
                    if order(&value, &extreme).ok_or(())? == wanted {
                        extreme = value;
                    }
                }
                extreme
            }
        })
    }
}

/// The order of two values of one type that has an order.
fn order(a: &V, b: &V) -> Option<Ordering> {
    match (a, b) {
        (V::Bool(a), V::Bool(b)) => Some(a.cmp(b)),
        (V::Number(a), V::Number(b)) => a.partial_cmp(b),
        (V::Text(a), V::Text(b)) => Some(a.chars().cmp(b.chars())),
        (V::Time(_, a), V::Time(_, b)) => Some(a.cmp(b)),
        (V::Time(text, a), V::Text(b)) => Some(instant(b).map_or_else(|| text.cmp(b), |b| a.cmp(&b))),
        (V::Text(_), V::Time(..)) => order(b, a).map(Ordering::reverse),
        _ => None,
    }
}

fn compare(comparison: Comparison, a: &V, b: &V) -> bool {
    let composite = |value: &V| matches!(value, V::List(_) | V::Object(_));
    let equal = order(a, b) == Some(Ordering::Equal)
        || (*a == V::Null && *b == V::Null)
        || (composite(a) && composite(b) && json(a) == json(b));
    match comparison {
        Comparison::Equal => equal,
        Comparison::NotEqual => !equal,
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
    let plain = |value: &V| match value {
        V::Text(text) | V::Time(text, _) => Ok(text.clone()),
        V::Number(number) => Ok(number.to_string()),
        V::Bool(value) => Ok(value.to_string()),
        _ => Err(()),
    };
    let is_text = |value: &V| matches!(value, V::Text(_) | V::Time(..));
    match (operator, a, b) {
        (_, V::Null, _) | (_, _, V::Null) => Ok(V::Null),
        (Operator::Add, a, b) if is_text(&a) || is_text(&b) => Ok(V::Text(plain(&a)? + &plain(&b)?)),
        (Operator::Divide | Operator::Remainder, V::Number(_), V::Number(0.0)) => Err(()),
        (operator, V::Number(a), V::Number(b)) => {
            let result = match operator {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => a / b,
                Operator::Remainder => a % b,
            };
            Ok(V::Number(result + 0.0))
        }
        _ => Err(()),
    }
}

/// The order of two values in an ORDER BY, where everything has a place.
fn placed(a: &V, b: &V, descending: bool) -> Ordering {
    let rank = |value: &V| match value {
        V::Bool(_) => 0,
        V::Number(_) => 1,
        V::Time(..) => 2,
        V::Text(_) => 3,
        V::List(_) => 4,
        V::Object(_) => 5,
        V::Null => 6,
    };
    let found = if rank(a) == rank(b) { order(a, b).unwrap_or(Ordering::Equal) } else { rank(a).cmp(&rank(b)) };
    if descending && *a != V::Null && *b != V::Null { found.reverse() } else { found }
}

/// All rows of a query, or that there is an error on the way to one of them.
pub fn run(query: &Query, events: &[Json]) -> Result<Vec<Json>> {
    let limit = usize::try_from(query.limit.unwrap_or(u64::MAX)).unwrap();
    let after = || query.having.iter().chain(query.order.iter().map(|order| &order.by)).chain(&query.map);
    let aggregates = after().any(|expr| expr.first_aggregate().is_some());
    if limit == 0 {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    let row = |over: Over<'_>| match &query.map {
        Some(map) => over.eval(map).map(|value| json(&value)),
        None => Ok(json(&over.path(&[]))),
    };
    // What a row is made of: one event, or the events of a group.
    let mut sources: Vec<Vec<&Json>> = Vec::new();
    let mut keys: Vec<Vec<V>> = Vec::new();
    let grouped = aggregates || !query.group.is_empty();
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
    if grouped {
        check_aggregates(after(), &sources)?;
    }
    let mut placed_rows = Vec::new();
    for source in &sources {
        let over = Over(source);
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

/// Aggregates are computed while events pass, whether or not a row asks for them in the end.
fn check_aggregates<'q>(exprs: impl Iterator<Item = &'q Expr>, sources: &[Vec<&Json>]) -> Result<()> {
    fn each(expr: &Expr, sources: &[Vec<&Json>]) -> Result<()> {
        if matches!(expr.kind, ExprKind::Aggregate(..)) {
            return sources.iter().try_for_each(|source| Over(source).eval(expr).map(drop));
        }
        expr.children().into_iter().try_for_each(|child| each(child, sources))
    }
    exprs.into_iter().try_for_each(|expr| each(expr, sources))
}
