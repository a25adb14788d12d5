//! The client and servers that misbehave: every failure is told apart and told in words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;

use gdbx::api::{Batch, Choice, Client, Error, Kind, LineStream, Live, Settings, Token};
use gdbx::model::request::{CommitRequest, Generation, NewEvent, StreamRequest};
use scripted::{Scripted, Step, answer, chunk, chunked, end, event, send};
use std::time::Duration;

fn settings(url: &str, generation: Choice) -> Settings {
    let mut settings = Settings::new(url).with_token(Token::new("hunter2-token").unwrap());
    settings.generation = generation;
    settings
}

fn client(url: &str) -> Client {
    Client::new(settings(url, Choice::V2)).unwrap()
}

async fn all(stream: &mut LineStream) -> (Vec<String>, Option<Error>) {
    let mut lines = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(batch) => lines.extend(batch.iter().map(|line| String::from_utf8_lossy(line).into_owned())),
            Err(error) => {
                assert!(stream.next().await.is_none(), "after an error there is nothing");
                return (lines, Some(error));
            }
        }
    }
    (lines, None)
}

async fn streamed(steps: Vec<Step>) -> (Vec<String>, Option<Error>) {
    let server = Scripted::start(move |_, _| steps.clone()).await;
    let mut stream = client(&server.url).stream(&StreamRequest::new("/")).await.unwrap();
    all(&mut stream).await
}

fn commit_request() -> CommitRequest {
    let data = serde_json::value::RawValue::from_string("{}".to_owned()).unwrap();
    let event =
        NewEvent { source: "s".into(), subject: "/a".into(), kind: "t".into(), data, options: Default::default() };
    CommitRequest { events: vec![event], preconditions: vec![] }
}

#[tokio::test]
async fn requests_are_those_of_the_wire_document() {
    let server = Scripted::start(|_, _| answer(200, "")).await;
    for (choice, path) in [(Choice::V1, "/api/v1/stream"), (Choice::V2, "/api/v2/fetch")] {
        let client = Client::new(settings(&format!("{}/", server.url), choice)).unwrap();
        let mut stream = client.stream(&StreamRequest::new("/x")).await.unwrap();
        assert!(stream.next().await.is_none());
        let request = server.requests().pop().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", path));
        assert_eq!(request.body, r#"{"subject":"/x"}"#);
        let head = request.head.to_ascii_lowercase();
        assert!(head.contains("authorization: bearer hunter2-token"), "{head}");
        assert!(head.contains("content-type: application/json") && head.contains("user-agent: gdbx/"), "{head}");
        assert!(head.contains("accept: application/x-ndjson"), "{head}");
    }
}

#[tokio::test]
async fn the_generation_is_asked_once_and_falls_back() {
    let old = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v1/status/ping" => answer(200, "pong"),
        "/api/v1/subjects" => answer(200, "[\"/a\"]"),
        _ => answer(404, "no such route"),
    })
    .await;
    let client = Client::new(settings(&old.url, Choice::Auto)).unwrap();
    assert_eq!(client.subjects().await.unwrap(), ["/a"]);
    assert_eq!(client.subjects().await.unwrap(), ["/a"]);
    assert_eq!(client.known_generation(), Some(Generation::V1));
    let paths: Vec<_> = old.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/api/v2/ping", "/api/v1/status/ping", "/api/v1/subjects", "/api/v1/subjects"]);

    let neither = Scripted::start(|_, _| answer(404, "")).await;
    let error = Client::new(settings(&neither.url, Choice::Auto)).unwrap().ping().await.unwrap_err();
    assert_eq!((error.status(), error.kind()), (Some(404), Kind::Refused));
}

#[tokio::test]
async fn a_server_that_is_down_at_first_is_asked_again() {
    let server = Scripted::start(|n, _| if n == 0 { answer(503, "recovering") } else { answer(200, "Pong") }).await;
    let client = Client::new(settings(&server.url, Choice::Auto)).unwrap();
    assert_eq!(client.generation().await.unwrap_err().kind(), Kind::NotReady);
    assert_eq!(client.generation().await.unwrap(), Generation::V2);
}

#[tokio::test]
async fn statuses_keep_the_servers_words() {
    let cases = [
        (400, r#"{"error":"`x` is no function","position":7,"length":1}"#, Kind::Refused, "`x` is no function"),
        (401, "bad\u{1b}[2Jtoken hunter2-token", Kind::NotAllowed, "bad␛[2Jtoken ***"),
        (403, "", Kind::NotAllowed, "the token lacks this right"),
        (404, "no events", Kind::Refused, "not found: no events"),
        (422, "budget", Kind::Refused, "the server refused: budget"),
        (500, "panic at the disco", Kind::ServerFailed, "panic at the disco"),
        (503, "rebuilding", Kind::NotReady, "try again: rebuilding"),
    ];
    for (status, body, kind, words) in cases {
        let server = Scripted::start(move |_, _| answer(status, body)).await;
        let error = client(&server.url).query("STREAM").await.unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{text}");
        assert!(text.contains(words) && text.contains("/api/v2/query"), "{text}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.position(), (status == 400).then_some(7..8));
        assert!(!format!("{error:?}{text}").contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_failed_precondition_is_one() {
    let body = r#"{"type":"isSubjectNew","message":"subject /a already has events"}"#;
    let server = Scripted::start(move |n, _| answer(412, if n == 0 { body } else { "some words of 1.x" })).await;
    let client = client(&server.url);
    let error = client.commit(&commit_request()).await.unwrap_err();
    assert_eq!(error.to_string(), "isSubjectNew does not hold: subject /a already has events; nothing was written");
    assert_eq!(error.kind(), Kind::PreconditionFailed);
    let error = client.commit(&commit_request()).await.unwrap_err();
    assert_eq!(error.to_string(), "a precondition does not hold: some words of 1.x; nothing was written");
}

#[tokio::test]
async fn nothing_answers() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = client(&format!("http://127.0.0.1:{port}")).ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.to_string().contains("is the server running there?"), "{error}");
    let error = client(&format!("http://127.0.0.1:{port}")).commit(&commit_request()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable, "nothing was sent, so nothing is unknown: {error}");
}

#[tokio::test]
async fn what_answers_speaks_something_else() {
    let server = Scripted::start(|_, _| vec![send("SSH-2.0-OpenSSH_9.6\r\n")]).await;
    let error = client(&server.url).ping().await.unwrap_err();
    assert!(error.to_string().contains("does not speak HTTP"), "{error}");

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        std::future::pending::<()>().await;
    });
    let error = client(&url).ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable, "{error}");
    assert!(error.to_string().contains("does not speak TLS"), "{error}");
}

#[tokio::test]
async fn a_redirect_is_told_and_takes_no_token_anywhere() {
    let other = Scripted::start(|_, _| answer(200, "Pong")).await;
    let target = other.url.clone();
    let server = Scripted::start(move |_, _| {
        vec![send(format!("HTTP/1.1 307 X\r\nlocation: {target}/api/v2/ping\r\ncontent-length: 0\r\n\r\n"))]
    })
    .await;
    let error = client(&server.url).ping().await.unwrap_err();
    assert!(error.to_string().contains(&format!("redirects to {}", other.url)), "{error}");
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_body_in_any_pieces_is_the_same_events() {
    let text = format!("{}\r\n\r\n{}\n{}", event(1), event(2).replace("\"s\"", "\"Jürgen 🦀\""), event(3));
    for size in [1, 2, 3, 7, 1000] {
        let mut steps = vec![chunked()];
        steps.extend(text.as_bytes().chunks(size).map(chunk));
        steps.push(end());
        let (lines, error) = streamed(steps).await;
        assert_eq!(error, None);
        assert_eq!(lines, [event(1), event(2).replace("\"s\"", "\"Jürgen 🦀\""), event(3)], "pieces of {size}");
    }
}

#[tokio::test]
async fn a_cut_body_gives_what_came_whole_and_says_so() {
    let half = &event(3)[..40];
    for last in [Step::Reset, send("")] {
        let (lines, error) =
            streamed(vec![chunked(), chunk(format!("{}\n{}\n{half}", event(1), event(2))), last]).await;
        assert_eq!(lines, [event(1), event(2)]);
        let error = error.unwrap();
        assert_eq!(error.kind(), Kind::Cut, "{error}");
    }
    // A length that is never reached.
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n";
    let (lines, error) = streamed(vec![send(head), send(format!("{}\n{half}", event(1)))]).await;
    assert_eq!((lines.len(), error.unwrap().kind()), (1, Kind::Cut));
    // One that is too short: what is beyond it is no part of the answer.
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", event(1).len() + 1);
    let (lines, error) = streamed(vec![send(head), send(format!("{}\n{}\n", event(1), event(2)))]).await;
    assert_eq!((lines, error), (vec![event(1)], None));
}

#[tokio::test]
async fn silence_is_not_waited_for_without_end() {
    let server = Scripted::start(|n, _| match n {
        0 => vec![Step::Hang],
        1 => vec![chunked(), chunk(format!("{}\n", event(1))), Step::Hang],
        _ => vec![chunked(), chunk("{\"payload\":\"\"}\n"), Step::Hang],
    })
    .await;
    let mut settings = settings(&server.url, Choice::V2);
    settings.idle_timeout = Some(Duration::from_millis(80));
    settings.heartbeat_timeout = Some(Duration::from_millis(80));
    let client = Client::new(settings).unwrap();
    let error = client.ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.to_string().contains("silent for 80 ms"), "{error}");

    let (lines, error) = all(&mut client.stream(&StreamRequest::new("/")).await.unwrap()).await;
    assert_eq!((lines.len(), error.unwrap().kind()), (1, Kind::Unreachable));

    let mut live = client.observe(&StreamRequest::new("/")).await.unwrap();
    assert_eq!(live.next().await, Some(Ok(Live::Heartbeat)));
    assert!(matches!(live.next().await, Some(Err(Error::TimedOut { .. }))));
}

#[tokio::test]
async fn a_line_of_50_mb_is_an_event() {
    let data = "x".repeat(50 << 20);
    let line = event(1).replace("{\"n\":1}", &format!("\"{data}\""));
    let (lines, error) = streamed(answer(200, format!("{line}\n{}\n", event(2)))).await;
    assert_eq!(error, None);
    assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [line.len(), event(2).len()]);
}

#[tokio::test]
async fn a_line_without_end_is_an_error_not_all_memory() {
    let server = Scripted::start(|_, _| answer(200, format!("{}\n{}", event(1), "x".repeat(5000)))).await;
    let mut settings = settings(&server.url, Choice::V2);
    settings.max_line = 1000;
    let mut stream = Client::new(settings).unwrap().stream(&StreamRequest::new("/")).await.unwrap();
    let (lines, error) = all(&mut stream).await;
    assert_eq!(lines, [event(1)]);
    assert!(error.unwrap().to_string().contains("a line is longer than 1000 bytes"));
}

#[tokio::test]
async fn a_bad_line_is_an_item_and_not_the_end() {
    let server =
        Scripted::start(|_, _| answer(200, format!("{}\ngarb\u{1b}age\n{{}}\n{}\n", event(1), event(2)))).await;
    let mut stream = client(&server.url).stream(&StreamRequest::new("/")).await.unwrap();
    let mut seen = Vec::new();
    while let Some(batch) = stream.next().await {
        let batch: Batch = batch.unwrap();
        seen.extend(
            batch.events().map(|event| event.map(|event| event.id.into_owned()).map_err(|bad| bad.to_string())),
        );
    }
    assert_eq!(seen[0], Ok("e1".into()));
    assert!(seen[1].as_ref().unwrap_err().starts_with("line 2: no JSON: "), "{seen:?}");
    assert!(seen[1].as_ref().unwrap_err().ends_with("garb␛age"), "{seen:?}");
    assert!(seen[2].as_ref().unwrap_err().contains("`source` is missing"), "{seen:?}");
    assert_eq!(seen[3], Ok("e2".into()));
}

#[tokio::test]
async fn a_lost_answer_to_a_commit_is_unknown_and_not_sent_again() {
    let cases: [Vec<Step>; 6] = [
        vec![Step::Reset],
        vec![],
        vec![send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"), send("{")],
        answer(502, "bad gateway"),
        answer(504, ""),
        vec![Step::Hang],
    ];
    for steps in cases {
        let shown = format!("{steps:?}");
        let server = Scripted::start(move |_, _| steps.clone()).await;
        let mut settings = settings(&server.url, Choice::V2);
        settings.idle_timeout = Some(Duration::from_millis(80));
        let error = Client::new(settings).unwrap().commit(&commit_request()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::OutcomeUnknown, "{shown}: {error}");
        assert_eq!(server.requests().len(), 1, "{shown}");
    }
}

#[tokio::test]
async fn a_commit_takes_no_connection_that_may_have_been_closed() {
    // The first connection stays open after its answer, and ends as soon as another request comes on it.
    let server = Scripted::start(|n, request| match (n, request.path.as_str()) {
        (0, _) => {
            let mut steps = vec![send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nPong")];
            steps.push(Step::KeepAlive);
            steps
        }
        (_, "/api/v2/commit") => answer(200, format!("{}\n", event(1))),
        _ => vec![Step::Reset],
    })
    .await;
    let client = client(&server.url);
    client.ping().await.unwrap();
    let stored = client.commit(&commit_request()).await.unwrap();
    assert_eq!(stored.events().map(|event| event.unwrap().id.into_owned()).collect::<Vec<_>>(), ["e1"]);
    let commits = server.requests().into_iter().filter(|request| request.path.ends_with("/commit"));
    assert_eq!(commits.count(), 1);
}

#[tokio::test]
async fn v1_queries_try_both_routes() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v1/query" => answer(200, "1\n"),
        _ => answer(404, ""),
    })
    .await;
    let client = Client::new(settings(&server.url, Choice::V1)).unwrap();
    assert_eq!(all(&mut client.query("STREAM e FROM events").await.unwrap()).await, (vec!["1".to_owned()], None));
}

#[tokio::test]
async fn observations_are_read_in_every_form() {
    let (a, b) = (event(1), event(2));
    let bodies = [
        format!("{a}\n{{\"payload\":\"\"}}\n{b}\n"),
        format!("data: {a}\n\ndata: {b}\n\n"),
        format!(": hello\r\ndata:{a}\r\nid: 1\r\n\r\n: \r\ndata: {{ \"payload\" : \"\" }}\r\n\r\ndata: {b}\r\n\r\n"),
        format!("data: {a}\ndata: {b}\n"),
        format!("data: {}\ndata: {}\n\n{b}", &a[..14], &a[14..]),
    ];
    for body in bodies {
        for (size, choice) in [(1, Choice::V1), (5, Choice::V2), (10_000, Choice::V2)] {
            let mut steps = vec![chunked()];
            steps.extend(body.as_bytes().chunks(size).map(chunk));
            steps.push(end());
            let server = Scripted::start(move |_, _| steps.clone()).await;
            let client = Client::new(settings(&server.url, choice)).unwrap();
            let mut live = client.observe(&StreamRequest::new("/")).await.unwrap();
            let mut ids = Vec::new();
            let error = loop {
                match live.next().await.unwrap() {
                    Ok(Live::Events(batch)) => ids.extend(batch.events().map(|e| e.unwrap().id.into_owned())),
                    Ok(Live::Heartbeat) => {}
                    Err(error) => break error,
                }
            };
            assert_eq!(ids, ["e1", "e2"], "{body} in pieces of {size}");
            assert!(matches!(error, Error::StreamEnded { message: None, .. }), "{error}");
            assert!(live.next().await.is_none());
        }
    }
}

#[tokio::test]
async fn the_servers_last_words_are_told() {
    let body =
        format!("data: {}\n\nevent: error\ndata: {{\"error\":\"store closed\"}}\n\ndata: {}\n\n", event(1), event(2));
    let server = Scripted::start(move |_, _| vec![chunked(), chunk(&body), Step::Hang]).await;
    let mut live = client(&server.url).observe(&StreamRequest::new("/")).await.unwrap();
    let Some(Ok(Live::Events(batch))) = live.next().await else { panic!("the event comes first") };
    assert_eq!(batch.len(), 1);
    let error = live.next().await.unwrap().unwrap_err();
    assert!(error.to_string().ends_with("the server ended the stream: store closed"), "{error}");
}

#[tokio::test]
async fn a_backup_that_lost_its_end_is_no_backup() {
    let whole = format!("[{},\n{}]\n", event(1), event(2));
    for (body, good) in
        [(whole.clone(), true), ("[]".into(), true), (whole[..100].into(), false), (String::new(), false)]
    {
        let shown = body.clone();
        let server = Scripted::start(move |_, _| answer(200, &body)).await;
        let mut download = client(&server.url).backup().await.unwrap();
        let mut bytes = Vec::new();
        let mut error = None;
        while let Some(piece) = download.next().await {
            match piece {
                Ok(piece) => bytes.extend_from_slice(&piece),
                Err(e) => error = Some(e),
            }
        }
        assert_eq!(bytes, shown.as_bytes());
        assert_eq!(error.is_none(), good, "{shown}");
    }
}

#[tokio::test]
async fn a_restore_sends_the_file_once_with_its_length() {
    let server = Scripted::start(|_, _| answer(200, "restored")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.json");
    let body = format!("[{}]", (1..2000).map(event).collect::<Vec<_>>().join(","));
    std::fs::write(&file, &body).unwrap();
    assert_eq!(client(&server.url).restore(&file).await.unwrap(), "restored");
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].path, "/api/v1/backup/restore");
    assert_eq!(requests[0].body, body);
}

#[tokio::test]
async fn nothing_is_read_ahead_of_a_slow_reader() {
    // Far more than the buffers of two sockets hold: the server's writes come to a stop.
    let line = format!("{}\n", event(1).replace("\"s\"", &format!("\"{}\"", "x".repeat(100_000))));
    let (sent, mut watched) = tokio::sync::watch::channel(0usize);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let total = 1000;
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 4096];
        let _ = stream.read(&mut head).await;
        let length = line.len() * total;
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").as_bytes()).await;
        for n in 1..=total {
            if stream.write_all(line.as_bytes()).await.is_err() {
                return;
            }
            let _ = sent.send(n);
        }
        std::future::pending::<()>().await;
    });
    let mut stream = client(&url).stream(&StreamRequest::new("/")).await.unwrap();
    // The server gets no further for a while: that is what being held back looks like from here. That nothing will come
    // cannot be waited for otherwise. A machine that is busy makes the test see less, but never fail: what is counted
    // too early is counted too low.
    watched.wait_for(|sent| *sent > 0).await.unwrap();
    let mut before = usize::MAX;
    while before != *watched.borrow() {
        before = *watched.borrow();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(before < total / 2, "{before} of {total} lines were taken without being asked for");
    let (lines, error) = all(&mut stream).await;
    assert_eq!((lines.len(), error), (total, None));
}
