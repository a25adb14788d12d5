//! What ORDER BY, GROUP BY and aggregates may hold.

use super::store;
use crate::gdbql::{Error, Limits, Parts, parse, run};
use crate::model::event::Envelope;
use std::ops::ControlFlow;

/// Run a query with a bound on bytes: over all events at once, and over parts of them that are joined.
fn held(text: &str, lines: &[String], bytes: usize) -> [Result<usize, Error>; 2] {
    let query = parse(text).unwrap();
    let limits = Limits { bytes, raised_by: Some("`more`"), ..Limits::default() };
    let events = || lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
    let mut rows = 0;
    let whole = run(&query, events(), &limits, &mut |_| {
        rows += 1;
        ControlFlow::Continue(())
    });
    let whole = whole.map(|()| std::mem::take(&mut rows));
    let parts = Parts::new(&query, limits);
    let (mut one, mut other) = (parts.begin(), parts.begin());
    let joined = || {
        for (at, event) in (0..).zip(events()) {
            parts.add(if at % 3 == 0 { &mut one } else { &mut other }, at, &event)?;
        }
        parts.give([one, other], &mut |_| {
            rows += 1;
            ControlFlow::Continue(())
        })
    };
    [whole, joined().map(|()| rows)]
}

#[test]
fn what_is_held_is_bounded_in_bytes() {
    let long = "x".repeat(10_000);
    let lines: Vec<String> = (0..400)
        .flat_map(|n| store(&[(&format!("/a/{n}"), "t", &format!(r#"{{"n":{n},"s":"{n}{long}"}}"#))]))
        .collect();
    // Four megabytes of events: what needs them all does not fit into two, and fits into ten.
    for (text, place) in [
        ("STREAM e FROM events GROUP BY ⟦e.subject⟧ MAP COUNT()", "GROUP BY"),
        ("STREAM e FROM events GROUP BY ⟦e.data.s⟧ MAP 1", "GROUP BY"),
        ("STREAM e FROM events ORDER BY ⟦e.data.n⟧ DESC", "ORDER BY"),
    ] {
        let plain = text.replace(['⟦', '⟧'], "");
        let [whole, joined] = held(&plain, &lines, 2 << 20);
        let start = text.find('⟦').unwrap();
        for result in [whole, joined] {
            // One thread that is given the events holds no text of them to order.
            let Err(error) = result else {
                assert_eq!(place, "ORDER BY");
                continue;
            };
            assert!(error.is_limit && error.span.start == start, "{error:?}");
            assert!(error.message.starts_with(&format!("{place} would hold more than 2 MiB: narrow the query")));
            assert!(error.message.ends_with("; `more` raises the limit"), "{error}");
        }
        assert!(held(&plain, &lines, 2 << 20)[1].is_err(), "{plain}");
        assert_eq!(held(&plain, &lines, 20 << 20), [Ok(400), Ok(400)], "{plain}");
    }
    // Groups that hold little; a row that goes gives back its room; a value that is replaced, too.
    for (text, rows) in [
        ("STREAM e FROM events GROUP BY e.type MAP { n: COUNT(), max: MAX(e.data.s), sum: SUM(e.data.n) }", 1),
        ("STREAM e FROM events ORDER BY e.data.n DESC LIMIT 20", 20),
        ("STREAM e FROM events ORDER BY e.data.s DESC LIMIT 20", 20),
        ("STREAM e FROM events", 400),
    ] {
        assert_eq!(held(text, &lines, 1 << 20), [Ok(rows), Ok(rows)], "{text}");
    }
    // What an aggregate keeps counts like the rest.
    let large = held("STREAM e FROM events GROUP BY e.data.n MAP MAX(e.data.s)", &lines, 6 << 20);
    assert!(large.iter().all(|result| result.as_ref().is_err_and(|error| error.is_limit)), "{large:?}");
    let alone = held("STREAM e FROM events MAP MAX(e.data.s)", &lines, 15_000).map(Result::unwrap_err);
    assert!(alone.iter().all(|error| error.message.starts_with("the aggregates would hold more than 15000 bytes")));
}
