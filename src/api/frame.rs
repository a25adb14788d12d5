//! Bytes in any chunking in, whole lines out.
//!
//! Each byte is looked at once, however a long line is chunked. Knows nothing of what a line means.

use super::batch::Batch;
use bytes::Bytes;

/// Cuts a stream of bytes into lines that end with LF or CRLF.
#[derive(Debug)]
pub struct LineFramer {
    /// The line whose end has not come yet.
    partial: Vec<u8>,
    limit: usize,
    lines: u64,
    too_long: bool,
}

/// A line is longer than the framer was told to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line is longer than {limit} bytes")]
pub struct LineTooLong {
    /// The limit.
    pub limit: usize,
}

impl LineFramer {
    /// A framer at the start of a stream; a line of more than `limit` bytes is an error.
    pub fn new(limit: usize) -> Self {
        Self { partial: Vec::new(), limit, lines: 0, too_long: false }
    }

    /// The lines that end in `chunk`, blank ones included, without copying when a line does not span chunks.
    ///
    /// After a line that is too long there is nothing, and [`LineFramer::check`] says so: the lines before it count.
    pub fn push(&mut self, chunk: Bytes) -> Batch {
        let none = Batch { before: self.lines, ..Batch::default() };
        if self.too_long {
            return none;
        }
        let Some(last) = memchr::memrchr(b'\n', &chunk) else {
            self.keep(&chunk);
            return none;
        };
        let rest = chunk.slice(last + 1..);
        let text = if self.partial.is_empty() {
            chunk.slice(..=last)
        } else {
            // Appending may move a long line once more; it is searched only where it is new.
            let mut text = std::mem::take(&mut self.partial);
            let known = text.len();
            text.extend_from_slice(&chunk[..=last]);
            return self.batch(Bytes::from(text), known, &rest);
        };
        self.batch(text, 0, &rest)
    }

    /// The lines of `text`, in whose first `known` bytes no line ends, and the beginning of a line that follows it.
    fn batch(&mut self, text: Bytes, known: usize, rest: &[u8]) -> Batch {
        let mut lines = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &text[known..]) {
            let end = known + end;
            let stop = if end > start && text[end - 1] == b'\r' { end - 1 } else { end };
            if stop - start > self.limit {
                self.too_long = true;
                break;
            }
            lines.push(start..stop);
            start = end + 1;
        }
        if !self.too_long {
            self.keep(rest);
        }
        let before = self.lines;
        self.lines += lines.len() as u64;
        Batch { text, lines, before }
    }

    fn keep(&mut self, rest: &[u8]) {
        // One byte more than the limit may be the CR of a line that is just as long as it may be.
        if self.partial.len() + rest.len() > self.limit.saturating_add(1) {
            self.too_long = true;
            self.partial = Vec::new();
        } else {
            self.partial.extend_from_slice(rest);
        }
    }

    /// Whether a line was too long.
    ///
    /// # Errors
    /// When one was; nothing comes after it.
    pub fn check(&self) -> Result<(), LineTooLong> {
        if self.too_long { Err(LineTooLong { limit: self.limit }) } else { Ok(()) }
    }

    /// Whether the bytes so far end inside a line.
    pub fn is_cut(&self) -> bool {
        !self.partial.is_empty()
    }

    /// At the end of the stream: the last line, when it came without its line end.
    pub fn finish(&mut self) -> Option<Bytes> {
        let mut rest = std::mem::take(&mut self.partial);
        if rest.last() == Some(&b'\r') {
            rest.pop();
        }
        (!rest.is_empty()).then(|| Bytes::from(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every line of `text`, when it arrives in pieces of these lengths (repeated), the unfinished last one apart.
    fn framed(text: &[u8], pieces: &[usize]) -> (Vec<Vec<u8>>, Option<Bytes>) {
        let mut framer = LineFramer::new(1 << 20);
        let (mut lines, mut rest) = (Vec::new(), text);
        for piece in pieces.iter().cycle() {
            let (chunk, after) = rest.split_at((*piece).min(rest.len()));
            let batch = framer.push(Bytes::copy_from_slice(chunk));
            assert_eq!(batch.before, lines.len() as u64);
            lines.extend(batch.iter().map(<[u8]>::to_vec));
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        (lines, framer.finish())
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_lines(
            lines in proptest::collection::vec("[a-zäß漢\u{1f980}{}\" ]{0,12}", 0..12),
            crlf in any::<bool>(),
            last in "[a-z漢]{0,5}",
            pieces in proptest::collection::vec(1usize..9, 1..6),
        ) {
            let end = if crlf { "\r\n" } else { "\n" };
            let text: String = lines.iter().map(|line| format!("{line}{end}")).collect::<String>() + &last;
            let (found, rest) = framed(text.as_bytes(), &pieces);
            prop_assert_eq!(found, lines.iter().map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>());
            prop_assert_eq!(rest.as_deref().unwrap_or_default(), last.as_bytes());
        }
    }

    #[test]
    fn a_line_that_came_whole_is_not_copied() {
        let chunk = Bytes::from_static(b"one\ntwo\r\nthr");
        let batch = LineFramer::new(100).push(chunk.clone());
        assert_eq!(batch.text.as_ptr(), chunk.as_ptr());
        assert_eq!(batch.iter().collect::<Vec<_>>(), [b"one", b"two"]);
    }

    #[test]
    fn the_limit_holds_for_lines_and_for_what_has_no_end_yet() {
        let mut framer = LineFramer::new(4);
        let batch = framer.push(Bytes::from_static(b"1234\r\n12345\n1\n"));
        assert_eq!(batch.iter().collect::<Vec<_>>(), [b"1234"]);
        assert_eq!(framer.check(), Err(LineTooLong { limit: 4 }));
        assert!(framer.push(Bytes::from_static(b"1\n")).is_empty());

        let mut framer = LineFramer::new(4);
        for _ in 0..5 {
            assert!(framer.check().is_ok());
            framer.push(Bytes::from_static(b"1"));
        }
        framer.push(Bytes::from_static(b"1"));
        assert!(framer.check().is_err() && !framer.is_cut());
    }

    #[test]
    fn a_line_of_50_mb_is_one_line() {
        let mut framer = LineFramer::new(64 << 20);
        let piece = Bytes::from(vec![b'x'; 8192]);
        let pieces = (50 << 20) / piece.len();
        for _ in 0..pieces {
            assert!(framer.push(piece.clone()).is_empty());
        }
        assert!(framer.is_cut());
        let batch = framer.push(Bytes::from_static(b"\n"));
        assert_eq!(batch.iter().map(<[u8]>::len).collect::<Vec<_>>(), [50 << 20]);
    }
}
