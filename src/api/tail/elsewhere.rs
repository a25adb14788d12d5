//! What of a stream was told elsewhere: by the tails whose place another one takes.
//!
//! Each of them had told its subject up to an event. A few names are enough to know that, however much it was.

use super::TailPart;
use crate::model::event::Envelope;
use crate::model::subject::is_under;

/// What is to be left out of a stream until it is behind all of it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Elsewhere {
    /// Of these subjects everything was told up to the event with this ID, which is still to come.
    told: Vec<(String, String)>,
    rest: Option<Rest>,
}

/// What none of the tails watched: nobody has asked for it up to the event `until`, which is still to come.
#[derive(Debug, PartialEq)]
struct Rest {
    watched: Vec<String>,
    until: String,
}

impl Elsewhere {
    /// What these tails have told, as far as it comes again: their last events are among those `to_come`. Whatever none
    /// of them watched begins behind the event `newest`.
    pub fn new(parts: &[TailPart], to_come: &[String], newest: String) -> Self {
        let told = parts.iter().filter_map(|part| Some((part.subject.clone(), part.last()?.to_owned())));
        let told = told.filter(|(_, last)| to_come.contains(last)).collect();
        let watched = parts.iter().map(|part| part.subject.clone()).collect();
        Self { told, rest: Some(Rest { watched, until: newest }) }
    }

    /// Whether the stream is behind all of it.
    pub fn is_over(&self) -> bool {
        self.told.is_empty() && self.rest.is_none()
    }

    /// Whether an event is to be left out. They come in the order of the stream.
    pub fn has(&mut self, event: &Envelope<'_>) -> bool {
        let is_in = |subject: &String| is_under(&event.subject, subject);
        let was_told = self.told.iter().any(|(subject, _)| is_in(subject));
        let is_rest = self.rest.as_ref().is_some_and(|rest| !rest.watched.iter().any(is_in));
        self.told.retain(|(_, last)| *last != event.id);
        self.rest.take_if(|rest| rest.until == event.id);
        was_told || is_rest
    }
}
