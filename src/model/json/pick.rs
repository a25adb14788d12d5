//! Looking for values at certain places of many JSON values, in the one pass that checks their text.
//!
//! Knows nothing of what the values are wanted for.

use super::scan::{self, NoJson};
use super::{Json, Key, MAX_DEPTH};
use crate::model::path::{Path, Step};
use std::ops::Range;

/// The places that are looked at, as a tree of their steps.
#[derive(Clone, Debug)]
pub struct Picker {
    nodes: Vec<Node>,
    slots: usize,
}

/// A place on the way to those that are looked for, or one of them.
#[derive(Clone, Debug, Default)]
struct Node {
    keys: Vec<(Box<str>, usize)>,
    items: Vec<(usize, usize)>,
    slot: Option<usize>,
    /// The slots of this place and of all below it.
    below: Vec<usize>,
}

/// What a [`Picker`] has found in one value: of each place, where its value stands in the text.
#[derive(Clone, Debug, Default)]
pub struct Picked(Vec<Range<usize>>);

impl Picked {
    /// The value of a place, in the value that was looked through.
    pub fn get<'a>(&self, slot: usize, of: Json<'a>) -> Option<Json<'a>> {
        let place = self.0.get(slot)?.clone();
        // No value has no text.
        if place.is_empty() { None } else { of.0.get(place).map(Json) }
    }
}

impl Default for Picker {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], slots: 0 }
    }
}

impl Picker {
    /// The longest paths that are followed.
    const MOST_STEPS: usize = 32;
    /// So many places are looked at: each costs something for every member of its object.
    const MOST_SLOTS: usize = 64;

    /// Look at one more place. Gives the number of its slot; `None` when it has to be looked for another way.
    pub fn add(&mut self, path: &Path) -> Option<usize> {
        let steps = path.steps();
        if steps.is_empty() || steps.len() > Self::MOST_STEPS || self.slots >= Self::MOST_SLOTS {
            return None;
        }
        let way: Vec<usize> = std::iter::once(0)
            .chain(steps.iter().scan(0, |at, step| {
                *at = self.child(*at, step)?;
                Some(*at)
            }))
            .collect();
        let last = self.nodes.get_mut(*way.last()?)?;
        if let Some(slot) = last.slot {
            return Some(slot);
        }
        let slot = self.slots;
        last.slot = Some(slot);
        self.slots += 1;
        way.iter().for_each(|at| self.nodes[*at].below.push(slot));
        Some(slot)
    }

    /// The node that a step leads to, a new one when it is new.
    fn child(&mut self, at: usize, step: &Step) -> Option<usize> {
        let new = self.nodes.len();
        let node = self.nodes.get_mut(at)?;
        let known = match step {
            Step::Key(key) => node.keys.iter().find(|(name, _)| name == key).map(|(_, child)| *child),
            Step::Index(index) => node.items.iter().find(|(number, _)| number == index).map(|(_, child)| *child),
        };
        if known.is_some() {
            return known;
        }
        match step {
            Step::Key(key) => node.keys.push((key.clone(), new)),
            Step::Index(index) => node.items.push((*index, new)),
        }
        self.nodes.push(Node::default());
        Some(new)
    }

    /// Check the value that starts at byte `at` of a text and find what is looked for in it. Gives where it ends; `None`
    /// when it is no JSON.
    ///
    /// What was picked before is forgotten. Of a key that stands twice the last counts, as for [`Json::get`].
    #[inline]
    pub fn pick(&self, text: &str, at: usize, picked: &mut Picked) -> Option<usize> {
        picked.0.clear();
        picked.0.resize(self.slots, 0..0);
        Picking { picker: self, text, from: at, places: &mut picked.0 }.value(0, at, MAX_DEPTH).ok()
    }
}

/// One value that is looked through.
struct Picking<'p> {
    picker: &'p Picker,
    text: &'p str,
    /// Where it starts.
    from: usize,
    places: &'p mut [Range<usize>],
}

impl<'p> Picking<'p> {
    /// The value at a place: the recursion is as deep as the longest path.
    fn value(&mut self, node: usize, at: usize, levels: usize) -> Result<usize, NoJson> {
        let (picker, bytes) = (self.picker, self.text.as_bytes());
        let node = picker.nodes.get(node).ok_or(NoJson)?;
        let inside = levels.saturating_sub(1);
        let end = match bytes.get(at) {
            Some(b'{') if !node.keys.is_empty() => scan::object(bytes, at, |key, start| match self.named(node, key) {
                Some(child) => self.again(child, start, inside),
                None => scan::value_within(bytes, start, inside),
            })?,
            Some(b'[') if !node.items.is_empty() => {
                scan::array(bytes, at, |number, start| match node.items.iter().find(|(index, _)| *index == number) {
                    Some((_, child)) => self.value(*child, start, inside),
                    None => scan::value_within(bytes, start, inside),
                })?
            }
            _ => scan::value_within(bytes, at, levels)?,
        };
        if let Some(place) = node.slot.and_then(|slot| self.places.get_mut(slot)) {
            *place = at - self.from..end - self.from;
        }
        Ok(end)
    }

    /// The value of a member whose key may have stood there before.
    fn again(&mut self, node: usize, at: usize, levels: usize) -> Result<usize, NoJson> {
        let below = self.picker.nodes.get(node).map_or(&[][..], |node| &node.below);
        for slot in below {
            self.places[*slot] = 0..0;
        }
        self.value(node, at, levels)
    }

    fn named(&self, node: &'p Node, key: Range<usize>) -> Option<usize> {
        let key = Key(self.text.get(key)?);
        node.keys.iter().find(|(name, _)| key.is(name)).map(|(_, child)| *child)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path() -> impl Strategy<Value = Path> {
        let step = prop_oneof![4 => "[ab\"\\\\]{0,1}".prop_map(|key| Path::of(&key)), 1 => (0usize..3).prop_map(|at| Path::default().index(at))];
        prop::collection::vec(step, 1..4).prop_map(|steps| {
            steps.iter().flat_map(Path::steps).fold(Path::default(), |path, step| match step {
                Step::Key(key) => path.key(key),
                Step::Index(index) => path.index(*index),
            })
        })
    }

    /// JSON with the keys of [`path`], each also with escapes and more than once, with white space and broken at times.
    fn json() -> impl Strategy<Value = String> {
        let scalar = prop::sample::select(vec![
            "1",
            "-0.5e+3",
            "\"a\"",
            "\"\\u0061\\\\\"",
            "null",
            "true",
            "01",
            "tru",
            "\"\\x\"",
            "{}",
            "[]",
        ]);
        let key = prop::sample::select(vec![
            "\"a\"",
            "\"b\"",
            "\"\\u0061\"",
            "\"\"",
            "\"\\\"\"",
            "\"\\\\\"",
            "\"c\"",
            "\"ab\"",
        ]);
        let space = prop::sample::select(vec!["", "", "", " ", "\t\n"]);
        scalar.prop_map(str::to_owned).prop_recursive(4, 24, 5, move |inner| {
            let member = (key.clone(), space.clone(), inner.clone())
                .prop_map(|(key, space, value)| format!("{space}{key}{space}:{space}{value}{space}"));
            prop_oneof![
                3 => prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
                1 => prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

        /// Whatever the text: it is JSON or none, and its values are those that walking finds.
        #[test]
        fn finds_what_walking_finds(text in json(), before in "[a-zé\"]{0,3}", paths in prop::collection::vec(path(), 0..5)) {
            let mut picker = Picker::default();
            let slots: Vec<_> = paths.iter().map(|path| picker.add(path).unwrap()).collect();
            let mut picked = Picked(vec![7..9; 3]);
            let end = picker.pick(&format!("{before}{text},"), before.len(), &mut picked);
            let checked = Json::parse(&text).ok();
            prop_assert_eq!(end, checked.map(|json| before.len() + json.text().len()), "{}", text);
            if let Some(json) = checked {
                for (path, slot) in paths.iter().zip(slots) {
                    prop_assert_eq!(picked.get(slot, json), path.find(json), "{} in {}", path, text);
                }
            }
        }
    }

    #[test]
    fn long_ways_and_many_places_are_left_to_others() {
        let deep = (0..33).fold(Path::default(), |path, _| path.key("a"));
        let mut picker = Picker::default();
        assert_eq!((picker.add(&deep), picker.add(&Path::default())), (None, None));
        let found: Vec<_> = (0..70).filter_map(|at| picker.add(&Path::of(&format!("k{at}")))).collect();
        assert_eq!(found.len(), Picker::MOST_SLOTS);
    }

    #[test]
    fn nesting_is_bounded_as_everywhere() {
        let mut picker = Picker::default();
        picker.add(&Path::of("a").key("a")).unwrap();
        for (levels, found) in [(MAX_DEPTH, true), (MAX_DEPTH + 1, false)] {
            let text = format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
            assert_eq!(Json::parse(&text).is_ok(), found);
            assert_eq!(picker.pick(&text, 0, &mut Picked::default()).is_some(), found);
        }
    }
}
