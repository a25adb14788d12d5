//! The layers of ARCHITECTURE.md hold: every `use` points the way that the arrows point, and only there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, the layers that it may use, and crates that it may not.
const LAYERS: &[(&str, &[&str], &[&str])] = &[
    ("model", &[], &["tokio", "reqwest", "axum", "ratatui", "crossterm"]),
    ("gdbql", &["model"], &["tokio", "reqwest", "axum", "ratatui", "crossterm"]),
    ("api", &["model"], &["axum", "ratatui", "crossterm", "clap"]),
    ("store", &["model", "gdbql"], &["axum", "reqwest", "ratatui", "crossterm", "clap"]),
    ("server", &["model", "gdbql", "local", "store"], &["reqwest", "ratatui", "crossterm", "clap"]),
    ("local", &["model", "gdbql"], &["tokio", "reqwest", "axum", "ratatui", "crossterm", "clap"]),
    ("app", &["model", "gdbql", "local"], &["tokio", "reqwest", "axum", "ratatui", "clap"]),
    ("ui", &["model", "gdbql", "local", "app"], &["tokio", "reqwest", "axum", "clap"]),
    ("config", &["model", "api", "app", "ui"], &["ratatui", "axum", "reqwest"]),
    ("shell", &["model", "gdbql", "local", "api", "store", "server", "app", "ui", "config"], &["clap", "axum"]),
    (
        "cli",
        &["model", "gdbql", "local", "api", "store", "server", "app", "ui", "config", "shell"],
        &["ratatui", "axum"],
    ),
];

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("tests.rs"))
}

/// The code of a file without its test module, which stands at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].to_owned()
}

/// Every `NAME` of a `crate::NAME` in a text; also in `use crate::{a, b}`.
fn layers_used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for part in code.split("crate::").skip(1) {
        let names = part.strip_prefix('{').map_or(part, |group| &group[..group.find("};").unwrap_or(group.len())]);
        let first =
            |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        if part.starts_with('{') {
            used.extend(names.split(',').map(first));
        } else {
            used.push(first(names));
        }
    }
    used
}

fn names_crate(code: &str, name: &str) -> bool {
    code.lines().any(|line| {
        let line = line.trim_start();
        !line.starts_with("//")
            && (line.contains(&format!("use {name}::"))
                || line.contains(&format!(" {name}::"))
                || line.contains(&format!("({name}::")))
    })
}

#[test]
fn every_use_points_the_way_of_the_arrows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let known: Vec<&str> = LAYERS.iter().map(|(name, _, _)| *name).collect();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (layer, may_use, may_not_name) in LAYERS {
        for path in sources(&root.join(layer)).into_iter().filter(|path| !is_test(path)) {
            seen += 1;
            let code = code(&path);
            // A screen's state and its drawing stand side by side; only the drawing draws.
            let draws = *layer == "app" && path.file_name().is_some_and(|name| name == "view.rs")
                || path.components().any(|c| c.as_os_str() == "view");
            for used in layers_used(&code) {
                let allowed = used == *layer || may_use.contains(&used.as_str()) || (draws && used == "ui");
                if known.contains(&used.as_str()) && !allowed {
                    wrong.push(format!("{}: uses {used}", path.display()));
                }
            }
            for name in may_not_name.iter().filter(|name| !(draws && **name == "ratatui")) {
                if names_crate(&code, name) {
                    wrong.push(format!("{}: names the crate {name}", path.display()));
                }
            }
        }
    }
    assert!(seen > 50, "the sources were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_owns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<_> = sources(&root)
        .into_iter()
        .filter(|path| !is_test(path) && !fs::read_to_string(path).unwrap().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}
