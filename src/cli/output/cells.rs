//! From a JSON value to the cells of its row.

use super::Shape;
use crate::app::export::cells::text;
use crate::model::json::{Json, Kind};
use std::borrow::Cow;

/// The column of values that are no objects.
const VALUE: &str = "value";
/// The columns of events in a table: what identifies them, then what they say.
const TABLE: [&str; 5] = ["time", "type", "subject", "id", "data"];
/// The columns of events in CSV: everything.
const CSV: [&str; 10] =
    ["id", "time", "source", "subject", "type", "specversion", "datacontenttype", "predecessorhash", "hash", "data"];

/// The columns that are known before the first value.
pub(super) fn fixed(shape: Shape, table: bool) -> Option<Vec<String>> {
    let names: &[&str] = match (shape, table) {
        (Shape::Rows, _) => return None,
        (Shape::Events, true) => &TABLE,
        (Shape::Events, false) => &CSV,
    };
    Some(names.iter().map(ToString::to_string).collect())
}

/// Add the columns of `value` that are not there yet.
pub(super) fn add_columns(columns: &mut Vec<String>, value: Json<'_>) {
    if value.kind() != Kind::Object {
        return add(columns, Cow::Borrowed(VALUE));
    }
    for (key, _) in value.members() {
        add(columns, key.name());
    }
}

fn add(columns: &mut Vec<String>, name: Cow<'_, str>) {
    if !columns.iter().any(|column| *column == name) {
        columns.push(name.into_owned());
    }
}

/// Whether a value has a key that is no column.
pub(super) fn has_others(columns: &[String], value: Json<'_>) -> bool {
    let known = |name: &str| columns.iter().any(|column| column == name);
    if value.kind() == Kind::Object { value.members().any(|(key, _)| !known(&key.name())) } else { !known(VALUE) }
}

/// The texts of a row: strings without quotes, everything else as JSON, what is missing or null as nothing.
pub(super) fn row<'a>(columns: &[String], value: Json<'a>) -> Vec<Cow<'a, str>> {
    let mut cells = vec![Cow::Borrowed(""); columns.len()];
    let mut put = |name: &str, value: Json<'a>| {
        if let Some(at) = columns.iter().position(|column| column == name) {
            cells[at] = text(Some(value));
        }
    };
    if value.kind() == Kind::Object {
        value.members().for_each(|(key, value)| put(&key.name(), value));
    } else {
        put(VALUE, value);
    }
    cells
}
