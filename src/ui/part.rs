//! Words for how much of a store is loaded, wherever something is shown that holds for that much only.

use super::text::{cut_middle, date_and_time};
use crate::app::world::{Loading, World};
use crate::model::count::{count, grouped};
use crate::model::subject::is_under;
use crate::model::tree::NodeId;

/// The longest that a subject is written out.
const SUBJECT: usize = 40;

/// Which events a statement about the log on show holds for, `the first 200,000 of 1,000,000 events`; `None` when that
/// is the whole store, or when it is on its way.
pub fn loaded(world: &World) -> Option<String> {
    let here = world.log.len() as u64;
    let of_subject = match world.part.is_store() {
        true => String::new(),
        false => format!(" of {}", cut_middle(&world.part.subject, SUBJECT)),
    };
    let of = |which: &str| match world.all().filter(|all| *all > here) {
        Some(all) => format!("the {which} {} of {}{of_subject}", grouped(here), count(all, "event")),
        None => format!("the {which} {}{of_subject}", count(here, "event")),
    };
    match (&world.loading, world.part.from.is_some()) {
        (Loading::Idle | Loading::Running { .. }, _) => None,
        (_, true) => Some(of("newest")),
        (Loading::Complete, false) if world.part.is_store() => None,
        (Loading::Complete, false) => Some(format!("the {}{of_subject}", count(here, "event"))),
        _ => Some(of("first")),
    }
}

/// What a list of a subject's events leaves out; `None` when it leaves out nothing.
pub fn listed(world: &World, subject: &str) -> Option<String> {
    let whole = world.loading == Loading::Complete && world.begins_at_first() && is_under(subject, &world.part.subject);
    if whole || world.has_all_of(subject) { None } else { loaded(world) }
}

/// How many events of a subject are listed: `17 events`, `17 of 340 events`, `17+ events`.
pub fn number(world: &World, subject: &str, here: u64) -> String {
    let node = world.tree.find(subject).filter(|node| world.tree.is_exact(*node));
    let counted = node.map(|node| world.tree.total(node)).max(if subject == "/" { world.all() } else { None });
    let is_open = listed(world, subject).is_some() || (world.is_part() && !world.has_all_of(subject));
    of_all(here, counted, is_open)
}

/// How many events of a type are listed, likewise.
pub fn number_of_kind(world: &World, kind: &str, here: u64) -> String {
    let counted = world.kinds.count(kind).filter(|_| world.kinds.is_census());
    of_all(here, counted, loaded(world).is_some() || world.is_part())
}

fn of_all(here: u64, all: Option<u64>, is_open: bool) -> String {
    match all {
        _ if !is_open => count(here, "event"),
        Some(all) if all == here => count(here, "event"),
        Some(all) if all > here => format!("{} of {}", grouped(here), count(all, "event")),
        _ => format!("{}+ events", grouped(here)),
    }
}

/// A node's number of events in the tree: `340`, `17+` when there may be more, `…` or `?` when there is none yet.
pub fn in_tree(world: &World, node: NodeId) -> String {
    let total = world.tree.total(node);
    match world.is_part() && !world.tree.is_exact(node) {
        false => grouped(total),
        true if total == 0 && world.is_counting() => "…".to_owned(),
        true if total == 0 => "?".to_owned(),
        true => format!("{}+", grouped(total)),
    }
}

/// Who has counted, for the edge of the tree: in more and in fewer words, and whether it is partial.
pub fn counted_by(world: &World) -> Option<(Vec<String>, bool)> {
    if !world.is_part() {
        return None;
    }
    let (words, is_partial) = match world.counted_at().and_then(|at| date_and_time(at, &world.zone)) {
        _ if world.is_counting() => (vec!["the server is counting …".to_owned(), "counting …".to_owned()], true),
        Some((_, time)) => {
            let time = time.get(..5).unwrap_or_default();
            (vec![format!("counted by the server at {time}"), format!("server's count, {time}")], false)
        }
        None => (vec!["as far as it is loaded".to_owned(), "as loaded".to_owned()], true),
    };
    Some((words, is_partial))
}
