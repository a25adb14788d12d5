//! The commands and servers that misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod scripted;

use scripted::{Scripted, Step, answer, chunk, chunked, event, send};
use std::process::{Command, Output};

fn gdbx(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gdbx"));
    command.env_clear().env("HOME", "/nonexistent").env("GENESISDB_AUTH_TOKEN", "hunter2-token");
    command.args(["--url", url, "--api", "v2"]);
    command
}

/// The command's output; waiting for it leaves this thread to the scripted server.
async fn finished(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

async fn run(url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = gdbx(url);
    command.args(arguments);
    let Output { status, stdout, stderr } = finished(command).await;
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(!out.contains("hunter2") && !err.contains("hunter2"), "{out}{err}");
    (status.code(), out, err)
}

#[tokio::test]
async fn bad_lines_are_told_and_the_rest_is_kept() {
    let body = format!("{}\nno\u{1b}[2J event\n{}\n", event(1), event(2));
    let server = Scripted::start(move |_, _| answer(200, &body)).await;
    let (code, out, err) = run(&server.url, &["stream", "/"]).await;
    assert_eq!(code, Some(1));
    assert_eq!(out, format!("{}\n{}\n", event(1), event(2)));
    assert!(err.contains("line 2: no JSON") && err.contains("no␛[2J event"), "{err}");
    assert!(err.ends_with("gdbx: 1 line could not be read\n"), "{err}");
    let (code, out, _) = run(&server.url, &["stream", "/", "--count"]).await;
    assert_eq!((code, out.as_str()), (Some(1), "2\n"));
}

#[tokio::test]
async fn a_cut_stream_keeps_what_came_and_does_not_count_as_done() {
    let server =
        Scripted::start(|_, _| vec![chunked(), chunk(format!("{}\n{}", event(1), &event(2)[..20])), Step::Reset]).await;
    let (code, out, err) = run(&server.url, &["stream", "/", "-o", "json"]).await;
    assert_eq!(code, Some(3), "{err}");
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&out).unwrap().len(), 1);
    assert!(err.contains("cut off"), "{err}");
}

#[tokio::test]
async fn refusals_have_their_codes() {
    for (status, expected) in [(400, 1), (401, 4), (403, 4), (404, 1), (422, 1), (500, 1), (503, 1)] {
        let server = Scripted::start(move |_, _| answer(status, "because; your token was hunter2-token")).await;
        let (code, out, err) = run(&server.url, &["query", "STREAM e FROM events"]).await;
        assert_eq!(code, Some(expected), "{status}: {err}");
        assert!(out.is_empty() && err.contains("because"), "{err}");
    }
}

#[tokio::test]
async fn a_failed_audit_is_no_success() {
    for (status, body) in [(200, "Audit failed at event e7: hash mismatch"), (500, "audit failed: hash mismatch")] {
        let server = Scripted::start(move |_, _| answer(status, body)).await;
        let (code, out, _) = run(&server.url, &["audit"]).await;
        assert_eq!(code, Some(1));
        assert!(out.contains("\"passed\":false") && out.contains("mismatch"), "{out}");
    }
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_no_unreachable_server() {
    let server = Scripted::start(|_, _| vec![Step::Reset]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    std::fs::write(&file, r#"{"source":"s","subject":"/a","type":"t","data":{}}"#).unwrap();
    let (code, _, err) = run(&server.url, &["commit", file.to_str().unwrap()]).await;
    assert_eq!(code, Some(1), "a script that tries again when a server is unreachable must not do so: {err}");
    assert!(err.contains("outcome unknown"), "{err}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_observation_is_opened_again_and_says_so() {
    let server = Scripted::start(|n, _| match n {
        0 => vec![chunked(), chunk(format!("data: {}\n\n", event(1))), Step::Reset],
        _ => vec![chunked(), chunk(format!("data: {}\n\n", event(2))), Step::Hang],
    })
    .await;
    let (code, out, err) = run(&server.url, &["observe", "/", "--limit", "2"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(out, format!("{}\n{}\n", event(1), event(2)));
    assert!(err.contains("trying again in") && err.contains("connected again, observing / after e1"), "{err}");
    assert!(server.requests()[1].body.contains("\"lowerBound\":\"e1\""));
}

#[tokio::test]
async fn an_observation_begins_where_it_is_told() {
    let server = Scripted::start(|_, request| match request.path.as_str() {
        "/api/v2/query" => answer(200, "\"e3\"\n"),
        "/api/v2/fetch" => answer(200, ""),
        _ => vec![chunked(), chunk(format!("data: {}\n\n", event(4))), Step::Hang],
    })
    .await;
    let bound = |id: &str, include: bool| format!(r#""lowerBound":"{id}","includeLowerBoundEvent":{include}"#);
    for (from, expected) in [
        ("start", String::new()),
        ("now", bound("e3", false)),
        ("e4", bound("e4", true)),
        ("2025-06-02T15:40:01.5Z", bound("e3", false)),
    ] {
        let (code, out, err) = run(&server.url, &["observe", "/", "--from", from, "--limit", "1"]).await;
        assert_eq!((code, out), (Some(0), format!("{}\n", event(4))), "{err}");
        let requests = server.requests();
        let asked = requests.last().unwrap();
        assert!(asked.path == "/api/v2/subscribe" && asked.body.contains(&expected), "{from}: {}", asked.body);
        assert_eq!(asked.body.contains("lowerBound"), !expected.is_empty(), "{from}: {}", asked.body);
        if from.starts_with("2025") {
            let query = requests.iter().rfind(|request| request.path == "/api/v2/query").unwrap();
            assert!(query.body.contains("e.time < '2025-06-02T15:40:01.500000000Z'"), "{}", query.body);
        }
    }
}

#[tokio::test]
async fn the_server_is_told_how_often_to_look() {
    let server = Scripted::start(|_, _| vec![chunked(), chunk(format!("data: {}\n\n", event(4))), Step::Hang]).await;
    let (code, _, err) = run(&server.url, &["observe", "/", "--interval", "500ms", "--limit", "1"]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(server.requests().iter().any(|request| request.body.contains("\"interval\":0.5")));
}

#[tokio::test]
async fn what_is_no_event_is_told_between_events_that_are_printed_as_they_came() {
    let odd = event(1).replace("\"n\":1", "\"n\": [1.0,\"\\u0041\"]");
    let body = format!("{odd}\noops\n{}\n", event(2));
    let spread = event(3).replace(",\"data\"", ",\ndata: \"data\"");
    let server =
        Scripted::start(move |_, _| vec![chunked(), chunk(&body), chunk(format!("data: {spread}\n\n")), Step::Hang])
            .await;
    let (code, out, err) = run(&server.url, &["observe", "/", "--limit", "3"]).await;
    let third = event(3).replace(",\"data\"", ", \"data\"");
    assert_eq!((code, out), (Some(1), format!("{odd}\n{}\n{third}\n", event(2))), "{err}");
    assert!(err.contains("oops"), "{err}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_flood_ends_with_a_whole_line_and_its_code() {
    let server = Scripted::start(|_, _| {
        let mut steps = vec![chunked()];
        for first in (1..40_000).step_by(500) {
            let lines: String = (first..first + 500).map(|n| format!("data: {}\n\n", event(n))).collect();
            steps.extend([chunk(lines), Step::Pause(std::time::Duration::from_millis(5))]);
        }
        steps.push(Step::Hang);
        steps
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.ndjson");
    let mut child = gdbx(&server.url)
        .args(["observe", "/", "--output", "ndjson"])
        .stdout(std::fs::File::create(&file).unwrap())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while std::fs::metadata(&file).unwrap().len() < 1 << 20 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let code = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap().code();
    assert_eq!(code, Some(130));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.ends_with('\n') && text.lines().count() > 1000);
    assert!(text.lines().zip(1..).all(|(line, n)| line == event(n)), "in order, each once");
}

/// The names in a folder that end with this.
fn ending(folder: &std::path::Path, end: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries.filter(|name| name.ends_with(end)).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn a_killed_backup_leaves_nothing_for_long_and_a_running_one_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let hanging = Scripted::start(|_, _| vec![chunked(), chunk("["), Step::Hang]).await;
    let proper = Scripted::start(|_, _| answer(200, "[]")).await;
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let parts = || ending(folder.path(), ".part");

    let mut slow = gdbx(&hanging.url).args(["backup", &file("slow.json")]).spawn().unwrap();
    // The lock is there as soon as the file is asked for.
    while hanging.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let of_the_slow = parts();
    assert_eq!(of_the_slow.len(), 1);
    assert_eq!(run(&proper.url, &["backup", &file("one.json")]).await.0, Some(0));
    assert_eq!(parts(), of_the_slow, "it is being written");

    slow.kill().unwrap();
    slow.wait().unwrap();
    assert_eq!(parts(), of_the_slow, "a killed program cannot clean up");
    assert_eq!(run(&proper.url, &["backup", &file("two.json")]).await.0, Some(0));
    assert_eq!((parts(), ending(folder.path(), ".json").len()), (vec![], 2));
}

#[tokio::test]
async fn a_cut_backup_leaves_what_was_there() {
    let server =
        Scripted::start(|_, _| vec![send("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n[{"), Step::Reset]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.json");
    std::fs::write(&file, "the one of yesterday").unwrap();
    let (code, _, err) = run(&server.url, &["backup", file.to_str().unwrap()]).await;
    assert_eq!(code, Some(3), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "the one of yesterday");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn proxies_of_the_environment_are_used() {
    let proxy = Scripted::start(|_, _| answer(200, "Pong")).await;
    let through = |name: &'static str, more: Option<(&'static str, &'static str)>| {
        let mut command = gdbx("http://genesisdb.invalid:8080");
        command.env(name, &proxy.url).envs(more).arg("ping");
        async move { finished(command).await.status.code() }
    };
    assert_eq!(through("HTTP_PROXY", None).await, Some(0));
    assert_eq!(through("http_proxy", None).await, Some(0));
    assert_eq!(proxy.requests()[0].path, "http://genesisdb.invalid:8080/api/v2/ping");
    assert_eq!(proxy.requests().len(), 2);
    assert_eq!(through("HTTP_PROXY", Some(("NO_PROXY", "genesisdb.invalid"))).await, Some(3));
    assert_eq!(proxy.requests().len(), 2);
}
