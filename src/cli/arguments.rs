//! The command line's grammar and its help.
//!
//! One grammar for all commands: options that name the server are the same everywhere, and so are those of the output.

use crate::api::Choice;
use crate::config::{Load, Overrides, Period};
use crate::store::demo::DEFAULT_EVENTS;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const ABOUT: &str = "The terminal explorer for GenesisDB";
const LONG_ABOUT: &str = "The terminal explorer for GenesisDB.

Without a command it opens the explorer on the configured server, or on a demo store when none is configured.";
const AFTER: &str = "\
Examples:
  gdbx                                      explore the configured server
  gdbx --all                                the same, with all events loaded at once
  gdbx demo                                 explore a demo store
  gdbx --url http://localhost:8080 ping     is it there?
  gdbx stream /customer --limit 10          the first events below a subject
  gdbx query 'STREAM e FROM events MAP COUNT()'

The server comes from --url, --connection, GENESISDB_URL, GENESISDB_API_URL or the settings file, in this order; \
the token from --token-file, the settings file, GENESISDB_AUTH_TOKEN or GENESISDB_READ_TOKEN. There is no option for \
the token itself: command lines are visible to every user of a system.

Exit codes:
    0  done
    1  the server refused, or the query is wrong
    2  usage: arguments, settings or a local file
    3  unreachable
    4  not allowed (401, 403)
    5  a precondition does not hold
  130  interrupted";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "gdbx", version, about = ABOUT, long_about = LONG_ABOUT, after_help = AFTER, styles = STYLES)]
#[command(disable_help_subcommand = true, max_term_width = 110)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    #[command(flatten)]
    pub(super) load: LoadArguments,
    #[command(flatten)]
    pub(super) explorer: ExplorerArguments,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// How much the explorer loads at once.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Explorer")]
pub(super) struct LoadArguments {
    /// Load all events at once, however many there are
    #[arg(long, conflicts_with = "page_events")]
    all: bool,
    /// Load so many events at once [default: 200000]
    #[arg(long, value_name = "N", hide_default_value = true)]
    page_events: Option<NonZeroUsize>,
}

impl LoadArguments {
    pub fn load(self) -> Option<Load> {
        if self.all { Some(Load::All) } else { self.page_events.map(Load::Pages) }
    }
}

/// Which server, with which token.
#[derive(Args, Debug)]
#[command(next_help_heading = "Server")]
pub(super) struct ConnectionArguments {
    /// The server's address, without /api at its end
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    /// A file that holds the token
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The API generation: auto asks the server
    #[arg(long, global = true, value_name = "GENERATION")]
    api: Option<Api>,
    /// PEM certificates to trust in addition to the system's
    #[arg(long, global = true, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// A connection of the settings file
    #[arg(long, short = 'c', global = true, value_name = "NAME")]
    connection: Option<String>,
    /// The settings file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConnectionArguments {
    pub fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            connection: self.connection.clone(),
            url: self.url.clone(),
            token_file: self.token_file.clone(),
            ca_file: self.ca_file.clone(),
            api: self.api.map(|api| match api {
                Api::Auto => Choice::Auto,
                Api::V1 => Choice::V1,
                Api::V2 => Choice::V2,
            }),
            load: None,
        }
    }
}

/// How the explorer is run, whatever it is opened on.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Explorer")]
pub(super) struct ExplorerArguments {
    /// Write what the session measured of itself to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Api {
    Auto,
    V1,
    V2,
}

/// How data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One JSON value a line, events exactly as the server sent them
    Ndjson,
    /// One JSON array
    Json,
    /// Columns for people
    Table,
    /// Comma-separated values with a header
    Csv,
    /// Tab-separated values with a header; a tab inside a value is written \t
    Tsv,
    /// A Markdown table
    Markdown,
}

#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArguments {
    /// How to print [default: table on a terminal, ndjson in a pipe]
    #[arg(long, short, value_name = "FORMAT", hide_default_value = true)]
    pub output: Option<Format>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Ask whether the server is there, and how fast it answers
    Ping(OutputArguments),
    /// Let the server check its hash chain; exit code 1 when it does not pass
    Audit(OutputArguments),
    /// Print the server's version and numbers
    Status(OutputArguments),
    /// List the top-level subjects
    Subjects(OutputArguments),
    /// List the event types
    Types(OutputArguments),
    /// List the registered schemas, or register one
    #[command(args_conflicts_with_subcommands = true)]
    Schemas(SchemasArguments),
    /// Print the events of a subject and everything below it
    #[command(after_help = STREAM_EXAMPLES)]
    Stream(StreamArguments),
    /// Print events as they are committed, until it is interrupted
    #[command(after_help = OBSERVE_EXAMPLES)]
    Observe(ObserveArguments),
    /// Run a GDBQL query
    #[command(after_help = QUERY_EXAMPLES)]
    Query(QueryArguments),
    /// Store events: all of them or none
    #[command(after_help = COMMIT_EXAMPLES)]
    Commit(CommitArguments),
    /// Erase the reference payloads of a subject's events
    Erase(EraseArguments),
    /// Write the whole store to a file
    #[command(after_help = "The file appears under its name once it is complete; only you can read it.")]
    Backup {
        /// The file, or - for standard output
        file: PathBuf,
    },
    /// Fill an empty store from a backup
    Restore {
        /// The backup
        file: PathBuf,
        /// Yes, do it
        #[arg(long)]
        yes: bool,
    },
    /// Run the embedded server, until SIGINT or SIGTERM
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Box<ServeArguments>),
    /// Explore a demo store in memory; nothing is kept
    Demo {
        /// How many events to start with
        #[arg(long, value_name = "N", default_value_t = DEFAULT_EVENTS)]
        events: usize,
        #[command(flatten)]
        load: LoadArguments,
        #[command(flatten)]
        explorer: ExplorerArguments,
    },
    /// Explore a backup offline
    Open {
        /// A JSON array of events, or one event a line
        file: PathBuf,
        #[command(flatten)]
        explorer: ExplorerArguments,
    },
}

impl Command {
    /// Whether it changes the store.
    pub fn changes(&self) -> bool {
        match self {
            Self::Commit(_) | Self::Erase(_) | Self::Restore { .. } => true,
            Self::Schemas(arguments) => arguments.command.is_some(),
            _ => false,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct SchemasArguments {
    #[command(flatten)]
    pub output: OutputArguments,
    #[command(subcommand)]
    pub command: Option<SchemasCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum SchemasCommand {
    /// Register the schema of an event type; it cannot be changed later
    Register {
        /// The event type, io.genesisdb.app.customer-added
        #[arg(value_name = "TYPE")]
        kind: String,
        /// The schema, or - for standard input
        file: PathBuf,
    },
}

const STREAM_EXAMPLES: &str = "\
Examples:
  gdbx stream /                              the whole store
  gdbx stream /customer --count              how many events there are
  gdbx stream /order --lower-bound ID        what came after an event
  gdbx stream / --output csv > events.csv";

/// Which events.
#[derive(Args, Debug)]
pub(super) struct Selection {
    /// The subject; it and everything below it. / is the whole store
    pub subject: String,
    /// Start after this event
    #[arg(long, value_name = "ID")]
    pub lower_bound: Option<String>,
    /// End before this event
    #[arg(long, value_name = "ID")]
    pub upper_bound: Option<String>,
    /// The event of --lower-bound too
    #[arg(long, requires = "lower_bound")]
    pub include_lower: bool,
    /// The event of --upper-bound too
    #[arg(long, requires = "upper_bound")]
    pub include_upper: bool,
    /// Only the newest event of this type
    #[arg(long, value_name = "TYPE")]
    pub latest_by_type: Option<String>,
}

/// How many of them, and how they are printed.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Amount {
    /// Stop after so many
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Print how many there are; each is still read and checked
    #[arg(long, conflicts_with = "output")]
    pub count: bool,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Args, Debug)]
pub(super) struct StreamArguments {
    #[command(flatten)]
    pub selection: Selection,
    #[command(flatten)]
    pub amount: Amount,
}

const OBSERVE_EXAMPLES: &str = "\
Examples:
  gdbx observe /order --from now             only what is committed from now on
  gdbx observe / --from 2026-03-01T13:58     what was committed since, and what comes
  gdbx observe / | jq .type

A lost connection is opened again after the last event that came: every event is printed once. States are told on standard error.";

#[derive(Args, Debug)]
pub(super) struct ObserveArguments {
    #[command(flatten)]
    pub selection: Selection,
    /// Leave out what is there already; the same as --from now
    #[arg(long, conflicts_with = "lower_bound")]
    pub from_now: bool,
    /// Where to begin: start, now, the ID of the first event, or a time (2026-03-01, 2026-03-01T13:58, with an offset or
    /// in the system's zone)
    #[arg(long, value_name = "WHERE", conflicts_with_all = ["from_now", "lower_bound"])]
    pub from: Option<String>,
    /// How often a server of API v2 is to look for new events, 500ms for instance
    #[arg(long, value_name = "TIME")]
    pub interval: Option<Period>,
    #[command(flatten)]
    pub amount: Amount,
}

const QUERY_EXAMPLES: &str = "\
Examples:
  gdbx query \"STREAM e FROM events WHERE e.subject UNDER '/order' MAP COUNT()\"
  gdbx query --file revenue.gdbql --output csv
  echo 'STREAM e FROM events LIMIT 3' | gdbx query -
  gdbx query --backup backup.ndjson \"STREAM e FROM events GROUP BY e.type MAP { type: e.type, events: COUNT() }\"
  gdbx query 'STREAM e FROM events' --output csv --columns time,subject,data.total

csv, tsv and markdown have the columns of the explorer's table: members of nested objects are columns (data.total), \
arrays are cells of JSON, and every column that any row has is there. So nothing is written before the last row has \
come; more than 8 MiB of rows wait in a file without a name in the folder for temporary files. With --columns these \
columns are written, in this order, whatever the rows have, and csv and tsv are written as the rows come. A table for \
people has the columns of its first 1000 rows, and says so when a later row has another.";

#[derive(Args, Debug)]
pub(super) struct QueryArguments {
    /// The query, or - for standard input
    #[arg(value_name = "GDBQL", required_unless_present = "file", conflicts_with = "file")]
    pub query: Option<String>,
    /// Read the query from a file
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Ask a backup instead of a server: a JSON array of events, or one a line
    #[arg(long, value_name = "BACKUP")]
    pub backup: Option<PathBuf>,
    /// The columns of the table, which is then written as the rows come: type,data.total
    #[arg(long, value_name = "A,B.C", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Say on standard error how the query was run, and how many events were read
    #[arg(long, requires = "backup")]
    pub explain: bool,
    #[command(flatten)]
    pub amount: Amount,
}

const COMMIT_EXAMPLES: &str = "\
Examples:
  gdbx commit event.json --if-new /customer/42
  gdbx commit - --if-query \"STREAM e FROM events WHERE e.subject UNDER '/seat' MAP COUNT() < 50\" < events.json

The file holds one event, an array of events, or a whole request:
  {\"source\":\"io.example.app\",\"subject\":\"/customer/42\",\"type\":\"io.example.app.customer-added\",\"data\":{…}}
  {\"events\":[…],\"preconditions\":[…]}
It is sent as it is written. A commit is never sent twice.";

#[derive(Args, Debug)]
pub(super) struct CommitArguments {
    /// The file, or - for standard input
    pub file: PathBuf,
    /// Only if neither this subject nor anything below it has events; repeatable
    #[arg(long, value_name = "SUBJECT")]
    pub if_new: Vec<String>,
    /// Only if this subject or something below it has events; repeatable
    #[arg(long, value_name = "SUBJECT")]
    pub if_existing: Vec<String>,
    /// Only if every row of this query is true; repeatable
    #[arg(long, value_name = "GDBQL")]
    pub if_query: Vec<String>,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Args, Debug)]
pub(super) struct EraseArguments {
    /// The subject
    pub subject: String,
    /// Yes, do it: what is erased cannot be brought back
    #[arg(long)]
    pub yes: bool,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  gdbx serve --demo                          a store to play with, in memory
  gdbx serve --data events.log               a store that is kept

It prints `listening on http://HOST:PORT` once it answers. The tokens may also come from GENESISDB_AUTH_TOKEN and \
GENESISDB_READ_TOKEN; without any the token is `secret`, on loopback only.";

#[derive(Args, Debug)]
pub(super) struct ServeArguments {
    /// Where to listen; port 0 picks a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// The administrator's token
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// A token that may commit and read
    #[arg(long, value_name = "TOKEN")]
    pub write_token: Option<String>,
    /// A token that may only read
    #[arg(long, value_name = "TOKEN")]
    pub read_token: Option<String>,
    /// Keep the events in this file; without it they are in memory only
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Read a backup into the empty store
    #[arg(long, value_name = "BACKUP")]
    pub load: Option<PathBuf>,
    /// Start with demo events
    #[arg(long)]
    pub demo: bool,
    /// How many demo events
    #[arg(long, value_name = "N", default_value_t = DEFAULT_EVENTS, requires = "demo")]
    pub events: usize,
    /// How many megabytes a query may hold for ORDER BY and GROUP BY [default: 1024]
    #[arg(long, value_name = "N", hide_default_value = true)]
    pub query_megabytes: Option<NonZeroU32>,
    /// Commit another demo event every so often, 500ms for instance
    #[arg(long, value_name = "TIME", requires = "demo")]
    pub trickle: Option<Period>,
}
