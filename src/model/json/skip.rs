//! Passing over an object or array without reading it.

use super::MAX_DEPTH;
use super::block::{BLOCK, Block};

/// Where the object or array that starts at `at` ends; `None` when that cannot be told this way.
///
/// Only its strings and the balance of its brackets are looked at: this is no check. It gives up on anything unusual
/// (control characters, the end of the bytes), which a reading scanner then explains.
pub fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let mut state = State::default();
    let mut at = at;
    loop {
        let rest = bytes.get(at..)?;
        let block = match rest.first_chunk::<BLOCK>() {
            Some(chunk) => Block::of(chunk),
            None if rest.is_empty() => return None,
            None => {
                // A zero byte is a control character, so nothing goes on behind the end.
                let mut last = [0; BLOCK];
                last[..rest.len()].copy_from_slice(rest);
                Block::of(&last)
            }
        };
        match state.pass(&block) {
            Passed::On => at += BLOCK,
            Passed::End(end) => return Some(at + end),
            Passed::GaveUp => return None,
        }
    }
}

enum Passed {
    /// The value goes on.
    On,
    /// It ends before this byte of the block.
    End(usize),
    GaveUp,
}

#[derive(Default)]
struct State {
    /// How many brackets are open.
    depth: u32,
    /// All ones inside a string.
    inside: u64,
    /// Whether the first byte is escaped by the block before.
    escapes: bool,
}

impl State {
    fn pass(&mut self, block: &Block) -> Passed {
        let quotes = block.quotes & !self.escaped(block.backslashes);
        let strings = between(quotes) ^ self.inside;
        self.inside = ((strings as i64) >> 63) as u64;
        let (opening, closing) = (block.opening & !strings, block.closing & !strings);
        // As long as fewer close than are open, the value cannot end here.
        if closing.count_ones() < self.depth {
            if block.controls != 0 {
                return Passed::GaveUp;
            }
            self.depth = self.depth + opening.count_ones() - closing.count_ones();
            return if self.depth as usize <= MAX_DEPTH { Passed::On } else { Passed::GaveUp };
        }
        let mut left = opening | closing;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            if opening >> at & 1 == 1 {
                self.depth += 1;
                continue;
            }
            self.depth = self.depth.saturating_sub(1);
            if self.depth == 0 {
                let before = (1 << at) - 1;
                return if block.controls & before == 0 { Passed::End(at as usize + 1) } else { Passed::GaveUp };
            }
        }
        if block.controls == 0 { Passed::On } else { Passed::GaveUp }
    }

    /// Which bytes are escaped: those behind an odd number of backslashes.
    fn escaped(&mut self, backslashes: u64) -> u64 {
        if backslashes == 0 {
            return u64::from(std::mem::take(&mut self.escapes));
        }
        let mut escaped = u64::from(self.escapes);
        let mut left = backslashes & !escaped;
        self.escapes = false;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            self.escapes = at == 63;
            if !self.escapes {
                let next = 1 << (at + 1);
                escaped |= next;
                left &= !next;
            }
        }
        escaped
    }
}

/// For each bit whether an odd number of bits is set at or below it: quotes become the strings between them.
fn between(quotes: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].iter().fold(quotes, |bits, step| bits ^ bits << step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the value and whatever follows it: it ends where the reading scanner says.
        #[test]
        fn ends_where_reading_ends(value in super::super::tests::any_json(), before in "[a-z\"{]{0,70}", after in "[\\]}\",{a-z ]{0,70}") {
            for text in [value.to_string(), serde_json::json!([value]).to_string(), serde_json::json!({"k\\\"": value}).to_string()] {
                let whole = format!("{before}{text}{after}");
                if text.starts_with(['{', '[']) {
                    prop_assert_eq!(skip(whole.as_bytes(), before.len()), Some(before.len() + text.len()), "{}", whole);
                }
                // A value that is cut has no end.
                let cut = &whole[..before.len() + text.len() - 1];
                if text.starts_with(['{', '[']) && cut.is_char_boundary(cut.len()) {
                    prop_assert_eq!(skip(cut.as_bytes(), before.len()), None);
                }
            }
        }
    }

    #[test]
    fn gives_up_on_what_must_be_read() {
        for text in ["{\"a\":1", "{\n}", "{\"a\":\"\t\"}", "{", ""] {
            assert_eq!(skip(text.as_bytes(), 0), None, "{text:?}");
        }
        let long = format!("[{}\"\\\\\",\"\\\"]\"]x", "\"\\\\\\\"\",".repeat(40));
        assert_eq!(skip(long.as_bytes(), 0), Some(long.len() - 1));
    }
}
