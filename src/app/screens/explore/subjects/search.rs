//! Finding subjects by some of their letters, in portions: a key is never kept waiting by a large tree.

use super::TreeRow;
use crate::model::tree::{NodeId, SubjectTree};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;

/// How many subjects a search shows.
const FOUND: usize = 1000;
/// How many nodes one step looks at. A key is never kept waiting longer than that takes.
const BUDGET: usize = 1 << 14;

/// A search for subjects, as far as it has come.
#[derive(Debug)]
pub struct Search {
    text: String,
    pattern: Pattern,
    next: usize,
    /// The best ones, the very best first.
    found: Vec<(u32, NodeId)>,
}

impl Search {
    /// Nothing was looked at yet.
    pub fn new(text: &str) -> Self {
        let pattern = Pattern::parse(text, CaseMatching::Smart, Normalization::Smart);
        // The root is what everything stands below: it is not to be found.
        Self { text: text.to_owned(), pattern, next: SubjectTree::ROOT as usize + 1, found: Vec::new() }
    }

    /// What is looked for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether all of the tree was looked at.
    pub fn is_done(&self, tree: &SubjectTree) -> bool {
        self.next >= tree.len()
    }

    /// Look at nodes that were not looked at yet, within a budget. Gives what was found until now as rows, unless that
    /// has not changed.
    pub fn advance(&mut self, tree: &SubjectTree) -> Option<Vec<TreeRow>> {
        let (mut matcher, mut buffer) = (Matcher::new(Config::DEFAULT.match_paths()), Vec::new());
        let known = self.found.len();
        let to = tree.len().min(self.next.saturating_add(BUDGET));
        for node in (self.next..to).filter_map(|node| NodeId::try_from(node).ok()) {
            let subject = tree.subject(node);
            if let Some(score) = self.pattern.score(Utf32Str::new(&subject, &mut buffer), &mut matcher) {
                self.found.push((score, node));
            }
        }
        self.next = self.next.max(to);
        if self.found.len() == known {
            return None;
        }
        self.found.sort_by_key(|(score, node)| (Reverse(*score), *node));
        self.found.truncate(FOUND);
        let row = |(_, node): &(u32, NodeId)| {
            let mut matched = Vec::new();
            self.pattern.indices(Utf32Str::new(&tree.subject(*node), &mut buffer), &mut matcher, &mut matched);
            matched.sort_unstable();
            matched.dedup();
            TreeRow { node: *node, depth: 0, matched }
        };
        Some(self.found.iter().map(row).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_a_large_tree_are_found_in_steps() {
        let mut tree = SubjectTree::default();
        for n in 0..2 * BUDGET {
            tree.insert(&format!("/order/{n}"));
        }
        let last = tree.insert("/order/needle");
        let mut search = Search::new("needle");
        let found = [(); 3].map(|()| search.advance(&tree).map_or(0, |rows| rows.len()));
        assert!(found == [0, 0, 1] && search.is_done(&tree));
        // What is added later is looked at, too.
        let later = tree.insert("/needle");
        assert!(!search.is_done(&tree));
        let rows = search.advance(&tree).unwrap();
        assert_eq!(rows.iter().map(|row| row.node).collect::<Vec<_>>(), [last, later]);
    }
}
