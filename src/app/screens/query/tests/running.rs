//! Runs: started, cancelled, ended, failed.

use super::*;
use crate::app::screens::ScreenId;

const QUERY: &str = "-- note\nSTREAM e FROM events\nWHERE e.n = 1";

#[test]
fn rows_come_in_portions_and_the_time_counts_on() {
    let mut app = app_with(QUERY);
    let effects = press_at(&mut app, "F5", at(1000));
    assert_eq!(
        effects,
        [
            Effect::Start {
                slot: Slot::Query(0),
                generation: 1,
                call: Call::Query("STREAM e FROM events\nWHERE e.n = 1".into())
            },
            Effect::Wake(Timer::Second, Duration::from_secs(1)),
        ]
    );
    answer(&mut app, Reply::Rows(["1", "2"].iter().collect()), at(1500));
    assert_eq!((app.query.tab().table.rows().len(), app.query.is_running()), (2, true));
    let again = app.update(Msg::Timer(Timer::Second), at(2000));
    assert_eq!(again, [Effect::Wake(Timer::Second, Duration::from_secs(1))]);
    answer(&mut app, Reply::Rows(["3"].iter().collect()), at(2100));
    answer(&mut app, Reply::Queried(Ok(())), at(3200));
    let run = app.query.tab().run.clone().unwrap();
    assert_eq!(run.state, State::Ended(Duration::from_millis(2200), End::Done));
    assert_eq!(app.update(Msg::Timer(Timer::Second), at(4000)), []);
    assert_eq!((app.query.tab().table.rows().len(), app.query.tab().pane), (3, Pane::Editor));
}

/// No server stands behind a backup: its query runs over what is loaded, and says how much of that it read.
#[test]
fn a_backup_is_asked_here() {
    let mut app = app_with("STREAM e FROM events WHERE e.type == 'x' AND e.subject UNDER '/a'");
    app.world.connection.origin = Origin::File("backup.ndjson".into());
    let effects = press(&mut app, "F5");
    let [Effect::Start { slot: Slot::Query(0), call: Call::Local(local), .. }, Effect::Wake(..)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(local.query.as_ref(), &gdbql::parse(&app.query.tab().script.editor().text()).unwrap());
    assert_eq!(local.view.positions(), 0..2);
    assert_eq!(local.wanted, Wanted::new(&app.world.log, &local.query.cut()));
    rows(&mut app, &["1"]);
    answer(&mut app, Reply::Read(1), at(10));
    assert!(app.query.is_running());
    answer(&mut app, Reply::Queried(Ok(())), at(20));
    assert_eq!(app.query.tab().run.as_ref().unwrap().local.as_ref().unwrap().read, Some(1));

    app.query.tab_mut().script = Script::new("STREAM e FROM events WHERE");
    assert_eq!(press(&mut app, "F5").iter().filter(|effect| matches!(effect, Effect::Start { .. })).count(), 0);
    assert!(!app.query.is_running() && said(&app).starts_with("Line 1, column 27"), "{}", said(&app));
}

#[test]
fn esc_cancels_and_keeps_the_rows() {
    for keys in ["F5", "F5 tab"] {
        let mut app = app_with(QUERY);
        press(&mut app, keys);
        rows(&mut app, &["1", "2"]);
        let effects = press(&mut app, "esc");
        assert!(effects.contains(&Effect::Cancel(Slot::Query(0))));
        assert_eq!((app.query.tab().table.rows().len(), app.query.is_running()), (2, false));
        assert_eq!(said(&app), "Cancelled. The 2 rows that came are kept.");
        rows(&mut app, &["3"]);
        assert_eq!(app.query.tab().table.rows().len(), 2, "what comes late is dropped");
    }
}

#[test]
fn running_again_starts_over() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5");
    rows(&mut app, &["1"]);
    let effects = press_at(&mut app, "F5", at(900));
    assert!(matches!(effects[0], Effect::Start { slot: Slot::Query(0), generation: 2, .. }), "{effects:?}");
    assert!(app.query.tab().table.rows().is_empty());
    let late = Msg::Reply { slot: Slot::Query(0), generation: 1, reply: Reply::Rows(["old"].iter().collect()) };
    app.update(late, at(950));
    assert!(app.query.tab().table.rows().is_empty());
}

#[test]
fn a_run_goes_on_while_another_screen_is_shown() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5 alt-1");
    assert_eq!(app.screen, ScreenId::Explore);
    rows(&mut app, &["1"]);
    answer(&mut app, Reply::Queried(Ok(())), at(9));
    assert_eq!(app.query.tab().table.rows().len(), 1);
}

#[test]
fn an_error_with_a_place_stands_there_until_the_text_changes() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5 tab");
    // The server counts from the start of what it was sent.
    let place = QUERY.find("= 1").unwrap() - QUERY.find("STREAM").unwrap();
    answer(&mut app, refused("expected ==", Some(place..place + 1)), at(5));
    assert_eq!((app.query.tab().pane, app.query.tab().script.editor().cursor()), (Pane::Editor, (2, 10)));
    let version = app.query.tab().script.version();
    let marked = app.query.tab().run.as_ref().unwrap().place(version).unwrap();
    assert_eq!(&QUERY[marked], "=");
    assert_eq!(said(&app), "Line 3, column 11: Expected ==.");
    press(&mut app, "left");
    assert!(app.query.tab().run.as_ref().unwrap().place(app.query.tab().script.version()).is_some());
    press(&mut app, "x");
    assert_eq!(app.query.tab().run.as_ref().unwrap().place(app.query.tab().script.version()), None);
}

#[test]
fn an_error_without_a_place_leaves_the_user_where_he_is_and_keeps_the_rows() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5 tab");
    rows(&mut app, &["1"]);
    answer(&mut app, refused("The connection broke.", None), at(5));
    assert_eq!((app.query.tab().pane, app.query.tab().script.editor().cursor()), (Pane::Results, (0, 0)));
    assert_eq!((app.query.tab().table.rows().len(), said(&app)), (1, "The connection broke."));
}

#[test]
fn a_place_in_a_text_that_has_changed_meanwhile_is_not_shown() {
    let mut app = app_with(QUERY);
    press(&mut app, "F5 x");
    answer(&mut app, refused("expected ==", Some(3..4)), at(5));
    assert_eq!(app.query.tab().script.editor().cursor(), (0, 1));
    assert_eq!(said(&app), "Expected ==.");
}

#[test]
fn as_many_rows_as_are_kept_end_the_run() {
    let mut app = app_with(QUERY);
    app.query.tab_mut().bounds = Bounds { rows: 3, bytes: 1000 };
    press(&mut app, "F5");
    assert_eq!(rows(&mut app, &["1", "2"]), []);
    let effects = rows(&mut app, &["3", "4"]);
    assert!(effects.contains(&Effect::Cancel(Slot::Query(0))));
    assert_eq!(app.query.tab().table.rows().len(), 3);
    assert!(matches!(app.query.tab().run.as_ref().unwrap().state, State::Ended(_, End::Full)));
    assert!(said(&app).starts_with("Stopped at 3 rows"));
}

#[test]
fn there_may_be_nothing_to_run() {
    let mut app = app_with("-- nothing yet\n");
    assert_eq!(sent(&press(&mut app, "F5")), None);
    assert!(said(&app).starts_with("There is no query to run."));
    assert_eq!(app.query.tab().run, None);
}

#[test]
fn a_place_that_is_named_in_words_is_found_too() {
    let text = "-- note\nSTREAM e FROM events\nWHERE e.tipe == 5";
    let mut app = app_with(text);
    press(&mut app, "F5");
    answer(&mut app, refused("no such field at line 2, column 9", None), at(30));
    assert_eq!(app.query.tab().script.editor().cursor(), (2, 8));
    let place = app.query.tab().run.as_ref().unwrap().place(app.query.tab().script.version()).unwrap();
    assert_eq!(&text[place], "tipe");
}

#[test]
fn a_place_in_a_query_whose_plan_is_asked_for_is_the_same() {
    let mut app = app_with("STREAM e FROM events WHERE e.n = 1");
    app.world.connection.origin = Origin::Demo;
    assert_eq!(sent(&press(&mut app, "F9")), Some("EXPLAIN STREAM e FROM events WHERE e.n = 1"));
    answer(&mut app, refused("write `==`", Some(39..40)), at(30));
    let place = app.query.tab().run.as_ref().unwrap().place(app.query.tab().script.version()).unwrap();
    assert_eq!(&text(&app)[place], "=");
}
