//! How a query is run, in sentences: by whom, what its conditions do, when rows come, and what was measured.
//!
//! Owns the words. What is known of a run is [`Run`]'s, what the conditions are good for is the plan's.

use super::run::Run;
use crate::app::world::{Origin, World};
use crate::gdbql::{self, Limits, Parts, Query};
use crate::local::Plan;
use crate::model::count::{count, grouped};
use crate::model::json::Json;
use std::time::Duration;

/// How a query is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Who runs it.
    pub who: String,
    /// What happens, step by step.
    pub steps: Vec<String>,
    /// What was read and how long it took, once that is known.
    pub figures: Vec<String>,
}

/// Who runs a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// This program, over the events that are loaded.
    Here,
    /// A server of our own, which can be asked for the plan.
    Embedded,
    /// A server that decides for itself.
    Server,
}

impl Runs {
    /// Who runs the queries of a connection.
    pub fn of(world: &World) -> Self {
        let status = world.health.status.as_ref();
        match world.connection.origin {
            Origin::File(_) => Self::Here,
            Origin::Demo => Self::Embedded,
            Origin::Server if status.is_some_and(|status| status.engine.is_embedded()) => Self::Embedded,
            Origin::Server => Self::Server,
        }
    }
}

impl Explanation {
    /// What is known of a run. `rows` is how many have come, `first` the first of them.
    pub fn of(run: &Run, runs: Runs, rows: u64, first: Option<Json<'_>>, took: Duration) -> Self {
        let told = run.plan_only.then(|| Plan::parse(first?.text())).flatten();
        let (who, index): (_, &[_]) = match runs {
            Runs::Here => (format!("Run here, over the loaded events, on {} threads.", threads(None)), &Plan::LOG),
            Runs::Embedded => {
                (format!("Run by the embedded store, on {} threads.", threads(told.as_ref())), &Plan::STORE)
            }
            Runs::Server => {
                let who = "The server decides how it runs this query, and tells nothing of it. What gdbx understands:";
                (who.to_owned(), &[])
            }
        };
        let steps = match gdbql::parse(&run.text) {
            Err(error) => vec![format!("gdbx does not understand the query: {}. The server may.", error.message)],
            Ok(query) => steps(&query, &run.text, index, runs == Runs::Server),
        };
        Self { who, steps, figures: figures(run, told.as_ref(), rows, took) }
    }
}

fn threads(told: Option<&Plan>) -> usize {
    told.map_or_else(crate::local::threads, |plan| plan.threads)
}

fn steps(query: &Query, text: &str, index: &[gdbql::By], elsewhere: bool) -> Vec<String> {
    let mut steps = match elsewhere {
        false => Plan::of(query, text, index).steps(),
        true => Plan::of(query, text, &Plan::LOG)
            .conditions
            .iter()
            .map(|condition| match condition.cuts {
                Some(by) => format!("{}: an index of each {} could find the events", condition.text, by.name()),
                None => format!("{}: each event has to be looked at", condition.text),
            })
            .collect(),
    };
    if elsewhere && query.filter.is_none() {
        steps.push("no WHERE: every event has to be read".to_owned());
    }
    if !query.group.is_empty() {
        steps.push("GROUP BY: one group for each value is kept until the last event was read".to_owned());
    }
    if !query.order.is_empty() {
        steps.push("ORDER BY: rows come when the last event was read and all were sorted".to_owned());
    }
    let streams = Parts::new(query, Limits::default()).in_commit_order();
    match (streams, query.limit) {
        (true, Some(limit)) => steps.push(format!("LIMIT {limit}: reading ends once there are so many rows")),
        (true, None) => steps.push("rows come in the order of the events, while they are read".to_owned()),
        (false, _) if query.group.is_empty() && query.order.is_empty() => {
            steps.push("one row comes of all events together, when the last was read".to_owned());
        }
        (false, _) => {}
    }
    steps
}

fn figures(run: &Run, told: Option<&Plan>, rows: u64, took: Duration) -> Vec<String> {
    if let Some(plan) = told {
        let read = format!("{} of {} events were read", grouped(plan.read), grouped(plan.events));
        return vec![read, count(plan.rows, "row"), format!("{:.1} ms in the store", plan.took.as_secs_f64() * 1e3)];
    }
    let mut figures = Vec::new();
    if let Some(local) = &run.local
        && let Some(read) = local.read
    {
        let so_far = if local.partial { " that are loaded so far" } else { "" };
        figures.push(format!("{} of {} events{so_far} were read", grouped(read), grouped(local.of)));
    }
    figures.push(count(rows, "row"));
    figures.extend(run.first_row.map(|after| format!("the first after {:.1} ms", after.as_secs_f64() * 1e3)));
    let end = if run.is_running() { "so far" } else { "in all" };
    figures.push(format!("{:.1} ms {end}", took.as_secs_f64() * 1e3));
    figures
}
