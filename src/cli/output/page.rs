//! Rows with columns, printed as they come: tables and CSV.
//!
//! The first rows are held back until the columns are known from them; later rows keep these columns.

use super::table::Layout;
use super::{Shape, Style, cells};
use crate::api::clean;
use crate::app::export::table::Table;
use crate::cli::arguments::Format;
use crate::model::json::Json;
use std::io::{self, Write};

/// How many rows the columns are taken from, and how many bytes of them.
const ROWS: usize = 1000;
const BYTES: usize = 8 << 20;

#[derive(Debug)]
pub(super) struct Page {
    style: Style,
    fixed: bool,
    columns: Vec<String>,
    waiting: Vec<String>,
    bytes: usize,
    /// Set once the columns hold.
    layout: Option<Layout>,
    settled: bool,
    noted: bool,
}

impl Page {
    pub fn new(style: Style, shape: Shape) -> Self {
        let fixed = cells::fixed(shape, style.format == Format::Table);
        Self {
            style,
            fixed: fixed.is_some(),
            columns: fixed.unwrap_or_default(),
            waiting: Vec::new(),
            bytes: 0,
            layout: None,
            settled: false,
            noted: false,
        }
    }

    pub fn push(&mut self, out: &mut impl Write, value: Json<'_>) -> io::Result<()> {
        if self.settled {
            return self.print(out, value);
        }
        self.bytes += value.text().len();
        self.waiting.push(value.text().to_owned());
        if self.waiting.len() >= ROWS || self.bytes >= BYTES {
            self.settle(out)?;
        }
        Ok(())
    }

    /// Fix the columns and print what was held back.
    pub fn settle(&mut self, out: &mut impl Write) -> io::Result<()> {
        let records = records(self.style.format);
        // Without a row there is nothing to take columns from; a table of nothing is no table.
        if self.settled || (self.waiting.is_empty() && !(records.is_some() && self.fixed)) {
            return Ok(());
        }
        self.settled = true;
        let waiting = std::mem::take(&mut self.waiting);
        let values = || waiting.iter().map(|text| Json::trusted(text));
        if !self.fixed {
            values().for_each(|value| cells::add_columns(&mut self.columns, value));
        }
        if let Some(records) = records {
            let header: Vec<_> = self.columns.iter().map(|name| self.shown(name)).collect();
            let mut line = Vec::new();
            records.head(header.iter().map(String::as_str), &[], &mut line);
            out.write_all(&line)?;
        } else {
            let rows: Vec<Vec<String>> = values().map(|value| table_cells(&self.columns, value)).collect();
            let layout = Layout::new(&self.columns, &rows, self.style.width);
            layout.header(out, self.style.bold)?;
            self.layout = Some(layout);
        }
        values().try_for_each(|value| self.print(out, value))
    }

    fn print(&mut self, out: &mut impl Write, value: Json<'_>) -> io::Result<()> {
        if !self.fixed && !self.noted && cells::has_others(&self.columns, value) {
            self.noted = true;
            eprintln!(
                "gdbx: a later row has keys that the first {ROWS} do not have; they are left out (ndjson has all)"
            );
        }
        match (&self.layout, records(self.style.format)) {
            (Some(layout), _) => layout.row(out, &table_cells(&self.columns, value)),
            (None, Some(records)) => {
                let row: Vec<String> = cells::row(&self.columns, value).iter().map(|cell| self.shown(cell)).collect();
                let mut line = Vec::new();
                records.record(row.iter().map(String::as_str), &mut line);
                out.write_all(&line)
            }
            (None, None) => Ok(()),
        }
    }

    /// A record's text: as it is, but not to a terminal.
    fn shown(&self, text: &str) -> String {
        if self.style.terminal { clean(text, usize::MAX) } else { text.to_owned() }
    }
}

/// How much of a cell a table can ever show, in bytes.
const CELL: usize = 4096;

fn table_cells(columns: &[String], value: Json<'_>) -> Vec<String> {
    let shorten = |(name, cell): (&String, std::borrow::Cow<'_, str>)| match name.as_str() {
        // Nanoseconds are for machines.
        "time" => milliseconds(&cell).unwrap_or_else(|| clean(&cell, CELL)),
        _ => clean(&cell, CELL),
    };
    columns.iter().zip(cells::row(columns, value)).map(shorten).collect()
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
