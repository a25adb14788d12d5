//! The tail and everything that a network does to it: every event comes once, in order, none is missing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;

use gdbx::api::{Choice, Client, Policy, Settings, Tail, TailFrom, TailItem, Token};
use gdbx::model::json::Json;
use gdbx::model::request::{CommitRequest, Generation, NewEvent, StreamRequest};
use gdbx::server::{Options, Tokens, serve};
use gdbx::store::Store;
use scripted::{Request, Scripted, Step, chunk, chunked, event, send};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

const BOTH: [Choice; 2] = [Choice::V1, Choice::V2];

fn tail_with(url: &str, choice: Choice, change: impl FnOnce(&mut Settings)) -> Tail {
    let mut settings = Settings::new(url).with_token(Token::new("secret").unwrap());
    settings.generation = choice;
    change(&mut settings);
    let policy = Policy { first: Duration::from_millis(1), most: Duration::from_millis(20) };
    Tail::new(Client::new(settings).unwrap(), StreamRequest::new("/"), TailFrom::Start, policy)
}

fn tail(url: &str, choice: Choice) -> Tail {
    tail_with(url, choice, |_| {})
}

/// What a tail told.
#[derive(Debug, Default)]
struct Told {
    ids: Vec<String>,
    /// Lines that are no events.
    bad: usize,
    connected: usize,
    lost: usize,
    heartbeats: usize,
    gaps: usize,
}

/// Follow a tail until `n` events came.
async fn follow(tail: &mut Tail, n: usize) -> Told {
    let mut told = Told::default();
    while told.ids.len() < n {
        take(tail, &mut told).await;
    }
    told
}

async fn take(tail: &mut Tail, told: &mut Told) {
    match tail.next().await.unwrap() {
        TailItem::Events { batch, pure } => {
            let bad = batch.events().filter(Result::is_err).count();
            assert_eq!(pure, bad == 0);
            told.bad += bad;
            told.ids.extend(batch.events().filter_map(Result::ok).map(|event| event.id.into_owned()));
        }
        TailItem::Connected { .. } => told.connected += 1,
        TailItem::Lost { .. } => told.lost += 1,
        TailItem::GapSuspected { .. } => told.gaps += 1,
        TailItem::Heartbeat => told.heartbeats += 1,
        TailItem::Refused(error) => panic!("{error}"),
        _ => {}
    }
}

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("e{n}")).collect()
}

/// The number of the event in a request's exclusive lower bound; 0 without one.
fn after(request: &Request) -> usize {
    let body = Json::parse(&request.body).unwrap();
    let bound = body.get("options").and_then(|options| options.get("lowerBound")).and_then(|bound| bound.as_str());
    bound.map_or(0, |id| id[1..].parse().unwrap())
}

fn is_observation(request: &Request) -> bool {
    request.path.ends_with("/observe") || request.path.ends_with("/subscribe")
}

/// An event with letters of several bytes.
fn lettered(n: usize) -> String {
    event(n).replace("\"n\":", "\"name\":\"Zoë 美咲 \u{1f980}\",\"n\":")
}

/// Events with letters of several bytes in a wire form, with heartbeats and comments between them.
fn wire(choice: Choice, events: std::ops::Range<usize>, end: &str) -> String {
    events
        .map(|n| {
            let event = lettered(n);
            match choice {
                Choice::V2 => format!(": still here{end}data: {event}{end}{end}data: {{\"payload\":\"\"}}{end}{end}"),
                _ => format!("{event}{end}{{\"payload\":\"\"}}{end}"),
            }
        })
        .collect()
}

/// What is there already: events and nothing else.
fn past(events: std::ops::Range<usize>) -> String {
    events.map(|n| event(n) + "\n").collect()
}

/// The answer of a server that has `count` events: the observation as `steps` make it of what is asked for, the past of
/// API v1 whole.
fn answers(
    request: &Request,
    choice: Choice,
    count: usize,
    end: &str,
    steps: impl FnOnce(String) -> Vec<Step>,
) -> Vec<Step> {
    let text = wire(choice, after(request) + 1..count + 1, end);
    if is_observation(request) { steps(text) } else { scripted::answer(200, past(after(request) + 1..count + 1)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_at_every_byte() {
    const EVENTS: usize = 4;
    for choice in BOTH {
        let whole = wire(choice, 1..EVENTS + 1, "\n").len();
        let tries = (0..=whole).map(|cut| async move {
            // The past of v1 is empty, so that everything depends on the observation that is cut.
            let server = Scripted::start(move |n, request| {
                let asks_past = !is_observation(request);
                let text = wire(choice, after(request) + 1..EVENTS + 1, "\n");
                match () {
                    () if asks_past && n < 2 => scripted::answer(200, ""),
                    () if asks_past => scripted::answer(200, past(after(request) + 1..EVENTS + 1)),
                    () if n < 2 => vec![chunked(), chunk(&text.as_bytes()[..cut.min(text.len())]), Step::Reset],
                    () => vec![chunked(), chunk(text), Step::Hang],
                }
            })
            .await;
            let told = follow(&mut tail(&server.url, choice), EVENTS).await;
            (cut, told)
        });
        let mut running = tokio::task::JoinSet::new();
        let mut done = 0;
        for attempt in tries {
            running.spawn(attempt);
            if running.len() >= 64 {
                done += usize::from(passed(running.join_next().await.unwrap().unwrap(), EVENTS));
            }
        }
        while let Some(result) = running.join_next().await {
            done += usize::from(passed(result.unwrap(), EVENTS));
        }
        assert_eq!(done, whole + 1);
    }
}

fn passed((cut, told): (usize, Told), events: usize) -> bool {
    assert_eq!((told.ids, told.gaps, told.bad), (numbered(1..events + 1), 0, 0), "cut at {cut}");
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_at_a_time_with_either_line_end() {
    for choice in BOTH {
        for end in ["\n", "\r\n"] {
            let server = Scripted::start(move |_, request| {
                answers(request, choice, 5, end, |text| {
                    let mut steps = vec![chunked()];
                    steps.extend(text.as_bytes().chunks(1).map(chunk));
                    steps.push(Step::Hang);
                    steps
                })
            })
            .await;
            let mut tail = tail(&server.url, choice);
            let mut told = follow(&mut tail, 5).await;
            if choice == Choice::V2 {
                while told.heartbeats < 10 {
                    take(&mut tail, &mut told).await;
                }
            }
            assert_eq!((told.ids, told.bad, told.lost), (numbered(1..6), 0, 0), "{choice:?} {end:?}");
        }
    }
}

/// Every letter, line end and heartbeat of a stream is cut in two once: what arrives is the same, byte for byte.
#[tokio::test(flavor = "multi_thread")]
async fn a_cut_between_two_chunks_at_every_byte() {
    const EVENTS: usize = 3;
    for (choice, end) in BOTH.into_iter().flat_map(|choice| [(choice, "\n"), (choice, "\r\n")]) {
        let whole = wire(choice, 1..EVENTS + 1, end);
        let mut running = tokio::task::JoinSet::new();
        for cut in 1..whole.len() {
            let text = whole.clone();
            running.spawn(async move {
                let server = Scripted::start(move |_, request| match is_observation(request) {
                    false => scripted::answer(200, ""),
                    true => {
                        let (first, second) = text.as_bytes().split_at(cut);
                        vec![chunked(), chunk(first), Step::Pause(Duration::from_millis(5)), chunk(second), Step::Hang]
                    }
                })
                .await;
                let mut tail = tail(&server.url, choice);
                let mut lines = Vec::new();
                while lines.len() < EVENTS {
                    match tail.next().await.unwrap() {
                        TailItem::Events { batch, .. } => {
                            lines.extend(batch.iter().map(|line| String::from_utf8(line.to_vec()).unwrap()));
                        }
                        TailItem::Lost { reason, .. } => panic!("{reason}"),
                        _ => {}
                    }
                }
                let expected: Vec<String> = (1..EVENTS + 1).map(lettered).collect();
                assert_eq!(lines, expected, "{choice:?} {end:?} cut at {cut}");
            });
            if running.len() >= 64 {
                running.join_next().await.unwrap().unwrap();
            }
        }
        while let Some(result) = running.join_next().await {
            result.unwrap();
        }
    }
}

/// The server's clock goes back an hour and forth a day between events, and the connection breaks at each of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps() {
    const EVENTS: usize = 12;
    let jumping = |n: usize| {
        let time = ["2025-06-02T15", "2025-06-02T14", "2025-06-03T15", "1970-01-01T00", "2262-04-11T23"][n % 5];
        event(n).replace("2025-06-02T15", time)
    };
    for choice in BOTH {
        let server = Scripted::start(move |_, request| {
            let first = after(request) + 1;
            if !is_observation(request) {
                return scripted::answer(
                    200,
                    (first..EVENTS + 1).take(1).map(|n| jumping(n) + "\n").collect::<String>(),
                );
            }
            let form = |n| if choice == Choice::V2 { format!("data: {}\n\n", jumping(n)) } else { jumping(n) + "\n" };
            let text: String = (first..EVENTS + 1).take(3).map(form).collect();
            vec![chunked(), chunk(text), Step::Reset]
        })
        .await;
        let told = follow(&mut tail(&server.url, choice), EVENTS).await;
        assert_eq!((told.ids, told.gaps, told.bad), (numbered(1..EVENTS + 1), 0, 0), "{choice:?}");
        assert!(told.lost >= 3);
    }
}

#[tokio::test]
async fn silence_is_a_loss_and_heartbeats_are_not() {
    let idle = Duration::from_millis(300);
    for choice in BOTH {
        let server = Scripted::start(move |_, request| {
            let next = after(request) + 1;
            answers(request, choice, next, "\n", |text| vec![chunked(), chunk(text), Step::Hang])
        })
        .await;
        let mut silent = tail_with(&server.url, choice, |settings| settings.heartbeat_timeout = Some(idle));
        let told = follow(&mut silent, 3).await;
        assert_eq!((told.ids, told.lost, told.gaps), (numbered(1..4), 2, 0), "{choice:?}");
    }
    let server = Scripted::start(move |_, request| {
        answers(request, Choice::V2, 2, "\n", |text| {
            let (first, second) = text.split_at(text.len() / 2);
            let mut steps = vec![chunked(), chunk(first)];
            for _ in 0..12 {
                steps.extend([Step::Pause(idle / 6), chunk(": still here\n")]);
            }
            steps.extend([chunk(second), Step::Hang]);
            steps
        })
    })
    .await;
    let mut alive = tail_with(&server.url, Choice::V2, |settings| settings.heartbeat_timeout = Some(idle));
    let told = follow(&mut alive, 2).await;
    assert_eq!((told.ids, told.lost), (numbered(1..3), 0));
}

#[tokio::test]
async fn a_server_that_says_why_it_ends_is_asked_again() {
    let server = Scripted::start(|_, request| {
        let next = after(request) + 1;
        answers(request, Choice::V2, next, "\n", |text| {
            vec![
                chunked(),
                chunk(text),
                chunk("event: error\ndata: {\"error\":\"store closed\"}\n\n"),
                send("0\r\n\r\n"),
            ]
        })
    })
    .await;
    let told = follow(&mut tail(&server.url, Choice::V2), 6).await;
    assert_eq!((told.ids, told.lost, told.gaps), (numbered(1..7), 5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_50_mb_among_small_ones() {
    for choice in BOTH {
        let server = Scripted::start(move |_, request| {
            answers(request, choice, 3, "\n", |text| {
                let large = text.replacen("Zoë", &"x".repeat(50 << 20), 1);
                let mut steps = vec![chunked()];
                steps.extend(large.as_bytes().chunks(1 << 16).map(chunk));
                steps.push(Step::Hang);
                steps
            })
        })
        .await;
        let told = follow(&mut tail(&server.url, choice), 3).await;
        assert_eq!((told.ids, told.lost, told.bad), (numbered(1..4), 0, 0), "{choice:?}");
    }
}

#[tokio::test]
async fn garbage_between_events_is_told_and_takes_none_with_it() {
    let garbage: [&[u8]; 6] =
        [b"garbage", b"{\"id\":", b"\xff\xfe\x00", b"data: }{", b"{\"id\":\"e2\",\"subject\":", b"[1,2"];
    for (choice, junk) in BOTH.into_iter().flat_map(|choice| garbage.map(|junk| (choice, junk))) {
        let server = Scripted::start(move |_, request| {
            answers(request, choice, 3, "\n", |text| {
                let mut bytes = Vec::new();
                // Behind a blank line in both forms: inside a message of server-sent events it would be a part of it.
                let between = if choice == Choice::V2 { "\n\n" } else { "\n" };
                for part in text.split_inclusive(between) {
                    bytes.extend_from_slice(part.as_bytes());
                    bytes.extend_from_slice(junk);
                    // The blank line ends a message that was begun.
                    bytes.extend_from_slice(b"\n\n");
                }
                vec![chunked(), chunk(bytes), Step::Hang]
            })
        })
        .await;
        let mut tail = tail(&server.url, choice);
        let mut told = follow(&mut tail, 3).await;
        while told.bad == 0 {
            take(&mut tail, &mut told).await;
        }
        let said = String::from_utf8_lossy(junk);
        assert_eq!((told.ids, told.gaps, told.lost), (numbered(1..4), 0, 0), "{choice:?} {said}");
    }
}

/// The store's server, started again and again on the same port.
struct Server {
    address: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(store: &Store, address: &str) -> Self {
        // A port that has just been left may still be on its way out.
        let listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let tokens = Tokens { admin: "secret".into(), writer: None, reader: None };
        let serving = serve(listener, store.clone(), Options::new(tokens), async move { drop(stopped.await) });
        let task = tokio::spawn(async move { serving.await.unwrap() });
        Self { address, stop, task }
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

fn ten_events() -> CommitRequest {
    let event = || NewEvent {
        source: "s".into(),
        subject: "/load/1".into(),
        kind: "t".into(),
        data: serde_json::value::RawValue::from_string("{\"n\":1}".to_owned()).unwrap(),
        options: Default::default(),
    };
    CommitRequest { events: (0..10).map(|_| event()).collect(), preconditions: Vec::new() }
}

/// The server is restarted again and again while events are committed; what the tail told is what the store has.
async fn restarts_under_load(choice: Choice, every: Duration, until: impl Fn(usize, Duration) -> bool) {
    let store = Store::in_memory();
    store.add_demo(100).unwrap();
    let mut server = Server::start(&store, "127.0.0.1:0").await;
    let url = format!("http://{}", server.address);
    let going = Arc::new(AtomicBool::new(true));
    let (writes, to) = (Arc::clone(&going), store.clone());
    let writer = tokio::task::spawn_blocking(move || {
        while writes.load(Ordering::Relaxed) {
            to.commit(Generation::V1, ten_events()).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let (told_to, total) = oneshot::channel::<usize>();
    let (connected, mut connections) = watch::channel(0);
    let mut tail = tail(&url, choice);
    let follower = tokio::spawn(async move {
        let (mut told, mut total) = (Told::default(), total);
        let mut end = None;
        while end.is_none_or(|end| told.ids.len() < end) {
            tokio::select! {
                () = take(&mut tail, &mut told) => {
                    connected.send_replace(told.connected);
                }
                all = &mut total, if end.is_none() => end = Some(all.unwrap()),
            }
        }
        told
    });
    // Each restart ends a connection that is there, and the last one is followed by another.
    let mut again = async |restarts| {
        let connected = connections.wait_for(|connections| *connections > restarts);
        tokio::time::timeout(Duration::from_secs(60), connected).await.expect("it connects again").unwrap();
    };
    let began = Instant::now();
    let mut restarts = 0;
    while !until(restarts, began.elapsed()) {
        tokio::time::sleep(every).await;
        again(restarts).await;
        let address = server.address.clone();
        server.end().await;
        server = Server::start(&store, &address).await;
        restarts += 1;
    }
    again(restarts).await;
    going.store(false, Ordering::Relaxed);
    writer.await.unwrap();
    told_to.send(store.len()).unwrap();
    let told = tokio::time::timeout(Duration::from_secs(60), follower).await.expect("it catches up").unwrap();
    let mut all = Vec::new();
    let mut settings = Settings::new(&url).with_token(Token::new("secret").unwrap());
    settings.generation = choice;
    let mut stream = Client::new(settings).unwrap().stream(&StreamRequest::new("/")).await.unwrap();
    while let Some(batch) = stream.next().await {
        all.extend(batch.unwrap().events().map(|event| event.unwrap().id.into_owned()));
    }
    assert_eq!(told.ids.len(), all.len());
    assert!(told.ids == all && told.gaps == 0, "the same events in the same order");
    assert!(told.lost >= restarts, "{} of {restarts}", told.lost);
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handful_of_restarts_under_load() {
    for choice in BOTH {
        restarts_under_load(choice, Duration::from_millis(100), |restarts, _| restarts >= 6).await;
    }
}

async fn a_minute_of_restarts(choice: Choice) {
    restarts_under_load(choice, Duration::from_secs(2), |_, passed| passed >= Duration::from_secs(60)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; .ci/run has the time"]
async fn a_restart_every_two_seconds_for_a_minute_under_load_v1() {
    a_minute_of_restarts(Choice::V1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; .ci/run has the time"]
async fn a_restart_every_two_seconds_for_a_minute_under_load_v2() {
    a_minute_of_restarts(Choice::V2).await;
}
