//! Streams and queries: many values, printed as they come.

use super::arguments::{Amount, Format, QueryArguments, Selection, StreamArguments};
use super::commands::{Context, read_input};
use super::error::Error;
use super::interrupt::Interrupt;
use super::output::{Shape, Stdout, Style};
use crate::api::{self, BadLine, Batch, LineStream};
use crate::app::export::Field;
use crate::model::json::Json;
use crate::model::path::Path;
use crate::model::request::{StreamOptions, StreamRequest};
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;
use tokio::sync::mpsc;

impl Selection {
    /// The request for these events.
    pub fn request(&self) -> StreamRequest {
        StreamRequest::new(&self.subject).with(StreamOptions {
            lower_bound: self.lower_bound.clone(),
            // Left out, it would mean whatever the server likes.
            include_lower_bound_event: self.lower_bound.as_ref().map(|_| self.include_lower),
            upper_bound: self.upper_bound.clone(),
            include_upper_bound_event: self.upper_bound.as_ref().map(|_| self.include_upper),
            latest_by_event_type: self.latest_by_type.clone(),
        })
    }
}

/// How many lines that cannot be read are told one by one.
const TOLD: u64 = 20;

/// Takes values until there are enough: prints or counts them, and reports what cannot be read.
#[derive(Debug)]
pub(super) struct Taking {
    /// `None` while counting.
    printer: Option<Stdout>,
    shape: Shape,
    limit: Option<u64>,
    taken: u64,
    bad: u64,
}

impl Taking {
    pub fn new(context: &Context, amount: Amount, shape: Shape) -> Self {
        Self::styled(context.style(amount.output), amount, shape)
    }

    /// The same without a server.
    pub fn styled(style: Style, amount: Amount, shape: Shape) -> Self {
        let printer = (!amount.count).then(|| Stdout::stdout(style, shape.clone()));
        Self { printer, shape, limit: amount.limit, taken: 0, bad: 0 }
    }

    /// Whether there are enough.
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.taken >= limit)
    }

    /// Take what is in a batch.
    pub fn batch(&mut self, batch: &Batch) -> Result<(), Error> {
        match &self.shape {
            Shape::Events => self.all(batch.events().map(|event| event.map(|event| event.json))),
            Shape::Rows | Shape::Fields(_) => self.all(batch.rows()),
        }
    }

    /// Take what is in a batch whose lines were read as events already: in the form in which they came they are printed
    /// without being read again.
    pub fn events(&mut self, batch: &Batch) -> Result<(), Error> {
        let all = self.limit.is_none_or(|limit| self.taken + batch.len() as u64 <= limit);
        let taken = match &mut self.printer {
            _ if !all => false,
            None => true,
            Some(printer) => printer.lines(batch.iter())?,
        };
        if !taken {
            return self.batch(batch);
        }
        self.taken += batch.len() as u64;
        Ok(())
    }

    /// Take rows that were made here.
    pub fn rows(&mut self, rows: &[String]) -> Result<(), Error> {
        self.all(rows.iter().map(|row| Ok(Json::trusted(row))))
    }

    fn all<'a>(&mut self, values: impl Iterator<Item = Result<Json<'a>, BadLine>>) -> Result<(), Error> {
        for value in values {
            if self.is_full() {
                break;
            }
            match value {
                Ok(value) => {
                    self.taken += 1;
                    if let Some(printer) = &mut self.printer {
                        printer.push(value)?;
                    }
                }
                Err(bad) => {
                    self.bad += 1;
                    if self.bad <= TOLD {
                        eprintln!("gdbx: {bad}");
                    } else if self.bad == TOLD + 1 {
                        eprintln!("gdbx: more lines cannot be read; they are counted only");
                    }
                }
            }
        }
        Ok(())
    }

    /// Pass on what was taken so far: a reader of a slow stream need not wait for a buffer to fill.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.printer.as_mut().map_or(Ok(()), Stdout::flush)
    }

    /// Show what was taken so far.
    pub fn show(&mut self) -> Result<(), Error> {
        self.printer.as_mut().map_or(Ok(()), Stdout::show)
    }

    /// End the output properly, with the reason why there is no more.
    pub fn finish(self, end: Result<(), Error>) -> Result<(), Error> {
        match self.printer {
            Some(printer) => printer.finish()?,
            None => {
                let mut out = std::io::stdout().lock();
                writeln!(out, "{}", self.taken)?;
                out.flush()?;
            }
        }
        end?;
        if self.bad > 0 { Err(Error::BadLines(self.bad)) } else { Ok(()) }
    }
}

/// `gdbx stream`
pub(super) async fn stream(context: &Context, arguments: StreamArguments) -> Result<(), Error> {
    let request = arguments.selection.request();
    let stream = context.interrupt.or(context.client.stream(&request)).await??;
    let taking = Taking::new(context, arguments.amount, Shape::Events);
    take(context, stream, taking).await
}

impl QueryArguments {
    /// The columns of its rows.
    pub fn shape(&self) -> Result<Shape, Error> {
        if self.columns.is_empty() {
            return Ok(Shape::Rows);
        }
        if matches!(self.amount.output.output, None | Some(Format::Ndjson | Format::Json)) {
            return Err(Error::Usage("--columns is for a table: add --output csv, tsv, markdown or table".to_owned()));
        }
        let field = |name: &String| {
            let path = Path::parse(name).filter(|path| !path.steps().is_empty());
            let path =
                path.ok_or_else(|| Error::Usage(format!("`{name}` is no field of a row: a.b, a['b c'], a[0]")))?;
            Ok(Field { name: name.clone(), ..Field::of_event(path) })
        };
        Ok(Shape::Fields(self.columns.iter().map(field).collect::<Result<_, Error>>()?))
    }
}

/// The query that the arguments name.
pub(super) async fn query_text(
    interrupt: &Interrupt,
    query: Option<String>,
    file: Option<PathBuf>,
) -> Result<String, Error> {
    let text = match (query, file) {
        (Some(text), None) if text != "-" => text,
        (_, file) => {
            let bytes = read_input(interrupt, file.as_deref().unwrap_or("-".as_ref())).await?;
            String::from_utf8(bytes).map_err(|_| Error::Usage("the query is no UTF-8 text".to_owned()))?
        }
    };
    if text.trim().is_empty() {
        return Err(Error::Usage("the query is empty".to_owned()));
    }
    Ok(text)
}

/// `gdbx query`
pub(super) async fn query(context: &Context, arguments: QueryArguments) -> Result<(), Error> {
    let shape = arguments.shape()?;
    let text = query_text(&context.interrupt, arguments.query, arguments.file).await?;
    let rows = context.interrupt.or(context.client.query(&text)).await?.map_err(|error| marked(error, &text))?;
    let taking = Taking::new(context, arguments.amount, shape);
    take(context, rows, taking).await
}

async fn take(context: &Context, stream: LineStream, mut taking: Taking) -> Result<(), Error> {
    let mut batches = read_ahead(stream);
    while !taking.is_full() {
        match context.interrupt.or(batches.recv()).await {
            Ok(Some(Ok(batch))) => {
                taking.batch(&batch)?;
                taking.flush()?;
            }
            Ok(Some(Err(error))) => return taking.finish(Err(error.into())),
            Ok(None) => break,
            Err(interrupted) => return taking.finish(Err(interrupted)),
        }
    }
    taking.finish(Ok(()))
}

/// So many chunks of an answer are received while one is checked.
const AHEAD: usize = 4;

/// Receive on a thread of its own, a few chunks ahead: the network and the checking share the work.
fn read_ahead(mut stream: LineStream) -> mpsc::Receiver<Result<Batch, api::Error>> {
    let (to, batches) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        while let Some(item) = stream.next().await {
            if to.send(item).await.is_err() {
                return;
            }
        }
    });
    batches
}

/// The error with the query's line and a mark under the place, when the server names one.
fn marked(error: api::Error, query: &str) -> Error {
    match error.position().and_then(|position| excerpt(query, position)) {
        Some(excerpt) => Error::Query { error: Box::new(error), excerpt },
        None => Error::Api(error),
    }
}

pub(super) fn excerpt(query: &str, position: Range<usize>) -> Option<String> {
    let start = position.start.min(query.len());
    let before = query.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = query[start..].find('\n').map_or(query.len(), |at| start + at);
    let number = before.matches('\n').count() + 1;
    let line = query.get(line_start..line_end)?.replace('\t', " ");
    let end = position.end.clamp(start, line_end);
    let marks = query.get(start..end).map_or(1, |text| text.chars().count()).max(1);
    let indent = before[line_start..].chars().count();
    let margin = format!("{number} | ");
    Some(format!("{margin}{line}\n{}{}", " ".repeat(margin.len() + indent), "^".repeat(marks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_an_error_is_marked() {
        let query = "STREAM e FROM events\nWHERE é == ?? MAP e";
        let at = query.find("??").unwrap();
        assert_eq!(excerpt(query, at..at + 2).unwrap(), "2 | WHERE é == ?? MAP e\n               ^^");
        assert_eq!(excerpt("ab", 2..2).unwrap(), "1 | ab\n      ^");
        assert_eq!(excerpt("ab", 90..99).unwrap(), "1 | ab\n      ^");
        assert_eq!(excerpt("é", 1..2), None);
    }
}
