//! The whole explorer, from keys to pixels, against the embedded server over real HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use gdbx::api::{Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin};
use gdbx::model::request::Generation;
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use support::{Explorer, look};

fn quiet() -> Polls {
    Polls { ping: None, status: None, audit: None }
}

async fn server(events: usize) -> (Store, Running) {
    let store = Store::in_memory();
    store.add_demo(events).unwrap();
    let tokens = Tokens { admin: "secret".into(), writer: None, reader: Some("looking".into()) };
    let running = Running::start(store.clone(), Options::new(tokens)).await.unwrap();
    (store, running)
}

fn launch(url: &str, token: &str) -> Launch {
    let connection = Connection {
        name: "shop-test".into(),
        url: url.to_owned(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    let settings = Settings::new(url).with_token(Token::new(token).unwrap());
    Launch::server(settings, connection, Keep::Memory, quiet(), look()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn explores_a_store() {
    let (_, running) = server(5_000).await;
    let mut explorer = Explorer::open(launch(running.url(), "secret"), 120, 40);
    let screen = explorer.sees("5,000 events · 2,607 subjects · 17 types").await;
    assert!(screen.contains("shop-test") && screen.contains("▸ customer"), "{screen}");
    explorer.sees("● live").await;
    explorer.press("A");
    explorer.sees("audit ✓ 5,000 events").await;
    explorer.press("/ o r d e r enter enter");
    let screen = explorer.sees("/order").await;
    assert!(screen.contains("order-placed"), "{screen}");
    explorer.press("y");
    assert_eq!(explorer.copied().await.len(), 36);
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn says_what_is_wrong_and_goes_on_when_it_is_right_again() {
    let (_, running) = server(100).await;
    let url = running.url().to_owned();
    let mut explorer = Explorer::open(launch(&url, "wrong"), 120, 40);
    let screen = explorer.sees("Loading stopped").await;
    assert!(screen.contains("401, no token or a wrong one"), "{screen}");
    explorer.press("!");
    explorer.sees("Check the token").await;
    explorer.quit().await;
    running.shutdown().await;
    let mut explorer = Explorer::open(launch(&url, "secret"), 120, 40);
    explorer.sees("▲ unreachable").await;
    explorer.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_not_audit_is_told_so() {
    let (_, running) = server(100).await;
    let mut explorer = Explorer::open(launch(running.url(), "looking"), 120, 40);
    explorer.sees("100 events · ").await;
    explorer.press("A");
    explorer.sees("audit – this token may not").await;
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_answered_while_a_large_store_is_loading() {
    let (_, running) = server(60_000).await;
    let mut explorer = Explorer::open(launch(running.url(), "secret"), 100, 30);
    explorer.sees("loading").await;
    explorer.press("?");
    explorer.sees("Keys of where you are").await;
    explorer.press("esc");
    explorer.sees(" 60,000 events · ").await;
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn measures_its_session() {
    let (_, running) = server(500).await;
    let mut explorer = Explorer::open(launch(running.url(), "secret"), 120, 40);
    explorer.sees("\n 500 events · ").await;
    explorer.press("? esc 3");
    explorer.sees("How many events").await;
    let report = serde_json::to_value(explorer.quit().await.report()).unwrap();
    let number = |pointer: &str| report.pointer(pointer).and_then(serde_json::Value::as_f64);
    assert_eq!(report["version"], 1);
    assert_eq!((number("/load/events"), number("/window/columns")), (Some(500.0), Some(120.0)));
    // The key that leaves has no frame.
    assert_eq!(number("/keys/all/count"), Some(3.0), "{report}");
    assert!(number("/firstFrameMs") <= number("/firstEventsMs"), "{report}");
    assert!(number("/firstEventsMs") <= number("/load/loadedMs"), "{report}");
    for sort in ["frames", "keys", "turns"] {
        let of = |name: &str| number(&format!("/{sort}/all/{name}"));
        assert!(
            of("count") > Some(0.0) && of("p50Ms") <= of("p99Ms") && of("p99Ms") <= of("maxMs"),
            "{sort}: {report}"
        );
    }
    assert_eq!(number("/tail/received"), Some(0.0));
    assert_eq!(report["tail"]["eventToScreen"]["maxMs"], serde_json::Value::Null);
    running.shutdown().await;
}

/// Events that say when they were sent are timed while the tail shows what comes, and only then.
#[tokio::test(flavor = "multi_thread")]
async fn times_stamped_events_on_their_way_to_the_screen() {
    let (store, running) = server(10).await;
    let stamped = || {
        let now = jiff::Timestamp::now().as_nanosecond();
        let request = serde_json::json!({"events": [{
            "source": "io.genesisdb.app", "subject": "/probe", "type": "io.genesisdb.app.probe",
            "data": {"sentAtNs": i64::try_from(now).unwrap()},
        }]});
        store.commit(Generation::V2, serde_json::from_value(request).unwrap()).unwrap();
    };
    let mut explorer = Explorer::open(launch(running.url(), "secret"), 120, 40);
    explorer.press("2");
    explorer.sees("following").await;
    explorer.sees("● live").await;
    stamped();
    explorer.sees("/probe").await;
    explorer.press("space");
    explorer.sees("paused").await;
    stamped();
    explorer.sees("1 new below").await;
    let report = serde_json::to_value(explorer.quit().await.report()).unwrap();
    assert_eq!(report["tail"]["received"], 2, "{report}");
    assert_eq!(report["tail"]["eventToScreen"]["count"], 1, "{report}");
    running.shutdown().await;
}
