//! What is watched: lanes begin, go on, end, and tell.

use super::lane::{LANES, Lane, Link};
use super::received::Received;
use super::{Pane, Tail};
use crate::app::effect::{Call, Effect, From, Outbox, Slot, Timer};
use crate::app::health::sentence;
use crate::app::message::{Level, Run, TailNews};
use crate::app::world::World;
use crate::model::log::{Decoded, Line};
use crate::model::request::StreamRequest;
use crate::model::subject::is_under;
use std::ops::Range;
use std::time::Duration;

/// Two notifications are at least so far apart.
const QUIET: Duration = Duration::from_secs(1);

impl Tail {
    /// Watch a subject alone, from now on. What is watched already goes on.
    pub fn watch(&mut self, subject: &str, world: &mut World, out: &mut Outbox) {
        let goes_on = |lane: &Lane| lane.subject == subject && !matches!(lane.link, Link::Refused(_));
        if !self.lanes.iter().any(goes_on) {
            self.begin(&[(subject.to_owned(), From::Now)], world, out);
        }
        self.tick(world, out);
    }

    /// Watch a subject alone, from an event on.
    pub fn watch_from(&mut self, subject: &str, from: From, world: &mut World, out: &mut Outbox) {
        self.begin(&[(subject.to_owned(), from)], world, out);
        self.tick(world, out);
    }

    /// Watch a subject besides the others. Every event belongs to one lane: what another lane covers is not added, and
    /// lanes that the new one covers make room for it.
    pub fn add(&mut self, subject: &str, world: &mut World, out: &mut Outbox) {
        if let Some(lane) = self.lanes.iter().find(|lane| is_under(subject, &lane.subject)) {
            let part = if lane.subject == subject { String::new() } else { format!(", as a part of {}", lane.subject) };
            return out.say(Level::Info, format!("{subject} is watched already{part}. s watches it alone."));
        }
        let covered: Vec<usize> =
            (0..self.lanes.len()).filter(|at| is_under(&self.lanes[*at].subject, subject)).collect();
        if self.lanes.len() - covered.len() >= LANES {
            return out.say(Level::Warning, format!("{LANES} subjects are watched; d in the overview (o) ends one."));
        }
        // It goes on where they were: nothing that they watched is lost or comes twice.
        let place = |at: &usize| (self.lanes[*at].subject.clone(), self.lanes[*at].place().clone());
        let from = if covered.is_empty() { From::Now } else { From::InPlaceOf(covered.iter().map(place).collect()) };
        if !covered.is_empty() {
            let parts: Vec<&str> = covered.iter().map(|at| &*self.lanes[*at].subject).collect();
            out.say(Level::Info, format!("{subject} is watched, and with it {}.", parts.join(", ")));
        }
        for at in covered.into_iter().rev() {
            let lane = self.lanes.remove(at);
            out.cancel(lane.slot());
        }
        if let Some(number) = self.free_number() {
            self.lanes.push(Lane::new(number, subject, from, world.now));
            self.connect(self.lanes.len() - 1, out);
        }
        self.refresh_overview(world);
        self.tick(world, out);
    }

    /// End a lane; its events stay.
    pub(super) fn remove_lane(&mut self, number: u8, world: &World, out: &mut Outbox) {
        if self.lanes.len() < 2 {
            return out.say(Level::Info, "This is the only subject that is watched. s watches another one.");
        }
        self.lanes.retain(|lane| lane.number != number);
        out.cancel(Slot::Tail(number));
        self.refresh_overview(world);
    }

    /// A number for another lane: one that no event of the list has, as long as there is one.
    fn free_number(&self) -> Option<u8> {
        let is_free = |number: &u8| self.lanes.iter().all(|lane| lane.number != *number);
        let numbers = || (0u8..).take(LANES).filter(is_free);
        numbers().find(|number| !self.received.has_lane(*number)).or_else(|| numbers().next())
    }

    /// Watch subjects with an empty list. The filter stays; it was typed.
    pub(super) fn begin(&mut self, subjects: &[(String, From)], world: &World, out: &mut Outbox) {
        for lane in &self.lanes {
            out.cancel(lane.slot());
        }
        self.received = Received::bounded(self.received.bound);
        self.lines.begin_anew(out);
        self.rules.begin_anew(0, out);
        self.opened = None;
        self.marked.clear();
        self.pane = Pane::List;
        self.lines.follow(&self.received);
        let lanes = (0u8..).zip(subjects.iter().take(LANES));
        self.lanes =
            lanes.map(|(number, (subject, from))| Lane::new(number, subject, from.clone(), world.now)).collect();
        for at in 0..self.lanes.len() {
            self.connect(at, out);
        }
        self.refresh_overview(world);
    }

    /// Watch the same subjects anew, each from somewhere else.
    pub(super) fn begin_again(&mut self, from: impl Fn(&Lane) -> From, world: &World, out: &mut Outbox) {
        let subjects: Vec<(String, From)> = self.lanes.iter().map(|lane| (lane.subject.clone(), from(lane))).collect();
        self.begin(&subjects, world, out);
    }

    /// Watch anew from the event under the cursor; other lanes begin at its time.
    pub(super) fn begin_here(&mut self, world: &World, out: &mut Outbox) {
        let Some(position) = self.lines.event(&self.received) else { return };
        let (number, log) = (self.received.lane(position), &self.received.log);
        let id = log.line(position).and_then(|line| Some(line.event().ok()?.id.into_owned()));
        let (Some(id), Some(row)) = (id, log.row(position)) else {
            return out.say(Level::Warning, "This line is no event: nothing can begin here.");
        };
        let time = row.time;
        self.begin_again(
            |lane| if lane.number == number { From::At(id.clone()) } else { From::Time(time) },
            world,
            out,
        );
    }

    /// Observe from where the lane is.
    fn connect(&mut self, at: usize, out: &mut Outbox) {
        let interval = self.options.interval;
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.link = Link::Connecting;
            let request = StreamRequest { interval, ..StreamRequest::new(lane.subject.as_str()) };
            out.start(lane.slot(), Call::Observe(request, lane.place().clone()));
        }
    }

    pub(super) fn connect_now(&mut self, out: &mut Outbox) {
        let waiting = |lane: &Lane| matches!(lane.link, Link::Lost { .. } | Link::Refused(_));
        let waiting: Vec<usize> = (0..self.lanes.len()).filter(|at| waiting(&self.lanes[*at])).collect();
        match waiting.as_slice() {
            [] if self.lanes.iter().all(|lane| lane.link == Link::Live) => {
                out.say(Level::Info, "The tail is connected.");
            }
            [] => out.say(Level::Info, "The tail is connecting."),
            waiting => waiting.iter().for_each(|at| self.connect(*at, out)),
        }
    }

    /// News of a lane came.
    pub fn told(&mut self, slot: Slot, news: TailNews, world: &mut World, out: &mut Outbox) {
        let now = world.now;
        let received = &mut self.received;
        let Some(lane) = self.lanes.iter_mut().find(|lane| lane.slot() == slot) else { return };
        match news {
            TailNews::Connected { after } => lane.connected(after, received, now),
            TailNews::Gap => lane.gap(received),
            TailNews::Lost { reason, retry_in, attempt } => lane.lost(reason, attempt, retry_in, now),
            TailNews::Reconnected { away, complete } => lane.reconnected(away, complete, received),
            TailNews::Refused(failure) => {
                out.slots.end(slot);
                let text = format!("The tail of {} has ended. {}", lane.subject, sentence(&failure));
                out.say(Level::Warning, text);
                lane.refused(failure, now);
            }
            TailNews::Events(batch) => self.take(&[(slot, batch.len())], batch, world, out),
        }
        self.work(world, out);
        self.tick(world, out);
    }

    /// Events of several lanes came, in their order. Those of a lane that is not watched any more are left out.
    pub fn woven(&mut self, events: Decoded, runs: &[Run], world: &World, out: &mut Outbox) {
        let is_late = |run: &Run| !out.slots.accepts(run.slot, run.generation);
        let events = match runs.iter().any(is_late) {
            false => events,
            true => {
                let mut start = 0;
                let mut ranges = Vec::new();
                for run in runs {
                    ranges.push((&events, start..start + if is_late(run) { 0 } else { run.events }));
                    start += run.events;
                }
                Decoded::woven(ranges)
            }
        };
        let runs: Vec<(Slot, usize)> =
            runs.iter().filter(|run| !is_late(run)).map(|run| (run.slot, run.events)).collect();
        self.take(&runs, events, world, out);
        self.work(world, out);
        self.tick(world, out);
    }

    fn take(&mut self, runs: &[(Slot, usize)], events: Decoded, world: &World, out: &mut Outbox) {
        let now = world.now;
        for lane in self.lanes.iter_mut().filter(|lane| runs.iter().any(|(slot, _)| *slot == lane.slot())) {
            lane.alive(&mut self.received, now);
        }
        let number = |slot: &Slot| if let Slot::Tail(number) = slot { *number } else { 0 };
        let numbered: Vec<(u8, usize)> = runs.iter().map(|(slot, events)| (number(slot), *events)).collect();
        let added = self.received.append(&numbered, events);
        for lane in &mut self.lanes {
            let mut start = added.start;
            let mut own: Vec<Range<usize>> = Vec::new();
            for (number, events) in &numbered {
                if *number == lane.number && *events > 0 {
                    own.push(start..start + events);
                }
                start += events;
            }
            lane.took(&own, &mut self.received, now);
            if !own.is_empty() {
                let rows = own.into_iter().flat_map(|run| self.received.log.rows_at(run));
                let kinds = rows.map(|row| (!row.is_broken()).then_some(row.kind));
                self.rates.add(lane.number, added.start, kinds, now.since_start);
            }
        }
        let was_full = self.received.dropped > 0;
        if self.received.make_room() > 0 && !was_full {
            out.say(Level::Warning, "The tail is full: the oldest events go as new ones come.");
        }
        self.forget_marks();
    }

    /// Look at events that were not looked at yet; come back soon when there are more.
    pub fn work(&mut self, world: &World, out: &mut Outbox) {
        let hits = self.rules.advance(&self.received.log, out);
        self.point_out(&hits, world, out);
        if !self.lines.advance(&self.received, out) {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
        self.show_selected();
        if let Some(opened) = &mut self.opened {
            opened.view.work(out);
        }
    }

    /// A search has found events.
    pub fn found(&mut self, slot: Slot, scanned: usize, positions: &[u32], world: &World, out: &mut Outbox) {
        if slot == Slot::TailWatch {
            self.rules.found(scanned);
            let hits: Vec<usize> = positions.iter().map(|position| *position as usize).collect();
            self.point_out(&hits, world, out);
        } else {
            self.lines.found(scanned, positions);
        }
        self.work(world, out);
    }

    /// A search is over.
    pub fn searched(&mut self, slot: Slot, problem: Option<String>, world: &World, out: &mut Outbox) {
        match slot {
            Slot::TailWatch => self.rules.searched(problem),
            _ => self.lines.searched(problem),
        }
        self.work(world, out);
    }

    /// Events came that are to be told: hold the view at the first one, ring for them.
    fn point_out(&mut self, hits: &[usize], world: &World, out: &mut Outbox) {
        let Some(first) = hits.first() else { return };
        let Some(line) = self.received.log.line(*first) else { return };
        let Some((words, bell, pause)) = self.rules.told(&line) else { return };
        let words = words.to_owned();
        let event = described(&line);
        if pause && !self.lines.is_held() {
            out.say(Level::Warning, format!("Paused: {event} matches {words}. G follows again."));
            self.lines.hold_on(*first, &self.received);
        }
        let now = world.now.since_start;
        if bell && self.rung.is_none_or(|last| now.saturating_sub(last) >= QUIET) {
            self.rung = Some(now);
            let others = match hits.len() {
                1 => String::new(),
                count => format!(", and {} more", count - 1),
            };
            let title = format!("gdbx: {words}");
            out.push(Effect::Notify { title, text: format!("{event}{others}") });
        }
    }
}

/// An event in a few words.
fn described(line: &Line<'_>) -> String {
    match line.event() {
        Ok(event) => format!("{} {}", event.kind, event.subject),
        Err(_) => "a line that is no event".to_owned(),
    }
}
