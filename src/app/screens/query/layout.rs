//! Which columns are shown, in which order and how wide.
//!
//! What the user has changed is kept by the way to a column's cells, not by its number: it holds for the next run of the
//! same query, in which columns may come in another order. Knows nothing of cells and of the screen's width.

use super::columns::Columns;
use crate::model::path::Path;

/// No column is made narrower than this.
const LEAST: usize = 2;
/// No column is made wider than this.
const MOST: usize = 400;

/// What is wanted of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    path: Option<Path>,
    hidden: bool,
    width: Option<usize>,
}

/// A column in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The column's number.
    pub number: usize,
    /// Whether it is not shown.
    pub hidden: bool,
    /// Its width, when that was chosen.
    pub width: Option<usize>,
}

/// The columns as they are shown.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    items: Vec<Item>,
    /// The numbers of those that are shown.
    shown: Vec<usize>,
    /// What was changed by hand, for every column that was there then, in their order; empty before.
    wishes: Vec<Wish>,
    frozen: usize,
}

impl Layout {
    /// The same for another run of the query, whose columns are not known yet.
    pub fn again(&self) -> Self {
        Self { wishes: self.wishes.clone(), frozen: self.frozen, ..Self::default() }
    }

    /// Take in that there may be more columns than before.
    pub fn take_in(&mut self, columns: &Columns) {
        if self.items.len() == columns.len() {
            return;
        }
        let usual = columns.usual_order().into_iter().map(|number| Item { number, hidden: false, width: None });
        let mut items: Vec<Item> = Vec::with_capacity(columns.len());
        for wish in &self.wishes {
            if let Some(number) = columns.number(wish.path.as_ref()) {
                items.push(Item { number, hidden: wish.hidden, width: wish.width });
            }
        }
        let others: Vec<Item> = usual.filter(|item| items.iter().all(|known| known.number != item.number)).collect();
        items.extend(others);
        self.items = items;
        self.settle();
    }

    fn settle(&mut self) {
        self.shown = self.items.iter().filter(|item| !item.hidden).map(|item| item.number).collect();
        // Something must be there to be looked at.
        if let (true, Some(first)) = (self.shown.is_empty(), self.items.first_mut()) {
            first.hidden = false;
            self.shown.push(first.number);
        }
    }

    /// Keep what was changed by hand, and what is wanted of columns that have not come yet.
    fn keep(&mut self, columns: &Columns) {
        self.settle();
        let path = |item: &Item| columns.get(item.number).and_then(|column| column.path().cloned());
        let wish = |item: &Item| Wish { path: path(item), hidden: item.hidden, width: item.width };
        let waiting = self.wishes.drain(..).filter(|wish| columns.number(wish.path.as_ref()).is_none());
        self.wishes = self.items.iter().map(wish).chain(waiting).collect();
    }

    /// All columns, those that are hidden too, in their order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The numbers of the columns that are shown, in their order.
    pub fn shown(&self) -> &[usize] {
        &self.shown
    }

    /// How many columns are hidden.
    pub fn hidden(&self) -> usize {
        self.items.len() - self.shown.len()
    }

    /// How many of the columns that are shown stay at the left.
    pub fn frozen(&self) -> usize {
        self.frozen.min(self.shown.len())
    }

    /// The width that was chosen for a column.
    pub fn width(&self, number: usize) -> Option<usize> {
        self.items.iter().find(|item| item.number == number)?.width
    }

    /// Whether a column is shown.
    pub fn is_shown(&self, number: usize) -> bool {
        self.shown.contains(&number)
    }

    /// Keep the columns up to a position at the left, or none when it is these already.
    pub fn freeze(&mut self, position: usize) {
        self.frozen = if self.frozen() == position + 1 { 0 } else { position + 1 };
    }

    /// Show a column or hide it. Gives `false` when it is the only one.
    pub fn turn(&mut self, number: usize, columns: &Columns) -> bool {
        let position = self.shown.iter().position(|shown| *shown == number);
        if position.is_some() && self.shown.len() == 1 {
            return false;
        }
        let Some(item) = self.items.iter_mut().find(|item| item.number == number) else { return false };
        item.hidden = !item.hidden;
        // What is frozen stays so: a column less at the left is one less of them.
        if position.is_some_and(|position| position < self.frozen) {
            self.frozen -= 1;
        }
        self.keep(columns);
        true
    }

    /// Show all columns.
    pub fn show_all(&mut self, columns: &Columns) {
        self.items.iter_mut().for_each(|item| item.hidden = false);
        self.keep(columns);
    }

    /// Give a column another width, or with `None` the one that it wants.
    pub fn resize(&mut self, number: usize, width: Option<usize>, columns: &Columns) {
        if let Some(item) = self.items.iter_mut().find(|item| item.number == number) {
            item.width = width.map(|width| width.clamp(LEAST, MOST));
            self.keep(columns);
        }
    }

    /// Let a column change places with its neighbour among all columns. Nothing happens at the edge.
    pub fn shift(&mut self, number: usize, right: bool, columns: &Columns) {
        let Some(from) = self.items.iter().position(|item| item.number == number) else { return };
        let to = if right { Some(from + 1).filter(|to| *to < self.items.len()) } else { from.checked_sub(1) };
        if let Some(to) = to {
            self.items.swap(from, to);
            self.keep(columns);
        }
    }

    /// Let a column change places with its neighbour that is shown. Gives `false` at the edge.
    pub fn move_by(&mut self, number: usize, right: bool, columns: &Columns) -> bool {
        let Some(position) = self.shown.iter().position(|shown| *shown == number) else { return false };
        let other = if right { Some(position + 1) } else { position.checked_sub(1) };
        let Some(other) = other.and_then(|other| self.shown.get(other)).copied() else { return false };
        let place = |number: usize| self.items.iter().position(|item| item.number == number);
        let (Some(from), Some(to)) = (place(number), place(other)) else { return false };
        // Hidden columns between the two stay between others.
        let item = self.items.remove(from);
        self.items.insert(to, item);
        self.keep(columns);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::json::Json;
    use proptest::prelude::*;

    fn columns(keys: &str) -> Columns {
        let mut columns = Columns::default();
        keys.chars().for_each(|key| columns.look_at(Json::trusted(&format!("{{\"{key}\":1}}"))));
        columns
    }

    fn names(layout: &Layout, columns: &Columns) -> String {
        layout.shown().iter().map(|number| columns.get(*number).unwrap().name()).collect()
    }

    #[test]
    fn what_was_changed_holds_for_the_next_run_whatever_the_order_of_its_columns() {
        let first = columns("abcd");
        let mut layout = Layout::default();
        layout.take_in(&first);
        assert!(layout.move_by(0, true, &first) && layout.turn(2, &first));
        layout.resize(3, Some(7), &first);
        layout.freeze(0);
        assert_eq!(names(&layout, &first), "bad");
        let mut again = layout.again();
        let mut later = columns("dx");
        again.take_in(&later);
        assert_eq!((names(&again, &later).as_str(), again.width(0), again.frozen()), ("dx", Some(7), 1));
        // What is changed now is kept, and so is what is wanted of columns that come later.
        again.resize(1, Some(3), &later);
        "cab".chars().for_each(|key| later.look_at(Json::trusted(&format!("{{\"{key}\":1}}"))));
        again.take_in(&later);
        assert_eq!((names(&again, &later).as_str(), again.width(1), again.hidden()), ("dxba", Some(3), 1));
    }

    #[test]
    fn one_column_is_always_shown() {
        let columns = columns("ab");
        let mut layout = Layout::default();
        layout.take_in(&columns);
        assert!(layout.turn(0, &columns) && !layout.turn(1, &columns));
        assert_eq!((names(&layout, &columns).as_str(), layout.hidden()), ("b", 1));
        assert!(!layout.move_by(1, true, &columns) && !layout.move_by(1, false, &columns));
        layout.show_all(&columns);
        assert_eq!(names(&layout, &columns), "ab");
        // A run in which only hidden columns come.
        layout.turn(1, &columns);
        let mut again = layout.again();
        let other = super::tests::columns("b");
        again.take_in(&other);
        assert_eq!(names(&again, &other), "b");
    }

    proptest! {
        /// Against a list of letters, of which the capitals are hidden.
        #[test]
        fn agrees_with_a_list(acts in prop::collection::vec((0usize..6, 0u8..4), 0..30)) {
            let columns = columns("abcdef");
            let mut layout = Layout::default();
            layout.take_in(&columns);
            let mut list: Vec<char> = "abcdef".chars().collect();
            for (number, act) in acts {
                let letter = char::from(b'a' + number as u8);
                let at = list.iter().position(|c| c.eq_ignore_ascii_case(&letter)).unwrap();
                let shown = |list: &[char]| list.iter().filter(|c| c.is_lowercase()).count();
                match act {
                    0 => {
                        layout.turn(number, &columns);
                        if list[at].is_uppercase() || shown(&list) > 1 {
                            list[at] = if list[at].is_lowercase() { letter.to_ascii_uppercase() } else { letter };
                        }
                    }
                    1 | 2 => {
                        let right = act == 1;
                        layout.move_by(number, right, &columns);
                        let next = if right {
                            (at + 1..list.len()).find(|other| list[*other].is_lowercase())
                        } else {
                            (0..at).rev().find(|other| list[*other].is_lowercase())
                        };
                        if let (true, Some(next)) = (list[at].is_lowercase(), next) {
                            let moved = list.remove(at);
                            list.insert(next, moved);
                        }
                    }
                    _ => {
                        layout.show_all(&columns);
                        list.iter_mut().for_each(|c| c.make_ascii_lowercase());
                    }
                }
                let expected: String = list.iter().filter(|c| c.is_lowercase()).collect();
                prop_assert_eq!(names(&layout, &columns), expected);
                let mut again = layout.again();
                again.take_in(&columns);
                prop_assert_eq!(again.shown(), layout.shown());
            }
        }
    }
}
