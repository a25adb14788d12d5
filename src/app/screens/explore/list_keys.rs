//! What Explore does with the commands of the list: matches, columns, times, marks, bounds. Owns no state.

use super::bounds::Bounds;
use super::columns::field;
use super::{Explore, Pane, stored};
use crate::app::command::Command;
use crate::app::effect::{Effect, Outbox, Timer};
use crate::app::message::Level;
use crate::app::screens::Handled;
use crate::app::world::World;

impl Explore {
    /// Do a command of the list. `None` when it is none.
    pub(super) fn run_list(&mut self, command: Command, world: &World, out: &mut Outbox) -> Option<Handled> {
        match command {
            Command::NextMatch => self.step_match(true, world, out),
            Command::PreviousMatch => self.step_match(false, world, out),
            Command::ShowAll => self.show_all(world, out),
            Command::TimeStyle => {
                self.columns.time = self.columns.time.next();
                self.work(world, out);
            }
            Command::Column if self.pane == Pane::Event => self.turn_column(out),
            Command::Column => self.ask_field(world),
            Command::GoTo => self.ask_place(),
            Command::Export => return Some(self.ask_path(world, out)),
            Command::Mark => self.mark(),
            Command::MarkRange => self.mark_range(out),
            Command::Unmark => self.unmark(),
            Command::FromHere | Command::UpToHere | Command::Latest | Command::Unbound => {
                self.bound(command, world, out);
            }
            _ => return None,
        }
        Some(Handled::Yes)
    }

    /// Go to the next place at which the filter matches, or to the one before: from event to event in the list, and
    /// inside the event where it has the focus.
    fn step_match(&mut self, forward: bool, world: &World, out: &mut Outbox) {
        let in_event = self.pane == Pane::Event && self.aside.is_none();
        if in_event && self.event.as_mut().is_some_and(|(_, view)| view.step_mark(forward)) {
            return;
        }
        if !self.events.is_searched() {
            return out
                .say(Level::Info, "Nothing is looked for. / filters the events; n then goes from match to match.");
        }
        if !self.events.step_match(forward) {
            let text = if forward { "No match comes after this one." } else { "No match comes before this one." };
            return out.say(Level::Info, text);
        }
        self.lead_aside(world);
        self.follow(world, out);
        if in_event && let Some((_, view)) = &mut self.event {
            view.step_mark(forward);
        }
    }

    fn show_all(&mut self, world: &World, out: &mut Outbox) {
        if self.events.probe().is_none() || self.is_tracing() {
            return out
                .say(Level::Info, "All events are listed. With a filter (/), f shows the others between its matches.");
        }
        self.events.toggle_all(&world.log);
        self.search_anew(world, out);
    }

    /// Give the value under the cursor a column, or take its column away.
    fn turn_column(&mut self, out: &mut Outbox) {
        let here = self.event.as_ref().filter(|(_, view)| !view.raw && self.aside.is_none());
        let path = here.and_then(|(_, view)| field(&view.path(view.list.selected())));
        match path {
            Some(path) => self.toggle_column(path, out),
            None => out.say(Level::Warning, "Put the cursor on a value of the event; C makes a column of it."),
        }
    }

    /// Give a field a column, or take its column away.
    pub(super) fn toggle_column(&mut self, path: crate::model::path::Path, out: &mut Outbox) {
        let name = path.to_string();
        match self.columns.toggle(path) {
            Some(true) => out.say(Level::Info, format!("{name} is a column now; C again takes it away.")),
            Some(false) => out.say(Level::Info, format!("{name} is no column any more.")),
            None => out.say(Level::Warning, "There are as many columns as there can be; C takes one away."),
        }
    }

    fn bound(&mut self, command: Command, world: &World, out: &mut Outbox) {
        let (bounds, here) = (self.events.bounds(), self.events.selected());
        let bounds = match command {
            Command::FromHere if here.is_some() => Bounds { from: here, ..bounds },
            Command::UpToHere if here.is_some() => Bounds { to: here, ..bounds },
            Command::Latest => Bounds { latest: !bounds.latest, ..bounds },
            Command::Unbound => Bounds::default(),
            _ => return,
        };
        self.events.set_bounds(bounds, &world.log);
        self.search_anew(world, out);
    }

    /// Where times are told by how long ago they are: come back when they look different.
    pub(super) fn age(&mut self, world: &World, out: &mut Outbox) {
        let last = world.log.end().checked_sub(1).and_then(|last| stored::time(&world.log, last));
        if !self.is_ageing
            && let Some(after) = self.columns.next_age(last, world.now.wall)
        {
            self.is_ageing = true;
            out.push(Effect::Wake(Timer::Ages, after));
        }
    }

    /// Ages look different.
    pub fn grow_old(&mut self, world: &World, out: &mut Outbox) {
        self.is_ageing = false;
        self.age(world, out);
    }
}
