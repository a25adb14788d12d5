//! The way of events into the log: cut into lines, decoded into rows, taken over by log and tree.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gdbx::api::LineFramer;
use gdbx::app::health::Polls;
use gdbx::app::world::{Connection, Origin, World};
use gdbx::model::event::Envelope;
use gdbx::model::log::{Decoded, EventLog};
use gdbx::model::tree::SubjectTree;
use std::hint::black_box;
use std::time::Duration;
use support::{Events, events, stored};

/// Lines as the network delivers them.
const CHUNK: usize = 16 << 10;
const LINES: usize = 20_000;

fn lines(criterion: &mut Criterion) {
    let text = Bytes::from(Events::default().lines(LINES));
    let mut group = criterion.benchmark_group("lines");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("framed", |bencher| {
        bencher.iter(|| {
            let (mut framer, mut found, mut at) = (LineFramer::new(1 << 20), 0, 0);
            while at < text.len() {
                let end = (at + CHUNK).min(text.len());
                found += framer.push(text.slice(at..end)).len();
                at = end;
            }
            assert_eq!(found, LINES);
        });
    });
    let each = || text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    group.bench_function("read as envelopes", |bencher| {
        bencher.iter(|| assert!(each().all(|line| black_box(Envelope::from_line(line)).is_ok())));
    });
    group.bench_function("decoded into rows", |bencher| {
        bencher.iter(|| assert_eq!(Decoded::from_lines(each()).len(), LINES));
    });
    group.finish();
}

fn log(criterion: &mut Criterion) {
    let batches: Vec<Decoded> = stored(events()).collect();
    let mut group = criterion.benchmark_group("log");
    group.throughput(Throughput::Elements(events() as u64));
    group.bench_function("appended", |bencher| {
        bencher.iter_batched(
            || batches.clone(),
            |batches| {
                let mut log = EventLog::default();
                for batch in batches {
                    log.append(batch);
                }
                log
            },
            BatchSize::PerIteration,
        );
    });
    let mut log = EventLog::default();
    let ranges: Vec<_> = batches.iter().cloned().map(|batch| log.append(batch)).collect();
    group.bench_function("tree", |bencher| {
        bencher.iter_with_large_drop(|| {
            let mut tree = SubjectTree::default();
            ranges.iter().for_each(|range| tree.add(&log, range.clone()));
            tree
        });
    });
    drop(log);
    group.bench_function("appended, with tree and counts", |bencher| {
        bencher.iter_batched(
            || batches.clone(),
            |batches| {
                let connection = Connection {
                    name: String::new(),
                    url: String::new(),
                    origin: Origin::Server,
                    production: false,
                    read_only: false,
                };
                let mut world = World::new(connection, Polls { ping: None, status: None, audit: None });
                batches.into_iter().for_each(|batch| world.append(batch));
                assert_eq!(world.log.len(), events());
                world
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(3));
    targets = lines, log
}
criterion_main!(benches);
