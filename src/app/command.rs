//! The commands: what can be done, where, and by which keys.
//!
//! This table is the one source of the keymap, the line of keys, the help, the palette and `docs/keys.md`.

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
    Format,
    EditOutside,
    Comment,
    Undo,
    Redo,
    Complete,
    Clean,
    SendCommit,
    AddEvent,
    RemoveEvent,
    NextItem,
    PreviousItem,
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
            Self::Trace => "Trace",
            Self::Shape => "Shape of an event type",
            Self::Tail => "Tail",
            Self::TailEvent => "An event of the tail",
            Self::TailOverview => "What comes in the tail",
            Self::Editor => "Query editor",
            Self::Completion => "What can stand here",
            Self::Results => "Query results",
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

/// Every command, the most useful of each place first.
pub const COMMANDS: &[CommandInfo] = {
    use Command as C;
    use Place as P;
    &[
        // Subject tree
        row(C::Open, P::Tree, "tree.open", "open", &["enter"], "Go to the subject's events"),
        row(C::Filter, P::Tree, "tree.filter", "filter", &["/"], "Find subjects by some of their letters"),
        row(C::Expand, P::Tree, "tree.expand", "expand", &["right", "l", "space"], "Show what is below the subject")
            .quiet(),
        row(
            C::Fold,
            P::Tree,
            "tree.fold",
            "fold",
            &["left", "h"],
            "Hide what is below the subject, or go to the one above",
        )
        .quiet(),
        row(C::Sort, P::Tree, "tree.sort", "sort", &["s"], "Sort by name, by number of events or by last change"),
        row(C::WatchHere, P::Tree, "tree.watch", "watch", &["w"], "Watch the subject in the tail"),
        row(
            C::WatchToo,
            P::Tree,
            "tree.watch-too",
            "watch too",
            &["W"],
            "Watch the subject in the tail besides what is watched there",
        )
        .quiet(),
        row(C::QueryHere, P::Tree, "tree.query", "query", &["x"], "Start a query on the subject"),
        row(C::CommitHere, P::Tree, "tree.commit", "commit here", &["c"], "Start an event for the subject").writes(),
        row(C::Copy, P::Tree, "tree.copy", "copy", &["y"], "Copy the subject"),
        row(C::Reload, P::Tree, "tree.reload", "load new", &["r"], "Load what was committed since"),
        row(C::ExpandAll, P::Tree, "tree.expand-all", "expand all", &["E"], "Show everything below the subject")
            .quiet(),
        row(C::FoldAll, P::Tree, "tree.fold-all", "fold all", &["z"], "Hide everything below the top level").quiet(),
        row(C::GoTo, P::Tree, "tree.go-to", "go to", &["@"], "Go to an event by its id, to a time, or to a subject")
            .quiet(),
        // Event types
        row(C::Open, P::Types, "types.open", "open", &["enter"], "Show the events of the type"),
        row(
            C::InspectShape,
            P::Types,
            "types.shape",
            "inspect shape",
            &["i"],
            "Show which fields the type's events have, and since when",
        ),
        row(C::QueryHere, P::Types, "types.query", "query", &["x"], "Start a query on the type"),
        row(C::Copy, P::Types, "types.copy", "copy", &["y"], "Copy the event type"),
        row(C::GoTo, P::Types, "types.go-to", "go to", &["@"], "Go to an event by its id, to a time, or to a subject")
            .quiet(),
        // While not all is loaded
        row(C::LoadPage, P::Part, "load.page", "load more", &["L"], "Load the next page of events, or the subject's"),
        row(C::LoadAll, P::Part, "load.all", "load all", &["alt-l"], "Load everything that is behind these events"),
        row(
            C::LoadNewest,
            P::Part,
            "load.newest",
            "newest",
            &["alt-g"],
            "Load the newest events of the store or the subject, or go back to the first ones",
        ),
        // List of events
        row(C::Open, P::Events, "events.open", "open", &["enter"], "Go to the event"),
        row(C::Filter, P::Events, "events.filter", "filter", &["/"], "Show only events that contain a text"),
        row(C::Sort, P::Events, "events.order", "order", &["s"], "Newest first or oldest first"),
        row(
            C::Compare,
            P::Events,
            "events.diff",
            "diff",
            &["d"],
            "Show what changed since the event before, or between two marks",
        ),
        row(
            C::Travel,
            P::Events,
            "events.travel",
            "time travel",
            &["t"],
            "See the subject's state at each of its events",
        ),
        row(C::Column, P::Events, "events.columns", "columns", &["C"], "Add a field as a column, or take one away"),
        row(
            C::GoTo,
            P::Events,
            "events.go-to",
            "go to",
            &["@"],
            "Go to an event by its id, to a time, or to a subject",
        ),
        row(C::Export, P::Events, "events.export", "export", &["X"], "Write the events that are listed to a file"),
        row(C::Mark, P::Events, "events.mark", "mark", &["m"], "Mark the event, or take its mark away"),
        row(
            C::MarkRange,
            P::Events,
            "events.mark-range",
            "mark up to here",
            &["M"],
            "Mark everything from the event that was marked last to this one",
        )
        .quiet(),
        row(C::Unmark, P::Events, "events.unmark", "unmark all", &["U"], "Take all marks away").quiet(),
        row(
            C::NextMatch,
            P::Events,
            "events.next-match",
            "next match",
            &["n"],
            "The next event that matches the filter",
        )
        .quiet(),
        row(
            C::PreviousMatch,
            P::Events,
            "events.previous-match",
            "previous match",
            &["N"],
            "The matching event before",
        )
        .quiet(),
        row(
            C::ShowAll,
            P::Events,
            "events.show-all",
            "show all",
            &["f"],
            "Show the events that do not match the filter, too, or hide them again",
        )
        .quiet(),
        row(
            C::TimeStyle,
            P::Events,
            "events.time",
            "time zone",
            &["Z"],
            "Tell times by the local clock, in UTC, or by how long ago they are",
        )
        .quiet(),
        row(C::FromHere, P::Events, "events.from-here", "from here", &["("], "Show this event and those after it only")
            .quiet(),
        row(
            C::UpToHere,
            P::Events,
            "events.up-to-here",
            "up to here",
            &[")"],
            "Show this event and those before it only",
        )
        .quiet(),
        row(
            C::Latest,
            P::Events,
            "events.latest",
            "latest of each type",
            &["u"],
            "Show the latest event of each type only, for each subject, or all again",
        )
        .quiet(),
        row(C::Unbound, P::Events, "events.unbound", "no bounds", &["b"], "Show all of the log again, without bounds")
            .quiet(),
        row(C::CommitHere, P::Events, "events.commit", "commit like this", &["c"], "Start a new event from this one")
            .writes(),
        row(C::WatchHere, P::Events, "events.watch", "watch", &["w"], "Watch the event's subject in the tail"),
        row(
            C::WatchToo,
            P::Events,
            "events.watch-too",
            "watch too",
            &["W"],
            "Watch the event's subject in the tail besides what is watched there",
        )
        .quiet(),
        row(
            C::WatchFrom,
            P::Events,
            "events.watch-from",
            "watch from here",
            &["F"],
            "Watch what is listed in the tail, from this event on",
        )
        .quiet(),
        row(
            C::Copy,
            P::Events,
            "events.copy-id",
            "copy id",
            &["y"],
            "Copy the ids of the marked events, or this one's",
        ),
        row(
            C::CopyAll,
            P::Events,
            "events.copy",
            "copy event",
            &["Y"],
            "Copy the marked events, or this one, exactly as they were received",
        )
        .quiet(),
        row(
            C::InspectShape,
            P::Events,
            "events.shape",
            "inspect shape",
            &["i"],
            "Show which fields the events of this type have, and since when",
        )
        .quiet(),
        row(C::Reload, P::Events, "events.reload", "load new", &["r"], "Load what was committed since"),
        // One event
        row(C::Toggle, P::Event, "event.fold", "fold", &["enter", "space"], "Fold or unfold the value"),
        row(C::Filter, P::Event, "event.find", "find", &["/"], "Find a text in the names and values"),
        row(C::NextEvent, P::Event, "event.next", "next", &["n", "]"], "The next event of the list"),
        row(C::PreviousEvent, P::Event, "event.previous", "previous", &["p", "["], "The previous event of the list"),
        row(
            C::Trace,
            P::Event,
            "event.trace",
            "trace",
            &["T"],
            "Show every event that mentions the value under the cursor",
        ),
        row(C::Raw, P::Event, "event.raw", "raw", &["R"], "Show the bytes as they were received, or the tree"),
        row(C::Copy, P::Event, "event.copy", "copy value", &["y"], "Copy the value under the cursor"),
        row(
            C::CopyAll,
            P::Event,
            "event.copy-all",
            "copy event",
            &["Y"],
            "Copy the whole event, exactly as it was received",
        ),
        row(C::CopyPath, P::Event, "event.copy-path", "copy path", &["P"], "Copy the value's path as a query names it")
            .quiet(),
        row(
            C::Column,
            P::Event,
            "event.column",
            "column",
            &["C"],
            "Show the value as a column of the list, or take the column away",
        )
        .quiet(),
        row(C::GoTo, P::Event, "event.go-to", "go to", &["@"], "Go to an event by its id, to a time, or to a subject")
            .quiet(),
        row(
            C::InspectShape,
            P::Event,
            "event.shape",
            "inspect shape",
            &["i"],
            "Show which fields the events of this type have, and since when",
        )
        .quiet(),
        row(C::FoldAll, P::Event, "event.fold-all", "fold all", &["z"], "Fold or unfold all values").quiet(),
        row(
            C::FoldLevel,
            P::Event,
            "event.fold-level",
            "fold a level",
            &["-"],
            "Fold the innermost level that is shown",
        )
        .quiet(),
        row(
            C::UnfoldLevel,
            P::Event,
            "event.unfold-level",
            "unfold a level",
            &["+", "="],
            "Unfold one level more, everywhere",
        )
        .quiet(),
        row(C::CommitHere, P::Event, "event.commit", "commit like this", &["c"], "Start a new event from this one")
            .writes(),
        // An event among the others of its subject
        row(
            C::Compare,
            P::History,
            "event.diff",
            "diff",
            &["d"],
            "Show what changed since the event before, or between two marks",
        ),
        row(
            C::Travel,
            P::History,
            "event.travel",
            "time travel",
            &["t"],
            "See the subject's state at each of its events",
        ),
        row(C::Mark, P::History, "event.mark", "mark", &["m"], "Mark the event, or take its mark away").quiet(),
        // Two events side by side
        row(C::Compare, P::Comparison, "diff.close", "whole event", &["d"], "Show the whole event again"),
        row(C::NextEvent, P::Comparison, "diff.next", "next", &["n"], "The next event of the list"),
        row(C::PreviousEvent, P::Comparison, "diff.previous", "previous", &["p"], "The previous event of the list"),
        row(
            C::Travel,
            P::Comparison,
            "diff.travel",
            "time travel",
            &["t"],
            "See the subject's state at each of its events",
        ),
        row(
            C::Copy,
            P::Comparison,
            "diff.copy",
            "copy value",
            &["y"],
            "Copy the new value, or the old one of a field that is gone",
        ),
        // The state over time
        row(C::PreviousEvent, P::Travel, "travel.back", "back", &["left", "h", "p"], "The state one event earlier"),
        row(C::NextEvent, P::Travel, "travel.on", "on", &["right", "l", "n"], "The state one event later"),
        row(
            C::Play,
            P::Travel,
            "travel.play",
            "play",
            &["space"],
            "Go through the history, two events a second, or stop",
        ),
        row(
            C::WhoSet,
            P::Travel,
            "travel.who",
            "who set this",
            &["o", "enter"],
            "Go to the event that changed the value last",
        ),
        row(C::GoToTime, P::Travel, "travel.time", "go to time", &["@"], "Go to the state at a time"),
        row(C::Travel, P::Travel, "travel.close", "leave", &["t"], "Back to the event"),
        row(C::FirstEvent, P::Travel, "travel.first", "first", &["home"], "To the first event").quiet(),
        row(C::LastEvent, P::Travel, "travel.last", "last", &["end"], "To the last event").quiet(),
        row(C::Toggle, P::Travel, "travel.fold", "fold", &["z"], "Fold or unfold the value").quiet(),
        row(C::Copy, P::Travel, "travel.copy", "copy value", &["y"], "Copy the value under the cursor").quiet(),
        row(C::CopyAll, P::Travel, "travel.copy-state", "copy state", &["Y"], "Copy the whole state as JSON").quiet(),
        // Search in an event
        row(C::NextMatch, P::EventSearch, "find.next", "next match", &["n"], "The next place with the text"),
        row(C::PreviousMatch, P::EventSearch, "find.previous", "previous", &["N"], "The place before"),
        row(C::Back, P::EventSearch, "find.leave", "leave search", &["esc"], "Take the search away"),
        // An event of a filtered list
        row(
            C::NextMatch,
            P::Matches,
            "match.next",
            "next match",
            &["n"],
            "The next place at which the filter matches, in this event or the next",
        ),
        row(
            C::PreviousMatch,
            P::Matches,
            "match.previous",
            "previous match",
            &["N"],
            "The place before, in this event or the one before",
        )
        .quiet(),
        // Export
        row(C::Accept, P::Export, "export.write", "write", &["enter"], "Write the file"),
        row(C::NextFormat, P::Export, "export.format", "format", &["tab"], "NDJSON, JSON or CSV"),
        row(
            C::OnlyMarked,
            P::Export,
            "export.marked",
            "marked",
            &["alt-m"],
            "Only the marked events, or all that are listed",
        ),
        row(C::Back, P::Export, "export.cancel", "cancel", &["esc"], "Leave without writing"),
        // Trace
        row(C::Back, P::Trace, "trace.leave", "leave the trace", &["esc"], "Go back to where the trace was started"),
        // Shape
        row(
            C::Open,
            P::Shape,
            "shape.query",
            "group by it",
            &["enter"],
            "Start a query that counts the type's events by this field",
        ),
        row(C::Toggle, P::Shape, "shape.fold", "fold", &["space"], "Fold or unfold the field"),
        row(C::Copy, P::Shape, "shape.copy-schema", "copy JSON Schema", &["y"], "Copy the shape as a JSON Schema"),
        row(C::CopyPath, P::Shape, "shape.copy-path", "copy path", &["P"], "Copy the field's path as a query names it"),
        row(C::ShowEvent, P::Shape, "shape.event", "first event", &["e"], "Go to the first event with this field"),
        row(C::FoldAll, P::Shape, "shape.fold-all", "fold all", &["z"], "Fold or unfold all fields").quiet(),
        row(C::Back, P::Shape, "shape.close", "close", &["esc", "i"], "Close the shape"),
        // Tail
        row(C::Pause, P::Tail, "tail.pause", "pause", &["space"], "Hold the view still; events are still received"),
        row(C::Last, P::Tail, "tail.follow", "follow", &["G", "end"], "Go to the newest event and follow"),
        row(C::Open, P::Tail, "tail.open", "open", &["enter"], "Show the whole event"),
        row(
            C::Filter,
            P::Tail,
            "tail.filter",
            "filter",
            &["/"],
            "Show only events that match: a text, a /regex/ or a condition",
        ),
        row(
            C::Overview,
            P::Tail,
            "tail.overview",
            "overview",
            &["o"],
            "What is watched, types to show or hide, who talks most",
        ),
        row(C::Sort, P::Tail, "tail.subject", "subject", &["s"], "Watch another subject"),
        row(C::AddSubject, P::Tail, "tail.add", "add", &["a"], "Watch one more subject besides"),
        row(
            C::FromStart,
            P::Tail,
            "tail.from-start",
            "from start",
            &["b"],
            "Receive the subject's history first, from its first event",
        ),
        row(C::GoToTime, P::Tail, "tail.from-time", "from time", &["@"], "Begin at a time, at the start, or now"),
        row(C::FromEvent, P::Tail, "tail.from-event", "from here", &["f"], "Begin at the event under the cursor")
            .quiet(),
        row(C::Highlight, P::Tail, "tail.highlight", "highlight", &["h"], "Point out events that match"),
        row(C::Record, P::Tail, "tail.record", "record", &["R"], "Write what comes to a file, or stop it"),
        row(C::SyncRecord, P::Tail, "tail.sync", "sync", &["S"], "Put what was recorded onto the disk").quiet(),
        row(C::Clear, P::Tail, "tail.clear", "clear", &["X"], "Empty the list"),
        row(C::Reload, P::Tail, "tail.reconnect", "reconnect", &["r"], "Connect now"),
        row(C::ShowEvent, P::Tail, "tail.explore", "in Explore", &["e"], "Show the event in Explore").quiet(),
        row(
            C::Travel,
            P::Tail,
            "tail.travel",
            "time travel",
            &["t"],
            "See the subject's state at each of its events, in Explore",
        )
        .quiet(),
        row(C::Copy, P::Tail, "tail.copy-id", "copy id", &["y"], "Copy the event's id"),
        row(C::CopyAll, P::Tail, "tail.copy", "copy event", &["Y"], "Copy the whole event, exactly as it was received")
            .quiet(),
        row(C::CommitHere, P::Tail, "tail.commit", "commit like this", &["c"], "Start a new event from this one")
            .writes(),
        row(C::ShowEvent, P::TailEvent, "tail-event.explore", "in Explore", &["e"], "Show the event in Explore"),
        row(
            C::Travel,
            P::TailEvent,
            "tail-event.travel",
            "time travel",
            &["t"],
            "See the subject's state at each of its events, in Explore",
        ),
        row(
            C::Toggle,
            P::TailOverview,
            "overview.toggle",
            "show or hide",
            &["space", "enter"],
            "Show or hide the type, watch the subject alone, or pause at what is highlighted",
        ),
        row(C::Only, P::TailOverview, "overview.only", "only this", &["x"], "Show only this type, or all again"),
        row(
            C::AddSubject,
            P::TailOverview,
            "overview.add",
            "watch too",
            &["a"],
            "Watch the subject besides the others, or type one",
        ),
        row(
            C::Remove,
            P::TailOverview,
            "overview.remove",
            "remove",
            &["d", "delete"],
            "End the watching of the subject, or take the highlight away",
        ),
        row(
            C::Bell,
            P::TailOverview,
            "overview.bell",
            "bell",
            &["b"],
            "Tell by a bell or a notification when an event matches, or do not",
        ),
        row(C::PauseAt, P::TailOverview, "overview.pause", "pause", &["p"], "Pause when an event matches, or do not"),
        row(C::Highlight, P::TailOverview, "overview.highlight", "highlight", &["h"], "Point out events that match"),
        row(C::Overview, P::TailOverview, "overview.close", "close", &["o"], "Put the overview away").quiet(),
        // Query
        row(C::Accept, P::Completion, "completion.accept", "take", &["enter", "tab"], "Put it into the query"),
        row(C::Back, P::Completion, "completion.close", "close", &["esc"], "Close the list"),
        row(C::Up, P::Completion, "completion.up", "up", &["up", "ctrl-p"], "The entry above").quiet(),
        row(C::Down, P::Completion, "completion.down", "down", &["down", "ctrl-n"], "The entry below").quiet(),
        row(C::Run, P::Editor, "query.run", "run", &["F5", "ctrl-r", "ctrl-enter"], "Run the query under the cursor"),
        row(C::NextPane, P::Editor, "query.results", "rows", &["tab"], "Go to the rows"),
        row(C::Complete, P::Editor, "query.complete", "complete", &["ctrl-space", "alt-/"], "Show what can stand here"),
        row(C::Format, P::Editor, "query.format", "format", &["alt-f"], "Lay the query out anew"),
        row(
            C::PreviousItem,
            P::Editor,
            "query.earlier",
            "earlier",
            &["ctrl-up", "alt-up"],
            "Bring back the query that was run before; what is in the editor is kept",
        ),
        row(
            C::NextItem,
            P::Editor,
            "query.later",
            "later",
            &["ctrl-down", "alt-down"],
            "Go on to the query that was run after it, at last to your own text",
        )
        .quiet(),
        row(C::Comment, P::Editor, "query.comment", "comment", &["alt-c"], "Turn the lines into comments, or back"),
        row(C::EditOutside, P::Editor, "query.editor", "$EDITOR", &["ctrl-o"], "Edit the query in $EDITOR"),
        row(C::Clean, P::Editor, "query.new", "empty", &["alt-n"], "Empty the editor; undo brings the text back"),
        row(C::Undo, P::Editor, "query.undo", "undo", &["ctrl-z", "ctrl-u"], "Take the last change back").quiet(),
        row(C::Redo, P::Editor, "query.redo", "redo", &["alt-z"], "Make the change that was taken back again").quiet(),
        row(C::Copy, P::Editor, "query.copy", "copy", &["alt-y"], "Copy the selection, or the whole text").quiet(),
        row(C::Run, P::Results, "results.run", "run again", &["F5", "ctrl-r"], "Run the query under the cursor again"),
        row(C::NextPane, P::Results, "results.query", "query", &["tab"], "Go to the text of the query"),
        row(C::Open, P::Results, "results.open", "whole cell", &["enter"], "Show the whole value"),
        row(C::Toggle, P::Results, "results.row", "whole row", &["space"], "Show the whole row"),
        row(C::Sort, P::Results, "results.sort", "sort", &["s"], "Sort by the column: up, down, as received"),
        row(
            C::ShowEvent,
            P::Results,
            "results.event",
            "event",
            &["e"],
            "Go to the row's event in Explore, or to its subject",
        ),
        row(C::Copy, P::Results, "results.copy", "copy cell", &["y"], "Copy the value"),
        row(C::CopyAll, P::Results, "results.copy-row", "copy row", &["Y"], "Copy the row as JSON"),
        row(C::FirstColumn, P::Results, "results.first-column", "first column", &["0"], "To the first column").quiet(),
        row(C::LastColumn, P::Results, "results.last-column", "last column", &["$"], "To the last column").quiet(),
        // Commit
        row(C::SendCommit, P::Form, "commit.send", "commit", &["ctrl-s"], "Review the request and commit it").writes(),
        row(C::AddPrecondition, P::Form, "commit.add-precondition", "precondition", &["alt-p"], "Add a precondition"),
        row(C::AddEvent, P::Form, "commit.add-event", "event", &["alt-a"], "Add an event to the same commit"),
        row(
            C::RemoveEvent,
            P::Form,
            "commit.remove-event",
            "remove event",
            &["alt-d"],
            "Take the event out of the commit",
        ),
        row(
            C::RemovePrecondition,
            P::Form,
            "commit.remove-precondition",
            "remove precondition",
            &["alt-x"],
            "Take the precondition out",
        ),
        row(
            C::NextItem,
            P::Form,
            "commit.next-event",
            "next event",
            &["alt-right", "ctrl-pgdn"],
            "Go to the next event of the commit",
        )
        .quiet(),
        row(
            C::PreviousItem,
            P::Form,
            "commit.previous-event",
            "previous event",
            &["alt-left", "ctrl-pgup"],
            "Go to the previous event of the commit",
        )
        .quiet(),
        row(C::EditOutside, P::Form, "commit.editor", "$EDITOR", &["ctrl-o"], "Edit the payload in $EDITOR"),
        row(C::Format, P::Form, "commit.format", "format", &["alt-f"], "Lay the payload out anew"),
        row(C::Clean, P::Form, "commit.new", "new", &["alt-n"], "Start over with an empty form"),
        row(
            C::Complete,
            P::FormSuggestions,
            "suggestions.take",
            "take",
            &["right", "ctrl-space"],
            "Take the chosen entry, or the first",
        ),
        row(C::Down, P::FormSuggestions, "suggestions.down", "choose", &["down", "ctrl-n"], "The next entry"),
        row(C::Up, P::FormSuggestions, "suggestions.up", "up", &["up", "ctrl-p"], "The previous entry").quiet(),
        row(
            C::Accept,
            P::FormSuggestions,
            "suggestions.accept",
            "accept",
            &["enter"],
            "Take the chosen entry; when none is chosen, go on to the next field",
        )
        .quiet(),
        row(C::Back, P::FormSuggestions, "suggestions.close", "close", &["esc"], "Put the list away").quiet(),
        row(
            C::Complete,
            P::FormLine,
            "form.suggest",
            "what is known",
            &["ctrl-space"],
            "Show subjects and event types that are known",
        ),
        row(C::Down, P::FormLine, "form.down", "next field", &["down", "enter"], "The next field").quiet(),
        row(C::Up, P::FormLine, "form.up", "field above", &["up"], "The field above").quiet(),
        row(C::Down, P::FormText, "text.down", "down", &["down"], "The line below; from the last line, the next field")
            .quiet(),
        row(C::Up, P::FormText, "text.up", "up", &["up"], "The line above; from the first line, the field above")
            .quiet(),
        row(
            C::Toggle,
            P::FormBox,
            "form.tick",
            "tick",
            &["space", "enter"],
            "Keep the payload apart from the chain, so that it can be erased, or not",
        ),
        row(
            C::Right,
            P::FormKind,
            "condition.next-kind",
            "other kind",
            &["right", "space", "l"],
            "The next kind of precondition",
        ),
        row(
            C::Left,
            P::FormKind,
            "condition.previous-kind",
            "previous kind",
            &["left", "h"],
            "The previous kind of precondition",
        )
        .quiet(),
        row(C::Down, P::FormKind, "condition.text", "its text", &["enter"], "Go to the precondition's text"),
        row(C::Copy, P::FormPreview, "request.copy", "copy body", &["y"], "Copy the body of the request"),
        row(
            C::Open,
            P::FormStored,
            "stored.open",
            "show in Explore",
            &["enter", "e"],
            "Show the stored event in Explore",
        ),
        row(C::Copy, P::FormStored, "stored.copy-id", "copy id", &["y"], "Copy the event's id"),
        row(
            C::CheckOutcome,
            P::FormUnknown,
            "commit.check",
            "query that tells",
            &["alt-q"],
            "Go to Query with a query that tells whether the events are stored",
        ),
        // Server
        row(C::RunAudit, P::Server, "server.audit", "audit now", &["a"], "Check the whole hash chain now"),
        row(C::Open, P::Server, "server.open", "open", &["enter"], "Go to the events of the entry"),
        row(C::Filter, P::Server, "server.filter", "filter", &["/"], "Show only entries that contain a text"),
        row(C::Reload, P::Server, "server.reload", "refresh", &["r"], "Ask the server again"),
        row(C::Copy, P::Server, "server.copy", "copy", &["y"], "Copy the entry"),
        // Lines, questions, texts
        row(C::Accept, P::Field, "field.accept", "accept", &["enter"], "Take what was typed"),
        row(C::Back, P::Field, "field.cancel", "cancel", &["esc"], "Leave without it"),
        row(C::Up, P::Field, "field.up", "up", &["up", "ctrl-p"], "The entry above").quiet(),
        row(C::Down, P::Field, "field.down", "down", &["down", "ctrl-n"], "The entry below").quiet(),
        row(C::Yes, P::Question, "question.yes", "yes", &["y"], "Do it"),
        row(C::No, P::Question, "question.no", "no", &["n", "esc", "q"], "Do not do it"),
        row(C::Back, P::Pager, "pager.close", "close", &["esc", "q", "?"], "Close it"),
        // Moving
        row(C::Up, P::Moves, "move.up", "up", &["up", "k"], "Up").quiet(),
        row(C::Down, P::Moves, "move.down", "down", &["down", "j"], "Down").quiet(),
        row(C::Left, P::Moves, "move.left", "left", &["left", "h"], "Left").quiet(),
        row(C::Right, P::Moves, "move.right", "right", &["right", "l"], "Right").quiet(),
        row(C::PageUp, P::Moves, "move.page-up", "page up", &["pgup", "ctrl-b"], "A page up").quiet(),
        row(C::PageDown, P::Moves, "move.page-down", "page down", &["pgdn", "ctrl-f"], "A page down").quiet(),
        row(C::HalfPageUp, P::Moves, "move.half-page-up", "half page up", &["ctrl-u"], "Half a page up").quiet(),
        row(C::HalfPageDown, P::Moves, "move.half-page-down", "half page down", &["ctrl-d"], "Half a page down")
            .quiet(),
        row(C::First, P::Moves, "move.first", "first", &["g", "home"], "To the first").quiet(),
        row(C::Last, P::Moves, "move.last", "last", &["G", "end"], "To the last").quiet(),
        // Everywhere
        row(C::Help, P::Global, "help", "all keys", &["?", "F1"], "Show the keys of where you are"),
        row(C::Palette, P::Global, "palette", "commands", &[":", "alt-:"], "Find a command by its name"),
        row(C::NextPane, P::Global, "pane.next", "next pane", &["tab"], "Go to the next pane").quiet(),
        row(C::PreviousPane, P::Global, "pane.previous", "previous pane", &["shift-tab"], "Go to the previous pane")
            .quiet(),
        row(C::Explore, P::Global, "screen.explore", "Explore", &["1", "alt-1"], "Explore: subjects and their events")
            .quiet(),
        row(C::Tail, P::Global, "screen.tail", "Tail", &["2", "alt-2"], "Tail: events as they are committed").quiet(),
        row(C::Query, P::Global, "screen.query", "Query", &["3", "alt-3"], "Query: GDBQL and its results").quiet(),
        row(C::Commit, P::Global, "screen.commit", "Commit", &["4", "alt-4"], "Commit: new events with preconditions")
            .quiet(),
        row(
            C::Server,
            P::Global,
            "screen.server",
            "Server",
            &["5", "alt-5"],
            "Server: status, audits, catalogues, schemas",
        )
        .quiet(),
        row(C::RunAudit, P::Global, "audit", "audit now", &["A"], "Check the whole hash chain now").quiet(),
        row(C::Messages, P::Global, "messages", "messages", &["!"], "Show what was said, errors with their whole text")
            .quiet(),
        row(C::Redraw, P::Global, "redraw", "redraw", &["ctrl-l"], "Draw the screen anew").quiet(),
        row(C::Back, P::Global, "back", "back", &["esc"], "Go back, stop what is running, or leave a filter").quiet(),
        row(C::Quit, P::Global, "quit", "quit", &["q", "ctrl-q", "ctrl-c"], "Leave gdbx").quiet(),
    ]
};

/// The command of a key, in the first of `places` that has one.
///
/// While text is being typed, keys that type a character mean that character and nothing else.
pub fn find(places: &[Place], key: Key, typing: bool) -> Option<&'static CommandInfo> {
    if typing && key.is_text() {
        return None;
    }
    places.iter().find_map(|place| {
        COMMANDS.iter().find(|info| info.place == *place && info.keys.iter().any(|name| Key::named(name) == Some(key)))
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
        for info in COMMANDS {
            for name in info.keys {
                let key = Key::named(name).unwrap_or_else(|| panic!("{}: no key is called {name}", info.id));
                assert!(seen.insert((info.place, key)), "{}: {name} is taken in {:?}", info.id, info.place);
            }
        }
    }

    #[test]
    fn every_command_has_a_name_of_its_own_and_a_sentence() {
        let mut seen = HashSet::new();
        for info in COMMANDS {
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
            let info = COMMANDS.iter().find(|i| i.command == command && i.place == Place::Global).unwrap();
            assert!(shown_key(info, &[], true).is_some(), "{}", info.id);
        }
    }
}
