//! The subject tree: every subject that occurs, as a path, with how many events it and everything below it has.

mod census;

pub use census::{Counted, Tallies};

use super::log::{EventLog, Row};
use super::names::{Hash, Labels};
use super::subject::segments;
use hashbrown::HashTable;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// So many events are counted at once.
const AT_ONCE: usize = 4096;

/// A node of the tree. The root `/` is [`SubjectTree::ROOT`].
pub type NodeId = u32;

/// What is counted of a node. It is small, because every event that arrives looks up another one.
#[derive(Clone, Debug)]
struct Node {
    own: u64,
    total: u64,
    last: i64,
    parent: NodeId,
}

/// Every subject that occurs and the paths that lead there.
#[derive(Clone, Debug)]
pub struct SubjectTree {
    nodes: Vec<Node>,
    /// The nodes below each node that has any.
    children: FxHashMap<NodeId, Vec<NodeId>>,
    /// The last segment of each node's subject.
    names: Labels,
    /// The nodes by their parent and name.
    by_path: HashTable<NodeId>,
    by_subject: Vec<NodeId>,
    known: census::Known,
}

impl Node {
    fn new(parent: NodeId) -> Self {
        Self { own: 0, total: 0, last: Row::NO_TIME, parent }
    }

    /// Count events at or below it.
    fn count(&mut self, events: u64, last: i64) {
        self.total += events;
        self.last = self.last.max(last);
    }
}

/// Events that follow each other below the same node: they are counted there, and above it, at once.
struct Above {
    node: NodeId,
    count: u64,
    last: i64,
}

impl Default for SubjectTree {
    fn default() -> Self {
        let mut names = Labels::default();
        names.push("");
        Self {
            nodes: vec![Node::new(Self::ROOT)],
            children: FxHashMap::default(),
            names,
            by_path: HashTable::new(),
            by_subject: Vec::new(),
            known: census::Known::default(),
        }
    }
}

impl SubjectTree {
    /// The root `/`: the whole store.
    pub const ROOT: NodeId = 0;

    /// Count the events at `positions` of `log`. Broken lines have no subject and count nowhere.
    pub fn add(&mut self, log: &EventLog, positions: Range<usize>) {
        // Subjects are numbered in order of appearance, so the table grows at its end.
        for subject in self.by_subject.len()..log.subjects().len() {
            let node = self.insert(log.subjects().text(u32::try_from(subject).unwrap_or(u32::MAX)));
            self.by_subject.push(node);
        }
        for start in positions.clone().step_by(AT_ONCE) {
            self.count(log, start..positions.end.min(start + AT_ONCE));
        }
    }

    fn count(&mut self, log: &EventLog, positions: Range<usize>) {
        // In a large tree most events look up a node that is not in the cache. Those of many events come side by side
        // while nothing else is done.
        let rows = || log.rows_at(positions.clone()).filter(|row| !row.is_broken());
        let nodes: Vec<NodeId> = rows().map(|row| self.by_subject[row.subject as usize]).collect();
        let parents: Vec<NodeId> = nodes.iter().map(|node| self.nodes[*node as usize].parent).collect();
        let mut above = Above { node: Self::ROOT, count: 0, last: Row::NO_TIME };
        for ((row, node), parent) in rows().zip(&nodes).zip(parents) {
            self.nodes[*node as usize].count(1, row.time);
            self.nodes[*node as usize].own += 1;
            if *node == Self::ROOT {
                continue;
            }
            if above.node != parent {
                let before = std::mem::replace(&mut above, Above { node: parent, count: 0, last: Row::NO_TIME });
                self.count_from(before);
            }
            above.count += 1;
            above.last = above.last.max(row.time);
        }
        self.count_from(above);
    }

    /// Count events at a node and at those above it.
    fn count_from(&mut self, above: Above) {
        let Above { node: mut at, count, last } = above;
        loop {
            let here = &mut self.nodes[at as usize];
            here.count(count, last);
            if at == Self::ROOT {
                return;
            }
            at = here.parent;
        }
    }

    /// The node of a subject, made with the path to it when it is new.
    pub fn insert(&mut self, subject: &str) -> NodeId {
        let mut at = Self::ROOT;
        for segment in segments(subject) {
            let hash = Hash::of(segment);
            at = match self.child(at, segment, hash) {
                Some(child) => child,
                None => self.push(at, segment, hash),
            };
        }
        at
    }

    fn push(&mut self, parent: NodeId, name: &str, hash: Hash) -> NodeId {
        let node = self.names.push_hashed(hash, name);
        self.nodes.push(Node::new(parent));
        self.children.entry(parent).or_default().push(node);
        let Self { nodes, names, by_path, .. } = self;
        by_path.insert_unique(hash.with(parent), node, |node| {
            let parent = nodes.get(*node as usize).map_or(Self::ROOT, |node| node.parent);
            names.hash(*node).with(parent)
        });
        node
    }

    fn child(&self, parent: NodeId, name: &str, hash: Hash) -> Option<NodeId> {
        let is = |node: &NodeId| self.parent(*node) == parent && self.name(*node) == name;
        self.by_path.find(hash.with(parent), is).copied()
    }

    /// The node of a subject, if it or something below it is known.
    pub fn find(&self, subject: &str) -> Option<NodeId> {
        segments(subject).try_fold(Self::ROOT, |at, segment| self.child(at, segment, Hash::of(segment)))
    }

    /// The subject of a node: `/customer/42`, `/` for the root.
    pub fn subject(&self, node: NodeId) -> String {
        let mut path: Vec<&str> = self.path(node).map(|at| self.name(at)).collect();
        path.reverse();
        format!("/{}", path.join("/"))
    }

    /// The nodes from `node` up to the top level, without the root.
    pub fn path(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(node), |at| self.nodes.get(*at as usize).map(|n| n.parent))
            .take_while(|at| *at != Self::ROOT && (*at as usize) < self.nodes.len())
    }

    /// The last segment of a node's subject.
    pub fn name(&self, node: NodeId) -> &str {
        self.names.text(node)
    }

    /// The node one level up; the root's is the root.
    pub fn parent(&self, node: NodeId) -> NodeId {
        self.nodes.get(node as usize).map_or(Self::ROOT, |n| n.parent)
    }

    /// The nodes one level down, in order of appearance.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        self.children.get(&node).map_or(&[], Vec::as_slice)
    }

    /// How many events the subject itself has, as far as is known.
    pub fn own(&self, node: NodeId) -> u64 {
        self.nodes.get(node as usize).map_or(0, |n| n.own).max(self.known.of(node).own)
    }

    /// How many events the subject and everything below it have, as far as is known.
    pub fn total(&self, node: NodeId) -> u64 {
        self.loaded(node).max(self.known.of(node).total)
    }

    /// The newest time at or below a node, in nanoseconds since 1970; [`Row::NO_TIME`] without one.
    pub fn last(&self, node: NodeId) -> i64 {
        self.nodes.get(node as usize).map_or(Row::NO_TIME, |n| n.last).max(self.known.of(node).last)
    }

    /// How many nodes there are, the root included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the root.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// How many subjects have events of their own, as far as is known.
    pub fn subjects(&self) -> usize {
        self.by_subject.len().max(self.known.subjects())
    }

    /// For each number of a subject in the log: whether it stands at or below `node`.
    pub fn under(&self, node: NodeId) -> Vec<bool> {
        // A parent is always made before its children, so one pass from the front knows every parent's answer.
        let mut inside = vec![false; self.nodes.len()];
        for at in 0..self.nodes.len() {
            inside[at] = at == node as usize || (at != 0 && inside[self.nodes[at].parent as usize]);
        }
        self.by_subject.iter().map(|at| inside[*at as usize]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::Decoded;
    use super::super::subject::is_under;
    use super::*;
    use proptest::prelude::*;

    fn fill(subjects: &[String]) -> (EventLog, SubjectTree) {
        let (mut log, mut tree) = (EventLog::default(), SubjectTree::default());
        for (i, part) in subjects.chunks(7).enumerate() {
            let lines: Vec<String> = part
                .iter()
                .map(|s| {
                    format!(r#"{{"source":"s","subject":"{s}","type":"t","id":"x","time":"2025-01-01T00:00:{i:02}Z"}}"#)
                })
                .collect();
            let range = log.append(Decoded::from_lines(lines.iter().map(|l| l.as_bytes())));
            tree.add(&log, range);
        }
        (log, tree)
    }

    proptest! {
        #[test]
        fn counts_as_a_list_would(subjects in prop::collection::vec("(/[abc]){1,4}", 0..60)) {
            let (log, tree) = fill(&subjects);
            prop_assert_eq!(tree.total(SubjectTree::ROOT), subjects.len() as u64);
            for subject in &subjects {
                let node = tree.find(subject).unwrap();
                prop_assert_eq!(&tree.subject(node), subject);
                prop_assert_eq!(tree.own(node), subjects.iter().filter(|s| *s == subject).count() as u64);
                prop_assert_eq!(tree.total(node), subjects.iter().filter(|s| is_under(s, subject)).count() as u64);
                let under = tree.under(node);
                for row in log.rows() {
                    prop_assert_eq!(under[row.subject as usize], is_under(log.subjects().text(row.subject), subject));
                }
            }
            let children: u64 = tree.children(SubjectTree::ROOT).iter().map(|c| tree.total(*c)).sum();
            prop_assert_eq!(children, subjects.len() as u64);
        }
    }

    #[test]
    fn knows_the_newest_time_and_what_is_not_there() {
        let (_, tree) = fill(&["/a/b".into(), "/c".into()]);
        assert_eq!(tree.last(SubjectTree::ROOT), 1_735_689_600_000_000_000);
        assert_eq!(tree.find("/a/x"), None);
        assert_eq!(tree.find("/"), Some(SubjectTree::ROOT));
        assert_eq!(tree.subject(SubjectTree::ROOT), "/");
        assert_eq!(tree.own(tree.find("/a").unwrap()), 0);
        assert_eq!(tree.under(99).iter().filter(|x| **x).count(), 0);
    }
}
