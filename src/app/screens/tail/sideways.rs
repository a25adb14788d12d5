//! How far the payloads in the list are scrolled to the left. It stays whatever comes.

use std::cell::Cell;

/// The columns of a step.
const STEP: usize = 16;

/// How far the payloads are scrolled. Whether there is more at the right is known only when they are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sideways {
    columns: usize,
    more: Cell<bool>,
}

impl Sideways {
    /// So many columns are out of sight at the left.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Drawing tells whether some payload goes on at the right.
    pub fn show(&self, more: bool) {
        self.more.set(more);
    }

    /// Scroll a step to the right, as long as there is something, or back.
    pub fn step(&mut self, right: bool) {
        self.columns = match right {
            true if self.more.get() => self.columns + STEP,
            true => self.columns,
            false => self.columns.saturating_sub(STEP),
        };
    }
}
