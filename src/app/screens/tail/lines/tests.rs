//! The rows against a naive list of what was sent, whatever comes and whatever is pressed.

use super::super::tests::{Rig, START, event, two_lanes};
use super::Row;
use crate::app::effect::Outbox;
use crate::app::line::TypedLine;
use crate::app::message::TailNews;
use proptest::prelude::*;
use std::time::Duration;

#[derive(Clone, Debug)]
enum Step {
    Events(usize),
    Broken,
    Interrupted,
    Keys(&'static str),
    Draw(usize),
    Filter(&'static str),
}

fn steps() -> impl Strategy<Value = Step> {
    let keys =
        ["up", "down", "pgup", "pgdn", "g", "G", "space", "ctrl-u", "ctrl-d", "X", "enter p n esc", "enter n esc"];
    prop_oneof![
        4 => (0usize..30).prop_map(Step::Events),
        1 => Just(Step::Broken),
        2 => Just(Step::Interrupted),
        8 => prop::sample::select(keys.to_vec()).prop_map(Step::Keys),
        2 => (1usize..12).prop_map(Step::Draw),
        2 => prop::sample::select(vec!["order", "payment", "nowhere", ""]).prop_map(Step::Filter),
    ]
}

/// What was sent: the naive list that the tail is compared with.
#[derive(Default)]
struct Sent {
    items: Vec<(Row, String)>,
    filter: &'static str,
}

impl Sent {
    fn rows(&self, first: usize) -> Vec<Row> {
        let marks = self.items.iter().filter(|(row, _)| matches!(row, Row::Mark(_))).count();
        let shown = |(row, text): &&(Row, String)| match row {
            Row::Event(position) => *position >= first && text.contains(self.filter),
            Row::Mark(_) => true,
        };
        let rows: Vec<Row> = self.items.iter().filter(shown).map(|(row, _)| *row).collect();
        assert!(rows.len() >= marks);
        rows
    }

    /// Forget what can no longer be there.
    fn drop_before(&mut self, first: usize) {
        let kept = self.items.iter().position(|(row, _)| matches!(row, Row::Event(position) if *position >= first));
        // Marks directly before the first event that is kept stay with it.
        let marks = self.items[..kept.unwrap_or(self.items.len())]
            .iter()
            .rev()
            .take_while(|(row, _)| matches!(row, Row::Mark(_)))
            .count();
        self.items.drain(..kept.unwrap_or(self.items.len()) - marks);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever comes and whatever is pressed: every row that was sent is there once, in order, and the cursor of a
    /// held view stays on its row and in its place while others come.
    #[test]
    fn nothing_is_lost_and_the_cursor_stays(
        steps in prop::collection::vec(steps(), 1..60),
        full in prop::bool::ANY,
        lanes in prop::bool::ANY,
    ) {
        let mut rig = if lanes { two_lanes() } else { Rig::live() };
        if full {
            rig.app.tail.received.bound.events = 45;
        }
        let mut sent = Sent::default();
        let mut marks = 0;
        for step in steps {
            let before = (rig.selected(), rig.rows().0, rig.tail().lines.list.clone(), rig.tail().lines.is_held());
            let end = rig.tail().received.log.end();
            let comes = matches!(step, Step::Events(_) | Step::Broken | Step::Interrupted);
            match step {
                Step::Events(count) => {
                    sent.items.extend((end..end + count).map(|n| (Row::Event(n), event(n, START))));
                    if lanes { rig.woven(count) } else { rig.events(count) }
                }
                Step::Broken => {
                    sent.items.push((Row::Event(end), "no event".into()));
                    rig.lines(&["no event".into()]);
                }
                Step::Interrupted => {
                    if !matches!(sent.items.last(), Some((Row::Mark(_), _))) {
                        sent.items.push((Row::Mark(marks), String::new()));
                        marks += 1;
                    }
                    rig.told(TailNews::Reconnected { away: Duration::ZERO, complete: Some(true) });
                }
                Step::Keys(keys) => {
                    rig.press(keys);
                    if keys == "X" {
                        sent.items.clear();
                    }
                    if rig.tail().lines.filter.is_none() {
                        sent.filter = "";
                    }
                }
                Step::Draw(height) => {
                    let len = rig.rows().0;
                    rig.tail().lines.list.show(height, len);
                }
                Step::Filter(text) => {
                    rig.press("/");
                    rig.app.tail.lines.filter = Some(TypedLine::default());
                    rig.type_text(text);
                    rig.press("enter");
                    if text.is_empty() {
                        rig.app.tail.lines.filter = None;
                        rig.app.tail.lines.filter_changed(&mut Outbox::default());
                        rig.app.tail.work(&rig.app.world, &mut Outbox::default());
                    }
                    let shown = |(row, line): &(Row, String)| Some(*row) == before.0 && line.contains(text);
                    if before.3 && sent.filter.is_empty() && sent.items.iter().any(shown) {
                        prop_assert_eq!(rig.selected(), before.0);
                    }
                    sent.filter = text;
                }
            }
            let tail = rig.tail();
            let received = &tail.received;
            if full {
                sent.drop_before(received.log.first());
            }
            let rows: Vec<Row> =
                (0..tail.lines.total(received)).filter_map(|index| tail.lines.row(index, received)).collect();
            prop_assert_eq!(&rows, &sent.rows(received.log.first()));
            let (len, below) = rig.rows();
            prop_assert_eq!(len + below, rows.len());
            prop_assert_eq!(rig.selected(), rows.get(tail.lines.list.selected()).copied().filter(|_| len > 0));
            if !tail.lines.is_held() {
                prop_assert_eq!((below, tail.lines.list.selected()), (0, rows.len().saturating_sub(1)));
            }
            let kept = before.0.is_some_and(|row| rows.contains(&row));
            if comes && before.3 && (kept || before.1 == 0 && !full) {
                prop_assert_eq!(rig.selected(), before.0);
                prop_assert!(len <= before.1, "nothing is added to a held view");
                if len == before.1 {
                    prop_assert_eq!(&tail.lines.list, &before.2);
                }
            }
        }
    }
}
