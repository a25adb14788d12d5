//! The fields of one new event and what they make. Knows nothing of other events, nor of where the cursor is.

use super::super::Draft;
use super::check::{self, Problem};
use super::written::Written;
use crate::app::editor::Editor;
use crate::app::line::TypedLine;
use crate::model::request::{CommitOptions, Generation, NewEvent};
use crate::model::subject;
use serde_json::value::RawValue;

/// The payload of an event for which none was written.
const NO_DATA: &str = "{}";

/// The fields of an event, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Who writes it.
    Source,
    /// What it is about.
    Subject,
    /// The event type.
    Kind,
    /// The payload.
    Data,
    /// Whether the payload can be erased.
    Erasable,
}

impl Field {
    /// From top to bottom.
    pub const ALL: [Self; 5] = [Self::Source, Self::Subject, Self::Kind, Self::Data, Self::Erasable];

    /// The word before it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Subject => "subject",
            Self::Kind => "type",
            Self::Data => "data",
            Self::Erasable => "erasable",
        }
    }
}

/// A new event as it is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct EventFields {
    /// Who writes it.
    pub source: TypedLine,
    /// What it is about.
    pub subject: TypedLine,
    /// The event type.
    pub kind: TypedLine,
    /// The payload.
    pub data: Editor,
    /// Keep the payload apart from the chain, so that it can be erased.
    pub erasable: bool,
}

impl Default for EventFields {
    fn default() -> Self {
        Self::new(Draft::default())
    }
}

impl EventFields {
    /// An event that starts from a draft.
    pub fn new(draft: Draft) -> Self {
        let mut data = Editor::new(if draft.data.is_empty() { NO_DATA } else { &draft.data });
        // Inside the braces is where the payload goes.
        data.go_to(1);
        Self {
            source: TypedLine::new(&draft.source),
            subject: TypedLine::new(&draft.subject),
            kind: TypedLine::new(&draft.kind),
            data,
            erasable: false,
        }
    }

    /// The texts, to compare what stands here with what stood here.
    pub fn texts(&self) -> Draft {
        Draft {
            source: self.source.text().to_owned(),
            subject: self.subject.text().to_owned(),
            kind: self.kind.text().to_owned(),
            data: self.data.text(),
        }
    }

    /// Whether nothing of its own was written. The source is filled in by itself and does not count.
    pub fn is_empty(&self) -> bool {
        let data = self.data.text();
        let no_data = data.trim().is_empty() || data == NO_DATA;
        self.subject.is_empty() && self.kind.is_empty() && no_data && !self.erasable
    }

    /// The line of a field, where it has one.
    pub fn line(&self, field: Field) -> Option<&TypedLine> {
        Some(match field {
            Field::Source => &self.source,
            Field::Subject => &self.subject,
            Field::Kind => &self.kind,
            Field::Data | Field::Erasable => return None,
        })
    }

    /// What is written in a field, to change it; the box has nothing.
    pub(super) fn written(&mut self, field: Field) -> Option<&mut dyn Written> {
        Some(match field {
            Field::Source => &mut self.source,
            Field::Subject => &mut self.subject,
            Field::Kind => &mut self.kind,
            Field::Data => &mut self.data,
            Field::Erasable => return None,
        })
    }

    /// Why a field cannot be sent as it is.
    pub fn problem(&self, field: Field) -> Option<Problem> {
        match field {
            Field::Source if self.source.text().trim().is_empty() => {
                Some(Problem::new("The source is empty. It says who writes the event, like io.example.shop."))
            }
            Field::Subject => subject::problem(self.subject.text()).map(Problem::new),
            Field::Kind if self.kind.text().trim().is_empty() => {
                Some(Problem::new("The type is empty. It says what happened, like io.example.shop.order-placed."))
            }
            Field::Data => self.data().err(),
            _ => None,
        }
    }

    /// The first field that cannot be sent as it is.
    pub fn first_problem(&self) -> Option<(Field, Problem)> {
        Field::ALL.into_iter().find_map(|field| Some((field, self.problem(field)?)))
    }

    fn data(&self) -> Result<Box<RawValue>, Problem> {
        let text = self.data.text();
        check::object(&text, "The payload")?;
        RawValue::from_string(text).map_err(|error| Problem::new(format!("The payload cannot be sent: {error}.")))
    }

    /// What the server will do with the subject beyond storing it.
    pub fn subject_note(&self, generation: Option<Generation>) -> Option<String> {
        let subject = self.subject.text();
        let whole = subject::problem(subject).is_none() && subject::segments(subject).count() == 1;
        (whole && generation == Some(Generation::V2))
            .then(|| format!("One segment: the server appends an id, {subject}/<uuid>."))
    }

    /// The event as it is sent: every text exactly as it was written.
    ///
    /// # Errors
    /// The first field that cannot be sent.
    pub fn to_event(&self) -> Result<NewEvent, (Field, Problem)> {
        if let Some(found) = self.first_problem() {
            return Err(found);
        }
        Ok(NewEvent {
            source: self.source.text().to_owned(),
            subject: self.subject.text().to_owned(),
            kind: self.kind.text().to_owned(),
            data: self.data().map_err(|problem| (Field::Data, problem))?,
            options: CommitOptions { store_data_as_reference: self.erasable },
        })
    }
}
