//! What could be meant by the start of a subject or an event type: what the loaded events know.

use crate::app::world::World;

/// So many are offered at once.
const OFFERED: usize = 6;
/// So many children of a subject are looked through for one key press.
const LOOKED_AT: usize = 50_000;

/// A small list under a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestions {
    /// Whole texts for the field, the likeliest first; never empty.
    pub items: Vec<String>,
    /// The one that was gone to.
    pub chosen: Option<usize>,
}

impl Suggestions {
    /// A list, unless there is nothing to offer beyond what was typed.
    pub fn of(typed: &str, mut items: Vec<String>) -> Option<Self> {
        items.retain(|item| item != typed);
        (!items.is_empty()).then_some(Self { items, chosen: None })
    }

    /// Go to the next or to the previous entry; from the first one up, back into the field.
    pub fn step(&mut self, down: bool) {
        let last = self.items.len() - 1;
        self.chosen = match (self.chosen, down) {
            (None, true) => Some(0),
            (Some(at), true) => Some((at + 1).min(last)),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => None,
        };
    }

    /// The text that was gone to, else the likeliest.
    pub fn best(&self) -> Option<&String> {
        self.items.get(self.chosen.unwrap_or(0))
    }
}

/// Event types that contain what was typed, those with the most events first.
pub fn kinds(typed: &str, world: &World) -> Vec<String> {
    let typed = typed.to_lowercase();
    let mut found: Vec<(u64, &str)> = world
        .kinds
        .iter()
        .filter(|(_, kind, _)| kind.to_lowercase().contains(&typed))
        .map(|(_, kind, count)| (count, kind))
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    found.into_iter().take(OFFERED).map(|(_, kind)| kind.to_owned()).collect()
}

/// Subjects one level below the last slash that go on from what was typed, those with the most events first.
pub fn subjects(typed: &str, world: &World) -> Vec<String> {
    let tree = &world.tree;
    let (parent, start) = typed.rsplit_once('/').unwrap_or(("", typed));
    if !(typed.is_empty() || typed.starts_with('/')) {
        return Vec::new();
    }
    let Some(node) = tree.find(if parent.is_empty() { "/" } else { parent }) else { return Vec::new() };
    let children = tree.children(node).iter().take(LOOKED_AT).copied();
    let mut found: Vec<_> = children.filter(|child| tree.name(*child).starts_with(start)).collect();
    found.sort_by(|a, b| tree.total(*b).cmp(&tree.total(*a)).then_with(|| tree.name(*a).cmp(tree.name(*b))));
    found.into_iter().take(OFFERED).map(|child| tree.subject(child)).collect()
}

/// The source that most of the newest events have.
pub fn usual_source(world: &World) -> Option<String> {
    /// So many events are looked at.
    const NEWEST: usize = 200;
    let mut counts: Vec<(String, usize)> = Vec::new();
    for position in (0..world.log.len()).rev().take(NEWEST) {
        let Some(line) = world.log.line(position) else { continue };
        let Ok(event) = line.event() else { continue };
        match counts.iter_mut().find(|(source, _)| *source == event.source) {
            Some((_, count)) => *count += 1,
            None => counts.push((event.source.into_owned(), 1)),
        }
    }
    // Of several that are equally frequent, the one that was used last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(source, _)| source)
}
