//! The tabs of the Query screen in their order. There is always one that is looked at.

use super::tab::Tab;

/// No more tabs than this are open at once.
pub const MOST: usize = 30;

/// The tabs, in three parts so that there is always a current one.
#[derive(Debug, Default)]
pub struct Tabs {
    before: Vec<Tab>,
    current: Tab,
    after: Vec<Tab>,
}

impl Tabs {
    /// One tab.
    pub fn of(tab: Tab) -> Self {
        Self { current: tab, ..Self::default() }
    }

    /// The one that is looked at.
    pub fn current(&self) -> &Tab {
        &self.current
    }

    /// The one that is looked at.
    pub fn current_mut(&mut self) -> &mut Tab {
        &mut self.current
    }

    /// Its position.
    pub fn at(&self) -> usize {
        self.before.len()
    }

    /// How many there are: at least one.
    pub fn count(&self) -> usize {
        self.before.len() + 1 + self.after.len()
    }

    /// All of them, from left to right.
    pub fn iter(&self) -> impl Iterator<Item = &Tab> {
        self.before.iter().chain(std::iter::once(&self.current)).chain(&self.after)
    }

    /// All of them, from left to right.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Tab> {
        self.before.iter_mut().chain(std::iter::once(&mut self.current)).chain(&mut self.after)
    }

    /// The tab with a number, and whether it is the one that is looked at.
    pub fn find_mut(&mut self, number: u8) -> Option<(&mut Tab, bool)> {
        let current = self.current.number;
        let tab = self.iter_mut().find(|tab| tab.number == number)?;
        Some((tab, number == current))
    }

    /// Look at the tab at a position, or at the last one.
    pub fn go_to(&mut self, at: usize) {
        while self.before.len() > at
            && let Some(tab) = self.before.pop()
        {
            self.after.insert(0, std::mem::replace(&mut self.current, tab));
        }
        while self.before.len() < at && !self.after.is_empty() {
            let next = self.after.remove(0);
            self.before.push(std::mem::replace(&mut self.current, next));
        }
    }

    /// Look at the tab so many to the right, negative to the left; behind the last one comes the first.
    pub fn turn(&mut self, by: isize) {
        let count = isize::try_from(self.count()).unwrap_or(1);
        let at = isize::try_from(self.at()).unwrap_or(0);
        self.go_to(usize::try_from((at + by).rem_euclid(count)).unwrap_or(0));
    }

    /// Put a tab to the right of the one that is looked at, and look at it.
    pub fn open(&mut self, tab: Tab) {
        self.before.push(std::mem::replace(&mut self.current, tab));
    }

    /// Take the one that is looked at away. Its right neighbour is looked at then, else the left one, else `instead`.
    pub fn close(&mut self, instead: impl FnOnce() -> Tab) -> Tab {
        let next = if self.after.is_empty() { self.before.pop().unwrap_or_else(instead) } else { self.after.remove(0) };
        std::mem::replace(&mut self.current, next)
    }

    /// The smallest number that no tab has.
    pub fn free_number(&self) -> u8 {
        (0..=u8::MAX).find(|number| self.iter().all(|tab| tab.number != *number)).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tabs(count: u8) -> Tabs {
        let mut tabs = Tabs::default();
        (1..count).for_each(|number| tabs.open(Tab { number, ..Tab::default() }));
        tabs
    }

    fn order(tabs: &Tabs) -> (Vec<u8>, u8) {
        (tabs.iter().map(|tab| tab.number).collect(), tabs.current().number)
    }

    #[test]
    fn going_round_keeps_the_order() {
        let mut tabs = tabs(4);
        let seen: Vec<u8> = (0..5)
            .map(|_| {
                tabs.turn(1);
                tabs.current().number
            })
            .collect();
        assert_eq!(seen, [0, 1, 2, 3, 0]);
        tabs.turn(-1);
        assert_eq!(order(&tabs), (vec![0, 1, 2, 3], 3));
        tabs.go_to(1);
        assert_eq!((order(&tabs), tabs.at()), ((vec![0, 1, 2, 3], 1), 1));
        tabs.go_to(99);
        assert_eq!(tabs.at(), 3);
    }

    #[test]
    fn a_new_one_stands_to_the_right_and_a_closed_one_leaves_its_right_neighbour() {
        let mut tabs = tabs(3);
        tabs.go_to(0);
        tabs.open(Tab { number: tabs.free_number(), ..Tab::default() });
        assert_eq!(order(&tabs), (vec![0, 3, 1, 2], 3));
        assert_eq!(tabs.close(Tab::default).number, 3);
        assert_eq!(order(&tabs), (vec![0, 1, 2], 1));
        tabs.turn(1);
        tabs.close(Tab::default);
        assert_eq!(order(&tabs), (vec![0, 1], 1));
        tabs.close(Tab::default);
        tabs.close(|| Tab { number: 9, ..Tab::default() });
        assert_eq!(order(&tabs), (vec![9], 9));
    }
}
