//! The cells of a row for all columns of a table, found in one pass over the row.

use crate::app::screens::query::columns::{Column, is_opened};
use crate::model::json::{Json, Kind};
use crate::model::path::{Path, Step};
use std::borrow::Cow;

/// A column of a table that is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What stands at its head.
    pub name: String,
    /// The way to its cells; `None` for rows that are no objects.
    pub path: Option<Path>,
    /// Whether its cells are numbers.
    pub number: bool,
    /// Whether a cell may be an object. Otherwise the members of objects are cells, and objects are none.
    pub whole: bool,
}

impl Field {
    /// A column of a result.
    pub fn of_column(column: &Column) -> Self {
        let (name, path) = (column.name().to_owned(), column.path().cloned());
        Self { name, path, number: column.is_number(), whole: false }
    }

    /// A field of an event; an object there is a cell.
    pub fn of_event(path: Path) -> Self {
        Self { name: path.to_string(), path: Some(path), number: false, whole: true }
    }
}

/// Finds the cells of rows.
#[derive(Debug, Default)]
pub struct Picker {
    columns: usize,
    /// The objects on the ways to cells, the row itself first.
    nodes: Vec<Vec<Leads>>,
    /// The columns of rows that are no objects.
    bare: Vec<usize>,
    /// Columns to whose cells other steps lead than keys.
    others: Vec<(usize, Path)>,
    whole: Vec<bool>,
}

/// What a key leads to.
#[derive(Debug)]
struct Leads {
    key: Box<str>,
    columns: Vec<usize>,
    node: Option<usize>,
}

impl Picker {
    /// Find the cells of these columns.
    pub fn new(fields: &[Field]) -> Self {
        let whole = fields.iter().map(|field| field.whole).collect();
        let mut picker = Self { columns: fields.len(), nodes: vec![Vec::new()], whole, ..Self::default() };
        for (column, field) in fields.iter().enumerate() {
            match &field.path {
                None => picker.bare.push(column),
                Some(path) if path.steps().iter().any(|step| matches!(step, Step::Index(_))) => {
                    picker.others.push((column, path.clone()));
                }
                Some(path) => picker.add(path, column),
            }
        }
        picker
    }

    fn add(&mut self, path: &Path, column: usize) {
        let keys: Vec<&str> = path
            .steps()
            .iter()
            .filter_map(|step| match step {
                Step::Key(key) => Some(key.as_ref()),
                Step::Index(_) => None,
            })
            .collect();
        let mut node = 0;
        for (at, key) in keys.iter().enumerate() {
            let next = self.nodes.len();
            let Some(leads) = self.nodes.get_mut(node) else { return };
            let place = leads.iter().position(|leads| *leads.key == **key).unwrap_or_else(|| {
                leads.push(Leads { key: (*key).into(), columns: Vec::new(), node: None });
                leads.len() - 1
            });
            let Some(leads) = leads.get_mut(place) else { return };
            if at + 1 == keys.len() {
                leads.columns.push(column);
                return;
            }
            node = *leads.node.get_or_insert(next);
            if node == next {
                self.nodes.push(Vec::new());
            }
        }
    }

    /// The cells of a row, one a column; `None` where the row has none.
    pub fn pick<'r>(&self, row: Json<'r>, cells: &mut Vec<Option<Json<'r>>>) {
        cells.clear();
        cells.resize(self.columns, None);
        if row.kind() == Kind::Object {
            self.look_into(row, 0, 1, cells);
        } else {
            self.put(&self.bare, row, false, cells);
        }
        for (column, path) in &self.others {
            self.put(&[*column], path.find(row).unwrap_or(Json::NULL), false, cells);
        }
    }

    fn look_into<'r>(&self, object: Json<'r>, node: usize, depth: usize, cells: &mut [Option<Json<'r>>]) {
        let Some(known) = self.nodes.get(node) else { return };
        // Keys mostly come in the order of the columns.
        let mut next = 0;
        for (key, value) in object.members() {
            let here = known.get(next).filter(|leads| key.is(&leads.key)).map(|_| next);
            let Some(place) = here.or_else(|| known.iter().position(|leads| key.is(&leads.key))) else { continue };
            next = place + 1;
            let Some(leads) = known.get(place) else { continue };
            let opened = is_opened(value, depth);
            self.put(&leads.columns, value, opened, cells);
            if let Some(inner) = leads.node {
                // Of a key that stands there twice the last one counts.
                self.clear(inner, cells);
                self.look_into(value, inner, depth + 1, cells);
            }
        }
    }

    fn put<'r>(&self, columns: &[usize], value: Json<'r>, opened: bool, cells: &mut [Option<Json<'r>>]) {
        for column in columns {
            if let Some(cell) = cells.get_mut(*column) {
                let whole = self.whole.get(*column).copied().unwrap_or_default();
                *cell = (whole || !opened).then_some(value);
            }
        }
    }

    fn clear(&self, node: usize, cells: &mut [Option<Json<'_>>]) {
        for leads in self.nodes.get(node).into_iter().flatten() {
            for column in &leads.columns {
                if let Some(cell) = cells.get_mut(*column) {
                    *cell = None;
                }
            }
            if let Some(inner) = leads.node {
                self.clear(inner, cells);
            }
        }
    }
}

/// A cell's text: strings without their quotes, everything else as it is written, what is missing or null as nothing.
pub fn text(cell: Option<Json<'_>>) -> Cow<'_, str> {
    match cell {
        None => Cow::Borrowed(""),
        Some(value) => match value.kind() {
            Kind::Null => Cow::Borrowed(""),
            Kind::String => value.as_str().unwrap_or_default(),
            _ => Cow::Borrowed(value.text()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::screens::query::columns::Columns;
    use proptest::prelude::*;

    proptest! {
        /// In one pass the same is found as by going to each column's cell; keys may stand there twice.
        #[test]
        fn picks_what_each_column_has(
            rows in prop::collection::vec(crate::model::json::tests::any_json(), 1..8),
            twice in any::<bool>(),
            order in any::<prop::sample::Index>(),
        ) {
            let mut texts: Vec<String> = rows.iter().map(ToString::to_string).collect();
            if let (true, [first, .., last]) = (twice, &texts[..]) && first.starts_with("{\"") && last.starts_with("{\"") {
                texts.push(format!("{},{}", &first[..first.len() - 1], &last[1..]));
            }
            let mut columns = Columns::default();
            texts.iter().for_each(|text| columns.look_at(Json::trusted(text)));
            let mut numbers: Vec<usize> = (0..columns.len()).collect();
            numbers.rotate_left(order.index(columns.len().max(1)).min(columns.len()));
            let field = |number: &usize| {
                Field::of_column(columns.get(*number).unwrap())
            };
            let picker = Picker::new(&numbers.iter().map(field).collect::<Vec<_>>());
            for text in &texts {
                let (row, mut cells) = (Json::trusted(text), Vec::new());
                picker.pick(row, &mut cells);
                let expected: Vec<_> = numbers.iter().map(|number| columns.cell(row, *number)).collect();
                prop_assert_eq!(cells, expected, "{}", text);
            }
        }
    }

    #[test]
    fn a_whole_field_and_its_members_are_cells_and_items_are_found() {
        let fields = ["data", "data.a", "data.l[1]"].map(|path| Field::of_event(Path::parse(path).unwrap()));
        let mut cells = Vec::new();
        let row = r#"{"data":{"a":1,"l":[2,3]}}"#;
        Picker::new(&fields).pick(Json::trusted(row), &mut cells);
        assert_eq!(cells.iter().map(|cell| text(*cell)).collect::<Vec<_>>(), [r#"{"a":1,"l":[2,3]}"#, "1", "3"]);
    }
}
