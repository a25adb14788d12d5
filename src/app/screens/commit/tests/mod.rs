//! The Commit screen, driven by keys: what it does, what it looks like, and what must always hold.

mod looks;
mod properties;
mod sending;
mod writing;

use super::super::tests::stage::Stage;
use crate::app::effect::{Call, Effect, Slot, Timer};
use crate::app::message::{Msg, Reply};
use crate::model::request::{CommitRequest, Precondition};

/// The Commit screen, just gone to.
fn opened() -> Stage {
    let mut stage = Stage::new();
    stage.keys("4");
    stage
}

/// A form with one event and two preconditions, of which the second does not hold.
fn filled() -> Stage {
    let mut stage = opened();
    fill(&mut stage);
    stage
}

fn fill(stage: &mut Stage) {
    stage.text("/customer/7").keys("tab").text("io.example.shop.customer-added").keys("tab");
    stage.text("\n\"name\": \"Zoë 美咲\",\n\"limit\": 12345678901234567890.10");
    stage.keys("alt-p tab tab alt-p right tab").text("/x");
    stage.send(Msg::Timer(Timer::Try));
    stage.reply(Slot::Try, Reply::Tried(0, Ok(true))).reply(Slot::Try, Reply::Tried(1, Ok(false)));
}

/// The request that was sent.
fn committed(stage: &Stage) -> Option<&CommitRequest> {
    stage.calls().into_iter().rev().find_map(|call| match call {
        Call::Commit(request) => Some(request),
        _ => None,
    })
}

fn commits(stage: &Stage) -> usize {
    stage.calls().into_iter().filter(|call| matches!(call, Call::Commit(_))).count()
}

/// The preconditions that were last sent to be tried.
fn tried(stage: &Stage) -> Option<&Vec<Precondition>> {
    stage.calls().into_iter().rev().find_map(|call| match call {
        Call::Try(conditions) => Some(conditions),
        _ => None,
    })
}

fn wakes(stage: &Stage) -> usize {
    stage.effects.iter().filter(|effect| matches!(effect, Effect::Wake(Timer::Try, _))).count()
}

/// A stored event, as a server answers it.
fn stored(id: &str, subject: &str) -> String {
    format!(r#"{{"source":"s","subject":"{subject}","type":"io.example.shop.customer-added","id":"{id}"}}"#)
}
