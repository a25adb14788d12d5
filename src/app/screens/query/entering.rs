//! What is done with the line below the text: while it is typed, and when it is taken.

use super::Query;
use super::entry::{Entry, Purpose, find, find_back};
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
        self.entry = Some(Entry::new(purpose, text, origin));
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
            _ => {
                self.entry = None;
                return false;
            }
        }
        true
    }

    fn take_entry(&mut self, out: &mut Outbox) {
        let Some(entry) = self.entry.take() else { return };
        let name = name(&entry.input.text());
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
        let Some(entry) = &mut self.entry else { return };
        if entry.input.key(key) && entry.purpose == Purpose::Find {
            let (wanted, origin) = (entry.input.text(), entry.origin);
            self.go_to_found(&wanted, origin);
        }
    }

    /// Text that is pasted into the line.
    pub(super) fn paste_into_entry(&mut self, text: &str) {
        let Some(entry) = &mut self.entry else { return };
        entry.input.insert(text);
        if entry.purpose == Purpose::Find {
            let (wanted, origin) = (entry.input.text(), entry.origin);
            self.go_to_found(&wanted, origin);
        }
    }

    fn go_to_found(&mut self, wanted: &str, origin: usize) {
        let script = &mut self.tab_mut().script;
        script.go_to(find(&script.editor().text(), wanted, origin).unwrap_or(origin));
        wanted.clone_into(&mut self.wanted);
    }

    /// To the next place of what was looked for last, or with a negative number to the one before.
    pub(super) fn find_again(&mut self, by: isize, out: &mut Outbox) {
        if self.wanted.is_empty() {
            return self.ask(Purpose::Find, "");
        }
        let wanted = self.wanted.clone();
        let script = &mut self.tab_mut().script;
        let (text, offset) = (script.editor().text(), script.editor().offset());
        let found = if by < 0 { find_back(&text, &wanted, offset) } else { find(&text, &wanted, offset + 1) };
        match found {
            Some(at) => script.go_to(at),
            None => out.say(Level::Info, format!("`{wanted}` is not in this text.")),
        }
    }
}

/// A name as it can be shown on one line.
pub(super) fn name(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(NAME).collect()
}
