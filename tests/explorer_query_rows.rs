//! The Query screen while a server still sends, and what its rows become: pictures in files, plans.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;
mod support;

use gdbx::api::{Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin};
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use scripted::{Scripted, Step, answer, chunk, chunked, end, event};
use std::sync::Arc;
use std::time::Instant;
use support::{Explorer, look};
use tokio::sync::Notify;

fn open(url: &str, origin: Origin) -> Explorer {
    let connection =
        Connection { name: "shop-test".into(), url: url.to_owned(), origin, production: false, read_only: false };
    let settings = Settings::new(url).with_token(Token::new("secret").unwrap());
    let polls = Polls { ping: None, status: None, audit: None };
    Explorer::open(Launch::server(settings, connection, Keep::Memory, polls, look()).unwrap(), 120, 40)
}

/// A server that sends a row when it is told to, and then nothing until it is told to go on.
async fn slow(row: Arc<Notify>, rest: Arc<Notify>) -> Scripted {
    Scripted::start(move |_, request| match request.path.as_str() {
        "/api/v2/query" => vec![
            chunked(),
            Step::Until(Arc::clone(&row)),
            chunk("{\"name\":\"the-first\",\"n\":1}\n"),
            Step::Until(Arc::clone(&rest)),
            chunk("{\"name\":\"the-last\",\"n\":2}\n"),
            end(),
        ],
        "/api/v2/ping" => answer(200, "Pong"),
        "/api/v2/fetch" => answer(200, format!("{}\n{}\n", event(1), event(2))),
        _ => answer(404, "not here"),
    })
    .await
}

/// The request is open all the while: the row is on the screen although nothing comes behind it.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_shown_while_the_server_still_sends() {
    let (row, rest) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = slow(Arc::clone(&row), Arc::clone(&rest)).await;
    let mut explorer = open(&server.url, Origin::Server);
    explorer.sees("2 events · ").await;
    explorer.press("3 F5");
    explorer.sees("Waiting for the first row").await;
    let sent = Instant::now();
    row.notify_one();
    let screen = explorer.sees("the-first").await;
    println!("on the screen {:?} after it was sent", sent.elapsed());
    assert!(screen.contains("running") && !screen.contains("the-last"), "{screen}");
    explorer.press("F6");
    explorer.waits("a chart of it", |screen| screen.contains("Chart: n by name") && screen.contains("running")).await;
    rest.notify_one();
    explorer.sees("2 rows").await;
    explorer.quit().await;
}

async fn store(events: usize) -> Running {
    let store = Store::in_memory();
    store.add_demo(events).unwrap();
    let tokens = Tokens { admin: "secret".into(), writer: None, reader: None };
    Running::start(store, Options::new(tokens)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_becomes_a_file() {
    let running = store(500).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("types.svg");
    let mut explorer = open(running.url(), Origin::Server);
    explorer.sees("500 events · ").await;
    explorer.press("3 F5 F6");
    explorer.sees("Chart: events by type").await;
    explorer.press("X");
    explorer.sees("Save the chart").await;
    explorer.paste(path.to_str().unwrap());
    explorer.press("enter");
    explorer.sees("The chart is saved").await;
    let text = std::fs::read_to_string(&path).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let bars = document.descendants().filter(|node| node.has_tag_name("rect") && node.attribute("fill").is_some());
    assert_eq!(bars.count(), 17);
    explorer.press("X");
    explorer.sees("Save the chart").await;
    explorer.paste(path.to_str().unwrap());
    explorer.press("enter");
    explorer.sees("Replace the file?").await;
    explorer.press("y");
    explorer.waits("it is replaced", |screen| screen.contains("The chart is saved")).await;
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["types.svg"], "nothing half-written is left beside it");
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_become_a_file_as_they_are_shown() {
    let running = store(3_000).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let mut explorer = open(running.url(), Origin::Server);
    explorer.sees("3,000 events · ").await;
    explorer.press("3 alt-n");
    explorer.paste("STREAM e FROM events MAP { id: e.id, at: { subject: e.subject } }");
    explorer.press("F5");
    explorer.sees("3,000 rows").await;
    // The first column goes, and the rows are sorted by the other one.
    explorer.press("tab - s");
    explorer.sees("sorted by at.subject").await;
    explorer.press("X");
    explorer.sees("Export to a file").await;
    explorer.paste(path.to_str().unwrap());
    explorer.press("enter");
    explorer.sees("3,000 rows written to").await;
    let mut table = csv::Reader::from_path(&path).unwrap();
    assert_eq!(table.headers().unwrap().iter().collect::<Vec<_>>(), ["at.subject"]);
    let subjects: Vec<String> = table.records().map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(subjects.len(), 3_000);
    assert!(subjects.is_sorted() && subjects[0].starts_with("/article/"));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["rows.csv"], "nothing half-written is left beside it");
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_tells_its_plan_and_a_watch_its_changes() {
    let running = store(500).await;
    let mut explorer = open(running.url(), Origin::Demo);
    explorer.sees("500 events · ").await;
    explorer.press("3 alt-n");
    explorer.paste("STREAM e FROM events WHERE e.type == 'io.genesisdb.shop.order-placed' MAP COUNT() == 0");
    explorer.press("F9");
    let screen = explorer.sees("of 500 events were read").await;
    assert!(screen.contains("events are found by type"), "{screen}");
    explorer.press("F7");
    explorer.sees("Does not hold as a precondition: row 1 is not true").await;
    explorer.press("F8 1 enter");
    explorer.sees("watching every 1 s").await;
    explorer.press("esc");
    explorer.sees("No longer watched").await;
    explorer.press("alt-p");
    explorer.sees("isQueryResultTrue").await;
    explorer.press("ctrl-q");
    explorer.sees("Leave gdbx?").await;
    explorer.press("y");
    explorer.ended().await;
    running.shutdown().await;
}
