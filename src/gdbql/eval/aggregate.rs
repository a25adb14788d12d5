//! The aggregates: COUNT, SUM, AVG, MIN and MAX over the events of a group.
//!
//! Null is passed over by all of them but `COUNT()`. MIN and MAX take numbers, strings, instants or booleans, and only
//! one of these kinds at a time: values of different types have no order, so a mixture is an error. What is known after
//! some events can be joined with what is known after others, and the result does not tell in how many parts it came.
//! Knows nothing of groups and rows.

use super::compare::order;
use super::expr::{Row, eval, troubled};
use super::number::Num;
use super::plan::Node;
use super::sum::Sum;
use super::value::Value;
use crate::gdbql::Error;
use crate::gdbql::ast::{Function, Span};
use std::cmp::Ordering;

/// An aggregate of a plan.
#[derive(Clone, Debug)]
pub struct AggregatePlan {
    pub function: Function,
    pub argument: Option<Node>,
    pub span: Span,
}

/// What an aggregate knows after some events.
#[derive(Clone, Debug)]
pub enum State {
    Count(i128),
    Sum(Sum),
    Average(Sum, i128),
    /// The smallest or largest so far, and the place of its event.
    Extreme(Value<'static>, u64),
}

impl State {
    pub fn new(plan: &AggregatePlan) -> Self {
        match plan.function {
            Function::Count => State::Count(0),
            Function::Sum => State::Sum(Sum::default()),
            Function::Average => State::Average(Sum::default(), 0),
            Function::Minimum | Function::Maximum => State::Extreme(Value::Null, 0),
        }
    }

    /// What it takes beside itself, in bytes.
    pub fn bytes(&self) -> usize {
        match self {
            State::Count(_) => 0,
            State::Sum(sum) | State::Average(sum, _) => sum.bytes(),
            State::Extreme(extreme, _) => extreme.text_bytes(),
        }
    }

    /// Take one more event into account, which stands at `at`; places ascend.
    pub fn add(&mut self, plan: &AggregatePlan, at: u64, row: Row<'_, '_>) -> Result<(), Error> {
        let Some(argument) = &plan.argument else {
            if let State::Count(count) = self {
                *count += 1;
            }
            return Ok(());
        };
        let value = eval(argument, row)?;
        if value.is_null() {
            return Ok(());
        }
        match self {
            State::Count(count) => *count += 1,
            State::Sum(sum) => plus(sum, &value, plan, argument)?,
            State::Average(sum, count) => {
                plus(sum, &value, plan, argument)?;
                *count += 1;
            }
            State::Extreme(extreme, since) => {
                if replaces(extreme, &value, plan, argument)? {
                    (*extreme, *since) = (value.owned(), at);
                }
            }
        }
        Ok(())
    }

    /// Take what another one knows into account, which saw other events.
    pub fn merge(&mut self, plan: &AggregatePlan, other: Self) -> Result<(), Error> {
        match (self, other) {
            (State::Count(count), State::Count(more)) => *count += more,
            (State::Sum(sum), State::Sum(more)) => sum.merge(&more),
            (State::Average(sum, count), State::Average(more, events)) => {
                sum.merge(&more);
                *count += events;
            }
            (State::Extreme(extreme, since), State::Extreme(value, at)) if !value.is_null() => {
                let Some(argument) = &plan.argument else { return Ok(()) };
                let replaced = replaces(extreme, &value, plan, argument)?;
                // Of equals the first event's stays, whoever saw it.
                if replaced || (at < *since && !replaces(&value, extreme, plan, argument)?) {
                    (*extreme, *since) = (value, at);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The result over all that was added.
    pub fn result(&self, plan: &AggregatePlan) -> Result<Value<'_>, Error> {
        let troubled = |trouble| troubled(trouble, plan.span);
        Ok(match self {
            State::Count(count) => Value::Number(Num::Int(*count)),
            State::Sum(sum) => Value::Number(sum.total().map_err(troubled)?),
            State::Average(_, 0) => Value::Null,
            State::Average(sum, count) => {
                let average = sum.total().and_then(|sum| sum.divide(Num::Int(*count))).map_err(troubled)?;
                Value::Number(average)
            }
            State::Extreme(extreme, _) => extreme.borrowed(),
        })
    }
}

fn plus(sum: &mut Sum, value: &Value<'_>, plan: &AggregatePlan, argument: &Node) -> Result<(), Error> {
    let name = plan.function.name();
    let number = value
        .number()
        .ok_or_else(|| Error::at(argument.span, format!("{name} adds up numbers, found {}", value.described())))?;
    sum.add(number).map_err(|trouble| troubled(trouble, plan.span))
}

/// Instants and texts that are none have orders of their own: mixed, the largest would depend on where one begins.
fn is_instant(value: &Value<'_>) -> bool {
    matches!(value, Value::Time(..))
}

/// Whether `value` is to stand in for the extreme so far. Of equals the first stays.
fn replaces(extreme: &Value<'_>, value: &Value<'_>, plan: &AggregatePlan, argument: &Node) -> Result<bool, Error> {
    let name = plan.function.name();
    if order(value, value).is_none() {
        let message = format!("{name} takes numbers, strings or booleans, found {}", value.described());
        return Err(Error::at(argument.span, message));
    }
    if extreme.is_null() {
        return Ok(true);
    }
    let wanted = if plan.function == Function::Minimum { Ordering::Less } else { Ordering::Greater };
    match order(value, extreme) {
        Some(order) if is_instant(value) == is_instant(extreme) => Ok(order == wanted),
        _ => {
            let (value, other) = (value.described(), extreme.described());
            Err(Error::at(argument.span, format!("{name} cannot order {value} and {other}")))
        }
    }
}
