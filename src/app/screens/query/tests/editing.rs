//! The text: letters, commands, the outside editor, earlier queries.

use super::*;

#[test]
fn a_newcomer_finds_a_query_that_runs() {
    let mut app = app();
    assert_eq!((text(&app).as_str(), app.typing()), (EXAMPLE, true));
    let effects = press(&mut app, "F5");
    let query = sent(&effects).unwrap();
    assert!(query.starts_with("STREAM e FROM events\nGROUP BY e.type"), "{query}");
    assert!(crate::gdbql::parse(query).is_ok());
}

#[test]
fn letters_are_typed_and_undone() {
    let mut app = app_with("");
    press(&mut app, "q 1 ? : space /");
    assert_eq!(text(&app), "q1?: /");
    app.update(Msg::Paste("STREAM\r\ne".into()), Now::default());
    assert_eq!(text(&app), "q1?: /STREAM\ne");
    press(&mut app, "ctrl-z");
    assert_eq!(text(&app), "q1?: /");
    press(&mut app, "alt-z");
    assert_eq!(text(&app), "q1?: /STREAM\ne");
}

#[test]
fn emptying_is_undone() {
    let mut app = app_with("STREAM e FROM events");
    press(&mut app, "alt-n");
    assert_eq!(text(&app), "");
    press(&mut app, "ctrl-z");
    assert_eq!(text(&app), "STREAM e FROM events");
}

#[test]
fn formats_or_says_why_not() {
    let mut app = app_with("stream e from events limit 1");
    press(&mut app, "alt-f");
    assert_eq!(text(&app), "STREAM e FROM events\nLIMIT 1");
    let mut app = app_with("stream e from\nnowhere");
    press(&mut app, "alt-f");
    assert_eq!(text(&app), "stream e from\nnowhere");
    assert!(said(&app).starts_with("The text is left as it is. Line 2, column 1: "), "{}", said(&app));
}

#[test]
fn makes_a_line_a_comment_that_is_not_sent() {
    let mut app = app_with("STREAM e FROM events\nWHERE e.n == 1");
    press(&mut app, "down alt-c");
    assert_eq!(text(&app), "STREAM e FROM events\n-- WHERE e.n == 1");
    assert_eq!(sent(&press(&mut app, "ctrl-r")), Some("STREAM e FROM events"));
}

#[test]
fn the_outside_editor_gets_the_text_and_gives_one_back() {
    let mut app = app_with("STREAM");
    let effects = press(&mut app, "ctrl-o");
    let [Effect::Edit { generation, text: given, extension: "gdbql" }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(given, "STREAM");
    let generation = *generation;
    let edited = |app: &mut App, result: Result<String, String>| {
        app.update(Msg::Reply { slot: Slot::Edit, generation, reply: Reply::Edited(result) }, Now::default())
    };
    edited(&mut app, Ok("STREAM e FROM events\n".into()));
    assert_eq!(text(&app), "STREAM e FROM events");
    press(&mut app, "ctrl-z");
    assert_eq!(text(&app), "STREAM");
    let mut app = app_with("STREAM");
    press(&mut app, "ctrl-o");
    edited(&mut app, Err("vi ended with 1".into()));
    assert_eq!((text(&app).as_str(), said(&app)), ("STREAM", "$EDITOR changed nothing: vi ended with 1"));
}

#[test]
fn earlier_queries_come_back_and_the_own_text_is_not_lost() {
    let mut app = app_with("STREAM one FROM events");
    press(&mut app, "F5 end x");
    press(&mut app, "ctrl-up");
    assert_eq!(text(&app), "STREAM one FROM events");
    press(&mut app, "alt-up");
    assert_eq!((text(&app).as_str(), said(&app)), ("STREAM one FROM events", "No earlier query was run."));
    press(&mut app, "ctrl-down");
    assert_eq!(text(&app), "STREAM one FROM eventsx");
}

#[test]
fn a_query_from_another_screen_does_not_take_the_text_away() {
    let mut app = app_with("STREAM own FROM events");
    app.query.tab_mut().pane = Pane::Results;
    app.query.put("STREAM other FROM events");
    assert_eq!((text(&app).as_str(), app.query.tab().pane), ("STREAM other FROM events", Pane::Editor));
    press(&mut app, "ctrl-pgup");
    assert_eq!(text(&app), "STREAM own FROM events");
}

#[test]
fn the_query_under_the_cursor_is_the_one_that_is_run() {
    let mut app = app_with("STREAM a FROM events;\nSTREAM b FROM events\n\nSTREAM c FROM events");
    assert_eq!(sent(&press(&mut app, "F5")), Some("STREAM a FROM events"));
    assert_eq!(sent(&press(&mut app, "down F5")), Some("STREAM b FROM events"));
    assert_eq!(sent(&press(&mut app, "down F5")), Some("STREAM b FROM events"));
    assert_eq!(sent(&press(&mut app, "down F5")), Some("STREAM c FROM events"));
}

#[test]
fn copies_the_selection_or_all() {
    let mut app = app_with("STREAM e FROM events");
    assert!(press(&mut app, "alt-y").contains(&Effect::Copy("STREAM e FROM events".into())));
    assert!(press(&mut app, "shift-right shift-right alt-y").contains(&Effect::Copy("ST".into())));
}

#[test]
fn what_our_parser_does_not_know_is_sent_all_the_same() {
    let mut app = app_with("STREAM e FROM events EXPLAIN");
    assert_eq!(app.query.tab().script.problems().len(), 1);
    assert_eq!(sent(&press(&mut app, "F5")), Some("STREAM e FROM events EXPLAIN"));
}

#[test]
fn a_long_text_is_checked_after_a_pause_also_when_its_tab_was_left() {
    let long = format!("STREAM e FROM events WHERE e.n = 1 -- {}", "x".repeat(20_000));
    let mut app = app_with(&long);
    let effects = press(&mut app, "x");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Wake(Timer::Check, _))), "{effects:?}");
    press(&mut app, "ctrl-t");
    app.update(Msg::Timer(Timer::Check), at(200));
    press(&mut app, "ctrl-pgup");
    assert_eq!(app.query.tab().script.problems().len(), 1);
}
