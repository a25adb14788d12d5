//! The headless commands.
//!
//! Owns the command line's grammar, the output formats and the exit codes. Each command is one question to
//! [`crate::api`] and one answer on stdout; everything that is no data goes to stderr. It knows no screens: the
//! explorer's own commands are handed back as a [`Launch`].

mod arguments;
mod commands;
mod commit;
mod error;
mod interrupt;
mod local;
mod observe;
mod output;
mod serve;
mod stream;
mod transfer;

pub use arguments::Arguments;
pub use error::{Error, exit};

use crate::api::Client;
use crate::config::{Connection, Environment, Overrides, Resolved, resolve};
use crate::store::demo::DEFAULT_EVENTS;
use arguments::{Command, ExplorerArguments, ServeArguments};
use commands::Context;
use interrupt::Interrupt;
use std::path::PathBuf;

/// What the explorer is to open.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A server.
    Connection(Box<Connection>),
    /// The embedded demo store with this many events; nothing is kept.
    Demo {
        /// How many events to start with.
        events: usize,
    },
    /// A backup, offline.
    Open(PathBuf),
}

/// What the explorer is started with.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// What to open.
    pub target: Target,
    /// All settings.
    pub settings: Resolved,
    /// Where to write what the session measured of itself.
    pub stats: Option<PathBuf>,
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Task {
    /// The explorer, which is not this module's to run.
    Explore(Box<Launch>),
    /// A headless command; see [`Headless::run`].
    Headless(Box<Headless>),
}

/// A headless command that is ready to run.
#[derive(Debug)]
pub struct Headless(Work);

#[derive(Debug)]
enum Work {
    Serve(Box<ServeArguments>, Environment),
    Ask(Command, Box<Resolved>),
}

/// Understand arguments and settings.
///
/// # Errors
/// When the settings are wrong.
pub fn plan(arguments: Arguments, environment: Environment) -> Result<Task, Error> {
    let ExplorerArguments { mut stats } = arguments.explorer;
    let measures = stats.is_some();
    let headless = |work| match measures {
        true => Err(Error::Usage("--stats measures the explorer; this command does not open it".to_owned())),
        false => Ok(Task::Headless(Box::new(Headless(work)))),
    };
    // A server of one's own needs none of the settings that lead to others.
    if let Some(Command::Serve(arguments)) = arguments.command {
        return headless(Work::Serve(arguments, environment));
    }
    let load = match &arguments.command {
        Some(Command::Demo { load, .. }) => load.load().or(arguments.load.load()),
        None | Some(Command::Open { .. }) => arguments.load.load(),
        Some(_) if arguments.load.load().is_some() => {
            return Err(Error::Usage("--all and --page-events are for the explorer: leave them out here".to_owned()));
        }
        Some(_) => None,
    };
    let overrides = Overrides { load, ..arguments.connection.overrides() };
    let settings = resolve(&overrides, &environment)?;
    let target = match arguments.command {
        None => match &settings.connection {
            Some(connection) => Target::Connection(Box::new(connection.clone())),
            None => Target::Demo { events: DEFAULT_EVENTS },
        },
        Some(Command::Demo { events, explorer, .. }) => {
            stats = explorer.stats.or(stats);
            Target::Demo { events }
        }
        Some(Command::Open { file, explorer }) => {
            stats = explorer.stats.or(stats);
            Target::Open(file)
        }
        Some(command) => return headless(Work::Ask(command, Box::new(settings))),
    };
    Ok(Task::Explore(Box::new(Launch { target, settings, stats })))
}

impl Headless {
    /// Run the command to its end, or until it is interrupted.
    ///
    /// # Errors
    /// Whatever went wrong; [`Error::exit_code`] is what to end with.
    pub async fn run(self) -> Result<(), Error> {
        let (command, settings) = match self.0 {
            Work::Serve(arguments, environment) => return serve::run(*arguments, &environment).await,
            Work::Ask(command, settings) => (command, settings),
        };
        // A backup is asked without any server.
        let command = match command {
            Command::Query(mut arguments) if arguments.backup.is_some() => {
                let backup = arguments.backup.take().unwrap_or_default();
                return local::query(arguments, backup, &settings).await;
            }
            command => command,
        };
        let connection = settings.connection.ok_or(Error::NoServer)?;
        if connection.read_only && command.changes() {
            return Err(Error::ReadOnly { connection: connection.name });
        }
        let client = Client::new(connection.settings)?;
        let context = Context { client, interrupt: Interrupt::listen(), colors: settings.ui.colors };
        commands::run(command, context).await
    }
}
