//! Rows that are events: filtered as they come, or ordered first.
//!
//! Owns WHERE, ORDER BY, LIMIT and MAP over single events. Knows nothing of groups.

use super::best::{Best, TooMany};
use super::compare::SortKey;
use super::expr::{Row, eval, holds, render};
use super::plan::Plan;
use super::room::{Full, Room, Share, words};
use crate::gdbql::Error;
use crate::model::event::Envelope;
use crate::model::json::Json;
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// Where the rows of a run go.
pub type Sink<'s> = dyn FnMut(String) -> ControlFlow<()> + 's;

/// Whether an event passes the WHERE.
pub fn passes<'v>(plan: &'v Plan, row: Row<'_, 'v>) -> Result<bool, Error> {
    match &plan.filter {
        Some(filter) => holds(filter, row).map_err(|error| row.blamed(error)),
        None => Ok(true),
    }
}

/// The text of one row.
pub fn text<'v>(plan: &'v Plan, row: Row<'_, 'v>) -> Result<String, Error> {
    let mut out = String::new();
    match (&plan.map, row.event) {
        (Some(map), _) => render(map, row, &mut out)?,
        (None, Some(event)) => out.push_str(event.json.text()),
        (None, None) => out.push_str("null"),
    }
    Ok(out)
}

/// Rows in commit order. Nothing is read beyond the last row.
pub fn in_commit_order<'v>(
    plan: &'v Plan,
    events: &mut dyn Iterator<Item = Envelope<'v>>,
    row: &mut Sink<'_>,
) -> Result<(), Error> {
    let mut left = plan.limit.unwrap_or(u64::MAX);
    while left > 0 {
        let Some(event) = events.next() else { break };
        if passes(plan, Row::of(&event))? {
            left -= 1;
            let text = text(plan, Row::of(&event)).map_err(|error| error.about(&event))?;
            if row(text).is_break() {
                break;
            }
        }
    }
    Ok(())
}

/// An event that waits for its place.
struct Waiting<'v, T> {
    keys: Box<[SortKey<'v>]>,
    /// Its place in commit order, which decides between equals.
    at: u64,
    text: T,
}

impl<T> Waiting<'_, T> {
    /// What it takes, without its text.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.keys.iter().map(SortKey::bytes).sum::<usize>()
    }
}

impl<T> Ord for Waiting<'_, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.keys.cmp(&other.keys).then(self.at.cmp(&other.at))
    }
}

impl<T> PartialOrd for Waiting<'_, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Waiting<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Waiting<'_, T> {}

/// Rows in the order that ORDER BY says. Only the rows that will be given are held, and mapped only then.
pub fn ordered<'v>(
    plan: &'v Plan,
    events: &mut dyn Iterator<Item = Envelope<'v>>,
    room: &Room,
    row: &mut Sink<'_>,
) -> Result<(), Error> {
    if plan.limit == Some(0) {
        return Ok(());
    }
    let mut best = Best::new(plan.limit, room.limits.rows);
    let mut share = Share::default();
    for (at, event) in (0..).zip(events) {
        if !passes(plan, Row::of(&event))? {
            continue;
        }
        let keys = sort_keys(plan, Row::of(&event)).map_err(|error| error.about(&event))?;
        // The texts are held by whoever gives the events.
        let waiting = Waiting { keys, at, text: event.json };
        share.keep(room, waiting.bytes()).map_err(|full| too_large(plan, room, full))?;
        let out = best.offer(waiting).map_err(|_| too_many_rows(plan, room))?;
        share.release(out.map_or(0, |out| out.bytes()));
    }
    for waiting in best.in_order() {
        if row(reread(plan, waiting.text)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// The first rows in the order that ORDER BY says, as far as events were added; rows over other events can be joined.
pub struct Sorted {
    best: Best<Waiting<'static, Box<str>>>,
    share: Share,
}

impl Sorted {
    pub fn new(plan: &Plan, room: &Room) -> Self {
        Self { best: Best::new(plan.limit, room.limits.rows), share: Share::default() }
    }

    /// Take one more event into account, which stands at `at`.
    pub fn add<'v>(&mut self, plan: &'v Plan, room: &Room, at: u64, row: Row<'_, 'v>) -> Result<(), Error> {
        let Some(event) = row.event else { return Ok(()) };
        if !passes(plan, row)? {
            return Ok(());
        }
        let keys = sort_keys(plan, row).map_err(|error| row.blamed(error))?;
        let waiting = Waiting { keys, at, text: Box::default() };
        // Most events are no candidates when there is a limit: their keys need not be copied.
        if !wants(&self.best, &waiting) {
            return Ok(());
        }
        let keys = waiting.keys.into_iter().map(SortKey::owned).collect();
        let text: Box<str> = event.json.text().into();
        let waiting = Waiting { keys, at, text };
        let kept = self.share.keep(room, waiting.bytes() + waiting.text.len());
        kept.map_err(|full| too_large(plan, room, full))?;
        self.offer(plan, room, waiting)
    }

    fn offer(&mut self, plan: &Plan, room: &Room, row: Waiting<'static, Box<str>>) -> Result<(), Error> {
        let out = self.best.offer(row).map_err(|TooMany| too_many_rows(plan, room))?;
        self.share.release(out.map_or(0, |out| out.bytes() + out.text.len()));
        Ok(())
    }

    /// Take the rows over other events into account.
    pub fn merge(&mut self, plan: &Plan, room: &Room, other: Self) -> Result<(), Error> {
        self.share.join(other.share);
        other.best.into_items().into_iter().try_for_each(|row| self.offer(plan, room, row))
    }

    /// Give the rows.
    pub fn give(self, plan: &Plan, row: &mut Sink<'_>) -> Result<(), Error> {
        for waiting in self.best.in_order() {
            if row(reread(plan, Json::trusted(&waiting.text))?).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn wants<'v>(best: &Best<Waiting<'v, Box<str>>>, row: &Waiting<'v, Box<str>>) -> bool {
    best.wants(row)
}

/// The text of a row whose event was held as text only, which is a tenth of what a split one takes.
fn reread<'v>(plan: &'v Plan, json: Json<'v>) -> Result<String, Error> {
    if plan.map.is_none() {
        return Ok(json.text().to_owned());
    }
    match Envelope::from_json(json) {
        Ok(event) => text(plan, Row::of(&event)).map_err(|error| error.about(&event)),
        Err(_) => text(plan, Row { event: None, aggregates: &[], picked: None }),
    }
}

/// Where a row stands.
pub fn sort_keys<'v>(plan: &'v Plan, row: Row<'_, 'v>) -> Result<Box<[SortKey<'v>]>, Error> {
    plan.order.iter().map(|(by, descending)| Ok(SortKey::new(eval(by, row)?, *descending))).collect()
}

fn too_many_rows(plan: &Plan, room: &Room) -> Error {
    let span = plan.order.first().map_or_else(Default::default, |(by, _)| by.span);
    let rows = room.limits.rows;
    Error::limit(span, format!("ORDER BY would hold more than {rows} rows: narrow the query, or add a LIMIT (TOP)"))
}

/// ORDER BY, over events or over groups, has no room left.
pub fn too_large(plan: &Plan, room: &Room, _: Full) -> Error {
    let span = plan.order.first().map_or_else(Default::default, |(by, _)| by.span);
    let bytes = words(room.limits.bytes);
    let message = format!("ORDER BY would hold more than {bytes}: narrow the query with WHERE, or add a LIMIT (TOP)");
    Error::limit(span, message + &raised(room))
}

/// What raises the limit, as the end of a sentence.
pub fn raised(room: &Room) -> String {
    room.limits.raised_by.map(|what| format!("; {what} raises the limit")).unwrap_or_default()
}
