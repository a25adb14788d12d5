//! The `gdbx` program: arguments in, exit code out.

use clap::Parser;
use gdbx::app::desk::Limits;
use gdbx::app::health::Polls;
use gdbx::app::probe::Probe;
use gdbx::app::screens::explore::columns::{ListSettings, TimeStyle};
use gdbx::app::screens::tail::TailOptions;
use gdbx::app::screens::tail::received::Bound;
use gdbx::app::screens::tail::rules::{Ink, Rule};
use gdbx::app::world::{Connection, Origin};
use gdbx::cli::{self, Arguments, Launch, Target, Task};
use gdbx::config::{self, Colors, Environment, HighlightColor, ListTime, Notify, Period, Spool, TailEntry, TimeZone};
use gdbx::ui::{Look, Theme};
use gdbx::{gdbql, shell};
use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> color_eyre::Result<ExitCode> {
    let began = Instant::now();
    color_eyre::install()?;
    let arguments = Arguments::parse();
    let task = match cli::plan(arguments, Environment::of_process()) {
        Ok(task) => task,
        Err(error) => return Ok(ended(Err(error))),
    };
    match task {
        Task::Explore(launch) => explore(*launch, began),
        Task::Headless(command) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let result = runtime.block_on(command.run());
            // Reading standard input may hang in a thread of its own, which is not to be waited for.
            runtime.shutdown_background();
            Ok(ended(result))
        }
    }
}

/// Open the explorer. What it measures of itself is written when the terminal is given back.
fn explore(launch: Launch, began: Instant) -> color_eyre::Result<ExitCode> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        eprintln!("gdbx: the explorer needs a terminal; `gdbx --help` lists the commands that do not");
        return Ok(ExitCode::from(cli::exit::USAGE));
    }
    let mut record = match launch.stats.clone().map(Record::create).transpose() {
        Ok(record) => record,
        Err(error) => return Ok(ended(Err(error))),
    };
    let mut stats = shell::Stats::since(began);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(open(launch, &mut stats));
    // A request that is still on its way is not waited for.
    runtime.shutdown_background();
    let written = record.as_mut().map_or(Ok(()), |record| record.write(&stats));
    Ok(match result {
        Ok(()) => ended(written),
        Err(error) => {
            eprintln!("gdbx: {error}");
            ExitCode::FAILURE
        }
    })
}

/// The file of `--stats`. It is made at the start: whether it can be is told before hours of work, not behind them.
struct Record {
    path: PathBuf,
    file: File,
}

impl Record {
    fn create(path: PathBuf) -> Result<Self, cli::Error> {
        match File::create(&path) {
            Ok(file) => Ok(Self { path, file }),
            Err(reason) => Err(cli::Error::File { what: path.display().to_string(), reason }),
        }
    }

    fn write(&mut self, stats: &shell::Stats) -> Result<(), cli::Error> {
        let failed = |reason| cli::Error::File { what: self.path.display().to_string(), reason };
        stats.write(&mut self.file).map_err(failed)
    }
}

async fn open(launch: Launch, stats: &mut shell::Stats) -> Result<(), Box<dyn std::error::Error>> {
    let settings = launch.settings;
    let look = Look {
        theme: if settings.ui.colors == Colors::Never { Theme::plain() } else { Theme::default() },
        zone: match settings.ui.time {
            TimeZone::Local => jiff::tz::TimeZone::system(),
            TimeZone::Utc => jiff::tz::TimeZone::UTC,
        },
    };
    let polls = Polls { ping: settings.poll.ping, status: settings.poll.status, audit: settings.poll.audit };
    let list = ListSettings {
        fields: settings.columns.clone(),
        time: match settings.list_time {
            ListTime::Local => TimeStyle::Local,
            ListTime::Utc => TimeStyle::Utc,
            ListTime::Relative => TimeStyle::Relative,
        },
        local: jiff::tz::TimeZone::system(),
    };
    let (tail, notice) = (tail_options(&settings.tail)?, notice(settings.tail.notify.unwrap_or_default()));
    let mut launch = match launch.target {
        Target::Connection(connection) => {
            let shown = Connection {
                name: connection.name.clone(),
                url: connection.settings.url.clone(),
                origin: Origin::Server,
                production: connection.production,
                read_only: connection.read_only,
            };
            shell::Launch::server(connection.settings, shown, keep(settings.spool), polls, look)?
        }
        Target::Demo { events } => shell::Launch::demo(events, polls, look).await?,
        Target::Open(file) => shell::Launch::open(&file, look)?,
    };
    launch.list = list;
    (launch.tail, launch.notice) = (tail, notice);
    launch.folders = folders(settings.file.as_deref(), settings.history);
    launch.query_limits = gdbql::Limits::default().with_megabytes(settings.query_megabytes, config::QUERY_MEGABYTES);
    Ok(shell::run(launch.in_pages(settings.page_events), stats).await?)
}

/// Where the explorer keeps what outlives it: the saved queries stand beside the settings.
fn folders(settings: Option<&Path>, runs: usize) -> shell::Folders {
    let default = config::default_path();
    let beside = settings.or(default.as_deref()).and_then(Path::parent);
    shell::Folders {
        state: config::state_folder(),
        queries: beside.map(|folder| folder.join("queries")),
        limits: Limits { runs },
    }
}

/// What the settings say of the tail.
fn tail_options(entry: &TailEntry) -> Result<TailOptions, String> {
    let mut bound = Bound::default();
    if let Some(events) = entry.events {
        bound.events = events.get() as usize;
    }
    if let Some(megabytes) = entry.megabytes {
        bound.bytes = u64::from(megabytes.get()) << 20;
    }
    let interval = entry.interval.and_then(Period::duration).map(|interval| interval.as_secs_f64());
    let mut rules = Vec::new();
    for (at, highlight) in entry.highlight.iter().enumerate() {
        let wrong = |what: String| format!("the settings, [[tail.highlight]] `{}`: {what}", highlight.pattern);
        let probe = Probe::new(&highlight.pattern).map_err(|error| wrong(error.to_string()))?;
        let probe = probe.ok_or_else(|| wrong("it matches nothing".to_owned()))?;
        let ink = highlight.color.map_or(Ink::ALL[at % Ink::ALL.len()], ink);
        rules.push(Rule { probe, ink, bell: highlight.bell, pause: highlight.pause });
    }
    Ok(TailOptions { bound, interval, rules })
}

fn ink(color: HighlightColor) -> Ink {
    match color {
        HighlightColor::Red => Ink::Red,
        HighlightColor::Yellow => Ink::Yellow,
        HighlightColor::Green => Ink::Green,
        HighlightColor::Blue => Ink::Blue,
        HighlightColor::Magenta => Ink::Magenta,
        HighlightColor::Cyan => Ink::Cyan,
    }
}

fn notice(notify: Notify) -> shell::Notice {
    match notify {
        Notify::Bell => shell::Notice::Bell,
        Notify::Osc9 => shell::Notice::Osc9,
        Notify::Osc777 => shell::Notice::Osc777,
        Notify::Off => shell::Notice::Off,
    }
}

/// Where the texts of events are kept. Without a cache directory they stay in memory.
fn keep(spool: Spool) -> shell::Keep {
    match (spool, directories::ProjectDirs::from("", "", "gdbx")) {
        (Spool::Disk, Some(directories)) => shell::Keep::Disk(directories.cache_dir().to_owned()),
        (Spool::Memory, _) | (_, None) => shell::Keep::Memory,
    }
}

/// Say what went wrong, if there is anything to say.
fn ended(result: Result<(), cli::Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is_quiet() {
                eprintln!("gdbx: {error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
