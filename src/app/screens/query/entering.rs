//! What is done with the line below the text: while it is typed, and when it is taken.

use super::entry::{Entry, Places, Purpose};
use super::{Query, is_elsewhere};
use crate::app::command::Command;
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::message::Level;

/// No name is longer than this, in characters.
const NAME: usize = 60;

impl Query {
    /// The line that is being typed.
    pub fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    /// Begin a line.
    pub(super) fn ask(&mut self, purpose: Purpose, text: &str) {
        let origin = self.tab().script.editor().offset();
        self.tab_mut().completion = None;
        let mut entry = Entry::new(purpose, text, origin);
        if purpose == Purpose::Find {
            entry.places = Places::of(text, &self.tab().script.editor().text());
        }
        self.entry = Some(entry);
    }

    /// A command while the line is typed. Gives `false` when it means nothing there; the line is left then.
    pub(super) fn run_in_entry(&mut self, command: Command, out: &mut Outbox) -> bool {
        let Some(entry) = &self.entry else { return false };
        let purpose = entry.purpose;
        match command {
            Command::Accept if purpose == Purpose::Find => self.find_again(1, out),
            Command::Down | Command::NextMatch if purpose == Purpose::Find => self.find_again(1, out),
            Command::Up if purpose == Purpose::Find => self.find_again(-1, out),
            Command::Accept => self.take_entry(out),
            Command::Back => self.entry = None,
            Command::Up | Command::Down => {}
            other if is_elsewhere(other) => return false,
            _ => {
                self.entry = None;
                return false;
            }
        }
        true
    }

    fn take_entry(&mut self, out: &mut Outbox) {
        let Some(entry) = self.entry.take() else { return };
        let name = name(entry.input.text());
        if name.is_empty() {
            return out.say(Level::Info, "A name needs a character. It is left as it was.");
        }
        match entry.purpose {
            Purpose::Rename => self.tab_mut().name = name,
            Purpose::SaveAs => self.save_as(&name, out),
            Purpose::RenameSaved => self.rename_saved(&name, out),
            Purpose::Find => {}
        }
    }

    /// A key for the line.
    pub(super) fn type_into_entry(&mut self, key: Key) {
        if self.entry.as_mut().is_some_and(|entry| entry.input.key(key)) {
            self.entry_typed();
        }
    }

    /// Text that is pasted into the line.
    pub(super) fn paste_into_entry(&mut self, text: &str) {
        if let Some(entry) = &mut self.entry {
            entry.input.insert(text);
            self.entry_typed();
        }
    }

    /// What is looked for has changed: the cursor goes to its first place behind where it was.
    fn entry_typed(&mut self) {
        let script = &mut self.tabs.current_mut().script;
        let Some(entry) = self.entry.as_mut().filter(|entry| entry.purpose == Purpose::Find) else { return };
        self.wanted = entry.input.text().to_owned();
        entry.places = Places::of(&self.wanted, &script.editor().text());
        script.go_to(entry.places.next(entry.origin).unwrap_or(entry.origin));
    }

    /// To the next place of what was looked for last, or with a negative number to the one before.
    pub(super) fn find_again(&mut self, by: isize, out: &mut Outbox) {
        if self.wanted.is_empty() {
            return self.ask(Purpose::Find, "");
        }
        let script = &mut self.tabs.current_mut().script;
        let (places, offset) = (Places::of(&self.wanted, &script.editor().text()), script.editor().offset());
        match if by < 0 { places.previous(offset) } else { places.next(offset + 1) } {
            Some(at) => script.go_to(at),
            None => out.say(Level::Info, format!("`{}` is not in this text.", self.wanted)),
        }
        self.entry.iter_mut().for_each(|entry| entry.places = places.clone());
    }
}

/// A name as it can be shown on one line.
pub(super) fn name(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(NAME).collect()
}
