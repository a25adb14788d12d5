//! Tabs: opened, closed, brought back, and runs that go on while another one is looked at.

use super::*;

const QUERY: &str = "STREAM e FROM events";

fn names(app: &App) -> Vec<&str> {
    app.query.tabs().iter().map(|tab| tab.name.as_str()).collect()
}

fn reply(app: &mut App, number: u8, reply: Reply) -> Vec<Effect> {
    app.update(Msg::Reply { slot: Slot::Query(number), generation: 1, reply }, at(500))
}

#[test]
fn tabs_are_opened_turned_and_closed_and_what_was_closed_comes_back() {
    let mut app = app_with(QUERY);
    press(&mut app, "ctrl-t a ctrl-t b");
    assert_eq!((names(&app), text(&app)), (vec!["query 1", "query 2", "query 3"], "b".into()));
    press(&mut app, "ctrl-pgdn");
    assert_eq!(text(&app), QUERY);
    press(&mut app, "ctrl-pgup ctrl-pgup");
    assert_eq!(text(&app), "a");
    press(&mut app, "alt-w");
    assert_eq!((names(&app), text(&app)), (vec!["query 1", "query 3"], "b".into()));
    assert_eq!(said(&app), "Closed query 2. Alt-t brings it back.");
    press(&mut app, "alt-t");
    assert_eq!((names(&app), text(&app)), (vec!["query 1", "query 3", "query 2"], "a".into()));
}

#[test]
fn the_last_tab_leaves_an_empty_one() {
    let mut app = app_with(QUERY);
    press(&mut app, "alt-w");
    assert_eq!((names(&app), text(&app).as_str()), (vec!["query 1"], ""));
    press(&mut app, "alt-w alt-t");
    assert_eq!(text(&app), QUERY, "an empty tab is not worth bringing back");
}

#[test]
fn tabs_are_bounded() {
    let mut app = app_with(QUERY);
    (0..MOST + 3).for_each(|_| drop(press(&mut app, "ctrl-t")));
    assert_eq!(app.query.tabs().count(), MOST);
    assert!(said(&app).contains("tabs are open"), "{}", said(&app));
}

#[test]
fn an_answer_reaches_its_own_tab_and_its_run_goes_on_while_another_is_looked_at() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5 ctrl-t x F5");
    reply(&mut app, 0, Reply::Rows(["1", "2"].iter().collect()));
    assert_eq!((app.query.tab().table.rows().len(), app.query.is_running()), (0, true));
    reply(&mut app, 1, Reply::Rows(["3"].iter().collect()));
    reply(&mut app, 1, Reply::Queried(Ok(())));
    assert!(!app.query.tab().is_running() && app.query.is_running());
    reply(&mut app, 0, refused("no such field", Some(0..6)));
    assert_eq!(said(&app), "query 1: Line 1, column 1: No such field.");
    assert_eq!((text(&app).as_str(), app.query.tab().table.rows().len()), ("x", 1));
    press(&mut app, "ctrl-pgdn");
    assert_eq!(app.query.tab().table.rows().len(), 2);
}

#[test]
fn closing_a_tab_ends_its_run_and_a_late_answer_changes_nothing() {
    let mut app = app_with(QUERY);
    press(&mut app, "ctrl-t x F5");
    assert!(press(&mut app, "alt-w").contains(&Effect::Cancel(Slot::Query(1))));
    press(&mut app, "ctrl-t");
    reply(&mut app, 1, Reply::Rows(["1"].iter().collect()));
    assert_eq!(app.query.tab().table.rows().len(), 0);
}

#[test]
fn a_query_from_elsewhere_takes_an_untouched_tab() {
    let mut app = app();
    app.query.put(QUERY);
    assert_eq!((app.query.tabs().count(), text(&app).as_str()), (1, QUERY));
    app.query.put("STREAM f FROM events");
    assert_eq!((app.query.tabs().count(), text(&app).as_str()), (2, "STREAM f FROM events"));
}

#[test]
fn all_queries_of_a_text_are_run_at_once_each_in_its_tab() {
    let mut app = app_with("STREAM a FROM events;\nSTREAM b FROM events LIMIT :n\n\nSTREAM c FROM events");
    press(&mut app, "alt-F5 7");
    let effects = press(&mut app, "enter");
    let sent: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Start { slot, call: Call::Query(text), .. } => Some((*slot, text.as_str())),
            _ => None,
        })
        .collect();
    let expected = ["STREAM b FROM events LIMIT 7", "STREAM c FROM events", "STREAM a FROM events"];
    assert_eq!(sent.iter().map(|(_, text)| *text).collect::<Vec<_>>(), expected);
    assert_eq!((app.query.tabs().count(), app.query.tabs().at(), app.query.is_running()), (3, 0, true));
    press(&mut app, "alt-F5 enter");
    assert_eq!(app.query.tabs().count(), 3, "run again, they stand in the same tabs");
}

#[test]
fn as_many_names_are_shown_as_there_is_room_for() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5");
    for n in 1..9 {
        press(&mut app, "ctrl-t");
        app.query.tab_mut().name = format!("a longer name, number {n}");
    }
    press(&mut app, "ctrl-pgup ctrl-pgup ctrl-pgup");
    let screen = super::drawing::screen(&mut app, 80, 24);
    let line = screen.lines().nth(1).unwrap();
    assert!(line.contains("number 5") && line.contains('‹') && line.contains('›'), "{line}");
    press(&mut app, "ctrl-pgdn ctrl-pgdn ctrl-pgdn ctrl-pgdn");
    let screen = super::drawing::screen(&mut app, 80, 24);
    assert!(screen.lines().nth(1).unwrap().contains("query 1 ●"), "{screen}");
}
