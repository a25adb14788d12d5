//! What stands between a key and its frame in the query editor, the update and the drawing of 200 columns by 50 rows: a
//! keystroke in a query of 2,000 lines, the check of that query when typing pauses, and the list of what can stand at the
//! cursor where 129,000 subjects are known.
//!
//! Besides what criterion prints, the slowest: that is what a user notices.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use gdbx::app::effect::Timer;
use gdbx::app::message::{Msg, Now};
use gdbx::app::screens::query::script::Script;
use gdbx::shell::Histogram;
use gdbx::ui::draw;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use support::{Explorer, look};

/// So many events have a little more than 129,000 subjects; how many it are is printed.
fn events() -> usize {
    if cfg!(debug_assertions) { 2_000 } else { 345_000 }
}

/// One query of 2,000 lines.
fn long_query() -> String {
    let mut text = "STREAM e FROM events\nWHERE e.type == 'a'\n".to_owned();
    for n in 0..1_990 {
        writeln!(text, "  OR (e.data.field{n} > {n} AND e.subject UNDER '/customer/{n}') -- and so on").unwrap();
    }
    text.push_str("ORDER BY e.time DESC\nLIMIT 10\nMAP { type: e.type, total: e.data.total }");
    text
}

/// 400 queries of five lines.
fn many_queries() -> String {
    let one = "-- one of many\nSTREAM e FROM events\nWHERE e.type == 'a' AND e.data.total > 5\nORDER BY e.time\nMAP { a: e.type }";
    vec![one; 400].join("\n\n")
}

/// What happens between keys, and the keys themselves; measured from the key to the frame.
fn keys(
    criterion: &mut Criterion,
    name: &str,
    explorer: &mut Explorer,
    mut press: impl FnMut(&mut Explorer, u64),
    mut undo: impl FnMut(&mut Explorer),
) {
    let viewport = Viewport::Fixed(Rect::new(0, 0, 200, 50));
    let mut terminal =
        Terminal::with_options(CrosstermBackend::new(std::io::sink()), TerminalOptions { viewport }).unwrap();
    let (look, mut histogram, mut turn) = (look(), Histogram::default(), 0);
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let mut total = Duration::ZERO;
            for _ in 0..times {
                turn += 1;
                let began = Instant::now();
                press(explorer, turn);
                terminal.draw(|frame| draw(frame, &explorer.app, &look)).unwrap();
                let took = began.elapsed();
                histogram.record(took);
                total += took;
                undo(explorer);
            }
            total
        });
    });
    if let Some(p99) = histogram.quantile(0.99) {
        println!("{:>40} p99 {p99:.1?}, slowest {:.1?} of {}", "", histogram.longest(), histogram.count());
    }
}

fn typing(criterion: &mut Criterion) {
    for (name, text) in [("one query of 2,000 lines", long_query()), ("400 queries, 2,400 lines", many_queries())] {
        let mut explorer = Explorer::new();
        explorer.press("3");
        explorer.app.query.tab_mut().script = Script::new(&text);
        let middle = text[..text.len() / 2].rfind('\n').unwrap();
        explorer.app.query.tab_mut().script.go_to(middle);
        keys(
            criterion,
            &format!("a letter in {name}"),
            &mut explorer,
            |explorer, _| explorer.press("x"),
            |explorer| {
                explorer.press("backspace");
            },
        );
    }
}

/// Long texts are checked when nothing is typed for a moment; a key that comes just then waits for it.
fn checking(criterion: &mut Criterion) {
    let text = long_query();
    let mut explorer = Explorer::new();
    explorer.press("3");
    explorer.app.query.tab_mut().script = Script::new(&text);
    explorer.app.query.tab_mut().script.go_to(text.len() / 2);
    keys(
        criterion,
        "a letter and the check of 2,000 lines",
        &mut explorer,
        |explorer, _| {
            explorer.press("x");
            explorer.app.update(Msg::Timer(Timer::Check), Now::default());
        },
        |explorer| {
            explorer.press("backspace");
        },
    );
}

fn completion(criterion: &mut Criterion) {
    let mut explorer = Explorer::loaded(events());
    println!("{:>40} {} subjects", "", explorer.app.world.tree.subjects());
    explorer.press("3");
    let list = |explorer: &mut Explorer, text: &str| {
        explorer.app.query.tab_mut().completion = None;
        explorer.app.query.tab_mut().script = Script::new(text);
        explorer.app.query.tab_mut().script.go_to(text.len());
    };
    let subject = explorer.app.world.tree.subject(explorer.app.world.tree.children(0)[0]);
    let kind = explorer.app.world.kinds.iter().next().map(|(_, kind, _)| kind.to_owned()).unwrap();
    for (name, text) in [
        ("list of subjects", format!("STREAM e FROM events WHERE e.subject UNDER '{subject}/")),
        ("list of fields", "STREAM e FROM events MAP e.data.".to_owned()),
        ("list of fields of a type", format!("STREAM e FROM events WHERE e.type == '{kind}' AND e.data.")),
    ] {
        list(&mut explorer, &text);
        keys(
            criterion,
            name,
            &mut explorer,
            |explorer, _| explorer.press("ctrl-space"),
            |explorer| list(explorer, &text),
        );
    }
    let text = format!("STREAM e FROM events WHERE e.subject UNDER '{subject}/");
    list(&mut explorer, &text);
    explorer.press("ctrl-space");
    keys(
        criterion,
        "a letter with the list open",
        &mut explorer,
        |explorer, turn| explorer.press(["1", "2", "3", "4"][(turn % 4) as usize]),
        |explorer| {
            explorer.press("backspace");
        },
    );
}

criterion_group!(benches, typing, checking, completion);
criterion_main!(benches);
