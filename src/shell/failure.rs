//! The client's errors as the screens show them.

use crate::api::{Error, Kind, Operation};
use crate::app::message::{Failure, FailureKind};

/// What to do about an error, where it is not the server's words that say it.
fn hint(error: &Error) -> Option<&'static str> {
    Some(match error.kind() {
        Kind::NotAllowed if error.status() == Some(401) => {
            "Check the token: GENESISDB_AUTH_TOKEN, or token_file in the configuration."
        }
        Kind::NotAllowed => "Another token is needed for this.",
        Kind::NotReady if asks_again(error) => "It is tried again by itself.",
        Kind::OutcomeUnknown => "Look whether the events are there before you commit them again.",
        _ => return None,
    })
}

/// Whether the explorer repeats the request without being told to. Queries and commits are the user's to repeat.
fn asks_again(error: &Error) -> bool {
    error.asked().is_some_and(|asked| {
        matches!(asked.operation, Operation::Ping | Operation::Status | Operation::Stream | Operation::Observe)
    })
}

/// The error without what was asked: the place where it is shown says that, and the reason must not be pushed off the
/// line by an address.
fn reason(error: &Error) -> String {
    let text = error.to_string();
    let asked = error.asked().map(|asked| format!("{asked}: ")).unwrap_or_default();
    text.strip_prefix(&asked).map_or(text.clone(), str::to_owned)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            Kind::Settings | Kind::Unreachable => FailureKind::Unreachable,
            Kind::NotAllowed => FailureKind::NotAllowed,
            Kind::NotReady => FailureKind::NotReady,
            Kind::PreconditionFailed => FailureKind::Precondition,
            Kind::Cut | Kind::Ended => FailureKind::Cut,
            Kind::Decode => FailureKind::Garbled,
            Kind::OutcomeUnknown => FailureKind::OutcomeUnknown,
            Kind::Refused if matches!(error.status(), Some(404 | 405)) => FailureKind::Unsupported,
            Kind::Refused | Kind::ServerFailed | Kind::Local => FailureKind::Refused,
        };
        Self { kind, hint: hint(&error).map(str::to_owned), span: error.position(), message: reason(&error) }
    }
}
