//! What is watched, and what the connection does meanwhile.

use super::*;

#[test]
fn going_there_watches_the_whole_store_from_now_and_only_once() {
    let mut rig = Rig::new();
    rig.press("2");
    assert_eq!(rig.started(), Some(&observe("/", From::Now)));
    rig.press("1");
    rig.press("2");
    assert_eq!(rig.started(), None, "the tail runs on while another screen is shown");
}

#[test]
fn explores_subject_is_watched_with_a_key_and_its_own_events_are_kept() {
    let mut rig = Rig::live();
    rig.events(3);
    rig.press("1");
    rig.press("w");
    assert_eq!(rig.app.screen, ScreenId::Tail);
    assert_eq!(rig.started(), None, "/ is watched already");
    assert_eq!(rig.rows(), (3, 0));
    rig.press("s");
    rig.type_text("order");
    rig.press("enter");
    assert_eq!(rig.started(), Some(&observe("/order", From::Now)));
    assert_eq!(rig.rows(), (0, 0));
    assert_eq!(rig.tail().lanes[0].subject, "/order");
}

#[test]
fn an_interruption_is_a_row_where_it_happened() {
    let mut rig = Rig::live();
    rig.events(2);
    rig.told(lost(1));
    assert!(
        matches!(rig.tail().lanes[0].link, Link::Lost { attempt: 1, next, .. } if next == Duration::from_secs(104))
    );
    assert!(rig.ticks() || rig.tail().ticking, "the next attempt is counted down");
    rig.pass(Duration::from_millis(2100));
    rig.told(TailNews::Reconnected { away: Duration::from_millis(2100), complete: None });
    rig.told(TailNews::Reconnected { away: Duration::from_millis(2100), complete: Some(true) });
    rig.events(1);
    let (lines, received) = (&rig.tail().lines, &rig.tail().received);
    let rows: Vec<_> = (0..4).filter_map(|index| lines.row(index, received)).collect();
    assert_eq!(rows, [Row::Event(0), Row::Event(1), Row::Mark(0), Row::Event(2)]);
    assert!(!received.marks.get(0).unwrap().what.is_gap());
    assert_eq!(rig.tail().lanes[0].link, Link::Live);
    // What is known to be missing is not taken back by a second interruption at the same place.
    rig.told(TailNews::Reconnected { away: Duration::from_secs(1), complete: Some(false) });
    rig.told(TailNews::Reconnected { away: Duration::from_secs(9), complete: Some(true) });
    let mark = rig.tail().received.marks.get(1).unwrap();
    assert_eq!(mark.what, marks::Interruption::Reconnected { away: Duration::from_secs(9), complete: Some(false) });
}

#[test]
fn the_chain_tells_whether_events_are_missing() {
    let chained = |hash: &str, before: &str| {
        event(0, START).replace("{\"source\"", &format!(r#"{{"hash":"{hash}","predecessorhash":"{before}","source""#))
    };
    let away = Duration::from_secs(3);
    for (subject, before, complete) in
        [("/", "a", Some(true)), ("/", "x", Some(false)), ("/order", "a", Some(true)), ("/order", "x", None)]
    {
        let mut rig = Rig::live();
        rig.app.tail.lanes[0].subject = subject.into();
        rig.lines(&[chained("a", "0")]);
        rig.told(TailNews::Reconnected { away, complete: None });
        rig.lines(&[chained("b", before), chained("c", "b")]);
        let mark = rig.tail().received.marks.get(0).unwrap();
        assert_eq!(mark.what, marks::Interruption::Reconnected { away, complete }, "{subject} after {before}");
        assert_eq!(rig.tail().received.marks.len(), 1);
    }
    let mut rig = Rig::live();
    rig.told(lost(1));
    rig.press("r");
    assert_eq!(rig.started(), Some(&observe("/", From::Start)), "whatever came meanwhile is new");
    rig.told(TailNews::Connected { after: None });
    assert!(rig.tail().received.marks.get(0).unwrap().what.is_open(), "there was no event: it went on from the start");
}

#[test]
fn connecting_by_hand_goes_on_behind_the_last_event() {
    let mut rig = Rig::live();
    rig.press("r");
    assert_eq!(rig.started(), None, "it is connected");
    rig.events(3);
    rig.lines(&["no event at all".into()]);
    rig.press("X");
    rig.told(lost(3));
    rig.press("r");
    assert_eq!(rig.started(), Some(&observe("/", From::After("id-2".into()))));
    rig.pass(Duration::from_secs(5));
    rig.told(TailNews::Connected { after: None });
    let mark = rig.tail().received.marks.get(0).unwrap();
    assert_eq!(mark.what, marks::Interruption::Reconnected { away: Duration::from_secs(5), complete: None });
}

#[test]
fn a_refusal_keeps_the_subject_and_can_be_tried_again() {
    let mut rig = Rig::live();
    rig.press("s");
    rig.type_text("secret");
    rig.press("enter");
    rig.told(TailNews::Refused(failure(FailureKind::NotAllowed, "The token may not read.", None)));
    assert!(matches!(rig.tail().lanes[0].link, Link::Refused(_)));
    assert!(!rig.app.is_busy(Slot::Tail(0)));
    rig.press("s");
    assert_eq!(rig.field().input.text(), "/secret");
    rig.press("esc r");
    assert_eq!(rig.started(), Some(&observe("/secret", From::Now)));
}

#[test]
fn a_wrong_subject_is_told_and_stays_in_the_field() {
    let mut rig = Rig::live();
    rig.press("s");
    rig.type_text("a//b");
    rig.press("enter");
    let field = rig.field();
    assert_eq!(field.input.text(), "/a//b");
    assert!(field.problem.is_some());
    assert_eq!(rig.started(), None);
    rig.press("esc");
    assert!(rig.tail().prompt.is_none() && rig.tail().lanes[0].subject == "/");
}

#[test]
fn the_history_comes_first_when_asked_for_and_the_filter_stays() {
    let mut rig = Rig::live();
    rig.events(8);
    rig.press("/");
    rig.type_text("order-");
    rig.press("enter");
    assert_eq!(rig.rows(), (4, 0));
    rig.press("b");
    assert_eq!(rig.started(), Some(&observe("/", From::Start)));
    assert_eq!(rig.rows(), (0, 0));
    rig.told(TailNews::Connected { after: None });
    rig.events(8);
    assert_eq!(rig.rows(), (4, 0));
    rig.press("s enter");
    assert_eq!(rig.started(), Some(&observe("/", From::Now)), "back to what comes from now on");
}
