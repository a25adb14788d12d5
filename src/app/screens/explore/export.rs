//! Writing the list to a file: the dialog that asks for it, and how far it is.
//!
//! What is written is what was listed when it was asked for; what comes in later is not.

use super::events::Scope;
use super::prompt::Prompt;
use super::{Explore, Pane};
use crate::app::editor::Editor;
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::export::{Export, ExportFailure, Format, Written};
use crate::app::message::Level;
use crate::app::overlay::{Answer, Question};
use crate::app::screens::{Handled, Wish};
use crate::app::world::World;
use crate::model::path::Path;
use std::sync::Arc;

/// The dialog for a file.
#[derive(Clone, Debug)]
pub struct ExportDialog {
    /// The file.
    pub path: Editor,
    /// How the events are written.
    pub format: Format,
    /// Only the marked events, not all that are listed.
    pub only_marked: bool,
    /// Why it did not work the last time.
    pub problem: Option<String>,
}

impl ExportDialog {
    /// The path has changed: what it ends with tells the format.
    pub fn typed(&mut self) {
        self.problem = None;
        self.format = Format::of(&self.path.text()).unwrap_or(self.format);
    }

    /// Another format, and what the path ends with along with it.
    pub fn next_format(&mut self) {
        let text = self.path.text();
        self.format = self.format.next();
        let stem = Format::of(&text).and_then(|_| text.rsplit_once('.')).map(|(stem, _)| stem.to_owned());
        if let Some(stem) = stem {
            let is_untouched = self.path.selection().is_some();
            self.path.replace(&format!("{stem}.{}", self.format.extension()));
            if is_untouched {
                self.path.select_all();
            }
        }
    }
}

/// A list that is being written.
#[derive(Debug)]
pub struct Exporting {
    /// The file, as it was typed.
    pub path: String,
    /// How many events there are.
    pub all: usize,
    /// How many of them are written.
    pub done: usize,
    dialog: ExportDialog,
    export: Export,
}

impl Explore {
    /// Ask for a file; while one is being written, whether that is to be stopped.
    pub(super) fn ask_path(&mut self, out: &mut Outbox) -> Handled {
        if let Some(exporting) = &self.exporting {
            return Handled::Wish(Wish::Ask(Question {
                title: "Stop the export?".into(),
                lines: vec![
                    format!("{} is being written: {} of {} events.", exporting.path, exporting.done, exporting.all),
                    "Nothing is left of it when it is stopped.".into(),
                ],
                yes: Answer::StopExport,
                dangerous: false,
            }));
        }
        if self.events.is_empty() && self.marks.is_empty() {
            out.say(Level::Warning, "No event is listed here that could be written to a file.");
            return Handled::Yes;
        }
        let path = format!("{}.ndjson", self.file_name());
        let mut path = Editor::single(&path);
        // A name of one's own takes the place of this one; `→` keeps it.
        path.select_all();
        let dialog = ExportDialog { path, format: Format::Ndjson, only_marked: false, problem: None };
        self.prompt = Some(Prompt::Export(Box::new(dialog)));
        Handled::Yes
    }

    /// A name for the file that says what is in it.
    fn file_name(&self) -> String {
        const LONGEST: usize = 60;
        let name = match self.events.scope() {
            Scope::Subject(name) | Scope::Kind(name) => name.as_str(),
            Scope::Trace(_) => "trace",
        };
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
        let name: String = name.trim_matches('/').chars().map(plain).take(LONGEST).collect();
        if name.is_empty() { "events".to_owned() } else { name }
    }

    /// How many events the dialog would write.
    pub fn to_export(&self, dialog: &ExportDialog) -> usize {
        if dialog.only_marked { self.marks.len() } else { self.events.len() }
    }

    /// Write to the file that was typed.
    pub(super) fn take_path(&mut self, world: &World, out: &mut Outbox) {
        let Some(Prompt::Export(dialog)) = &mut self.prompt else { return };
        let path = dialog.path.text().trim().to_owned();
        if path.is_empty() {
            dialog.problem = Some("A file needs a name.".into());
            return;
        }
        let dialog = (**dialog).clone();
        let positions: Arc<[u32]> = match dialog.only_marked {
            true => self.marked_in_order().into_iter().filter_map(|position| u32::try_from(position).ok()).collect(),
            false => self.events.in_order().into(),
        };
        let fields: Vec<Path> = self.columns.fields().iter().map(|column| column.path.clone()).collect();
        let view = world.log.view().clone();
        let export = Export { view, positions, format: dialog.format, fields, path, replace: false };
        self.prompt = None;
        self.start_export(export, dialog, out);
    }

    fn start_export(&mut self, export: Export, dialog: ExportDialog, out: &mut Outbox) {
        out.start(Slot::Export, Call::Export(export.clone()));
        let (path, all) = (export.path.clone(), export.positions.len());
        self.exporting = Some(Exporting { path, all, done: 0, dialog, export });
    }

    /// So many events are written.
    pub fn exported_so_far(&mut self, done: usize) {
        if let Some(exporting) = &mut self.exporting {
            exporting.done = done;
        }
    }

    /// The export is over. Gives what is to be asked because of it.
    pub fn exported(&mut self, result: Result<Written, ExportFailure>, out: &mut Outbox) -> Option<Question> {
        let exporting = self.exporting.take()?;
        let mut dialog = exporting.dialog.clone();
        match result {
            Ok(written) => {
                let mut text = format!("{} events written to {}.", written.events, exporting.path);
                if written.events == 1 {
                    text = format!("1 event written to {}.", exporting.path);
                }
                if written.left_out > 0 {
                    let format = exporting.export.format.name();
                    text.push_str(&format!(
                        " Left out: {} lines that are no events; {format} has no place for them.",
                        written.left_out
                    ));
                }
                out.say(Level::Info, text);
                None
            }
            Err(ExportFailure::Failed(why)) => {
                // What was typed is kept, to be put right.
                out.say(Level::Error, format!("{} was not written: {why}.", exporting.path));
                dialog.problem = Some(format!("{why}."));
                self.reopen(dialog);
                None
            }
            Err(ExportFailure::Exists) => {
                let lines = vec![format!("{} is there already. Its content goes away.", exporting.path)];
                // Whoever says no finds the dialog again, with the name as he typed it.
                self.reopen(dialog);
                self.to_replace = Some(exporting);
                Some(Question { title: "Replace the file?".into(), lines, yes: Answer::ReplaceFile, dangerous: true })
            }
        }
    }

    fn reopen(&mut self, dialog: ExportDialog) {
        if self.prompt.is_none() {
            self.pane = if self.pane == Pane::Event { Pane::Event } else { Pane::Events };
            self.prompt = Some(Prompt::Export(Box::new(dialog)));
        }
    }

    /// The file that is there already may go.
    pub fn replace_file(&mut self, out: &mut Outbox) {
        let Some(Exporting { export, dialog, .. }) = self.to_replace.take() else { return };
        self.prompt = None;
        self.start_export(Export { replace: true, ..export }, dialog, out);
    }

    /// Stop writing. Nothing is left of the file.
    pub fn stop_export(&mut self, out: &mut Outbox) {
        if self.exporting.take().is_some() {
            out.cancel(Slot::Export);
            out.say(Level::Info, "The export was stopped; no file was written.");
        }
    }
}
