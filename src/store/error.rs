//! Why the store refuses, and what it noticed on the way.
//!
//! Owns the words of both. Knows nothing of HTTP: which status an error becomes is `server`'s to say.

use std::path::PathBuf;

/// Why the store did not do what it was asked to. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A request that no store can carry out: an invalid event, a schema violation, an unknown precondition.
    #[error("{0}")]
    Invalid(String),
    /// A query, as a precondition for instance, is wrong.
    #[error("{0}")]
    Query(#[from] crate::gdbql::Error),
    /// A precondition does not hold.
    #[error("{message}")]
    Precondition {
        /// Its type, `isSubjectNew`.
        kind: String,
        /// Why it does not hold.
        message: String,
    },
    /// The subject to erase has no events.
    #[error("the subject {0} has no events")]
    NoEvents(String),
    /// The subject to erase has events, but no reference payloads that could be erased.
    #[error("the subject {0} has no reference payloads that could be erased")]
    NothingToErase(String),
    /// The event type already has a schema.
    #[error("the event type {0} already has a schema")]
    SchemaExists(String),
    /// A backup can be restored into an empty store only.
    #[error("the store is not empty: it holds {0} events, and a backup can be restored into an empty one only")]
    NotEmpty(usize),
    /// A backup cannot be read.
    #[error("the backup cannot be read: {0}")]
    Backup(String),
    /// The data file belongs to another process.
    #[error("the data file {} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// The file is something else than a store's data file; it was left alone.
    #[error("{} is no data file of a store; a backup is read with --load", .0.display())]
    NotAStore(PathBuf),
    /// The file was written by a newer program.
    #[error("the data file {} has format version {version}; this program knows version 1", .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says.
        version: u64,
    },
    /// A file cannot be opened, read or written.
    #[error("{what} {}: {source}", .path.display())]
    Io {
        /// What was tried, `cannot open`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The data file could not be written. From then on the store takes no commits until it is opened again.
    #[error("the data file can no longer be written, commits are refused until the store is opened again: {0}")]
    LogFailed(String),
}

impl Error {
    pub(super) fn io(what: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what, path: path.to_owned(), source }
    }
}

/// What was noticed when a data file was opened; none of it keeps the store from working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A commit that was being written when the process died was cut off. It had never been acknowledged.
    TornTail {
        /// How many bytes were cut.
        bytes: u64,
        /// Where the file ends now.
        at: u64,
    },
    /// A line was changed after it had been written. It is kept as it is, and an audit fails.
    Damaged {
        /// The line's number, from 1.
        line: u64,
        /// The ID of the event in it, as far as it can be read.
        id: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TornTail { bytes, at } => write!(
                f,
                "the data file ended in the middle of a commit that was never acknowledged: {bytes} bytes were cut at byte {at}"
            ),
            Self::Damaged { line, id: Some(id), reason } => {
                write!(f, "line {line} of the data file (event {id}) is damaged: {reason}")
            }
            Self::Damaged { line, id: None, reason } => write!(f, "line {line} of the data file is damaged: {reason}"),
        }
    }
}
