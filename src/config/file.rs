//! The settings file as typed.
//!
//! Owns the file's keys and the places of its mistakes. What the settings amount to is `resolve`'s to say.

use super::error::Error;
use super::time::Period;
use crate::api::Choice;
use crate::app::screens::explore::columns::field;
use crate::model::path::Path as Field;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The settings file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct File {
    /// The connection that is used when none is named.
    pub connection: Option<String>,
    /// The servers, by name.
    pub connections: BTreeMap<String, ConnectionEntry>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How often the explorer asks by itself.
    pub poll: PollEntry,
    /// What the explorer looks like.
    pub ui: UiEntry,
    /// `[load]`
    pub load: LoadEntry,
    /// The list of events of the Explore screen.
    pub explore: ExploreEntry,
    /// The live tail.
    pub tail: TailEntry,
    /// The Query screen.
    pub query: QueryEntry,
}

/// The Query screen.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct QueryEntry {
    /// How many runs are kept; 0 keeps none.
    pub history: Option<usize>,
    /// How many megabytes a query that is run here may hold.
    pub megabytes: Option<NonZeroU32>,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ConnectionEntry {
    /// Its address.
    pub url: String,
    /// `auto`, `v1` or `v2`.
    #[serde(default, deserialize_with = "api")]
    pub api: Option<Choice>,
    /// A file that holds the token.
    pub token_file: Option<PathBuf>,
    /// A variable that holds the token.
    pub token_env: Option<String>,
    /// PEM certificates to trust as well.
    pub ca_file: Option<PathBuf>,
    /// Marked in red, and asked twice about changes.
    #[serde(default)]
    pub production: bool,
    /// No changes from here.
    #[serde(default)]
    pub read_only: bool,
}

/// How long to wait.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Option<Period>,
    /// For the next byte of an answer.
    pub idle: Option<Period>,
    /// For a sign of life of an observation.
    pub heartbeat: Option<Period>,
}

/// How often the explorer asks by itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PollEntry {
    /// Whether the server is there.
    pub ping: Option<Period>,
    /// Its numbers.
    pub status: Option<Period>,
    /// Its hash chain.
    pub audit: Option<Period>,
}

/// How the explorer loads events.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct LoadEntry {
    /// Where the texts of the events of a server are kept.
    pub spool: Option<Spool>,
    /// How many events are loaded at once.
    pub page_events: Option<NonZeroUsize>,
}

/// Where the texts of the events of a server are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spool {
    /// In a private file without a name in the cache directory.
    #[default]
    Disk,
    /// In memory.
    Memory,
}

/// The list of events of the Explore screen.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ExploreEntry {
    /// The fields that have a column from the start.
    #[serde(deserialize_with = "fields")]
    pub columns: Vec<Field>,
    /// How times are told.
    pub time: Option<ListTime>,
}

/// How the list tells times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListTime {
    /// By the clock of the system.
    Local,
    /// In coordinated universal time.
    Utc,
    /// By how long ago they are.
    Relative,
}

/// The live tail.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct TailEntry {
    /// How many events are kept.
    pub events: Option<NonZeroU32>,
    /// How many megabytes of their text are kept.
    pub megabytes: Option<NonZeroU32>,
    /// How often a server of API v2 is to look for new events.
    pub interval: Option<Period>,
    /// How the user is told of an event while he looks elsewhere.
    pub notify: Option<Notify>,
    /// What is pointed out.
    pub highlight: Vec<HighlightEntry>,
}

/// How the user is told of something while he looks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// The terminal's bell.
    #[default]
    Bell,
    /// A notification, as iTerm2 and others know it.
    Osc9,
    /// A notification, as foot and others know it.
    Osc777,
    /// Not at all.
    Off,
}

/// Events that are pointed out in the tail.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HighlightEntry {
    /// Which: a text, a `/regex/` or a condition, as in the filter.
    #[serde(rename = "match")]
    pub pattern: String,
    /// The colour of their rows.
    pub color: Option<HighlightColor>,
    /// Whether each is told to a user who looks elsewhere.
    #[serde(default)]
    pub bell: bool,
    /// Whether the view is held at the first one.
    #[serde(default)]
    pub pause: bool,
}

/// A colour by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum HighlightColor {
    Red,
    Yellow,
    Green,
    Blue,
    Magenta,
    Cyan,
}

/// What the explorer looks like.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct UiEntry {
    /// Which clock times are shown by.
    pub time: Option<TimeZone>,
    /// Whether colours are used.
    pub colors: Option<Colors>,
}

/// Which clock times are shown by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeZone {
    /// That of the system.
    #[default]
    Local,
    /// Coordinated universal time, as stored.
    Utc,
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colors {
    /// On a terminal.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// Which keys stand where. Checked apart from reading the values, so that a typing error is told with its nearest word.
const TOP: [&str; 9] = ["connection", "connections", "timeouts", "poll", "ui", "load", "explore", "tail", "query"];
const CONNECTION: [&str; 7] = ["url", "api", "token_file", "token_env", "ca_file", "production", "read_only"];
const TIMEOUTS: [&str; 3] = ["connect", "idle", "heartbeat"];
const POLL: [&str; 3] = ["ping", "status", "audit"];
const UI: [&str; 2] = ["time", "colors"];
const EXPLORE: [&str; 2] = ["columns", "time"];
const LOAD: [&str; 2] = ["spool", "page_events"];
const TAIL: [&str; 5] = ["events", "megabytes", "interval", "notify", "highlight"];
const QUERY: [&str; 2] = ["history", "megabytes"];
const HIGHLIGHT: [&str; 4] = ["match", "color", "bell", "pause"];

/// Where the settings file stands when no other is named.
pub fn default_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "gdbx").map(|dirs| dirs.config_dir().join("config.toml"))
}

/// Where the explorer keeps its tabs and the history of queries.
pub fn state_folder() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "gdbx")?;
    Some(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned())
}

impl File {
    /// Read the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or the first thing in it that is wrong.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::Unreadable {
            what: "the settings file",
            path: path.to_owned(),
            reason: e.to_string(),
        })?;
        Self::parse(&text, path)
    }

    /// Read settings from the text of the file at `path`, which is named in errors.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let at = |span: Option<Range<usize>>, message: String| {
            let (line, column) = place(text, span.map_or(0, |span| span.start));
            Error::File { path: path.to_owned(), line, column, message }
        };
        let table = DeTable::parse(text).map_err(|e| at(e.span(), e.message().to_owned()))?;
        unknown_key(table.get_ref()).map_err(|(span, message)| at(Some(span), message))?;
        toml::from_str(text).map_err(|e| at(e.span(), e.message().trim().to_owned()))
    }
}

/// The first key that means nothing.
fn unknown_key(table: &DeTable<'_>) -> Result<(), (Range<usize>, String)> {
    check(table, &TOP, "")?;
    for (name, value) in table {
        let DeValue::Table(section) = value.get_ref() else { continue };
        let rules = section.get("highlight").filter(|_| name.get_ref() == "tail");
        if let Some(DeValue::Array(rules)) = rules.map(|rules| rules.get_ref()) {
            for rule in rules.iter() {
                if let DeValue::Table(rule) = rule.get_ref() {
                    check(rule, &HIGHLIGHT, "tail.highlight")?;
                }
            }
        }
        match name.get_ref().as_ref() {
            "timeouts" => check(section, &TIMEOUTS, "timeouts")?,
            "poll" => check(section, &POLL, "poll")?,
            "ui" => check(section, &UI, "ui")?,
            "load" => check(section, &LOAD, "load")?,
            "explore" => check(section, &EXPLORE, "explore")?,
            "tail" => check(section, &TAIL, "tail")?,
            "query" => check(section, &QUERY, "query")?,
            "connections" => {
                for (name, entry) in section {
                    if let DeValue::Table(entry) = entry.get_ref() {
                        check(entry, &CONNECTION, &format!("connections.{}", name.get_ref()))?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check(table: &DeTable<'_>, known: &[&str], section: &str) -> Result<(), (Range<usize>, String)> {
    let Some(key) = table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) else { return Ok(()) };
    let name = key.get_ref();
    let within = if section.is_empty() { String::new() } else { format!(" in [{section}]") };
    let near = known.iter().map(|word| (distance(name, word), word)).min();
    let hint = match near {
        Some((steps, word)) if steps <= 2.max(word.len() / 2) => format!("; did you mean `{word}`?"),
        _ => format!("; there are {}", known.join(", ")),
    };
    Err((key.span(), format!("unknown key `{name}`{within}{hint}")))
}

/// How many characters must be put in, taken out or changed to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in to.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

/// Line and column of a byte, counted from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

fn fields<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Field>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let wrong = |text: &str| {
        let text = crate::api::clean(text, 100);
        serde::de::Error::custom(format!(
            "`{text}` names no field; they look like `data.total` or `data.items[0].name`"
        ))
    };
    texts.iter().map(|text| field(text).ok_or_else(|| wrong(text))).collect()
}

fn api<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Choice>, D::Error> {
    let text = String::deserialize(deserializer)?;
    choice(&text).map(Some).ok_or_else(|| serde::de::Error::custom(not_a_choice(&text)))
}

/// `auto`, `v1` or `v2`.
pub(super) fn choice(text: &str) -> Option<Choice> {
    match text.trim().to_ascii_lowercase().as_str() {
        "auto" => Some(Choice::Auto),
        "v1" | "1" => Some(Choice::V1),
        "v2" | "2" => Some(Choice::V2),
        _ => None,
    }
}

pub(super) fn not_a_choice(text: &str) -> String {
    format!("`{}` is no API generation; there are auto, v1 and v2", crate::api::clean(text, 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        File::parse(text, Path::new("c.toml")).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        assert_eq!(
            wrong("[connections.shop]\nurl = \"http://x\"\n  tokenfile = \"a\""),
            "c.toml, line 3, column 3: unknown key `tokenfile` in [connections.shop]; did you mean `token_file`?"
        );
        assert_eq!(
            wrong("xyzzy = 1"),
            "c.toml, line 1, column 1: unknown key `xyzzy`; there are connection, connections, timeouts, poll, ui, load, explore, tail, query"
        );
        assert!(wrong("[poll]\nping = \"soon\"").starts_with("c.toml, line 2, column 8: `soon` is no span"));
        assert!(wrong("[connections.a]\nurl = \"x\"\napi = \"v3\"").contains("line 3, column 7: `v3` is no API"));
        assert!(wrong("[connections.a]\napi = \"v1\"").contains("missing field `url`"));
        assert!(wrong("[ui]\ntime = \"moon\"").contains("line 2"));
        assert!(wrong("[explore]\ncolumns = [\"a..b\"]").contains("line 2, column 11: `a..b` names no field"));
        assert!(
            wrong("[[tail.highlight]]\nmatch = \"x\"\ncolour = \"red\"")
                .contains("line 3, column 1: unknown key `colour`")
        );
        assert!(wrong("[tail]\nevents = 0").contains("line 2"));
        assert!(wrong("a = = 1").starts_with("c.toml, line 1, column "));
    }

    #[test]
    fn the_commented_file_is_right_as_it_is_and_without_its_marks() {
        let text = include_str!("../../assets/config.toml");
        assert_eq!(File::parse(text, Path::new("config.toml")).unwrap(), File::default());
        // `#key = value` is a setting, `# text` a comment.
        let bare: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = File::parse(&bare, Path::new("config.toml")).unwrap();
        assert_eq!(file.connection.as_deref(), Some("local"));
        assert_eq!((file.explore.columns.len(), file.explore.time), (2, Some(ListTime::Local)));
        assert!(file.connections["shop"].production && file.ui.time.is_some() && file.poll.audit.is_some());
        assert!(file.tail.highlight.len() == 1 && file.tail.events.is_some());
    }
}
