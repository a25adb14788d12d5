//! The real program in a real terminal: the whole way through it, and the terminal as it was after every way out.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod pty;

use gdbx::api::{Client, Settings as ApiSettings, Token};
use gdbx::model::request::{CommitRequest, NewEvent};
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Canvas as _, TerminalGuard};
use gdbx::store::Store;
use pty::{Setup, Terminal};
use ratatui::widgets::Paragraph;

const GDBX: &str = env!("CARGO_BIN_EXE_gdbx");
const LOADED: &str = "5,000 events · 2,607 subjects";

/// The explorer on its demo store, loaded.
fn demo(setup: Setup) -> Terminal {
    let terminal = setup.open(120, 40);
    let screen = terminal.sees(LOADED);
    assert!(screen.contains("demo, kept in memory only"), "{screen}");
    terminal.is_taken();
    terminal
}

#[test]
fn a_newcomer_goes_all_the_way_round() {
    let mut terminal = demo(Setup::of(GDBX, &[]));

    // Browse to an event.
    terminal.press("/");
    terminal.write("order");
    terminal.press("enter enter");
    terminal.sees("┌ /order   2,130 events");
    terminal.press("enter");
    let event = terminal.sees("predecessorhash");
    assert!(event.contains("1 of 2,130") && event.contains("▾ data"), "{event}");

    // Ask a question.
    terminal.press("3");
    terminal.sees("How many events there are of each type");
    terminal.press("alt-n");
    terminal.sees_no_more("How many events");
    terminal.write("STREAM e FROM events MAP { events: COUNT(), answer: 40 + 2 }");
    terminal.press("F5");
    let rows = terminal.sees("1 row");
    assert!(rows.contains("answer") && rows.contains("42"), "{rows}");

    // Commit on a condition that does not hold: it is told, and nothing of the form is lost.
    terminal.press("alt-4");
    terminal.sees("what it is about");
    terminal.write("/order/000001");
    terminal.press("tab");
    terminal.write("io.genesisdb.shop.order-proven");
    terminal.press("tab");
    terminal.write("\"by\": \"the newcomer\"");
    terminal.press("alt-p");
    terminal.sees("isSubjectNew");
    terminal.press("ctrl-s");
    terminal.sees("y yes");
    terminal.press("y");
    let refused = terminal.sees("Nothing was written");
    assert!(refused.contains("isSubjectNew") && refused.contains("the newcomer"), "{refused}");

    // The same on a condition that holds: the subject is there.
    terminal.press("shift-tab right");
    terminal.sees("isSubjectExisting");
    terminal.press("ctrl-s");
    terminal.sees("y yes");
    terminal.press("y");
    terminal.sees("Stored ✓  1 event");

    // It is what the tail shows.
    terminal.press("alt-2");
    terminal.sees("following");
    terminal.press("b");
    terminal.sees("order-proven");

    terminal.press("q");
    let (status, _) = terminal.ends();
    assert!(status.success(), "{status}");
}

#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let terminal = demo(Setup::of(GDBX, &["demo"]));
        terminal.signal(signal);
        let (status, _) = terminal.ends();
        assert!(status.success(), "{signal}: {status}");
    }
}

#[test]
fn a_window_of_one_cell_and_back() {
    let mut terminal = demo(Setup::of(GDBX, &[]));
    for (columns, rows) in [(1, 1), (2, 7), (31, 3)] {
        let frames = terminal.frames();
        terminal.resize(columns, rows);
        terminal.draws_after(frames);
        // Every screen and what lies over it finds its place, however little there is.
        for keys in ["?", "esc", "2", "3", "alt-4", "alt-:", "esc", "alt-5", "1"] {
            let frames = terminal.frames();
            terminal.press(keys);
            terminal.draws_after(frames);
        }
    }
    terminal.resize(120, 40);
    terminal.press("ctrl-l");
    let screen = terminal.sees(LOADED);
    assert!(screen.contains("┌ Subjects"), "{screen}");
    terminal.press("ctrl-c");
    let (status, _) = terminal.ends();
    assert!(status.success(), "{status}");
}

#[test]
fn the_editor_has_the_terminal_to_itself() {
    // It asks a question on the terminal: the answer must reach it, whole, and not gdbx.
    let editor = "#!/bin/sh\necho the editor is here\nread answer\nprintf '%s' \"$answer\" > \"$1\"\n";
    let setup = Setup::of(GDBX, &[]).file("editor", editor).env("EDITOR", "sh ./editor");
    let mut terminal = demo(setup);
    terminal.press("3");
    terminal.sees("How many events there are of each type");
    terminal.press("ctrl-o");
    let screen = terminal.sees("the editor is here");
    assert!(!screen.contains("How many events"), "{screen}");
    terminal.write("STREAM e FROM events MAP { written: 'outside' }\r");
    terminal.sees("1  STREAM e FROM events MAP { written: 'outside' }");
    terminal.is_taken();
    terminal.press("ctrl-q");
    let (status, _) = terminal.ends();
    assert!(status.success(), "{status}");
}

#[test]
fn an_editor_that_fails_leaves_the_text_as_it_was() {
    let mut terminal = demo(Setup::of(GDBX, &[]).env("VISUAL", "no-such-editor"));
    terminal.press("3");
    terminal.sees("How many events there are of each type");
    terminal.press("ctrl-o");
    let screen = terminal.sees("no-such-editor could not be started");
    assert!(screen.contains("How many events"), "{screen}");
    terminal.press("ctrl-q");
    terminal.ends();
}

#[test]
fn what_cannot_be_opened_is_said_on_the_plain_terminal() {
    let terminal = Setup::of(GDBX, &["open", "no-such-file"]).open(100, 20);
    let (status, screen) = terminal.ends();
    assert_ne!(status.exit_code(), 0);
    assert!(screen.contains("gdbx: ") && screen.contains("no-such-file"), "{screen}");
}

#[test]
fn without_colour_nothing_is_coloured() {
    let mut terminal = demo(Setup::of(GDBX, &[]).env("NO_COLOR", "1"));
    assert!(!terminal.has_colours(), "NO_COLOR is set");
    terminal.press("q");
    terminal.ends();
    let mut terminal = demo(Setup::of(GDBX, &[]));
    assert!(terminal.has_colours(), "NO_COLOR is not set");
    terminal.press("q");
    terminal.ends();
}

/// The server is ended with the test that uses it.
async fn server() -> Running {
    let store = Store::in_memory();
    store.add_demo(300).unwrap();
    let tokens = Tokens { admin: "secret".into(), writer: None, reader: None };
    Running::start(store, Options::new(tokens)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_matches_is_told_to_the_desktop_and_holds_the_view() {
    for (notify, begins) in [("bell", "\x07"), ("osc9", "\x1b]9;gdbx: "), ("osc777", "\x1b]777;notify;gdbx: ")] {
        let server = server().await;
        let config = format!(
            "connection = \"shop\"\n[connections.shop]\nurl = \"{}\"\ntoken_file = \"token\"\n[tail]\nnotify = \"{notify}\"\n\
             [[tail.highlight]]\nmatch = \"e.data.total > 100\"\nbell = true\npause = true\n",
            server.url()
        );
        let setup = Setup::of(GDBX, &["--config", "gdbx.toml"]).file("gdbx.toml", &config).file("token", "secret\n");
        let client = Client::new(ApiSettings::new(server.url()).with_token(Token::new("secret").unwrap())).unwrap();
        let commit = |total: usize| {
            let data = format!("{{\"total\":{total}}}");
            let data = serde_json::value::RawValue::from_string(data).unwrap();
            let event = NewEvent {
                source: "s".into(),
                subject: "/order/77".into(),
                kind: "placed".into(),
                data,
                options: Default::default(),
            };
            CommitRequest { events: vec![event], preconditions: Vec::new() }
        };
        let (watched, to_test) = tokio::sync::oneshot::channel();
        let seen = tokio::task::spawn_blocking(move || {
            let mut terminal = setup.open(120, 40);
            terminal.sees("300 events · ");
            terminal.press("2");
            terminal.sees("● following");
            watched.send(()).unwrap();
            terminal.sees("Paused: placed /order/77 matches e.data.total > 100");
            terminal.sees("live, paused");
            terminal.hears(begins.as_bytes());
            terminal.press("q");
            assert!(terminal.ends().0.success());
        });
        to_test.await.unwrap();
        for total in [7, 100, 101] {
            client.commit(&commit(total)).await.unwrap();
        }
        seen.await.unwrap();
        server.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configured_connection_says_what_it_is() {
    let server = server().await;
    let config = format!(
        "connection = \"shop\"\n[connections.shop]\nurl = \"{}\"\ntoken_file = \"token\"\nproduction = true\nread_only = true\n",
        server.url()
    );
    let setup = Setup::of(GDBX, &["--config", "gdbx.toml"]).file("gdbx.toml", &config).file("token", "secret\n");
    tokio::task::spawn_blocking(move || {
        let mut terminal = setup.open(120, 40);
        let screen = terminal.sees("300 events · ");
        assert!(screen.contains("shop  PRODUCTION   read-only"), "{screen}");
        terminal.press("c");
        terminal.sees("This connection is read-only");
        terminal.press("q");
        assert!(terminal.ends().0.success());
    })
    .await
    .unwrap();
    server.shutdown().await;
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let this = std::env::current_exe().unwrap();
    let setup = Setup::of(this, &["--ignored", "--exact", "panics_while_it_has_the_terminal", "--nocapture"]);
    let mut terminal = setup.open(100, 30);
    terminal.sees("about to fail");
    terminal.is_taken();
    terminal.press("enter");
    let (status, screen) = terminal.ends();
    assert_ne!(status.exit_code(), 0);
    assert!(screen.contains("on purpose") && !screen.contains("about to fail"), "{screen}");
}

/// Not a test by itself: the program that the test above runs in a terminal.
#[test]
#[ignore = "needs a terminal; another test runs it in one"]
fn panics_while_it_has_the_terminal() {
    let mut terminal = TerminalGuard::enter().unwrap();
    terminal.draw(&mut |frame| frame.render_widget(Paragraph::new("about to fail"), frame.area())).unwrap();
    let event = crossterm::event::read().unwrap();
    panic!("on purpose, after {event:?}");
}

#[test]
fn a_session_writes_down_what_it_measured() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stats.json");
    let name = file.to_str().unwrap();
    for arguments in [["--stats", name, "demo"], ["demo", "--stats", name]] {
        let mut terminal = demo(Setup::of(GDBX, &arguments));
        terminal.press("down");
        terminal.press("q");
        let (status, _) = terminal.ends();
        assert!(status.success(), "{status}");
        let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!((&report["version"], &report["load"]["events"]), (&1.into(), &5000.into()), "{report}");
        assert_eq!(report["memory"]["rssAnonBytes"].is_number(), cfg!(target_os = "linux"), "{report}");
        std::fs::remove_file(&file).unwrap();
    }
}

#[test]
fn measurements_that_cannot_be_written_are_told_at_the_start() {
    let terminal = Setup::of(GDBX, &["demo", "--stats", "no-such-folder/stats.json"]).open(100, 20);
    let (status, screen) = terminal.ends();
    assert_eq!(status.exit_code(), 2);
    assert!(screen.contains("gdbx: no-such-folder/stats.json: "), "{screen}");
}

/// The disk may fill up while the explorer is open: the terminal is given back first, then it is said.
#[test]
#[cfg(target_os = "linux")]
fn measurements_that_could_not_be_written_are_told_at_the_end() {
    let mut terminal = demo(Setup::of(GDBX, &["demo", "--stats", "/dev/full"]));
    terminal.press("q");
    let (status, screen) = terminal.ends();
    assert_eq!(status.exit_code(), 2);
    assert!(screen.contains("gdbx: /dev/full: "), "{screen}");
}
