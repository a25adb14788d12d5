//! How the tail looks.

use super::super::tests::{Rig, event, failure, lane_events, lost, two_lanes};
use crate::app::message::{FailureKind, TailNews};
use crate::app::world::Origin;
use crate::ui::{self, Look, Theme};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::Duration;

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 50), (40, 10)];

impl Rig {
    fn screen(&mut self, (width, height): (u16, u16)) -> String {
        self.update(crate::app::message::Msg::Resize(width, height));
        let look = Look { theme: Theme::default(), zone: TimeZone::UTC };
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        // Twice: drawing tells the lists their heights, and drawing the same state again changes nothing.
        terminal.draw(|frame| ui::draw(frame, &self.app, &look)).unwrap();
        let first = terminal.backend().to_string();
        terminal.draw(|frame| ui::draw(frame, &self.app, &look)).unwrap();
        assert_eq!(first, terminal.backend().to_string());
        first
    }
}

/// All sizes of one situation in one picture.
fn pictures(mut situation: impl FnMut() -> Rig) -> String {
    SIZES.iter().map(|size| situation().screen(*size)).collect::<Vec<_>>().join("\n")
}

fn busy() -> Rig {
    let mut rig = Rig::live();
    for second in 0..20 {
        rig.events(3 + (second * 7) % 11);
        rig.pass(Duration::from_secs(1));
    }
    rig.told(TailNews::Reconnected { away: Duration::from_millis(2100), complete: Some(true) });
    rig.events(3);
    rig.told(TailNews::Reconnected { away: Duration::from_secs(75), complete: Some(false) });
    rig.events(1);
    rig.pass(Duration::from_secs(2));
    rig
}

#[test]
fn no_events_yet() {
    insta::assert_snapshot!(pictures(Rig::live));
}

#[test]
fn connecting() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = Rig::new();
        rig.press("2");
        rig
    }));
}

#[test]
fn following() {
    insta::assert_snapshot!(pictures(busy));
}

#[test]
fn paused_with_new_below() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        rig.press("up up");
        rig.events(1318);
        rig
    }));
}

#[test]
fn reconnecting() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        rig.told(lost(3));
        rig.pass(Duration::from_millis(1200));
        rig
    }));
}

#[test]
fn refused() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = Rig::new();
        rig.press("2");
        rig.told(TailNews::Refused(failure(
            FailureKind::NotAllowed,
            "The server says 403: token lacks the right to read.",
            Some("Use a token that may read."),
        )));
        rig.pass(Duration::from_secs(10));
        rig.update(crate::app::message::Msg::Timer(crate::app::effect::Timer::Message));
        rig
    }));
}

#[test]
fn filtered() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        rig.press("/");
        rig.type_text("payment");
        rig
    }));
}

#[test]
fn where_nothing_is_committed_the_words_say_so() {
    let mut rig = Rig::live();
    let screen = |rig: &mut Rig| rig.screen((160, 50));
    assert!(screen(&mut rig).contains("commits an event"));
    rig.app.world.connection.read_only = true;
    assert!(!screen(&mut rig).contains("commits an event"));
    rig.app.world.connection.origin = Origin::File("backup.ndjson".into());
    let shown = screen(&mut rig);
    assert!(shown.contains("Nothing is committed to a backup") && !shown.contains("as they are committed"), "{shown}");
}

#[test]
fn filtered_to_nothing() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = Rig::live();
        rig.events(5);
        rig.press("/");
        rig.type_text("refund");
        rig.press("enter");
        rig
    }));
}

#[test]
fn an_open_event() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        rig.press("up up enter down");
        rig
    }));
}

#[test]
fn another_subject_is_typed() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        for subject in ["/order/1", "/order/2", "/orderly/x", "/payment/1"] {
            rig.app.world.tree.insert(subject);
        }
        rig.press("s");
        rig.type_text("or");
        rig
    }));
}

#[test]
fn text_that_would_move_the_cursor_is_made_visible() {
    let mut rig = Rig::live();
    rig.lines(&[
        event(0, 0).replace("EUR", "\\u001b[2J\\u202e"),
        event(1, 0).replace("/payment", "/\\u001b]0;pwned\\u0007"),
        "\u{1b}[31mno json".into(),
    ]);
    let screen = rig.screen((80, 24));
    assert!(screen.chars().all(|c| c == '\n' || !c.is_control()), "{screen}");
    insta::assert_snapshot!(screen);
}

#[test]
fn any_size_can_be_drawn() {
    for width in [1, 2, 5, 17, 59, 100] {
        for height in [1, 2, 3, 5, 8, 13] {
            let mut rig = busy();
            rig.screen((width, height));
            rig.told(lost(1));
            rig.press("up enter");
            rig.screen((width, height));
            rig.press("esc s");
            rig.screen((width, height));
            rig.press("esc /");
            rig.screen((width, height));
        }
    }
}

#[test]
fn two_subjects_one_of_them_lost() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = two_lanes();
        for n in 0..12 {
            lane_events(&mut rig, u8::from(n % 3 == 1), [n * 4 + usize::from(n % 3 == 1)].into_iter());
        }
        rig.pass(Duration::from_secs(3));
        rig.told(lost(4));
        rig.pass(Duration::from_millis(1200));
        rig
    }));
}

#[test]
fn the_overview() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        rig.press("h");
        rig.type_text("e.data.total > 30");
        rig.press("enter o down b down down space");
        rig
    }));
}

#[test]
fn a_line_is_typed_with_a_mistake() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = busy();
        rig.press("@");
        rig.type_text("yesterday");
        rig.press("enter");
        rig
    }));
}

#[test]
fn the_overview_before_anything_came_says_what_it_will_show() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = Rig::live();
        rig.press("o");
        rig
    }));
}

/// Payloads are scrolled as far as one of them goes, and stay so whatever comes and wherever the cursor goes.
#[test]
fn wide_payloads_are_scrolled_sideways() {
    let wide =
        |n: usize| event(n, 0).replace("\"data\":{", &format!("\"data\":{{\"note\":\"{}\",", "美 wide ".repeat(12)));
    let mut rig = Rig::live();
    rig.lines(&(0..4).map(wide).collect::<Vec<_>>());
    rig.press("right");
    assert_eq!(rig.tail().sideways.columns(), 0, "until it is drawn nobody knows whether there is more");
    rig.screen((100, 20));
    for step in 1..30 {
        rig.press("right");
        rig.screen((100, 20));
        assert!(rig.tail().sideways.columns() <= step * 16);
    }
    let furthest = rig.tail().sideways.columns();
    assert!((64..200).contains(&furthest), "{furthest}");
    rig.press("left left");
    rig.lines(&(4..9).map(wide).collect::<Vec<_>>());
    rig.press("up m up up");
    assert_eq!(rig.tail().sideways.columns(), furthest - 32);
    insta::assert_snapshot!(rig.screen((100, 20)));
}

#[test]
fn full_and_paused() {
    insta::assert_snapshot!(pictures(|| {
        let mut rig = Rig::live();
        rig.app.tail.received.bound.events = 1_000;
        rig.events(1_400);
        rig.press("up up");
        rig.events(700);
        rig
    }));
}
