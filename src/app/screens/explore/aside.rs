//! What the event pane shows instead of the event: a comparison, or the state over time.
//!
//! Owns how they are opened, followed and left, and the marks that choose what is compared.

use super::bounds::Bounds;
use super::comparison::{Comparison, Pair, PreviousValues};
use super::links::Links;
use super::stored;
use super::travel::{PACE, Travel};
use super::{Explore, Pane, Scope};
use crate::app::command::Command;
use crate::app::effect::{Effect, Outbox, Timer};
use crate::app::line::TypedLine;
use crate::app::list::Step;
use crate::app::message::Level;
use crate::app::world::World;

/// What the event pane shows instead of the event.
#[derive(Debug)]
pub enum Aside {
    /// Two events side by side.
    Comparison(Comparison),
    /// The state of a subject over time.
    Travel(Box<Travel>),
}

impl Explore {
    /// The comparison that is shown.
    pub fn comparison(&self) -> Option<&Comparison> {
        match &self.aside {
            Some(Aside::Comparison(comparison)) => Some(comparison),
            _ => None,
        }
    }

    /// The state over time that is shown.
    pub fn travel(&self) -> Option<&Travel> {
        match &self.aside {
            Some(Aside::Travel(travel)) => Some(travel),
            _ => None,
        }
    }

    pub(super) fn travel_mut(&mut self) -> Option<&mut Travel> {
        match &mut self.aside {
            Some(Aside::Travel(travel)) => Some(travel),
            _ => None,
        }
    }

    /// Do a command of the comparison, of time travel, or one that opens them. Gives whether it is one.
    pub(super) fn run_aside(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> bool {
        let in_pane = self.pane == Pane::Event;
        match (command, &self.aside) {
            (Command::Compare, Some(Aside::Comparison(_))) if in_pane => self.leave_aside(world, out),
            (Command::Compare, _) => self.compare(world, out),
            (Command::Travel, Some(Aside::Travel(_))) if in_pane => self.leave_aside(world, out),
            (Command::Travel, _) => self.open_travel(world, out),
            (command, Some(Aside::Travel(_))) if in_pane => return self.run_travel(command, world, out),
            (Command::Copy, Some(Aside::Comparison(comparison))) if in_pane => {
                if let Some(change) = comparison.current() {
                    out.copy(change.value().to_owned(), "the value");
                }
            }
            _ => return false,
        }
        true
    }

    fn run_travel(&mut self, command: Command, world: &World, out: &mut Outbox) -> bool {
        let Some(travel) = self.travel_mut() else { return false };
        match command {
            Command::NextEvent | Command::PreviousEvent => {
                travel.playing = false;
                travel.step(if command == Command::NextEvent { 1 } else { -1 }, world);
            }
            Command::FirstEvent | Command::LastEvent => {
                travel.playing = false;
                travel.go_to_end(command == Command::LastEvent, world);
            }
            Command::Play => {
                travel.play(world);
                if travel.playing {
                    out.push(Effect::Wake(Timer::Play, PACE));
                }
            }
            Command::WhoSet => {
                travel.playing = false;
                match travel.go_to_setter(world) {
                    Some((event, true)) => out.say(Level::Info, format!("Event {} changed it last.", event + 1)),
                    Some((_, false)) => out.say(Level::Info, "This event changed it last."),
                    None => {}
                }
            }
            Command::GoToTime => {
                travel.playing = false;
                travel.ask_time();
            }
            Command::Accept => travel.take_time(world),
            Command::Toggle => travel.toggle(),
            Command::Copy | Command::CopyAll => {
                let (value, what) = match command {
                    Command::Copy => (travel.value(), "the value"),
                    _ => (travel.state(), "the state"),
                };
                match value {
                    Some(value) => out.copy(value, what),
                    None => out.say(Level::Info, "There is no value here."),
                }
            }
            _ => return false,
        }
        self.travelled(world, out);
        true
    }

    /// The place in the history has changed: the list goes there too, and what is not folded yet comes soon.
    fn travelled(&mut self, world: &World, out: &mut Outbox) {
        let Some(travel) = self.travel() else { return };
        let (position, folding) = (travel.position(), travel.folding().is_some());
        if folding {
            out.push(Effect::Wake(Timer::Work, std::time::Duration::ZERO));
        }
        if position.is_some_and(|position| self.events.select_position(position)) {
            self.follow(world, out);
        }
    }

    /// The history is being played and its time has come.
    pub fn play(&mut self, shown: bool, world: &World, out: &mut Outbox) {
        let Some(travel) = self.travel_mut() else { return };
        travel.playing &= shown;
        if travel.played(world) {
            out.push(Effect::Wake(Timer::Play, PACE));
        }
        self.travelled(world, out);
    }

    /// Move the cursor of what is shown instead of the event. Gives whether something is.
    pub(super) fn move_aside(&mut self, step: Step) -> bool {
        match &mut self.aside {
            Some(Aside::Comparison(comparison)) => {
                comparison.list.step(step, comparison.changes.len());
            }
            Some(Aside::Travel(travel)) => travel.move_by(step),
            None => return false,
        }
        true
    }

    fn compare(&mut self, world: &World, out: &mut Outbox) {
        let pair = match (&self.marks.iter().copied().collect::<Vec<_>>()[..], self.events.selected()) {
            ([before, after], _) => Pair::Marked(*before, *after),
            (marks, Some(position)) => {
                if marks.len() > 2 {
                    let text = format!("{} events are marked; two can be compared.", marks.len());
                    out.say(Level::Info, text);
                }
                Pair::of(world, position)
            }
            _ => return,
        };
        self.show_aside(Aside::Comparison(Comparison::new(pair, world)));
    }

    pub(super) fn open_travel(&mut self, world: &mut World, out: &mut Outbox) {
        let Some(position) = self.events.selected() else { return };
        if self.travel_in_own_log(position, world, out) {
            return;
        }
        self.travel_at(position, world, out);
    }

    /// Look at the state at an event of the log on show.
    pub(super) fn travel_at(&mut self, position: usize, world: &World, out: &mut Outbox) {
        match Travel::new(world, position) {
            Some(travel) => {
                self.show_aside(Aside::Travel(Box::new(travel)));
                self.travelled(world, out);
            }
            None => out.say(Level::Warning, "This line is no event; it has no subject."),
        }
    }

    fn show_aside(&mut self, aside: Aside) {
        if self.aside.is_none() {
            self.opened_from = self.pane;
        }
        self.aside = Some(aside);
        self.pane = Pane::Event;
    }

    /// Back to the event: the one that was looked at last, and the pane in which it was opened.
    pub(super) fn leave_aside(&mut self, world: &mut World, out: &mut Outbox) {
        let mut back_to = None;
        if let Some(Aside::Travel(travel)) = &mut self.aside {
            if travel.time.take().is_some() {
                travel.problem = None;
                return;
            }
            let position = travel.position();
            back_to = self.travelled_from.take();
            self.aside = None;
            if let Some(position) = position
                && self.events.selected() != Some(position)
                && !self.events.select_position(position)
            {
                self.show_position(position, world, out);
            }
        }
        self.aside = None;
        self.pane = self.opened_from;
        if let Some(log) = back_to {
            self.turn_to(log, world, out);
        }
        self.follow(world, out);
    }

    /// The event under the cursor is another one: what stands beside it follows.
    pub(super) fn follow_aside(&mut self, position: Option<usize>, world: &World) {
        self.links = position.and_then(|position| Links::of(world, position));
        self.previous_values = position.map(|position| PreviousValues::of(world, position)).unwrap_or_default();
        let Some(position) = position else { return };
        if let Some(Aside::Comparison(comparison)) = &mut self.aside
            && matches!(comparison.pair, Pair::Successive(..))
            && comparison.pair.after() != position
        {
            *comparison = Comparison::new(Pair::of(world, position), world);
        }
    }

    /// The user has gone to another event of the list: time travel goes along, or ends where it is another subject's.
    pub(super) fn lead_aside(&mut self, world: &World) {
        let Some(position) = self.events.selected() else { return };
        if self.travel_mut().is_some_and(|travel| !travel.go_to_position(position, world)) {
            self.aside = None;
        }
    }

    /// The world's events have changed.
    pub(super) fn grow_aside(&mut self, world: &World) {
        let position = self.event.as_ref().map(|(position, _)| *position);
        if self.links.is_some_and(Links::is_open) {
            self.links = position.and_then(|position| Links::of(world, position));
        }
        if let Some(travel) = self.travel_mut() {
            travel.grew(world);
        }
    }

    /// Show an event: its subject in the tree, the event in the list, without a filter or
    /// bounds that could hide it.
    pub(super) fn show_position(&mut self, position: usize, world: &World, out: &mut Outbox) {
        let Some(subject) = stored::subject(&world.log, position).map(str::to_owned) else { return };
        self.events.filter = None;
        self.events.filter_changed(&world.log);
        if let Some(node) = world.tree.find(&subject) {
            self.subjects.reveal(node, &world.tree);
        }
        // The subject may be whole in another log; the event is known to be in this one.
        self.scope_here(Scope::Subject(subject), world, out);
        self.pane = Pane::Events;
        while !self.events.advance(&world.log) {}
        if !self.events.select_position(position) {
            self.events.set_bounds(Bounds::default(), &world.log);
            while !self.events.advance(&world.log) {}
            self.events.select_position(position);
        }
        self.follow(world, out);
    }

    /// Other events are listed: time travel through a subject that is not among them ends.
    pub(super) fn scope_changed(&mut self) {
        let stays = match (self.travel(), self.events.scope()) {
            (None, _) => return,
            (Some(travel), Scope::Subject(subject)) => crate::model::subject::is_under(travel.subject(), subject),
            (Some(_), Scope::Kind(_) | Scope::Trace(_)) => false,
        };
        if !stays {
            self.aside = None;
        }
    }

    /// Whether a time to go to is being typed.
    pub(super) fn types_time(&self) -> bool {
        self.pane == Pane::Event && self.travel().is_some_and(|travel| travel.time.is_some())
    }

    /// The line that is being typed, if one is.
    pub(super) fn field(&mut self) -> Option<&mut TypedLine> {
        if self.types_time() {
            self.travel_mut()?.time.as_mut()
        } else if self.subjects.searching {
            self.subjects.search.as_mut()
        } else {
            self.events.filter.as_mut().filter(|_| self.events.filtering)
        }
    }
}
