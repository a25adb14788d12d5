//! The Query screen, from keys to pixels, against the embedded server over real HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use gdbx::api::{Client, Settings, Token};
use gdbx::app::health::Polls;
use gdbx::app::screens::query::library::STARTERS;
use gdbx::app::world::{Connection, Origin};
use gdbx::gdbql::parameters::{fill, literal};
use gdbx::server::{Options, Running, Tokens};
use gdbx::shell::{Keep, Launch};
use gdbx::store::Store;
use support::{Explorer, look};

async fn server(events: usize) -> Running {
    let store = Store::in_memory();
    store.add_demo(events).unwrap();
    let tokens = Tokens { admin: "secret".into(), writer: None, reader: None };
    Running::start(store, Options::new(tokens)).await.unwrap()
}

fn open(running: &Running) -> Explorer {
    let connection = Connection {
        name: "shop-test".into(),
        url: running.url().to_owned(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    let settings = Settings::new(running.url()).with_token(Token::new("secret").unwrap());
    let polls = Polls { ping: None, status: None, audit: None };
    Explorer::open(Launch::server(settings, connection, Keep::Memory, polls, look()).unwrap(), 120, 40)
}

/// The keys that type a text.
fn keys(text: &str) -> String {
    let names = text.chars().map(|c| match c {
        ' ' => "space".to_owned(),
        '\n' => "enter".to_owned(),
        c => c.to_string(),
    });
    names.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_query_runs_as_it_stands_there() {
    let running = server(500).await;
    let mut explorer = open(&running);
    explorer.sees("500 events · ").await;
    explorer.press("3");
    explorer.sees("runs the query above").await;
    explorer.press("F5");
    let screen = explorer.sees("17 rows").await;
    assert!(screen.contains("io.genesisdb.shop.customer-registered") && screen.contains("as received"), "{screen}");
    explorer.press("tab right s s");
    explorer.sees("sorted by events ↓").await;
    explorer.quit().await;
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_shown_at_its_place_and_an_event_is_gone_to() {
    let running = server(500).await;
    let mut explorer = open(&running);
    explorer.sees("500 events · ").await;
    explorer.press("3 alt-n");
    explorer.press(&keys("-- comments are not sent\nSTREAM e FROM events\nLIMIT x"));
    explorer.sees("The query can still be sent.").await;
    explorer.press("F5");
    let screen = explorer.sees("The place is marked in the query.").await;
    assert!(screen.contains("LIMIT x   ← "), "{screen}");
    explorer.press("delete 3 F5");
    let screen = explorer.sees("3 rows").await;
    assert!(screen.contains("subject") && !screen.contains("←"), "{screen}");
    explorer.press("tab e");
    explorer.sees("500 events · ").await;
    explorer.quit().await;
    running.shutdown().await;
}

/// What gdbx brings along says something of the demo store.
#[tokio::test(flavor = "multi_thread")]
async fn every_query_that_comes_with_gdbx_gives_rows() {
    let running = server(2_000).await;
    let settings = Settings::new(running.url()).with_token(Token::new("secret").unwrap());
    let client = Client::new(settings).unwrap();
    for (name, text) in STARTERS {
        let value = |parameter: &str| match parameter {
            "since" | "from" => "2000-01-01",
            "to" => "2100-01-01",
            "subject" => "/order",
            "type" => "io.genesisdb.shop.order-placed",
            "n" => "5",
            other => panic!("{name}: nobody knows a value for :{other}"),
        };
        let filled = fill(text, |parameter| Some(literal(value(&parameter.name))));
        let mut rows = client.query(&filled.text).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut came = 0;
        while let Some(batch) = rows.next().await {
            came += batch.unwrap_or_else(|error| panic!("{name}: {error}")).iter().count();
        }
        assert!(came > 0, "{name} gives no row");
    }
    running.shutdown().await;
}
