//! The Tail screen of the whole explorer: lanes, recording, leaving.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;
mod support;

use gdbx::api::{Client, Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin};
use gdbx::model::request::{CommitRequest, NewEvent};
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use scripted::{Request, Scripted, Step, answer, chunk, chunked, event};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
        explorer(self.settings.clone(), self.running.url())
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

fn explorer(settings: Settings, url: &str) -> Explorer {
    let connection = Connection {
        name: "shop".into(),
        url: url.to_owned(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    let polls = Polls { ping: None, status: None, audit: None };
    Explorer::open(Launch::server(settings, connection, Keep::Memory, polls, look()).unwrap(), 120, 40)
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
    for n in 0..8 {
        expected.push(shop.commit(["/order/1", "/cart/1"][n % 2], 2_000 + n).await);
    }
    explorer.sees("number 2007").await;
    explorer.press("R");
    explorer.sees("all of it is on the disk").await;
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines, expected, "what only the wider lane watches begins with it");
    explorer.quit().await;
    shop.running.shutdown().await;
}

/// Events are on their way whenever a lane takes the place of others.
#[tokio::test(flavor = "multi_thread")]
async fn lanes_that_take_over_under_load_record_every_event_once() {
    let shop = Shop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tail.ndjson");
    let mut explorer = shop.explorer();
    explorer.press("2");
    explorer.sees("● following").await;
    explorer.press("s");
    explorer.write("order/1");
    explorer.press("enter");
    explorer.waits("it is live", |screen| screen.contains("/order/1   ● following")).await;
    record_to(&mut explorer, &file).await;
    explorer.sees("◉ recording").await;
    let done = AtomicBool::new(false);
    let writes = async {
        let mut expected = Vec::new();
        let mut n = 0;
        while !done.load(Ordering::SeqCst) {
            let event = shop.commit(["/order/1", "/order/2", "/cart/1"][n % 3], 10_000 + n).await;
            expected.extend((n % 3 == 0).then_some(event));
            n += 1;
        }
        expected.push(shop.commit("/order/1", 99_999).await);
        expected
    };
    let keys = async {
        for (subject, said) in [("order", "/order is watched, and with it"), ("", "/ is watched, and with it")] {
            explorer.waits("events come", |screen| screen.contains("number 1")).await;
            explorer.press("a");
            explorer.write(subject);
            explorer.press("enter");
            explorer.sees(said).await;
            explorer.sees("● following").await;
        }
        done.store(true, Ordering::SeqCst);
    };
    let (expected, ()) = tokio::join!(writes, keys);
    explorer.sees("number 99999").await;
    explorer.press("R");
    explorer.sees("all of it is on the disk").await;
    let text = std::fs::read_to_string(&file).unwrap();
    let of_the_first: Vec<&str> = text.lines().filter(|line| line.contains("\"/order/1\"")).collect();
    assert_eq!(of_the_first, expected, "it was watched all the time: each of its events once, in order");
    let mut once: Vec<&str> = text.lines().collect();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), text.lines().count(), "and none of the others twice");
    explorer.quit().await;
    shop.running.shutdown().await;
}

/// How many events the server of three subjects has, and after how many of one subject it resets the connection.
const ALL: usize = 600;
const CONNECTION: usize = 45;

fn of_lane(n: usize) -> String {
    event(n).replace("/a/", &format!("/lane{}/", n % 3))
}

/// Until it is told to, it only says that it is there. Then each connection breaks, in the middle of a line.
fn breaking(request: &Request, go: &AtomicBool) -> Vec<Step> {
    match request.path.as_str() {
        "/api/v2/ping" => return answer(200, "Pong"),
        "/api/v2/subscribe" => {}
        "/api/v2/fetch" | "/api/v2/query" => return answer(200, ""),
        _ => return answer(404, "not here"),
    }
    let mut steps = vec![chunked(), chunk(": here\n")];
    if go.load(Ordering::SeqCst) {
        let lane: usize = request.body.split("\"/lane").nth(1).unwrap()[..1].parse().unwrap();
        let after = request.body.split("\"lowerBound\":\"e").nth(1).and_then(|rest| rest.split('"').next());
        let after: usize = after.map_or(0, |id| id.parse().unwrap());
        let rest: Vec<usize> = (after + 1..=ALL).filter(|n| n % 3 == lane).collect();
        for some in rest[..rest.len().min(CONNECTION)].chunks(7) {
            steps.push(chunk(some.iter().map(|n| format!("data: {}\n\n", of_lane(*n))).collect::<String>()));
        }
        if let Some(next) = rest.get(CONNECTION) {
            steps.extend([chunk(&format!("data: {}", of_lane(*next))[..90]), Step::Reset]);
        }
    }
    steps.push(Step::Hang);
    steps
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_several_lanes_that_break_lose_and_repeat_nothing() {
    let go = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&go);
    let server = Scripted::start(move |_, request| breaking(request, &told)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tail.ndjson");
    let mut settings = Settings::new(&server.url);
    settings.generation = gdbx::api::Choice::V2;
    let mut explorer = explorer(settings, &server.url);
    explorer.press("2");
    explorer.sees("● following").await;
    for (key, lane) in [("s", "lane0"), ("a", "lane1"), ("a", "lane2")] {
        explorer.press(key);
        explorer.write(lane);
        explorer.press("enter");
    }
    explorer.waits("all are live", |screen| screen.matches("● live").count() >= 3).await;
    record_to(&mut explorer, &file).await;
    explorer.sees("◉ recording").await;
    go.store(true, Ordering::SeqCst);
    explorer.press("b");
    explorer.sees("recording 600 events").await;
    explorer.press("R");
    explorer.sees("all of it is on the disk").await;
    let text = std::fs::read_to_string(&file).unwrap();
    for lane in 0..3 {
        let of_subject = format!("\"/lane{lane}/");
        let came: Vec<&str> = text.lines().filter(|line| line.contains(&of_subject)).collect();
        let sent: Vec<String> = (1..=ALL).filter(|n| n % 3 == lane).map(of_lane).collect();
        assert_eq!(came, sent, "each event once, byte for byte");
    }
    assert_eq!(text.lines().count(), ALL);
    explorer.quit().await;
}
