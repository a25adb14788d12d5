//! The subject tree as rows: what is unfolded, in which order, and what a search found.

use crate::app::editor::Editor;
use crate::app::list::{ListState, Step};
use crate::model::tree::{NodeId, SubjectTree};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use rustc_hash::{FxHashMap, FxHashSet};

/// How many subjects a search shows.
const FOUND: usize = 1000;

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
    pub search: Option<Editor>,
    /// Whether the search is being typed.
    pub searching: bool,
    /// The order.
    pub sort: TreeSort,
    unfolded: FxHashSet<NodeId>,
    rows: Vec<TreeRow>,
    by_name: FxHashMap<NodeId, Vec<NodeId>>,
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

    /// The tree has changed: make the rows again, the cursor on the node where it was.
    pub fn refresh(&mut self, tree: &SubjectTree) {
        let selected = self.selected();
        match self.search.as_ref().map(Editor::text).filter(|text| !text.is_empty()) {
            Some(text) => self.find(tree, &text),
            None => self.flatten(tree),
        }
        let len = self.rows.len();
        match selected.and_then(|node| self.rows.iter().position(|row| row.node == node)) {
            Some(row) => self.list.follow(row, len),
            None => self.list.select(self.list.selected(), len),
        }
    }

    fn flatten(&mut self, tree: &SubjectTree) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        let mut open = vec![(SubjectTree::ROOT, 0)];
        while let Some((node, depth)) = open.pop() {
            rows.push(TreeRow { node, depth, matched: Vec::new() });
            if self.is_unfolded(node) {
                open.extend(self.sorted(tree, node).into_iter().rev().map(|child| (child, depth + 1)));
            }
        }
        self.rows = rows;
    }

    fn sorted(&mut self, tree: &SubjectTree, node: NodeId) -> Vec<NodeId> {
        let children = tree.children(node);
        match self.sort {
            TreeSort::Name => {
                // Names never change, so the order by name is made again only when there are more of them.
                let known = self.by_name.entry(node).or_default();
                if known.len() != children.len() {
                    *known = children.to_vec();
                    known.sort_by(|a, b| tree.name(*a).cmp(tree.name(*b)));
                }
                known.clone()
            }
            TreeSort::Count => by_key(children, |node| std::cmp::Reverse(tree.total(node))),
            TreeSort::Recent => by_key(children, |node| std::cmp::Reverse(tree.last(node))),
        }
    }

    fn find(&mut self, tree: &SubjectTree, text: &str) {
        let pattern = Pattern::parse(text, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
        let mut buffer = Vec::new();
        let mut found: Vec<(u32, NodeId)> = (1..u32::try_from(tree.len()).unwrap_or(u32::MAX))
            .filter_map(|node| {
                let subject = tree.subject(node);
                Some((pattern.score(Utf32Str::new(&subject, &mut buffer), &mut matcher)?, node))
            })
            .collect();
        found.sort_by_key(|(score, node)| (std::cmp::Reverse(*score), *node));
        found.truncate(FOUND);
        self.rows = found
            .into_iter()
            .map(|(_, node)| {
                let mut matched = Vec::new();
                pattern.indices(Utf32Str::new(&tree.subject(node), &mut buffer), &mut matcher, &mut matched);
                matched.sort_unstable();
                matched.dedup();
                TreeRow { node, depth: 0, matched }
            })
            .collect();
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

fn by_key<K: Ord>(children: &[NodeId], key: impl Fn(NodeId) -> K) -> Vec<NodeId> {
    let mut sorted = children.to_vec();
    sorted.sort_by_key(|node| key(*node));
    sorted
}
