//! The rows of a result as a table: its columns, its order, its filter, and the cell under the cursor.
//!
//! Knows nothing of the query behind it and of how cells are drawn. Only rows that are looked at are read.

mod placing;
#[cfg(test)]
mod tests;

pub use placing::{GAP, Shown};

use super::bits::Bits;
use super::columns::{Column, Columns, Role};
use super::filter::{Filter, Pattern};
use super::layout::Layout;
use super::order::{Order, SortBy};
use crate::app::list::{ListState, Step};
use crate::app::rows::{Bounds, Portion, Rows};
use crate::model::json::Json;
use std::cell::Cell;

/// A column is made wider and narrower by so many display columns.
const STEP: usize = 2;

/// How times are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// Those of whole events by the local clock, as in every list of events; others as they were received.
    #[default]
    Usual,
    /// By the clock of the system's zone.
    Local,
    /// In coordinated universal time.
    Utc,
    /// As they were received.
    Received,
}

impl Times {
    /// The next way, after what is seen now.
    fn next(self, of_events: bool) -> Self {
        match self {
            Self::Usual if of_events => Self::Utc,
            Self::Usual | Self::Received => Self::Local,
            Self::Local => Self::Utc,
            Self::Utc => Self::Received,
        }
    }

    /// In a few words; `None` when nothing was asked for.
    pub fn said(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::Local => Some("local times"),
            Self::Utc => Some("times in UTC"),
            Self::Received => Some("times as received"),
        }
    }
}

/// A result and the cursor in it.
#[derive(Debug, Default)]
pub struct Table {
    rows: Rows,
    columns: Columns,
    order: Order,
    layout: Layout,
    filter: Option<Filter>,
    /// How times are told.
    pub times: Times,
    /// The row under the cursor.
    pub list: ListState,
    /// The number of the column under the cursor; before it was moved, the first one that is shown.
    column: Option<usize>,
    left: Cell<usize>,
    /// The numbers of the rows that are marked.
    marks: Bits,
}

impl Table {
    /// An empty table that keeps so much.
    pub fn bounded(bounds: Bounds) -> Self {
        Self { rows: Rows::bounded(bounds), ..Self::default() }
    }

    /// Look like the table of the run before: the same columns in the same places, times told in the same way.
    pub fn look_like(&mut self, other: &Self) {
        self.layout = other.layout.again();
        self.layout.take_in(&self.columns);
        self.times = other.times;
    }

    /// Take rows over. Gives `false` when not all of them can be kept.
    pub fn append(&mut self, portion: Portion) -> bool {
        let before = self.rows.len();
        let all_kept = self.rows.append(portion);
        for text in (before..self.rows.len()).filter_map(|row| self.rows.get(row)) {
            self.columns.look_at(Json::trusted(text));
        }
        self.layout.take_in(&self.columns);
        all_kept
    }

    /// Stand where another one stood: its cursor, what is shown of it, its order and its filter.
    pub fn stand_in_for(&mut self, other: &Self) {
        self.look_like(other);
        self.list = other.list.clone();
        self.left = other.left.clone();
        let number = |number: usize| self.columns.number(other.columns.get(number)?.path());
        self.column = other.column.and_then(number);
        let by = |by: &SortBy| Some(SortBy { column: number(by.column)?, ..*by });
        let by = other.order.by().iter().filter_map(by).collect();
        self.order.sort(by, &self.rows);
        self.filter = other.filter.as_ref().map(|filter| Filter::new(filter.pattern().clone()));
    }

    /// The number of the row at a position on the screen, in the order in which rows came.
    pub fn number(&self, position: usize) -> usize {
        match &self.filter {
            Some(filter) => filter.found().get(position).map_or(usize::MAX, |row| *row as usize),
            None => self.order.row(position),
        }
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.filter.as_ref().map_or(self.rows.len(), |filter| filter.found().len())
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows as they were received.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Which of them are shown, and how.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// What the rows are filtered by.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// The number of the column under the cursor.
    pub fn column(&self) -> usize {
        self.column.or_else(|| self.layout.shown().first().copied()).unwrap_or_default()
    }

    /// Where the column under the cursor stands among those that are shown.
    pub fn place(&self) -> usize {
        let column = self.column();
        self.layout.shown().iter().position(|number| *number == column).unwrap_or_default()
    }

    /// The row at a position on the screen.
    pub fn row(&self, position: usize) -> Option<Json<'_>> {
        self.rows.get(self.number(position)).map(Json::trusted)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<Json<'_>> {
        self.row(self.list.selected())
    }

    /// The cell under the cursor; `None` when the row has none there.
    pub fn cell(&self) -> Option<Json<'_>> {
        self.columns.cell(self.current()?, self.column())
    }

    /// Move the cursor up or down.
    pub fn step(&mut self, step: Step) {
        self.list.step(step, self.len());
    }

    /// Move the cursor so many columns to the right, negative to the left.
    pub fn go_columns(&mut self, by: isize) {
        let place = self.place().saturating_add_signed(by).min(self.layout.shown().len().saturating_sub(1));
        self.column = self.layout.shown().get(place).copied();
    }

    /// Sort by the column under the cursor: up, then down, then as received.
    pub fn turn_sort(&mut self) {
        self.sort(self.order.turned(self.column()));
    }

    /// Sort by the column under the cursor where the columns before it do not decide. Gives `false` when there are too
    /// many.
    pub fn turn_sort_too(&mut self) -> bool {
        let by = self.order.turned_too(self.column());
        by.map(|by| self.sort(by)).is_some()
    }

    fn sort(&mut self, by: Vec<SortBy>) {
        let none = by.is_empty();
        self.order.sort(by, &self.rows);
        if none {
            self.reordered();
        }
    }

    /// What one sorts for are the first rows.
    fn reordered(&mut self) {
        if let Some(filter) = &mut self.filter {
            filter.reordered();
            filter.advance(&self.rows, &self.order);
        }
        self.step(Step::First);
    }

    /// Show only rows that match; all rows without a pattern. The row under the cursor stays there when it can.
    pub fn set_filter(&mut self, pattern: Option<Pattern>) {
        let current = self.number(self.list.selected());
        self.filter = pattern.map(Filter::new);
        self.advance_filter();
        let position = match &self.filter {
            Some(filter) => filter.found().iter().position(|row| *row as usize == current),
            None if self.order.sorted().is_empty() => Some(current),
            None => self.order.sorted().iter().position(|row| *row as usize == current).or(Some(current)),
        };
        match position {
            Some(position) if position < self.len() => self.list.follow(position, self.len()),
            _ => self.step(Step::First),
        }
    }

    fn advance_filter(&mut self) -> bool {
        self.filter.as_mut().is_some_and(|filter| filter.advance(&self.rows, &self.order))
    }

    /// All rows have come.
    pub fn complete(&mut self) {
        self.rows.complete();
        self.order.catch_up(&self.rows);
    }

    /// Whether rows are still to be sorted or looked at.
    pub fn is_working(&self) -> bool {
        self.order.is_working() || self.filter.as_ref().is_some_and(|filter| filter.passed() < self.rows.len())
    }

    /// Do a portion of the sorting and of the filtering. Tells whether there is more to do.
    pub fn advance(&mut self) -> bool {
        if self.order.is_working() {
            if self.order.advance(&self.rows, &self.columns) {
                self.reordered();
            }
        } else {
            self.advance_filter();
        }
        self.is_working()
    }

    /// Show a column or hide it. Gives `false` when it is the only one.
    pub fn turn_column(&mut self, number: usize) -> bool {
        let place = self.place();
        let turned = self.layout.turn(number, &self.columns);
        if !self.layout.is_shown(self.column()) {
            let place = place.min(self.layout.shown().len().saturating_sub(1));
            self.column = self.layout.shown().get(place).copied();
        }
        turned
    }

    /// Show all columns.
    pub fn show_all_columns(&mut self) {
        self.column = Some(self.column());
        self.layout.show_all(&self.columns);
    }

    /// Keep the columns up to the cursor at the left, or none. Tells how many are kept.
    pub fn freeze(&mut self) -> usize {
        self.layout.freeze(self.place());
        self.layout.frozen()
    }

    /// Make the column under the cursor wider or narrower.
    pub fn resize(&mut self, wider: bool) {
        let (column, width) = (self.column(), self.width(self.column()));
        let width = if wider { width + STEP } else { width.saturating_sub(STEP) };
        self.layout.resize(column, Some(width), &self.columns);
    }

    /// Give the column under the cursor the width that it wants.
    pub fn resize_back(&mut self) {
        self.layout.resize(self.column(), None, &self.columns);
    }

    /// Let the column under the cursor change places with its neighbour.
    pub fn move_column(&mut self, right: bool) {
        let column = self.column();
        self.column = Some(column);
        self.layout.move_by(column, right, &self.columns);
    }

    /// Let a column change places with its neighbour among all columns. The cursor stays on its column.
    pub fn shift_column(&mut self, number: usize, right: bool) {
        self.column = Some(self.column());
        self.layout.shift(number, right, &self.columns);
    }

    /// Move the cursor to a column, which is shown from then on.
    pub fn go_to_column(&mut self, number: usize) {
        if !self.layout.is_shown(number) {
            self.layout.turn(number, &self.columns);
        }
        self.column = Some(number);
    }

    /// Tell times in the next way.
    pub fn turn_times(&mut self) {
        self.times = self.times.next(self.columns.are_events());
    }

    /// Whether the times of a column are told by a clock, not as they were received.
    pub fn by_clock(&self, column: &Column) -> bool {
        match self.times {
            Times::Usual => column.role == Role::EventTimes,
            Times::Received => false,
            Times::Local | Times::Utc => column.role == Role::EventTimes || column.is_time(),
        }
    }

    /// Mark the row under the cursor, or take its mark away, and go on to the next.
    pub fn mark(&mut self) {
        let number = self.number(self.list.selected());
        if number < self.rows.len() && !self.marks.remove(number) {
            self.marks.insert(number);
        }
        self.step(Step::By(1));
    }

    /// Take all marks away; mark all rows that are shown when there are none.
    pub fn mark_all(&mut self) {
        if self.marks.is_empty() {
            for position in 0..self.len() {
                self.marks.insert(self.number(position));
            }
        } else {
            self.marks.clear();
        }
    }

    /// The numbers of the rows that are marked.
    pub fn marks(&self) -> &Bits {
        &self.marks
    }

    /// To the next row that is marked, or to the one before. Gives `false` when there is none.
    pub fn step_mark(&mut self, forward: bool) -> bool {
        let (len, from) = (self.len(), self.list.selected());
        let is_marked = |position: &usize| self.marks.contains(self.number(*position));
        let found = match forward {
            _ if self.marks.is_empty() => None,
            true => (from + 1..len).chain(0..from.min(len)).find(is_marked),
            false => (0..from.min(len)).rev().chain((from + 1..len).rev()).find(is_marked),
        };
        found.map(|position| self.list.select(position, len)).is_some()
    }

    /// How many of the rows that are shown are marked.
    pub fn marked(&self) -> usize {
        match self.marks.len() {
            // A filter hides marked rows, too.
            1.. if self.filter.is_some() => {
                (0..self.len()).filter(|position| self.marks.contains(self.number(*position))).count()
            }
            all => all,
        }
    }

    /// The numbers of the rows in their order on the screen: all that are shown, or those of them that are marked.
    pub fn in_order(&self, only_marked: bool) -> Vec<u32> {
        let numbers = (0..self.len()).map(|position| self.number(position));
        numbers
            .filter(|number| !only_marked || self.marks.contains(*number))
            .filter_map(|number| u32::try_from(number).ok())
            .collect()
    }

    /// The name of the column under the cursor.
    pub fn column_name(&self) -> &str {
        self.columns.get(self.column()).map_or("", Column::name)
    }
}
