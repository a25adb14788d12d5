use super::*;
use crate::app::chart::{Axis, Bars, Columns, Lines, Scale, Series};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn drawn(chart: &Chart, signs: Signs, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let list = ListState::default();
    terminal.draw(|frame| super::chart(frame, frame.area(), chart, signs, &list, &Theme::default())).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y: u16| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

fn of(body: Body, notes: &[&str]) -> Chart {
    Chart { title: "t".into(), body, notes: notes.iter().map(|note| (*note).to_owned()).collect() }
}

fn bars() -> Chart {
    let of_books = [
        ("books", 281_204.1),
        ("games", 201_990.0),
        ("toys, and whatever else has a long name", 90_000.5),
        ("refunds", -40_000.0),
        ("cards", 0.0),
        ("pens", 12.0),
    ];
    let bars = of_books.map(|(name, value)| (name.to_owned(), value)).to_vec();
    of(
        Body::Bars(Bars { of: "category".into(), unit: "revenue".into(), bars }),
        &["Left out: 2 rows without a name as category."],
    )
}

fn hour(n: u32) -> f64 {
    1_772_323_200e9 + f64::from(n) * 3_600e9
}

fn lines() -> Chart {
    let x = Axis { name: "time".into(), scale: Scale::Times(jiff::tz::TimeZone::UTC), from: hour(0), to: hour(47) };
    let wave = |name: &str, by: f64, up: f64| Series {
        name: name.into(),
        points: (0..48).map(|n| (hour(n), up + 4_000.0 * (f64::from(n) / by).sin())).collect(),
    };
    let series = vec![wave("books", 6.0, 6_000.0), wave("games", 3.0, 8_000.0)];
    of(Body::Lines(Lines { x, unit: "revenue".into(), series }), &[])
}

fn columns() -> Chart {
    let x = Axis { name: "time".into(), scale: Scale::Times(jiff::tz::TimeZone::UTC), from: hour(0), to: hour(24) };
    let bounds = (0..=24).map(hour).collect();
    let counts = (0..24u64).map(|n| (n * n * 7) % 1300).collect();
    of(Body::Columns(Columns { x, every: "hour".into(), bounds, counts }), &[])
}

#[test]
fn pictures_look_as_they_should() {
    let sizes = [(78, 18, Signs::Dots), (78, 18, Signs::Ascii), (40, 8, Signs::Dots)];
    for (name, chart) in [("bars", bars()), ("lines", lines()), ("columns", columns())] {
        for (width, height, signs) in sizes {
            insta::assert_snapshot!(format!("{name}_{width}x{height}_{signs:?}"), drawn(&chart, signs, width, height));
        }
    }
}

#[test]
fn many_bars_scroll_and_say_how_many_there_are() {
    let bars = (0..50).map(|n| (format!("name {n}"), f64::from(n))).collect();
    let chart = of(Body::Bars(Bars { bars, ..Bars::default() }), &[]);
    let text = drawn(&chart, Signs::Dots, 60, 10);
    assert!(text.contains("name 8") && !text.contains("name 9"), "{text}");
    assert!(text.contains("41 more below"), "{text}");
}

#[test]
fn what_all_long_names_begin_with_is_left_out() {
    let of = |name: &str| (format!("io.example.shop.{name}"), 1.0);
    let bars = vec![of("cart-item-added"), of("cart-checked-out"), of("customer.registered")];
    let chart = of_bars(bars);
    let text = drawn(&chart, Signs::Dots, 60, 6);
    assert!(text.contains("…cart-item-added ") && text.contains("…customer.registered "), "{text}");
    let text = drawn(&chart, Signs::Dots, 160, 6);
    assert!(text.contains("io.example.shop.cart-item-added "), "{text}");
}

#[test]
fn the_legend_has_the_names_of_all_lines_if_that_can_be() {
    let series = |name: &&str| Series { name: format!("io.example.shop.{name}"), points: vec![(0.0, 1.0), (1.0, 2.0)] };
    let names = ["cart-item-added", "cart-checked-out", "order-placed", "payment-received", "refunded", "shipped"];
    let x = Axis { name: "n".into(), scale: Scale::Numbers, from: 0.0, to: 1.0 };
    let only = vec![series(&names[4])];
    let chart = of(Body::Lines(Lines { x: x.clone(), unit: "events".into(), series: only }), &[]);
    assert!(drawn(&chart, Signs::Dots, 78, 11).starts_with("events   ━ …refunded"));
    let series = names.iter().map(series).collect();
    let chart = of(Body::Lines(Lines { x, unit: "events".into(), series }), &[]);
    let text = drawn(&chart, Signs::Dots, 78, 11);
    for name in ["━ …cart-item-added", "━ …cart-checked-out", "━ …order-placed", "━ …shipped"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    let text = drawn(&chart, Signs::Ascii, 78, 8);
    assert!(text.contains("* …cart-…") && text.contains("@ …shipp…"), "{text}");
    assert!(drawn(&chart, Signs::Dots, 30, 8).lines().next().unwrap().ends_with(" …"));
}

fn of_bars(bars: Vec<(String, f64)>) -> Chart {
    of(Body::Bars(Bars { bars, ..Bars::default() }), &[])
}

#[test]
fn without_room_there_is_a_sentence() {
    assert!(drawn(&lines(), Signs::Dots, 20, 4).contains("too"));
}

proptest! {
    /// Any numbers in any room: nothing panics, nothing is drawn outside, and drawing again changes nothing.
    #[test]
    fn anything_can_be_drawn_anywhere(
        values in prop::collection::vec(prop_oneof![-1e3f64..1e3, -1e300f64..1e300, Just(0.0)], 0..80),
        (width, height) in (1u16..120, 1u16..40),
        ascii in any::<bool>(),
    ) {
        let signs = if ascii { Signs::Ascii } else { Signs::Dots };
        let ends = |values: &[f64]| values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
        let (from, to) = if values.is_empty() { (0.0, 0.0) } else { ends(&values) };
        let x = Axis { name: "x".into(), scale: Scale::Numbers, from, to };
        let mut points: Vec<(f64, f64)> = values.iter().map(|value| (*value, *value)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let series = vec![Series { name: "a\u{1b}美".into(), points }];
        let bars = values.iter().map(|value| ("美咲".to_owned(), *value)).collect();
        let counts: Vec<u64> = values.iter().map(|value| value.abs().min(1e15) as u64).collect();
        let bounds = (0..=counts.len()).map(|n| n as f64).collect();
        for body in [
            Body::Lines(Lines { x: x.clone(), unit: "y".into(), series }),
            Body::Bars(Bars { of: "n".into(), unit: "v".into(), bars }),
            Body::Columns(Columns { x: Axis { from: 0.0, to: counts.len() as f64, ..x }, every: "1".into(), bounds, counts }),
        ] {
            let chart = of(body, &["a note", "another"]);
            let text = drawn(&chart, signs, width, height);
            prop_assert_eq!(&text, &drawn(&chart, signs, width, height));
            prop_assert!(!text.contains(char::from(27)));
            if ascii {
                prop_assert!(text.chars().all(|c| c.is_ascii() || c == '…' || c == '美' || c == '咲' || c == '␛' || c == '×'), "{}", text);
            }
        }
    }
}
