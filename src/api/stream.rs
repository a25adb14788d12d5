//! Answers that come in pieces: events, rows, observations, backups.
//!
//! Nothing is read ahead: the next piece is taken from the connection when it is asked for, so a slow reader slows
//! the server down. All `next` methods may be dropped half-way (in a `select!`) without losing anything.

use super::answer::Answer;
use super::batch::{Batch, json};
use super::error::Error;
use super::frame::LineFramer;
use super::live::{Decoded, LiveDecoder};
use bytes::Bytes;

/// The lines of an answer that ends: events or rows.
#[derive(Debug)]
pub struct LineStream {
    answer: Answer,
    framer: LineFramer,
    lines: u64,
    bytes: u64,
    done: bool,
}

/// Events in commit order; see [`Batch::events`].
pub type EventStream = LineStream;
/// The rows of a query; see [`Batch::rows`].
pub type RowStream = LineStream;

impl LineStream {
    pub(super) fn new(answer: Answer, max_line: usize) -> Self {
        Self { answer, framer: LineFramer::new(max_line), lines: 0, bytes: 0, done: false }
    }

    /// The next lines; never an empty batch. `None` at the proper end, and for good after an error.
    pub async fn next(&mut self) -> Option<Result<Batch, Error>> {
        while !self.done {
            // Here and not after the push: the lines before one that is too long count.
            if let Err(long) = self.framer.check() {
                self.done = true;
                return Some(Err(self.too_long(long.limit)));
            }
            match self.answer.chunk().await {
                Ok(Some(chunk)) => {
                    self.bytes += chunk.len() as u64;
                    let batch = self.framer.push(chunk);
                    if let Some(batch) = self.counted(batch) {
                        return Some(Ok(batch));
                    }
                }
                Ok(None) => {
                    self.done = true;
                    let rest = self.framer.finish()?;
                    let range = 0..rest.len();
                    return self.counted(Batch { text: rest, lines: vec![range], before: 0 }).map(Ok);
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// How many bytes have come so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn counted(&mut self, mut batch: Batch) -> Option<Batch> {
        batch.drop_blank();
        batch.before = self.lines;
        self.lines += batch.len() as u64;
        (!batch.is_empty()).then_some(batch)
    }

    fn too_long(&self, limit: usize) -> Error {
        Error::TooLarge { asked: self.answer.asked.clone(), what: "a line", limit }
    }
}

/// What an observation brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    /// Events, in commit order.
    Events(Batch),
    /// A sign of life without an event.
    Heartbeat,
}

/// An observation: it ends only with an error, [`Error::StreamEnded`] when the server ended it properly.
#[derive(Debug)]
pub struct LiveStream {
    answer: Answer,
    framer: LineFramer,
    decoder: LiveDecoder,
    /// What is told once the events before it were.
    end: Option<Error>,
    done: bool,
}

impl LiveStream {
    pub(super) fn new(answer: Answer, max_line: usize) -> Self {
        let (framer, decoder) = (LineFramer::new(max_line), LiveDecoder::new(max_line));
        Self { answer, framer, decoder, end: None, done: false }
    }

    /// What comes next; `None` for good after an error.
    pub async fn next(&mut self) -> Option<Result<Live, Error>> {
        while !self.done {
            if let Some(end) = self.end.take() {
                self.done = true;
                return Some(Err(end));
            }
            let decoded = match self.answer.chunk().await {
                Ok(Some(chunk)) => self.push(chunk),
                Ok(None) => self.last(),
                Err(error) => {
                    self.end = Some(error);
                    continue;
                }
            };
            if !decoded.events.is_empty() {
                return Some(Ok(Live::Events(decoded.events)));
            }
            if decoded.heartbeats > 0 && self.end.is_none() {
                return Some(Ok(Live::Heartbeat));
            }
        }
        None
    }

    fn push(&mut self, chunk: Bytes) -> Decoded {
        let decoded = self.decoder.decode(&self.framer.push(chunk));
        if let Some(message) = &decoded.end {
            self.end = Some(self.ended(Some(message.clone())));
        } else if let Err(long) = self.framer.check() {
            self.end = Some(Error::TooLarge { asked: self.answer.asked.clone(), what: "a line", limit: long.limit });
        }
        decoded
    }

    /// The proper end of the body. A last line that is whole counts, half a one does not: it comes again.
    fn last(&mut self) -> Decoded {
        let rest = self.framer.finish().filter(|line| is_whole(line));
        let lines = rest.iter().map(|rest| 0..rest.len()).collect();
        let mut decoded = self.decoder.decode(&Batch { text: rest.unwrap_or_default(), lines, before: 0 });
        if decoded.events.is_empty() && decoded.end.is_none() {
            decoded = self.decoder.finish();
        }
        self.end = Some(self.ended(decoded.end.clone()));
        decoded
    }

    pub(super) fn ended(&self, message: Option<String>) -> Error {
        Error::StreamEnded { asked: self.answer.asked.clone(), message }
    }
}

fn is_whole(line: &[u8]) -> bool {
    let content = line.strip_prefix(b"data:").unwrap_or(line);
    json(content).is_ok()
}

/// A backup on its way: the bytes of a JSON array of events.
#[derive(Debug)]
pub struct Download {
    answer: Answer,
    array: bool,
    started: bool,
    last: u8,
    bytes: u64,
    done: bool,
}

impl Download {
    pub(super) fn new(answer: Answer) -> Self {
        Self { answer, array: false, started: false, last: 0, bytes: 0, done: false }
    }

    /// The next bytes; `None` at the end of a whole backup, and for good after an error.
    ///
    /// An array that does not end with its bracket is an error even when the transport saw nothing wrong.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        if self.done {
            return None;
        }
        match self.answer.chunk().await {
            Ok(Some(chunk)) => {
                self.look(&chunk);
                Some(Ok(chunk))
            }
            Ok(None) => {
                self.done = true;
                let whole = self.started && (!self.array || self.last == b']');
                let reason = "it ends before the end of the JSON array".to_owned();
                (!whole).then(|| Err(Error::Cut { asked: self.answer.asked.clone(), reason }))
            }
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }

    /// How many bytes have come so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn look(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        let visible = |byte: &&u8| !byte.is_ascii_whitespace();
        if !self.started
            && let Some(first) = chunk.iter().find(visible)
        {
            self.started = true;
            self.array = *first == b'[';
        }
        if let Some(last) = chunk.iter().rfind(visible) {
            self.last = *last;
        }
    }
}
