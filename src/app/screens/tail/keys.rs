//! What the keys do on the Tail screen.

use super::overview::Item;
use super::prompt::{Asked, Prompt};
use super::subject_field::SubjectField;
use super::{Pane, Tail};
use crate::app::command::{Command, Place};
use crate::app::effect::{From, Outbox};
use crate::app::key::Key;
use crate::app::line::TypedLine;
use crate::app::list::step_of;
use crate::app::screens::{Handled, Screen, Visit, Wish};
use crate::app::world::World;

impl Tail {
    /// What the overview does with a command.
    fn run_in_overview(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> bool {
        let Some(item) = self.overview.as_ref().and_then(|overview| overview.selected().cloned()) else { return false };
        let end = self.received.log.end();
        match (command, item) {
            (Command::Toggle, Item::Kind(kind)) => {
                self.lines.kinds.toggle(kind);
                self.lines.kinds_changed(out);
            }
            (Command::Only, Item::Kind(kind)) => {
                self.lines.kinds.only(kind);
                self.lines.kinds_changed(out);
            }
            (Command::Toggle, Item::Talker(subject, _)) => self.watch(&subject, world, out),
            (Command::AddSubject, Item::Talker(subject, _)) => self.add(&subject, world, out),
            (Command::Bell, Item::Rule(index)) => {
                self.rules.change(index, end, out, |rule| rule.bell = !rule.bell);
            }
            (Command::Toggle | Command::PauseAt, Item::Rule(index)) => {
                self.rules.change(index, end, out, |rule| rule.pause = !rule.pause);
            }
            (Command::Remove, Item::Rule(index)) => self.rules.remove(index, end, out),
            (Command::Remove, Item::Lane(number)) => self.remove_lane(number, world, out),
            (Command::Toggle | Command::Only | Command::Bell | Command::PauseAt | Command::Remove, _) => {}
            _ => return false,
        }
        self.refresh_overview(world);
        self.work(world, out);
        true
    }

    /// The commands that change what is watched, pointed out or recorded.
    fn run_watching(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> bool {
        let subject = self.lanes.first().map_or("/", |lane| lane.subject.as_str());
        match command {
            Command::Sort => {
                let field = SubjectField::new(subject, &world.tree);
                self.prompt = Some(Prompt::Subject { field, add: false });
            }
            Command::AddSubject => {
                let field = SubjectField::new("/", &world.tree);
                self.prompt = Some(Prompt::Subject { field, add: true });
            }
            Command::FromStart => self.begin_again(|_| From::Start, world, out),
            Command::FromEvent => self.begin_here(world, out),
            Command::GoToTime => self.prompt = Some(Prompt::line(Asked::From, "")),
            Command::Highlight => self.prompt = Some(Prompt::line(Asked::Highlight, "")),
            Command::Record => self.record(out),
            Command::SyncRecord => self.sync_record(out),
            Command::Overview => self.turn_overview(world),
            Command::Clear => self.clear(out),
            Command::Reload => self.connect_now(out),
            _ => return false,
        }
        true
    }

    /// The ID of the event that is shown whole, else of the one under the cursor.
    fn id(&self) -> Option<String> {
        match &self.opened {
            Some(opened) if self.pane == Pane::Event => opened.id.clone(),
            _ => {
                let position = self.lines.event(&self.received)?;
                Some(self.received.log.line(position)?.event().ok()?.id.into_owned())
            }
        }
    }

    /// What another screen is to show.
    fn wish(&self, command: Command) -> Option<Handled> {
        let wish = match command {
            Command::Trace => self.event().and_then(|opened| {
                let value = opened.view.value(opened.view.current()?);
                Some(Wish::Trace(value.to_owned()))
            }),
            Command::InspectShape => self.event().and_then(|opened| opened.kind.clone().map(Wish::ShowShape)),
            Command::ShowEvent => self.id().map(|id| Wish::Visit(Visit::of(id))),
            Command::Travel => self.id().map(|id| Wish::Visit(Visit { travels: true, ..Visit::of(id) })),
            Command::CommitHere => Some(Wish::Draft(self.draft())),
            _ => return None,
        };
        Some(wish.map_or(Handled::Yes, Handled::Wish))
    }
}

impl Screen for Tail {
    fn places(&self) -> Vec<Place> {
        if self.typing() {
            return vec![Place::Field, Place::Line];
        }
        match (self.pane, &self.opened) {
            (Pane::List, _) => vec![Place::Tail, Place::Moves],
            (Pane::Overview, _) => vec![Place::TailOverview, Place::Moves],
            (Pane::Event, Some(opened)) => {
                let mut places = opened.view.places().to_vec();
                let at = places.iter().position(|place| *place == Place::Event).map_or(places.len(), |at| at + 1);
                places.insert(at, Place::TailEvent);
                places
            }
            (Pane::Event, None) => vec![Place::Event, Place::Moves],
        }
    }

    fn typing(&self) -> bool {
        self.prompt.is_some() || self.lines.filtering || self.is_finding()
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if let Some(view) = self.event_mut()
            && view.run(command, out)
        {
            return Handled::Yes;
        }
        if let Some(step) = step_of(command) {
            if !self.typing() {
                self.move_by(step);
            }
            return Handled::Yes;
        }
        if self.pane == Pane::Overview && self.run_in_overview(command, world, out) {
            return Handled::Yes;
        }
        if let Some(handled) = self.wish(command) {
            return handled;
        }
        if self.run_watching(command, world, out) {
            return Handled::Yes;
        }
        match command {
            Command::Accept => self.accept(world, out),
            Command::Back => {
                if !self.back(world, out) {
                    return Handled::No;
                }
            }
            Command::NextPane => self.turn_pane(true, world),
            Command::PreviousPane => self.turn_pane(false, world),
            Command::Open => self.open(),
            Command::Pause => self.pause(),
            Command::Filter => {
                self.pane = if self.pane == Pane::Overview { Pane::List } else { self.pane };
                self.lines.filter.get_or_insert_with(TypedLine::default);
                self.lines.filtering = true;
            }
            Command::NextEvent | Command::PreviousEvent => {
                self.lines.step_event(command == Command::NextEvent, &self.received);
                self.work(world, out);
            }
            Command::Left | Command::Right => self.sideways.step(command == Command::Right),
            Command::Mark => self.mark(),
            Command::Unmark => self.marked.clear(),
            Command::NextMatch | Command::PreviousMatch => self.go_to_mark(command == Command::NextMatch, out),
            Command::Copy => self.copied(out),
            Command::CopyAll => self.copied_whole(out),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn type_key(&mut self, key: Key, world: &mut World, out: &mut Outbox) {
        if self.is_finding() {
            if let Some(view) = self.event_mut() {
                view.type_key(key, out);
            }
        } else if let Some(prompt) = &mut self.prompt {
            if prompt.input().key(key) {
                self.prompt_changed(world);
            }
        } else if self.lines.filtering && self.lines.filter.as_mut().is_some_and(|filter| filter.key(key)) {
            self.filter_changed(world, out);
        }
    }

    fn paste(&mut self, text: &str, world: &mut World, out: &mut Outbox) {
        if self.is_finding() {
            if let Some(view) = self.event_mut() {
                view.paste(text, out);
            }
        } else if let Some(prompt) = &mut self.prompt {
            prompt.input().insert(text);
            self.prompt_changed(world);
        } else if self.lines.filtering
            && let Some(filter) = &mut self.lines.filter
        {
            filter.insert(text);
            self.filter_changed(world, out);
        }
    }
}

impl Tail {
    fn prompt_changed(&mut self, world: &World) {
        match &mut self.prompt {
            Some(Prompt::Subject { field, .. }) => field.changed(&world.tree),
            Some(Prompt::Line { problem, .. }) => *problem = None,
            None => {}
        }
    }
}
