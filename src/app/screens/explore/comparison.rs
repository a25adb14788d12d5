//! Two events side by side: which fields of their payloads differ.

use super::stored;
use crate::app::list::ListState;
use crate::app::world::World;
use crate::model::diff::{ChangeKind, MAX_CHANGES, diff};
use crate::model::fold::Blank;
use crate::model::json::{Json, Kind};
use crate::model::path::Path;
use rustc_hash::FxHashMap;

/// A field that differs, with texts of its own: the events it comes from need not stay in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedField {
    /// How.
    pub kind: ChangeKind,
    /// Where it stands, `data.items[0].price`.
    pub path: String,
    /// Its value before, as JSON; empty when there was none.
    pub before: String,
    /// Its value after.
    pub after: String,
}

impl ChangedField {
    /// The value to copy: the new one, or the old one of a field that is gone.
    pub fn value(&self) -> &str {
        if self.kind == ChangeKind::Removed { &self.before } else { &self.after }
    }
}

/// Which two events are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// An event and the one before it that has the same subject, if one is there.
    Successive(Option<usize>, usize),
    /// Two events that were marked, the earlier one first.
    Marked(usize, usize),
}

impl Pair {
    /// The pair of an event and its predecessor.
    pub fn of(world: &World, position: usize) -> Self {
        Self::Successive(stored::previous_of_subject(&world.log, position), position)
    }

    /// The position of the earlier event.
    pub fn before(self) -> Option<usize> {
        match self {
            Self::Successive(before, _) => before,
            Self::Marked(before, _) => Some(before),
        }
    }

    /// The position of the later event.
    pub fn after(self) -> usize {
        match self {
            Self::Successive(_, after) | Self::Marked(_, after) => after,
        }
    }
}

/// Two events side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Which two.
    pub pair: Pair,
    /// What differs.
    pub changes: Vec<ChangedField>,
    /// Whether there are more changes than that.
    pub more: bool,
    /// Whether a payload looks erased: of the earlier event, of the later one.
    pub blank: (bool, bool),
    /// The cursor.
    pub list: ListState,
}

impl Comparison {
    /// Compare two events.
    pub fn new(pair: Pair, world: &World) -> Self {
        let payload = |position: usize| stored::payload(&world.log, position);
        let (before, after) = (pair.before().and_then(payload), payload(pair.after()));
        let (before, after) = (before.as_deref().map(Json::trusted), after.as_deref().map(Json::trusted));
        // Of the first event of a subject everything is new, and each field is to be seen as such.
        let empty = (pair.before().is_none() && after.is_some()).then(|| Json::trusted("{}"));
        let found = diff(&Path::of("data"), before.or(empty), after);
        let text = |json: Option<Json<'_>>| json.map_or_else(String::new, |json| json.text().to_owned());
        let changes = found.changes.iter().map(|change| ChangedField {
            kind: change.kind(),
            path: change.path.to_string(),
            before: text(change.before),
            after: text(change.after),
        });
        let blank = |json: Option<Json<'_>>| json.is_some_and(|json| Blank::of(json).is_some());
        Self {
            pair,
            changes: changes.collect(),
            more: found.more,
            blank: (blank(before), blank(after)),
            list: ListState::default(),
        }
    }

    /// The change under the cursor.
    pub fn current(&self) -> Option<&ChangedField> {
        self.changes.get(self.list.selected())
    }

    /// What is to be said besides the changes.
    pub fn notes(&self, world: &World) -> Vec<String> {
        let mut notes = Vec::new();
        if self.pair.before().is_none() {
            let loaded = if world.begins_at_first() { "" } else { " that is loaded" };
            notes.push(format!("The first event of its subject{loaded}: all of it is new."));
        }
        match self.blank {
            (true, true) => notes.push("The data of both events is empty or erased.".to_owned()),
            (true, false) => notes.push("The data of the earlier event is empty or erased.".to_owned()),
            (false, true) => notes.push("The data of the later event is empty or erased.".to_owned()),
            (false, false) => {}
        }
        if self.more {
            notes.push(format!("More than {MAX_CHANGES} fields differ; these are the first."));
        }
        if self.changes.is_empty() {
            notes.push("No field of the data differs.".to_owned());
        }
        notes
    }
}

/// Payloads above this are not compared while the cursor runs over the list.
const MAX_AT_ONCE: usize = 256 << 10;
/// No more of a previous value than this is kept.
const SHOWN: usize = 256;

/// What the fields of an event were in the event before of the same subject: only those that have another value now.
#[derive(Clone, Debug, Default)]
pub struct PreviousValues(FxHashMap<String, String>);

impl PreviousValues {
    /// Of an event of the log.
    pub fn of(world: &World, position: usize) -> Self {
        let small = |position: usize| {
            let row = world.log.row(position)?;
            (row.text_len() <= MAX_AT_ONCE).then(|| stored::payload(&world.log, position)).flatten()
        };
        let before = stored::has_siblings(world, position)
            .then(|| stored::previous_of_subject(&world.log, position).and_then(small))
            .flatten();
        let (Some(before), Some(after)) = (before, small(position)) else { return Self::default() };
        let found = diff(&Path::of("data"), Some(Json::trusted(&before)), Some(Json::trusted(&after)));
        let changed = found.changes.iter().filter(|change| change.kind() == ChangeKind::Changed);
        let value = |json: Json<'_>| match json.kind() {
            Kind::Object => format!("{{ {} }}", json.len()),
            Kind::Array => format!("[ {} ]", json.len()),
            _ => json.text()[..json.text().floor_char_boundary(SHOWN)].to_owned(),
        };
        Self(changed.filter_map(|change| Some((format!("e.{}", change.path), value(change.before?)))).collect())
    }

    /// Of the field at a path, as the rows of a value name it.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Whether no field has another value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
