//! The demo goes on: one more event every now and then, so that a tail has something to show.
//!
//! Owns the pace. What happens is the shop's to say, and continues what the data set ends with.

use super::shop::Shop;
use super::{Fact, SOURCE};
use crate::model::request::{CommitOptions, CommitRequest, Generation, NewEvent};
use crate::store::{Error, Store};
use serde_json::value::RawValue;
use std::future::Future;
use std::time::Duration;

/// What happens in the shop after the data set.
#[derive(Clone, Debug)]
pub struct Trickle {
    shop: Shop,
}

impl Trickle {
    /// What happens after the first `n` events of the data set.
    pub fn after(n: usize) -> Self {
        let mut shop = Shop::new();
        (0..n).for_each(|_| drop(shop.next_fact()));
        Self { shop }
    }

    /// The next event, ready to be committed.
    pub fn next_event(&mut self) -> NewEvent {
        let Fact { subject, kind, data, reference } = self.shop.next_fact();
        NewEvent {
            source: SOURCE.to_owned(),
            subject,
            kind: kind.to_owned(),
            data: RawValue::from_string(data).unwrap_or_else(|_| RawValue::NULL.to_owned()),
            options: CommitOptions { store_data_as_reference: reference },
        }
    }
}

/// Commit another event of the shop every `interval`, until `shutdown`.
///
/// # Errors
/// When a commit fails, which ends the trickle.
pub async fn run_trickle(store: Store, interval: Duration, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
    let events = store.len();
    let Ok(mut trickle) = tokio::task::spawn_blocking(move || Trickle::after(events)).await else { return Ok(()) };
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            () = tokio::time::sleep(interval) => {}
        }
        let request = CommitRequest { events: vec![trickle.next_event()], preconditions: Vec::new() };
        let store = store.clone();
        // v1, which takes the shop's subjects as they are.
        if let Ok(result) = tokio::task::spawn_blocking(move || store.commit(Generation::V1, request)).await {
            result?;
        }
    }
}
