//! `gdbx observe`: events as they are committed, states on standard error.

use super::arguments::ObserveArguments;
use super::commands::Context;
use super::error::Error;
use super::output::Shape;
use super::stream::Taking;
use crate::api::{Policy, Tail, TailFrom, TailItem};

/// Print events until there are enough, until the server refuses, or until it is interrupted.
pub(super) async fn observe(context: &Context, arguments: ObserveArguments) -> Result<(), Error> {
    let request = arguments.selection.request();
    let from = if arguments.from_now { TailFrom::Now } else { TailFrom::Start };
    let mut tail = Tail::new(context.client.clone(), request, from, Policy::default());
    let mut taking = Taking::new(context, arguments.amount, Shape::Events);
    let mut connected = false;
    while !taking.is_full() {
        let item = match context.interrupt.or(tail.next()).await {
            Ok(item) => item,
            Err(interrupted) => return taking.finish(Err(interrupted)),
        };
        match item {
            Some(TailItem::Events(batch)) => {
                taking.batch(&batch)?;
                taking.show()?;
            }
            Some(TailItem::Connected { after, again }) => {
                connected = true;
                told_connected(&arguments.selection.subject, after.as_deref(), again);
            }
            // What was never there is not waited for: the address may be wrong, and a script wants to know.
            Some(TailItem::Lost { reason, .. }) if !connected => return taking.finish(Err(reason.into())),
            Some(TailItem::Lost { reason, retry_in, .. }) => {
                eprintln!("gdbx: {reason}; trying again in {:.1} s", retry_in.as_secs_f64());
            }
            Some(TailItem::GapSuspected { last, found }) => {
                eprintln!("gdbx: events are missing here: after the hash {last} comes an event that follows {found}");
            }
            Some(TailItem::Heartbeat) => {}
            Some(TailItem::Refused(error)) => return taking.finish(Err(error.into())),
            None => break,
        }
    }
    taking.finish(Ok(()))
}

fn told_connected(subject: &str, after: Option<&str>, again: bool) {
    let subject = crate::api::clean(subject, 300);
    let after = after.map(|id| format!(" after {}", crate::api::clean(id, 100))).unwrap_or_default();
    let word = if again { "connected again" } else { "connected" };
    eprintln!("gdbx: {word}, observing {subject}{after}");
}
