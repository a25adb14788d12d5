//! A text of small letters, looked for in many events at once: the bytes are made small first, which is faster than to
//! look for every way to write the text.
//!
//! Finds what the regular expression of the text finds, and says where it cannot.

use memchr::memmem::Finder;
use std::ops::Range;

/// Letters beyond ASCII whose small form is an ASCII letter: the long s and the sign of the kelvin.
const OTHERS: [(char, &str); 2] = [('s', "\u{17f}"), ('k', "\u{212a}")];

/// A text to look for.
#[derive(Debug)]
pub struct Folded<'a> {
    finder: Finder<'a>,
    /// Other ways to write its letters.
    others: Vec<Finder<'static>>,
}

impl<'a> Folded<'a> {
    /// A text without capitals. `None` when it has letters beyond ASCII: they have more than two forms, or longer ones.
    pub fn of(text: &'a str) -> Option<Self> {
        let others = OTHERS.iter().filter(|(letter, _)| text.contains(*letter));
        let others = others.map(|(_, other)| Finder::new(*other)).collect();
        let plain = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        plain.then(|| Self { finder: Finder::new(text), others })
    }

    /// Make the letters of some bytes small. Gives `false`, and changes nothing, when the text may stand there in a way
    /// that this does not find.
    pub fn fold(&self, bytes: &mut [u8]) -> bool {
        let plain = self.others.iter().all(|other| other.find(bytes).is_none());
        if plain {
            bytes.make_ascii_lowercase();
        }
        plain
    }

    /// Where the text stands first in folded bytes, from `from` on.
    pub fn find_at(&self, bytes: &[u8], from: usize) -> Option<Range<usize>> {
        let at = from + self.finder.find(bytes.get(from..)?)?;
        Some(at..at + self.finder.needle().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::bytes::RegexBuilder;

    proptest! {
        #[test]
        fn finds_what_the_expression_finds(text in "[aks1é{]{1,3}", line in "[aAkKsS1éÉ{\u{17f}\u{212a}]{0,24}", from in 0usize..4) {
            let regex = RegexBuilder::new(&regex::escape(&text)).case_insensitive(true).build().unwrap();
            let mut bytes = line.clone().into_bytes();
            if let Some(folded) = Folded::of(&text).filter(|folded| folded.fold(&mut bytes)) {
                let from = from.min(line.len());
                let expected = regex.find_at(line.as_bytes(), from).map(|hit| hit.range());
                prop_assert_eq!(folded.find_at(&bytes, from), expected);
            } else {
                prop_assert_eq!(&bytes, line.as_bytes());
            }
        }
    }

    #[test]
    fn leaves_to_others_what_it_cannot_find() {
        assert!(Folded::of("é").is_none() && Folded::of("A").is_none());
        let folded = Folded::of("kiss").unwrap();
        let mut bytes = *b"KISS, Kiss";
        assert!(folded.fold(&mut bytes));
        assert_eq!((folded.find_at(&bytes, 0), folded.find_at(&bytes, 1)), (Some(0..4), Some(6..10)));
        assert!(!folded.fold(&mut "\u{212a}iss".to_owned().into_bytes()));
    }
}
