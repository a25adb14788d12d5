//! The clipboard, by the terminal's own means (OSC 52): it works over SSH and needs no other program.

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use std::io::{self, Write};

use crate::app::export::dialog::CLIPBOARD as MOST;

/// Put text on the clipboard.
///
/// # Errors
/// When it is longer than terminals take, or the terminal cannot be written to.
pub fn copy(text: &str, terminal: &mut impl Write) -> io::Result<()> {
    if text.len() > MOST {
        let message = format!("{} bytes are more than a terminal's clipboard takes ({MOST})", text.len());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    execute!(terminal, CopyToClipboard::to_clipboard_from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_sequence_that_terminals_know() {
        let mut out = Vec::new();
        copy("/customer/1", &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\u{1b}]52;c;L2N1c3RvbWVyLzE=\u{1b}\\");
        assert!(copy(&"x".repeat(MOST + 1), &mut Vec::new()).is_err());
    }
}
