//! A server's words, made fit to be shown: no control characters, bounded length.
//!
//! Knows nothing of HTTP; it works on text alone.

/// How much of a server's message is kept, in bytes.
pub(super) const MESSAGE: usize = 4096;
/// How much of a line that would not decode is kept, in bytes.
pub(super) const EXCERPT: usize = 160;

/// `text` with every control character made visible, and cut with `…` when it is longer than `limit` bytes.
///
/// Line breaks and tabs become spaces. Other controls become their picture (`␛`), and marks that turn the direction
/// of writing become U+FFFD, so that nothing a server sends can move the cursor or disguise itself.
pub fn clean(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    for c in text.trim().chars() {
        if out.len() + c.len_utf8() > limit {
            out.push('…');
            break;
        }
        out.push(visible(c));
    }
    out
}

/// What stands for one character of untrusted text on a screen.
fn visible(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    }
}

/// Bytes that may be no UTF-8, cleaned.
pub(super) fn clean_bytes(bytes: &[u8], limit: usize) -> String {
    // Cutting first keeps the cost of a 50 MB line at that of its excerpt.
    let head = &bytes[..bytes.len().min(limit.saturating_mul(2))];
    let mut text = clean(&String::from_utf8_lossy(head), limit);
    if head.len() < bytes.len() && !text.ends_with('…') {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_move_the_cursor() {
        assert_eq!(clean("a\u{1b}[2Jb\u{7}\r\nc\u{9b}d\u{202e}", 100), "a␛[2Jb␇  c\u{fffd}d\u{fffd}");
        assert_eq!(clean("  Jürgen 漢字 \n", 100), "Jürgen 漢字");
    }

    #[test]
    fn length_is_bounded_between_characters() {
        assert_eq!(clean("äöü", 4), "äö…");
        assert_eq!(clean("äö", 4), "äö");
        assert_eq!(clean_bytes(&vec![b'x'; 1_000_000], 5), "xxxxx…");
        assert_eq!(clean_bytes(b"\xffa", 50), "\u{fffd}a");
    }
}
