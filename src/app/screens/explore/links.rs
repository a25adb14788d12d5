//! Whether an event fits between its neighbours in the hash chain.
//!
//! The chain runs through the whole store. A log of the store holds a contiguous part of it in commit order, whatever it
//! begins with: the neighbours there are the neighbours in the chain. In a log of one subject they need not be, and that
//! two of them do not fit says nothing.

use super::stored;
use crate::app::world::World;
use crate::model::event::NO_PREDECESSOR;

/// One link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The later event names the hash of the earlier one.
    Fits,
    /// It names another one.
    Broken,
    /// One of the two events is not loaded, or does not state its hash.
    Unknown,
}

/// The links to the event before and to the event after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Links {
    /// To the event before; at the first event of the store, to nothing.
    pub before: Link,
    /// To the event after; the newest event has none.
    pub after: Option<Link>,
}

impl Links {
    /// The links of an event of the log; a line that is no event has none.
    pub fn of(world: &World, position: usize) -> Option<Self> {
        let hashes = |position: usize| stored::hashes(&world.log, position).unwrap_or_default();
        let (predecessor, own) = stored::hashes(&world.log, position)?;
        let link = |hash: Option<&str>, predecessor: Option<&str>| match link(hash, predecessor) {
            Link::Broken if !world.part.is_store() => Link::Unknown,
            link => link,
        };
        let before = match position.checked_sub(1).filter(|before| *before >= world.log.first()) {
            Some(before) => link(hashes(before).1.as_deref(), predecessor.as_deref()),
            // At the start of the log stands the first event of the store or the first one that was asked for.
            None if predecessor.as_deref() == Some(NO_PREDECESSOR) => Link::Fits,
            None if position == 0 && stored::is_store(world) && predecessor.is_some() => Link::Broken,
            None => Link::Unknown,
        };
        let after = match position + 1 < world.log.end() {
            true => Some(link(own.as_deref(), hashes(position + 1).0.as_deref())),
            false if world.part.is_store() && world.reaches_end() => None,
            false => Some(Link::Unknown),
        };
        Some(Self { before, after })
    }

    /// Whether more events could tell more.
    pub fn is_open(self) -> bool {
        self.before == Link::Unknown || self.after.is_none_or(|after| after == Link::Unknown)
    }

    /// Both links in one word: the worse of the two.
    pub fn verdict(self) -> Link {
        let both = [self.before, self.after.unwrap_or(Link::Fits)];
        if both.contains(&Link::Broken) {
            Link::Broken
        } else if both.contains(&Link::Unknown) {
            Link::Unknown
        } else {
            Link::Fits
        }
    }

    /// What is to be said of links that do not all fit.
    pub fn sentence(self) -> Option<&'static str> {
        Some(match (self.before, self.after) {
            (Link::Broken, Some(Link::Broken)) => "does not fit the events before and after it",
            (Link::Broken, _) => "does not fit the event before it",
            (_, Some(Link::Broken)) => "the event after it does not fit",
            (Link::Unknown, Some(Link::Unknown)) => "its neighbours are not known",
            (Link::Unknown, _) => "the event before it is not known",
            (_, Some(Link::Unknown)) => "the event after it is not known",
            (Link::Fits, _) => return None,
        })
    }
}

fn link(hash: Option<&str>, predecessor: Option<&str>) -> Link {
    match (hash, predecessor) {
        (Some(hash), Some(predecessor)) if hash == predecessor => Link::Fits,
        (Some(_), Some(_)) => Link::Broken,
        _ => Link::Unknown,
    }
}
