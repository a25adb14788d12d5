//! The table's columns and rows as the user arranges them: filtered, sorted by several columns, hidden, moved, frozen.

use super::drawing::screen;
use super::*;

const ROWS: [&str; 4] = [
    r#"{"city":"Kraków","shop":{"name":"Old Town","open":"2026-03-01T08:00:00+01:00"},"items":3}"#,
    r#"{"city":"Osaka","shop":{"name":"Harbour","open":"2026-03-01T09:30:00Z"},"items":12}"#,
    r#"{"city":"Kraków","shop":{"name":"Market","open":"2026-03-02T09:30:00Z"},"items":1}"#,
    r#"{"city":"Oslo","shop":{"name":"Market","open":null},"items":7}"#,
];

fn results() -> App {
    let mut app = app();
    ran(&mut app, &ROWS);
    press(&mut app, "tab");
    app
}

fn order(app: &App) -> Vec<usize> {
    let table = &app.query.tab().table;
    (0..table.len()).map(|position| table.number(position)).collect()
}

fn shown(app: &App) -> String {
    let table = &app.query.tab().table;
    let names = table.layout().shown().iter().filter_map(|number| table.columns().get(*number));
    names.map(|column| column.name()).collect::<Vec<_>>().join(" ")
}

#[test]
fn sorted_by_several_columns() {
    let mut app = results();
    press(&mut app, "s $ S");
    work(&mut app);
    assert_eq!(order(&app), [2, 0, 1, 3]);
    insta::assert_snapshot!("columns_sorted_80x24", screen(&mut app, 80, 24));
    press(&mut app, "S");
    work(&mut app);
    assert_eq!(order(&app), [0, 2, 1, 3]);
    press(&mut app, "S");
    work(&mut app);
    assert_eq!(order(&app), [0, 2, 1, 3], "the cities alone");
    press(&mut app, "s");
    work(&mut app);
    assert_eq!(order(&app), [2, 0, 3, 1], "the items alone");
}

#[test]
fn filtered_while_one_types() {
    let mut app = results();
    press(&mut app, "/");
    insta::assert_snapshot!("columns_filter_begin_80x24", screen(&mut app, 80, 24));
    press(&mut app, "m a r");
    assert_eq!((order(&app), app.typing()), (vec![2, 3], true));
    insta::assert_snapshot!("columns_filter_80x24", screen(&mut app, 80, 24));
    press(&mut app, "enter");
    assert!(!app.typing());
    press(&mut app, "j s s");
    work(&mut app);
    assert_eq!(order(&app), [3, 2]);
    press(&mut app, "/ x");
    assert!(order(&app).is_empty());
    insta::assert_snapshot!("columns_filter_none_80x24", screen(&mut app, 80, 24));
    press(&mut app, "esc");
    assert_eq!(order(&app).len(), 4);
    for key in "/ / o s (".split(' ') {
        press(&mut app, key);
    }
    assert_eq!(order(&app).len(), 0, "not an expression before its second slash");
    press(&mut app, "/");
    insta::assert_snapshot!("columns_filter_wrong_80x24", screen(&mut app, 80, 24));
    press(&mut app, "backspace backspace l /");
    assert_eq!(order(&app), [3]);
    app.update(Msg::Paste("no such".into()), at(1));
    assert!(order(&app).is_empty());
    press(&mut app, "tab esc");
    assert_eq!((order(&app).len(), app.query.tab().pane), (4, Pane::Results));
}

#[test]
fn rows_that_come_are_filtered_too() {
    let mut app = app();
    press(&mut app, "F5");
    rows(&mut app, &ROWS[..1]);
    press(&mut app, "tab / k r a");
    let effects = rows(&mut app, &ROWS[1..]);
    assert!(effects.contains(&Effect::Wake(Timer::Work, Duration::ZERO)), "{effects:?}");
    work(&mut app);
    assert_eq!(order(&app), [0, 2]);
}

#[test]
fn hidden_moved_widened_and_frozen() {
    let mut app = results();
    assert_eq!(shown(&app), "city shop.name shop.open items");
    press(&mut app, "l }");
    assert_eq!(shown(&app), "city shop.open shop.name items");
    press(&mut app, "alt-left -");
    assert_eq!((shown(&app).as_str(), app.query.tab().table.column_name()), ("city shop.open items", "shop.open"));
    assert!(said(&app).starts_with("shop.name is hidden."));
    press(&mut app, "> > 0 f");
    insta::assert_snapshot!("columns_frozen_80x24", screen(&mut app, 80, 24));
    // The same query run again looks the same, another one does not.
    press(&mut app, "F5");
    rows(&mut app, &[r#"{"items":1,"new":true,"shop":{"name":"x","open":"y"},"city":"z"}"#]);
    assert_eq!((shown(&app).as_str(), app.query.tab().table.layout().frozen()), ("city shop.open items new", 1));
    press(&mut app, "+");
    assert_eq!(shown(&app), "city shop.name shop.open items new");
    app.query.tab_mut().script = Script::new("STREAM e FROM events");
    press(&mut app, "F5");
    rows(&mut app, &ROWS);
    assert_eq!((shown(&app).as_str(), app.query.tab().table.layout().frozen()), ("city shop.name shop.open items", 0));
}

#[test]
fn columns_are_chosen_from_a_list() {
    let mut app = results();
    press(&mut app, "l c");
    insta::assert_snapshot!("columns_list_80x24", screen(&mut app, 80, 24));
    press(&mut app, "space j space");
    assert_eq!(shown(&app), "city items");
    press(&mut app, "alt-up space");
    insta::assert_snapshot!("columns_list_hidden_80x24", screen(&mut app, 80, 24));
    press(&mut app, "j enter");
    let tab = app.query.tab();
    assert_eq!((tab.column_list.is_none(), tab.table.column_name()), (true, "shop.name"));
    assert_eq!(shown(&app), "city shop.open shop.name items");
    press(&mut app, "c esc c c");
    assert!(app.query.tab().column_list.is_none());
}

#[test]
fn times_are_told_by_a_clock_on_request() {
    let mut app = results();
    assert!(screen(&mut app, 160, 50).contains("2026-03-01T08:00:00+01:00"));
    press(&mut app, "Z");
    insta::assert_snapshot!("columns_times_160x50", screen(&mut app, 160, 50));
    press(&mut app, "Z Z");
    assert!(screen(&mut app, 160, 50).contains("2026-03-01T08:00:00+01:00"));
    assert!(press(&mut app, "$ h y").contains(&Effect::Copy("2026-03-01T08:00:00+01:00".into())), "as received");
}

#[test]
fn rows_are_marked_and_found_again() {
    let mut app = results();
    press(&mut app, "m j m g");
    let marked = screen(&mut app, 80, 24);
    assert_eq!((marked.matches('●').count(), marked.contains("2 marked")), (2, true), "{marked}");
    press(&mut app, "n");
    assert_eq!(app.query.tab().table.list.selected(), 2);
    press(&mut app, "n");
    assert_eq!(app.query.tab().table.list.selected(), 0);
    press(&mut app, "M n");
    assert!(said(&app).starts_with("No other row is marked."));
}
