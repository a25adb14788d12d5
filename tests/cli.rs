//! The commands as a user runs them: the real binary against the real server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const TOKEN: &str = "cli-test-admin";
const READER: &str = "cli-test-reader";

/// A `gdbx serve` of this test's own; it ends with the test.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(more: &[&str]) -> Self {
        let mut process = gdbx()
            .args(["serve", "--listen", "127.0.0.1:0", "--token", TOKEN, "--read-token", READER])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("listening on ").unwrap().to_owned();
        Self { process, url }
    }

    fn demo() -> Self {
        Self::start(&["--demo", "--events", "300"])
    }

    fn command(&self) -> Command {
        let mut command = gdbx();
        command.env("GENESISDB_URL", &self.url).env("GENESISDB_AUTH_TOKEN", TOKEN);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    /// Standard output of a command that must succeed.
    fn out(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    }

    fn with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command();
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The binary, without anything of the tester's own settings.
fn gdbx() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gdbx"));
    command.env_clear().env("HOME", "/nonexistent").env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn interrupt(process: &Child, signal: &str) {
    let killed = Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

fn new_event(subject: &str) -> String {
    format!(
        r#"{{"source":"t","subject":"{subject}","type":"added","data":{{"n":12345678901234567890,"z":1,"a":1.10}}}}"#
    )
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn questions_are_answered_in_both_generations() {
    let server = Server::demo();
    for api in ["v1", "v2", "auto"] {
        let out = |arguments: &[&str]| server.out(&[&["--api", api], arguments].concat());
        assert!(out(&["ping"]).contains("\"latencyMs\":"));
        assert!(out(&["audit"]).starts_with("{\"passed\":true,\"events\":300,"));
        assert!(out(&["status"]).contains("\"count\":300"));
        assert!(out(&["subjects"]).contains("{\"subject\":\"/customer\"}\n"));
        assert!(out(&["types"]).contains("{\"type\":\"io.genesisdb.shop.order-placed\"}\n"));
        assert_eq!(out(&["stream", "/", "--count"]), "300\n");
        assert_eq!(out(&["query", "STREAM e FROM events MAP COUNT()"]), "300\n");
        assert_eq!(out(&["observe", "/", "--limit", "300", "--count"]), "300\n");
        assert_eq!(out(&["schemas"]), "");
    }
    assert!(server.out(&["--api", "auto", "ping"]).contains("\"api\":\"v2\""));
}

#[test]
fn streams_are_narrowed_by_options() {
    let server = Server::demo();
    let all = server.out(&["stream", "/"]);
    let ids: Vec<String> = all.lines().map(id).collect();
    assert_eq!(ids.len(), 300);
    let some = |arguments: &[&str]| -> Vec<String> {
        server.out(&[&["stream", "/"], arguments].concat()).lines().map(id).collect()
    };
    assert_eq!(some(&["--limit", "3"]), ids[..3]);
    assert!(some(&["--limit", "0"]).is_empty());
    assert_eq!(some(&["--lower-bound", &ids[9]]), ids[10..]);
    assert_eq!(some(&["--lower-bound", &ids[9], "--include-lower"]), ids[9..]);
    assert_eq!(some(&["--lower-bound", &ids[9], "--upper-bound", &ids[12]]), ids[10..12]);
    assert_eq!(some(&["--upper-bound", &ids[2], "--include-upper"]), ids[..3]);
    let latest = server.out(&["stream", "/", "--latest-by-type", "io.genesisdb.shop.order-placed", "--count"]);
    assert_eq!(latest, "1\n");
    let last = all.lines().last().unwrap();
    assert!(server.out(&["stream", "/", "--lower-bound", &ids[298]]).contains(last), "raw lines are kept");
}

fn id(line: &str) -> String {
    let event = gdbx::model::event::Envelope::from_line(line.as_bytes()).unwrap();
    event.id.into_owned()
}

#[test]
fn every_format_has_its_shape() {
    let server = Server::demo();
    let out = |arguments: &[&str], format: &str| server.out(&[arguments, &["--output", format]].concat());
    let stream = ["stream", "/", "--limit", "2"];
    assert_eq!(out(&stream, "ndjson"), server.out(&stream), "a pipe gets ndjson");
    let json: Vec<serde_json::Value> = serde_json::from_str(&out(&stream, "json")).unwrap();
    assert_eq!(json.len(), 2);
    let csv = out(&stream, "csv");
    assert!(csv.starts_with("time,type,subject,id,source,"), "{csv}");
    assert_eq!(csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).count(), 2);
    let table = out(&stream, "table");
    assert!(table.starts_with("time ") && table.lines().count() == 3, "{table}");

    let query = ["query", "STREAM e FROM events LIMIT 2 MAP { b: e.type, a: e.data.none }"];
    assert!(out(&query, "csv").starts_with("b,a\nio.genesisdb"));
    assert!(out(&query, "table").starts_with("b "));
    assert!(out(&query, "ndjson").starts_with("{\"b\":"));
    assert!(out(&["status"], "table").contains("events.count "));
    assert!(out(&["subjects"], "csv").starts_with("subject\n/"));
    serde_json::from_str::<Vec<serde_json::Value>>(&out(&["types"], "json")).unwrap();
}

/// The records of a CSV with a head.
fn records(csv: &str) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_query_gives_the_table_of_the_explorer() {
    let server = Server::demo();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.ndjson").to_str().unwrap().to_owned();
    server.out(&["backup", &backup]);
    let query = "STREAM e FROM events ORDER BY e.id MAP { type: e.type, what: { id: e.id, data: e.data } }";
    let ndjson = server.out(&["query", query]);
    for source in [&[][..], &["--backup", &backup]] {
        let out = |format: &str| server.out(&[&["query", query, "--output", format], source].concat());
        let (csv, tsv, markdown) = (out("csv"), out("tsv"), out("markdown"));
        let found = records(&csv);
        assert_eq!((found.len(), tsv.lines().count(), markdown.lines().count()), (300, 301, 302));
        assert!(csv.starts_with("type,what.id,what.data."), "{}", csv.lines().next().unwrap());
        for (line, record) in ndjson.lines().zip(&found) {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(record["what.id"], row["what"]["id"].as_str().unwrap());
            for (key, value) in row["what"]["data"].as_object().unwrap() {
                let cell = record.get(&format!("what.data.{key}"));
                match value {
                    serde_json::Value::Object(_) | serde_json::Value::Null => {
                        assert_eq!(cell.map_or("", String::as_str), "", "{line}");
                    }
                    serde_json::Value::String(text) => assert_eq!(cell, Some(text)),
                    // Numbers stand there as they were written: 73.40.
                    other => assert_eq!(&cell.unwrap().parse::<serde_json::Value>().unwrap(), other),
                }
            }
        }
        let alignment = markdown.lines().nth(1).unwrap();
        assert!(alignment.starts_with("| --- | --- | ") && alignment.contains(" ---: |"), "{alignment}");
    }
}

#[test]
fn wanted_columns_are_the_table_whatever_the_rows_have() {
    let server = Server::demo();
    let query = |more: &[&str]| server.run(&[&["query", "STREAM e FROM events LIMIT 2"], more].concat());
    let csv = query(&["-o", "csv", "--columns", "subject,data,no.such"]);
    let found = records(&stdout(&csv));
    assert!(stdout(&csv).starts_with("subject,data,no.such\n/"), "{}", stdout(&csv));
    assert!(found.iter().all(|record| record["data"].starts_with('{') && record["no.such"].is_empty()), "{found:?}");
    for (wrong, said) in [(&["--columns", "a"][..], "--output csv"), (&["-o", "csv", "--columns", "a..b"], "`a..b`")] {
        let refused = query(wrong);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains(said), "{}", stderr(&refused));
    }
}

#[test]
fn a_table_of_many_rows_has_the_column_of_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let event = |n: usize, data: &str| {
        format!(
            r#"{{"source":"s","subject":"/a/{n}","type":"t","id":"{n}","time":"2026-03-01T00:00:00Z","data":{data}}}"#
        )
    };
    let filler = "x".repeat(2000);
    let mut lines: Vec<String> = (0..8000).map(|n| event(n, &format!(r#"{{"n":{n},"filler":"{filler}"}}"#))).collect();
    lines.push(event(8000, r#"{"late":{"x":1}}"#));
    let backup = write(folder.path(), "backup.ndjson", &lines.join("\n"));
    let output = gdbx().args(["query", "--backup", &backup, "-o", "csv", "STREAM e FROM events"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let found = records(&stdout(&output));
    assert!(found[..8000].iter().enumerate().all(|(n, record)| record["data.n"] == n.to_string()));
    assert_eq!((found.len(), &*found[8000]["data.late.x"], stderr(&output)), (8001, "1", String::new()));
}

#[test]
fn commits_hold_to_their_preconditions() {
    let server = Server::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let event = write(folder.path(), "event.json", &new_event("/seat/1"));
    let stored = server.out(&["commit", &event, "--if-new", "/seat/1"]);
    assert!(stored.contains(r#""data":{"n":12345678901234567890,"z":1,"a":1.10}"#), "{stored}");
    assert!(stored.contains("\"hash\":"), "{stored}");

    let again = server.run(&["commit", &event, "--if-new", "/seat/1"]);
    assert_eq!(again.status.code(), Some(5));
    assert!(stderr(&again).contains("isSubjectNew does not hold: "), "{}", stderr(&again));
    assert!(stdout(&again).is_empty());

    let array = format!("[{},{}]", new_event("/seat/2"), new_event("/seat/3"));
    let few = "STREAM e FROM events WHERE e.subject UNDER '/seat' MAP COUNT() < 3";
    let both = ["commit", "-", "--if-existing", "/seat/1", "--if-query", few];
    assert_eq!(server.with_input(&both, &array).status.code(), Some(0));
    assert_eq!(server.with_input(&both, &array).status.code(), Some(5));
    let request = format!(
        r#"{{"events":[{}],"preconditions":[{{"type":"isSubjectNew","payload":{{"subject":"/seat"}}}}]}}"#,
        new_event("/seat/4")
    );
    assert_eq!(server.with_input(&["commit", "-"], &request).status.code(), Some(5));
    assert_eq!(server.out(&["stream", "/", "--count"]), "3\n");
    assert_eq!(server.with_input(&["--api", "v1", "commit", "-"], &new_event("/seat/9")).status.code(), Some(0));
}

#[test]
fn exit_codes_tell_failures_apart() {
    let server = Server::start(&[]);
    let code = |arguments: &[&str]| {
        let output = server.run(arguments);
        let (code, text) = (output.status.code().unwrap(), stderr(&output));
        assert!(code == 0 || !text.is_empty(), "{arguments:?} says nothing");
        assert!(!text.contains(TOKEN) && !stdout(&output).contains(TOKEN), "{text}");
        code
    };
    assert_eq!(code(&["query", "STREAM e FROM events WHER"]), 1);
    assert_eq!(code(&["erase", "/nothing", "--yes"]), 1);
    assert_eq!(code(&["erase", "/nothing"]), 2);
    assert_eq!(code(&["restore", "/no/such/file"]), 2);
    assert_eq!(code(&["restore", "/no/such/file", "--yes"]), 2);
    assert_eq!(code(&["stream"]), 2);
    assert_eq!(code(&["nonsense"]), 2);
    assert_eq!(code(&["query", " "]), 2);
    assert_eq!(code(&["--url", "ftp://x", "ping"]), 2);
    assert_eq!(code(&["--url", "http://127.0.0.1:1", "ping"]), 3);
    assert_eq!(code(&["--url", "http://127.0.0.1:1", "observe", "/"]), 3);
    assert_eq!(server.with_input(&["commit", "-"], "{").status.code(), Some(2));
    assert_eq!(server.with_input(&["commit", "-"], &new_event("/only")).status.code(), Some(0));
    assert_eq!(server.with_input(&["commit", "-"], "{\"subject\":\"/x\"}").status.code(), Some(1));

    let wrong = server.command().env("GENESISDB_AUTH_TOKEN", "wrong-token").args(["stream", "/"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(4));
    assert!(!stderr(&wrong).contains("wrong-token"));
    let reader = server.command().env("GENESISDB_AUTH_TOKEN", READER).args(["audit"]).output().unwrap();
    assert_eq!(reader.status.code(), Some(4));
    let observing =
        server.command().env("GENESISDB_AUTH_TOKEN", "wrong-token").args(["observe", "/"]).output().unwrap();
    assert_eq!(observing.status.code(), Some(4));
    let nowhere = gdbx().arg("ping").output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("GENESISDB_URL"));
}

#[test]
fn the_place_of_a_wrong_query_is_shown() {
    let server = Server::start(&[]);
    let output = server.run(&["query", "STREAM e FROM events\nWHER x"]);
    assert!(stderr(&output).contains("\n2 | WHER x\n    ^^^^\n"), "{}", stderr(&output));
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "q.gdbql", "STREAM e FROM events MAP COUNT()");
    assert_eq!(server.out(&["query", "--file", &file]), "0\n");
    assert_eq!(stdout(&server.with_input(&["query", "-"], "STREAM e FROM events MAP COUNT()")), "0\n");
}

#[test]
fn a_backup_is_asked_like_the_server_that_it_is_of() {
    let server = Server::demo();
    let folder = tempfile::tempdir().unwrap();
    let events = server.out(&["stream", "/", "--output", "ndjson"]);
    let file = write(folder.path(), "events.ndjson", &events);
    let array = folder.path().join("backup.json").display().to_string();
    server.out(&["backup", &array]);
    let ask = |file: &str, query: &str| gdbx().args(["query", "--backup", file, query]).output().unwrap();
    for query in [
        "STREAM e FROM events WHERE e.subject UNDER '/customer' LIMIT 9 MAP { id: e.id, data: e.data }",
        "STREAM e FROM events ORDER BY e.subject DESC, e.time LIMIT 20 MAP [e.subject, e.id]",
        "STREAM e FROM events GROUP BY e.type MAP { type: e.type, events: COUNT(), total: SUM(e.data.total) }",
        "STREAM e FROM events WHERE e.type == 'none' MAP COUNT()",
    ] {
        let expected = server.out(&["query", query]);
        assert!(!expected.is_empty());
        assert_eq!(stdout(&ask(&file, query)), expected, "{query}");
        assert_eq!(stdout(&ask(&array, query)), expected, "{query}");
    }

    let wrong = ask(&file, "STREAM e FROM events MAP 1 / 0");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        stderr(&wrong).contains("1 | STREAM e FROM events MAP 1 / 0\n                                 ^"),
        "{}",
        stderr(&wrong)
    );
    let query = "STREAM e FROM events WHERE e.type == 'x' MAP COUNT()";
    let explained = gdbx().args(["query", "--explain", "--backup", &file, query]).output().unwrap();
    assert!(stderr(&explained).contains("e.type == 'x': would leave out events by type"), "{}", stderr(&explained));
    assert!(stderr(&explained).contains("300 events were read"), "{}", stderr(&explained));
    let planned = gdbx().args(["query", "--backup", &file, &format!("EXPLAIN {query}")]).output().unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
    assert_eq!((&plan["read"], &plan["plan"][0]["condition"]), (&300.into(), &"e.type == 'x'".into()));
    let broken = write(folder.path(), "broken.ndjson", &format!("{events}{{oops\n"));
    let counted = ask(&broken, "STREAM e FROM events MAP COUNT()");
    assert_eq!((stdout(&counted).trim(), counted.status.code()), ("300", Some(1)));
    assert!(stderr(&counted).contains("1 line could not be read"), "{}", stderr(&counted));
    let nowhere = ask("/no/such/file", "STREAM e FROM events");
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("/no/such/file"), "{}", stderr(&nowhere));
}

#[test]
fn schemas_are_registered_once() {
    let server = Server::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let schema = r#"{"type":"object","properties":{"n":{"type":"number"}}}"#;
    let file = write(folder.path(), "schema.json", schema);
    assert_eq!(server.out(&["schemas", "register", "added", &file]), "");
    assert!(server.out(&["schemas"]).contains(schema));
    assert_eq!(server.run(&["schemas", "register", "added", &file]).status.code(), Some(1));
    let wrong = new_event("/x/1").replace("12345678901234567890", "\"text\"");
    assert_eq!(server.with_input(&["commit", "-"], &wrong).status.code(), Some(1));
}

#[test]
fn erased_payloads_are_gone_and_the_audit_passes() {
    let server = Server::start(&[]);
    let event = new_event("/customer/1").replace("}}", "},\"options\":{\"storeDataAsReference\":true}}");
    assert_eq!(server.with_input(&["commit", "-"], &event).status.code(), Some(0));
    let erased = server.run(&["erase", "/customer/1", "--yes"]);
    assert_eq!(erased.status.code(), Some(0));
    assert!(stderr(&erased).contains("Erased 1 ref data"), "{}", stderr(&erased));
    assert!(server.out(&["stream", "/"]).contains("\"data\":{}"));
    assert!(server.out(&["audit"]).contains("\"passed\":true"));
}

#[test]
fn a_backup_is_whole_private_and_restores() {
    let server = Server::demo();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.json");
    let name = file.to_str().unwrap();
    assert_eq!(server.out(&["backup", name]), "");
    assert_eq!(server.out(&["backup", "-"]), std::fs::read_to_string(&file).unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

    let empty = Server::start(&[]);
    assert_eq!(empty.run(&["restore", name, "--yes"]).status.code(), Some(0));
    assert_eq!(empty.out(&["stream", "/"]), server.out(&["stream", "/"]));
    assert_eq!(empty.run(&["restore", name, "--yes"]).status.code(), Some(1), "only into an empty store");
    let loaded = Server::start(&["--load", name]);
    assert_eq!(loaded.out(&["stream", "/", "--count"]), "300\n");

    let unreachable = server.run(&["--url", "http://127.0.0.1:1", "backup", folder.path().join("b").to_str().unwrap()]);
    assert_eq!(unreachable.status.code(), Some(3));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left of a failure");
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_a_table_that_fits_and_cannot_control_it() {
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    let server = Server::start(&[]);
    let bad = new_event("/a/1").replace("\"n\":", "\"x\":\"\u{9b}2J\\u001b[2J\u{202e}\",\"n\":");
    assert_eq!(server.with_input(&["commit", "-"], &bad).status.code(), Some(0));
    for (format, beginning) in [(None, "time "), (Some("ndjson"), "{"), (Some("csv"), "time,type,")] {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gdbx"));
        command.env("NO_COLOR", "1");
        command.env("GENESISDB_AUTH_TOKEN", TOKEN);
        command.args(["--url", &server.url, "stream", "/"]);
        command.args(format.map(|format| ["--output", format]).into_iter().flatten());
        let mut child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let mut out = Vec::new();
        // The terminal's end is an error on Linux.
        let _ = pty.master.try_clone_reader().unwrap().read_to_end(&mut out);
        assert!(child.wait().unwrap().success());
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with(beginning), "{text:?}");
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{text:?}");
        if format.is_none() {
            assert!(text.lines().count() == 2 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let server = Server::demo();
    for arguments in [&["stream", "/"][..], &["observe", "/"], &["stream", "/", "-o", "csv"], &["backup", "-"]] {
        let mut child = server.command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The reader goes before anything can have been written.
        drop(child.stdout.take());
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}: {text}");
        assert!(!text.to_lowercase().contains("pipe"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_whole_output_and_its_code() {
    let server = Server::demo();
    let mut child = server
        .command()
        .args(["observe", "/", "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    interrupt(&child, "-INT");
    out.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let events: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert!(!events.is_empty());
}

#[cfg(unix)]
#[test]
fn a_server_ends_properly_on_either_signal() {
    for signal in ["-INT", "-TERM"] {
        let mut server = Server::start(&[]);
        // An observation does not keep it from ending.
        let mut observer =
            server.command().args(["observe", "/"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(observer.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("connected"), "{line}");
        interrupt(&server.process, signal);
        assert_eq!(server.process.wait().unwrap().code(), Some(0));
        observer.kill().unwrap();
        observer.wait().unwrap();
    }
}

#[test]
fn an_observation_goes_on_with_what_is_committed() {
    let server = Server::demo();
    let mut child = server
        .command()
        .args(["observe", "/seat", "--from-now", "--limit", "2"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut states = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    states.read_line(&mut line).unwrap();
    assert!(line.contains("connected, observing /seat"), "{line}");
    for subject in ["/seat/1", "/other/1", "/seat/2"] {
        assert_eq!(server.with_input(&["commit", "-"], &new_event(subject)).status.code(), Some(0));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains("/seat/1") && text.contains("/seat/2"), "{text}");
}

#[test]
fn serving_refuses_to_be_open_to_everyone() {
    let output = gdbx().args(["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("token of your own"), "{}", stderr(&output));
    let output = gdbx().args(["serve", "--events", "5"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "--events goes with --demo");
}

#[test]
fn settings_come_from_a_file() {
    let server = Server::demo();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "token", READER);
    let config = format!(
        "connection = \"shop\"\n[connections.shop]\nurl = \"{}\"\ntoken_file = \"token\"\nread_only = true\n",
        server.url
    );
    let config = write(folder.path(), "config.toml", &config);
    let run = |arguments: &[&str]| gdbx().args(["--config", &config]).args(arguments).output().unwrap();
    assert_eq!(stdout(&run(&["stream", "/", "--count"])), "300\n");
    let refused = run(&["erase", "/customer", "--yes"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("`shop` is read-only"), "{}", stderr(&refused));
    let wrong = write(folder.path(), "wrong.toml", "conection = 1");
    let output = gdbx().args(["--config", &wrong, "ping"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("line 1, column 1") && stderr(&output).contains("did you mean `connection`?"));
}

#[test]
fn help_shows_examples_and_names_every_exit_code() {
    let help = stdout(&gdbx().arg("--help").output().unwrap());
    for word in ["Examples:", "Exit codes:", "130  interrupted", "--token-file", "observe", "restore"] {
        assert!(help.contains(word), "{word}");
    }
    assert!(!help.contains("--token "), "a token on a command line is visible to every user");
    for command in ["stream", "observe", "query", "commit", "serve"] {
        let help = stdout(&gdbx().args([command, "--help"]).output().unwrap());
        assert!(help.contains("Examples:"), "{command}: {help}");
    }
}

#[test]
fn how_much_is_loaded_is_for_the_explorer_to_know() {
    for arguments in [&["--all", "ping"][..], &["--page-events", "5", "stream", "/"], &["--all", "--page-events", "5"]]
    {
        let output = gdbx().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    }
    let output = gdbx().args(["--page-events", "0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn only_the_explorer_measures_itself() {
    let output = gdbx().args(["--stats", "unused.json", "ping"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--stats measures the explorer"), "{}", stderr(&output));
    assert!(!Path::new("unused.json").exists());
}
