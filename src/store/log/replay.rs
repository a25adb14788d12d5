//! Reading a data file again: everything that was acknowledged, nothing that was not.
//!
//! Owns the difference between a torn end and damage. A process that dies leaves a prefix of what it wrote: the last
//! line lacks its end, or the last commit lacks lines although those that are there are whole. This was never
//! acknowledged and is cut. Anything else that does not read as it was written was changed afterwards: it is kept byte
//! by byte, reported, and found by every audit.

use super::line::{self, Entry};
use super::sync_folder;
use crate::store::error::{Error, Warning};
use crate::store::record::Record;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;

/// How many damaged lines are reported one by one.
const MAX_WARNINGS: usize = 20;

struct Replay<'a> {
    entry: &'a mut dyn FnMut(Entry),
    warnings: Vec<Warning>,
    /// The events of a commit whose last line has not come yet.
    open: Vec<Record>,
    /// Where the first of them starts.
    open_at: u64,
    line: u64,
}

/// Give everything in the file to `entry`, cut a torn end, and leave the file ready to be appended to.
pub fn replay(path: &Path, file: &File, entry: &mut dyn FnMut(Entry)) -> Result<(u64, Vec<Warning>), Error> {
    let mut reader = BufReader::with_capacity(1 << 20, file);
    if !is_ours(reader.fill_buf().map_err(Error::io("cannot read", path))?) {
        return Err(Error::NotAStore(path.to_owned()));
    }
    let mut replay = Replay { entry, warnings: Vec::new(), open: Vec::new(), open_at: 0, line: 0 };
    let (mut at, mut bytes) = (0, Vec::new());
    loop {
        bytes.clear();
        reader.read_until(b'\n', &mut bytes).map_err(Error::io("cannot read", path))?;
        let Some((b'\n', line)) = bytes.split_last() else { break };
        replay.line(path, line, at)?;
        at += bytes.len() as u64;
    }
    let length = at + bytes.len() as u64;
    // Only the last line feed may be missing, or be another byte now: then the line in front of it is kept.
    let whole = [bytes.len(), bytes.len().saturating_sub(1)].into_iter().find(|n| is_intact(&bytes[..*n]));
    if let Some(whole) = whole {
        replay.line(path, &bytes[..whole], at)?;
        at += whole as u64;
    }
    let torn = !replay.open.is_empty();
    if torn {
        replay.open.clear();
        at = replay.open_at;
    }
    let lacks_line_feed = whole.is_some() && !torn;
    if at < length && !lacks_line_feed {
        replay.warnings.push(Warning::TornTail { bytes: length - at, at });
    }
    let warnings = replay.warnings;
    Ok((repair(path, file, at, length, lacks_line_feed)?, warnings))
}

fn is_intact(line: &[u8]) -> bool {
    matches!(line::read(line), Ok((_, true)))
}

/// Whether a file that starts like this was written by this module; an empty one may become so.
fn is_ours(start: &[u8]) -> bool {
    let mut header = String::new();
    line::push_header(&mut header);
    let length = start.len().min(8);
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    start[..length] == header.as_bytes()[..length]
        || memchr::memmem::find(first, b"\"format\":\"gdbx store\"").is_some()
}

impl Replay<'_> {
    fn line(&mut self, path: &Path, bytes: &[u8], at: u64) -> Result<(), Error> {
        self.line += 1;
        match line::read(bytes) {
            Ok((Entry::Header(version), true)) if version > 1 => {
                return Err(Error::Version { path: path.to_owned(), version });
            }
            Ok((entry, true)) => self.entry(entry, at),
            Ok((entry, false)) => {
                self.damaged(bytes, "it was changed after it had been written");
                if let Entry::Event(record) = entry {
                    (self.entry)(Entry::Event(record));
                }
            }
            Err(reason) => self.damaged(bytes, reason),
        }
        Ok(())
    }

    fn entry(&mut self, entry: Entry, at: u64) {
        let Entry::Event(record) = entry else {
            self.close();
            return (self.entry)(entry);
        };
        let (index, of) = record.place;
        if index == 1 {
            self.close();
        }
        if self.open.is_empty() {
            self.open_at = at;
        }
        self.open.push(record);
        if index == of {
            self.close();
        }
    }

    /// What is open is no torn end, for something follows.
    fn close(&mut self) {
        self.open.drain(..).for_each(|record| (self.entry)(Entry::Event(record)));
    }

    fn damaged(&mut self, bytes: &[u8], reason: &str) {
        self.close();
        if self.warnings.len() < MAX_WARNINGS {
            let id = line::salvage_id(bytes);
            self.warnings.push(Warning::Damaged { line: self.line, id, reason: reason.to_owned() });
        }
    }
}

/// Let the file end at `end`, with a whole line; gives its length.
fn repair(path: &Path, mut file: &File, end: u64, length: u64, lacks_line_feed: bool) -> Result<u64, Error> {
    let mut more = String::new();
    if end == 0 {
        line::push_header(&mut more);
    } else if lacks_line_feed {
        more.push('\n');
    }
    if end == length && more.is_empty() {
        return Ok(end);
    }
    let mut write = || -> io::Result<()> {
        file.set_len(end)?;
        file.write_all(more.as_bytes())?;
        file.sync_all()?;
        if end == 0 { sync_folder(path) } else { Ok(()) }
    };
    write().map_err(Error::io("cannot repair", path))?;
    Ok(end + more.len() as u64)
}
