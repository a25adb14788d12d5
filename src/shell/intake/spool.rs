//! Where the bytes of received events are kept: in a private file that has no name, or in memory.

use crate::model::log::text::{Stored, Text};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where received events are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// In memory.
    #[default]
    Memory,
    /// In a file in this directory. It is unlinked from the start: nothing is left behind, whatever happens.
    Disk(PathBuf),
}

/// A place for the bytes of events; clones share it.
#[derive(Clone, Debug)]
pub struct Spool(Option<Arc<Disk>>);

#[derive(Debug)]
struct Disk {
    file: Arc<File>,
    /// The end of what was given out. Writers reserve their part here and then write without waiting for each other.
    end: AtomicU64,
}

impl Spool {
    /// Open it.
    ///
    /// # Errors
    /// When no file can be made in the directory.
    pub fn open(keep: &Keep) -> io::Result<Self> {
        let Keep::Disk(directory) = keep else { return Ok(Self(None)) };
        std::fs::create_dir_all(directory)?;
        let file = Arc::new(tempfile::tempfile_in(directory)?);
        Ok(Self(Some(Arc::new(Disk { file, end: AtomicU64::new(0) }))))
    }

    /// Keep the bytes of `parts`, one behind the other; gives where they are.
    ///
    /// # Errors
    /// When the disk is full or broken.
    pub fn keep<'a>(&self, parts: impl Iterator<Item = &'a [u8]> + Clone) -> io::Result<Text> {
        let Some(disk) = &self.0 else { return Ok(Text::Memory(Arc::new(joined(parts)))) };
        let len = parts.clone().map(|part| part.len() as u64).sum();
        let start = disk.end.fetch_add(len, Ordering::Relaxed);
        let mut at = start;
        for part in parts {
            write_at(&disk.file, at, part)?;
            at += part.len() as u64;
        }
        Ok(Text::Stored(Stored { file: Arc::clone(&disk.file), range: start..start + len }))
    }
}

fn joined<'a>(parts: impl Iterator<Item = &'a [u8]> + Clone) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.clone().map(<[u8]>::len).sum());
    parts.for_each(|part| bytes.extend_from_slice(part));
    bytes
}

#[cfg(unix)]
fn write_at(file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut at: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_write(file, bytes, at)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => {
                at += written as u64;
                bytes = &bytes[written..];
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_no_file_is_left() {
        let directory = tempfile::tempdir().unwrap();
        let spool = Spool::open(&Keep::Disk(directory.path().join("cache"))).unwrap();
        let texts: Vec<Text> = (0..50u8)
            .map(|n| spool.keep([&[n; 60][..], &[], &vec![n; 40 + usize::from(n)]].into_iter()).unwrap())
            .collect();
        for (n, text) in (0..50u8).zip(&texts) {
            assert_eq!(&*text.read(0..text.len()).unwrap(), vec![n; 100 + usize::from(n)]);
        }
        assert_eq!(std::fs::read_dir(directory.path().join("cache")).unwrap().count(), 0);
        let memory = Spool::open(&Keep::Memory).unwrap().keep([&b"ab"[..], b"c"].into_iter()).unwrap();
        assert!(matches!(memory, Text::Memory(bytes) if *bytes == b"abc"));
    }
}
