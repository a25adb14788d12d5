//! Counts of subjects that do not come from the events in the log: the server's count of the whole store, or that of a
//! part that was loaded by itself.
//!
//! Counts are collected apart, in [`Tallies`], and taken over at once: half a census would be no count of anything.

use super::{NodeId, SubjectTree};
use crate::model::log::Row;

/// The events of exactly one subject, as somebody counted them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The subject.
    pub subject: Box<str>,
    /// How many events it has, without what is below it.
    pub events: u64,
    /// When the newest of them was stored, in nanoseconds since 1970; [`Row::NO_TIME`] when that is not known.
    pub last: i64,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    pub own: u64,
    pub total: u64,
    pub last: i64,
    /// Whether all of its events are counted.
    exact: bool,
}

impl Tally {
    pub const NOTHING: Self = Self { own: 0, total: 0, last: Row::NO_TIME, exact: false };
}

/// Counts that are being collected.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    nodes: Vec<Tally>,
    subjects: usize,
}

impl Tallies {
    /// Add the events of one subject, which becomes part of the tree if it is not yet.
    pub fn add(&mut self, counted: &Counted, tree: &mut SubjectTree) {
        let node = tree.insert(&counted.subject);
        if self.nodes.len() < tree.len() {
            self.nodes.resize(tree.len(), Tally::NOTHING);
        }
        let mut count = |at: NodeId, is_own: bool| {
            if let Some(tally) = self.nodes.get_mut(at as usize) {
                tally.own += if is_own { counted.events } else { 0 };
                tally.total += counted.events;
                tally.last = tally.last.max(counted.last);
            }
        };
        count(node, true);
        let mut at = node;
        while at != SubjectTree::ROOT {
            at = tree.parent(at);
            count(at, false);
        }
        self.subjects += 1;
    }
}

/// What is known of a tree's counts besides the events in the log.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    nodes: Vec<Tally>,
    subjects: usize,
    whole: bool,
}

impl Known {
    pub fn of(&self, node: NodeId) -> Tally {
        self.nodes.get(node as usize).copied().unwrap_or(Tally::NOTHING)
    }

    pub fn subjects(&self) -> usize {
        self.subjects
    }
}

impl SubjectTree {
    /// Take over counts of the whole store. A subject that has more events in the log is newer than the counts.
    pub fn take_census(&mut self, mut tallies: Tallies) {
        // What the census does not name had no events, as far as it goes.
        tallies.nodes.resize(self.len(), Tally::NOTHING);
        tallies.nodes.iter_mut().for_each(|tally| tally.exact = true);
        self.known = Known { nodes: tallies.nodes, subjects: tallies.subjects, whole: true };
    }

    /// Take over counts of everything at and below a node, all of whose events were counted.
    pub fn take_part(&mut self, root: NodeId, tallies: &Tallies) {
        if self.known.nodes.len() < self.len() {
            self.known.nodes.resize(self.len(), Tally::NOTHING);
        }
        // A parent is always made before its children.
        let mut inside = vec![false; self.len()];
        for at in root as usize..self.len() {
            inside[at] =
                at == root as usize || (at != 0 && self.nodes.get(at).is_some_and(|node| inside[node.parent as usize]));
            if inside[at]
                && let Some(known) = self.known.nodes.get_mut(at)
            {
                let tally = tallies.nodes.get(at).copied().unwrap_or(Tally::NOTHING);
                *known = Tally { exact: true, ..tally };
            }
        }
    }

    /// All events are in the log: nothing else needs to be known.
    pub fn forget_census(&mut self) {
        self.known = Known::default();
    }

    /// Whether the counts are of the whole store.
    pub fn is_census(&self) -> bool {
        self.known.whole
    }

    /// Whether all events at and below a node are counted, as far as the counting went.
    pub fn is_exact(&self, node: NodeId) -> bool {
        self.known.of(node).exact
    }

    /// How many events at and below a node are in the log.
    pub fn loaded(&self, node: NodeId) -> u64 {
        self.nodes.get(node as usize).map_or(0, |node| node.total)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::log::{Decoded, EventLog};
    use super::super::super::subject::is_under;
    use super::*;
    use proptest::prelude::*;

    fn counted(subject: &str, events: u64, last: i64) -> Counted {
        Counted { subject: subject.into(), events, last }
    }

    fn fill(tree: &mut SubjectTree, subjects: &[&str]) -> EventLog {
        let mut log = EventLog::default();
        let line = |subject: &&str| format!(r#"{{"source":"s","subject":"{subject}","type":"t","id":"x"}}"#);
        let lines: Vec<String> = subjects.iter().map(line).collect();
        let range = log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
        tree.add(&log, range);
        log
    }

    #[test]
    fn a_census_counts_what_is_not_in_the_log_and_the_log_what_is_newer() {
        let mut tree = SubjectTree::default();
        fill(&mut tree, &["/a/b", "/new"]);
        let mut tallies = Tallies::default();
        for row in [counted("/a/b", 5, 7), counted("/a", 1, 9), counted("/c", 2, 3)] {
            tallies.add(&row, &mut tree);
        }
        let node = |tree: &SubjectTree, subject: &str| tree.find(subject).unwrap();
        let a = node(&tree, "/a");
        assert_eq!((tree.total(a), tree.is_exact(a), tree.is_census()), (1, false, false), "half a census is none");
        tree.take_census(tallies);
        assert_eq!((tree.own(a), tree.total(a), tree.last(a), tree.loaded(a)), (1, 6, 9, 1));
        assert_eq!((tree.total(SubjectTree::ROOT), tree.subjects()), (8, 3));
        assert_eq!((tree.total(node(&tree, "/new")), tree.is_exact(a), tree.is_census()), (1, true, true));
        tree.forget_census();
        assert_eq!((tree.total(a), tree.is_exact(a)), (1, false));
    }

    #[test]
    fn a_part_that_was_counted_says_nothing_of_the_rest() {
        let mut tree = SubjectTree::default();
        fill(&mut tree, &["/a/b", "/c"]);
        let mut tallies = Tallies::default();
        tallies.add(&counted("/a/b", 3, 1), &mut tree);
        tallies.add(&counted("/a/d", 4, 2), &mut tree);
        let a = tree.find("/a").unwrap();
        tree.take_part(a, &tallies);
        let of = |subject: &str| tree.find(subject).map(|node| (tree.total(node), tree.is_exact(node)));
        assert_eq!(
            (of("/a"), of("/a/d"), of("/c"), of("/")),
            (Some((7, true)), Some((4, true)), Some((1, false)), Some((2, false)))
        );
    }

    proptest! {
        #[test]
        fn adds_up_as_a_list_would(rows in prop::collection::vec(("(/[abc]){1,4}", 1u64..9), 0..40)) {
            let (mut tree, mut tallies) = (SubjectTree::default(), Tallies::default());
            for (subject, events) in &rows {
                tallies.add(&counted(subject, *events, 0), &mut tree);
            }
            tree.take_census(tallies);
            for (subject, _) in &rows {
                let expected: u64 = rows.iter().filter(|(other, _)| is_under(other, subject)).map(|(_, n)| n).sum();
                prop_assert_eq!(tree.total(tree.find(subject).unwrap()), expected);
            }
        }
    }
}
