//! Values that wait until the columns of their table are known.
//!
//! Owns the bound on what they take of the memory: what is more waits in a private file that has no name, so nothing is
//! left of it, whatever happens. Knows nothing of columns.

use crate::model::json::Json;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// So many bytes wait in memory.
const MEMORY: usize = 8 << 20;
/// What is read of the file at a time.
const PIECE: usize = 256 << 10;

/// The values, each behind its length.
#[derive(Debug, Default)]
pub(super) struct Held {
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    values: u64,
    bytes: usize,
}

impl Held {
    /// How many there are.
    pub fn len(&self) -> u64 {
        self.values
    }

    /// How many bytes their texts have.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keep a value.
    pub fn push(&mut self, value: Json<'_>) -> io::Result<()> {
        let text = value.text();
        self.values += 1;
        self.bytes += text.len();
        if self.file.is_none() && self.memory.len() + text.len() > MEMORY {
            let file = tempfile::tempfile().map_err(|error| failed(&error))?;
            let file = self.file.insert(BufWriter::with_capacity(PIECE, file));
            file.write_all(&std::mem::take(&mut self.memory)).map_err(|error| failed(&error))?;
        }
        let len = text.len().to_le_bytes();
        let parts = [&len[..], text.as_bytes()];
        match &mut self.file {
            None => parts.iter().for_each(|part| self.memory.extend_from_slice(part)),
            Some(file) => parts.iter().try_for_each(|part| file.write_all(part)).map_err(|error| failed(&error))?,
        }
        Ok(())
    }

    /// Take all of them, in the order in which they came.
    pub fn each(self, act: impl FnMut(Json<'_>) -> io::Result<()>) -> io::Result<()> {
        match self.file {
            None => give(self.values, &self.memory[..], act),
            Some(file) => {
                let mut file = file.into_inner().map_err(|error| failed(error.error()))?;
                file.rewind().map_err(|error| failed(&error))?;
                give(self.values, BufReader::with_capacity(PIECE, file), act)
            }
        }
    }
}

fn give(values: u64, mut from: impl Read, mut act: impl FnMut(Json<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    for _ in 0..values {
        let mut len = [0; size_of::<usize>()];
        from.read_exact(&mut len).map_err(|error| failed(&error))?;
        text.resize(usize::from_le_bytes(len), 0);
        from.read_exact(&mut text).map_err(|error| failed(&error))?;
        let text = std::str::from_utf8(&text).map_err(|_| failed(&"the file was changed"))?;
        act(Json::trusted(text))?;
    }
    Ok(())
}

/// What went wrong is not standard output; it is said where it happened.
fn failed(error: &dyn std::fmt::Display) -> io::Error {
    let folder = std::env::temp_dir();
    io::Error::other(format!("rows of a table wait for its columns in {}: {error}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_in_their_order_whether_they_fit_in_memory_or_not() {
        for len in [10, MEMORY / 5] {
            let mut held = Held::default();
            let text = |n: usize| format!("\"{n}{}\"", "é".repeat(len / 2));
            (0..12).for_each(|n| held.push(Json::trusted(&text(n))).unwrap());
            assert_eq!(held.file.is_some(), len > 10);
            assert!(held.memory.len() <= MEMORY, "what is in the file is not in memory");
            assert_eq!((held.len(), held.bytes()), (12, (0..12).map(|n| text(n).len()).sum()));
            let mut n = 0;
            held.each(|value| {
                assert_eq!(value.text(), text(n));
                n += 1;
                Ok(())
            })
            .unwrap();
            assert_eq!(n, 12);
        }
    }
}
