//! What is done with the lists of queries: opened, searched, taken from; saved queries saved, renamed and removed.

use super::entry::Purpose;
use super::library::{Order, Refusal, Saved, name};
use super::script::fingerprint;
use super::shelf::{Kind, Shelf, Source};
use super::{Query, is_elsewhere};
use crate::app::command::Command;
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::key::Key;
use crate::app::list::step_of;
use crate::app::message::Level;
use crate::app::overlay::{Answer, Question};
use crate::app::screens::{Handled, Wish};
use std::collections::BTreeMap;

/// What is wanted of the folder, to be said and gone on with when it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    order: Order,
    /// The tab that is saved.
    tab: u8,
}

impl Query {
    /// The list that is open.
    pub fn shelf(&self) -> Option<&Shelf> {
        self.shelf.as_ref()
    }

    /// Open a list.
    pub(super) fn open_shelf(&mut self, kind: Kind, out: &mut Outbox) {
        self.tab_mut().completion = None;
        self.shelf = Some(match kind {
            Kind::History => Shelf::history(&self.history),
            Kind::Reference => Shelf::reference(),
            Kind::Library => Shelf::library(&self.own, true),
        });
        if kind == Kind::Library && self.pending.is_none() {
            out.start(Slot::Library, Call::Library(Order::List));
        }
    }

    /// A command while a list is open.
    pub(super) fn run_in_shelf(&mut self, command: Command, out: &mut Outbox) -> Option<Handled> {
        let shelf = self.shelf.as_mut()?;
        if let Some(step) = step_of(command) {
            shelf.list.step(step, shelf.len());
            return Some(Handled::Yes);
        }
        match command {
            Command::Accept => self.take_from_shelf(false, out),
            Command::TakeHere => self.take_from_shelf(true, out),
            Command::Back => self.shelf = None,
            Command::RenameTab => self.ask_to_rename(out),
            Command::Remove => return Some(self.ask_to_remove(out)),
            other if is_elsewhere(other) => return None,
            _ => {}
        }
        Some(Handled::Yes)
    }

    fn take_from_shelf(&mut self, here: bool, out: &mut Outbox) {
        let Some(item) = self.shelf.as_ref().and_then(Shelf::chosen).cloned() else { return };
        self.shelf = None;
        let values = if let Source::Ran(ran) = &item.source { ran.parameters.clone() } else { BTreeMap::new() };
        if here {
            let tab = self.tab_mut();
            tab.put(&item.text);
            tab.parameters.extend(values);
            return out.say(Level::Info, "The text that was here comes back with Ctrl-z.");
        }
        let title = match item.source {
            Source::Own | Source::Starter => item.title.clone(),
            Source::Ran(_) | Source::Topic(..) => self.free_name(),
        };
        self.put(&item.text);
        let tab = self.tab_mut();
        tab.name = title;
        tab.saved_text = Some(tab.script.fingerprint());
        tab.saved_as = (item.source == Source::Own).then_some(item.title);
        tab.parameters = values;
    }

    fn own_chosen(&mut self, out: &mut Outbox) -> Option<Saved> {
        let shelf = self.shelf.as_ref().filter(|shelf| shelf.kind == Kind::Library)?;
        let item = shelf.chosen()?;
        if item.source == Source::Own {
            return Some(Saved { name: item.title.clone(), text: item.text.clone() });
        }
        out.say(Level::Info, "This query comes with gdbx. ⏎ opens it; saved, the copy is yours.");
        None
    }

    fn ask_to_rename(&mut self, out: &mut Outbox) {
        if let Some(saved) = self.own_chosen(out) {
            self.ask(Purpose::RenameSaved, &saved.name);
        }
    }

    fn ask_to_remove(&mut self, out: &mut Outbox) -> Handled {
        let Some(saved) = self.own_chosen(out) else { return Handled::Yes };
        self.doomed = Some(saved.name.clone());
        Handled::Wish(Wish::Ask(Question {
            title: "Remove the saved query?".into(),
            lines: vec![format!("Its file, {}.gdbql, goes away.", saved.name)],
            yes: Answer::RemoveQuery,
            dangerous: true,
        }))
    }

    /// The saved query that was asked about may go.
    pub fn remove_saved(&mut self, out: &mut Outbox) {
        if let Some(name) = self.doomed.take() {
            self.order(Order::Remove(name), out);
        }
    }

    /// Another name for the saved query that is chosen.
    pub(super) fn rename_saved(&mut self, typed: &str, out: &mut Outbox) {
        let Some(to) = name(typed) else { return };
        if let Some(saved) = self.own_chosen(out).filter(|saved| saved.name != to) {
            self.order(Order::Rename { from: saved.name, to }, out);
        }
    }

    /// Ask under which name the tab is to be saved.
    pub(super) fn ask_to_save(&mut self, out: &mut Outbox) {
        if self.tab().script.editor().text().trim().is_empty() {
            return out.say(Level::Info, "There is nothing to save.");
        }
        let offered = self.tab().saved_as.clone().unwrap_or_else(|| self.tab().name.clone());
        self.ask(Purpose::SaveAs, &offered);
    }

    /// Save the tab. Under the name that it has already, that needs no question.
    pub(super) fn save_as(&mut self, typed: &str, out: &mut Outbox) {
        let Some(name) = name(typed) else {
            return out.say(Level::Warning, "No file can have this name. It is not saved.");
        };
        let tab = self.tab();
        let replace = tab.saved_as.as_ref() == Some(&name);
        let query = Saved { name, text: tab.script.editor().text() };
        self.order(Order::Save { query, replace }, out);
    }

    fn order(&mut self, order: Order, out: &mut Outbox) {
        self.pending = Some(Pending { order: order.clone(), tab: self.tab().number });
        out.start(Slot::Library, Call::Library(order));
    }

    /// The folder has answered. Gives what is to be asked because of it.
    pub fn told_library(&mut self, result: Result<Vec<Saved>, Refusal>, out: &mut Outbox) -> Option<Question> {
        let pending = self.pending.take();
        let renamed = match &pending {
            Some(Pending { order: Order::Rename { to, .. }, .. }) => Some(to.clone()),
            _ => None,
        };
        match result {
            Ok(own) => {
                self.own = own;
                if let Some(pending) = pending {
                    self.carried_out(pending, out);
                }
            }
            Err(Refusal::Exists) => return self.exists(pending?, out),
            Err(Refusal::Failed(why)) => out.say(Level::Error, format!("The saved queries: {why}.")),
        }
        if let Some(shelf) = self.shelf.as_mut().filter(|shelf| shelf.kind == Kind::Library) {
            shelf.renew(&self.own, renamed.as_deref());
        }
        None
    }

    fn carried_out(&mut self, Pending { order, tab }: Pending, out: &mut Outbox) {
        match order {
            Order::List => {}
            Order::Save { query, .. } => {
                out.say(Level::Info, format!("Saved as {}. Alt-o lists the saved queries.", query.name));
                if let Some((tab, _)) = self.tabs.find_mut(tab) {
                    tab.name.clone_from(&query.name);
                    tab.saved_text = Some(fingerprint(&query.text));
                    tab.saved_as = Some(query.name);
                }
            }
            Order::Rename { from, to } => {
                out.say(Level::Info, format!("{from} is called {to} now."));
                for tab in self.tabs.iter_mut().filter(|tab| tab.saved_as.as_ref() == Some(&from)) {
                    tab.name.clone_from(&to);
                    tab.saved_as = Some(to.clone());
                }
            }
            Order::Remove(name) => {
                out.say(Level::Info, format!("Removed {name}."));
                self.tabs
                    .iter_mut()
                    .filter(|tab| tab.saved_as.as_ref() == Some(&name))
                    .for_each(|tab| tab.saved_as = None);
            }
        }
    }

    fn exists(&mut self, pending: Pending, out: &mut Outbox) -> Option<Question> {
        match &pending.order {
            Order::Save { query, .. } => {
                let lines = vec![format!("There is a saved query {} already. Its file is written over.", query.name)];
                self.pending = Some(pending);
                Some(Question {
                    title: "Replace the saved query?".into(),
                    lines,
                    yes: Answer::ReplaceQuery,
                    dangerous: true,
                })
            }
            Order::Rename { to, .. } => {
                out.say(Level::Warning, format!("There is a saved query {to} already. Nothing was renamed."));
                None
            }
            Order::List | Order::Remove(_) => None,
        }
    }

    /// The saved query of that name may be written over.
    pub fn replace_saved(&mut self, out: &mut Outbox) {
        if let Some(Pending { order: Order::Save { query, .. }, .. }) = self.pending.take() {
            self.order(Order::Save { query, replace: true }, out);
        }
    }

    /// A key for what is typed to find something.
    pub(super) fn type_into_shelf(&mut self, key: Key) {
        if let Some(shelf) = &mut self.shelf
            && shelf.input.key(key)
        {
            shelf.search();
        }
    }

    /// Text that is pasted there.
    pub(super) fn paste_into_shelf(&mut self, text: &str) {
        if let Some(shelf) = &mut self.shelf {
            shelf.input.insert(text);
            shelf.search();
        }
    }
}
