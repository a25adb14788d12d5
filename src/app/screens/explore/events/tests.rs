//! The list against a naive one: bounds, the latest of each type, matches, the cursor.

use super::*;
use crate::app::screens::explore::tests::line;
use crate::model::log::Decoded;
use proptest::prelude::*;

/// What the list is asked for.
#[derive(Clone, Debug)]
struct Wanted {
    scope: &'static str,
    needle: &'static str,
    bounds: Bounds,
    shows_all: bool,
    newest_first: bool,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let bound = || prop::option::of(0usize..40);
    (
        prop_oneof![Just("/"), Just("/s0"), Just("/s1/x"), Just("/none")],
        prop_oneof![Just(""), Just("t1"), Just("T2"), Just("nothing")],
        (bound(), bound(), any::<bool>()),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(scope, needle, (from, to, latest), shows_all, newest_first)| {
            let (from, to) = if from > to && to.is_some() { (to, from) } else { (from, to) };
            Wanted { scope, needle, bounds: Bounds { from, to, latest }, shows_all, newest_first }
        })
}

/// Each event's subject and type; 3 is a line that is no event.
type Batches = Vec<Vec<(usize, usize)>>;

fn batches() -> impl Strategy<Value = Batches> {
    prop::collection::vec(prop::collection::vec((0usize..3, 0usize..4), 0..16), 1..5)
}

fn text(number: usize, (subject, kind): (usize, usize)) -> String {
    match kind {
        3 => format!("no event {number} t1"),
        kind => line(number, &format!("/s{subject}/x"), &format!("t{kind}"), "{}"),
    }
}

/// Give the list everything, as the app and the search do it, in portions.
fn fill(events: &mut Events, log: &mut EventLog, batches: &Batches, portion: usize) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for batch in batches {
        let lines: Vec<String> = batch.iter().enumerate().map(|(i, event)| text(all.len() + i, *event)).collect();
        log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
        all.extend(batch.iter().copied());
        search(events, log, portion);
    }
    all
}

fn search(events: &mut Events, log: &EventLog, portion: usize) {
    while !events.advance(log) {}
    while let Some(search) = events.wanted(log) {
        let searched = (search.from + portion).min(search.to);
        events.found(searched, &search.look(search.from..searched, &|| true).unwrap().positions, log);
    }
}

/// The positions that are listed and those that match, oldest first.
fn naive(all: &[(usize, usize)], wanted: &Wanted) -> (Vec<usize>, Vec<usize>) {
    let whole = wanted.scope == "/";
    let in_scope = |at: usize| match all[at] {
        (_, 3) => whole,
        (subject, _) => is_under(&format!("/s{subject}/x"), wanted.scope),
    };
    let bounded = wanted.bounds.from.unwrap_or(0)..wanted.bounds.to.map_or(all.len(), |to| (to + 1).min(all.len()));
    let part: Vec<usize> = bounded.filter(|at| in_scope(*at)).collect();
    let is_latest = |at: &usize| all[*at].1 != 3 && !part.iter().any(|other| other > at && all[*other] == all[*at]);
    let part: Vec<usize> =
        if wanted.bounds.latest { part.iter().copied().filter(is_latest).collect() } else { part.clone() };
    let probe = Probe::new(wanted.needle).unwrap();
    let matches =
        |at: &usize| probe.as_ref().is_none_or(|probe| probe.matches(text(*at, all[*at]).as_bytes()).unwrap());
    let hits: Vec<usize> = part.iter().copied().filter(matches).collect();
    if wanted.shows_all { (part, hits) } else { (hits.clone(), hits) }
}

fn list(wanted: &Wanted, log: &EventLog) -> Events {
    let mut events = Events { newest_first: wanted.newest_first, ..Events::default() };
    events.set_scope(Scope::Subject(wanted.scope.into()), log);
    events.filter = Some(TypedLine::new(wanted.needle));
    events.filter_changed(log);
    events.set_bounds(wanted.bounds, log);
    if wanted.shows_all {
        events.toggle_all(log);
    }
    events
}

fn shown(events: &Events) -> Vec<usize> {
    (0..events.len()).filter_map(|index| events.position(index)).collect()
}

proptest! {
    /// Whatever is asked for, in whichever portions it comes: the list is the naive one, in its order.
    #[test]
    fn is_what_a_naive_list_is(wanted in wanted(), batches in batches(), portion in 1usize..9, late in any::<bool>()) {
        let mut log = EventLog::default();
        let all;
        let mut events;
        if late {
            // Everything is there when it is asked for.
            all = fill(&mut Events::default(), &mut log, &batches, portion);
            events = list(&wanted, &log);
            search(&mut events, &log, portion);
        } else {
            events = list(&wanted, &log);
            all = fill(&mut events, &mut log, &batches, portion);
        }
        let (mut listed, hits) = naive(&all, &wanted);
        if wanted.newest_first {
            listed.reverse();
        }
        prop_assert_eq!(shown(&events), listed.clone());
        prop_assert_eq!(events.in_order().into_iter().map(|at| at as usize).collect::<Vec<_>>(), listed);
        prop_assert_eq!(events.progress(&log), None);
        if events.shows_all() {
            prop_assert_eq!(events.hits(), hits.len());
        }
    }

    /// `n` goes through every match behind the cursor in the order that is shown, `N` through those before it.
    #[test]
    fn matches_are_visited_in_order(wanted in wanted(), batches in batches(), start in 0usize..30) {
        let mut log = EventLog::default();
        let mut events = list(&wanted, &log);
        let all = fill(&mut events, &mut log, &batches, 5);
        let (listed, hits) = naive(&all, &wanted);
        prop_assume!(!listed.is_empty());
        let visit = |events: &mut Events, forward: bool| {
            std::iter::from_fn(|| if events.step_match(forward) { events.selected() } else { None }).collect::<Vec<_>>()
        };
        events.list.select(start, events.len());
        let here = events.selected().unwrap();
        let (mut behind, mut before): (Vec<usize>, Vec<usize>) =
            hits.iter().filter(|at| **at != here).partition(|at| (**at > here) != wanted.newest_first);
        if wanted.needle.is_empty() {
            (behind, before) = (Vec::new(), Vec::new());
        }
        if wanted.newest_first { behind.reverse() } else { before.reverse() }
        prop_assert_eq!(visit(&mut events, true), behind);
        events.select_position(here);
        prop_assert_eq!(visit(&mut events, false), before);
    }

    /// Narrowing and widening the list leaves the cursor on its event while that is listed.
    #[test]
    fn the_cursor_stays_on_its_event(first in wanted(), then in wanted(), batches in batches(), start in 0usize..30) {
        let mut log = EventLog::default();
        let mut events = list(&Wanted { shows_all: false, needle: "", ..first.clone() }, &log);
        let all = fill(&mut events, &mut log, &batches, 4);
        events.list.select(start, events.len());
        let here = events.selected();
        let bounds = Bounds { from: then.bounds.from, to: then.bounds.to, latest: false };
        events.set_bounds(bounds, &log);
        search(&mut events, &log, 4);
        let wanted = Wanted { bounds, shows_all: false, needle: "", ..first };
        let stays = here.filter(|here| naive(&all, &wanted).0.contains(here));
        if stays.is_some() {
            prop_assert_eq!(events.selected(), stays);
        }
    }
}

#[test]
fn the_latest_takes_the_cursor_along() {
    let mut log = EventLog::default();
    let mut events = Events::default();
    events.set_bounds(Bounds { latest: true, ..Bounds::default() }, &log);
    events.newest_first = false;
    fill(&mut events, &mut log, &vec![vec![(0, 0), (1, 0)]], 9);
    assert_eq!((shown(&events), events.selected()), (vec![0, 1], Some(0)));
    let more = [text(2, (0, 0)), text(3, (2, 0))];
    log.append(Decoded::from_lines(more.iter().map(String::as_bytes)));
    events.advance(&log);
    assert_eq!((shown(&events), events.selected()), (vec![1, 2, 3], Some(2)));
}
