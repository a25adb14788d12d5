//! What is kept between two sessions of the explorer: the tabs, and the runs of queries.
//!
//! Plain data in the form in which it is written down. Where it is written, and when that fails, is the shell's business.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tabs as they were left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The tabs that are open, from left to right.
    pub tabs: Vec<SavedTab>,
    /// The position of the one that is looked at.
    pub current: usize,
    /// The tabs that were closed, the last one at the end.
    pub closed: Vec<SavedTab>,
}

/// A tab as it was left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedTab {
    /// What it is called.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Where the cursor is, in bytes of the text.
    pub cursor: usize,
    /// The saved query that it was opened from or saved as, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_as: Option<String>,
    /// Whether its text is another than that of the saved query.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub changed: bool,
    /// The values of its parameters, as they were typed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
}

/// A run of a query, once it is over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ran {
    /// The query as it was typed.
    pub query: String,
    /// The values of its parameters, as they were typed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The connection's name.
    pub connection: String,
    /// Its address, without anything secret.
    pub url: String,
    /// When it was started, in RFC 3339.
    pub when: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How many rows came.
    pub rows: u64,
    /// Why it ended before all rows were here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Something that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The tabs as they are now; they take the place of those before.
    Session(Session),
    /// A run of a query.
    Ran(Ran),
}

/// What was kept by earlier sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The tabs.
    pub session: Session,
    /// The runs, oldest first.
    pub runs: Vec<Ran>,
    /// What did not work, as sentences.
    pub warnings: Vec<String>,
}

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Runs of queries.
    pub runs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { runs: 2_000 }
    }
}
