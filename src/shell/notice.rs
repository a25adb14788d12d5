//! Telling a user who looks elsewhere: by the bell, or by the notifications that terminals know.

/// How it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notice {
    /// The bell; what it does is the terminal's to say.
    #[default]
    Bell,
    /// A notification by OSC 9: iTerm2, WezTerm, Windows Terminal, Ghostty.
    Osc9,
    /// A notification by OSC 777: foot, rxvt-unicode, WezTerm, VTE.
    Osc777,
    /// Not at all.
    Off,
}

/// Notifications are no place for more.
const MOST: usize = 200;

impl Notice {
    /// The bytes that make a terminal do it.
    pub fn sequence(self, title: &str, text: &str) -> String {
        match self {
            Self::Bell => "\x07".to_owned(),
            Self::Osc9 => format!("\x1b]9;{}: {}\x1b\\", plain(title), plain(text)),
            Self::Osc777 => format!("\x1b]777;notify;{};{}\x1b\\", plain(title), plain(text)),
            Self::Off => String::new(),
        }
    }
}

/// Text that can neither end the sequence nor begin another field of it.
fn plain(text: &str) -> String {
    text.chars().take(MOST).map(|c| if c.is_control() || c == ';' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_sends_stays_inside_the_sequence() {
        let text = "order\x1b]0;pwned\x07 \u{9c}\u{9d};rm\nx";
        for notice in [Notice::Osc9, Notice::Osc777] {
            let sequence = notice.sequence("gdbx: a;b", text);
            let inside = &sequence[2..sequence.len() - 2];
            assert!(sequence.starts_with("\x1b]") && sequence.ends_with("\x1b\\"));
            assert!(!inside.contains(|c: char| c.is_control()), "{sequence:?}");
        }
        assert_eq!(Notice::Osc777.sequence("a", "b"), "\x1b]777;notify;a;b\x1b\\");
        assert_eq!((Notice::Bell.sequence("a", "b").as_str(), Notice::Off.sequence("a", "b").as_str()), ("\x07", ""));
        assert!(Notice::Osc9.sequence("t", &"x".repeat(10_000)).len() < 300);
    }
}
