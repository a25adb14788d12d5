//! What comparing, travelling and the links read from the log. Everything they know of it stands here.
//!
//! Rows carry the number of their subject, so finding the events of one subject looks at no text.

use crate::app::world::World;
use crate::model::event::Envelope;
use crate::model::log::{EventLog, Row};

/// An event's payload as it was written, a whole value; `None` when it has none.
pub fn payload(log: &EventLog, position: usize) -> Option<String> {
    read(log, position, |event| event.data.map(|data| data.text().to_owned())).flatten()
}

/// The hash of the event before an event, and its own, as it states them.
pub fn hashes(log: &EventLog, position: usize) -> Option<(Option<String>, Option<String>)> {
    read(log, position, |event| {
        (event.predecessorhash.map(|hash| hash.into_owned()), event.hash.map(|hash| hash.into_owned()))
    })
}

fn read<T>(log: &EventLog, position: usize, of: impl FnOnce(Envelope<'_>) -> T) -> Option<T> {
    log.line(position)?.event().ok().map(of)
}

/// The subject of an event.
pub fn subject(log: &EventLog, position: usize) -> Option<&str> {
    log.row(position).filter(|row| !row.is_broken()).map(|row| log.subjects().text(row.subject))
}

/// The event type of an event.
pub fn kind(log: &EventLog, position: usize) -> Option<&str> {
    log.row(position).filter(|row| !row.is_broken()).map(|row| log.kinds().text(row.kind))
}

/// When an event was stored, in nanoseconds since 1970.
pub fn time(log: &EventLog, position: usize) -> Option<i64> {
    log.row(position).map(|row| row.time).filter(|time| *time != Row::NO_TIME)
}

/// The event before an event that has the same subject.
pub fn previous_of_subject(log: &EventLog, position: usize) -> Option<usize> {
    let subject = log.row(position).filter(|row| !row.is_broken())?.subject;
    let mut pieces = log.view().pieces(log.first()..position).rev();
    pieces.find_map(|(first, rows)| Some(first + rows.iter().rposition(|row| row.subject == subject)?))
}

/// Whether other events have the same subject as this one. The tree counts them, so nothing is searched.
pub fn has_siblings(world: &World, position: usize) -> bool {
    let node = subject(&world.log, position).and_then(|subject| world.tree.find(subject));
    node.is_some_and(|node| world.tree.own(node) > 1)
}

/// The events of exactly this subject, from a position on.
pub fn positions_of(log: &EventLog, subject: &str, from: usize) -> Vec<usize> {
    let Some(number) = log.subjects().find(subject) else { return Vec::new() };
    let from = from.max(log.first());
    let rows = (from..).zip(log.rows_at(from..log.end()));
    rows.filter(|(_, row)| row.subject == number).map(|(position, _)| position).collect()
}

/// Whether the log on show holds the whole store, as far as is known.
pub fn is_store(world: &World) -> bool {
    world.part.is_store() && world.is_whole()
}
