//! The rows of a result, kept as the text that was received.
//!
//! Owns their bytes and the bound on them. Rows stand behind one another in shared pieces: a row costs its text and eight
//! bytes, and whoever reads them elsewhere takes a copy of the pieces' addresses. Knows nothing of columns and of the
//! order on the screen.

use std::sync::Arc;

/// Small portions are put together up to this size: a portion each would cost more than most rows.
const PIECE_BYTES: usize = 1 << 20;

/// Rows that came together: their texts behind one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portion {
    text: String,
    ends: Vec<usize>,
}

impl Portion {
    /// No rows, and room for so many of so many bytes together.
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ends: Vec::with_capacity(rows) }
    }

    /// Put a row behind the others.
    pub fn push(&mut self, row: &str) {
        self.text.push_str(row);
        self.ends.push(self.text.len());
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(row)?)
    }

    /// The texts in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn append(&mut self, other: &Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// Only the first rows, so many.
    fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.text.truncate(self.ends.last().copied().unwrap_or_default());
    }

    /// Room that was reserved and is not needed.
    fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl<S: AsRef<str>> FromIterator<S> for Portion {
    fn from_iter<I: IntoIterator<Item = S>>(rows: I) -> Self {
        let mut portion = Self::default();
        rows.into_iter().for_each(|row| portion.push(row.as_ref()));
        portion
    }
}

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

/// The rows of a result in the order in which they came. A copy shares their texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pieces: Vec<Arc<Portion>>,
    /// The first row of each piece.
    firsts: Vec<usize>,
    len: usize,
    bytes: usize,
    bounds: Bounds,
}

impl Rows {
    /// No rows, and another bound than the usual one.
    pub fn bounded(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// Keep a portion. Gives `false` when the bound is reached; the rows before it are kept.
    pub fn append(&mut self, mut portion: Portion) -> bool {
        let room = (self.bounds.rows.saturating_sub(self.len), self.bounds.bytes.saturating_sub(self.bytes));
        let fits = portion.ends.partition_point(|end| *end <= room.1).min(room.0);
        let all = fits == portion.len();
        portion.truncate(fits);
        if portion.is_empty() {
            return all;
        }
        let (rows, bytes) = (portion.len(), portion.text.len());
        // A piece that someone else reads stays as it is.
        match self.pieces.last_mut().and_then(Arc::get_mut) {
            Some(last) if last.text.len() + bytes <= PIECE_BYTES => last.append(&portion),
            last => {
                if let Some(last) = last {
                    last.shrink();
                }
                self.pieces.push(Arc::new(portion));
                self.firsts.push(self.len);
            }
        }
        (self.len, self.bytes) = (self.len + rows, self.bytes + bytes);
        all
    }

    /// No more will come.
    pub fn complete(&mut self) {
        if let Some(last) = self.pieces.last_mut().and_then(Arc::get_mut) {
            last.shrink();
        }
    }

    /// The text of a row, exactly as it was received.
    pub fn get(&self, row: usize) -> Option<&str> {
        let piece = self.firsts.partition_point(|first| *first <= row).checked_sub(1)?;
        self.pieces.get(piece)?.get(row - self.firsts.get(piece)?)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes of all rows together.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn portion(rows: &[&str]) -> Portion {
        rows.iter().collect()
    }

    proptest! {
        #[test]
        fn rows_are_what_came(
            portions in prop::collection::vec(
                prop::collection::vec((".{0,12}", prop_oneof![9 => Just(1usize), 1 => Just(100_000)]), 0..6), 0..12),
            shared in any::<prop::sample::Index>(),
        ) {
            let portions: Vec<Vec<String>> =
                portions.into_iter().map(|rows| rows.into_iter().map(|(text, times)| text.repeat(times)).collect()).collect();
            let mut rows = Rows::default();
            let shared = shared.index(portions.len() + 1);
            let mut earlier = None;
            for (number, portion) in portions.iter().enumerate() {
                if number == shared {
                    earlier = Some((rows.clone(), rows.len()));
                }
                prop_assert!(rows.append(portion.iter().collect()));
            }
            rows.complete();
            let texts: Vec<&String> = portions.iter().flatten().collect();
            for (row, text) in texts.iter().enumerate() {
                prop_assert_eq!(rows.get(row), Some(text.as_str()));
            }
            prop_assert_eq!((rows.get(texts.len()), rows.len()), (None, texts.len()));
            prop_assert_eq!(rows.bytes(), texts.iter().map(|text| text.len()).sum::<usize>());
            // Who has taken a copy has what there was then.
            if let Some((earlier, len)) = earlier {
                prop_assert_eq!((earlier.len(), earlier.get(len)), (len, None));
                prop_assert!((0..len).all(|row| earlier.get(row) == Some(texts[row].as_str())));
            }
        }
    }

    #[test]
    fn stops_at_either_bound() {
        let mut rows = Rows::bounded(Bounds { rows: 2, bytes: 1000 });
        assert_eq!([rows.append(portion(&["1"])), rows.append(portion(&["2", "3"]))], [true, false]);
        assert!(!rows.append(portion(&["4"])));
        assert_eq!((rows.len(), rows.get(1)), (2, Some("2")));
        let mut rows = Rows::bounded(Bounds { rows: 9, bytes: 5 });
        assert_eq!([rows.append(portion(&["123"])), rows.append(portion(&["45", "6"]))], [true, false]);
        assert_eq!((rows.len(), rows.bytes()), (2, 5));
    }

    #[test]
    fn small_portions_share_a_piece_and_leave_no_room_unused() {
        let mut rows = Rows::default();
        for _ in 0..10_000 {
            rows.append(portion(&["a row that comes alone"]));
        }
        rows.complete();
        assert_eq!(rows.pieces.len(), 1);
        assert!(rows.pieces[0].text.capacity() < 2 * rows.bytes());
    }
}
