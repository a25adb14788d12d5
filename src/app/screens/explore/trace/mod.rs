//! Trace: every loaded event that mentions a value, in place of the list of events.
//!
//! Owns how a trace is begun and left. Which events mention a value is the model's to say; the list is the one of
//! [`super::events`].

#[cfg(test)]
mod tests;
pub mod view;

use super::events::{Events, Scope};
use super::{Explore, Pane};
use crate::app::effect::Outbox;
use crate::app::json_view::JsonView;
use crate::app::logs::LogId;
use crate::app::message::Level;
use crate::app::world::World;
use crate::model::json::Json;
use crate::model::mention::Mention;
use std::sync::Arc;

/// So many traces can be started from within each other before the first one is forgotten.
const MAX_ORIGINS: usize = 16;

/// Where a trace was started: the list as it was, to which leaving goes back.
#[derive(Debug)]
pub struct Origin {
    events: Events,
    pane: Pane,
    /// The event with its cursor.
    event: Option<(usize, JsonView)>,
    /// The log of the value, where it is another one than that of the trace.
    log: Option<LogId>,
}

impl Explore {
    /// Whether a trace is shown.
    pub fn is_tracing(&self) -> bool {
        !self.traces.is_empty()
    }

    /// Trace the value under the cursor.
    pub(super) fn trace_current(&mut self, world: &mut World, out: &mut Outbox) {
        let here = self.event.as_ref().filter(|(_, view)| !view.raw);
        let value = here.and_then(|(_, view)| Some(view.value(view.current()?).to_owned()));
        match value {
            Some(value) => self.trace(&value, world, out),
            None => out.say(Level::Warning, "Put the cursor on a value of the event; T shows where else it stands."),
        }
    }

    /// Show every event that mentions a value, oldest first.
    pub fn trace(&mut self, value: &str, world: &mut World, out: &mut Outbox) {
        let Some(mention) = Mention::of(Json::trusted(value)) else {
            return out.say(
                Level::Warning,
                "Only a string or a number can be traced. Put the cursor on one: an id, an address, an order number.",
            );
        };
        let scope = Scope::Trace(Arc::new(mention));
        self.shape = None;
        if *self.events.scope() == scope {
            self.pane = Pane::Events;
            return;
        }
        // A value is looked for in the whole store, as far as that is loaded.
        let log = (world.shown() != world.base && !world.part.is_store()).then_some(world.shown());
        if log.is_some() {
            self.turn_to(world.log_of(None), world, out);
        }
        if self.traces.len() >= MAX_ORIGINS {
            self.traces.remove(1);
        }
        let events = std::mem::take(&mut self.events);
        self.events.newest_first = false;
        let event = self.event.clone();
        self.traces.push(Origin { events, pane: self.pane, event, log });
        self.events.set_scope(scope, &world.log);
        self.scope_changed();
        self.pane = Pane::Events;
        self.search_anew(world, out);
    }

    /// Go back to where the trace was started. Gives whether there was one.
    pub(super) fn leave_trace(&mut self, world: &mut World, out: &mut Outbox) -> bool {
        let Some(origin) = self.traces.pop() else { return false };
        self.events = origin.events;
        self.pane = origin.pane;
        self.event = origin.event;
        self.aside = None;
        if let Some(log) = origin.log {
            self.turn_to(log, world, out);
        }
        self.follow_aside(self.events.selected(), world);
        self.search_anew(world, out);
        true
    }

    /// Something else is to be shown: the list is again the one from before the first trace, and no shape over it.
    pub(super) fn show_panes(&mut self) {
        self.shape = None;
        if let Some(first) = self.traces.drain(..).next() {
            self.events = first.events;
        }
    }
}
