//! What the screen looks like.

use super::*;
use crate::ui::{Look, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

pub(super) fn drawn(app: &mut App, width: u16, height: u16) -> TestBackend {
    drawn_at(app, width, height, at(500))
}

fn drawn_at(app: &mut App, width: u16, height: u16, now: Now) -> TestBackend {
    app.update(Msg::Resize(width, height), now);
    let look = Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC };
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, app, &look)).unwrap();
    terminal.backend().clone()
}

/// The screen at a moment.
pub(super) fn screen_at(app: &mut App, width: u16, height: u16, now: Now) -> String {
    drawn_at(app, width, height, now).to_string()
}

pub(super) fn screen(app: &mut App, width: u16, height: u16) -> String {
    drawn(app, width, height).to_string()
}

/// The texts of a screen whose cells have all of these modifiers.
fn marked(buffer: &Buffer, modifier: Modifier) -> String {
    buffer.content.iter().filter(|cell| cell.modifier.contains(modifier)).map(|cell| cell.symbol()).collect()
}

fn table() -> App {
    let mut app = app();
    let long = format!(r#"{{"category":"long","note":"{}"}}"#, "all of this does not fit into one cell ".repeat(9));
    ran(
        &mut app,
        &[
            r#"{"category":"books","items":12031,"revenue":281204.10,"by":{"city":"Kraków","tags":["a","b"]},"note":""}"#,
            r#"{"category":"ゲーム","items":9310,"revenue":201990.00,"by":{"city":"Osaka"},"note":null}"#,
            r#"{"category":"a\u001b[31mred","items":null,"revenue":"none"}"#,
            &long,
            r#"{"category":"/customer/7f3a22c4-aa0b-4c21-9d3e-1f2e3d4c5b6a/address/home","items":-7,"extra":true}"#,
        ],
    );
    app
}

#[test]
fn the_first_look() {
    insta::assert_snapshot!("query_first_80x24", screen(&mut app(), 80, 24));
    insta::assert_snapshot!("query_first_160x50", screen(&mut app(), 160, 50));
    insta::assert_snapshot!("query_first_40x12", screen(&mut app(), 40, 12));
}

#[test]
fn a_running_query() {
    let mut app = app();
    press(&mut app, "F5");
    insta::assert_snapshot!("query_waiting_80x24", screen(&mut app, 80, 24));
    rows(&mut app, &[r#"{"type":"order-placed","events":20070}"#]);
    insta::assert_snapshot!("query_running_80x24", screen(&mut app, 80, 24));
}

#[test]
fn a_table() {
    let mut app = table();
    insta::assert_snapshot!("query_table_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_table_160x50", screen(&mut app, 160, 50));
    press(&mut app, "tab j s");
    work(&mut app);
    insta::assert_snapshot!("query_table_sorted_160x50", screen(&mut app, 160, 50));
    press(&mut app, "$");
    insta::assert_snapshot!("query_table_scrolled_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_table_40x12", screen(&mut app, 40, 12));
    press(&mut app, "tab");
    insta::assert_snapshot!("query_table_behind_40x12", screen(&mut app, 40, 12));
}

#[test]
fn whole_events() {
    let mut app = app();
    let events = [1, 2].map(event);
    ran(&mut app, &[&events[0], &events[1]]);
    insta::assert_snapshot!("query_events_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_events_160x50", screen(&mut app, 160, 50));
}

#[test]
fn bare_values() {
    let mut app = app();
    ran(&mut app, &["true"]);
    insta::assert_snapshot!("query_bare_80x24", screen(&mut app, 80, 24));
}

#[test]
fn no_rows() {
    let mut app = app();
    ran(&mut app, &[]);
    insta::assert_snapshot!("query_empty_80x24", screen(&mut app, 80, 24));
}

const WRONG: &str = "STREAM e FROM events\nWHERE e.type = 'order-placed'\nLIMIT 10";

#[test]
fn a_doubt_of_our_own_is_underlined_and_quiet() {
    let mut app = app_with(WRONG);
    let backend = drawn(&mut app, 80, 24);
    insta::assert_snapshot!("query_doubt_80x24", backend.to_string());
    assert_eq!(marked(backend.buffer(), Modifier::UNDERLINED), "=");
}

#[test]
fn a_doubt_at_the_end_of_the_text_is_underlined_where_it_can_be_seen() {
    let mut app = app_with("STREAM e FROM events WHERE ");
    assert_eq!(marked(drawn(&mut app, 80, 24).buffer(), Modifier::UNDERLINED), "E");
}

#[test]
fn of_a_long_refusal_the_beginning_is_shown_and_always_what_to_do() {
    let mut app = app_with(WRONG);
    press(&mut app, "F5");
    let why = format!("The query is {}wrong.", "very ".repeat(400));
    answer(&mut app, refused(&why, None), at(30));
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("The query is very very"), "{shown}");
    assert!(shown.contains("… the rest stands among the messages."), "{shown}");
    assert!(shown.contains("F5 runs it again."), "{shown}");
    let large = screen(&mut app, 200, 50);
    assert!(large.contains("wrong.") && !large.contains("the rest stands"), "{large}");
}

#[test]
fn the_servers_error_stands_at_its_place() {
    let mut app = app_with(WRONG);
    press(&mut app, "F5");
    let place = WRONG.find("= ").unwrap();
    answer(&mut app, refused("Unexpected token '=', expected a comparison operator.", Some(place..place + 1)), at(30));
    let backend = drawn(&mut app, 80, 24);
    insta::assert_snapshot!("query_error_80x24", backend.to_string());
    insta::assert_snapshot!("query_error_40x12", screen(&mut app, 40, 12));
    assert_eq!(marked(backend.buffer(), Modifier::UNDERLINED), "=");
}

#[test]
fn what_is_wrong_stands_behind_its_line_or_below_the_text_where_it_does_not_fit() {
    let long = format!("STREAM e FROM events\nWHERE e.type = 'x' -- {}", "and so on ".repeat(9));
    for (text, beside) in [(WRONG, true), (long.as_str(), false)] {
        let mut app = app_with(text);
        let shown = screen(&mut app, 80, 24);
        let line = shown.lines().find(|line| line.contains("WHERE e.type = ")).unwrap();
        assert_eq!(line.contains("← `=` compares nothing: write `==`"), beside, "{shown}");
        assert_eq!(shown.contains("line 2, column 14: "), !beside, "{shown}");
        assert!(shown.contains("it can still be sent") != beside && shown.contains("can still be sent"), "{shown}");
        for width in 20..90 {
            drawn(&mut app, width, 24);
        }
    }
}

#[test]
fn what_is_looked_for_is_marked_and_counted() {
    let mut app = app_with("STREAM e FROM events\nWHERE e.type == 'events' OR e.type == 'EVENTS'");
    press(&mut app, "ctrl-f e v e n t s");
    let backend = drawn(&mut app, 80, 24);
    assert!(backend.to_string().contains("1 of 3 "), "{backend}");
    assert_eq!(marked(backend.buffer(), Modifier::UNDERLINED), "eventseventsEVENTS");
    press(&mut app, "enter");
    assert!(screen(&mut app, 80, 24).contains("2 of 3 "));
    press(&mut app, "up up");
    assert!(screen(&mut app, 80, 24).contains("3 of 3 "));
    press(&mut app, "x");
    assert!(screen(&mut app, 80, 24).contains("not in this text "));
    press(&mut app, "esc");
    assert_eq!(marked(drawn(&mut app, 80, 24).buffer(), Modifier::UNDERLINED), "");
}

#[test]
fn tabs_tell_what_is_not_saved() {
    let mut app = app_with("STREAM e FROM events");
    let tab = app.query.tab_mut();
    (tab.saved_as, tab.saved_text) = (Some("query 1".into()), Some(tab.script.fingerprint()));
    assert!(screen(&mut app, 80, 24).contains("┌ query 1 ─"));
    press(&mut app, "x");
    assert!(screen(&mut app, 80, 24).contains("┌ query 1* ─"));
    press(&mut app, "backspace");
    assert!(screen(&mut app, 80, 24).contains("┌ query 1 ─"));
}

#[test]
fn a_failure_half_way_says_so_under_the_rows() {
    let mut app = app();
    press(&mut app, "F5");
    rows(&mut app, &[r#"{"type":"order-placed","events":20070}"#]);
    answer(&mut app, refused("The server ended the answer half-way.", None), at(1900));
    insta::assert_snapshot!("query_cut_80x24", screen(&mut app, 80, 24));
}

#[test]
fn only_the_rows_on_the_screen_are_read() {
    let mut app = app();
    let many: Vec<String> = (0..2000).map(|n| format!("{{\"n\":{n}}}")).collect();
    ran(&mut app, &many.iter().map(String::as_str).collect::<Vec<_>>());
    press(&mut app, "tab G");
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("1999") && !shown.contains("1980"), "{shown}");
    assert!(shown.contains("row 2,000 of 2,000 · column 1 of 1"));
}

#[test]
fn what_can_stand_at_the_cursor_is_shown_there() {
    let query = "STREAM e FROM events\nWHERE e.data.";
    let mut app = app_with(query);
    app.query.tab_mut().script.go_to(query.len());
    press(&mut app, "ctrl-space");
    insta::assert_snapshot!("query_completion_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_completion_40x12", screen(&mut app, 40, 12));
}

#[test]
fn no_window_is_too_small() {
    let mut app = table();
    let end = text(&app).len();
    app.query.tab_mut().script.go_to(end);
    press(&mut app, "enter ctrl-space");
    assert!(app.query.tab().completion.is_some());
    for (width, height) in (0..30).flat_map(|width| (0..14).map(move |height| (width, height))) {
        for pane in [Pane::Editor, Pane::Results] {
            app.query.tab_mut().pane = pane;
            drawn(&mut app, width, height);
        }
    }
}
