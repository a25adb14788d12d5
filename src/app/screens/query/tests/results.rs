//! The table of rows: moving, sorting, copying, and on to other screens.

use super::*;
use crate::app::overlay::Overlay;
use crate::app::screens::ScreenId;

fn results(texts: &[&str]) -> App {
    let mut app = app();
    ran(&mut app, texts);
    press(&mut app, "tab");
    assert_eq!(app.query.tab().pane, Pane::Results);
    app
}

fn cell(app: &App) -> Option<&str> {
    app.query.tab().table.cell().map(Json::text)
}

#[test]
fn the_cursor_moves_over_rows_and_columns() {
    let mut app = results(&[r#"{"a":1,"b":2,"c":3}"#, r#"{"a":4,"c":6}"#]);
    assert_eq!(cell(&app), Some("1"));
    press(&mut app, "right");
    assert_eq!(cell(&app), Some("2"));
    press(&mut app, "j");
    assert_eq!(cell(&app), None);
    press(&mut app, "$");
    assert_eq!(cell(&app), Some("6"));
    press(&mut app, "0");
    assert_eq!(cell(&app), Some("4"));
    press(&mut app, "g l l l l h");
    assert_eq!(cell(&app), Some("2"));
}

#[test]
fn tab_and_esc_go_back_to_the_text() {
    let mut app = results(&["1"]);
    press(&mut app, "esc");
    assert_eq!(app.query.tab().pane, Pane::Editor);
    press(&mut app, "shift-tab");
    assert_eq!(app.query.tab().pane, Pane::Results);
    press(&mut app, "tab");
    assert_eq!(app.query.tab().pane, Pane::Editor);
}

#[test]
fn a_cell_and_a_row_open_whole() {
    let mut app = results(&[r#"{"a":"x y","b":{"c":[1,{"d":2}]}}"#]);
    press(&mut app, "l enter");
    let Some(Overlay::Viewer { title, view }) = app.overlays.last() else { panic!("a value") };
    assert_eq!((title.as_str(), view.text(), view.raw), ("b.c   row 1", r#"[1,{"d":2}]"#, false));
    press(&mut app, "esc h enter");
    let Some(Overlay::Viewer { view, .. }) = app.overlays.last() else { panic!("a value") };
    assert!(view.raw, "a long text is shown whole");
    press(&mut app, "esc space");
    let Some(Overlay::Viewer { title, view }) = app.overlays.last() else { panic!("a row") };
    assert_eq!((title.as_str(), view.text()), ("Row 1", r#"{"a":"x y","b":{"c":[1,{"d":2}]}}"#));
}

#[test]
fn a_cell_that_is_not_there_does_not_open() {
    let mut app = results(&[r#"{"a":1,"b":2}"#, r#"{"b":2}"#]);
    press(&mut app, "j enter");
    assert!(app.overlays.is_empty());
    assert_eq!(said(&app), "There is no value in this cell.");
}

#[test]
fn copies_a_value_as_text_and_a_row_as_received() {
    let mut app = results(&[r#"{ "a":"x\"y", "n":12345678901234567890 }"#]);
    assert!(press(&mut app, "y").contains(&Effect::Copy("x\"y".into())));
    assert!(press(&mut app, "l y").contains(&Effect::Copy("12345678901234567890".into())));
    assert!(press(&mut app, "Y").contains(&Effect::Copy(r#"{ "a":"x\"y", "n":12345678901234567890 }"#.into())));
}

#[test]
fn sorts_by_the_column_under_the_cursor() {
    let mut app = results(&[r#"{"n":10,"t":"b"}"#, r#"{"n":9,"t":"a"}"#, r#"{"n":null,"t":"c"}"#]);
    let order = |app: &App| (0..3).map(|at| app.query.tab().table.order().row(at)).collect::<Vec<_>>();
    press(&mut app, "G s");
    work(&mut app);
    assert_eq!((order(&app), app.query.tab().table.list.selected()), (vec![1, 0, 2], 0));
    press(&mut app, "s");
    work(&mut app);
    assert_eq!(order(&app), [0, 1, 2], "null last in either direction");
    press(&mut app, "l s");
    work(&mut app);
    assert_eq!(order(&app), [1, 0, 2]);
    press(&mut app, "s s");
    work(&mut app);
    assert_eq!((order(&app), app.query.tab().table.order().by()), (vec![0, 1, 2], &[][..]));
}

#[test]
fn rows_that_come_after_sorting_are_sorted_in_at_the_end() {
    let mut app = app();
    press(&mut app, "F5 tab");
    rows(&mut app, &["3", "2"]);
    press(&mut app, "s");
    work(&mut app);
    rows(&mut app, &["1"]);
    let order = |app: &App| (0..3).map(|at| app.query.tab().table.order().row(at)).collect::<Vec<_>>();
    assert_eq!(order(&app), [1, 0, 2]);
    let effects = answer(&mut app, Reply::Queried(Ok(())), at(9));
    assert_eq!(effects, [Effect::Wake(Timer::Work, Duration::ZERO)]);
    work(&mut app);
    assert_eq!(order(&app), [2, 1, 0]);
}

/// Go to the row's event; the search for it is answered as the shell does it.
fn lead(app: &mut App) {
    for effect in press(app, "e") {
        if let Effect::Start { slot, generation, call: Call::Search(search) } = effect {
            let positions = search.look(search.from..search.to, &|| true).unwrap().positions;
            app.update(Msg::Reply { slot, generation, reply: Reply::Found { scanned: search.to, positions } }, at(0));
        }
    }
}

#[test]
fn whole_events_lead_to_explore() {
    let first = event(1);
    let mut app = results(&[&first]);
    lead(&mut app);
    assert_eq!(app.screen, ScreenId::Explore);
    let shown = app.explore.event.as_ref().map(|(position, _)| *position);
    assert_eq!(shown, Some(0));
}

#[test]
fn a_subject_or_an_id_in_any_column_leads_there_too() {
    let mut app = results(&[r#"{"who":"/customer/2","which":"00000000-0000-4000-8000-000000000002"}"#]);
    press(&mut app, "e");
    assert_eq!((app.screen, app.explore.events.scope().name()), (ScreenId::Explore, "/customer/2"));
    let mut app = results(&[r#"{"which":"00000000-0000-4000-8000-000000000002"}"#]);
    lead(&mut app);
    assert_eq!(app.explore.event.as_ref().map(|(position, _)| *position), Some(1));
    let mut app = results(&[r#"{"subject":"/customer/1","n":1}"#]);
    press(&mut app, "l e");
    assert_eq!((app.screen, app.explore.events.scope().name()), (ScreenId::Explore, "/customer/1"));
}

#[test]
fn a_row_that_names_no_event_says_how_it_could() {
    let mut app = results(&[r#"{"n":1}"#]);
    press(&mut app, "e");
    assert_eq!(app.screen, ScreenId::Query);
    assert!(said(&app).starts_with("This row names no event."));
}

#[test]
fn letters_do_nothing_to_the_text_while_the_rows_have_the_focus() {
    let mut app = results(&["1"]);
    press(&mut app, "x z");
    app.update(Msg::Paste("lost?".into()), Now::default());
    assert_eq!(text(&app), EXAMPLE);
}

#[test]
fn a_value_that_is_shown_whole_is_searched_and_traced() {
    let mut app = results(&[r#"{"v":[{"deep":{"id":"e1"}}]}"#]);
    press(&mut app, "enter / e 1 enter");
    let Some(Overlay::Viewer { view, .. }) = app.overlays.last() else { panic!("a value") };
    assert_eq!(view.current().map(|row| row.key.as_str()), Some("id"));
    press(&mut app, "esc");
    assert_eq!(app.overlays.len(), 1, "Esc takes the search away first");
    press(&mut app, "T");
    assert!(app.overlays.is_empty() && app.explore.is_tracing());
}
