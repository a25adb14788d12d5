//! The keys of a typed line. The help tells them from the table of commands; a test holds both against each other.

use super::way::Way;
use crate::app::key::Key;
use crossterm::event::{KeyCode, KeyModifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// A letter more.
    Type(char),
    /// Move the cursor.
    Go(Way),
    /// Move the cursor and select what lies between.
    Select(Way),
    /// Take away what is selected, else what lies on the way.
    Delete(Way),
    /// The same, and keep it to be put back.
    Clear(Way),
    /// Take away what is selected, and keep it to be put back.
    Cut,
    /// Insert what was cleared or cut last.
    PutBack,
    /// Take the last change back.
    Undo,
    /// Make the change that was taken back again.
    Redo,
}

/// What a key does in a line; `None` when it means nothing there.
pub(super) fn edit_of(key: Key) -> Option<Edit> {
    let held = key.modifiers - KeyModifiers::SHIFT;
    let selects = key.modifiers.contains(KeyModifiers::SHIFT);
    let go = |way: Way| Some(if selects { Edit::Select(way) } else { Edit::Go(way) });
    match (held, key.code) {
        (_, KeyCode::Home) => go(Way::Start),
        (_, KeyCode::End) => go(Way::End),
        (KeyModifiers::NONE, KeyCode::Left) => go(Way::Left),
        (KeyModifiers::NONE, KeyCode::Right) => go(Way::Right),
        (KeyModifiers::CONTROL, KeyCode::Left) => go(Way::WordLeft),
        (KeyModifiers::CONTROL, KeyCode::Right) => go(Way::WordRight),
        (KeyModifiers::NONE, KeyCode::Backspace) => Some(Edit::Delete(Way::Left)),
        (KeyModifiers::NONE, KeyCode::Delete) => Some(Edit::Delete(Way::Right)),
        (_, KeyCode::Backspace) => Some(Edit::Clear(Way::WordLeft)),
        (_, KeyCode::Delete) => Some(Edit::Clear(Way::WordEnd)),
        (KeyModifiers::NONE, KeyCode::Char(c)) => (!c.is_control()).then_some(Edit::Type(c)),
        (KeyModifiers::CONTROL, KeyCode::Char(c)) => with_control(c),
        (KeyModifiers::ALT, KeyCode::Char(c)) => with_alt(c),
        _ => None,
    }
}

/// The keys of a shell, and those of other programs that no shell has.
fn with_control(c: char) -> Option<Edit> {
    Some(match c {
        'a' => Edit::Go(Way::Start),
        'e' => Edit::Go(Way::End),
        'b' => Edit::Go(Way::Left),
        'f' => Edit::Go(Way::Right),
        'h' => Edit::Delete(Way::Left),
        'd' => Edit::Delete(Way::Right),
        'w' => Edit::Clear(Way::WordLeft),
        'u' => Edit::Clear(Way::Start),
        'k' => Edit::Clear(Way::End),
        'x' => Edit::Cut,
        'y' => Edit::PutBack,
        'z' => Edit::Undo,
        _ => return None,
    })
}

fn with_alt(c: char) -> Option<Edit> {
    Some(match c {
        'b' => Edit::Go(Way::WordLeft),
        'f' => Edit::Go(Way::WordRight),
        'd' => Edit::Clear(Way::WordEnd),
        'z' => Edit::Redo,
        _ => return None,
    })
}
