//! A million rows of a query on their way to a file, in each format: bytes of the file a second.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gdbx::app::export::{Export, Field, Format, Source};
use gdbx::app::rows::Rows;
use gdbx::model::path::Path;
use std::io::{self, Write};

const ROWS: u32 = 1_000_000;

/// Rows of about 200 bytes, as a MAP over a shop's events makes them.
fn rows() -> Rows {
    let mut rows = Rows::default();
    for first in (0..ROWS).step_by(5_000) {
        rows.append((first..first + 5_000).map(row).collect());
    }
    rows.complete();
    rows
}

fn row(n: u32) -> String {
    format!(
        r#"{{"id":"7f3a22c4-aa0b-4c21-9d3e-{n:012}","subject":"/customer/{}/order/{n}","time":"2026-03-01T13:{:02}:{:02}.117188557Z","total":{}.{:02},"items":{},"paid":{},"to":{{"city":"Kraków","zip":"30-{:03}"}}}}"#,
        n % 129_000,
        n / 60 % 60,
        n % 60,
        n % 900,
        n % 100,
        n % 12,
        n.is_multiple_of(3),
        n % 1000,
    )
}

/// Counts what would be written.
#[derive(Default)]
struct Nowhere(u64);

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn exports(c: &mut Criterion) {
    let rows = rows();
    let names = ["id", "subject", "time", "total", "items", "paid", "to.city", "to.zip"];
    let field = |name: &str| Field { name: name.to_owned(), path: Path::parse(name), number: false, whole: false };
    let fields: Vec<Field> = names.map(field).into();
    let source = Source::Rows { rows, order: (0..ROWS).collect() };
    let mut group = c.benchmark_group("export");
    group.sample_size(10);
    for format in Format::available() {
        let (source, fields) = (source.clone(), fields.clone());
        let export = Export { source, fields, only_cells: false, format, path: String::new(), replace: false };
        let written = export.write(&mut Nowhere::default(), &mut |_| true).unwrap().unwrap();
        group.throughput(Throughput::Bytes(written.bytes));
        group.bench_function(format.extension(), |b| {
            b.iter(|| export.write(&mut Nowhere::default(), &mut |_| true).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, exports);
criterion_main!(benches);
