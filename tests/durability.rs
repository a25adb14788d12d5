#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
//! What is on the disk: nothing acknowledged is lost, nothing half-written comes back, nothing changed goes unnoticed.

use gdbx::model::request::{CommitRequest, Generation, RegisteredSchema, StreamOptions};
use gdbx::store::{Error, Store, Warning};
use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn open(path: &Path) -> Store {
    let (store, warnings) = Store::open(path).unwrap();
    assert_eq!(warnings, []);
    store
}

/// Commit events with these subjects; a subject with an exclamation mark has a reference payload.
fn commit(store: &Store, subjects: &[&str]) -> Vec<String> {
    let events: Vec<_> = subjects
        .iter()
        .map(|subject| {
            let (subject, reference) = (subject.trim_end_matches('!'), subject.ends_with('!'));
            format!(
                r#"{{"source":"s","subject":"{subject}","type":"t","data":{{"email":"plugh@example.com"}},"options":{{"storeDataAsReference":{reference}}}}}"#
            )
        })
        .collect();
    let request: CommitRequest = serde_json::from_str(&format!("{{\"events\":[{}]}}", events.join(","))).unwrap();
    let stored = store.commit(Generation::V2, request).unwrap();
    stored.iter().map(|record| record.envelope(Generation::V2).unwrap().id.into_owned()).collect()
}

fn ids(store: &Store) -> Vec<String> {
    store.snapshot().envelopes(Generation::V2).map(|event| event.id.into_owned()).collect()
}

#[test]
fn a_commit_is_cut_off_whole_or_not_at_all() {
    let folder = Folder::new();
    let path = folder.path("events");
    let store = open(&path);
    let mut acknowledged = commit(&store, &["/a/1"]);
    acknowledged.extend(commit(&store, &["/a/2", "/a/3!"]));
    let whole = fs::metadata(&path).unwrap().len();
    let last = commit(&store, &["/b/1", "/b/2!", "/b/3"]);
    drop(store);
    let bytes = fs::read(&path).unwrap();
    for length in usize::try_from(whole).unwrap()..bytes.len() {
        let torn = folder.path("torn");
        fs::write(&torn, &bytes[..length]).unwrap();
        let (store, warnings) = Store::open(&torn).unwrap();
        // All that may be missing without making the commit half is its last line feed.
        let survived = length == bytes.len() - 1;
        let expected = if survived { [&acknowledged[..], &last[..]].concat() } else { acknowledged.clone() };
        assert_eq!(ids(&store), expected, "cut at byte {length}");
        let cut = length as u64 - whole;
        let warning = (cut > 0 && !survived).then_some(Warning::TornTail { bytes: cut, at: whole });
        assert_eq!(warnings, warning.into_iter().collect::<Vec<_>>(), "cut at byte {length}");
        let more = commit(&store, &["/c/1"]);
        assert!(store.audit().unwrap().passed(), "cut at byte {length}");
        drop(store);
        assert_eq!(ids(&open(&torn)), [&expected[..], &more[..]].concat(), "cut at byte {length}");
    }
}

#[test]
fn any_changed_byte_of_an_event_fails_the_audit() {
    let folder = Folder::new();
    let path = folder.path("events");
    let store = open(&path);
    let ids = [commit(&store, &["/a/1"]), commit(&store, &["/a/2!", "/a/3"]), commit(&store, &["/a/4"])].concat();
    assert!(store.audit().unwrap().passed());
    let original = fs::read(&path).unwrap();
    let copy = folder.path("copy");
    fs::write(&copy, &original).unwrap();
    let lines: Vec<_> = original.split_inclusive(|byte| *byte == b'\n').collect();
    for (position, id) in (1..).zip(&ids) {
        let start: usize = lines[..position].iter().map(|line| line.len()).sum();
        let text = String::from_utf8(lines[position].to_vec()).unwrap();
        let named = text.find(&format!("\"id\":\"{id}")).unwrap() + 6;
        for (at, byte) in lines[position].iter().enumerate().take(lines[position].len() - 1) {
            for (n, changed) in [byte ^ 1, b'\n', b'"', 0xff].into_iter().enumerate() {
                // The rarer changes are tried at every eleventh byte.
                if changed == *byte || n > 1 && at % 11 > 0 {
                    continue;
                }
                patch(&path, start + at, changed);
                let running = store.audit().unwrap();
                patch(&path, start + at, *byte);
                patch(&copy, start + at, changed);
                let (opened, warnings) = Store::open(&copy).unwrap();
                let opened = opened.audit().unwrap();
                // Only where the ID itself was hit it cannot be named.
                let hit = (named..named + 36).contains(&at);
                for audit in [running, opened] {
                    let said = audit.to_string();
                    assert!(said.starts_with("Audit failed."), "byte {at}: {said}");
                    let name = if hit { format!("at position {position}:") } else { id.clone() };
                    assert!(said.contains(&name), "byte {at} of event {position} to {changed}: {said}");
                }
                assert!(!warnings.is_empty(), "byte {at}");
                assert_eq!(fs::metadata(&copy).unwrap().len(), original.len() as u64, "nothing is cut");
                patch(&copy, start + at, *byte);
            }
        }
    }
    assert!(store.audit().unwrap().passed());
}

/// Change one byte of a file.
fn patch(path: &Path, at: usize, byte: u8) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&[byte]).unwrap();
}

#[test]
fn a_missing_event_fails_the_audit() {
    let folder = Folder::new();
    let path = folder.path("events");
    let store = open(&path);
    let ids = [commit(&store, &["/a/1"]), commit(&store, &["/a/2"]), commit(&store, &["/a/3"])].concat();
    let text = fs::read_to_string(&path).unwrap();
    let without =
        |n: usize| text.lines().enumerate().filter(move |(at, _)| *at != n).map(|(_, line)| format!("{line}\n"));
    fs::write(&path, without(2).collect::<String>()).unwrap();
    assert!(store.audit().unwrap().to_string().contains(&ids[2]), "the one behind the gap");
    fs::write(&path, without(3).collect::<String>()).unwrap();
    assert!(store.audit().unwrap().to_string().contains(&ids[2]), "the last one");
}

#[test]
fn an_erased_payload_is_gone_from_the_file() {
    let folder = Folder::new();
    let path = folder.path("events");
    let store = open(&path);
    commit(&store, &["/a/1!", "/b/1"]);
    let kept = commit(&store, &["/a/1/x!"]);
    assert_eq!(store.erase("/a/1").unwrap(), 2);
    let count = |text: &str| text.matches("plugh").count();
    assert_eq!(count(&fs::read_to_string(&path).unwrap()), 1, "only that of /b/1, which is no reference");
    assert!(store.audit().unwrap().passed());
    assert!(matches!(Store::open(&path), Err(Error::InUse(_))), "the new file is locked as well");
    assert_eq!(fs::read_dir(folder.folder.path()).unwrap().count(), 1, "nothing is left lying about");
    let after = commit(&store, &["/c/1"]);
    drop(store);
    let store = open(&path);
    assert_eq!(ids(&store)[2..], [kept, after].concat());
    assert!(store.audit().unwrap().passed());
    assert!(matches!(store.erase("/a"), Err(Error::NothingToErase(_))));
    let snapshot = store.snapshot();
    let first = snapshot.records().next().unwrap();
    let data = |generation| first.envelope(generation).unwrap().data.unwrap().text().to_owned();
    assert_eq!((data(Generation::V2), data(Generation::V1)), ("{}".to_owned(), r#"{"email":""}"#.to_owned()));
}

#[test]
fn what_an_interrupted_rewrite_left_is_removed() {
    let folder = Folder::new();
    let path = folder.path("events");
    commit(&open(&path), &["/a/1!"]);
    fs::write(folder.path("events.rewrite"), "plugh").unwrap();
    let store = open(&path);
    assert!(!folder.path("events.rewrite").exists());
    store.erase("/a").unwrap();
    assert!(!fs::read_to_string(&path).unwrap().contains("plugh"));
}

#[test]
fn a_file_belongs_to_one_store_at_a_time() {
    let folder = Folder::new();
    let path = folder.path("events");
    let store = open(&path);
    let refused = Store::open(&path).unwrap_err();
    assert!(matches!(&refused, Error::InUse(file) if *file == path), "{refused}");
    drop(store);
    open(&path);
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let path = folder.path("events");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let store = open(&path);
    assert_eq!(mode(), 0o600);
    commit(&store, &["/a/1!"]);
    store.erase("/a").unwrap();
    assert_eq!(mode(), 0o600);
}

#[test]
fn something_else_than_a_store_is_left_alone() {
    let folder = Folder::new();
    for text in ["hello", "{\"id\":\"1\"}\n", "[]", "\n"] {
        let path = folder.path("other");
        fs::write(&path, text).unwrap();
        assert!(matches!(Store::open(&path), Err(Error::NotAStore(_))), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn commits_that_come_together_are_all_there() {
    let folder = Folder::new();
    let path = folder.path("events");
    let store = open(&path);
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            thread::spawn(move || {
                let subject = format!("/w/{writer}");
                (0..25).flat_map(|_| commit(&store, &[&subject, &subject])).collect::<Vec<_>>()
            })
        })
        .collect();
    let acknowledged: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
    let in_memory = ids(&store);
    drop(store);
    let store = open(&path);
    assert_eq!(ids(&store), in_memory);
    assert!(store.audit().unwrap().passed());
    for (writer, expected) in acknowledged.iter().enumerate() {
        let mut selection = store.select(&format!("/w/{writer}"), &StreamOptions::default(), Generation::V2);
        let page = store.page(&mut selection);
        let found: Vec<_> =
            page.iter().map(|record| record.envelope(Generation::V2).unwrap().id.into_owned()).collect();
        assert_eq!(&found, expected);
    }
}

#[test]
fn schemas_and_backups_last() {
    let folder = Folder::new();
    let path = folder.path("events");
    let schema: RegisteredSchema =
        serde_json::from_str("{\"type\":\"t\",\"schema\":{\n\"required\":[\"email\"]}}").unwrap();
    let backup = {
        let store = Store::in_memory();
        commit(&store, &["/a/1", "/a/2!"]);
        store.snapshot().records().map(|record| format!("{}\n", record.text())).collect::<String>()
    };
    let file = folder.path("backup.ndjson");
    fs::write(&file, &backup).unwrap();
    let store = open(&path);
    store.register_schema(schema.clone()).unwrap();
    assert_eq!(store.load_backup(&file).unwrap(), 2);
    commit(&store, &["/b/1"]);
    drop(store);
    let store = open(&path);
    assert_eq!(store.schemas()[0].kind, "t");
    assert!(matches!(store.register_schema(schema), Err(Error::SchemaExists(_))));
    let text: String = store.snapshot().records().take(2).map(|record| format!("{}\n", record.text())).collect();
    assert_eq!(text, backup);
    let said = store.audit().unwrap().to_string();
    assert!(said.starts_with("Audit passed. All 3 events") && said.contains("1 of them came with a backup"), "{said}");
}
