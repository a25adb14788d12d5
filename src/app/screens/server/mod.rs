//! Server: status, audits, catalogues, schemas.

use super::{Handled, Screen};
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::message::Reply;
use crate::app::world::World;

pub mod view;

/// The state of the Server screen.
#[derive(Debug, Default)]
pub struct Server {}

impl Server {
    /// The screen was gone to.
    pub fn enter(&mut self, _world: &mut World, _out: &mut Outbox) {}
    /// An answer came.
    pub fn told(&mut self, _reply: Reply, _world: &mut World, _out: &mut Outbox) {}
}

impl Screen for Server {
    fn places(&self) -> Vec<Place> {
        vec![Place::Server, Place::Moves]
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
