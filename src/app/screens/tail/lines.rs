//! The rows of the tail: events that pass the filter with the marks between them, oldest first; what is held still,
//! and the cursor.
//!
//! Rows are not stored. Which event a row is follows from the positions that pass and from the few marks, so that a
//! million events cost nothing here until there is a filter. Knows no connection.

use super::kinds::KindFilter;
use super::received::Received;
use super::seek::Seeker;
use crate::app::effect::{Outbox, Slot};
use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::app::probe::Probe;
use std::collections::VecDeque;

#[cfg(test)]
mod tests;

/// How many rows a held view shows anew when all that it held had to go.
const SHOWN_ANEW: usize = 200;

/// A row: an event by its position in the log, or a mark by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// An event.
    Event(usize),
    /// A mark.
    Mark(usize),
}

/// Where a view that is held still ends: what came later is there, but not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hold {
    events: usize,
    marks: usize,
}

impl Hold {
    /// Everything before the event at `position`, with the marks before the last of them.
    fn before(position: usize, received: &Received) -> Self {
        Self { events: position, marks: received.marks.first() + received.marks.count_before(position) }
    }
}

/// The rows of the tail, with a cursor.
#[derive(Debug)]
pub struct Lines {
    /// The cursor.
    pub list: ListState,
    /// What events must match, while there is something.
    pub filter: Option<TypedLine>,
    /// Whether the filter is being typed.
    pub filtering: bool,
    /// Which event types are shown.
    pub kinds: KindFilter,
    seeker: Seeker,
    /// The positions that pass, as far as it was looked; `None` while everything does.
    passed: Option<VecDeque<usize>>,
    /// What is wrong with the filter as it is typed.
    problem: Option<String>,
    hold: Option<Hold>,
    /// What the cursor was put on. A filter may hide it and bring it back.
    anchor: Option<Row>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            list: ListState::default(),
            filter: None,
            filtering: false,
            kinds: KindFilter::default(),
            seeker: Seeker::new(Slot::TailSearch),
            passed: None,
            problem: None,
            hold: None,
            anchor: None,
        }
    }
}

impl Lines {
    /// Whether the view is held still.
    pub fn is_held(&self) -> bool {
        self.hold.is_some()
    }

    /// What is looked for.
    pub fn probe(&self) -> Option<&Probe> {
        self.seeker.probe()
    }

    /// Whether some events are not shown.
    pub fn is_filtered(&self) -> bool {
        self.passed.is_some()
    }

    /// What is wrong with the filter, or could not be judged with it.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref().or(self.seeker.problem())
    }

    /// How many rows there are, those behind a held view included.
    pub fn total(&self, received: &Received) -> usize {
        self.events_before(usize::MAX, received) + received.marks.len()
    }

    /// How many rows are shown.
    pub fn len(&self, received: &Received) -> usize {
        match self.hold {
            None => self.total(received),
            Some(hold) => {
                let marks = hold.marks.clamp(received.marks.first(), received.marks.end()) - received.marks.first();
                self.events_before(hold.events, received) + marks
            }
        }
    }

    /// How many rows came behind a held view.
    pub fn below(&self, received: &Received) -> usize {
        self.total(received) - self.len(received)
    }

    /// How many events pass the filter, as far as it was looked.
    pub fn events(&self, received: &Received) -> usize {
        self.events_before(usize::MAX, received)
    }

    /// The share of the log that was looked through, in per cent; `None` when all of it was.
    pub fn looked_at(&self, received: &Received) -> Option<usize> {
        let log = &received.log;
        let scanned = self.seeker.scanned();
        if self.passed.is_none() || scanned >= log.end() {
            return None;
        }
        Some(scanned.saturating_sub(log.first()) * 100 / log.len().max(1))
    }

    /// How many shown events have a position below `position`.
    fn events_before(&self, position: usize, received: &Received) -> usize {
        match &self.passed {
            Some(passed) => passed.partition_point(|at| *at < position),
            None => position.clamp(received.log.first(), received.log.end()) - received.log.first(),
        }
    }

    fn nth_event(&self, index: usize, received: &Received) -> Option<usize> {
        match &self.passed {
            Some(passed) => passed.get(index).copied(),
            None => Some(received.log.first() + index).filter(|position| *position < received.log.end()),
        }
    }

    /// The row at an index.
    pub fn row(&self, index: usize, received: &Received) -> Option<Row> {
        let marks = &received.marks;
        let row_of = |at: usize, before: usize| at + self.events_before(before, received);
        let above = marks.partition(|at, mark| row_of(at, mark.before) <= index);
        let mark = above.checked_sub(1).map(|at| (at, marks.first() + at));
        if let Some((at, number)) = mark
            && marks.get(number).is_some_and(|mark| row_of(at, mark.before) == index)
        {
            return Some(Row::Mark(number));
        }
        self.nth_event(index.checked_sub(above)?, received).map(Row::Event)
    }

    /// The row under the cursor.
    pub fn selected(&self, received: &Received) -> Option<Row> {
        let index = self.list.selected();
        (index < self.len(received)).then(|| self.row(index, received))?
    }

    /// The position of the event under the cursor.
    pub fn event(&self, received: &Received) -> Option<usize> {
        match self.selected(received)? {
            Row::Event(position) => Some(position),
            Row::Mark(_) => None,
        }
    }

    /// The index of a row; where it is not shown, of the next one that is.
    fn index_of(&self, row: Row, received: &Received) -> usize {
        let marks = &received.marks;
        match row {
            // A mark that is gone was one of the oldest rows.
            Row::Mark(number) => {
                marks.get(number).map_or(0, |mark| number - marks.first() + self.events_before(mark.before, received))
            }
            Row::Event(position) => {
                // What came behind a held view is not shown, so it cannot stand in for a hidden event.
                let held = self.events_before(self.hold.map_or(usize::MAX, |hold| hold.events), received);
                let index = self.events_before(position, received).min(held.saturating_sub(1));
                let shown = self.nth_event(index, received).filter(|_| held > 0).unwrap_or(position);
                index + marks.partition(|_, mark| mark.before <= shown)
            }
        }
    }

    /// The index of a row, also behind a held view; `None` when it is not shown.
    pub fn place(&self, row: Row, received: &Received) -> Option<usize> {
        let marks = &received.marks;
        match row {
            Row::Mark(number) => {
                Some(number.checked_sub(marks.first())? + self.events_before(marks.get(number)?.before, received))
            }
            Row::Event(position) => {
                let index = self.events_before(position, received);
                let is_shown = self.nth_event(index, received) == Some(position);
                is_shown.then(|| index + marks.partition(|_, mark| mark.before <= position))
            }
        }
    }

    /// Go to a row, and hold the view there.
    pub fn go_to(&mut self, index: usize, received: &Received) {
        self.hold(received);
        self.put(index, received);
    }

    /// The filter was changed: [`Lines::advance`] looks again, from the oldest event.
    pub fn filter_changed(&mut self, out: &mut Outbox) {
        match Probe::new(self.filter.as_ref().map(TypedLine::text).unwrap_or_default()) {
            // What is being typed is often not right yet: the last filter that was right stays.
            Err(error) => self.problem = Some(error.to_string()),
            Ok(probe) => {
                self.problem = None;
                if self.seeker.probe() != probe.as_ref() {
                    self.look_again(probe, out);
                }
            }
        }
    }

    /// Other event types are shown now.
    pub fn kinds_changed(&mut self, out: &mut Outbox) {
        self.look_again(self.seeker.probe().cloned(), out);
    }

    /// Another log is looked at.
    pub fn begin_anew(&mut self, out: &mut Outbox) {
        self.kinds = KindFilter::default();
        self.look_again(self.seeker.probe().cloned(), out);
    }

    fn look_again(&mut self, probe: Option<Probe>, out: &mut Outbox) {
        let is_filtered = probe.is_some() || !self.kinds.is_open();
        self.seeker.restart(probe, 0, out);
        self.passed = is_filtered.then(VecDeque::new);
    }

    /// Look at events that were not looked at yet and put the cursor where it belongs now. Gives `false` when it is to
    /// be called again soon.
    pub fn advance(&mut self, received: &Received, out: &mut Outbox) -> bool {
        let log = &received.log;
        let mut done = true;
        if let Some(passed) = &mut self.passed {
            let gone = passed.partition_point(|position| *position < log.first());
            passed.drain(..gone);
            done = self.seeker.advance(&self.kinds.inside(), log, out, &mut |position| passed.push_back(position));
        }
        self.settle(received);
        done
    }

    /// A search has looked at everything before `scanned` and found these.
    pub fn found(&mut self, scanned: usize, positions: &[u32]) {
        self.seeker.found(scanned);
        if let Some(passed) = &mut self.passed {
            passed.extend(positions.iter().map(|position| *position as usize));
        }
    }

    /// A search is over.
    pub fn searched(&mut self, problem: Option<String>) {
        self.seeker.over(problem);
    }

    /// The rows have changed: the cursor stays on its row, or on the newest one.
    fn settle(&mut self, received: &Received) {
        let log = &received.log;
        if let Some(hold) = &mut self.hold
            && hold.events < log.first()
        {
            // All that was held had to make room.
            *hold = Hold::before((log.first() + SHOWN_ANEW).min(log.end()), received);
        }
        let len = self.len(received);
        match (self.hold, self.anchor) {
            (None, _) => self.list.select(usize::MAX, len),
            (Some(_), Some(anchor)) => self.list.follow(self.index_of(anchor, received), len),
            (Some(_), None) => {
                self.list.select(self.list.selected(), len);
                self.anchor = self.selected(received);
            }
        }
    }

    /// Hold the view still as it is.
    pub fn hold(&mut self, received: &Received) {
        if self.hold.is_none() {
            self.anchor = self.selected(received);
            self.hold = Some(Hold { events: received.log.end(), marks: received.marks.end() });
        }
    }

    /// Hold the view still with the cursor on an event.
    pub fn hold_on(&mut self, position: usize, received: &Received) {
        self.hold(received);
        self.anchor = Some(Row::Event(position));
        self.settle(received);
    }

    /// Go to the newest row, and with it from now on.
    pub fn follow(&mut self, received: &Received) {
        self.hold = None;
        self.anchor = None;
        self.settle(received);
    }

    /// The list was emptied.
    pub fn cleared(&mut self, received: &Received, out: &mut Outbox) {
        self.anchor = None;
        if self.hold.is_some() {
            self.hold = Some(Hold { events: received.log.end(), marks: received.marks.end() });
        }
        self.list.select(0, 0);
        self.advance(received, out);
    }

    /// Move the cursor. Moving up holds the view, the last row lets it follow; below a held view, what came since is
    /// shown as far as the cursor goes.
    pub fn step(&mut self, step: Step, received: &Received) {
        if step == Step::Last {
            return self.follow(received);
        }
        let total = self.total(received);
        if self.hold.is_none() {
            let mut moved = self.list.clone();
            if !moved.step(step, total) {
                return;
            }
            self.hold(received);
        }
        if self.len(received) > 0 {
            self.list.step(step, total);
        }
        self.put(self.list.selected(), received);
    }

    /// Go to the next event that is shown, or to the one before, past the marks. Gives its position.
    pub fn step_event(&mut self, down: bool, received: &Received) -> Option<usize> {
        let from = self.list.selected();
        let next = |index: usize| if down { Some(index + 1) } else { index.checked_sub(1) };
        let rows = std::iter::successors(next(from), |index| next(*index)).take(received.marks.len() + 1);
        let (index, position) = rows
            .map_while(|index| Some((index, self.row(index, received)?)))
            .find_map(|(index, row)| if let Row::Event(position) = row { Some((index, position)) } else { None })?;
        self.hold(received);
        self.put(index, received);
        Some(position)
    }

    /// Put the cursor of a held view on a row, showing as much as that takes.
    fn put(&mut self, index: usize, received: &Received) {
        let row = self.row(index, received);
        if index >= self.len(received) {
            self.hold = match row {
                Some(Row::Event(position)) => Some(Hold::before(position + 1, received)),
                Some(Row::Mark(number)) => {
                    received.marks.get(number).map(|mark| Hold { events: mark.before, marks: number + 1 })
                }
                None => self.hold,
            };
        }
        self.anchor = row;
        self.list.select(index, self.len(received));
    }
}
