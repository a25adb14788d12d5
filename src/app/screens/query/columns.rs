//! The columns of a result: which there are, and how wide they want to be.
//!
//! Found from the rows as they come, members of nested objects as `a.b`; a column keeps its number for ever. Which of them
//! are shown, and in which order, is the layout's. Knows nothing of the screen's width.

use crate::model::event::short_kind;
use crate::model::json::{Json, Key, Kind};
use crate::model::path::{Path, Step};
use crate::model::time;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// A column's width is that of its widest cell among its first so many, so that it is stable while rows come.
const SAMPLE: u32 = 200;
/// No more of a cell than this is measured, in bytes.
const MEASURED: usize = 512;
/// Numbers that are longer than this are cut after all.
const LONGEST_NUMBER: usize = 40;
/// No more columns than this are found: keys that differ from row to row are no columns.
const MOST: usize = 256;
/// Objects inside more objects than this are cells themselves.
pub const DEEPEST: usize = 8;

/// The fields by which a row is known for an event, and the order in which an event's fields are worth looking at.
const REQUIRED: [&str; 4] = ["id", "subject", "type", "source"];
const EVENT_ORDER: [&str; 5] = ["time", "type", "subject", "data", "id"];
/// The display columns of a date and a time with milliseconds.
pub const DATE_TIME: usize = 23;

/// What a column's cells are, beyond their kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Any values; shown as they were received.
    #[default]
    Values,
    /// The times of whole events, shown as in every list of events.
    EventTimes,
    /// The types of whole events, shown as in every list of events.
    EventTypes,
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The way to its cells; `None` for rows that are no objects.
    path: Option<Path>,
    name: Box<str>,
    /// What its cells are.
    pub role: Role,
    /// The display columns of its widest cell so far, its head included.
    pub width: usize,
    sampled: u32,
    numbers: u32,
    times: u32,
    others: u32,
}

impl Column {
    /// A column of which no cell was seen yet. Without a path it is that of bare values.
    pub fn new(path: Option<Path>, role: Role) -> Self {
        let name = path.as_ref().map_or_else(|| BARE.into(), name_of);
        let width = UnicodeWidthStr::width(name.as_ref());
        Self { path, name, role, width, ..Self::default() }
    }

    /// What stands at its head: the keys on the way, with points between them.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The way to its cells; `None` for rows that are no objects.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_ref()
    }

    /// Whether its cells are numbers.
    pub fn is_number(&self) -> bool {
        self.numbers > 0 && self.others == 0
    }

    /// Whether its cells are times as RFC 3339 writes them.
    pub fn is_time(&self) -> bool {
        self.times > 0 && self.others == self.times && self.numbers == 0
    }

    /// A row's cell; `None` when the row has none there. An object whose members are cells is none itself.
    pub fn cell<'r>(&self, row: Json<'r>) -> Option<Json<'r>> {
        match &self.path {
            Some(path) => path.find(row).filter(|cell| !is_opened(*cell, path.steps().len())),
            None => (row.kind() != Kind::Object).then_some(row),
        }
    }

    fn measure(&mut self, value: Json<'_>) {
        // A number that is cut is another number: those are measured wherever they stand.
        if value.kind() == Kind::Number {
            self.width = self.width.max(value.text().len().min(LONGEST_NUMBER));
        }
        if self.sampled == SAMPLE {
            return;
        }
        self.sampled += 1;
        let text = shown(value, MEASURED);
        match value.kind() {
            Kind::Number => self.numbers += 1,
            Kind::Null => {}
            Kind::String if time::parse(&text).is_some() => {
                self.times += 1;
                self.others += 1;
            }
            _ => self.others += 1,
        }
        let width = match self.role {
            Role::EventTimes => DATE_TIME,
            Role::EventTypes => UnicodeWidthStr::width(short_kind(&text)),
            Role::Values => UnicodeWidthStr::width(text.as_ref()),
        };
        self.width = self.width.max(width);
    }
}

/// The head of the column of bare values.
pub const BARE: &str = "value";

fn name_of(path: &Path) -> Box<str> {
    let keys = path.steps().iter().map(|step| match step {
        Step::Key(key) => Cow::Borrowed(key.as_ref()),
        Step::Index(index) => Cow::Owned(index.to_string()),
    });
    keys.collect::<Vec<_>>().join(".").into()
}

/// Whether the members of a value at the end of so many keys are cells, and not the value itself.
pub fn is_opened(value: Json<'_>, depth: usize) -> bool {
    depth < DEEPEST && value.kind() == Kind::Object && value.members().next().is_some()
}

/// A cell's text as it is shown, of which no more than `bytes` bytes are looked at: strings without their quotes.
pub fn shown(value: Json<'_>, bytes: usize) -> Cow<'_, str> {
    let text = value.text();
    let head = &text[..text.floor_char_boundary(bytes)];
    match value.kind() {
        Kind::String if text == "\"\"" => Cow::Borrowed(text),
        Kind::String if head.len() == text.len() => value.as_str().unwrap_or(Cow::Borrowed(text)),
        // Closing the part that is looked at makes it a string again.
        Kind::String => Json::trusted(&format!("{head}\""))
            .as_str()
            .map_or(Cow::Borrowed(head), |part| Cow::Owned(part.into_owned())),
        _ => Cow::Borrowed(head),
    }
}

/// The columns of a result, by their numbers: in order of first appearance.
#[derive(Debug, Default)]
pub struct Columns {
    found: Vec<Column>,
    /// The objects that rows have, the rows themselves first.
    nodes: Vec<Node>,
    bare: Option<usize>,
    /// Whether the rows are whole events, told from the first one.
    events: Option<bool>,
    more: bool,
}

/// An object that rows have somewhere.
#[derive(Debug, Default)]
struct Node {
    path: Path,
    /// Its keys in order of first appearance, with what they lead to. Rows mostly have the same keys in the same order.
    keys: Vec<(Box<str>, Leads)>,
    places: FxHashMap<Box<str>, usize>,
}

/// What a key leads to, as far as it is known: a cell, an object, in different rows both.
#[derive(Clone, Copy, Debug, Default)]
struct Leads {
    column: Option<usize>,
    node: Option<usize>,
}

impl Columns {
    /// Take a row into account.
    pub fn look_at(&mut self, row: Json<'_>) {
        self.events.get_or_insert_with(|| is_event(row));
        if row.kind() == Kind::Object {
            if self.nodes.is_empty() {
                self.nodes.push(Node::default());
            }
            return self.look_into(row, 0, 1);
        }
        let number = *self.bare.get_or_insert_with(|| {
            self.found.push(Column::new(None, Role::Values));
            self.found.len() - 1
        });
        if let Some(column) = self.found.get_mut(number) {
            column.measure(row);
        }
    }

    /// Look at the members of an object, each of which stands at the end of `depth` keys.
    fn look_into(&mut self, object: Json<'_>, node: usize, depth: usize) {
        for (at, (key, value)) in object.members().enumerate() {
            let Some(place) = self.place(node, at, key) else { continue };
            if is_opened(value, depth) {
                if let Some(inner) = self.inner(node, place) {
                    self.look_into(value, inner, depth + 1);
                }
            } else if let Some(column) = self.leaf(node, place).and_then(|number| self.found.get_mut(number)) {
                column.measure(value);
            }
        }
    }

    /// Where a key stands among those of an object. `None` when there are as many columns as there can be.
    fn place(&mut self, node: usize, at: usize, key: Key<'_>) -> Option<usize> {
        let full = self.found.len() >= MOST;
        let node = self.nodes.get_mut(node)?;
        if node.keys.get(at).is_some_and(|(name, _)| key.is(name)) {
            return Some(at);
        }
        let name = key.name();
        if let Some(place) = node.places.get(name.as_ref()) {
            return Some(*place);
        }
        if full {
            self.more = true;
            return None;
        }
        node.keys.push((name.as_ref().into(), Leads::default()));
        node.places.insert(name.into(), node.keys.len() - 1);
        Some(node.keys.len() - 1)
    }

    /// The object to which a key leads.
    fn inner(&mut self, node: usize, place: usize) -> Option<usize> {
        let (name, leads) = self.nodes.get(node)?.keys.get(place)?;
        if leads.node.is_some() {
            return leads.node;
        }
        let (path, number) = (self.nodes.get(node)?.path.key(name), self.nodes.len());
        self.nodes.push(Node { path, ..Node::default() });
        self.nodes.get_mut(node)?.keys.get_mut(place)?.1.node = Some(number);
        Some(number)
    }

    /// The column to which a key leads.
    fn leaf(&mut self, node: usize, place: usize) -> Option<usize> {
        let (name, leads) = self.nodes.get(node)?.keys.get(place)?;
        if leads.column.is_some() {
            return leads.column;
        }
        if self.found.len() >= MOST {
            self.more = true;
            return None;
        }
        let role = match name.as_ref() {
            "time" if node == 0 && self.are_events() => Role::EventTimes,
            "type" if node == 0 && self.are_events() => Role::EventTypes,
            _ => Role::Values,
        };
        let (path, number) = (self.nodes.get(node)?.path.key(name), self.found.len());
        self.found.push(Column::new(Some(path), role));
        self.nodes.get_mut(node)?.keys.get_mut(place)?.1.column = Some(number);
        Some(number)
    }

    /// Whether the rows are whole events.
    pub fn are_events(&self) -> bool {
        self.events == Some(true)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether rows have keys for which there is no column any more.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// A column by its number.
    pub fn get(&self, number: usize) -> Option<&Column> {
        self.found.get(number)
    }

    /// The columns in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Column> {
        self.found.iter()
    }

    /// The number of the column to whose cells a way leads.
    pub fn number(&self, path: Option<&Path>) -> Option<usize> {
        self.found.iter().position(|column| column.path.as_ref() == path)
    }

    /// The numbers in the order in which columns are worth looking at, while nothing else was asked for: as they
    /// appeared, but those of whole events with what identifies an event first.
    pub fn usual_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.found.len()).collect();
        if self.are_events() {
            let first = |column: &Column| match column.path.as_ref().and_then(|path| path.steps().first()) {
                Some(Step::Key(key)) => EVENT_ORDER.iter().position(|field| **field == **key),
                _ => None,
            };
            order.sort_by_key(|number| self.found.get(*number).and_then(first).unwrap_or(EVENT_ORDER.len()));
        }
        order
    }

    /// A row's cell; `None` when the row has none there.
    pub fn cell<'r>(&self, row: Json<'r>, number: usize) -> Option<Json<'r>> {
        self.get(number)?.cell(row)
    }
}

/// Whether a row is a whole event.
pub fn is_event(row: Json<'_>) -> bool {
    REQUIRED.iter().all(|field| row.get(field).is_some_and(|value| value.kind() == Kind::String))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn columns(rows: &[&str]) -> Columns {
        let mut columns = Columns::default();
        for row in rows {
            columns.look_at(Json::parse(row).unwrap());
        }
        columns
    }

    fn names(columns: &Columns) -> Vec<&str> {
        columns.usual_order().into_iter().map(|number| columns.get(number).unwrap().name()).collect()
    }

    #[test]
    fn an_events_fields_come_in_the_order_in_which_one_looks_at_them() {
        let event = r#"{"source":"s","subject":"/a","type":"t","specversion":"1.0","id":"i","time":"now","data":{"n":{"m":1},"l":[]},"hash":"h"}"#;
        let columns = columns(&[event, r#"{"extra":1,"data":{"late":{}}}"#]);
        assert_eq!(
            names(&columns),
            [
                "time",
                "type",
                "subject",
                "data.n.m",
                "data.l",
                "data.late",
                "id",
                "source",
                "specversion",
                "hash",
                "extra"
            ]
        );
        assert_eq!(columns.get(0).map(Column::name), Some("source"), "numbers are those of appearance");
        assert_eq!(columns.cell(Json::trusted(event), 1).map(Json::text), Some(r#""/a""#));
    }

    #[test]
    fn members_of_objects_are_columns_and_what_else_stands_there_has_one_of_its_own() {
        let rows = [r#"{"a":{"b":1,"c":{}}}"#, r#"{"a":[1]}"#, r#"{"a.b":2,"a":{"b":{"c":null}}}"#];
        let columns = columns(&rows);
        assert_eq!(names(&columns), ["a.b", "a.c", "a", "a.b", "a.b.c"]);
        let cells = |row: usize| -> Vec<Option<&str>> {
            (0..5).map(|number| columns.cell(Json::trusted(rows[row]), number).map(Json::text)).collect()
        };
        assert_eq!(cells(0), [Some("1"), Some("{}"), None, None, None]);
        assert_eq!(cells(1), [None, None, Some("[1]"), None, None]);
        assert_eq!(cells(2), [None, None, None, Some("2"), Some("null")]);
    }

    #[test]
    fn what_is_nested_too_deep_is_a_cell() {
        let row = format!("{}1{}", "{\"a\":".repeat(DEEPEST + 2), "}".repeat(DEEPEST + 2));
        let columns = columns(&[&row]);
        assert_eq!(names(&columns), [["a"; DEEPEST].join(".").as_str()]);
        assert_eq!(columns.cell(Json::trusted(&row), 0).map(Json::text), Some(r#"{"a":{"a":1}}"#));
    }

    #[test]
    fn times_are_known_while_nothing_else_stands_there() {
        let columns = columns(&[
            r#"{"t":"2026-03-01T13:01:00Z","u":null,"v":"2026-03-01T13:01:00Z"}"#,
            r#"{"t":null,"v":"noon"}"#,
        ]);
        assert_eq!(columns.iter().map(Column::is_time).collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn a_bare_value_has_a_column_that_no_key_takes() {
        let columns = columns(&["true", r#"{"value":1}"#, "[1]"]);
        assert_eq!(names(&columns), ["value", "value"]);
        assert_eq!(columns.cell(Json::trusted("[1]"), 0).map(Json::text), Some("[1]"));
        assert_eq!(columns.cell(Json::trusted(r#"{"value":1}"#), 0), None);
        assert_eq!(columns.cell(Json::trusted(r#"{"value":1}"#), 1).map(Json::text), Some("1"));
    }

    #[test]
    fn widths_are_those_of_the_first_rows() {
        let mut columns = columns(&[r#"{"name":"Zoë 美咲","n":1}"#, r#"{"name":null,"n":-12.50}"#]);
        assert_eq!(columns.iter().map(|c| (c.width, c.is_number())).collect::<Vec<_>>(), [(8, false), (6, true)]);
        for _ in 0..SAMPLE {
            columns.look_at(Json::trusted(r#"{"n":1}"#));
        }
        columns.look_at(Json::trusted(r#"{"n":"a long text"}"#));
        assert_eq!(columns.get(1).map(|c| c.width), Some(6));
        columns.look_at(Json::trusted(r#"{"n":12345678}"#));
        assert_eq!(columns.get(1).map(|c| c.width), Some(8));
    }

    #[test]
    fn keys_without_end_are_no_columns_without_end() {
        let mut columns = Columns::default();
        for n in 0..MOST + 5 {
            columns.look_at(Json::trusted(&format!(r#"{{"k{n}":1}}"#)));
        }
        assert_eq!((columns.len(), columns.has_more()), (MOST, true));
    }

    #[test]
    fn of_a_long_string_only_the_start_is_looked_at() {
        let text = format!("\"{}\"", "é\\n".repeat(100_000));
        let head = shown(Json::trusted(&text), 101);
        assert!(head.len() < 110 && head.starts_with("é\né\n"), "{head}");
    }

    /// Every cell of a row with its way, by the rules in a few lines.
    fn naive(value: &serde_json::Value, path: &Path, cells: &mut Vec<(Option<Path>, String)>) {
        match value {
            serde_json::Value::Object(members) if path.steps().is_empty() || !members.is_empty() => {
                members.iter().for_each(|(key, value)| naive(value, &path.key(key), cells));
            }
            _ => cells.push(((!path.steps().is_empty()).then(|| path.clone()), value.to_string())),
        }
    }

    proptest! {
        #[test]
        fn columns_are_the_union_of_the_cells_in_order_of_appearance(
            rows in prop::collection::vec(crate::model::json::tests::any_json(), 0..12),
        ) {
            let texts: Vec<String> = rows.iter().map(ToString::to_string).collect();
            let mut columns = Columns::default();
            let mut expected: Vec<Option<Path>> = Vec::new();
            let mut cells = Vec::new();
            for (row, text) in rows.iter().zip(&texts) {
                columns.look_at(Json::trusted(text));
                let mut found = Vec::new();
                naive(row, &Path::default(), &mut found);
                expected.extend(found.iter().map(|(path, _)| path.clone()));
                cells.push(found);
            }
            let mut seen = std::collections::HashSet::new();
            expected.retain(|path| seen.insert(path.clone()));
            prop_assert_eq!(columns.iter().map(|column| column.path().cloned()).collect::<Vec<_>>(), expected);
            for (text, cells) in texts.iter().zip(cells) {
                for (number, column) in columns.iter().enumerate() {
                    let cell = cells.iter().find(|(path, _)| path.as_ref() == column.path()).map(|(_, text)| text.clone());
                    prop_assert_eq!(columns.cell(Json::trusted(text), number).map(|cell| cell.text().to_owned()), cell);
                }
            }
        }
    }
}
