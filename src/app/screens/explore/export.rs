//! Writing the list to a file: what is written, and the dialog that asks for it.
//!
//! What is written is what was listed when it was asked for; what comes in later is not.

use super::events::Scope;
use super::prompt::Prompt;
use super::{Explore, Pane};
use crate::app::effect::Outbox;
use crate::app::export::dialog::{ExportDialog, Offer, Part};
use crate::app::export::running::{Exporting, Origin};
use crate::app::export::{Export, Format, Source};
use crate::app::message::Level;
use crate::app::screens::{Handled, Wish};
use crate::app::world::World;

impl Explore {
    /// Ask for a file; while one is being written, whether that is to be stopped.
    pub(super) fn ask_path(&mut self, world: &World, out: &mut Outbox) -> Handled {
        if let Some(question) = world.exports.ask_to_stop() {
            return Handled::Wish(Wish::Ask(question));
        }
        if self.events.is_empty() && self.marks.is_empty() {
            out.say(Level::Warning, "No event is listed here that could be written to a file.");
            return Handled::Yes;
        }
        let name = match self.events.scope() {
            Scope::Subject(name) | Scope::Kind(name) => name.as_str(),
            Scope::Trace(_) => "trace",
        };
        let name = if name.trim_matches('/').is_empty() { "events" } else { name };
        let dialog = ExportDialog::new(name, Format::Ndjson, Part::default());
        self.prompt = Some(Prompt::Export(Box::new(dialog)));
        Handled::Yes
    }

    /// What the dialog can write.
    pub fn offer(&self) -> Offer {
        Offer { noun: "event", all: self.events.len(), marked: self.marks.len(), column: None, copies: false }
    }

    /// Write to the file that was typed.
    pub(super) fn take_path(&mut self, world: &World) -> Handled {
        let Some(Prompt::Export(dialog)) = &mut self.prompt else { return Handled::Yes };
        let Some(path) = dialog.take_path() else { return Handled::Yes };
        let (format, part) = (dialog.format, dialog.part);
        let positions = match part.marked {
            true => self.marked_in_order().into_iter().filter_map(|position| u32::try_from(position).ok()).collect(),
            false => self.events.in_order().into(),
        };
        let fields = Export::event_fields(self.columns.fields().iter().map(|column| column.path.clone()));
        let source = Source::Events { view: world.log.view().clone(), positions };
        let export = Export { source, fields, only_cells: false, format, path, replace: false };
        self.prompt = None;
        Handled::Wish(Wish::Export(Box::new(Exporting::new(export, part, Origin::Events))))
    }

    /// Ask again for a file that could not be written.
    pub fn ask_path_again(&mut self, dialog: ExportDialog) {
        if self.prompt.is_none() {
            self.pane = if self.pane == Pane::Event { Pane::Event } else { Pane::Events };
            self.prompt = Some(Prompt::Export(Box::new(dialog)));
        }
    }

    /// The dialog is done with.
    pub fn close_path(&mut self) {
        self.prompt = self.prompt.take().filter(|prompt| !matches!(prompt, Prompt::Export(_)));
    }
}
