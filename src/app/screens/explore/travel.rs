//! Time travel: the state of one subject at any of its events, and the way through them.
//!
//! Owns where the user is in the history. Folding is the model's; the subject is taken exactly, without what is below.

use super::moment;
use super::state_rows::{Content, StateRow, rows};
use super::stored;
use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::app::world::World;
use crate::model::fold::{Blank, History};
use crate::model::json::Json;
use crate::model::path::Path;
use rustc_hash::FxHashSet;
use std::time::Duration;

/// How long an event is shown while the history is played.
pub const PACE: Duration = Duration::from_millis(500);

/// How many bytes of payloads are merged at once. A key is never kept waiting longer than that takes.
const BUDGET: usize = 2 << 20;

/// The state of a subject over time.
#[derive(Debug)]
pub struct Travel {
    subject: String,
    /// Its events that are loaded, by their positions in the log.
    positions: Vec<usize>,
    /// Up to which position the log was searched for them.
    searched: usize,
    at: usize,
    history: History,
    turned: FxHashSet<Path>,
    rows: Vec<StateRow>,
    /// The cursor in the state.
    pub list: ListState,
    /// Whether it goes on by itself.
    pub playing: bool,
    /// The time to go to, while it is typed.
    pub time: Option<TypedLine>,
    /// What is wrong with the time that was typed.
    pub problem: Option<&'static str>,
    blank: Option<Blank>,
    settled: bool,
}

impl Travel {
    /// Look at the subject of an event, at that event. `None` when the line is no event.
    pub fn new(world: &World, position: usize) -> Option<Self> {
        let subject = stored::subject(&world.log, position)?.to_owned();
        let mut travel = Self {
            subject,
            positions: Vec::new(),
            searched: 0,
            at: 0,
            history: History::default(),
            turned: FxHashSet::default(),
            rows: Vec::new(),
            list: ListState::default(),
            playing: false,
            time: None,
            problem: None,
            blank: None,
            settled: false,
        };
        travel.grew(world);
        travel.go_to_position(position, world).then_some(travel)
    }

    /// Whose state it is.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// How many events the history has.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether the history has no events.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Which of the events is looked at, from 0.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The event that is looked at, by its position in the log.
    pub fn position(&self) -> Option<usize> {
        self.positions.get(self.at).copied()
    }

    /// The rows of the state.
    pub fn rows(&self) -> &[StateRow] {
        &self.rows
    }

    /// How many events are folded, while not enough of them are.
    pub fn folding(&self) -> Option<usize> {
        (!self.settled).then(|| self.history.merged())
    }

    /// Whether the event's payload looks erased.
    pub fn blank(&self) -> Option<Blank> {
        self.blank
    }

    /// Look for events of the subject that came in. The place in the history stays.
    pub fn grew(&mut self, world: &World) {
        self.positions.extend(stored::positions_of(&world.log, &self.subject, self.searched));
        self.searched = world.log.end();
    }

    /// Fold on towards the event that is looked at. Gives whether it is reached.
    pub fn advance(&mut self, world: &World) -> bool {
        if self.settled {
            return true;
        }
        let positions = &self.positions;
        let payload = |at: usize| positions.get(at).and_then(|position| stored::payload(&world.log, *position));
        self.settled = self.history.seek(self.at + 1, BUDGET, payload);
        if self.settled {
            let data = self.position().and_then(|position| stored::payload(&world.log, position));
            self.blank = data.and_then(|data| Blank::of(Json::trusted(&data)));
            self.rebuild();
        }
        self.settled
    }

    /// The rows anew; the cursor stays on its field.
    fn rebuild(&mut self) {
        let path = self.current().map(|row| row.path.clone());
        self.rows = rows(self.history.state(), self.history.before(), self.at, &self.turned);
        let found = path.and_then(|path| self.rows.iter().position(|row| row.path == path));
        match found {
            Some(index) => self.list.follow(index, self.rows.len()),
            None => self.list.select(self.list.selected(), self.rows.len()),
        }
    }

    fn go(&mut self, at: usize, world: &World) -> bool {
        let at = at.min(self.positions.len().saturating_sub(1));
        let moved = at != self.at;
        if moved || self.rows.is_empty() {
            self.at = at;
            self.settled = false;
            self.advance(world);
        }
        moved
    }

    /// Go to an event of the subject. Gives whether it is one.
    pub fn go_to_position(&mut self, position: usize, world: &World) -> bool {
        let found = self.positions.binary_search(&position);
        if let Ok(at) = found {
            self.go(at, world);
        }
        found.is_ok()
    }

    /// Go so many events on, negative is back. Gives whether there was a way to go.
    pub fn step(&mut self, by: isize, world: &World) -> bool {
        self.go(self.at.saturating_add_signed(by), world)
    }

    /// Go to the first or the last event.
    pub fn go_to_end(&mut self, last: bool, world: &World) {
        self.go(if last { usize::MAX } else { 0 }, world);
    }

    /// Play, or stop. At the end it starts over.
    pub fn play(&mut self, world: &World) {
        self.playing = !self.playing;
        if self.playing && self.at + 1 >= self.len() {
            self.go(0, world);
        }
    }

    /// It is time for the next event. Gives whether it goes on after it.
    pub fn played(&mut self, world: &World) -> bool {
        // What cannot be folded in time is waited for.
        if self.playing && self.settled {
            self.playing = self.step(1, world) && self.at + 1 < self.len();
        }
        self.playing
    }

    /// Begin to type a time.
    pub fn ask_time(&mut self) {
        self.time = Some(TypedLine::default());
        self.problem = None;
    }

    /// Go to the last event at the time that was typed.
    pub fn take_time(&mut self, world: &World) {
        let Some(text) = self.time.as_ref().map(TypedLine::text) else { return };
        if text.trim().is_empty() {
            self.time = None;
            return;
        }
        let near = self.position().and_then(|position| stored::time(&world.log, position)).unwrap_or(world.now.wall);
        let Some(until) = moment::parse(text, &world.zone, near) else {
            self.problem = Some("no such time: 2026-03-01, 13:58 or both");
            return;
        };
        let is_there = |position: &usize| stored::time(&world.log, *position).is_some_and(|time| time <= until);
        match self.positions.iter().rposition(is_there) {
            Some(at) => {
                self.time = None;
                self.go(at, world);
            }
            None => self.problem = Some("the subject had no event by then"),
        }
    }

    /// Go to the event that changed the value under the cursor last. Gives its number, and whether that is another one.
    pub fn go_to_setter(&mut self, world: &World) -> Option<(usize, bool)> {
        let set_by = self.current()?.set_by;
        Some((set_by, self.go(set_by, world)))
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&StateRow> {
        self.rows.get(self.list.selected())
    }

    /// Move the cursor in the state.
    pub fn move_by(&mut self, step: Step) {
        self.list.step(step, self.rows.len());
    }

    /// Fold or unfold the value under the cursor.
    pub fn toggle(&mut self) {
        let Some(row) = self.current() else { return };
        if !matches!(row.content, Content::Container(..)) {
            return;
        }
        let path = row.path.clone();
        if !self.turned.remove(&path) {
            self.turned.insert(path);
        }
        self.rebuild();
    }

    /// The value under the cursor as JSON.
    pub fn value(&self) -> Option<String> {
        let row = self.current()?;
        match &row.content {
            Content::Scalar(text) => Some(text.to_string()),
            Content::Removed => None,
            Content::Container(..) => self.history.state().value(&row.path),
        }
    }

    /// The whole state as JSON.
    pub fn state(&self) -> Option<String> {
        self.history.state().root().value.to_json()
    }
}
