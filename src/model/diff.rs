//! What differs between two JSON values, field by field.
//!
//! Objects are compared by key, whatever their order; arrays by their items, so that one that was put in or taken out
//! is one change. Numbers are the same when they are written the same: `1.10` is not `1.1`. Knows no events.

#[cfg(test)]
mod tests;

use super::json::{Json, Kind};
use super::path::Path;
use std::ops::Range;

/// No more changes than this are told.
pub const MAX_CHANGES: usize = 10_000;

/// Below so many levels, values are compared as a whole: the text of a value is walked once a level.
const MAX_LEVELS: usize = 64;

/// Arrays are aligned when the product of their lengths, without what they begin and end with alike, is not above
/// this; else their items are compared one by one.
const MAX_ALIGNED: usize = 64 * 64;

/// How a field has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// It has another value.
    Changed,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// Where it stands. The last index of an item that was removed counts in the array before, all others after.
    pub path: Path,
    /// Its value before.
    pub before: Option<Json<'a>>,
    /// Its value after.
    pub after: Option<Json<'a>>,
}

impl Change<'_> {
    /// How the field has changed.
    pub fn kind(&self) -> ChangeKind {
        match (self.before, self.after) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        }
    }
}

/// All that differs between two values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff<'a> {
    /// The changes, in the order of the fields before; what was added to an object comes last.
    pub changes: Vec<Change<'a>>,
    /// Whether there are more than [`MAX_CHANGES`].
    pub more: bool,
}

/// What differs between two values that stand at `root`; either may not be there at all.
pub fn diff<'a>(root: &Path, before: Option<Json<'a>>, after: Option<Json<'a>>) -> Diff<'a> {
    let mut differ = Differ { diff: Diff::default(), limit: MAX_CHANGES };
    differ.value(root, before, after, 0);
    differ.diff
}

/// Whether two values say the same, whatever the order of keys and the white space.
pub fn same(a: Json<'_>, b: Json<'_>) -> bool {
    let mut differ = Differ { diff: Diff::default(), limit: 0 };
    differ.value(&Path::default(), Some(a), Some(b), 0);
    !differ.diff.more
}

struct Differ<'a> {
    diff: Diff<'a>,
    limit: usize,
}

impl<'a> Differ<'a> {
    fn value(&mut self, path: &Path, before: Option<Json<'a>>, after: Option<Json<'a>>, level: usize) {
        let (Some(a), Some(b)) = (before, after) else {
            if before.is_some() || after.is_some() {
                self.push(path, before, after);
            }
            return;
        };
        if self.diff.more || a.text() == b.text() {
            return;
        }
        match (a.kind(), b.kind()) {
            (Kind::Object, Kind::Object) if level < MAX_LEVELS => self.object(path, a, b, level + 1),
            (Kind::Array, Kind::Array) if level < MAX_LEVELS => self.array(path, a, b, level + 1),
            // The same text can be written with escapes and without.
            (Kind::String, Kind::String) if a.as_str() == b.as_str() => {}
            _ => self.push(path, before, after),
        }
    }

    fn push(&mut self, path: &Path, before: Option<Json<'a>>, after: Option<Json<'a>>) {
        if self.diff.changes.len() >= self.limit {
            self.diff.more = true;
        } else {
            self.diff.changes.push(Change { path: path.clone(), before, after });
        }
    }

    fn object(&mut self, path: &Path, before: Json<'a>, after: Json<'a>, level: usize) {
        let fields = after.fields();
        let mut left: rustc_hash::FxHashMap<&str, Json<'a>> =
            fields.iter().map(|(name, value)| (&**name, *value)).collect();
        for (name, value) in before.fields() {
            self.value(&path.key(&name), Some(value), left.remove(&*name), level);
        }
        for (name, value) in fields.iter().filter(|(name, _)| left.contains_key(&**name)) {
            self.push(&path.key(name), None, Some(*value));
        }
    }

    fn array(&mut self, path: &Path, before: Json<'a>, after: Json<'a>, level: usize) {
        let (a, b): (Vec<_>, Vec<_>) = (before.items().collect(), after.items().collect());
        let (mut from, mut to) = (0, 0);
        for (x, y) in aligned(&a, &b) {
            self.gap(path, (&a, from..x), (&b, to..y), level);
            (from, to) = (x + 1, y + 1);
        }
        self.gap(path, (&a, from..a.len()), (&b, to..b.len()), level);
    }

    /// A stretch without a common item: the items are compared one by one, what is left over came or went.
    fn gap(&mut self, path: &Path, a: (&[Json<'a>], Range<usize>), b: (&[Json<'a>], Range<usize>), level: usize) {
        let pairs = a.1.len().min(b.1.len());
        for (x, y) in a.1.clone().zip(b.1.clone()) {
            self.value(&path.index(y), a.0.get(x).copied(), b.0.get(y).copied(), level);
        }
        for x in a.1.skip(pairs) {
            self.value(&path.index(x), a.0.get(x).copied(), None, level);
        }
        for y in b.1.skip(pairs) {
            self.value(&path.index(y), None, b.0.get(y).copied(), level);
        }
    }
}

/// The places of the items that two arrays have in common, in order: a longest such row, where finding it is cheap.
fn aligned(a: &[Json<'_>], b: &[Json<'_>]) -> Vec<(usize, usize)> {
    let equal = |(x, y): &(&Json<'_>, &Json<'_>)| x.text() == y.text();
    let start = a.iter().zip(b).take_while(equal).count();
    let (a_rest, b_rest) = (&a[start..], &b[start..]);
    let end = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(equal).count();
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    let (a_middle, b_middle) = (&a_rest[..a_rest.len() - end], &b_rest[..b_rest.len() - end]);
    if a_middle.len().saturating_mul(b_middle.len()) <= MAX_ALIGNED {
        pairs.extend(longest_common(a_middle, b_middle).into_iter().map(|(x, y)| (start + x, start + y)));
    }
    pairs.extend((0..end).map(|at| (a.len() - end + at, b.len() - end + at)));
    pairs
}

/// A longest common subsequence, by the usual table of the lengths of those of all ends.
fn longest_common(a: &[Json<'_>], b: &[Json<'_>]) -> Vec<(usize, usize)> {
    let columns = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * columns];
    for (x, item) in a.iter().enumerate().rev() {
        for (y, other) in b.iter().enumerate().rev() {
            longest[x * columns + y] = match item.text() == other.text() {
                true => longest[(x + 1) * columns + y + 1] + 1,
                false => longest[(x + 1) * columns + y].max(longest[x * columns + y + 1]),
            };
        }
    }
    let (mut x, mut y, mut pairs) = (0, 0, Vec::new());
    while x < a.len() && y < b.len() {
        if a[x].text() == b[y].text() {
            pairs.push((x, y));
            (x, y) = (x + 1, y + 1);
        } else if longest[(x + 1) * columns + y] >= longest[x * columns + y + 1] {
            x += 1;
        } else {
            y += 1;
        }
    }
    pairs
}
