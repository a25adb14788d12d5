//! What must stand in an event's text for a condition to hold: told from the condition, once, so that most events are
//! passed over by a search for bytes and never decoded.
//!
//! Everything here rests on one promise: `needs` gives texts, and the condition is plainly false, without an error,
//! for every event whose line has none of them and no backslash. A backslash may be the beginning of any text in another
//! notation.

use super::plan::{Field, Node, Op, Path};
use super::value::Value;
use crate::gdbql::ast::{Comparison, Step};
use regex::bytes::Regex;
use std::ops::Range;

/// What is to be found in the line of every event that may meet a condition, or for which it cannot be judged.
#[derive(Clone, Debug)]
pub struct Hint(Regex);

impl Hint {
    pub(super) fn of(condition: &Node) -> Option<Self> {
        let texts: Vec<String> = needs(condition)?.iter().map(|text| regex::escape(text)).collect();
        Regex::new(&texts.join("|")).ok().map(Self)
    }

    /// The texts, as a regular expression. They may stand in a line in another notation, with a backslash.
    pub fn texts(&self) -> &Regex {
        &self.0
    }

    /// Look for the places in bytes at which a line that holds them may meet the condition.
    pub fn places<'a>(&'a self, bytes: &'a [u8]) -> Places<'a> {
        let text = self.0.find(bytes).map(|hit| hit.range());
        let backslash = memchr::memchr(b'\\', bytes).map(|at| at..at + 1);
        Places { texts: &self.0, bytes, text, backslash }
    }
}

/// The places that [`Hint::places`] looks for.
///
/// Texts and backslashes are looked for apart: together they would be found at the speed of the more frequent one.
#[derive(Debug)]
pub struct Places<'a> {
    texts: &'a Regex,
    bytes: &'a [u8],
    text: Option<Range<usize>>,
    backslash: Option<Range<usize>>,
}

impl Places<'_> {
    /// The first one from `from` on, which must not be less than it was.
    pub fn find_at(&mut self, from: usize) -> Option<Range<usize>> {
        if self.text.as_ref().is_some_and(|text| text.start < from) {
            self.text = self.texts.find_at(self.bytes, from).map(|hit| hit.range());
        }
        if self.backslash.as_ref().is_some_and(|backslash| backslash.start < from) {
            let rest = self.bytes.get(from..).unwrap_or_default();
            self.backslash = memchr::memchr(b'\\', rest).map(|at| from + at..from + at + 1);
        }
        [&self.text, &self.backslash].into_iter().flatten().min_by_key(|place| place.start).cloned()
    }
}

/// Looking for more texts than that at once is no gain.
const MOST: usize = 8;

/// Texts of which one must be there.
type Texts = Vec<String>;

/// Texts of which at least one stands in every line for which the condition may hold; `None` when none can be named.
fn needs(condition: &Node) -> Option<Texts> {
    match &condition.op {
        Op::And(items) => {
            // An operand that may fail is an error for whoever gets as far as it: what stands behind it does not count.
            let counted = items.iter().position(|item| !is_safe(item)).map_or(items.len(), |at| at + 1);
            items[..counted].iter().filter_map(needs).reduce(rarer)
        }
        Op::Or(items) => {
            let all = items.iter().map(needs).collect::<Option<Vec<_>>>()?.concat();
            (all.len() <= MOST).then_some(all)
        }
        // A value that is missing is null, and null is false.
        Op::Path(..) => present(condition),
        Op::Compare(comparison, left, right) if gives_value(left) && gives_value(right) => {
            compared(*comparison, left, right)
        }
        Op::Between(value, low, high) if [value, low, high].into_iter().all(|node| gives_value(node)) => {
            [value, low, high].into_iter().filter_map(|node| present(node)).reduce(rarer)
        }
        Op::In(value, list) if gives_value(value) && gives_value(list) => listed(value, list),
        Op::InSet(value, keys) if gives_value(value) && !keys.contains(&super::compare::key(&Value::Null)) => {
            present(value)
        }
        Op::Within(_, subject, root) if gives_value(subject) && gives_value(root) => match &root.op {
            Op::Constant(Value::Text(root)) if is_path(subject) && root.trim_end_matches('/').len() > 1 => {
                Some(vec![format!("\"{}", root.trim_end_matches('/'))])
            }
            _ => [subject, root].into_iter().filter_map(|node| present(node)).reduce(rarer),
        },
        _ => None,
    }
}

fn compared(comparison: Comparison, left: &Node, right: &Node) -> Option<Texts> {
    match comparison {
        // Only null equals what is missing.
        Comparison::Equal => match (&left.op, &right.op) {
            (Op::Constant(constant), _) => same(right, constant),
            (_, Op::Constant(constant)) => same(left, constant),
            _ => None,
        },
        Comparison::NotEqual => match (&left.op, &right.op) {
            (Op::Constant(Value::Null), _) => present(right),
            (_, Op::Constant(Value::Null)) => present(left),
            _ => None,
        },
        // Nothing is less or more than null.
        _ => [left, right].into_iter().filter_map(present).reduce(rarer),
    }
}

/// What stands there when a value is this constant.
fn same(node: &Node, constant: &Value<'_>) -> Option<Texts> {
    match constant {
        Value::Null => None,
        Value::Text(text) if is_path(node) => Some(vec![format!("\"{text}\"")]),
        _ => present(node),
    }
}

/// What stands there when a value is one of a list.
fn listed(value: &Node, list: &Node) -> Option<Texts> {
    let Op::List(items) = &list.op else { return None };
    let constant = |item: &Node| match &item.op {
        Op::Constant(constant) => same(value, constant),
        _ => None,
    };
    let all = items.iter().map(constant).collect::<Option<Vec<_>>>()?.concat();
    if all.len() <= MOST { Some(all) } else { present(value) }
}

/// What stands there when a path leads somewhere: the longest of its keys.
fn present(node: &Node) -> Option<Texts> {
    let Op::Path(Path { field: Field::Data | Field::Event, steps, .. }) = &node.op else { return None };
    let keys = steps.iter().filter_map(|step| if let Step::Key(key) = step { Some(key) } else { None });
    keys.max_by_key(|key| key.len()).map(|key| vec![format!("\"{key}\"")])
}

fn is_path(node: &Node) -> bool {
    matches!(node.op, Op::Path(..))
}

/// Of two that must both be there, the one that is worth looking for.
fn rarer(a: Texts, b: Texts) -> Texts {
    let shortest = |texts: &Texts| texts.iter().map(String::len).min().unwrap_or(0);
    let better = b.len() < a.len() || (b.len() == a.len() && shortest(&b) > shortest(&a));
    if better { b } else { a }
}

/// Whether an expression has a value for every event.
fn gives_value(node: &Node) -> bool {
    match &node.op {
        Op::Constant(_) | Op::Path(..) => true,
        Op::List(items) => items.iter().all(gives_value),
        Op::Object(members) => members.iter().all(|(_, value)| gives_value(value)),
        Op::Negate(_) | Op::Arithmetic(..) | Op::Aggregate(_) => false,
        _ => is_safe(node),
    }
}

/// Whether a condition can be judged for every event.
fn is_safe(condition: &Node) -> bool {
    match &condition.op {
        Op::Constant(Value::Bool(_) | Value::Null) => true,
        Op::Not(inner) => is_safe(inner),
        Op::And(items) | Op::Or(items) => items.iter().all(is_safe),
        Op::Compare(_, left, right) | Op::Within(_, left, right) => gives_value(left) && gives_value(right),
        Op::Between(value, low, high) => [value, low, high].into_iter().all(|node| gives_value(node)),
        Op::In(value, list) => matches!(list.op, Op::List(_)) && gives_value(value) && gives_value(list),
        Op::InSet(value, _) => gives_value(value),
        _ => false,
    }
}
