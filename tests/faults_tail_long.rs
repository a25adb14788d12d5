//! Faults of the tail that take their time: silence, a terminal that takes nothing, a program that is stopped, a window
//! that changes all the time, a network that is gone. No event is lost and none comes twice.
//!
//! All of them run side by side, whatever test is waited for first: together they take as long as the longest.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod pty;
mod scripted;

use gdbx::api::{Choice, Client, Policy, Settings, Tail, TailFrom, TailItem};
use gdbx::model::request::StreamRequest;
use pty::{Setup, Terminal};
use scripted::{Request, Scripted, Step, answer, chunk, chunked, event};
use std::io::Write;
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const GDBX: &str = env!("CARGO_BIN_EXE_gdbx");
/// So long each fault lasts.
const LONG: Duration = Duration::from_secs(10);
/// How many events are sent, so many each hundredth of a second: 10,000 a second, for longer than any fault lasts.
const EVENTS: usize = 130_000;
const STEP: usize = 100;
/// Where they are recorded, in the home directory.
const RECORDED: &str = "tail.ndjson";
/// Where the tabs of the queries are kept.
const TABS: &str = "state/gdbx/tabs/session-1.json";

/// A scenario that runs, until its test has waited for it.
type Running = Mutex<Option<JoinHandle<()>>>;

struct Scenarios {
    runtime: Runtime,
    stalled: Running,
    ended: Running,
    stopped: Running,
    resized: Running,
    silent: Running,
    offline: Running,
}

static ALL: LazyLock<Scenarios> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let start = |scenario: JoinHandle<()>| Mutex::new(Some(scenario));
    Scenarios {
        stalled: start(runtime.spawn(watched(a_stalled_terminal))),
        ended: start(runtime.spawn(observed(an_end_without_a_view))),
        stopped: start(runtime.spawn(watched(a_stopped_program))),
        resized: start(runtime.spawn(watched(a_changing_window))),
        silent: start(runtime.spawn(silence())),
        offline: start(runtime.spawn_blocking(no_network)),
        runtime,
    }
});

fn passes(scenario: &Running) {
    let handle = scenario.lock().unwrap().take().unwrap();
    if let Err(error) = ALL.runtime.block_on(handle) {
        // What it said stands with the test that came first, which may have passed.
        let payload = error.into_panic();
        let said = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        panic!("{}", said.unwrap_or("a panic without words"));
    }
}

#[test]
fn a_terminal_that_takes_nothing_for_ten_seconds() {
    passes(&ALL.stalled);
}

#[test]
fn a_program_that_is_told_to_end_while_its_terminal_takes_nothing() {
    passes(&ALL.ended);
}

#[test]
fn a_program_that_is_stopped_for_ten_seconds() {
    passes(&ALL.stopped);
}

#[test]
fn a_thousand_sizes() {
    passes(&ALL.resized);
}

#[test]
fn ten_seconds_of_silence_are_a_loss_without_heartbeats_and_none_with_them() {
    passes(&ALL.silent);
}

#[test]
fn a_network_that_goes_away_and_comes_back() {
    passes(&ALL.offline);
}

/// A server that has nothing, and sends its events once it is observed.
fn feeder(request: &Request, go: &Arc<Notify>) -> Vec<Step> {
    match request.path.as_str() {
        "/api/v2/ping" => answer(200, "Pong"),
        "/api/v2/fetch" | "/api/v2/query" => answer(200, ""),
        "/api/v2/subscribe" => {
            // The recording begins before the first event.
            let mut steps = vec![chunked(), chunk(": here\n"), Step::Until(Arc::clone(go))];
            for first in (1..=EVENTS).step_by(STEP) {
                let lines: String = (first..first + STEP).map(|n| format!("data: {}\n\n", event(n))).collect();
                steps.extend([chunk(lines), Step::Beat(Duration::from_millis(10))]);
            }
            steps.push(Step::Hang);
            steps
        }
        _ => answer(404, "not here"),
    }
}

/// The explorer on the feeder, recording, and what is then done with it.
async fn observed(then: impl FnOnce(Terminal) + Send + 'static) {
    let go = Arc::new(Notify::new());
    let told = Arc::clone(&go);
    let server = Scripted::start(move |_, request| feeder(request, &told)).await;
    let url = server.url.clone();
    let program = move || {
        let mut terminal = Setup::of(GDBX, &["--url", &url, "--api", "v2"]).open(160, 40);
        terminal.sees("● live");
        terminal.press("2");
        terminal.sees("● following");
        terminal.press("R");
        terminal.sees("record to:");
        terminal.write(RECORDED);
        terminal.press("enter");
        terminal.sees("◉ recording");
        go.notify_one();
        terminal.sees("data");
        then(terminal);
    };
    if let Err(error) = tokio::task::spawn_blocking(program).await {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// The explorer on the feeder, recording, while something happens to it. Everything is received, shown and written,
/// once and in order.
async fn watched(happens: fn(&mut Terminal)) {
    let whole = move |mut terminal: Terminal| {
        happens(&mut terminal);
        terminal.sees("   130,000 events");
        terminal.press("R");
        terminal.sees("all of it is on the disk");
        assert_eq!(recorded(&terminal.home_file(RECORDED)), EVENTS);
        terminal.press("q");
        assert!(terminal.ends().0.success());
    };
    observed(whole).await;
}

/// How many events were recorded: each once, in order, byte for byte.
fn recorded(file: &[u8]) -> usize {
    let text = std::str::from_utf8(file).unwrap();
    assert!(text.ends_with('\n'), "cut: {:?}", &text[text.len().saturating_sub(300)..]);
    for (line, n) in text.lines().zip(1..) {
        assert_eq!(line, event(n));
    }
    text.lines().count()
}

/// How long the recording of the first so many events is.
fn length(events: usize) -> u64 {
    (1..=events).map(|n| event(n).len() as u64 + 1).sum()
}

/// Nothing but the view stands still: all events are taken in, for longer than ten seconds, and keys are carried out.
/// A recording is never further than a few portions ahead of what the explorer has taken.
fn a_stalled_terminal(terminal: &mut Terminal) {
    terminal.stall(true);
    terminal.press("3 alt-n");
    terminal.write("STREAM e FROM unseen");
    terminal.home_file_holds(TABS, "STREAM e FROM unseen");
    terminal.press("alt-2");
    terminal.home_file_reaches(RECORDED, length(EVENTS));
    terminal.stall(false);
}

/// The terminal cannot be given back, but the program ends, and what was recorded is on the disk.
fn an_end_without_a_view(terminal: Terminal) {
    const SOME: usize = 30_000;
    terminal.stall(true);
    // Meanwhile there were more frames than any terminal keeps for its reader.
    terminal.home_file_reaches(RECORDED, length(SOME));
    terminal.signal("TERM");
    let home = terminal.leaves();
    assert!(recorded(&std::fs::read(home.path().join(RECORDED)).unwrap()) >= SOME);
}

fn a_stopped_program(terminal: &mut Terminal) {
    terminal.signal("STOP");
    std::thread::sleep(LONG);
    terminal.signal("CONT");
}

fn a_changing_window(terminal: &mut Terminal) {
    for n in 0..1000u16 {
        terminal.resize(10 + n * 7 % 190, 3 + n * 5 % 57);
        std::thread::sleep(LONG / 1000);
    }
    terminal.resize(160, 40);
}

/// One event, ten seconds with heartbeats or without, another event: as often as the server is asked.
fn pausing(heartbeats: bool) -> impl Fn(usize, &Request) -> Vec<Step> {
    move |_, request| {
        if !request.path.ends_with("/observe") && !request.path.ends_with("/subscribe") {
            return answer(200, "");
        }
        let after = request.body.rsplit_once("\"lowerBound\":\"e").and_then(|(_, rest)| rest.split('"').next());
        let first = after.map_or(1, |id| id.parse::<usize>().unwrap() + 1);
        let line = |n| match request.path.ends_with("/subscribe") {
            true => format!("data: {}\n\n", event(n)),
            false => event(n) + "\n",
        };
        let heartbeat = if request.path.ends_with("/subscribe") { ": here\n\n" } else { "{\"payload\":\"\"}\n" };
        let mut steps = vec![chunked(), chunk(line(first))];
        for _ in 0..20 {
            steps.push(Step::Pause(LONG / 20));
            steps.extend(heartbeats.then(|| chunk(heartbeat)));
        }
        steps.extend([chunk(line(first + 1)), Step::Hang]);
        steps
    }
}

/// Silence is a loss when the setting says so, and only then; heartbeats are no silence.
async fn silence() {
    let allowed = [None, Some(Duration::from_secs(3)), Some(LONG * 2)];
    let mut running = tokio::task::JoinSet::new();
    for choice in [Choice::V1, Choice::V2] {
        for (heartbeats, timeout) in allowed.iter().flat_map(|timeout| [(true, *timeout), (false, *timeout)]) {
            running.spawn(async move {
                let server = Scripted::start(pausing(heartbeats)).await;
                let mut settings = Settings::new(&server.url);
                (settings.generation, settings.heartbeat_timeout) = (choice, timeout);
                let policy = Policy { first: Duration::from_millis(1), most: Duration::from_millis(20) };
                let client = Client::new(settings).unwrap();
                let mut tail = Tail::new(client, StreamRequest::new("/"), TailFrom::Start, policy);
                let (mut ids, mut lost) = (Vec::new(), 0);
                while ids.len() < 2 {
                    match tail.next().await.unwrap() {
                        TailItem::Events { batch, .. } => {
                            ids.extend(batch.events().map(|e| e.unwrap().id.into_owned()))
                        }
                        TailItem::Lost { .. } => lost += 1,
                        TailItem::GapSuspected { .. } | TailItem::Refused(_) => panic!("nothing is missing"),
                        _ => {}
                    }
                }
                let expected = usize::from(!heartbeats && timeout == Some(Duration::from_secs(3)));
                assert_eq!(
                    (ids, lost),
                    (vec!["e1".into(), "e2".into()], expected),
                    "{choice:?} {heartbeats} {timeout:?}"
                );
            });
        }
    }
    while let Some(result) = running.join_next().await {
        result.unwrap();
    }
}

/// What happens in a network of its own: a server that gets new events all the time, an observer, no network for a
/// while, as when a laptop sleeps, and at the end what the server has.
const NO_NETWORK: &str = r#"
set -e
ip link set lo up
"$GDBX" serve --listen 127.0.0.1:8090 --token secret --demo --events 50 --trickle 20ms > serve.log 2>&1 &
server=$!
export GENESISDB_URL=http://127.0.0.1:8090 GENESISDB_AUTH_TOKEN=secret
until "$GDBX" ping > ping.log 2>&1; do sleep 0.05; done
"$GDBX" --config config.toml observe / --output ndjson > observed.ndjson 2> observe.log &
observer=$!
lines() { wc -l < observed.ndjson; }
until [ "$(lines)" -gt 80 ]; do sleep 0.05; done
ip link set lo down
until grep -q "trying again" observe.log; do sleep 0.05; done
sleep 5
before=$(lines)
ip link set lo up
until [ "$(lines)" -gt $((before + 300)) ]; do sleep 0.05; done
kill -INT $observer
code=0; wait $observer || code=$?
"$GDBX" stream / > all.ndjson
kill -TERM $server
wait $server
exit $code
"#;

/// Needs user namespaces, which not every machine allows; where they are not, it says so and is no test.
fn no_network() {
    let allowed = Command::new("unshare").args(["-rn", "ip", "link", "set", "lo", "up"]).output();
    if !allowed.as_ref().is_ok_and(|output| output.status.success()) {
        // Past the harness, which shows what a passing test has said to nobody.
        let said = format!("\nSKIPPED: this machine allows no network namespaces: {allowed:?}\n");
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), "[timeouts]\nheartbeat = \"1s\"\nconnect = \"1s\"\n").unwrap();
    let output = Command::new("timeout")
        .args(["80", "unshare", "-rn", "sh", "-c", NO_NETWORK])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder.path())
        .env("GDBX", GDBX)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    let said = read("observe.log");
    let told = format!("{}\n{}\n{said}", String::from_utf8_lossy(&output.stderr), read("serve.log"));
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(said.contains("trying again") && said.contains("connected again") && !said.contains("missing"), "{told}");
    let (observed, all) = (read("observed.ndjson"), read("all.ndjson"));
    assert!(observed.ends_with('\n') && observed.lines().count() > 380, "{told}");
    assert!(observed.lines().zip(all.lines()).all(|(observed, stored)| observed == stored), "{told}");
}
