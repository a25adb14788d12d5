//! What rows are compared by: their cells written such that comparing bytes compares cells.
//!
//! Numbers come before texts, these before `false` and `true`, these before arrays and objects; `null` and then no cell
//! at all come last in either direction. Knows the columns that are sorted by, and nothing of how rows are moved.

use super::columns::Columns;
use super::order::{Direction, SortBy};
use crate::app::rows::Rows;
use crate::model::json::{Json, Kind};
use std::cmp::Ordering;

/// No more of a text than this is kept; texts that are the same so far are compared in the rows.
const KEPT: usize = 64;
/// Keys stand in pieces of this size, none of them across two.
const PIECE: usize = 1 << 20;
/// Marks a length: the key is not whole.
const CUT: u16 = 1 << 15;

/// The keys of rows, by their numbers.
#[derive(Debug, Default)]
pub struct Keys {
    pieces: Vec<Vec<u8>>,
    /// Where each key stands: its piece and the place in it, in one number.
    places: Vec<u32>,
    scratch: Vec<u8>,
}

impl Keys {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Add the key of the next row.
    pub fn push(&mut self, row: Json<'_>, columns: &Columns, by: &[SortBy]) {
        self.scratch.clear();
        let whole = write_key(row, columns, by, KEPT, &mut self.scratch);
        // A few columns of so many bytes each: a key is always shorter than the mark.
        let len = u16::try_from(self.scratch.len()).unwrap_or(CUT - 1);
        let needed = self.scratch.len() + size_of::<u16>();
        if self.pieces.last().is_none_or(|piece| piece.len() + needed > PIECE) {
            if let Some(last) = self.pieces.last_mut() {
                last.shrink_to_fit();
            }
            self.pieces.push(Vec::new());
        }
        let number = self.pieces.len() - 1;
        let Some(piece) = self.pieces.last_mut() else { return };
        self.places.push(u32::try_from(number * PIECE + piece.len()).unwrap_or(u32::MAX));
        piece.extend_from_slice(&(if whole { len } else { len | CUT }).to_le_bytes());
        piece.extend_from_slice(&self.scratch);
    }

    fn get(&self, row: u32) -> Option<(&[u8], bool)> {
        let place = *self.places.get(row as usize)? as usize;
        let from = self.pieces.get(place / PIECE)?.get(place % PIECE..)?;
        let (len, key) = from.split_first_chunk()?;
        let len = u16::from_le_bytes(*len);
        Some((key.get(..usize::from(len & !CUT))?, len & CUT == 0))
    }

    /// Compare two rows.
    pub fn compare(&self, a: u32, b: u32, rows: &Rows, columns: &Columns, by: &[SortBy]) -> Ordering {
        let (Some((first, whole)), Some((second, whole_too))) = (self.get(a), self.get(b)) else {
            return Ordering::Equal;
        };
        let common = first.len().min(second.len());
        match first[..common].cmp(&second[..common]) {
            // Keys that are whole are never the beginning of others.
            Ordering::Equal if !(whole && whole_too) => compare_rows(a, b, rows, columns, by),
            order => order,
        }
    }
}

fn compare_rows(a: u32, b: u32, rows: &Rows, columns: &Columns, by: &[SortBy]) -> Ordering {
    let key = |row: u32| {
        let mut key = Vec::new();
        let row = rows.get(row as usize).map_or(Json::NULL, Json::trusted);
        write_key(row, columns, by, usize::MAX, &mut key);
        key
    };
    key(a).cmp(&key(b))
}

/// Write the key of a row. Gives `false` when a text has more than `most` bytes: the key ends there.
fn write_key(row: Json<'_>, columns: &Columns, by: &[SortBy], most: usize, out: &mut Vec<u8>) -> bool {
    by.iter().all(|by| {
        let start = out.len();
        let whole = write_cell(columns.cell(row, by.column), most, out);
        // What is last is last in either direction.
        if by.direction == Direction::Down && out.get(start).is_some_and(|rank| *rank < NULL) {
            out[start] = NULL - 1 - out[start];
            out[start + 1..].iter_mut().for_each(|byte| *byte = !*byte);
        }
        whole
    })
}

const NUMBER: u8 = 0;
const TEXT: u8 = 1;
const BOOL: u8 = 2;
const NESTED: u8 = 3;
const NULL: u8 = 4;
const MISSING: u8 = 5;

fn write_cell(cell: Option<Json<'_>>, most: usize, out: &mut Vec<u8>) -> bool {
    let Some(cell) = cell else {
        out.push(MISSING);
        return true;
    };
    match cell.kind() {
        Kind::Number => {
            out.push(NUMBER);
            write_number(cell, out);
        }
        Kind::String => {
            out.push(TEXT);
            return write_text(&cell.as_str().unwrap_or_default(), most, out);
        }
        Kind::Bool => out.extend([BOOL, u8::from(cell.as_bool() == Some(true))]),
        Kind::Null => out.push(NULL),
        Kind::Array | Kind::Object => {
            out.push(NESTED);
            return write_text(cell.text(), most, out);
        }
    }
    true
}

/// The nearest double and, where doubles are further apart than whole numbers, the whole number.
fn write_number(cell: Json<'_>, out: &mut Vec<u8>) {
    const SIGN: u64 = 1 << 63;
    // Adding 0 makes -0 equal to 0.
    let near = cell.as_f64().unwrap_or_default() + 0.0;
    let bits = near.to_bits();
    out.extend_from_slice(&(if bits & SIGN == 0 { bits | SIGN } else { !bits }).to_be_bytes());
    if near.abs() >= 9e15 {
        let exact = cell.text().parse::<i128>().unwrap_or(near as i128);
        out.extend_from_slice(&(exact ^ i128::MIN).to_be_bytes());
    }
}

/// A zero inside is written as two bytes, so that the end comes before everything that goes on.
fn write_text(text: &str, most: usize, out: &mut Vec<u8>) -> bool {
    let bytes = text.as_bytes();
    for byte in bytes.iter().take(most) {
        out.push(*byte);
        if *byte == 0 {
            out.push(0xff);
        }
    }
    let whole = bytes.len() <= most;
    if whole {
        out.extend([0, 1]);
    }
    whole
}
