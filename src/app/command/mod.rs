//! The commands: what can be done, where, and by which keys.
//!
//! The table, a part a screen in the files below, is the one source of the keymap, the line of keys, the help, the palette and `docs/keys.md`.

mod commit;
mod common;
mod explore;
mod query;
mod server;
mod tail;

use super::key::Key;

/// Something that the user can ask for. What it means depends on where it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the table below says what each one does")]
pub enum Command {
    Explore,
    Tail,
    Query,
    Commit,
    Server,
    Help,
    Palette,
    Messages,
    NextPane,
    PreviousPane,
    Back,
    Quit,
    Redraw,
    RunAudit,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    HalfPageUp,
    HalfPageDown,
    First,
    Last,
    Open,
    Filter,
    Accept,
    Sort,
    Reload,
    LoadPage,
    LoadAll,
    LoadNewest,
    FoldAll,
    Expand,
    Fold,
    ExpandAll,
    WatchHere,
    QueryHere,
    CommitHere,
    Copy,
    CopyAll,
    Raw,
    FoldLevel,
    UnfoldLevel,
    CopyPath,
    NextMatch,
    PreviousMatch,
    Trace,
    InspectShape,
    NextEvent,
    PreviousEvent,
    FirstEvent,
    LastEvent,
    Mark,
    Compare,
    Travel,
    Play,
    WhoSet,
    GoToTime,
    GoTo,
    MarkRange,
    Unmark,
    ShowAll,
    TimeStyle,
    Column,
    FromHere,
    UpToHere,
    Latest,
    Unbound,
    Export,
    NextFormat,
    OnlyMarked,
    OnlyColumn,
    Pause,
    Clear,
    FromStart,
    FromEvent,
    AddSubject,
    Overview,
    Highlight,
    Record,
    SyncRecord,
    Only,
    Bell,
    PauseAt,
    Remove,
    WatchToo,
    WatchFrom,
    Run,
    RunSelected,
    RunAll,
    Format,
    EditOutside,
    Comment,
    Undo,
    Redo,
    /// What a key does in a line that is typed; the line itself knows it.
    EditLine,
    Complete,
    Chart,
    ChartKind,
    ChartAlong,
    ChartValues,
    ChartSplit,
    ChartSigns,
    Watch,
    Explain,
    TryQuery,
    ToPrecondition,
    Clean,
    NewTab,
    CloseTab,
    ReopenTab,
    RenameTab,
    SaveQuery,
    History,
    Library,
    Reference,
    TakeHere,
    Find,
    NextTab,
    PreviousTab,
    SendCommit,
    AddEvent,
    RemoveEvent,
    NextItem,
    PreviousItem,
    SortToo,
    Freeze,
    Wider,
    Narrower,
    OwnWidth,
    HideColumn,
    ShowColumns,
    MoveLeft,
    MoveRight,
    ColumnList,
    FirstColumn,
    LastColumn,
    ShowEvent,
    AddPrecondition,
    RemovePrecondition,
    CheckOutcome,
    Toggle,
    Yes,
    No,
}

/// Where a command applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere.
    Global,
    /// In anything with a selection or a scroll position.
    Moves,
    /// The subject tree.
    Tree,
    /// The list of event types.
    Types,
    /// Any list of a store that is larger than what is loaded of it.
    Part,
    /// A list of events.
    Events,
    /// A single event or value, as a tree.
    Event,
    /// An event among the others of its subject.
    History,
    /// Two events side by side.
    Comparison,
    /// The state of a subject over time.
    Travel,
    /// A single event or value in which a text is looked for.
    EventSearch,
    /// A single event of a list that is filtered.
    Matches,
    /// The file to which the list is written.
    Export,
    /// The file to which rows are written, or the clipboard.
    ExportRows,
    /// The list of events that mention a value.
    Trace,
    /// The shape of an event type.
    Shape,
    /// The live tail.
    Tail,
    /// An event of the live tail.
    TailEvent,
    /// Beside the live tail: what is watched and what comes.
    TailOverview,
    /// The query editor.
    Editor,
    /// The list of what can stand at the cursor of the query editor.
    Completion,
    /// The rows of a query.
    Results,
    /// The list of the columns of a query's rows.
    ColumnList,
    /// The rows of a query as a picture.
    Chart,
    /// How a query is run.
    Plan,
    /// The values of a query's parameters.
    Values,
    /// A list of queries: the history, the saved ones, the reference.
    Shelf,
    /// The list of saved queries.
    Library,
    /// The tabs of the queries, outside the text.
    Tabs,
    /// The commit form.
    Form,
    /// A field of the commit form that has one line.
    FormLine,
    /// A field of the commit form that has many lines.
    FormText,
    /// The list of suggestions under a field of the commit form.
    FormSuggestions,
    /// A box of the commit form that is ticked or not.
    FormBox,
    /// The kind of a precondition.
    FormKind,
    /// The request that the commit form makes.
    FormPreview,
    /// The events that a commit has stored.
    FormStored,
    /// A commit whose outcome is unknown.
    FormUnknown,
    /// The server screen.
    Server,
    /// A line that is being typed: a filter, the palette.
    Field,
    /// In any line that is being typed: its cursor and its text.
    Line,
    /// A question.
    Question,
    /// A text that lies over the screen: help, messages.
    Pager,
}

impl Place {
    /// The heading of the place's commands in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Moves => "Moving",
            Self::Tree => "Subject tree",
            Self::Types => "Event types",
            Self::Part => "While not all is loaded",
            Self::Events => "List of events",
            Self::Event => "One event",
            Self::History => "The event's history",
            Self::Comparison => "Changes",
            Self::Travel => "Time travel",
            Self::EventSearch => "Search in the event",
            Self::Matches => "An event of a filtered list",
            Self::Export => "Export to a file",
            Self::ExportRows => "Export of rows",
            Self::Trace => "Trace",
            Self::Shape => "Shape of an event type",
            Self::Tail => "Tail",
            Self::TailEvent => "An event of the tail",
            Self::TailOverview => "What comes in the tail",
            Self::Editor => "Query editor",
            Self::Completion => "What can stand here",
            Self::Results => "Query results",
            Self::ColumnList => "Columns of the results",
            Self::Chart => "Chart of the results",
            Self::Plan => "How the query is run",
            Self::Values => "Values of a query",
            Self::Shelf => "List of queries",
            Self::Library => "Saved queries",
            Self::Tabs => "Tabs of queries",
            Self::Form => "Commit form",
            Self::FormLine => "A line of the form",
            Self::FormText => "A text of the form",
            Self::FormSuggestions => "Suggestions",
            Self::FormBox => "A box of the form",
            Self::FormKind => "Kind of a precondition",
            Self::FormPreview => "What will be sent",
            Self::FormStored => "Stored events",
            Self::FormUnknown => "Outcome unknown",
            Self::Server => "Server",
            Self::Field => "While typing a line",
            Self::Line => "In a typed line",
            Self::Question => "Question",
            Self::Pager => "This text",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct CommandInfo {
    /// What is done.
    pub command: Command,
    /// Where.
    pub place: Place,
    /// Its name, for the palette and the configuration.
    pub id: &'static str,
    /// A word or two for the line of keys.
    pub label: &'static str,
    /// A sentence for the help, without its full stop.
    pub doc: &'static str,
    /// The keys, the one to show first.
    pub keys: &'static [&'static str],
    /// Whether it writes to the store; not offered on a read-only connection.
    pub writes: bool,
    /// Whether it is worth a place in the line of keys.
    pub shown: bool,
}

const fn row(
    command: Command,
    place: Place,
    id: &'static str,
    label: &'static str,
    keys: &'static [&'static str],
    doc: &'static str,
) -> CommandInfo {
    CommandInfo { command, place, id, label, doc, keys, writes: false, shown: true }
}

impl CommandInfo {
    const fn quiet(mut self) -> Self {
        self.shown = false;
        self
    }

    const fn writes(mut self) -> Self {
        self.writes = true;
        self
    }
}

/// The parts of the table, one a file.
const TABLES: [&[CommandInfo]; 6] =
    [explore::COMMANDS, tail::COMMANDS, query::COMMANDS, commit::COMMANDS, server::COMMANDS, common::COMMANDS];

/// Every command, the most useful of each place first.
pub fn commands() -> impl Iterator<Item = &'static CommandInfo> {
    TABLES.into_iter().flatten()
}

/// The command of a key, in the first of `places` that has one.
///
/// While text is being typed, keys that type a character mean that character and nothing else.
pub fn find(places: &[Place], key: Key, typing: bool) -> Option<&'static CommandInfo> {
    if typing && key.is_text() {
        return None;
    }
    places.iter().find_map(|place| {
        commands().find(|info| info.place == *place && info.keys.iter().any(|name| Key::named(name) == Some(key)))
    })
}

/// All keys of a command, the one to show first.
pub fn keys_of(info: &CommandInfo) -> Vec<Key> {
    info.keys.iter().filter_map(|name| Key::named(name)).collect()
}

/// The keys of a command that mean it where the user is: no place further inside has another meaning for them.
pub fn keys_here(info: &CommandInfo, places: &[Place]) -> Vec<Key> {
    let inside: Vec<Place> = places.iter().copied().take_while(|place| *place != info.place).collect();
    keys_of(info).into_iter().filter(|key| find(&inside, *key, false).is_none()).collect()
}

/// The key to show for a command; while typing, one that works then.
pub fn shown_key(info: &CommandInfo, places: &[Place], typing: bool) -> Option<Key> {
    keys_here(info, places).into_iter().find(|key| !(typing && key.is_text()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_has_a_name_and_one_meaning_in_its_place() {
        let mut seen = HashSet::new();
        for info in commands() {
            for name in info.keys {
                let key = Key::named(name).unwrap_or_else(|| panic!("{}: no key is called {name}", info.id));
                assert!(seen.insert((info.place, key)), "{}: {name} is taken in {:?}", info.id, info.place);
            }
        }
    }

    #[test]
    fn every_command_has_a_name_of_its_own_and_a_sentence() {
        let mut seen = HashSet::new();
        for info in commands() {
            assert!(seen.insert(info.id), "{} twice", info.id);
            assert!(info.doc.starts_with(|c: char| c.is_uppercase()) && !info.doc.ends_with('.'), "{}", info.id);
            assert!(!info.keys.is_empty(), "{}", info.id);
        }
    }

    #[test]
    fn letters_are_letters_while_typing() {
        let places = [Place::Editor, Place::Global];
        let q = Key::named("q").unwrap();
        assert_eq!(find(&places, q, false).map(|i| i.command), Some(Command::Quit));
        assert_eq!(find(&places, q, true).map(|i| i.command), None);
        assert_eq!(find(&places, Key::named("alt-2").unwrap(), true).map(|i| i.command), Some(Command::Tail));
        assert_eq!(find(&places, Key::named("F5").unwrap(), true).map(|i| i.command), Some(Command::Run));
    }

    #[test]
    fn every_screen_can_be_reached_from_inside_a_text_field() {
        for command in [
            Command::Explore,
            Command::Tail,
            Command::Query,
            Command::Commit,
            Command::Server,
            Command::Help,
            Command::Palette,
            Command::Quit,
        ] {
            let info = commands().find(|i| i.command == command && i.place == Place::Global).unwrap();
            assert!(shown_key(info, &[], true).is_some(), "{}", info.id);
        }
    }
}
