//! Tail: events as they are committed.
//!
//! Owns what is watched and how it is looked at. Pausing holds the view, never the intake: [`lane`] takes in what
//! comes whatever is shown, [`lines`] decides which rows are shown. How it is drawn stands in [`view`] alone.

pub mod lane;
pub mod lines;
pub mod marks;
pub mod rates;
pub mod subject_field;
#[cfg(test)]
mod tests;
pub mod view;

use super::explore::step_of;
use super::{Draft, Handled, Screen, Wish};
use crate::app::command::{Command, Place};
use crate::app::editor::Editor;
use crate::app::effect::{Call, Effect, From, Outbox, Slot, Timer};
use crate::app::health::sentence;
use crate::app::json_view::JsonView;
use crate::app::key::Key;
use crate::app::list::Step;
use crate::app::message::{Level, TailNews};
use crate::app::world::World;
use crate::model::log::Line;
use crate::model::request::StreamRequest;
use lane::{Bound, Lane, Link};
use lines::Lines;
use std::time::Duration;
use subject_field::SubjectField;

/// The panes, in the order of `Tab`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The events.
    #[default]
    List,
    /// One event, whole.
    Event,
}

/// The event that is shown whole. It is kept as it is, even when the log has dropped it.
#[derive(Debug)]
pub struct Opened {
    /// Its position in the lane's log.
    pub position: usize,
    /// Its event type; `None` for a line that is no event.
    pub kind: Option<String>,
    /// Its text.
    pub view: JsonView,
}

/// The state of the Tail screen.
#[derive(Debug)]
pub struct Tail {
    /// Where the keys go.
    pub pane: Pane,
    /// What is watched.
    pub lane: Lane,
    /// What of it is shown.
    pub lines: Lines,
    /// The event that is shown whole.
    pub opened: Option<Opened>,
    /// The other subject that is being typed.
    pub asked: Option<SubjectField>,
    ticking: bool,
}

impl Default for Tail {
    fn default() -> Self {
        Self::bounded(Bound::default())
    }
}

impl Tail {
    /// A tail that watches nothing yet and will keep so much.
    pub fn bounded(bound: Bound) -> Self {
        Self {
            pane: Pane::default(),
            lane: Lane::idle(bound),
            lines: Lines::default(),
            opened: None,
            asked: None,
            ticking: false,
        }
    }

    /// Watch a subject, from now on. What is watched already goes on.
    pub fn watch(&mut self, subject: &str, world: &mut World, out: &mut Outbox) {
        let watched = self.lane.subject == subject && !matches!(self.lane.link, Link::Idle | Link::Refused(_));
        if !watched {
            self.begin(subject, From::Now, world, out);
        }
        self.tick(world, out);
    }

    /// The screen was gone to.
    pub fn enter(&mut self, world: &mut World, out: &mut Outbox) {
        if self.lane.link == Link::Idle {
            self.begin("/", From::Now, world, out);
        }
        self.tick(world, out);
    }

    /// Watch a subject with an empty list. The filter stays; it was typed.
    fn begin(&mut self, subject: &str, from: From, world: &World, out: &mut Outbox) {
        self.lane = Lane::new(subject, from, self.lane.bound, world.now);
        self.opened = None;
        self.pane = Pane::List;
        self.lines.filter_changed();
        self.lines.follow(&self.lane.received);
        self.connect(out);
    }

    /// Observe from where the lane is.
    fn connect(&mut self, out: &mut Outbox) {
        self.lane.link = Link::Connecting;
        out.start(Slot::Tail, Call::Observe(StreamRequest::new(self.lane.subject.as_str()), self.lane.place()));
    }

    fn connect_now(&mut self, out: &mut Outbox) {
        match self.lane.link {
            Link::Live => out.say(Level::Info, "The tail is connected."),
            Link::Connecting => out.say(Level::Info, "The tail is connecting."),
            _ => self.connect(out),
        }
    }

    /// A second has passed.
    pub fn second(&mut self, world: &mut World, out: &mut Outbox) {
        self.ticking = false;
        self.lane.rates.forget(world.now.since_start);
        self.tick(world, out);
    }

    /// Wake up in a second while something counts, and only then.
    fn tick(&mut self, world: &World, out: &mut Outbox) {
        if !self.ticking && self.lane.counts(world.now) {
            self.ticking = true;
            out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
        }
    }

    /// News came.
    pub fn told(&mut self, news: TailNews, world: &mut World, out: &mut Outbox) {
        let now = world.now;
        match news {
            TailNews::Connected => self.lane.connected(now),
            TailNews::Heartbeat => self.lane.alive(now),
            TailNews::Events(batch) => {
                if self.lane.take(batch, now) {
                    out.say(Level::Warning, "The tail is full: the oldest events go as new ones come.");
                }
            }
            TailNews::Lost { reason, retry_in, attempt } => self.lane.lost(reason, attempt, retry_in, now),
            TailNews::Reconnected { away, complete } => self.lane.reconnected(away, complete),
            TailNews::Refused(failure) => {
                out.slots.end(Slot::Tail);
                let text = format!("The tail of {} has ended. {}", self.lane.subject, sentence(&failure));
                out.say(Level::Warning, text);
                self.lane.refused(failure, now);
            }
        }
        self.work(out);
        self.tick(world, out);
    }

    /// Look at events that were not looked at yet; come back soon when there are more.
    pub fn work(&mut self, out: &mut Outbox) {
        if !self.lines.advance(&self.lane.received) {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
        self.show_selected();
        if let Some(opened) = &mut self.opened {
            opened.view.work(out);
        }
    }

    /// Let the event that is shown whole be the one under the cursor.
    fn show_selected(&mut self) {
        if let Some(opened) = &self.opened
            && let Some(position) = self.lines.event(&self.lane.received)
            && position != opened.position
        {
            self.opened = self.opened_at(position);
        }
    }

    fn opened_at(&self, position: usize) -> Option<Opened> {
        let log = &self.lane.received.log;
        let line = log.line(position)?;
        let kind = line.event().ok().map(|event| event.kind.into_owned());
        let before = self.opened.as_ref().map(|opened| opened.view.clone());
        Some(Opened { position, kind, view: JsonView::of_event(&line, before) })
    }

    /// Show the event under the cursor whole, and hold the view: it is to be read.
    fn open(&mut self) {
        let Some(position) = self.lines.event(&self.lane.received) else { return };
        self.lines.hold(&self.lane.received);
        self.opened = self.opened_at(position);
        self.pane = Pane::Event;
    }

    fn move_by(&mut self, step: Step) {
        match (self.pane, &mut self.opened) {
            (Pane::Event, Some(opened)) => opened.view.step(step),
            _ => {
                self.lines.step(step, &self.lane.received);
                self.show_selected();
            }
        }
    }

    fn pause(&mut self) {
        if self.lines.is_held() {
            self.lines.follow(&self.lane.received);
        } else {
            self.lines.hold(&self.lane.received);
        }
        self.show_selected();
    }

    fn clear(&mut self) {
        self.lane.clear();
        self.opened = None;
        self.lines.cleared(&self.lane.received);
    }

    fn back(&mut self, out: &mut Outbox) -> bool {
        if self.asked.take().is_some() {
            return true;
        }
        if self.pane == Pane::Event && !self.lines.filtering {
            self.opened = None;
            self.pane = Pane::List;
            return true;
        }
        let filtered = self.lines.filter.take().is_some();
        self.lines.filtering = false;
        if filtered {
            self.filter_changed(out);
        }
        filtered
    }

    fn filter_changed(&mut self, out: &mut Outbox) {
        self.lines.filter_changed();
        self.work(out);
    }

    fn accept(&mut self, world: &mut World, out: &mut Outbox) {
        match &mut self.asked {
            Some(field) => {
                if let Some(subject) = field.accept() {
                    self.asked = None;
                    // What was received from the start is left for what comes from now on.
                    match self.lane.from {
                        From::Start => self.begin(&subject, From::Now, world, out),
                        _ => self.watch(&subject, world, out),
                    }
                }
            }
            None => {
                self.lines.filtering = false;
                if self.lines.filter.as_ref().is_some_and(Editor::is_empty) {
                    self.lines.filter = None;
                }
            }
        }
    }

    fn turn_pane(&mut self, world: &World) {
        if let Some(field) = &mut self.asked {
            return field.complete(&world.tree);
        }
        self.pane = match self.pane {
            Pane::List if self.opened.is_some() => Pane::Event,
            _ => Pane::List,
        };
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
        let line = self.lines.event(&self.lane.received).and_then(|position| self.lane.received.log.line(position));
        match line.as_ref().map(Line::event) {
            Some(Ok(event)) => out.copy(event.id.into_owned(), "the event's id"),
            Some(Err(_)) => out.say(Level::Warning, "This line is no event and has no id. Y copies the line."),
            None => {}
        }
    }

    fn copied_whole(&self, out: &mut Outbox) {
        let line = self.lines.event(&self.lane.received).and_then(|at| self.lane.received.log.line(at));
        match (&self.opened, line) {
            (Some(opened), _) if self.pane == Pane::Event => out.copy(opened.view.text().to_owned(), "the event"),
            (_, Some(line)) => out.copy(String::from_utf8_lossy(&line).into_owned(), "the event"),
            _ => {}
        }
    }

    /// The event under the cursor as the start of a new one.
    fn draft(&self) -> Draft {
        let received = &self.lane.received;
        let line = self.lines.event(received).and_then(|position| received.log.line(position));
        match line.as_ref().and_then(|line| line.event().ok()) {
            Some(event) => Draft::like(event),
            None if self.lane.subject == "/" => Draft::default(),
            None => Draft { subject: self.lane.subject.clone(), ..Draft::default() },
        }
    }
}

impl Screen for Tail {
    fn places(&self) -> Vec<Place> {
        if self.typing() {
            return vec![Place::Field];
        }
        match (self.pane, &self.opened) {
            (Pane::List, _) => vec![Place::Tail, Place::Moves],
            (Pane::Event, Some(opened)) => opened.view.places().to_vec(),
            (Pane::Event, None) => vec![Place::Event, Place::Moves],
        }
    }

    fn typing(&self) -> bool {
        self.asked.is_some() || self.lines.filtering || self.is_finding()
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
        match command {
            Command::Accept => self.accept(world, out),
            Command::Back => {
                if !self.back(out) {
                    return Handled::No;
                }
            }
            Command::NextPane | Command::PreviousPane => self.turn_pane(world),
            Command::Open => self.open(),
            Command::Pause => self.pause(),
            Command::Filter => {
                self.lines.filter.get_or_insert_with(|| Editor::single(""));
                self.lines.filtering = true;
            }
            Command::Sort => self.asked = Some(SubjectField::new(&self.lane.subject, &world.tree)),
            Command::FromStart => {
                let subject = self.lane.subject.clone();
                self.begin(&subject, From::Start, world, out);
            }
            Command::Clear => self.clear(),
            Command::Reload => self.connect_now(out),
            Command::NextEvent | Command::PreviousEvent => {
                self.lines.step_event(command == Command::NextEvent, &self.lane.received);
                self.work(out);
            }
            Command::Left | Command::Right => {}
            Command::Trace => {
                let value = self.event().and_then(|opened| Some(opened.view.value(opened.view.current()?).to_owned()));
                return value.map_or(Handled::Yes, |value| Handled::Wish(Wish::Trace(value)));
            }
            Command::InspectShape => {
                let kind = self.event().and_then(|opened| opened.kind.clone());
                return kind.map_or(Handled::Yes, |kind| Handled::Wish(Wish::ShowShape(kind)));
            }
            Command::Copy => self.copied(out),
            Command::CopyAll => self.copied_whole(out),
            Command::CommitHere => return Handled::Wish(Wish::Draft(self.draft())),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn type_key(&mut self, key: Key, world: &mut World, out: &mut Outbox) {
        if self.is_finding() {
            if let Some(view) = self.event_mut() {
                view.type_key(key, out);
            }
        } else if let Some(field) = &mut self.asked {
            if field.input.key(key) {
                field.changed(&world.tree);
            }
        } else if self.lines.filtering && self.lines.filter.as_mut().is_some_and(|filter| filter.key(key)) {
            self.filter_changed(out);
        }
    }

    fn paste(&mut self, text: &str, world: &mut World, out: &mut Outbox) {
        if self.is_finding() {
            if let Some(view) = self.event_mut() {
                view.paste(text, out);
            }
        } else if let Some(field) = &mut self.asked {
            field.input.insert(text);
            field.changed(&world.tree);
        } else if self.lines.filtering
            && let Some(filter) = &mut self.lines.filter
        {
            filter.insert(text);
            self.filter_changed(out);
        }
    }
}
