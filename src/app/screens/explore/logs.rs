//! Going from one log to another: the store's first page, a subject that was opened, the newest events.
//!
//! Owns what was shown of each log, such that coming back to one shows it as it was left.

use super::aside::Aside;
use super::comparison::PreviousValues;
use super::events::{Events, Scope};
use super::links::Links;
use super::shape::Inspected;
use super::trace::Origin;
use super::{Explore, Pane};
use crate::app::command::{Command, Place};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::health::sentence;
use crate::app::json_view::JsonView;
use crate::app::list::Step;
use crate::app::logs::{FIRST, LogId, Part};
use crate::app::message::{Failure, FailureKind, Level};
use crate::app::world::{Loading, World};
use std::collections::BTreeSet;
use std::mem::swap;

/// What is shown of a log: everything that names its events by their positions.
#[derive(Debug, Default)]
pub struct Sight {
    log: LogId,
    events: Events,
    event: Option<(usize, JsonView)>,
    links: Option<Links>,
    previous_values: PreviousValues,
    is_compared: bool,
    aside: Option<Aside>,
    marks: BTreeSet<usize>,
    opened_from: Pane,
    shape: Option<Box<Inspected>>,
    traces: Vec<Origin>,
}

impl Explore {
    /// Show another log, as it was left.
    pub(super) fn turn_to(&mut self, id: LogId, world: &mut World, out: &mut Outbox) {
        if world.shown() == id || !world.has_log(id) {
            return;
        }
        out.cancel(Slot::Search);
        out.cancel(Slot::Shape);
        out.cancel(Slot::Load);
        self.columns.forget_widths();
        self.marked_last = None;
        (self.awaited, self.travelled_from) = (None, None);
        let before = world.shown();
        let goes_on = world.show(id);
        let mut sight = match self.sights.iter().position(|sight| sight.log == id) {
            Some(at) => self.sights.remove(at),
            None => Sight { events: self.events.like(), ..Sight::default() },
        };
        sight.log = before;
        swap(&mut self.events, &mut sight.events);
        swap(&mut self.event, &mut sight.event);
        swap(&mut self.links, &mut sight.links);
        swap(&mut self.previous_values, &mut sight.previous_values);
        swap(&mut self.is_compared, &mut sight.is_compared);
        swap(&mut self.aside, &mut sight.aside);
        swap(&mut self.marks, &mut sight.marks);
        swap(&mut self.opened_from, &mut sight.opened_from);
        swap(&mut self.shape, &mut sight.shape);
        swap(&mut self.traces, &mut sight.traces);
        self.sights.push(sight);
        self.sights.retain(|sight| world.has_log(sight.log));
        if goes_on {
            world.load(out);
        }
        self.grew(world, out);
    }

    /// Show the log in which something is best looked at.
    pub(super) fn turn_for(&mut self, scope: &Scope, world: &mut World, out: &mut Outbox) {
        let id = match scope {
            Scope::Subject(subject) => world.log_of(Some(subject)),
            Scope::Kind(_) | Scope::Trace(_) => world.log_of(None),
        };
        self.turn_to(id, world, out);
    }

    /// More of the log has come.
    pub fn came(&mut self, world: &mut World, out: &mut Outbox) {
        self.grew(world, out);
        self.meet(world, out);
    }

    /// The loading of the log on show has ended.
    pub fn loaded(&mut self, world: &mut World, out: &mut Outbox) {
        if world.store_is_whole() {
            world.base = FIRST;
        }
        self.came(world, out);
    }

    /// Do a command that loads more. Gives whether it is one.
    pub(super) fn run_loading(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> bool {
        match command {
            Command::LoadPage => self.load_page(world, out),
            Command::LoadAll => self.load_all(world, out),
            Command::LoadNewest => self.load_newest(world, out),
            _ => return false,
        }
        true
    }

    fn load_page(&mut self, world: &mut World, out: &mut Outbox) {
        if self.open_rest(world, out) {
            return;
        }
        match world.loading {
            Loading::Running { .. } => out.say(Level::Info, "A page is being loaded; Esc stops it."),
            Loading::Complete => out.say(Level::Info, all_here(world)),
            _ => {
                world.load_page(out);
                self.grew(world, out);
            }
        }
    }

    fn load_all(&mut self, world: &mut World, out: &mut Outbox) {
        if world.part.from.is_some() {
            // What comes before these events is loaded from the first one on.
            world.base = FIRST;
            let first = world.open(Part::of(&world.part.subject.clone()));
            self.turn_to(first, world, out);
        }
        match world.loading {
            Loading::Complete => out.say(Level::Info, all_here(world)),
            _ => {
                world.load_all(out);
                self.grew(world, out);
            }
        }
    }

    /// To the newest events of the log's subject, or from there back to the first ones.
    fn load_newest(&mut self, world: &mut World, out: &mut Outbox) {
        let subject = world.part.subject.clone();
        if world.part.from.is_some() {
            world.base = FIRST;
            let first = world.open(Part::of(&subject));
            return self.turn_to(first, world, out);
        }
        if world.loading == Loading::Complete {
            self.events.step(if self.events.newest_first { Step::First } else { Step::Last });
            self.pane = Pane::Events;
            out.say(Level::Info, all_here(world));
            return self.follow(world, out);
        }
        let known = world.logs().find(|(_, part, _)| part.subject == subject && part.from.is_some());
        match known.map(|(id, ..)| id) {
            Some(id) => self.show_newest(id, world, out),
            None => {
                let Some(page) = world.page else { return };
                out.say(Level::Info, "Asked the server where its newest events begin.");
                out.start(Slot::Newest, Call::Newest(subject.clone(), page));
                self.newest_of = subject;
            }
        }
    }

    /// The server has said where the newest events begin, or why it does not.
    pub fn newest_found(&mut self, found: Result<Option<String>, Failure>, world: &mut World, out: &mut Outbox) {
        let subject = std::mem::take(&mut self.newest_of);
        match found {
            Ok(Some(id)) => {
                let id = world.open(Part { subject, from: Some(id) });
                self.show_newest(id, world, out);
            }
            Ok(None) => out.say(Level::Info, format!("There is no event under {subject} yet.")),
            Err(failure) => {
                let why = match failure.kind {
                    FailureKind::Unsupported => "The server answers no queries.".to_owned(),
                    _ => sentence(&failure),
                };
                let text = format!("Where the newest events begin is not known. {why} L loads on from the first ones.");
                out.say(Level::Warning, text);
            }
        }
    }

    fn show_newest(&mut self, id: LogId, world: &mut World, out: &mut Outbox) {
        self.show_panes();
        let is_fresh = self.sights.iter().all(|sight| sight.log != id);
        self.turn_to(id, world, out);
        if world.part.is_store() {
            world.base = id;
        }
        if is_fresh {
            self.events.set_scope(Scope::Subject(world.part.subject.clone()), &world.log);
            self.pane = Pane::Events;
        }
        self.work(world, out);
    }

    /// The places of a list, with the keys that load more where there is more.
    pub(super) fn places_of_list(&self, list: Place) -> Vec<Place> {
        match self.is_part {
            true => vec![list, Place::Part, Place::Moves],
            false => vec![list, Place::Moves],
        }
    }
}

/// That nothing is left to be loaded.
fn all_here(world: &World) -> String {
    match (world.part.subject.as_str(), world.part.from.is_some()) {
        (_, true) => "The newest events are all here. Alt-l loads those before them.".to_owned(),
        ("/", false) => "All events are loaded. r loads what is new.".to_owned(),
        (subject, false) => {
            format!("All events of {subject} are loaded. r loads what is new; / in the tree is the store.")
        }
    }
}
