//! The subject tree as rows: what is unfolded, in which order, and what a search found.

mod order;
mod search;

pub use order::TreeSort;

use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::model::tree::{NodeId, SubjectTree};
use order::Levels;
use rustc_hash::FxHashSet;
use search::Search;
use std::time::Duration;

/// So many rows are made anew with every batch of events. More than that take so long that they are made now and then.
const QUICK: usize = 1000;
/// How long a large tree is shown as it is, for each of its rows: making them is to take no more than a small part of
/// the time.
const STAYS: Duration = Duration::from_micros(4);

/// A row of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// The node.
    pub node: NodeId,
    /// How deep it stands; the root is 0.
    pub depth: usize,
    /// In a search: the characters of the subject that matched.
    pub matched: Vec<u32>,
}

/// The subject tree as rows, with a cursor.
#[derive(Debug, Default)]
pub struct Subjects {
    /// The cursor.
    pub list: ListState,
    /// The search, while there is one.
    pub search: Option<TypedLine>,
    /// Whether the search is being typed.
    pub searching: bool,
    /// The order.
    pub sort: TreeSort,
    unfolded: FxHashSet<NodeId>,
    rows: Vec<TreeRow>,
    levels: Levels,
    /// What the rows were found by, while there is a search.
    found: Option<Search>,
    /// When the rows of a tree that grows were made.
    made: Duration,
}

impl Subjects {
    /// The rows.
    pub fn rows(&self) -> &[TreeRow] {
        &self.rows
    }

    /// The node under the cursor.
    pub fn selected(&self) -> Option<NodeId> {
        self.rows.get(self.list.selected()).map(|row| row.node)
    }

    /// Whether what is below a node is shown.
    pub fn is_unfolded(&self, node: NodeId) -> bool {
        node == SubjectTree::ROOT || self.unfolded.contains(&node)
    }

    /// The tree has grown: make the rows again, or tell in how long it is time to.
    ///
    /// Rows that are a moment old are still right: nodes never go. They lack those that are new, and their counts and
    /// times are read when they are drawn.
    pub fn grew(&mut self, tree: &SubjectTree, now: Duration) -> Option<Duration> {
        let stays = u32::try_from(self.rows.len()).map_or(Duration::MAX, |rows| STAYS.saturating_mul(rows));
        let wait = self.made.saturating_add(stays).saturating_sub(now);
        if self.rows.len() > QUICK && !wait.is_zero() {
            return Some(wait);
        }
        self.made = now;
        self.refresh(tree);
        None
    }

    /// Go on with a search that is not done. Gives whether there was one.
    pub fn go_on(&mut self, tree: &SubjectTree) -> bool {
        let goes_on = self.is_searching(tree);
        if goes_on {
            let on_best = self.list.selected() == 0;
            self.refresh(tree);
            if on_best {
                self.step(Step::First);
            }
        }
        goes_on
    }

    /// Whether a search has not looked at the whole tree yet.
    pub fn is_searching(&self, tree: &SubjectTree) -> bool {
        self.found.as_ref().is_some_and(|search| !search.is_done(tree))
    }

    /// Make the rows again, the cursor on the node where it was.
    pub fn refresh(&mut self, tree: &SubjectTree) {
        let selected = self.selected();
        match self.search.as_ref().map(TypedLine::text).filter(|text| !text.is_empty()) {
            Some(text) => {
                let known = self.found.take().filter(|search| search.text() == text);
                if known.is_none() {
                    self.rows.clear();
                }
                let search = self.found.insert(known.unwrap_or_else(|| Search::new(text)));
                self.rows = search.advance(tree).unwrap_or_else(|| std::mem::take(&mut self.rows));
            }
            None => self.flatten(tree),
        }
        let len = self.rows.len();
        match selected.and_then(|node| self.rows.iter().position(|row| row.node == node)) {
            Some(row) => self.list.follow(row, len),
            None => self.list.select(self.list.selected(), len),
        }
    }

    fn flatten(&mut self, tree: &SubjectTree) {
        self.found = None;
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        let mut open = vec![(SubjectTree::ROOT, 0)];
        while let Some((node, depth)) = open.pop() {
            rows.push(TreeRow { node, depth, matched: Vec::new() });
            if self.is_unfolded(node) {
                let level = self.levels.sorted(tree, node, self.sort);
                open.extend(level.into_iter().rev().map(|child| (child, depth + 1)));
            }
        }
        self.rows = rows;
    }

    /// Move the cursor. Tells whether it moved.
    pub fn step(&mut self, step: Step) -> bool {
        self.list.step(step, self.rows.len())
    }

    /// Show or hide what is below a node.
    pub fn set_unfolded(&mut self, node: NodeId, unfolded: bool, tree: &SubjectTree) {
        if unfolded && !tree.children(node).is_empty() {
            self.unfolded.insert(node);
        } else {
            self.unfolded.remove(&node);
        }
        self.refresh(tree);
    }

    /// Show everything below a node.
    pub fn unfold_all(&mut self, node: NodeId, tree: &SubjectTree) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !tree.children(node).is_empty() {
                self.unfolded.insert(node);
                open.extend_from_slice(tree.children(node));
            }
        }
        self.refresh(tree);
    }

    /// Hide everything below the top level.
    pub fn fold_all(&mut self, tree: &SubjectTree) {
        let top = self.selected().and_then(|node| tree.path(node).last());
        self.unfolded.clear();
        self.refresh(tree);
        if let Some(node) = top {
            self.reveal(node, tree);
        }
    }

    /// Put the cursor on a node, unfolding what hides it.
    pub fn reveal(&mut self, node: NodeId, tree: &SubjectTree) {
        self.search = None;
        self.searching = false;
        self.unfolded.extend(tree.path(tree.parent(node)));
        self.refresh(tree);
        if let Some(row) = self.rows.iter().position(|row| row.node == node) {
            self.list.select(row, self.rows.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grow(tree: &mut SubjectTree, to: usize) {
        for n in tree.len()..=to {
            tree.insert(&format!("/{n}"));
        }
    }

    #[test]
    fn a_large_tree_that_grows_is_made_anew_now_and_then() {
        let (mut tree, mut subjects) = (SubjectTree::default(), Subjects::default());
        let at = Duration::from_millis;
        grow(&mut tree, QUICK - 1);
        assert_eq!(subjects.grew(&tree, at(0)), None);
        grow(&mut tree, 10_000);
        assert_eq!(subjects.grew(&tree, at(0)), None, "a small one at once");
        grow(&mut tree, 10_001);
        let wait = subjects.grew(&tree, at(1)).unwrap();
        assert_eq!((wait, subjects.rows().len()), (STAYS * 10_001 - at(1), 10_001));
        assert_eq!(subjects.grew(&tree, at(1) + wait), None);
        assert_eq!(subjects.rows().len(), 10_002);
    }

    #[test]
    fn a_search_in_a_large_tree_comes_to_its_best_in_steps() {
        let (mut tree, mut subjects) = (SubjectTree::default(), Subjects::default());
        grow(&mut tree, 40_000);
        let best = tree.insert("/needle");
        subjects.search = Some(TypedLine::new("needle"));
        subjects.refresh(&tree);
        assert!(subjects.is_searching(&tree) && subjects.selected().is_none());
        while subjects.go_on(&tree) {}
        assert_eq!(subjects.selected(), Some(best));
    }
}
