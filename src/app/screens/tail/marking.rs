//! Marks that the user puts on events, and the way from one mark to the next: those, gaps and reconnections.

use super::Tail;
use super::lines::Row;
use crate::app::effect::Outbox;
use crate::app::message::Level;
use std::collections::BTreeSet;

/// No more than so many bytes of marked events are put on the clipboard.
const MOST: usize = 8 << 20;

impl Tail {
    /// Mark the event under the cursor, or take its mark away. The view is held: it is being read.
    pub(super) fn mark(&mut self) {
        let Some(position) = self.lines.event(&self.received) else { return };
        self.lines.hold(&self.received);
        if !self.marked.remove(&position) {
            self.marked.insert(position);
        }
    }

    /// Forget the marks of events that had to go.
    pub(super) fn forget_marks(&mut self) {
        let first = self.received.log.first();
        if self.marked.first().is_some_and(|position| *position < first) {
            self.marked = self.marked.split_off(&first);
        }
    }

    /// Go to the next marked event, gap or reconnection that is shown, or to the one before.
    pub(super) fn go_to_mark(&mut self, down: bool, out: &mut Outbox) {
        let (lines, received) = (&self.lines, &self.received);
        let here = lines.list.selected();
        let marks = (received.marks.first()..received.marks.end()).map(Row::Mark);
        let rows = self.marked.iter().copied().map(Row::Event).chain(marks);
        let indices = rows.filter_map(|row| lines.place(row, received));
        let next = if down { indices.filter(|at| *at > here).min() } else { indices.filter(|at| *at < here).max() };
        match next {
            Some(index) => {
                self.lines.go_to(index, &self.received);
                self.show_selected();
            }
            None => {
                let way = if down { "below" } else { "above" };
                out.say(Level::Info, format!("No mark, gap or reconnection {way}. m marks an event."));
            }
        }
    }

    /// Copy the marked events, or their IDs.
    pub(super) fn copy_marked(&self, whole: bool, out: &mut Outbox) {
        let mut text = String::new();
        for line in self.marked.iter().filter_map(|position| self.received.log.line(*position)) {
            match (whole, line.event()) {
                (true, _) => text.push_str(&String::from_utf8_lossy(&line)),
                (false, Ok(event)) => text.push_str(&event.id),
                (false, Err(_)) => continue,
            }
            text.push('\n');
            if text.len() > MOST {
                let text = "The marked events are too much for the clipboard. U takes the marks away.";
                return out.say(Level::Warning, text);
            }
        }
        let what = match (whole, self.marked.len()) {
            (true, 1) => "the marked event".to_owned(),
            (true, marked) => format!("{marked} marked events, one a line"),
            (false, 1) => "the id of the marked event".to_owned(),
            (false, marked) => format!("the ids of {marked} marked events"),
        };
        out.copy(text, &what);
    }

    /// The marked events, by their positions.
    pub fn marked(&self) -> &BTreeSet<usize> {
        &self.marked
    }
}
