//! Explore: the subjects, their events, and one event whole.
//!
//! Owns the selection and what is shown of it. The events themselves are the world's.

pub mod aside;
mod awaited;
pub mod bounds;
pub mod columns;
pub mod comparison;
pub mod events;
pub mod export;
pub mod field_prompt;
pub mod go_to;
mod keys;
pub mod links;
mod list_keys;
mod logs;
mod marking;
pub(in crate::app::screens) mod moment;
pub mod prompt;
pub mod shape;
pub mod state_rows;
pub mod stored;
pub mod subjects;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod travel;
pub mod view;

use super::{Draft, Visit, Wish};
use crate::app::effect::{Call, Effect, Outbox, Slot, Timer};
use crate::app::json_view::JsonView;
use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::app::logs::LogId;
use crate::app::message::Level;
use crate::app::world::World;
use crate::model::json::quote;
use crate::model::tree::SubjectTree;
use aside::Aside;
use awaited::Awaited;
use columns::Columns;
use comparison::PreviousValues;
use events::{Events, Scope};
use go_to::Wanted;
use links::Links;
use logs::Sight;
use prompt::Prompt;
use shape::Inspected;
use std::collections::BTreeSet;
use std::time::Duration;
use subjects::Subjects;
use trace::Origin;

/// The panes, in the order of `Tab`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The subject tree.
    #[default]
    Tree,
    /// The event types.
    Types,
    /// The events.
    Events,
    /// One event.
    Event,
}

const PANES: [Pane; 4] = [Pane::Tree, Pane::Types, Pane::Events, Pane::Event];

/// The state of the Explore screen.
#[derive(Debug, Default)]
pub struct Explore {
    /// Where the keys go.
    pub pane: Pane,
    /// The subject tree.
    pub subjects: Subjects,
    /// The cursor among the event types.
    pub types: ListState,
    /// The event types, the most events first: their numbers in the world's kinds, and counts.
    pub kinds: Vec<(u32, u64)>,
    /// The events of what is selected.
    pub events: Events,
    /// The columns of their list.
    pub columns: Columns,
    /// The event under the cursor, by its position in the log.
    pub event: Option<(usize, JsonView)>,
    /// Whether it fits between its neighbours in the chain.
    pub links: Option<Links>,
    /// What its fields were in the event before of the same subject.
    pub previous_values: PreviousValues,
    /// What the event pane shows instead of the event.
    pub aside: Option<Aside>,
    /// The events that are marked, by their positions in the log.
    pub marks: BTreeSet<usize>,
    /// The one that was marked last.
    marked_last: Option<usize>,
    /// What is typed over the panes.
    pub prompt: Option<Prompt>,
    /// Whether the app will be woken because ages look different.
    is_ageing: bool,
    /// The event that is looked for by its id.
    wanted: Option<Wanted>,
    opened_from: Pane,
    /// Whether `links` and `previous_values` are those of the event that is shown.
    is_compared: bool,
    /// The shape of an event type, shown in place of the panes.
    pub shape: Option<Box<Inspected>>,
    /// Where the traces that are shown were started, the first one first.
    traces: Vec<Origin>,
    /// What was shown of the logs that are not on show.
    sights: Vec<Sight>,
    /// The event to go to once it is loaded.
    awaited: Option<Awaited>,
    /// The log from which time travel went to that of its subject.
    travelled_from: Option<LogId>,
    /// Whose newest events were asked for.
    newest_of: String,
    /// The event whose subject was asked for.
    sought: Option<Visit>,
    /// Whether the store is larger than what is loaded of it.
    is_part: bool,
}

impl Explore {
    /// The world's events have changed.
    pub fn grew(&mut self, world: &World, out: &mut Outbox) {
        if world.is_loading() {
            if let Some(wait) = self.subjects.grew(&world.tree, world.now.since_start) {
                out.push(Effect::Wake(Timer::Tree, wait));
            }
        } else {
            self.subjects.refresh(&world.tree);
        }
        self.kinds = world.kinds.iter().map(|(number, _, count)| (number, count)).collect();
        let named = |number: u32| world.kinds.text(number);
        self.kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| named(a.0).cmp(named(b.0))));
        self.is_part = world.is_part();
        self.grow_aside(world);
        self.work(world, out);
    }

    /// Look at events that were not looked at yet; come back soon when there are more.
    pub fn work(&mut self, world: &World, out: &mut Outbox) {
        let folded = self.travel_mut().is_none_or(|travel| travel.advance(world));
        self.look_on(world, out);
        self.age(world, out);
        let asked = match &mut self.prompt {
            Some(Prompt::GoTo(prompt)) => prompt.advance(&world.tree),
            _ => true,
        };
        // What the best subject is told by is not known before all were looked at.
        if self.subjects.go_on(&world.tree) && !self.subjects.is_searching(&world.tree) && self.subjects.searching {
            self.list(Scope::Subject(self.selected_subject(world)), world, out);
        }
        let searched = !self.subjects.is_searching(&world.tree);
        if !self.events.advance(&world.log) || !folded || !asked || !searched {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
        if !out.slots.is_busy(Slot::Search)
            && let Some(search) = self.events.wanted(&world.log)
        {
            out.start(Slot::Search, Call::Search(search));
        }
        self.follow(world, out);
    }

    /// A search has found events.
    pub fn found(&mut self, scanned: usize, positions: Vec<u32>, world: &World, out: &mut Outbox) {
        self.events.found(scanned, &positions, &world.log);
        self.work(world, out);
    }

    /// A search is over.
    pub fn searched(&mut self, scanned: usize, problem: Option<String>, world: &World, out: &mut Outbox) {
        self.events.searched(scanned, problem);
        self.work(world, out);
    }

    /// What is looked for has changed: what was begun for something else is dropped.
    fn search_anew(&mut self, world: &World, out: &mut Outbox) {
        out.cancel(Slot::Search);
        self.work(world, out);
    }

    /// Show the event that is under the cursor now.
    fn follow(&mut self, world: &World, out: &mut Outbox) {
        let selected = self.events.selected();
        if self.event.as_ref().map(|(position, _)| *position) != selected {
            let before = self.event.take().map(|(_, view)| view);
            self.event =
                selected.and_then(|position| Some((position, JsonView::of_event(&world.log.line(position)?, before))));
            (self.links, self.previous_values) = (None, PreviousValues::default());
            self.is_compared = false;
        }
        if let Some((_, view)) = &mut self.event {
            view.mark(self.events.sought().as_ref());
        }
        // While events are loaded or found, the cursor on the newest one goes from one to the next many times a second.
        // What stands beside an event takes a look back through the log; it is worth that once the event stays.
        let comes_more = world.is_loading() || out.slots.is_busy(Slot::Search);
        let passing = comes_more && self.events.newest_first && self.events.list.selected() == 0;
        if !self.is_compared && !passing {
            self.follow_aside(selected, world);
            self.is_compared = true;
        }
        if let Some((_, view)) = &mut self.event {
            view.work(out);
        }
    }

    /// Show a subject, in the tree and in the list.
    pub fn show_subject(&mut self, subject: &str, world: &mut World, out: &mut Outbox) {
        match world.tree.find(subject) {
            Some(node) => {
                self.subjects.reveal(node, &world.tree);
                self.scope_to(Scope::Subject(world.tree.subject(node)), world, out);
                self.open_rest(world, out);
                self.pane = Pane::Events;
            }
            None if world.is_part() => {
                self.scope_to(Scope::Subject(subject.to_owned()), world, out);
                self.open_rest(world, out);
                self.pane = Pane::Events;
            }
            None => out.say(Level::Warning, format!("No event of {subject} is loaded. r loads what is new.")),
        }
    }

    /// Show the events of a type.
    pub fn show_type(&mut self, kind: &str, world: &mut World, out: &mut Outbox) {
        self.scope_to(Scope::Kind(kind.to_owned()), world, out);
        self.pane = Pane::Events;
    }

    fn scope_to(&mut self, scope: Scope, world: &mut World, out: &mut Outbox) {
        let traced = self.is_tracing();
        self.show_panes();
        if traced {
            // A search that is under way for a trace must not tell the list behind it what it finds.
            out.cancel(Slot::Search);
        }
        self.turn_for(&scope, world, out);
        self.scope_here(scope, world, out);
    }

    /// List something else of the log on show.
    fn scope_here(&mut self, scope: Scope, world: &World, out: &mut Outbox) {
        self.list(scope, world, out);
        self.work(world, out);
    }

    /// Let the list be that of something else. What belongs to it is looked for by [`Explore::work`].
    fn list(&mut self, scope: Scope, world: &World, out: &mut Outbox) {
        // A search that is under way for a trace must not tell the list behind it what it finds.
        let traced = self.is_tracing();
        self.show_panes();
        if traced || *self.events.scope() != scope {
            self.events.set_scope(scope, &world.log);
            self.columns.forget_widths();
            self.scope_changed();
            out.cancel(Slot::Search);
        }
    }

    fn selected_subject(&self, world: &World) -> String {
        world.tree.subject(self.subjects.selected().unwrap_or(SubjectTree::ROOT))
    }

    fn selected_kind(&self, world: &World) -> Option<String> {
        self.kinds.get(self.types.selected()).map(|(number, _)| world.kinds.text(*number).to_owned())
    }

    /// What the user is looking at as the start of a new event.
    fn draft(&self, world: &World) -> Draft {
        let here = matches!(self.pane, Pane::Events | Pane::Event);
        let line = self.events.selected().filter(|_| here).and_then(|position| world.log.line(position));
        match line.as_ref().and_then(|line| line.event().ok()) {
            Some(event) => Draft::like(event),
            None => Draft { subject: self.selected_subject(world), ..Draft::default() },
        }
    }

    fn move_by(&mut self, step: Step, world: &mut World, out: &mut Outbox) {
        self.awaited = None;
        match self.pane {
            Pane::Tree => {
                if self.subjects.step(step) {
                    self.scope_to(Scope::Subject(self.selected_subject(world)), world, out);
                }
            }
            Pane::Types => {
                self.types.step(step, self.kinds.len());
                if let Some(kind) = self.selected_kind(world) {
                    self.scope_to(Scope::Kind(kind), world, out);
                }
            }
            Pane::Events => {
                self.events.step(step);
                self.lead_aside(world);
                self.follow(world, out);
            }
            Pane::Event => {
                if !self.move_aside(step)
                    && let Some((_, view)) = &mut self.event
                {
                    view.step(step);
                }
            }
        }
    }

    fn turn_pane(&mut self, by: usize, world: &mut World, out: &mut Outbox) {
        if self.is_tracing() {
            self.pane = if self.pane == Pane::Events { Pane::Event } else { Pane::Events };
            return;
        }
        let at = PANES.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        self.pane = PANES[(at + by) % PANES.len()];
        // The list shows what the cursor of the pane is on, so going there shows it.
        match self.pane {
            Pane::Tree => self.scope_to(Scope::Subject(self.selected_subject(world)), world, out),
            Pane::Types => self.move_by(Step::By(0), world, out),
            _ => {}
        }
    }

    fn fold(&mut self, open: bool, world: &mut World, out: &mut Outbox) {
        let Some(node) = self.subjects.selected().filter(|_| self.pane == Pane::Tree) else { return };
        let unfolded = self.subjects.is_unfolded(node) && !world.tree.children(node).is_empty();
        if open || (unfolded && node != SubjectTree::ROOT) {
            self.subjects.set_unfolded(node, open, &world.tree);
        } else {
            self.subjects.reveal(world.tree.parent(node), &world.tree);
            self.scope_to(Scope::Subject(self.selected_subject(world)), world, out);
        }
    }

    fn back(&mut self, world: &mut World, out: &mut Outbox) -> bool {
        if self.stop_finding(out) {
            return true;
        }
        let filter = match self.pane {
            Pane::Event if self.aside.is_some() => {
                self.leave_aside(world, out);
                true
            }
            Pane::Tree if self.subjects.search.is_some() => {
                self.subjects.search = None;
                self.subjects.searching = false;
                match self.subjects.selected() {
                    Some(node) => self.subjects.reveal(node, &world.tree),
                    None => self.subjects.refresh(&world.tree),
                }
                true
            }
            Pane::Events if self.events.filter.is_some() => {
                self.events.filter = None;
                self.events.filtering = false;
                self.events.filter_changed(&world.log);
                self.search_anew(world, out);
                true
            }
            Pane::Events if !self.marks.is_empty() => {
                self.unmark();
                true
            }
            Pane::Events => self.leave_for_travel(world, out),
            _ => false,
        };
        if filter || (self.pane == Pane::Events && self.leave_trace(world, out)) {
            return true;
        }
        let up = match self.pane {
            Pane::Event => Pane::Events,
            Pane::Events if matches!(self.events.scope(), Scope::Kind(_)) => Pane::Types,
            Pane::Events | Pane::Types => Pane::Tree,
            Pane::Tree => return false,
        };
        self.pane = up;
        if up == Pane::Tree {
            // As with Tab: the list shows what the cursor of the pane is on.
            self.scope_to(Scope::Subject(self.selected_subject(world)), world, out);
        }
        true
    }

    fn open(&mut self, world: &mut World, out: &mut Outbox) {
        match self.pane {
            Pane::Tree | Pane::Types => {
                self.move_by(Step::By(0), world, out);
                if self.pane == Pane::Tree {
                    self.scope_to(Scope::Subject(self.selected_subject(world)), world, out);
                    self.open_rest(world, out);
                }
                self.pane = Pane::Events;
            }
            Pane::Events if self.event.is_some() => self.pane = Pane::Event,
            _ => {}
        }
    }

    fn filter(&mut self) {
        match self.pane {
            Pane::Tree => {
                self.subjects.search.get_or_insert_with(TypedLine::default);
                self.subjects.searching = true;
            }
            _ => {
                self.pane = Pane::Events;
                self.events.filter.get_or_insert_with(TypedLine::default);
                self.events.filtering = true;
            }
        }
    }

    /// A query that asks for what the user is looking at.
    fn question(&self, world: &World) -> String {
        let condition = match self.pane {
            Pane::Types => format!("e.type == {}", quote(&self.selected_kind(world).unwrap_or_default())),
            _ => format!("e.subject UNDER {}", quote(&self.selected_subject(world))),
        };
        format!("STREAM e FROM events\nWHERE {condition}\nORDER BY e.time DESC\nLIMIT 100")
    }

    fn typed(&mut self, world: &mut World, out: &mut Outbox) {
        if self.types_time() {
            self.travel_mut().into_iter().for_each(|travel| travel.problem = None);
        } else if self.subjects.searching {
            self.subjects.refresh(&world.tree);
            self.subjects.step(Step::First);
            self.scope_to(Scope::Subject(self.selected_subject(world)), world, out);
        } else {
            let before = self.events.probe().cloned();
            self.events.filter_changed(&world.log);
            if self.events.probe() != before.as_ref() {
                self.search_anew(world, out);
            }
        }
    }

    fn stop_typing(&mut self) {
        self.subjects.searching = false;
        self.events.filtering = false;
        if self.subjects.search.as_ref().is_some_and(TypedLine::is_empty) {
            self.subjects.search = None;
        }
        if self.events.filter.as_ref().is_some_and(TypedLine::is_empty) {
            self.events.filter = None;
        }
    }
}

impl Explore {
    fn is_finding(&self) -> bool {
        self.pane == Pane::Event && self.event.as_ref().is_some_and(|(_, view)| view.typing())
    }

    /// The event in which a text to find is being typed.
    fn finding(&mut self) -> Option<&mut JsonView> {
        let here = self.is_finding();
        self.event.as_mut().filter(|_| here).map(|(_, view)| view)
    }

    /// What is listed, from the event under the cursor on. The bound must lie in what is watched.
    fn watched_from(&self, world: &World) -> Option<Wish> {
        let line = world.log.line(self.events.selected()?)?;
        let id = line.event().ok()?.id.into_owned();
        let subject = match self.events.scope() {
            Scope::Subject(subject) => subject.clone(),
            Scope::Kind(_) | Scope::Trace(_) => "/".to_owned(),
        };
        Some(Wish::WatchFrom { subject, id })
    }

    fn watched(&self, world: &World) -> String {
        let here = matches!(self.pane, Pane::Events | Pane::Event);
        self.events
            .selected()
            .filter(|_| here)
            .and_then(|position| Some(world.log.line(position)?.event().ok()?.subject.into_owned()))
            .unwrap_or_else(|| self.selected_subject(world))
    }
}
