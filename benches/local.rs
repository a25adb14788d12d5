//! Queries over a loaded log, on all cores: groups over everything, and conditions that the index cuts by.
//!
//! Over a million events that are made here, or over the file that `GDBX_BENCH_FILE` names.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use gdbx::gdbql::{Limits, parse};
use gdbx::local::{LogEvents, Progress, Wanted, run};
use gdbx::model::log::{EventFile, EventLog};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use support::{events, stored};

fn loaded() -> EventLog {
    let mut log = EventLog::default();
    match std::env::var("GDBX_BENCH_FILE") {
        Ok(path) => {
            let file = EventFile::open(Path::new(&path)).unwrap();
            let (mut at, end) = (0, file.len().unwrap());
            while let Some(piece) = file.piece(at, end, true).unwrap() {
                at = piece.range.end;
                log.append(file.decode(piece).unwrap());
            }
        }
        Err(_) => stored(events()).for_each(|batch| {
            log.append(batch);
        }),
    }
    log
}

fn queries(criterion: &mut Criterion) {
    let log = loaded();
    let mut group = criterion.benchmark_group("local");
    for (name, text) in [
        (
            "groups with count and sum",
            "STREAM e FROM events GROUP BY e.type ORDER BY e.type \
             MAP { type: e.type, n: COUNT(), sum: SUM(e.data.cart.subtotal) }",
        ),
        ("one type", "STREAM e FROM events WHERE e.type == 'io.genesisdb.app.order-placed' MAP COUNT()"),
        ("rows of one type", "STREAM e FROM events WHERE e.type == 'io.genesisdb.app.order-placed' MAP e.data"),
        ("under a subject", "STREAM e FROM events WHERE e.subject UNDER '/order' MAP COUNT()"),
        ("under a subject of few", "STREAM e FROM events WHERE e.subject UNDER '/user' MAP COUNT()"),
        ("a day", "STREAM e FROM events WHERE e.time < '2024-01-02' MAP COUNT()"),
    ] {
        let query = parse(text).unwrap();
        let (mut rows, mut read) = (0, 0);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let events = LogEvents::new(log.view().clone(), Wanted::new(&log, &query.cut()));
                let progress = Progress::default();
                rows = 0;
                run(&query, &events, Limits::default(), &progress, &mut |_| {
                    rows += 1;
                    ControlFlow::Continue(())
                })
                .unwrap();
                read = progress.report().events;
            });
        });
        println!("{name}: {read} of {} events were read, {rows} rows", log.len());
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(5));
    targets = queries
}
criterion_main!(benches);
