//! Several lanes, where they begin, what is pointed out and what is recorded.

use super::*;
use crate::app::message::Run;

/// News of a lane by its number, with the generation that its first request has.
fn told_lane(rig: &mut Rig, number: u8, generation: u32, news: TailNews) {
    rig.update(Msg::Reply { slot: Slot::Tail(number), generation, reply: Reply::Tail(news) });
}

fn batch(lines: &[String]) -> TailNews {
    TailNews::Events(Decoded::from_lines(lines.iter().map(|line| line.as_bytes())))
}

/// `/order` and `/payment`, connected.
pub(in crate::app::screens::tail) fn two_lanes() -> Rig {
    let mut rig = Rig::live();
    rig.press("s");
    rig.type_text("order");
    rig.press("enter a");
    rig.type_text("payment");
    rig.press("enter");
    rig.told(TailNews::Connected { after: None });
    told_lane(&mut rig, 1, 1, TailNews::Connected { after: None });
    rig
}

pub(in crate::app::screens::tail) fn lane_events(rig: &mut Rig, number: u8, events: impl Iterator<Item = usize>) {
    let lines: Vec<String> = events.map(|n| event(n, START)).collect();
    match number {
        0 => rig.told(batch(&lines)),
        number => told_lane(rig, number, 1, batch(&lines)),
    }
}

impl Rig {
    /// `count` more events, of both lanes by turns.
    pub(in crate::app::screens::tail) fn woven(&mut self, count: usize) {
        let first = self.tail().received.log.end();
        let lines: Vec<String> = (first..first + count).map(|n| event(n, self.now.wall)).collect();
        let events = Decoded::from_lines(lines.iter().map(|line| line.as_bytes()));
        let of = |n: usize| if n % 3 == 1 { (Slot::Tail(1), 1) } else { (Slot::Tail(0), self.generation) };
        let run = |n: usize| Run { slot: of(n).0, generation: of(n).1, events: 1 };
        let runs = (first..first + count).map(run).collect();
        self.update(Msg::Woven { events, runs });
    }
}

#[test]
fn lanes_share_a_list_and_each_has_its_own_state() {
    let mut rig = two_lanes();
    let subjects = |rig: &Rig| rig.tail().lanes.iter().map(|lane| lane.subject.clone()).collect::<Vec<_>>();
    assert_eq!(subjects(&rig), ["/order", "/payment"]);
    lane_events(&mut rig, 0, [0, 3].into_iter());
    lane_events(&mut rig, 1, [1, 5].into_iter());
    lane_events(&mut rig, 0, [4].into_iter());
    let received = &rig.tail().received;
    assert_eq!((0..5).map(|at| received.lane(at)).collect::<Vec<_>>(), [0, 0, 1, 1, 0]);
    let lost = lost(2);
    told_lane(&mut rig, 1, 1, lost);
    assert!(rig.tail().lanes[0].link == Link::Live && matches!(rig.tail().lanes[1].link, Link::Lost { .. }));
    assert_eq!(rig.tail().lanes[1].place(), &From::After("id-5".into()), "each goes on behind its own last event");
    told_lane(&mut rig, 1, 1, TailNews::Reconnected { away: Duration::from_secs(1), complete: None });
    lane_events(&mut rig, 0, [7].into_iter());
    lane_events(&mut rig, 1, [9].into_iter());
    assert_eq!(rig.tail().received.marks.get(0).map(|mark| (mark.before, mark.lane)), Some((5, 1)));
    rig.press("o");
    assert_eq!(rig.tail().overview.as_ref().and_then(|o| o.selected().cloned()), Some(overview::Item::Lane(0)));
    rig.press("d");
    assert_eq!((subjects(&rig), rig.rows().0), (vec!["/payment".to_owned()], 8), "its events stay");
    assert!(rig.effects.contains(&Effect::Cancel(Slot::Tail(0))));
    rig.press("d");
    assert_eq!(subjects(&rig), ["/payment"], "the last one is not taken away");
    rig.press("esc a");
    rig.type_text("cart");
    rig.press("enter");
    assert_eq!(rig.tail().lanes.last().map(|lane| lane.number), Some(2), "a number that no event has");
}

#[test]
fn events_of_several_lanes_come_in_one_order() {
    let mut rig = two_lanes();
    let run = |slot, generation, events| Run { slot, generation, events };
    let woven = |rig: &mut Rig, numbers: &[usize], runs: Vec<Run>| {
        let lines: Vec<String> = numbers.iter().map(|n| event(*n, START)).collect();
        let events = Decoded::from_lines(lines.iter().map(|line| line.as_bytes()));
        rig.update(Msg::Woven { events, runs });
    };
    let (order, payment) = (rig.tail().lanes[0].slot(), rig.tail().lanes[1].slot());
    let first = rig.generation;
    woven(
        &mut rig,
        &[0, 1, 3, 4, 5],
        vec![run(order, first, 1), run(payment, 1, 1), run(order, first, 2), run(payment, 1, 1)],
    );
    let received = &rig.tail().received;
    assert_eq!((0..5).map(|at| received.lane(at)).collect::<Vec<_>>(), [0, 1, 0, 0, 1]);
    assert_eq!(rig.tail().lanes[0].place(), &From::After("id-4".into()));
    assert_eq!(rig.tail().lanes[1].place(), &From::After("id-5".into()));
    assert_eq!(rig.selected(), Some(Row::Event(4)));
    rig.press("up up");
    // A request that is over has no say any more; what came together with its events has.
    woven(
        &mut rig,
        &[8, 9, 11, 13],
        vec![run(order, first + 1, 1), run(payment, 1, 1), run(order, first + 1, 1), run(payment, 1, 1)],
    );
    assert_eq!(rig.tail().received.log.end(), 7);
    assert_eq!((5..7).map(|at| rig.tail().received.lane(at)).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(rig.tail().lanes[0].place(), &From::After("id-4".into()));
    assert_eq!(rig.tail().lanes[1].place(), &From::After("id-13".into()));
    assert_eq!((rig.selected(), rig.rows()), (Some(Row::Event(2)), (5, 2)), "a held view stays");
}

#[test]
fn a_lane_that_takes_the_place_of_others_begins_where_each_of_them_was() {
    let of = |subject: &str, from| (subject.to_owned(), from);
    let after = |n: usize| From::After(format!("id-{n}"));
    let mut rig = two_lanes();
    lane_events(&mut rig, 0, [0].into_iter());
    lane_events(&mut rig, 1, [1].into_iter());
    lane_events(&mut rig, 0, [1000, 1003].into_iter());
    rig.press("a enter");
    let mut parts = vec![of("/order", after(1003)), of("/payment", after(1))];
    assert_eq!((rig.tail().lanes.len(), &rig.tail().lanes[0].from), (1, &From::InPlaceOf(parts.clone())));
    let said = rig.app.messages.all().front().map(|message| &*message.text);
    assert_eq!(said, Some("/ is watched, and with it /order, /payment."));
    let number = rig.tail().lanes[0].number;
    // Until it has caught up, it has its own place besides theirs.
    for n in [1001, 1004] {
        told_lane(&mut rig, number, 1, batch(&[event(n, START)]));
    }
    assert_eq!(rig.tail().lanes[0].link, Link::Connecting);
    parts.push(of("/", after(1004)));
    assert_eq!(rig.tail().lanes[0].place(), &From::InPlaceOf(parts));
    told_lane(&mut rig, number, 1, TailNews::Connected { after: Some("id-1007".into()) });
    assert_eq!((&rig.tail().lanes[0].link, rig.tail().lanes[0].place()), (&Link::Live, &after(1007)));
    // Where there was no event yet, whatever comes is new.
    let mut rig = two_lanes();
    rig.press("a enter");
    let parts = vec![of("/order", From::Start), of("/payment", From::Start)];
    assert_eq!(rig.tail().lanes[0].from, From::InPlaceOf(parts));
}

#[test]
fn an_event_belongs_to_one_lane() {
    let mut rig = two_lanes();
    lane_events(&mut rig, 0, [0].into_iter());
    let subjects = |rig: &Rig| rig.tail().lanes.iter().map(|lane| lane.subject.clone()).collect::<Vec<_>>();
    rig.press("a");
    rig.type_text("order/7");
    rig.press("enter");
    assert_eq!(subjects(&rig), ["/order", "/payment"], "it is a part of what is watched");
    rig.press("a enter");
    assert_eq!(subjects(&rig), ["/"], "the whole takes the place of its parts");
    assert!(rig.effects.contains(&Effect::Cancel(Slot::Tail(1))));
    let mut rig = two_lanes();
    for n in 0..8 {
        rig.press("a");
        rig.type_text(&format!("more{n}"));
        rig.press("enter");
    }
    assert_eq!(rig.tail().lanes.len(), lane::LANES);
}

#[test]
fn a_single_lane_that_becomes_wider_goes_on_behind_its_last_event() {
    let mut rig = Rig::live();
    rig.press("s");
    rig.type_text("order");
    rig.press("enter");
    rig.told(TailNews::Connected { after: None });
    rig.events(3);
    rig.press("a enter");
    let call = observe("/", From::InPlaceOf(vec![("/order".into(), From::After("id-2".into()))]));
    let starts =
        |effect: &Effect| matches!(effect, Effect::Start { slot: Slot::Tail(1), call: other, .. } if *other == call);
    assert!(rig.effects.iter().any(starts));
    assert_eq!(rig.rows().0, 3);
}

#[test]
fn the_beginning_is_now_the_start_an_event_or_a_time() {
    let mut rig = Rig::live();
    rig.events(4);
    rig.press("up f");
    assert_eq!(rig.started(), Some(&observe("/", From::At("id-2".into()))));
    assert_eq!(rig.rows(), (0, 0));
    rig.press("@");
    rig.type_text("2026-03-01 13:58");
    rig.press("enter");
    let time = "2026-03-01T13:58:00Z".parse::<jiff::Timestamp>().unwrap().as_nanosecond();
    assert_eq!(rig.started(), Some(&observe("/", From::Time(i64::try_from(time).unwrap()))));
    rig.press("@");
    rig.type_text("tomorrow");
    rig.press("enter");
    assert!(matches!(&rig.tail().prompt, Some(Prompt::Line { problem: Some(_), .. })), "what was typed stays");
    rig.press("ctrl-u");
    rig.type_text("start");
    rig.press("enter");
    assert_eq!(rig.started(), Some(&observe("/", From::Start)));
    // With several lanes, the others begin at the event's time: its ID means nothing to them.
    let mut rig = two_lanes();
    lane_events(&mut rig, 1, [1].into_iter());
    let time = rig.tail().received.log.row(0).unwrap().time;
    rig.press("f");
    let from: Vec<From> = rig.tail().lanes.iter().map(|lane| lane.from.clone()).collect();
    assert_eq!(from, [From::Time(time), From::At("id-1".into())]);
}

#[test]
fn the_place_before_the_first_event_is_kept() {
    let mut rig = Rig::new();
    rig.press("2");
    rig.told(TailNews::Connected { after: Some("e9".into()) });
    rig.told(lost(1));
    rig.press("r");
    assert_eq!(rig.started(), Some(&observe("/", From::After("e9".into()))), "nothing that came meanwhile is left out");
}

#[test]
fn a_gap_in_the_chain_is_a_row() {
    let mut rig = Rig::live();
    rig.events(2);
    rig.told(TailNews::Gap);
    rig.events(1);
    assert!(
        rig.tail().received.marks.get(0).is_some_and(|mark| mark.before == 2 && mark.what == marks::Interruption::Gap)
    );
    rig.told(TailNews::Reconnected { away: Duration::from_secs(3), complete: None });
    rig.told(TailNews::Gap);
    rig.events(1);
    let both = marks::Interruption::Reconnected { away: Duration::from_secs(3), complete: Some(false) };
    assert_eq!(rig.tail().received.marks.get(1).map(|mark| mark.what.clone()), Some(both));
    assert_eq!(rig.tail().received.marks.len(), 2);
}

#[test]
fn types_are_hidden_and_shown_with_live_counts() {
    let mut rig = Rig::live();
    rig.events(12);
    rig.press("o down space");
    let hidden = rig.tail().overview.as_ref().and_then(|o| o.selected().cloned());
    let Some(overview::Item::Kind(kind)) = hidden else { panic!("{hidden:?}") };
    assert_eq!(rig.rows().0, 9);
    rig.events(4);
    assert_eq!((rig.rows().0, rig.tail().received.count(kind)), (12, 4), "hidden ones are counted");
    rig.press("x");
    assert_eq!(rig.rows().0, 4);
    rig.lines(&["no event".into()]);
    assert_eq!(rig.rows().0, 4);
    rig.press("x");
    assert_eq!(rig.rows().0, 17);
    rig.press("esc");
    assert!(rig.tail().overview.is_none());
}

#[test]
fn a_filter_is_a_text_a_regex_or_a_condition() {
    let mut rig = Rig::live();
    rig.events(12);
    for (filter, rows) in
        [("PAYMENT", 0), ("payment-", 3), ("/order-(placed|shipped)/", 6), ("e.data.quantity == 2", 3)]
    {
        rig.press("/ ctrl-u");
        rig.type_text(filter);
        assert_eq!(rig.rows().0, rows, "{filter}");
        rig.press("enter");
    }
    rig.press("/");
    rig.type_text(" AND");
    assert_eq!(rig.rows().0, 3, "the last filter that was right stays");
    assert!(rig.tail().lines.problem().is_some());
    rig.press("esc");
    assert_eq!(rig.rows().0, 12);
}

#[test]
fn what_matches_rings_and_pauses() {
    let mut rig = Rig::live();
    rig.events(2);
    rig.press("h");
    rig.type_text("order-shipped");
    rig.press("enter o down b p esc");
    assert!(rig.tail().rules.list().iter().all(|rule| rule.bell && rule.pause));
    let notified = |rig: &Rig| {
        let is = |effect: &&Effect| matches!(effect, Effect::Notify { text, .. } if text.contains("order-shipped"));
        rig.effects.iter().filter(is).count()
    };
    assert!(notified(&rig) == 0 && !rig.tail().lines.is_held(), "what is there already is not told");
    rig.events(6);
    assert_eq!((rig.selected(), rig.tail().lines.is_held(), notified(&rig)), (Some(Row::Event(3)), true, 1));
    rig.events(4);
    assert_eq!((rig.selected(), notified(&rig)), (Some(Row::Event(3)), 0), "not more often than once a second");
    rig.pass(Duration::from_secs(2));
    rig.press("G");
    rig.events(4);
    assert_eq!((rig.selected(), notified(&rig)), (Some(Row::Event(15)), 1));
    rig.press("o down d esc G");
    rig.pass(Duration::from_secs(2));
    rig.events(8);
    assert!(rig.tail().rules.list().is_empty() && notified(&rig) == 0 && !rig.tail().lines.is_held());
}

#[test]
fn a_recording_is_begun_told_synced_and_stopped() {
    use crate::app::message::RecordNews;
    let mut rig = Rig::live();
    let told = |rig: &mut Rig, news| {
        let generation = rig
            .app
            .tail
            .recording
            .is_some()
            .then_some(1..9)
            .and_then(|mut all| all.find(|generation| rig.app.out.slots.accepts(Slot::Record, *generation)));
        let reply = Reply::Record(news);
        rig.update(Msg::Reply { slot: Slot::Record, generation: generation.unwrap(), reply });
    };
    rig.press("R");
    rig.type_text("tail.ndjson");
    rig.press("enter");
    let starts = |rig: &Rig, append: bool| {
        let call = Call::Record { path: "tail.ndjson".into(), append };
        rig.effects.iter().any(|effect| matches!(effect, Effect::Start { call: other, .. } if *other == call))
    };
    assert!(starts(&rig, false));
    told(&mut rig, RecordNews::Exists);
    assert!(rig.tail().recording.is_none() && rig.app.typing(), "it is asked first");
    rig.press("enter");
    assert!(starts(&rig, true));
    told(&mut rig, RecordNews::Started { path: "/home/me/tail.ndjson".into() });
    told(&mut rig, RecordNews::Written { events: 12, bytes: 7_000 });
    assert_eq!(rig.tail().recording.as_ref().map(|recording| recording.events), Some(12));
    rig.press("S");
    told(&mut rig, RecordNews::Synced);
    rig.press("R");
    assert!(rig.effects.iter().any(|effect| matches!(effect, Effect::Start { call: Call::StopRecord, .. })));
    told(&mut rig, RecordNews::Stopped);
    assert!(rig.tail().recording.is_none());
    assert!(rig.app.messages.all().iter().any(|message| message.text.contains("12 events to /home/me/tail.ndjson")));
}

/// Answer the search for an event.
fn look_through(rig: &mut Rig) {
    for effect in std::mem::take(&mut rig.effects) {
        let Effect::Start { slot: slot @ Slot::Find, generation, call: Call::Search(search) } = effect else {
            continue;
        };
        let scanned = search.view.positions().end;
        let positions = search.look(search.from..scanned, &|| true).unwrap().positions;
        for reply in [Reply::Found { scanned, positions }, Reply::Searched { scanned, problem: None }] {
            rig.update(Msg::Reply { slot, generation, reply });
        }
    }
}

#[test]
fn an_event_leads_to_explore_which_loads_it_first() {
    let mut rig = Rig::live();
    let line = event(0, START);
    rig.lines(std::slice::from_ref(&line));
    rig.press("t");
    assert_eq!((rig.app.screen, rig.app.explore.is_finding_event()), (ScreenId::Explore, true));
    look_through(&mut rig);
    let load = rig.effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Load, generation, .. } => Some(*generation),
        _ => None,
    });
    let generation = load.unwrap();
    let events = Decoded::from_lines([line.as_bytes()]);
    rig.update(Msg::Reply { slot: Slot::Load, generation, reply: Reply::Events(events) });
    rig.update(Msg::Reply { slot: Slot::Load, generation, reply: Reply::Streamed(Ok(())) });
    look_through(&mut rig);
    assert!(rig.app.explore.aside.is_some(), "time travel");
    rig.press("2 enter e");
    assert_eq!(rig.app.screen, ScreenId::Explore);
}

#[test]
fn a_clock_that_goes_back_changes_nothing_but_the_lag() {
    let mut rig = Rig::live();
    rig.events(3);
    rig.now.wall -= 3_600_000_000_000;
    rig.events(3);
    rig.pass(Duration::from_secs(1));
    rig.update(Msg::Timer(Timer::Second));
    assert_eq!(rig.rows(), (6, 0));
    rig.now.wall = i64::MAX;
    rig.events(1);
    assert_eq!(rig.rows(), (7, 0));
}
