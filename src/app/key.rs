//! Keys as they are named in the command table, in the help and in the configuration: `ctrl-s`, `alt-1`, `G`, `pgdn`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// One key press, in the one form in which equal presses are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// What was held down. Shift only where the code does not say it already.
    pub modifiers: KeyModifiers,
}

const NAMED: [(&str, KeyCode); 17] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("minus", KeyCode::Char('-')),
];

impl Key {
    /// A key without modifiers.
    pub fn plain(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// Read a key's name. `None` when it names no key.
    pub fn named(name: &str) -> Option<Self> {
        let (mut rest, mut modifiers) = (name, KeyModifiers::NONE);
        loop {
            if let Some((_, code)) = NAMED.iter().find(|(known, _)| *known == rest) {
                return Some(Self { code: *code, modifiers });
            }
            let held = [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];
            let Some((short, modifier)) = held.iter().find_map(|(p, m)| Some((rest.strip_prefix(p)?, *m))) else {
                break;
            };
            rest = short;
            modifiers |= modifier;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.as_str()) {
            (Some(c), "") => KeyCode::Char(c),
            (Some('F'), number) => KeyCode::F(number.parse().ok()?),
            _ => return None,
        };
        Some(Self { code, modifiers })
    }

    /// Whether the key types a character into a text field.
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && (self.modifiers - KeyModifiers::SHIFT).is_empty()
    }

    /// The key as the terminal reported it, for a text field.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let mut code = event.code;
        if code == KeyCode::Tab && modifiers.contains(KeyModifiers::SHIFT) {
            code = KeyCode::BackTab;
        }
        // Terminals disagree on whether Shift is reported with what it makes; the code says it.
        if matches!(code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Self { code, modifiers }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in
            [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::Enter => f.write_str("⏎"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            other => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_terminals_report() {
        for (name, code, modifiers, shown) in [
            ("ctrl-s", KeyCode::Char('s'), KeyModifiers::CONTROL, "Ctrl-s"),
            ("alt-1", KeyCode::Char('1'), KeyModifiers::ALT, "Alt-1"),
            ("G", KeyCode::Char('G'), KeyModifiers::SHIFT, "G"),
            ("shift-tab", KeyCode::BackTab, KeyModifiers::SHIFT, "Shift-Tab"),
            ("F5", KeyCode::F(5), KeyModifiers::NONE, "F5"),
            ("ctrl-alt-pgdn", KeyCode::PageDown, KeyModifiers::CONTROL | KeyModifiers::ALT, "Ctrl-Alt-PgDn"),
            ("?", KeyCode::Char('?'), KeyModifiers::SHIFT, "?"),
            ("-", KeyCode::Char('-'), KeyModifiers::NONE, "-"),
        ] {
            let key = Key::named(name).unwrap();
            assert_eq!(key, Key::from(KeyEvent::new(code, modifiers)), "{name}");
            assert_eq!(key.to_string(), shown);
        }
        assert_eq!(Key::named("nothing"), None);
        assert!(Key::named("x").unwrap().is_text() && !Key::named("ctrl-x").unwrap().is_text());
    }
}
