//! What the store holds in memory: the events in commit order, their index, the schemas.
//!
//! Owns positions and what readers may see of them. An event is appended before it is on the disk, so that later commits
//! build upon it, and becomes visible when it is. Knows nothing of files and requests.

use super::index::Index;
use super::record::Record;
use super::schema::Schemas;
use crate::model::event::Envelope;
use crate::model::request::Generation;
use std::sync::Arc;

/// How many events share a segment. A snapshot copies one pointer a segment, and the first commit after a snapshot
/// copies the pointers of one segment.
const SEGMENT: usize = 1024;

type Segment = Arc<Vec<Arc<Record>>>;

/// What the store holds.
#[derive(Debug, Default)]
pub struct State {
    segments: Vec<Segment>,
    len: usize,
    visible: usize,
    bytes: u64,
    version: u64,
    pub index: Index,
    pub schemas: Schemas,
}

impl State {
    /// Append an event. It cannot be seen until [`State::publish`].
    pub fn push(&mut self, record: Arc<Record>) {
        if let Some([subject, kind, id]) = record.names()
            && let Ok(position) = u32::try_from(self.len)
        {
            self.index.add(position, &subject, &kind, &id);
        }
        self.bytes += record.text().len() as u64 + 1;
        if self.len.is_multiple_of(SEGMENT) {
            self.segments.push(Arc::new(Vec::with_capacity(SEGMENT)));
        }
        if let Some(last) = self.segments.last_mut() {
            Arc::make_mut(last).push(record);
        }
        self.len += 1;
        self.version += 1;
    }

    /// Let readers see the first `len` events.
    pub fn publish(&mut self, len: usize) {
        self.visible = self.visible.max(len);
    }

    /// Put another record in the place of one.
    pub fn replace(&mut self, position: usize, record: Record) {
        if let Some(segment) = self.segments.get_mut(position / SEGMENT)
            && let Some(slot) = Arc::make_mut(segment).get_mut(position % SEGMENT)
        {
            self.bytes = self.bytes + record.text().len() as u64 - slot.text().len() as u64;
            *slot = Arc::new(record);
            self.version += 1;
        }
    }

    /// The event at a position.
    pub fn get(&self, position: usize) -> Option<&Arc<Record>> {
        self.segments.get(position / SEGMENT)?.get(position % SEGMENT)
    }

    /// How many events there are, visible or not.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Grows with every change of the events.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many events readers may see.
    pub fn visible(&self) -> usize {
        self.visible
    }

    /// The size of all lines, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The first `len` events as they are now.
    pub fn snapshot(&self, len: usize) -> Snapshot {
        Snapshot { segments: self.segments.clone(), len: len.min(self.len) }
    }
}

/// The events of one moment, in commit order. Holding one does not keep the store from going on.
#[derive(Clone, Debug)]
pub struct Snapshot {
    segments: Vec<Segment>,
    len: usize,
}

impl Snapshot {
    /// How many events there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no event.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The event at a position.
    pub fn get(&self, position: usize) -> Option<&Record> {
        let segment = self.segments.get(position / SEGMENT).filter(|_| position < self.len)?;
        segment.get(position % SEGMENT).map(|record| &**record)
    }

    /// The events in commit order.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.segments.iter().flat_map(|segment| segment.iter()).take(self.len).map(|record| &**record)
    }

    /// The events' fields in commit order, as an API generation shows them.
    pub fn envelopes(&self, generation: Generation) -> impl Iterator<Item = Envelope<'_>> {
        self.records().filter_map(move |record| record.envelope(generation))
    }
}
