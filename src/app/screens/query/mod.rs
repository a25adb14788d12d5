//! Query: GDBQL and its results, in tabs.
//!
//! Owns the tabs and what they have in common. What belongs to one query is [`tab`]'s: its text, its run, its rows.

pub mod columns;
pub mod completion;
mod editing;
pub mod history;
pub mod order;
mod results;
pub mod rows;
pub mod run;
mod running;
pub mod script;
pub mod tab;
pub mod table;
pub mod tabs;
#[cfg(test)]
mod tests;
pub mod view;

use super::{Handled, Screen};
use crate::app::command::{Command, Place};
use crate::app::effect::{Effect, Outbox, Slot, Timer};
use crate::app::key::Key;
use crate::app::message::{Level, Reply};
use crate::app::world::World;
use history::{History, Recall};
use script::EXAMPLE;
use std::time::Duration;
use tab::{Pane, Tab};
use tabs::{MOST, Tabs};

/// The state of the Query screen.
#[derive(Debug)]
pub struct Query {
    tabs: Tabs,
    history: History,
    /// Texts and names of closed tabs, the last one at the end.
    closed: Vec<(String, String)>,
}

/// So many closed tabs can be brought back.
const CLOSED: usize = 20;

impl Default for Query {
    fn default() -> Self {
        let first = Tab { name: name_of(1), ..Tab::default() };
        Self { tabs: Tabs::of(first), history: History::default(), closed: Vec::new() }
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
    }

    /// $EDITOR is done.
    pub fn edited(&mut self, result: Result<String, String>, _world: &mut World, out: &mut Outbox) {
        self.tab_mut().edited(result, out);
    }

    /// A second has passed: the time of a run is on the screen.
    pub fn second(&mut self, out: &mut Outbox) {
        if self.is_running() {
            out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
        }
    }

    /// Go on with the sorting.
    pub fn work(&mut self, out: &mut Outbox) {
        self.tabs.iter_mut().for_each(|tab| tab.work(out));
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
            return out.say(Level::Warning, format!("{MOST} tabs are open. Closing one makes room for another."));
        }
        let tab = self.fresh(name, text);
        self.tabs.open(tab);
    }

    /// Close the tab that is looked at. Its run ends; its text can be brought back.
    fn close_tab(&mut self, out: &mut Outbox) {
        out.cancel(self.tab().slot());
        let bounds = self.tab().bounds;
        let closed = self.tabs.close(|| Tab::new(0, name_of(1), "", bounds));
        let text = closed.script.editor().text();
        if text.trim().is_empty() {
            return;
        }
        out.say(Level::Info, format!("Closed {}. Alt-t brings it back.", closed.name));
        self.closed.push((closed.name, text));
        let above = self.closed.len().saturating_sub(CLOSED);
        self.closed.drain(..above);
    }

    fn reopen_tab(&mut self, out: &mut Outbox) {
        match self.closed.pop() {
            Some((name, text)) => self.open_tab(name, &text, out),
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
    fn run_here(&mut self, command: Command, out: &mut Outbox) -> bool {
        match command {
            Command::NewTab => self.open_tab(self.free_name(), "", out),
            Command::CloseTab => self.close_tab(out),
            Command::ReopenTab => self.reopen_tab(out),
            Command::NextTab => self.tabs.turn(1),
            Command::PreviousTab => self.tabs.turn(-1),
            Command::PreviousItem if self.typing() => self.recall(true, out),
            Command::NextItem if self.typing() => self.recall(false, out),
            _ => return false,
        }
        true
    }
}

impl Screen for Query {
    fn places(&self) -> Vec<Place> {
        self.tab().places()
    }

    fn typing(&self) -> bool {
        self.tab().pane == Pane::Editor
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if self.run_here(command, out) {
            return Handled::Yes;
        }
        if matches!(command, Command::Run | Command::Clean) {
            let tab = self.tabs.current_mut();
            tab.recall = Recall::default();
            self.history.remember(&tab.script.editor().text());
        }
        self.tab_mut().run(command, world, out)
    }

    fn type_key(&mut self, key: Key, _world: &mut World, _out: &mut Outbox) {
        self.tab_mut().type_key(key);
    }

    fn paste(&mut self, text: &str, _world: &mut World, _out: &mut Outbox) {
        self.tab_mut().paste(text);
    }
}
