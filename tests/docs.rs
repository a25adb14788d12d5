//! The documents that are made from the program itself are up to date: `UPDATE_DOCS=1 cargo test --test docs` writes them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gdbx::app::command::{Place, commands, keys_of};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const HEAD: &str = "\
# Keys

Where two places have the same key, the innermost one gets it: first the line or the list with the cursor, then the
screen, then *Everywhere*. While text is being typed, keys that type a character are text; the others, and the
combinations with Ctrl and Alt, work as they stand here. `?` (or `F1` while typing) shows the keys of the place where
you are, `:` (or `Alt-:`) finds a command by its name.

This page is made from the table of commands; `UPDATE_DOCS=1 cargo test --test docs` writes it anew.
";

/// The places in the order of the table, each once.
fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for info in commands() {
        if !places.contains(&info.place) {
            places.push(info.place);
        }
    }
    // What works everywhere is what a reader looks for first.
    places.sort_by_key(|place| !matches!(place, Place::Global | Place::Moves));
    places
}

fn keys_page() -> String {
    let mut page = HEAD.to_owned();
    for place in places() {
        write!(page, "\n## {}\n\n| keys | what they do | name |\n|---|---|---|\n", place.title()).unwrap();
        for info in commands().filter(|info| info.place == place) {
            let keys: Vec<_> = keys_of(info).iter().map(|key| format!("`{key}`")).collect();
            let writes = if info.writes { " (not on a read-only connection)" } else { "" };
            writeln!(page, "| {} | {}{writes} | `{}` |", keys.join(" "), info.doc, info.id).unwrap();
        }
    }
    page
}

/// The file holds this text, or is written when that is asked for.
fn holds(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{name} is not up to date; UPDATE_DOCS=1 cargo test --test docs writes it");
}

#[test]
fn the_page_of_keys_is_up_to_date() {
    holds("docs/keys.md", &keys_page());
}

#[test]
fn every_dependency_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let architecture = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let mut within = false;
    let mut silent = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            within = matches!(line, "[dependencies]" | "[dev-dependencies]");
        } else if let (true, Some((name, entry))) = (within, line.split_once(" = ")) {
            // A dependency under another name is known by its own.
            let name = entry.split_once("package = \"").map_or(name, |(_, rest)| rest.split('"').next().unwrap());
            if !architecture.contains(&format!("| `{name}` |")) {
                silent.push(name.to_owned());
            }
        }
    }
    assert!(silent.is_empty(), "ARCHITECTURE.md gives no reason for {silent:?}");
}

#[test]
fn the_readme_names_every_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_gdbx")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split_once("Commands:\n").unwrap().1.split("\n\n").next().unwrap();
    let names: Vec<_> = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let missing: Vec<_> =
        names.iter().filter(|name| !name.is_empty() && !readme.contains(&format!("`gdbx {name}"))).collect();
    assert!(names.len() > 10, "the commands were found: {help}");
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}
