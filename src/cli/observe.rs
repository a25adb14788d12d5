//! `gdbx observe`: events as they are committed, states on standard error.
//!
//! Receiving and printing share the work: the connection is read on a task of its own, a few portions ahead.

use super::arguments::ObserveArguments;
use super::commands::Context;
use super::error::Error;
use super::output::Shape;
use super::stream::Taking;
use crate::api::{Batch, Client, Policy, Tail, TailFrom, TailItem};
use crate::config::Period;
use crate::model::request::StreamRequest;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

/// So many portions are received while one is printed.
const AHEAD: usize = 16;

/// Print events until there are enough, until the server refuses, or until it is interrupted.
pub(super) async fn observe(context: &Context, arguments: ObserveArguments) -> Result<(), Error> {
    let interval = arguments.interval.and_then(Period::duration).map(|interval| interval.as_secs_f64());
    let request = StreamRequest { interval, ..arguments.selection.request() };
    let from = match arguments.from.as_deref() {
        Some(text) => beginning(text),
        None if arguments.from_now => TailFrom::Now,
        None => TailFrom::Start,
    };
    let subject = crate::api::clean(&request.subject, 300).to_string();
    let mut items = read_ahead(context.client.clone(), request, from);
    let mut taking = Taking::new(context, arguments.amount, Shape::Events);
    let mut connected = false;
    while !taking.is_full() {
        let item = match context.interrupt.or(items.recv()).await {
            Ok(item) => item,
            Err(interrupted) => {
                // What was received already goes out.
                for _ in 0..AHEAD {
                    if let Ok(TailItem::Events { batch, pure }) = items.try_recv() {
                        print(&mut taking, &batch, pure)?;
                    }
                }
                return taking.finish(Err(interrupted));
            }
        };
        match item {
            Some(TailItem::Events { batch, pure }) => {
                print(&mut taking, &batch, pure)?;
                // What is there already goes out together with it.
                if items.is_empty() {
                    taking.show()?;
                }
            }
            Some(TailItem::Connected { after, again }) => {
                connected = true;
                told_connected(&subject, after.as_deref(), again);
            }
            // What was never there is not waited for: the address may be wrong, and a script wants to know.
            Some(TailItem::Lost { reason, .. }) if !connected => return taking.finish(Err(reason.into())),
            Some(TailItem::Lost { reason, retry_in, attempt }) => {
                taking.show()?;
                eprintln!("gdbx: {reason}; trying again in {:.1} s (try {attempt})", retry_in.as_secs_f64());
            }
            Some(TailItem::GapSuspected { last, found }) => {
                let (last, found) = (crate::api::clean(&last, 100), crate::api::clean(&found, 100));
                eprintln!("gdbx: events are missing here: after the hash {last} comes an event that follows {found}");
            }
            Some(TailItem::Heartbeat) => {}
            Some(TailItem::Refused(error)) => return taking.finish(Err(error.into())),
            None => break,
        }
    }
    taking.finish(Ok(()))
}

fn print(taking: &mut Taking, batch: &Batch, pure: bool) -> Result<(), Error> {
    if pure { taking.events(batch) } else { taking.batch(batch) }
}

fn read_ahead(client: Client, request: StreamRequest, from: TailFrom) -> mpsc::Receiver<TailItem> {
    let (to, items) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut tail = Tail::new(client, request, from, Policy::default());
        while let Some(item) = tail.next().await {
            if to.send(item).await.is_err() {
                return;
            }
        }
    });
    items
}

/// What `--from` says. What is neither a word nor a time is an event's ID.
fn beginning(text: &str) -> TailFrom {
    match text {
        "now" => return TailFrom::Now,
        "start" => return TailFrom::Start,
        _ => {}
    }
    let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        // A date has dashes; digits alone may be an ID.
        let local = text.contains('-').then_some(text)?.parse::<DateTime>().ok()?.to_zoned(TimeZone::system()).ok()?;
        Some(local.timestamp())
    });
    match instant.and_then(|instant| i64::try_from(instant.as_nanosecond()).ok()) {
        Some(nanos) => TailFrom::Time(nanos),
        None => TailFrom::At(text.to_owned()),
    }
}

fn told_connected(subject: &str, after: Option<&str>, again: bool) {
    let after = after.map(|id| format!(" after {}", crate::api::clean(id, 100))).unwrap_or_default();
    let word = if again { "connected again" } else { "connected" };
    eprintln!("gdbx: {word}, observing {subject}{after}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_a_word_a_time_or_an_id() {
        let at = |text: &str| TailFrom::At(text.to_owned());
        let nanos = |text: &str| {
            let instant = text.parse::<jiff::Timestamp>().unwrap();
            TailFrom::Time(i64::try_from(instant.as_nanosecond()).unwrap())
        };
        assert_eq!((beginning("now"), beginning("start")), (TailFrom::Now, TailFrom::Start));
        assert_eq!(beginning("2026-03-01T13:58:00Z"), nanos("2026-03-01T13:58:00Z"));
        assert_eq!(beginning("2026-03-01T13:58:00.5+02:00"), nanos("2026-03-01T11:58:00.5Z"));
        assert!(matches!(beginning("2026-03-01"), TailFrom::Time(_)));
        assert!(matches!(beginning("2026-03-01T13:58"), TailFrom::Time(_)));
        for id in ["d8605ee4-9507-4974-8a2a-190baaea2b50", "20260301", "e1"] {
            assert_eq!(beginning(id), at(id));
        }
    }
}
