//! Selection and scroll position of anything that is a list of rows.

use super::command::Command;
use std::cell::Cell;
use std::ops::Range;

/// A position in a list, and the part of the list that is on the screen.
///
/// How many rows fit is known only when they are drawn. Drawing says so through [`ListState::show`], which is why the
/// scroll position stands in cells: drawing the same state twice changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListState {
    selected: usize,
    offset: Cell<usize>,
    height: Cell<usize>,
    /// Of a text: how far it can be scrolled.
    bottom: Cell<usize>,
}

/// A step through a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By so many rows, negative is up.
    By(isize),
    /// By a page, negative is up.
    Pages(isize),
    /// By half a page, negative is up.
    HalfPages(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// The step that a command of [`Moves`](super::command::Place::Moves) means, up and down.
pub fn step_of(command: Command) -> Option<Step> {
    Some(match command {
        Command::Up => Step::By(-1),
        Command::Down => Step::By(1),
        Command::PageUp => Step::Pages(-1),
        Command::PageDown => Step::Pages(1),
        Command::HalfPageUp => Step::HalfPages(-1),
        Command::HalfPageDown => Step::HalfPages(1),
        Command::First => Step::First,
        Command::Last => Step::Last,
        _ => return None,
    })
}

impl ListState {
    /// The selected row; meaningless in an empty list.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The first row on the screen, as last drawn.
    pub fn offset(&self) -> usize {
        self.offset.get()
    }

    /// The rows to draw, of `len`, when `height` of them fit.
    pub fn show(&self, height: usize, len: usize) -> Range<usize> {
        self.height.set(height);
        self.settle(len);
        let start = self.offset.get().min(len);
        start..(start + height).min(len)
    }

    /// The lines to draw of a text of `len` lines, which has no cursor: the selection is its first line on the screen.
    pub fn show_text(&self, height: usize, len: usize) -> Range<usize> {
        self.height.set(height);
        self.bottom.set(len.saturating_sub(height));
        let start = self.selected.min(self.bottom.get());
        start..(start + height).min(len)
    }

    /// Scroll a text by a step, no further than to its last line at the lower edge, as last drawn.
    pub fn scroll(&mut self, step: Step) {
        self.selected = self.selected.min(self.bottom.get());
        self.step(step, self.bottom.get() + 1);
    }

    /// Take a step in a list of `len` rows. Tells whether the selection moved.
    pub fn step(&mut self, step: Step, len: usize) -> bool {
        let before = self.selected;
        let page = self.height.get().max(2) as isize - 1;
        let by = match step {
            Step::By(rows) => rows,
            Step::Pages(pages) => pages * page,
            Step::HalfPages(pages) => pages * (page / 2).max(1),
            Step::First => isize::MIN / 2,
            Step::Last => isize::MAX / 2,
        };
        self.select(self.selected.saturating_add_signed(by), len);
        self.selected != before
    }

    /// Select a row.
    pub fn select(&mut self, row: usize, len: usize) {
        self.selected = row.min(len.saturating_sub(1));
        self.settle(len);
    }

    /// The rows have moved and the selected one is now `row`: keep it where it is on the screen.
    pub fn follow(&mut self, row: usize, len: usize) {
        let on_screen = self.selected.saturating_sub(self.offset.get());
        self.offset.set(row.saturating_sub(on_screen));
        self.select(row, len);
    }

    /// Keep the selection on the screen, and no empty room below the last row.
    fn settle(&self, len: usize) {
        let height = self.height.get().max(1);
        let offset = self.offset.get().min(len.saturating_sub(height));
        // A list can have become shorter since the row was selected: text that is wrapped anew, for instance.
        let selected = self.selected.min(len.saturating_sub(1));
        self.offset.set(offset.clamp((selected + 1).saturating_sub(height), selected));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps() -> impl Strategy<Value = Step> {
        prop_oneof![
            (-9isize..9).prop_map(Step::By),
            (-2isize..3).prop_map(Step::Pages),
            (-2isize..3).prop_map(Step::HalfPages),
            Just(Step::First),
            Just(Step::Last)
        ]
    }

    proptest! {
        #[test]
        fn the_selection_is_always_in_the_list_and_on_the_screen(
            moves in prop::collection::vec((steps(), 0usize..12, 0usize..50), 1..40),
        ) {
            let mut list = ListState::default();
            for (step, height, len) in moves {
                list.step(step, len);
                let window = list.show(height, len);
                prop_assert!(list.selected() < len.max(1));
                prop_assert!(height == 0 || len == 0 || window.contains(&list.selected()));
                prop_assert_eq!(window.len(), height.min(len));
                prop_assert_eq!(list.show(height, len), window);
            }
        }
    }

    #[test]
    fn a_text_scrolls_to_its_end_and_at_once_back() {
        let mut text = ListState::default();
        assert_eq!(text.show_text(10, 25), 0..10);
        text.scroll(Step::Last);
        text.scroll(Step::By(1));
        assert_eq!(text.show_text(10, 25), 15..25);
        text.scroll(Step::By(-1));
        assert_eq!(text.show_text(10, 25), 14..24);
        assert_eq!(text.show_text(30, 25), 0..25);
    }

    #[test]
    fn a_row_that_moves_keeps_its_place_on_the_screen() {
        let mut list = ListState::default();
        list.show(10, 100);
        list.select(50, 100);
        list.step(Step::By(-3), 100);
        let place = list.selected() - list.offset();
        list.follow(list.selected() + 20, 120);
        assert_eq!((list.selected(), list.selected() - list.offset()), (67, place));
    }
}
