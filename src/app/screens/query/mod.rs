//! Query: GDBQL and its results, in tabs.
//!
//! Owns the tabs and what they have in common. What belongs to one query is [`tab`]'s: its text, its run, its rows.

pub mod bits;
pub mod changes;
pub mod column_list;
pub mod columns;
pub mod completion;
mod editing;
mod entering;
pub mod entry;
pub mod explanation;
mod exporting;
pub mod face;
pub mod filter;
pub mod filtering;
pub mod history;
pub mod known;
pub mod layout;
pub mod library;
pub mod order;
pub mod picture;
pub mod prompt;
mod results;
pub mod run;
mod running;
pub mod script;
mod session;
pub mod shelf;
mod shelving;
mod sort_key;
pub mod tab;
pub mod table;
pub mod tabs;
#[cfg(test)]
mod tests;
pub mod values;
pub mod verdict;
pub mod view;
pub mod watch;
mod watching;

use super::{Handled, Screen};
use crate::app::command::{Command, Place};
use crate::app::desk::SavedTab;
use crate::app::effect::{Effect, Outbox, Slot, Timer};
use crate::app::export::ExportFailure;
use crate::app::export::dialog::ExportDialog;
use crate::app::key::Key;
use crate::app::message::{Level, Reply};
use crate::app::overlay::Question;
use crate::app::world::World;
use entry::{Entry, Purpose};
use history::{History, Recall};
use library::Saved;
use run::End;
use script::EXAMPLE;
use session::{Keeping, replaced, saved};
use shelf::{Kind, Shelf};
use shelving::Pending;
use std::time::Duration;
use tab::{Pane, Tab};
use tabs::{MOST, Tabs};
use values::Form;

/// The state of the Query screen.
#[derive(Debug)]
pub struct Query {
    tabs: Tabs,
    history: History,
    /// The closed tabs, the last one at the end.
    closed: Vec<SavedTab>,
    keeping: Keeping,
    /// The line that is being typed below the text.
    entry: Option<Entry>,
    /// The text that will be checked: the tab's number and the version.
    checks: Option<(u8, u64)>,
    /// What was looked for last.
    wanted: String,
    /// The form of parameters that is open.
    form: Option<Form>,
    /// The list that is open.
    shelf: Option<Shelf>,
    /// The saved queries, as last read.
    own: Vec<Saved>,
    /// What the folder of saved queries was asked for.
    pending: Option<Pending>,
    /// The saved query of which was asked whether it may go.
    doomed: Option<String>,
}

/// So long nothing is typed before a long text is checked.
const CHECKED_AFTER: Duration = Duration::from_millis(150);

/// So many closed tabs can be brought back.
const CLOSED: usize = 20;

impl Default for Query {
    fn default() -> Self {
        let first = Tab { name: name_of(1), ..Tab::default() };
        Self {
            tabs: Tabs::of(first),
            history: History::default(),
            closed: Vec::new(),
            keeping: Keeping::default(),
            entry: None,
            checks: None,
            wanted: String::new(),
            form: None,
            shelf: None,
            own: Vec::new(),
            pending: None,
            doomed: None,
        }
    }
}

fn name_of(number: usize) -> String {
    format!("query {number}")
}

impl Query {
    /// The tab that is looked at.
    pub fn tab(&self) -> &Tab {
        self.tabs.current()
    }

    /// The tab that is looked at.
    pub fn tab_mut(&mut self) -> &mut Tab {
        self.tabs.current_mut()
    }

    /// All tabs.
    pub fn tabs(&self) -> &Tabs {
        &self.tabs
    }

    /// Put a query into a tab of its own. A tab in which nothing was written yet is taken for it; so is the one that is
    /// looked at when there is no room for another: what was there is an entry of the history then.
    pub fn put(&mut self, text: &str) {
        let before = self.tab().script.editor().text();
        let untouched = before.trim().is_empty() || before == EXAMPLE;
        if untouched || self.tabs.count() >= MOST {
            if !untouched {
                self.history.remember(&before);
            }
            self.tab_mut().put(text);
        } else {
            let tab = self.fresh(self.free_name(), text);
            self.tabs.open(tab);
        }
    }

    /// An answer to the run of one of the tabs came.
    pub fn told(&mut self, slot: Slot, reply: Reply, world: &mut World, out: &mut Outbox) {
        let Slot::Query(number) = slot else { return };
        let Some((tab, current)) = self.tabs.find_mut(number) else { return };
        let earlier = out.take_said();
        tab.told(reply, world, out);
        let said = out.take_said();
        earlier.into_iter().for_each(|(level, text)| out.say(level, text));
        // What is said of a tab that is not looked at names it.
        let of = |text: String| if current { text } else { format!("{}: {text}", tab.name) };
        said.into_iter().for_each(|(level, text)| out.say(level, of(text)));
        if !self.is_running() {
            self.wake_for_watch(world, out);
        }
    }

    /// Have a long text checked once nothing is typed for a moment.
    pub fn check_later(&mut self, out: &mut Outbox) {
        let script = &self.tab().script;
        let now = (self.tab().number, script.version());
        if script.is_unchecked() && self.checks != Some(now) {
            self.checks = Some(now);
            out.push(Effect::Wake(Timer::Check, CHECKED_AFTER));
        }
    }

    /// Nothing is typed for a moment: the long texts that have changed are checked.
    pub fn check(&mut self) {
        self.checks = None;
        self.tabs.iter_mut().filter(|tab| tab.script.is_unchecked()).for_each(|tab| tab.script.check());
    }

    /// $EDITOR is done.
    pub fn edited(&mut self, result: Result<String, String>, _world: &mut World, out: &mut Outbox) {
        self.tab_mut().edited(result, out);
    }

    /// A second has passed: the time of a run is on the screen.
    pub fn second(&mut self, world: &World, out: &mut Outbox) {
        self.tabs.iter_mut().for_each(|tab| tab.second(world, out));
        // A watched query tells the seconds to its next run.
        if self.is_running() || self.tab().watch.is_some() {
            out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
        }
    }

    /// Go on with the sorting.
    pub fn work(&mut self, world: &World, out: &mut Outbox) {
        self.tabs.iter_mut().for_each(|tab| tab.work(world, out));
    }

    /// Begin the runs of watched queries that are due, and ask to be woken for the next.
    pub fn watch(&mut self, world: &World, out: &mut Outbox) {
        self.tabs.iter_mut().for_each(|tab| tab.watch_due(world, out));
        self.wake_for_watch(world, out);
    }

    /// One timer serves all tabs: it is for the run that is due first.
    fn wake_for_watch(&self, world: &World, out: &mut Outbox) {
        if let Some(due) = self.tabs.iter().filter_map(Tab::next_run).min() {
            out.push(Effect::Wake(Timer::Watch, due.saturating_sub(world.now.since_start)));
        }
    }

    /// The picture of a tab was saved, or was not. Gives what is to be asked because of it.
    pub fn saved(&mut self, slot: Slot, result: Result<u64, ExportFailure>, out: &mut Outbox) -> Option<Question> {
        let Slot::Picture(number) = slot else { return None };
        self.tabs.find_mut(number)?.0.saved(result, out)
    }

    /// The file that is there already may go.
    pub fn replace_picture(&mut self, out: &mut Outbox) {
        self.tab_mut().replace_picture(out);
    }

    /// Ask again for a file that could not be written.
    pub fn ask_path_again(&mut self, tab: u8, dialog: ExportDialog) {
        if let Some((tab, _)) = self.tabs.find_mut(tab) {
            tab.ask_path_again(dialog);
        }
    }

    /// The dialog of a tab is done with.
    pub fn close_path(&mut self, tab: u8) {
        if let Some((tab, _)) = self.tabs.find_mut(tab) {
            tab.export = None;
        }
    }

    /// Whether a run is under way.
    pub fn is_running(&self) -> bool {
        self.tabs.iter().any(Tab::is_running)
    }

    /// A name that no tab has.
    fn free_name(&self) -> String {
        let taken = |name: &str| self.tabs.iter().any(|tab| tab.name == name);
        (1..).map(name_of).find(|name| !taken(name)).unwrap_or_default()
    }

    fn fresh(&self, name: String, text: &str) -> Tab {
        Tab::new(self.tabs.free_number(), name, text, self.tab().bounds)
    }

    fn open_tab(&mut self, name: String, text: &str, out: &mut Outbox) {
        if self.tabs.count() >= MOST {
            return self.no_room(out);
        }
        let tab = self.fresh(name, text);
        self.tabs.open(tab);
    }

    fn no_room(&self, out: &mut Outbox) {
        out.say(Level::Warning, format!("{MOST} tabs are open. Closing one makes room for another."));
    }

    /// Close the tab that is looked at. Its run ends; its text can be brought back.
    fn close_tab(&mut self, world: &World, out: &mut Outbox) {
        if self.tab().is_running() {
            out.cancel(self.tab().slot());
            self.tab_mut().end(End::Cancelled, world, out);
            self.note_runs(world, out);
        }
        let bounds = self.tab().bounds;
        let closed = self.tabs.close(|| Tab::new(0, name_of(1), "", bounds));
        self.put_aside(replaced(&closed).filter(|tab| !self.history.has_run(&tab.text)));
        if closed.script.editor().text().trim().is_empty() {
            return;
        }
        out.say(Level::Info, format!("Closed {}. Alt-t brings it back.", closed.name));
        self.put_aside(Some(saved(&closed)));
    }

    /// Keep what stands in no tab any more with the closed tabs.
    fn put_aside(&mut self, tab: Option<SavedTab>) {
        self.closed.extend(tab);
        let above = self.closed.len().saturating_sub(CLOSED);
        self.closed.drain(..above);
    }

    fn reopen_tab(&mut self, out: &mut Outbox) {
        match self.closed.pop() {
            Some(saved) if self.tabs.count() < MOST => {
                let tab = self.restored(self.tabs.free_number(), saved);
                self.tabs.open(tab);
            }
            Some(saved) => {
                self.closed.push(saved);
                self.no_room(out);
            }
            None => out.say(Level::Info, "No tab was closed."),
        }
    }

    fn recall(&mut self, back: bool, out: &mut Outbox) {
        let Tab { script, recall, .. } = self.tabs.current_mut();
        let (current, history) = (script.editor().text(), &mut self.history);
        match if back { history.back(recall, &current) } else { history.forward(recall, &current) } {
            Some(text) => script.replace(&text),
            None if back => out.say(Level::Info, "No earlier query was run."),
            None => out.say(Level::Info, "This is your latest text."),
        }
    }

    /// A command that concerns more than one tab. Gives `false` when it does not.
    fn run_here(&mut self, command: Command, world: &World, out: &mut Outbox) -> bool {
        match command {
            Command::NewTab => self.open_tab(self.free_name(), "", out),
            Command::CloseTab => self.close_tab(world, out),
            Command::ReopenTab => self.reopen_tab(out),
            Command::RenameTab => {
                let name = self.tab().name.clone();
                self.ask(Purpose::Rename, &name);
            }
            Command::SaveQuery => self.ask_to_save(out),
            Command::History => self.open_shelf(Kind::History, out),
            Command::Library => self.open_shelf(Kind::Library, out),
            Command::Reference => self.open_shelf(Kind::Reference, out),
            Command::Find if self.typing() => self.ask(Purpose::Find, &self.wanted.clone()),
            Command::NextMatch if self.typing() => self.find_again(1, out),
            Command::NextTab => self.tabs.turn(1),
            Command::PreviousTab => self.tabs.turn(-1),
            Command::PreviousItem if self.typing() => self.recall(true, out),
            Command::NextItem if self.typing() => self.recall(false, out),
            _ => return false,
        }
        true
    }

    /// Whether a command sends the query under the cursor.
    fn wants_values(&self, command: Command) -> bool {
        let tab = self.tab();
        match command {
            Command::Run | Command::RunAll | Command::TryQuery => true,
            Command::Watch => tab.watch.is_none(),
            Command::Explain => tab.pane == Pane::Editor,
            _ => false,
        }
    }

    /// Run every query of the text at the same time: the one under the cursor here, the others in tabs of their own, which
    /// they keep when they are run again.
    fn run_all(&mut self, world: &World, out: &mut Outbox) {
        let (here, script) = (self.tab().number, &self.tab().script);
        let under_cursor = script.statement().map(|(at, _)| at);
        let text = script.editor().text();
        let others = script.ranges().iter().enumerate().filter(|(at, _)| Some(*at) != under_cursor);
        let others: Vec<String> =
            others.filter_map(|(_, range)| text.get(range.clone())).map(|query| query.trim().to_owned()).collect();
        let values = self.tab().parameters.clone();
        for query in others {
            let known = self.tabs.iter().position(|tab| tab.script.editor().text() == query);
            match known {
                Some(at) => self.tabs.go_to(at),
                None if self.tabs.count() < MOST => {
                    let tab = Tab { parameters: values.clone(), ..self.fresh(self.free_name(), &query) };
                    self.tabs.open(tab);
                }
                None => {
                    self.no_room(out);
                    break;
                }
            }
            self.run_in_tab(Command::Run, world, out);
        }
        let here = self.tabs.iter().position(|tab| tab.number == here).unwrap_or(0);
        self.tabs.go_to(here);
        self.run_in_tab(Command::Run, world, out);
    }

    /// A command of the tab that is looked at.
    fn run_in_tab(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        if command == Command::RunAll {
            self.run_all(world, out);
            return Handled::Yes;
        }
        if matches!(command, Command::Run | Command::Clean) {
            self.put_aside(replaced(self.tab()).filter(|tab| !self.history.has_run(&tab.text)));
            let tab = self.tabs.current_mut();
            tab.recall = Recall::default();
            let text = match command {
                Command::Run => tab.script.to_remember(),
                _ => tab.script.editor().text(),
            };
            self.history.remember(&text);
            if command == Command::Run && tab.is_running() {
                tab.end(End::Cancelled, world, out);
                self.note_runs(world, out);
            }
        }
        self.tab_mut().run(command, world, out)
    }
}

/// Whether a command is for what lies over the screen or beside it: what is being typed is left as it is.
fn is_elsewhere(command: Command) -> bool {
    let over = [Command::Help, Command::Palette, Command::Messages, Command::Redraw, Command::Quit];
    over.contains(&command) || super::ScreenId::of(command).is_some()
}

impl Screen for Query {
    fn places(&self) -> Vec<Place> {
        if self.entry.is_some() {
            return vec![Place::Field, Place::Line, Place::Editor];
        }
        if self.form.is_some() {
            return vec![Place::Values, Place::Field, Place::Line];
        }
        if let Some(shelf) = &self.shelf {
            let inside = if shelf.kind == Kind::Library { vec![Place::Library] } else { Vec::new() };
            return [inside, vec![Place::Shelf, Place::Field, Place::Line]].concat();
        }
        self.tab().places()
    }

    fn typing(&self) -> bool {
        let asks = self.entry.is_some() || self.form.is_some() || self.shelf.is_some();
        asks || self.tab().typing()
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if self.run_in_entry(command, out) {
            return Handled::Yes;
        }
        if let Some(handled) = self.run_in_form(command, world, out).or_else(|| self.run_in_shelf(command, out)) {
            return handled;
        }
        if self.form.is_some() || self.shelf.is_some() {
            return Handled::No;
        }
        if self.run_here(command, world, out) || (self.wants_values(command) && self.ask_for_values(command)) {
            return Handled::Yes;
        }
        self.run_in_tab(command, world, out)
    }

    fn type_key(&mut self, key: Key, world: &mut World, out: &mut Outbox) {
        match (&self.entry, &self.form, &self.shelf) {
            (Some(_), _, _) => self.type_into_entry(key),
            (_, Some(_), _) => self.type_into_form(key),
            (_, _, Some(_)) => self.type_into_shelf(key),
            _ => self.tab_mut().type_key(key, world, out),
        }
    }

    fn paste(&mut self, text: &str, world: &mut World, out: &mut Outbox) {
        match (&self.entry, &self.form, &self.shelf) {
            (Some(_), _, _) => self.paste_into_entry(text),
            (_, Some(_), _) => self.paste_into_form(text),
            (_, _, Some(_)) => self.paste_into_shelf(text),
            _ => self.tab_mut().paste(text, world, out),
        }
    }
}
