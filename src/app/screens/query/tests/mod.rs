//! How the Query screen behaves, told in keys and answers.

mod columns;
mod completing;
mod drawing;
mod editing;
mod exporting;
mod keeping;
mod pictures;
mod results;
mod running;
mod shelves;
mod tabs;
mod trying;
mod watching;

use super::run::{End, State};
use super::script::Script;
use super::*;
use crate::app::App;
use crate::app::effect::Call;
use crate::app::health::Polls;
use crate::app::message::{Failure, FailureKind, Msg, Now};
use crate::app::rows::Bounds;
use crate::app::world::{Connection, Origin};
use crate::gdbql;
use crate::local::Wanted;
use crate::model::json::Json;
use crate::model::log::Decoded;

/// The app on the Query screen, with some events loaded.
fn app() -> App {
    let connection = Connection {
        name: "shop".into(),
        url: "http://localhost:8080".into(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    let mut app = App::new(connection, Polls::default());
    app.begin(Now::default());
    let lines = [1, 2].map(event);
    let events = Reply::Events(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    app.update(Msg::Reply { slot: Slot::Load, generation: 1, reply: events }, Now::default());
    app.update(Msg::Reply { slot: Slot::Load, generation: 1, reply: Reply::Streamed(Ok(())) }, Now::default());
    press(&mut app, "3");
    app
}

/// The app with a text in the editor, the cursor at its start.
fn app_with(text: &str) -> App {
    let mut app = app();
    app.query.tab_mut().script = Script::new(text);
    app
}

fn event(number: usize) -> String {
    format!(
        r#"{{"source":"io.genesisdb.shop","subject":"/customer/{number}","type":"io.genesisdb.shop.customer-added","specversion":"1.0","id":"00000000-0000-4000-8000-{number:012}","time":"2026-03-01T13:0{number}:00.117188557Z","datacontenttype":"application/json","predecessorhash":"{number:064}","data":{{"name":"Zoë 美咲","address":{{"city":"Kraków","zip":"30-001"}}}},"hash":"{:064}"}}"#,
        number + 1,
    )
}

fn at(millis: u64) -> Now {
    Now { since_start: Duration::from_millis(millis), wall: 0 }
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    press_at(app, keys, Now::default())
}

fn press_at(app: &mut App, keys: &str, now: Now) -> Vec<Effect> {
    keys.split(' ').flat_map(|name| app.update(Msg::Key(Key::named(name).unwrap().event()), now)).collect()
}

/// An answer to the last run.
fn answer(app: &mut App, reply: Reply, now: Now) -> Vec<Effect> {
    let generation = (1..100).find(|generation| app.out.slots.accepts(Slot::Query(0), *generation));
    app.update(Msg::Reply { slot: Slot::Query(0), generation: generation.unwrap_or(0), reply }, now)
}

fn rows(app: &mut App, rows: &[&str]) -> Vec<Effect> {
    answer(app, Reply::Rows(rows.iter().collect()), at(120))
}

/// Run the query and give it these rows.
fn ran(app: &mut App, texts: &[&str]) {
    press(app, "F5");
    rows(app, texts);
    answer(app, Reply::Queried(Ok(())), at(410));
    work(app);
}

/// Let the work that is asked for be done.
fn work(app: &mut App) {
    while app.update(Msg::Timer(Timer::Work), at(500)).contains(&Effect::Wake(Timer::Work, Duration::ZERO)) {}
}

/// What was sent, of these effects.
fn sent(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Query(0), call: Call::Query(text), .. } => Some(text.as_str()),
        _ => None,
    })
}

/// The same, whatever tab it was sent from.
fn sent_anywhere(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start { call: Call::Query(text), .. } => Some(text.as_str()),
        _ => None,
    })
}

fn refused(message: &str, span: Option<std::ops::Range<usize>>) -> Reply {
    Reply::Queried(Err(Failure { kind: FailureKind::Refused, message: message.into(), hint: None, span }))
}

fn said(app: &App) -> &str {
    app.messages.all().front().map_or("", |message| message.text.as_str())
}

fn text(app: &App) -> String {
    app.query.tab().script.editor().text()
}
