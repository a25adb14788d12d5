//! A store that is larger than a page, explored over real HTTP: pages, subjects, the newest events, and servers that
//! cannot count or break off.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;
mod support;

use gdbx::api::{Client, Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin};
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use scripted::{Request, Scripted, Step, answer, chunk, chunked, end, event};
use std::time::Duration;
use support::{Explorer, look};

async fn server(events: usize) -> Running {
    let store = Store::in_memory();
    store.add_demo(events).unwrap();
    let tokens = Tokens { admin: "secret".into(), writer: None, reader: None };
    Running::start(store, Options::new(tokens)).await.unwrap()
}

/// Commit so many events more.
async fn commit(running: &Running, events: usize) {
    let client = Client::new(Settings::new(running.url()).with_token(Token::new("secret").unwrap())).unwrap();
    let event = r#"{"source":"test","subject":"/late/1","type":"t","data":{}}"#;
    let request = format!(r#"{{"events":[{}]}}"#, vec![event; events].join(","));
    client.commit_raw(request.into()).await.unwrap();
}

fn launch(url: &str, page: Option<usize>) -> Launch {
    let connection = Connection {
        name: "shop-test".into(),
        url: url.to_owned(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    let settings = Settings::new(url).with_token(Token::new("secret").unwrap());
    let polls = Polls { ping: Some(Duration::from_millis(50)), status: None, audit: None };
    Launch::server(settings, connection, Keep::Memory, polls, look()).unwrap().in_pages(page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_store_is_loaded_page_by_page_to_the_same_as_at_once() {
    let running = server(180).await;
    let mut explorer = Explorer::open(launch(running.url(), Some(50)), 120, 40);
    explorer.sees("first 50 of 180 events").await;
    let counted = explorer.sees("counted by the server at").await;
    explorer.press("L");
    explorer.sees("first 100 of 180 events").await;
    explorer.press("L");
    explorer.sees("first 150 of 180 events").await;
    explorer.press("L");
    let paged = explorer.sees("\n 180 events · ").await;
    assert!(!paged.contains("the first") && !paged.contains("counted by"), "{paged}");
    // The counts of the server are those of the events, and all pages together are the store.
    let tree = |screen: &str| -> Vec<String> {
        let rows = screen.lines().filter(|line| line.contains("▸ ") && line.starts_with('│'));
        rows.map(|line| line.chars().take(46).collect()).collect()
    };
    assert_eq!(tree(&counted), tree(&paged), "{counted}\n{paged}");
    explorer.quit().await;
    let mut explorer = Explorer::open(launch(running.url(), None), 120, 40);
    let whole = explorer.sees("\n 180 events · ").await;
    explorer.quit().await;
    assert_eq!(tree(&whole), tree(&paged));
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_and_the_newest_are_a_key_away() {
    let running = server(400).await;
    let mut explorer = Explorer::open(launch(running.url(), Some(50)), 120, 40);
    explorer.sees("first 50 of 400 events").await;
    explorer.press("alt-g");
    let screen = explorer.sees("newest 50 of 400 events").await;
    assert!(screen.contains("in the newest 50 of 400 events"), "{screen}");
    commit(&running, 3).await;
    explorer.press("r");
    explorer.sees("newest 53 of 403 events").await;
    explorer.press("alt-g");
    explorer.sees("first 50 of 403 events").await;
    explorer.press("alt-l");
    explorer.sees("\n 403 events · ").await;
    commit(&running, 2).await;
    explorer.press("r");
    explorer.sees("\n 405 events · ").await;
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_is_loaded_when_it_is_opened() {
    let running = server(2_000).await;
    let mut explorer = Explorer::open(launch(running.url(), Some(50)), 120, 40);
    explorer.sees("counted by the server at").await;
    explorer.press("/ o r d e r enter enter");
    explorer.sees("/order: first 50 of ").await;
    explorer.press("alt-l");
    explorer.sees("/order: all of its ").await;
    explorer.press("esc esc g");
    explorer.sees("first 50 of 2,000 events").await;
    explorer.quit().await;
    running.shutdown().await;
}

/// A server that has events and nothing else, as a static one does.
fn is_static(request: &Request, events: usize) -> Vec<Step> {
    match request.path.as_str() {
        "/api/v2/ping" => answer(200, "Pong"),
        "/api/v2/fetch" => {
            let all: Vec<String> = (1..=events).map(event).collect();
            let from = all.iter().position(|line| {
                let id = line.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                request.body.contains(&format!("\"lowerBound\":\"{id}\""))
            });
            let rest = &all[from.map_or(0, |at| at + 1)..];
            answer(200, rest.iter().map(|line| format!("{line}\n")).collect::<String>())
        }
        _ => answer(404, "not here"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_server_is_read_by_its_stream_alone_and_without_complaints() {
    let server = Scripted::start(|_, request| is_static(request, 130)).await;
    let mut explorer = Explorer::open(launch(&server.url, Some(50)), 120, 40);
    let screen = explorer.sees("first 50 events, there are more").await;
    assert!(screen.contains("50+ events"), "{screen}");
    let screen = explorer.sees("as far as it is loaded").await;
    assert!(!screen.contains("(! all"), "{screen}");
    explorer.press("L");
    explorer.sees("first 100 events, there are more").await;
    explorer.press("L");
    explorer.sees("\n 130 events · 130 subjects").await;
    explorer.press("!");
    let messages = explorer.sees("Messages, newest first").await;
    assert!(messages.contains("Nothing was said yet"), "{messages}");
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_cut_inside_a_page_goes_on_to_its_end() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v2/fetch" if !request.body.contains("lowerBound") => {
            let some: String = (1..=20).map(|number| format!("{}\n", event(number))).collect();
            vec![chunked(), chunk(some), Step::Reset]
        }
        "/api/v2/fetch" if request.body.contains("\"e20\"") => {
            let rest: String = (21..=90).map(|number| format!("{}\n", event(number))).collect();
            vec![chunked(), chunk(rest), end()]
        }
        _ => is_static(request, 90),
    })
    .await;
    let mut explorer = Explorer::open(launch(&server.url, Some(50)), 120, 40);
    explorer.sees("first 20 events, loading stopped · r goes on").await;
    explorer.press("r");
    explorer.sees("first 50 events, there are more").await;
    explorer.press("L");
    explorer.sees("\n 90 events · 90 subjects").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_the_older_language_is_asked_in_it() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v2/query" if request.body.contains("STREAM e FROM") => answer(400, "unexpected STREAM"),
        "/api/v2/query" if request.body.contains("GROUP BY e.subject") => {
            answer(200, "{\"subject\":\"/a/1\",\"events\":70,\"last\":null}\n{\"subject\":\"/b\",\"events\":60}\n")
        }
        "/api/v2/query" if request.body.contains("GROUP BY e.type") => answer(200, "{\"type\":\"t\",\"events\":130}\n"),
        "/api/v2/query" => answer(200, "\"e130\"\n\"e129\"\n"),
        "/api/v2/fetch" if request.body.contains("\"includeLowerBoundEvent\":true") => {
            answer(200, format!("{}\n{}\n", event(129), event(130)))
        }
        _ => is_static(request, 130),
    })
    .await;
    let mut explorer = Explorer::open(launch(&server.url, Some(50)), 120, 40);
    explorer.sees("first 50 of 130 events").await;
    let screen = explorer.sees("counted by the server at").await;
    assert!(screen.contains("▸ a") && screen.contains("70") && screen.contains("  b "), "{screen}");
    explorer.press("alt-g");
    explorer.sees("newest 2 of 130 events").await;
    explorer.quit().await;
}

/// The same file for every request, whatever is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_behind_a_web_server_is_read_page_by_page_and_by_subject() {
    let all: String = (1..=130)
        .map(|number| format!("{}\n", event(number).replace("/a/", if number % 3 == 0 { "/c/" } else { "/a/" })))
        .collect();
    let server = Scripted::start(move |_, request| match request.path.as_str() {
        "/api/v2/fetch" => answer(200, &all),
        _ => is_static(request, 0),
    })
    .await;
    let mut explorer = Explorer::open(launch(&server.url, Some(50)), 120, 40);
    explorer.sees("first 50 events, there are more").await;
    explorer.press("/ c enter enter");
    explorer.sees("/c: all of its 43 events").await;
    explorer.press("esc esc g");
    explorer.sees("first 50 events, there are more").await;
    explorer.press("L");
    explorer.sees("first 100 events, there are more").await;
    explorer.press("L");
    explorer.sees("\n 130 events · 130 subjects").await;
    // Another loading begins only when the one before has ended, so after the sixth the fifth has brought nothing twice.
    let loadings = || server.requests().iter().filter(|request| request.path.ends_with("fetch")).count();
    while loadings() < 6 {
        // Keys come before answers: without a frame between them no loading would ever end.
        explorer.press_and_see("r").await;
    }
    explorer.sees("\n 130 events · 130 subjects").await;
    explorer.quit().await;
}
