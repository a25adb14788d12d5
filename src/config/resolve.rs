//! What file, environment and arguments amount to.
//!
//! Owns the precedence, which the module's documentation states, and the reading of tokens.

use super::environment::Environment;
use super::error::Error;
use super::file::{self, Colors, ConnectionEntry, File, ListTime, Spool, TailEntry, TimeZone};
use super::time::Period;
use crate::api::{Choice, Settings, Token};
use crate::app::desk::Limits;
use crate::model::path::Path as Field;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the arguments say; they come before everything else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--connection`
    pub connection: Option<String>,
    /// `--url`
    pub url: Option<String>,
    /// `--token-file`
    pub token_file: Option<PathBuf>,
    /// `--ca-file`
    pub ca_file: Option<PathBuf>,
    /// `--api`
    pub api: Option<Choice>,
    /// `--all`, `--page-events`
    pub load: Option<Load>,
}

/// How much the explorer loads at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Everything.
    All,
    /// So many events.
    Pages(NonZeroUsize),
}

/// How many events a page has when nothing else is said.
const PAGE_EVENTS: usize = 200_000;

/// The settings as they hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The server; `None` when none is configured at all.
    pub connection: Option<Connection>,
    /// How often the explorer asks by itself.
    pub poll: Poll,
    /// What the explorer looks like.
    pub ui: Ui,
    /// The fields that have a column in the list of events from the start.
    pub columns: Vec<Field>,
    /// How that list tells times.
    pub list_time: ListTime,
    /// Where the explorer keeps the texts of the events of a server.
    pub spool: Spool,
    /// The live tail.
    pub tail: TailEntry,
    /// How many runs of queries are kept.
    pub history: usize,
    /// How many megabytes a query that is run here may hold, if that is said.
    pub query_megabytes: Option<u32>,
    /// How many events the explorer loads at once; without a number, all of them.
    pub page_events: Option<usize>,
    /// The settings file, when there is one.
    pub file: Option<PathBuf>,
}

/// One server.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Its name in the file, else its host.
    pub name: String,
    /// How to reach it.
    pub settings: Settings,
    /// Whether it is marked as production.
    pub production: bool,
    /// Whether changes are refused from here.
    pub read_only: bool,
}

/// How often the explorer asks by itself; `None`: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Whether the server is there.
    pub ping: Option<Duration>,
    /// Its numbers.
    pub status: Option<Duration>,
    /// Its hash chain.
    pub audit: Option<Duration>,
}

/// What the explorer looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ui {
    /// Which clock times are shown by.
    pub time: TimeZone,
    /// Whether colours are used; `NO_COLOR` is part of it.
    pub colors: Colors,
}

/// Put the settings together.
///
/// # Errors
/// The first thing that is wrong. Without any configured server there is no error: there is no connection then.
pub fn resolve(overrides: &Overrides, environment: &Environment) -> Result<Resolved, Error> {
    let path = overrides.config.clone().or_else(|| file::default_path().filter(|path| path.exists()));
    let file = path.as_deref().map(File::read).transpose()?.unwrap_or_default();
    let chosen = choose(overrides, environment, &file)?;
    let connection = match chosen {
        Some(chosen) => Some(connect(chosen, overrides, environment, &file, path.as_deref())?),
        None => None,
    };
    let or =
        |period: Option<Period>, usual: u64| period.unwrap_or(Period::Every(Duration::from_secs(usual))).duration();
    let poll = Poll { ping: or(file.poll.ping, 5), status: or(file.poll.status, 30), audit: or(file.poll.audit, 600) };
    let ui = Ui {
        time: file.ui.time.unwrap_or_default(),
        colors: match environment.get("NO_COLOR") {
            Some(_) => Colors::Never,
            None => file.ui.colors.unwrap_or_default(),
        },
    };
    let list_time = file.explore.time.unwrap_or(match ui.time {
        TimeZone::Local => ListTime::Local,
        TimeZone::Utc => ListTime::Utc,
    });
    let columns = file.explore.columns;
    let page_events = match (overrides.load, file.load.page_events) {
        (Some(Load::All), _) => None,
        (Some(Load::Pages(events)), _) | (None, Some(events)) => Some(events.get()),
        (None, None) => Some(PAGE_EVENTS),
    };
    let spool = file.load.spool.unwrap_or_default();
    let (tail, history) = (file.tail, file.query.history.unwrap_or(Limits::default().runs));
    let query_megabytes = file.query.megabytes.map(NonZeroU32::get);
    let file = path;
    Ok(Resolved { connection, poll, ui, columns, list_time, spool, tail, history, query_megabytes, page_events, file })
}

/// Where the address comes from.
enum Chosen<'a> {
    Address(&'a str),
    Entry(&'a str, &'a ConnectionEntry),
}

fn choose<'a>(
    overrides: &'a Overrides,
    environment: &'a Environment,
    file: &'a File,
) -> Result<Option<Chosen<'a>>, Error> {
    let entry = |name: &'a str| match file.connections.get(name) {
        Some(entry) => Ok(Some(Chosen::Entry(name, entry))),
        None => Err(Error::UnknownConnection {
            name: crate::api::clean(name, 100),
            known: file.connections.keys().cloned().collect(),
        }),
    };
    if let Some(url) = &overrides.url {
        return Ok(Some(Chosen::Address(url)));
    }
    if let Some(name) = &overrides.connection {
        return entry(name);
    }
    let variable = ["GENESISDB_URL", "GENESISDB_API_URL"].into_iter().find_map(|name| environment.get(name));
    match (variable, &file.connection) {
        (Some(url), _) => Ok(Some(Chosen::Address(url))),
        (None, Some(name)) => entry(name),
        (None, None) => Ok(None),
    }
}

fn connect(
    chosen: Chosen<'_>,
    overrides: &Overrides,
    environment: &Environment,
    file: &File,
    path: Option<&Path>,
) -> Result<Connection, Error> {
    let (url, entry) = match chosen {
        Chosen::Address(url) => (url, None),
        Chosen::Entry(name, entry) => (entry.url.as_str(), Some((name, entry))),
    };
    let mut settings = Settings::new(url);
    let base = settings.base().map_err(|e| Error::Value { name: origin(overrides, &entry), message: e.to_string() })?;
    settings.generation = generation(overrides, environment, entry.map(|(_, entry)| entry))?;
    settings.token = token(overrides, environment, entry.map(|(_, entry)| entry), path)?;
    settings.ca_file = overrides.ca_file.clone().or_else(|| Some(beside(path, entry?.1.ca_file.as_deref()?)));
    if let Some(connect) = file.timeouts.connect {
        // Without a limit of our own the system's holds, which is minutes.
        settings.connect_timeout = connect.duration().unwrap_or(Duration::from_secs(3600));
    }
    if let Some(idle) = file.timeouts.idle {
        settings.idle_timeout = idle.duration();
    }
    if let Some(heartbeat) = file.timeouts.heartbeat {
        settings.heartbeat_timeout = heartbeat.duration();
    }
    let host = || {
        let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}", base.host_str().unwrap_or_default())
    };
    Ok(Connection {
        name: entry.map_or_else(host, |(name, _)| name.to_owned()),
        settings,
        production: entry.is_some_and(|(_, entry)| entry.production),
        read_only: entry.is_some_and(|(_, entry)| entry.read_only),
    })
}

/// Who gave the address, for an error about it.
fn origin(overrides: &Overrides, entry: &Option<(&str, &ConnectionEntry)>) -> String {
    match (&overrides.url, entry) {
        (Some(_), _) => "--url".to_owned(),
        (None, Some((name, _))) => format!("the connection `{name}`"),
        (None, None) => "GENESISDB_URL".to_owned(),
    }
}

fn generation(
    overrides: &Overrides,
    environment: &Environment,
    entry: Option<&ConnectionEntry>,
) -> Result<Choice, Error> {
    if let Some(choice) = overrides.api.or_else(|| entry?.api) {
        return Ok(choice);
    }
    const VARIABLE: &str = "GENESISDB_API_VERSION";
    match environment.get(VARIABLE) {
        Some(text) if entry.is_none() => file::choice(text)
            .ok_or_else(|| Error::Value { name: VARIABLE.to_owned(), message: file::not_a_choice(text) }),
        _ => Ok(Choice::Auto),
    }
}

fn token(
    overrides: &Overrides,
    environment: &Environment,
    entry: Option<&ConnectionEntry>,
    config: Option<&Path>,
) -> Result<Option<Token>, Error> {
    if let Some(path) = &overrides.token_file {
        return token_file(path).map(Some);
    }
    if let Some(path) = entry.and_then(|entry| entry.token_file.as_deref()) {
        return token_file(&beside(config, path)).map(Some);
    }
    if let Some(name) = entry.and_then(|entry| entry.token_env.as_deref()) {
        let wrong = |reason: String| Error::Token { origin: format!("the variable {name}"), reason };
        let text = environment.get(name).ok_or_else(|| wrong("it is not set".to_owned()))?;
        return Token::new(text).map(Some).map_err(|e| wrong(e.to_string()));
    }
    for name in ["GENESISDB_AUTH_TOKEN", "GENESISDB_READ_TOKEN"] {
        if let Some(text) = environment.get(name) {
            let wrong = |e: crate::api::TokenError| Error::Token {
                origin: format!("the variable {name}"),
                reason: e.to_string(),
            };
            return Token::new(text).map(Some).map_err(wrong);
        }
    }
    Ok(None)
}

fn token_file(path: &Path) -> Result<Token, Error> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::Unreadable {
        what: "the token file",
        path: path.to_owned(),
        reason: e.to_string(),
    })?;
    Token::new(&text).map_err(|e| Error::Token { origin: path.display().to_string(), reason: e.to_string() })
}

/// A path of the settings file: `~/` is the home directory, and a relative one starts where the file stands.
fn beside(config: Option<&Path>, path: &Path) -> PathBuf {
    if let Ok(rest) = path.strip_prefix("~")
        && let Some(dirs) = directories::BaseDirs::new()
    {
        return dirs.home_dir().join(rest);
    }
    match config.and_then(Path::parent) {
        Some(folder) => folder.join(path),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
