//! Rows that are groups: GROUP BY, HAVING and aggregates.
//!
//! Owns the table of groups. Tables over different events can be joined; a group stands where its first event does.
//! Knows nothing of where events come from.

use super::aggregate::State;
use super::best::Best;
use super::compare::{SortKey, push_group_key};
use super::expr::{Row, eval, holds};
use super::plan::Plan;
use super::room::{Full, Room, Share, words};
use super::rows::{Sink, passes, raised, sort_keys, text, too_large};
use super::value::Value;
use crate::gdbql::Error;
use crate::model::event::Envelope;
use rustc_hash::FxHasher;
use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::Arc;

/// The groups of a query, as far as events were added.
#[derive(Debug, Default)]
pub struct Groups {
    // Keys are untrusted: the standard hasher cannot be made to collide from outside.
    places: HashMap<Arc<str>, usize>,
    groups: Vec<Group>,
    /// The memory of the key that is being made.
    key: String,
    recent: Recent,
    share: Share,
}

/// The places of groups that were found lately, by a hash that takes a fraction of the time of the safe one. Keys that
/// collide here push each other out, and cost no more than without.
#[derive(Debug)]
struct Recent(Box<[u32; Recent::SLOTS]>);

impl Default for Recent {
    fn default() -> Self {
        Self(Box::new([u32::MAX; Self::SLOTS]))
    }
}

impl Recent {
    const SLOTS: usize = 256;

    /// Where the place of a key is kept.
    fn slot(&mut self, key: &str) -> &mut u32 {
        let mut hasher = FxHasher::default();
        hasher.write(key.as_bytes());
        // FxHasher leaves the most in its upper bits.
        &mut self.0[(hasher.finish() >> 32) as usize % Self::SLOTS]
    }
}

#[derive(Debug)]
struct Group {
    key: Arc<str>,
    /// Where its first event stands.
    at: u64,
    /// The text of its first event; empty in the one group of an aggregate over nothing.
    first: Box<str>,
    states: Box<[State]>,
}

impl Group {
    fn new(plan: &Plan, key: &str, at: u64, first: &str) -> Self {
        Self { key: key.into(), at, first: first.into(), states: plan.aggregates.iter().map(State::new).collect() }
    }

    /// What it takes, its place in the table included.
    fn bytes(&self) -> usize {
        const PLACE: usize = 2 * size_of::<(Arc<str>, usize)>();
        let states = size_of_val(&*self.states) + self.states.iter().map(State::bytes).sum::<usize>();
        size_of::<Self>() + PLACE + self.key.len() + self.first.len() + states
    }

    /// Evaluate something over the finished group.
    fn with_row<'v, T>(
        &'v self,
        plan: &'v Plan,
        find: impl FnOnce(Row<'_, 'v>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let event = Envelope::from_line(self.first.as_bytes()).ok();
        let results = self.states.iter().zip(&plan.aggregates).map(|(state, plan)| state.result(plan));
        let aggregates: Vec<Value<'v>> = results.collect::<Result<_, _>>()?;
        find(Row { event: event.as_ref(), aggregates: &aggregates, picked: None })
    }
}

impl Groups {
    /// Take one more event into account, which stands at `at`; places ascend.
    pub fn add<'v>(&mut self, plan: &'v Plan, room: &Room, at: u64, row: Row<'_, 'v>) -> Result<(), Error> {
        if !passes(plan, row)? {
            return Ok(());
        }
        let blamed = |error: Error| row.blamed(error);
        self.key.clear();
        for by in &plan.group {
            push_group_key(&eval(by, row).map_err(blamed)?, &mut self.key);
        }
        let lately = *self.recent.slot(&self.key);
        let mut place = lately as usize;
        if self.groups.get(place).is_none_or(|group| *group.key != *self.key) {
            place = match self.places.get(self.key.as_str()) {
                Some(place) => *place,
                None => {
                    let first = row.event.map_or("", |event| event.json.text());
                    let group = Group::new(plan, &self.key, at, first);
                    self.share.keep(room, group.bytes()).map_err(|full| groups_too_large(plan, room, full))?;
                    self.push(plan, room, group)?
                }
            };
            *self.recent.slot(&self.key) = u32::try_from(place).unwrap_or(u32::MAX);
        }
        if let Some(group) = self.groups.get_mut(place) {
            for (state, aggregate) in group.states.iter_mut().zip(&plan.aggregates) {
                let before = state.bytes();
                state.add(aggregate, at, row).map_err(blamed)?;
                let changed = self.share.change(room, before, state.bytes());
                changed.map_err(|full| groups_too_large(plan, room, full))?;
            }
        }
        Ok(())
    }

    fn push(&mut self, plan: &Plan, room: &Room, group: Group) -> Result<usize, Error> {
        if self.groups.len() >= room.limits.groups {
            return Err(too_many_groups(plan, room));
        }
        self.places.insert(Arc::clone(&group.key), self.groups.len());
        self.groups.push(group);
        Ok(self.groups.len() - 1)
    }

    /// Take the groups over other events into account.
    pub fn merge(&mut self, plan: &Plan, room: &Room, other: Self) -> Result<(), Error> {
        self.share.join(other.share);
        for group in other.groups {
            let known = self.places.get(&group.key).and_then(|place| self.groups.get_mut(*place));
            let Some(known) = known else {
                self.push(plan, room, group)?;
                continue;
            };
            let before = known.bytes() + group.bytes();
            for ((state, plan), more) in known.states.iter_mut().zip(&plan.aggregates).zip(group.states) {
                state.merge(plan, more)?;
            }
            if group.at < known.at {
                (known.at, known.first) = (group.at, group.first);
            }
            let changed = self.share.change(room, before, known.bytes());
            changed.map_err(|full| groups_too_large(plan, room, full))?;
        }
        Ok(())
    }

    /// One row a group, in order of first appearance or as ORDER BY says.
    pub fn give(mut self, plan: &Plan, room: &Room, row: &mut Sink<'_>) -> Result<(), Error> {
        if self.groups.is_empty() && plan.group.is_empty() {
            self.groups.push(Group::new(plan, "", 0, ""));
        }
        let mut groups = self.groups;
        groups.sort_by_key(|group| group.at);
        if plan.order.is_empty() {
            return give(plan, groups.iter(), row);
        }
        let mut best: Best<(Box<[SortKey<'_>]>, usize)> = Best::new(plan.limit, usize::MAX);
        for (at, group) in groups.iter().enumerate() {
            let keys = group.with_row(plan, |row| match had(plan, row)? {
                true => sort_keys(plan, row).map(Some),
                false => Ok(None),
            })?;
            let Some(keys) = keys else { continue };
            self.share.keep(room, bytes_of(&keys)).map_err(|full| too_large(plan, room, full))?;
            if let Ok(Some((out, _))) = best.offer((keys, at)) {
                self.share.release(bytes_of(&out));
            }
        }
        let kept = best.in_order();
        give(plan, kept.iter().filter_map(|(_, at)| groups.get(*at)), row)
    }
}

/// What the place of a group in the order takes.
fn bytes_of(keys: &[SortKey<'_>]) -> usize {
    size_of::<(Box<[SortKey<'_>]>, usize)>() + keys.iter().map(SortKey::bytes).sum::<usize>()
}

/// Whether a group passes the HAVING.
fn had<'v>(plan: &'v Plan, row: Row<'_, 'v>) -> Result<bool, Error> {
    plan.having.as_ref().map_or(Ok(true), |having| holds(having, row))
}

/// Map the groups that pass the HAVING, up to the limit.
fn give<'g>(plan: &'g Plan, groups: impl Iterator<Item = &'g Group>, sink: &mut Sink<'_>) -> Result<(), Error> {
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

fn too_many_groups(plan: &Plan, room: &Room) -> Error {
    let span = plan.group.first().map_or_else(Default::default, |by| by.span);
    let message = format!("GROUP BY would make more than {} groups: narrow the query with WHERE", room.limits.groups);
    Error::limit(span, message)
}

fn groups_too_large(plan: &Plan, room: &Room, _: Full) -> Error {
    let bytes = words(room.limits.bytes);
    let (span, what) = match (plan.group.first(), plan.aggregates.first()) {
        (None, Some(aggregate)) => (aggregate.span, "the aggregates"),
        (by, _) => (by.map_or_else(Default::default, |by| by.span), "GROUP BY"),
    };
    let message = format!("{what} would hold more than {bytes}: narrow the query with WHERE, or group by less");
    Error::limit(span, message + &raised(room))
}
