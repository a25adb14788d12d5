//! Tail: events as they are committed.

use super::{Handled, Screen};
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::message::TailNews;
use crate::app::world::World;

pub mod view;

/// The state of the Tail screen.
#[derive(Debug, Default)]
pub struct Tail {}

impl Tail {
    /// Watch a subject.
    pub fn watch(&mut self, _subject: &str, _world: &mut World, _out: &mut Outbox) {}
    /// The screen was gone to.
    pub fn enter(&mut self, _world: &mut World, _out: &mut Outbox) {}
    /// A second has passed.
    pub fn second(&mut self, _world: &mut World, _out: &mut Outbox) {}
    /// News came.
    pub fn told(&mut self, _news: TailNews, _world: &mut World, _out: &mut Outbox) {}
}

impl Screen for Tail {
    fn places(&self) -> Vec<Place> {
        vec![Place::Tail, Place::Moves]
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
