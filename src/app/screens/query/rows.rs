//! The rows of a result, kept as the text that was received.
//!
//! Owns their bytes and the bound on them. Knows nothing of columns and of their order on the screen.

/// Rows share pieces of text of about this size: one allocation each would cost more than most rows.
const PIECE_BYTES: usize = 1 << 20;

/// How much of a result is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Rows.
    pub rows: usize,
    /// Bytes of their text.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { rows: 1_000_000, bytes: 512_000_000 }
    }
}

/// Where a row's text stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    piece: u32,
    at: u32,
    len: u32,
}

/// The rows of a result in the order in which they came.
#[derive(Debug, Default)]
pub struct Rows {
    pieces: Vec<String>,
    places: Vec<Place>,
    bytes: usize,
    bounds: Bounds,
}

impl Rows {
    /// No rows, and another bound than the usual one.
    pub fn bounded(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// Keep a row. Gives `false`, and keeps nothing, when the bound is reached.
    pub fn push(&mut self, text: String) -> bool {
        let (Ok(len), false) = (u32::try_from(text.len()), self.is_full(text.len())) else { return false };
        self.bytes += text.len();
        let at = match self.pieces.last_mut() {
            Some(piece) if piece.len() + text.len() <= PIECE_BYTES => {
                let at = piece.len();
                piece.push_str(&text);
                at
            }
            // A row that is larger than a piece is one itself, without being copied.
            _ if text.len() > PIECE_BYTES => {
                self.pieces.push(text);
                0
            }
            _ => {
                let mut piece = String::with_capacity(PIECE_BYTES.min(text.len() * 64));
                piece.push_str(&text);
                self.pieces.push(piece);
                0
            }
        };
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.places.push(Place { piece: number(self.pieces.len() - 1), at: number(at), len });
        true
    }

    fn is_full(&self, more: usize) -> bool {
        self.places.len() >= self.bounds.rows || self.bytes.saturating_add(more) > self.bounds.bytes
    }

    /// The text of a row, exactly as it was received.
    pub fn get(&self, row: usize) -> Option<&str> {
        let place = self.places.get(row)?;
        let at = place.at as usize;
        self.pieces.get(place.piece as usize)?.get(at..at + place.len as usize)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The bytes of all rows together.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How much is kept at most.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_what_was_pushed(
            texts in prop::collection::vec((".{0,12}", prop_oneof![9 => Just(1usize), 1 => Just(200_000)]), 0..40),
        ) {
            let texts: Vec<String> = texts.into_iter().map(|(text, times)| text.repeat(times)).collect();
            let mut rows = Rows::default();
            for text in &texts {
                prop_assert!(rows.push(text.clone()));
            }
            for (row, text) in texts.iter().enumerate() {
                prop_assert_eq!(rows.get(row), Some(text.as_str()));
            }
            prop_assert_eq!((rows.get(texts.len()), rows.len()), (None, texts.len()));
            prop_assert_eq!(rows.bytes(), texts.iter().map(String::len).sum::<usize>());
        }
    }

    #[test]
    fn stops_at_either_bound() {
        let mut rows = Rows::bounded(Bounds { rows: 2, bytes: 1000 });
        assert_eq!([1, 2, 3].map(|n: i32| rows.push(n.to_string())), [true, true, false]);
        let mut rows = Rows::bounded(Bounds { rows: 9, bytes: 5 });
        assert_eq!(["123", "456", "78"].map(|text| rows.push(text.into())), [true, false, true]);
        assert_eq!((rows.len(), rows.bytes()), (2, 5));
    }
}
