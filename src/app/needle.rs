//! A text to look for in events: what the filters of lists share.
//!
//! Knows lines of bytes only, not what stands in them.

/// A text to look for: small letters find both, a capital only itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needle {
    text: String,
    folded: bool,
}

impl Needle {
    /// Look for `text`.
    pub fn new(text: &str) -> Self {
        let folded = !text.chars().any(char::is_uppercase);
        Self { text: text.to_owned(), folded }
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// No match has more bytes than this: each of its characters is one character of the line.
    pub fn reach(&self) -> usize {
        self.text.chars().count() * char::MAX.len_utf8()
    }

    /// Whether the text stands in a line.
    pub fn matches(&self, line: &[u8]) -> bool {
        if self.text.is_empty() {
            return true;
        }
        match std::str::from_utf8(line) {
            Ok(line) => self.find(line).is_some(),
            Err(_) => memchr::memmem::find(line, self.text.as_bytes()).is_some(),
        }
    }

    /// Where the text stands first.
    pub fn find(&self, line: &str) -> Option<std::ops::Range<usize>> {
        if self.text.is_empty() {
            return None;
        }
        if !self.folded {
            return memchr::memmem::find(line.as_bytes(), self.text.as_bytes()).map(|at| at..at + self.text.len());
        }
        // Either case of the first letter may start a match; the rest is compared letter by letter.
        let first = self.text.chars().next()?;
        let at = |at: usize| starts_with_folded(&line[at..], &self.text).map(|len| at..at + len);
        match u8::try_from(first) {
            // The letter k has a third form, the sign of the kelvin; every other ASCII letter has two.
            Ok(byte) if byte.is_ascii() && byte != b'k' => {
                memchr::memchr2_iter(byte, byte.to_ascii_uppercase(), line.as_bytes()).find_map(at)
            }
            _ => line
                .char_indices()
                .filter(|(_, c)| *c == first || c.to_lowercase().eq(first.to_lowercase()))
                .find_map(|(start, _)| at(start)),
        }
    }
}

/// How many bytes of `line` match `text` without regard to case, from its start.
fn starts_with_folded(line: &str, text: &str) -> Option<usize> {
    let mut chars = line.char_indices();
    for wanted in text.chars() {
        let (_, c) = chars.next()?;
        if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(chars.next().map_or(line.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Found where the naive search finds it: letter by letter, from every letter.
        #[test]
        fn finds_what_the_naive_search_finds(line in "[aAkK\u{212a}éÉ\"]{0,24}", text in "[akéK]{1,3}") {
            let folded = |text: &str| text.chars().map(|c| c.to_lowercase().collect()).collect::<Vec<String>>();
            let (letters, wanted) = (folded(&line), folded(&text));
            let exact = text.chars().any(char::is_uppercase);
            let naive = match exact {
                true => line.find(&text),
                false => letters
                    .windows(wanted.len())
                    .position(|part| part == wanted)
                    .and_then(|index| Some(line.char_indices().nth(index)?.0)),
            };
            prop_assert_eq!(Needle::new(&text).find(&line).map(|range| range.start), naive);
        }
    }

    #[test]
    fn small_letters_find_both_and_a_capital_only_itself() {
        for (text, line, at) in [
            ("zoë", "name ZOË", Some(5..9)),
            ("Zoë", "name zoë", None),
            ("Zoë", "name Zoë", Some(5..9)),
            ("ab", "aab", Some(1..3)),
            ("", "anything", None),
        ] {
            assert_eq!(Needle::new(text).find(line), at, "{text} in {line}");
        }
        assert!(Needle::new("").matches(b"anything") && Needle::new("x").matches(b"\xff x"));
        assert!(!Needle::new("y").matches(b"\xff x"));
    }
}
