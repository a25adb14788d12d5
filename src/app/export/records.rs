//! Rows as the records of a table, with the same columns from its head to its end.
//!
//! Owns the way from a row to the text of its record; the explorer's exports and the commands write the same tables with
//! it. Which columns there are, and where the bytes go, is said by others.

use super::cells::{self, Field, Picker};
use super::table::{self, Table};
use crate::model::json::{Json, Kind};
use std::borrow::Cow;

/// Writes rows as records.
#[derive(Debug)]
pub struct Records {
    table: Table,
    fields: Vec<Field>,
    picker: Picker,
}

impl Records {
    /// Write these columns.
    pub fn new(table: Table, fields: Vec<Field>) -> Self {
        Self { table, picker: Picker::new(&fields), fields }
    }

    /// Write the head; `shown` is what becomes of a text.
    pub fn head<'t>(&'t self, shown: impl Fn(Cow<'t, str>) -> Cow<'t, str>, out: &mut Vec<u8>) {
        let names: Vec<_> = self.fields.iter().map(|field| shown(Cow::Borrowed(&field.name))).collect();
        let numbers: Vec<bool> = self.fields.iter().map(|field| field.number).collect();
        self.table.head(names.iter().map(AsRef::as_ref), &numbers, out);
    }

    /// Write a row; `shown` is what becomes of a text. Gives how many texts a spreadsheet may take for formulas.
    pub fn row<'r>(&self, row: Json<'r>, shown: impl Fn(Cow<'r, str>) -> Cow<'r, str>, out: &mut Vec<u8>) -> usize {
        let mut cells = Vec::new();
        self.picker.pick(row, &mut cells);
        let mut formulas = 0;
        let texts = cells.iter().map(|cell| {
            let text = cells::text(*cell);
            let is_string = cell.is_some_and(|cell| cell.kind() == Kind::String);
            formulas += usize::from(is_string && table::is_formula(&text));
            shown(text)
        });
        self.table.record(texts, out);
        formulas
    }
}
