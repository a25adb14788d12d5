//! The Tail screen of the whole explorer: lanes, recording, leaving.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use gdbx::api::{Client, Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin};
use gdbx::model::request::{CommitRequest, NewEvent};
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use std::path::Path;
use support::{Explorer, look};

struct Shop {
    running: Running,
    client: Client,
    settings: Settings,
}

impl Shop {
    async fn open() -> Self {
        let running = Running::start(Store::in_memory(), Options::new(Tokens::random())).await.unwrap();
        let settings = Settings::new(running.url()).with_token(Token::new(running.token()).unwrap());
        Self { client: Client::new(settings.clone()).unwrap(), running, settings }
    }

    fn explorer(&self) -> Explorer {
        let connection = Connection {
            name: "shop".into(),
            url: self.running.url().to_owned(),
            origin: Origin::Server,
            production: false,
            read_only: false,
        };
        let polls = Polls { ping: None, status: None, audit: None };
        Explorer::open(Launch::server(self.settings.clone(), connection, Keep::Memory, polls, look()).unwrap(), 120, 40)
    }

    /// Commit an event; gives it as the server sends it.
    async fn commit(&self, subject: &str, number: usize) -> String {
        let data = serde_json::value::RawValue::from_string(format!("{{\"number\":{number}}}")).unwrap();
        let event = NewEvent {
            source: "shop".into(),
            subject: subject.into(),
            kind: "placed".into(),
            data,
            options: Default::default(),
        };
        let stored =
            self.client.commit(&CommitRequest { events: vec![event], preconditions: Vec::new() }).await.unwrap();
        String::from_utf8(stored.iter().next().unwrap().to_vec()).unwrap()
    }
}

async fn record_to(explorer: &mut Explorer, file: &Path) {
    explorer.press("R");
    explorer.sees("record to:").await;
    explorer.write(file.to_str().unwrap());
    explorer.press("enter");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_subjects_are_watched_and_recorded_together() {
    let shop = Shop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tail.ndjson");
    let mut explorer = shop.explorer();
    explorer.press("2");
    explorer.sees("● following").await;
    explorer.press("s");
    explorer.write("order");
    explorer.press("enter a");
    explorer.write("payment");
    explorer.press("enter");
    explorer.waits("both are live", |screen| screen.matches("● live").count() >= 2).await;
    record_to(&mut explorer, &file).await;
    explorer.sees("◉ recording").await;
    let mut expected = Vec::new();
    for n in 0..6 {
        let subject = ["/order/1", "/payment/1", "/cart/1"][n % 3];
        let event = shop.commit(subject, 4_000 + n).await;
        if n % 3 < 2 {
            explorer.sees(&format!("number {}", 4_000 + n)).await;
            expected.push(event);
        }
    }
    let screen = explorer.sees("4 events").await;
    assert!(screen.contains("1 /order") && screen.contains("2 /payment") && !screen.contains("/cart"), "{screen}");

    // The file is there: it is asked first, and what is in it stays.
    explorer.press("R");
    explorer.sees("all of it is on the disk").await;
    explorer.press("R enter");
    explorer.sees("Enter goes on behind what is in it").await;
    explorer.press("enter");
    explorer.sees("◉ recording").await;
    expected.push(shop.commit("/order/2", 5_000).await);
    explorer.sees("number 5000").await;

    // Leaving ends the recording properly.
    explorer.quit().await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    shop.running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_cannot_be_says_why() {
    let shop = Shop::open().await;
    let mut explorer = shop.explorer();
    explorer.press("2");
    explorer.sees("● following").await;
    record_to(&mut explorer, Path::new("/nonexistent/folder/tail.ndjson")).await;
    explorer.sees("has ended: No such file or directory").await;
    shop.commit("/order/1", 77).await;
    explorer.sees("number 77").await;
    explorer.quit().await;
    shop.running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_begins_at_a_time_and_at_an_event() {
    let shop = Shop::open().await;
    for n in 0..3 {
        shop.commit("/order/1", 100 + n).await;
    }
    let mut explorer = shop.explorer();
    explorer.press("2");
    explorer.sees("● following").await;
    explorer.press("@");
    explorer.write("2020-01-01");
    explorer.press("enter");
    explorer.sees("number 102").await;
    explorer.sees("3 events").await;
    explorer.press("up f");
    explorer.sees("2 events").await;
    let screen = explorer.sees("from an event on").await;
    assert!(!screen.contains("number 100") && screen.contains("number 101"), "{screen}");
    explorer.quit().await;
    shop.running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_histories_of_several_subjects_are_one_in_the_order_of_time() {
    let shop = Shop::open().await;
    let mut expected = Vec::new();
    for n in 0..120 {
        let subject = ["/order/1", "/payment/1", "/cart/1", "/order/2"][n * 7 / 3 % 4];
        let event = shop.commit(subject, 1_000 + n).await;
        if !subject.starts_with("/cart") {
            expected.push(event);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tail.ndjson");
    let mut explorer = shop.explorer();
    explorer.press("2");
    explorer.sees("● following").await;
    explorer.press("s");
    explorer.write("order");
    explorer.press("enter a");
    explorer.write("payment");
    explorer.press("enter");
    explorer.waits("both are live", |screen| screen.matches("● live").count() >= 2).await;
    record_to(&mut explorer, &file).await;
    explorer.sees("◉ recording").await;
    explorer.press("b");
    explorer.sees(&format!("{} events", expected.len())).await;

    // One lane takes the place of both: nothing comes twice, and nothing is left out.
    explorer.press("a enter");
    explorer.sees("/ is watched, and with it").await;
    explorer.waits("one lane is left", |screen| screen.contains("/   ● following")).await;
    let kept = expected.len();
    for n in 0..8 {
        expected.push(shop.commit(["/order/1", "/cart/1"][n % 2], 2_000 + n).await);
    }
    explorer.sees("number 2007").await;
    explorer.press("R");
    explorer.sees("all of it is on the disk").await;
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..kept], expected[..kept]);
    // The wider lane begins a little earlier: what only it watches comes with it.
    let mut ids: Vec<&str> = lines.clone();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), lines.len(), "each event once");
    assert_eq!(lines[lines.len() - 8..], expected[kept..]);
    explorer.quit().await;
    shop.running.shutdown().await;
}
