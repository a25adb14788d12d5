//! The list of a result's columns: which are shown, and in which order.

use super::tab::Tab;
use crate::app::command::Command;
use crate::app::list::{ListState, step_of};

/// The list, while it is open.
#[derive(Clone, Debug, Default)]
pub struct ColumnList {
    /// The cursor.
    pub list: ListState,
}

impl Tab {
    pub(super) fn open_column_list(&mut self) {
        let items = self.table.layout().items();
        if items.is_empty() {
            return;
        }
        let mut list = ListState::default();
        let column = self.table.column();
        list.select(items.iter().position(|item| item.number == column).unwrap_or_default(), items.len());
        self.column_list = Some(ColumnList { list });
    }

    /// A command while the list is open. Gives `false` when it means nothing there.
    pub(super) fn run_in_column_list(&mut self, command: Command) -> bool {
        let Some(open) = &mut self.column_list else { return false };
        let items = self.table.layout().items();
        let current = items.get(open.list.selected()).copied();
        match (command, step_of(command), current) {
            (_, Some(step), _) => drop(open.list.step(step, items.len())),
            (Command::Toggle, _, Some(item)) => drop(self.table.turn_column(item.number)),
            (Command::Accept, _, Some(item)) => {
                self.column_list = None;
                self.table.go_to_column(item.number);
            }
            (Command::MoveLeft | Command::MoveRight, _, Some(item)) => {
                self.table.shift_column(item.number, command == Command::MoveRight);
                let place = self.table.layout().items().iter().position(|other| other.number == item.number);
                let len = self.table.layout().items().len();
                if let (Some(open), Some(place)) = (&mut self.column_list, place) {
                    open.list.select(place, len);
                }
            }
            (Command::ShowColumns, ..) => self.table.show_all_columns(),
            (Command::Back | Command::ColumnList, ..) => self.column_list = None,
            _ => return false,
        }
        true
    }
}
