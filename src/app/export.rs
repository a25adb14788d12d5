//! A list of events as the bytes of a file: NDJSON, a JSON array, or CSV.
//!
//! Owns the formats. Where the bytes go, and that no half of a file is left, is the shell's.

#[cfg(test)]
mod tests;

use crate::model::event::{Envelope, EventError};
use crate::model::json::{Json, Kind};
use crate::model::log::LogView;
use crate::model::path::Path;
use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One event a line, the exact bytes that were received.
    #[default]
    Ndjson,
    /// An array of events.
    Json,
    /// A table: the columns of the list first, then all fields of CloudEvents.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Ndjson, Self::Json, Self::Csv];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "NDJSON",
            Self::Json => "JSON",
            Self::Csv => "CSV",
        }
    }

    /// What files of it end with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// The next one.
    pub fn next(self) -> Self {
        match self {
            Self::Ndjson => Self::Json,
            Self::Json => Self::Csv,
            Self::Csv => Self::Ndjson,
        }
    }

    /// The format of a file, by what its name ends with.
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "jsonl" => Some(Self::Ndjson),
            extension => Self::ALL.into_iter().find(|format| format.extension() == extension),
        }
    }
}

/// Events that are to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The log as it was when it was asked for.
    pub view: LogView,
    /// The positions of the events, in their order in the file.
    pub positions: Arc<[u32]>,
    /// How they are written.
    pub format: Format,
    /// The columns that the list has beside those of every event.
    pub fields: Vec<Path>,
    /// The file, as it was typed.
    pub path: String,
    /// Whether a file that is there already may go.
    pub replace: bool,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many events.
    pub events: usize,
    /// How many lines that are no events were left out, because the format has no place for them.
    pub left_out: usize,
    /// How many bytes.
    pub bytes: u64,
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportFailure {
    /// There is another one of that name.
    Exists,
    /// Anything else, as a sentence.
    Failed(String),
}

/// So many events are written between two looks at whether it goes on.
const PORTION: usize = 256;
/// The columns that every event has first, as in the list, and those that it has last.
const FIRST: [&str; 3] = ["time", "type", "subject"];
const LAST: [&str; 7] = ["id", "source", "specversion", "datacontenttype", "predecessorhash", "hash", "data"];

impl Export {
    /// Write everything. `go_on` is told how many events are done and says whether to go on; `None` when it said no.
    ///
    /// # Errors
    /// When an event cannot be read, or nothing can be written.
    pub fn write(&self, out: &mut dyn Write, go_on: &mut dyn FnMut(usize) -> bool) -> io::Result<Option<Written>> {
        let mut out = Counted { out, bytes: 0 };
        let mut written = Written::default();
        let mut rows = Rows::begin(self.format, &self.fields, &mut out)?;
        for (done, position) in self.positions.iter().enumerate() {
            if done % PORTION == 0 && !go_on(done) {
                return Ok(None);
            }
            let line = self.view.line(*position as usize).ok_or(io::ErrorKind::NotFound)?;
            if line.is_empty()
                && let Err(EventError::Unreadable(why)) = line.event()
            {
                return Err(io::Error::other(format!("an event {why}")));
            }
            if rows.put(&line)? { written.events += 1 } else { written.left_out += 1 }
        }
        rows.end()?;
        written.bytes = out.bytes;
        Ok(Some(written))
    }
}

/// Counts what passes.
struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
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

/// A file that is being written, by its format.
enum Rows<'a, W: Write> {
    Lines(&'a mut W),
    Array(&'a mut W, bool),
    Table(Box<csv::Writer<&'a mut W>>, Vec<Path>),
}

impl<'a, W: Write> Rows<'a, W> {
    fn begin(format: Format, fields: &'a [Path], out: &'a mut W) -> io::Result<Self> {
        Ok(match format {
            Format::Ndjson => Self::Lines(out),
            Format::Json => {
                out.write_all(b"[")?;
                Self::Array(out, false)
            }
            Format::Csv => {
                let mut table = csv::Writer::from_writer(out);
                let columns = table_columns(fields);
                table.write_record(columns.iter().map(Path::to_string))?;
                Self::Table(Box::new(table), columns)
            }
        })
    }

    /// Put an event behind the others. Gives whether the format has a place for it.
    fn put(&mut self, line: &[u8]) -> io::Result<bool> {
        match self {
            Self::Lines(out) => {
                // An event of a JSON array can have line feeds between its members; here it has to be one line.
                for part in line.split_inclusive(|byte| *byte == b'\n') {
                    match part.strip_suffix(b"\n") {
                        Some(part) => out.write_all(part).and_then(|()| out.write_all(b" "))?,
                        None => out.write_all(part)?,
                    }
                }
                out.write_all(b"\n")?;
            }
            Self::Array(out, any) => {
                if Envelope::from_line(line).is_err() {
                    return Ok(false);
                }
                out.write_all(if std::mem::replace(any, true) { b",\n" } else { b"\n" })?;
                out.write_all(line)?;
            }
            Self::Table(table, columns) => {
                let Ok(event) = Envelope::from_line(line) else { return Ok(false) };
                let mut cells = columns.iter().map(|path| cell(path.find(event.json)));
                cells.try_for_each(|cell| table.write_field(cell.as_bytes()))?;
                table.write_record(None::<&[u8]>)?;
            }
        }
        Ok(true)
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Lines(out) => out.flush(),
            Self::Array(out, _) => out.write_all(b"\n]\n").and_then(|()| out.flush()),
            Self::Table(mut table, _) => table.flush(),
        }
    }
}

/// The columns of a table, each once: those of the list, then the other fields of CloudEvents.
fn table_columns(fields: &[Path]) -> Vec<Path> {
    let mut columns: Vec<Path> = Vec::new();
    let all = FIRST.iter().map(|name| Path::of(name)).chain(fields.iter().cloned());
    for path in all.chain(LAST.iter().map(|name| Path::of(name))) {
        if !columns.contains(&path) {
            columns.push(path);
        }
    }
    columns
}

/// A cell: strings without their quotes, everything else as it is written, what is missing or null as nothing.
fn cell(value: Option<Json<'_>>) -> Cow<'_, str> {
    match value {
        None => Cow::Borrowed(""),
        Some(value) => match value.kind() {
            Kind::Null => Cow::Borrowed(""),
            Kind::String => value.as_str().unwrap_or_default(),
            _ => Cow::Borrowed(value.text()),
        },
    }
}
