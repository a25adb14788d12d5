//! What is written is what was listed, in each format.

use super::*;
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
    let fields = ["n", "address.city", "source", "type"].map(|name| field(name).unwrap()).to_vec();
    let path = "events".to_owned();
    let export = Export { view: log.view().clone(), positions: positions.into(), format, fields, path, replace: false };
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
        prop_assert_eq!((written.events, written.left_out), (listed.len(), 0));

        let (text, written) = export(&lines, positions.clone(), Format::Json);
        let read: Vec<Box<serde_json::value::RawValue>> = serde_json::from_slice(&text).unwrap();
        let expected: Vec<&str> = whole.iter().map(|at| lines[*at].as_str()).collect();
        prop_assert_eq!(read.iter().map(|value| value.get()).collect::<Vec<_>>(), expected);
        prop_assert_eq!((written.events, written.left_out), (whole.len(), listed.len() - whole.len()));

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
    let positions = vec![0; 3 * PORTION].into();
    let format = Format::Ndjson;
    let export =
        Export { view: log.view().clone(), positions, format, fields: vec![], path: "x".into(), replace: false };
    let mut seen = Vec::new();
    let mut go_on = |done| {
        seen.push(done);
        done < PORTION
    };
    assert_eq!(export.write(&mut Vec::new(), &mut go_on).unwrap(), None);
    assert_eq!(seen, [0, PORTION]);
}

#[test]
fn a_format_is_told_by_the_name_of_the_file() {
    for (path, format) in [
        ("a.ndjson", Some(Format::Ndjson)),
        ("a.jsonl", Some(Format::Ndjson)),
        ("/tmp/a.b/c.JSON", Some(Format::Json)),
        ("a.csv", Some(Format::Csv)),
        ("a.txt", None),
        ("csv", None),
    ] {
        assert_eq!(Format::of(path), format, "{path}");
    }
}
