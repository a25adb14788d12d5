//! What is typed into the tail: another subject, where to begin, what to point out, where to record.

use super::subject_field::SubjectField;
use crate::app::line::TypedLine;

/// A line that is being typed.
#[derive(Debug)]
pub enum Prompt {
    /// A subject to watch.
    Subject {
        /// The field.
        field: SubjectField,
        /// Whether what is watched already goes on.
        add: bool,
    },
    /// Anything else.
    Line {
        /// What it is for.
        what: Asked,
        /// The text.
        input: TypedLine,
        /// What is wrong with it, once it was to be taken.
        problem: Option<String>,
    },
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Where the observation is to begin.
    From,
    /// What is to be pointed out.
    Highlight,
    /// The file to record into.
    Record {
        /// The file is there: taking the same line again goes on behind what is in it.
        exists: bool,
    },
}

impl Prompt {
    /// A line with a text to begin with.
    pub fn line(what: Asked, text: &str) -> Self {
        Self::Line { what, input: TypedLine::new(text), problem: None }
    }

    /// The text.
    pub fn input(&mut self) -> &mut TypedLine {
        match self {
            Self::Subject { field, .. } => &mut field.input,
            Self::Line { input, .. } => input,
        }
    }
}

impl Asked {
    /// The words before the field.
    pub fn label(self) -> &'static str {
        match self {
            Self::From => "from: ",
            Self::Highlight => "highlight: ",
            Self::Record { .. } => "record to: ",
        }
    }

    /// What can be typed.
    pub fn hint(self) -> &'static str {
        match self {
            Self::From => "now, start, or a time: 13:58, 2026-03-01, 2026-03-01 13:58",
            Self::Highlight => "a text, a /regex/ or a condition; the overview (o) adds bell and pause",
            Self::Record { .. } => "the name of a file; every event that comes is written to it, one a line",
        }
    }
}
