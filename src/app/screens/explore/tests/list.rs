//! How the list is narrowed, marked and read, told in keys.

use super::{app, give, line, loaded, press, reply, screen, shop};
use crate::app::App;
use crate::app::effect::{Effect, Timer};
use crate::app::message::{Msg, Now, Reply};
use crate::app::screens::explore::Pane;
use crate::ui::{Look, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn shown(app: &App) -> Vec<usize> {
    (0..app.explore.events.len()).filter_map(|index| app.explore.events.position(index)).collect()
}

fn said(app: &App) -> &str {
    app.messages.all().front().map_or("", |message| message.text.as_str())
}

/// Every run of letters that is drawn as found.
fn found(app: &mut App, width: u16, height: u16) -> Vec<String> {
    screen(app, width, height);
    let look = Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC };
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, app, &look)).unwrap();
    let (mut runs, mut run) = (Vec::new(), String::new());
    for cell in terminal.backend().buffer().content() {
        let style = cell.style();
        let is_found = style.add_modifier.contains(look.theme.found.add_modifier) && style.fg == look.theme.found.fg;
        match is_found {
            true => run.push_str(cell.symbol()),
            false if !run.is_empty() => runs.push(std::mem::take(&mut run)),
            false => {}
        }
    }
    runs
}

#[test]
fn what_the_filter_matches_is_marked_in_the_rows_and_in_the_event() {
    let mut app = loaded();
    press(&mut app, "enter / o s a k a enter");
    assert_eq!(found(&mut app, 160, 50), ["Osaka", "Osaka"], "the row and the event");
    press(&mut app, "esc / / o r d e r - ( p a i d | p l a c e d ) / enter");
    let marks = found(&mut app, 80, 24);
    assert_eq!(marks, ["order-placed", "order-paid", "order-placed"]);
    press(&mut app, "esc /");
    let effects = app.update(Msg::Paste("e.data.total > 100".into()), Now::default());
    super::search(&mut app, effects);
    press(&mut app, "enter");
    assert_eq!(found(&mut app, 160, 50), ["12345678901234567890"; 2], "what a condition looks at");
}

#[test]
fn n_goes_from_match_to_match_through_the_events() {
    let mut app = loaded();
    press(&mut app, "enter n");
    assert!(said(&app).starts_with("Nothing is looked for."), "{}", said(&app));
    press(&mut app, "/ c i t y enter");
    assert_eq!(shown(&app), [2, 0]);
    press(&mut app, "n");
    assert_eq!(app.explore.events.selected(), Some(0));
    press(&mut app, "N enter");
    assert_eq!((app.explore.pane, app.explore.events.selected()), (Pane::Event, Some(2)));
    let here = |app: &App| {
        let (position, view) = app.explore.event.as_ref().unwrap();
        (*position, view.current().map(|row| row.key.clone()).unwrap_or_default())
    };
    press(&mut app, "n");
    assert_eq!(here(&app), (2, "city".into()));
    press(&mut app, "n");
    assert_eq!(here(&app), (0, "city".into()), "behind the last match of an event comes the next event");
    press(&mut app, "n");
    assert_eq!((here(&app).0, said(&app)), (0, "No match comes after this one."));
    press(&mut app, "N");
    assert_eq!(here(&app), (2, "city".into()));
    press(&mut app, "]");
    assert_eq!(here(&app).0, 0, "] is still the next event");
}

#[test]
fn the_others_are_shown_around_the_matches() {
    let mut app = loaded();
    press(&mut app, "enter / o r d e r - p enter");
    assert_eq!(shown(&app), [4, 3, 1]);
    press(&mut app, "down f");
    assert_eq!((shown(&app).len(), app.explore.events.selected()), (6, Some(3)));
    insta::assert_snapshot!("list_around_80x24", screen(&mut app, 80, 24));
    press(&mut app, "n");
    assert_eq!(app.explore.events.selected(), Some(1));
    press(&mut app, "N N");
    assert_eq!(app.explore.events.selected(), Some(4));
    press(&mut app, "f");
    assert_eq!((shown(&app), app.explore.events.selected()), (vec![4, 3, 1], Some(4)));
    press(&mut app, "esc f");
    assert!(said(&app).starts_with("All events are listed."));
}

#[test]
fn bounds_narrow_the_list_and_say_so() {
    let mut app = loaded();
    press(&mut app, "enter down down (");
    assert_eq!((shown(&app), app.explore.events.selected()), (vec![5, 4, 3], Some(3)), "the event itself is in it");
    press(&mut app, "up )");
    assert_eq!((shown(&app), app.explore.events.selected()), (vec![4, 3], Some(4)));
    insta::assert_snapshot!("list_bounds_80x24", screen(&mut app, 80, 24));
    press(&mut app, "u");
    insta::assert_snapshot!("list_bounds_160x50", screen(&mut app, 160, 50));
    press(&mut app, "b");
    assert_eq!((shown(&app).len(), app.explore.events.selected()), (6, Some(4)));
    press(&mut app, "esc esc down enter u");
    assert_eq!(shown(&app), [5, 2, 0], "each subject has its own latest");
    press(&mut app, "/ n o t h i n g");
    assert!(screen(&mut app, 80, 24).contains("b the bounds"));
}

#[test]
fn only_the_latest_of_each_type_is_kept_while_events_come_in() {
    let mut app = app();
    let paid = |n| line(n, "/order/1", "order-paid", "{}");
    give(&mut app, &[paid(0), paid(1)]);
    press(&mut app, "enter u");
    give(&mut app, &[paid(2), line(3, "/order/2", "order-paid", "{}"), paid(4)]);
    reply(&mut app, Reply::Streamed(Ok(())));
    assert_eq!(shown(&app), [4, 3]);
    press(&mut app, "b G up u");
    assert_eq!(app.explore.events.selected(), Some(3), "the neighbour of an event that is not listed any more");
}

#[test]
fn times_are_told_in_three_ways_and_the_head_says_which() {
    let mut app = loaded();
    app.explore.columns.local = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
    press(&mut app, "enter");
    let shown = screen(&mut app, 160, 50);
    assert!(shown.contains("time (local)") && shown.contains("15:04:00.117"), "{shown}");
    press(&mut app, "Z");
    let shown = screen(&mut app, 160, 50);
    assert!(shown.contains("time (UTC)") && shown.contains("13:04:00.117"), "{shown}");
    let now = Now { wall: 1_772_373_520_000_000_000, ..Now::default() };
    let wakes = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Wake(Timer::Ages, _)));
    let key = || Msg::Key(crate::app::key::Key::named("Z").unwrap().event());
    assert!(wakes(&app.update(key(), now)) && wakes(&app.update(Msg::Timer(Timer::Ages), now)), "ages change");
    let look = Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC };
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| draw(frame, &app, &look)).unwrap();
    insta::assert_snapshot!("list_relative_80x24", terminal.backend());
    app.update(key(), now);
    assert!(!wakes(&app.update(Msg::Timer(Timer::Ages), now)), "nothing ticks when no ages are shown");
}

#[test]
fn a_value_becomes_a_column_and_goes_again() {
    let mut app = loaded();
    press(&mut app, "enter down enter down C esc");
    let names = |app: &App| app.explore.columns.fields().iter().map(|c| c.name().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&app), ["data.total"]);
    press(&mut app, "G enter down down down C esc");
    assert_eq!(names(&app), ["data.total", "data.address.city"]);
    insta::assert_snapshot!("list_columns_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("list_columns_160x50", screen(&mut app, 160, 50));
    insta::assert_snapshot!("list_columns_20x5", screen(&mut app, 20, 5));
    press(&mut app, "enter C");
    assert_eq!(names(&app), ["data.total"]);
}

#[test]
fn numbers_stand_right_and_widths_do_not_shrink_while_one_scrolls() {
    let mut app = app();
    let lines: Vec<String> = (0..60)
        .map(|n| line(n, "/a", "t", &format!(r#"{{"total":{}}}"#, if n == 59 { 123_456_789 } else { n })))
        .collect();
    give(&mut app, &lines);
    press(&mut app, "enter enter down C esc");
    /// Where a text ends on the line that has another one, in columns.
    fn end(shown: &str, on: &str, text: &str) -> usize {
        let line = shown.lines().find(|line| line.contains(on)).unwrap();
        line[..line.rfind(text).unwrap() + text.len()].chars().count()
    }
    let shown = screen(&mut app, 80, 24);
    let head = end(&shown, "data.total", "data.total");
    assert_eq!(end(&shown, "13:58:00.117", "58"), head, "{shown}");
    press(&mut app, "G");
    let shown = screen(&mut app, 80, 24);
    assert_eq!(end(&shown, "data.total", "data.total"), head, "the long number is out of sight, its column stays");
    assert_eq!(end(&shown, "13:05:00.117", "5"), head, "{shown}");
}

#[test]
fn marked_events_are_copied_together() {
    let mut app = loaded();
    press(&mut app, "enter M");
    assert!(said(&app).starts_with("m marks the first event"));
    press(&mut app, "down m down down M y");
    let id = |n: usize| format!("00000000-0000-4000-8000-{n:012}\n");
    let effects = press(&mut app, "y");
    assert_eq!(effects.first(), Some(&Effect::Copy([4, 3, 2].map(id).concat())), "in the order of the list");
    let effects = press(&mut app, "s Y");
    let lines = shop();
    assert_eq!(effects.first(), Some(&Effect::Copy(format!("{}\n{}\n{}\n", lines[2], lines[3], lines[4]))));
    assert!(screen(&mut app, 80, 24).contains("3 marked"));
    press(&mut app, "U");
    let effects = press(&mut app, "y");
    assert_eq!(effects.first(), Some(&Effect::Copy(id(2).trim_end().into())), "nothing is marked any more");
}
