//! The list of what can stand at the cursor.
//!
//! Owns what is known of the store for this purpose. What fits where is GDBQL's business.

use super::script::Script;
use crate::app::list::ListState;
use crate::app::world::World;
use crate::gdbql::{Candidate, Completion, Known, complete};
use crate::model::json::{Json, Kind};
use crate::model::tree::SubjectTree;
use std::collections::VecDeque;

/// So many events are looked at for the fields of their payloads, spread over all that are loaded.
const EVENTS: usize = 2_000;
/// So many fields are remembered, and so deep.
const FIELDS: usize = 500;
const DEPTH: usize = 5;
/// So many subjects are offered, those of the upper levels first.
const SUBJECTS: usize = 5_000;
/// An example of a field's values has so many characters at most.
const EXAMPLE: usize = 24;

/// What can stand at the cursor, and which of it is chosen.
#[derive(Debug)]
pub struct Popup {
    known: Known,
    /// What can stand there.
    pub found: Completion,
    /// The one that is chosen.
    pub list: ListState,
}

impl Popup {
    /// What can stand at the cursor; `None` when nothing is known.
    pub fn open(script: &Script, world: &World) -> Option<Self> {
        let known = known(world);
        let found = complete(&script.editor().text(), script.editor().offset(), &known)?;
        Some(Self { known, found, list: ListState::default() })
    }

    /// The text has changed. Gives `false` when nothing fits any more.
    pub fn typed(&mut self, script: &Script) -> bool {
        let found = complete(&script.editor().text(), script.editor().offset(), &self.known);
        self.list = ListState::default();
        found.map(|found| self.found = found).is_some()
    }

    /// The candidate that is chosen.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.found.candidates.get(self.list.selected())
    }
}

/// What is loaded of the store.
fn known(world: &World) -> Known {
    let mut types: Vec<(u64, &str)> = world.kinds.iter().map(|(_, kind, count)| (count, kind)).collect();
    types.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    Known {
        types: types.into_iter().map(|(_, kind)| kind.to_owned()).collect(),
        subjects: subjects(&world.tree),
        fields: fields(world),
    }
}

/// Level by level: what one asks for with UNDER stands high in the tree.
fn subjects(tree: &SubjectTree) -> Vec<String> {
    let mut waiting: VecDeque<_> = tree.children(SubjectTree::ROOT).iter().copied().collect();
    let mut found = Vec::new();
    while let Some(node) = waiting.pop_front().filter(|_| found.len() < SUBJECTS) {
        found.push(tree.subject(node));
        let room = SUBJECTS.saturating_sub(waiting.len());
        waiting.extend(tree.children(node).iter().copied().take(room));
    }
    found
}

fn fields(world: &World) -> Vec<(Vec<String>, String)> {
    let step = world.log.len().div_ceil(EVENTS).max(1);
    let mut found = Vec::new();
    for position in (0..world.log.len()).step_by(step) {
        if let Some(line) = world.log.line(position)
            && let Ok(event) = line.event()
            && let Some(data) = event.data
        {
            walk(data, &mut Vec::new(), &mut found);
        }
    }
    found
}

fn walk(value: Json<'_>, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    for (key, value) in value.members() {
        path.push(key.name().into_owned());
        if found.len() < FIELDS && is_name(path.last()) && !found.iter().any(|(known, _)| known == path) {
            found.push((path.clone(), describe(value)));
        }
        if path.len() < DEPTH {
            walk(value, path, found);
        }
        path.pop();
    }
}

/// Whether a key can stand behind a dot.
fn is_name(key: Option<&String>) -> bool {
    key.is_some_and(|key| {
        !key.starts_with(|c: char| c.is_ascii_digit()) && key.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

fn describe(value: Json<'_>) -> String {
    let kind = match value.kind() {
        Kind::Null => return "null".into(),
        Kind::Object => return "object".into(),
        Kind::Array => return "list".into(),
        Kind::Bool => "true or false",
        Kind::Number => "number",
        Kind::String => "text",
    };
    let text = value.text();
    match text.char_indices().nth(EXAMPLE) {
        Some((end, _)) => format!("{kind}  {}…", text.get(..end).unwrap_or_default()),
        None => format!("{kind}  {text}"),
    }
}
