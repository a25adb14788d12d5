//! Shape: what the events of a type have in common, shown in place of the panes.
//!
//! Owns how far the events were looked at and what is folded. What a shape is, and what it says of a field, is the
//! model's. A type with many events is sampled first: what is shown then says so, and is replaced once the events
//! that were looked at in their order are more than the sample.

#[cfg(test)]
mod tests;
pub mod view;

use super::{Explore, Pane, step_of};
use crate::app::command::Command;
use crate::app::effect::Outbox;
use crate::app::json_view::push_step;
use crate::app::list::ListState;
use crate::app::message::Level;
use crate::app::screens::{Handled, Wish};
use crate::app::world::World;
use crate::model::event::Envelope;
use crate::model::json::quote;
use crate::model::log::{EventLog, Row};
use crate::model::shape::{Field, Shape};
use rustc_hash::FxHashSet;

/// How many bytes of events one step looks at.
const BUDGET: usize = 1 << 20;
/// How many events are looked at first, spread over all, when there are many more.
const SAMPLE: usize = 500;

/// The shape of an event type, and how far it is known.
#[derive(Debug)]
pub struct Inspected {
    /// The event type.
    pub kind: String,
    /// The cursor.
    pub list: ListState,
    /// The type's events, by their positions in the log.
    positions: Vec<u32>,
    /// How many of the log's events were looked at for their type.
    sorted: usize,
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
            positions: Vec::new(),
            sorted: 0,
            whole: Shape::default(),
            sample: Shape::default(),
            folded: FxHashSet::default(),
            rows: Vec::new(),
        }
    }

    /// Look at the next events, within a budget. Gives whether all were looked at.
    pub fn advance(&mut self, log: &EventLog) -> bool {
        let number = log.kinds().find(&self.kind);
        while let Some(row) = log.row(self.sorted) {
            if Some(row.kind) == number {
                self.positions.push(u32::try_from(self.sorted).unwrap_or(u32::MAX));
            }
            self.sorted += 1;
        }
        let mut budget = BUDGET;
        let selected = self.selected().map(|field| path(self.shape(), field));
        let is_large = self.positions.len() > SAMPLE * 4;
        while is_large && budget > 0 && self.looked_at() == 0 && self.sampled() < SAMPLE {
            let at = self.sampled() * self.positions.len() / SAMPLE;
            budget = budget.saturating_sub(feed(&mut self.sample, log, self.positions.get(at).copied()));
        }
        while budget > 0 && self.looked_at() < self.all() {
            let next = self.positions.get(self.looked_at()).copied();
            budget = budget.saturating_sub(feed(&mut self.whole, log, next));
        }
        self.refresh(selected.as_deref());
        self.looked_at() >= self.all()
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
        self.positions.len()
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

/// Take the event at a position in. Gives how many bytes were looked at, at least 1.
fn feed(shape: &mut Shape, log: &EventLog, position: Option<u32>) -> usize {
    let position = position.map_or(usize::MAX, |position| position as usize);
    let time = log.row(position).map(|row| row.time).filter(|time| *time != Row::NO_TIME);
    let line = log.line(position);
    let data = line.as_deref().and_then(|line| Envelope::from_line(line).ok()?.data);
    shape.add(position, time, data);
    line.map_or(0, |line| line.len()).max(1)
}

impl Explore {
    /// Show the shape of an event type.
    pub fn inspect(&mut self, kind: &str, world: &World, out: &mut Outbox) {
        if world.log.kinds().find(kind).is_none() {
            return out.say(Level::Warning, format!("No event of type {kind} is loaded. r loads what is new."));
        }
        self.shape = Some(Box::new(Inspected::new(kind)));
        self.work(world, out);
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
                return id.map(|id| Handled::Wish(Wish::ShowEvent(id)));
            }
            Command::Back => self.shape = None,
            Command::NextPane | Command::PreviousPane => {}
            _ => return None,
        }
        Some(Handled::Yes)
    }
}
