//! Events in a file: read in pieces by several threads, and followed while it grows.
//!
//! The file stays where the texts are: the log keeps positions in it. One event a line is read in parallel; a JSON
//! array is read element by element.

use super::pipeline::Pipeline;
use crate::app::message::{Failure, FailureKind, Reply};
use crate::model::json;
use crate::model::log::text::{Stored, Text, read_at};
use crate::model::log::{Decoded, Reader};
use crate::shell::answer::Answers;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The first piece is small: it is what the first screen waits for.
const FIRST: u64 = 256 << 10;
/// The other pieces.
const PIECE: u64 = 1 << 20;
/// So much of a piece's end is looked at first for the end of its last line.
const WINDOW: u64 = 16 << 10;
/// How often it is looked whether a file has grown.
const FOLLOW: Duration = Duration::from_secs(1);

/// A file of events. Where to go on is the caller's to say: only the log knows what has arrived there.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: Arc<File>,
    array: bool,
    buffers: Arc<Buffers>,
}

impl EventFile {
    /// Open a backup: a JSON array of events, or one event a line.
    ///
    /// # Errors
    /// When it cannot be opened, or begins like neither.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = Arc::new(File::open(path)?);
        let mut head = vec![0; usize::try_from(file.metadata()?.len().min(64)).unwrap_or(64)];
        read_at(&file, 0, &mut head)?;
        let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
        let array = match first {
            Some(b'[') => true,
            Some(b'{') | None => false,
            Some(_) => {
                let message = "it is no backup: a JSON array of events, or one event a line, was expected";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        };
        Ok(Self { path: path.to_owned(), file, array, buffers: Arc::default() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Read what stands behind offset `from` and hand it over; then say how it ended.
    pub async fn load(self: Arc<Self>, from: u64, to: Answers) {
        let mut pipeline = Pipeline::new(to.clone());
        let read = match self.array {
            true => self.elements(from, &mut pipeline).await,
            false => self.lines(from, &mut pipeline, true).await.map(drop),
        };
        let result = pipeline.finish().await.and(read.map_err(|error| self.failed(&error)));
        to.send(Reply::Streamed(result)).await;
    }

    /// Hand over what is appended to the file behind offset `from`, as it is appended.
    pub async fn follow(self: Arc<Self>, from: u64, to: Answers) {
        if self.array {
            return;
        }
        let mut at = from;
        loop {
            tokio::time::sleep(FOLLOW).await;
            if self.file.metadata().is_ok_and(|data| data.len() > at) {
                let mut pipeline = Pipeline::new(to.clone());
                let read = self.lines(at, &mut pipeline, false).await;
                match (pipeline.finish().await, read) {
                    (Ok(()), Ok(next)) => at = next,
                    _ => return,
                }
            }
        }
    }

    fn failed(&self, error: &io::Error) -> Failure {
        let message = format!("{} could not be read to its end: {error}.", self.path.display());
        Failure { kind: FailureKind::Cut, message, hint: None, span: None }
    }

    /// Read lines in pieces. A last line without its end is read when it is `whole`: nobody is writing to it. Gives the
    /// offset behind the last piece.
    async fn lines(&self, from: u64, pipeline: &mut Pipeline, whole: bool) -> io::Result<u64> {
        let end = self.file.metadata()?.len();
        let mut at = from;
        while at < end {
            let next = match self.cut(at, end)? {
                Some(next) => next,
                None if whole || self.is_event(at..end)? => end,
                None => break,
            };
            let (file, buffers, range) = (Arc::clone(&self.file), Arc::clone(&self.buffers), at..next);
            at = next;
            let work = move || {
                let mut buffer = buffers.take();
                let decoded = decode(file, range, &mut buffer);
                buffers.give_back(buffer);
                decoded
            };
            if !pipeline.push(work).await {
                break;
            }
        }
        Ok(at)
    }

    /// Where the piece that starts at `at` ends: behind the last line that fits, or behind the one line that does not.
    /// `None` when the file ends before the line does.
    fn cut(&self, at: u64, end: u64) -> io::Result<Option<u64>> {
        let to = at.saturating_add(if at == 0 { FIRST } else { PIECE }).min(end);
        let last = |range: Range<u64>| self.newline(range, |bytes| memchr::memrchr(b'\n', bytes));
        // Mostly the last line of a piece ends within its last kilobytes.
        if let Some(next) = last(to.saturating_sub(WINDOW).max(at)..to)? {
            return Ok(Some(next));
        }
        if let Some(next) = last(at..to)? {
            return Ok(Some(next));
        }
        let mut from = to;
        while from < end {
            let window = from..from.saturating_add(PIECE).min(end);
            from = window.end;
            if let Some(next) = self.newline(window, |bytes| memchr::memchr(b'\n', bytes))? {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }

    /// The place behind an end of line in a part of the file.
    fn newline(&self, range: Range<u64>, find: impl Fn(&[u8]) -> Option<usize>) -> io::Result<Option<u64>> {
        let mut buffer = self.buffers.take();
        buffer.resize(usize::try_from(range.end - range.start).unwrap_or(usize::MAX), 0);
        let found = read_at(&self.file, range.start, &mut buffer).map(|()| find(&buffer));
        self.buffers.give_back(buffer);
        Ok(found?.map(|at| range.start + at as u64 + 1))
    }

    fn is_event(&self, range: Range<u64>) -> io::Result<bool> {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(usize::MAX)];
        read_at(&self.file, range.start, &mut bytes)?;
        Ok(crate::model::event::Envelope::from_line(&bytes).is_ok())
    }

    /// Read the elements of an array, piece by piece.
    async fn elements(&self, from: u64, pipeline: &mut Pipeline) -> io::Result<()> {
        let end = self.file.metadata()?.len();
        let (mut at, mut size) = (from, FIRST);
        while at < end {
            let to = at.saturating_add(size).min(end);
            let mut bytes = vec![0; usize::try_from(to - at).unwrap_or(usize::MAX)];
            read_at(&self.file, at, &mut bytes)?;
            let found = elements(&bytes, at == 0, to == end);
            if found.used == 0 && to < end {
                // One element is larger than the piece.
                size = size.saturating_mul(4);
                continue;
            }
            let (next, found_nothing) = (at + found.used as u64, found.used == 0);
            let (file, start) = (Arc::clone(&self.file), at);
            let work = move || {
                let mut reader = Reader::default();
                reader.lines(&bytes, found.ranges, 0);
                Ok(reader.finish(Text::Stored(Stored { file, range: start..next })))
            };
            if !pipeline.push(work).await || found_nothing {
                break;
            }
            (at, size) = (next, PIECE);
        }
        Ok(())
    }
}

/// Memory that is used again: asking the system for it anew costs more than reading into it.
#[derive(Debug, Default)]
struct Buffers(std::sync::Mutex<Vec<Vec<u8>>>);

impl Buffers {
    fn take(&self) -> Vec<u8> {
        self.0.lock().ok().and_then(|mut free| free.pop()).unwrap_or_default()
    }

    fn give_back(&self, buffer: Vec<u8>) {
        // A line of many megabytes must not stay in memory for ever.
        if buffer.len() as u64 <= 2 * PIECE
            && let Ok(mut free) = self.0.lock()
        {
            free.push(buffer);
        }
    }
}

fn decode(file: Arc<File>, range: Range<u64>, buffer: &mut Vec<u8>) -> Result<Decoded, Failure> {
    let failed = |error: io::Error| Failure {
        kind: FailureKind::Cut,
        message: format!("the file could not be read: {error}."),
        hint: None,
        span: None,
    };
    buffer.resize(usize::try_from(range.end - range.start).unwrap_or(usize::MAX), 0);
    read_at(&file, range.start, buffer).map_err(failed)?;
    let mut reader = Reader::default();
    reader.text(buffer);
    Ok(reader.finish(Text::Stored(Stored { file, range })))
}

struct Elements {
    ranges: Vec<Range<usize>>,
    /// How many bytes are done with.
    used: usize,
}

/// Find the elements of an array in a piece of it. What is no element is passed over to the end of its line, and shows
/// as one broken line.
fn elements(bytes: &[u8], at_start: bool, at_end: bool) -> Elements {
    let skip = |mut at: usize| {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b',') {
            at += 1;
        }
        at
    };
    let mut at = skip(0);
    if at_start && bytes.get(at) == Some(&b'[') {
        at = skip(at + 1);
    }
    let mut found = Elements { ranges: Vec::new(), used: at };
    while let Some(byte) = bytes.get(at) {
        if *byte == b']' && skip(at + 1) == bytes.len() {
            found.used = if at_end { bytes.len() } else { at };
            break;
        }
        let line_end = memchr::memchr(b'\n', &bytes[at..]).map(|len| at + len);
        let end = match (json::value_end(bytes, at), line_end) {
            (Ok(end), _) => end,
            // It may go on in the next piece; a word or an escape that is cut is told from its start.
            (Err(error), _) if !at_end && error.at + "\\uXXXX".len() >= bytes.len() => break,
            (Err(_), Some(end)) => end,
            (Err(_), None) if at_end => bytes.len(),
            (Err(_), None) => break,
        };
        found.ranges.push(at..end);
        at = skip(end);
        found.used = at;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(bytes: &[u8], cut: usize) -> Vec<String> {
        let text = |bytes: &[u8], found: &Elements| {
            found
                .ranges
                .iter()
                .map(|range| String::from_utf8_lossy(&bytes[range.clone()]).into_owned())
                .collect::<Vec<_>>()
        };
        let first = elements(&bytes[..cut], true, cut == bytes.len());
        let mut all = text(&bytes[..cut], &first);
        if cut < bytes.len() {
            let rest = &bytes[first.used..];
            all.extend(text(rest, &elements(rest, first.used == 0, true)));
        }
        all
    }

    proptest! {
        #[test]
        fn an_array_gives_its_elements_wherever_it_is_cut(pretty in any::<bool>(), count in 0usize..6, at in 0.0f64..1.0) {
            let values: Vec<_> = (0..count).map(|n| serde_json::json!({"n": n, "s": "a],[\n{", "o": {"x": [1, 2]}})).collect();
            let bytes = if pretty { serde_json::to_vec_pretty(&values) } else { serde_json::to_vec(&values) }.unwrap();
            let found = texts(&bytes, (at * bytes.len() as f64) as usize);
            prop_assert_eq!(found.len(), count);
            for (text, value) in found.iter().zip(&values) {
                prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(text).unwrap(), value);
            }
        }
    }

    #[test]
    fn what_is_no_element_is_one_broken_line() {
        let bytes = b"[{\"a\":1},\n{\"a\":oops},\n{\"a\":2}]\n";
        assert_eq!(texts(bytes, bytes.len()), ["{\"a\":1}", "{\"a\":oops},", "{\"a\":2}"]);
    }

    /// Whatever a file's lines look like, the pieces are cut between them and hold them all.
    #[test]
    fn pieces_end_where_lines_end() {
        let long = "x".repeat(usize::try_from(PIECE).unwrap() * 2 + 7);
        for lines in [vec!["a"], vec!["a", "b"], vec![&long, "b", &long], vec!["a", &long], vec!["", "", "z"]] {
            for terminated in [true, false] {
                let text = lines.join("\n") + if terminated { "\n" } else { "" };
                let file = tempfile::NamedTempFile::new().unwrap();
                std::fs::write(file.path(), format!("{{{text}")).unwrap();
                let (opened, end) = (EventFile::open(file.path()).unwrap(), text.len() as u64 + 1);
                let (mut at, mut ends) = (0, Vec::new());
                while let Some(next) = opened.cut(at, end).unwrap() {
                    assert!(next > at);
                    ends.push(next);
                    at = next;
                }
                let bytes = format!("{{{text}");
                assert!(ends.iter().all(|end| bytes.as_bytes()[usize::try_from(*end).unwrap() - 1] == b'\n'));
                assert_eq!(at, memchr::memrchr(b'\n', bytes.as_bytes()).map_or(0, |last| last as u64 + 1));
            }
        }
    }
}
