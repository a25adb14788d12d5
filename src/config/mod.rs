//! Settings: the file as typed, and the settings as resolved from file, environment and arguments.
//!
//! Owns names, precedence and checks of settings. Knows no terminal and opens no connection.
//!
//! Which server: `--url`, else `--connection`, else `GENESISDB_URL`, else `GENESISDB_API_URL`, else the file's
//! `connection`. Its token: `--token-file`, else what the file says for that connection, else `GENESISDB_AUTH_TOKEN`,
//! else `GENESISDB_READ_TOKEN`. Its API: `--api`, else what the file says for that connection, else
//! `GENESISDB_API_VERSION` (unless the address came from the file), else the server is asked.

mod environment;
mod error;
mod file;
mod resolve;
mod time;

pub use environment::Environment;
pub use error::Error;
pub use file::{
    Colors, ConnectionEntry, File, HighlightColor, HighlightEntry, ListTime, Notify, QueryEntry, Spool, TailEntry,
    TimeZone, default_path, state_folder,
};
pub use resolve::{Connection, Load, Overrides, Poll, Resolved, Ui, resolve};
pub use time::Period;

/// How the setting is called that raises what a query may hold, for messages.
pub const QUERY_MEGABYTES: &str = "`megabytes` of [query] in the settings file";
