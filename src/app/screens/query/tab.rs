//! A tab of the Query screen: a text, its last run and the rows of that run.
//!
//! Owns all that belongs to one query. Other tabs and what they have in common (the history of runs) are the screen's.

use super::changes::Changes;
use super::column_list::ColumnList;
use super::completion::Popup;
use super::face::Face;
use super::filtering::FilterLine;
use super::history::Recall;
use super::picture::Picture;
use super::prompt::Prompt;
use super::run::Run;
use super::script::Script;
use super::table::Table;
use super::values::Given;
use super::watch::Watch;
use crate::app::command::{Command, Place};
use crate::app::effect::{Effect, Outbox, Save, Slot, Timer};
use crate::app::export::dialog::ExportDialog;
use crate::app::key::Key;
use crate::app::list::ListState;
use crate::app::message::{Level, Reply};
use crate::app::rows::Bounds;
use crate::app::screens::Handled;
use crate::app::world::World;
use std::collections::BTreeMap;
use std::time::Duration;

/// The panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The text.
    #[default]
    Editor,
    /// The rows.
    Results,
}

/// A query and what came of it.
#[derive(Debug, Default)]
pub struct Tab {
    /// Under which number its runs go on while another tab is looked at. No two tabs have the same.
    pub number: u8,
    /// What it is called.
    pub name: String,
    /// Where the keys go.
    pub pane: Pane,
    /// The text.
    pub script: Script,
    /// The last run; `None` before the first one.
    pub run: Option<Run>,
    /// Its rows.
    pub table: Table,
    /// How much of a result is kept.
    pub bounds: Bounds,
    /// The line in which the rows are filtered, while they are.
    pub filter: Option<FilterLine>,
    /// The dialog that asks for a file, while it is open.
    pub export: Option<ExportDialog>,
    /// The list of the columns, while it is open.
    pub column_list: Option<ColumnList>,
    /// The list of what can stand at the cursor, while it is open.
    pub completion: Option<Popup>,
    /// The saved query that it was opened from or saved as, by its name.
    pub saved_as: Option<String>,
    /// The fingerprint of the text in that file; `None` when it is not known.
    pub(super) saved_text: Option<u64>,
    /// The values of its parameters, as they were typed.
    pub parameters: BTreeMap<String, String>,
    /// How they were filled in when the query was sent last.
    pub(super) given: Given,
    /// Where in the history of runs its editor is.
    pub recall: Recall,
    /// What stands in the lower pane.
    pub face: Face,
    /// The rows as a picture.
    pub picture: Picture,
    /// The scroll position of the plan.
    pub plan_list: ListState,
    /// Its query is run again and again.
    pub watch: Option<Watch>,
    /// What the last run of the watch has changed.
    pub changes: Option<Changes>,
    /// A line that is asked for below the rows.
    pub prompt: Option<Prompt>,
    /// A picture on its way to a file, and the line in which the file was typed.
    pub(super) saving: Option<(Save, Option<Prompt>)>,
}

impl Tab {
    /// A tab with a text that was not run yet.
    pub fn new(number: u8, name: String, text: &str, bounds: Bounds) -> Self {
        Self { number, name, script: Script::new(text), bounds, ..Self::default() }
    }

    /// Where its runs are answered.
    pub fn slot(&self) -> Slot {
        Slot::Query(self.number)
    }

    /// Whether a run is under way.
    pub fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_running)
    }

    /// Whether its text is another than that of the saved query.
    pub fn is_changed(&self) -> bool {
        self.saved_as.is_some() && self.saved_text != Some(self.script.fingerprint())
    }

    /// Put another text into the editor; undo brings the one before back.
    pub fn put(&mut self, text: &str) {
        self.script.replace(text);
        self.completion = None;
        self.pane = Pane::Editor;
    }

    /// $EDITOR is done.
    pub fn edited(&mut self, result: Result<String, String>, out: &mut Outbox) {
        match result {
            // Editors end the last line; here that would be an empty line.
            Ok(text) => {
                self.completion = None;
                let text = text.strip_suffix('\n').unwrap_or(&text);
                if text != self.script.editor().text() {
                    self.script.replace(text);
                }
            }
            Err(reason) => out.say(Level::Error, format!("$EDITOR changed nothing: {reason}")),
        }
    }

    /// An answer to its run came.
    pub fn told(&mut self, reply: Reply, world: &World, out: &mut Outbox) {
        self.told_of_run(reply, world, out);
    }

    /// Go on with the sorting.
    pub fn work(&mut self, world: &World, out: &mut Outbox) {
        let was_working = self.table.is_working();
        if self.table.advance() {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        } else if was_working {
            // Bars stand in the order of the rows.
            self.rows_changed(world, out);
        }
        if self.changes.as_mut().is_some_and(|changes| changes.advance(&self.table)) {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
        self.picture.work(&self.table, out);
    }

    /// A second has passed.
    pub fn second(&mut self, world: &World, out: &mut Outbox) {
        if self.face == Face::Chart && self.is_running() && self.watch.is_none() {
            self.picture.catch_up(&self.table, &world.zone, out);
        }
    }

    /// Where the user is in it, innermost first.
    pub fn places(&self) -> Vec<Place> {
        match self.pane {
            _ if self.prompt.is_some() => vec![Place::Field, Place::Line],
            Pane::Results if self.export.is_some() => vec![Place::Export, Place::ExportRows, Place::Field, Place::Line],
            Pane::Results if self.types_filter() => vec![Place::Field, Place::Line],
            Pane::Results if self.column_list.is_some() => vec![Place::ColumnList, Place::Moves],
            Pane::Editor if self.completion.is_some() => vec![Place::Completion, Place::Editor],
            Pane::Editor => vec![Place::Editor],
            Pane::Results => self.lower_places(),
        }
    }

    /// Whether letters go into a text field.
    pub fn typing(&self) -> bool {
        self.prompt.is_some() || self.pane == Pane::Editor || self.types_filter() || self.export.is_some()
    }

    /// Do what was asked.
    pub fn run(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        if self.prompt.is_some() {
            match command {
                Command::Accept => self.take_prompt(world, out),
                Command::Back => self.prompt = None,
                _ => return Handled::No,
            }
            return Handled::Yes;
        }
        if self.pane == Pane::Results
            && let Some(handled) = self.run_in_export(command, out)
        {
            return handled;
        }
        let over_rows = self.pane == Pane::Results && self.face == Face::Table;
        if over_rows && (self.run_in_filter(command, world, out) || self.run_in_column_list(command)) {
            return Handled::Yes;
        }
        if self.run_in_completion(command) {
            return Handled::Yes;
        }
        if let Some(handled) = self.run_anywhere(command, world, out) {
            return handled;
        }
        match command {
            Command::Run => self.start(world, out),
            Command::Back if self.is_running() => self.cancel(world, out),
            Command::NextPane if self.pane == Pane::Editor && self.complete_word(world) => {}
            Command::NextPane | Command::PreviousPane => {
                self.pane = if self.pane == Pane::Editor { Pane::Results } else { Pane::Editor };
            }
            _ => {
                return match self.pane {
                    Pane::Editor => self.run_in_editor(command, world, out),
                    Pane::Results if self.face != Face::Table => self.run_in_face(command, world, out),
                    Pane::Results => self.run_in_results(command, world, out),
                };
            }
        }
        Handled::Yes
    }

    /// A key for the text.
    pub fn type_key(&mut self, key: Key, world: &World, out: &mut Outbox) {
        if let Some(prompt) = &mut self.prompt {
            prompt.problem = None;
            prompt.field.key(key);
            return;
        }
        if let Some(dialog) = self.export.as_mut().filter(|_| self.pane == Pane::Results) {
            if dialog.path.key(key) {
                dialog.typed();
            }
            return;
        }
        if self.pane != Pane::Editor {
            self.type_into_filter(key, world, out);
            return;
        }
        let changed = self.script.key(key);
        if self.completion.as_mut().is_some_and(|popup| !changed || !popup.typed(&self.script, world)) {
            self.completion = None;
        }
    }

    /// Pasted text.
    pub fn paste(&mut self, text: &str, world: &World, out: &mut Outbox) {
        if let Some(prompt) = &mut self.prompt {
            prompt.field.insert(text);
            return;
        }
        if let Some(dialog) = self.export.as_mut().filter(|_| self.pane == Pane::Results) {
            dialog.path.insert(text);
            dialog.typed();
            return;
        }
        if self.pane != Pane::Editor {
            self.paste_into_filter(text, world, out);
            return;
        }
        self.completion = None;
        self.script.insert(text);
    }
}
