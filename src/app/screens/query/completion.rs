//! The list of what can stand at the cursor.
//!
//! Owns the choice. What fits where is GDBQL's business; what the store has is looked up in [`known`](super::known).

use super::known::{Samples, Seen};
use super::script::Script;
use crate::app::list::ListState;
use crate::app::world::World;
use crate::gdbql::{Candidate, Completion, complete};

/// What can stand at the cursor, and which of it is chosen.
#[derive(Debug)]
pub struct Popup {
    samples: Samples,
    /// What can stand there.
    pub found: Completion,
    /// The one that is chosen.
    pub list: ListState,
}

impl Popup {
    /// What can stand at the cursor; `None` when nothing is known.
    pub fn open(script: &Script, world: &World) -> Option<Self> {
        let samples = Samples::default();
        let found = look(script, world, &samples)?;
        Some(Self { samples, found, list: ListState::default() })
    }

    /// The text has changed. Gives `false` when nothing fits any more.
    pub fn typed(&mut self, script: &Script, world: &World) -> bool {
        self.list = ListState::default();
        let found = look(script, world, &self.samples);
        found.map(|found| self.found = found).is_some()
    }

    /// The candidate that is chosen.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.found.candidates.get(self.list.selected())
    }
}

/// Only the query at the cursor counts: what stands around it is not looked through for a key.
fn look(script: &Script, world: &World, samples: &Samples) -> Option<Completion> {
    let (text, offset) = (script.editor().text(), script.editor().offset());
    complete(&text, offset, &Seen { world, samples })
}
