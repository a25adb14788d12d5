//! Where the list's filter matches in an event, for marking these places and for going from one to the next.
//!
//! Places are told in bytes of the event's text; which rows that means is the view's.

use crate::app::probe::Probe;
use std::ops::Range;

/// In longer texts, places are looked for only where the text is drawn.
const LONGEST: usize = 1 << 20;
/// So many bytes around what is drawn are looked at.
const AROUND: usize = 8 << 10;

/// The places at which a filter matches.
#[derive(Clone, Debug)]
pub struct Matches {
    probe: Probe,
    places: Vec<Range<usize>>,
    /// Where the part begins that is shown first.
    start: usize,
    /// The places in the order in which they are shown begin with this one.
    first: usize,
    current: Option<usize>,
    whole: bool,
}

impl Matches {
    /// Look for a filter's places in an event, of which the part `first` is shown first.
    pub fn new(probe: Probe, text: &str, first: &Range<usize>) -> Self {
        let whole = text.len() <= LONGEST;
        let places = if whole { probe.marks(text) } else { Vec::new() };
        let behind = places.partition_point(|place| place.start < first.start);
        Self { probe, places, start: first.start, first: behind, current: None, whole }
    }

    /// The filter.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The place that the cursor was put at last, by its number in the order that is shown, and its bytes.
    pub fn current(&self) -> Option<(usize, &Range<usize>)> {
        let current = self.current.filter(|current| *current < self.len())?;
        Some((current, self.places.get((current + self.first) % self.len())?))
    }

    /// The user has put the cursor on a part of the text by himself: the next step begins there.
    pub fn leave_for(&mut self, part: &Range<usize>, forward: bool) {
        if self.current().is_some_and(|(_, place)| part.contains(&place.start)) {
            return;
        }
        let byte = if forward { part.end } else { part.start };
        let before = self.places.partition_point(|place| place.start < byte);
        let shown = match part.start < self.start {
            true => self.len() - self.first + before.min(self.first),
            false => before.saturating_sub(self.first),
        };
        self.current = if forward { shown.checked_sub(1) } else { Some(shown) };
    }

    /// Go to the next place in the order that is shown, or to the one before; `None` behind the last one.
    pub fn step(&mut self, forward: bool) -> Option<Range<usize>> {
        let next = match (self.current, forward) {
            (None, true) => 0,
            (None, false) => self.len().checked_sub(1)?,
            (Some(at), true) => at + 1,
            (Some(at), false) => at.checked_sub(1)?,
        };
        if next >= self.len() {
            return None;
        }
        self.current = Some(next);
        self.current().map(|(_, place)| place.clone())
    }

    /// The places that reach into a part of the text.
    pub fn within(&self, text: &str, part: Range<usize>) -> Vec<Range<usize>> {
        if self.whole {
            let from = self.places.partition_point(|place| place.end <= part.start);
            let places = self.places.iter().skip(from);
            return places.take_while(|place| place.start < part.end).cloned().collect();
        }
        let end = part.end.min(part.start + AROUND);
        let around =
            text.floor_char_boundary(part.start.saturating_sub(AROUND))..text.floor_char_boundary(end + AROUND);
        let places = self.probe.marks(text.get(around.clone()).unwrap_or_default()).into_iter();
        let places = places.map(|place| place.start + around.start..place.end + around.start);
        places.filter(|place| place.start < end && place.end > part.start).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// `n` visits every place once, those in the payload first, and `N` the same ones backwards.
        #[test]
        fn every_place_is_visited_in_the_order_that_is_shown(text in "[ab ]{0,30}", from in 0usize..30, len in 0usize..10) {
            let data = from.min(text.len())..(from + len).min(text.len());
            let mut matches = Matches::new(Probe::new("a").unwrap().unwrap(), &text, &data);
            let all: Vec<usize> = text.match_indices('a').map(|(at, _)| at).collect();
            let (before, behind): (Vec<usize>, Vec<usize>) = all.iter().partition(|at| **at < data.start);
            let expected: Vec<usize> = behind.into_iter().chain(before).collect();
            let forward: Vec<usize> = std::iter::from_fn(|| matches.step(true)).map(|place| place.start).collect();
            prop_assert_eq!(&forward, &expected);
            matches.current = None;
            let mut back: Vec<usize> = std::iter::from_fn(|| matches.step(false)).map(|place| place.start).collect();
            back.reverse();
            prop_assert_eq!(back, expected);
        }

        #[test]
        fn a_part_has_the_places_that_reach_into_it(text in "[ab]{0,40}", from in 0usize..40, len in 1usize..10) {
            let part = from.min(text.len())..(from + len).min(text.len());
            let probe = Probe::new("aa").unwrap().unwrap();
            let matches = Matches::new(probe.clone(), &text, &(0..0));
            let expected: Vec<_> = probe.marks(&text).into_iter()
                .filter(|place| place.start < part.end && place.end > part.start).collect();
            prop_assert_eq!(matches.within(&text, part), expected);
        }
    }
}
