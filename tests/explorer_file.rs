//! A backup in the explorer: read where it lies, stopped and continued without a hole, followed while it grows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use gdbx::shell::Launch;
use std::io::Write as _;
use support::{Explorer, look};

fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers
        .map(|n| format!("{{\"source\":\"s\",\"subject\":\"/a/{}\",\"type\":\"t\",\"id\":\"id-{n}\",\"data\":{{\"text\":\"{}\"}}}}\n", n % 50, "x".repeat(400)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_load_goes_on_without_a_hole_and_the_file_is_followed() {
    const ALL: usize = 120_000;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines(0..ALL).as_bytes()).unwrap();
    let mut explorer = Explorer::open(Launch::open(file.path(), look()).unwrap(), 100, 30);
    explorer.waits("some events", |screen| screen.contains("loading ") && !screen.contains("loading 0")).await;
    // Wherever it is stopped, what was on its way and did not arrive is read again.
    explorer.press("esc");
    explorer
        .waits("a stop or the end", |screen| screen.contains("loading stopped") || screen.contains("120,000 events · "))
        .await;
    explorer.press("r");
    explorer.sees(" 120,000 events · 50 subjects").await;
    file.write_all(lines(ALL..ALL + 7).as_bytes()).unwrap();
    explorer.sees(" 120,007 events · 50 subjects").await;
    explorer.press("r");
    file.write_all(lines(ALL + 7..ALL + 9).as_bytes()).unwrap();
    explorer.sees(" 120,009 events · 50 subjects").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_reads_only_what_it_needs_of_an_opened_backup() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines(0..5_000).as_bytes()).unwrap();
    let mut explorer = Explorer::open(Launch::open(file.path(), look()).unwrap(), 120, 30);
    explorer.sees(" 5,000 events · 50 subjects").await;
    explorer.press("3 alt-n");
    explorer.write("STREAM e FROM events WHERE e.subject == '/a/7' MAP { number: COUNT() }");
    explorer.press("F5");
    explorer.sees("read 100 of 5,000 events, found by subject").await;
    explorer.sees("number").await;
    explorer.press("alt-n");
    explorer.write("STREAM e FROM events LIMIT 0 ORDER");
    explorer.press("F5");
    explorer.sees("The place is marked in the query.").await;
    explorer.quit().await;
}
