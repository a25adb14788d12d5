//! Marks on events, and copying them: the marked ones, or the one under the cursor.
//!
//! Marks stay when something else is listed, so that events of several subjects can be marked together.

use super::{Explore, Pane};
use crate::app::effect::Outbox;
use crate::app::message::Level;
use crate::app::world::World;

/// No more than so many bytes of marked events are put on the clipboard.
const MOST: usize = 8 << 20;

impl Explore {
    /// Mark the event under the cursor, or take its mark away.
    pub(super) fn mark(&mut self) {
        let Some(position) = self.events.selected() else { return };
        if self.marks.remove(&position) {
            self.marked_last = None;
        } else {
            self.marks.insert(position);
            self.marked_last = Some(position);
        }
    }

    /// Mark everything in the list from the event that was marked last to the one under the cursor.
    pub(super) fn mark_range(&mut self, out: &mut Outbox) {
        let Some(here) = self.events.selected() else { return };
        let last = self.marked_last.and_then(|last| self.events.index_of(last));
        let Some(last) = last else {
            return out.say(Level::Info, "m marks the first event; M then marks everything from it to the cursor.");
        };
        let here_row = self.events.list.selected();
        let rows = last.min(here_row)..=last.max(here_row);
        self.marks.extend(rows.filter_map(|row| self.events.position(row)));
        self.marked_last = Some(here);
    }

    /// Take all marks away.
    pub(super) fn unmark(&mut self) {
        self.marks.clear();
        self.marked_last = None;
    }

    /// The marked events, in the order of the list.
    pub(super) fn marked_in_order(&self) -> Vec<usize> {
        match self.events.newest_first {
            true => self.marks.iter().rev().copied().collect(),
            false => self.marks.iter().copied().collect(),
        }
    }

    /// Copy what the cursor is on; in the list, the marked events.
    pub(super) fn copy(&self, whole: bool, world: &World, out: &mut Outbox) {
        let line = self.events.selected().and_then(|position| world.log.line(position));
        match (self.pane, line) {
            (Pane::Tree, _) => out.copy(self.selected_subject(world), "the subject"),
            (Pane::Types, _) => {
                if let Some(kind) = self.selected_kind(world) {
                    out.copy(kind, "the event type");
                }
            }
            (Pane::Events, _) if !self.marks.is_empty() => self.copy_marked(whole, world, out),
            (_, None) => {}
            (Pane::Events, Some(line)) if !whole => {
                if let Ok(event) = line.event() {
                    out.copy(event.id.into_owned(), "the event's id");
                }
            }
            (Pane::Event, Some(_)) if !whole => {
                if let Some((row, view)) = self.event.as_ref().and_then(|(_, view)| Some((view.current()?, view))) {
                    out.copy(view.value(row).to_owned(), "the value");
                }
            }
            (_, Some(line)) => out.copy(String::from_utf8_lossy(&line).into_owned(), "the event"),
        }
    }

    fn copy_marked(&self, whole: bool, world: &World, out: &mut Outbox) {
        let mut text = String::new();
        for position in self.marked_in_order() {
            let Some(line) = world.log.line(position) else { continue };
            match (whole, line.event()) {
                (true, _) => text.push_str(&String::from_utf8_lossy(&line)),
                (false, Ok(event)) => text.push_str(&event.id),
                (false, Err(_)) => continue,
            }
            text.push('\n');
            if text.len() > MOST {
                let text = "The marked events are too much for the clipboard. X writes them to a file.";
                return out.say(Level::Warning, text);
            }
        }
        let marked = self.marks.len();
        let what = match (whole, marked) {
            (true, 1) => "the marked event".to_owned(),
            (true, _) => format!("{marked} marked events, one a line"),
            (false, 1) => "the id of the marked event".to_owned(),
            (false, _) => format!("the ids of {marked} marked events"),
        };
        out.copy(text, &what);
    }
}
