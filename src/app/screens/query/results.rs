//! What the commands of the rows do: moving, sorting, looking at values and going where they lead.

use super::tab::{Pane, Tab};
use super::{columns, order};
use crate::app::command::Command;
use crate::app::effect::Outbox;
use crate::app::list::step_of;
use crate::app::message::Level;
use crate::app::screens::{Handled, Visit, Wish};
use crate::app::world::World;
use crate::model::json::{Json, Kind};

impl Tab {
    pub(super) fn run_in_results(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        if let Some(step) = step_of(command) {
            self.table.step(step);
            return Handled::Yes;
        }
        match command {
            Command::Left => self.table.go_columns(-1),
            Command::Right => self.table.go_columns(1),
            Command::FirstColumn => self.table.go_columns(isize::MIN),
            Command::LastColumn => self.table.go_columns(isize::MAX),
            Command::Back if self.filter.is_some() => self.end_filter(world, out),
            Command::Back => self.pane = Pane::Editor,
            Command::Filter => self.begin_filter(),
            Command::Mark => self.table.mark(),
            Command::MarkRange => self.table.mark_all(),
            Command::NextMatch | Command::PreviousMatch => {
                if !self.table.step_mark(command == Command::NextMatch) {
                    out.say(Level::Info, "No other row is marked. m marks a row.");
                }
            }
            Command::Open | Command::Toggle => return self.whole(command == Command::Toggle, out),
            Command::Copy => match self.table.cell() {
                Some(cell) => out.copy(content(cell), "the value"),
                None => out.say(Level::Info, "There is no value in this cell."),
            },
            Command::CopyAll => {
                if let Some(row) = self.table.current() {
                    out.copy(row.text().to_owned(), "the row");
                }
            }
            Command::Export => return self.ask_export_path(world, out),
            Command::ShowEvent => return self.event(world, out),
            _ => return self.run_on_columns(command, world, out),
        }
        Handled::Yes
    }

    fn run_on_columns(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        match command {
            Command::Sort => {
                self.table.turn_sort();
                self.work(world, out);
            }
            Command::SortToo if self.table.turn_sort_too() => self.work(world, out),
            Command::SortToo => {
                out.say(Level::Info, format!("Rows are sorted by {} columns already.", order::MOST));
            }
            Command::Freeze => {
                let said = match self.table.freeze() {
                    0 => "No column is kept at the left any more.".to_owned(),
                    1 => "The first column stays at the left.".to_owned(),
                    columns => format!("The first {columns} columns stay at the left."),
                };
                out.say(Level::Info, said);
            }
            Command::Wider | Command::Narrower => self.table.resize(command == Command::Wider),
            Command::OwnWidth => self.table.resize_back(),
            Command::HideColumn => self.hide(out),
            Command::ShowColumns => self.table.show_all_columns(),
            Command::MoveLeft | Command::MoveRight => self.table.move_column(command == Command::MoveRight),
            Command::ColumnList => self.open_column_list(),
            Command::TimeStyle => {
                self.table.turn_times();
                let said = self.table.times.said().unwrap_or_default();
                out.say(Level::Info, format!("Shown are {said}."));
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn hide(&mut self, out: &mut Outbox) {
        let name = self.table.column_name().to_owned();
        match self.table.turn_column(self.table.column()) {
            true => out.say(Level::Info, format!("{name} is hidden. + shows all columns, c lists them.")),
            false => out.say(Level::Info, "The only column cannot be hidden."),
        }
    }

    fn whole(&self, row: bool, out: &mut Outbox) -> Handled {
        let number = self.table.list.selected() + 1;
        let (title, value) = match row {
            true => (format!("Row {number}"), self.table.current()),
            false => (format!("{}   row {number}", self.table.column_name()), self.table.cell()),
        };
        match value {
            Some(value) => Handled::Wish(Wish::View { title, text: value.text().to_owned() }),
            None => {
                out.say(Level::Info, "There is no value in this cell.");
                Handled::Yes
            }
        }
    }

    /// To the subject that the cell names, else to the row's event, else to the event that the cell names, else to the
    /// row's subject. Whether there is such an event is told by the search for it.
    fn event(&self, world: &World, out: &mut Outbox) -> Handled {
        let Some(row) = self.table.current() else { return Handled::Yes };
        let text = |value: Option<Json<'_>>| value.and_then(Json::as_str).map(|text| text.into_owned());
        let cell = text(self.table.cell()).unwrap_or_default();
        if cell.starts_with('/') && world.tree.find(&cell).is_some() {
            return Handled::Wish(Wish::ShowSubject(cell));
        }
        let id = text(row.get("id")).or_else(|| is_uuid(&cell).then_some(cell));
        let subject = text(row.get("subject")).filter(|subject| subject.starts_with('/'));
        match (id, subject) {
            // The row is the event itself; what else has its subject is not what was asked for.
            (Some(id), _) if columns::is_event(row) => Handled::Wish(Wish::Visit(Visit::of(id))),
            (Some(id), or_subject) => Handled::Wish(Wish::Visit(Visit { or_subject, ..Visit::of(id) })),
            (None, Some(subject)) => Handled::Wish(Wish::ShowSubject(subject)),
            (None, None) => {
                out.say(
                    Level::Info,
                    "This row names no event. With `id: e.id` or `subject: e.subject` in its MAP it would.",
                );
                Handled::Yes
            }
        }
    }
}

/// Whether a text by itself can only be meant as an ID, as servers make them.
fn is_uuid(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// A value to be pasted elsewhere: a string is its content.
fn content(value: Json<'_>) -> String {
    match value.kind() {
        Kind::String => value.as_str().unwrap_or_default().into_owned(),
        _ => value.text().to_owned(),
    }
}
