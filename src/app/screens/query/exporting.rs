//! Writing the rows to a file or to the clipboard: what is written, and the dialog that asks for it.
//!
//! What is written is what is shown when it is asked for: the rows that pass the filter, in their order, and of tables
//! the columns that are shown, in theirs.

use super::tab::Tab;
use crate::app::command::Command;
use crate::app::effect::Outbox;
use crate::app::export::dialog::{CLIPBOARD, ExportDialog, Offer, Part};
use crate::app::export::running::{Exporting, Origin};
use crate::app::export::{Export, Field, Format, Source};
use crate::app::message::Level;
use crate::app::screens::{Handled, Wish};
use crate::app::world::World;
use std::io::{self, Write};

/// So many bytes of rows are read for the clipboard at most: that is done while keys wait.
const MOST_READ: usize = 4_000_000;

impl Tab {
    /// Ask for a file; while one is being written, whether that is to be stopped.
    pub(super) fn ask_export_path(&mut self, world: &World, out: &mut Outbox) -> Handled {
        if let Some(question) = world.exports.ask_to_stop() {
            return Handled::Wish(Wish::Ask(question));
        }
        if self.table.is_empty() {
            out.say(Level::Warning, "No row is shown here that could be written to a file.");
            return Handled::Yes;
        }
        self.export = Some(ExportDialog::new(&self.name, Format::Csv, Part::default()));
        Handled::Yes
    }

    /// What the dialog can write.
    pub fn offer(&self) -> Offer {
        let (all, marked) = (self.table.len(), self.table.marked());
        Offer { noun: "row", all, marked, column: Some(self.table.column_name().to_owned()), copies: true }
    }

    /// A command while the dialog is open. `None` when it means nothing there.
    pub(super) fn run_in_export(&mut self, command: Command, out: &mut Outbox) -> Option<Handled> {
        let any_marked = self.export.is_some() && self.offer().marked > 0;
        let dialog = self.export.as_mut()?;
        match command {
            Command::Back => self.export = None,
            Command::Accept => return Some(self.write_rows()),
            Command::NextFormat => dialog.next_format(),
            Command::OnlyMarked => dialog.part.marked = !dialog.part.marked && any_marked,
            Command::OnlyColumn => dialog.part.column = !dialog.part.column,
            Command::CopyAll => self.copy_rows(out),
            _ => return None,
        }
        Some(Handled::Yes)
    }

    fn write_rows(&mut self) -> Handled {
        let Some(dialog) = &mut self.export else { return Handled::Yes };
        let Some(path) = dialog.take_path() else { return Handled::Yes };
        let (format, part) = (dialog.format, dialog.part);
        let export = self.export_of(format, part, path);
        self.export = None;
        Handled::Wish(Wish::Export(Box::new(Exporting::new(export, part, Origin::Rows(self.number)))))
    }

    /// What is written of the rows.
    fn export_of(&self, format: Format, part: Part, path: String) -> Export {
        let table = &self.table;
        let numbers = match part.column {
            true => vec![table.column()],
            false => table.layout().shown().to_vec(),
        };
        let columns = numbers.iter().filter_map(|number| table.columns().get(*number));
        let fields = columns.map(Field::of_column);
        let source = Source::Rows { rows: table.rows().clone(), order: table.in_order(part.marked).into() };
        Export { source, fields: fields.collect(), only_cells: part.column, format, path, replace: false }
    }

    /// Put what the dialog would write on the clipboard.
    fn copy_rows(&mut self, out: &mut Outbox) {
        let Some(dialog) = &self.export else { return };
        let (format, part) = (dialog.format, dialog.part);
        match self.copied(format, part) {
            Ok((text, rows)) => {
                let rows = if rows == 1 { "1 row".into() } else { format!("{rows} rows") };
                out.copy(text, &format!("{rows} as {}", format.name()));
                self.export = None;
            }
            Err(problem) => {
                if let Some(dialog) = &mut self.export {
                    dialog.problem = Some(problem);
                }
            }
        }
    }

    /// What goes to the clipboard, and of how many rows; or why nothing does.
    fn copied(&self, format: Format, part: Part) -> Result<(String, usize), String> {
        if !format.is_text() {
            return Err(format!("{} is no text: it can be written to a file only.", format.name()));
        }
        let export = self.export_of(format, part, String::new());
        if let Source::Rows { rows, order } = &export.source {
            let mut left = MOST_READ;
            let size = |row: &u32| rows.get(*row as usize).map_or(0, str::len);
            let fits = order.iter().all(|row| left.checked_sub(size(row)).map(|rest| left = rest).is_some());
            if !fits {
                let most = MOST_READ / 1_000_000;
                return Err(format!("More than {most} MB of rows: mark fewer of them, or write a file."));
            }
        }
        let mut bytes = Bounded(Vec::new());
        match export.write(&mut bytes, &mut |_| true) {
            Ok(Some(written)) => Ok((String::from_utf8_lossy(&bytes.0).into_owned(), written.items)),
            _ => Err(format!(
                "More than {} kB: a terminal's clipboard takes no more. Mark fewer rows, or write a file.",
                CLIPBOARD / 1000
            )),
        }
    }

    /// Ask again for a file that could not be written.
    pub fn ask_path_again(&mut self, dialog: ExportDialog) {
        self.export.get_or_insert(dialog);
    }
}

/// As many bytes as the clipboard takes.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > CLIPBOARD {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
