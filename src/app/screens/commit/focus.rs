//! Where the keys go in the form, and how one gets from there to elsewhere.

use super::CommitForm;
use super::event::Field;
use super::outcome::Outcome;
use super::written::Written;
use crate::app::command::Place;
use crate::app::editor::Editor;
use crate::app::line::TypedLine;

/// A stop of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A field of the event that is shown.
    Field(Field),
    /// The kind of a precondition.
    Kind(usize),
    /// The text of a precondition.
    Text(usize),
    /// The events that were stored.
    Stored,
    /// The request.
    Preview,
}

impl Focus {
    /// The precondition on which the cursor is.
    pub fn condition(self) -> Option<usize> {
        match self {
            Self::Kind(index) | Self::Text(index) => Some(index),
            _ => None,
        }
    }
}

impl CommitForm {
    /// All stops, in the order of `Tab`.
    fn stops(&self) -> Vec<Focus> {
        let mut stops: Vec<Focus> = Field::ALL.into_iter().map(Focus::Field).collect();
        for index in 0..self.conditions.len() {
            stops.extend([Focus::Kind(index), Focus::Text(index)]);
        }
        if !self.outcome.events().is_empty() {
            stops.push(Focus::Stored);
        }
        stops.push(Focus::Preview);
        stops
    }

    /// Go so many stops further. `Tab` goes round; the arrows do not.
    pub(super) fn go_by(&mut self, by: isize, round: bool) {
        let stops = self.stops();
        let at = stops.iter().position(|stop| *stop == self.focus).unwrap_or(0);
        let next = at.saturating_add_signed(by);
        let next = match round {
            true => (at + stops.len()).saturating_add_signed(by) % stops.len(),
            false => next.min(stops.len() - 1),
        };
        self.go_to(stops[next]);
    }

    /// Go to a stop.
    pub(super) fn go_to(&mut self, focus: Focus) {
        self.suggestions = None;
        self.focus = focus;
    }

    /// What is written at a stop, to change it.
    pub(super) fn written_at(&mut self, focus: Focus) -> Option<&mut dyn Written> {
        match focus {
            Focus::Field(field) => self.event_mut().written(field),
            Focus::Text(index) => self.conditions.get_mut(index).map(super::Condition::written),
            _ => None,
        }
    }

    /// The text with the cursor, if it can have many lines.
    pub(super) fn text_here(&mut self) -> Option<&mut Editor> {
        match self.focus {
            Focus::Field(Field::Data) => Some(&mut self.event_mut().data),
            Focus::Text(index) => self.conditions.get_mut(index)?.editor_mut(),
            _ => None,
        }
    }

    /// The line with the cursor.
    pub(super) fn line_here(&self) -> Option<&TypedLine> {
        match self.focus {
            Focus::Field(field) => self.event().line(field),
            Focus::Text(index) => self.conditions.get(index)?.line(),
            _ => None,
        }
    }

    /// Whether the text with the cursor can have several lines; `None` without one.
    pub(super) fn has_lines(&self) -> Option<bool> {
        match self.focus {
            Focus::Field(Field::Erasable) => None,
            Focus::Field(field) => Some(field == Field::Data),
            Focus::Text(index) => self.conditions.get(index).map(|condition| !condition.is_line()),
            _ => None,
        }
    }

    /// Where the user is, innermost first.
    pub(super) fn places_here(&self) -> Vec<Place> {
        let mut places = Vec::new();
        if self.is_locked() {
            return places;
        }
        if matches!(self.outcome, Outcome::Unknown { .. }) {
            places.push(Place::FormUnknown);
        }
        if self.suggestions.is_some() {
            places.push(Place::FormSuggestions);
        }
        match (self.focus, self.has_lines()) {
            (_, Some(false)) => places.extend([Place::Form, Place::FormLine, Place::Line]),
            (_, Some(true)) => places.extend([Place::Form, Place::FormText]),
            (Focus::Kind(_), _) => places.extend([Place::FormKind, Place::Form, Place::Moves]),
            (Focus::Stored, _) => places.extend([Place::FormStored, Place::Form, Place::Moves]),
            (Focus::Preview, _) => places.extend([Place::FormPreview, Place::Form, Place::Moves]),
            _ => places.extend([Place::FormBox, Place::Form, Place::Moves]),
        }
        places
    }
}
