//! Server: its status, the audits that were made, and its lists of subjects, event types and schemas.
//!
//! Owns the lists and where the cursor is. Status and audits are the world's: they are polled on every screen.

pub mod catalogue;
#[cfg(test)]
mod tests;
pub mod view;

use super::{Handled, Screen, Wish};
use crate::app::command::{Command, Place};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::health::sentence;
use crate::app::key::Key;
use crate::app::line::TypedLine;
use crate::app::list::step_of;
use crate::app::list::{ListState, Step};
use crate::app::message::Reply;
use crate::app::world::World;
use crate::model::request::RegisteredSchema;
use catalogue::Catalogue;
use std::cell::Cell;

/// The panes, in the order of `Tab`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// What the server says of itself.
    #[default]
    Status,
    /// The audits that were made.
    Audits,
    /// The top-level subjects.
    Subjects,
    /// The event types.
    Types,
    /// The schemas.
    Schemas,
}

/// All panes, in the order of `Tab`.
pub const PANES: [Pane; 5] = [Pane::Status, Pane::Audits, Pane::Subjects, Pane::Types, Pane::Schemas];

/// The state of the Server screen.
#[derive(Debug)]
pub struct Server {
    /// Where the keys go.
    pub pane: Pane,
    /// The scroll position of the status.
    pub status: ListState,
    /// The cursor among the audits, newest first.
    pub audits: ListState,
    /// The top-level subjects.
    pub subjects: Catalogue<String>,
    /// The event types.
    pub types: Catalogue<String>,
    /// The schemas.
    pub schemas: Catalogue<RegisteredSchema>,
    /// Whether a filter is being typed.
    pub filtering: bool,
    status_rows: Cell<usize>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            pane: Pane::default(),
            status: ListState::default(),
            audits: ListState::default(),
            subjects: Catalogue::new(String::as_str),
            types: Catalogue::new(String::as_str),
            schemas: Catalogue::new(|schema| schema.kind.as_str()),
            filtering: false,
            status_rows: Cell::new(0),
        }
    }
}

impl Server {
    /// The screen was gone to: ask for what is not known yet or may have changed.
    pub fn enter(&mut self, _world: &mut World, out: &mut Outbox) {
        for (slot, call) in
            [(Slot::Subjects, Call::Subjects), (Slot::Types, Call::Types), (Slot::Schemas, Call::Schemas)]
        {
            if !out.slots.is_busy(slot) {
                out.start(slot, call);
            }
        }
    }

    /// An answer came.
    pub fn told(&mut self, reply: Reply, _world: &mut World, _out: &mut Outbox) {
        match reply {
            Reply::Subjects(answer) => self.subjects.told(answer),
            Reply::Types(answer) => self.types.told(answer),
            Reply::Schemas(answer) => self.schemas.told(answer),
            _ => {}
        }
    }

    /// How far the status can be scrolled, told when it is drawn.
    pub fn status_rows_are(&self, rows: usize) {
        self.status_rows.set(rows);
    }

    fn step(&mut self, step: Step, world: &World) {
        match self.pane {
            Pane::Status => {
                self.status.step(step, self.status_rows.get());
            }
            Pane::Audits => {
                self.audits.step(step, world.health.audits.len());
            }
            Pane::Subjects => self.subjects.step(step),
            Pane::Types => self.types.step(step),
            Pane::Schemas => self.schemas.step(step),
        }
    }

    fn turn_pane(&mut self, by: usize) {
        let at = PANES.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        self.pane = PANES[(at + by) % PANES.len()];
    }

    /// Go to what the entry under the cursor stands for.
    fn open(&self) -> Option<Wish> {
        match self.pane {
            Pane::Status | Pane::Audits => None,
            Pane::Subjects => self.subjects.selected().cloned().map(Wish::ShowSubject),
            Pane::Types => self.types.selected().cloned().map(Wish::ShowType),
            Pane::Schemas => {
                let schema = self.schemas.selected()?;
                let title = format!("Schema of {}", schema.kind);
                Some(Wish::View { title, text: schema.schema.get().to_owned() })
            }
        }
    }

    fn copy(&self, world: &World, out: &mut Outbox) {
        match self.pane {
            Pane::Status => {
                if let Some(text) = world.health.status.as_ref().and_then(|it| serde_json::to_string_pretty(it).ok()) {
                    out.copy(text, "the status as JSON");
                }
            }
            Pane::Audits => {
                if let Some(run) = world.health.audits.get(self.audits.selected()) {
                    let text = match &run.result {
                        Ok(audit) => audit.text.clone(),
                        Err(failure) => sentence(failure),
                    };
                    out.copy(text, "what the server said");
                }
            }
            Pane::Subjects | Pane::Types => {
                let list = if self.pane == Pane::Subjects { &self.subjects } else { &self.types };
                if let Some(name) = list.selected() {
                    out.copy(name.clone(), if self.pane == Pane::Subjects { "the subject" } else { "the event type" });
                }
            }
            Pane::Schemas => {
                if let Some(schema) = self.schemas.selected() {
                    out.copy(schema.schema.get().to_owned(), "the schema");
                }
            }
        }
    }

    fn filter(&mut self) -> Option<&mut Option<TypedLine>> {
        match self.pane {
            Pane::Status | Pane::Audits => None,
            Pane::Subjects => Some(&mut self.subjects.filter),
            Pane::Types => Some(&mut self.types.filter),
            Pane::Schemas => Some(&mut self.schemas.filter),
        }
    }

    fn search(&mut self) {
        match self.pane {
            Pane::Status | Pane::Audits => {}
            Pane::Subjects => self.subjects.search(),
            Pane::Types => self.types.search(),
            Pane::Schemas => self.schemas.search(),
        }
    }

    fn start_filter(&mut self) {
        if matches!(self.pane, Pane::Status | Pane::Audits) {
            self.pane = Pane::Subjects;
        }
        if let Some(filter) = self.filter() {
            filter.get_or_insert_with(TypedLine::default);
        }
        self.filtering = true;
    }

    /// Take what was typed; an empty filter is none.
    fn accept(&mut self) {
        self.filtering = false;
        if let Some(filter) = self.filter()
            && filter.as_ref().is_some_and(TypedLine::is_empty)
        {
            *filter = None;
        }
    }

    fn back(&mut self) -> Handled {
        self.filtering = false;
        match self.filter().and_then(Option::take) {
            Some(_) => {
                self.search();
                Handled::Yes
            }
            None => Handled::No,
        }
    }
}

impl Screen for Server {
    fn places(&self) -> Vec<Place> {
        if self.filtering { vec![Place::Field, Place::Line] } else { vec![Place::Server, Place::Moves] }
    }

    fn typing(&self) -> bool {
        self.filtering
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if let Some(step) = step_of(command) {
            self.step(step, world);
            return Handled::Yes;
        }
        match command {
            Command::NextPane | Command::Right => self.turn_pane(1),
            Command::PreviousPane | Command::Left => self.turn_pane(PANES.len() - 1),
            Command::Open => return self.open().map_or(Handled::Yes, Handled::Wish),
            Command::Copy => self.copy(world, out),
            Command::Filter => self.start_filter(),
            Command::Accept => self.accept(),
            Command::Back => return self.back(),
            Command::Reload => {
                out.start(Slot::Status, Call::Status);
                self.enter(world, out);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn type_key(&mut self, key: Key, _world: &mut World, _out: &mut Outbox) {
        if self.filtering && self.filter().and_then(Option::as_mut).is_some_and(|filter| filter.key(key)) {
            self.search();
        }
    }

    fn paste(&mut self, text: &str, _world: &mut World, _out: &mut Outbox) {
        if let (true, Some(Some(filter))) = (self.filtering, self.filter()) {
            filter.insert(text);
            self.search();
        }
    }
}
