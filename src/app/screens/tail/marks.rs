//! Rows of the tail that are no events: where the stream was interrupted.
//!
//! A mark stands before an event's position. Marks know nothing of the events around them.

use std::collections::VecDeque;
use std::time::Duration;

/// How many marks are kept; a connection that breaks all night makes no more of them.
const KEPT: usize = 1000;

/// What a mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// The stream was lost and is back.
    Reconnected {
        /// How long there was no connection.
        away: Duration,
        /// `Some(true)`: the chain shows that nothing is missing; `Some(false)`: events may be missing; `None`: it went
        /// on after the last event, and the chain does not tell more.
        complete: Option<bool>,
    },
    /// The stream went on, and the chain shows that events are missing.
    Gap,
}

impl Interruption {
    /// Two interruptions without an event between them are one. A gap that was seen stays one.
    fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Reconnected { away, complete }, Self::Reconnected { away: more, complete: now }) => {
                *away = (*away).max(more);
                *complete = if *complete == Some(false) { *complete } else { now };
            }
            (Self::Gap, Self::Reconnected { away, .. }) => *self = Self::Reconnected { away, complete: Some(false) },
            (_, Self::Gap) => self.settle(false),
        }
    }

    /// The chain has told whether events are missing.
    pub fn settle(&mut self, whole: bool) {
        if let Self::Reconnected { complete, .. } = self
            && *complete != Some(false)
        {
            *complete = Some(whole);
        }
    }

    /// Whether it is still to be told if events are missing.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Reconnected { complete: None, .. })
    }

    /// Whether events may be missing at this place.
    pub fn is_gap(&self) -> bool {
        matches!(self, Self::Gap | Self::Reconnected { complete: Some(false), .. })
    }
}

/// A row between events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The position of the event that it stands before.
    pub before: usize,
    /// The lane whose stream it was.
    pub lane: u8,
    /// What it says.
    pub what: Interruption,
}

/// The marks, in the order of their positions. Like events they are known by numbers that never change.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    kept: VecDeque<Mark>,
    first: usize,
}

impl Marks {
    /// Put a mark behind all others. News about the same place in the same stream join what was said of it. Gives the
    /// mark's number.
    pub fn push(&mut self, mark: Mark) -> usize {
        let here = self.kept.iter_mut().rev().take_while(|last| last.before == mark.before);
        let mut same = here.enumerate().filter(|(_, last)| last.lane == mark.lane);
        if let Some((back, last)) = same.next() {
            last.what.join(mark.what);
            return self.end() - 1 - back;
        }
        self.kept.push_back(mark);
        if self.kept.len() > KEPT {
            self.kept.pop_front();
            self.first += 1;
        }
        self.end() - 1
    }

    /// Forget the marks before the event at `position`.
    pub fn drop_before(&mut self, position: usize) {
        let gone = self.count_before(position);
        self.kept.drain(..gone);
        self.first += gone;
    }

    /// The number of the oldest mark.
    pub fn first(&self) -> usize {
        self.first
    }

    /// The number that the next mark will have.
    pub fn end(&self) -> usize {
        self.first + self.kept.len()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The mark with a number.
    pub fn get(&self, number: usize) -> Option<&Mark> {
        self.kept.get(number.checked_sub(self.first)?)
    }

    /// The mark with a number, to say more of it.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut Mark> {
        self.kept.get_mut(number.checked_sub(self.first)?)
    }

    /// How many marks stand before events in front of `position`.
    pub fn count_before(&self, position: usize) -> usize {
        self.kept.partition_point(|mark| mark.before < position)
    }

    /// The first index, from the oldest mark, at which `holds` no longer does; it must hold for a prefix only.
    pub fn partition(&self, holds: impl Fn(usize, &Mark) -> bool) -> usize {
        let (mut low, mut high) = (0, self.kept.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.kept.get(middle) {
                Some(mark) if holds(middle, mark) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }
}
