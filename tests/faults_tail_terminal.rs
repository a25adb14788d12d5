//! The tail in a real terminal that stalls, is stopped, or changes its size all the time: no event is lost.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod pty;
mod scripted;

use pty::{Setup, Terminal};
use scripted::{Request, Scripted, Step, answer, chunk, chunked, event};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

const GDBX: &str = env!("CARGO_BIN_EXE_gdbx");
/// How many events are sent, so many each hundredth of a second.
const EVENTS: usize = 30_000;
const STEP: usize = 100;

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
                steps.extend([chunk(lines), Step::Pause(Duration::from_millis(10))]);
            }
            steps.push(Step::Hang);
            steps
        }
        _ => answer(404, "not here"),
    }
}

/// The explorer on the feeder, recording.
async fn watching() -> (Scripted, Terminal) {
    let go = Arc::new(Notify::new());
    let told = Arc::clone(&go);
    let server = Scripted::start(move |_, request| feeder(request, &told)).await;
    let mut terminal = Setup::of(GDBX, &["--url", &server.url, "--api", "v2"]).open(120, 40);
    terminal.sees("● live");
    terminal.press("2");
    terminal.sees("● following");
    terminal.press("R");
    terminal.sees("record to:");
    terminal.write("tail.ndjson");
    terminal.press("enter");
    terminal.sees("◉ recording");
    go.notify_one();
    (server, terminal)
}

/// Everything was received, shown and written, once and in order.
fn nothing_is_missing(mut terminal: Terminal) {
    terminal.sees("   30,000 events");
    terminal.press("R");
    terminal.sees("all of it is on the disk");
    let text = String::from_utf8(terminal.home_file("tail.ndjson")).unwrap();
    assert_eq!(text.lines().count(), EVENTS);
    assert!(text.lines().zip(1..).all(|(line, n)| line == event(n)), "each event once, in order, byte for byte");
    terminal.press("q");
    assert!(terminal.ends().0.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_takes_nothing_for_a_while() {
    let (_server, terminal) = watching().await;
    tokio::task::spawn_blocking(move || {
        terminal.sees("data");
        terminal.stall(true);
        std::thread::sleep(Duration::from_secs(4));
        terminal.stall(false);
        nothing_is_missing(terminal);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_stopped_and_goes_on() {
    let (_server, terminal) = watching().await;
    tokio::task::spawn_blocking(move || {
        terminal.sees("data");
        terminal.signal("STOP");
        std::thread::sleep(Duration::from_secs(4));
        terminal.signal("CONT");
        nothing_is_missing(terminal);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_sizes() {
    let (_server, terminal) = watching().await;
    tokio::task::spawn_blocking(move || {
        terminal.sees("data");
        for n in 0..1000u16 {
            terminal.resize(10 + n * 7 % 190, 3 + n * 5 % 57);
            std::thread::sleep(Duration::from_millis(2));
        }
        terminal.resize(120, 40);
        nothing_is_missing(terminal);
    })
    .await
    .unwrap();
}
