//! Rows as a picture: shown, chosen, saved.

use super::drawing::screen;
use super::*;
use crate::app::chart::{Body, Signs};
use crate::app::effect::{Call, Save};
use face::Face;

const SALES: [&str; 3] = [
    r#"{"category":"books","items":12031,"revenue":281204.1}"#,
    r#"{"category":"games","items":9310,"revenue":201990}"#,
    r#"{"category":"toys","items":null,"revenue":-40000}"#,
];

fn charted(texts: &[&str]) -> App {
    let mut app = app();
    ran(&mut app, texts);
    press(&mut app, "tab v");
    app
}

fn title(app: &App) -> String {
    app.query.tab().picture.chart().map(|chart| chart.title.clone()).unwrap_or_default()
}

#[test]
fn one_key_makes_a_chart_and_the_same_key_the_table_again() {
    let mut app = charted(&SALES);
    assert_eq!(title(&app), "items by category");
    insta::assert_snapshot!("query_bars_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_bars_40x12", screen(&mut app, 40, 12));
    press(&mut app, "v");
    assert_eq!(app.query.tab().face, Face::Table);
    press(&mut app, "v esc");
    assert_eq!((app.query.tab().face, app.query.tab().pane), (Face::Table, Pane::Results));
    press(&mut app, "tab F6");
    assert_eq!((app.query.tab().face, app.query.tab().pane), (Face::Chart, Pane::Results));
}

#[test]
fn kind_and_columns_are_chosen_and_stay_for_the_next_run() {
    let mut app = charted(&SALES);
    let mut seen = Vec::new();
    for key in ["y", "y", "x", "V", "a"] {
        press(&mut app, key);
        seen.push(title(&app));
    }
    assert_eq!(seen, ["revenue by category", "rows by category", "rows by items", "rows by items", "rows by items"]);
    assert_eq!(app.query.tab().picture.signs, Signs::Ascii);
    press(&mut app, "v v y");
    press(&mut app, "F5");
    rows(&mut app, &SALES[..2]);
    answer(&mut app, Reply::Queried(Ok(())), at(900));
    assert_eq!(app.query.tab().face, Face::Chart, "the next run is drawn as well");
    let chart = app.query.tab().picture.chart().unwrap();
    let Body::Columns(columns) = &chart.body else { panic!("{chart:?}") };
    assert_eq!(columns.counts.iter().sum::<u64>(), 2);
}

#[test]
fn lines_over_time_and_counts_of_events() {
    let of = |n: u32| {
        let name = if n.is_multiple_of(3) { "books" } else { "games" };
        format!(
            r#"{{"hour":"2026-03-{:02}T{:02}:00:00Z","category":"{name}","revenue":{}}}"#,
            1 + n / 24,
            n % 24,
            n * n % 977
        )
    };
    let texts: Vec<String> = (0..96).map(of).collect();
    let mut app = charted(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(title(&app), "revenue over hour by category");
    insta::assert_snapshot!("query_lines_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_lines_160x50", screen(&mut app, 160, 50));
    press(&mut app, "s");
    assert_eq!(title(&app), "revenue over hour");
    let events: Vec<String> = (1..9).map(event).collect();
    let mut app = charted(&events.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(title(&app), "rows by time");
    insta::assert_snapshot!("query_columns_80x24", screen(&mut app, 80, 24));
}

#[test]
fn what_cannot_be_drawn_says_what_can() {
    let mut app = charted(&[r#"{"data":[1]}"#, r#"{"data":[]}"#]);
    let text = screen(&mut app, 80, 24);
    assert!(text.contains("Nothing here can be drawn"), "{text}");
    let mut app = charted(&[]);
    assert!(screen(&mut app, 80, 24).contains("There are no rows to draw"));
    let mut app = super::app();
    press(&mut app, "F6");
    assert!(screen(&mut app, 80, 24).contains("F5 runs the query"));
}

#[test]
fn many_rows_are_drawn_in_portions_while_keys_get_their_turn() {
    let mut app = app();
    press(&mut app, "F5");
    let texts: Vec<String> = (0..25_000).map(|n| format!(r#"{{"n":{}}}"#, n % 100)).collect();
    answer(&mut app, Reply::Rows(texts.iter().collect()), at(100));
    answer(&mut app, Reply::Queried(Ok(())), at(200));
    let effects = press(&mut app, "F6");
    assert!(effects.contains(&Effect::Wake(Timer::Work, Duration::ZERO)));
    assert!(app.query.tab().picture.chart().is_none());
    assert!(screen(&mut app, 80, 24).contains("Reading the rows"));
    work(&mut app);
    assert_eq!(title(&app), "rows by n");
    press(&mut app, "V");
    assert_eq!(title(&app), "rows by n", "there is one kind only, and it stays until another is whole");
}

#[test]
fn rows_that_come_in_are_drawn_every_second() {
    let mut app = app();
    press(&mut app, "F5 F6");
    rows(&mut app, &SALES[..1]);
    app.update(Msg::Timer(Timer::Second), at(1000));
    let bars = |app: &App| match &app.query.tab().picture.chart().unwrap().body {
        Body::Bars(bars) => bars.bars.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(bars(&app), 1);
    rows(&mut app, &SALES[1..2]);
    app.update(Msg::Timer(Timer::Second), at(2000));
    assert_eq!(bars(&app), 2);
}

fn saves(effects: &[Effect]) -> Option<&Save> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Picture(0), call: Call::Save(save), .. } => Some(save),
        _ => None,
    })
}

fn saved(app: &mut App, result: Result<u64, ExportFailure>) {
    let generation = (1..100).find(|generation| app.out.slots.accepts(Slot::Picture(0), *generation)).unwrap();
    app.update(Msg::Reply { slot: Slot::Picture(0), generation, reply: Reply::Saved(result) }, at(600));
}

#[test]
fn a_chart_is_saved_as_svg_and_another_file_goes_only_when_that_was_said() {
    let mut app = charted(&SALES);
    press(&mut app, "X");
    insta::assert_snapshot!("query_save_80x24", screen(&mut app, 80, 24));
    press(&mut app, "backspace");
    let effects = press(&mut app, "enter");
    assert!(saves(&effects).is_none() && screen(&mut app, 80, 24).contains("A file needs a name"));
    app.update(Msg::Paste("~/sales.svg".into()), at(600));
    let effects = press(&mut app, "enter");
    let save = saves(&effects).unwrap();
    assert_eq!((save.path.as_str(), save.replace), ("~/sales.svg", false));
    let document = roxmltree::Document::parse(&save.text).unwrap();
    assert!(document.descendants().any(|node| node.text() == Some("books")));
    saved(&mut app, Err(ExportFailure::Exists));
    let effects = press(&mut app, "y");
    assert!(saves(&effects).unwrap().replace);
    saved(&mut app, Ok(100));
    assert_eq!(said(&app), "The chart is saved as ~/sales.svg.");
    press(&mut app, "X enter");
    saved(&mut app, Err(ExportFailure::Failed("there is no such folder".into())));
    assert!(screen(&mut app, 80, 24).contains("there is no such folder"));
    press(&mut app, "esc esc");
    assert_eq!(app.query.tab().face, Face::Table);
}
