//! Loading the events that the screens look at: when it starts, what its end means, when it goes on.
//!
//! Owns the rule what is continued by itself: a loading that ended because the server was gone or not ready.

use super::App;
use super::command::Command;
use super::effect::{Call, Slot};
use super::health::sentence;
use super::message::{Failure, FailureKind, Level};
use super::screens::ScreenId;
use super::world::{Loading, Origin};
use crate::model::request::{StreamOptions, StreamRequest};

impl App {
    /// Load all events, or those behind the last one that is here.
    pub(super) fn load(&mut self) {
        let call = match (&self.world.connection.origin, self.world.log.last_id()) {
            (Origin::File(_), _) => {
                // Two readers of one file would bring its new lines twice.
                self.out.cancel(Slot::Follow);
                Call::Read(self.world.log.stored_end())
            }
            (_, Some(id)) => Call::Stream(StreamRequest::new("/").with(StreamOptions::after(id))),
            (_, None) => Call::Stream(StreamRequest::new("/")),
        };
        self.world.loading = Loading::Running { since: self.world.now.since_start, before: self.world.log.len() };
        self.out.start(Slot::Load, call);
    }

    /// The server answers: go on with a loading that ended because it did not, or because it was not ready.
    pub(super) fn load_again(&mut self, was_live: bool) {
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

    /// Load what was committed since.
    pub(super) fn load_new(&mut self) {
        if !self.world.is_loading() {
            self.load();
            self.out.start(Slot::Status, Call::Status);
        }
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
        self.explore.grew(&self.world, &mut self.out);
        if let Some((id, travel)) = self.visiting.take() {
            self.show_event(&id, travel);
        }
    }

    /// Show an event in Explore. One that was committed after the loading is loaded first.
    pub(super) fn visit(&mut self, id: String, travel: bool) {
        if self.world.log.find_id(&id).is_some() {
            self.show_event(&id, travel);
        } else {
            self.visiting = Some((id, travel));
            self.load_new();
        }
    }

    fn show_event(&mut self, id: &str, travel: bool) {
        self.screen = ScreenId::Explore;
        self.explore.show_event(id, &self.world, &mut self.out);
        if travel && self.world.log.find_id(id).is_some() {
            self.run(Command::Travel);
        }
    }
}
