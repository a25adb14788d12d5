//! What can be wrong with settings.

use std::path::PathBuf;

/// What is wrong with a setting, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A place in the settings file.
    #[error("{}, line {line}, column {column}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A file that cannot be read.
    #[error("{what} {} cannot be read: {reason}", path.display())]
    Unreadable {
        /// `the settings file` or `the token file`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// A token that will not do; where it came from, never what it is.
    #[error("the token from {origin}: {reason}")]
    Token {
        /// A file or a variable.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A variable or an argument with a value that it cannot have.
    #[error("{name}: {message}")]
    Value {
        /// The variable or argument.
        name: String,
        /// What is wrong with the value.
        message: String,
    },
    /// A connection that the file does not know.
    #[error("there is no connection `{name}`{}", known_words(known))]
    UnknownConnection {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
}

fn known_words(known: &[String]) -> String {
    match known {
        [] => "; the settings file has none".to_owned(),
        known => format!("; the settings file has {}", known.join(", ")),
    }
}
