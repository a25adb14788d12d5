//! Expressions over one event, or over one group.
//!
//! Owns what the operators mean. Knows nothing of clauses and of where events come from.
//!
//! What the language leaves open is decided here: arithmetic with null gives null; in a condition null counts as
//! false, and anything else that is neither true nor false is an error; `+` joins when a side is a string, and the
//! other side then is a string, a number or a boolean.

use super::compare::{equal, key, order};
use super::number::Trouble;
use super::plan::{Field, Node, Op, Path};
use super::value::{Value, instant};
use crate::gdbql::ast::{Comparison, Operator, Reach, Span, Step};
use crate::gdbql::{Error, Limits};
use crate::model::event::Envelope;
use crate::model::json::{Json, Kind, Picked, push_quoted};
use crate::model::subject;
use std::borrow::Cow;
use std::cmp::Ordering;

/// What an expression is evaluated over.
#[derive(Clone, Copy)]
pub struct Row<'r, 'v> {
    /// The event; `None` for the one row of an aggregate over nothing.
    pub event: Option<&'r Envelope<'v>>,
    /// The results of the plan's aggregates.
    pub aggregates: &'r [Value<'v>],
    /// What was found of the plan's fields when the event was read.
    pub picked: Option<&'r Picked>,
}

impl<'r, 'v> Row<'r, 'v> {
    pub fn of(event: &'r Envelope<'v>) -> Self {
        Self { event: Some(event), aggregates: &[], picked: None }
    }

    /// An event of which the plan's fields have been found already.
    pub fn picked(event: &'r Envelope<'v>, picked: &'r Picked) -> Self {
        Self { picked: Some(picked), ..Self::of(event) }
    }

    /// The error with the event at which it came.
    pub fn blamed(self, error: Error) -> Error {
        if let Some(event) = self.event { error.about(event) } else { error }
    }
}

/// The value of an expression.
pub fn eval<'v>(node: &'v Node, row: Row<'_, 'v>) -> Result<Value<'v>, Error> {
    Ok(match &node.op {
        Op::Constant(value) => value.borrowed(),
        Op::Path(at) => path(at, row),
        Op::Aggregate(slot) => row.aggregates.get(*slot).cloned().unwrap_or(Value::Null),
        Op::List(items) => Value::List(items.iter().map(|item| eval(item, row)).collect::<Result<_, _>>()?),
        Op::Object(members) => {
            let member = |(name, value): &'v (String, Node)| Ok((name.as_str(), eval(value, row)?));
            Value::Object(members.iter().map(member).collect::<Result<_, Error>>()?)
        }
        Op::Negate(inner) => negate(node, inner, row)?,
        Op::Arithmetic(first, rest) => arithmetic(first, rest, row)?,
        _ => Value::Bool(holds(node, row)?),
    })
}

/// Whether a condition holds. Operands that cannot change the result are not evaluated.
pub fn holds<'v>(node: &'v Node, row: Row<'_, 'v>) -> Result<bool, Error> {
    match &node.op {
        Op::And(items) => all(items, row, true),
        Op::Or(items) => all(items, row, false).map(|none| !none),
        Op::Not(inner) => Ok(!holds(inner, row)?),
        Op::Compare(comparison, left, right) => compared(*comparison, left, right, row),
        Op::Between(value, low, high) => between(value, low, high, row),
        Op::In(value, list) => contains(value, list, row),
        Op::InSet(value, keys) => Ok(keys.contains(&key(&eval(value, row)?))),
        Op::Within(reach, subject, root) => within(*reach, subject, root, row),
        _ => truth(node, row),
    }
}

// Each kind of condition has a function of its own: the fewer values one has on the stack, the deeper they may nest.

fn compared<'v>(comparison: Comparison, left: &'v Node, right: &'v Node, row: Row<'_, 'v>) -> Result<bool, Error> {
    let left = eval(left, row)?;
    Ok(compares(comparison, &left, &eval(right, row)?))
}

fn between<'v>(value: &'v Node, low: &'v Node, high: &'v Node, row: Row<'_, 'v>) -> Result<bool, Error> {
    let (value, low, high) = (eval(value, row)?, eval(low, row)?, eval(high, row)?);
    Ok(compares(Comparison::LessOrEqual, &low, &value) && compares(Comparison::LessOrEqual, &value, &high))
}

fn within<'v>(reach: Reach, subject: &'v Node, root: &'v Node, row: Row<'_, 'v>) -> Result<bool, Error> {
    let (subject, root) = (eval(subject, row)?, eval(root, row)?);
    Ok(match (subject.text(), root.text()) {
        (Some(subject), Some(root)) if reach == Reach::Under => subject::is_under(subject, root),
        (Some(subject), Some(root)) => subject::is_descendant(subject, root),
        _ => false,
    })
}

/// Whether a value that is no condition counts as true.
fn truth<'v>(node: &'v Node, row: Row<'_, 'v>) -> Result<bool, Error> {
    match eval(node, row)? {
        Value::Bool(value) => Ok(value),
        Value::Null => Ok(false),
        other => Err(Error::at(node.span, format!("expected true or false, found {}", other.described()))),
    }
}

/// Whether every item comes to `wanted`.
fn all<'v>(items: &'v [Node], row: Row<'_, 'v>, wanted: bool) -> Result<bool, Error> {
    for item in items {
        if holds(item, row)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compares(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> bool {
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => !equal(left, right),
        Comparison::Less => order(left, right) == Some(Ordering::Less),
        Comparison::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
        Comparison::Greater => order(left, right) == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
    }
}

fn contains<'v>(value: &'v Node, list: &'v Node, row: Row<'_, 'v>) -> Result<bool, Error> {
    let value = eval(value, row)?;
    if let Op::List(items) = &list.op {
        for item in items {
            if equal(&value, &eval(item, row)?) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match eval(list, row)? {
        Value::Null => Ok(false),
        Value::Json(json) if json.kind() == Kind::Array => Ok(json.items().any(|item| equal(&value, &item.into()))),
        other => Err(Error::at(list.span, format!("IN looks through a list, found {}", other.described()))),
    }
}

fn path<'v>(path: &Path, row: Row<'_, 'v>) -> Value<'v> {
    let Some(event) = row.event else { return Value::Null };
    if let (Some(slot), Some(picked)) = (path.slot, row.picked) {
        return event.data.and_then(|data| picked.get(slot, data)).map_or(Value::Null, Value::from);
    }
    let Path { field, steps, .. } = path;
    let text = |text: &Option<Cow<'v, str>>| text.clone().map_or(Value::Null, Value::Text);
    let whole = match field {
        Field::Event => return walk(Some(event.json), steps),
        Field::Data => return walk(event.data, steps),
        // A string has no fields.
        _ if !steps.is_empty() => return Value::Null,
        Field::Id => &event.id,
        Field::Source => &event.source,
        Field::Subject => &event.subject,
        Field::Type => &event.kind,
        Field::Time => {
            return match &event.time {
                Some(time) => match instant(time) {
                    Some(nanos) => Value::Time(time.clone(), nanos),
                    None => Value::Text(time.clone()),
                },
                None => Value::Null,
            };
        }
        Field::SpecVersion => return text(&event.specversion),
        Field::DataContentType => return text(&event.datacontenttype),
        Field::Hash => return text(&event.hash),
        Field::PredecessorHash => return text(&event.predecessorhash),
    };
    Value::Text(whole.clone())
}

fn walk<'v>(from: Option<Json<'v>>, steps: &[Step]) -> Value<'v> {
    let step = |json: Json<'v>, step: &Step| match step {
        Step::Key(name) => json.get(name),
        Step::Index(index) => json.item(*index),
    };
    from.and_then(|json| steps.iter().try_fold(json, step)).map_or(Value::Null, Value::from)
}

fn negate<'v>(node: &Node, inner: &'v Node, row: Row<'_, 'v>) -> Result<Value<'v>, Error> {
    let value = eval(inner, row)?;
    match value.number() {
        Some(number) => super::number::Num::Int(0)
            .subtract(number)
            .map(Value::Number)
            .map_err(|trouble| troubled(trouble, node.span)),
        None if value.is_null() => Ok(Value::Null),
        None => Err(Error::at(inner.span, format!("`-` needs a number, found {}", value.described()))),
    }
}

fn arithmetic<'v>(first: &'v Node, rest: &'v [(Operator, Node)], row: Row<'_, 'v>) -> Result<Value<'v>, Error> {
    let mut sum = eval(first, row)?;
    let mut span = first.span;
    for (operator, term) in rest {
        let right = eval(term, row)?;
        sum = apply(*operator, (sum, span), (right, term.span))?;
        span.end = term.span.end;
    }
    Ok(sum)
}

/// One operation on two values, each with its place.
fn apply<'v>(operator: Operator, left: (Value<'v>, Span), right: (Value<'v>, Span)) -> Result<Value<'v>, Error> {
    let (a, b) = (&left.0, &right.0);
    if a.is_null() || b.is_null() {
        return Ok(Value::Null);
    }
    if operator == Operator::Add && (a.text().is_some() || b.text().is_some()) {
        // A long chain of them adds to one string, instead of copying it for each.
        let mut joined = match left.0 {
            Value::Text(Cow::Owned(text)) => text,
            value => {
                let mut joined = String::new();
                push_plain(&value, left.1, &mut joined)?;
                joined
            }
        };
        push_plain(&right.0, right.1, &mut joined)?;
        if joined.len() > Limits::STRING {
            let message = format!("`+` would make a string of more than {} MiB: join less", Limits::STRING >> 20);
            return Err(Error::limit(right.1, message));
        }
        return Ok(Value::Text(Cow::Owned(joined)));
    }
    let number = |(value, span): &(Value<'_>, Span)| {
        value.number().ok_or_else(|| {
            Error::at(*span, format!("`{}` needs a number, found {}", operator.text(), value.described()))
        })
    };
    let (a, b) = (number(&left)?, number(&right)?);
    let result = match operator {
        Operator::Add => a.add(b),
        Operator::Subtract => a.subtract(b),
        Operator::Multiply => a.multiply(b),
        Operator::Divide => a.divide(b),
        Operator::Remainder => a.remainder(b),
    };
    result.map(Value::Number).map_err(|trouble| match trouble {
        Trouble::DividedByZero => troubled(trouble, right.1),
        Trouble::TooLarge => troubled(trouble, Span { start: left.1.start, end: right.1.end }),
    })
}

/// A scalar as `+` joins it: a string's content, anything else as it is written.
fn push_plain(value: &Value<'_>, span: Span, out: &mut String) -> Result<(), Error> {
    match value {
        Value::Text(text) | Value::Time(text, _) => out.push_str(text),
        Value::Bool(_) | Value::Raw(_) | Value::Number(_) => value.write(out),
        _ => return Err(Error::at(span, format!("`+` cannot join {} to a string", value.described()))),
    }
    Ok(())
}

/// The error for a number that does not exist.
pub fn troubled(trouble: Trouble, span: Span) -> Error {
    let message = match trouble {
        Trouble::DividedByZero => "division by zero",
        Trouble::TooLarge => "the result is too large for a number",
    };
    Error::at(span, message)
}

/// Append the value of an expression as JSON text, without building lists and objects first.
pub fn render<'v>(node: &'v Node, row: Row<'_, 'v>, out: &mut String) -> Result<(), Error> {
    match &node.op {
        Op::Object(members) => {
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_quoted(out, name);
                out.push(':');
                render(value, row, out)?;
            }
            out.push('}');
        }
        Op::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                render(item, row, out)?;
            }
            out.push(']');
        }
        _ => eval(node, row)?.write(out),
    }
    Ok(())
}
