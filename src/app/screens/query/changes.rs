//! What a run changed: the rows and cells that were not there, or were others, in the run before.
//!
//! A row is known again by what its query groups by, else by its ID, else by its first column that is no number, as
//! long as no two rows of a result have the same; else by its position. Cells are compared when they are looked at.
//! Knows nothing of when a query is run.

use super::table::Table;
use crate::gdbql::ast::ExprKind;
use crate::gdbql::{Query, parse_explained};
use crate::model::json::Json;
use crate::model::path::Path;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// So many rows are looked at in one portion.
const PORTION: usize = 10_000;

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is as it was.
    None,
    /// It is another one.
    Cell,
    /// The whole row was not there.
    Row,
}

/// The rows of the run before, and how rows of now are found among them.
#[derive(Debug)]
pub struct Changes {
    before: Table,
    /// The ways to the cells by which rows are known; none for the position.
    keys: Vec<Path>,
    places: FxHashMap<u64, u32>,
    seen: FxHashMap<u64, u32>,
    /// How many rows of before and of now were looked at.
    looked_at: (usize, usize),
    complete: bool,
}

impl Changes {
    /// What has changed since `before`. There is work to do until all rows were looked at.
    pub fn since(before: Table, now: &Table, query: &str) -> Self {
        let keys = keys(now, query);
        let complete = keys.is_empty();
        let (places, seen) = (FxHashMap::default(), FxHashMap::default());
        Self { before, keys, places, seen, looked_at: (0, 0), complete }
    }

    /// Look at a portion of the rows. Tells whether there is more to do.
    pub fn advance(&mut self, now: &Table) -> bool {
        if self.complete {
            return false;
        }
        let (of_before, of_now) = self.looked_at;
        let unique = if of_before < self.before.rows().len() {
            let end = (of_before + PORTION).min(self.before.rows().len());
            self.looked_at.0 = end;
            note(&mut self.places, &self.before, of_before..end, &self.keys)
        } else {
            let end = (of_now + PORTION).min(now.rows().len());
            self.looked_at.1 = end;
            note(&mut self.seen, now, of_now..end, &self.keys)
        };
        if !unique {
            // Two rows cannot be told apart by these columns.
            self.keys.clear();
        }
        self.complete = !unique || self.looked_at.0 == self.before.rows().len() && self.looked_at.1 == now.rows().len();
        if self.complete {
            self.seen = FxHashMap::default();
        }
        !self.complete
    }

    /// What became of a cell of the row that came as number `row` of now.
    pub fn of(&self, now: &Table, row: usize, column: usize) -> Change {
        let text = |table: &Table, row: usize| table.rows().get(row).map(str::to_owned);
        if !self.complete {
            return Change::None;
        }
        let Some(here) = now.rows().get(row).map(Json::trusted) else { return Change::None };
        let Some(there) = self.place(here, row).and_then(|place| text(&self.before, place)) else { return Change::Row };
        let there = Json::trusted(&there);
        let Some(column) = now.columns().get(column) else { return Change::None };
        let (earlier, cell) = (column.cell(there), column.cell(here));
        if earlier.map(Json::text) == cell.map(Json::text) { Change::None } else { Change::Cell }
    }

    /// Where a row of now stood before.
    fn place(&self, here: Json<'_>, row: usize) -> Option<usize> {
        if self.keys.is_empty() {
            return Some(row).filter(|row| *row < self.before.rows().len());
        }
        let place = *self.places.get(&hash(here, &self.keys))? as usize;
        let there = self.before.rows().get(place).map(Json::trusted)?;
        // Two texts may have the same hash.
        let same = |key: &Path| key.find(there).map(Json::text) == key.find(here).map(Json::text);
        self.keys.iter().all(same).then_some(place)
    }
}

/// Note where rows stand. Gives `false` when two of them have the same key.
fn note(places: &mut FxHashMap<u64, u32>, table: &Table, rows: std::ops::Range<usize>, keys: &[Path]) -> bool {
    rows.into_iter().all(|row| {
        let (Some(text), Ok(number)) = (table.rows().get(row), u32::try_from(row)) else { return true };
        places.insert(hash(Json::trusted(text), keys), number).is_none()
    })
}

fn hash(row: Json<'_>, keys: &[Path]) -> u64 {
    let mut hasher = FxHasher::default();
    for key in keys {
        key.find(row).map(Json::text).hash(&mut hasher);
    }
    hasher.finish()
}

/// The ways to the cells by which rows of a result are known again.
fn keys(table: &Table, query: &str) -> Vec<Path> {
    let has = |path: &Path| table.columns().number(Some(path)).is_some();
    let grouped = parse_explained(query).map(|(query, _)| grouped(&query)).unwrap_or_default();
    let grouped: Vec<Path> = grouped.iter().map(|name| Path::of(name)).collect();
    if !grouped.is_empty() && grouped.iter().all(has) {
        return grouped;
    }
    let is_object = table.rows().get(0).is_some_and(|row| row.starts_with('{'));
    let id = Path::of("id");
    match table.columns().iter().find(|column| !column.is_number()) {
        _ if !is_object => Vec::new(),
        _ if has(&id) => vec![id],
        Some(column) => column.path().cloned().into_iter().collect(),
        None => Vec::new(),
    }
}

/// The members of the MAP that show what is grouped by.
fn grouped(query: &Query) -> Vec<String> {
    let Some(ExprKind::Object(members)) = query.map.as_ref().map(|map| &map.kind) else { return Vec::new() };
    let of = |by: &crate::gdbql::ast::Expr| members.iter().find(|(_, value)| value == by).map(|(name, _)| name.clone());
    query.group.iter().map(of).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(rows: &[String]) -> Table {
        let mut table = Table::default();
        table.append(rows.iter().collect());
        table
    }

    fn changes(before: &[String], now: &[String], query: &str) -> Vec<Vec<Change>> {
        let now = table(now);
        let mut changes = Changes::since(table(before), &now, query);
        while changes.advance(&now) {}
        let row = |row| (0..now.columns().len()).map(|column| changes.of(&now, row, column)).collect();
        (0..now.rows().len()).map(row).collect()
    }

    fn rows(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn rows_are_known_again_by_what_they_are_grouped_by() {
        let query = "STREAM e FROM events GROUP BY e.type MAP { n: COUNT(), kind: e.type }";
        let before = rows(&[r#"{"n":1,"kind":"a"}"#, r#"{"n":2,"kind":"b"}"#]);
        let now = rows(&[r#"{"n":5,"kind":"c"}"#, r#"{"n":2,"kind":"b"}"#, r#"{"n":3,"kind":"a"}"#]);
        let found = changes(&before, &now, query);
        assert_eq!(found, [[Change::Row; 2], [Change::None; 2], [Change::Cell, Change::None]]);
    }

    #[test]
    fn rows_that_cannot_be_told_apart_are_known_by_their_position() {
        let before = rows(&[r#"{"k":"a","n":1}"#, r#"{"k":"a","n":2}"#]);
        let now = rows(&[r#"{"k":"a","n":1}"#, r#"{"k":"b","n":2}"#, r#"{"k":"b","n":3}"#]);
        let found = changes(&before, &now, "STREAM e FROM events");
        assert_eq!(found, [[Change::None; 2], [Change::Cell, Change::None], [Change::Row; 2]]);
        assert_eq!(changes(&rows(&["1"]), &rows(&["2"]), ""), [[Change::Cell]]);
    }

    proptest! {
        #[test]
        fn agrees_with_looking_for_every_row(
            before in prop::collection::btree_map(0u8..30, 0u8..3, 0..20),
            now in prop::collection::btree_map(0u8..30, 0u8..3, 0..20),
        ) {
            let texts = |rows: &std::collections::BTreeMap<u8, u8>| -> Vec<String> {
                rows.iter().rev().map(|(key, n)| format!(r#"{{"k":"{key}","n":{n}}}"#)).collect()
            };
            let found = changes(&texts(&before), &texts(&now), "");
            for ((key, n), changes) in now.iter().rev().zip(found) {
                let expected = match before.get(key) {
                    None => [Change::Row; 2],
                    Some(earlier) if earlier == n => [Change::None; 2],
                    Some(_) => [Change::None, Change::Cell],
                };
                prop_assert_eq!(changes, expected.to_vec());
            }
        }
    }
}
