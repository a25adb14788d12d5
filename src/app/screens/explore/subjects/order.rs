//! In which order the subjects of a level stand.
//!
//! A level may have a hundred thousand subjects and grow many times a second: its order by name is kept, and what is new
//! is put in.

use crate::model::tree::{NodeId, SubjectTree};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// In which order the subjects of a level stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TreeSort {
    /// By name.
    #[default]
    Name,
    /// The most events first.
    Count,
    /// The last change first.
    Recent,
}

impl TreeSort {
    /// The next one.
    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::Count,
            Self::Count => Self::Recent,
            Self::Recent => Self::Name,
        }
    }

    /// For the pane's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "by name",
            Self::Count => "by events",
            Self::Recent => "by last change",
        }
    }
}

/// The levels that were shown, by name.
#[derive(Debug, Default)]
pub struct Levels(FxHashMap<NodeId, Vec<NodeId>>);

impl Levels {
    /// What stands one level below a node.
    pub fn sorted(&mut self, tree: &SubjectTree, node: NodeId, sort: TreeSort) -> Vec<NodeId> {
        let children = tree.children(node);
        match sort {
            TreeSort::Name => self.by_name(tree, node).to_vec(),
            TreeSort::Count => by_key(children, |node| Reverse(tree.total(node))),
            TreeSort::Recent => by_key(children, |node| Reverse(tree.last(node))),
        }
    }

    /// Names never change, and new subjects stand behind those that are known: only these have to find their places.
    fn by_name(&mut self, tree: &SubjectTree, node: NodeId) -> &[NodeId] {
        let known = self.0.entry(node).or_default();
        let new = tree.children(node).get(known.len()..).unwrap_or_default();
        if !new.is_empty() {
            let new = by_key(new, |node| Name::of(tree.name(node)));
            *known = merged(known, &new, |node| tree.name(node));
        }
        known
    }
}

/// A name with its first bytes as a number: most names are told apart by those, without a look at the text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name<'a>(u64, &'a str);

impl<'a> Name<'a> {
    fn of(name: &'a str) -> Self {
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        Self(u64::from_be_bytes(first), name)
    }
}

fn by_key<K: Ord>(children: &[NodeId], key: impl Fn(NodeId) -> K) -> Vec<NodeId> {
    let mut sorted = children.to_vec();
    sorted.sort_by_cached_key(|node| key(*node));
    sorted
}

/// Both together in order, each of them being so already. Of the known ones few are looked at.
fn merged<'a>(known: &[NodeId], new: &[NodeId], name: impl Fn(NodeId) -> &'a str) -> Vec<NodeId> {
    let mut all = Vec::with_capacity(known.len() + new.len());
    let mut rest = known;
    for node in new {
        let (before, after) = rest.split_at(rest.partition_point(|other| name(*other) < name(*node)));
        all.extend_from_slice(before);
        all.push(*node);
        rest = after;
    }
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However a level grows, its order by name is that of sorting it anew.
        #[test]
        fn a_level_that_grows_stays_in_order(batches in prop::collection::vec(prop::collection::vec("[abé]{1,10}", 0..8), 1..6)) {
            let (mut tree, mut levels) = (SubjectTree::default(), Levels::default());
            for batch in batches {
                for name in batch {
                    tree.insert(&format!("/{name}"));
                }
                let mut expected = tree.children(SubjectTree::ROOT).to_vec();
                expected.sort_by_key(|node| tree.name(*node));
                prop_assert_eq!(levels.sorted(&tree, SubjectTree::ROOT, TreeSort::Name), expected);
            }
        }
    }
}
