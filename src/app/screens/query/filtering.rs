//! The line in which the rows are filtered, and what its keys do.

use super::filter::Pattern;
use super::tab::Tab;
use crate::app::command::Command;
use crate::app::effect::{Effect, Outbox, Timer};
use crate::app::key::Key;
use crate::app::line::TypedLine;
use crate::app::world::World;
use std::time::Duration;

/// The line in which the rows are filtered.
#[derive(Clone, Debug)]
pub struct FilterLine {
    /// What was typed.
    pub field: TypedLine,
    /// Whether letters go into it.
    pub typing: bool,
    /// Why nothing can be looked for.
    pub problem: Option<String>,
}

impl Default for FilterLine {
    fn default() -> Self {
        Self { field: TypedLine::default(), typing: true, problem: None }
    }
}

impl Tab {
    /// Whether the filter of the rows is being typed.
    pub fn types_filter(&self) -> bool {
        self.filter.as_ref().is_some_and(|line| line.typing)
    }

    pub(super) fn begin_filter(&mut self) {
        self.filter.get_or_insert_default().typing = true;
    }

    /// A command while the filter is typed. Gives `false` when it means nothing there.
    pub(super) fn run_in_filter(&mut self, command: Command, world: &World, out: &mut Outbox) -> bool {
        let Some(line) = self.filter.as_mut().filter(|line| line.typing) else { return false };
        match command {
            Command::Accept | Command::Down | Command::NextPane if !line.field.is_empty() => line.typing = false,
            Command::Accept | Command::Back | Command::NextPane => self.end_filter(world, out),
            Command::Up | Command::Down => {}
            _ => return false,
        }
        true
    }

    /// Show all rows again.
    pub(super) fn end_filter(&mut self, world: &World, out: &mut Outbox) {
        self.filter = None;
        self.table.set_filter(None);
        self.rows_changed(world, out);
    }

    /// A key for the filter. Gives `false` when it is not being typed.
    pub(super) fn type_into_filter(&mut self, key: Key, world: &World, out: &mut Outbox) -> bool {
        let Some(line) = self.filter.as_mut().filter(|line| line.typing) else { return false };
        if line.field.key(key) {
            self.filter_typed(world, out);
        }
        true
    }

    /// Pasted text for the filter. Gives `false` when it is not being typed.
    pub(super) fn paste_into_filter(&mut self, text: &str, world: &World, out: &mut Outbox) -> bool {
        let Some(line) = self.filter.as_mut().filter(|line| line.typing) else { return false };
        line.field.insert(text);
        self.filter_typed(world, out);
        true
    }

    /// What was typed has changed: look from the first row on.
    fn filter_typed(&mut self, world: &World, out: &mut Outbox) {
        let Some(line) = &mut self.filter else { return };
        match Pattern::new(line.field.text()) {
            Err(problem) => line.problem = Some(problem),
            Ok(pattern) => {
                line.problem = None;
                self.table.set_filter(pattern);
                self.go_on(out);
                self.rows_changed(world, out);
            }
        }
    }

    /// Have the rows sorted and looked at on, if there is something left of that.
    pub(super) fn go_on(&self, out: &mut Outbox) {
        if self.table.is_working() {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
    }
}
