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

const HISTORY: &str = "state/gdbx/history.ndjson";

#[test]
fn a_query_with_a_parameter_is_typed_run_saved_drawn_and_found_again() {
    let mut terminal = open(Setup::of(GDBX, &[]));
    terminal.press("ctrl-t");
    terminal.write("STREAM e FROM events WHERE e.ty");
    terminal.sees("WHERE e.ty");
    terminal.press("tab");
    terminal.sees("WHERE e.type");
    terminal.write(" == :kind LIMIT 12 MAP { subject: e.subject, total: e.data.total }");
    terminal.press("F5");
    terminal.sees("Values for this run");
    terminal.write("io.genesisdb.shop.order-placed");
    terminal.press("enter");
    terminal.sees("12 rows");
    terminal.press("ctrl-s");
    terminal.sees("save as:");
    terminal.write("orders");
    terminal.press("enter");
    terminal.sees("Saved as orders.");
    terminal.home_file_holds("config/gdbx/queries/orders.gdbql", "e.type == :kind LIMIT 12");
    terminal.press("F6");
    terminal.sees("Chart: total by subject");
    terminal.press("X");
    terminal.sees("Save the chart as an SVG file");
    terminal.press("enter");
    terminal.sees("The chart is saved as orders.svg.");
    terminal.home_file_holds("orders.svg", "</svg>");
    terminal.press("F6 tab");
    terminal.write(" -- more");
    terminal.sees("orders*");
    terminal.home_file_holds(TABS, "-- more");
    terminal.home_file_holds(TABS, "io.genesisdb.shop.order-placed");
    terminal.home_file_holds(HISTORY, "\"kind\":\"io.genesisdb.shop.order-placed\"");

    let mut terminal = open(Setup::of(GDBX, &[]).in_home(terminal.kill()));
    terminal.sees("orders*");
    terminal.press("F5");
    terminal.sees(":kind = io.genesisdb.shop.order-placed");
    terminal.press("esc");
    terminal.sees_no_more("Values for this run");
    terminal.press("alt-h");
    terminal.sees("History   1 run");
    terminal.write("12 total :kind shop");
    terminal.sees("find: 12 total :kind shop");
    for fact in ["12 rows", ":kind = io.genesisdb.shop.order-placed", "demo   http://"] {
        terminal.sees(fact);
    }
    terminal.press("esc");
    terminal.sees_no_more("History");
    terminal.press("alt-o");
    terminal.sees("your own first");
    terminal.sees("yours");
    terminal.press("alt-x");
    terminal.sees("Remove the saved query?");
    terminal.press("y");
    terminal.sees("Removed orders.");
    let home = terminal.kill();
    assert!(!home.path().join("config/gdbx/queries/orders.gdbql").exists());
}

#[test]
fn several_queries_of_a_text_a_search_in_it_and_the_plan() {
    let mut terminal = open(Setup::of(GDBX, &[]));
    terminal.press("ctrl-t");
    terminal.write("STREAM a FROM events LIMIT 3 MAP a.id; STREAM b FROM events LIMIT 5 MAP b.type");
    terminal.sees("2 of 2, the one under the cursor is run");
    terminal.press("F5");
    terminal.sees("5 rows");
    terminal.press("ctrl-f");
    terminal.write("stream");
    terminal.sees("1 of 2");
    terminal.press("enter");
    terminal.sees("2 of 2 ");
    terminal.press("enter esc");
    terminal.sees("1 of 2, the one under the cursor is run");
    terminal.press("F5");
    terminal.sees("3 rows");
    terminal.press("F9");
    terminal.sees("Run by the embedded store");
    terminal.sees("reading ends once there are so many rows");
    terminal.press("F7");
    terminal.sees("Does not hold as a precondition: row 1 is not true");
    terminal.press("alt-p");
    terminal.sees("isQueryResultTrue");
}
