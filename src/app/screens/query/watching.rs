//! Running a tab's query again and again, and what is kept between two runs.

use super::changes::Changes;
use super::prompt::Prompt;
use super::run::{End, RunFor};
use super::tab::Tab;
use super::table::Table;
use super::watch::{self, Watch};
use crate::app::effect::Outbox;
use crate::app::health::sentence;
use crate::app::message::Level;
use crate::app::rows::Bounds;
use crate::app::world::World;
use crate::gdbql;
use std::time::Duration;

/// So many portions of sorting are done at once, so that a small result never stands unsorted between two runs.
const SORTED_AT_ONCE: usize = 4;

impl Tab {
    /// Ask for the seconds, or stop watching.
    pub(super) fn turn_watch(&mut self, world: &World, out: &mut Outbox) {
        if self.watch.is_some() {
            return self.stop_watch(world, out);
        }
        match self.script.to_send() {
            Some(_) => self.prompt = Some(Prompt::seconds()),
            None => out.say(Level::Warning, "There is no query to watch."),
        }
    }

    /// Watch the query under the cursor: its first run begins at once.
    pub(super) fn begin_watch(&mut self, every: Duration, world: &World, out: &mut Outbox) {
        let Some((at, text)) = self.fill_in(world.now) else { return };
        // What is watched are rows, not a plan.
        let text = gdbql::explained(&text).unwrap_or(text);
        self.watch = Some(Watch::new(every, text, (at, self.script.version()), world.now));
        self.watch_due(world, out);
    }

    /// No more runs; the rows are those of the last one.
    pub(super) fn stop_watch(&mut self, world: &World, out: &mut Outbox) {
        if self.watch.take().is_none() {
            return;
        }
        if self.is_running() {
            out.cancel(self.slot());
            if let Some(run) = &mut self.run {
                run.end(End::Done, world.now);
            }
        }
        out.say(Level::Info, "No longer watched; the rows are those of the last run.");
    }

    /// Begin the next run, if it is time.
    pub fn watch_due(&mut self, world: &World, out: &mut Outbox) {
        // A run by hand is waited for.
        if self.is_running() {
            return;
        }
        let Some(watch) = self.watch.as_mut().filter(|watch| watch.is_due(world.now)) else { return };
        let bounds = Bounds { rows: self.bounds.rows.min(watch::ROWS), ..self.bounds };
        watch.begin(Table::bounded(bounds));
        let (place, text) = (watch.place, watch.text.clone());
        // Of a watched query, the first run is kept in the history.
        let before = self.run.take().filter(|run| run.text == text);
        self.launch(text, place, RunFor::Rows, world, out);
        if let (Some(run), Some(before)) = (&mut self.run, before) {
            // The text and its values may be others by now.
            (run.query, run.given, run.noted) = (before.query, before.given, before.noted);
        }
    }

    /// When the next run begins, if one is waited for.
    pub fn next_run(&self) -> Option<Duration> {
        if self.is_running() { None } else { self.watch.as_ref()?.due() }
    }

    /// A run of the watch is over.
    pub(super) fn watched(&mut self, end: &End, world: &World, out: &mut Outbox) {
        let Some(watch) = &mut self.watch else { return };
        let result = match end {
            End::Failed(failure) => Err(sentence(failure)),
            End::Done | End::Full | End::Cancelled => Ok(()),
        };
        if let Some(mut table) = watch.end(result, world.now) {
            let text = watch.text.clone();
            table.stand_in_for(&self.table);
            table.complete();
            let before = std::mem::replace(&mut self.table, table);
            for _ in 0..SORTED_AT_ONCE {
                self.table.advance();
            }
            self.changes =
                self.watch.as_ref().is_some_and(Watch::has_earlier).then(|| Changes::since(before, &self.table, &text));
            self.work(world, out);
            self.rows_changed(world, out);
        }
    }
}
