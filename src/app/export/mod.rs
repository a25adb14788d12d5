//! Lists as the bytes of a file or of the clipboard: the events of a list, or the rows of a query.
//!
//! Owns what is written in each format. Where the bytes go, and that no half of a file is left, is the shell's.

pub mod cells;
mod dealt;
pub mod dialog;
pub mod format;
#[cfg(feature = "parquet")]
mod parquet;
pub mod records;
pub mod running;
pub mod table;
#[cfg(test)]
mod tests;

pub use cells::Field;
pub use format::Format;

use super::rows::Rows;
use crate::model::event::{Envelope, EventError};
use crate::model::json::Json;
use crate::model::log::LogView;
use crate::model::path::Path;
use cells::Picker;
use dealt::Taker;
use records::Records;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;
use table::Table;

/// What is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Events of a log.
    Events {
        /// The log as it was when it was asked for.
        view: LogView,
        /// The positions of the events, in their order in the file.
        positions: Arc<[u32]>,
    },
    /// Rows of a query.
    Rows {
        /// The rows as they were when it was asked for.
        rows: Rows,
        /// Their numbers, in their order in the file.
        order: Arc<[u32]>,
    },
}

/// A list that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What is written.
    pub source: Source,
    /// The columns of a table.
    pub fields: Vec<Field>,
    /// Whether only the cells of the first column are written where the format has no columns.
    pub only_cells: bool,
    /// How it is written.
    pub format: Format,
    /// The file, as it was typed.
    pub path: String,
    /// Whether a file that is there already may go.
    pub replace: bool,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many events or rows.
    pub items: usize,
    /// How many lines that are no events were left out, because the format has no place for them.
    pub left_out: usize,
    /// How many texts a spreadsheet may take for formulas.
    pub formulas: usize,
    /// How many bytes.
    pub bytes: u64,
}

impl Written {
    fn add(&mut self, other: Self) {
        self.items += other.items;
        self.left_out += other.left_out;
        self.formulas += other.formulas;
        self.bytes += other.bytes;
    }
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportFailure {
    /// There is another one of that name.
    Exists,
    /// Anything else, as a sentence.
    Failed(String),
}

/// So many bytes are handed over together.
const PIECE: usize = 256 << 10;
/// The columns that every event has first, as in the list, and those that it has last.
const FIRST: [&str; 3] = ["time", "type", "subject"];
const LAST: [&str; 7] = ["id", "source", "specversion", "datacontenttype", "predecessorhash", "hash", "data"];

impl Source {
    /// How many events or rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Events { positions, .. } => positions.len(),
            Self::Rows { order, .. } => order.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Show an event or a row: its bytes, and its value. A line that is no event has none.
    fn with<T>(&self, index: usize, act: impl FnOnce(&[u8], Option<Json<'_>>) -> T) -> io::Result<T> {
        match self {
            Self::Rows { rows, order } => {
                let row = order.get(index).and_then(|row| rows.get(*row as usize)).ok_or(io::ErrorKind::NotFound)?;
                Ok(act(row.as_bytes(), Some(Json::trusted(row))))
            }
            Self::Events { view, positions } => {
                let position = *positions.get(index).ok_or(io::ErrorKind::NotFound)?;
                let line = view.line(position as usize).ok_or(io::ErrorKind::NotFound)?;
                if line.is_empty()
                    && let Err(EventError::Unreadable(why)) = line.event()
                {
                    return Err(io::Error::other(format!("an event {why}")));
                }
                let event = Envelope::from_line(&line).ok();
                Ok(act(&line, event.map(|event| event.json)))
            }
        }
    }
}

impl Export {
    /// The columns of a list of events, each once: those of the list, then the other fields of CloudEvents.
    pub fn event_fields(listed: impl Iterator<Item = Path>) -> Vec<Field> {
        let mut columns: Vec<Path> = Vec::new();
        let all = FIRST.iter().map(|name| Path::of(name)).chain(listed);
        for path in all.chain(LAST.iter().map(|name| Path::of(name))) {
            if !columns.contains(&path) {
                columns.push(path);
            }
        }
        columns.into_iter().map(Field::of_event).collect()
    }

    /// Write everything. `go_on` is told how much is done and says whether to go on; `None` when it said no.
    ///
    /// # Errors
    /// When an event cannot be read, or nothing can be written.
    pub fn write(
        &self,
        out: &mut (dyn Write + Send),
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> io::Result<Option<Written>> {
        let mut out = Counted { out, bytes: 0 };
        let table = match self.format {
            Format::Ndjson | Format::Json => return self.write_values(&mut out, go_on),
            Format::Parquet => return self.write_parquet(&mut out, go_on),
            Format::Csv => Table::Csv,
            Format::Tsv => Table::Tsv,
            Format::Markdown => Table::Markdown,
        };
        self.write_table(table, &mut out, go_on)
    }

    /// Show each event or row of a range, and hand over in pieces what is made of them.
    fn each(
        &self,
        range: Range<usize>,
        to: Taker<'_>,
        mut put: impl FnMut(&[u8], Option<Json<'_>>, &mut Vec<u8>, &mut Written),
    ) -> io::Result<Written> {
        let mut written = Written::default();
        let mut piece = Vec::new();
        for index in range {
            self.source.with(index, |bytes, value| put(bytes, value, &mut piece, &mut written))?;
            if piece.len() >= PIECE && !to(std::mem::take(&mut piece)) {
                return Ok(written);
            }
        }
        to(piece);
        Ok(written)
    }

    fn write_values(&self, out: &mut Counted<'_>, go_on: &mut dyn FnMut(usize) -> bool) -> io::Result<Option<Written>> {
        let is_array = self.format == Format::Json;
        let cells = Picker::new(if self.only_cells { &self.fields } else { &[] });
        let make = |range: Range<usize>, to: Taker<'_>| {
            self.each(range, to, |bytes, value, piece, written| {
                if is_array && value.is_none() {
                    written.left_out += 1;
                    return;
                }
                if is_array {
                    piece.extend_from_slice(b",\n");
                }
                match value.filter(|_| self.only_cells) {
                    Some(value) => {
                        let mut cell = Vec::new();
                        cells.pick(value, &mut cell);
                        let text = cell.first().copied().flatten().unwrap_or(Json::NULL).text();
                        one_line(text.as_bytes(), piece);
                    }
                    None if is_array => piece.extend_from_slice(bytes),
                    None => one_line(bytes, piece),
                }
                if !is_array {
                    piece.push(b'\n');
                }
                written.items += 1;
            })
        };
        if is_array {
            out.write_all(b"[")?;
        }
        // No comma stands before the first value of an array; no thread knows whether its first one is that.
        let mut comma = usize::from(is_array);
        let mut take = |piece: &[u8]| {
            let piece = piece.get(comma..).unwrap_or_default();
            comma = if piece.is_empty() { comma } else { 0 };
            out.write_all(piece)
        };
        let written = dealt::deal(self.source.len(), &make, &mut take, go_on)?;
        if is_array && written.is_some() {
            out.write_all(b"\n]\n")?;
        }
        out.end(written)
    }

    fn write_table(
        &self,
        table: Table,
        out: &mut Counted<'_>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> io::Result<Option<Written>> {
        let records = Records::new(table, self.fields.clone());
        let mut head = Vec::new();
        records.head(|name| name, &mut head);
        out.write_all(&head)?;
        let make = |range: Range<usize>, to: Taker<'_>| {
            self.each(range, to, |_, value, piece, written| match value {
                None => written.left_out += 1,
                Some(value) => {
                    written.formulas += records.row(value, |text| text, piece);
                    written.items += 1;
                }
            })
        };
        let written = dealt::deal(self.source.len(), &make, &mut |piece| out.write_all(piece), go_on)?;
        out.end(written)
    }

    #[cfg(not(feature = "parquet"))]
    fn write_parquet(&self, _: &mut Counted<'_>, _: &mut dyn FnMut(usize) -> bool) -> io::Result<Option<Written>> {
        Err(io::Error::other(format::NO_PARQUET))
    }
}

/// A value of JSON can have line feeds between its members; here it has to be one line.
fn one_line(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(bytes);
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        out[start + at] = b' ';
    }
}

/// Counts what passes.
struct Counted<'a> {
    out: &'a mut (dyn Write + Send),
    bytes: u64,
}

impl Counted<'_> {
    fn end(&mut self, written: Option<Written>) -> io::Result<Option<Written>> {
        self.flush()?;
        Ok(written.map(|written| Written { bytes: self.bytes, ..written }))
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
