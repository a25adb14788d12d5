//! The events of a file, taken piece by piece.

use super::Events;
use crate::model::log::{EventFile, Piece};
use std::io;
use std::sync::{Mutex, PoisonError};

/// The events that stand in a file when it is opened for a query.
#[derive(Debug)]
pub struct FileEvents<'f> {
    file: &'f EventFile,
    end: u64,
    /// The number of the next piece, and where it starts.
    next: Mutex<(usize, u64)>,
}

impl<'f> FileEvents<'f> {
    /// All events of a file.
    ///
    /// # Errors
    /// When the system does not tell how long it is.
    pub fn new(file: &'f EventFile) -> io::Result<Self> {
        Ok(Self { file, end: file.len()?, next: Mutex::new((0, 0)) })
    }
}

impl Events for FileEvents<'_> {
    type Portion = Piece;

    fn take(&self) -> io::Result<Option<(usize, Piece)>> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, at) = *next;
        let piece = self.file.piece(at, self.end, true)?;
        if let Some(piece) = &piece {
            *next = (number + 1, piece.range.end);
        }
        Ok(piece.map(|piece| (number, piece)))
    }

    fn each(&self, portion: Piece, line: &mut dyn FnMut(u64, &[u8])) -> io::Result<()> {
        self.file.each(portion, line)
    }
}
