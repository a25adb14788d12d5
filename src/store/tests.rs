//! The store against a plain list of events: whatever is done, both agree, and the audit passes.

use super::*;
use crate::model::request::{CommitRequest, Generation, NewEvent, Precondition, StreamOptions};
use crate::model::subject::is_under;
use proptest::prelude::*;

const SUBJECTS: [&str; 7] = ["/a", "/a/b", "/a/b/c", "/ab", "/c/d", "/c/d/e/f", "/c"];
const KINDS: [&str; 3] = ["one", "two", "three"];

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<(usize, usize, bool)>, Option<(bool, usize)>),
    Erase(usize),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let event = (0..SUBJECTS.len(), 0..KINDS.len(), any::<bool>());
    let condition = proptest::option::of((any::<bool>(), 0..SUBJECTS.len()));
    let step = prop_oneof![
        8 => (prop::collection::vec(event, 1..4), condition).prop_map(|(events, when)| Step::Commit(events, when)),
        2 => (0..SUBJECTS.len()).prop_map(Step::Erase),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..24)
}

/// What the list knows of an event.
#[derive(Clone, Debug)]
struct Known {
    id: String,
    subject: &'static str,
    kind: &'static str,
    reference: bool,
    erased: bool,
}

fn new_event((subject, kind, reference): (usize, usize, bool)) -> NewEvent {
    let (subject, kind) = (SUBJECTS[subject], KINDS[kind]);
    let text = format!(
        r#"{{"source":"s","subject":"{subject}","type":"{kind}","data":{{"secret":"xyzzy"}},"options":{{"storeDataAsReference":{reference}}}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn read_all(store: &Store, mut selection: Selection) -> Vec<String> {
    std::iter::from_fn(|| Some(store.page(&mut selection)).filter(|page| !page.is_empty()))
        .flatten()
        .map(|record| record.id())
        .collect()
}

fn commit(store: &Store, known: &mut Vec<Known>, events: &[(usize, usize, bool)], when: Option<(bool, usize)>) {
    let exists = |subject: usize| known.iter().any(|event| is_under(event.subject, SUBJECTS[subject]));
    let holds = when.is_none_or(|(new, subject)| exists(subject) != new);
    let precondition = when.map(|(new, subject)| match new {
        true => Precondition::is_subject_new(SUBJECTS[subject]),
        false => Precondition::is_subject_existing(SUBJECTS[subject]),
    });
    let request = CommitRequest {
        events: events.iter().copied().map(new_event).collect(),
        preconditions: precondition.into_iter().collect(),
    };
    match store.commit(Generation::V1, request) {
        Ok(stored) => {
            assert!(holds);
            for (record, (subject, kind, reference)) in stored.iter().zip(events) {
                let (subject, kind) = (SUBJECTS[*subject], KINDS[*kind]);
                known.push(Known { id: record.id(), subject, kind, reference: *reference, erased: false });
            }
        }
        Err(Error::Precondition { .. }) => assert!(!holds),
        Err(other) => panic!("{other}"),
    }
}

fn erase(store: &Store, known: &mut [Known], subject: &str) {
    let below = known.iter_mut().filter(|event| is_under(event.subject, subject));
    let (mut any, mut count) = (false, 0);
    for event in below {
        any = true;
        if event.reference && !event.erased {
            event.erased = true;
            count += 1;
        }
    }
    match store.erase(subject) {
        Ok(erased) => assert!(count > 0 && erased == count),
        Err(Error::NoEvents(_)) => assert!(!any),
        Err(Error::NothingToErase(_)) => assert!(any && count == 0),
        Err(other) => panic!("{other}"),
    }
}

fn agrees(store: &Store, known: &[Known]) {
    let select = |subject: &str, options: &StreamOptions, generation| {
        read_all(store, store.select(subject, options, generation))
    };
    for subject in SUBJECTS.into_iter().chain(["/", "/nothing"]) {
        let below: Vec<_> = known.iter().filter(|event| is_under(event.subject, subject)).collect();
        let ids = |events: &[&Known]| events.iter().map(|event| event.id.clone()).collect::<Vec<_>>();
        assert_eq!(select(subject, &StreamOptions::default(), Generation::V2), ids(&below));
        for kind in KINDS {
            let options = StreamOptions { latest_by_event_type: Some(kind.to_owned()), ..StreamOptions::default() };
            let of_kind = || below.iter().copied().filter(|event| event.kind == kind);
            let newest = of_kind().next_back().into_iter().collect::<Vec<_>>();
            assert_eq!(select(subject, &options, Generation::V2), ids(&newest));
            let later = |event: &Known, other: &Known| other.subject == event.subject && other.id != event.id;
            let mut rest: Vec<_> = of_kind().collect();
            let mut each = Vec::new();
            while let Some(event) = rest.pop() {
                each.insert(0, event);
                rest.retain(|other| !later(event, other));
            }
            assert_eq!(select(subject, &options, Generation::V1), ids(&each));
        }
        bounds_agree(store, known, subject);
    }
    for event in known {
        let snapshot = store.snapshot();
        let record = snapshot.records().find(|record| record.id() == event.id).unwrap();
        let expected = if event.erased { ["{}", r#"{"secret":""}"#] } else { [r#"{"secret":"xyzzy"}"#; 2] };
        let shown = |generation| record.envelope(generation).unwrap().data.unwrap().text().to_owned();
        assert_eq!([shown(Generation::V2), shown(Generation::V1)], expected);
    }
}

fn bounds_agree(store: &Store, known: &[Known], subject: &str) {
    let ends = [known.first(), known.get(known.len() / 2), known.last()];
    for (lower, upper, inclusive) in [(0, 1, true), (1, 2, false), (0, 2, true), (2, 0, true), (1, 1, false)] {
        let (Some(lower), Some(upper)) = (ends[lower], ends[upper]) else { continue };
        let place = |id: &str| known.iter().position(|event| event.id == id).unwrap();
        let known_below = [lower, upper].iter().all(|event| is_under(event.subject, subject));
        let (from, to) = (place(&lower.id), place(&upper.id));
        let inside = |at: usize| if inclusive { at >= from && at <= to } else { at > from && at < to };
        let expected: Vec<_> = known
            .iter()
            .enumerate()
            .filter(|(at, event)| known_below && inside(*at) && is_under(event.subject, subject))
            .map(|(_, event)| event.id.clone())
            .collect();
        let options = StreamOptions {
            lower_bound: Some(lower.id.clone()),
            include_lower_bound_event: Some(inclusive),
            upper_bound: Some(upper.id.clone()),
            include_upper_bound_event: Some(inclusive),
            latest_by_event_type: None,
        };
        assert_eq!(read_all(store, store.select(subject, &options, Generation::V2)), expected);
    }
}

fn backup(store: &Store) -> String {
    let lines: Vec<_> = store.snapshot().records().map(|record| record.text().to_owned()).collect();
    format!("[{}]", lines.join(",\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_a_list(steps in steps(), durable in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events");
        let mut store = if durable { Store::open(&path).unwrap().0 } else { Store::in_memory() };
        let mut known = Vec::new();
        for step in steps {
            match step {
                Step::Commit(events, when) => commit(&store, &mut known, &events, when),
                Step::Erase(subject) => erase(&store, &mut known, SUBJECTS[subject]),
                Step::Reopen if durable => {
                    drop(store);
                    let (opened, warnings) = Store::open(&path).unwrap();
                    assert_eq!(warnings, []);
                    store = opened;
                }
                Step::Reopen => {}
            }
        }
        agrees(&store, &known);
        prop_assert_eq!(store.audit().unwrap().to_string(), format!("Audit passed. All {} events integrity checks succeeded.", known.len()));
        let restored = Store::in_memory();
        prop_assert_eq!(restored.restore(backup(&store).as_bytes()).unwrap(), known.len() as u64);
        let audit = restored.audit().unwrap();
        prop_assert!(audit.passed(), "{}", audit);
        prop_assert_eq!(backup(&restored), backup(&store));
        prop_assert_eq!(audit.links_only, known.iter().filter(|event| event.reference).count());
    }
}

#[test]
fn times_increase_and_links_hold() {
    let store = Store::in_memory();
    let events = (0..200).map(|_| new_event((0, 0, false))).collect();
    let stored = store.commit(Generation::V2, CommitRequest { events, preconditions: Vec::new() }).unwrap();
    for pair in stored.windows(2) {
        let (first, second) = (pair[0].envelope(Generation::V2).unwrap(), pair[1].envelope(Generation::V2).unwrap());
        let nanos = |event: &Envelope<'_>| time::parse(event.time.as_deref().unwrap()).unwrap();
        assert!(nanos(&second) > nanos(&first));
        assert_eq!(second.predecessorhash, first.hash);
    }
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let store = Store::in_memory();
    let commit = |n| {
        let events = (0..n).map(|_| new_event((1, 0, true))).collect();
        store.commit(Generation::V1, CommitRequest { events, preconditions: Vec::new() }).unwrap()
    };
    commit(1500);
    let snapshot = store.snapshot();
    commit(1000);
    store.erase("/a").unwrap();
    assert_eq!((snapshot.len(), snapshot.records().count(), store.len()), (1500, 1500, 2500));
    assert!(snapshot.records().all(|record| record.data().contains("xyzzy")));
    assert!(store.snapshot().records().all(|record| record.data() == "{}"));
}

#[test]
fn a_foreign_backup_is_checked_by_its_links() {
    let event = |id: u32, hash: char, before: &str| {
        let hash = hash.to_string().repeat(64);
        format!(
            r#"{{"id":"{id}","source":"s","subject":"/a/{id}","type":"t","predecessorhash":"{before}","hash":"{hash}"}}"#
        )
    };
    let a = "a".repeat(64);
    let good = format!("{}\n{}\n", event(1, 'a', NO_PREDECESSOR), event(2, 'b', &a));
    let store = Store::in_memory();
    assert_eq!(store.restore(good.as_bytes()).unwrap(), 2);
    assert_eq!(
        store.audit().unwrap().to_string(),
        "Audit passed. All 2 events integrity checks succeeded. 2 of them came with a backup: their links were checked, their contents could not be."
    );
    assert!(matches!(store.restore(good.as_bytes()), Err(Error::NotEmpty(2))));
    let bad = format!("[{},{}]", event(1, 'a', NO_PREDECESSOR), event(2, 'b', &"c".repeat(64)));
    let store = Store::in_memory();
    store.restore(bad.as_bytes()).unwrap();
    let audit = store.audit().unwrap().to_string();
    assert_eq!(audit, "Audit failed. Event 2 at position 2: it is not linked to the event before it.");
}

#[test]
fn a_backup_that_is_none_changes_nothing() {
    for bad in ["[1]", "[{}]", "{\"id\":1}", "[{\"id\":\"1\",\"source\":\"s\",\"subject\":\"/a\",\"type\":\"t\"}", "x"]
    {
        let store = Store::in_memory();
        assert!(matches!(store.restore(bad.as_bytes()), Err(Error::Backup(_))), "{bad}");
        assert!(store.is_empty());
    }
    let event = r#"{"id":"1","source":"s","subject":"/a","type":"t"}"#;
    let twice = Store::in_memory().restore(format!("{event}\n{event}").as_bytes()).unwrap_err().to_string();
    assert!(twice.contains("event 2") && twice.contains("twice"), "{twice}");
}

/// Conditions that the index is of use for, alone and together, and some that it is not.
const CONDITIONS: [&str; 12] = [
    "e.type == 'one'",
    "e.type IN ('one', 'three', 'none')",
    "e.subject UNDER '/a'",
    "e.subject UNDER '/a/'",
    "e.subject DESCENDANTS '/c'",
    "e.subject == '/a/b'",
    "e.subject IN ('/ab', '/c/d')",
    "e.subject UNDER '/'",
    "e.subject == '/'",
    "e.subject UNDER '/a' AND e.subject UNDER '/a/b' AND e.type == 'two'",
    "e.type == 'one' OR e.subject == '/c'",
    "e.time >= '2020-01-01' AND e.type == 'three'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// What the index leaves out would not have passed the query.
    #[test]
    fn a_query_gets_all_events_that_it_needs(events in prop::collection::vec((0..SUBJECTS.len(), 0..KINDS.len(), any::<bool>()), 0..60)) {
        let store = Store::in_memory();
        for event in events {
            let request = CommitRequest { events: vec![new_event(event)], preconditions: Vec::new() };
            store.commit(Generation::V2, request).unwrap();
        }
        let snapshot = store.snapshot();
        for condition in CONDITIONS {
            let query = crate::gdbql::parse(&format!("STREAM e FROM events WHERE {condition} MAP e.id")).unwrap();
            let rows = |records: &mut dyn Iterator<Item = &Record>| {
                let mut rows = Vec::new();
                let events = records.filter_map(|record| record.envelope(Generation::V2));
                crate::gdbql::run(&query, events, &crate::gdbql::Limits::default(), &mut |row| {
                    rows.push(row);
                    std::ops::ControlFlow::Continue(())
                }).unwrap();
                rows
            };
            let wanted = store.wanted(&query.cut());
            prop_assert!(wanted.len() <= snapshot.len());
            prop_assert_eq!(rows(&mut wanted.records()), rows(&mut snapshot.records()), "{}", condition);
            let ascends = |at: usize| wanted.get(at).map(|found| found.0) < wanted.get(at + 1).map(|found| found.0);
            prop_assert!((0..wanted.len().saturating_sub(1)).all(ascends));
        }
        let one = crate::gdbql::parse("STREAM e FROM events WHERE e.type == 'one' AND e.subject == '/a/b'").unwrap();
        let is_below = |record: &&Record| {
            record.names().is_some_and(|[subject, kind, _]| kind == "one" && is_under(&subject, "/a/b"))
        };
        let exactly = snapshot.records().filter(is_below).count();
        prop_assert_eq!(store.wanted(&one.cut()).len(), exactly, "nothing else is read but what stands below");
    }
}
