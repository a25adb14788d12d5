//! Sending: never without a yes, never twice by itself, and every answer is told.

use super::super::Focus;
use super::super::event::Field;
use super::super::outcome::Outcome;
use super::*;
use crate::app::message::FailureKind;
use crate::app::overlay::Overlay;
use crate::app::screens::ScreenId;
use crate::app::screens::tests::stage::failure;

fn question(stage: &Stage) -> String {
    match stage.app.overlays.last() {
        Some(Overlay::Question(question)) => format!("{}\n{}", question.title, question.lines.join("\n")),
        other => panic!("no question: {other:?}"),
    }
}

#[test]
fn what_is_missing_is_gone_to() {
    let mut stage = opened();
    stage.keys("tab ctrl-s");
    assert_eq!(stage.app.commit.focus, Focus::Field(Field::Subject));
    assert!(stage.said().starts_with("Not sent: the subject is empty"), "{}", stage.said());
    stage.text("/a/1").keys("tab").text("t").keys("tab").text("\"a\" 1").keys("tab ctrl-s");
    assert_eq!(stage.app.commit.focus, Focus::Field(Field::Data));
    assert_eq!(stage.app.commit.event().data.offset(), 5, "the cursor is where the payload is wrong");
    assert!(stage.app.overlays.is_empty() && committed(&stage).is_none());
}

#[test]
fn it_is_sent_once_and_only_after_a_yes() {
    let mut stage = filled();
    stage.keys("ctrl-s");
    let asked = question(&stage);
    for part in
        ["Commit 1 event?", "shop-test", "/customer/7", "if isSubjectNew /customer/7   holds now", "does not hold"]
    {
        assert!(asked.contains(part), "{part} is not in {asked}");
    }
    stage.keys("n");
    assert_eq!(commits(&stage), 0);
    stage.keys("ctrl-s y");
    assert_eq!(commits(&stage), 1);
    assert_eq!(stage.app.commit.outcome, Outcome::Sending);
    // Nothing that the user does while it runs sends it again or changes the form.
    stage.keys("ctrl-s alt-a alt-n alt-x").text("yx");
    stage.send(Msg::Paste("more".into()));
    assert_eq!((commits(&stage), stage.app.commit.events.len()), (1, 1));
    assert_eq!(stage.app.commit.conditions.len(), 2);
}

#[test]
fn the_stored_events_are_told_and_lead_to_explore() {
    let mut stage = filled();
    stage.keys("ctrl-s y");
    stage.reply(Slot::Commit, Reply::Committed(Ok(vec![stored("id-1", "/customer/7"), stored("e3", "/order/9")])));
    assert_eq!(stage.app.commit.focus, Focus::Stored);
    assert!(stage.calls().iter().any(|call| matches!(call, Call::Page(..))), "the new events are loaded");
    stage.keys("down y");
    assert_eq!(stage.effects.iter().rev().find(|e| matches!(e, Effect::Copy(_))), Some(&Effect::Copy("e3".into())));
    stage.keys("enter");
    assert_eq!(stage.app.screen, ScreenId::Explore);
    assert_eq!(stage.app.explore.events.scope().name(), "/order/9");
}

#[test]
fn the_same_again_is_asked_for_in_so_many_words() {
    let mut stage = filled();
    stage.keys("ctrl-s y").reply(Slot::Commit, Reply::Committed(Ok(vec![stored("id-1", "/customer/7")])));
    assert!(!stage.app.commit.is_unsent());
    stage.keys("ctrl-s");
    assert!(question(&stage).contains("stored a second time"), "{}", question(&stage));
    stage.keys("n esc tab").text("x").keys("ctrl-s");
    assert!(!question(&stage).contains("second time"), "another request is another commit");
    stage.keys("y");
    assert_eq!(commits(&stage), 2);
}

#[test]
fn a_server_that_tells_no_ids_is_no_failure() {
    let mut stage = filled();
    stage.keys("ctrl-s y").reply(Slot::Commit, Reply::Committed(Ok(Vec::new())));
    assert!(stage.screen(160, 50).contains("does not tell the ids"));
}

#[test]
fn a_precondition_that_does_not_hold_is_named_and_nothing_is_lost() {
    let mut stage = filled();
    let before: Vec<_> = stage.app.commit.events.clone();
    stage.keys("ctrl-s y");
    let words = "isSubjectExisting does not hold: subject /customer/7/x has no events; nothing was written";
    stage.reply(Slot::Commit, Reply::Committed(Err(failure(FailureKind::Precondition, words))));
    let text =
        "Not committed: isSubjectExisting does not hold: subject /customer/7/x has no events. Nothing was written.";
    assert_eq!(
        stage.app.commit.outcome,
        Outcome::NotCommitted {
            text: text.into(),
            reason: "subject /customer/7/x has no events".into(),
            blamed: Some(1)
        }
    );
    assert_eq!((stage.said().as_str(), stage.app.commit.focus), (text, Focus::Text(1)));
    assert_eq!(stage.app.commit.events, before);
    assert!(stage.app.commit.is_unsent());
    stage.keys("ctrl-s");
    assert!(!question(&stage).contains("sent before"), "what was refused was not stored");
}

#[test]
fn blame_goes_to_nobody_when_it_cannot_be_told() {
    for (words, blamed) in [
        ("isSubjectNew does not hold", Some(0)),
        ("a precondition does not hold", None),
        ("isSubjectExisting does not hold: /nowhere", Some(1)),
    ] {
        let mut stage = filled();
        stage.keys("ctrl-s y");
        stage.reply(Slot::Commit, Reply::Committed(Err(failure(FailureKind::Precondition, words))));
        let Outcome::NotCommitted { blamed: found, .. } = &stage.app.commit.outcome else { panic!("{words}") };
        assert_eq!(*found, blamed, "{words}");
    }
}

#[test]
fn a_lost_answer_is_told_as_that_with_a_query_that_tells() {
    for kind in [FailureKind::OutcomeUnknown, FailureKind::Cut, FailureKind::Garbled] {
        let mut stage = filled();
        stage.keys("ctrl-s y");
        stage.reply(Slot::Commit, Reply::Committed(Err(failure(kind, "the connection broke"))));
        assert!(matches!(&stage.app.commit.outcome, Outcome::Unknown { .. }));
        assert_eq!(commits(&stage), 1, "it is not sent again by itself");
        stage.keys("esc");
        assert!(matches!(&stage.app.commit.outcome, Outcome::Unknown { .. }), "it stays said");
        stage.keys("ctrl-s");
        assert!(question(&stage).contains("may be stored"), "{}", question(&stage));
        stage.keys("n alt-q");
        assert_eq!(stage.app.screen, ScreenId::Query);
    }
}

#[test]
fn other_refusals_are_in_the_servers_words() {
    let mut stage = filled();
    stage.keys("ctrl-s y");
    let words = "400, the server refused: data.name must be a string";
    stage.reply(Slot::Commit, Reply::Committed(Err(failure(FailureKind::Refused, words))));
    assert!(stage.said().contains(words));
    assert!(stage.app.commit.is_unsent());
}

#[test]
fn production_is_marked_and_read_only_sends_nothing() {
    let mut stage = Stage::on(|connection| connection.production = true);
    stage.keys("4");
    fill(&mut stage);
    stage.keys("ctrl-s");
    assert!(question(&stage).starts_with("PRODUCTION"));
    let Some(Overlay::Question(asked)) = stage.app.overlays.last() else { panic!("no question") };
    assert!(asked.dangerous);

    let mut stage = Stage::on(|connection| connection.read_only = true);
    stage.keys("4");
    fill(&mut stage);
    stage.keys("ctrl-s y");
    assert_eq!(commits(&stage), 0);
    assert!(stage.said().contains("read-only"));
}

#[test]
fn leaving_waits_for_the_answer() {
    let mut stage = filled();
    stage.keys("ctrl-s y ctrl-q");
    assert!(!stage.effects.contains(&Effect::Quit));
    stage.reply(Slot::Commit, Reply::Committed(Ok(Vec::new())));
    assert!(stage.effects.contains(&Effect::Quit));
}
