//! The shape of an event type: which fields its payloads have, of which types, how often, and since when.
//!
//! Owns what is inferred from payloads that are fed one by one, in the order of the log. Memory is bounded whatever is
//! fed: so many fields, so many examples, so much of each text. Knows no log and no screen.

mod field;
mod format;
mod schema;
#[cfg(test)]
mod tests;

pub use field::{Change, Field, Seen, Type, Types};
pub use format::Format;

use super::json::{Json, Kind};

/// No more fields than this are told apart.
pub const MAX_FIELDS: usize = 2_000;
/// Names longer than this many bytes are no fields; payloads with such keys use them as data.
const MAX_NAME: usize = 200;
/// Deeper values are not looked into.
const MAX_DEPTH: usize = 64;
/// No more items of one array than this are looked at.
const MAX_ITEMS: usize = 1_000;

/// What the payloads of an event type have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The payload itself first; each other field behind the one it stands in.
    fields: Vec<Field>,
    events: u64,
    without_data: u64,
    span: Option<(Seen, Seen)>,
    left_out: bool,
    objects: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            fields: vec![Field::new(String::new(), None, 0)],
            events: 0,
            without_data: 0,
            span: None,
            left_out: false,
            objects: 0,
        }
    }
}

impl Shape {
    /// The payload itself, in [`Shape::fields`].
    pub const PAYLOAD: usize = 0;

    /// Take in the next event: where it stands in the log, when it was stored, and its payload if it has one.
    pub fn add(&mut self, position: usize, time: Option<i64>, data: Option<Json<'_>>) {
        let seen = Seen { ordinal: self.events, position, time };
        self.events += 1;
        self.span = Some((self.span.map_or(seen, |(first, _)| first), seen));
        match data {
            Some(data) => self.value(Self::PAYLOAD, data, seen, 0),
            None => self.without_data += 1,
        }
    }

    /// How many events were taken in.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The first and the last event that was taken in.
    pub fn span(&self) -> Option<(Seen, Seen)> {
        self.span
    }

    /// How many events had no payload.
    pub fn without_data(&self) -> u64 {
        self.without_data
    }

    /// Whether there are fields that are not told apart, because there are too many or their names are too long.
    pub fn left_out(&self) -> bool {
        self.left_out
    }

    /// All fields; the payload itself is the first.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The fields in the order in which they are read: each followed by those inside it.
    pub fn in_order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.fields.len());
        let mut next: Vec<u32> = self.children(Self::PAYLOAD).iter().rev().copied().collect();
        while let Some(index) = next.pop() {
            order.push(index as usize);
            next.extend(self.children(index as usize).iter().rev());
        }
        order
    }

    /// The fields directly inside a field.
    pub fn children(&self, field: usize) -> &[u32] {
        self.fields.get(field).map_or(&[], |field| &field.children)
    }

    /// The names that lead to a field from the payload; `[]` stands for any item of an array.
    pub fn path(&self, field: usize) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = self.fields.get(field);
        while let Some(field) = at
            && let Some(parent) = field.parent
        {
            names.push(field.name.as_str());
            at = self.fields.get(parent as usize);
        }
        names.reverse();
        names
    }

    /// Since when a field is there, when it was not there at first and came to stay. What came together with the field
    /// that it stands in is that field's news.
    pub fn appeared(&self, field: usize) -> Option<Seen> {
        let field = self.fields.get(field)?;
        let first = field.first?;
        let news = self.parent(field)?.first != Some(first);
        (news && first.ordinal > field.longest_gap * 2).then_some(first)
    }

    /// The last event with a field that was there and then stayed away.
    pub fn vanished(&self, field: usize) -> Option<Seen> {
        let field = self.fields.get(field)?;
        let last = field.last?;
        let since = self.events.saturating_sub(last.ordinal + 1);
        let news = self.parent(field)?.last != Some(last);
        (news && since > field.longest_gap * 2).then_some(last)
    }

    /// Whether every object in which the field could stand has it.
    pub fn is_always_there(&self, field: usize) -> bool {
        let Some(field) = self.fields.get(field) else { return false };
        self.parent(field).is_some_and(|parent| field.in_objects == parent.types.of(Type::Object))
    }

    /// Whether a field stands for the items of an array.
    pub fn is_item(&self, field: usize) -> bool {
        let parent = self.fields.get(field).and_then(|field| self.parent(field));
        parent.and_then(|parent| parent.item).is_some_and(|item| item as usize == field)
    }

    fn parent(&self, field: &Field) -> Option<&Field> {
        self.fields.get(field.parent? as usize)
    }

    fn value(&mut self, index: usize, value: Json<'_>, seen: Seen, depth: usize) {
        let Some(field) = self.fields.get_mut(index) else { return };
        field.add(value, seen);
        match value.kind() {
            Kind::Object | Kind::Array if depth >= MAX_DEPTH => {
                field.unexplored = true;
                self.left_out = true;
            }
            Kind::Object => self.members(index, value, seen, depth),
            Kind::Array => self.items(index, value, seen, depth),
            _ => {}
        }
    }

    fn members(&mut self, index: usize, object: Json<'_>, seen: Seen, depth: usize) {
        self.objects += 1;
        let serial = self.objects;
        for (key, value) in object.members() {
            let Some(child) = self.child(index, &key.name()) else { continue };
            if let Some(field) = self.fields.get_mut(child) {
                // A key that stands there twice is still one field of one object.
                field.in_objects += u64::from(field.last_object != serial);
                field.last_object = serial;
            }
            self.value(child, value, seen, depth + 1);
        }
    }

    fn items(&mut self, index: usize, array: Json<'_>, seen: Seen, depth: usize) {
        let mut items = array.items();
        let mut looked_at = 0;
        for value in items.by_ref().take(MAX_ITEMS) {
            looked_at += 1;
            if let Some(child) = self.item(index) {
                self.value(child, value, seen, depth + 1);
            }
        }
        let more = items.count() as u64;
        if let Some(field) = self.fields.get_mut(index) {
            field.unexplored |= more > 0;
            field::widen(&mut field.items, looked_at + more);
        }
    }

    /// The field of that name inside another, a new one when it is new; `None` when there is no room for it.
    fn child(&mut self, parent: usize, name: &str) -> Option<usize> {
        if let Some(found) = self.fields.get(parent)?.by_name.get(name) {
            return Some(*found as usize);
        }
        let child = (name.len() <= MAX_NAME).then(|| self.new_field(parent, name)).flatten();
        let field = self.fields.get_mut(parent)?;
        match child {
            Some(child) => drop(field.by_name.insert(name.into(), child)),
            None => {
                field.unexplored = true;
                self.left_out = true;
            }
        }
        child.map(|child| child as usize)
    }

    /// The field that stands for the items of an array.
    fn item(&mut self, parent: usize) -> Option<usize> {
        if let Some(found) = self.fields.get(parent)?.item {
            return Some(found as usize);
        }
        let child = self.new_field(parent, Field::ITEM);
        let field = self.fields.get_mut(parent)?;
        field.item = child;
        field.unexplored |= child.is_none();
        self.left_out |= child.is_none();
        child.map(|child| child as usize)
    }

    fn new_field(&mut self, parent: usize, name: &str) -> Option<u32> {
        if self.fields.len() > MAX_FIELDS {
            return None;
        }
        let depth = self.fields.get(parent)?.depth + usize::from(parent != Self::PAYLOAD);
        let child = u32::try_from(self.fields.len()).ok()?;
        self.fields.push(Field::new(name.to_owned(), Some(u32::try_from(parent).ok()?), depth));
        self.fields.get_mut(parent)?.children.push(child);
        Some(child)
    }
}
