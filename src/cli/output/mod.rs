//! Data on standard output, in the format that was asked for.
//!
//! Owns what is printed in each format; the columns and records of CSV, TSV and Markdown are the export's. In `ndjson` and
//! `json` a value is printed exactly as the server wrote it; tables and terminals get control characters made
//! visible. Knows nothing of where the values come from.

mod held;
mod page;
mod table;

use super::arguments::{Format, OutputArguments};
use super::error::Error;
use crate::app::export::Field;
use crate::config::Colors;
use crate::model::json::Json;
use crate::model::path::Path;
use page::Page;
use std::io::{self, BufWriter, IsTerminal, Write};

/// What the values are, which decides the columns of tables and CSV.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Stored events.
    Events,
    /// Anything: the columns are those of the explorer's table of results, members of nested objects as `a.b`.
    Rows,
    /// Objects of which these fields are wanted.
    Fields(Vec<Field>),
}

impl Shape {
    /// Objects with these keys, whatever stands there.
    pub fn keys(names: &[&str]) -> Self {
        Self::Fields(names.iter().map(|name| Field::of_event(Path::of(name))).collect())
    }
}

/// Where and how to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub format: Format,
    /// Whether a terminal shows it, which nothing in the data may control.
    pub terminal: bool,
    /// Columns of the terminal; `None` when nothing need be cut.
    pub width: Option<usize>,
    pub bold: bool,
}

impl Style {
    /// The style for this process's standard output.
    pub fn of_stdout(arguments: OutputArguments, colors: Colors) -> Self {
        let terminal = io::stdout().is_terminal();
        let usual = if terminal { Format::Table } else { Format::Ndjson };
        let width = terminal.then(|| crossterm::terminal::size().ok()).flatten().map(|(columns, _)| columns.into());
        let bold = match colors {
            Colors::Auto => terminal,
            Colors::Always => true,
            Colors::Never => false,
        };
        Self { format: arguments.output.unwrap_or(usual), terminal, width, bold }
    }
}

/// Prints values one after the other.
#[derive(Debug)]
pub(super) struct Printer<W: Write> {
    out: W,
    style: Style,
    form: Form,
    printed: u64,
}

#[derive(Debug)]
enum Form {
    Ndjson,
    Json,
    Page(Box<Page>),
}

/// To this process's standard output.
pub(super) type Stdout = Printer<BufWriter<io::StdoutLock<'static>>>;

impl Stdout {
    /// A printer on standard output.
    pub fn stdout(style: Style, shape: Shape) -> Self {
        Self::new(BufWriter::with_capacity(64 << 10, io::stdout().lock()), style, shape)
    }
}

impl<W: Write> Printer<W> {
    pub fn new(out: W, style: Style, shape: Shape) -> Self {
        let form = match style.format {
            Format::Ndjson => Form::Ndjson,
            Format::Json => Form::Json,
            Format::Table | Format::Csv | Format::Tsv | Format::Markdown => {
                Form::Page(Box::new(Page::new(style, shape)))
            }
        };
        Self { out, style, form, printed: 0 }
    }

    /// Print one value.
    pub fn push(&mut self, value: Json<'_>) -> Result<(), Error> {
        self.printed += 1;
        match &mut self.form {
            Form::Ndjson => {
                raw(&mut self.out, value, self.style.terminal)?;
                self.out.write_all(b"\n")?;
            }
            Form::Json => {
                self.out.write_all(if self.printed == 1 { b"[\n" } else { b",\n" })?;
                raw(&mut self.out, value, self.style.terminal)?;
            }
            Form::Page(page) => page.push(&mut self.out, value)?,
        }
        Ok(())
    }

    /// Print lines that are values as they are, when that is what was asked for. Gives `false`, and prints nothing, when
    /// they must be looked at.
    pub fn lines<'a>(&mut self, lines: impl Iterator<Item = &'a [u8]> + Clone) -> Result<bool, Error> {
        let looked_at = self.style.terminal || !matches!(self.form, Form::Ndjson);
        if looked_at || lines.clone().any(|line| memchr::memchr2(b'\n', b'\r', line).is_some()) {
            return Ok(false);
        }
        for line in lines {
            self.out.write_all(line)?;
            self.out.write_all(b"\n")?;
            self.printed += 1;
        }
        Ok(true)
    }

    /// Pass on what was printed so far; a table's first rows may still be held back.
    pub fn flush(&mut self) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }

    /// Show what was printed so far; more may follow, but not soon.
    pub fn show(&mut self) -> Result<(), Error> {
        if let Form::Page(page) = &mut self.form {
            page.settle(&mut self.out)?;
        }
        Ok(self.out.flush()?)
    }

    /// End the output properly.
    pub fn finish(mut self) -> Result<(), Error> {
        match &mut self.form {
            Form::Ndjson => {}
            Form::Json if self.printed == 0 => self.out.write_all(b"[]\n")?,
            Form::Json => self.out.write_all(b"\n]\n")?,
            Form::Page(page) => page.settle(&mut self.out)?,
        }
        Ok(self.out.flush()?)
    }
}

/// A value as it was written, on one line.
///
/// On a terminal the characters that could control it are written as JSON's escapes: the same value in other letters.
fn raw(out: &mut impl Write, value: Json<'_>, terminal: bool) -> io::Result<()> {
    let text = value.text();
    if !text.contains(|c: char| c == '\n' || c == '\r' || (terminal && is_unsafe(c))) {
        return out.write_all(text.as_bytes());
    }
    for c in text.chars() {
        match c {
            // Outside strings only; JSON has none inside.
            '\n' | '\r' => out.write_all(b" ")?,
            c if terminal && is_unsafe(c) => write!(out, "\\u{:04x}", u32::from(c))?,
            c => write!(out, "{c}")?,
        }
    }
    Ok(())
}

/// Characters that JSON lets stand in a string and that a terminal may obey.
fn is_unsafe(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
