//! The commands that every screen has: lines and questions, moving, and what holds everywhere.

use super::{Command as C, CommandInfo, Place as P, row};

/// The most useful of each place first.
pub(super) const COMMANDS: &[CommandInfo] = &[
    // Lines, questions, texts
    row(C::Accept, P::Field, "field.accept", "accept", &["enter"], "Take what was typed"),
    row(C::Back, P::Field, "field.cancel", "cancel", &["esc"], "Leave without it"),
    row(C::Up, P::Field, "field.up", "up", &["up", "ctrl-p"], "The entry above").quiet(),
    row(C::Down, P::Field, "field.down", "down", &["down", "ctrl-n"], "The entry below").quiet(),
    row(
        C::EditLine,
        P::Line,
        "line.left",
        "left",
        &["left", "ctrl-b"],
        "To the left; with Shift, this and the ways below select",
    )
    .quiet(),
    row(C::EditLine, P::Line, "line.right", "right", &["right", "ctrl-f"], "To the right").quiet(),
    row(C::EditLine, P::Line, "line.word-left", "word left", &["ctrl-left", "alt-b"], "To the start of the word")
        .quiet(),
    row(
        C::EditLine,
        P::Line,
        "line.word-right",
        "word right",
        &["ctrl-right", "alt-f"],
        "To the start of the next word",
    )
    .quiet(),
    row(C::EditLine, P::Line, "line.start", "start", &["home", "ctrl-a"], "To the start of the line").quiet(),
    row(C::EditLine, P::Line, "line.end", "end", &["end", "ctrl-e"], "To the end of the line").quiet(),
    row(
        C::EditLine,
        P::Line,
        "line.delete-left",
        "delete",
        &["backspace", "ctrl-h"],
        "Delete what is selected, else the character before the cursor",
    )
    .quiet(),
    row(
        C::EditLine,
        P::Line,
        "line.delete-right",
        "delete",
        &["delete", "ctrl-d"],
        "Delete what is selected, else the character at the cursor",
    )
    .quiet(),
    row(
        C::EditLine,
        P::Line,
        "line.clear-word",
        "clear word",
        &["ctrl-w", "alt-backspace", "ctrl-backspace"],
        "Clear the word before the cursor",
    )
    .quiet(),
    row(
        C::EditLine,
        P::Line,
        "line.clear-next-word",
        "clear next word",
        &["alt-d", "alt-delete", "ctrl-delete"],
        "Clear the word behind the cursor",
    )
    .quiet(),
    row(C::EditLine, P::Line, "line.clear", "clear", &["ctrl-u"], "Clear everything before the cursor").quiet(),
    row(C::EditLine, P::Line, "line.clear-rest", "clear rest", &["ctrl-k"], "Clear everything behind the cursor")
        .quiet(),
    row(C::EditLine, P::Line, "line.cut", "cut", &["ctrl-x"], "Clear what is selected").quiet(),
    row(C::EditLine, P::Line, "line.put-back", "put back", &["ctrl-y"], "Insert what was cleared last").quiet(),
    row(C::EditLine, P::Line, "line.undo", "undo", &["ctrl-z"], "Take the last change back").quiet(),
    row(C::EditLine, P::Line, "line.redo", "redo", &["alt-z"], "Make the change that was taken back again").quiet(),
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
    row(C::HalfPageDown, P::Moves, "move.half-page-down", "half page down", &["ctrl-d"], "Half a page down").quiet(),
    row(C::First, P::Moves, "move.first", "first", &["g", "home"], "To the first").quiet(),
    row(C::Last, P::Moves, "move.last", "last", &["G", "end"], "To the last").quiet(),
    // Everywhere
    row(C::Help, P::Global, "help", "all keys", &["?", "F1", "alt-?"], "Show the keys of where you are"),
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
];
