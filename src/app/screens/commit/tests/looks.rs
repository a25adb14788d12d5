//! What the screen looks like.

use super::*;
use crate::app::message::FailureKind;
use crate::app::screens::tests::stage::failure;
use ratatui::style::Modifier;

/// The same state in three windows.
fn look(name: &str, stage: &Stage) {
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), stage.screen(width, height));
    }
}

#[test]
fn empty() {
    look("empty", &opened());
}

#[test]
fn suggestions() {
    let mut stage = opened();
    stage.text("/o").keys("tab").text("added").keys("down");
    look("suggestions", &stage);
}

#[test]
fn invalid_json() {
    let mut stage = opened();
    stage.text("/customer").keys("tab").text("io.example.shop.customer-added").keys("tab").text("\n\"name\": Zoë");
    look("invalid_json", &stage);
    // The place of the error is underlined, and nothing else is.
    let cells = stage.cells(80, 24);
    let underlined = cells.content.iter().filter(|cell| cell.modifier.contains(Modifier::UNDERLINED));
    assert_eq!(underlined.map(|cell| cell.symbol()).collect::<Vec<_>>(), ["Z"]);
}

#[test]
fn full_with_two_preconditions() {
    look("full", &filled());
}

#[test]
fn preview_with_the_cursor() {
    let mut stage = filled();
    stage.keys("tab");
    look("preview", &stage);
}

#[test]
fn several_events_and_every_kind_of_precondition() {
    let mut stage = filled();
    stage.keys("alt-a alt-p right right alt-p right right right enter");
    let refused = failure(FailureKind::Unsupported, "isMoon is not known here; only the server can tell");
    stage.send(Msg::Timer(Timer::Try));
    for (index, result) in [Ok(true), Ok(false), Ok(true), Err(refused)].into_iter().enumerate() {
        stage.reply(Slot::Try, Reply::Tried(index, result));
    }
    look("several", &stage);
}

#[test]
fn confirmation() {
    let mut stage = Stage::on(|connection| {
        connection.name = "shop-prod".into();
        connection.production = true;
    });
    stage.keys("4");
    fill(&mut stage);
    stage.keys("ctrl-s");
    look("confirmation", &stage);
}

#[test]
fn sending() {
    let mut stage = filled();
    stage.keys("ctrl-s y");
    look("sending", &stage);
}

#[test]
fn stored_events() {
    let mut stage = filled();
    let id = "d8605ee4-9507-4974-8a2a-190baaea2b50";
    stage.keys("alt-a").text("/customer").keys("tab").text("io.example.shop.customer-added").keys("ctrl-s y");
    let appended = stored(&id.replace("d8", "e9"), "/customer/0b0a7c1e-3c1f-4c63-9b4e-0d7d3f0c9d11");
    stage.reply(Slot::Commit, Reply::Committed(Ok(vec![stored(id, "/customer/7"), appended])));
    look("stored", &stage);
}

#[test]
fn precondition_failed() {
    let mut stage = filled();
    stage.keys("ctrl-s y");
    let words = "isSubjectNew does not hold: subject /customer/7 already has events; nothing was written";
    stage.reply(Slot::Commit, Reply::Committed(Err(failure(FailureKind::Precondition, words))));
    look("precondition_failed", &stage);
}

#[test]
fn outcome_unknown() {
    let mut stage = filled();
    stage.keys("ctrl-s y");
    stage.reply(Slot::Commit, Reply::Committed(Err(failure(FailureKind::OutcomeUnknown, "the connection was reset"))));
    look("outcome_unknown", &stage);
}

#[test]
fn read_only() {
    let mut stage = Stage::on(|connection| connection.read_only = true);
    stage.keys("4");
    look("read_only", &stage);
}

#[test]
fn text_from_outside_cannot_reach_the_terminal() {
    let mut stage = filled();
    stage.keys("ctrl-s y");
    stage.reply(Slot::Commit, Reply::Committed(Err(failure(FailureKind::Refused, "no\u{1b}[2J\r\nmore"))));
    stage.send(Msg::Paste("/x\u{1b}]0;title\u{7}".into()));
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        let cells = stage.cells(width, height);
        assert!(cells.content.iter().all(|cell| !cell.symbol().chars().any(char::is_control)));
        assert!(stage.screen(width, height).contains("no␛[2J"));
    }
}
