//! What is known of the store for the completion: types and subjects with their counts, and the fields and values of
//! the payloads of some events.
//!
//! Every answer is bounded, whatever is loaded: it stands between a key and its frame.

use crate::app::world::World;
use crate::gdbql::{Candidate, Known, Value};
use crate::model::count::count;
use crate::model::json::{Json, Kind};
use crate::model::tree::SubjectTree;
use std::cell::RefCell;
use std::sync::Arc;

/// So many events are looked at for the fields of their payloads, spread over those that are loaded.
const EVENTS: usize = 400;
/// So many rows are looked through for events of the types that a query is about, the newest first.
const ROWS: usize = 200_000;
/// So much text of theirs is read.
const BYTES: usize = 1 << 20;
/// So many fields are remembered, so deep, with so many values each.
const FIELDS: usize = 500;
const DEPTH: usize = 6;
const VALUES: usize = 24;
/// A value is remembered with so many characters at most.
const LONGEST: usize = 60;
/// An example of a field's values has so many characters at most.
const EXAMPLE: usize = 24;
/// So many subjects of one level are offered, of so many that are looked through.
const SUBJECTS: usize = 200;
const SIBLINGS: usize = 200_000;

/// The fields of the types that were asked for last.
#[derive(Clone, Debug, Default)]
pub struct Samples(RefCell<Option<Sample>>);

/// What was found in events of these types.
type Sample = (Vec<String>, Arc<Vec<Field>>);

/// What is loaded of the store.
pub struct Seen<'a> {
    /// The store.
    pub world: &'a World,
    /// What was found in payloads.
    pub samples: &'a Samples,
}

/// A field of a payload.
#[derive(Clone, Debug)]
struct Field {
    path: Vec<String>,
    kind: &'static str,
    example: String,
    /// The values that it was seen to have, with how often; none for objects and lists.
    values: Vec<(String, bool, u32)>,
}

impl Known for Seen<'_> {
    fn types(&self) -> Vec<Candidate> {
        let mut types: Vec<(u64, &str)> = self.world.kinds.iter().map(|(_, kind, count)| (count, kind)).collect();
        types.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        types
            .into_iter()
            .map(|(events, kind)| Candidate { text: kind.to_owned(), what: count(events, "event") })
            .collect()
    }

    fn subjects(&self, typed: &str) -> Vec<Candidate> {
        let tree = &self.world.tree;
        let (parent, start) = typed.rsplit_once('/').unwrap_or(("", typed));
        let Some(node) = tree.find(if parent.is_empty() { "/" } else { parent }) else { return Vec::new() };
        let mut children: Vec<_> = tree.children(node).iter().take(SIBLINGS).copied().collect();
        children.retain(|child| tree.name(*child).starts_with(start));
        // A name that is typed whole is gone on from.
        if let [only] = children[..]
            && tree.name(only) == start
            && !start.is_empty()
        {
            children = tree.children(only).iter().take(SIBLINGS).copied().collect();
        }
        let busier = |a: &_, b: &_| tree.total(*b).cmp(&tree.total(*a));
        if children.len() > SUBJECTS {
            children.select_nth_unstable_by(SUBJECTS, busier);
            children.truncate(SUBJECTS);
        }
        children.sort_by(|a, b| busier(a, b).then_with(|| tree.name(*a).cmp(tree.name(*b))));
        children.into_iter().map(|child| subject(tree, child)).collect()
    }

    fn fields(&self, types: &[String], path: &[String]) -> Vec<Candidate> {
        let fields = self.fields_of(types);
        let below = fields.iter().filter(|field| field.path.len() == path.len() + 1 && field.path.starts_with(path));
        below
            .filter_map(|field| {
                let text = field.path.last()?.clone();
                Some(Candidate { text, what: format!("{}  {}", field.kind, field.example).trim_end().to_owned() })
            })
            .collect()
    }

    fn values(&self, types: &[String], path: &[String]) -> Vec<Value> {
        let fields = self.fields_of(types);
        let Some(field) = fields.iter().find(|field| field.path == path) else { return Vec::new() };
        let mut values: Vec<_> = field.values.iter().collect();
        values.sort_by_key(|(_, _, seen)| std::cmp::Reverse(*seen));
        let value = |(text, is_text, seen): &(String, bool, u32)| Value {
            text: text.clone(),
            is_text: *is_text,
            what: format!("{seen} of those looked at"),
        };
        values.into_iter().map(value).collect()
    }
}

fn subject(tree: &SubjectTree, node: crate::model::tree::NodeId) -> Candidate {
    let below = if tree.children(node).is_empty() { "" } else { ", more below" };
    Candidate { text: tree.subject(node), what: format!("{}{below}", count(tree.total(node), "event")) }
}

impl Seen<'_> {
    /// The fields of events of these types, from what was found before or from a look now.
    fn fields_of(&self, types: &[String]) -> Arc<Vec<Field>> {
        let mut samples = self.samples.0.borrow_mut();
        if let Some((of, fields)) = &*samples
            && of == types
        {
            return Arc::clone(fields);
        }
        let fields = Arc::new(self.look(types));
        *samples = Some((types.to_vec(), Arc::clone(&fields)));
        fields
    }

    fn look(&self, types: &[String]) -> Vec<Field> {
        let log = &self.world.log;
        let (mut fields, mut read) = (Vec::new(), 0);
        for position in self.positions(types) {
            let Some(line) = log.line(position).filter(|_| read < BYTES) else { continue };
            read += log.row(position).map_or(0, |row| row.text_len());
            if let Ok(event) = line.event()
                && let Some(data) = event.data
            {
                walk(data, &mut Vec::new(), &mut fields);
            }
        }
        fields
    }

    /// The events to look at: of these types, or of all when none of them is known.
    fn positions(&self, types: &[String]) -> Vec<usize> {
        let log = &self.world.log;
        let numbers: Vec<bool> = (0..log.kinds().len())
            .map(|at| types.iter().any(|kind| kind == log.kinds().text(u32::try_from(at).unwrap_or(u32::MAX))))
            .collect();
        let spread = |found: Vec<usize>| {
            let step = found.len().div_ceil(EVENTS).max(1);
            found.into_iter().step_by(step).collect::<Vec<_>>()
        };
        if numbers.contains(&true) {
            let newest = log.end().saturating_sub(ROWS).max(log.first())..log.end();
            let of_types = |row: &crate::model::log::Row| numbers.get(row.kind as usize).copied().unwrap_or(false);
            let found = (newest.start..).zip(log.rows_at(newest)).filter(|(_, row)| of_types(row));
            return spread(found.map(|(position, _)| position).collect());
        }
        let step = (log.end() - log.first()).div_ceil(EVENTS).max(1);
        (log.first()..log.end()).step_by(step).collect()
    }
}

fn walk(value: Json<'_>, path: &mut Vec<String>, found: &mut Vec<Field>) {
    for (key, value) in value.members() {
        path.push(key.name().into_owned());
        note(value, path, found);
        if path.len() < DEPTH {
            walk(value, path, found);
        }
        path.pop();
    }
}

fn note(value: Json<'_>, path: &[String], found: &mut Vec<Field>) {
    let at = found.iter().position(|field| field.path == path);
    let at = match at {
        Some(at) => at,
        None if found.len() < FIELDS && path.last().is_some_and(|name| is_name(name)) => {
            let path = path.to_vec();
            found.push(Field { path, kind: "null", example: String::new(), values: Vec::new() });
            found.len() - 1
        }
        None => return,
    };
    let Some(field) = found.get_mut(at) else { return };
    if field.kind == "null" {
        (field.kind, field.example) = described(value);
    }
    let Some((text, is_text)) = said(value) else { return };
    let known = field.values.iter_mut().find(|(known, known_text, _)| *known == text && *known_text == is_text);
    if let Some((_, _, seen)) = known {
        *seen += 1;
    } else if field.values.len() < VALUES {
        field.values.push((text, is_text, 1));
    }
}

/// A value that could be compared with, if it is short.
fn said(value: Json<'_>) -> Option<(String, bool)> {
    let text = match value.kind() {
        Kind::String => (value.as_str()?.into_owned(), true),
        Kind::Number | Kind::Bool => (value.text().to_owned(), false),
        Kind::Null | Kind::Object | Kind::Array => return None,
    };
    (text.0.chars().take(LONGEST + 1).count() <= LONGEST).then_some(text)
}

/// Whether a key can stand behind a dot.
fn is_name(key: &str) -> bool {
    !key.starts_with(|c: char| c.is_ascii_digit()) && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn described(value: Json<'_>) -> (&'static str, String) {
    let kind = match value.kind() {
        Kind::Null => return ("null", String::new()),
        Kind::Object => return ("object", String::new()),
        Kind::Array => return ("list", String::new()),
        Kind::Bool => "true or false",
        Kind::Number => "number",
        Kind::String => "text",
    };
    let text = value.text();
    let example = match text.char_indices().nth(EXAMPLE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    (kind, example)
}
