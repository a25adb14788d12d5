//! Rows that are groups: GROUP BY, HAVING and aggregates.
//!
//! Owns the table of groups. Knows nothing of where events come from.

use super::aggregate::State;
use super::best::Best;
use super::compare::{SortKey, push_group_key};
use super::expr::{Row, eval, holds};
use super::plan::Plan;
use super::rows::{Sink, passes, sort_keys, text};
use super::value::Value;
use crate::gdbql::{Error, Limits};
use crate::model::event::Envelope;
use crate::model::json::Json;
use std::collections::HashMap;

struct Group<'v> {
    /// The group's first event; `None` in the one group of an aggregate over nothing.
    first: Option<Json<'v>>,
    states: Box<[State<'v>]>,
}

impl<'v> Group<'v> {
    fn new(plan: &Plan, first: Option<Json<'v>>) -> Self {
        Self { first, states: plan.aggregates.iter().map(State::new).collect() }
    }

    /// Evaluate something over the finished group.
    fn with_row<T>(&self, plan: &'v Plan, find: impl FnOnce(Row<'_, 'v>) -> Result<T, Error>) -> Result<T, Error> {
        let event = self.first.and_then(|json| Envelope::from_json(json).ok());
        let results = self.states.iter().zip(&plan.aggregates).map(|(state, plan)| state.result(plan));
        let aggregates: Vec<Value<'v>> = results.collect::<Result<_, _>>()?;
        find(Row { event: event.as_ref(), aggregates: &aggregates })
    }
}

/// One row a group, in order of first appearance or as ORDER BY says.
pub fn grouped<'v>(
    plan: &'v Plan,
    events: &mut dyn Iterator<Item = Envelope<'v>>,
    limits: &Limits,
    row: &mut Sink<'_>,
) -> Result<(), Error> {
    if plan.limit == Some(0) {
        return Ok(());
    }
    let groups = collect(plan, events, limits)?;
    if plan.order.is_empty() {
        return give(plan, groups.iter(), row);
    }
    let mut best: Best<(Box<[SortKey<'v>]>, usize)> = Best::new(plan.limit, usize::MAX);
    for (at, group) in groups.iter().enumerate() {
        let keys = group.with_row(plan, |row| match had(plan, row)? {
            true => sort_keys(plan, row).map(Some),
            false => Ok(None),
        })?;
        if let Some(keys) = keys {
            best.offer((keys, at));
        }
    }
    let kept = best.in_order();
    give(plan, kept.iter().filter_map(|(_, at)| groups.get(*at)), row)
}

/// Whether a group passes the HAVING.
fn had<'v>(plan: &'v Plan, row: Row<'_, 'v>) -> Result<bool, Error> {
    plan.having.as_ref().map_or(Ok(true), |having| holds(having, row))
}

/// Map the groups that pass the HAVING, up to the limit.
fn give<'g, 'v: 'g>(
    plan: &'v Plan,
    groups: impl Iterator<Item = &'g Group<'v>>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let mut left = plan.limit.unwrap_or(u64::MAX);
    for group in groups {
        if left == 0 {
            break;
        }
        let text = group.with_row(plan, |row| if had(plan, row)? { text(plan, row).map(Some) } else { Ok(None) })?;
        if let Some(text) = text {
            left -= 1;
            if sink(text).is_break() {
                break;
            }
        }
    }
    Ok(())
}

fn collect<'v>(
    plan: &'v Plan,
    events: &mut dyn Iterator<Item = Envelope<'v>>,
    limits: &Limits,
) -> Result<Vec<Group<'v>>, Error> {
    let mut groups: Vec<Group<'v>> = Vec::new();
    // Keys are untrusted: the standard hasher cannot be made to collide from outside.
    let mut places: HashMap<Box<str>, usize> = HashMap::new();
    let mut key = String::new();
    for event in events {
        if !passes(plan, &event)? {
            continue;
        }
        let about = |error: Error| error.about(&event);
        let here = Row::of(&event);
        key.clear();
        for by in &plan.group {
            push_group_key(&eval(by, here).map_err(about)?, &mut key);
        }
        let place = match places.get(key.as_str()) {
            Some(place) => *place,
            None if groups.len() >= limits.groups => return Err(too_many_groups(plan, limits)),
            None => {
                places.insert(key.as_str().into(), groups.len());
                groups.push(Group::new(plan, Some(event.json)));
                groups.len() - 1
            }
        };
        if let Some(group) = groups.get_mut(place) {
            for (state, aggregate) in group.states.iter_mut().zip(&plan.aggregates) {
                state.add(aggregate, here).map_err(about)?;
            }
        }
    }
    if groups.is_empty() && plan.group.is_empty() {
        groups.push(Group::new(plan, None));
    }
    Ok(groups)
}

fn too_many_groups(plan: &Plan, limits: &Limits) -> Error {
    let span = plan.group.first().map_or_else(Default::default, |by| by.span);
    Error::at(span, format!("GROUP BY would make more than {} groups: narrow the query", limits.groups))
}
