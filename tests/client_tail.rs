//! The tail and servers that come and go: every event once, in order.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;

use gdbx::api::{Choice, Client, Kind, Policy, Settings, Tail, TailFrom, TailItem, TailPart};
use gdbx::model::json::Json;
use gdbx::model::request::StreamRequest;
use scripted::{Request, Scripted, Step, answer, chunk, chunked, event, send};
use std::time::Duration;

fn tail(url: &str, choice: Choice, subject: &str, from: TailFrom) -> Tail {
    let mut settings = Settings::new(url);
    settings.generation = choice;
    let policy = Policy { first: Duration::from_millis(1), most: Duration::from_millis(5) };
    Tail::new(Client::new(settings).unwrap(), StreamRequest::new(subject), from, policy)
}

/// The IDs until there are `n`, and the other items by their names.
async fn ids(tail: &mut Tail, n: usize) -> (Vec<String>, Vec<&'static str>) {
    let (mut ids, mut others) = (Vec::new(), Vec::new());
    while ids.len() < n {
        match tail.next().await.unwrap() {
            TailItem::Events { batch, .. } => ids.extend(batch.events().map(|event| event.unwrap().id.into_owned())),
            TailItem::Connected { .. } => others.push("connected"),
            TailItem::Lost { .. } => others.push("lost"),
            TailItem::GapSuspected { .. } => others.push("gap"),
            TailItem::Heartbeat => others.push("heartbeat"),
            other => panic!("{other:?}"),
        }
    }
    (ids, others)
}

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("e{n}")).collect()
}

fn lines(range: std::ops::Range<usize>) -> String {
    range.map(|n| format!("{}\n", event(n))).collect()
}

/// The number of the event in a request's exclusive lower bound; 0 without one.
fn after(request: &Request) -> usize {
    let body = Json::parse(&request.body).unwrap();
    let Some(options) = body.get("options") else { return 0 };
    assert_eq!(options.get("includeLowerBoundEvent").map(|flag| flag.text()), Some("false"));
    options.get("lowerBound").unwrap().as_str().unwrap()[1..].parse().unwrap()
}

/// Three events a connection, then half a line and the end of it, one way or another.
fn three_and_a_half(n: usize, from: usize) -> Vec<Step> {
    let half = &event(from + 3)[..30];
    let mut steps = vec![chunked(), chunk(lines(from..from + 3)), chunk(half)];
    steps.push(if n.is_multiple_of(2) { Step::Reset } else { send("0\r\n\r\n") });
    steps
}

#[tokio::test]
async fn every_event_comes_once_whatever_the_connection_does() {
    let server = Scripted::start(|n, request| match n % 5 {
        3 => answer(503, "recovering"),
        4 => vec![Step::Reset],
        _ => three_and_a_half(n, after(request) + 1),
    })
    .await;
    let mut tail = tail(&server.url, Choice::V2, "/", TailFrom::Start);
    let (ids, others) = ids(&mut tail, 30).await;
    assert_eq!(ids, numbered(1..31));
    assert!(!others.contains(&"gap") && others.iter().filter(|item| **item == "lost").count() >= 9, "{others:?}");
}

#[tokio::test]
async fn a_server_that_starts_over_repeats_nothing() {
    // Bounds mean nothing to this one.
    let server = Scripted::start(|n, _| vec![chunked(), chunk(lines(1..4 + n)), Step::Reset]).await;
    let mut tail = tail(&server.url, Choice::V2, "/", TailFrom::Start);
    assert_eq!(ids(&mut tail, 8).await.0, numbered(1..9));
}

#[tokio::test]
async fn v1_servers_with_history_and_without_lose_and_repeat_nothing() {
    for history in [true, false] {
        // Connection k of the observation: events up to 3k are there, and two more come.
        let server = Scripted::start(move |_, request| {
            let from = after(request) + 1;
            let there = from.div_ceil(3) * 3;
            match request.path.as_str() {
                "/api/v1/stream" => answer(200, lines(from..there + 1)),
                _ if history => vec![chunked(), chunk(lines(from..there + 3)), Step::Reset],
                _ => vec![chunked(), chunk(lines(there + 1..there + 3)), Step::Reset],
            }
        })
        .await;
        let mut tail = tail(&server.url, Choice::V1, "/", TailFrom::Start);
        let (ids, others) = ids(&mut tail, 20).await;
        assert_eq!(ids, numbered(1..ids.len() + 1), "history: {history}");
        assert!(!others.contains(&"gap"), "{others:?}");
    }
}

#[tokio::test]
async fn a_v1_server_that_is_silent_until_the_first_event_holds_nothing_up() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v1/stream" => answer(200, lines(1..4)),
        _ => vec![Step::Hang],
    })
    .await;
    let mut tail = tail(&server.url, Choice::V1, "/", TailFrom::Start);
    assert_eq!(ids(&mut tail, 3).await.0, numbered(1..4));
}

#[tokio::test]
async fn missing_events_are_told_by_the_chain() {
    let server = Scripted::start(|n, _| match n {
        0 => vec![chunked(), chunk(lines(1..3)), Step::Reset],
        _ => vec![chunked(), chunk(lines(5..7)), Step::Hang],
    })
    .await;
    let mut whole = tail(&server.url, Choice::V2, "/", TailFrom::Start);
    let (found, others) = ids(&mut whole, 4).await;
    assert_eq!(found, ["e1", "e2", "e5", "e6"]);
    assert_eq!(others, ["connected", "lost", "connected", "gap"]);
}

#[tokio::test]
async fn now_is_after_the_newest_event() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v2/query" => {
            assert!(request.body.contains("e.subject UNDER '/it\\\\'s'"), "{}", request.body);
            answer(200, "\"e5\"\n")
        }
        // Two more have the time of the newest one.
        "/api/v2/fetch" => answer(200, lines(after(request) + 1..8)),
        _ => vec![chunked(), chunk(lines(after(request) + 1..after(request) + 2)), Step::Hang],
    })
    .await;
    let mut tail = tail(&server.url, Choice::V2, "/it's", TailFrom::Now);
    assert_eq!(ids(&mut tail, 1).await.0, ["e8"]);
    assert_eq!(tail.last_id(), Some("e8"));
}

#[tokio::test]
async fn now_is_found_without_queries_and_without_events() {
    for there in [0, 3] {
        let server = Scripted::start(move |n, request| match request.path.as_str() {
            "/api/v2/query" => answer(if there == 0 { 200 } else { 422 }, ""),
            "/api/v2/fetch" => answer(200, lines(1..there + 1)),
            // Lost before the first event: what comes meanwhile is new, not history.
            _ if n == if there == 0 { 1 } else { 2 } => vec![chunked(), chunk("{\"payload\":\"\"}\n"), Step::Reset],
            _ => vec![chunked(), chunk(lines(after(request) + 1..after(request) + 3)), Step::Hang],
        })
        .await;
        let mut tail = tail(&server.url, Choice::V2, "/a", TailFrom::Now);
        assert_eq!(ids(&mut tail, 2).await.0, numbered(there + 1..there + 3));
        let queries = server.requests().into_iter().filter(|request| request.path == "/api/v2/query").count();
        assert_eq!(queries, 1, "now is asked for once");
    }
}

/// An event of one of three subjects, by turns. The clock goes back all the time.
fn of_three(n: usize) -> String {
    let back = format!("{:09}Z", 500 - n);
    event(n).replace("/a/", ["/x/c/", "/x/a/", "/x/b/"][n % 3]).replace(&format!("{n:09}Z"), &back)
}

/// The events up to `last` that a request asks for.
fn asked(request: &Request, last: usize) -> String {
    let body = Json::parse(&request.body).unwrap();
    let subject = format!("{}/", body.get("subject").unwrap().as_str().unwrap());
    let options = body.get("options");
    let bound =
        options.and_then(|options| options.get("lowerBound")?.as_str()).map_or(0, |id| id[1..].parse().unwrap());
    let includes = options.is_some_and(|o| o.get("includeLowerBoundEvent").is_some_and(|flag| flag.text() == "true"));
    let first: usize = if includes { bound } else { bound + 1 };
    let lines = (first..=last).map(of_three).filter(|line| line.contains(&format!("\"subject\":\"{subject}")));
    lines.map(|line| line + "\n").collect()
}

#[tokio::test]
async fn a_tail_in_place_of_others_tells_what_they_would_have_told_and_nothing_twice() {
    for choice in [Choice::V1, Choice::V2] {
        let server = Scripted::start(|n, request| match request.path.rsplit('/').next().unwrap() {
            "query" | "q" => answer(200, "\"e7\"\n"),
            "fetch" | "stream" => answer(200, asked(request, 9)),
            // It breaks now and then, in the middle of what is known already.
            _ if n % 2 == 0 => vec![chunked(), chunk(asked(request, 6)), Step::Reset],
            _ => vec![chunked(), chunk(asked(request, 12)), Step::Hang],
        })
        .await;
        // One of them is far behind, and one had not begun.
        let part = |subject: &str, from| TailPart { subject: subject.into(), from };
        let parts = vec![
            part("/x/a", TailFrom::After("e1".into())),
            part("/x/b", TailFrom::After("e5".into())),
            part("/x/c", TailFrom::Now),
        ];
        let mut tail = tail(&server.url, choice, "/x", TailFrom::InPlaceOf(parts));
        let (ids, others) = ids(&mut tail, 6).await;
        assert_eq!(ids, ["e4", "e7", "e8", "e10", "e11", "e12"], "{choice:?}");
        assert!(!others.contains(&"gap"), "{others:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_the_end_and_says_why() {
    for (status, kind) in [(401, Kind::NotAllowed), (403, Kind::NotAllowed), (400, Kind::Refused)] {
        let server = Scripted::start(move |_, _| answer(status, "no")).await;
        let mut tail = tail(&server.url, Choice::V2, "/", TailFrom::After("e1".into()));
        let Some(TailItem::Refused(error)) = tail.next().await else { panic!("refused") };
        assert_eq!(error.kind(), kind);
        assert_eq!(tail.next().await, None);
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn dropping_next_loses_nothing() {
    let server = Scripted::start(|n, request| three_and_a_half(n, after(request) + 1)).await;
    let mut tail = tail(&server.url, Choice::V2, "/", TailFrom::Start);
    let mut ids = Vec::new();
    while ids.len() < 30 {
        // Polled once and dropped, over and over.
        let polled = tokio::select! {
            biased;
            item = tail.next() => Some(item.unwrap()),
            () = tokio::task::yield_now() => None,
        };
        if let Some(TailItem::Events { batch, .. }) = polled {
            ids.extend(batch.events().map(|event| event.unwrap().id.into_owned()));
        }
    }
    assert_eq!(ids, numbered(1..ids.len() + 1));
}

#[tokio::test]
async fn only_api_v2_is_told_how_often_to_look() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v1/stream" => answer(200, ""),
        _ => vec![chunked(), chunk(lines(1..2)), Step::Hang],
    })
    .await;
    for (choice, told) in [(Choice::V2, true), (Choice::V1, false)] {
        let mut settings = Settings::new(&server.url);
        settings.generation = choice;
        let request = StreamRequest { interval: Some(0.5), ..StreamRequest::new("/") };
        let mut tail = Tail::new(Client::new(settings).unwrap(), request, TailFrom::Start, Policy::default());
        assert_eq!(ids(&mut tail, 1).await.0, ["e1"]);
        let last = server.requests().into_iter().rfind(|request| !request.path.ends_with("/stream")).unwrap();
        assert_eq!(last.body.contains("\"interval\":0.5"), told, "{} {}", last.path, last.body);
    }
}
