//! Query: GDBQL and its results.

use super::{Handled, Screen};
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::message::Reply;
use crate::app::world::World;

pub mod view;

/// The state of the Query screen.
#[derive(Debug, Default)]
pub struct Query {}

impl Query {
    /// Put a query into the editor.
    pub fn put(&mut self, _text: &str) {}
    /// An answer came.
    pub fn told(&mut self, _reply: Reply, _world: &mut World, _out: &mut Outbox) {}
    /// $EDITOR is done.
    pub fn edited(&mut self, _result: Result<String, String>, _world: &mut World, _out: &mut Outbox) {}
}

impl Screen for Query {
    fn places(&self) -> Vec<Place> {
        vec![Place::Editor, Place::Moves]
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
