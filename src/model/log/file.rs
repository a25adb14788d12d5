//! A file of events, cut into pieces that can be read on several threads.
//!
//! One event a line is cut between lines without looking at more than their ends; a JSON array is cut between its
//! elements, which takes reading it. Knows nothing of threads.

use super::text::read_at;
use super::{Decoded, Reader, text};
use crate::model::json;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The first piece is small: it is what a first screen waits for.
const FIRST: u64 = 256 << 10;
/// The other pieces.
const PIECE: u64 = 1 << 20;
/// So much of a piece's end is looked at first for the end of its last line.
const WINDOW: u64 = 16 << 10;

/// A file of events: a JSON array of them, or one a line. Where to go on is the caller's to say.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: Arc<File>,
    array: bool,
    buffers: Buffers,
}

/// A piece of the file that holds whole events.
#[derive(Debug)]
pub struct Piece {
    /// Its bytes in the file.
    pub range: Range<u64>,
    /// The bytes and where the elements stand in them, when cutting it took reading it.
    read: Option<(Vec<u8>, Vec<Range<usize>>)>,
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
        Ok(Self { path: path.to_owned(), file, array, buffers: Buffers::default() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is a JSON array, to which nothing can be appended.
    pub fn is_array(&self) -> bool {
        self.array
    }

    /// How many bytes it has now.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Whether it has none.
    ///
    /// # Errors
    /// As [`EventFile::len`].
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// The piece that starts at `at`, of a file that ends at `end`; `None` at the end. A last line without its end is
    /// taken when the file is `whole`: nobody is writing to it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn piece(&self, at: u64, end: u64, whole: bool) -> io::Result<Option<Piece>> {
        if at >= end {
            return Ok(None);
        }
        if self.array {
            return self.elements(at, end);
        }
        let next = match self.cut(at, end)? {
            Some(next) => next,
            None if whole || self.is_event(at..end)? => end,
            None => return Ok(None),
        };
        Ok(Some(Piece { range: at..next, read: None }))
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
        let found = self.with_bytes(range.clone(), find)?;
        Ok(found.map(|at| range.start + at as u64 + 1))
    }

    fn is_event(&self, range: Range<u64>) -> io::Result<bool> {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(usize::MAX)];
        read_at(&self.file, range.start, &mut bytes)?;
        Ok(crate::model::event::Envelope::from_line(&bytes).is_ok())
    }

    /// A piece of an array. What is no element at its end is passed over.
    fn elements(&self, at: u64, end: u64) -> io::Result<Option<Piece>> {
        let mut size = if at == 0 { FIRST } else { PIECE };
        loop {
            let to = at.saturating_add(size).min(end);
            let mut bytes = vec![0; usize::try_from(to - at).unwrap_or(usize::MAX)];
            read_at(&self.file, at, &mut bytes)?;
            let found = elements(&bytes, at == 0, to == end);
            if found.used == 0 {
                if to == end {
                    return Ok(None);
                }
                // One element is larger than the piece.
                size = size.saturating_mul(4);
                continue;
            }
            let next = at + found.used as u64;
            return Ok(Some(Piece { range: at..next, read: Some((bytes, found.ranges)) }));
        }
    }

    /// Read a piece into rows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn decode(&self, piece: Piece) -> io::Result<Decoded> {
        let stored = text::Stored { file: Arc::clone(&self.file), range: piece.range.clone() };
        let mut reader = Reader::default();
        self.read(piece, |bytes, elements| match elements {
            Some(elements) => reader.lines(bytes, elements.iter().cloned(), 0),
            None => reader.text(bytes),
        })?;
        Ok(reader.finish(text::Text::Stored(stored)))
    }

    /// Tell the lines or elements of a piece, each with its place in the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn each(&self, piece: Piece, mut event: impl FnMut(u64, &[u8])) -> io::Result<()> {
        let start = piece.range.start;
        self.read(piece, |bytes, elements| {
            let mut one = |range: Range<usize>| event(start + range.start as u64, &bytes[range]);
            if let Some(elements) = elements {
                return elements.iter().cloned().for_each(one);
            }
            let mut at = 0;
            for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
                let cr = usize::from(end > at && bytes[end - 1] == b'\r');
                if end - cr > at {
                    one(at..end - cr);
                }
                at = end + 1;
            }
        })
    }

    /// Have the bytes of a piece, and its elements when it is one of an array.
    fn read(&self, piece: Piece, with: impl FnOnce(&[u8], Option<&[Range<usize>]>)) -> io::Result<()> {
        if let Some((bytes, elements)) = piece.read {
            with(&bytes, Some(&elements));
            return Ok(());
        }
        self.with_bytes(piece.range, |bytes| with(bytes, None))
    }

    /// Have the bytes of a part of the file.
    fn with_bytes<T>(&self, range: Range<u64>, with: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        let len = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let mut buffer = self.buffers.take();
        // It never becomes shorter: what it grows by is filled with zeros first.
        if buffer.len() < len {
            buffer.resize(len, 0);
        }
        let result = read_at(&self.file, range.start, &mut buffer[..len]).map(|()| with(&buffer[..len]));
        self.buffers.give_back(buffer);
        result
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
