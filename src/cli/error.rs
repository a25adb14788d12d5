//! What a command can end with, and the exit codes.

use crate::api::{self, Kind};
use crate::config;
use crate::gdbql;
use crate::server::LaunchError;
use std::io;

/// The exit codes, as the README lists them.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// The server refused, the query is wrong, or the answer is not what it should be.
    pub const REFUSED: u8 = 1;
    /// The command line, the settings or a local file are wrong.
    pub const USAGE: u8 = 2;
    /// The server cannot be reached, or the connection broke.
    pub const UNREACHABLE: u8 = 3;
    /// 401 or 403.
    pub const NOT_ALLOWED: u8 = 4;
    /// A precondition does not hold.
    pub const PRECONDITION: u8 = 5;
    /// Interrupted.
    pub const INTERRUPTED: u8 = 130;
}

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server's, or the way to it.
    #[error(transparent)]
    Api(#[from] api::Error),
    /// The settings'.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The query is wrong; its text with the place marked stands below.
    #[error("{error}\n{excerpt}")]
    Query {
        /// What the server says.
        error: Box<api::Error>,
        /// The line of the query, and a mark under the place.
        excerpt: String,
    },
    /// A query that was run here is wrong.
    #[error("{error}{}", excerpt.as_ref().map(|excerpt| format!("\n{excerpt}")).unwrap_or_default())]
    LocalQuery {
        /// What is wrong.
        error: gdbql::Error,
        /// The line of the query, and a mark under the place.
        excerpt: Option<String>,
    },
    /// An argument or an input that cannot be.
    #[error("{0}")]
    Usage(String),
    /// No server is configured.
    #[error(
        "no server is named: use --url http://HOST:PORT, set GENESISDB_URL, or name a connection in the settings file"
    )]
    NoServer,
    /// The connection is marked read-only.
    #[error("the connection `{connection}` is read-only in the settings file: nothing was sent")]
    ReadOnly {
        /// Its name.
        connection: String,
    },
    /// A local file.
    #[error("{what}: {reason}")]
    File {
        /// Which.
        what: String,
        /// The operating system's reason.
        reason: io::Error,
    },
    /// Standard output.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
    /// Some lines were no events; each was reported.
    #[error("{0} {what} could not be read", what = if *.0 == 1 { "line" } else { "lines" })]
    BadLines(u64),
    /// The audit found something.
    #[error("the audit did not pass")]
    AuditFailed,
    /// The embedded server's.
    #[error(transparent)]
    Serve(#[from] LaunchError),
    /// The user's wish; `note` is what has to be known about it.
    #[error("interrupted{}", note.map(|note| format!(": {note}")).unwrap_or_default())]
    Interrupted {
        /// What has to be known about it.
        note: Option<&'static str>,
    },
}

impl Error {
    /// Whether there is nothing to say: the reader has gone, or the user knows.
    pub fn is_quiet(&self) -> bool {
        match self {
            Self::Output(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Self::Interrupted { note: None } => true,
            _ => false,
        }
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => exit::DONE,
            Self::Api(error) => api_code(error.kind()),
            Self::Query { error, .. } => api_code(error.kind()),
            Self::Config(_) | Self::Usage(_) | Self::NoServer | Self::ReadOnly { .. } | Self::File { .. } => {
                exit::USAGE
            }
            Self::Serve(LaunchError::DefaultTokenExposed(_)) => exit::USAGE,
            Self::LocalQuery { .. } | Self::Output(_) | Self::BadLines(_) | Self::AuditFailed | Self::Serve(_) => {
                exit::REFUSED
            }
            Self::Interrupted { .. } => exit::INTERRUPTED,
        }
    }
}

/// A change whose outcome is unknown is no "unreachable": a script that tries again on that must not do so here.
fn api_code(kind: Kind) -> u8 {
    match kind {
        Kind::Settings | Kind::Local => exit::USAGE,
        Kind::Unreachable | Kind::Cut | Kind::Ended => exit::UNREACHABLE,
        Kind::NotAllowed => exit::NOT_ALLOWED,
        Kind::PreconditionFailed => exit::PRECONDITION,
        Kind::Refused | Kind::NotReady | Kind::ServerFailed | Kind::Decode | Kind::OutcomeUnknown => exit::REFUSED,
    }
}
