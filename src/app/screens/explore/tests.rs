//! How Explore behaves, told in keys and answers.

mod history;
mod list;
mod part;
mod prompts;
mod shop;
mod walk;

use super::*;
use crate::app::App;
use crate::app::command::Place;
use crate::app::effect::{Call, Slot};
use crate::app::health::Polls;
use crate::app::key::Key;
use crate::app::message::{Msg, Now, Reply};
use crate::app::world::{Connection, Loading, Origin};
use crate::model::log::Decoded;
use crate::ui::{Look, Theme, draw};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

pub(super) fn line(number: usize, subject: &str, kind: &str, data: &str) -> String {
    format!(
        r#"{{"source":"io.genesisdb.shop","subject":"{subject}","type":"io.genesisdb.shop.{kind}","specversion":"1.0","id":"00000000-0000-4000-8000-{number:012}","time":"2026-03-{:02}T13:{:02}:00.117Z","datacontenttype":"application/json","predecessorhash":"{number:064}","data":{data},"hash":"{:064}"}}"#,
        1 + number / 60,
        number % 60,
        number + 1,
    )
}

pub(super) fn shop() -> Vec<String> {
    [
        ("/customer/42", "customer-added", r#"{"name":"Zoë 美咲","address":{"city":"Kraków","zip":"30-001"}}"#),
        ("/order/1", "order-placed", r#"{"total":99.50,"items":[{"name":"Tumbler","price":99.50}]}"#),
        ("/customer/42/address", "address-changed", r#"{"city":"Osaka"}"#),
        ("/order/1", "order-paid", r#"{"amount":99.50}"#),
        ("/order/2", "order-placed", r#"{"total":12345678901234567890,"note":"\u001b[31mred"}"#),
        ("/customer/7", "customer-added", "{}"),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (subject, kind, data))| line(number, subject, kind, data))
    .collect()
}

pub(super) fn app() -> App {
    let mut app = unopened();
    app.begin(Now::default());
    app
}

/// An app that has asked for nothing yet.
fn unopened() -> App {
    let connection = Connection {
        name: "shop".into(),
        url: "http://localhost:8080".into(),
        origin: Origin::Server,
        production: false,
        read_only: false,
    };
    App::new(connection, Polls::default())
}

pub(super) fn reply(app: &mut App, reply: Reply) -> Vec<Effect> {
    app.update(Msg::Reply { slot: Slot::Load, generation: 1, reply }, Now::default())
}

pub(super) fn give(app: &mut App, lines: &[String]) {
    reply(app, Reply::Events(Decoded::from_lines(lines.iter().map(String::as_bytes))));
}

pub(super) fn loaded() -> App {
    let mut app = app();
    give(&mut app, &shop());
    reply(&mut app, Reply::Streamed(Ok(())));
    app
}

pub(super) fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut all = Vec::new();
    for name in keys.split(' ') {
        let effects = app.update(Msg::Key(Key::named(name).unwrap().event()), Now::default());
        all.extend(search(app, effects));
    }
    all
}

/// Do the searches that are asked for, as the shell does.
pub(super) fn search(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let mut rest = Vec::new();
    for effect in effects {
        match effect {
            Effect::Start { slot: slot @ (Slot::Search | Slot::Find), generation, call: Call::Search(search) } => {
                let scanned = search.view.positions().end;
                let positions = search.look(search.from..scanned, &|| true).unwrap().positions;
                for reply in [Reply::Found { scanned, positions }, Reply::Searched { scanned, problem: None }] {
                    let effects = app.update(Msg::Reply { slot, generation, reply }, Now::default());
                    rest.extend(self::search(app, effects));
                }
            }
            Effect::Start { slot: slot @ Slot::Shape, generation, call: Call::Shape(inspection) } => {
                let mut last = None;
                inspection.run(&mut |findings| {
                    last = Some(findings.clone());
                    true
                });
                let reply = Reply::Shape { findings: Box::new(last.unwrap()), done: true };
                let effects = app.update(Msg::Reply { slot, generation, reply }, Now::default());
                rest.extend(self::search(app, effects));
            }
            other => rest.push(other),
        }
    }
    rest
}

pub(super) fn screen(app: &mut App, width: u16, height: u16) -> String {
    app.update(Msg::Resize(width, height), Now::default());
    let look = Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC };
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, app, &look)).unwrap();
    terminal.backend().to_string()
}

fn subjects(app: &App) -> Vec<String> {
    app.explore.subjects.rows().iter().map(|row| app.world.tree.subject(row.node)).collect()
}

#[test]
fn the_tree_grows_unfolds_and_sorts() {
    let mut app = loaded();
    assert_eq!(subjects(&app), ["/", "/customer", "/order"]);
    press(&mut app, "down right");
    assert_eq!(subjects(&app), ["/", "/customer", "/customer/42", "/customer/7", "/order"]);
    press(&mut app, "s");
    assert_eq!(subjects(&app), ["/", "/customer", "/customer/42", "/customer/7", "/order"]);
    press(&mut app, "s");
    assert_eq!(subjects(&app), ["/", "/customer", "/customer/7", "/customer/42", "/order"], "the last change first");
    press(&mut app, "down left");
    assert_eq!(app.explore.subjects.selected(), app.world.tree.find("/customer"));
    press(&mut app, "left E");
    assert_eq!(subjects(&app).len(), 6, "all below /customer");
    press(&mut app, "z");
    assert_eq!(subjects(&app), ["/", "/customer", "/order"]);
}

#[test]
fn the_list_follows_the_tree_and_the_event_follows_the_list() {
    let mut app = loaded();
    assert_eq!(app.explore.events.len(), 6);
    press(&mut app, "down");
    assert_eq!((app.explore.events.len(), app.explore.events.selected()), (3, Some(5)));
    press(&mut app, "enter down");
    assert_eq!((app.explore.pane, app.explore.event.as_ref().map(|(position, _)| *position)), (Pane::Events, Some(2)));
    press(&mut app, "s");
    assert_eq!(app.explore.events.selected(), Some(2), "turning the order keeps the event");
    press(&mut app, "enter n");
    assert_eq!((app.explore.pane, app.explore.events.selected()), (Pane::Event, Some(5)));
    press(&mut app, "esc esc");
    assert_eq!(app.explore.pane, Pane::Tree);
}

#[test]
fn a_search_finds_subjects_by_some_of_their_letters() {
    let mut app = loaded();
    press(&mut app, "/ a d d r");
    assert_eq!(subjects(&app), ["/customer/42/address"]);
    assert_eq!(app.explore.events.len(), 1);
    press(&mut app, "enter enter");
    assert_eq!(app.explore.pane, Pane::Events);
    press(&mut app, "esc esc");
    assert_eq!(app.explore.subjects.selected(), app.world.tree.find("/customer/42/address"), "the find is kept");
    assert_eq!(subjects(&app).len(), 6);
}

#[test]
fn a_filter_shows_events_with_a_text_and_goes_away() {
    let mut app = loaded();
    press(&mut app, "enter / o s a k a");
    assert_eq!((app.explore.events.len(), app.explore.events.selected()), (1, Some(2)));
    assert!(screen(&mut app, 80, 24).contains("filter (text): osaka"));
    press(&mut app, "enter esc");
    assert_eq!(app.explore.events.len(), 6);
}

#[test]
fn a_filter_may_be_a_regex_or_a_condition_and_says_what_is_wrong_with_it() {
    let mut app = loaded();
    press(&mut app, "enter /");
    app.update(Msg::Paste("/OSAKA|Krak/".into()), Now::default());
    assert!(screen(&mut app, 80, 24).contains("filter (regex):"));
    press(&mut app, "esc /");
    let effects = app.update(Msg::Paste("e.data.total > 100".into()), Now::default());
    search(&mut app, effects);
    assert_eq!((app.explore.events.len(), app.explore.events.selected()), (1, Some(4)));
    press(&mut app, "space A N D");
    let shown = screen(&mut app, 80, 24);
    assert!(app.explore.events.problem().is_some() && shown.contains("filter: e.data.total > 100 AND"), "{shown}");
    assert_eq!(app.explore.events.len(), 1, "the last filter that was right stays");
}

#[test]
fn nothing_moves_when_events_come_in() {
    let mut app = loaded();
    press(&mut app, "down enter down");
    let selected = app.explore.events.selected();
    give_more(&mut app, 6..60);
    assert_eq!((app.explore.events.selected(), selected), (Some(2), Some(2)));
    assert_eq!(app.explore.subjects.selected(), app.world.tree.find("/customer"));
    press(&mut app, "g");
    give_more(&mut app, 60..70);
    assert_eq!(app.explore.events.selected(), Some(69), "on the newest it stays on the newest");
}

/// Load more, as `r` does.
fn give_more(app: &mut App, numbers: std::ops::Range<usize>) {
    let lines: Vec<String> = numbers.map(|n| line(n, &format!("/customer/{n}"), "customer-added", "{}")).collect();
    let effects = press(app, "r");
    let generation = started(&effects);
    let batch = Decoded::from_lines(lines.iter().map(String::as_bytes));
    for reply in [Reply::Events(batch), Reply::Streamed(Ok(()))] {
        app.update(Msg::Reply { slot: Slot::Load, generation, reply }, Now::default());
    }
}

pub(super) fn started(effects: &[Effect]) -> u32 {
    let load = effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Load, generation, .. } => Some(*generation),
        _ => None,
    });
    load.expect("a load was started")
}

#[test]
fn loads_what_is_new_behind_the_last_event() {
    let mut app = loaded();
    let effects = press(&mut app, "r");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Load, call: Call::Page(request, _), .. } => request.options.lower_bound.clone(),
        _ => None,
    });
    assert_eq!(asked.as_deref(), Some("00000000-0000-4000-8000-000000000005"));
    let effects = press(&mut app, "esc");
    assert_eq!(effects, [Effect::Cancel(Slot::Load)]);
    assert_eq!(app.world.loading, Loading::Stopped);
}

#[test]
fn a_draft_is_the_event_under_the_cursor() {
    let mut app = loaded();
    press(&mut app, "down down enter");
    let draft = app.explore.draft(&app.world);
    assert_eq!((draft.subject.as_str(), draft.kind.as_str()), ("/order/2", "io.genesisdb.shop.order-placed"));
    assert_eq!(draft.data, r#"{"total":12345678901234567890,"note":"\u001b[31mred"}"#);
    press(&mut app, "esc");
    assert_eq!(app.explore.draft(&app.world), Draft { subject: "/order".into(), ..Draft::default() });
}

/// Show an event, as other screens do.
pub(super) fn show(app: &mut App, id: &str) {
    let mut out = std::mem::take(&mut app.out);
    app.explore.visit(super::Visit::of(id.to_owned()), false, &app.world, &mut out);
    let effects = out.take_effects();
    app.out = out;
    search(app, effects);
}

#[test]
fn an_event_is_found_by_its_id() {
    let mut app = loaded();
    press(&mut app, "enter / x y z");
    show(&mut app, "00000000-0000-4000-8000-000000000002");
    assert_eq!(app.explore.events.selected(), Some(2));
    assert_eq!(app.explore.subjects.selected(), app.world.tree.find("/customer/42/address"));
    show(&mut app, "nowhere");
    assert!(app.messages.all().front().is_some_and(|message| message.text.contains("nowhere is not loaded")));
}

#[test]
fn looks_right_at_every_size() {
    let mut app = loaded();
    insta::assert_snapshot!("explore_80x24", screen(&mut app, 80, 24));
    press(&mut app, "down enter");
    insta::assert_snapshot!("explore_160x50", screen(&mut app, 160, 50));
    press(&mut app, "enter");
    insta::assert_snapshot!("explore_event_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("explore_20x5", screen(&mut app, 20, 5));
    for (width, height) in [(1, 1), (1, 40), (200, 1), (3, 3), (59, 7)] {
        screen(&mut app, width, height);
    }
}

#[test]
fn says_what_is_missing() {
    let mut app = app();
    give(&mut app, &[]);
    reply(&mut app, Reply::Streamed(Ok(())));
    insta::assert_snapshot!("explore_empty_80x24", screen(&mut app, 80, 24));
    let mut app = loaded();
    give_broken(&mut app);
    press(&mut app, "enter");
    insta::assert_snapshot!("explore_broken_100x24", screen(&mut app, 100, 24));
}

fn give_broken(app: &mut App) {
    let effects = press(app, "r");
    let generation = started(&effects);
    let batch = Decoded::from_lines([b"{\"subject\": \x1b[2J oops".as_slice()]);
    for reply in [Reply::Events(batch), Reply::Streamed(Ok(()))] {
        app.update(Msg::Reply { slot: Slot::Load, generation, reply }, Now::default());
    }
}

#[test]
fn a_million_events_cost_what_fits_on_the_screen() {
    let mut app = app();
    let text = line(1, "/customer/1", "customer-added", "{}");
    let batch = Decoded::from_lines(std::iter::repeat_n(text.as_bytes(), 10_000));
    for _ in 0..100 {
        reply(&mut app, Reply::Events(batch.clone()));
    }
    assert_eq!(app.world.log.len(), 1_000_000);
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("1,000,000"), "{shown}");
    assert!(app.explore.events.list.show(16, app.explore.events.len()).len() == 16);
}

proptest! {
    /// The list is what a plain filter over all events gives, however they came and whatever was pressed before.
    #[test]
    fn the_list_agrees_with_a_plain_filter(
        batches in prop::collection::vec(prop::collection::vec((0usize..3, 0usize..3), 0..20), 1..6),
        scope in 0usize..4,
        needle in prop_oneof![Just(""), Just("t1"), Just("T2"), Just("nothing")],
        portions in 1usize..9,
        newest_first in any::<bool>(),
    ) {
        let (mut log, mut all) = (crate::model::log::EventLog::default(), Vec::new());
        let mut events = Events::default();
        events.newest_first = newest_first;
        let scopes = ["/", "/s0", "/s1/x", "/none"];
        events.set_scope(Scope::Subject(scopes[scope].into()), &log);
        events.filter = Some(TypedLine::new(needle));
        events.filter_changed(&log);
        for batch in batches {
            let lines: Vec<String> = batch.iter().enumerate().map(|(i, (subject, kind))| {
                line(all.len() + i, &format!("/s{subject}/x"), &format!("t{kind}"), "{}")
            }).collect();
            log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
            all.extend(lines.into_iter().zip(batch));
            while !events.advance(&log) {}
            while let Some(search) = events.wanted(&log) {
                let scanned = (search.from + portions).min(log.end());
                events.found(scanned, &search.look(search.from..scanned, &|| true).unwrap().positions, &log);
            }
        }
        let lower = needle.chars().all(|c| !c.is_uppercase());
        let mut expected: Vec<usize> = (0..all.len()).filter(|at| {
            let (text, (subject, _)) = &all[*at];
            let text = if lower { text.to_lowercase() } else { text.clone() };
            crate::model::subject::is_under(&format!("/s{subject}/x"), scopes[scope]) && text.contains(needle)
        }).collect();
        if newest_first {
            expected.reverse();
        }
        let shown: Vec<usize> = (0..events.len()).filter_map(|index| events.position(index)).collect();
        prop_assert_eq!(shown, expected);
    }
}

#[test]
fn an_event_is_searched_and_the_search_goes_on_in_the_next_one() {
    let mut app = loaded();
    press(&mut app, "enter G enter / c i t y");
    assert_eq!(screen(&mut app, 80, 24).matches("1 of 1").count(), 1);
    insta::assert_snapshot!("explore_find_80x24", screen(&mut app, 80, 24));
    press(&mut app, "enter");
    let current = |app: &App| {
        let (_, view) = app.explore.event.as_ref().unwrap();
        view.current().map(|row| row.key.clone()).unwrap_or_default()
    };
    assert_eq!(current(&app), "city");
    assert_eq!(press(&mut app, "P").first(), Some(&Effect::Copy("e.data.address.city".into())));
    press(&mut app, "g n");
    assert_eq!((current(&app), app.explore.events.selected()), ("city".into(), Some(0)), "n is the next match here");
    press(&mut app, "[ [");
    assert_eq!(app.explore.events.selected(), Some(2));
    assert_eq!(current(&app), "city", "what was looked for is found in the next event too");
    press(&mut app, "esc n");
    assert_eq!((app.explore.pane, app.explore.events.selected()), (Pane::Event, Some(1)), "and here the next event");
    press(&mut app, "/ x tab");
    assert!(!app.typing(), "letters go to the pane with the focus");
}
