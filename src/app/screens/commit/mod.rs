//! Commit: new events with preconditions.

use super::Draft;
use super::{Handled, Screen};
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::message::Failure;
use crate::app::world::World;

pub mod view;

/// The state of the Commit screen.
#[derive(Debug, Default)]
pub struct CommitForm {}

impl CommitForm {
    /// Start from a draft.
    pub fn draft(&mut self, _draft: Draft, _world: &mut World, _out: &mut Outbox) {}
    /// The screen was gone to.
    pub fn enter(&mut self, _world: &mut World, _out: &mut Outbox) {}
    /// The user has said yes: send it.
    pub fn send(&mut self, _world: &mut World, _out: &mut Outbox) {}
    /// Try the preconditions.
    pub fn try_now(&mut self, _world: &mut World, _out: &mut Outbox) {}
    /// Whether a precondition holds now.
    pub fn tried(&mut self, _index: usize, _result: Result<bool, Failure>) {}
    /// The answer to the commit.
    pub fn committed(&mut self, _result: Result<Vec<String>, Failure>, _world: &mut World, _out: &mut Outbox) {}
    /// $EDITOR is done.
    pub fn edited(&mut self, _result: Result<String, String>, _world: &mut World, _out: &mut Outbox) {}
}

impl Screen for CommitForm {
    fn places(&self) -> Vec<Place> {
        vec![Place::Form, Place::Moves]
    }
    fn typing(&self) -> bool {
        false
    }
    fn run(&mut self, _command: Command, _world: &mut World, _out: &mut Outbox) -> Handled {
        Handled::No
    }
    fn type_key(&mut self, _key: Key, _world: &mut World, _out: &mut Outbox) {}
    fn paste(&mut self, _text: &str, _world: &mut World, _out: &mut Outbox) {}
}
