//! The client and the embedded server, in both generations.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gdbx::api::{Choice, Client, Kind, Policy, Settings, Tail, TailFrom, TailItem, Token};
use gdbx::model::request::{CommitRequest, NewEvent, Precondition, StreamRequest};
use gdbx::server::{Options, Running, Tokens, serve};
use gdbx::store::Store;
use serde_json::value::RawValue;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const BOTH: [Choice; 2] = [Choice::V1, Choice::V2];

fn options() -> Options {
    Options::new(Tokens { admin: "admin-token".into(), writer: None, reader: Some("reader-token".into()) })
}

fn client(url: &str, token: &str, choice: Choice) -> Client {
    let mut settings = Settings::new(url).with_token(Token::new(token).unwrap());
    settings.generation = choice;
    Client::new(settings).unwrap()
}

fn commit(subject: &str, n: usize, preconditions: Vec<Precondition>) -> CommitRequest {
    let event = NewEvent {
        source: "test".into(),
        subject: subject.into(),
        kind: "added".into(),
        data: RawValue::from_string(format!("{{\"n\":{n}}}")).unwrap(),
        options: Default::default(),
    };
    CommitRequest { events: vec![event], preconditions }
}

#[tokio::test]
async fn everything_that_can_be_asked_is_answered() {
    for choice in BOTH {
        let store = Store::in_memory();
        store.add_demo(200).unwrap();
        let server = Running::start(store, options()).await.unwrap();
        let client = client(server.url(), server.token(), choice);
        assert!(!client.ping().await.unwrap().text.is_empty());
        let audit = client.audit().await.unwrap();
        assert!(audit.passed, "{audit:?}");
        assert_eq!(audit.events, Some(200));
        assert_eq!(client.status().await.unwrap().events.count, 200);
        assert!(client.subjects().await.unwrap().contains(&"/customer".to_owned()));
        assert!(client.types().await.unwrap().len() > 5);
        assert!(client.schemas().await.unwrap().is_empty());

        let mut stream = client.stream(&StreamRequest::new("/")).await.unwrap();
        let mut count = 0;
        while let Some(batch) = stream.next().await {
            count += batch.unwrap().events().map(Result::unwrap).count();
        }
        assert_eq!(count, 200);
        let error = client.query("STREAM e FROM events WHERE").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Refused);
        if choice == Choice::V2 {
            assert!(error.position().is_some(), "{error:?}");
        }
        server.shutdown().await;
    }
}

#[tokio::test]
async fn commits_and_their_preconditions() {
    for choice in BOTH {
        let server = Running::start(Store::in_memory(), options()).await.unwrap();
        let client_ = client(server.url(), server.token(), choice);
        client_.commit(&commit("/a/1", 1, vec![Precondition::is_subject_new("/a/1")])).await.unwrap();
        let error = client_.commit(&commit("/a/1", 1, vec![Precondition::is_subject_new("/a/1")])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::PreconditionFailed, "{error}");
        let reader = client(server.url(), "reader-token", choice);
        let error = reader.commit(&commit("/a/2", 2, vec![])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::NotAllowed, "{error}");
        assert_eq!(reader.audit().await.unwrap_err().kind(), Kind::NotAllowed);
        server.shutdown().await;
    }
}

/// A server on a port that can be taken again.
async fn serve_at(address: &str, store: &Store) -> (String, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    // A port that has just been left may still be on its way out.
    let listener = loop {
        match TcpListener::bind(address).await {
            Ok(listener) => break listener,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let bound = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let store = store.clone();
    let task = tokio::spawn(async move {
        let _ = serve(listener, store, options(), async move {
            let _ = stopped.await;
        })
        .await;
    });
    (bound, stop, task)
}

#[tokio::test]
async fn a_tail_outlives_its_server_and_tells_every_event_once() {
    for choice in BOTH {
        let store = Store::in_memory();
        store.add_demo(500).unwrap();
        let (address, mut stop, mut task) = serve_at("127.0.0.1:0", &store).await;
        let client = client(&format!("http://{address}"), "admin-token", choice);
        let policy = Policy { first: Duration::from_millis(1), most: Duration::from_millis(10) };
        let mut tail = Tail::new(client.clone(), StreamRequest::new("/"), TailFrom::Start, policy);
        let mut ids = Vec::new();
        let mut gaps = 0;
        for round in 0..4 {
            while ids.len() < 500 + round {
                match tail.next().await.unwrap() {
                    TailItem::Events { batch, .. } => ids.extend(batch.events().map(|e| e.unwrap().id.into_owned())),
                    TailItem::GapSuspected { .. } => gaps += 1,
                    TailItem::Refused(error) => panic!("{error}"),
                    _ => {}
                }
            }
            stop.send(()).unwrap();
            task.await.unwrap();
            (_, stop, task) = serve_at(&address, &store).await;
            client.commit(&commit(&format!("/round/{round}"), round, vec![])).await.unwrap();
        }
        let mut distinct = ids.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!((ids.len(), distinct.len(), gaps), (503, 503, 0), "{choice:?}");
        drop(tail);
        stop.send(()).unwrap();
        task.await.unwrap();
    }
}

#[tokio::test]
async fn now_is_after_everything_that_is_there() {
    for choice in BOTH {
        let store = Store::in_memory();
        store.add_demo(300).unwrap();
        let server = Running::start(store, options()).await.unwrap();
        let client = client(server.url(), server.token(), choice);
        for subject in ["/", "/customer", "/nothing-yet"] {
            let mut tail = Tail::new(client.clone(), StreamRequest::new(subject), TailFrom::Now, Policy::default());
            assert!(matches!(tail.next().await, Some(TailItem::Connected { .. })));
            let added = format!("{}/new", subject.trim_end_matches('/'));
            client.commit(&commit(&added, 1, vec![])).await.unwrap();
            let first = loop {
                match tail.next().await.unwrap() {
                    TailItem::Events { batch, .. } => break batch,
                    TailItem::Heartbeat => {}
                    other => panic!("{other:?}"),
                }
            };
            let subjects: Vec<_> = first.events().map(|event| event.unwrap().subject.into_owned()).collect();
            assert_eq!(subjects.len(), 1);
            assert!(subjects[0].starts_with(&added), "{subjects:?}");
        }
        server.shutdown().await;
    }
}
