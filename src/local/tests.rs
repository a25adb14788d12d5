use super::*;
use crate::gdbql::parse;
use crate::model::event::Envelope;
use crate::model::log::{Decoded, EventFile, EventLog};
use proptest::prelude::*;
use std::io::Write;

fn line(at: usize, subject: &str, kind: &str, n: i64) -> String {
    format!(
        r#"{{"source":"s","subject":"{subject}","type":"{kind}","id":"id-{at}","time":"2024-01-01T00:{:02}:{:02}Z","data":{{"n":{n},"x":0.1}}}}"#,
        at / 60 % 60,
        at % 60
    )
}

/// Queries of every kind: rows in commit order, sorted ones, groups, one row over all; with and without a cut.
const QUERIES: &[&str] = &[
    "STREAM e FROM events",
    "STREAM e FROM events WHERE e.type == 'b' LIMIT 5 MAP e.id",
    "STREAM e FROM events WHERE e.subject UNDER '/a' AND e.data.n > 3 ORDER BY e.data.n DESC LIMIT 7 MAP e.id",
    "STREAM e FROM events ORDER BY e.data.n, e.subject",
    "STREAM e FROM events GROUP BY e.subject MAP { s: e.subject, first: e.id, n: COUNT(), sum: SUM(e.data.x) }",
    "STREAM e FROM events WHERE e.time >= '2024-01-01T00:01:00Z' GROUP BY e.type ORDER BY MAX(e.data.n) MAP [e.type, AVG(e.data.n)]",
    "STREAM e FROM events WHERE e.type IN ('a', 'c') MAP [COUNT(), MIN(e.data.n), MAX(e.id)]",
    "STREAM e FROM events WHERE e.type == 'none' MAP COUNT()",
    "STREAM e FROM events MAP 10 / e.data.n",
    "STREAM e FROM events WHERE 10 / e.data.n > 1 MAP COUNT()",
];

fn outcome<E: Events>(query: &Query, events: &E, limits: Limits) -> (Vec<String>, Option<String>, Report) {
    let (mut rows, progress) = (Vec::new(), Progress::default());
    let result = run(query, events, limits, &progress, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    (rows, result.err().map(|error| error.to_string()), progress.report())
}

fn expected(query: &Query, lines: &[String]) -> (Vec<String>, Option<String>) {
    let mut rows = Vec::new();
    let events = lines.iter().filter_map(|line| Envelope::from_line(line.as_bytes()).ok());
    let result = crate::gdbql::run(query, events, &Limits::default(), &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    (rows, result.err().map(|error| error.to_string()))
}

fn written(lines: &[String], array: bool) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let text = if array { format!("[{}]", lines.join(",\n")) } else { lines.join("\n") };
    file.write_all(text.as_bytes()).unwrap();
    file
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Over a log or a file, on however many threads: the rows and the error of one run over all events in order.
    #[test]
    fn is_what_one_run_gives(events in prop::collection::vec((0usize..4, 0usize..3, 0i64..200), 0..80), copies in 1usize..150) {
        let lines: Vec<String> = events.iter().cycle().take(events.len() * copies).enumerate().map(|(at, (subject, kind, n))| {
            match at % 97 {
                96 => "{\"no\":\"event\"}".to_owned(),
                _ => line(at, ["/a", "/a/b", "/c", "/ab"][*subject], ["a", "b", "c"][*kind], *n),
            }
        }).collect();
        let mut log = EventLog::default();
        for part in lines.chunks(1000) {
            log.append(Decoded::from_lines(part.iter().map(String::as_bytes)));
        }
        let (plain, array) = (written(&lines, false), written(&lines, true));
        for text in QUERIES {
            let query = parse(text).unwrap();
            let expected = expected(&query, &lines);
            let cut = Wanted::new(&log, &query.cut());
            let found = outcome(&query, &LogEvents::new(log.view().clone(), cut), Limits::default());
            prop_assert_eq!((found.0, found.1), expected.clone(), "the log: {}", text);
            for file in [&plain, &array] {
                let file = EventFile::open(file.path()).unwrap();
                let found = outcome(&query, &FileEvents::new(&file).unwrap(), Limits::default());
                prop_assert_eq!((found.0, found.1), expected.clone(), "the file: {}", text);
            }
        }
    }
}

#[test]
fn only_what_a_query_needs_is_read() {
    let lines: Vec<String> =
        (0..10_000).map(|at| line(at, "/a", if at % 50 == 0 { "rare" } else { "often" }, 1)).collect();
    let mut log = EventLog::default();
    log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    let query = parse("STREAM e FROM events WHERE e.type == 'rare' MAP COUNT()").unwrap();
    let (rows, _, report) =
        outcome(&query, &LogEvents::new(log.view().clone(), Wanted::new(&log, &query.cut())), Limits::default());
    assert_eq!((rows, report), (vec!["200".to_owned()], Report { events: 200, broken: 0 }));
}

/// Groups that come back in turn push each other out of what was found lately.
#[test]
fn many_groups_are_found_again() {
    let lines: Vec<String> = (0..6_000).map(|at| line(at, &format!("/{}", at % 1_500), "t", 1)).collect();
    let mut log = EventLog::default();
    log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    let query = parse("STREAM e FROM events GROUP BY e.subject HAVING COUNT() == 4 AND SUM(e.data.n) == 4").unwrap();
    let (rows, error, _) = outcome(&query, &LogEvents::new(log.view().clone(), Wanted::default()), Limits::default());
    assert_eq!((rows, error), (lines[..1_500].to_vec(), None));
}

#[test]
fn limits_and_stops_end_a_run() {
    let lines: Vec<String> = (0..5_000).map(|at| line(at, &format!("/{at}"), "t", 1)).collect();
    let mut log = EventLog::default();
    log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    let all = || LogEvents::new(log.view().clone(), Wanted::default());
    let limits = Limits { groups: 100, rows: 100, ..Limits::default() };
    for (text, says) in [("GROUP BY e.subject", "more than 100 groups"), ("ORDER BY e.id", "more than 100 rows")] {
        let query = parse(&format!("STREAM e FROM events {text}")).unwrap();
        let (rows, error, _) = outcome(&query, &all(), limits);
        assert!(rows.is_empty() && error.unwrap().contains(says), "{text}");
    }
    let progress = Progress::default();
    let mut rows = 0;
    run(&parse("STREAM e FROM events").unwrap(), &all(), limits, &progress, &mut |_| {
        rows += 1;
        if rows == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!(rows, 3);
    progress.stop();
    let stopped =
        run(&parse("STREAM e FROM events MAP COUNT()").unwrap(), &all(), limits, &progress, &mut |_| panic!("a row"));
    assert!(stopped.is_ok());
}
