//! Folding, paths and the search of a view.

use super::*;
use crate::app::line::TypedLine;
use proptest::prelude::*;

fn shown(view: &JsonView) -> Vec<String> {
    view.rows()
        .iter()
        .map(|row| {
            let mark = row.members.map_or("", |(_, open)| if open { "▾" } else { "▸" });
            let value = if row.members.is_some() { "" } else { view.value(row) };
            format!("{}{mark}{}{}{value}", "  ".repeat(row.depth), row.key, if value.is_empty() { "" } else { "=" })
        })
        .collect()
}

#[test]
fn an_events_payload_comes_first_and_folds() {
    let mut view = JsonView::new(br#"{"id":"x","data":{"n":1.10,"items":[1,{"a":null}],"none":{}},"hash":"h"}"#);
    let open =
        ["▾data", "  n=1.10", "  ▾items", "    [0]=1", "    ▾[1]", "      a=null", "  ▸none", "id=\"x\"", "hash=\"h\""];
    assert_eq!(shown(&view), open);
    assert_eq!(view.path(5), "data.items[1].a");
    view.list.select(3, view.rows().len());
    view.toggle();
    assert_eq!(shown(&view), ["▾data", "  n=1.10", "  ▸items", "  ▸none", "id=\"x\"", "hash=\"h\""]);
    assert_eq!(view.current().map(|row| row.key.as_str()), Some("items"));
    view.open(true);
    assert_eq!(shown(&view), open);
    view.toggle_all();
    assert_eq!(shown(&view), ["▸data", "id=\"x\"", "hash=\"h\""]);
}

#[test]
fn a_text_that_is_no_json_is_shown_with_the_reason() {
    let mut view = JsonView::new(b"{\"a\":\xff oops");
    assert!(view.raw && view.problem().is_some());
    view.toggle_raw();
    assert!(view.raw, "there is no tree to go to");
    assert_eq!(JsonView::new(b"12345678901234567890").rows()[0].kind, Kind::Number);
}

#[test]
fn long_arrays_start_folded() {
    let text = format!("{{\"data\":[{}]}}", vec!["0"; 100_000].join(","));
    let mut view = JsonView::new(text.as_bytes());
    assert_eq!(view.rows().len(), 1);
    view.toggle();
    assert_eq!(view.rows().len(), 100_001);
}

fn found(view: &mut JsonView, text: &str) -> usize {
    let mut out = Outbox::default();
    view.find = None;
    view.run(Command::Filter, &mut out);
    view.paste(text, &mut out);
    while view.find.as_ref().is_some_and(|find| !find.is_done()) {
        view.work(&mut out);
    }
    view.find.as_ref().map_or(0, |find| find.len())
}

#[test]
fn folds_level_by_level() {
    let mut view = JsonView::new(br#"{"a":{"b":{"c":{"d":1}}},"e":2}"#);
    let keys = |view: &JsonView| view.rows().iter().map(|row| row.key.clone()).collect::<String>();
    assert_eq!(keys(&view), "abcde");
    view.list.select(3, 5);
    view.fold_level();
    assert_eq!((keys(&view).as_str(), view.list.selected()), ("abce", 2));
    view.fold_level();
    view.fold_level();
    view.fold_level();
    assert_eq!((keys(&view).as_str(), view.list.selected()), ("ae", 0));
    view.unfold_level();
    view.unfold_level();
    assert_eq!(keys(&view), "abce");
    for _ in 0..3 {
        view.unfold_level();
    }
    assert_eq!(keys(&view), "abcde");
}

#[test]
fn paths_are_what_a_query_understands() {
    let mut view = JsonView::of_event(br#"{"data":{"items":[{"unit price":1,"2nd":2,"sum":3}]}}"#, None);
    let paths: Vec<_> = (2..6).map(|row| view.path(row)).collect();
    assert_eq!(
        paths,
        ["e.data.items[0]", "e.data.items[0]['unit price']", "e.data.items[0]['2nd']", "e.data.items[0].sum"]
    );
    for path in paths {
        assert!(crate::gdbql::parse_condition(&format!("{path} == 1")).is_ok(), "{path}");
    }
    let mut out = Outbox::default();
    view.list.select(5, 6);
    assert!(view.run(Command::CopyPath, &mut out));
    assert_eq!(out.take_effects(), [Effect::Copy("e.data.items[0].sum".into())]);
}

#[test]
fn a_search_finds_names_and_values_and_unfolds_what_they_stand_in() {
    let text = r#"{"id":"Zo\u00eb","data":{"deep":{"name":"zo\u00eb","n":[10,210]},"x":"a,b"}}"#;
    let mut view = JsonView::new(text.as_bytes());
    view.toggle_all();
    assert_eq!(found(&mut view, "zo"), 2);
    let selected = |view: &JsonView| view.current().map(|row| row.key.clone()).unwrap_or_default();
    assert_eq!(selected(&view), "name", "the payload is shown first, and searched first");
    view.step_match(true);
    assert_eq!(selected(&view), "id");
    view.step_match(true);
    assert_eq!(selected(&view), "name", "round the end");
    assert_eq!((found(&mut view, "zoë"), found(&mut view, "Zo")), (2, 1));
    assert_eq!(found(&mut view, "10"), 2);
    assert_eq!((found(&mut view, "nam"), selected(&view).as_str()), (1, "name"));
    assert_eq!((found(&mut view, "a,b"), found(&mut view, "},"), found(&mut view, "nowhere")), (1, 0, 0));
}

#[test]
fn twenty_megabytes_are_searched_in_portions() {
    let text = format!(r#"{{"data":{{"text":"{}Needle{}"}}}}"#, "é ".repeat(5 << 20), "x\\n".repeat(1 << 20));
    let mut view = JsonView::new(text.as_bytes());
    let mut out = Outbox::default();
    view.run(Command::Filter, &mut out);
    view.paste("Needle", &mut out);
    assert_eq!(view.find.as_ref().map(|find| (find.len(), find.is_done())), Some((0, false)));
    assert_eq!(out.take_effects(), [Effect::Wake(Timer::Work, Duration::ZERO)]);
    let mut find = Find::new();
    find.field = TypedLine::new("Needle");
    find.start(std::iter::once(0..text.len()));
    let (mut looked, mut portions) = (0, 0);
    while !find.is_done() {
        let portion = find.advance(&text, find::BUDGET);
        assert!(portion <= find::BUDGET + (64 << 10) + 2, "{portion}");
        (looked, portions) = (looked + portion, portions + 1);
    }
    assert_eq!((looked, find.len()), (text.len(), 1));
    assert!(portions >= 15, "{portions}");
}

proptest! {
    /// What is found are the places of the naive search inside every name and value, however small the portions.
    #[test]
    fn agrees_with_a_naive_search(
        members in prop::collection::vec(("[abA]{0,3}", "[abAé]{0,5}"), 0..5),
        text in "[abé]{1,2}",
        budget in 1usize..9,
    ) {
        let json: Vec<_> = members.iter().map(|(key, value)| format!(r#""{key}":["{value}"]"#)).collect();
        let json = format!("{{{}}}", json.join(", "));
        let mut find = Find::new();
        find.field = TypedLine::new(&text);
        find.start(std::iter::once(0..json.len()));
        while !find.is_done() {
            find.advance(&json, budget);
        }
        let texts = members.iter().flat_map(|(key, value)| [key, value]);
        let naive: usize = texts.map(|part| part.to_lowercase().matches(&text).count()).sum();
        prop_assert_eq!(find.len(), naive);
    }
}

#[test]
fn what_is_drawn_is_what_fits_however_large_the_value_is() {
    use crate::ui::Theme;
    use ratatui::{Terminal, backend::TestBackend};
    let long = format!("{}needle", "é ".repeat(7 << 20));
    let text = format!(r#"{{"data":{{"long":"{long}","items":[{}]}}}}"#, vec!["12"; 100_000].join(","));
    let mut view = JsonView::new(text.as_bytes());
    assert_eq!(found(&mut view, "needle"), 1);
    let draw = |view: &JsonView| {
        let mut terminal = Terminal::new(TestBackend::new(60, 10)).unwrap();
        let mut drawn = (0..0, 0);
        let theme = Theme::default();
        let frame =
            |frame: &mut ratatui::Frame<'_>| drawn = crate::ui::json::json(frame, frame.area(), view, true, &theme);
        terminal.draw(frame).unwrap();
        (drawn, terminal.backend().to_string())
    };
    let (drawn, shown) = draw(&view);
    assert_eq!((drawn, view.rows().len()), ((0..3, 3), 3), "the array starts folded");
    assert!(shown.contains("needle\"") && shown.contains("1 of 1") && shown.contains("[ 100000 ]"), "{shown}");
    view.find = None;
    view.list.select(2, 3);
    view.toggle();
    view.step(Step::Last);
    let (drawn, shown) = draw(&view);
    assert_eq!(drawn, (99_993..100_003, 100_003));
    assert!(shown.contains("[99999]  12"), "{shown}");
    view.toggle_raw();
    view.step(Step::Last);
    let ((window, len), _) = draw(&view);
    assert_eq!((window.len(), len), (10, text.len().div_ceil(60)));
}
