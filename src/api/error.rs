//! What went wrong, said so that a person knows what to do.
//!
//! Owns the words of every failure and their classification. An error holds plain text only: it can be cloned,
//! compared and kept, and it never holds a token.

use super::routes::Operation;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// What was asked when something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The operation.
    pub operation: Operation,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole URL; it holds no secret.
    pub url: String,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.operation, self.method, self.url)
    }
}

/// Why an operation did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An address, a certificate file or the like will not do. Nothing was sent.
    #[error("{message}")]
    Settings {
        /// What is wrong with it.
        message: String,
    },
    /// No connection came about.
    #[error("{asked}: {reason}")]
    Unreachable {
        /// What was asked.
        asked: Asked,
        /// The transport's reason and what to look at.
        reason: String,
    },
    /// The server was silent for longer than the settings allow.
    #[error("{asked}: the server was silent for {}", seconds(*after))]
    TimedOut {
        /// What was asked.
        asked: Asked,
        /// How long it was waited for.
        after: Duration,
    },
    /// The server answered with an error.
    #[error("{asked}: {}", status_words(asked.operation, *status, message))]
    Status {
        /// What was asked.
        asked: Asked,
        /// The HTTP status.
        status: u16,
        /// The server's own words, cleaned; empty when it sent none.
        message: String,
        /// The bytes of the query's text that are to blame, when the server names them.
        position: Option<Range<usize>>,
    },
    /// A precondition of a commit does not hold. Nothing was written.
    #[error("{}; nothing was written", precondition_words(kind.as_deref(), message))]
    PreconditionFailed {
        /// What was asked.
        asked: Asked,
        /// Which one, `isSubjectNew` for instance; servers 1.x do not say.
        kind: Option<String>,
        /// The server's own words, cleaned.
        message: String,
    },
    /// The server sent the client elsewhere. It does not follow: its token is for this address alone.
    #[error("{asked}: the server redirects to {location}; if that is right, use it as the address")]
    Redirected {
        /// What was asked.
        asked: Asked,
        /// Where to.
        location: String,
    },
    /// An answer that cannot be understood.
    #[error("{asked}: {reason}: {excerpt}")]
    Decode {
        /// What was asked.
        asked: Asked,
        /// Why.
        reason: String,
        /// The beginning of what would not decode, cleaned.
        excerpt: String,
    },
    /// More in one piece than the settings allow.
    #[error("{asked}: {what} is longer than {limit} bytes")]
    TooLarge {
        /// What was asked.
        asked: Asked,
        /// `a line` or `the answer`.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// An answer that ended half-way.
    #[error("{asked}: the answer was cut off: {reason}")]
    Cut {
        /// What was asked.
        asked: Asked,
        /// The transport's reason.
        reason: String,
    },
    /// An observation that the server ended.
    #[error("{asked}: {}", ended_words(message.as_deref()))]
    StreamEnded {
        /// What was asked.
        asked: Asked,
        /// The server's reason, cleaned, when it gave one.
        message: Option<String>,
    },
    /// A change was sent and its answer was lost: it may have happened or not. It is never sent again by itself.
    #[error(
        "{asked}: outcome unknown: the request was sent, but its answer was lost ({reason}); look before trying again"
    )]
    OutcomeUnknown {
        /// What was asked.
        asked: Asked,
        /// How the answer was lost.
        reason: String,
    },
    /// A local file could not be read while it was sent.
    #[error("{asked}: {reason}")]
    Local {
        /// What was asked.
        asked: Asked,
        /// The operating system's reason.
        reason: String,
    },
}

/// Classes of errors that call for different reactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The settings are wrong.
    Settings,
    /// There is no connection, or it broke, or the server was silent.
    Unreachable,
    /// 401 or 403: no token, a wrong one, or one without this right.
    NotAllowed,
    /// The server understood and said no: a wrong query, an invalid event, an unknown subject.
    Refused,
    /// A precondition does not hold.
    PreconditionFailed,
    /// 503: the store is rebuilding or recovering.
    NotReady,
    /// 5xx: the server itself failed.
    ServerFailed,
    /// An answer that cannot be understood, or too large a one.
    Decode,
    /// An answer that ended half-way.
    Cut,
    /// An observation that the server ended.
    Ended,
    /// A change that may have happened or not.
    OutcomeUnknown,
    /// A local file.
    Local,
}

impl Error {
    /// The class of the error.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Settings { .. } => Kind::Settings,
            Self::Unreachable { .. } | Self::TimedOut { .. } => Kind::Unreachable,
            Self::Status { status: 401 | 403, .. } => Kind::NotAllowed,
            Self::Status { status: 503, .. } => Kind::NotReady,
            Self::Status { status: 500.., .. } => Kind::ServerFailed,
            Self::Status { .. } | Self::Redirected { .. } => Kind::Refused,
            Self::PreconditionFailed { .. } => Kind::PreconditionFailed,
            Self::Decode { .. } | Self::TooLarge { .. } => Kind::Decode,
            Self::Cut { .. } => Kind::Cut,
            Self::StreamEnded { .. } => Kind::Ended,
            Self::OutcomeUnknown { .. } => Kind::OutcomeUnknown,
            Self::Local { .. } => Kind::Local,
        }
    }

    /// What was asked, when it came to that.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Settings { .. } => None,
            Self::Unreachable { asked, .. }
            | Self::TimedOut { asked, .. }
            | Self::Status { asked, .. }
            | Self::PreconditionFailed { asked, .. }
            | Self::Redirected { asked, .. }
            | Self::Decode { asked, .. }
            | Self::TooLarge { asked, .. }
            | Self::Cut { asked, .. }
            | Self::StreamEnded { asked, .. }
            | Self::OutcomeUnknown { asked, .. }
            | Self::Local { asked, .. } => Some(asked),
        }
    }

    /// The HTTP status, when the server answered with one that says no.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::PreconditionFailed { .. } => Some(412),
            _ => None,
        }
    }

    /// The bytes of the query's text that are to blame, when the server names them.
    pub fn position(&self) -> Option<Range<usize>> {
        match self {
            Self::Status { position, .. } => position.clone(),
            _ => None,
        }
    }

    /// Whether the same request may well succeed later: a lost connection, a server that is not ready or failed.
    pub fn is_passing(&self) -> bool {
        match self.kind() {
            Kind::Unreachable | Kind::NotReady | Kind::ServerFailed | Kind::Cut | Kind::Ended => true,
            Kind::Refused => matches!(self.status(), Some(408 | 425 | 429)),
            _ => false,
        }
    }
}

fn seconds(time: Duration) -> String {
    match time.as_millis() {
        millis if millis < 10_000 && millis % 1000 != 0 => format!("{millis} ms"),
        millis => format!("{} s", millis / 1000),
    }
}

fn status_words(operation: Operation, status: u16, message: &str) -> String {
    let meaning = match status {
        404 | 405 if operation == Operation::Ping => "no GenesisDB API at this address",
        401 => "no token or a wrong one",
        403 => "the token lacks this right",
        404 => "not found",
        409 => "in conflict with what is there",
        503 => "the store is not ready, try again",
        500.. => "the server failed",
        _ => "the server refused",
    };
    match message {
        "" => format!("{status}, {meaning}"),
        message => format!("{status}, {meaning}: {message}"),
    }
}

fn precondition_words(kind: Option<&str>, message: &str) -> String {
    match (kind, message) {
        (Some(kind), "") => format!("{kind} does not hold"),
        (Some(kind), message) => format!("{kind} does not hold: {message}"),
        (None, "") => "a precondition does not hold".to_owned(),
        (None, message) => format!("a precondition does not hold: {message}"),
    }
}

fn ended_words(message: Option<&str>) -> String {
    match message {
        Some(message) => format!("the server ended the stream: {message}"),
        None => "the server ended the stream".to_owned(),
    }
}
