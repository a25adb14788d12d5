//! What is typed over the panes: columns, places to go to, files.

use super::{app, give, line, loaded, press, reply, screen};
use crate::app::App;
use crate::app::effect::{Call, Effect, Slot};
use crate::app::export::{Export, ExportFailure, Format, Source, Written};
use crate::app::key::Key;
use crate::app::message::{Msg, Now, Reply};
use crate::app::screens::explore::Pane;
use crate::app::screens::tests::stage::snapshot_of_formats;

fn write(app: &mut App, text: &str) -> Vec<Effect> {
    let effects = text.chars().flat_map(|c| {
        let key = if c == ' ' { Key::named("space") } else { Key::named(&c.to_string()) };
        app.update(Msg::Key(key.unwrap().event()), Now::default())
    });
    effects.collect()
}

fn columns(app: &App) -> Vec<String> {
    app.explore.columns.fields().iter().map(|column| column.name().to_owned()).collect()
}

fn said(app: &App) -> &str {
    app.messages.all().front().map_or("", |message| message.text.as_str())
}

#[test]
fn a_column_is_typed_with_the_fields_that_were_seen() {
    let mut app = loaded();
    press(&mut app, "enter C");
    insta::assert_snapshot!("columns_80x24", screen(&mut app, 80, 24));
    write(&mut app, "cty");
    insta::assert_snapshot!("columns_typed_80x24", screen(&mut app, 80, 24));
    press(&mut app, "down enter");
    assert_eq!(columns(&app), ["data.address.city"], "some letters find it");
    press(&mut app, "C");
    write(&mut app, "not.seen[0]");
    press(&mut app, "enter");
    assert_eq!(columns(&app), ["data.address.city", "data.not.seen[0]"], "what no event has can be typed");
    press(&mut app, "C down enter");
    assert_eq!(columns(&app), ["data.address.city"], "what is a column stands first and is taken away");
    press(&mut app, "C x esc");
    assert_eq!((columns(&app).len(), app.typing()), (1, false));
}

#[test]
fn one_line_goes_to_an_event_a_time_and_a_subject() {
    let mut app = loaded();
    press(&mut app, "@");
    insta::assert_snapshot!("go_to_80x24", screen(&mut app, 80, 24));
    let id = "00000000-0000-4000-8000-000000000003";
    write(&mut app, id);
    assert!(screen(&mut app, 80, 24).contains("the event with this id"));
    press(&mut app, "enter");
    assert_eq!((app.explore.pane, app.explore.events.selected()), (Pane::Events, Some(3)));
    assert_eq!(app.explore.events.len(), 6, "the list stays as it is when the event is in it");
    press(&mut app, "@");
    write(&mut app, "13:02");
    insta::assert_snapshot!("go_to_time_80x24", screen(&mut app, 80, 24));
    press(&mut app, "enter");
    assert_eq!(app.explore.events.selected(), Some(2));
    press(&mut app, "@");
    write(&mut app, "2027-01-01");
    press(&mut app, "enter");
    assert_eq!(
        (app.explore.events.selected(), said(&app)),
        (Some(5), "All listed events are earlier; this is the last one.")
    );
    press(&mut app, "@");
    write(&mut app, "cus42");
    insta::assert_snapshot!("go_to_subject_80x24", screen(&mut app, 80, 24));
    press(&mut app, "down enter");
    assert_eq!(app.explore.events.scope().name(), "/customer/42/address");
    press(&mut app, "@");
    write(&mut app, id);
    press(&mut app, "enter");
    assert_eq!((app.explore.events.scope().name(), app.explore.events.selected()), ("/order/1", Some(3)));
    press(&mut app, "@");
    write(&mut app, "zzz");
    press(&mut app, "enter");
    assert!(said(&app).starts_with("There is no such subject"));
    assert!(screen(&mut app, 80, 24).contains("zzz"), "what was typed stays");
    press(&mut app, "esc @");
    write(&mut app, "deadbeef-0000");
    press(&mut app, "enter");
    assert!(said(&app).contains("deadbeef-0000 is not loaded"));
}

#[test]
fn an_event_that_a_bound_or_a_filter_hides_is_gone_to_all_the_same() {
    let mut app = loaded();
    press(&mut app, "enter ( / o s a k a enter");
    assert!(app.explore.events.is_empty());
    press(&mut app, "@");
    write(&mut app, "00000000-0000-4000-8000-000000000001");
    press(&mut app, "enter");
    assert_eq!(app.explore.events.selected(), Some(1));
    assert!(!app.explore.events.bounds().is_set() && app.explore.events.filter.is_none());
}

#[test]
fn many_subjects_are_looked_through_in_portions() {
    let mut app = app();
    let lines: Vec<String> = (0..20_000).map(|n| line(n, &format!("/s/{n}"), "t", "{}")).collect();
    give(&mut app, &lines);
    press(&mut app, "@");
    let effects = write(&mut app, "19999");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Wake(crate::app::effect::Timer::Work, _))));
    assert!(!screen(&mut app, 80, 24).contains("/s/19999"), "not looked at yet");
    while app
        .update(Msg::Timer(crate::app::effect::Timer::Work), Now::default())
        .iter()
        .any(|effect| matches!(effect, Effect::Wake(..)))
    {}
    assert!(screen(&mut app, 80, 24).contains("/s/19999"));
    press(&mut app, "enter");
    assert_eq!(app.explore.events.scope().name(), "/s/19999");
}

/// The export that was started, with its generation.
fn exported(effects: &[Effect]) -> (u32, Export) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Export, generation, call: Call::Export(export) } => {
            Some((*generation, export.clone()))
        }
        _ => None,
    });
    found.expect("an export was started")
}

fn positions(export: &Export) -> &[u32] {
    match &export.source {
        Source::Events { positions, .. } => positions,
        Source::Rows { .. } => &[],
    }
}

fn answer(app: &mut App, generation: u32, reply: Reply) -> Vec<Effect> {
    app.update(Msg::Reply { slot: Slot::Export, generation, reply }, Now::default())
}

#[test]
fn the_list_is_exported_as_it_is_shown() {
    let mut app = loaded();
    press(&mut app, "enter C");
    write(&mut app, "total");
    press(&mut app, "enter / o r d e r enter X");
    snapshot_of_formats!("export_80x24", screen(&mut app, 80, 24));
    press(&mut app, "tab tab");
    snapshot_of_formats!("export_csv_100x24", screen(&mut app, 100, 24));
    let (generation, export) = exported(&press(&mut app, "enter"));
    assert_eq!((positions(&export), export.format, export.path.as_str()), (&[4, 3, 1][..], Format::Csv, "events.csv"));
    assert_eq!(export.fields[3].name, "data.total");
    answer(&mut app, generation, Reply::Exporting(1));
    assert!(screen(&mut app, 100, 24).contains("exporting 1 of 3 events, 33 % · X stops"));
    let written = Written { items: 3, bytes: 100, ..Written::default() };
    answer(&mut app, generation, Reply::Exported(Ok(written)));
    assert_eq!(said(&app), "3 events written to events.csv.");
    assert!(!screen(&mut app, 100, 24).contains("exporting"));
}

#[test]
fn marked_events_can_be_exported_alone_and_the_name_tells_the_format() {
    let mut app = loaded();
    press(&mut app, "enter m down down m X alt-m");
    snapshot_of_formats!("export_marked_80x24", screen(&mut app, 80, 24));
    app.update(Msg::Paste("x.json".into()), Now::default());
    let (_, export) = exported(&press(&mut app, "enter"));
    let path = export.path.as_str();
    assert_eq!((positions(&export), export.format, path), (&[5, 3][..], Format::Json, "x.json"));
    let mut app = loaded();
    press(&mut app, "enter X end backspace");
    assert_eq!(exported(&press(&mut app, "enter")).1.path, "events.ndjso", "the name that is offered can be changed");
}

#[test]
fn a_file_that_is_there_already_is_asked_about() {
    let mut app = loaded();
    let (generation, _) = exported(&press(&mut app, "enter X enter"));
    answer(&mut app, generation, Reply::Exported(Err(ExportFailure::Exists)));
    snapshot_of_formats!("export_exists_80x24", screen(&mut app, 80, 24));
    press(&mut app, "n");
    assert!(screen(&mut app, 80, 24).contains("Export to a file"), "another name can be typed");
    let (generation, export) = exported(&press(&mut app, "enter"));
    assert!(!export.replace);
    answer(&mut app, generation, Reply::Exported(Err(ExportFailure::Exists)));
    let (generation, export) = exported(&press(&mut app, "y"));
    assert!(export.replace && positions(&export).len() == 6);
    answer(&mut app, generation, Reply::Exported(Err(ExportFailure::Failed("no space left on device".into()))));
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("No space left on device.") && shown.contains("events.ndjson"), "{shown}");
}

#[test]
fn an_export_is_stopped_and_leaving_asks_about_it() {
    let mut app = loaded();
    press(&mut app, "enter X enter q");
    assert!(screen(&mut app, 80, 24).contains("is not written to its end"));
    press(&mut app, "n X");
    insta::assert_snapshot!("export_stop_80x24", screen(&mut app, 80, 24));
    let effects = press(&mut app, "y");
    assert!(effects.contains(&Effect::Cancel(Slot::Export)));
    assert_eq!(said(&app), "The export was stopped; no file was written.");
    press(&mut app, "q");
    assert!(app.overlays.is_empty());
}

#[test]
fn an_empty_list_is_not_exported() {
    let mut app = app();
    reply(&mut app, Reply::Streamed(Ok(())));
    press(&mut app, "enter X");
    assert!(said(&app).starts_with("No event is listed here"));
}

#[test]
fn the_search_for_an_event_is_told_and_can_be_stopped() {
    let mut app = loaded();
    press(&mut app, "enter @");
    write(&mut app, "00000000-0000-4000-8000-000000000001");
    let effects = app.update(Msg::Key(Key::named("enter").unwrap().event()), Now::default());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Start { slot: Slot::Find, .. })));
    assert!(screen(&mut app, 80, 24).contains("looking for the event, Esc stops"));
    assert!(press(&mut app, "esc").contains(&Effect::Cancel(Slot::Find)));
    assert!(app.explore.pane == Pane::Events && !screen(&mut app, 80, 24).contains("looking for the event"));
}
