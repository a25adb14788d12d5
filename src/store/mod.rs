//! The embedded event store: an append-only sequence of events, hash-chained, in memory and, with a data file, on disk.
//!
//! Owns everything that an event store decides: what may be committed, in which order, who sees it when, what an
//! erasure leaves, whether the chain holds. Knows nothing of HTTP and of terminals.
//!
//! A commit goes through three steps. *Prepare* checks what can be checked alone. *Sequence* holds the sequencer: the
//! preconditions are checked against everything sequenced before, the events get times and hashes and are appended in
//! memory. *Publish* waits for the disk and lets readers see the events. Readers never see what is not durable, and a
//! slow reader holds nothing: it reads pages, or a snapshot.

mod audit;
mod backup;
mod chain;
mod commit;
pub mod demo;
mod erase;
mod error;
mod index;
mod log;
mod prepare;
mod read;
mod record;
mod schema;
mod state;
mod wanted;

pub use audit::{Audit, Failure};
pub use error::{Error, Warning};
pub use read::Selection;
pub use record::Record;
pub use state::Snapshot;
pub use wanted::Wanted;

use crate::model::event::{Envelope, NO_PREDECESSOR};
use crate::model::request::RegisteredSchema;
use crate::model::status::EventCounts;
use crate::model::time;
use log::Log;
use log::line::{self, Entry};
use schema::Compiled;
use state::State;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::watch;

/// An event store, in memory or with a data file. Cheap to clone; every clone is the same store.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: RwLock<State>,
    /// Whoever holds it decides what comes next. Locked before `state`, never after.
    sequencer: Mutex<Sequencer>,
    log: Option<Log>,
    visible: watch::Sender<usize>,
}

/// What the next event builds upon.
#[derive(Debug)]
struct Sequencer {
    /// The hash of the last event.
    hash: String,
    /// The time of the last event; the next one's is later.
    time: i64,
}

impl Sequencer {
    /// What follows after an event that is already there.
    fn after(event: &Envelope<'_>, before: i64) -> Self {
        let time = event.time.as_deref().and_then(time::parse).unwrap_or(before);
        Self { hash: event.hash.as_deref().unwrap_or(NO_PREDECESSOR).to_owned(), time: time.max(before) }
    }
}

impl Default for Sequencer {
    fn default() -> Self {
        Self { hash: NO_PREDECESSOR.to_owned(), time: 0 }
    }
}

impl Store {
    /// An empty store that keeps everything in memory.
    pub fn in_memory() -> Self {
        Self::new(State::default(), Sequencer::default(), None)
    }

    /// The store in a data file, which is created when there is none.
    ///
    /// # Errors
    /// When the file is in use, is no data file, or cannot be read.
    pub fn open(path: &Path) -> Result<(Self, Vec<Warning>), Error> {
        let (mut state, mut sequencer) = (State::default(), Sequencer::default());
        let (log, warnings) = Log::open(path, &mut |entry| match entry {
            Entry::Header(_) => {}
            Entry::Event(record) => {
                if let Some(event) = record.envelope(crate::model::request::Generation::V2) {
                    sequencer = Sequencer::after(&event, sequencer.time);
                }
                state.push(Arc::new(record));
            }
            // One that no longer compiles was changed in the file; the warning about its line says so.
            Entry::Schema(schema) => drop(Compiled::new(schema).map(|schema| state.schemas.add(schema))),
        })?;
        state.publish(state.len());
        Ok((Self::new(state, sequencer, Some(log)), warnings))
    }

    fn new(state: State, sequencer: Sequencer, log: Option<Log>) -> Self {
        let visible = watch::Sender::new(state.visible());
        let shared = Shared { state: RwLock::new(state), sequencer: Mutex::new(sequencer), log, visible };
        Self { shared: Arc::new(shared) }
    }

    /// Register a schema for the new events of a type.
    ///
    /// # Errors
    /// When the type already has one, the schema is none, or it cannot be written.
    pub fn register_schema(&self, schema: RegisteredSchema) -> Result<(), Error> {
        let mut text = String::new();
        line::push_schema(&mut text, &schema);
        let kind = schema.kind.clone();
        let compiled = Compiled::new(schema)?;
        let _sequencer = self.sequencer();
        if self.state().schemas.has(&kind) {
            return Err(Error::SchemaExists(kind));
        }
        if let Some(log) = &self.shared.log {
            log.wait(log.append(|lines| lines.push_str(&text))?)?;
        }
        self.state_mut().schemas.add(compiled);
        Ok(())
    }

    /// Every registered schema, in the order of registration.
    pub fn schemas(&self) -> Vec<RegisteredSchema> {
        self.state().schemas.list().to_vec()
    }

    /// The distinct top-level subjects, sorted.
    pub fn subjects(&self) -> Vec<Arc<str>> {
        let state = self.state();
        state.index.top_level(state.visible())
    }

    /// The distinct event types, sorted.
    pub fn types(&self) -> Vec<Arc<str>> {
        let state = self.state();
        state.index.kinds(state.visible())
    }

    /// How much there is. The size is that of the data file, or of the events' lines in memory.
    pub fn counts(&self) -> EventCounts {
        let state = self.state();
        EventCounts {
            count: state.visible() as u64,
            subjects: state.index.subject_count() as u64,
            types: state.index.kind_count() as u64,
            storage_size: self.shared.log.as_ref().map_or(state.bytes(), Log::bytes),
        }
    }

    /// Whether commits are taken: not so after the data file could not be written.
    pub fn is_ready(&self) -> bool {
        self.shared.log.as_ref().is_none_or(Log::works)
    }

    /// How many events readers can see.
    pub fn len(&self) -> usize {
        self.state().visible()
    }

    /// Whether there is no event.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells how many events readers can see, whenever there are more.
    pub fn watch(&self) -> watch::Receiver<usize> {
        self.shared.visible.subscribe()
    }

    /// Every event that readers can see now.
    pub fn snapshot(&self) -> Snapshot {
        let state = self.state();
        state.snapshot(state.visible())
    }

    fn publish(&self, len: usize) {
        self.state_mut().publish(len);
        self.shared.visible.send_if_modified(|visible| {
            let more = len > *visible;
            *visible = len.max(*visible);
            more
        });
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.shared.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn sequencer(&self) -> MutexGuard<'_, Sequencer> {
        self.shared.sequencer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
