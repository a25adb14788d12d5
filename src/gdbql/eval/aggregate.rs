//! The aggregates: COUNT, SUM, AVG, MIN and MAX over the events of a group.
//!
//! Null is passed over by all of them but `COUNT()`. MIN and MAX take numbers, strings, instants or booleans, and only
//! one of these kinds at a time: values of different types have no order, so a mixture is an error.
//! Knows nothing of groups and rows.

use super::compare::order;
use super::expr::{Row, eval, troubled};
use super::number::Num;
use super::plan::Node;
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
pub enum State<'v> {
    Count(i128),
    Sum(Num),
    Average(Num, i128),
    /// The smallest or largest so far.
    Extreme(Value<'v>),
}

impl<'v> State<'v> {
    pub fn new(plan: &AggregatePlan) -> Self {
        match plan.function {
            Function::Count => State::Count(0),
            Function::Sum => State::Sum(Num::Int(0)),
            Function::Average => State::Average(Num::Int(0), 0),
            Function::Minimum | Function::Maximum => State::Extreme(Value::Null),
        }
    }

    /// Take one more event into account.
    pub fn add(&mut self, plan: &'v AggregatePlan, row: Row<'_, 'v>) -> Result<(), Error> {
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
            State::Sum(sum) => *sum = plus(*sum, &value, plan, argument)?,
            State::Average(sum, count) => {
                *sum = plus(*sum, &value, plan, argument)?;
                *count += 1;
            }
            State::Extreme(extreme) => {
                if replaces(extreme, &value, plan, argument)? {
                    *extreme = value;
                }
            }
        }
        Ok(())
    }

    /// The result over all that was added.
    pub fn result(&self, plan: &AggregatePlan) -> Result<Value<'v>, Error> {
        Ok(match self {
            State::Count(count) => Value::Number(Num::Int(*count)),
            State::Sum(sum) => Value::Number(*sum),
            State::Average(_, 0) => Value::Null,
            State::Average(sum, count) => {
                let average = sum.divide(Num::Int(*count)).map_err(|trouble| troubled(trouble, plan.span))?;
                Value::Number(average)
            }
            State::Extreme(extreme) => extreme.clone(),
        })
    }
}

fn plus(sum: Num, value: &Value<'_>, plan: &AggregatePlan, argument: &Node) -> Result<Num, Error> {
    let name = plan.function.name();
    let number = value
        .number()
        .ok_or_else(|| Error::at(argument.span, format!("{name} adds up numbers, found {}", value.described())))?;
    sum.add(number).map_err(|trouble| troubled(trouble, plan.span))
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
        Some(order) => Ok(order == wanted),
        None => {
            let (value, other) = (value.described(), extreme.described());
            Err(Error::at(argument.span, format!("{name} cannot order {value} and {other}")))
        }
    }
}
