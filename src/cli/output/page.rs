//! Rows with columns: tables for people, and the records of CSV, TSV and Markdown.
//!
//! Owns when the columns of a table are known. A head cannot be changed once it is written, so the rows of a query wait
//! until the last of them has come, and every column of any row is there. Where the columns are known before the first
//! row, CSV and TSV are written as the rows come. A table for people has the columns of its first rows.

use super::held::Held;
use super::table::Layout;
use super::{Shape, Style};
use crate::api::clean;
use crate::app::export::cells::{Picker, text};
use crate::app::export::records::Records;
use crate::app::export::table::Table;
use crate::app::export::{Export, Field};
use crate::app::screens::query::columns::Columns;
use crate::cli::arguments::Format;
use crate::model::json::Json;
use crate::model::path::Path;
use std::borrow::Cow;
use std::io::{self, Write};

/// How many rows of a sample there are at most, and how many bytes of them.
const ROWS: u64 = 1000;
const BYTES: usize = 8 << 20;
/// The columns of events in a table for people: what identifies them, then what they say.
const FOR_PEOPLE: [&str; 5] = ["time", "type", "subject", "id", "data"];

/// When the columns are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    AtOnce,
    AfterSample,
    AtEnd,
}

#[derive(Debug)]
pub(super) struct Page {
    style: Style,
    /// The columns that were known before the first row.
    given: Option<Vec<Field>>,
    known: Known,
    columns: Columns,
    held: Held,
    writer: Option<Writer>,
    noted: bool,
}

#[derive(Debug)]
enum Writer {
    Records(Records),
    ForPeople { names: Vec<String>, cells: Picker, layout: Layout },
}

impl Page {
    pub fn new(style: Style, shape: Shape) -> Self {
        let for_people = style.format == Format::Table;
        let given = match shape {
            Shape::Rows => None,
            Shape::Events if for_people => Some(FOR_PEOPLE.map(|name| Field::of_event(Path::of(name))).to_vec()),
            Shape::Events => Some(Export::event_fields(std::iter::empty())),
            Shape::Fields(fields) => Some(fields),
        };
        let known = match (style.format, &given) {
            (Format::Csv | Format::Tsv, Some(_)) => Known::AtOnce,
            // Widths and alignment are told from rows.
            (Format::Table, _) | (_, Some(_)) => Known::AfterSample,
            (_, None) => Known::AtEnd,
        };
        let (columns, held) = (Columns::default(), Held::default());
        Self { style, given, known, columns, held, writer: None, noted: false }
    }

    pub fn push(&mut self, out: &mut impl Write, value: Json<'_>) -> io::Result<()> {
        if self.writer.is_none() && self.known == Known::AtOnce {
            self.settle(out)?;
        }
        if let Some(writer) = &self.writer {
            writer.print(out, value, self.style)?;
            return self.look_for_others(value);
        }
        self.columns.look_at(value);
        self.held.push(value)?;
        if self.known == Known::AfterSample && (self.held.len() >= ROWS || self.held.bytes() >= BYTES) {
            self.settle(out)?;
        }
        Ok(())
    }

    /// Fix the columns and print what was held back.
    pub fn settle(&mut self, out: &mut impl Write) -> io::Result<()> {
        let records = records(self.style.format);
        // Without a row there is nothing to take columns from; a table of nothing is no table for people.
        let is_nothing = self.held.len() == 0 && (records.is_none() || self.given.is_none());
        if self.writer.is_some() || is_nothing {
            return Ok(());
        }
        let (fields, held) = (self.fields(), std::mem::take(&mut self.held));
        if self.columns.has_more() && self.given.is_none() {
            let most = self.columns.len();
            self.note(&format!("the rows have more than {most} columns; the others are left out (ndjson has all)"));
        }
        let Some(table) = records else {
            let writer = Writer::for_people(&fields, held, self.style, out)?;
            self.writer = Some(writer);
            return Ok(());
        };
        let writer = Writer::Records(Records::new(table, fields));
        writer.head(out, self.style)?;
        held.each(|value| writer.print(out, value, self.style))?;
        self.writer = Some(writer);
        Ok(())
    }

    /// The columns, in the order in which the explorer shows them.
    fn fields(&self) -> Vec<Field> {
        let found = || self.columns.usual_order().into_iter().filter_map(|number| self.columns.get(number));
        match &self.given {
            None => found().map(Field::of_column).collect(),
            Some(given) => given
                .iter()
                .map(|field| {
                    let number = found().any(|column| column.path() == field.path.as_ref() && column.is_number());
                    Field { number, ..field.clone() }
                })
                .collect(),
        }
    }

    /// Say once that a row has what the columns were not known from.
    fn look_for_others(&mut self, value: Json<'_>) -> io::Result<()> {
        if self.given.is_some() || self.noted {
            return Ok(());
        }
        let before = self.columns.len();
        self.columns.look_at(value);
        if self.columns.len() > before {
            let name = self.columns.get(before).map(|column| clean(column.name(), 100)).unwrap_or_default();
            let which = format!("a row after the first {ROWS} has a column `{name}` that those have not");
            self.note(&format!("{which}; it is left out (csv, tsv, markdown and ndjson have all)"));
        }
        Ok(())
    }

    fn note(&mut self, note: &str) {
        if !self.noted {
            self.noted = true;
            eprintln!("gdbx: {note}");
        }
    }
}

impl Writer {
    /// A table whose widths are those of its first rows; these are printed.
    fn for_people(fields: &[Field], held: Held, style: Style, out: &mut impl Write) -> io::Result<Self> {
        let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
        let cells = Picker::new(fields);
        let mut rows = Vec::new();
        held.each(|value| {
            rows.push(for_people(&names, &cells, value));
            Ok(())
        })?;
        let layout = Layout::new(&names, &rows, style.width);
        layout.header(out, style.bold)?;
        rows.iter().try_for_each(|row| layout.row(out, row))?;
        Ok(Self::ForPeople { names, cells, layout })
    }

    fn head(&self, out: &mut impl Write, style: Style) -> io::Result<()> {
        let Self::Records(records) = self else { return Ok(()) };
        let mut line = Vec::new();
        records.head(|name| shown(name, style), &mut line);
        out.write_all(&line)
    }

    fn print(&self, out: &mut impl Write, value: Json<'_>, style: Style) -> io::Result<()> {
        match self {
            Self::Records(records) => {
                let mut line = Vec::new();
                records.row(value, |text| shown(text, style), &mut line);
                out.write_all(&line)
            }
            Self::ForPeople { names, cells, layout } => layout.row(out, &for_people(names, cells, value)),
        }
    }
}

/// A record's text: as it is, but not to a terminal.
fn shown(text: Cow<'_, str>, style: Style) -> Cow<'_, str> {
    if style.terminal { Cow::Owned(clean(&text, usize::MAX).to_string()) } else { text }
}

/// How much of a cell a table can ever show, in bytes.
const CELL: usize = 4096;

fn for_people(names: &[String], picker: &Picker, value: Json<'_>) -> Vec<String> {
    let mut cells = Vec::new();
    picker.pick(value, &mut cells);
    let shorten = |(name, cell): (&String, &Option<Json<'_>>)| {
        let cell = text(*cell);
        match name.as_str() {
            // Nanoseconds are for machines.
            "time" => milliseconds(&cell).unwrap_or_else(|| clean(&cell, CELL)),
            _ => clean(&cell, CELL),
        }
    };
    names.iter().zip(&cells).map(shorten).collect()
}

/// An RFC 3339 time cut to milliseconds.
fn milliseconds(time: &str) -> Option<String> {
    crate::model::time::parse(time)?;
    let (seconds, fraction) = time.split_once('.')?;
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    Some(format!("{seconds}.{}{}", &fraction[..digits.min(3)], &fraction[digits..]))
}

/// How records are written, in the formats that have them.
fn records(format: Format) -> Option<Table> {
    match format {
        Format::Csv => Some(Table::Csv),
        Format::Tsv => Some(Table::Tsv),
        Format::Markdown => Some(Table::Markdown),
        Format::Ndjson | Format::Json | Format::Table => None,
    }
}
