//! A query that is run again and again.

use super::drawing::{screen, screen_at};
use super::*;
use crate::app::effect::Call;
use face::Face;

const QUERY: &str = "STREAM e FROM events GROUP BY e.type MAP { type: e.type, events: COUNT() }";

fn seconds(seconds: u64) -> Now {
    at(seconds * 1000)
}

/// A query that is watched every 5 seconds, its first run sent at second 10.
fn watched() -> App {
    let mut app = app_with(QUERY);
    press(&mut app, "F8");
    let effects = press_at(&mut app, "enter", seconds(10));
    assert_eq!(sent(&effects), Some(QUERY));
    app
}

fn run(app: &mut App, texts: &[&str], now: Now) -> Vec<Effect> {
    answer(app, Reply::Rows(texts.iter().collect()), now);
    let mut effects = answer(app, Reply::Queried(Ok(())), now);
    while effects.contains(&Effect::Wake(Timer::Work, Duration::ZERO)) {
        effects.retain(|effect| *effect != Effect::Wake(Timer::Work, Duration::ZERO));
        effects.extend(app.update(Msg::Timer(Timer::Work), now));
    }
    effects
}

fn due(app: &mut App, now: Now) -> bool {
    let effects = app.update(Msg::Timer(Timer::Watch), now);
    effects.iter().any(|effect| matches!(effect, Effect::Start { call: Call::Query(_), .. }))
}

const FIRST: [&str; 2] = [r#"{"type":"a","events":1}"#, r#"{"type":"b","events":2}"#];
const SECOND: [&str; 3] = [r#"{"type":"b","events":2}"#, r#"{"type":"c","events":7}"#, r#"{"type":"a","events":3}"#];

#[test]
fn the_next_run_begins_so_many_seconds_after_the_end_of_the_last() {
    let mut app = watched();
    assert!(!due(&mut app, seconds(60)), "one is under way");
    let effects = run(&mut app, &FIRST, seconds(61));
    assert!(effects.contains(&Effect::Wake(Timer::Watch, Duration::from_secs(5))), "{effects:?}");
    assert!(!due(&mut app, seconds(65)));
    assert!(due(&mut app, seconds(66)));
    insta::assert_snapshot!("query_watch_running_80x24", screen_at(&mut app, 80, 24, seconds(66)));
}

#[test]
fn what_has_changed_is_marked_and_the_cursor_stays() {
    let mut app = watched();
    run(&mut app, &FIRST, seconds(11));
    press(&mut app, "tab down l s s");
    work(&mut app);
    assert!(due(&mut app, seconds(20)));
    rows(&mut app, &SECOND[..1]);
    assert_eq!(app.query.tab().table.rows().len(), 2, "the rows are whole until the next ones are");
    run(&mut app, &SECOND[1..], seconds(21));
    let tab = app.query.tab();
    assert_eq!((tab.table.rows().len(), tab.table.column(), tab.table.list.selected()), (3, 1, 0));
    assert!(!tab.table.order().by().is_empty(), "still sorted");
    insta::assert_snapshot!("query_watch_changed_80x24", screen_at(&mut app, 80, 24, seconds(23)));
    insta::assert_snapshot!("query_watch_changed_160x50", screen_at(&mut app, 160, 50, seconds(23)));
}

#[test]
fn a_failure_keeps_the_rows_and_makes_the_pause_longer() {
    let mut app = watched();
    run(&mut app, &FIRST, seconds(11));
    press(&mut app, "tab");
    due(&mut app, seconds(20));
    answer(&mut app, refused("the store is being rebuilt", Some(0..6)), seconds(21));
    assert_eq!((app.query.tab().table.rows().len(), app.query.tab().pane), (2, Pane::Results));
    insta::assert_snapshot!("query_watch_failed_80x24", screen_at(&mut app, 80, 24, seconds(24)));
    assert!(!due(&mut app, seconds(30)));
    assert!(due(&mut app, seconds(31)));
    run(&mut app, &FIRST, seconds(32));
    assert!(due(&mut app, seconds(37)), "the usual pause again");
}

#[test]
fn esc_or_the_key_stops_it_and_a_run_by_hand_does() {
    for keys in ["esc", "F8", "F5"] {
        let mut app = watched();
        run(&mut app, &FIRST, seconds(11));
        press(&mut app, keys);
        assert!(app.query.tab().watch.is_none(), "{keys}");
        assert!(!due(&mut app, seconds(60)), "{keys}");
    }
    let mut app = watched();
    let effects = press(&mut app, "esc");
    assert!(effects.contains(&Effect::Cancel(Slot::Query(0))));
    assert!(!app.query.is_running());
}

#[test]
fn seconds_that_will_not_do_are_asked_for_again() {
    let mut app = app_with(QUERY);
    press(&mut app, "F8");
    insta::assert_snapshot!("query_watch_asked_80x24", screen(&mut app, 80, 24));
    press(&mut app, "0 enter");
    assert!(screen(&mut app, 80, 24).contains("The shortest pause is 1 second."));
    press(&mut app, "esc");
    assert!(app.query.tab().prompt.is_none() && app.query.tab().watch.is_none());
    assert_eq!(text(&app), QUERY, "what was typed there is not in the query");
}

#[test]
fn a_chart_follows() {
    let mut app = watched();
    run(&mut app, &FIRST, seconds(11));
    press(&mut app, "F6");
    due(&mut app, seconds(20));
    run(&mut app, &SECOND, seconds(21));
    let chart = app.query.tab().picture.chart().unwrap();
    assert_eq!(app.query.tab().face, Face::Chart);
    let crate::app::chart::Body::Bars(bars) = &chart.body else { panic!("{chart:?}") };
    assert_eq!(bars.bars, [("b".to_owned(), 2.0), ("c".to_owned(), 7.0), ("a".to_owned(), 3.0)]);
}
