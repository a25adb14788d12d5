use super::*;
use proptest::prelude::*;

/// Rows of JSON objects; columns are those of the first row.
pub struct Rows(pub Vec<String>, pub Vec<&'static str>);

impl Cells for Rows {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn columns(&self) -> usize {
        self.1.len()
    }

    fn name(&self, column: usize) -> &str {
        self.1[column]
    }

    fn cell(&self, row: usize, column: usize) -> Option<Json<'_>> {
        Json::trusted(&self.0[row]).get(self.1[column])
    }
}

fn rows(columns: &[&'static str], texts: impl IntoIterator<Item = String>) -> Rows {
    Rows(texts.into_iter().collect(), columns.to_vec())
}

fn drawn(rows: &Rows, choice: &Choice) -> Chart {
    let picks = Picks::of(rows);
    let mut gathering = Gathering::new(choice.clone(), &picks, rows.0.len(), &jiff::tz::TimeZone::UTC);
    loop {
        if let Some(chart) = gathering.advance(rows) {
            return chart;
        }
    }
}

fn first(rows: &Rows) -> Chart {
    let picks = Picks::of(rows);
    drawn(rows, picks.choices().first().expect("a picture fits"))
}

fn titles(rows: &Rows) -> Vec<String> {
    let picks = Picks::of(rows);
    picks.choices().iter().map(|choice| format!("{:?}: {}", choice.kind, choice.title(rows))).collect()
}

fn sales() -> Rows {
    let of = |(name, items, revenue): (&str, u32, f64)| {
        format!(r#"{{"category":"{name}","items":{items},"revenue":{revenue}}}"#)
    };
    rows(
        &["category", "items", "revenue"],
        [("books", 12_031, 281_204.1), ("games", 9_310, 201_990.0), ("toys", 4, -12.5)].map(of),
    )
}

#[test]
fn a_number_for_each_name_is_bars_as_the_rows_are() {
    let Body::Bars(bars) = first(&sales()).body else { panic!("bars") };
    let expected = [("books".to_owned(), 12_031.0), ("games".to_owned(), 9_310.0), ("toys".to_owned(), 4.0)];
    assert_eq!((bars.of.as_str(), bars.unit.as_str(), &bars.bars[..]), ("category", "items", &expected[..]));
}

#[test]
fn columns_are_chosen_by_hand() {
    let rows = sales();
    let picks = Picks::of(&rows);
    let choice = picks.choices()[0].clone();
    let mut seen = Vec::new();
    let mut next = choice.clone();
    for _ in 0..3 {
        next = picks.next_values(&next);
        seen.push(next.title(&rows));
    }
    assert_eq!(seen, ["revenue by category", "rows by category", "items by category"]);
    assert_eq!(picks.next_along(&choice).title(&rows), "rows by items");
    assert_eq!(picks.next_kind(&choice).map(|choice| choice.kind), Some(Kind::Histogram));
    assert!(picks.allows(&choice) && !picks.allows(&Choice { values: vec![0], ..choice.clone() }));
    assert!(!picks.allows(&Choice { along: 9, ..choice }));
}

#[test]
fn numbers_over_time_are_lines_and_names_split_them() {
    let of = |n: u32| {
        format!(
            r#"{{"hour":"2026-03-01T{:02}:00:00Z","kind":"{}","n":{n}}}"#,
            n / 2,
            if n.is_multiple_of(2) { "a" } else { "b" }
        )
    };
    let split = rows(&["hour", "kind", "n"], (0..20).map(of));
    assert_eq!(titles(&split)[0], "Lines: n over hour by kind");
    let Body::Lines(lines) = first(&split).body else { panic!("lines") };
    let names: Vec<_> = lines.series.iter().map(|series| (series.name.as_str(), series.points.len())).collect();
    assert_eq!(names, [("a", 10), ("b", 10)]);
    assert_eq!(lines.x.caption(), "hour, 2026-03-01 UTC");
    let several =
        rows(&["day", "x", "y"], (1..9).map(|n| format!(r#"{{"day":"2026-03-0{n}","x":{n},"y":{}}}"#, n * n)));
    let Body::Lines(lines) = first(&several).body else { panic!("lines") };
    assert_eq!(lines.series.iter().map(|series| series.name.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!(lines.range(), (0.0, 64.0));
}

#[test]
fn events_are_counted_over_time() {
    let of =
        |n: u32| format!(r#"{{"time":"2026-03-01T12:{:02}:30Z","type":"t{}","id":"{n}","data":{{}}}}"#, n % 60, n % 3);
    let events = rows(&["time", "type", "id", "data"], (0..120).map(of));
    assert_eq!(titles(&events), ["Histogram: rows by time", "Bars: rows by type"]);
    let chart = first(&events);
    let Body::Columns(columns) = &chart.body else { panic!("columns") };
    assert_eq!((columns.every.as_str(), columns.counts.len()), ("2 minutes", 30));
    assert!(columns.counts.iter().all(|count| *count == 4), "{columns:?}");
    assert_eq!(columns.bounds.len(), 31);
}

#[test]
fn numbers_alone_are_a_histogram_with_whole_parts() {
    let numbers = rows(&["n"], (0..100).map(|n| format!(r#"{{"n":{}}}"#, n % 7)));
    let Body::Columns(columns) = first(&numbers).body else { panic!("columns") };
    assert_eq!((columns.every.as_str(), columns.counts.as_slice()), ("1", &[15, 15, 14, 14, 14, 14, 14][..]));
    let one = rows(&["n"], ["{\"n\":5}".to_owned()]);
    let Body::Columns(columns) = first(&one).body else { panic!("columns") };
    assert_eq!(columns.counts.iter().sum::<u64>(), 1);
}

#[test]
fn what_cannot_be_drawn_is_counted_and_said() {
    let texts = [r#"{"n":1}"#, r#"{"n":2}"#, r#"{"n":null}"#, "{}", r#"{"n":"x"}"#, r#"{"n":1e999}"#, r#"{"n":3}"#];
    let numbers = rows(&["n"], texts.map(str::to_owned));
    assert_eq!(first(&numbers).notes, ["Left out: 4 rows without a number as n."]);
    let named = rows(
        &["k", "n"],
        [r#"{"k":"a","n":1}"#, r#"{"k":"a","n":2}"#, r#"{"n":5}"#, r#"{"k":"b","n":null}"#].map(str::to_owned),
    );
    let chart = first(&named);
    assert_eq!(
        chart.notes,
        [
            "n of rows with the same k is added up.",
            "Left out: 1 row without a name as k.",
            "Left out: 1 row without a number as n."
        ]
    );
    let Body::Bars(bars) = chart.body else { panic!("bars") };
    assert_eq!(bars.bars, [("a".to_owned(), 3.0)]);
}

#[test]
fn what_has_nothing_to_draw_has_no_picture() {
    let unique = rows(&["id", "data"], (0..10).map(|n| format!(r#"{{"id":"i{n}","data":{{}}}}"#)));
    assert!(titles(&unique).is_empty());
    assert!(titles(&rows(&[], [])).is_empty());
    assert!(titles(&rows(&["a"], ["{\"a\":null}".to_owned()])).is_empty());
}

#[test]
fn many_rows_are_read_in_portions_and_few_points_are_drawn() {
    let many = rows(
        &["t", "n"],
        (0..12_000)
            .map(|n| format!(r#"{{"t":"2026-03-01T{:02}:{:02}:{:02}Z","n":{n}}}"#, n / 3600, n / 60 % 60, n % 60)),
    );
    let picks = Picks::of(&many);
    let mut gathering = Gathering::new(picks.choices()[0].clone(), &picks, 12_000, &jiff::tz::TimeZone::UTC);
    let mut portions = 0;
    let chart = loop {
        portions += 1;
        if let Some(chart) = gathering.advance(&many) {
            break chart;
        }
    };
    assert_eq!(portions, 5);
    assert_eq!(chart.notes, ["Drawn are the means of every 12 seconds."]);
    let Body::Lines(lines) = chart.body else { panic!("lines") };
    assert!(lines.series[0].points.len() <= 1000 && lines.series[0].points.is_sorted_by_key(|point| point.0));
}

/// A cell of any kind.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        (-1000i32..1000).prop_map(|n| n.to_string()),
        (-1e9f64..1e9).prop_map(|n| n.to_string()),
        "[a-c<&\"]{0,3}".prop_map(|text| crate::model::json::quote(&text)),
        (0u32..86_400).prop_map(|s| format!("\"2026-03-01T{:02}:{:02}:{:02}Z\"", s / 3600, s / 60 % 60, s % 60)),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("[1]".to_owned()),
        Just("1e999".to_owned()),
    ]
}

proptest! {
    /// Whatever the rows are: what is offered can be drawn, and every row is in it or said to be left out.
    #[test]
    fn every_row_is_drawn_or_left_out(
        cells in prop::collection::vec((cell(), cell(), cell()), 0..60),
        turns in prop::collection::vec(0u8..4, 0..6),
    ) {
        let rows = rows(&["a", "b", "c"], cells.iter().map(|(a, b, c)| format!(r#"{{"a":{a},"b":{b},"c":{c}}}"#)));
        let picks = Picks::of(&rows);
        for choice in picks.choices() {
            let mut choice = choice.clone();
            for turn in &turns {
                choice = match turn {
                    0 => picks.next_along(&choice),
                    1 => picks.next_values(&choice),
                    2 => picks.next_split(&choice),
                    _ => picks.next_kind(&choice).expect("there is one"),
                };
                prop_assert!(picks.allows(&choice), "{choice:?}");
            }
            let chart = drawn(&rows, &choice);
            let left_out: usize = chart.notes.iter()
                .filter_map(|note| note.strip_prefix("Left out: ")?.split(' ').next()?.parse::<usize>().ok())
                .sum();
            match &chart.body {
                Body::Columns(columns) => {
                    prop_assert_eq!(columns.counts.iter().sum::<u64>() as usize + left_out, rows.0.len());
                    prop_assert!(columns.counts.len() <= 44, "{}", columns.counts.len());
                }
                Body::Lines(lines) if choice.values.len() == 1 && choice.split.is_none() => {
                    prop_assert_eq!(lines.series[0].points.len() + left_out, rows.0.len());
                }
                Body::Bars(bars) if choice.values.is_empty() => {
                    prop_assert_eq!(bars.bars.iter().map(|bar| bar.1).sum::<f64>() as usize + left_out, rows.0.len());
                }
                _ => {}
            }
            roxmltree::Document::parse(&svg::write(&chart, "a <name> & \u{1}")).expect("well-formed");
        }
    }
}
