//! Writing the form: fields, suggestions, several events, preconditions, drafts.

use super::super::Focus;
use super::super::condition::{ConditionKind, Verdict};
use super::super::event::Field;
use super::*;
use crate::app::message::{Failure, FailureKind};
use crate::app::overlay::Overlay;
use crate::app::screens::{Draft, ScreenId};

fn focus(stage: &Stage) -> Focus {
    stage.app.commit.focus
}

#[test]
fn letters_are_typed_and_the_source_is_known() {
    let mut stage = opened();
    assert_eq!(focus(&stage), Focus::Field(Field::Subject));
    stage.text("/q1?:");
    assert_eq!(stage.app.commit.event().subject.text(), "/q1?:");
    assert_eq!(stage.app.commit.event().source.text(), "io.example.shop");
    assert_eq!(stage.app.screen, ScreenId::Commit);
}

#[test]
fn arrows_and_tab_go_through_the_fields_and_stay_in_a_text_of_several_lines() {
    let mut stage = opened();
    stage.keys("up");
    assert_eq!(focus(&stage), Focus::Field(Field::Source));
    stage.keys("up");
    assert_eq!(focus(&stage), Focus::Field(Field::Source), "arrows do not go round");
    stage.keys("down down enter");
    assert_eq!(focus(&stage), Focus::Field(Field::Data));
    stage.text("\n\"a\": 1");
    assert_eq!(stage.app.commit.event().data.text(), "{\n  \"a\": 1\n}", "brackets open to the inside");
    stage.keys("up");
    assert_eq!(focus(&stage), Focus::Field(Field::Data));
    stage.keys("down down");
    assert_eq!((focus(&stage), stage.app.commit.event().data.cursor().0), (Focus::Field(Field::Data), 2));
    stage.keys("down");
    assert_eq!(focus(&stage), Focus::Field(Field::Erasable));
    stage.keys("space");
    assert!(stage.app.commit.event().erasable);
    stage.keys("tab tab shift-tab");
    assert_eq!(focus(&stage), Focus::Preview);
    stage.keys("tab");
    assert_eq!(focus(&stage), Focus::Field(Field::Source), "Tab goes round");
}

#[test]
fn known_subjects_and_types_are_offered() {
    let mut stage = opened();
    let offered = |stage: &Stage| stage.app.commit.suggestions.clone().map(|list| list.items).unwrap_or_default();
    stage.text("/");
    assert_eq!(offered(&stage), ["/order", "/customer"]);
    stage.text("c").keys("right");
    assert_eq!(stage.app.commit.event().subject.text(), "/customer");
    stage.text("/").keys("down down enter");
    assert_eq!(stage.app.commit.event().subject.text(), "/customer/2");
    assert_eq!(focus(&stage), Focus::Field(Field::Subject));
    stage.keys("enter").text("ADDED");
    assert_eq!(offered(&stage), ["io.example.shop.item-added", "io.example.shop.customer-added"]);
    stage.keys("esc");
    assert_eq!((offered(&stage).len(), stage.app.screen), (0, ScreenId::Commit));
    stage.keys("ctrl-space ctrl-space");
    assert_eq!(stage.app.commit.event().kind.text(), "io.example.shop.item-added");
}

#[test]
fn enter_goes_on_when_no_suggestion_was_gone_to() {
    let mut stage = opened();
    stage.text("/cust").keys("enter");
    assert_eq!(stage.app.commit.event().subject.text(), "/cust");
    assert_eq!(focus(&stage), Focus::Field(Field::Kind));
}

#[test]
fn several_events_make_one_commit_and_go_away_only_when_asked() {
    let mut stage = filled();
    stage.keys("alt-a").text("/customer/8").keys("tab").text("t");
    assert_eq!((stage.app.commit.events.len(), stage.app.commit.current), (2, 1));
    stage.keys("alt-left");
    assert_eq!(stage.app.commit.event().subject.text(), "/customer/7");
    stage.keys("alt-right alt-right");
    assert_eq!(stage.app.commit.current, 0, "round");
    stage.keys("ctrl-s y");
    let subjects: Vec<_> = committed(&stage).unwrap().events.iter().map(|event| event.subject.clone()).collect();
    assert_eq!(subjects, ["/customer/7", "/customer/8"]);

    let mut stage = filled();
    stage.keys("alt-a alt-d");
    assert_eq!(stage.app.commit.events.len(), 1, "an empty event goes without a question");
    stage.keys("alt-d");
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Question(_))));
    stage.keys("n");
    assert_eq!(stage.app.commit.event().subject.text(), "/customer/7");
    stage.keys("alt-d y");
    assert!(stage.app.commit.event().is_empty());
}

#[test]
fn preconditions_are_tried_when_the_form_was_left_alone() {
    let mut stage = opened();
    stage.text("/a/1").keys("alt-p");
    assert_eq!(focus(&stage), Focus::Kind(0));
    assert!(tried(&stage).is_none() && wakes(&stage) > 0);
    stage.send(Msg::Timer(Timer::Try));
    assert_eq!(tried(&stage), Some(&vec![Precondition::is_subject_new("/a/1")]));
    assert_eq!(stage.app.commit.conditions[0].verdict, Verdict::Trying);
    stage.reply(Slot::Try, Reply::Tried(0, Ok(true)));
    assert_eq!(stage.app.commit.conditions[0].verdict, Verdict::Known { result: Ok(true), stale: false });
    assert!(!stage.app.is_busy(Slot::Try));
    // What is found out about an earlier text does not count for the later one.
    stage.keys("tab").text("2");
    assert_eq!(stage.app.commit.conditions[0].verdict, Verdict::Known { result: Ok(true), stale: true });
    stage.send(Msg::Timer(Timer::Try)).text("3");
    stage.reply(Slot::Try, Reply::Tried(0, Ok(false)));
    assert_eq!(stage.app.commit.conditions[0].verdict, Verdict::Known { result: Ok(true), stale: true });
}

#[test]
fn answers_find_their_precondition_when_others_are_not_complete() {
    let mut stage = opened();
    stage.text("/a/1").keys("alt-p right right right enter").text("broken ").keys("alt-p alt-p");
    stage.send(Msg::Timer(Timer::Try));
    assert_eq!(tried(&stage).map(Vec::len), Some(2));
    let failure = Failure { kind: FailureKind::Refused, message: "no".into(), hint: None, span: None };
    stage.reply(Slot::Try, Reply::Tried(0, Ok(false)));
    assert!(stage.app.is_busy(Slot::Try), "one answer each");
    stage.reply(Slot::Try, Reply::Tried(1, Err(failure.clone())));
    let verdicts: Vec<_> = stage.app.commit.conditions.iter().map(|condition| condition.verdict.clone()).collect();
    let known = |result| Verdict::Known { result, stale: false };
    assert_eq!(verdicts, [Verdict::Untried, known(Ok(false)), known(Err(failure))]);
    assert!(!stage.app.is_busy(Slot::Try));
}

#[test]
fn a_precondition_turns_through_its_kinds_and_goes_away() {
    let mut stage = opened();
    stage.text("/a/1").keys("alt-p right right");
    assert_eq!(stage.app.commit.conditions[0].kind, ConditionKind::QueryTrue);
    stage.keys("left alt-x");
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Question(_))), "its kind was chosen");
    stage.keys("y");
    assert!(stage.app.commit.conditions.is_empty());
    stage.keys("alt-p alt-x");
    assert!(stage.app.commit.conditions.is_empty(), "an untouched one goes without a question");
    stage.keys("alt-x");
    assert!(stage.said().contains("Alt-p"), "{}", stage.said());
}

#[test]
fn a_draft_replaces_only_what_nobody_wrote() {
    let draft = |subject: &str| Draft {
        source: "s".into(),
        subject: subject.into(),
        kind: "t".into(),
        data: "{\"n\": 1.10}".into(),
    };
    let mut stage = Stage::new();
    let take = |stage: &mut Stage, draft: Draft| {
        let app = &mut stage.app;
        let mut out = crate::app::effect::Outbox::default();
        app.commit.draft(draft, &mut app.world, &mut out);
        out.take_said()
    };
    take(&mut stage, draft("/a/1"));
    take(&mut stage, draft("/a/2"));
    assert_eq!(stage.app.commit.events.len(), 1, "an untouched draft is replaced");
    stage.keys("4").text(" ");
    let said = take(&mut stage, draft("/a/3"));
    assert!(said[0].1.contains("event 2 of 2"), "{said:?}");
    let subjects: Vec<_> = stage.app.commit.events.iter().map(|event| event.subject.text()).collect();
    assert_eq!(subjects, ["/a/2", "/a/3"]);
    assert_eq!(stage.app.commit.event().data.text(), "{\"n\": 1.10}");
}

#[test]
fn c_on_an_event_starts_one_like_it() {
    let mut stage = Stage::new();
    stage.keys("tab tab c");
    assert_eq!(stage.app.screen, ScreenId::Commit);
    let event = stage.app.commit.event();
    assert_eq!((event.kind.text(), event.data.text().as_str()), ("io.example.shop.item-added", "{\"n\":6}"));
    assert!(!stage.app.commit.is_unsent());
}

#[test]
fn the_editor_outside_gets_the_payload_and_gives_it_back() {
    let mut stage = filled();
    stage.keys("shift-tab shift-tab shift-tab shift-tab shift-tab shift-tab ctrl-o");
    let Some(Effect::Edit { text, extension, .. }) = stage.effects.last() else { panic!("no editor") };
    assert_eq!((*extension, text), ("json", &stage.app.commit.event().data.text()));
    stage.reply(Slot::Edit, Reply::Edited(Ok("{\"b\":[1,{}]}\n".into())));
    assert_eq!(stage.app.commit.event().data.text(), "{\"b\":[1,{}]}");
    stage.keys("alt-f");
    assert_eq!(stage.app.commit.event().data.text(), "{\n  \"b\": [\n    1,\n    {}\n  ]\n}");
    stage.keys("ctrl-o").reply(Slot::Edit, Reply::Edited(Err("vi ended with 1.".into())));
    assert_eq!(stage.said(), "vi ended with 1.");
}

#[test]
fn starting_over_and_leaving_ask_when_something_was_written() {
    let mut stage = opened();
    stage.keys("alt-n");
    assert!(stage.app.overlays.is_empty());
    stage.text("/a").keys("esc ctrl-q");
    let asked = |stage: &Stage| matches!(stage.app.overlays.last(), Some(Overlay::Question(_)));
    assert!(asked(&stage) && !stage.effects.contains(&Effect::Quit));
    stage.keys("n alt-n");
    assert!(asked(&stage));
    stage.keys("y");
    assert!(stage.app.commit.event().is_empty() && !stage.app.commit.is_unsent());
    assert_eq!(stage.app.commit.event().source.text(), "io.example.shop");
    stage.keys("ctrl-q");
    assert!(stage.effects.contains(&Effect::Quit));
    let mut stage = filled();
    stage.keys("ctrl-q y");
    assert!(stage.effects.contains(&Effect::Quit));
}
