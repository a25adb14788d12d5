//! The data file: an append-only log that is on the disk before anyone is told.
//!
//! Owns the file, its lock and the order of writing. What a line says is `line`'s, how a file is read again `replay`'s,
//! how payloads leave it `rewrite`'s. Knows nothing of what a commit means.
//!
//! Commits that are made at the same time share an fsync: each puts its lines into the queue, and one of those that
//! wait writes everything that is there by then. After a failed write or fsync nobody knows what is on the disk, so
//! the log refuses everything until it is opened, and thereby read, again.

pub mod line;
mod replay;
mod rewrite;

use super::error::{Error, Warning};
use line::Entry;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A commit's place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// An open data file, locked against other processes.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    queue: Mutex<Queue>,
    written: Condvar,
}

#[derive(Debug)]
struct Queue {
    file: Arc<File>,
    /// Lines that are not written yet.
    pending: String,
    last: Ticket,
    durable: Ticket,
    /// How long the durable part of the file is.
    bytes: u64,
    writing: bool,
    failed: Option<String>,
}

impl Log {
    /// Open or create a data file and give everything in it to `entry`, in order.
    ///
    /// # Errors
    /// When the file is in use, is no data file, or cannot be read or repaired.
    pub fn open(path: &Path, entry: &mut dyn FnMut(Entry)) -> Result<(Self, Vec<Warning>), Error> {
        let (path, file) = open_locked(path)?;
        // What an interrupted rewrite left behind would keep payloads that are erased later on.
        rewrite::discard(&rewrite::temporary(&path))?;
        let (bytes, warnings) = replay::replay(&path, &file, entry)?;
        let queue = Queue {
            file: Arc::new(file),
            pending: String::new(),
            last: Ticket(0),
            durable: Ticket(0),
            bytes,
            writing: false,
            failed: None,
        };
        Ok((Self { path, queue: Mutex::new(queue), written: Condvar::new() }, warnings))
    }

    /// Put lines into the queue. They are on the disk once [`Log::wait`] has returned.
    ///
    /// # Errors
    /// When an earlier write failed.
    pub fn append(&self, write: impl FnOnce(&mut String)) -> Result<Ticket, Error> {
        let mut queue = self.queue();
        queue.check()?;
        write(&mut queue.pending);
        queue.last.0 += 1;
        Ok(queue.last)
    }

    /// The place of the last lines in the queue.
    pub fn last(&self) -> Ticket {
        self.queue().last
    }

    /// Whether the file can still be written.
    pub fn works(&self) -> bool {
        self.queue().failed.is_none()
    }

    /// Wait until everything up to `ticket` is on the disk; writes it, unless someone else is at it.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn wait(&self, ticket: Ticket) -> Result<(), Error> {
        let mut queue = self.queue();
        while queue.durable < ticket {
            queue.check()?;
            queue = if queue.writing {
                self.written.wait(queue).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.write(queue)
            };
        }
        Ok(())
    }

    fn write<'a>(&'a self, mut queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
        queue.writing = true;
        let lines = std::mem::take(&mut queue.pending);
        let (upto, file) = (queue.last, Arc::clone(&queue.file));
        drop(queue);
        let result = (&*file).write_all(lines.as_bytes()).and_then(|()| file.sync_data());
        let mut queue = self.queue();
        queue.writing = false;
        match result {
            Ok(()) => {
                queue.durable = upto;
                queue.bytes += lines.len() as u64;
            }
            Err(error) => {
                queue.failed = Some(error.to_string());
                // What was refused should not come back when the file is opened again. If even this fails, the file's
                // end tells: a half-written commit is cut then, and a whole one had an unknown outcome.
                let _ = file.set_len(queue.bytes).and_then(|()| file.sync_data());
            }
        }
        self.written.notify_all();
        queue
    }

    /// The durable part of the file from its start, read anew from the path, and its length.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn reader(&self) -> Result<BufReader<impl Read + use<>>, Error> {
        let queue = self.queue();
        let file = File::open(&self.path).map_err(Error::io("cannot open", &self.path))?;
        Ok(BufReader::with_capacity(1 << 20, file.take(queue.bytes)))
    }

    /// How long the durable part of the file is.
    pub fn bytes(&self) -> u64 {
        self.queue().bytes
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn check(&self) -> Result<(), Error> {
        self.failed.clone().map_or(Ok(()), |reason| Err(Error::LogFailed(reason)))
    }
}

/// Options to open a data file with: only its owner may read it.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.read(true).append(true);
    options
}

/// Open and lock the file; gives its path with symbolic links resolved, so that a rewrite replaces the file itself.
fn open_locked(path: &Path) -> Result<(PathBuf, File), Error> {
    loop {
        let file = private().create(true).open(path).map_err(Error::io("cannot open", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(Error::io("cannot lock", path)(error)),
        }
        let path = path.canonicalize().map_err(Error::io("cannot find", path))?;
        // An erasure in another process may have put a new file in the place of the one that was just locked.
        if is_same_file(&file, &path).map_err(Error::io("cannot read", &path))? {
            return Ok((path, file));
        }
    }
}

#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (here, there) = (file.metadata()?, std::fs::metadata(path)?);
    Ok((here.dev(), here.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_same_file(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Make a new name in the file's folder last.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
