//! Reading: the events of a subject and its descendants, within bounds, now or from now on.
//!
//! Owns what a stream's options mean. A selection is read in pages and holds no lock between them, so that a slow
//! reader holds up nobody.

use super::Store;
use super::record::Record;
use super::state::State;
use crate::model::request::{Generation, StreamOptions};
use crate::model::subject::is_under;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// A page ends at the first event that exceeds one of these.
const PAGE_EVENTS: usize = 1024;
const PAGE_BYTES: usize = 256 * 1024;

/// What is still to be read of a stream.
#[derive(Clone, Debug)]
pub struct Selection {
    subject: String,
    rest: Rest,
}

#[derive(Clone, Debug)]
enum Rest {
    /// Everything of the subject between two positions. An observation's end is not there yet.
    Span { next: usize, end: usize },
    /// These events, the last position first.
    Picked(Vec<u32>),
}

impl Store {
    /// The events of a subject as they are now.
    pub fn select(&self, subject: &str, options: &StreamOptions, generation: Generation) -> Selection {
        let state = self.state();
        let (next, end) = bounds(&state, subject, options, state.visible());
        let rest = match &options.latest_by_event_type {
            Some(kind) => Rest::Picked(latest(&state, subject, kind, next, end, generation)),
            None => Rest::Span { next, end },
        };
        Selection { subject: subject.to_owned(), rest }
    }

    /// The events of a subject as they are now and as they will come. `latestByEventType` plays no part.
    pub fn observe(&self, subject: &str, options: &StreamOptions) -> Selection {
        let state = self.state();
        let (next, end) = bounds(&state, subject, options, usize::MAX);
        Selection { subject: subject.to_owned(), rest: Rest::Span { next, end } }
    }

    /// The next events of a selection; none when there are no more by now.
    pub fn page(&self, selection: &mut Selection) -> Vec<Arc<Record>> {
        let state = self.state();
        let mut page = Page::default();
        match &mut selection.rest {
            Rest::Picked(positions) => {
                while !page.is_full()
                    && let Some(position) = positions.pop()
                {
                    page.push(&state, position as usize);
                }
            }
            Rest::Span { next, end } => {
                let end = (*end).min(state.visible());
                *next = match state.index.subject(&selection.subject) {
                    None => page.fill(&state, *next..end, end),
                    Some(positions) => {
                        let from = positions.partition_point(|position| (*position as usize) < *next);
                        let rest = positions[from..].iter().map(|position| *position as usize);
                        page.fill(&state, rest.take_while(|position| *position < end), end)
                    }
                }
                .max(*next);
            }
        }
        page.records
    }
}

#[derive(Default)]
struct Page {
    records: Vec<Arc<Record>>,
    bytes: usize,
}

impl Page {
    /// Take events until the page is full; gives the position from which to go on.
    fn fill(&mut self, state: &State, positions: impl Iterator<Item = usize>, end: usize) -> usize {
        for position in positions {
            self.push(state, position);
            if self.is_full() {
                return position + 1;
            }
        }
        end
    }

    fn push(&mut self, state: &State, position: usize) {
        if let Some(record) = state.get(position) {
            self.bytes += record.text().len();
            self.records.push(Arc::clone(record));
        }
    }

    fn is_full(&self) -> bool {
        self.records.len() >= PAGE_EVENTS || self.bytes >= PAGE_BYTES
    }
}

/// The positions that the bounds leave of `0..end`. A bound that does not occur below the subject leaves nothing.
fn bounds(state: &State, subject: &str, options: &StreamOptions, end: usize) -> (usize, usize) {
    const NOTHING: (usize, usize) = (0, 0);
    let find = |id: &str| {
        let position = state.index.id(id).filter(|position| *position < state.visible())?;
        let below = match state.index.subject(subject) {
            None => true,
            Some(positions) => u32::try_from(position).is_ok_and(|p| positions.binary_search(&p).is_ok()),
        };
        below.then_some(position)
    };
    let mut span = (0, end);
    if let Some(id) = &options.lower_bound {
        let Some(position) = find(id) else { return NOTHING };
        span.0 = position + usize::from(options.include_lower_bound_event != Some(true));
    }
    if let Some(id) = &options.upper_bound {
        let Some(position) = find(id) else { return NOTHING };
        span.1 = span.1.min(position + usize::from(options.include_upper_bound_event == Some(true)));
    }
    span
}

/// The newest event of a type below the subject (v2), or the newest one of each subject (v1); last position first.
fn latest(state: &State, subject: &str, kind: &str, from: usize, end: usize, generation: Generation) -> Vec<u32> {
    let of_kind = state.index.kind(kind);
    // Whichever list is shorter is walked.
    let positions = match state.index.subject(subject) {
        Some(positions) if positions.len() < of_kind.len() => positions,
        _ => of_kind,
    };
    let within = |position: &&u32| (from..end).contains(&(**position as usize));
    let mut newest: FxHashSet<String> = FxHashSet::default();
    let mut found = Vec::new();
    for position in positions.iter().rev().skip_while(|position| **position as usize >= end).take_while(within) {
        let Some(event) = state.get(*position as usize).and_then(|record| record.envelope(Generation::V2)) else {
            continue;
        };
        if event.kind != kind || !is_under(&event.subject, subject) {
            continue;
        }
        if generation == Generation::V2 {
            return vec![*position];
        }
        if newest.insert(event.subject.into_owned()) {
            found.push(*position);
        }
    }
    found
}
