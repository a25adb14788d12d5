//! Taking erased payloads out of the data file.
//!
//! Owns the one way in which what is in the file changes: a new file is written beside it, made durable, and put in its
//! place. At every moment one whole file has the name. The old one's blocks are the file system's to reuse.

use super::{Log, line, private, sync_folder};
use crate::store::error::Error;
use crate::store::record::Record;
use line::Entry;
use rustc_hash::FxHashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Log {
    /// Replace the lines of these events, found by their IDs; every other line is copied as it is, damaged ones too.
    ///
    /// Nothing may be in the queue, and nothing may be put into it meanwhile.
    ///
    /// # Errors
    /// When the new file cannot be written. The old one then stays.
    pub fn rewrite(&self, replacements: &FxHashMap<String, Record>) -> Result<(), Error> {
        self.queue().check()?;
        let temporary = temporary(&self.path);
        let replaced = self.copy(&temporary, replacements).and_then(|(file, bytes)| {
            // A reader must not see the new file with the old one's length.
            let mut queue = self.queue();
            std::fs::rename(&temporary, &self.path).map_err(Error::io("cannot replace", &self.path))?;
            queue.file = Arc::new(file);
            queue.bytes = bytes;
            Ok(())
        });
        replaced.inspect_err(|_| drop(discard(&temporary)))?;
        sync_folder(&self.path).map_err(Error::io("cannot make durable", &self.path))
    }

    fn copy(&self, temporary: &Path, replacements: &FxHashMap<String, Record>) -> Result<(File, u64), Error> {
        discard(temporary)?;
        let file = private().create_new(true).open(temporary).map_err(Error::io("cannot create", temporary))?;
        // Locked before it has the name, so that no other process can come in between.
        file.try_lock().map_err(|error| Error::io("cannot lock", temporary)(error.into()))?;
        let mut reader = self.reader()?;
        let mut copy = || -> io::Result<u64> {
            let mut writer = BufWriter::with_capacity(1 << 20, &file);
            let (mut line, mut replaced, mut written) = (Vec::new(), String::new(), 0);
            while reader.read_until(b'\n', &mut line)? > 0 {
                let out = match replacement(&line, replacements) {
                    Some(record) => {
                        replaced.clear();
                        line::push_event(&mut replaced, record);
                        replaced.as_bytes()
                    }
                    None => &line,
                };
                writer.write_all(out)?;
                written += out.len() as u64;
                line.clear();
            }
            writer.flush()?;
            drop(writer);
            file.sync_all()?;
            Ok(written)
        };
        let written = copy().map_err(Error::io("cannot write", temporary))?;
        Ok((file, written))
    }
}

/// Where the new file is written.
pub fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".rewrite");
    PathBuf::from(name)
}

/// Remove a file that was not put in place, if there is one.
pub fn discard(temporary: &Path) -> Result<(), Error> {
    match std::fs::remove_file(temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("cannot remove", temporary)(error)),
        _ => Ok(()),
    }
}

/// What is to stand in the place of a line. A damaged line of an event goes as well: its payload is still in it.
fn replacement<'a>(bytes: &[u8], replacements: &'a FxHashMap<String, Record>) -> Option<&'a Record> {
    let record = replacements.get(&line::salvage_id(bytes)?)?;
    let foreign = || memchr::memmem::find(bytes, b"\"foreign\":true").is_some();
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let same = match line::read(bytes) {
        Ok((Entry::Event(found), true)) => found.id() == record.id(),
        Ok((Entry::Event(_), false)) | Err(_) => !foreign(),
        Ok(_) => false,
    };
    same.then_some(record)
}
