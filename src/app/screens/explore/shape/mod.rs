//! Shape: what the events of a type have in common, shown in place of the panes.
//!
//! Owns how far the events were looked at and what is folded; they are looked at on another thread. What a shape is, and
//! what it says of a field, is the model's. A type with many events is sampled first: what is shown then says so, and is replaced once the events
//! that were looked at in their order are more than the sample.

#[cfg(test)]
mod tests;
pub mod view;

use super::{Explore, Pane};
use crate::app::command::Command;
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::inspection::{Findings, Inspection};
use crate::app::json_view::push_step;
use crate::app::list::ListState;
use crate::app::list::step_of;
use crate::app::message::Level;
use crate::app::screens::{Handled, Visit, Wish};
use crate::app::world::World;
use crate::model::json::quote;
use crate::model::log::EventLog;
use crate::model::shape::{Field, Shape};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The shape of an event type, and how far it is known.
#[derive(Debug)]
pub struct Inspected {
    /// The event type.
    pub kind: String,
    /// The cursor.
    pub list: ListState,
    /// How many events of the type there are.
    all: usize,
    /// Every event of the log before this one was counted.
    counted: usize,
    /// Every event of the log before this one was looked at.
    scanned: usize,
    whole: Shape,
    sample: Shape,
    folded: FxHashSet<String>,
    rows: Vec<usize>,
}

impl Inspected {
    /// Begin with a type.
    pub fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            list: ListState::default(),
            all: 0,
            counted: 0,
            scanned: 0,
            whole: Shape::default(),
            sample: Shape::default(),
            folded: FxHashSet::default(),
            rows: Vec::new(),
        }
    }

    /// Count the events that came since.
    fn count(&mut self, log: &EventLog) {
        let Some(kind) = log.kinds().find(&self.kind) else { return };
        self.all += log.rows_at(self.counted..log.end()).filter(|row| row.kind == kind).count();
        self.counted = log.end();
    }

    /// The look that is to be taken: at the events that were not looked at yet.
    fn wanted(&self, log: &EventLog) -> Option<Inspection> {
        let kind = log.kinds().find(&self.kind).filter(|_| self.scanned < log.end())?;
        let from = self.scanned.max(log.first());
        Some(Inspection { view: log.view().clone(), kind, from, known: Arc::new(self.whole.clone()) })
    }

    /// More is known.
    fn told(&mut self, findings: Findings) {
        let selected = self.selected().map(|field| path(self.shape(), field));
        if findings.is_sample {
            self.sample = findings.shape;
        } else {
            self.whole = findings.shape;
            self.scanned = findings.scanned;
        }
        self.refresh(selected.as_deref());
    }

    /// What is known of the shape: of all events so far, or of the sample while that says more.
    pub fn shape(&self) -> &Shape {
        if self.is_sampled() { &self.sample } else { &self.whole }
    }

    /// Whether what is shown is of a sample.
    pub fn is_sampled(&self) -> bool {
        self.sampled() > 0 && self.looked_at() < self.all()
    }

    /// How many events of the type there are.
    pub fn all(&self) -> usize {
        self.all
    }

    /// How many of them were looked at, in their order.
    pub fn looked_at(&self) -> usize {
        usize::try_from(self.whole.events()).unwrap_or(usize::MAX)
    }

    /// How many of them are in the sample.
    pub fn sampled(&self) -> usize {
        usize::try_from(self.sample.events()).unwrap_or(usize::MAX)
    }

    /// The fields that are shown, by their indices in the shape.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// The field under the cursor.
    pub fn selected(&self) -> Option<usize> {
        self.rows.get(self.list.selected()).copied()
    }

    /// Whether the fields inside a field are hidden.
    pub fn is_folded(&self, field: usize) -> bool {
        self.folded.contains(&path(self.shape(), field))
    }

    /// Make the rows anew; the cursor stays on its field.
    fn refresh(&mut self, selected: Option<&str>) {
        let shape = self.shape();
        let mut hidden_below = None;
        let mut rows = Vec::new();
        for index in shape.in_order() {
            let Some(field) = shape.fields().get(index) else { continue };
            if hidden_below.is_some_and(|depth| field.depth > depth) {
                continue;
            }
            let folded = !shape.children(index).is_empty() && self.is_folded(index);
            hidden_below = folded.then_some(field.depth);
            rows.push(index);
        }
        let at = selected.and_then(|selected| rows.iter().position(|index| path(shape, *index) == selected));
        self.rows = rows;
        self.list.select(at.unwrap_or(self.list.selected()), self.rows.len());
    }

    fn toggle(&mut self) {
        let Some(field) = self.selected() else { return };
        let shape = self.shape();
        let parent = shape.fields().get(field).and_then(Field::parent).filter(|parent| *parent != Shape::PAYLOAD);
        let target = if shape.children(field).is_empty() { parent } else { Some(field) };
        let Some(path) = target.map(|target| path(shape, target)) else { return };
        if !self.folded.remove(&path) {
            self.folded.insert(path.clone());
        }
        self.refresh(Some(&path));
    }

    fn toggle_all(&mut self) {
        let shape = self.shape();
        let selected = self.selected().map(|field| path(shape, field));
        self.folded = match self.folded.is_empty() {
            true => {
                let containers = shape.in_order().into_iter().filter(|index| !shape.children(*index).is_empty());
                containers.map(|index| path(shape, index)).collect()
            }
            false => FxHashSet::default(),
        };
        self.refresh(selected.as_deref());
    }

    /// A query that counts the type's events by a field.
    fn question(&self, field: usize) -> String {
        let kind = quote(&self.kind);
        let path = path(self.shape(), field).replace("[]", "[0]");
        format!(
            "STREAM e FROM events\nWHERE e.type == {kind}\nGROUP BY {path}\nORDER BY COUNT() DESC\nLIMIT 100\nMAP {{ value: {path}, events: COUNT() }}"
        )
    }
}

/// A field as a query names it; `[]` stands for any item.
pub fn path(shape: &Shape, field: usize) -> String {
    let mut fields = Vec::new();
    let mut at = Some(field).filter(|field| *field != Shape::PAYLOAD);
    while let Some(index) = at {
        fields.push(index);
        at = shape.fields().get(index).and_then(Field::parent).filter(|parent| *parent != Shape::PAYLOAD);
    }
    let mut path = "e.data".to_owned();
    for index in fields.into_iter().rev() {
        let name = shape.fields().get(index).map_or("", |field| field.name.as_str());
        push_step(&mut path, name, shape.is_item(index));
    }
    path
}

impl Explore {
    /// Show the shape of an event type.
    pub fn inspect(&mut self, kind: &str, world: &World, out: &mut Outbox) {
        if world.log.kinds().find(kind).is_none() {
            return out.say(Level::Warning, format!("No event of type {kind} is loaded. r loads what is new."));
        }
        out.cancel(Slot::Shape);
        self.shape = Some(Box::new(Inspected::new(kind)));
        self.work(world, out);
    }

    /// Have the events looked at that were not looked at yet.
    pub(super) fn look_on(&mut self, world: &World, out: &mut Outbox) {
        match &mut self.shape {
            None => out.cancel(Slot::Shape),
            Some(shape) => {
                shape.count(&world.log);
                if !out.slots.is_busy(Slot::Shape)
                    && let Some(inspection) = shape.wanted(&world.log)
                {
                    out.start(Slot::Shape, Call::Shape(inspection));
                }
            }
        }
    }

    /// More is known of the shape that is shown.
    pub fn inspected(&mut self, findings: Findings, world: &World, out: &mut Outbox) {
        if let Some(shape) = &mut self.shape {
            shape.told(findings);
        }
        self.look_on(world, out);
    }

    /// Show the shape of the type under the cursor, or of that of the event under the cursor.
    pub(super) fn inspect_current(&mut self, world: &World, out: &mut Outbox) {
        let kind = match self.pane {
            Pane::Types => self.selected_kind(world),
            _ => self.events.selected().and_then(|position| {
                let row = world.log.row(position).filter(|row| !row.is_broken())?;
                Some(world.log.kinds().text(row.kind).to_owned())
            }),
        };
        match kind {
            Some(kind) => self.inspect(&kind, world, out),
            None => out.say(Level::Warning, "There is no event type here whose shape could be shown."),
        }
    }

    /// Do what was asked while a shape is shown. `None` when none is shown or it is nothing for it.
    pub(super) fn run_in_shape(&mut self, command: Command, world: &World, out: &mut Outbox) -> Option<Handled> {
        let shape = self.shape.as_mut()?;
        if let Some(step) = step_of(command) {
            shape.list.step(step, shape.rows.len());
            return Some(Handled::Yes);
        }
        match command {
            Command::Toggle | Command::Left | Command::Right => shape.toggle(),
            Command::FoldAll => shape.toggle_all(),
            Command::Copy => {
                let text = shape.shape().to_json_schema(&shape.kind);
                match shape.looked_at() < shape.all() {
                    true => out.copy(text, "the JSON Schema of the events that were looked at so far"),
                    false => out.copy(text, "the JSON Schema"),
                }
            }
            Command::CopyPath => {
                if let Some(field) = shape.selected() {
                    out.copy(path(shape.shape(), field), "the path");
                }
            }
            Command::Open => {
                let question = shape.selected().map(|field| shape.question(field));
                return question.map(|question| Handled::Wish(Wish::Query(question)));
            }
            Command::ShowEvent => {
                let first = shape.selected().and_then(|field| shape.shape().fields().get(field)?.first);
                let event = first.and_then(|first| world.log.line(first.position));
                let id = event.and_then(|line| Some(line.event().ok()?.id.into_owned()));
                return id.map(|id| Handled::Wish(Wish::Visit(Visit::of(id))));
            }
            Command::Back => {
                self.shape = None;
                out.cancel(Slot::Shape);
            }
            Command::NextPane | Command::PreviousPane => {}
            _ => return None,
        }
        Some(Handled::Yes)
    }
}
