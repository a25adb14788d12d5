//! One event: open, copied, taken along to other screens.

use super::*;

#[test]
fn an_opened_event_holds_the_view_and_leads_to_its_neighbours() {
    let mut rig = Rig::live();
    rig.events(3);
    rig.told(TailNews::Reconnected { away: Duration::from_secs(1), complete: Some(true) });
    rig.events(2);
    let opened = |rig: &Rig| rig.tail().opened.as_ref().map(|opened| opened.position);
    rig.press("enter");
    assert!(rig.tail().lines.is_held());
    assert_eq!((rig.tail().pane, opened(&rig)), (Pane::Event, Some(4)));
    rig.events(1);
    assert_eq!(opened(&rig), Some(4));
    rig.press("p p");
    assert_eq!(opened(&rig), Some(2), "a mark is no event");
    rig.press("n n n n n");
    assert_eq!(opened(&rig), Some(5), "the newest is the last");
    rig.press("y");
    assert!(rig.effects.iter().any(|effect| matches!(effect, Effect::Copy(text) if text.contains("amount"))));
    rig.press("tab up");
    assert_eq!(opened(&rig), Some(4), "the event follows the cursor of the list");
    rig.press("tab esc");
    assert_eq!((rig.tail().pane, opened(&rig)), (Pane::List, None));
}

#[test]
fn events_are_copied_and_taken_as_the_start_of_new_ones() {
    let mut rig = Rig::live();
    rig.events(1);
    rig.press("y");
    assert!(rig.effects.contains(&Effect::Copy("id-0".into())));
    rig.press("Y");
    assert!(rig.effects.contains(&Effect::Copy(event(0, START))));
    let draft = rig.app.tail.draft();
    assert_eq!(
        (draft.source.as_str(), draft.subject.as_str(), draft.kind.as_str()),
        ("io.shop", "/order/2000", "io.shop.order-placed")
    );
    assert!(draft.data.contains("20.50"));
    rig.press("c");
    assert_eq!(rig.app.screen, ScreenId::Commit);
}

#[test]
fn a_line_that_is_no_event_is_a_row_like_any_other() {
    let mut rig = Rig::live();
    rig.lines(&["{\"half\":".into()]);
    assert_eq!(rig.selected(), Some(Row::Event(0)));
    rig.press("y");
    assert!(!rig.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))));
    rig.press("Y");
    assert!(rig.effects.contains(&Effect::Copy("{\"half\":".into())));
    rig.press("enter");
    let opened = rig.tail().opened.as_ref().unwrap();
    assert!(opened.kind.is_none() && opened.view.problem().is_some());
}

#[test]
fn an_open_event_is_searched_and_its_values_lead_to_explore() {
    let mut rig = Rig::live();
    let kept = r#"{"source":"s","subject":"/a","type":"t","id":"e1","data":{"order":"N-1"}}"#;
    rig.app.world.append(Decoded::from_lines([kept.as_bytes()]));
    let news = r#"{"source":"s","subject":"/b","type":"t","id":"e2","data":{"order":"N-1"}}"#;
    rig.told(TailNews::Events(Decoded::from_lines([news.as_bytes()])));
    rig.press("enter / n - 1 enter");
    assert!(!rig.app.typing());
    rig.press("P");
    assert!(rig.effects.contains(&Effect::Copy("e.data.order".into())));
    rig.press("T");
    let looks = |effect: &Effect| matches!(effect, Effect::Start { call: Call::Search(_), .. });
    assert!(rig.effects.iter().any(looks), "what is loaded is traced");
    assert!(rig.app.screen == ScreenId::Explore && rig.app.explore.is_tracing());
    rig.press("2 i");
    assert_eq!(rig.app.explore.shape.as_ref().map(|shape| shape.kind.as_str()), Some("t"));
}
