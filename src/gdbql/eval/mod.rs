//! The evaluator: runs queries over events and conditions over single events.
//!
//! Events are looked at in place: nothing is decoded but what a query asks for. Knows nothing of text and layout.

mod aggregate;
mod best;
mod compare;
mod expr;
mod groups;
mod needs;
mod number;
mod parts;
mod plan;
mod room;
mod rows;
mod sum;
mod value;

pub use parts::{Part, Parts};
pub(super) use value::instant;

use super::ast::{Expr, Query};
use super::{Error, Limits};
use crate::model::event::Envelope;
use crate::model::json::{Picked, Picker};
use expr::Row;
pub use needs::{Hint, Places};
use plan::{Node, Plan};
use room::Room;
use std::ops::ControlFlow;

/// Run a query over events in commit order; each row is JSON text. `row` may stop the run.
///
/// Without ORDER BY and aggregates, events are taken one by one and none after the last row of a LIMIT.
///
/// # Errors
/// A division by zero and the like, with the place in the query's text; or a limit. Rows given before stay given.
pub fn run<'a>(
    query: &Query,
    events: impl IntoIterator<Item = Envelope<'a>>,
    limits: &Limits,
    row: &mut dyn FnMut(String) -> ControlFlow<()>,
) -> Result<(), Error> {
    let plan = Plan::new(query);
    run_plan(&plan, &mut events.into_iter().map(shortened), &Room::new(*limits), row)
}

/// Values borrow from the plan and from events alike, so events are only asked to live as long as the plan.
fn shortened<'v, 'a: 'v>(event: Envelope<'a>) -> Envelope<'v> {
    event
}

fn run_plan<'v>(
    plan: &'v Plan,
    events: &mut dyn Iterator<Item = Envelope<'v>>,
    room: &Room,
    row: &mut rows::Sink<'_>,
) -> Result<(), Error> {
    if plan.grouped {
        if plan.limit == Some(0) {
            return Ok(());
        }
        let mut groups = groups::Groups::default();
        for (at, event) in (0..).zip(events) {
            groups.add(plan, room, at, Row::of(&event))?;
        }
        groups.give(plan, room, row)
    } else if plan.order.is_empty() {
        rows::in_commit_order(plan, events, row)
    } else {
        rows::ordered(plan, events, room, row)
    }
}

/// Whether a query holds, as the precondition `isQueryResultTrue` asks: there is a row, and every row is `true`.
///
/// # Errors
/// As [`run`].
pub fn holds<'a>(
    query: &Query,
    events: impl IntoIterator<Item = Envelope<'a>>,
    limits: &Limits,
) -> Result<bool, Error> {
    let mut all = None;
    run(query, events, limits, &mut |row| {
        let good = row == "true";
        all = Some(good);
        if good { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(all == Some(true))
}

/// A condition over single events that was understood, for a filter.
#[derive(Clone, Debug)]
pub struct Condition {
    expr: Expr,
    plan: Node,
    hint: Option<Hint>,
    /// Finds the fields of the payload that are asked for.
    picker: Picker,
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.expr == other.expr
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&super::format::condition(&self.expr))
    }
}

impl Condition {
    pub(super) fn new(expr: Expr) -> Self {
        let mut plan = plan::lower_plain(&expr);
        let (hint, mut picker) = (Hint::of(&plan), Picker::default());
        plan.pick(&mut picker);
        Self { expr, plan, hint, picker }
    }

    /// The condition as it was understood.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// What is to be found in the line of every event that may meet the condition, or for which it cannot be judged;
    /// `None` when nothing can be named. A search for it passes over most events without decoding them.
    pub fn hint(&self) -> Option<&Hint> {
        self.hint.as_ref()
    }

    /// Whether an event meets the condition.
    ///
    /// # Errors
    /// As [`run`].
    pub fn matches(&self, event: &Envelope<'_>) -> Result<bool, Error> {
        expr::holds(&self.plan, Row::of(event)).map_err(|error| error.about(event))
    }

    /// Whether the event of a line meets the condition, told in one pass over the line; a line that is no event does not.
    /// `picked` is memory to be used again.
    ///
    /// # Errors
    /// As [`run`].
    pub fn matches_line(&self, line: &[u8], picked: &mut Picked) -> Result<bool, Error> {
        let Ok(event) = Envelope::picking(line, &self.picker, picked) else { return Ok(false) };
        expr::holds(&self.plan, Row::picked(&event, picked)).map_err(|error| error.about(&event))
    }
}
