//! The parts of a frame: rows of events, the JSON tree of an event, and text that is made fit for the terminal.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use gdbx::app::json_view::JsonView;
use gdbx::app::list::Step;
use gdbx::model::log::{Decoded, EventLog};
use gdbx::ui::event_rows::{self, Columns};
use gdbx::ui::text::{clean, cut, cut_middle};
use gdbx::ui::{json, json_text};
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use std::hint::black_box;
use std::time::Duration;
use support::{Events, look, stored};

const ROWS: usize = 50;

fn rows(criterion: &mut Criterion) {
    let look = look();
    let (mut stored_log, mut memory) = (EventLog::default(), EventLog::default());
    for batch in stored(ROWS) {
        stored_log.append(batch);
    }
    let lines = Events::default().lines(ROWS);
    memory.append(Decoded::from_lines(lines.split_terminator('\n').map(str::as_bytes)));
    let columns = Columns::divide(200, true);
    let mut group = criterion.benchmark_group("rows");
    for (name, log) in [("50 events in a file", &stored_log), ("50 events in memory", &memory)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for position in 0..ROWS {
                    black_box(event_rows::line(log, position, position.checked_sub(1), columns, &look));
                }
            });
        });
    }
    group.finish();
}

fn values(criterion: &mut Criterion) {
    let look = look();
    let mut group = criterion.benchmark_group("json");
    let mut event = String::new();
    Events::default().push(&mut event);
    let items = format!("[{}]", vec![event.as_str(); 20_000].join(","));
    for (name, text) in [("an event", &event), ("an array of 20,000 events", &items)] {
        group.bench_function(format!("{name}, read"), |bencher| {
            bencher.iter_with_large_drop(|| JsonView::new(text.as_bytes()));
        });
        let mut view = JsonView::new(text.as_bytes());
        let mut terminal = Terminal::new(TestBackend::new(100, 50)).unwrap();
        let mut turn = 0;
        group.bench_function(format!("{name}, drawn"), |bencher| {
            bencher.iter(|| {
                turn += 1;
                view.step(Step::Pages(if turn % 100 < 50 { 1 } else { -1 }));
                let draw = |frame: &mut Frame| {
                    json::json(frame, frame.area(), &view, true, &look.theme);
                };
                terminal.draw(draw).unwrap();
            });
        });
    }
    group.bench_function("an event, coloured as text", |bencher| {
        bencher.iter(|| json_text::wrapped(&event, 100, &look.theme));
    });
    group.finish();
}

fn texts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("text");
    let long = "São Paulo, 大阪市, Gotham; ".repeat(1000);
    let wild = "a\u{1b}[31mb\u{202e}c\n".repeat(1000);
    group.bench_function("clean, nothing to do", |bencher| bencher.iter(|| clean(black_box(&long)).len()));
    group.bench_function("clean, much to do", |bencher| bencher.iter(|| clean(black_box(&wild)).len()));
    group.bench_function("cut", |bencher| bencher.iter(|| cut(black_box(&long), 80)));
    group.bench_function("cut in the middle", |bencher| {
        bencher.iter(|| cut_middle(black_box("/customer/2a6c8641-6709-46d1-b87a-0aaf2edb83bc/cart/7"), 24))
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = rows, values, texts
}
criterion_main!(benches);
