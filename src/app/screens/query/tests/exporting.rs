//! Rows on their way to a file or to the clipboard.

use super::drawing::screen;
use super::*;
use crate::app::export::{Export, ExportFailure, Format, Source, Written};
use crate::app::overlay::Overlay;
use crate::app::screens::tests::stage::snapshot_of_formats;

const ROWS: [&str; 3] =
    [r#"{"city":"Oslo","shop":{"name":"Market"},"n":7}"#, r#"{"city":"=Bergen","n":12}"#, r#"{"n":1}"#];

fn results() -> App {
    let mut app = app();
    ran(&mut app, &ROWS);
    press(&mut app, "tab");
    app
}

/// The export that was started, with its generation.
fn started(effects: &[Effect]) -> (u32, Export) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Export, generation, call: Call::Export(export) } => {
            Some((*generation, export.clone()))
        }
        _ => None,
    });
    found.expect("an export was started")
}

fn told(app: &mut App, generation: u32, reply: Reply) -> Vec<Effect> {
    app.update(Msg::Reply { slot: Slot::Export, generation, reply }, Now::default())
}

fn text(export: &Export) -> String {
    let mut out = Vec::new();
    export.write(&mut out, &mut |_| true).unwrap();
    String::from_utf8(out).unwrap()
}

fn copied(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn what_is_shown_is_written_in_the_background() {
    let mut app = results();
    press(&mut app, "- $ s");
    work(&mut app);
    press(&mut app, "X");
    snapshot_of_formats!("export_rows_80x24", screen(&mut app, 80, 24));
    assert_eq!(screen(&mut app, 80, 24).contains("○ Parquet"), Format::Parquet.is_available());
    snapshot_of_formats!("export_rows_40x12", screen(&mut app, 40, 12));
    let (generation, export) = started(&press(&mut app, "enter"));
    assert_eq!((export.path.as_str(), export.format), ("query-1.csv", Format::Csv));
    assert_eq!(text(&export), "shop.name,n\n,1\nMarket,7\n,12\n");
    told(&mut app, generation, Reply::Exporting(1));
    insta::assert_snapshot!("export_rows_running_80x24", screen(&mut app, 80, 24));
    let written = Written { items: 3, formulas: 2, ..Written::default() };
    told(&mut app, generation, Reply::Exported(Ok(written)));
    assert_eq!(
        said(&app),
        "3 rows written to query-1.csv. 2 texts begin with = + - or @: a spreadsheet may take that for a formula."
    );
}

#[test]
fn marked_rows_a_column_and_the_format_are_chosen_in_the_dialog() {
    let mut app = results();
    press(&mut app, "j m X");
    app.update(Msg::Paste("query-1.ndjson".into()), Now::default());
    press(&mut app, "alt-m alt-o");
    snapshot_of_formats!("export_rows_chosen_160x50", screen(&mut app, 160, 50));
    let (_, export) = started(&press(&mut app, "enter"));
    assert_eq!((export.path.as_str(), text(&export).as_str()), ("query-1.ndjson", "\"=Bergen\"\n"));
    let mut app = results();
    press(&mut app, "X alt-m");
    app.update(Msg::Paste("all.md".into()), Now::default());
    let (_, export) = started(&press(&mut app, "enter"));
    assert!(matches!(&export.source, Source::Rows { order, .. } if order.len() == 3), "nothing is marked");
    assert_eq!((export.path.as_str(), export.format), ("all.md", Format::Markdown));
}

#[test]
fn rows_are_copied_in_any_format_as_long_as_the_clipboard_takes_them() {
    let mut app = results();
    let effects = press(&mut app, "X tab alt-y");
    assert_eq!(copied(&effects), Some("city\tshop.name\tn\nOslo\tMarket\t7\n=Bergen\t\t12\n\t\t1\n"));
    assert_eq!((said(&app), app.typing()), ("Copied 3 rows as TSV.", false));
    let mut app = super::app();
    let long = format!("{{\"t\":\"{}\"}}", "x".repeat(60_000));
    ran(&mut app, &[&long, &long]);
    assert_eq!(copied(&press(&mut app, "tab X alt-y")), None);
    assert!(screen(&mut app, 100, 24).contains("More than 100 kB: a terminal's clipboard takes no more."));
    press(&mut app, "esc m X alt-m");
    assert!(copied(&press(&mut app, "alt-y")).is_some_and(|text| text.len() > 60_000));
    let mut app = super::app();
    let long = format!("{{\"n\":1,\"t\":\"{}\"}}", "x".repeat(2_500_000));
    ran(&mut app, &[&long, &long]);
    assert_eq!(copied(&press(&mut app, "tab X alt-o alt-y")), None, "a short column of long rows");
    assert!(screen(&mut app, 100, 24).contains("More than 4 MB of rows: mark fewer of them, or write a file."));
}

#[test]
fn a_file_that_is_there_and_one_that_cannot_be_written() {
    let mut app = results();
    let (generation, _) = started(&press(&mut app, "X enter"));
    told(&mut app, generation, Reply::Exported(Err(ExportFailure::Exists)));
    assert!(matches!(app.overlays.last(), Some(Overlay::Question(_))));
    press(&mut app, "n");
    assert!(app.query.tab().export.is_some(), "another name can be typed");
    let (generation, export) = started(&press(&mut app, "enter"));
    assert!(!export.replace);
    told(&mut app, generation, Reply::Exported(Err(ExportFailure::Exists)));
    let (generation, export) = started(&press(&mut app, "y"));
    assert!(export.replace && app.query.tab().export.is_none());
    told(&mut app, generation, Reply::Exported(Err(ExportFailure::Failed("no space left on device".into()))));
    assert!(screen(&mut app, 80, 24).contains("No space left on device."));
}

#[test]
fn one_list_at_a_time_and_leaving_asks() {
    let mut app = results();
    press(&mut app, "X enter X");
    assert!(screen(&mut app, 80, 24).contains("Stop the export?"));
    press(&mut app, "n q");
    assert!(screen(&mut app, 80, 24).contains("is not written to its end"));
    press(&mut app, "n 1 enter X");
    assert!(screen(&mut app, 80, 24).contains("query-1.csv is being written: 0 of 3 rows."));
    assert!(press(&mut app, "y").contains(&Effect::Cancel(Slot::Export)));
}

#[test]
fn without_rows_there_is_nothing_to_write() {
    let mut app = app();
    ran(&mut app, &[]);
    press(&mut app, "tab X");
    assert!(said(&app).starts_with("No row is shown here"));
}
