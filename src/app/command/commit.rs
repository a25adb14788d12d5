//! The commands of Commit.

use super::{Command as C, CommandInfo, Place as P, row};

/// The most useful of each place first.
pub(super) const COMMANDS: &[CommandInfo] = &[
    // Commit
    row(C::SendCommit, P::Form, "commit.send", "commit", &["ctrl-s"], "Review the request and commit it").writes(),
    row(C::AddPrecondition, P::Form, "commit.add-precondition", "precondition", &["alt-p"], "Add a precondition"),
    row(C::AddEvent, P::Form, "commit.add-event", "event", &["alt-a"], "Add an event to the same commit"),
    row(C::RemoveEvent, P::Form, "commit.remove-event", "remove event", &["alt-d"], "Take the event out of the commit"),
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
    row(
        C::QueryHere,
        P::Form,
        "commit.query",
        "to Query",
        &["alt-e"],
        "Go to Query with the precondition's query, to try it there",
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
    row(C::Up, P::FormText, "text.up", "up", &["up"], "The line above; from the first line, the field above").quiet(),
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
    row(C::Open, P::FormStored, "stored.open", "show in Explore", &["enter", "e"], "Show the stored event in Explore"),
    row(C::Copy, P::FormStored, "stored.copy-id", "copy id", &["y"], "Copy the event's id"),
    row(
        C::CheckOutcome,
        P::FormUnknown,
        "commit.check",
        "query that tells",
        &["alt-q"],
        "Go to Query with a query that tells whether the events are stored",
    ),
];
