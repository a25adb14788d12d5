//! What the list shows: following, holding, filters, marks, and how much is kept.

use super::*;

#[test]
fn follows_the_newest_event_until_the_cursor_goes_up() {
    let mut rig = Rig::live();
    rig.events(10);
    assert_eq!(rig.selected(), Some(Row::Event(9)));
    rig.events(5);
    assert_eq!(rig.selected(), Some(Row::Event(14)));
    rig.press("down");
    assert!(!rig.tail().lines.is_held(), "there is nothing below the newest");
    rig.press("up");
    assert!(rig.tail().lines.is_held());
    rig.events(300);
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(13)), (15, 300)));
    rig.press("down down");
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(15)), (16, 299)), "shown as far as the cursor goes");
    rig.press("G");
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(314)), (315, 0)));
    rig.events(1);
    assert_eq!(rig.selected(), Some(Row::Event(315)));
}

#[test]
fn a_pause_holds_the_view_and_not_the_intake() {
    let mut rig = Rig::live();
    rig.press("space");
    rig.events(4);
    assert_eq!((rig.selected(), rig.rows()), (None, (0, 4)), "an empty view stays empty");
    rig.press("down");
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(0)), (1, 3)));
    rig.press("space");
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(3)), (4, 0)));
}

#[test]
fn a_filter_hides_the_row_under_the_cursor_and_brings_it_back() {
    let mut rig = Rig::live();
    rig.events(40);
    rig.press("up up up up");
    assert_eq!(rig.selected(), Some(Row::Event(35)));
    rig.press("/");
    rig.type_text("payment-received");
    assert_eq!(rig.selected(), Some(Row::Event(37)), "the next one that is shown");
    rig.events(4);
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(37)), (10, 1)));
    rig.press("esc");
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(35)), (40, 4)));
    assert!(rig.tail().lines.filter.is_none());
}

#[test]
fn a_long_search_is_made_elsewhere_while_events_come() {
    let mut rig = Rig::live();
    let long = "x".repeat(1 << 20);
    let lines: Vec<String> = (0..12).map(|n| event(n, START).replace("card", &long)).collect();
    rig.lines(&lines);
    rig.press("/");
    rig.type_text("xxx");
    assert!(rig.app.is_busy(Slot::TailSearch) && rig.rows() == (0, 0));
    let asked = std::mem::take(&mut rig.effects);
    rig.events(4);
    assert_eq!(rig.rows(), (0, 0), "what came meanwhile waits for its turn");
    rig.effects = asked;
    rig.search();
    assert_eq!(rig.rows(), (3, 0));
    rig.lines(&lines);
    rig.press("esc");
    assert!(!rig.app.is_busy(Slot::TailSearch) && rig.effects.contains(&Effect::Cancel(Slot::TailSearch)));
    assert_eq!(rig.rows(), (28, 0));
}

#[test]
fn nothing_ticks_when_nothing_happens() {
    let mut rig = Rig::live();
    assert!(!rig.ticks());
    rig.events(2);
    assert!(rig.ticks());
    rig.events(2);
    assert!(!rig.ticks(), "one tick at a time");
    let mut seconds = 0;
    loop {
        rig.pass(Duration::from_secs(1));
        rig.update(Msg::Timer(Timer::Second));
        if !rig.ticks() {
            break;
        }
        seconds += 1;
    }
    assert_eq!(seconds, 299, "the last minutes are over");
}

#[test]
fn a_full_tail_says_so_once_and_keeps_the_newest() {
    let mut rig = Rig::live();
    rig.app.tail.received.bound = Bound { events: 50, bytes: 1 << 20 };
    rig.events(40);
    rig.press("up up");
    rig.told(TailNews::Reconnected { away: Duration::from_secs(1), complete: Some(true) });
    rig.events(40);
    let said = |rig: &Rig| rig.app.messages.all().iter().filter(|m| m.text.contains("full")).count();
    assert_eq!((said(&rig), rig.tail().received.dropped), (1, 30));
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(37)), (10, 41)));
    rig.events(600);
    assert_eq!((said(&rig), rig.tail().received.dropped), (1, 630));
    assert_eq!(rig.selected(), Some(Row::Event(630)), "what was looked at is gone: the oldest that is kept");
    rig.app.tail.received.bound.bytes = 1000;
    rig.events(1);
    assert!(rig.tail().received.log.bytes() <= 1000);
    rig.press("G X");
    assert_eq!((rig.rows(), rig.selected()), ((0, 0), None));
    rig.events(1);
    assert_eq!(rig.selected(), Some(Row::Event(681)));
}

#[test]
fn keys_of_the_list_are_letters_in_a_field() {
    let mut rig = Rig::live();
    rig.events(4);
    rig.press("/ s b X q tab");
    assert_eq!(rig.tail().lines.filter.as_ref().unwrap().text(), "sbXq");
    assert_eq!(rig.rows(), (0, 0));
    rig.press("ctrl-u enter");
    rig.press("enter");
    assert_eq!(rig.tail().lanes[0].subject, "/");
}

#[test]
fn marks_stay_and_lead_from_one_to_the_next() {
    let mut rig = Rig::live();
    rig.events(5);
    rig.press("up m");
    assert!(rig.tail().lines.is_held() && rig.tail().marked().contains(&3));
    rig.told(TailNews::Gap);
    rig.events(5);
    rig.press("G");
    // Events 0 to 4, the gap, events 5 to 9.
    rig.press("N");
    assert_eq!(rig.selected(), Some(Row::Mark(0)));
    rig.press("N");
    assert_eq!(rig.selected(), Some(Row::Event(3)));
    rig.press("N");
    assert_eq!(rig.selected(), Some(Row::Event(3)), "there is none above");
    rig.events(500);
    rig.press("n");
    assert_eq!((rig.selected(), rig.tail().marked().len()), (Some(Row::Mark(0)), 1));
    rig.press("down m Y");
    let copied = rig.effects.iter().find_map(|effect| if let Effect::Copy(text) = effect { Some(text) } else { None });
    assert_eq!(copied.map(|text| text.lines().count()), Some(2), "what is marked is copied");
    // A filter hides a mark, and the bound takes one away.
    rig.press("/");
    rig.type_text("order-shipped");
    rig.press("enter g");
    rig.press("n");
    assert_eq!(rig.selected(), Some(Row::Mark(0)), "the marked one of another type is not shown");
    rig.press("esc");
    rig.app.tail.received.bound.events = 506;
    rig.events(1);
    assert_eq!(rig.tail().marked().iter().copied().collect::<Vec<_>>(), [5]);
    rig.press("U");
    assert!(rig.tail().marked().is_empty());
}
