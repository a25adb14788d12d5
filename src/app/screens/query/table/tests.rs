//! Columns scroll, rows are sorted, filtered and marked.

use super::super::order::Direction;
use super::*;
use proptest::prelude::*;

fn table(widths: &[usize]) -> Table {
    let members: Vec<String> =
        widths.iter().enumerate().map(|(n, w)| format!("\"{n}\":\"{}\"", "x".repeat(*w))).collect();
    let mut table = Table::default();
    table.append([format!("{{{}}}", members.join(","))].iter().collect());
    table
}

fn shown(table: &Table, room: usize) -> Vec<(usize, usize)> {
    table.show(room).iter().map(|shown| (shown.number, shown.width)).collect()
}

#[test]
fn columns_scroll_with_the_cursor() {
    let mut table = table(&[10, 10, 10, 10]);
    assert_eq!(shown(&table, 30), [(0, 10), (1, 10), (2, 6)]);
    table.go_columns(2);
    assert_eq!(shown(&table, 30), [(1, 10), (2, 10), (3, 6)]);
    table.go_columns(1);
    assert_eq!(shown(&table, 30), [(2, 10), (3, 10)]);
    table.go_columns(-1);
    assert_eq!(shown(&table, 30), [(2, 10), (3, 10)], "still there, so nothing moves");
    assert_eq!(shown(&table, 46), [(0, 10), (1, 10), (2, 10), (3, 10)]);
}

#[test]
fn room_that_is_left_goes_to_long_columns() {
    let table = table(&[100, 4]);
    assert_eq!(shown(&table, 46), [(0, 40), (1, 4)]);
    assert_eq!(shown(&table, 80), [(0, 74), (1, 4)]);
    assert_eq!(shown(&table, 200), [(0, 100), (1, 4)]);
}

#[test]
fn a_second_press_sorts_down_a_third_as_received() {
    let mut table = Table::default();
    table.append([3, 1, 2].map(|n| format!("{{\"n\":{n},\"m\":0}}")).iter().collect());
    let mut seen = Vec::new();
    for _ in 0..3 {
        table.turn_sort();
        while table.advance() {}
        seen.push((0..3).filter_map(|at| Some(table.row(at)?.get("n")?.text().to_owned())).collect::<String>());
    }
    assert_eq!(seen, ["123", "321", "312"]);
    table.turn_sort();
    table.go_columns(1);
    table.turn_sort();
    assert_eq!(table.order().by(), [SortBy { column: 1, direction: Direction::Up }]);
}

#[test]
fn columns_that_are_frozen_stay_at_the_left() {
    let mut table = table(&[8, 10, 10, 10]);
    assert_eq!(table.freeze(), 1);
    table.go_columns(3);
    assert_eq!(shown(&table, 32), [(0, 8), (2, 10), (3, 10)]);
    assert!(table.show(32)[0].edge && !table.show(32)[1].edge);
    table.go_columns(-3);
    assert_eq!(shown(&table, 32), [(0, 8), (2, 10), (3, 10)], "the cursor is to be seen, so nothing moves");
    table.go_columns(1);
    assert_eq!(shown(&table, 32), [(0, 8), (1, 10), (2, 10)]);
    assert_eq!(shown(&table, 12), [(1, 10)], "no room for both");
}

#[test]
fn the_cursor_stays_on_its_column_and_goes_on_when_that_is_hidden() {
    let mut table = table(&[3, 3, 3]);
    table.go_columns(1);
    table.move_column(true);
    assert_eq!((table.column(), table.place(), table.layout().shown()), (1, 2, &[0, 2, 1][..]));
    assert!(table.turn_column(1));
    assert_eq!((table.column(), table.place()), (2, 1));
    table.show_all_columns();
    assert_eq!((table.column(), table.layout().shown()), (2, &[0, 2, 1][..]));
    table.resize(true);
    assert_eq!(shown(&table, 40), [(0, 3), (2, 5), (1, 3)]);
    table.resize_back();
    assert_eq!(shown(&table, 40)[1], (2, 3));
}

#[test]
fn marks_stay_with_their_rows_whatever_is_shown() {
    let mut table = Table::default();
    table.append([3, 1, 2].iter().map(|n| format!("{{\"n\":{n}}}")).collect());
    table.mark();
    table.turn_sort();
    while table.advance() {}
    assert_eq!((table.in_order(false), table.in_order(true)), (vec![1, 2, 0], vec![0]));
    assert!(table.step_mark(true) && !table.step_mark(true));
    assert_eq!(table.list.selected(), 2);
    table.set_filter(Pattern::new("2").unwrap());
    assert_eq!((table.in_order(false), table.in_order(true)), (vec![2], vec![]));
    table.set_filter(None);
    assert_eq!((table.list.selected(), table.number(1)), (1, 2), "the cursor stays on its row");
    table.mark_all();
    assert!(table.marks().is_empty());
    table.mark_all();
    assert_eq!(table.marks().len(), 3);
}

proptest! {
    #[test]
    fn what_is_shown_fits_and_has_the_cursor(
        widths in prop::collection::vec(0usize..120, 1..9),
        moves in prop::collection::vec((-9isize..9, 1usize..150, 0u8..8), 1..9),
    ) {
        let mut table = table(&widths);
        for (by, room, act) in moves {
            table.go_columns(by);
            match act {
                0 => drop(table.freeze()),
                1 => drop(table.turn_column(table.column())),
                2 => table.resize(by > 0),
                3 => table.move_column(by > 0),
                4 => table.show_all_columns(),
                _ => {}
            }
            let columns = table.show(room);
            let used: usize = columns.iter().map(|column| column.width).sum::<usize>() + GAP * (columns.len() - 1);
            prop_assert!(used <= room, "{:?}", columns);
            prop_assert!(columns.iter().any(|column| column.number == table.column()));
            prop_assert_eq!(table.show(room), columns);
        }
    }

    /// Sorted and filtered, against the plain way: sort what matches.
    #[test]
    fn what_is_shown_are_the_matching_rows_in_their_order(
        cells in prop::collection::vec((0u8..20, "[ab]{1,2}"), 0..40),
        keys in prop::collection::vec((0usize..2, any::<bool>()), 0..3),
        wanted in "[ab0-9]",
        later in 0usize..10,
    ) {
        let row = |(n, text): &(u8, String)| format!("{{\"n\":{n},\"t\":\"{text}\"}}");
        let first = cells.len().saturating_sub(later);
        let mut table = Table::default();
        table.append(cells[..first].iter().map(row).collect());
        table.set_filter(Pattern::new(&wanted).unwrap());
        let mut by: Vec<SortBy> = Vec::new();
        for (column, down) in keys {
            if table.columns().len() == 2 && by.iter().all(|by| by.column != column) {
                by.push(SortBy { column, direction: if down { Direction::Down } else { Direction::Up } });
            }
        }
        table.sort(by.clone());
        table.append(cells[first..].iter().map(row).collect());
        table.complete();
        while table.advance() {}
        let mut expected: Vec<usize> = (0..cells.len()).collect();
        expected.retain(|row| cells[*row].0.to_string().contains(&wanted) || cells[*row].1.contains(&wanted));
        expected.sort_by(|a, b| {
            by.iter().fold(std::cmp::Ordering::Equal, |order, by| {
                let up = match by.column {
                    0 => cells[*a].0.cmp(&cells[*b].0),
                    _ => cells[*a].1.cmp(&cells[*b].1),
                };
                order.then(if by.direction == Direction::Up { up } else { up.reverse() })
            })
        });
        prop_assert_eq!(table.in_order(false).iter().map(|row| *row as usize).collect::<Vec<_>>(), expected);
    }
}
