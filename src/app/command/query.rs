//! The commands of Query: the editor and the results.

use super::{Command as C, CommandInfo, Place as P, row};

/// The most useful of each place first.
pub(super) const COMMANDS: &[CommandInfo] = &[
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
    row(C::NewTab, P::Editor, "tab.new", "new tab", &["ctrl-t"], "Open a tab").quiet(),
    row(C::NextTab, P::Editor, "tab.next", "next tab", &["ctrl-pgdn", "alt-]"], "Go to the next tab").quiet(),
    row(C::PreviousTab, P::Editor, "tab.previous", "previous tab", &["ctrl-pgup", "alt-["], "Go to the previous tab")
        .quiet(),
    row(
        C::CloseTab,
        P::Editor,
        "tab.close",
        "close tab",
        &["alt-w"],
        "Close the tab; its run ends, its text can be brought back",
    )
    .quiet(),
    row(C::ReopenTab, P::Editor, "tab.reopen", "reopen", &["alt-t"], "Bring back the tab that was closed last").quiet(),
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
    row(C::NewTab, P::Results, "results.tab.new", "new tab", &["ctrl-t"], "Open a tab").quiet(),
    row(C::NextTab, P::Results, "results.tab.next", "next tab", &["ctrl-pgdn", "alt-]"], "Go to the next tab").quiet(),
    row(
        C::PreviousTab,
        P::Results,
        "results.tab.previous",
        "previous tab",
        &["ctrl-pgup", "alt-["],
        "Go to the previous tab",
    )
    .quiet(),
    row(
        C::CloseTab,
        P::Results,
        "results.tab.close",
        "close tab",
        &["alt-w"],
        "Close the tab; its run ends, its text can be brought back",
    )
    .quiet(),
    row(
        C::ReopenTab,
        P::Results,
        "results.tab.reopen",
        "reopen",
        &["alt-t"],
        "Bring back the tab that was closed last",
    )
    .quiet(),
];
