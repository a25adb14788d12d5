//! The ways through a line: by a character, by a word, to its ends. Knows texts and places in them, no keys.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Where to go from the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A character to the left.
    Left,
    /// A character to the right.
    Right,
    /// To the start of the word, or of the one before.
    WordLeft,
    /// To the start of the next word.
    WordRight,
    /// To the end of the word, or of the next one.
    WordEnd,
    /// To the start of the line.
    Start,
    /// To the end of the line.
    End,
}

impl Way {
    /// Where it leads to from a place in a text.
    pub(super) fn from(self, text: &str, at: usize) -> usize {
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        match self {
            Self::Start => 0,
            Self::End => text.len(),
            Self::Left => GraphemeCursor::new(at, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0),
            Self::Right => boundary(text, at + 1),
            Self::WordLeft => {
                let clusters: Vec<(usize, Kind)> = kinds(before).collect();
                // From the right: the first character whose left neighbour is of another kind, spaces left aside.
                let starts = |nth: usize| nth == 0 || clusters[nth - 1].1 != clusters[nth].1;
                (0..clusters.len())
                    .rev()
                    .find(|nth| clusters[*nth].1 != Kind::Space && starts(*nth))
                    .map_or(0, |nth| clusters[nth].0)
            }
            Self::WordRight => at + turn(after, |before, here| here != Kind::Space && before != here),
            Self::WordEnd => at + turn(after, |before, here| before != Kind::Space && before != here),
        }
    }
}

/// The place itself where a character begins or the text ends, else the end of the character around it.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at.min(text.len()));
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
        _ => at,
    }
}

/// Whether a letter behind a text is the first one of a word.
pub(super) fn begins_word(before: &str, c: char) -> bool {
    let last = before.chars().next_back().map_or(Kind::Space, Kind::of);
    last == Kind::Space && Kind::of(c) != Kind::Space
}

/// What a character is to words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Sign,
    Letter,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            c if c.is_whitespace() => Self::Space,
            c if c.is_ascii_punctuation() && c != '_' => Self::Sign,
            _ => Self::Letter,
        }
    }
}

fn kinds(text: &str) -> impl Iterator<Item = (usize, Kind)> {
    let kind = |cluster: &str| cluster.chars().next().map_or(Kind::Space, Kind::of);
    text.grapheme_indices(true).map(move |(at, cluster)| (at, kind(cluster)))
}

/// The first place in a text where the kinds on both sides are as they should be, else its end.
fn turn(text: &str, is_place: impl Fn(Kind, Kind) -> bool) -> usize {
    let mut before = None;
    for (at, here) in kinds(text) {
        if before.replace(here).is_some_and(|before| is_place(before, here)) {
            return at;
        }
    }
    text.len()
}
