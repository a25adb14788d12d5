//! The columns of a result: which there are, and how wide they want to be.
//!
//! Found from the rows as they come; a column never goes away and never moves. Knows nothing of the screen's width.

use crate::model::json::{Json, Kind};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// A column's width is that of its widest cell among its first so many, so that it is stable while rows come.
const SAMPLE: u32 = 200;
/// No more of a cell than this is measured, in bytes.
const MEASURED: usize = 512;
/// Numbers that are longer than this are cut after all.
const LONGEST_NUMBER: usize = 40;
/// No more columns than this are shown: keys that differ from row to row are no columns.
const MOST: usize = 256;

/// The fields by which a row is known for an event, and the order in which an event's fields are worth looking at.
const REQUIRED: [&str; 4] = ["id", "subject", "type", "source"];
const EVENT_ORDER: [&str; 5] = ["time", "type", "subject", "data", "id"];
/// The display columns of a date and a time with milliseconds.
const DATE_TIME: usize = 23;

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
    /// The key of the rows' members; `None` for rows that are a bare value.
    key: Option<Box<str>>,
    /// What its cells are.
    pub role: Role,
    /// The display columns of its widest cell so far, its head included.
    pub width: usize,
    sampled: u32,
    numbers: u32,
    others: u32,
}

impl Column {
    /// A column of which no cell was seen yet. Without a key it is that of bare values.
    pub fn new(key: Option<&str>, role: Role) -> Self {
        let width = UnicodeWidthStr::width(key.unwrap_or(BARE));
        Self { key: key.map(Into::into), role, width, ..Self::default() }
    }

    /// What stands at its head.
    pub fn name(&self) -> &str {
        self.key.as_deref().unwrap_or(BARE)
    }

    /// Whether its cells are numbers.
    pub fn is_number(&self) -> bool {
        self.numbers > 0 && self.others == 0
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
        match value.kind() {
            Kind::Number => self.numbers += 1,
            Kind::Null => {}
            _ => self.others += 1,
        }
        let text = shown(value, MEASURED);
        let width = match self.role {
            Role::EventTimes => DATE_TIME,
            Role::EventTypes => UnicodeWidthStr::width(text.rsplit('.').next().unwrap_or_default()),
            Role::Values => UnicodeWidthStr::width(text.as_ref()),
        };
        self.width = self.width.max(width);
    }
}

/// The head of the column of bare values.
const BARE: &str = "value";

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

/// The columns of a result.
#[derive(Debug, Default)]
pub struct Columns {
    /// In order of first appearance.
    found: Vec<Column>,
    numbers: FxHashMap<Box<str>, usize>,
    bare: Option<usize>,
    /// Positions in `found`, in the order in which they are shown.
    order: Vec<usize>,
    /// Whether the rows are whole events, told from the first one.
    events: Option<bool>,
    more: bool,
}

impl Columns {
    /// Take a row into account.
    pub fn look_at(&mut self, row: Json<'_>) {
        let before = self.found.len();
        let events = *self.events.get_or_insert_with(|| is_event(row));
        if row.kind() == Kind::Object {
            for (at, (key, value)) in row.members().enumerate() {
                // Rows mostly have the same keys in the same order.
                let same = self.found.get(at).and_then(|column| column.key.as_deref()).is_some_and(|name| key.is(name));
                let number = if same { Some(at) } else { self.number(&key.name(), events) };
                if let Some(column) = number.and_then(|number| self.found.get_mut(number)) {
                    column.measure(value);
                }
            }
        } else {
            let number = *self.bare.get_or_insert_with(|| {
                self.found.push(Column::new(None, Role::Values));
                self.found.len() - 1
            });
            if let Some(column) = self.found.get_mut(number) {
                column.measure(row);
            }
        }
        if self.found.len() > before {
            self.order = (0..self.found.len()).collect();
            if events {
                let rank = |name: &str| EVENT_ORDER.iter().position(|field| *field == name);
                self.order.sort_by_key(|number| rank(self.found[*number].name()).unwrap_or(EVENT_ORDER.len()));
            }
        }
    }

    fn number(&mut self, key: &str, of_event: bool) -> Option<usize> {
        if let Some(number) = self.numbers.get(key) {
            return Some(*number);
        }
        if self.found.len() >= MOST {
            self.more = true;
            return None;
        }
        let role = match key {
            "time" if of_event => Role::EventTimes,
            "type" if of_event => Role::EventTypes,
            _ => Role::Values,
        };
        self.found.push(Column::new(Some(key), role));
        self.numbers.insert(key.into(), self.found.len() - 1);
        Some(self.found.len() - 1)
    }

    /// How many are shown.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether rows have keys for which there is no column any more.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// A column by its position on the screen.
    pub fn get(&self, index: usize) -> Option<&Column> {
        self.found.get(*self.order.get(index)?)
    }

    /// The columns as they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Column> {
        self.order.iter().filter_map(|number| self.found.get(*number))
    }

    /// A row's cell; `None` when the row has none there.
    pub fn cell<'r>(&self, row: Json<'r>, index: usize) -> Option<Json<'r>> {
        match (self.get(index)?.key.as_deref(), row.kind()) {
            (Some(key), Kind::Object) => row.get(key),
            (None, kind) if kind != Kind::Object => Some(row),
            _ => None,
        }
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
        columns.iter().map(Column::name).collect()
    }

    #[test]
    fn an_events_fields_come_in_the_order_in_which_one_looks_at_them() {
        let event = r#"{"source":"s","subject":"/a","type":"t","specversion":"1.0","id":"i","time":"now","data":{},"hash":"h"}"#;
        let columns = columns(&[event, r#"{"extra":1}"#]);
        assert_eq!(
            names(&columns),
            ["time", "type", "subject", "data", "id", "source", "specversion", "hash", "extra"]
        );
        assert_eq!(columns.cell(Json::trusted(event), 2).map(Json::text), Some(r#""/a""#));
        assert_eq!(columns.cell(Json::trusted(r#"{"extra":null}"#), 8), Some(Json::NULL));
        assert_eq!(columns.cell(Json::trusted("{}"), 8), None);
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

    proptest! {
        #[test]
        fn columns_are_the_union_of_the_keys_in_order_of_appearance(
            rows in prop::collection::vec(
                prop_oneof![
                    4 => prop::collection::vec(("[a-e\"é]{1,2}", 0u8..9), 0..6).prop_map(|members| {
                        let members: Vec<String> =
                            members.iter().map(|(key, n)| format!("{}:{n}", crate::model::json::quote(key))).collect();
                        format!("{{{}}}", members.join(","))
                    }),
                    1 => Just("7".to_owned()),
                ],
                0..12,
            ),
        ) {
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            let columns = columns(&rows);
            let mut naive: Vec<Option<String>> = Vec::new();
            for row in &rows {
                let keys: Vec<Option<String>> = match serde_json::from_str::<serde_json::Value>(row).unwrap() {
                    serde_json::Value::Object(members) => members.keys().cloned().map(Some).collect(),
                    _ => vec![None],
                };
                for key in keys {
                    if !naive.contains(&key) {
                        naive.push(key);
                    }
                }
            }
            let found: Vec<Option<String>> = columns.iter().map(|c| c.key.as_deref().map(str::to_owned)).collect();
            prop_assert_eq!(found, naive.clone());
            for row in rows {
                let value: serde_json::Value = serde_json::from_str(row).unwrap();
                for (index, key) in naive.iter().enumerate() {
                    let expected = match key {
                        Some(key) => value.get(key).map(ToString::to_string),
                        None => (!value.is_object()).then(|| value.to_string()),
                    };
                    prop_assert_eq!(columns.cell(Json::trusted(row), index).map(|c| c.text().to_owned()), expected);
                }
            }
        }
    }
}
