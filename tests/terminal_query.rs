//! The Query screen of the real program: what was typed is there again, however the program ended.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod pty;

use pty::{Setup, Terminal};
use std::os::unix::fs::PermissionsExt as _;

const GDBX: &str = env!("CARGO_BIN_EXE_gdbx");
const TABS: &str = "state/gdbx/tabs/session-1.json";

fn open(setup: Setup) -> Terminal {
    let mut terminal = setup.open(100, 30);
    terminal.sees("5,000 events");
    terminal.press("3");
    terminal.sees("Results");
    terminal
}

/// A tab with a name and a text.
fn write(terminal: &mut Terminal, name: &str, text: &str) {
    terminal.press("ctrl-t");
    terminal.write(text);
    terminal.sees(text);
    terminal.press("alt-r");
    terminal.sees("name of the tab:");
    terminal.write(name);
    terminal.press("enter");
    terminal.sees(&format!("│ {name}"));
}

#[test]
fn what_was_typed_is_there_after_a_kill() {
    let mut terminal = open(Setup::of(GDBX, &[]));
    write(&mut terminal, "revenue", "STREAM e FROM events WHERE e.type == 'é'");
    terminal.home_file_holds(TABS, "e.type == 'é'");
    terminal.home_file_holds(TABS, "revenue");
    let home = terminal.kill();
    let mode = |name: &str| home.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(TABS), mode("state/gdbx/tabs")), (0o600, 0o700));
    let mut terminal = open(Setup::of(GDBX, &[]).in_home(home));
    let screen = terminal.sees("STREAM e FROM events WHERE e.type == 'é'");
    assert!(screen.contains("query 1 │ revenue"), "{screen}");

    // Leaving keeps what was typed a moment ago.
    terminal.write(" zebra");
    terminal.press("ctrl-q");
    let home = terminal.leaves();
    open(Setup::of(GDBX, &[]).in_home(home)).sees("'é' zebra");
}

#[test]
fn a_file_that_cannot_be_read_is_set_aside_and_one_that_cannot_be_written_is_told() {
    let mut terminal = open(Setup::of(GDBX, &[]));
    write(&mut terminal, "mine", "STREAM e FROM events");
    terminal.home_file_holds(TABS, "mine");
    let home = terminal.kill();
    std::fs::write(home.path().join(TABS), "{\"tabs\": broken").unwrap();
    let terminal = open(Setup::of(GDBX, &[]).in_home(home));
    terminal.sees("The tabs of an earlier session cannot be read");
    let home = terminal.kill();
    let kept: Vec<_> =
        std::fs::read_dir(home.path().join("state/gdbx/tabs")).unwrap().map(|f| f.unwrap().path()).collect();
    let aside = kept.iter().find(|path| path.to_string_lossy().contains("unreadable")).unwrap();
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "{\"tabs\": broken");

    // Something stands where the folder should be: all else works.
    std::fs::remove_dir_all(home.path().join("state")).unwrap();
    std::fs::write(home.path().join("state"), "a file").unwrap();
    let mut terminal = open(Setup::of(GDBX, &[]).in_home(home));
    terminal.sees("Tabs are not kept");
    terminal.press("F5");
    terminal.sees("rows");
}
