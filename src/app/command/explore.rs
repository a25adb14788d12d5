//! The commands of Explore: subjects, lists of events, one event and what is made of it.

use super::{Command as C, CommandInfo, Place as P, row};

/// The most useful of each place first.
pub(super) const COMMANDS: &[CommandInfo] = &[
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
    row(C::ExpandAll, P::Tree, "tree.expand-all", "expand all", &["E"], "Show everything below the subject").quiet(),
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
    row(C::Travel, P::Events, "events.travel", "time travel", &["t"], "See the subject's state at each of its events"),
    row(C::Column, P::Events, "events.columns", "columns", &["C"], "Add a field as a column, or take one away"),
    row(C::GoTo, P::Events, "events.go-to", "go to", &["@"], "Go to an event by its id, to a time, or to a subject"),
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
    row(C::NextMatch, P::Events, "events.next-match", "next match", &["n"], "The next event that matches the filter")
        .quiet(),
    row(C::PreviousMatch, P::Events, "events.previous-match", "previous match", &["N"], "The matching event before")
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
    row(C::UpToHere, P::Events, "events.up-to-here", "up to here", &[")"], "Show this event and those before it only")
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
    row(C::Copy, P::Events, "events.copy-id", "copy id", &["y"], "Copy the ids of the marked events, or this one's"),
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
    row(C::FoldLevel, P::Event, "event.fold-level", "fold a level", &["-"], "Fold the innermost level that is shown")
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
    row(C::Travel, P::History, "event.travel", "time travel", &["t"], "See the subject's state at each of its events"),
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
    row(C::Play, P::Travel, "travel.play", "play", &["space"], "Go through the history, two events a second, or stop"),
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
    row(
        C::NextFormat,
        P::Export,
        "export.format",
        "format",
        &["tab"],
        "The next format: NDJSON, JSON, CSV, TSV, Markdown",
    ),
    row(C::OnlyMarked, P::Export, "export.marked", "marked", &["alt-m"], "Only what is marked, or all that is shown"),
    row(
        C::OnlyColumn,
        P::ExportRows,
        "export.column",
        "only this column",
        &["alt-o"],
        "Only the column under the cursor, or all columns",
    ),
    row(C::CopyAll, P::ExportRows, "export.copy", "copy", &["alt-y"], "Put it on the clipboard instead"),
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
];
