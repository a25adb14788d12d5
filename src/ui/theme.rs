//! Colours and time zone: how the same state looks on different terminals.

use crate::app::screens::tail::rules::Ink;
use jiff::tz::TimeZone;
use ratatui::style::{Color, Modifier, Style};

/// Everything that drawing needs to know besides the state.
#[derive(Clone, Debug)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// The zone in which times are shown.
    pub zone: TimeZone,
}

/// The styles by what they mean. All of them are readable in 16 colours, on light and on dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Where the user is: the current tab, the focused border.
    pub accent: Style,
    /// The current tab.
    pub tab: Style,
    /// What is secondary: ids, units, other panes' borders.
    pub quiet: Style,
    /// Column heads and titles.
    pub title: Style,
    /// What is well.
    pub good: Style,
    /// What is to be looked at.
    pub warn: Style,
    /// What is wrong.
    pub bad: Style,
    /// The mark of a production connection.
    pub production: Style,
    /// The row under the cursor, in the pane with the focus.
    pub selected: Style,
    /// The row under the cursor, in the other panes.
    pub marked: Style,
    /// Letters that a search found.
    pub found: Style,
    /// A key in the line of keys.
    pub key: Style,
    /// Names of JSON members.
    pub member: Style,
    /// JSON strings, and strings in a query.
    pub string: Style,
    /// Numbers.
    pub number: Style,
    /// true, false, null.
    pub constant: Style,
    /// Keywords of a query.
    pub keyword: Style,
    /// Functions of a query.
    pub function: Style,
    /// Comments in a query.
    pub comment: Style,
    kinds: [Style; 6],
}

impl Default for Theme {
    fn default() -> Self {
        let fg = |color| Style::new().fg(color);
        Self {
            accent: fg(Color::Cyan),
            tab: fg(Color::Black).bg(Color::Cyan).add_modifier(Modifier::BOLD),
            quiet: fg(Color::DarkGray),
            title: Style::new().add_modifier(Modifier::BOLD),
            good: fg(Color::Green),
            warn: fg(Color::Yellow),
            bad: fg(Color::Red).add_modifier(Modifier::BOLD),
            production: fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD),
            selected: Style::new().add_modifier(Modifier::REVERSED),
            marked: Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            found: fg(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            key: Style::new().add_modifier(Modifier::BOLD),
            member: fg(Color::Cyan),
            string: fg(Color::Green),
            number: fg(Color::Yellow),
            constant: fg(Color::Magenta),
            keyword: fg(Color::Cyan).add_modifier(Modifier::BOLD),
            function: fg(Color::Blue),
            comment: fg(Color::DarkGray).add_modifier(Modifier::ITALIC),
            kinds: [Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan, Color::LightRed].map(fg),
        }
    }
}

impl Theme {
    /// Without colours: bold, underlined and reversed only.
    pub fn plain() -> Self {
        let (none, bold) = (Style::new(), Style::new().add_modifier(Modifier::BOLD));
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        Self {
            accent: bold,
            tab: reversed.add_modifier(Modifier::BOLD),
            quiet: Style::new().add_modifier(Modifier::DIM),
            good: none,
            warn: bold,
            bad: bold.add_modifier(Modifier::UNDERLINED),
            production: reversed.add_modifier(Modifier::BOLD),
            found: bold.add_modifier(Modifier::UNDERLINED),
            member: none,
            string: none,
            number: none,
            constant: none,
            keyword: bold,
            function: none,
            comment: Style::new().add_modifier(Modifier::DIM | Modifier::ITALIC),
            kinds: [none; 6],
            ..Self::default()
        }
    }

    /// The colour of an event type: the same everywhere and in every session.
    pub fn kind(&self, kind: &str) -> Style {
        let hash = kind.bytes().fold(2_166_136_261u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
        self.kinds[hash as usize % self.kinds.len()]
    }

    /// A colour by its name; without colours, bold alone.
    pub fn ink(&self, ink: Ink) -> Style {
        let at = match ink {
            Ink::Green => 0,
            Ink::Yellow => 1,
            Ink::Blue => 2,
            Ink::Magenta => 3,
            Ink::Cyan => 4,
            Ink::Red => 5,
        };
        self.kinds[at].add_modifier(Modifier::BOLD)
    }

    /// The colour of one of several things that stand side by side.
    pub fn nth(&self, number: u8) -> Style {
        const ORDER: [usize; 6] = [4, 3, 1, 0, 2, 5];
        self.kinds[ORDER[usize::from(number) % ORDER.len()]]
    }

    /// The row under the cursor.
    pub fn cursor(&self, focused: bool) -> Style {
        if focused { self.selected } else { self.marked }
    }
}
