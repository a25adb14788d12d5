//! The order of a result's rows on the screen: as received, or sorted by columns.
//!
//! Sorting goes in portions between which the keys get their turn: each portion of rows is sorted by itself, then
//! the sorted runs are merged. Knows nothing of how columns are found and of what is shown of the rows.

use super::columns::Columns;
use super::sort_key::Keys;
use crate::app::rows::Rows;
use crate::model::json::Json;

/// So many rows are read, or a few times as many merged, in one portion.
const PORTION: usize = 10_000;
/// A portion that is read has no more bytes than this, unless its first row has.
const PORTION_BYTES: usize = 4 << 20;
/// No more columns than this are sorted by.
pub const MOST: usize = 9;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Up,
    /// The largest first.
    Down,
}

/// A column that a result is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// The column's number.
    pub column: usize,
    /// Up or down.
    pub direction: Direction,
}

impl SortBy {
    /// By a column, the smallest first.
    pub fn up(column: usize) -> Self {
        Self { column, direction: Direction::Up }
    }

    fn down(column: usize) -> Self {
        Self { column, direction: Direction::Down }
    }
}

/// The order of the rows on the screen.
#[derive(Debug, Default)]
pub struct Order {
    by: Vec<SortBy>,
    /// The rows in their order; rows that came since stand behind them.
    sorted: Vec<u32>,
    work: Option<Sorting>,
}

impl Order {
    /// What the rows are sorted by, or are being sorted by: the first column decides, the next where it does not.
    pub fn by(&self) -> &[SortBy] {
        &self.by
    }

    /// Whether there is work left.
    pub fn is_working(&self) -> bool {
        self.work.is_some()
    }

    /// What it would be sorted by if a column were turned: by it alone up, then down, then as received.
    pub fn turned(&self, column: usize) -> Vec<SortBy> {
        match self.by[..] {
            [by] if by == SortBy::up(column) => vec![SortBy::down(column)],
            [by] if by == SortBy::down(column) => Vec::new(),
            _ => vec![SortBy::up(column)],
        }
    }

    /// The same, the other columns kept: the column is the last to decide, up, then down, then not at all. `None` when
    /// there are too many.
    pub fn turned_too(&self, column: usize) -> Option<Vec<SortBy>> {
        let mut by = self.by.clone();
        match by.iter().position(|by| by.column == column) {
            Some(at) if by.get(at).is_some_and(|by| by.direction == Direction::Up) => by[at] = SortBy::down(column),
            Some(at) => drop(by.remove(at)),
            None if by.len() == MOST => return None,
            None => by.push(SortBy::up(column)),
        }
        Some(by)
    }

    /// Sort all rows that are there, or let them be as received. The work is done by [`Order::advance`].
    pub fn sort(&mut self, by: Vec<SortBy>, rows: &Rows) {
        self.by = by;
        self.work = (!self.by.is_empty()).then(|| Sorting { rows: rows.len(), ..Sorting::default() });
        if self.by.is_empty() {
            self.sorted = Vec::new();
        }
    }

    /// Rows have come since they were sorted: sort again. The order on the screen stays until that is done.
    pub fn catch_up(&mut self, rows: &Rows) {
        let sorted = self.work.as_ref().map_or(self.sorted.len(), |work| work.rows);
        if !self.by.is_empty() && sorted < rows.len() {
            let by = std::mem::take(&mut self.by);
            self.sort(by, rows);
        }
    }

    /// Do a portion of the work. Tells whether it is done, by which the order has changed.
    pub fn advance(&mut self, rows: &Rows, columns: &Columns) -> bool {
        let Some(work) = &mut self.work else { return false };
        let Some(sorted) = work.advance(&Rules { rows, columns, by: &self.by }) else { return false };
        self.sorted = sorted;
        self.work = None;
        true
    }

    /// The row at a position.
    pub fn row(&self, position: usize) -> usize {
        self.sorted.get(position).map_or(position, |row| *row as usize)
    }

    /// The rows in their order, those that came since not among them; none when they stand as received.
    pub fn sorted(&self) -> &[u32] {
        &self.sorted
    }
}

/// What is sorted, and by what.
struct Rules<'r> {
    rows: &'r Rows,
    columns: &'r Columns,
    by: &'r [SortBy],
}

/// A sort under way.
#[derive(Debug, Default)]
struct Sorting {
    /// How many rows are to be sorted.
    rows: usize,
    keys: Keys,
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
    fn advance(&mut self, rules: &Rules<'_>) -> Option<Vec<u32>> {
        if self.keys.len() < self.rows {
            self.read(rules);
        } else {
            self.merge(rules);
        }
        let done = self.keys.len() == self.rows && self.merge.is_none() && self.runs.len() <= 1;
        done.then(|| self.runs.pop().unwrap_or_default())
    }

    /// Read the next rows' cells and sort them by themselves.
    fn read(&mut self, rules: &Rules<'_>) {
        let start = self.keys.len();
        let mut bytes = 0;
        while self.keys.len() < self.rows.min(start + PORTION) && bytes < PORTION_BYTES {
            let text = rules.rows.get(self.keys.len()).unwrap_or_default();
            bytes += text.len();
            self.keys.push(Json::trusted(text), rules.columns, rules.by);
        }
        let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        let mut run: Vec<u32> = (number(start)..number(self.keys.len())).collect();
        run.sort_by(|a, b| self.keys.compare(*a, *b, rules.rows, rules.columns, rules.by));
        self.runs.push(run);
    }

    /// Go on with the merge that is under way, or begin the next: always the two neighbours that are shortest
    /// together, so that every row is moved a few times only.
    fn merge(&mut self, rules: &Rules<'_>) {
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
                (Some(a), Some(b)) => self.keys.compare(*a, *b, rules.rows, rules.columns, rules.by).is_le(),
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
            rows.append(std::iter::once(row).collect());
        }
        (rows, columns)
    }

    fn sorted(cells: &[String], direction: Direction) -> Vec<String> {
        let (rows, columns) = result(cells);
        let mut order = Order::default();
        order.sort(vec![SortBy { column: 0, direction }], &rows);
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

        /// Sorting by several columns is sorting by the last, then stably by the one before it, and so on.
        #[test]
        fn the_first_column_decides_and_the_next_where_it_does_not(
            cells in prop::collection::vec((cell(), cell(), cell()), 0..60),
            by in prop::sample::subsequence(vec![0usize, 1, 2], 1..=3).prop_shuffle(),
            down in any::<[bool; 3]>(),
        ) {
            let direction = |column: usize| if down[column] { Direction::Down } else { Direction::Up };
            let member = |key: &str, cell: &str| (!cell.is_empty()).then(|| format!("\"{key}\":{cell}"));
            let texts: Vec<String> = cells
                .iter()
                .map(|(a, b, c)| {
                    let members = [member("a", a), member("b", b), member("c", c)];
                    format!("{{{}}}", members.into_iter().flatten().collect::<Vec<_>>().join(","))
                })
                .collect();
            let (mut rows, mut columns) = (Rows::default(), Columns::default());
            columns.look_at(Json::trusted(r#"{"a":1,"b":1,"c":1}"#));
            rows.append(texts.iter().collect());
            let mut order = Order::default();
            order.sort(by.iter().map(|column| SortBy { column: *column, direction: direction(*column) }).collect(), &rows);
            while order.is_working() {
                order.advance(&rows, &columns);
            }
            let of = |row: usize, column: usize| [&cells[row].0, &cells[row].1, &cells[row].2][column].clone();
            let mut expected: Vec<usize> = (0..cells.len()).collect();
            for column in by.iter().rev() {
                // A stable sort by one column, told by where the naive one puts its cells.
                let ranked = naive(&expected.iter().map(|row| of(*row, *column)).collect::<Vec<_>>(), direction(*column));
                let mut left = std::mem::take(&mut expected);
                for cell in ranked {
                    let at = left.iter().position(|row| of(*row, *column) == cell).unwrap();
                    expected.push(left.remove(at));
                }
            }
            prop_assert_eq!((0..cells.len()).map(|at| order.row(at)).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn texts_that_are_longer_than_what_is_kept_of_them_are_compared_whole(
            ends in prop::collection::vec("[a-c\u{0}]{0,3}", 0..20),
            pads in prop::collection::vec(60usize..68, 20),
            down in any::<bool>(),
        ) {
            let cells: Vec<String> =
                ends.iter().zip(pads).map(|(end, pad)| crate::model::json::quote(&format!("{}{end}", "x".repeat(pad)))).collect();
            let direction = if down { Direction::Down } else { Direction::Up };
            prop_assert_eq!(sorted(&cells, direction), naive(&cells, direction));
        }
    }

    #[test]
    fn more_rows_than_a_portion_are_sorted_in_portions_and_stay_stable() {
        let cells: Vec<String> = (0..PORTION * 7 + 13).map(|n| (n * 7919 % 1000).to_string()).collect();
        let (rows, columns) = result(&cells);
        let mut order = Order::default();
        order.sort(vec![SortBy::down(0)], &rows);
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
    fn a_column_is_turned_alone_or_behind_others() {
        let mut order = Order::default();
        let (up, down) = (SortBy::up, SortBy::down);
        for expected in [vec![up(1)], vec![down(1)], vec![]] {
            order.by = order.turned(1);
            assert_eq!(order.by, expected);
        }
        order.by = vec![up(1)];
        for expected in [vec![up(1), up(4)], vec![up(1), down(4)], vec![up(1)]] {
            order.by = order.turned_too(4).unwrap();
            assert_eq!(order.by, expected);
        }
        order.by = vec![up(1), up(2)];
        assert_eq!(order.turned(1), [up(1)], "alone again");
        order.by = (0..MOST).map(up).collect();
        assert_eq!(order.turned_too(MOST), None);
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
        order.sort(vec![SortBy::up(0)], &rows);
        while order.is_working() {
            order.advance(&rows, &columns);
        }
        rows.append([r#"{"c":0}"#].iter().collect());
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
