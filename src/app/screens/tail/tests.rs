//! How the tail behaves, told in keys and news.

use super::lane::Link;
use super::lines::Row;
use super::*;
use crate::app::App;
use crate::app::effect::{Call, Slot};
use crate::app::health::Polls;
use crate::app::key::Key;
use crate::app::message::TailNews;
use crate::app::message::{Failure, FailureKind, Msg, Now, Reply};
use crate::app::screens::ScreenId;
use crate::app::world::{Connection, Origin};
use crate::model::log::Decoded;
use crate::model::request::StreamRequest;

mod lanes;

pub(super) use lanes::{lane_events, two_lanes};

/// An app with its clock, and the tail's last request.
pub(super) struct Rig {
    pub(super) app: App,
    pub(super) effects: Vec<Effect>,
    now: Now,
    generation: u32,
}

/// 2026-03-01T14:03:20Z
pub(super) const START: i64 = 1_772_373_800_000_000_000;

impl Rig {
    pub(super) fn new() -> Self {
        let connection = Connection {
            name: "shop".into(),
            url: "http://localhost:8080".into(),
            origin: Origin::Server,
            production: false,
            read_only: false,
        };
        let app = App::new(connection, Polls { ping: None, status: None, audit: None });
        Self {
            app,
            effects: Vec::new(),
            now: Now { since_start: Duration::from_secs(100), wall: START },
            generation: 0,
        }
    }

    /// The tail of the whole store, connected.
    pub(super) fn live() -> Self {
        let mut rig = Self::new();
        rig.press("2");
        rig.told(TailNews::Connected { after: None });
        rig
    }

    /// The subject that is being typed.
    fn field(&self) -> &subject_field::SubjectField {
        match &self.tail().prompt {
            Some(Prompt::Subject { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    /// Carry the searches out, as the shell would.
    fn search(&mut self) {
        while let Some(at) =
            self.effects.iter().position(|effect| matches!(effect, Effect::Start { call: Call::Search(_), .. }))
        {
            let Effect::Start { slot, generation, call: Call::Search(search) } = self.effects.remove(at) else {
                return;
            };
            let all = search.view.positions();
            let found = search.look(search.from..all.end, &|| true).unwrap();
            for reply in [
                Reply::Found { scanned: all.end, positions: found.positions },
                Reply::Searched { scanned: all.end, problem: found.problem },
            ] {
                let effects = self.app.update(Msg::Reply { slot, generation, reply }, self.now);
                self.effects.extend(effects);
            }
        }
    }

    pub(super) fn update(&mut self, msg: Msg) {
        self.effects = self.app.update(msg, self.now);
        for effect in &self.effects {
            if let Effect::Start { slot: Slot::Tail(0), generation, .. } = effect {
                self.generation = *generation;
            }
        }
    }

    pub(super) fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.update(Msg::Key(Key::named(key).unwrap().event()));
        }
    }

    pub(super) fn type_text(&mut self, text: &str) {
        self.update(Msg::Paste(text.into()));
    }

    pub(super) fn told(&mut self, news: TailNews) {
        self.update(Msg::Reply { slot: Slot::Tail(0), generation: self.generation, reply: Reply::Tail(news) });
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now.since_start += time;
        self.now.wall += i64::try_from(time.as_nanos()).unwrap();
    }

    /// `count` more events. The one at position `n` has the ID `id-n`.
    pub(super) fn events(&mut self, count: usize) {
        let first = self.tail().received.log.end();
        let lines: Vec<String> = (first..first + count).map(|n| event(n, self.now.wall)).collect();
        self.lines(&lines);
    }

    pub(super) fn lines(&mut self, lines: &[String]) {
        self.told(TailNews::Events(Decoded::from_lines(lines.iter().map(|line| line.as_bytes()))));
    }

    pub(super) fn tail(&self) -> &Tail {
        &self.app.tail
    }

    pub(super) fn selected(&self) -> Option<Row> {
        self.tail().lines.selected(&self.tail().received)
    }

    pub(super) fn rows(&self) -> (usize, usize) {
        let tail = self.tail();
        (tail.lines.len(&tail.received), tail.lines.below(&tail.received))
    }

    fn started(&self) -> Option<&Call> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Start { slot: Slot::Tail(0), call, .. } => Some(call),
            _ => None,
        })
    }

    fn ticks(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Wake(Timer::Second, _)))
    }
}

/// An event of a shop, as a server sends it.
pub(super) fn event(n: usize, wall: i64) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(wall) + n as i128 * 7_000_000).unwrap();
    let (subject, kind, data) = match n % 4 {
        0 => ("order", "order-placed", format!(r#"{{"total":{}.50,"currency":"EUR","items":[1,2]}}"#, 20 + n % 300)),
        1 => ("payment", "payment-received", format!(r#"{{"amount":{}.50,"method":"card"}}"#, 20 + n % 300)),
        2 => ("cart", "item-added", r#"{"article":"Zoë's 美咲 mug","quantity":2}"#.to_owned()),
        _ => ("order", "order-shipped", r#"{"carrier":"ups"}"#.to_owned()),
    };
    format!(
        r#"{{"source":"io.shop","subject":"/{subject}/{}","type":"io.shop.{kind}","id":"id-{n}","time":"{time}","data":{data}}}"#,
        2000 + n / 4
    )
}

pub(super) fn failure(kind: FailureKind, message: &str, hint: Option<&str>) -> Failure {
    Failure { kind, message: message.into(), hint: hint.map(str::to_owned), span: None }
}

pub(super) fn lost(attempt: u32) -> TailNews {
    let reason = failure(FailureKind::Unreachable, "The server closed the connection.", None);
    TailNews::Lost { reason, retry_in: Duration::from_secs(4), attempt }
}

fn observe(subject: &str, from: From) -> Call {
    Call::Observe(StreamRequest::new(subject), from)
}

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
    rig.told(TailNews::Connected { after: None });
    assert!(rig.tail().received.marks.get(0).unwrap().what.is_gap(), "there was no event to go on after");
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
