//! One field of a shape: what its values have been so far.

use super::format::Format;
use crate::model::json::{Json, Kind};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// So many different values are kept as they are, with their counts.
const MAX_EXAMPLES: usize = 12;
/// So many different values are counted; then it is only known that there are more.
const MAX_DISTINCT: usize = 1_000;
/// So many bytes of a value are kept as an example.
const MAX_EXAMPLE: usize = 80;
/// So many changes of the type are kept.
const MAX_CHANGES: usize = 8;

/// What a value can be. Whole numbers are told from others, since people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// A string.
    String,
    /// A number without a fraction and without an exponent.
    Integer,
    /// Any other number.
    Number,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Object, Self::Array, Self::String, Self::Integer, Self::Number, Self::Boolean, Self::Null];

    /// The type's name in JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }

    /// What a value is.
    pub fn of(value: Json<'_>) -> Self {
        match value.kind() {
            Kind::Object => Self::Object,
            Kind::Array => Self::Array,
            Kind::String => Self::String,
            Kind::Bool => Self::Boolean,
            Kind::Null => Self::Null,
            Kind::Number if value.text().contains(['.', 'e', 'E']) => Self::Number,
            Kind::Number => Self::Integer,
        }
    }
}

/// How many values of each type there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Types([u64; Type::ALL.len()]);

impl Types {
    /// How many of a type.
    pub fn of(&self, of: Type) -> u64 {
        self.0[of as usize]
    }

    /// How many values.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The types that occur, the most frequent first.
    pub fn found(&self) -> Vec<(Type, u64)> {
        let mut found: Vec<_> = Type::ALL.into_iter().map(|of| (of, self.of(of))).filter(|(_, n)| *n > 0).collect();
        found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        found
    }
}

/// An event, as a shape refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which of the events that were taken in, from 0.
    pub ordinal: u64,
    /// Its position in the log.
    pub position: usize,
    /// When it was stored.
    pub time: Option<i64>,
}

/// A field has another type from an event on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it was before.
    pub from: Type,
    /// What it is since.
    pub to: Type,
    /// Since which event.
    pub at: Seen,
}

/// A field of the payload, or the payload itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name; [`Field::ITEM`] for the items of an array; empty for the payload.
    pub name: String,
    /// How many fields it stands in, without the payload itself.
    pub depth: usize,
    /// How many values of each type.
    pub types: Types,
    /// In how many events it occurs.
    pub events: u64,
    /// The first event with it.
    pub first: Option<Seen>,
    /// The last event with it.
    pub last: Option<Seen>,
    /// Since when it has another type: the first few times. An integer and another number are no change, nor is null.
    pub changes: Vec<Change>,
    /// How often its type changed.
    pub type_changes: u64,
    /// The smallest and the largest number, as they are written.
    pub numbers: Option<(String, String)>,
    /// The shortest and the longest string, in characters.
    pub lengths: Option<(u64, u64)>,
    /// How many items its shortest and its longest array have.
    pub items: Option<(u64, u64)>,
    /// Whether there are values in it that were not looked at: too many, too deep, or under names too long.
    pub unexplored: bool,
    pub(super) children: Vec<u32>,
    pub(super) by_name: FxHashMap<Box<str>, u32>,
    pub(super) item: Option<u32>,
    pub(super) parent: Option<u32>,
    pub(super) in_objects: u64,
    pub(super) last_object: u64,
    pub(super) longest_gap: u64,
    last_type: Option<Type>,
    range: (f64, f64),
    formats: Option<Format>,
    examples: Vec<(Box<str>, u64)>,
    distinct: FxHashSet<u64>,
    more: bool,
}

impl Field {
    /// The name of the items of an array.
    pub const ITEM: &'static str = "[]";

    pub(super) fn new(name: String, parent: Option<u32>, depth: usize) -> Self {
        Self {
            name,
            depth,
            types: Types::default(),
            events: 0,
            first: None,
            last: None,
            changes: Vec::new(),
            type_changes: 0,
            numbers: None,
            lengths: None,
            items: None,
            unexplored: false,
            children: Vec::new(),
            by_name: FxHashMap::default(),
            item: None,
            parent,
            in_objects: 0,
            last_object: 0,
            longest_gap: 0,
            last_type: None,
            range: (f64::INFINITY, f64::NEG_INFINITY),
            formats: None,
            examples: Vec::new(),
            distinct: FxHashSet::default(),
            more: false,
        }
    }

    /// The field in which it stands, by its index; `None` for the payload.
    pub fn parent(&self) -> Option<usize> {
        self.parent.map(|parent| parent as usize)
    }

    /// What all its strings are, when they are all the same kind of thing.
    pub fn format(&self) -> Option<Format> {
        self.formats.filter(|_| self.types.of(Type::String) > 0)
    }

    /// Different values with their counts, in the order in which they came; long ones are cut. Behind the bound, new
    /// values are no longer taken in.
    pub fn examples(&self) -> impl Iterator<Item = (&str, u64)> {
        self.examples.iter().map(|(text, count)| (&**text, *count))
    }

    /// Whether the examples are all values that there are.
    pub fn is_complete(&self) -> bool {
        !self.more && self.examples.len() == self.distinct.len()
    }

    /// How many different scalars there are, and whether there are more than that.
    pub fn distinct(&self) -> (usize, bool) {
        (self.distinct.len(), self.more)
    }

    pub(super) fn add(&mut self, value: Json<'_>, seen: Seen) {
        let of = Type::of(value);
        self.note(of, seen);
        match of {
            Type::Object | Type::Array => return,
            Type::Integer | Type::Number => self.number(value),
            Type::String => self.string(value),
            Type::Boolean | Type::Null => {}
        }
        if of != Type::Null {
            self.example(value.text());
        }
    }

    /// Count a value, and see whether the field's type has changed with this event.
    fn note(&mut self, of: Type, seen: Seen) {
        self.types.0[of as usize] += 1;
        self.first.get_or_insert(seen);
        if self.last.is_none_or(|last| last.ordinal != seen.ordinal) {
            let gap = self.last.map_or(0, |last| seen.ordinal.saturating_sub(last.ordinal + 1));
            self.longest_gap = self.longest_gap.max(gap);
            self.events += 1;
        }
        self.last = Some(seen);
        let numeric = |of| matches!(of, Type::Integer | Type::Number);
        if of == Type::Null {
            return;
        }
        if let Some(from) = self.last_type
            && from != of
            && !(numeric(from) && numeric(of))
        {
            self.type_changes += 1;
            if self.changes.len() < MAX_CHANGES {
                self.changes.push(Change { from, to: of, at: seen });
            }
        }
        self.last_type = Some(of);
    }

    fn number(&mut self, value: Json<'_>) {
        let Some(number) = value.as_f64() else { return };
        let text = || head(value.text()).to_owned();
        let (low, high) = self.numbers.get_or_insert_with(|| (text(), text()));
        if number < self.range.0 {
            self.range.0 = number;
            *low = text();
        }
        if number > self.range.1 {
            self.range.1 = number;
            *high = text();
        }
    }

    fn string(&mut self, value: Json<'_>) {
        let text = value.as_str().unwrap_or_default();
        let len = text.chars().count() as u64;
        widen(&mut self.lengths, len);
        let first = self.types.of(Type::String) == 1;
        self.formats = if first { Format::of(&text) } else { self.formats.filter(|format| format.fits(&text)) };
    }

    fn example(&mut self, text: &str) {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        if !self.distinct.contains(&hash) {
            if self.distinct.len() >= MAX_DISTINCT {
                self.more = true;
                return;
            }
            self.distinct.insert(hash);
            if self.examples.len() < MAX_EXAMPLES {
                return self.examples.push((head(text).into(), 1));
            }
        }
        if let Some((_, count)) = self.examples.iter_mut().find(|(example, _)| **example == *head(text)) {
            *count += 1;
        }
    }
}

/// Let a range reach to a number.
pub(super) fn widen(range: &mut Option<(u64, u64)>, number: u64) {
    *range = Some(range.map_or((number, number), |(low, high)| (low.min(number), high.max(number))));
}

/// The start of a text that is kept.
fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_EXAMPLE)]
}
