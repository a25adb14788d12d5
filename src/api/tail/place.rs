//! What was delivered already: the place in the stream.
//!
//! Owns the telling of new events from repeated ones. Knows no connection.

use super::elsewhere::Elsewhere;
use crate::api::batch::Batch;
use crate::model::event::Envelope;
use crate::model::time;
use rustc_hash::FxHashSet;
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

/// How many delivered events are known by ID.
const RECENT: usize = 1 << 16;

/// The place in a stream of events.
#[derive(Debug)]
pub(super) struct Place {
    last: Option<Last>,
    recent: Recent,
    /// What was delivered on another way.
    elsewhere: Elsewhere,
    phase: Phase,
    /// Events of this connection's catch-up.
    caught: usize,
}

/// The last event that was delivered. Its texts are overwritten by those of the next one.
#[derive(Debug, Default)]
struct Last {
    id: String,
    /// Empty when it is not known.
    hash: String,
    time: String,
}

/// What to expect of the next event.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// It is new unless its ID is known.
    Steady,
    /// It may begin a repetition of the catch-up that just ended.
    AfterCatchUp,
    /// It is part of that repetition, which goes on to the last event.
    Repeated,
}

/// What is new in a batch.
#[derive(Debug)]
pub(super) struct Admitted {
    pub fresh: Batch,
    /// Whether every line of it is an event.
    pub pure: bool,
    /// Before which of its lines the chain has a hole.
    pub gaps: Vec<Gap>,
    /// The last event that was delivered, when all that was delivered on other ways is now behind.
    pub took_over: Option<String>,
}

/// A hole in the chain.
#[derive(Debug, PartialEq)]
pub(super) struct Gap {
    /// The index of the line behind it.
    pub line: usize,
    /// The hash of the event before it.
    pub last: String,
    /// The one that the event behind it names instead.
    pub found: String,
}

impl Place {
    pub fn new(after: Option<String>) -> Self {
        let last = after.map(|id| Last { id, ..Last::default() });
        Self { last, recent: Recent::default(), elsewhere: Elsewhere::default(), phase: Phase::Steady, caught: 0 }
    }

    pub fn last_id(&self) -> Option<&str> {
        self.last.as_ref().map(|last| last.id.as_str())
    }

    /// Events were delivered on another way. They count as delivered here when they come.
    pub fn leave_out(&mut self, elsewhere: Elsewhere) {
        self.elsewhere = elsewhere;
    }

    /// What follows comes after `id`.
    pub fn start_after(&mut self, id: &str) {
        if self.last_id() != Some(id) {
            self.last = Some(Last { id: id.to_owned(), ..Last::default() });
        }
    }

    /// Whether nothing that was delivered on another way is to be expected any more.
    pub fn is_its_own(&self) -> bool {
        self.elsewhere.is_over()
    }

    /// A connection is open.
    pub fn connected(&mut self) {
        self.phase = Phase::Steady;
        self.caught = 0;
    }

    /// The catch-up of this connection is over.
    pub fn caught_up(&mut self) {
        self.phase = Phase::AfterCatchUp;
    }

    /// Drop what is known, remember what is new. With `chain`, every event of the store is expected, so that each must
    /// name the hash of the one before it.
    pub fn admit(&mut self, mut batch: Batch, chain: bool) -> Admitted {
        let text = batch.text.clone();
        let (mut gaps, mut line, mut pure) = (Vec::new(), 0, true);
        let takes_over = !self.elsewhere.is_over();
        batch.lines.retain(|range| {
            // A line that is no event has no ID by which it could be known. It is told again rather than lost.
            let Ok(event) = Envelope::from_line(text.get(range.clone()).unwrap_or_default()) else {
                (pure, line) = (false, line + 1);
                return true;
            };
            if !self.is_fresh(&event) {
                return false;
            }
            let is_new = !takes_over || !self.elsewhere.has(&event);
            gaps.extend(self.gap(&event, line).filter(|_| chain && is_new));
            self.remember(&event);
            line += usize::from(is_new);
            is_new
        });
        let took_over = (takes_over && self.elsewhere.is_over()).then(|| self.last_id().map(str::to_owned)).flatten();
        Admitted { fresh: batch, pure, gaps, took_over }
    }

    fn is_fresh(&mut self, event: &Envelope<'_>) -> bool {
        let Some(last) = &self.last else { return true };
        if event.id == last.id {
            self.phase = Phase::Steady;
            return false;
        }
        if self.recent.knows(&event.id) {
            if self.phase == Phase::AfterCatchUp {
                self.phase = Phase::Repeated;
            }
            return false;
        }
        // A repetition that is longer than the memory of IDs begins with unknown ones. Those older than the last event
        // belong to it. Without a catch-up there is no repetition, and no time is trusted.
        let older = || match (event.time.as_deref().and_then(time::parse), time::parse(&last.time)) {
            (Some(time), Some(last)) => time < last,
            _ => false,
        };
        if self.phase != Phase::Steady && self.caught > RECENT && older() {
            self.phase = Phase::Repeated;
            return false;
        }
        self.phase = Phase::Steady;
        true
    }

    fn gap(&self, event: &Envelope<'_>, line: usize) -> Option<Gap> {
        let last = self.last.as_ref().map(|last| last.hash.as_str()).filter(|hash| !hash.is_empty())?;
        let found = event.predecessorhash.as_deref().filter(|hash| *hash != last)?;
        Some(Gap { line, last: last.to_owned(), found: found.to_owned() })
    }

    fn remember(&mut self, event: &Envelope<'_>) {
        self.caught += 1;
        self.recent.add(&event.id);
        let last = self.last.get_or_insert_default();
        let put = |into: &mut String, text: Option<&str>| {
            into.clear();
            into.push_str(text.unwrap_or_default());
        };
        put(&mut last.id, Some(&event.id));
        put(&mut last.hash, event.hash.as_deref());
        put(&mut last.time, event.time.as_deref());
    }
}

/// The IDs of the latest events, as 128-bit numbers.
#[derive(Debug, Default)]
struct Recent {
    known: FxHashSet<u128>,
    order: VecDeque<u128>,
    hasher: RandomState,
}

impl Recent {
    fn knows(&self, id: &str) -> bool {
        self.known.contains(&self.number(id))
    }

    fn add(&mut self, id: &str) {
        let number = self.number(id);
        if self.known.insert(number) {
            self.order.push_back(number);
        }
        if self.order.len() > RECENT
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// A UUID is its own number; of anything else two hashes make one.
    fn number(&self, id: &str) -> u128 {
        match uuid::Uuid::try_parse(id) {
            Ok(uuid) => uuid.as_u128(),
            Err(_) => {
                let half = |part: u8| u128::from(self.hasher.hash_one((part, id)));
                half(0) << 64 | half(1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TailFrom, TailPart};
    use super::*;
    use bytes::Bytes;

    fn batch(events: &[(usize, usize)]) -> Batch {
        let lines: Vec<String> = events
            .iter()
            .map(|(id, predecessor)| {
                let time = time::format(1_700_000_000_000_000_000 + *id as i64 * 1_000_000_000);
                format!(
                    r#"{{"source":"s","subject":"/a","type":"t","id":"e{id}","time":"{time}","predecessorhash":"h{predecessor}","hash":"h{id}"}}"#
                )
            })
            .collect();
        let (mut ranges, mut at) = (Vec::new(), 0);
        for line in &lines {
            ranges.push(at..at + line.len());
            at += line.len();
        }
        Batch { text: Bytes::from(lines.concat()), lines: ranges, before: 0 }
    }

    fn chained(ids: std::ops::Range<usize>) -> Batch {
        batch(&ids.map(|id| (id, id.wrapping_sub(1))).collect::<Vec<_>>())
    }

    fn fresh(place: &mut Place, batch: Batch) -> Vec<String> {
        place.admit(batch, true).fresh.events().map(|event| event.unwrap().id.into_owned()).collect()
    }

    #[test]
    fn a_repetition_is_dropped_up_to_the_last_event() {
        let mut place = Place::new(None);
        place.connected();
        assert_eq!(fresh(&mut place, chained(1..4)), ["e1", "e2", "e3"]);
        place.connected();
        assert_eq!(fresh(&mut place, chained(1..6)), ["e4", "e5"]);
        assert_eq!(place.last_id(), Some("e5"));
    }

    #[test]
    fn what_was_delivered_elsewhere_is_left_out_and_breaks_no_chain() {
        let of = |subject: &str, last: &str| TailPart { subject: subject.into(), from: TailFrom::After(last.into()) };
        let parts = [of("/a", "e4"), of("/b", "e0")];
        let mut place = Place::new(None);
        place.leave_out(Elsewhere::new(&parts, &["e4".into(), "e6".into()], "e6".into()));
        place.connected();
        // The events of /a, one of /b, and one of neither.
        let mut coming = chained(2..9);
        let text = String::from_utf8(coming.text.to_vec()).unwrap();
        let moved = |text: String, id: usize, subject: &str| {
            text.replace(
                &format!(r#""/a","type":"t","id":"e{id}""#),
                &format!(r#""{subject}","type":"t","id":"e{id}""#),
            )
        };
        coming.text = moved(moved(text, 3, "/b"), 5, "/c").into();
        let behind = coming.split_off(4);
        let admitted = place.admit(coming, true);
        let ids: Vec<_> = admitted.fresh.events().map(|event| event.unwrap().id.into_owned()).collect();
        assert_eq!((ids, admitted.gaps, admitted.took_over), (vec!["e3".to_owned()], vec![], None));
        place.connected();
        assert!(fresh(&mut place, chained(3..5)).is_empty(), "it counts as delivered");
        let admitted = place.admit(behind, true);
        let ids: Vec<_> = admitted.fresh.events().map(|event| event.unwrap().id.into_owned()).collect();
        assert_eq!((ids.join(" "), admitted.gaps), ("e6 e7 e8".to_owned(), vec![]));
        assert_eq!(admitted.took_over.as_deref(), Some("e8"), "everything up to it is here");
        assert_eq!(place.admit(chained(9..10), true).took_over, None, "that is told once");
    }

    #[test]
    fn a_repetition_longer_than_the_memory_is_dropped_after_a_catch_up() {
        let mut place = Place::new(None);
        place.connected();
        let long = RECENT + 100;
        assert_eq!(fresh(&mut place, chained(1..long)).len(), long - 1);
        place.caught_up();
        assert!(fresh(&mut place, chained(1..long - 50)).is_empty());
        assert_eq!(fresh(&mut place, chained(long - 50..long + 1)), [format!("e{long}")]);
    }

    #[test]
    fn an_older_time_alone_loses_no_event() {
        let mut place = Place::new(None);
        place.connected();
        fresh(&mut place, chained(10..12));
        place.connected();
        assert_eq!(fresh(&mut place, batch(&[(3, 11)])), ["e3"]);
    }

    #[test]
    fn the_chain_tells_of_a_gap_wherever_it_is() {
        let gap = |line: usize, last: &str, found: &str| Gap { line, last: last.to_owned(), found: found.to_owned() };
        let mut place = Place::new(None);
        place.connected();
        assert_eq!(place.admit(chained(1..3), true).gaps, []);
        assert_eq!(
            place.admit(batch(&[(3, 2), (5, 4), (6, 5), (9, 8)]), true).gaps,
            [gap(1, "h3", "h4"), gap(3, "h6", "h8")]
        );
        place.connected();
        assert_eq!(
            place.admit(batch(&[(9, 8), (10, 8)]), true).gaps,
            [gap(0, "h9", "h8")],
            "a known event is no part of it"
        );
        assert_eq!(place.admit(batch(&[(20, 7)]), false).gaps, [], "not every event is expected");
        let mut place = Place::new(Some("e4".into()));
        assert_eq!(place.admit(chained(7..9), true).gaps, [], "nothing is known of the event before");
    }

    #[test]
    fn a_line_that_is_no_event_is_told_and_breaks_no_chain() {
        let mut place = Place::new(None);
        let text = |batch: &Batch| String::from_utf8_lossy(&batch.text).into_owned();
        let admitted = place
            .admit(Batch::of_lines(format!("{}\noops\n{}", text(&chained(1..2)), text(&chained(2..3))).into()), true);
        assert_eq!((admitted.fresh.len(), admitted.pure, admitted.gaps), (3, false, vec![]));
        assert!(place.admit(chained(3..4), true).pure);
    }
}
