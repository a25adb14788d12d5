//! Commits: preconditions, sequencing, durability.
//!
//! Owns the atomicity of a commit: its preconditions hold at the moment at which its events get their places, and all
//! of its events become visible together, or none does. Knows nothing of how the log is written.

use super::chain::Payload;
use super::error::Error;
use super::log::{Ticket, line};
use super::prepare::{Prepared, prepare};
use super::record::{Draft, Record};
use super::state::State;
use super::{Sequencer, Store, Wanted};
use crate::gdbql;
use crate::model::request::{
    CommitRequest, Generation, IS_QUERY_RESULT_TRUE, IS_SUBJECT_EXISTING, IS_SUBJECT_NEW, Precondition,
};
use crate::model::time;
use std::sync::Arc;
use std::time::SystemTime;
use uuid::Uuid;

/// Records that are in memory and in the log's queue.
pub(super) struct Enqueued {
    ticket: Option<Ticket>,
    len: usize,
}

/// A precondition that was understood.
enum Condition {
    New(String),
    Existing(String),
    Query(Box<gdbql::Query>),
}

impl Store {
    /// Store all of a request's events, if all of its preconditions hold; gives the stored events once they are durable.
    ///
    /// # Errors
    /// When an event is invalid, a precondition does not hold, or the data file cannot be written.
    pub fn commit(&self, generation: Generation, request: CommitRequest) -> Result<Vec<Arc<Record>>, Error> {
        let events = prepare(generation, request.events)?;
        let conditions = request.preconditions.iter().map(Condition::new).collect::<Result<Vec<_>, _>>()?;
        let queried = self.query_ahead(&conditions)?;
        let mut sequencer = self.sequencer();
        self.check(&events, &conditions, queried).or_else(|error| {
            // A refusal tells about events that may not be durable yet; it is as binding as an answer to those.
            if let Some(log) = &self.shared.log {
                log.wait(log.last())?;
            }
            Err(error)
        })?;
        let records = seal(&events, &mut sequencer);
        let place = self.enqueue(&records)?;
        drop(sequencer);
        self.finish(place)?;
        Ok(records)
    }

    /// Append records in memory and to the log's queue. The sequencer must be held.
    pub(super) fn enqueue(&self, records: &[Arc<Record>]) -> Result<Enqueued, Error> {
        let write = |lines: &mut String| records.iter().for_each(|record| line::push_event(lines, record));
        let ticket = self.shared.log.as_ref().map(|log| log.append(write)).transpose()?;
        let mut state = self.state_mut();
        records.iter().for_each(|record| state.push(Arc::clone(record)));
        Ok(Enqueued { ticket, len: state.len() })
    }

    /// Wait until records are durable, and let readers see them.
    pub(super) fn finish(&self, place: Enqueued) -> Result<(), Error> {
        self.settle(&place)?;
        self.publish(place.len);
        Ok(())
    }

    /// Wait until records are durable.
    pub(super) fn settle(&self, place: &Enqueued) -> Result<(), Error> {
        match (&self.shared.log, place.ticket) {
            (Some(log), Some(ticket)) => log.wait(ticket),
            _ => Ok(()),
        }
    }

    fn check(&self, events: &[Prepared], conditions: &[Condition], queried: Option<u64>) -> Result<(), Error> {
        let state = self.state();
        events.iter().try_for_each(|event| state.schemas.check(&event.kind, &event.data))?;
        let existing = |subject: &str| state.index.subject(subject).map_or(state.len() > 0, |found| !found.is_empty());
        for condition in conditions {
            match condition {
                Condition::New(subject) if existing(subject) => {
                    return Err(refused(IS_SUBJECT_NEW, format!("subject {subject} already has events")));
                }
                Condition::Existing(subject) if !existing(subject) => {
                    return Err(refused(IS_SUBJECT_EXISTING, format!("subject {subject} has no events")));
                }
                _ => {}
            }
        }
        if queried == Some(state.version()) {
            return Ok(());
        }
        let asked = asked(conditions, &state);
        drop(state);
        asked.iter().try_for_each(|(query, wanted)| holds(query, wanted))
    }

    /// Run the queries before the sequencer is taken, so that a long one does not hold up other commits; gives the
    /// version of what they saw. When others have committed meanwhile they run once more.
    fn query_ahead(&self, conditions: &[Condition]) -> Result<Option<u64>, Error> {
        if queries(conditions).next().is_none() {
            return Ok(None);
        }
        let (asked, version) = {
            let state = self.state();
            (asked(conditions, &state), state.version())
        };
        let held = asked.iter().try_for_each(|(query, wanted)| holds(query, wanted));
        match held {
            // It may hold by the time at which the sequencer is ours.
            Err(Error::Precondition { .. }) => Ok(None),
            other => other.map(|()| Some(version)),
        }
    }
}

fn queries(conditions: &[Condition]) -> impl Iterator<Item = &gdbql::Query> {
    conditions.iter().filter_map(|condition| match condition {
        Condition::Query(query) => Some(&**query),
        _ => None,
    })
}

/// The queries, each with the events that it needs of all that were sequenced.
fn asked<'c>(conditions: &'c [Condition], state: &State) -> Vec<(&'c gdbql::Query, Wanted)> {
    queries(conditions).map(|query| (query, state.wanted(&query.cut(), state.len()))).collect()
}

fn holds(query: &gdbql::Query, wanted: &Wanted) -> Result<(), Error> {
    let events = wanted.records().filter_map(|record| record.envelope(Generation::V2));
    match gdbql::holds(query, events, &gdbql::Limits::default())? {
        true => Ok(()),
        false => Err(refused(IS_QUERY_RESULT_TRUE, "the query's result is not true, or it has none".to_owned())),
    }
}

fn refused(kind: &str, message: String) -> Error {
    Error::Precondition { kind: kind.to_owned(), message }
}

impl Condition {
    fn new(precondition: &Precondition) -> Result<Self, Error> {
        let member = |name: &str| {
            let missing = || format!("the precondition {} needs a payload with a string `{name}`", precondition.kind);
            precondition.member(name).ok_or_else(|| Error::Invalid(missing()))
        };
        match precondition.kind.as_str() {
            IS_SUBJECT_NEW => member("subject").and_then(subject).map(Self::New),
            IS_SUBJECT_EXISTING => member("subject").and_then(subject).map(Self::Existing),
            IS_QUERY_RESULT_TRUE => Ok(Self::Query(Box::new(gdbql::parse(&member("query")?)?))),
            other => Err(Error::Invalid(format!(
                "unknown precondition type {other:?}; known are {IS_SUBJECT_NEW}, {IS_SUBJECT_EXISTING} and {IS_QUERY_RESULT_TRUE}"
            ))),
        }
    }
}

fn subject(subject: String) -> Result<String, Error> {
    if subject.starts_with('/') {
        return Ok(subject);
    }
    Err(Error::Invalid(format!("a precondition's subject starts with /, {subject:?} does not")))
}

fn seal(events: &[Prepared], sequencer: &mut Sequencer) -> Vec<Arc<Record>> {
    let of = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let places = (1..=of).map(|index| (index, of));
    let sealed = events.iter().zip(places).map(|(event, place)| {
        let payload = if event.reference { Payload::Reference(*Uuid::new_v4().as_bytes()) } else { Payload::Inline };
        sequencer.time = now().max(sequencer.time + 1);
        let draft = Draft {
            source: &event.source,
            subject: &event.subject,
            kind: &event.kind,
            data: &event.data,
            payload,
            id: &event.id,
            time: &time::format(sequencer.time),
        };
        let record = draft.seal(&sequencer.hash, place);
        sequencer.hash = record.hash();
        Arc::new(record)
    });
    sealed.collect()
}

/// Nanoseconds since 1970 by the system's clock.
fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX)
}
