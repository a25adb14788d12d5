//! Where the texts of events are: in memory, or in a file that is read where it is needed.
//!
//! A file is never mapped: it may shrink under us. It is read at positions, by any thread.

use crate::model::event::{Envelope, EventError};
use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The text of a batch of events.
#[derive(Clone)]
pub enum Text {
    /// The bytes themselves.
    Memory(Arc<Vec<u8>>),
    /// A part of a file.
    Stored(Stored),
}

/// A part of a file.
#[derive(Clone)]
pub struct Stored {
    /// The file, open for reading.
    pub file: Arc<File>,
    /// Which of its bytes.
    pub range: Range<u64>,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(bytes) => write!(f, "Memory({} bytes)", bytes.len()),
            Self::Stored(Stored { range, .. }) => write!(f, "Stored({range:?})"),
        }
    }
}

impl PartialEq for Text {
    /// Texts are equal when their bytes are, wherever they are kept.
    fn eq(&self, other: &Self) -> bool {
        let whole = |text: &Self| text.read(0..text.len()).map(Cow::into_owned);
        self.len() == other.len() && matches!((whole(self), whole(other)), (Ok(a), Ok(b)) if a == b)
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::Memory(Arc::default())
    }
}

impl Text {
    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Stored(Stored { range, .. }) => range.end - range.start,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the bytes.
    ///
    /// # Errors
    /// When the file cannot be read, or is shorter than it was.
    pub fn read(&self, range: Range<u64>) -> io::Result<Cow<'_, [u8]>> {
        let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
        match self {
            Self::Memory(bytes) => {
                let index = |at: u64| usize::try_from(at).map_err(|_| short());
                Ok(Cow::Borrowed(bytes.get(index(range.start)?..index(range.end)?).ok_or_else(short)?))
            }
            Self::Stored(_) => {
                let mut bytes = Vec::new();
                self.read_into(range, &mut bytes)?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Some of the bytes; what has to be read from a file goes to `buffer`, whose memory is used again.
    ///
    /// # Errors
    /// When the file cannot be read, or is shorter than it was.
    pub fn read_into<'a>(&'a self, range: Range<u64>, buffer: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
        match self {
            Self::Memory(bytes) => {
                let index = |at: u64| usize::try_from(at).map_err(|_| short());
                bytes.get(index(range.start)?..index(range.end)?).ok_or_else(short)
            }
            Self::Stored(Stored { file, range: all }) => {
                let into = room(buffer, &range)?;
                read_at(file, all.start + range.start, into)?;
                Ok(into)
            }
        }
    }

    /// Some of the bytes, as a copy in `buffer` that may be changed.
    ///
    /// # Errors
    /// When the file cannot be read, or is shorter than it was.
    pub fn copy_into<'a>(&self, range: Range<u64>, buffer: &'a mut Vec<u8>) -> io::Result<&'a mut [u8]> {
        let into = room(buffer, &range)?;
        match self {
            Self::Memory(_) => into.copy_from_slice(&self.read(range)?),
            Self::Stored(Stored { file, range: all }) => read_at(file, all.start + range.start, into)?,
        }
        Ok(into)
    }
}

/// Memory for so many bytes. What is in it need not be cleared: it is overwritten.
fn room<'a>(buffer: &'a mut Vec<u8>, range: &Range<u64>) -> io::Result<&'a mut [u8]> {
    let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let len = usize::try_from(range.end.saturating_sub(range.start)).map_err(|_| short())?;
    if buffer.len() < len {
        buffer.resize(len, 0);
    }
    buffer.get_mut(..len).ok_or_else(short)
}

/// Fill `into` from a position of a file, without moving any cursor.
///
/// # Errors
/// When the file cannot be read, or ends before.
#[cfg(unix)]
pub fn read_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

/// Fill `into` from a position of a file.
///
/// # Errors
/// When the file cannot be read, or ends before.
#[cfg(windows)]
pub fn read_at(file: &File, mut at: u64, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                at += read as u64;
                into = &mut into[read..];
            }
        }
    }
    Ok(())
}

/// The exact bytes of one event, without the end of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    bytes: Cow<'a, [u8]>,
    failure: Option<io::ErrorKind>,
}

impl<'a> Line<'a> {
    /// What reading gave.
    pub(super) fn new(read: io::Result<Cow<'a, [u8]>>) -> Self {
        match read {
            Ok(bytes) => Self { bytes, failure: None },
            Err(error) => Self { bytes: Cow::Borrowed(&[]), failure: Some(error.kind()) },
        }
    }

    /// The event, decoded now.
    ///
    /// # Errors
    /// Why the line is no event, or why it could not be read.
    pub fn event(&self) -> Result<Envelope<'_>, EventError> {
        match self.failure {
            Some(kind) => Err(EventError::Unreadable(kind.to_string())),
            None => Envelope::from_line(&self.bytes),
        }
    }
}

impl Deref for Line<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}
