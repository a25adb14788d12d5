//! A shape that is found in portions is the one that is found at once.

use super::*;
use crate::model::log::{Decoded, EventLog};
use proptest::prelude::*;

fn line(kind: &str, data: &str) -> String {
    format!(r#"{{"source":"s","subject":"/a","type":"{kind}","id":"i","data":{data}}}"#)
}

fn log(lines: &[String]) -> EventLog {
    let mut log = EventLog::default();
    log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    log
}

fn of(log: &EventLog, from: usize, known: Shape) -> Inspection {
    Inspection { view: log.view().clone(), kind: log.kinds().find("t").unwrap_or(0), from, known: Arc::new(known) }
}

#[test]
fn a_large_type_is_sampled_first_and_told_in_portions() {
    let text = |n: usize| {
        let late = if n >= 2_900 { r#","late":1"# } else { "" };
        line("t", &format!(r#"{{"pad":"{}"{late}}}"#, "x".repeat(2_000)))
    };
    let log = log(&(0..3_000).map(text).collect::<Vec<_>>());
    let mut told = Vec::new();
    of(&log, 0, Shape::default()).run(&mut |findings| {
        told.push(findings.clone());
        true
    });
    assert!(told[0].is_sample, "the sample comes first");
    let samples: Vec<_> = told.iter().filter(|findings| findings.is_sample).collect();
    assert_eq!(samples.last().map(|findings| findings.shape.events()), Some(SAMPLE as u64));
    assert!(told.len() > 5, "it is told how far it is");
    let whole = told.last().unwrap();
    assert_eq!((whole.is_sample, whole.scanned, whole.shape.events()), (false, 3_000, 3_000));
    let late = whole.shape.appeared(2).map(|seen| seen.position);
    assert_eq!(late, Some(2_900), "what the order tells is told by the whole");
}

#[test]
fn it_ends_when_it_is_told_to() {
    let log = log(&(0..9).map(|_| line("t", &format!(r#"{{"pad":"{}"}}"#, "x".repeat(400_000)))).collect::<Vec<_>>());
    let mut told = 0;
    of(&log, 0, Shape::default()).run(&mut |_| {
        told += 1;
        false
    });
    assert_eq!(told, 1);
}

proptest! {
    /// Going on behind what is known gives what looking at everything at once gives.
    #[test]
    fn goes_on_where_it_ended(events in prop::collection::vec((any::<bool>(), 0i64..9), 0..30), at in 0usize..30) {
        let lines: Vec<String> = events.iter().map(|(ours, n)| {
            line(if *ours { "t" } else { "u" }, &if *n < 5 { format!(r#"{{"n":{n}}}"#) } else { format!(r#"{{"m":"{n}"}}"#) })
        }).collect();
        let found = |inspection: Inspection| {
            let mut last = None;
            inspection.run(&mut |findings| { last = Some(findings.clone()); true });
            last.unwrap()
        };
        let at = at.min(lines.len());
        let mut grown = log(&lines[..at]);
        let first = found(of(&grown, 0, Shape::default()));
        prop_assert_eq!(first.scanned, at);
        grown.append(Decoded::from_lines(lines[at..].iter().map(String::as_bytes)));
        // The type may have come only now.
        let kind = grown.kinds().find("t").unwrap_or(Row::BROKEN);
        let known = if events[..at].iter().any(|(ours, _)| *ours) { first.shape } else { Shape::default() };
        let second = found(Inspection { kind, ..of(&grown, first.scanned, known) });
        let once = found(Inspection { kind, ..of(&grown, 0, Shape::default()) });
        prop_assert_eq!(second, once);
    }
}
