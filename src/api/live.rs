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
        for (at, range) in batch.lines.iter().enumerate() {
            let mut range = range.clone();
            // A message that is known to be over need not be read to tell whether it is whole.
            let ends = batch.lines.get(at + 1).is_some_and(|next| is_blank(&batch.text[next.clone()]));
            if std::mem::take(&mut self.first) && batch.text[range.clone()].starts_with(b"\xef\xbb\xbf") {
                range.start += 3;
            }
            self.line(&batch.text, range, ends, &mut out);
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

    fn line(&mut self, text: &Bytes, range: Range<usize>, ends: bool, out: &mut Building) {
        let line = &text[range.clone()];
        if is_blank(line) {
            self.dispatch(out);
            self.error = false;
        } else if line[0] == b':' {
            out.heartbeats += 1;
        } else if let Some(skip) = field(line, b"data") {
            self.data(text, range.start + skip..range.end, ends, out);
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
    fn data(&mut self, text: &Bytes, range: Range<usize>, ends: bool, out: &mut Building) {
        let content = &text[range.clone()];
        let continues = match &self.pending {
            Some(pending) => self.error || matches!(pending.first(), Some(b'{' | b'[')),
            None => false,
        };
        if !continues {
            if self.pending.is_some() {
                self.dispatch(out);
            }
            if !self.error && (ends || json(content).is_ok()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::LineFramer;
    use proptest::prelude::*;

    /// Everything in `text` when it comes in pieces of these lengths (repeated).
    fn decoded(text: &[u8], pieces: &[usize]) -> (Vec<String>, usize, Option<String>) {
        let (mut framer, mut decoder) = (LineFramer::new(1 << 20), LiveDecoder::new(1 << 20));
        let (mut events, mut heartbeats, mut end, mut rest) = (Vec::new(), 0, None, text);
        for piece in pieces.iter().cycle() {
            let (chunk, after) = rest.split_at((*piece).min(rest.len()));
            let step = decoder.decode(&framer.push(Bytes::copy_from_slice(chunk)));
            assert_eq!(step.events.before, events.len() as u64);
            events.extend(step.events.iter().map(|line| String::from_utf8_lossy(line).into_owned()));
            heartbeats += step.heartbeats;
            end = end.or(step.end);
            rest = after;
            if rest.is_empty() || end.is_some() {
                break;
            }
        }
        (events, heartbeats, end)
    }

    fn whole(text: &str) -> (Vec<String>, usize, Option<String>) {
        decoded(text.as_bytes(), &[text.len().max(1)])
    }

    proptest! {
        #[test]
        fn any_form_in_any_chunking_gives_the_same_events(
            values in proptest::collection::vec("[a-zäß漢\u{1f980}]{0,8}", 0..8),
            forms in proptest::collection::vec(0usize..5, 8),
            crlf in any::<bool>(),
            pieces in proptest::collection::vec(1usize..9, 1..6),
        ) {
            let end = if crlf { "\r\n" } else { "\n" };
            let mut text = String::new();
            let mut expected = Vec::new();
            for (value, form) in values.iter().zip(&forms) {
                let event = format!("{{\"id\":\"{value}\"}}");
                text += &match form {
                    0 => format!("{event}{end}"),
                    1 => format!("data: {event}{end}{end}"),
                    2 => format!("data:{event}{end}"),
                    3 => format!(": note{end}event: message{end}id: 7{end}data: {event}{end}{end}"),
                    _ => format!("data: {{{end}data: \"id\":\"{value}\"}}{end}{end}"),
                };
                expected.push(if *form == 4 { format!("{{\n\"id\":\"{value}\"}}") } else { event });
            }
            prop_assert_eq!(decoded(text.as_bytes(), &pieces).0, expected);
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_without_losing_a_line_that_is_json(
            noise in proptest::collection::vec(prop_oneof![
                Just("data:".to_owned()), Just("data: {".to_owned()), Just("event: error2".to_owned()),
                Just(":".to_owned()), Just("id".to_owned()), Just("\u{feff}".to_owned()), "[ -~]{0,6}",
            ], 0..12),
            pieces in proptest::collection::vec(1usize..9, 1..6),
        ) {
            // The blank line ends whatever was begun before it.
            let text = noise.join("\n") + "\n\n{\"id\":\"last\"}\n";
            let (events, _, end) = decoded(text.as_bytes(), &pieces);
            prop_assert_eq!(end, None);
            prop_assert_eq!(events.last().map(String::as_str), Some("{\"id\":\"last\"}"));
        }
    }

    #[test]
    fn heartbeats_are_no_events() {
        for text in
            ["{\"payload\":\"\"}\n", "data: {\"payload\":\"\"}\n\n", "{ \"payload\" : \"\" }\r\n", ": still here\n"]
        {
            assert_eq!(whole(text), (vec![], 1, None), "{text}");
        }
        for text in ["{\"payload\":\"x\"}\n", "{\"payload\":\"\",\"id\":\"1\"}\n", "{}\n"] {
            assert_eq!(whole(text).0.len(), 1, "{text}");
        }
    }

    #[test]
    fn an_error_ends_the_stream_with_its_reason() {
        let text = "data: {\"id\":1}\n\nevent: error\ndata: {\"error\":\"store closed\"}\n\n{\"id\":2}\n";
        assert_eq!(whole(text), (vec!["{\"id\":1}".into()], 0, Some("store closed".into())));
        assert_eq!(whole("event:error\ndata:gone\x1b\n\n").2.as_deref(), Some("gone␛"));
        assert_eq!(whole("event: error\n\n").2.as_deref(), Some("no reason given"));
        assert_eq!(whole("event: errors\ndata: {}\n\n"), (vec!["{}".into()], 0, None));
    }

    #[test]
    fn the_newest_event_does_not_wait_for_the_next_one() {
        assert_eq!(whole("data: {\"id\":1}\n").0, ["{\"id\":1}"]);
        let mut decoder = LiveDecoder::new(100);
        let batch = LineFramer::new(100).push(Bytes::from_static(b"event: error\ndata: {\"error\":\"closed\"}\n"));
        assert_eq!(decoder.decode(&batch).end, None);
        assert_eq!(decoder.finish().end.as_deref(), Some("closed"));
    }

    #[test]
    fn what_is_no_json_is_kept_for_the_reader_to_report() {
        assert_eq!(whole("garbage\n").0, ["garbage"]);
        assert_eq!(whole("data: garbage\n\ndata: {\"id\":1}\n\n").0, ["garbage", "{\"id\":1}"]);
        assert_eq!(whole("\u{feff}{\"id\":1}\n").0, ["{\"id\":1}"]);
    }

    #[test]
    fn a_message_without_end_is_bounded() {
        let mut decoder = LiveDecoder::new(50);
        let mut longest = 0;
        for _ in 0..100 {
            let mut framer = LineFramer::new(50);
            let out = decoder.decode(&framer.push(Bytes::from_static(b"data: [0123456789012345\n")));
            longest = out.events.iter().map(<[u8]>::len).max().unwrap_or(0).max(longest);
        }
        assert!(longest > 0 && longest <= 50, "{longest}");
    }
}
