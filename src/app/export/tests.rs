//! What is written is what was listed, in each format.

use super::dealt::PORTION;
use super::*;
use crate::app::rows::Rows;
use crate::app::screens::explore::columns::field;
use crate::model::log::{Decoded, EventLog};
use proptest::prelude::*;

fn line(number: usize, data: &str) -> String {
    format!(
        r#"{{"source":"s","subject":"/a/{number}","type":"t","id":"{number}","time":"2026-03-01T00:00:00Z","data":{data}}}"#
    )
}

fn export(lines: &[String], positions: Vec<u32>, format: Format) -> (Vec<u8>, Written) {
    let mut log = EventLog::default();
    log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    let fields = Export::event_fields(["n", "address.city", "source", "type"].iter().map(|name| field(name).unwrap()));
    let source = Source::Events { view: log.view().clone(), positions: positions.into() };
    let export = Export { source, fields, only_cells: false, format, path: "events".into(), replace: false };
    let mut out = Vec::new();
    let written = export.write(&mut out, &mut |_| true).unwrap().unwrap();
    assert_eq!(written.bytes, out.len() as u64);
    (out, written)
}

proptest! {
    #[test]
    fn every_format_holds_the_listed_events_in_their_order(
        events in prop::collection::vec(("[a-c,\"\n\\\\ é]{0,6}", 0i64..1_000, prop::bool::weighted(0.9)), 1..20),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let lines: Vec<String> = events.iter().enumerate().map(|(number, (city, n, whole))| match whole {
            true => line(number, &format!(r#"{{"n":{n}.50,"address":{{"city":{}}}}}"#, crate::model::json::quote(city))),
            false => format!("no event {number}"),
        }).collect();
        let positions: Vec<u32> = chosen.iter().map(|index| u32::try_from(index.index(lines.len())).unwrap()).collect();
        let listed: Vec<usize> = positions.iter().map(|at| *at as usize).collect();
        let whole: Vec<usize> = listed.iter().copied().filter(|at| events[*at].2).collect();

        let (text, written) = export(&lines, positions.clone(), Format::Ndjson);
        let expected: String = listed.iter().map(|at| format!("{}\n", lines[*at])).collect();
        prop_assert_eq!(String::from_utf8(text).unwrap(), expected);
        prop_assert_eq!((written.items, written.left_out), (listed.len(), 0));

        let (text, written) = export(&lines, positions.clone(), Format::Json);
        let read: Vec<Box<serde_json::value::RawValue>> = serde_json::from_slice(&text).unwrap();
        let expected: Vec<&str> = whole.iter().map(|at| lines[*at].as_str()).collect();
        prop_assert_eq!(read.iter().map(|value| value.get()).collect::<Vec<_>>(), expected);
        prop_assert_eq!((written.items, written.left_out), (whole.len(), listed.len() - whole.len()));

        let (text, written) = export(&lines, positions, Format::Csv);
        let mut table = csv::Reader::from_reader(text.as_slice());
        prop_assert_eq!(table.headers().unwrap().iter().collect::<Vec<_>>().join(","),
            "time,type,subject,data.n,data.address.city,source,id,specversion,datacontenttype,predecessorhash,hash,data");
        let rows: Vec<(String, String, String)> = table.records().map(|row| {
            let row = row.unwrap();
            (row[2].to_owned(), row[3].to_owned(), row[4].to_owned())
        }).collect();
        let expected: Vec<_> = whole.iter()
            .map(|at| (format!("/a/{at}"), format!("{}.50", events[*at].1), events[*at].0.clone())).collect();
        prop_assert_eq!(rows, expected);
        prop_assert_eq!(written.left_out, listed.len() - whole.len());
    }
}

#[test]
fn an_event_with_line_feeds_between_its_members_is_one_line() {
    let (text, _) = export(&[line(1, "{\n \"n\":\n1}")], vec![0], Format::Ndjson);
    assert_eq!(String::from_utf8(text).unwrap(), format!("{}\n", line(1, "{  \"n\": 1}")));
}

#[test]
fn it_ends_where_it_is_told_to() {
    let mut log = EventLog::default();
    log.append(Decoded::from_lines([line(1, "{}").as_bytes()]));
    let source = Source::Events { view: log.view().clone(), positions: vec![0; 3 * PORTION].into() };
    let (format, path) = (Format::Ndjson, "x".to_owned());
    let export = Export { source, format, fields: vec![], only_cells: false, path, replace: false };
    let mut seen = Vec::new();
    let mut go_on = |done| {
        seen.push(done);
        done < PORTION
    };
    assert_eq!(export.write(&mut Vec::new(), &mut go_on).unwrap(), None);
    assert_eq!(seen, [0, PORTION]);
}

fn rows(texts: &[String], order: Vec<u32>, names: &[&str], format: Format) -> Export {
    let mut rows = Rows::default();
    rows.append(texts.iter().collect());
    let field = |name: &&str| {
        let path = (*name != "value").then(|| Path::parse(name).unwrap());
        Field { name: (*name).to_owned(), path, number: *name == "n", whole: false }
    };
    let source = Source::Rows { rows, order: order.into() };
    let fields = names.iter().map(field).collect();
    Export { source, fields, only_cells: false, format, path: "rows".into(), replace: false }
}

fn text(export: &Export) -> (String, Written) {
    let mut out = Vec::new();
    let written = export.write(&mut out, &mut |_| true).unwrap().unwrap();
    assert_eq!(written.bytes, out.len() as u64);
    (String::from_utf8(out).unwrap(), written)
}

#[test]
fn rows_are_written_in_their_order_with_the_columns_that_are_shown() {
    let texts = [r#"{"a":{"b":"x,y"},"n":1.50}"#, r#"{"n":2,"a":{"b":"=1+1"},"c":null}"#, "7"].map(str::to_owned);
    let export = |names: &[&str], format| rows(&texts, vec![1, 2, 0], names, format);
    assert_eq!(text(&export(&["n", "a.b", "value"], Format::Csv)).0, "n,a.b,value\n2,=1+1,\n,,7\n1.50,\"x,y\",\n");
    assert_eq!(text(&export(&["a.b"], Format::Csv)).1.formulas, 1, "it is written as it is, and said");
    assert_eq!(text(&export(&["a.b", "n"], Format::Tsv)).0, "a.b\tn\n=1+1\t2\n\t\nx,y\t1.50\n");
    assert_eq!(
        text(&export(&["a.b", "n"], Format::Markdown)).0,
        "| a.b | n |\n| --- | ---: |\n| =1+1 | 2 |\n|  |  |\n| x,y | 1.50 |\n"
    );
    let exact = format!("{}\n{}\n{}\n", texts[1], texts[2], texts[0]);
    assert_eq!(text(&export(&["n"], Format::Ndjson)).0, exact, "hidden columns are columns of tables only");
    assert_eq!(text(&rows(&texts, vec![], &["n"], Format::Json)).0, "[\n]\n");
}

#[test]
fn a_column_alone_is_its_cells() {
    let texts = [r#"{"a":{"b":[1,2]},"n":1}"#, r#"{"n":2}"#].map(str::to_owned);
    let only = |format| text(&Export { only_cells: true, ..rows(&texts, vec![0, 1], &["a.b"], format) }).0;
    assert_eq!(only(Format::Ndjson), "[1,2]\nnull\n");
    assert_eq!(only(Format::Json), "[\n[1,2],\nnull\n]\n");
    assert_eq!(only(Format::Csv), "a.b\n\"[1,2]\"\n\"\"\n");
}

proptest! {
    /// What a table shows is what its CSV says: rows sorted and filtered, columns hidden and moved.
    #[test]
    fn a_file_says_what_the_table_shows(
        cells in prop::collection::vec((0u8..9, "[a-c,\"\n]{0,3}", prop::option::of("[xy]")), 1..20),
        acts in prop::collection::vec((0isize..3, 0u8..6), 0..6),
        wanted in prop::option::of("[abc]"),
    ) {
        use crate::app::screens::query::filter::Pattern;
        use crate::app::screens::query::table::Table;
        let row = |(n, t, d): &(u8, String, Option<String>)| {
            let d = d.as_ref().map(|d| format!(",\"d\":{{\"e\":\"{d}\"}}")).unwrap_or_default();
            format!("{{\"n\":{n},\"t\":{}{d}}}", crate::model::json::quote(t))
        };
        let mut table = Table::default();
        table.append(cells.iter().map(row).collect());
        table.set_filter(wanted.and_then(|text| Pattern::new(&text).unwrap()));
        for (column, act) in acts {
            table.go_columns(isize::MIN);
            table.go_columns(column);
            match act {
                0 => table.turn_sort(),
                1 => drop(table.turn_sort_too()),
                2 => drop(table.turn_column(table.column())),
                3 => table.move_column(true),
                4 => table.mark(),
                _ => table.show_all_columns(),
            }
            while table.advance() {}
        }
        let columns: Vec<_> = table.layout().shown().iter().map(|number| table.columns().get(*number).unwrap()).collect();
        let source = Source::Rows { rows: table.rows().clone(), order: table.in_order(false).into() };
        let fields = columns.iter().copied().map(Field::of_column).collect();
        let export = Export { source, fields, only_cells: false, format: Format::Csv, path: String::new(), replace: false };
        let (text, written) = text(&export);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
        let read: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let shown: Vec<Vec<String>> = (0..table.len()).map(|position| {
            let row = table.row(position).unwrap();
            columns.iter().map(|column| cells::text(column.cell(row)).into_owned()).collect()
        }).collect();
        prop_assert_eq!(read, shown);
        prop_assert_eq!(written.items, table.len());
    }
}

/// A row of the naive table below.
type Cells = (u32, String, Option<String>);

proptest! {
    /// The whole way, against the plain one: leave out what does not match, sort, take the columns.
    #[test]
    fn a_file_agrees_with_a_naive_table(
        rows in prop::collection::vec((0u32..20, "[a-c,\"|\t\n]{0,2}", prop::option::of("[xy]")), 1..30),
        wanted in prop::option::of("[ab1x]"),
        by in prop::sample::subsequence(vec![0usize, 1, 2], 0..=3).prop_shuffle(),
        down in any::<[bool; 3]>(),
        shifts in prop::collection::vec((0usize..3, any::<bool>()), 0..4),
        hidden in prop::sample::subsequence(vec![0usize, 1, 2], 0..=2),
        format in prop::sample::select(vec![Table::Csv, Table::Tsv, Table::Markdown]),
    ) {
        use crate::app::screens::query::{filter::Pattern, table::Table as Shown};
        let row = |(n, t, e): &Cells| {
            let e = e.as_ref().map(|e| format!(",\"d\":{{\"e\":\"{e}\"}}")).unwrap_or_default();
            format!("{{\"n\":{n},\"t\":{}{e}}}", crate::model::json::quote(t))
        };
        let mut rows = rows;
        // The columns are there from the first row on.
        rows[0].2.get_or_insert("x".into());
        let mut table = Shown::default();
        table.append(rows.iter().map(row).collect());
        let number = |path: &str| table.columns().number(Path::parse(path).as_ref()).unwrap();
        let numbers = ["n", "t", "d.e"].map(number);
        table.set_filter(wanted.as_ref().and_then(|text| Pattern::new(text).unwrap()));
        for (place, column) in by.iter().enumerate() {
            table.go_to_column(numbers[*column]);
            for _ in 0..=usize::from(down[*column]) {
                if place == 0 { table.turn_sort() } else { prop_assert!(table.turn_sort_too()) }
            }
        }
        let mut columns = vec![0, 1, 2];
        for (column, right) in shifts {
            table.shift_column(numbers[column], right);
            let at = columns.iter().position(|other| *other == column).unwrap();
            if let Some(to) = if right { Some(at + 1).filter(|to| *to < 3) } else { at.checked_sub(1) } {
                columns.swap(at, to);
            }
        }
        for column in &hidden {
            prop_assert!(table.turn_column(numbers[*column]));
        }
        columns.retain(|column| !hidden.contains(column));
        while table.advance() {}

        let mut expected: Vec<&Cells> = rows.iter().collect();
        expected.retain(|(n, t, e)| wanted.as_ref().is_none_or(|wanted| {
            n.to_string().contains(wanted) || t.contains(wanted) || e.as_ref().is_some_and(|e| e.contains(wanted))
        }));
        expected.sort_by(|a, b| by.iter().map(|column| {
            let order = match column {
                0 => a.0.cmp(&b.0),
                1 => a.1.cmp(&b.1),
                // What is missing stands last in either direction.
                _ => match (&a.2, &b.2) {
                    (Some(a), Some(b)) => a.cmp(b),
                    (a, b) => return b.is_some().cmp(&a.is_some()),
                },
            };
            if down[*column] { order.reverse() } else { order }
        }).fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then));
        let mut wanted = Vec::new();
        let names = columns.iter().map(|column| ["n", "t", "d.e"][*column]);
        format.head(names, &columns.iter().map(|column| *column == 0).collect::<Vec<_>>(), &mut wanted);
        for (n, t, e) in expected {
            let cells = [n.to_string(), t.clone(), e.clone().unwrap_or_default()];
            format.record(columns.iter().map(|column| &cells[*column]), &mut wanted);
        }
        let shown = table.layout().shown().iter().map(|number| table.columns().get(*number).unwrap());
        let fields = shown.map(|column| Field {
            name: column.name().into(), path: column.path().cloned(), number: column.is_number(), whole: false,
        });
        let source = Source::Rows { rows: table.rows().clone(), order: table.in_order(false).into() };
        let format = match format {
            Table::Csv => Format::Csv,
            Table::Tsv => Format::Tsv,
            Table::Markdown => Format::Markdown,
        };
        let (fields, path) = (fields.collect(), String::new());
        let export = Export { source, fields, only_cells: false, format, path, replace: false };
        prop_assert_eq!(text(&export).0, String::from_utf8(wanted).unwrap());
    }
}
