//! A state as a tree of rows that fold, with what the last event changed.

use crate::model::fold::{Field, State, Value};
use crate::model::json::{Json, Kind};
use crate::model::path::Path;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Containers with more members than this start folded.
const FOLD_ABOVE: usize = 100;
/// No more of a previous value than this is kept for showing it.
const SHOWN: usize = 1024;

/// What the event that is looked at did to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    Same,
    /// It was not there before.
    Added,
    /// It has another value, or something in it has.
    Changed,
    /// It is not there any more.
    Removed,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A scalar: its JSON text.
    Scalar(Arc<str>),
    /// An object or an array: which of them, how many members, and whether they are shown.
    Container(Kind, usize, bool),
    /// Nothing any more: the field was removed.
    Removed,
}

/// One row of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRow {
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Its key or `[index]`.
    pub key: String,
    /// Where it stands.
    pub path: Path,
    /// What it is.
    pub content: Content,
    /// What the event did to it.
    pub mark: Mark,
    /// What it was before the event changed it: its JSON text, or how many members it had.
    pub before: Option<String>,
    /// The number of the event that changed it last.
    pub set_by: usize,
    /// Whether an erasure has emptied it.
    pub erased: bool,
}

/// The rows of a state after the event with the number `event`. `turned` are the containers that are not folded or
/// unfolded as they would be by themselves.
pub fn rows(state: &State, before: &State, event: usize, turned: &FxHashSet<Path>) -> Vec<StateRow> {
    let mut walk = Walk { event, turned, rows: Vec::new() };
    let (root, old) = (state.root(), Some(&before.root().value));
    match &root.value {
        Value::Object(fields) => walk.fields(fields, old, &Path::default(), 0),
        Value::Text(text) if Json::trusted(text).kind() == Kind::Array => {
            walk.items(Json::trusted(text), old.and_then(json_of), &Path::default(), 0, root);
        }
        Value::Text(_) => walk.field(root, old, &Path::default(), "the value", 0),
        Value::Removed => {}
    }
    walk.rows
}

struct Walk<'a> {
    event: usize,
    turned: &'a FxHashSet<Path>,
    rows: Vec<StateRow>,
}

impl Walk<'_> {
    fn fields(&mut self, fields: &[Field], before: Option<&Value>, path: &Path, depth: usize) {
        let olds = match before {
            Some(Value::Object(old)) => old.as_slice(),
            _ => &[],
        };
        for (at, field) in fields.iter().enumerate() {
            // Fields keep their places while the object lasts; only one that was replaced has to be searched.
            let same_place = olds.get(at).filter(|old| old.name == field.name);
            let old = same_place.or_else(|| olds.iter().find(|old| old.name == field.name));
            self.field(field, old.map(|old| &old.value), &path.key(&field.name), &field.name, depth);
        }
    }

    fn field(&mut self, field: &Field, old: Option<&Value>, path: &Path, key: &str, depth: usize) {
        let now = field.set_by as usize == self.event;
        let old = old.filter(|old| **old != Value::Removed);
        let (mark, before) = match (&field.value, old) {
            _ if !now => (Mark::Same, None),
            (Value::Removed, old) => (Mark::Removed, old.map(summary)),
            (_, None) => (Mark::Added, None),
            // What changed inside is marked there.
            (Value::Object(_), Some(Value::Object(_))) => (Mark::Changed, None),
            (_, Some(old)) => (Mark::Changed, Some(summary(old))),
        };
        let json = json_of(&field.value);
        let content = match &field.value {
            Value::Removed => Content::Removed,
            Value::Object(fields) => {
                let there = fields.iter().filter(|field| field.value != Value::Removed).count();
                self.container(Kind::Object, there, fields.is_empty(), path)
            }
            Value::Text(text) => match json.filter(|json| is_container(*json)) {
                Some(json) => self.container(json.kind(), json.len(), json.is_empty(), path),
                None => Content::Scalar(text.clone()),
            },
        };
        let open = matches!(content, Content::Container(_, _, true));
        let (set_by, key, path_of_row) = (field.set_by as usize, key.to_owned(), path.clone());
        let erased = field.erased && matches!(&field.value, Value::Text(text) if **text == *"\"\"");
        self.rows.push(StateRow { depth, key, path: path_of_row, content, mark, before, set_by, erased });
        match &field.value {
            Value::Object(fields) if open => self.fields(fields, old, path, depth + 1),
            Value::Text(_) if open => {
                if let Some(json) = json {
                    self.items(json, old.and_then(json_of), path, depth + 1, field);
                }
            }
            _ => {}
        }
    }

    /// What stands in a value that is replaced as a whole: an array, or an object in one.
    fn items(&mut self, json: Json<'_>, old: Option<Json<'_>>, path: &Path, depth: usize, owner: &Field) {
        let members = json.fields().into_iter().map(|(name, value)| (path.key(&name), name.into_owned(), value));
        let olds: Vec<Json<'_>> = old.map(|old| old.items().collect()).unwrap_or_default();
        let items = json.items().enumerate().map(|(at, value)| (path.index(at), format!("[{at}]"), value));
        for (at, (path, key, value)) in members.chain(items).enumerate() {
            let was = match json.kind() {
                Kind::Object => old.and_then(|old| old.get(&key)),
                _ => olds.get(at).copied(),
            };
            let now = owner.set_by as usize == self.event;
            let (mark, before) = match was {
                _ if !now => (Mark::Same, None),
                None => (Mark::Added, None),
                Some(was) if was.text() == value.text() => (Mark::Same, None),
                Some(was) if is_container(was) && was.kind() == value.kind() => (Mark::Changed, None),
                Some(was) => (Mark::Changed, Some(summary_of(was))),
            };
            let content = match is_container(value) {
                true => self.container(value.kind(), value.len(), value.is_empty(), &path),
                false => Content::Scalar(value.text().into()),
            };
            let open = matches!(content, Content::Container(_, _, true));
            let set_by = owner.set_by as usize;
            self.rows.push(StateRow { depth, key, path: path.clone(), content, mark, before, set_by, erased: false });
            if open {
                self.items(value, was, &path, depth + 1, owner);
            }
        }
    }

    fn container(&self, kind: Kind, members: usize, empty: bool, path: &Path) -> Content {
        let open = members <= FOLD_ABOVE;
        Content::Container(kind, members, !empty && open != self.turned.contains(path))
    }
}

fn is_container(json: Json<'_>) -> bool {
    matches!(json.kind(), Kind::Object | Kind::Array)
}

fn json_of(value: &Value) -> Option<Json<'_>> {
    match value {
        Value::Text(text) => Some(Json::trusted(text)),
        _ => None,
    }
}

/// A previous value in a few words.
fn summary(value: &Value) -> String {
    match value {
        Value::Removed => "removed".to_owned(),
        Value::Text(text) => summary_of(Json::trusted(text)),
        Value::Object(fields) => {
            format!("{{ {} }}", fields.iter().filter(|field| field.value != Value::Removed).count())
        }
    }
}

fn summary_of(json: Json<'_>) -> String {
    match json.kind() {
        Kind::Object => format!("{{ {} }}", json.len()),
        Kind::Array => format!("[ {} ]", json.len()),
        _ => json.text()[..json.text().floor_char_boundary(SHOWN)].to_owned(),
    }
}
