//! The list of events in the whole explorer: what is shown is found, exported and gone to, with the real threads behind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use gdbx::shell::Launch;
use std::fs;
use std::path::Path;
use std::time::Duration;
use support::{Explorer, look};

fn line(number: usize) -> String {
    let total = number * 10;
    format!(
        r#"{{"source":"shop","subject":"/order/{}","type":"order-{}","id":"00000000-0000-4000-8000-{number:012}","time":"2026-03-01T12:{:02}:{:02}Z","data":{{"total":{total}.50,"of":{{"city":"Gotham"}}}}}}"#,
        number % 7,
        ["placed", "paid"][number % 2],
        number / 60 % 60,
        number % 60,
    )
}

fn file(folder: &Path, events: usize) -> (std::path::PathBuf, Vec<String>) {
    let lines: Vec<String> = (0..events).map(line).collect();
    let path = folder.join("backup.ndjson");
    fs::write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    (path, lines)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shown_list_is_written_byte_by_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = file(folder.path(), 3_000);
    let mut explorer = Explorer::open(Launch::open(&path, look()).unwrap(), 120, 40);
    explorer.sees("\n 3,000 events · ").await;
    explorer.press("enter");
    explorer.press("/");
    explorer.write("e.data.total > 29000 AND e.type == 'order-paid'");
    explorer.press("enter");
    explorer.sees("50 events").await;
    explorer.press("X");
    let target = folder.path().join("paid.ndjson");
    explorer.paste(target.to_str().unwrap());
    explorer.press("enter");
    explorer.sees("50 events written to").await;
    let expected: String = (2_900..3_000).rev().filter(|n| n % 2 == 1).map(|n| format!("{}\n", lines[n])).collect();
    assert_eq!(fs::read_to_string(&target).unwrap(), expected);
    explorer.press("X");
    explorer.paste(target.to_str().unwrap());
    explorer.press("enter");
    explorer.sees("Replace the file?").await;
    explorer.press("y");
    explorer.waits("the question is answered", |screen| !screen.contains("Replace the file?")).await;
    // The message of the first time is still there: only the folder tells that the second time is over.
    let written = async {
        while names(folder.path()) != ["backup.ndjson", "paid.ndjson"] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), written).await.expect("the file is written again");
    assert_eq!(fs::read_to_string(&target).unwrap(), expected);
    // The folder may tell it before the explorer has heard of it.
    explorer.press("X");
    while explorer
        .waits("the dialog, or a question", |screen| {
            screen.contains("Stop the export?") || screen.contains("the exact bytes of each event")
        })
        .await
        .contains("Stop the export?")
    {
        explorer.press("n");
        explorer.waits("the question is answered", |screen| !screen.contains("Stop the export?")).await;
        explorer.press("X");
    }
    explorer.paste(folder.path().join("none/x.csv").to_str().unwrap());
    explorer.press("enter");
    explorer.sees("there is no such folder").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_left_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(folder.path(), 60_000);
    let mut explorer = Explorer::open(Launch::open(&path, look()).unwrap(), 120, 40);
    explorer.sees("\n 60,000 events · ").await;
    explorer.press("enter X");
    explorer.paste(folder.path().join("all.csv").to_str().unwrap());
    explorer.press("enter");
    explorer
        .waits("it is being written, or is", |screen| screen.contains("exporting") || screen.contains("written to"))
        .await;
    explorer.press("ctrl-q");
    // Whether it was quicker than the key or not: the file is whole or not there.
    explorer.press("y ctrl-q y");
    explorer.ended().await;
    let names = names(folder.path());
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    if let Ok(text) = fs::read_to_string(folder.path().join("all.csv")) {
        assert_eq!(text.lines().count(), 60_001);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_found_by_its_id_and_its_matches_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(folder.path(), 20_000);
    let mut explorer = Explorer::open(Launch::open(&path, look()).unwrap(), 160, 50);
    explorer.sees("\n 20,000 events · ").await;
    explorer.press("enter @");
    explorer.paste("00000000-0000-4000-8000-000000000123");
    explorer.press("enter");
    explorer.sees("19,877 of 20,000").await;
    explorer.press("C");
    explorer.write("total");
    explorer.press("enter");
    explorer.sees("data.total").await;
    explorer.press("( /");
    explorer.write("order-paid");
    explorer.sees("9,939 events").await;
    explorer.press("enter g enter n");
    explorer.sees("match 1 of 1").await;
    explorer.press("n n");
    explorer.sees("3 of 9,939").await;
    explorer.quit().await;
}
