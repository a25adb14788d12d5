//! The list that is being written to a file: one at a time, whichever screen has asked for it.

use super::dialog::{ExportDialog, Part};
use super::{Export, ExportFailure, Source, Written};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::message::Level;
use crate::app::overlay::{Answer, Question};
use crate::model::count::{count, grouped};

/// Who has asked for it, and whose dialog opens again when it does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The list of events.
    Events,
    /// The rows of a tab, by its number.
    Rows(u8),
}

/// A list that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Exporting {
    /// What is written, and how.
    pub export: Export,
    /// What of the list it is.
    pub part: Part,
    /// Who has asked for it.
    pub origin: Origin,
    /// How much of it is written.
    pub done: usize,
}

impl Exporting {
    /// Begin with this.
    pub fn new(export: Export, part: Part, origin: Origin) -> Self {
        Self { export, part, origin, done: 0 }
    }

    /// The file, as it was typed.
    pub fn path(&self) -> &str {
        &self.export.path
    }

    /// How many events or rows there are.
    pub fn all(&self) -> usize {
        self.export.source.len()
    }

    /// What one of them is called.
    pub fn noun(&self) -> &'static str {
        match self.export.source {
            Source::Events { .. } => "event",
            Source::Rows { .. } => "row",
        }
    }

    /// The dialog with what was typed and chosen in it.
    fn dialog(&self, problem: Option<String>) -> ExportDialog {
        ExportDialog::again(&self.export.path, self.export.format, self.part, problem)
    }

    fn counted(&self, number: usize) -> String {
        count(number as u64, self.noun())
    }
}

/// The list that is being written, and one that waits for a word on the file that is there already.
#[derive(Debug, Default)]
pub struct Exports {
    running: Option<Exporting>,
    to_replace: Option<Exporting>,
}

/// What is to be done because an export is over.
#[derive(Debug, Default)]
pub struct After {
    /// The dialog that opens again, and where.
    pub again: Option<(Origin, ExportDialog)>,
    /// What is asked.
    pub question: Option<Question>,
}

impl Exports {
    /// What is being written.
    pub fn running(&self) -> Option<&Exporting> {
        self.running.as_ref()
    }

    /// Write this.
    pub fn start(&mut self, exporting: Exporting, out: &mut Outbox) {
        out.start(Slot::Export, Call::Export(exporting.export.clone()));
        self.running = Some(exporting);
    }

    /// So much is written.
    pub fn so_far(&mut self, done: usize) {
        if let Some(exporting) = &mut self.running {
            exporting.done = done;
        }
    }

    /// Whether what is being written is to be stopped; `None` when nothing is.
    pub fn ask_to_stop(&self) -> Option<Question> {
        let exporting = self.running.as_ref()?;
        let (done, all) = (grouped(exporting.done as u64), exporting.counted(exporting.all()));
        Some(Question {
            title: "Stop the export?".into(),
            lines: vec![
                format!("{} is being written: {done} of {all}.", exporting.path()),
                "Nothing is left of it when it is stopped.".into(),
            ],
            yes: Answer::StopExport,
            dangerous: false,
        })
    }

    /// The export is over.
    pub fn over(&mut self, result: Result<Written, ExportFailure>, out: &mut Outbox) -> After {
        let Some(exporting) = self.running.take() else { return After::default() };
        let path = exporting.path().to_owned();
        match result {
            Ok(written) => {
                out.say(Level::Info, said(&exporting, written));
                After::default()
            }
            Err(ExportFailure::Failed(why)) => {
                // What was typed is kept, to be put right.
                out.say(Level::Error, format!("{path} was not written: {why}."));
                let again = Some((exporting.origin, exporting.dialog(Some(sentence(&why)))));
                After { again, question: None }
            }
            Err(ExportFailure::Exists) => {
                let lines = vec![format!("{path} is there already. Its content goes away.")];
                let (title, yes) = ("Replace the file?".into(), Answer::ReplaceFile);
                // Whoever says no finds the dialog again, with the name as he typed it.
                let again = Some((exporting.origin, exporting.dialog(None)));
                self.to_replace = Some(exporting);
                After { again, question: Some(Question { title, lines, yes, dangerous: true }) }
            }
        }
    }

    /// The file that is there already may go. Gives whose dialog is done with.
    pub fn replace(&mut self, out: &mut Outbox) -> Option<Origin> {
        let exporting = self.to_replace.take()?;
        let origin = exporting.origin;
        let export = Export { replace: true, ..exporting.export };
        self.start(Exporting { export, done: 0, ..exporting }, out);
        Some(origin)
    }

    /// Stop writing. Nothing is left of the file.
    pub fn stop(&mut self, out: &mut Outbox) {
        if self.running.take().is_some() {
            out.cancel(Slot::Export);
            out.say(Level::Info, "The export was stopped; no file was written.");
        }
    }
}

/// The reason by itself, as a sentence.
fn sentence(why: &str) -> String {
    let mut chars = why.chars();
    chars.next().map(|first| format!("{}{}.", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}

fn said(exporting: &Exporting, written: Written) -> String {
    let mut text = format!("{} written to {}.", exporting.counted(written.items), exporting.path());
    if written.left_out > 0 {
        let format = exporting.export.format.name();
        text.push_str(&format!(
            " Left out: {} lines that are no events; {format} has no place for them.",
            written.left_out
        ));
    }
    if written.formulas > 0 {
        let texts =
            if written.formulas == 1 { "1 text begins".into() } else { format!("{} texts begin", written.formulas) };
        text.push_str(&format!(" {texts} with = + - or @: a spreadsheet may take that for a formula."));
    }
    text
}
