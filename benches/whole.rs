//! The whole explorer as it is released, in a pseudo-terminal of 200 columns and 50 rows: opened, used while it loads
//! and after, left; and the figures that it measured of itself, over several runs.
//!
//! `cargo bench --bench whole -- --file events.ndjson --runs 5`; docs/measuring.md says what the figures mean.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/pty/mod.rs"]
mod pty;

use clap::Parser;
use pty::{Setup, Terminal};
use serde_json::Value;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Measure the whole explorer; without an address or a file, on the demo store.
#[derive(Parser)]
struct Arguments {
    /// The server; the token comes from GENESISDB_AUTH_TOKEN
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    url: Option<String>,
    /// A file of events
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// How often
    #[arg(long, value_name = "N", default_value_t = 3)]
    runs: usize,
    /// Another program than the one that was built for this
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_gdbx"))]
    program: PathBuf,
    /// Look for this ten times when all is loaded, and press no other keys
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
    /// The time between two keys, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 25)]
    pace: u64,
    /// What `cargo bench` says to every bench
    #[arg(long, hide = true)]
    bench: bool,
    /// What `cargo test` says to every bench
    #[arg(long, hide = true)]
    test: bool,
    /// More arguments for gdbx
    #[arg(last = true)]
    more: Vec<String>,
}

/// The keys of one round, from Explore with the tree and back: through tree, types, events and an event, into the filter,
/// to the other screens. Esc is pressed only where there is something to leave: elsewhere it stops the load.
const ROUND: &[&str] = &[
    "down",
    "down",
    "down",
    "right",
    "down",
    "pagedown",
    "up",
    "s",
    "s",
    "s",
    "tab",
    "down",
    "tab",
    "down",
    "pagedown",
    "up",
    "pageup",
    "tab",
    "down",
    "down",
    "tab",
    "enter",
    "/",
    "b",
    "r",
    "u",
    "c",
    "e",
    "enter",
    "down",
    "down",
    "/",
    "backspace",
    "backspace",
    "backspace",
    "backspace",
    "backspace",
    "enter",
    "shift-tab",
    "shift-tab",
    "alt-5",
    "down",
    "alt-2",
    "alt-3",
    "x",
    "alt-1",
    "?",
    "esc",
];

/// What the Explore screen says once all is loaded, and at no other time.
const LOADED: &str = " subjects · ";
/// A load that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(300);

/// The figures of the table: their names, and where they stand in the report.
const FIGURES: &[(&str, &str)] = &[
    ("first frame, ms", "/firstFrameMs"),
    ("first events, ms", "/firstEventsMs"),
    ("loaded, ms", "/load/loadedMs"),
    ("events", "/load/events"),
    ("bytes", "/load/bytes"),
    ("anonymous memory when loaded, MiB", "/load/memory/rssAnonBytes"),
    ("anonymous memory at the end, MiB", "/memory/rssAnonBytes"),
    ("largest resident set, MiB", "/memory/peakRssBytes"),
    ("frames", "/frames/all/count"),
    ("frame, p50 ms", "/frames/all/p50Ms"),
    ("frame, p99 ms", "/frames/all/p99Ms"),
    ("slowest frame, ms", "/frames/all/maxMs"),
    ("frames while loading", "/frames/whileLoading/count"),
    ("frame while loading, p99 ms", "/frames/whileLoading/p99Ms"),
    ("slowest frame while loading, ms", "/frames/whileLoading/maxMs"),
    ("keys", "/keys/all/count"),
    ("key to frame, p50 ms", "/keys/all/p50Ms"),
    ("key to frame, p99 ms", "/keys/all/p99Ms"),
    ("slowest key, ms", "/keys/all/maxMs"),
    ("keys while loading", "/keys/whileLoading/count"),
    ("key to frame while loading, p99 ms", "/keys/whileLoading/p99Ms"),
    ("slowest key while loading, ms", "/keys/whileLoading/maxMs"),
    ("searches", "/searches/all/count"),
    ("search, p50 ms", "/searches/all/p50Ms"),
    ("slowest search, ms", "/searches/all/maxMs"),
    ("away from the keyboard, p99 ms", "/turns/all/p99Ms"),
    ("longest away from the keyboard, ms", "/turns/all/maxMs"),
    ("longest away while loading, ms", "/turns/whileLoading/maxMs"),
];

fn main() {
    let arguments = Arguments::parse();
    if arguments.test || !arguments.bench {
        return println!("nothing is measured here; `cargo bench --bench whole` does");
    }
    let reports: Vec<Value> = (0..arguments.runs.max(1)).map(|_| run(&arguments)).collect();
    println!("\n{} runs\n\n| figure | min | median | max |\n|---|--:|--:|--:|", reports.len());
    for (name, pointer) in FIGURES {
        let mut values: Vec<f64> = reports.iter().filter_map(|report| report.pointer(pointer)?.as_f64()).collect();
        values.sort_by(f64::total_cmp);
        let shown = |value: Option<&f64>| match value {
            Some(bytes) if name.ends_with("MiB") => format!("{:.1}", bytes / f64::from(1 << 20)),
            Some(value) if value.fract() == 0.0 => format!("{value:.0}"),
            Some(value) => format!("{value:.2}"),
            None => "–".to_owned(),
        };
        println!(
            "| {name} | {} | {} | {} |",
            shown(values.first()),
            shown(values.get(values.len() / 2)),
            shown(values.last())
        );
    }
}

/// Open it, press keys until all is loaded and for another round, leave. Gives what it has measured.
fn run(arguments: &Arguments) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stats.json");
    let mut words = match (&arguments.url, &arguments.file) {
        (Some(url), _) => vec!["--url".to_owned(), url.clone()],
        (None, Some(file)) => vec!["open".to_owned(), file.canonicalize().unwrap().to_str().unwrap().to_owned()],
        (None, None) => vec!["demo".to_owned()],
    };
    words.extend(["--stats".to_owned(), file.to_str().unwrap().to_owned()]);
    words.extend(arguments.more.iter().cloned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let token = std::env::var("GENESISDB_AUTH_TOKEN").unwrap_or_else(|_| "secret".to_owned());
    let setup = Setup::of(&arguments.program, &words).env("GENESISDB_AUTH_TOKEN", &token);
    let mut terminal = setup.env("COLORTERM", "truecolor").open(200, 50);
    terminal.sees("Explore");

    let pace = Duration::from_millis(arguments.pace);
    let rounds = match &arguments.filter {
        Some(filter) => look_for(&mut terminal, filter),
        None => use_it(&mut terminal, pace, arguments.file.is_some()),
    };
    terminal.press("ctrl-q");
    let (status, screen) = terminal.ends();
    assert!(status.success(), "{status}: {screen}");
    let report: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    eprintln!("loaded after {} ms, {rounds} rounds", report["load"]["loadedMs"]);
    report
}

/// Press keys until all is loaded and for another round. Gives how many rounds that were.
fn use_it(terminal: &mut Terminal, pace: Duration, file: bool) -> usize {
    let (began, mut rounds) = (Instant::now(), 1);
    while !round(terminal, pace, file) {
        let given_up = terminal.shows("loading stopped") || began.elapsed() > PATIENCE;
        assert!(!given_up, "it was not loaded; the screen shows:\n{}", terminal.screen());
        rounds += 1;
    }
    round(terminal, pace, file);
    rounds + 1
}

/// Press the keys of a round. Gives whether all is loaded then.
fn round(terminal: &mut Terminal, pace: Duration, file: bool) -> bool {
    // On a file, what these screens ask for starts a server on a copy of it: that would be measured, and nothing else.
    let asks = |key: &str| matches!(key, "alt-2" | "alt-5");
    for key in ROUND.iter().filter(|key| !(file && asks(key))) {
        terminal.press(key);
        sleep(pace);
    }
    terminal.shows(LOADED)
}

/// Wait until all is loaded, and look for something in all events, again and again. Gives how often.
fn look_for(terminal: &mut Terminal, filter: &str) -> usize {
    const TIMES: usize = 10;
    terminal.sees(LOADED);
    terminal.press("enter");
    for _ in 0..TIMES {
        terminal.press("/");
        // A paste is one change, as the last key of a text is.
        terminal.write(&format!("\x1b[200~{filter}\x1b[201~"));
        terminal.sees(filter);
        // What is seen may be a part of a frame. An empty list says `Looking`, one with events says how far.
        sleep(Duration::from_millis(50));
        terminal.sees_no_more("ooking");
        terminal.press("enter");
        sleep(Duration::from_millis(100));
        terminal.press("esc");
        // The event that the cursor is on may hold the text, too.
        terminal.sees_no_more("filter (");
    }
    TIMES
}
