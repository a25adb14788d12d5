//! Looking through a million events in a file, on one thread; the explorer uses all there are.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gdbx::app::probe::{Inside, Probe, Scratch, Search};
use gdbx::model::json::Json;
use gdbx::model::log::EventLog;
use gdbx::model::mention::Mention;
use std::sync::Arc;
use std::time::Duration;
use support::{events, stored};

fn filters(criterion: &mut Criterion) {
    let mut log = EventLog::default();
    for batch in stored(events()) {
        log.append(batch);
    }
    let mut group = criterion.benchmark_group("filter");
    group.throughput(Throughput::Elements(log.len() as u64));
    let probe = |text: &str| Probe::new(text).unwrap().unwrap();
    let mention = Mention::of(Json::trusted(r#""Gotham""#)).unwrap();
    let order = log.kinds().find("io.genesisdb.app.order-placed").unwrap();
    for (name, probe, inside) in [
        ("a text that is seldom", probe("00c0ffee"), Inside::All),
        ("a text in both cases", probe("bruce"), Inside::All),
        ("a text of one event type", probe("bruce"), Inside::Kind(order)),
        ("a regular expression", probe(r"/Gotham.*total.:1\d\d\./"), Inside::All),
        ("a condition on a field of the data", probe("e.data.total > 1900"), Inside::All),
        (
            "a condition on type and data",
            probe("e.type == 'io.genesisdb.app.order-placed' AND e.data.total > 1900"),
            Inside::All,
        ),
        ("a condition on a nested field", probe("e.data.customer.address.city == 'Gotham'"), Inside::All),
        ("a value that is mentioned", Probe::mention(Arc::new(mention), None), Inside::All),
    ] {
        let search = Search { view: log.view().clone(), from: log.first(), to: log.end(), inside, probe };
        let mut scratch = Scratch::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| search.look_with(&mut scratch, log.first()..log.end(), &|| true).unwrap().positions.len());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(5));
    targets = filters
}
criterion_main!(benches);
