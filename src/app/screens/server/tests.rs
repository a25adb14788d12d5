//! The Server screen, driven by keys.

use super::super::ScreenId;
use super::super::tests::stage::{Stage, failure};
use super::Pane;
use crate::app::effect::{Call, Effect, Slot};
use crate::app::message::{AuditResult, FailureKind, Reply};
use crate::app::overlay::Overlay;
use crate::model::request::RegisteredSchema;
use crate::model::status::Status;
use std::time::Duration;

fn opened() -> Stage {
    let mut stage = Stage::new();
    stage.keys("5");
    stage
}

fn status() -> Box<Status> {
    let text = r#"{"engine":{"version":"2.0.0","channel":"stable"},
        "system":{"os":"linux","arch":"amd64","cpu":{"availableCores":8,"usedCores":1.5},
          "memory":{"total":8589934592,"used":1200000000,"available":7389934592},"storage":{}},
        "events":{"count":6,"subjects":6,"types":3,"storageSize":81920},
        "storage":{"storageFormat":"v2","ready":true}}"#;
    Box::new(serde_json::from_str(text).unwrap())
}

fn schema(kind: &str, text: &str) -> RegisteredSchema {
    serde_json::from_str(&format!(r#"{{"type":"{kind}","schema":{text}}}"#)).unwrap()
}

fn audit(passed: bool, text: &str) -> Reply {
    Reply::Audit(Ok(AuditResult {
        passed,
        text: text.into(),
        events: passed.then_some(6),
        took: Duration::from_millis(412),
    }))
}

/// A server that tells everything.
fn full() -> Stage {
    let mut stage = opened();
    stage.keys("r a");
    stage.reply(Slot::Status, Reply::Status(Ok(status())));
    stage.reply(Slot::Audit, audit(true, "Audit passed. All 6 events integrity checks succeeded."));
    stage.reply(Slot::Subjects, Reply::Subjects(Ok(vec!["/customer".into(), "/order".into()])));
    let types = ["customer-added", "item-added", "order-placed"];
    stage.reply(Slot::Types, Reply::Types(Ok(types.map(|kind| format!("io.example.shop.{kind}")).to_vec())));
    let schemas = vec![schema("io.example.shop.order-placed", r#"{ "type":"object","required":["n"] }"#)];
    stage.reply(Slot::Schemas, Reply::Schemas(Ok(schemas)));
    stage
}

fn look(name: &str, stage: &Stage) {
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), stage.screen(width, height));
    }
}

#[test]
fn going_there_asks_for_the_lists_once() {
    let mut stage = opened();
    let lists = |stage: &Stage| {
        stage.calls().into_iter().filter(|c| matches!(c, Call::Subjects | Call::Types | Call::Schemas)).count()
    };
    assert_eq!(lists(&stage), 3);
    stage.keys("1 5");
    assert_eq!(lists(&stage), 3, "while an answer is awaited, nothing is asked again");
    stage.reply(Slot::Types, Reply::Types(Ok(Vec::new()))).keys("r");
    assert_eq!(lists(&stage), 4);
    assert!(stage.calls().iter().any(|call| matches!(call, Call::Status)));
}

#[test]
fn entries_lead_to_their_events_and_schemas_are_shown() {
    let mut stage = full();
    stage.keys("tab tab down enter");
    assert_eq!((stage.app.screen, stage.app.explore.events.scope().name()), (ScreenId::Explore, "/order"));
    stage.keys("5 tab enter");
    assert_eq!(stage.app.explore.events.scope().name(), "io.example.shop.customer-added");
    stage.keys("5 tab enter");
    let Some(Overlay::Viewer { title, view }) = stage.app.overlays.last() else { panic!("no schema") };
    assert_eq!(title, "Schema of io.example.shop.order-placed");
    assert_eq!(view.text(), r#"{ "type":"object","required":["n"] }"#);
}

#[test]
fn a_filter_narrows_the_list_with_the_cursor() {
    let mut stage = full();
    stage.keys("tab tab tab /").text("ADDED").keys("backspace backspace backspace backspace backspace").text("placed");
    assert_eq!(stage.app.server.types.len(), 1);
    stage.keys("enter y");
    assert!(stage.effects.contains(&Effect::Copy("io.example.shop.order-placed".into())));
    stage.keys("esc");
    assert_eq!((stage.app.server.types.len(), stage.app.server.pane), (3, Pane::Types));
}

#[test]
fn a_list_that_comes_again_keeps_its_cursor_and_a_failure_keeps_the_list() {
    let mut stage = full();
    stage.keys("tab tab down r");
    let subjects = ["/a", "/b", "/order"].map(str::to_owned).to_vec();
    stage.reply(Slot::Subjects, Reply::Subjects(Ok(subjects)));
    assert_eq!(stage.app.server.subjects.selected().map(String::as_str), Some("/order"));
    stage.keys("r").reply(Slot::Subjects, Reply::Subjects(Err(failure(FailureKind::Unreachable, "no route"))));
    assert_eq!(stage.app.server.subjects.total(), Some(3));
    assert!(stage.screen(160, 50).contains("No route. r asks again."));
}

#[test]
fn an_audit_is_started_by_hand() {
    let mut stage = opened();
    stage.keys("a a");
    assert_eq!(stage.calls().into_iter().filter(|call| matches!(call, Call::Audit)).count(), 1, "one at a time");
    assert!(stage.screen(80, 24).contains("running …"));
    stage.reply(Slot::Audit, audit(true, "ok")).keys("tab y");
    assert!(stage.effects.contains(&Effect::Copy("ok".into())));
}

#[test]
fn loading() {
    look("loading", &opened());
}

#[test]
fn everything_is_told() {
    look("full", &full());
}

#[test]
fn not_allowed() {
    let mut stage = opened();
    stage.keys("r a");
    let no = || failure(FailureKind::NotAllowed, "403, the token lacks this right");
    stage.reply(Slot::Audit, Reply::Audit(Err(no())));
    stage.reply(Slot::Status, Reply::Status(Err(no())));
    stage.reply(Slot::Subjects, Reply::Subjects(Err(no())));
    stage.reply(Slot::Types, Reply::Types(Ok(Vec::new())));
    stage.reply(Slot::Schemas, Reply::Schemas(Err(no())));
    stage.keys("tab");
    look("not_allowed", &stage);
}

#[test]
fn errors() {
    let mut stage = opened();
    stage.keys("r a");
    stage.reply(Slot::Status, Reply::Status(Ok(Box::default())));
    stage.reply(Slot::Audit, audit(false, "Audit failed at event e3: the hash of its data is another one."));
    stage.reply(Slot::Subjects, Reply::Subjects(Err(failure(FailureKind::Unreachable, "connection refused"))));
    stage.reply(Slot::Types, Reply::Types(Err(failure(FailureKind::Garbled, "line 3 is no JSON: <html>\u{1b}[2J"))));
    let missing = "GET http://localhost:8080/api/v1/schema/get: 404, not found";
    stage.reply(Slot::Schemas, Reply::Schemas(Err(failure(FailureKind::Unsupported, missing))));
    stage.keys("tab");
    look("errors", &stage);
}
