#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
//! The v1 API as the official JavaScript, Python and Go clients use it: bare HTTP, line by line.

use gdbx::server::{Options, Running, Tokens};
use gdbx::store::Store;
use serde_json::{Value, json};
use std::time::Duration;

struct Server {
    running: Running,
    http: reqwest::Client,
}

impl Server {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Options)) -> Self {
        // The provider may have been installed by another test of this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut options = Options::new(Tokens { admin: "secret".into(), writer: None, reader: None });
        options.heartbeat = Duration::from_millis(20);
        change(&mut options);
        let running = Running::start(Store::in_memory(), options).await.unwrap();
        Self { running, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/api/{path}", self.running.url());
        self.http.request(method.parse().unwrap(), url).header("Authorization", "Bearer secret")
    }

    async fn get(&self, path: &str) -> (u16, String) {
        answer(self.request("GET", path)).await
    }

    async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
        answer(self.request("POST", path).header("Content-Type", "application/json").body(body)).await
    }

    async fn rows(&self, path: &str, body: Value) -> Vec<Value> {
        let (status, text) = self.post(path, body.to_string()).await;
        assert_eq!(status, 200, "{text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    async fn commit(&self, subject: &str, data: Value, reference: bool) -> Value {
        let event = json!({
            "source": "io.genesisdb.test", "subject": subject, "type": "io.genesisdb.test.added", "data": data,
            "options": {"storeDataAsReference": reference}
        });
        self.rows("v1/commit", json!({"events": [event]})).await.remove(0)
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// The lines of an observation, one by one.
struct Lines {
    response: reqwest::Response,
    buffer: String,
}

impl Lines {
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((line, rest)) = self.buffer.split_once('\n') {
                let line = line.to_owned();
                self.buffer = rest.to_owned();
                return Some(line);
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn next_event(&mut self) -> Value {
        loop {
            let line = self.next().await.unwrap();
            if line != r#"{"payload":""}"# {
                return serde_json::from_str(&line).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_stored_event_has_the_documented_shape() {
    let server = Server::start().await;
    let stored = server.commit("/user/1", json!({"firstName": "Bruce"}), false).await;
    let keys: Vec<_> = stored.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "source",
        "subject",
        "type",
        "specversion",
        "id",
        "time",
        "datacontenttype",
        "predecessorhash",
        "data",
        "hash",
    ];
    assert_eq!(keys, expected);
    assert_eq!(stored["specversion"], "1.0");
    assert_eq!(stored["datacontenttype"], "application/json");
    assert_eq!(stored["time"].as_str().unwrap().len(), "2025-06-02T15:40:01.188557875Z".len());
    assert_eq!(server.rows("v1/stream", json!({"subject": "/user"})).await, std::slice::from_ref(&stored));
    assert_eq!(server.rows("v2/fetch", json!({"subject": "/user"})).await, [stored]);
    assert!(server.rows("v1/stream", json!({"subject": "/nothing"})).await.is_empty());
}

#[tokio::test]
async fn a_payload_is_kept_byte_by_byte() {
    let server = Server::start().await;
    let data = r#"{ "z":1.10,"a":12345678901234567890,"é":"\u00e9","":[ 1 ,2] }"#;
    let body = format!(r#"{{"events":[{{"source":"s","subject":"/a","type":"t","data":{data}}}]}}"#);
    assert_eq!(server.post("v1/commit", body).await.0, 200);
    let (_, line) = server.post("v1/stream", r#"{"subject":"/"}"#).await;
    assert!(line.contains(data), "{line}");
    assert!(line.contains(r#""subject":"/a","#), "v1 appends no ID: {line}");
}

#[tokio::test]
async fn streams_are_narrowed() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for subject in ["/u/1", "/u/2", "/u/1", "/v/1"] {
        ids.push(server.commit(subject, json!({}), false).await["id"].clone());
    }
    let read = async |options: Value| {
        let events = server.rows("v1/stream", json!({"subject": "/u", "options": options})).await;
        events.into_iter().map(|event| event["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(read(json!({"lowerBound": ids[0], "includeLowerBoundEvent": true})).await, ids[..3]);
    assert_eq!(read(json!({"lowerBound": ids[0], "includeLowerBoundEvent": false})).await, ids[1..3]);
    assert_eq!(read(json!({"upperBound": ids[1], "includeUpperBoundEvent": true})).await, ids[..2]);
    assert_eq!(read(json!({"lowerBound": ids[3]})).await, [] as [Value; 0]);
    assert_eq!(read(json!({"lowerBound": "unknown"})).await, [] as [Value; 0]);
    assert_eq!(
        read(json!({"latestByEventType": "io.genesisdb.test.added"})).await,
        ids[1..3],
        "the newest per subject"
    );
}

#[tokio::test]
async fn observes_with_bare_lines_and_heartbeats() {
    let server = Server::start().await;
    let first = server.commit("/u/1", json!({"n": 1}), false).await;
    let response = server.request("POST", "v1/observe").body(r#"{"subject":"/u"}"#).send().await.unwrap();
    let mut lines = Lines { response, buffer: String::new() };
    assert_eq!(lines.next_event().await, first);
    assert_eq!(lines.next().await.unwrap(), r#"{"payload":""}"#, "nothing happens meanwhile");
    server.commit("/other/1", json!({}), false).await;
    let second = server.commit("/u/2", json!({"n": 2}), false).await;
    assert_eq!(lines.next_event().await, second);
    server.running.shutdown().await;
    while let Some(line) = lines.next().await {
        assert_eq!(line, r#"{"payload":""}"#, "v1 just ends");
    }
}

#[tokio::test]
async fn queries_on_both_paths_and_in_both_dialects() {
    let server = Server::start().await;
    for n in 1..=3 {
        server.commit(&format!("/u/{n}"), json!({"n": n}), false).await;
    }
    for path in ["v1/q", "v1/query", "v2/query"] {
        let query = "FROM e IN events WHERE e.data.n > 1 ORDER BY e.time DESC TOP 1 PROJECT INTO { n: e.data.n }";
        assert_eq!(server.rows(path, json!({"query": query})).await, [json!({"n": 3})]);
        assert_eq!(server.rows(path, json!({"query": "STREAM e FROM events MAP COUNT()"})).await, [json!(3)]);
    }
    let (status, body) = server.post("v1/q", r#"{"query":"STREAM e FROM events WHERE ("}"#).await;
    assert_eq!(status, 400);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!(body["error"].is_string() && body["position"] == 28 && body["length"].is_number(), "{body}");
}

#[tokio::test]
async fn an_erased_payload_keeps_its_keys() {
    let server = Server::start().await;
    let data = json!({"firstName": "Bruce", "address": {"city": "Gotham"}, "age": 40});
    let stored = server.commit("/user/1", data, true).await;
    let (status, text) = server.post("v1/erase", r#"{"subject":"/user/1"}"#).await;
    assert!(status == 200 && text.contains("Erased 1 ref data"), "{text}");
    let erased = server.rows("v1/stream", json!({"subject": "/user"})).await.remove(0);
    assert_eq!(erased["data"], json!({"firstName": "", "address": "", "age": ""}));
    assert_eq!((&erased["hash"], &erased["id"]), (&stored["hash"], &stored["id"]));
    assert_eq!(server.rows("v2/fetch", json!({"subject": "/user"})).await[0]["data"], json!({}));
    assert!(server.get("v1/status/audit").await.1.starts_with("Audit passed."));
    assert_eq!(server.post("v1/erase", r#"{"subject":"/user/1"}"#).await.0, 422);
    assert_eq!(server.post("v1/erase", r#"{"subject":"/nobody"}"#).await.0, 404);
}

#[tokio::test]
async fn catalogues_status_and_schemas() {
    let server = Server::start().await;
    assert_eq!(
        server.http.get(format!("{}/api/v1/status/ping", server.running.url())).send().await.unwrap().status(),
        200
    );
    server.commit("/b/1", json!({}), false).await;
    server.commit("/a/1", json!({}), false).await;
    assert_eq!(server.get("v1/subjects").await.1, "{\"subject\":\"/a\"}\n{\"subject\":\"/b\"}\n");
    assert_eq!(server.get("v1/types").await.1, "{\"type\":\"io.genesisdb.test.added\"}\n");
    let status: Value = serde_json::from_str(&server.get("v1/status").await.1).unwrap();
    assert_eq!(status["events"]["count"], 2);
    assert!(
        status["license"].is_object() && status["engine"]["edition"].is_string() && status.get("storage").is_none()
    );
    let schema =
        json!({"properties": {"firstName": {"type": "string", "required": true}}, "allowAdditionalProperties": true});
    let body = json!({"type": "io.genesisdb.test.named", "schema": schema}).to_string();
    assert_eq!(server.post("v1/schema/register", body.clone()).await.0, 200);
    assert_eq!(server.post("v1/schema/register", body).await.0, 409);
    let found: Value = serde_json::from_str(&server.get("v1/schema/get").await.1).unwrap();
    assert_eq!(found, json!({"type": "io.genesisdb.test.named", "schema": schema}));
    let event =
        |data| json!({"events": [{"source": "s", "subject": "/a", "type": "io.genesisdb.test.named", "data": data}]});
    assert_eq!(server.post("v1/commit", event(json!({"firstName": 1})).to_string()).await.0, 400);
    assert_eq!(server.post("v1/commit", event(json!({"firstName": "x", "more": 1})).to_string()).await.0, 200);
}

#[tokio::test]
async fn a_backup_fills_another_store() {
    let server = Server::start().await;
    assert_eq!(server.get("v1/backup/create").await.1.trim(), "[]");
    for n in 0..1500 {
        let event = json!({"source": "s", "subject": format!("/u/{n}"), "type": "t", "data": {"n": n}});
        assert_eq!(server.post("v2/commit", json!({"events": [event]}).to_string()).await.0, 200);
    }
    let (status, backup) = server.get("v1/backup/create").await;
    assert_eq!(status, 200);
    let events: Vec<Value> = serde_json::from_str(&backup).unwrap();
    assert_eq!(events, server.rows("v2/fetch", json!({"subject": "/"})).await);
    let (status, why) = server.post("v1/backup/restore", backup.clone()).await;
    assert!(status == 409 && why.contains("not empty"), "{status} {why}");
    // A restore is streamed and has no limit.
    let other = Server::with(|options| options.body_limit = 1000).await;
    assert_eq!(other.post("v1/backup/restore", backup[..backup.len() / 2].to_owned()).await.0, 400);
    assert_eq!(other.post("v1/backup/restore", backup.clone()).await, (200, "Restored 1500 events".to_owned()));
    assert_eq!(other.get("v1/backup/create").await.1, backup);
    assert_eq!(other.get("v1/status/audit").await.1, "Audit passed. All 1500 events integrity checks succeeded.");
}

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    let server = Server::with(|options| options.body_limit = 2000).await;
    let event = r#"{"source":"s","subject":"/a/b","type":"t","data":{}}"#;
    for (path, body, status, says) in [
        ("v1/commit", "{\"events\":[".to_owned(), 400, "column 11"),
        ("v1/commit", "{}".to_owned(), 400, "events"),
        ("v1/commit", "{\"events\":[]}".to_owned(), 400, "at least one"),
        ("v1/commit", event.replace("/a/b", "a").replacen('{', "{\"events\":[{", 1) + "]}", 400, "starts with /"),
        ("v2/commit", format!("{{\"events\":[{}]}}", event.replace("{}", "[]")), 400, "JSON object"),
        (
            "v2/commit",
            format!("{{\"events\":[{event}],\"preconditions\":[{{\"type\":\"isFriday\",\"payload\":{{}}}}]}}"),
            400,
            "isFriday",
        ),
        ("v1/stream", "{\"subject\":\"a\"}".to_owned(), 400, "starts with /"),
        ("v1/stream", "\u{0}".to_owned(), 400, "line 1 column 1"),
        ("v2/fetch", format!("{{\"subject\":\"/{}\"}}", "x".repeat(3000)), 413, "limit of 2000 bytes"),
        ("v1/nothing", String::new(), 404, "/api/v1/nothing"),
        ("v1/subjects", String::new(), 405, "POST"),
    ] {
        let (answered, text) = server.post(path, body).await;
        assert!(answered == status && text.contains(says), "{path}: {answered} {text}");
    }
    let precondition = r#""preconditions":[{"type":"isSubjectExisting","payload":{"subject":"/a"}}]"#;
    let (status, body) = server.post("v1/commit", format!("{{\"events\":[{event}],{precondition}}}")).await;
    assert_eq!((status, body.as_str()), (412, r#"{"type":"isSubjectExisting","message":"subject /a has no events"}"#));
    let extra = event.replacen('{', "{\"id\":\"x\",\"time\":\"y\",\"specversion\":\"1.0\",", 1);
    assert_eq!(server.post("v1/commit", format!("{{\"events\":[{extra}]}}")).await.0, 200, "extra members are ignored");
}

#[tokio::test]
async fn a_query_stops_when_its_client_hangs_up() {
    let server = Server::start().await;
    for n in 0..40 {
        let event =
            json!({"source": "s", "subject": format!("/u/{n}"), "type": "t", "data": {"text": "x".repeat(200_000)}});
        assert_eq!(server.post("v2/commit", json!({"events": [event]}).to_string()).await.0, 200);
    }
    let query = json!({"query": "STREAM e FROM events"}).to_string();
    let mut response = server.request("POST", "v2/query").body(query).send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some());
    drop(response);
    // A server whose threads were stuck in the query would not stop.
    server.running.shutdown().await;
}
