//! Loading the events that the screens look at: when it starts, what its end means, when it goes on.
//!
//! Owns the rule what is continued by itself: a loading that ended because the server was gone or not ready. And the rule
//! how far it goes: to the end of a page, unless everything is asked for.

use super::App;
use super::effect::{Call, Extent, Outbox, Slot};
use super::health::sentence;
use super::message::{CensusNews, Failure, FailureKind, Level, Reply};
use super::screens::{ScreenId, Visit};
use super::world::{Loading, Origin, World};
use crate::model::log::Row;
use crate::model::request::{StreamOptions, StreamRequest};
use crate::model::tree::{Counted, Tallies};

impl World {
    /// Load the log on show, or go on behind its last event, up to the end of its page.
    pub fn load(&mut self, out: &mut Outbox) {
        let call = match (&self.connection.origin, self.log.last_id()) {
            (Origin::File(_), _) => {
                // Two readers of one file would bring its new lines twice.
                out.cancel(Slot::Follow);
                Call::Read(self.log.stored_end())
            }
            (_, last) => self.call_behind(last),
        };
        self.loading = Loading::Running { since: self.now.since_start, before: self.log.len() };
        out.start(Slot::Load, call);
    }

    fn call_behind(&mut self, last: Option<String>) -> Call {
        let request = StreamRequest::new(&self.part.subject);
        let request = match (last, &self.part.from) {
            (Some(id), _) => request.with(StreamOptions::after(id)),
            (None, Some(id)) => {
                let include_lower_bound_event = Some(true);
                request.with(StreamOptions { include_lower_bound_event, ..StreamOptions::after(id) })
            }
            (None, None) => request,
        };
        let here = self.log.len();
        if let (Some(goal), Some(page)) = (&mut self.goal, self.page)
            && *goal <= here
        {
            *goal = here + page;
        }
        let broken = |position: &usize| self.log.row(*position).is_some_and(|row| row.is_broken());
        let known = (self.log.first()..self.log.end()).rev().take_while(broken).count();
        let id = |position: usize| Some(self.log.line(position)?.event().ok()?.id.into_owned());
        let first = request.options.lower_bound.as_ref().and_then(|_| (self.log.first()..self.log.end()).find_map(id));
        let extent = Extent { events: self.goal.map(|goal| goal - here), known, first };
        if extent == Extent::default() { Call::Stream(request) } else { Call::Page(request, extent) }
    }

    /// Load another page of the log on show.
    pub fn load_page(&mut self, out: &mut Outbox) {
        self.goal = self.page.map(|page| self.log.len() + page);
        self.load(out);
    }

    /// Load everything that the log on show is for.
    pub fn load_all(&mut self, out: &mut Outbox) {
        self.goal = None;
        self.load(out);
    }

    /// All events of a subject are here: they are its count, where the server has none.
    fn count_part(&mut self) {
        let mut counts = vec![(0, Row::NO_TIME); self.log.subjects().len()];
        for row in self.log.rows() {
            if let Some((events, last)) = counts.get_mut(row.subject as usize) {
                (*events, *last) = (*events + 1, row.time.max(*last));
            }
        }
        let mut tallies = Tallies::default();
        for (subject, (events, last)) in self.log.subjects().iter().zip(counts) {
            tallies.add(&Counted { subject: subject.into(), events, last }, &mut self.tree);
        }
        if let Some(root) = self.tree.find(&self.part.subject) {
            self.tree.take_part(root, &tallies);
        }
    }
}

impl App {
    /// Load all events, or those behind the last one that is here.
    pub(super) fn load(&mut self) {
        self.world.load(&mut self.out);
    }

    /// The server answers: go on with a loading that ended because it did not, or because it was not ready.
    pub(super) fn load_again(&mut self, was_live: bool) {
        if !was_live && self.world.health.is_live() {
            self.world.census_again(&mut self.out);
        }
        let Loading::Failed(failure) = &self.world.loading else { return };
        let passing = match failure.kind {
            FailureKind::Unreachable | FailureKind::NotReady => true,
            FailureKind::Cut => !was_live,
            _ => false,
        };
        if passing && self.world.health.is_live() {
            self.load();
        }
    }

    /// Load what was committed since. Behind a page there is more than that, which is not loaded unasked.
    pub(super) fn load_new(&mut self) {
        if self.world.is_loading() {
            return;
        }
        let is_part = self.world.is_part();
        if self.world.loading == Loading::Paged {
            self.out.say(Level::Info, "Asked the server for its new counts. L loads the next page of events.");
        } else {
            self.load();
        }
        self.out.start(Slot::Status, Call::Status);
        if is_part {
            self.world.ask_census(&mut self.out);
        }
    }

    /// The census, or a part of it.
    pub(super) fn told_census(&mut self, reply: Reply) {
        match reply {
            // Counts are shown when all have come; until then the rows need not be made anew.
            Reply::Census(news @ CensusNews::Counted(_)) => return self.world.told_census(news),
            Reply::Census(news) => self.world.told_census(news),
            Reply::Counted(result) => self.world.census_ended(result, &mut self.out),
            _ => {}
        }
        self.explore.grew(&self.world, &mut self.out);
    }

    /// The page is full, and there is more.
    pub(super) fn paged(&mut self) {
        self.load_failure = None;
        self.world.loading = Loading::Paged;
        if self.world.census.is_unasked() {
            self.world.ask_census(&mut self.out);
        }
        self.explore.loaded(&mut self.world, &mut self.out);
    }

    /// The loading has ended.
    pub(super) fn streamed(&mut self, result: Result<(), Failure>) {
        self.world.loading = match result {
            Ok(()) => {
                self.load_failure = None;
                if matches!(self.world.connection.origin, Origin::File(_)) {
                    self.out.start(Slot::Follow, Call::Follow(self.world.log.stored_end()));
                }
                Loading::Complete
            }
            Err(failure) => {
                // What is tried again by itself is told once, not at every attempt.
                let text = format!("Loading stopped. {}", sentence(&failure));
                if self.load_failure.replace(text.clone()) != Some(text.clone()) {
                    self.out.say(Level::Error, text);
                }
                Loading::Failed(failure)
            }
        };
        if self.world.loading == Loading::Complete {
            match self.world.shows_first() {
                true => self.world.forget_census(&mut self.out),
                false if self.world.begins_at_first() && !self.world.tree.is_census() => self.world.count_part(),
                false => {}
            }
        }
        self.explore.loaded(&mut self.world, &mut self.out);
        if let Some(visit) = self.visiting.take() {
            self.explore.visit(visit, false, &self.world, &mut self.out);
        }
    }

    /// Show an event in Explore.
    pub(super) fn visit(&mut self, visit: Visit) {
        self.screen = ScreenId::Explore;
        self.explore.visit(visit, true, &self.world, &mut self.out);
    }

    /// An event that is to be shown is in no log: one that was committed after the loading is loaded first.
    pub(super) fn visit_later(&mut self, visit: Visit) {
        self.visiting = Some(visit);
        self.load_new();
    }
}
