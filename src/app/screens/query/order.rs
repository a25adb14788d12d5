//! The order of a result's rows on the screen: as received, or sorted by a column.
//!
//! Sorting goes in portions between which the keys get their turn: each portion of rows is sorted by itself, then
//! the sorted runs are merged. Knows nothing of how columns are found.

use super::columns::Columns;
use super::rows::Rows;
use crate::model::json::{Json, Kind};
use std::cmp::Ordering;

/// So many rows are read, or merged, in one portion.
const PORTION: usize = 10_000;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Up,
    /// The largest first.
    Down,
}

/// What a result is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// The column.
    pub column: usize,
    /// Up or down.
    pub direction: Direction,
}

/// What a cell is compared by. Numbers come before texts, these before `false` and `true`, these before arrays and
/// objects.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    /// The nearest double, and the exact integer where that is another.
    Number(f64, Option<Box<i128>>),
    Text(Box<str>),
    Bool(bool),
    Nested(Box<str>),
    /// `null`, then no cell at all: last in either direction.
    Null,
    Missing,
}

impl Key {
    fn of(cell: Option<Json<'_>>) -> Self {
        let Some(cell) = cell else { return Self::Missing };
        match cell.kind() {
            Kind::Number => {
                // Adding 0 makes -0 equal to 0.
                let near = cell.as_f64().unwrap_or_default() + 0.0;
                let exact = (near.abs() >= 9e15).then(|| cell.text().parse::<i128>().ok().map(Box::new));
                Self::Number(near, exact.flatten())
            }
            Kind::String => Self::Text(cell.as_str().unwrap_or_default().into()),
            Kind::Bool => Self::Bool(cell.as_bool() == Some(true)),
            Kind::Null => Self::Null,
            Kind::Array | Kind::Object => Self::Nested(cell.text().into()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(..) => 0,
            Self::Text(_) => 1,
            Self::Bool(_) => 2,
            Self::Nested(_) => 3,
            Self::Null => 4,
            Self::Missing => 5,
        }
    }

    fn compare(&self, other: &Self, direction: Direction) -> Ordering {
        let up = match (self, other) {
            (Self::Number(a, exact_a), Self::Number(b, exact_b)) => {
                let exact = |near: f64, exact: &Option<Box<i128>>| exact.as_deref().copied().unwrap_or(near as i128);
                a.total_cmp(b).then_with(|| exact(*a, exact_a).cmp(&exact(*b, exact_b)))
            }
            (Self::Text(a), Self::Text(b)) | (Self::Nested(a), Self::Nested(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Null | Self::Missing, _) | (_, Self::Null | Self::Missing) => {
                return self.rank().cmp(&other.rank());
            }
            _ => self.rank().cmp(&other.rank()),
        };
        match direction {
            Direction::Up => up,
            Direction::Down => up.reverse(),
        }
    }
}

/// The order of the rows on the screen.
#[derive(Debug, Default)]
pub struct Order {
    by: Option<SortBy>,
    /// The rows in their order; rows that came since stand behind them.
    sorted: Vec<u32>,
    work: Option<Sorting>,
}

impl Order {
    /// What the rows are sorted by, or are being sorted by.
    pub fn by(&self) -> Option<SortBy> {
        self.by
    }

    /// Whether there is work left.
    pub fn is_working(&self) -> bool {
        self.work.is_some()
    }

    /// Sort all rows that are there by a column, or let them be as received. The work is done by [`Order::advance`].
    pub fn sort(&mut self, by: Option<SortBy>, rows: &Rows) {
        self.by = by;
        self.work = by.map(|by| Sorting::new(by, rows.len()));
        if by.is_none() {
            self.sorted = Vec::new();
        }
    }

    /// Rows have come since they were sorted: sort again. The order on the screen stays until that is done.
    pub fn catch_up(&mut self, rows: &Rows) {
        let sorted = self.work.as_ref().map_or(self.sorted.len(), |work| work.rows);
        if self.by.is_some() && sorted < rows.len() {
            self.sort(self.by, rows);
        }
    }

    /// Do a portion of the work. Tells whether it is done, by which the order has changed.
    pub fn advance(&mut self, rows: &Rows, columns: &Columns) -> bool {
        let Some(work) = &mut self.work else { return false };
        let Some(sorted) = work.advance(rows, columns) else { return false };
        self.sorted = sorted;
        self.work = None;
        true
    }

    /// The row at a position on the screen.
    pub fn row(&self, position: usize) -> usize {
        self.sorted.get(position).map_or(position, |row| *row as usize)
    }
}

/// A sort under way.
#[derive(Debug)]
struct Sorting {
    by: SortBy,
    /// How many rows are to be sorted.
    rows: usize,
    keys: Vec<Key>,
    /// Runs of rows, each sorted; every run's rows were received before those of the next, which keeps equals in
    /// their order.
    runs: Vec<Vec<u32>>,
    merge: Option<Merge>,
}

/// Two neighbouring runs on their way to become one.
#[derive(Debug)]
struct Merge {
    first: Vec<u32>,
    second: Vec<u32>,
    taken: (usize, usize),
    out: Vec<u32>,
}

impl Sorting {
    fn new(by: SortBy, rows: usize) -> Self {
        Self { by, rows, keys: Vec::with_capacity(rows), runs: Vec::new(), merge: None }
    }

    fn advance(&mut self, rows: &Rows, columns: &Columns) -> Option<Vec<u32>> {
        if self.keys.len() < self.rows {
            self.read(rows, columns);
        } else {
            self.merge();
        }
        let done = self.keys.len() == self.rows && self.merge.is_none() && self.runs.len() <= 1;
        done.then(|| self.runs.pop().unwrap_or_default())
    }

    /// Read the next rows' cells and sort them by themselves.
    fn read(&mut self, rows: &Rows, columns: &Columns) {
        let start = self.keys.len();
        let end = (start + PORTION).min(self.rows);
        self.keys.extend((start..end).map(|row| {
            let cell = rows.get(row).and_then(|text| columns.cell(Json::trusted(text), self.by.column));
            Key::of(cell)
        }));
        let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        let mut run: Vec<u32> = (number(start)..number(end)).collect();
        run.sort_by(|a, b| compare(&self.keys, self.by.direction, *a, *b));
        self.runs.push(run);
    }

    /// Go on with the merge that is under way, or begin the next: always the two neighbours that are shortest
    /// together, so that every row is moved a few times only.
    fn merge(&mut self) {
        let shortest = (1..self.runs.len()).min_by_key(|at| self.runs[at - 1].len() + self.runs[*at].len());
        if self.merge.is_none()
            && let Some(at) = shortest
        {
            let second = self.runs.remove(at);
            let first = std::mem::take(&mut self.runs[at - 1]);
            let out = Vec::with_capacity(first.len() + second.len());
            self.merge = Some(Merge { first, second, taken: (0, 0), out });
        }
        let Some(merge) = &mut self.merge else { return };
        let until = merge.out.len() + PORTION * 5;
        while merge.out.len() < until {
            let (a, b) = (merge.first.get(merge.taken.0), merge.second.get(merge.taken.1));
            let from_first = match (a, b) {
                (Some(a), Some(b)) => compare(&self.keys, self.by.direction, *a, *b).is_le(),
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if from_first {
                merge.out.extend(a);
                merge.taken.0 += 1;
            } else {
                merge.out.extend(b);
                merge.taken.1 += 1;
            }
        }
        if merge.out.len() == merge.first.len() + merge.second.len() {
            let out = std::mem::take(&mut merge.out);
            self.merge = None;
            // The place of the first run was kept free.
            if let Some(free) = self.runs.iter_mut().find(|run| run.is_empty()) {
                *free = out;
            }
        }
    }
}

fn compare(keys: &[Key], direction: Direction, a: u32, b: u32) -> Ordering {
    match (keys.get(a as usize), keys.get(b as usize)) {
        (Some(a), Some(b)) => a.compare(b, direction),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn result(cells: &[String]) -> (Rows, Columns) {
        let (mut rows, mut columns) = (Rows::default(), Columns::default());
        columns.look_at(Json::trusted(r#"{"c":1}"#));
        for cell in cells {
            let row = if cell.is_empty() { "{}".to_owned() } else { format!("{{\"c\":{cell}}}") };
            columns.look_at(Json::trusted(&row));
            rows.push(row);
        }
        (rows, columns)
    }

    fn sorted(cells: &[String], direction: Direction) -> Vec<String> {
        let (rows, columns) = result(cells);
        let mut order = Order::default();
        order.sort(Some(SortBy { column: 0, direction }), &rows);
        while order.is_working() {
            order.advance(&rows, &columns);
        }
        (0..rows.len()).map(|at| cells[order.row(at)].clone()).collect()
    }

    /// Numbers, texts, booleans, the rest; null and nothing last whatever the direction.
    fn naive(cells: &[String], direction: Direction) -> Vec<String> {
        let rank = |cell: &str| match cell.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => 0,
            Some(b'"') => 1,
            Some(b't' | b'f') => 2,
            Some(b'[' | b'{') => 3,
            Some(_) => 4,
            None => 5,
        };
        let mut cells = cells.to_vec();
        cells.sort_by(|a, b| {
            let up = rank(a).cmp(&rank(b)).then_with(|| match rank(a) {
                0 => a.parse::<f64>().unwrap().partial_cmp(&b.parse::<f64>().unwrap()).unwrap(),
                1 => serde_json::from_str::<String>(a).unwrap().cmp(&serde_json::from_str::<String>(b).unwrap()),
                _ => a.cmp(b),
            });
            if direction == Direction::Up || rank(a) > 3 || rank(b) > 3 { up } else { up.reverse() }
        });
        cells
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => (-3i32..3).prop_map(|n| n.to_string()),
            1 => (-20i32..20).prop_map(|n| format!("{:.1}", f64::from(n) / 10.0)),
            3 => "[a-cé]{0,2}".prop_map(|text| crate::model::json::quote(&text)),
            1 => any::<bool>().prop_map(|b| b.to_string()),
            1 => Just("null".to_owned()),
            1 => Just(String::new()),
            1 => (0u8..3).prop_map(|n| format!("[{n}]")),
        ]
    }

    proptest! {
        #[test]
        fn sorting_agrees_with_a_naive_sort(
            cells in prop::collection::vec(cell(), 0..60),
            down in any::<bool>(),
        ) {
            let direction = if down { Direction::Down } else { Direction::Up };
            prop_assert_eq!(sorted(&cells, direction), naive(&cells, direction));
        }
    }

    #[test]
    fn more_rows_than_a_portion_are_sorted_in_portions_and_stay_stable() {
        let cells: Vec<String> = (0..PORTION * 7 + 13).map(|n| (n * 7919 % 1000).to_string()).collect();
        let (rows, columns) = result(&cells);
        let mut order = Order::default();
        order.sort(Some(SortBy { column: 0, direction: Direction::Down }), &rows);
        let mut portions = 0;
        while order.is_working() {
            assert_eq!(order.row(5), 5, "the old order stays until the new one is complete");
            order.advance(&rows, &columns);
            portions += 1;
        }
        assert!(portions > 8);
        let found: Vec<(i32, usize)> =
            (0..cells.len()).map(|at| (-cells[order.row(at)].parse::<i32>().unwrap(), order.row(at))).collect();
        assert!(found.is_sorted(), "by value, equal ones as they came");
    }

    #[test]
    fn large_integers_are_compared_exactly() {
        let cells = ["9007199254740993", "9007199254740992.0", "12345678901234567891", "12345678901234567890", "1e999"]
            .map(str::to_owned);
        assert_eq!(
            sorted(&cells, Direction::Up),
            ["9007199254740992.0", "9007199254740993", "12345678901234567890", "12345678901234567891", "1e999"]
        );
    }

    #[test]
    fn rows_that_come_later_stand_behind_until_they_are_sorted_in() {
        let (mut rows, columns) = result(&["2".into(), "1".into()]);
        let mut order = Order::default();
        order.sort(Some(SortBy { column: 0, direction: Direction::Up }), &rows);
        while order.is_working() {
            order.advance(&rows, &columns);
        }
        rows.push(r#"{"c":0}"#.into());
        assert_eq!([0, 1, 2].map(|at| order.row(at)), [1, 0, 2]);
        order.catch_up(&rows);
        while order.is_working() {
            order.advance(&rows, &columns);
        }
        assert_eq!([0, 1, 2].map(|at| order.row(at)), [2, 1, 0]);
        order.catch_up(&rows);
        assert!(!order.is_working());
    }
}
