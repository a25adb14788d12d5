//! The lists of queries: the history, the saved queries, the reference; and the form of values.

use super::drawing::screen;
use super::*;
use crate::app::desk::{Kept, Ran};
use crate::app::screens::query::library::{Order, Refusal, Saved};

fn saved(name: &str, text: &str) -> Saved {
    Saved { name: name.into(), text: text.into() }
}

fn order(effects: &[Effect]) -> Option<&Order> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Library, call: Call::Library(order), .. } => Some(order),
        _ => None,
    })
}

fn folder(app: &mut App, result: Result<Vec<Saved>, Refusal>) -> Vec<Effect> {
    let generation = (1..100).find(|generation| app.out.slots.accepts(Slot::Library, *generation)).unwrap();
    app.update(Msg::Reply { slot: Slot::Library, generation, reply: Reply::Library(result) }, at(5))
}

fn type_in(app: &mut App, text: &str) {
    app.update(Msg::Paste(text.into()), at(5));
}

fn with_history() -> App {
    let mut app = app_with("STREAM mine FROM events");
    let run = |query: &str, error: Option<&str>| Ran {
        query: query.into(),
        parameters: [].into(),
        connection: "shop".into(),
        url: "http://localhost:8080".into(),
        when: "2026-03-01T13:58:40Z".into(),
        took_ms: 1234,
        rows: 12,
        error: error.map(str::to_owned),
    };
    let runs = vec![
        run("-- Money of a day\nSTREAM e FROM events\nMAP SUM(e.data.total)", None),
        run("STREAM e FROM events\nWHERE e.n = 1", Some("expected ==")),
    ];
    app.take_up(Kept { runs, ..Kept::default() }, true);
    app
}

#[test]
fn what_was_run_is_found_and_put_into_a_tab_of_its_own() {
    let mut app = with_history();
    press(&mut app, "alt-h");
    assert_eq!((app.query.shelf().unwrap().len(), app.typing()), (2, true));
    type_in(&mut app, "money");
    insta::assert_snapshot!("query_history_80x24", screen(&mut app, 80, 24));
    press(&mut app, "enter");
    assert_eq!(text(&app), "-- Money of a day\nSTREAM e FROM events\nMAP SUM(e.data.total)");
    assert_eq!((app.query.tabs().count(), app.query.shelf().is_none()), (2, true));
    press(&mut app, "ctrl-pgup");
    assert_eq!(text(&app), "STREAM mine FROM events");
    press(&mut app, "alt-h alt-enter");
    assert_eq!(text(&app), "STREAM e FROM events\nWHERE e.n = 1");
    press(&mut app, "ctrl-z");
    assert_eq!(text(&app), "STREAM mine FROM events");
    press(&mut app, "alt-h esc x");
    assert_eq!(app.query.tabs().count(), 2);
}

#[test]
fn a_query_is_saved_under_a_name_and_not_over_another_without_a_question() {
    let mut app = app_with("STREAM e FROM events");
    press(&mut app, "ctrl-s");
    type_in(&mut app, "a/b");
    let effects = press(&mut app, "enter");
    let query = saved("a-b", "STREAM e FROM events");
    assert_eq!(order(&effects), Some(&Order::Save { query: query.clone(), replace: false }));
    folder(&mut app, Err(Refusal::Exists));
    assert_eq!(app.places(), [Place::Question]);
    let effects = press(&mut app, "y");
    assert_eq!(order(&effects), Some(&Order::Save { query: query.clone(), replace: true }));
    folder(&mut app, Ok(vec![query]));
    assert_eq!((app.query.tab().name.as_str(), app.query.tab().saved_as.as_deref()), ("a-b", Some("a-b")));
    assert_eq!(said(&app), "Saved as a-b. Alt-o lists the saved queries.");
    let effects = press(&mut app, "x ctrl-s enter");
    assert!(matches!(order(&effects), Some(Order::Save { replace: true, .. })), "its own file needs no question");
    folder(&mut app, Err(Refusal::Failed("no room on the disk".into())));
    assert_eq!(said(&app), "The saved queries: no room on the disk.");
}

#[test]
fn saved_queries_are_opened_renamed_and_removed_and_those_of_gdbx_are_not() {
    let mut app = app();
    let effects = press(&mut app, "alt-o");
    assert_eq!(order(&effects), Some(&Order::List));
    folder(&mut app, Ok(vec![saved("mine", "STREAM m FROM events")]));
    insta::assert_snapshot!("query_library_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_library_160x50", screen(&mut app, 160, 50));
    press(&mut app, "alt-r");
    type_in(&mut app, "ours");
    let effects = press(&mut app, "enter");
    assert_eq!(order(&effects), Some(&Order::Rename { from: "mine".into(), to: "ours".into() }));
    folder(&mut app, Ok(vec![saved("ours", "STREAM m FROM events")]));
    assert_eq!(app.query.shelf().unwrap().chosen().unwrap().title, "ours");
    assert_eq!(order(&press(&mut app, "alt-x n")), None);
    let effects = press(&mut app, "alt-x y");
    assert_eq!(order(&effects), Some(&Order::Remove("ours".into())));
    folder(&mut app, Ok(Vec::new()));
    press(&mut app, "alt-x");
    assert!(said(&app).starts_with("This query comes with gdbx."), "{}", said(&app));
    press(&mut app, "enter");
    assert_eq!(app.query.tab().name, "what happened in the last hour");
}

#[test]
fn the_reference_gives_examples() {
    let mut app = app();
    press(&mut app, "F1");
    insta::assert_snapshot!("query_reference_80x24", screen(&mut app, 80, 24));
    type_in(&mut app, "descendants");
    press(&mut app, "enter");
    assert!(text(&app).contains("DESCENDANTS '/'"), "{}", text(&app));
    press(&mut app, "alt-?");
    assert_eq!(app.places(), [Place::Pager, Place::Moves]);
}

#[test]
fn values_are_asked_for_before_a_run_and_remembered() {
    let mut app = app_with("-- :n = 7\nSTREAM e FROM events WHERE e.type == :type LIMIT :n");
    assert_eq!(app.query.tab().script.problems(), []);
    assert_eq!(sent(&press(&mut app, "F5")), None);
    insta::assert_snapshot!("query_values_80x24", screen(&mut app, 80, 24));
    type_in(&mut app, "it's");
    let effects = press(&mut app, "enter enter");
    assert_eq!(sent(&effects), Some("STREAM e FROM events WHERE e.type == 'it\\'s' LIMIT 7"));
    answer(&mut app, refused("no such type", Some(37..44)), at(9));
    let place = app.query.tab().run.as_ref().unwrap().place(app.query.tab().script.version()).unwrap();
    assert_eq!(&text(&app)[place], ":type");
    let effects = press(&mut app, "F5 F5");
    assert_eq!(sent(&effects), Some("STREAM e FROM events WHERE e.type == 'it\\'s' LIMIT 7"));
    assert_eq!(sent(&press(&mut app, "F5 esc")), None);
    assert!(app.query.form().is_none());
}

#[test]
fn a_run_of_the_history_brings_the_values_that_it_was_run_with() {
    let mut app = with_history();
    app.query.tab_mut().script = Script::new("STREAM e FROM events LIMIT :n");
    press(&mut app, "F5 4 2 enter");
    answer(&mut app, Reply::Queried(Ok(())), at(9));
    app.query.tab_mut().parameters.clear();
    press(&mut app, "alt-h");
    type_in(&mut app, "42");
    assert!(screen(&mut app, 80, 24).contains(":n = 42"));
    press(&mut app, "enter F5");
    assert_eq!(sent_anywhere(&press(&mut app, "enter")), Some("STREAM e FROM events LIMIT 42"));
}

#[test]
fn the_lists_open_from_the_rows_too() {
    let mut app = app_with("STREAM e FROM events");
    ran(&mut app, &["1"]);
    for (keys, place) in
        [("alt-h", Place::Shelf), ("alt-o", Place::Library), ("ctrl-s", Place::Field), ("alt-r", Place::Field)]
    {
        app.query.tab_mut().pane = Pane::Results;
        press(&mut app, keys);
        assert_eq!(app.places()[0], place, "{keys}");
        press(&mut app, "esc");
        assert_eq!(app.query.tab().pane, Pane::Results);
    }
}

#[test]
fn no_window_is_too_small_for_lists_and_forms() {
    let mut app = with_history();
    for keys in ["alt-h", "esc alt-o", "alt-r", "esc esc F1", "esc ctrl-f x", "esc alt-n : x F5"] {
        press(&mut app, keys);
        for (width, height) in (0..40).flat_map(|width| (0..14).map(move |height| (width, height))) {
            super::drawing::drawn(&mut app, width, height);
        }
    }
}

#[test]
fn a_query_whose_line_has_no_room_is_laid_out_where_it_is_looked_at() {
    let mut app = app();
    let query = "STREAM e FROM events WHERE e.type == 'io.genesisdb.shop.order-placed' AND e.data.total > 100 LIMIT 5";
    app.take_up(Kept { runs: vec![Ran { query: query.into(), ..Ran::default() }], ..Kept::default() }, true);
    press(&mut app, "alt-h");
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("│ LIMIT 5 "), "{shown}");
    press(&mut app, "enter");
    assert_eq!(text(&app), query);
}
