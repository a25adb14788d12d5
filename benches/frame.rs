//! One frame of 200 columns and 50 rows with a million events loaded, from the state to the bytes for the terminal.
//!
//! Besides what criterion prints, the slowest of a hundred frames: that is what a user notices.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use gdbx::app::App;
use gdbx::app::effect::Slot;
use gdbx::app::message::{Reply, TailNews};
use gdbx::shell::Histogram;
use gdbx::ui::{Look, draw};
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::time::{Duration, Instant};
use support::{Explorer, events, look, stored};

/// A terminal of which only the bytes matter.
type Sink = Terminal<CrosstermBackend<std::io::Sink>>;

fn sink() -> Sink {
    let viewport = Viewport::Fixed(Rect::new(0, 0, 200, 50));
    Terminal::with_options(CrosstermBackend::new(std::io::sink()), TerminalOptions { viewport }).unwrap()
}

/// Draw a screen again and again; `change` is what happens between two frames.
fn frames(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    explorer: &mut Explorer,
    look: &Look,
    mut change: impl FnMut(&mut Explorer, u64),
) {
    let (mut terminal, mut histogram, mut turn) = (sink(), Histogram::default(), 0);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let mut total = Duration::ZERO;
            for _ in 0..times {
                turn += 1;
                change(explorer, turn);
                let began = Instant::now();
                terminal.draw(|frame| draw(frame, &explorer.app, look)).unwrap();
                let took = began.elapsed();
                histogram.record(took);
                total += took;
            }
            total
        });
    });
    if let Some(p99) = histogram.quantile(0.99) {
        println!("{:>40} p99 {p99:.1?}, slowest {:.1?} of {}", "", histogram.longest(), histogram.count());
    }
}

fn shows(app: &App, look: &Look, text: &str) {
    let mut terminal = Terminal::new(TestBackend::new(200, 50)).unwrap();
    terminal.draw(|frame| draw(frame, app, look)).unwrap();
    let cells = terminal.backend().buffer().content().iter();
    let screen: String = cells.map(ratatui::buffer::Cell::symbol).collect();
    assert!(screen.contains(text), "the screen to be measured shows {text}");
}

fn step(explorer: &mut Explorer, turn: u64) {
    explorer.press(if turn % 100 < 50 { "down" } else { "up" });
}

fn screens(criterion: &mut Criterion) {
    let (count, look) = (events(), look());
    let mut group = criterion.benchmark_group("frame");
    let mut explorer = Explorer::loaded(count);
    shows(&explorer.app, &look, "subjects");
    frames(&mut group, "explore, nothing changed", &mut explorer, &look, |_, _| {});
    frames(&mut group, "explore, through the tree", &mut explorer, &look, step);
    explorer.press("enter");
    frames(&mut group, "explore, through the events", &mut explorer, &look, step);
    frames(&mut group, "explore, pages of events", &mut explorer, &look, |explorer, turn| {
        explorer.press(if turn % 100 < 50 { "pgdn" } else { "pgup" });
    });
    explorer.press("enter");
    frames(&mut group, "explore, through an event", &mut explorer, &look, step);
    frames(&mut group, "every screen in turn", &mut explorer, &look, |explorer, turn| {
        explorer.press(["1", "2", "alt-3", "alt-5"][(turn % 4) as usize]);
    });

    explorer.press("alt-3 F5");
    let row = |n: usize| {
        format!(r#"{{"subject":"/order/{n}","total":{}.{:02},"open":{}}}"#, n * 7 % 1000, n % 100, n.is_multiple_of(2))
    };
    explorer.reply(Slot::Query(0), Reply::Rows((0..10_000).map(row).collect()));
    explorer.reply(Slot::Query(0), Reply::Queried(Ok(())));
    explorer.press("tab");
    shows(&explorer.app, &look, "10,000 rows");
    frames(&mut group, "query, through the rows", &mut explorer, &look, step);
    drop(explorer);

    let mut explorer = Explorer::new();
    explorer.press("2");
    explorer.reply(Slot::Tail(0), Reply::Tail(TailNews::Connected { after: None }));
    for batch in stored(count) {
        explorer.reply(Slot::Tail(0), Reply::Tail(TailNews::Events(batch)));
    }
    shows(&explorer.app, &look, "following");
    let mut more = stored(usize::MAX);
    frames(&mut group, "tail, full, a batch a frame", &mut explorer, &look, |explorer, _| {
        explorer.reply(Slot::Tail(0), Reply::Tail(TailNews::Events(more.next().unwrap())));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    targets = screens
}
criterion_main!(benches);
