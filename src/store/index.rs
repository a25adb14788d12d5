//! Where events are found: by subject, by type, by ID.
//!
//! Owns nothing but positions; the events themselves stand in `state`. Every node of the subject tree lists the
//! positions of all events at and below it, so that reading a subject with its descendants in commit order is reading
//! one sorted list, and asking whether a subject has events is one look-up. An event costs four bytes a level.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// How deep subjects may be. Each level of a subject is a node of its own.
pub const MAX_LEVELS: usize = 64;

/// The positions of a list of events.
#[derive(Debug, Default)]
pub struct Postings {
    /// Ascending.
    pub positions: Vec<u32>,
    /// How many of them are of exactly this subject.
    pub own: usize,
}

/// Where events are found.
#[derive(Debug, Default)]
pub struct Index {
    subjects: Named<Postings>,
    kinds: Named<Vec<u32>>,
    uuids: FxHashMap<u128, u32>,
    other_ids: FxHashMap<Box<str>, u32>,
    distinct: usize,
}

impl Index {
    /// Note the event at `position`, which is higher than any before.
    pub fn add(&mut self, position: u32, subject: &str, kind: &str, id: &str) {
        for name in levels(subject) {
            let postings = self.subjects.get_or_add(name);
            postings.positions.push(position);
            if name.len() == trimmed(subject).len() {
                self.distinct += usize::from(postings.own == 0);
                postings.own += 1;
            }
        }
        self.kinds.get_or_add(kind).push(position);
        match uuid(id) {
            Some(id) => drop(self.uuids.insert(id, position)),
            None => drop(self.other_ids.insert(id.into(), position)),
        }
    }

    /// The events at and below a subject; `None` for the root, which is all of them.
    pub fn subject(&self, subject: &str) -> Option<&[u32]> {
        match trimmed(subject) {
            "" => None,
            name => Some(self.subjects.get(name).map_or(&[], |postings| &postings.positions)),
        }
    }

    /// The events of a type.
    pub fn kind(&self, kind: &str) -> &[u32] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Where the event with this ID stands.
    pub fn id(&self, id: &str) -> Option<usize> {
        let found = match uuid(id) {
            Some(id) => self.uuids.get(&id),
            None => self.other_ids.get(id),
        };
        found.map(|position| *position as usize)
    }

    /// The top-level subjects that have events before `end`, sorted.
    pub fn top_level(&self, end: usize) -> Vec<Arc<str>> {
        let tops = self.subjects.iter().filter(|(name, _)| name.rfind('/') == Some(0));
        sorted(tops.filter(|(_, postings)| begins(&postings.positions, end)).map(|(name, _)| name))
    }

    /// The types that have events before `end`, sorted.
    pub fn kinds(&self, end: usize) -> Vec<Arc<str>> {
        sorted(self.kinds.iter().filter(|(_, positions)| begins(positions, end)).map(|(name, _)| name))
    }

    /// How many distinct subjects there are.
    pub fn subject_count(&self) -> usize {
        self.distinct
    }

    /// How many distinct types there are.
    pub fn kind_count(&self) -> usize {
        self.kinds.values.len()
    }
}

fn begins(positions: &[u32], end: usize) -> bool {
    positions.first().is_some_and(|first| (*first as usize) < end)
}

fn sorted<'a>(names: impl Iterator<Item = &'a Arc<str>>) -> Vec<Arc<str>> {
    let mut names: Vec<_> = names.cloned().collect();
    names.sort_unstable();
    names
}

/// Values by name. The name is copied only when it is new, which `HashMap::entry` cannot do.
#[derive(Debug)]
struct Named<T> {
    places: FxHashMap<Arc<str>, usize>,
    values: Vec<T>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), values: Vec::new() }
    }
}

impl<T: Default> Named<T> {
    fn get(&self, name: &str) -> Option<&T> {
        self.values.get(*self.places.get(name)?)
    }

    fn get_or_add(&mut self, name: &str) -> &mut T {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => {
                self.places.insert(name.into(), self.values.len());
                self.values.push(T::default());
                self.values.len() - 1
            }
        };
        &mut self.values[place]
    }

    fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &T)> {
        self.places.iter().map(|(name, place)| (name, &self.values[*place]))
    }
}

fn trimmed(subject: &str) -> &str {
    subject.trim_end_matches('/')
}

/// A subject and everything above it but the root: `/a`, `/a/b`, `/a/b/c` of `/a/b/c`.
fn levels(subject: &str) -> impl Iterator<Item = &str> {
    let subject = trimmed(subject);
    let ends = subject.bytes().enumerate().skip(1).filter(|(_, byte)| *byte == b'/').map(|(at, _)| at);
    ends.chain((!subject.is_empty()).then_some(subject.len())).map(move |end| &subject[..end])
}

/// The number that a UUID in its usual spelling stands for. Other spellings are other IDs.
fn uuid(id: &str) -> Option<u128> {
    if id.len() != 36 || id.bytes().any(|c| c.is_ascii_uppercase()) {
        return None;
    }
    uuid::Uuid::try_parse(id).ok().map(|id| id.as_u128())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_events_at_and_below_a_subject() {
        let mut index = Index::default();
        for (position, subject) in ["/a/b", "/a", "/ab", "/a/b/c"].into_iter().enumerate() {
            index.add(u32::try_from(position).unwrap(), subject, "t", &format!("id{position}"));
        }
        assert_eq!(index.subject("/a"), Some(&[0, 1, 3][..]));
        assert_eq!(index.subject("/a/b/"), Some(&[0, 3][..]));
        assert_eq!(index.subject("/x"), Some(&[][..]));
        assert_eq!(index.subject("/"), None);
        assert_eq!(index.top_level(4).iter().map(|name| &**name).collect::<Vec<_>>(), ["/a", "/ab"]);
        assert_eq!(index.top_level(2).len(), 1);
        assert_eq!((index.subject_count(), index.kind_count(), index.id("id2")), (4, 1, Some(2)));
    }

    #[test]
    fn other_spellings_of_a_uuid_are_other_ids() {
        let mut index = Index::default();
        index.add(0, "/a", "t", "d8605ee4-9507-4974-8a2a-190baaea2b50");
        assert_eq!(index.id("d8605ee4-9507-4974-8a2a-190baaea2b50"), Some(0));
        assert_eq!(index.id("D8605EE4-9507-4974-8A2A-190BAAEA2B50"), None);
        assert_eq!(index.id("d8605ee4950749748a2a190baaea2b50"), None);
    }
}
