//! The five screens, one folder each: `mod.rs` is its state and what it does, `view.rs` draws it.

pub mod commit;
pub mod explore;
pub mod query;
pub mod server;
pub mod tail;
#[cfg(test)]
mod tests;

use super::command::Command;
use super::effect::Outbox;
use super::key::Key;
use super::world::World;

/// The screens, in the order of their tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScreenId {
    /// Subjects and their events.
    Explore,
    /// Events as they are committed.
    Tail,
    /// GDBQL and its results.
    Query,
    /// New events with preconditions.
    Commit,
    /// Status, audits, catalogues, schemas.
    Server,
}

impl ScreenId {
    /// All of them, in the order of their tabs.
    pub const ALL: [Self; 5] = [Self::Explore, Self::Tail, Self::Query, Self::Commit, Self::Server];

    /// The word on the tab.
    pub fn title(self) -> &'static str {
        match self {
            Self::Explore => "Explore",
            Self::Tail => "Tail",
            Self::Query => "Query",
            Self::Commit => "Commit",
            Self::Server => "Server",
        }
    }

    /// The screen that a command leads to.
    pub fn of(command: Command) -> Option<Self> {
        Some(match command {
            Command::Explore => Self::Explore,
            Command::Tail => Self::Tail,
            Command::Query => Self::Query,
            Command::Commit => Self::Commit,
            Command::Server => Self::Server,
            _ => return None,
        })
    }
}

/// An event that another screen wants to be shown in Explore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its ID.
    pub id: String,
    /// Whether to begin time travel there.
    pub travels: bool,
    /// The subject to be shown when there is no such event.
    pub or_subject: Option<String>,
}

impl Visit {
    /// The event with an ID, and nothing else.
    pub fn of(id: String) -> Self {
        Self { id, travels: false, or_subject: None }
    }
}

/// What a screen wants of the app beyond its own pane.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Watch a subject in the tail.
    Watch(String),
    /// Watch a subject in the tail besides what is watched there.
    WatchToo(String),
    /// Watch a subject in the tail from the event with this ID on.
    WatchFrom {
        /// The subject.
        subject: String,
        /// The first event.
        id: String,
    },
    /// Show an event in Explore, which may have to load it first.
    Visit(Visit),
    /// Put a query into the editor.
    Query(String),
    /// Start a commit from this draft.
    Draft(Draft),
    /// Put a query into the commit form as a precondition.
    Precondition(String),
    /// Show a subject in Explore.
    ShowSubject(String),
    /// Show an event type in Explore.
    ShowType(String),
    /// Show every loaded event that mentions a value, given as its JSON text.
    Trace(String),
    /// Show the shape of an event type.
    ShowShape(String),
    /// Show a whole value over the screen.
    View {
        /// What it is.
        title: String,
        /// Its text.
        text: String,
    },
    /// Write a list to a file.
    Export(Box<super::export::running::Exporting>),
    /// Ask before it is done.
    Ask(super::overlay::Question),
    /// Load the events that are not loaded yet.
    LoadNew,
}

/// The beginning of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Who writes it.
    pub source: String,
    /// What it is about.
    pub subject: String,
    /// The event type.
    pub kind: String,
    /// The payload as JSON text.
    pub data: String,
}

impl Draft {
    /// A new event like one that is stored.
    pub fn like(event: crate::model::event::Envelope<'_>) -> Self {
        Self {
            data: event.data.map_or("{}", crate::model::json::Json::text).to_owned(),
            source: event.source.into_owned(),
            subject: event.subject.into_owned(),
            kind: event.kind.into_owned(),
        }
    }
}

/// What every screen can do. One trait, so that the app's `match` over screens stands in one place only.
pub trait Screen {
    /// Where the user is, innermost first, without [`super::command::Place::Global`].
    fn places(&self) -> Vec<super::command::Place>;

    /// Whether letters go into a text field.
    fn typing(&self) -> bool;

    /// Do what was asked. Gives `false` when it means nothing here.
    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled;

    /// A key for the text field.
    fn type_key(&mut self, key: Key, world: &mut World, out: &mut Outbox);

    /// Pasted text.
    fn paste(&mut self, text: &str, world: &mut World, out: &mut Outbox);
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Handled {
    /// It means nothing here; the app may know it.
    No,
    /// It was done.
    Yes,
    /// It was done, and something is wanted of the app.
    Wish(Wish),
}
