#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
//! The official v2 client against the embedded server, over loopback. The flow is that of the client's own
//! integration test, and beyond: everything that the client can do.

use futures_util::StreamExt as _;
use gdbx::server::{Options, Running, Tokens};
use gdbx::store::Store;
use genesisdb::{Client, Error, FetchOptions, NewEvent, Precondition, SubscribeOptions};
use serde_json::json;
use std::time::Duration;

fn tokens() -> Tokens {
    Tokens { admin: "secret".into(), writer: Some("writer".into()), reader: Some("reader".into()) }
}

async fn start() -> (Running, Client) {
    let mut options = Options::new(tokens());
    options.heartbeat = Duration::from_millis(20);
    let running = Running::start(Store::in_memory(), options).await.unwrap();
    let client = client(&running, "secret");
    (running, client)
}

fn client(running: &Running, token: &str) -> Client {
    Client::new(running.url(), token).unwrap()
}

fn event(subject: &str, kind: &str, data: serde_json::Value) -> NewEvent {
    NewEvent::new("test", subject, kind, data)
}

fn ids(events: &[genesisdb::Event]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

#[tokio::test]
async fn commits_and_reads() {
    let (running, db) = start().await;
    assert_eq!(db.ping().await.unwrap(), "Pong");
    let customers = vec![
        event("/shop/customer/1", "added", json!({"name": "Bruce", "age": 40})),
        event("/shop/customer/2", "added", json!({"name": "Selina", "age": 35})),
    ];
    let stored = db.commit(customers, vec![]).await.unwrap();
    assert_eq!((stored[0].id.len(), stored[0].hash.len()), (36, 64));
    assert_eq!(stored[0].predecessorhash, "0".repeat(64));
    assert_eq!(stored[1].predecessorhash, stored[0].hash);
    assert!(stored[1].time > stored[0].time);
    let more = db.commit(vec![event("/shop/customer/1", "renamed", json!({"name": "B"}))], vec![]).await.unwrap();
    assert_eq!(more[0].predecessorhash, stored[1].hash);

    assert_eq!(ids(&db.fetch("/shop", None).await.unwrap()), [&*stored[0].id, &*stored[1].id, &*more[0].id]);
    assert_eq!(ids(&db.fetch("/shop/customer/1", None).await.unwrap()), [&*stored[0].id, &*more[0].id]);
    assert!(db.fetch("/shop/customer/3", None).await.unwrap().is_empty());
    let fetch = async |subject: &str, options: FetchOptions| db.fetch(subject, Some(options)).await.unwrap();
    let bounds = FetchOptions::default().lower_bound(&stored[0].id, false).upper_bound(&more[0].id, false);
    assert_eq!(ids(&fetch("/shop", bounds).await), [&*stored[1].id]);
    let elsewhere = FetchOptions::default().lower_bound(&stored[1].id, true);
    assert!(fetch("/shop/customer/1", elsewhere).await.is_empty());
    let latest = FetchOptions::default().latest_by_event_type("added");
    assert_eq!(ids(&fetch("/shop", latest).await), [&*stored[1].id]);

    assert_eq!(db.subjects().await.unwrap(), ["/shop"]);
    assert_eq!(db.types().await.unwrap(), ["added", "renamed"]);
    let status = db.status().await.unwrap();
    assert!(status.storage.ready);
    assert_eq!((status.events.count, status.events.subjects, status.events.types), (3, 2, 2));
    assert_eq!(db.audit().await.unwrap(), "Audit passed. All 3 events integrity checks succeeded.");
    running.shutdown().await;
}

#[tokio::test]
async fn gives_a_subject_of_one_segment_an_id() {
    let (running, db) = start().await;
    let stored = db.commit(vec![event("/customer", "added", json!({}))], vec![]).await.unwrap();
    let id = stored[0].subject.strip_prefix("/customer/").unwrap();
    assert_eq!(id.len(), 36);
    running.shutdown().await;
}

#[tokio::test]
async fn queries() {
    let (running, db) = start().await;
    for (name, age) in [("Bruce", 40), ("Selina", 35)] {
        db.commit(vec![event(&format!("/c/{name}"), "added", json!({"name": name, "age": age}))], vec![])
            .await
            .unwrap();
    }
    let rows =
        db.query("STREAM e FROM events WHERE e.subject DESCENDANTS '/c' ORDER BY e.data.age MAP { name: e.data.name }");
    assert_eq!(rows.await.unwrap(), [json!({"name": "Selina"}), json!({"name": "Bruce"})]);
    let count: Vec<u64> = db.query_as("STREAM e FROM events MAP COUNT()").await.unwrap();
    assert_eq!(count, [2]);
    let error = db.query("STREAM e FROM events WHERE").await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    let Error::Api { body, .. } = error else { panic!("{error}") };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["position"], 26);
    assert!(!body["error"].as_str().unwrap().is_empty());
    running.shutdown().await;
}

/// Not GenesisDB's: `EXPLAIN` before a query gives its plan as one row.
#[tokio::test]
async fn explains_how_a_query_is_run() {
    let (running, db) = start().await;
    let events =
        (0..50).map(|n| event(&format!("/a/{n}"), if n % 10 == 0 { "rare" } else { "often" }, json!({"n": n})));
    db.commit(events.collect(), vec![]).await.unwrap();
    let query = "EXPLAIN STREAM e FROM events WHERE e.type == 'rare' AND e.data.n > 20 MAP e.id";
    let plans: Vec<serde_json::Value> = db.query_as(query).await.unwrap();
    let [plan] = plans.as_slice() else { panic!("one row: {plans:?}") };
    assert_eq!((&plan["events"], &plan["read"], &plan["rows"]), (&json!(50), &json!(5), &json!(2)));
    let conditions = json!([
        {"condition": "e.type == 'rare'", "foundBy": "type"},
        {"condition": "e.data.n > 20", "foundBy": null},
    ]);
    assert_eq!(plan["plan"], conditions);
    assert!(db.query("EXPLAIN STREAM e FROM events WHERE").await.is_err());
    running.shutdown().await;
}

#[tokio::test]
async fn a_query_that_is_too_large_is_no_wrong_one() {
    let mut options = Options::new(tokens());
    options.query_limits.groups = 1;
    let running = Running::start(Store::in_memory(), options).await.unwrap();
    let db = client(&running, "secret");
    db.commit(vec![event("/a/1", "t", json!({})), event("/a/2", "t", json!({}))], vec![]).await.unwrap();
    let error = db.query("STREAM e FROM events GROUP BY e.subject MAP COUNT()").await.unwrap_err();
    assert_eq!(error.status(), Some(422));
    let Error::Api { body, .. } = error else { panic!("{error}") };
    assert!(body.contains("more than 1 groups") && body.contains("narrow the query"), "{body}");
    running.shutdown().await;
}

#[tokio::test]
async fn checks_preconditions() {
    let (running, db) = start().await;
    let commit = async |conditions| db.commit(vec![event("/user/1/x", "t", json!({}))], conditions).await;
    let why = |result: genesisdb::Result<Vec<genesisdb::Event>>| match result.unwrap_err() {
        Error::PreconditionFailed { precondition_type, reason, .. } => (precondition_type, reason),
        other => panic!("{other}"),
    };
    let (kind, reason) = why(commit(vec![Precondition::is_subject_existing("/user/1")]).await);
    assert_eq!((kind.as_str(), reason.as_str()), ("isSubjectExisting", "subject /user/1 has no events"));
    let none = || Precondition::is_query_result_true("STREAM e FROM events WHERE e.type == 't' MAP COUNT() == 0");
    commit(vec![Precondition::is_subject_new("/user/1"), none()]).await.unwrap();
    let (kind, reason) = why(commit(vec![Precondition::is_subject_new("/user/1")]).await);
    assert_eq!((kind.as_str(), reason.as_str()), ("isSubjectNew", "subject /user/1 already has events"));
    let both = vec![Precondition::is_subject_existing("/user/1"), none()];
    assert_eq!(why(commit(both).await).0, "isQueryResultTrue");
    let empty = Precondition::is_query_result_true("STREAM e FROM events WHERE e.type == 'no' MAP true");
    assert_eq!(why(commit(vec![empty]).await).0, "isQueryResultTrue");
    let wrong = Precondition::is_query_result_true("STREAM");
    assert_eq!(commit(vec![wrong]).await.unwrap_err().status(), Some(400));
    assert_eq!(db.fetch("/", None).await.unwrap().len(), 1, "nothing but the one that held was written");
    running.shutdown().await;
}

#[tokio::test]
async fn erases_reference_payloads() {
    let (running, db) = start().await;
    let secret = json!({"email": "bruce@example.com"});
    let stored = db.commit(vec![event("/user/1", "added", secret.clone()).as_reference()], vec![]).await.unwrap();
    db.commit(vec![event("/customer/1", "added", json!({"kept": 1}))], vec![]).await.unwrap();
    assert_eq!(stored[0].data, secret);
    assert_eq!(db.fetch("/user/1", None).await.unwrap()[0].data, secret);
    assert!(db.erase("/user").await.unwrap().contains("Erased 1 ref data"));
    let erased = db.fetch("/user/1", None).await.unwrap().remove(0);
    assert_eq!((&erased.data, &erased.hash), (&json!({}), &stored[0].hash));
    assert!(db.erase("/user/1").await.unwrap_err().is_unprocessable());
    assert!(db.erase("/customer/1").await.unwrap_err().is_unprocessable());
    assert!(db.erase("/nobody").await.unwrap_err().is_not_found());
    assert!(db.audit().await.unwrap().starts_with("Audit passed"));
    running.shutdown().await;
}

#[tokio::test]
async fn enforces_schemas() {
    let (running, db) = start().await;
    let schema = json!({"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]});
    db.register_schema("numbered", schema.clone()).await.unwrap();
    assert!(db.register_schema("numbered", json!({"type": "object"})).await.unwrap_err().is_conflict());
    let schemas = db.schemas().await.unwrap();
    assert_eq!((schemas[0].event_type.as_str(), &schemas[0].schema), ("numbered", &schema));
    let wrong = db.commit(vec![event("/s/1", "numbered", json!({"n": "no number"}))], vec![]).await.unwrap_err();
    assert_eq!(wrong.status(), Some(400));
    assert!(wrong.to_string().contains("/n"), "{wrong}");
    db.commit(vec![event("/s/1", "numbered", json!({"n": 1}))], vec![]).await.unwrap();
    assert_eq!(db.register_schema("bad", json!({"type": "nothing"})).await.unwrap_err().status(), Some(400));
    running.shutdown().await;
}

#[tokio::test]
async fn subscribes_to_history_and_then_to_what_comes() {
    let (running, db) = start().await;
    let commit = async |n: u32| {
        let subject = format!("/live/{n}");
        db.commit(vec![event(&subject, "t", json!({"n": n})), event("/other/1", "t", json!({}))], vec![]).await.unwrap()
    };
    let mut expected = vec![commit(0).await.remove(0).id, commit(1).await.remove(0).id];
    let options = SubscribeOptions::default().interval(Duration::from_millis(100));
    let mut events = Box::pin(db.subscribe("/live", Some(options)).await.unwrap());
    for id in &expected {
        assert_eq!(&events.next().await.unwrap().unwrap().id, id);
    }
    expected = vec![commit(2).await.remove(0).id, commit(3).await.remove(0).id];
    for id in &expected {
        assert_eq!(&events.next().await.unwrap().unwrap().id, id);
    }
    let after = SubscribeOptions::default().fetch(FetchOptions::default().lower_bound(&expected[0], false));
    let mut resumed = Box::pin(db.subscribe("/live", Some(after)).await.unwrap());
    assert_eq!(resumed.next().await.unwrap().unwrap().id, expected[1]);
    running.shutdown().await;
    for mut stream in [events, resumed] {
        match stream.next().await.unwrap() {
            Err(Error::SubscriptionEnded(why)) => assert_eq!(why, "store closed"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn observers_miss_nothing_while_many_commit() {
    let (running, db) = start().await;
    let mut events = Box::pin(db.subscribe("/", None).await.unwrap());
    let commits = (0..8).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for n in 0..20 {
                db.commit(vec![event(&format!("/w/{writer}"), "t", json!({"n": n}))], vec![]).await.unwrap();
            }
        })
    });
    let commits: Vec<_> = commits.collect();
    let mut seen = Vec::new();
    while seen.len() < 160 {
        seen.push(events.next().await.unwrap().unwrap().id);
    }
    for commit in commits {
        commit.await.unwrap();
    }
    assert_eq!(seen, ids(&db.fetch("/", None).await.unwrap()));
    running.shutdown().await;
}

#[tokio::test]
async fn each_token_may_do_its_part() {
    let (running, admin) = start().await;
    let one = || vec![event("/a/b", "t", json!({}))];
    let (writer, reader, stranger) = (client(&running, "writer"), client(&running, "reader"), client(&running, "x"));
    writer.commit(one(), vec![]).await.unwrap();
    assert_eq!(reader.fetch("/", None).await.unwrap().len(), 1);
    assert_eq!(reader.commit(one(), vec![]).await.unwrap_err().status(), Some(403));
    for db in [&writer, &reader] {
        assert_eq!(db.audit().await.unwrap_err().status(), Some(403));
        assert_eq!(db.erase("/a").await.unwrap_err().status(), Some(403));
        assert_eq!(db.register_schema("t", json!({})).await.unwrap_err().status(), Some(403));
    }
    assert_eq!(stranger.fetch("/", None).await.unwrap_err().status(), Some(401));
    assert_eq!(stranger.ping().await.unwrap(), "Pong");
    admin.audit().await.unwrap();
    running.shutdown().await;
}
