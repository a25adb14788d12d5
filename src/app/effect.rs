//! What the app wants done: plain data, carried out by the shell.

use super::desk::Keep;
use super::export::Export;
use super::inspection::Inspection;
use super::message::Level;
use super::probe::Search;
use super::screens::query::library::Order;
use crate::gdbql::Query;
use crate::local::Wanted;
use crate::model::log::LogView;
use crate::model::request::{CommitRequest, Precondition, StreamRequest};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use std::time::Duration;

/// The identity of a request. Starting a slot again drops its task; late answers of an older one are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The events of the Explore screen.
    Load,
    /// What is appended to a file that is open.
    Follow,
    /// The server's count of its subjects and types.
    Census,
    /// Where the newest events begin.
    Newest,
    /// Whose event one is that is not loaded.
    Locate,
    /// The filter of the list of events.
    Search,
    /// The loaded event with an id.
    Find,
    /// The events of a type, for their shape.
    Shape,
    /// A list of events on its way to a file.
    Export,
    /// The picture of a tab of the Query screen, by the tab's number, on its way to a file.
    Picture(u8),
    /// A lane of the live tail, by its number.
    Tail(u8),
    /// The filter of the live tail.
    TailSearch,
    /// What of the live tail is to be pointed out.
    TailWatch,
    /// The file into which the live tail is written.
    Record,
    /// Orders to the recording: onto the disk, or stop.
    RecordOrder,
    /// The run of a query in a tab, by the tab's number.
    Query(u8),
    /// A commit: never cancelled, never repeated.
    Commit,
    /// Trying the preconditions of the form.
    Try,
    /// The ping poll.
    Ping,
    /// An audit.
    Audit,
    /// The status poll.
    Status,
    /// The catalogue of subjects.
    Subjects,
    /// The catalogue of event types.
    Types,
    /// The schemas.
    Schemas,
    /// The folder of saved queries.
    Library,
    /// `$EDITOR`.
    Edit,
}

/// A call to the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// All events of a request, once.
    Stream(StreamRequest),
    /// The first events of a request.
    Page(StreamRequest, Extent),
    /// The names and counts of subjects and types.
    Census,
    /// The ID of the event with which the newest events at and below a subject begin, so many.
    Newest(String, usize),
    /// The subject of the event with this ID.
    Locate(String),
    /// The events of the file that is open, behind this offset in bytes.
    Read(u64),
    /// What is appended to the file that is open, behind this offset in bytes.
    Follow(u64),
    /// A search through the events that are loaded.
    Search(Search),
    /// A look at the events of a type, for their shape.
    Shape(Inspection),
    /// A list of events to be written to a file.
    Export(Export),
    /// A text to be written to a file.
    Save(Save),
    /// Events as they are committed, with reconnects.
    Observe(StreamRequest, From),
    /// Write what the tail receives to a file, until it is told to stop.
    Record {
        /// Which file.
        path: String,
        /// Whether it may be there already; what is in it stays.
        append: bool,
    },
    /// Put what was recorded onto the disk.
    SyncRecord,
    /// End the recording.
    StopRecord,
    /// A GDBQL query.
    Query(String),
    /// A GDBQL query over the events that are loaded.
    Local(LocalQuery),
    /// An order to the folder of saved queries.
    Library(Order),
    /// A commit.
    Commit(CommitRequest),
    /// Whether each of these preconditions holds now.
    Try(Vec<Precondition>),
    /// Whether the server answers.
    Ping,
    /// An audit of the whole store.
    Audit,
    /// The server's status.
    Status,
    /// The catalogue of subjects.
    Subjects,
    /// The catalogue of event types.
    Types,
    /// The schemas.
    Schemas,
}

/// A text that is to stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    /// The file, as it was typed.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
    /// Whether a file that is there already may go.
    pub replace: bool,
}

/// A query over the events that are loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalQuery {
    /// The query.
    pub query: Arc<Query>,
    /// The events.
    pub view: LogView,
    /// Which of them it needs.
    pub wanted: Wanted,
}

/// How much of a stream is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// About so many lines, all of them without a number. A page ends behind an event.
    pub events: Option<usize>,
    /// So many lines at its start are here already if they are no events: a stream goes on behind the last event.
    pub known: usize,
    /// The first event that is here, by its ID. A stream that begins with it does not go on where it was asked to: what
    /// is here already comes again before the rest.
    pub first: Option<String>,
}

/// Where an observation begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// At the first event.
    Start,
    /// Behind the newest event.
    Now,
    /// Behind the event with this ID.
    After(String),
    /// With the event with this ID.
    At(String),
    /// With the first event of this time or later, in nanoseconds since 1970.
    Time(i64),
    /// Where observations of these subjects would have gone on, each from there; everything else from now on.
    InPlaceOf(Vec<(String, From)>),
}

impl From {
    /// The observation of a subject has come to an event: it goes on behind it.
    pub fn come_to(&mut self, subject: &str, id: String) {
        match self {
            // What was observed before may still be told again, as long as nobody says that it is over.
            Self::InPlaceOf(parts) => match parts.iter_mut().find(|(part, _)| part == subject) {
                Some((_, from)) => *from = Self::After(id),
                None => parts.push((subject.to_owned(), Self::After(id))),
            },
            _ => *self = Self::After(id),
        }
    }
}

/// Something that will wake the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The next ping.
    Ping,
    /// The next status.
    Status,
    /// The next audit.
    Audit,
    /// A message has been shown long enough.
    Message,
    /// A second has passed, while something on the screen counts seconds.
    Second,
    /// The form has been left alone long enough to try its preconditions.
    Try,
    /// The next event of a history that is being played.
    Play,
    /// Times that are told by how long ago they are have become older.
    Ages,
    /// A large tree that grows has been shown as it was for long enough.
    Tree,
    /// A long text was left alone long enough to be checked.
    Check,
    /// The tabs have changed and are to be kept.
    Keep,
    /// The next run of a watched query.
    Watch,
    /// There is more to look through; between two portions the keys get their turn.
    Work,
}

/// Something that the shell is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Call the server; answers come back under the slot and its generation.
    Start {
        /// Under which identity.
        slot: Slot,
        /// Which of the slot's requests this is.
        generation: u32,
        /// The call.
        call: Call,
    },
    /// Drop the slot's task.
    Cancel(Slot),
    /// Wake the app after a while. The same timer asked for again replaces the earlier wish.
    Wake(Timer, Duration),
    /// Put text on the clipboard.
    Copy(String),
    /// Point something out to a user who looks elsewhere.
    Notify {
        /// What it is about.
        title: String,
        /// What happened.
        text: String,
    },
    /// Hand text to `$EDITOR`; the result comes back under [`Slot::Edit`].
    Edit {
        /// Which of the slot's requests this is.
        generation: u32,
        /// The text to start from.
        text: String,
        /// The file's extension, for the editor's highlighting: `gdbql`, `json`.
        extension: &'static str,
    },
    /// Keep something for the next session.
    Keep(Keep),
    /// Draw everything again.
    Redraw,
    /// End the program.
    Quit,
}

/// The generations of the slots and which of them are busy.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    generation: FxHashMap<Slot, u32>,
    busy: FxHashSet<Slot>,
}

impl Slots {
    /// Whether a request of the slot is under way.
    pub fn is_busy(&self, slot: Slot) -> bool {
        self.busy.contains(&slot)
    }

    /// Whether an answer belongs to the slot's current request.
    pub fn accepts(&self, slot: Slot, generation: u32) -> bool {
        self.is_busy(slot) && self.generation.get(&slot) == Some(&generation)
    }

    /// The slot's request is over.
    pub fn end(&mut self, slot: Slot) {
        self.busy.remove(&slot);
    }

    fn begin(&mut self, slot: Slot) -> u32 {
        self.busy.insert(slot);
        let generation = self.generation.entry(slot).or_default();
        *generation = generation.wrapping_add(1);
        *generation
    }
}

/// Where an update puts what it wants done and said.
#[derive(Debug, Default)]
pub struct Outbox {
    /// The generations of the slots.
    pub slots: Slots,
    effects: Vec<Effect>,
    said: Vec<(Level, String)>,
}

impl Outbox {
    /// Call the server. What the slot did before is dropped.
    pub fn start(&mut self, slot: Slot, call: Call) {
        let generation = self.slots.begin(slot);
        self.effects.push(Effect::Start { slot, generation, call });
    }

    /// Drop the slot's request, if there is one.
    pub fn cancel(&mut self, slot: Slot) {
        if self.slots.is_busy(slot) {
            self.slots.end(slot);
            self.effects.push(Effect::Cancel(slot));
        }
    }

    /// Hand text to `$EDITOR`.
    pub fn edit(&mut self, text: String, extension: &'static str) {
        let generation = self.slots.begin(Slot::Edit);
        self.effects.push(Effect::Edit { generation, text, extension });
    }

    /// Want something done.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Put text on the clipboard and say so.
    pub fn copy(&mut self, text: String, what: &str) {
        self.effects.push(Effect::Copy(text));
        self.say(Level::Info, format!("Copied {what}."));
    }

    /// Tell the user something.
    pub fn say(&mut self, level: Level, text: impl Into<String>) {
        self.said.push((level, text.into()));
    }

    /// What was said since the last time.
    pub fn take_said(&mut self) -> Vec<(Level, String)> {
        std::mem::take(&mut self.said)
    }

    /// What is to be done since the last time.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_only_while_its_request_is_the_slots_current_one() {
        let mut out = Outbox::default();
        out.start(Slot::Query(0), Call::Ping);
        out.start(Slot::Query(0), Call::Ping);
        let [Effect::Start { generation: first, .. }, Effect::Start { generation: second, .. }] =
            out.take_effects()[..]
        else {
            panic!("two starts")
        };
        assert!(!out.slots.accepts(Slot::Query(0), first) && out.slots.accepts(Slot::Query(0), second));
        assert!(!out.slots.accepts(Slot::Tail(0), second));
        out.cancel(Slot::Query(0));
        assert!(!out.slots.accepts(Slot::Query(0), second));
        out.cancel(Slot::Query(0));
        assert_eq!(out.take_effects(), [Effect::Cancel(Slot::Query(0))]);
    }
}
