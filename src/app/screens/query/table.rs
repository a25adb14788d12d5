//! The rows of a result as a table: its columns, its order, and the cell under the cursor.
//!
//! Knows nothing of the query behind it and of how cells are drawn. Only rows that are looked at are read.

use super::columns::{Column, Columns};
use super::order::{Direction, Order, SortBy};
use super::rows::{Bounds, Rows};
use crate::app::list::{ListState, Step};
use crate::model::json::Json;
use std::cell::Cell;

/// The widest that a column gets while another one needs the room.
const WIDEST: usize = 40;
/// Columns stand so far apart.
pub const GAP: usize = 2;
/// A column that is cut at the right edge is shown from this width on.
const NARROWEST: usize = 6;

/// A result and the cursor in it.
#[derive(Debug, Default)]
pub struct Table {
    rows: Rows,
    columns: Columns,
    order: Order,
    /// The row under the cursor.
    pub list: ListState,
    column: usize,
    left: Cell<usize>,
}

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its position among the columns.
    pub index: usize,
    /// How many display columns it has.
    pub width: usize,
}

impl Table {
    /// An empty table that keeps so much.
    pub fn bounded(bounds: Bounds) -> Self {
        Self { rows: Rows::bounded(bounds), ..Self::default() }
    }

    /// Take rows over. Gives `false` when not all of them can be kept.
    pub fn append(&mut self, rows: Vec<String>) -> bool {
        rows.into_iter().all(|row| {
            let at = self.rows.len();
            let kept = self.rows.push(row);
            if kept && let Some(text) = self.rows.get(at) {
                self.columns.look_at(Json::trusted(text));
            }
            kept
        })
    }

    /// Stand where another one stood: its cursor, what is shown of it, and its order.
    pub fn stand_in_for(&mut self, other: &Self) {
        self.list = other.list.clone();
        self.column = other.column.min(self.columns.len().saturating_sub(1));
        self.left = other.left.clone();
        let name = |by: SortBy| other.columns.get(by.column).map(Column::name);
        let column = |by: SortBy| self.columns.iter().position(|column| Some(column.name()) == name(by));
        let by = other.order.by().and_then(|by| Some(SortBy { column: column(by)?, ..by }));
        self.order.sort(by, &self.rows);
    }

    /// The number of the row at a position on the screen, in the order in which rows came.
    pub fn number(&self, position: usize) -> usize {
        self.order.row(position)
    }

    /// The rows as they were received.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The column under the cursor.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The row at a position on the screen.
    pub fn row(&self, position: usize) -> Option<Json<'_>> {
        self.rows.get(self.order.row(position)).map(Json::trusted)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<Json<'_>> {
        self.row(self.list.selected())
    }

    /// The cell under the cursor; `None` when the row has none there.
    pub fn cell(&self) -> Option<Json<'_>> {
        self.columns.cell(self.current()?, self.column)
    }

    /// Move the cursor up or down.
    pub fn step(&mut self, step: Step) {
        self.list.step(step, self.rows.len());
    }

    /// Move the cursor so many columns to the right, negative to the left.
    pub fn go_columns(&mut self, by: isize) {
        self.column = self.column.saturating_add_signed(by).min(self.columns.len().saturating_sub(1));
    }

    /// Sort by the column under the cursor: up, then down, then as received.
    pub fn turn_sort(&mut self) {
        let up = SortBy { column: self.column, direction: Direction::Up };
        let next = match self.order.by() {
            Some(by) if by == up => Some(SortBy { direction: Direction::Down, ..up }),
            Some(by) if by.column == self.column => None,
            _ => Some(up),
        };
        self.order.sort(next, &self.rows);
        if next.is_none() {
            self.list.step(Step::First, self.rows.len());
        }
    }

    /// All rows have come.
    pub fn complete(&mut self) {
        self.order.catch_up(&self.rows);
    }

    /// Do a portion of the sorting. Tells whether there is more to do.
    pub fn advance(&mut self) -> bool {
        // What one sorts for are the first rows.
        if self.order.advance(&self.rows, &self.columns) {
            self.list.step(Step::First, self.rows.len());
        }
        self.order.is_working()
    }

    /// The columns to draw where there is room for `room` display columns. The one under the cursor is among them.
    pub fn show(&self, room: usize) -> Vec<Shown> {
        let widths: Vec<usize> = self.columns.iter().map(|column| column.width.clamp(1, WIDEST)).collect();
        let fits = |left: usize, right: usize| {
            let gaps = GAP * right.saturating_sub(left);
            widths.get(left..=right).is_some_and(|between| between.iter().sum::<usize>() + gaps <= room)
        };
        let Some(last) = widths.len().checked_sub(1) else { return Vec::new() };
        let mut left = self.left.get().min(self.column);
        while left < self.column && !fits(left, self.column) {
            left += 1;
        }
        // No empty room on the right while there are columns on the left.
        while left > 0 && fits(left - 1, last) {
            left -= 1;
        }
        self.left.set(left);
        let mut free = room;
        let mut shown = Vec::new();
        for (index, wanted) in widths.iter().enumerate().skip(left) {
            let gap = if shown.is_empty() { 0 } else { GAP };
            let width = (*wanted).min(free.saturating_sub(gap));
            if width < (*wanted).min(NARROWEST) && !shown.is_empty() || width == 0 {
                break;
            }
            free = free.saturating_sub(gap + width);
            shown.push(Shown { index, width });
        }
        self.widen(&mut shown, free);
        shown
    }

    /// Give what is left of the room to the columns that want more than the usual width.
    fn widen(&self, shown: &mut [Shown], mut free: usize) {
        for column in shown {
            let wants = self.columns.get(column.index).map_or(0, |c| c.width.saturating_sub(column.width));
            let more = wants.min(free);
            column.width += more;
            free -= more;
        }
    }

    /// The name of the column under the cursor.
    pub fn column_name(&self) -> &str {
        self.columns.get(self.column).map_or("", Column::name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(widths: &[usize]) -> Table {
        let members: Vec<String> =
            widths.iter().enumerate().map(|(n, w)| format!("\"{n}\":\"{}\"", "x".repeat(*w))).collect();
        let mut table = Table::default();
        table.append(vec![format!("{{{}}}", members.join(","))]);
        table
    }

    fn shown(table: &Table, room: usize) -> Vec<(usize, usize)> {
        table.show(room).iter().map(|shown| (shown.index, shown.width)).collect()
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
        table.append([3, 1, 2].map(|n| format!("{{\"n\":{n},\"m\":0}}")).into());
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
        assert_eq!(table.order().by(), Some(SortBy { column: 1, direction: Direction::Up }));
    }

    proptest! {
        #[test]
        fn what_is_shown_fits_and_has_the_cursor(
            widths in prop::collection::vec(0usize..120, 1..9),
            moves in prop::collection::vec((-9isize..9, 1usize..150), 1..9),
        ) {
            let mut table = table(&widths);
            for (by, room) in moves {
                table.go_columns(by);
                let columns = table.show(room);
                let used: usize = columns.iter().map(|column| column.width).sum::<usize>() + GAP * (columns.len() - 1);
                prop_assert!(used <= room);
                prop_assert!(columns.iter().any(|column| column.index == table.column()));
                prop_assert_eq!(table.show(room), columns);
            }
        }
    }
}
