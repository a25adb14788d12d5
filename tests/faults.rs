//! The whole explorer against servers that misbehave, are gone, or come back: a sentence on the screen, and every key answered.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;
mod support;

use gdbx::api::{Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin};
use gdbx::server::{Options, Tokens, serve};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use scripted::{Scripted, Step, answer, chunk, chunked, end, event, send};
use std::net::SocketAddr;
use std::time::Duration;
use support::{Explorer, look};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

fn open(url: &str, token: &str) -> Explorer {
    open_in(url, token, 120, 40)
}

fn open_in(url: &str, token: &str, width: u16, height: u16) -> Explorer {
    let connection = Connection {
        name: "shop-test".into(),
        url: url.to_owned(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    let settings = Settings::new(url).with_token(Token::new(token).unwrap());
    let polls = Polls { ping: Some(Duration::from_millis(50)), status: None, audit: None };
    Explorer::open(Launch::server(settings, connection, Keep::Memory, polls, look()).unwrap(), width, height)
}

/// A server of generation 2 that is well, but for one route, which answers with `steps`.
async fn well_but(route: &'static str, steps: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Scripted {
    Scripted::start(move |_, request| match request.path.as_str() {
        path if path == route => steps(),
        "/api/v2/ping" => answer(200, "Pong"),
        "/api/v2/fetch" => answer(200, format!("{}\n{}\n", event(1), event(2))),
        _ => answer(404, "not here"),
    })
    .await
}

/// Keys still do what they say, wherever they are pressed.
async fn answers_keys(explorer: &mut Explorer) {
    explorer.press("alt-:");
    explorer.sees(" Commands ").await;
    explorer.press("esc");
    explorer.waits("the list of commands is closed", |screen| !screen.contains(" Commands ")).await;
}

/// The store's server at an address, until it is told to end.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start(store: &Store, at: SocketAddr) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let tokens = Tokens { admin: "secret".into(), writer: None, reader: None };
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move { drop(stopped.await) };
        let task = tokio::spawn(serve(listener, store.clone(), Options::new(tokens), shutdown));
        Self { address, stop, task }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn shop(events: usize) -> Store {
    let store = Store::in_memory();
    store.add_demo(events).unwrap();
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_at_the_start_and_comes_later() {
    let store = shop(200);
    let server = Server::start(&store, anywhere()).await;
    let (address, url) = (server.address, server.url());
    server.end().await;
    let mut explorer = open(&url, "secret");
    let screen = explorer.sees("▲ unreachable").await;
    assert!(screen.contains("Nothing answers at http://"), "{screen}");
    answers_keys(&mut explorer).await;
    let server = Server::start(&store, address).await;
    explorer.sees("● live").await;
    // What was missing is loaded without being asked for.
    explorer.sees("200 events · ").await;
    explorer.quit().await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_in_the_middle_and_comes_back() {
    let store = shop(200);
    let server = Server::start(&store, anywhere()).await;
    let (address, url) = (server.address, server.url());
    let mut explorer = open(&url, "secret");
    explorer.sees("200 events · ").await;
    explorer.press("2");
    explorer.sees("following").await;
    explorer.press("3 alt-n");
    explorer.write("STREAM e FROM events MAP { told: COUNT() }");
    server.end().await;
    explorer.sees("▲ unreachable").await;
    explorer.press("F5");
    let screen = explorer.waits("the query has failed", |screen| screen.contains("failed after")).await;
    assert!(screen.contains("MAP { told: COUNT() }"), "what was typed is kept: {screen}");
    // Everything that was loaded can be looked at as before.
    explorer.press("alt-1 enter enter");
    explorer.sees("predecessorhash").await;
    let server = Server::start(&store, address).await;
    explorer.sees("● live").await;
    explorer.press("alt-3 F5");
    explorer.sees("1 row").await;
    explorer.press("alt-2");
    explorer.sees("following").await;
    explorer.quit().await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_wrong() {
    let server = Server::start(&shop(20), anywhere()).await;
    let mut explorer = open(&server.url(), "hunter2");
    explorer.sees("Loading stopped").await;
    explorer.press("!");
    let screen = explorer.sees("Check the token").await;
    assert!(screen.contains("401, no token or a wrong one") && !screen.contains("hunter2"), "{screen}");
    explorer.press("esc");
    answers_keys(&mut explorer).await;
    for (screen, words) in [("2", "401"), ("3 F5", "401"), ("alt-5", "401")] {
        explorer.press(screen);
        explorer.sees(words).await;
    }
    explorer.quit().await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_at_which_something_else_answers() {
    let page = "<!DOCTYPE html><html><body>Welcome to nginx!</body></html>";
    let server = Scripted::start(move |_, _| answer(200, page)).await;
    let mut explorer = open(&server.url, "secret");
    let screen = explorer.sees("nothing is loaded · r tries again").await;
    assert!(screen.contains("A web page answers at this address") && !screen.contains("● live"), "{screen}");
    answers_keys(&mut explorer).await;
    explorer.quit().await;
    let server = Scripted::start(|_, _| answer(404, "404 page not found")).await;
    let mut explorer = open(&server.url, "secret");
    let screen = explorer.sees("nothing is loaded · r tries again").await;
    assert!(screen.contains("404, no GenesisDB API at this address"), "{screen}");
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_no_event_and_text_that_would_move_the_cursor() {
    let evil = r#"{"source":"s","subject":"/a/\u001b[2J\u0007","type":"t\u001b]0;owned\u0007","specversion":"1.0","id":"e2","time":"2025-06-02T15:40:01Z","data":{"text":"\u001b[31mred\r\nnext\u202e"}}"#;
    let body = format!("{}\nno\u{1b}[2J event\n{evil}\n", event(1));
    let server = well_but("/api/v2/fetch", move || answer(200, &body)).await;
    let mut explorer = open(&server.url, "secret");
    let screen = explorer.sees("1 line no event").await;
    assert!(screen.contains("3 events") || screen.contains("2 events"), "{screen}");
    explorer.press("enter enter R");
    for keys in ["tab", "tab", "2", "1", "n", "p"] {
        explorer.press(keys);
        answers_keys(&mut explorer).await;
        let screen = explorer.screen();
        assert!(!screen.chars().any(|c| c != '\n' && c.is_control() || c == '\u{202e}'), "{screen:?}");
    }
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_is_cut_keeps_what_came() {
    let server = well_but("/api/v2/fetch", || {
        vec![chunked(), chunk(format!("{}\n{}\n{}", event(1), event(2), &event(3)[..40])), Step::Reset]
    })
    .await;
    let mut explorer = open(&server.url, "secret");
    let screen = explorer.sees("Loading stopped").await;
    assert!(
        screen.contains("first 2 events, loading stopped") && screen.contains("The answer was cut off"),
        "{screen}"
    );
    explorer.press("enter enter");
    explorer.sees("\"e2\"").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_50_mb() {
    let mut large = event(1);
    let text = format!(r#""data":{{"text":"{}"}}"#, "x".repeat(50 << 20));
    large = large.replace(r#""data":{"n":1}"#, &text);
    assert!(large.len() > 50 << 20);
    let body = format!("{large}\n{}\n", event(2));
    let server = well_but("/api/v2/fetch", move || answer(200, &body)).await;
    let mut explorer = open(&server.url, "secret");
    explorer.sees("2 events · ").await;
    explorer.press("enter j enter");
    explorer.sees("xxxxxxxx").await;
    explorer.press("R");
    answers_keys(&mut explorer).await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_not_ready_is_waited_for() {
    let server = Scripted::start(|n, request| match request.path.as_str() {
        "/api/v2/ping" => answer(200, "Pong"),
        "/api/v2/fetch" if n < 8 => answer(503, "the index is being rebuilt"),
        "/api/v2/fetch" => answer(200, format!("{}\n", event(1))),
        _ => answer(404, "not here"),
    })
    .await;
    let mut explorer = open(&server.url, "secret");
    explorer.sees("index is being rebuilt").await;
    answers_keys(&mut explorer).await;
    // Nobody presses a key: it goes on by itself.
    explorer.sees("1 event · ").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_where_they_belong_and_the_text_stays() {
    let server = well_but("/api/v2/query", || answer(422, "unknown function FOO")).await;
    let mut explorer = open(&server.url, "secret");
    explorer.sees("2 events · ").await;
    explorer.press("3 alt-n");
    explorer.write("STREAM e FROM events MAP FOO(e)");
    explorer.press("F5");
    let screen = explorer.sees("unknown function FOO").await;
    assert!(screen.contains("MAP FOO(e)"), "{screen}");
    explorer.quit().await;

    let words = r#"{"error":"precondition failed","type":"isSubjectNew","message":"subject /a is taken"}"#;
    let server = well_but("/api/v2/commit", move || answer(412, words)).await;
    let mut explorer = open(&server.url, "secret");
    explorer.sees("2 events · ").await;
    explorer.press("4");
    explorer.write("/a\tio.example.happened\t\"kept\": 1");
    explorer.press("ctrl-s");
    explorer.sees("y yes").await;
    explorer.press("y");
    let screen = explorer.sees("Nothing was written").await;
    assert!(screen.contains("\"kept\": 1"), "{screen}");
    // The form is not empty: leaving asks, and goes when it is asked again.
    explorer.press("ctrl-q");
    explorer.sees("Leave gdbx?").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_not_said_to_have_failed() {
    let server = well_but("/api/v2/commit", || vec![send("HTTP/1.1 200 OK\r\ncontent-le"), Step::Reset]).await;
    let mut explorer = open(&server.url, "secret");
    explorer.sees("2 events · ").await;
    explorer.press("4");
    explorer.write("/a\tio.example.happened\t\"kept\": 1");
    explorer.press("ctrl-s");
    explorer.sees("y yes").await;
    explorer.press("y");
    let screen = explorer.sees("unknown").await;
    assert!(screen.contains("\"kept\": 1"), "{screen}");
    let commits = server.requests().iter().filter(|request| request.path == "/api/v2/commit").count();
    assert_eq!(commits, 1);
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_never_ends_can_be_stopped() {
    let server = well_but("/api/v2/query", || vec![chunked(), chunk("{\"n\":1}\n"), Step::Hang]).await;
    let mut explorer = open(&server.url, "secret");
    explorer.sees("2 events · ").await;
    explorer.press("3 F5");
    explorer.sees("1 row").await;
    answers_keys(&mut explorer).await;
    explorer.press("esc");
    explorer.sees("cancelled after").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_fit_into_small_windows() {
    for (width, height) in [(1, 1), (20, 5), (80, 24)] {
        let server = well_but("/api/v2/fetch", || vec![chunked(), chunk(event(1)), end()]).await;
        let mut explorer = open_in(&server.url, "secret", width, height);
        explorer.press("2 3 F5 alt-4 ctrl-s alt-5 ! esc alt-1");
        if width >= 80 {
            explorer.sees("1 event").await;
        }
        explorer.quit().await;
    }
}
