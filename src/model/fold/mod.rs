//! The state of a subject, folded from its events: each event's data merged over what was there.
//!
//! The rule is RFC 7396 (JSON Merge Patch): objects are merged, `null` removes, everything else replaces. Texts stay as
//! they were written, and each field remembers which event changed it last. Knows no log: events are payloads with a
//! number.

mod history;
#[cfg(test)]
mod tests;

pub use history::History;

use super::diff::same;
use super::json::{Json, Kind, push_quoted};
use super::path::{Path, Step};
use std::sync::Arc;

/// Below so many levels an object replaces what was there instead of being merged: each level walks its text once.
const MAX_LEVELS: usize = 64;

/// A field of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key; empty for the state itself.
    pub name: Arc<str>,
    /// The number of the event that changed it last, or anything in it.
    pub set_by: u32,
    /// Whether it comes from a payload of which only the keys are left.
    pub erased: bool,
    /// Its value.
    pub value: Value,
}

/// The value of a field of a state.
///
/// Copies share what they have in common, so that a state can be kept while the next one is made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It was there, and an event has removed it.
    Removed,
    /// A scalar or an array, as it was written.
    Text(Arc<str>),
    /// An object: its fields in the order in which they first appeared, removed ones included.
    Object(Arc<Vec<Field>>),
}

impl Value {
    /// The value as JSON, without what was removed. `None` when it was removed itself.
    pub fn to_json(&self) -> Option<String> {
        let mut out = String::new();
        self.write(&mut out).then_some(out)
    }

    fn write(&self, out: &mut String) -> bool {
        match self {
            Self::Removed => return false,
            Self::Text(text) => out.push_str(text),
            Self::Object(fields) => {
                out.push('{');
                let there = fields.iter().filter(|field| field.value != Self::Removed);
                for (at, field) in there.enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    push_quoted(out, &field.name);
                    out.push(':');
                    field.value.write(out);
                }
                out.push('}');
            }
        }
        true
    }

    /// How many fields there are, at all levels.
    fn weight(&self) -> usize {
        match self {
            Self::Object(fields) => fields.iter().map(|field| 1 + field.value.weight()).sum(),
            _ => 0,
        }
    }
}

/// A payload that says less than it once did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// `{}`: empty, or erased by a server of generation 2.
    Empty,
    /// Keys whose values are all `""`: what a server of generation 1 leaves of an erased payload.
    Keys,
}

impl Blank {
    /// Whether a payload looks erased.
    pub fn of(data: Json<'_>) -> Option<Self> {
        if data.kind() != Kind::Object {
            None
        } else if data.is_empty() {
            Some(Self::Empty)
        } else {
            data.members().all(|(_, value)| is_blank(value, 0)).then_some(Self::Keys)
        }
    }
}

fn is_blank(value: Json<'_>, level: usize) -> bool {
    match value.kind() {
        Kind::String => value.text() == "\"\"",
        Kind::Object => level < MAX_LEVELS && value.members().all(|(_, value)| is_blank(value, level + 1)),
        _ => false,
    }
}

/// What is known of a subject after some of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(Field);

impl Default for State {
    fn default() -> Self {
        Self(Field { name: "".into(), set_by: 0, erased: false, value: Value::Removed })
    }
}

impl State {
    /// The whole state as a field; removed while there was no payload yet.
    pub fn root(&self) -> &Field {
        &self.0
    }

    /// Merge the payload of the event with this number.
    pub fn merge(&mut self, data: Json<'_>, number: u32) {
        let patch = Patch { number, erased: Blank::of(data).is_some() };
        patch.merge(&mut self.0, data, 0);
    }

    /// The value at a path as JSON, also one inside of an array.
    pub fn value(&self, path: &Path) -> Option<String> {
        let mut field = &self.0;
        let mut steps = path.steps().iter();
        while let (Value::Object(fields), Some(step)) = (&field.value, steps.as_slice().first()) {
            let Step::Key(key) = step else { return None };
            field = fields.iter().find(|field| *field.name == **key)?;
            steps.next();
        }
        let whole = field.value.to_json()?;
        let inside = steps.try_fold(Json::trusted(&whole), |json, step| match step {
            Step::Key(key) => json.get(key),
            Step::Index(index) => json.item(*index),
        });
        inside.map(|json| json.text().to_owned())
    }

    /// The field at a path, removed ones included. Arrays have no fields.
    pub fn field(&self, path: &Path) -> Option<&Field> {
        path.steps().iter().try_fold(&self.0, |field, step| match (&field.value, step) {
            (Value::Object(fields), Step::Key(key)) => fields.iter().find(|field| *field.name == **key),
            _ => None,
        })
    }
}

/// The event whose payload is being merged.
#[derive(Clone, Copy)]
struct Patch {
    number: u32,
    erased: bool,
}

impl Patch {
    /// Merge `data` over a field. Gives whether anything has changed.
    fn merge(self, field: &mut Field, data: Json<'_>, level: usize) -> bool {
        let changed = match data.kind() {
            Kind::Object if level < MAX_LEVELS => self.merge_object(field, data, level + 1),
            _ => self.replace(field, data),
        };
        if changed {
            (field.set_by, field.erased) = (self.number, self.erased);
        }
        changed
    }

    fn replace(self, field: &mut Field, data: Json<'_>) -> bool {
        if matches!(&field.value, Value::Text(text) if same(Json::trusted(text), data)) {
            return false;
        }
        field.value = Value::Text(data.text().into());
        true
    }

    fn merge_object(self, field: &mut Field, data: Json<'_>, level: usize) -> bool {
        let mut changed = false;
        if !matches!(field.value, Value::Object(_)) {
            field.value = Value::Object(Arc::default());
            changed = true;
        }
        let Value::Object(fields) = &mut field.value else { return changed };
        // Payloads of one type name their fields in the same order; the next one is mostly where the last one was.
        let mut guess = 0;
        for (name, value) in data.fields() {
            let found = (guess..fields.len()).chain(0..guess.min(fields.len())).find(|at| *fields[*at].name == *name);
            guess = found.unwrap_or(guess) + 1;
            changed |= match found {
                Some(at) => self.merge_member(fields, at, value, level),
                None if value.kind() == Kind::Null => false,
                None => {
                    let (name, set_by) = (name.as_ref().into(), self.number);
                    let mut new = Field { name, set_by, erased: self.erased, value: Value::Removed };
                    self.merge(&mut new, value, level);
                    Arc::make_mut(fields).push(new);
                    true
                }
            };
        }
        changed
    }

    fn merge_member(self, fields: &mut Arc<Vec<Field>>, at: usize, value: Json<'_>, level: usize) -> bool {
        let Some(field) = Arc::make_mut(fields).get_mut(at) else { return false };
        if value.kind() != Kind::Null {
            return self.merge(field, value, level);
        }
        let changed = field.value != Value::Removed;
        if changed {
            *field = Field { name: field.name.clone(), set_by: self.number, erased: false, value: Value::Removed };
        }
        changed
    }
}
