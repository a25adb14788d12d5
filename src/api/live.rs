//! The lines of an observation: events, heartbeats, the server's last words.
//!
//! v1 answers with bare NDJSON or with lines that start with `data: `, v2 with Server-Sent Events. Both are accepted
//! under both, mixed as well, because what proxies and older servers do is not known. Knows no connection.

use super::batch::{Batch, is_blank, json};
use super::words::{MESSAGE, clean_bytes};
use crate::model::json::Kind;
use bytes::Bytes;
use std::ops::Range;

/// What some lines of an observation amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The events, as they came.
    pub events: Batch,
    /// Signs of life that are no events.
    pub heartbeats: usize,
    /// The reason with which the server ended the stream.
    pub end: Option<String>,
}

/// Reads the lines of an observation, whatever batches they come in.
#[derive(Debug)]
pub struct LiveDecoder {
    /// The `data:` lines of a message whose blank line has not come yet, joined with line feeds.
    pending: Option<Vec<u8>>,
    /// Whether the current message said `event: error`.
    error: bool,
    limit: usize,
    lines: u64,
    first: bool,
}

/// What is being put together from one batch.
struct Building {
    lines: Vec<Range<usize>>,
    /// Joined messages; they stand behind the batch's own text.
    extra: Vec<u8>,
    base: usize,
    heartbeats: usize,
    end: Option<String>,
}

impl LiveDecoder {
    /// A decoder at the start of a stream; a message of more than `limit` bytes is cut into what cannot be read.
    pub fn new(limit: usize) -> Self {
        Self { pending: None, error: false, limit, lines: 0, first: true }
    }

    /// What `batch`, blank lines included, adds.
    pub fn decode(&mut self, batch: &Batch) -> Decoded {
        let mut out = Building {
            lines: Vec::with_capacity(batch.len()),
            extra: Vec::new(),
            base: batch.text.len(),
            heartbeats: 0,
            end: None,
        };
        for range in &batch.lines {
            let mut range = range.clone();
            if std::mem::take(&mut self.first) && batch.text[range.clone()].starts_with(b"\xef\xbb\xbf") {
                range.start += 3;
            }
            self.line(&batch.text, range, &mut out);
            if out.end.is_some() {
                break;
            }
        }
        self.result(&batch.text, out)
    }

    /// What the end of the stream adds: a message whose blank line never came.
    pub fn finish(&mut self) -> Decoded {
        let mut out = Building { lines: Vec::new(), extra: Vec::new(), base: 0, heartbeats: 0, end: None };
        self.dispatch(&mut out);
        self.result(&Bytes::new(), out)
    }

    fn result(&mut self, text: &Bytes, out: Building) -> Decoded {
        let text = match out.extra.as_slice() {
            [] => text.clone(),
            extra => Bytes::from([text, extra].concat()),
        };
        let before = self.lines;
        self.lines += out.lines.len() as u64;
        Decoded { events: Batch { text, lines: out.lines, before }, heartbeats: out.heartbeats, end: out.end }
    }

    fn line(&mut self, text: &Bytes, range: Range<usize>, out: &mut Building) {
        let line = &text[range.clone()];
        if is_blank(line) {
            self.dispatch(out);
            self.error = false;
        } else if line[0] == b':' {
            out.heartbeats += 1;
        } else if let Some(skip) = field(line, b"data") {
            self.data(text, range.start + skip..range.end, out);
        } else if let Some(skip) = field(line, b"event") {
            self.error = &line[skip..] == b"error";
        } else if field(line, b"id").is_none() && field(line, b"retry").is_none() {
            self.dispatch(out);
            out.emit(line, || range);
        }
    }

    /// The content of a `data:` line.
    ///
    /// v1 may leave the blank lines out, and the newest event must not wait for the one after it. So content that is
    /// a whole JSON value by itself is complete; anything else waits for more lines or for the blank one.
    fn data(&mut self, text: &Bytes, range: Range<usize>, out: &mut Building) {
        let content = &text[range.clone()];
        let continues = match &self.pending {
            Some(pending) => self.error || matches!(pending.first(), Some(b'{' | b'[')),
            None => false,
        };
        if !continues {
            if self.pending.is_some() {
                self.dispatch(out);
            }
            if !self.error && json(content).is_ok() {
                return out.emit(content, || range);
            }
        }
        match &mut self.pending {
            Some(pending) if pending.len() + content.len() < self.limit => {
                pending.push(b'\n');
                pending.extend_from_slice(content);
            }
            Some(_) => {
                self.dispatch(out);
                self.pending = Some(content.to_vec());
            }
            None => self.pending = Some(content.to_vec()),
        }
    }

    /// The message that is pending is complete.
    fn dispatch(&mut self, out: &mut Building) {
        let Some(message) = self.pending.take() else {
            if std::mem::take(&mut self.error) {
                out.end = Some("no reason given".to_owned());
            }
            return;
        };
        if std::mem::take(&mut self.error) {
            out.end = Some(reason(&message));
            return;
        }
        let start = out.base + out.extra.len();
        let range = start..start + message.len();
        let known = out.lines.len();
        out.emit(&message, || range);
        if out.lines.len() > known {
            out.extra.extend_from_slice(&message);
        }
    }
}

impl Building {
    fn emit(&mut self, line: &[u8], range: impl FnOnce() -> Range<usize>) {
        if is_heartbeat(line) {
            self.heartbeats += 1;
        } else if !is_blank(line) {
            self.lines.push(range());
        }
    }
}

/// Where the value of the field `name` starts, when the line is such a field.
fn field(line: &[u8], name: &[u8]) -> Option<usize> {
    match line.strip_prefix(name)? {
        [] => Some(line.len()),
        [b':', b' ', ..] => Some(name.len() + 2),
        [b':', ..] => Some(name.len() + 1),
        _ => None,
    }
}

/// Whether a line is `{"payload":""}`, with whatever white space.
fn is_heartbeat(line: &[u8]) -> bool {
    const LONGEST: usize = 64;
    if line.len() > LONGEST {
        return false;
    }
    json(line).is_ok_and(|value| {
        let mut members = value.members();
        members.next().is_some_and(|(key, value)| key.is("payload") && value.text() == "\"\"")
            && members.next().is_none()
    })
}

/// The reason in `{"error":"store closed"}`, or the whole text.
fn reason(message: &[u8]) -> String {
    let told = json(message).ok().filter(|value| value.kind() == Kind::Object);
    match told.and_then(|value| value.get("error")).and_then(|error| error.as_str()) {
        Some(text) => super::clean(&text, MESSAGE),
        None => clean_bytes(message, MESSAGE),
    }
}
