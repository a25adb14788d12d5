//! The demo data set: a year of a shop for tea and coffee.
//!
//! Owns the events that someone sees who has no store of their own. The same number of events is the same events, IDs
//! and times included, on every machine. What happens follows rules: nothing is shipped that was not paid, amounts add
//! up, a customer exists before their first cart. The first events of a longer year are those of a shorter one, closer
//! together in time.

mod facts;
mod random;
mod shop;
mod trickle;
mod words;

pub use trickle::{Trickle, run_trickle};

use super::chain::Payload;
use super::error::Error;
use super::record::Draft;
use super::{Sequencer, Store};
use crate::model::time;
use random::Random;
use shop::Shop;
use std::sync::Arc;

/// How many events the demo has unless it is said otherwise.
pub const DEFAULT_EVENTS: usize = 5_000;

/// Who writes the demo's events.
pub const SOURCE: &str = "io.genesisdb.shop";

/// 2026-01-01T00:00:00Z, when the year ends, in nanoseconds since 1970.
const END: i64 = 1_767_225_600_000_000_000;
const YEAR: i64 = 365 * 86_400 * 1_000_000_000;

/// How many events of the demo are made durable together.
const BATCH: usize = 4_096;

/// What happened in the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub subject: String,
    /// The event type.
    pub kind: &'static str,
    /// The payload, a JSON object.
    pub data: String,
    /// Whether the payload can be erased: it says something about a person.
    pub reference: bool,
}

/// An event of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoEvent {
    /// What happened.
    pub fact: Fact,
    /// The event's ID.
    pub id: String,
    /// When, in nanoseconds since 1970.
    pub time: i64,
    /// What a reference payload is salted with.
    salt: [u8; 16],
}

/// The first `n` events of the shop, spread over a year.
pub fn events(n: usize) -> impl Iterator<Item = DemoEvent> {
    let mut shop = Shop::new();
    let mut random = Random::new(0x1d5);
    let gap = YEAR / i64::try_from(n.max(1)).unwrap_or(i64::MAX);
    let mut slot = END - YEAR;
    (0..n).map(move |_| {
        let jitter = random.below(gap.unsigned_abs().max(1));
        let time = slot + i64::try_from(jitter).unwrap_or(0);
        slot += gap;
        let id = random.uuid().hyphenated().to_string();
        DemoEvent { fact: shop.next_fact(), id, time, salt: random.uuid().into_bytes() }
    })
}

impl Store {
    /// Fill this empty store with `n` events of the demo data set.
    ///
    /// # Errors
    /// When the store is not empty, or the data file cannot be written.
    pub fn add_demo(&self, n: usize) -> Result<(), Error> {
        let mut sequencer = self.sequencer();
        match self.state().len() {
            0 => {}
            events => return Err(Error::NotEmpty(events)),
        }
        let mut events = events(n);
        loop {
            let batch: Vec<_> =
                events.by_ref().take(BATCH).map(|event| Arc::new(sealed(&event, &mut sequencer))).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let place = self.enqueue(&batch)?;
            self.finish(place)?;
        }
    }
}

fn sealed(event: &DemoEvent, sequencer: &mut Sequencer) -> super::Record {
    let payload = if event.fact.reference { Payload::Reference(event.salt) } else { Payload::Inline };
    let draft = Draft {
        source: SOURCE,
        subject: &event.fact.subject,
        kind: event.fact.kind,
        data: &event.fact.data,
        payload,
        id: &event.id,
        time: &time::format(event.time),
    };
    let record = draft.seal(&sequencer.hash, (1, 1));
    sequencer.hash = record.hash();
    sequencer.time = event.time;
    record
}

#[cfg(test)]
mod tests;
