//! What outlives the session: tabs as they change, and every run that ends.

use super::*;
use crate::app::desk::{Keep, Kept, Ran, SavedTab, Session};
use std::collections::BTreeMap;

fn keeping(session: Session, runs: Vec<Ran>) -> App {
    let mut app = app();
    app.take_up(Kept { session, runs, warnings: Vec::new() }, true);
    app
}

fn kept(effects: &[Effect]) -> Vec<&Keep> {
    effects.iter().filter_map(|effect| if let Effect::Keep(what) = effect { Some(what) } else { None }).collect()
}

fn tab(name: &str, text: &str) -> SavedTab {
    SavedTab { name: name.into(), text: text.into(), ..SavedTab::default() }
}

#[test]
fn tabs_are_kept_a_moment_after_they_changed_and_only_then() {
    let mut app = keeping(Session::default(), Vec::new());
    assert_eq!(press(&mut app, "left"), []);
    let effects = press(&mut app, "ctrl-t x");
    assert_eq!(effects, [Effect::Wake(Timer::Keep, Duration::from_millis(300))]);
    let effects = app.update(Msg::Timer(Timer::Keep), at(300));
    let [Keep::Session(session)] = kept(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((session.tabs[1].text.as_str(), session.current, session.tabs[1].cursor), ("x", 1, 1));
    assert_eq!(app.update(Msg::Timer(Timer::Keep), at(600)), []);
    press(&mut app, "y");
    let leaving = app.update(Msg::Quit, at(700));
    assert!(matches!(&leaving[..], [.., Effect::Keep(Keep::Session(_)), Effect::Quit]), "{leaving:?}");
}

#[test]
fn tabs_are_taken_up_as_they_were_left() {
    let session = Session {
        tabs: vec![SavedTab { cursor: 2, ..tab("one", "é1") }, tab("two", "STREAM e FROM events")],
        current: 0,
        closed: vec![tab("gone", "closed before")],
    };
    let mut app = keeping(session, Vec::new());
    assert_eq!((app.query.tab().name.as_str(), app.query.tab().script.editor().offset()), ("one", 2));
    press(&mut app, "ctrl-pgdn F5");
    assert!(app.query.tab().is_running());
    press(&mut app, "alt-t");
    assert_eq!(text(&app), "closed before");
    let mut app = keeping(Session { current: 99, ..Session::default() }, Vec::new());
    assert_eq!(app.query.tabs().count(), 1);
    press(&mut app, "x");
}

#[test]
fn what_was_in_the_editor_before_an_earlier_query_was_brought_back_is_kept_too() {
    let mut app = keeping(Session::default(), vec![Ran { query: "earlier".into(), ..Ran::default() }]);
    app.query.tab_mut().script = Script::new("my own");
    press(&mut app, "ctrl-up");
    assert_eq!(text(&app), "earlier");
    let effects = app.update(Msg::Timer(Timer::Keep), at(300));
    let [Keep::Session(session)] = kept(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((session.tabs[0].text.as_str(), session.closed[0].text.as_str()), ("earlier", "my own"));
}

#[test]
fn what_an_earlier_query_took_the_place_of_outlives_a_run_and_the_tab() {
    for keys in ["ctrl-up F5", "ctrl-up alt-w"] {
        let mut app = keeping(Session::default(), vec![Ran { query: "earlier".into(), ..Ran::default() }]);
        app.query.tab_mut().script = Script::new("my own");
        press(&mut app, keys);
        if keys.ends_with("alt-w") {
            press(&mut app, "alt-t");
            assert_eq!(text(&app), "earlier");
        }
        press(&mut app, "alt-t");
        assert_eq!(text(&app), "my own", "{keys}");
    }
    let mut app = keeping(Session::default(), Vec::new());
    app.query.tab_mut().script = Script::new("STREAM one FROM events");
    ran(&mut app, &["1"]);
    app.query.tab_mut().script = Script::new("STREAM two FROM events");
    ran(&mut app, &["1"]);
    press(&mut app, "ctrl-up F5 alt-t");
    assert_eq!(said(&app), "No tab was closed.", "what was run is in the history");
}

#[test]
fn whether_a_saved_query_was_changed_outlives_the_session() {
    let saved = |changed| SavedTab { saved_as: Some("mine".into()), changed, ..tab("mine", "STREAM e FROM events") };
    let session = Session { tabs: vec![saved(false), saved(true)], ..Session::default() };
    let mut app = keeping(session.clone(), Vec::new());
    assert_eq!(app.query.tabs().iter().map(Tab::is_changed).collect::<Vec<_>>(), [false, true]);
    press(&mut app, "ctrl-t");
    let effects = app.update(Msg::Timer(Timer::Keep), at(300));
    let [Keep::Session(kept)] = kept(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((&kept.tabs[0], &kept.tabs[2]), (&session.tabs[0], &session.tabs[1]));
}

#[test]
fn every_run_is_kept_with_what_came_of_it() {
    let mut app = keeping(Session::default(), Vec::new());
    app.query.tab_mut().script = Script::new("-- note\nSTREAM e FROM events");
    press_at(&mut app, "F5", Now { since_start: Duration::from_secs(1), wall: 1_000_000_000 });
    rows(&mut app, &["1", "2"]);
    let effects =
        answer(&mut app, Reply::Queried(Ok(())), Now { since_start: Duration::from_secs(3), wall: 3_000_000_000 });
    let [Keep::Ran(ran)] = kept(&effects)[..] else { panic!("{effects:?}") };
    let expected = Ran {
        query: "-- note\nSTREAM e FROM events".into(),
        parameters: BTreeMap::new(),
        connection: "shop".into(),
        url: "http://localhost:8080".into(),
        when: "1970-01-01T00:00:01Z".into(),
        took_ms: 2000,
        rows: 2,
        error: None,
    };
    assert_eq!(ran, &expected);
    press(&mut app, "F5");
    let effects = answer(&mut app, refused("no such field", None), at(9));
    assert!(matches!(kept(&effects)[..], [Keep::Ran(Ran { error: Some(error), .. })] if error == "no such field"));
    press(&mut app, "F5");
    let effects = press(&mut app, "F5");
    assert!(matches!(kept(&effects)[..], [Keep::Ran(Ran { error: Some(error), .. })] if error == "cancelled"));
    let effects = press(&mut app, "alt-w");
    assert!(matches!(kept(&effects)[..], [Keep::Ran(_)]), "{effects:?}");
}

#[test]
fn a_tab_gets_another_name() {
    let mut app = app();
    press(&mut app, "alt-r b o x enter");
    assert_eq!(app.query.tab().name, "box");
    press(&mut app, "alt-r space enter");
    assert_eq!((app.query.tab().name.as_str(), app.query.entry().is_none()), ("box", true));
    press(&mut app, "alt-r z esc");
    assert_eq!((app.query.tab().name.as_str(), text(&app).as_str()), ("box", script::EXAMPLE));
}

#[test]
fn a_text_is_looked_for_while_it_is_typed_and_then_again() {
    let mut app = app_with("STREAM e FROM events\nWHERE e.n == 1 AND e.m == 2");
    press(&mut app, "ctrl-f = =");
    assert_eq!(app.query.tab().script.editor().cursor(), (1, 10));
    press(&mut app, "enter");
    assert_eq!(app.query.tab().script.editor().cursor(), (1, 23));
    press(&mut app, "esc ctrl-g");
    assert_eq!(app.query.tab().script.editor().cursor(), (1, 10), "behind the last comes the first");
    press(&mut app, "ctrl-f z");
    press(&mut app, "enter");
    assert_eq!(said(&app), "`z` is not in this text.");
}
