//! Tail: events as they are committed.
//!
//! Owns what is watched and how it is looked at. Pausing holds the view, never the intake: `watch` takes in what
//! comes whatever is shown, [`lines`] decides which rows are shown. What the keys do stands in `keys`, how it is
//! drawn in [`view`] alone.

mod keys;
pub mod kinds;
pub mod lane;
pub mod lines;
mod marking;
pub mod marks;
pub mod overview;
pub mod prompt;
pub mod rates;
pub mod received;
pub mod recording;
pub mod rules;
pub mod seek;
pub mod sideways;
pub mod subject_field;
#[cfg(test)]
mod tests;
pub mod view;
mod watch;

use super::Draft;
use crate::app::effect::{Effect, From, Outbox, Timer};
use crate::app::json_view::JsonView;
use crate::app::line::TypedLine;
use crate::app::list::Step;
use crate::app::message::Level;
use crate::app::probe::Probe;
use crate::app::screens::explore::moment;
use crate::app::world::World;
use crate::model::log::Line;
use lane::Lane;
use lines::Lines;
use overview::Overview;
use prompt::{Asked, Prompt};
use rates::Rates;
use received::{Bound, Received};
use recording::Recording;
use rules::{Rule, Rules};
use sideways::Sideways;
use std::collections::BTreeSet;
use std::time::Duration;

/// The panes, in the order of `Tab`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The events.
    #[default]
    List,
    /// One event, whole.
    Event,
    /// Lanes, rules, types and subjects.
    Overview,
}

/// The event that is shown whole. It is kept as it is, even when the log has dropped it.
#[derive(Debug)]
pub struct Opened {
    /// Its position in the log.
    pub position: usize,
    /// Its event type; `None` for a line that is no event.
    pub kind: Option<String>,
    /// Its ID; `None` for a line that is no event.
    pub id: Option<String>,
    /// Its text.
    pub view: JsonView,
}

/// What the settings say of the tail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TailOptions {
    /// How much is kept.
    pub bound: Bound,
    /// How often a server of API v2 is to look for new events, in seconds.
    pub interval: Option<f64>,
    /// What is pointed out.
    pub rules: Vec<Rule>,
}

/// The state of the Tail screen.
#[derive(Debug, Default)]
pub struct Tail {
    /// Where the keys go.
    pub pane: Pane,
    /// What is watched; nothing until the screen was gone to.
    pub lanes: Vec<Lane>,
    /// What came.
    pub received: Received,
    /// How fast it comes.
    pub rates: Rates,
    /// What of it is shown.
    pub lines: Lines,
    /// How far its payloads are scrolled.
    pub sideways: Sideways,
    /// What is pointed out.
    pub rules: Rules,
    /// The event that is shown whole.
    pub opened: Option<Opened>,
    /// The line that is being typed, apart from the filter.
    pub prompt: Option<Prompt>,
    /// Beside the list, when it was asked for.
    pub overview: Option<Overview>,
    /// The recording that is under way.
    pub recording: Option<Recording>,
    /// The events that the user has marked, by their positions.
    marked: BTreeSet<usize>,
    options: TailOptions,
    /// The file that was recorded to last.
    recorded_to: String,
    /// When the user was told of an event last.
    rung: Option<Duration>,
    ticking: bool,
}

impl Tail {
    /// Take the settings over.
    pub fn configure(&mut self, options: TailOptions, out: &mut Outbox) {
        self.received.bound = options.bound;
        self.rules.set(options.rules.clone(), out);
        self.options = options;
    }

    /// The screen was gone to.
    pub fn enter(&mut self, world: &mut World, out: &mut Outbox) {
        if self.lanes.is_empty() {
            self.begin(&[("/".to_owned(), From::Now)], world, out);
        }
        self.tick(world, out);
    }

    /// A second has passed.
    pub fn second(&mut self, world: &mut World, out: &mut Outbox) {
        self.ticking = false;
        self.rates.forget(world.now.since_start);
        self.refresh_overview(world);
        self.tick(world, out);
    }

    fn refresh_overview(&mut self, world: &World) {
        if let Some(overview) = &mut self.overview {
            overview.refresh(&self.lanes, &self.rules, &self.received, &self.rates, world.now);
        }
    }

    /// Wake up in a second while something counts, and only then.
    fn tick(&mut self, world: &World, out: &mut Outbox) {
        let counts = self.lanes.iter().any(Lane::counts) || self.rates.is_moving(world.now.since_start);
        if !self.ticking && counts {
            self.ticking = true;
            out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
        }
    }

    /// Let the event that is shown whole be the one under the cursor.
    fn show_selected(&mut self) {
        if let Some(opened) = &self.opened
            && let Some(position) = self.lines.event(&self.received)
            && position != opened.position
        {
            self.opened = self.opened_at(position);
        }
    }

    fn opened_at(&self, position: usize) -> Option<Opened> {
        let log = &self.received.log;
        let line = log.line(position)?;
        let named = line.event().ok().map(|event| (event.kind.into_owned(), event.id.into_owned()));
        let (kind, id) = named.unzip();
        let before = self.opened.as_ref().map(|opened| opened.view.clone());
        Some(Opened { position, kind, id, view: JsonView::of_event(&line, before) })
    }

    /// Show the event under the cursor whole, and hold the view: it is to be read.
    fn open(&mut self) {
        let Some(position) = self.lines.event(&self.received) else { return };
        self.lines.hold(&self.received);
        self.opened = self.opened_at(position);
        self.pane = Pane::Event;
    }

    fn move_by(&mut self, step: Step) {
        match (self.pane, &mut self.opened, &mut self.overview) {
            (Pane::Event, Some(opened), _) => opened.view.step(step),
            (Pane::Overview, _, Some(overview)) => overview.step(step),
            _ => {
                self.lines.step(step, &self.received);
                self.show_selected();
            }
        }
    }

    fn pause(&mut self) {
        if self.lines.is_held() {
            self.lines.follow(&self.received);
        } else {
            self.lines.hold(&self.received);
        }
        self.show_selected();
    }

    fn clear(&mut self, out: &mut Outbox) {
        self.received.clear();
        self.marked.clear();
        self.opened = None;
        if self.pane == Pane::Event {
            self.pane = Pane::List;
        }
        self.lines.cleared(&self.received, out);
    }

    fn back(&mut self, world: &World, out: &mut Outbox) -> bool {
        if self.prompt.take().is_some() {
            return true;
        }
        if self.pane == Pane::Event && !self.lines.filtering {
            self.opened = None;
            self.pane = Pane::List;
            return true;
        }
        if self.pane == Pane::Overview {
            self.overview = None;
            self.pane = Pane::List;
            return true;
        }
        let filtered = self.lines.filter.take().is_some();
        self.lines.filtering = false;
        if filtered {
            self.filter_changed(world, out);
        }
        filtered
    }

    fn filter_changed(&mut self, world: &World, out: &mut Outbox) {
        self.lines.filter_changed(out);
        self.work(world, out);
    }

    /// Take what was typed.
    fn accept(&mut self, world: &mut World, out: &mut Outbox) {
        match self.prompt.take() {
            Some(Prompt::Subject { mut field, add }) => match (field.accept(), add) {
                (None, _) => self.prompt = Some(Prompt::Subject { field, add }),
                (Some(subject), true) => self.add(&subject, world, out),
                // What was received from the past is left for what comes from now on.
                (Some(subject), false) if self.is_only(&subject) => {
                    self.begin(&[(subject, From::Now)], world, out);
                }
                (Some(subject), false) => self.watch(&subject, world, out),
            },
            Some(Prompt::Line { what, input, .. }) => {
                if let Err(problem) = self.accept_line(what, input.text(), world, out) {
                    self.prompt = Some(Prompt::Line { what, input, problem: Some(problem) });
                }
            }
            None => {
                self.lines.filtering = false;
                if self.lines.filter.as_ref().is_some_and(TypedLine::is_empty) {
                    self.lines.filter = None;
                }
            }
        }
    }

    /// Whether another beginning is asked for, or fewer lanes, by naming a subject that is watched.
    fn is_only(&self, subject: &str) -> bool {
        let watched = self.lanes.iter().find(|lane| lane.subject == subject);
        let is_new = |lane: &Lane| matches!(lane.from, From::Now | From::InPlaceOf(_));
        watched.is_some_and(|lane| !is_new(lane) || self.lanes.len() > 1)
    }

    fn accept_line(&mut self, what: Asked, text: &str, world: &World, out: &mut Outbox) -> Result<(), String> {
        let text = text.trim();
        match what {
            _ if text.is_empty() => {}
            Asked::From => {
                let from = beginning(text, world).ok_or("no such time: now, start, 13:58, 2026-03-01 or both")?;
                self.begin_again(|_| from.clone(), world, out);
            }
            Asked::Highlight => {
                let probe = Probe::new(text).map_err(|error| error.to_string())?;
                if let Some(probe) = probe
                    && !self.rules.add(probe)
                {
                    return Err("There are too many; d in the overview (o) takes one away.".to_owned());
                }
                self.refresh_overview(world);
            }
            Asked::Record { exists } => self.begin_record(text, exists && text == self.recorded_to, out),
        }
        Ok(())
    }

    fn turn_pane(&mut self, forward: bool, world: &World) {
        if let Some(prompt) = &mut self.prompt {
            if let Prompt::Subject { field, .. } = prompt {
                field.complete(&world.tree);
            }
            return;
        }
        let mut panes = vec![Pane::List];
        panes.extend(self.opened.is_some().then_some(Pane::Event));
        panes.extend(self.overview.is_some().then_some(Pane::Overview));
        let at = panes.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        let by = if forward { 1 } else { panes.len() - 1 };
        self.pane = panes[(at + by) % panes.len()];
    }

    /// Show the overview, or go to it, or put it away.
    fn turn_overview(&mut self, world: &World) {
        if self.pane == Pane::Overview {
            (self.overview, self.pane) = (None, Pane::List);
            return;
        }
        self.overview.get_or_insert_default();
        self.refresh_overview(world);
        self.pane = Pane::Overview;
    }

    /// The event that is shown whole, when the keys go there.
    fn event(&self) -> Option<&Opened> {
        self.opened.as_ref().filter(|_| self.pane == Pane::Event)
    }

    fn event_mut(&mut self) -> Option<&mut JsonView> {
        let here = self.pane == Pane::Event;
        self.opened.as_mut().filter(|_| here).map(|opened| &mut opened.view)
    }

    fn is_finding(&self) -> bool {
        self.event().is_some_and(|opened| opened.view.typing())
    }

    fn copied(&self, out: &mut Outbox) {
        if let Some(Opened { view, .. }) = self.opened.as_ref().filter(|_| self.pane == Pane::Event) {
            let value = view.current().filter(|_| !view.raw).map(|row| view.value(row));
            return out.copy(value.unwrap_or_else(|| view.text()).to_owned(), "the value");
        }
        if !self.marked.is_empty() {
            return self.copy_marked(false, out);
        }
        let line = self.lines.event(&self.received).and_then(|position| self.received.log.line(position));
        match line.as_ref().map(Line::event) {
            Some(Ok(event)) => out.copy(event.id.into_owned(), "the event's id"),
            Some(Err(_)) => out.say(Level::Warning, "This line is no event and has no id. Y copies the line."),
            None => {}
        }
    }

    fn copied_whole(&self, out: &mut Outbox) {
        let line = self.lines.event(&self.received).and_then(|at| self.received.log.line(at));
        match (&self.opened, line) {
            (Some(opened), _) if self.pane == Pane::Event => out.copy(opened.view.text().to_owned(), "the event"),
            _ if !self.marked.is_empty() => self.copy_marked(true, out),
            (_, Some(line)) => out.copy(String::from_utf8_lossy(&line).into_owned(), "the event"),
            _ => {}
        }
    }

    /// The event under the cursor as the start of a new one.
    fn draft(&self) -> Draft {
        let received = &self.received;
        let line = self.lines.event(received).and_then(|position| received.log.line(position));
        match line.as_ref().and_then(|line| line.event().ok()) {
            Some(event) => Draft::like(event),
            None => match self.lanes.as_slice() {
                [lane] if lane.subject != "/" => Draft { subject: lane.subject.clone(), ..Draft::default() },
                _ => Draft::default(),
            },
        }
    }
}

/// Where a line says that an observation is to begin.
fn beginning(text: &str, world: &World) -> Option<From> {
    match text.to_lowercase().as_str() {
        "now" | "n" => Some(From::Now),
        "start" | "s" => Some(From::Start),
        _ => moment::start(text, &world.zone, world.now.wall, world.now.wall).map(From::Time),
    }
}
