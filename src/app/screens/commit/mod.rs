//! Commit: new events with preconditions, in one request.
//!
//! Owns what is written in the form and what came of sending it. A text that was written goes away only when the user
//! says so. Knows nothing of how it is shown.

pub mod check;
pub mod condition;
pub mod event;
mod focus;
mod keys;
pub mod outcome;
mod sending;
pub mod suggest;
#[cfg(test)]
mod tests;
pub mod view;
mod written;

pub use focus::Focus;

use super::Draft;
use crate::app::effect::{Effect, Outbox, Slot, Timer};
use crate::app::line::TypedLine;
use crate::app::list::ListState;
use crate::app::message::Level;
use crate::app::world::World;
use crate::model::request::CommitRequest;
use check::Problem;
use condition::{Condition, ConditionKind};
use event::{EventFields, Field};
use outcome::Outcome;
use sending::Sent;
use std::cell::Cell;
use std::time::Duration;
use suggest::Suggestions;

/// The form is left alone for so long before its preconditions are tried.
const REST: Duration = Duration::from_millis(400);
/// A payload that is taken over from an event has at most so many bytes: more cannot be edited here with pleasure.
const LONGEST_DRAFT: usize = 1 << 20;
/// What is said to keys and drafts while the answer to a commit is awaited.
const LOCKED: &str = "A commit is being sent; the form is locked until the server has answered.";

/// The state of the Commit screen.
#[derive(Debug)]
pub struct CommitForm {
    /// The events, at least one.
    pub events: Vec<EventFields>,
    /// The one that is shown.
    pub current: usize,
    /// The preconditions of the whole commit.
    pub conditions: Vec<Condition>,
    /// Where the keys go.
    pub focus: Focus,
    /// What came of the last commit.
    pub outcome: Outcome,
    /// What could be meant in the field that is being typed in.
    pub suggestions: Option<Suggestions>,
    /// The cursor among the stored events.
    pub stored: ListState,
    /// The scroll position of the request's preview.
    pub preview: ListState,
    preview_rows: Cell<usize>,
    /// Which of the form's preconditions were sent to be tried, in the order of the call.
    tried: Vec<usize>,
    /// The request whose answer is awaited, and when it was sent.
    sending: Option<(CommitRequest, i64)>,
    /// The last request that is stored, or may be.
    sent: Option<Sent>,
    /// What `$EDITOR` was given.
    outside: Option<Focus>,
    start: Written,
}

/// Everything that was written, to tell whether anything was.
#[derive(Clone, Debug, Default, PartialEq)]
struct Written {
    events: Vec<(Draft, bool)>,
    conditions: Vec<(ConditionKind, String, String, String)>,
}

impl Default for CommitForm {
    fn default() -> Self {
        let mut form = Self {
            events: vec![EventFields::default()],
            current: 0,
            conditions: Vec::new(),
            focus: Focus::Field(Field::Subject),
            outcome: Outcome::None,
            suggestions: None,
            stored: ListState::default(),
            preview: ListState::default(),
            preview_rows: Cell::new(0),
            tried: Vec::new(),
            sending: None,
            sent: None,
            outside: None,
            start: Written::default(),
        };
        form.start = form.written();
        form
    }
}

impl CommitForm {
    /// The event that is shown.
    pub fn event(&self) -> &EventFields {
        // There is always one: the last is emptied, never taken out.
        &self.events[self.current.min(self.events.len() - 1)]
    }

    fn event_mut(&mut self) -> &mut EventFields {
        let at = self.current.min(self.events.len() - 1);
        &mut self.events[at]
    }

    /// Whether the answer to a commit is awaited. The form is locked as long.
    pub fn is_locked(&self) -> bool {
        self.sending.is_some()
    }

    /// Whether there is something in the form that would be lost with it: written by the user, and not stored as it is.
    pub fn is_unsent(&self) -> bool {
        self.written() != self.start && !self.was_sent()
    }

    fn written(&self) -> Written {
        Written {
            events: self.events.iter().map(|event| (event.texts(), event.erasable)).collect(),
            conditions: self.conditions.iter().map(Condition::texts).collect(),
        }
    }

    /// The request that the form makes.
    ///
    /// # Errors
    /// The first thing that is missing or wrong, and where.
    pub fn request(&self) -> Result<CommitRequest, (usize, Focus, Problem)> {
        let mut events = Vec::with_capacity(self.events.len());
        for (index, event) in self.events.iter().enumerate() {
            events.push(event.to_event().map_err(|(field, problem)| (index, Focus::Field(field), problem))?);
        }
        let mut preconditions = Vec::with_capacity(self.conditions.len());
        for (index, condition) in self.conditions.iter().enumerate() {
            let made = condition.to_precondition();
            preconditions.push(made.map_err(|problem| (self.current, Focus::Text(index), problem))?);
        }
        Ok(CommitRequest { events, preconditions })
    }

    /// The screen was gone to.
    pub fn enter(&mut self, world: &mut World, out: &mut Outbox) {
        self.fill_source(world);
        self.try_soon(out);
    }

    /// A source that the user need not write: the one of the events before.
    fn fill_source(&mut self, world: &World) {
        let untouched = self.written() == self.start;
        let last = self.sent.as_ref().and_then(|sent| Some(sent.request.events.last()?.source.clone()));
        let Some(source) = last.or_else(|| suggest::usual_source(world)) else { return };
        let event = self.event_mut();
        if event.is_empty() && event.source.is_empty() {
            event.source.insert(&source);
        }
        if untouched {
            self.start = self.written();
        }
    }

    /// Start from a draft. What was written before stays: the draft is then one more event of the commit.
    pub fn draft(&mut self, mut draft: Draft, world: &mut World, out: &mut Outbox) {
        if self.is_locked() {
            return out.say(Level::Warning, LOCKED);
        }
        if draft.data.len() > LONGEST_DRAFT {
            draft.data = String::new();
            out.say(Level::Warning, "The event's payload is too long to be edited here; the new one starts empty.");
        }
        if self.is_unsent() {
            let empty = self.events.iter().position(EventFields::is_empty);
            let event = EventFields::new(draft);
            match empty {
                Some(at) => {
                    self.events[at] = event;
                    self.current = at;
                }
                None => {
                    self.events.push(event);
                    self.current = self.events.len() - 1;
                }
            }
            let (at, all) = (self.current + 1, self.events.len());
            out.say(
                Level::Info,
                format!("The form was not empty: this is now event {at} of {all} in the same commit."),
            );
        } else {
            let sent = self.sent.take();
            *self = Self { events: vec![EventFields::new(draft)], sent, ..Self::default() };
            self.start = self.written();
        }
        let event = self.event();
        let first_empty =
            [Field::Subject, Field::Kind].into_iter().find(|field| event.line(*field).is_some_and(TypedLine::is_empty));
        self.focus = Focus::Field(first_empty.unwrap_or(Field::Data));
        self.suggestions = None;
        self.fill_source(world);
        self.changed(out);
    }

    /// The user has said yes: start over.
    pub fn empty(&mut self, world: &mut World, out: &mut Outbox) {
        if !self.is_locked() {
            out.cancel(Slot::Try);
            let sent = self.sent.take();
            *self = Self { sent, ..Self::default() };
            self.fill_source(world);
        }
    }

    /// The user has said yes: take the event that is shown out of the commit.
    pub fn remove_event(&mut self, world: &mut World, out: &mut Outbox) {
        if self.is_locked() {
            return;
        }
        if self.events.len() > 1 {
            self.events.remove(self.current.min(self.events.len() - 1));
            self.current = self.current.min(self.events.len() - 1);
        } else {
            self.events = vec![EventFields::default()];
            self.fill_source(world);
        }
        self.changed(out);
    }

    /// The user has said yes: take the precondition out on which the cursor is.
    pub fn remove_condition(&mut self, out: &mut Outbox) {
        if let (Some(index), false) = (self.focus.condition(), self.is_locked())
            && index < self.conditions.len()
        {
            self.conditions.remove(index);
            self.focus = match self.conditions.len() {
                0 => Focus::Field(Field::Data),
                left => Focus::Kind(index.min(left - 1)),
            };
            // Answers to the call under way would be about other indexes.
            self.changed(out);
        }
    }

    /// Something was written: what was found out about the preconditions is of before.
    fn changed(&mut self, out: &mut Outbox) {
        if let Outcome::NotCommitted { blamed, .. } = &mut self.outcome {
            *blamed = None;
        }
        for condition in &mut self.conditions {
            condition.outdated();
        }
        self.try_soon(out);
    }

    fn try_soon(&mut self, out: &mut Outbox) {
        out.cancel(Slot::Try);
        if !self.conditions.is_empty() {
            out.push(Effect::Wake(Timer::Try, REST));
        }
    }

    /// How far the preview can be scrolled, told when it is drawn.
    pub fn preview_rows_are(&self, rows: usize) {
        self.preview_rows.set(rows);
    }

    /// `$EDITOR` is done.
    pub fn edited(&mut self, result: Result<String, String>, _world: &mut World, out: &mut Outbox) {
        let target = self.outside.take();
        match (result, target) {
            (Err(problem), _) => out.say(Level::Error, problem),
            (Ok(text), Some(target)) => {
                // Editors end the last line; the text of the form has no such end.
                let text = text.strip_suffix('\n').unwrap_or(&text);
                if let Some(editor) = self.written_at(target)
                    && editor.whole() != text
                {
                    editor.put(text);
                    self.changed(out);
                }
            }
            (Ok(_), None) => {}
        }
    }
}
