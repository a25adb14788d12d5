//! What Explore does with commands, keys and pasted text. Owns no state.

use super::aside::Aside;
use super::{Explore, PANES, Pane};
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::list::Step;
use crate::app::list::step_of;
use crate::app::screens::{Handled, Screen, Wish};
use crate::app::world::World;

impl Screen for Explore {
    fn places(&self) -> Vec<Place> {
        if self.shape.is_some() {
            return vec![Place::Shape, Place::Moves];
        }
        if let Some(prompt) = &self.prompt {
            return vec![prompt.place(), Place::Line];
        }
        if self.typing() {
            return vec![Place::Field, Place::Line];
        }
        let place = match (self.pane, &self.aside) {
            (Pane::Tree, _) => return self.places_of_list(Place::Tree),
            (Pane::Types, _) => return self.places_of_list(Place::Types),
            (Pane::Events, _) if self.is_tracing() && self.events.filter.is_none() => {
                return [&[Place::Trace], &self.places_of_list(Place::Events)[..]].concat();
            }
            (Pane::Events, _) => return self.places_of_list(Place::Events),
            (Pane::Event, Some(Aside::Comparison(_))) => Place::Comparison,
            (Pane::Event, Some(Aside::Travel(_))) => Place::Travel,
            (Pane::Event, None) => {
                let here = self.event.as_ref().map_or(&[Place::Event, Place::Moves][..], |(_, view)| view.places());
                // While a text is looked for in the event, its keys come first; then those of the list's filter.
                return if here.contains(&Place::EventSearch) {
                    [here, &[Place::History]].concat()
                } else if self.events.is_searched() {
                    [&[Place::Matches, Place::History], here].concat()
                } else {
                    [&[Place::History], here].concat()
                };
            }
        };
        vec![place, Place::Moves]
    }

    fn typing(&self) -> bool {
        let field = self.prompt.is_some()
            || self.subjects.searching
            || self.events.filtering
            || self.types_time()
            || self.is_finding();
        self.shape.is_none() && field
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if let Some(handled) = self.run_in_shape(command, world, out) {
            return handled;
        }
        if let Some(handled) = self.run_in_prompt(command, world, out) {
            return handled;
        }
        if self.aside.is_none()
            && let Some((_, view)) = self.event.as_mut().filter(|_| self.pane == Pane::Event)
            && view.run(command, out)
        {
            return Handled::Yes;
        }
        if let Some(step) = step_of(command) {
            self.move_by(step, world, out);
            return Handled::Yes;
        }
        if self.run_aside(command, world, out) {
            return Handled::Yes;
        }
        if let Some(handled) = self.run_list(command, world, out) {
            return handled;
        }
        if self.run_loading(command, world, out) {
            return Handled::Yes;
        }
        match command {
            Command::Trace => self.trace_current(world, out),
            Command::InspectShape => self.inspect_current(world, out),
            Command::Accept => self.stop_typing(),
            Command::Back => {
                if !self.back(world, out) {
                    return Handled::No;
                }
            }
            Command::NextPane => self.turn_pane(1, world, out),
            Command::PreviousPane => self.turn_pane(PANES.len() - 1, world, out),
            Command::Open => self.open(world, out),
            Command::Filter => self.filter(),
            Command::Expand | Command::Right => self.fold(true, world, out),
            Command::Fold | Command::Left => self.fold(false, world, out),
            Command::ExpandAll => {
                if let Some(node) = self.subjects.selected() {
                    self.subjects.unfold_all(node, &world.tree);
                }
            }
            Command::FoldAll if self.pane == Pane::Tree => self.subjects.fold_all(&world.tree),
            Command::Sort if self.pane == Pane::Tree => {
                self.subjects.sort = self.subjects.sort.next();
                self.subjects.refresh(&world.tree);
            }
            Command::Sort => self.events.turn(),
            Command::NextEvent | Command::PreviousEvent => {
                self.events.step(Step::By(if command == Command::NextEvent { 1 } else { -1 }));
                self.lead_aside(world);
                self.follow(world, out);
            }
            Command::Copy => self.copy(false, world, out),
            Command::CopyAll => self.copy(true, world, out),
            Command::Reload => return Handled::Wish(Wish::LoadNew),
            Command::QueryHere => return Handled::Wish(Wish::Query(self.question(world))),
            Command::CommitHere => return Handled::Wish(Wish::Draft(self.draft(world))),
            Command::WatchHere => return Handled::Wish(Wish::Watch(self.watched(world))),
            Command::WatchToo => return Handled::Wish(Wish::WatchToo(self.watched(world))),
            Command::WatchFrom => {
                return self.watched_from(world).map_or(Handled::Yes, Handled::Wish);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn type_key(&mut self, key: Key, world: &mut World, out: &mut Outbox) {
        if let Some(prompt) = &mut self.prompt {
            if prompt.field().key(key) {
                self.prompted(world, out);
            }
            return;
        }
        if let Some(view) = self.finding() {
            return view.type_key(key, out);
        }
        if self.field().is_some_and(|field| field.key(key)) {
            self.typed(world, out);
        }
    }

    fn paste(&mut self, text: &str, world: &mut World, out: &mut Outbox) {
        if let Some(prompt) = &mut self.prompt {
            prompt.field().insert(text);
            return self.prompted(world, out);
        }
        if let Some(view) = self.finding() {
            return view.paste(text, out);
        }
        if let Some(field) = self.field() {
            field.insert(text);
            self.typed(world, out);
        }
    }
}
