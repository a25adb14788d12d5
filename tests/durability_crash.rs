#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
//! The real program, killed and starved: what it acknowledged is there, and the audit passes.

use genesisdb::{Client, NewEvent};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

const TOKEN: &str = "a token of its own";

struct Server {
    process: Child,
    client: Client,
}

impl Server {
    fn start(data: &Path) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_gdbx")), data)
    }

    /// With files that cannot grow beyond some blocks, as on a full disk.
    fn start_starved(data: &Path, blocks: u32) -> Self {
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""))
            .arg(env!("CARGO_BIN_EXE_gdbx"));
        Self::spawn(shell, data)
    }

    fn spawn(mut command: Command, data: &Path) -> Self {
        let command = command.args(["serve", "--listen", "127.0.0.1:0", "--token", TOKEN, "--data"]).arg(data);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("the line that says where it listens");
        Self { client: Client::new(url, TOKEN).unwrap(), process }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn check(&self, acknowledged: &HashSet<String>) {
        let audit = self.client.audit().await.unwrap();
        assert!(audit.starts_with("Audit passed."), "{audit}");
        let events = self.client.fetch("/", None).await.unwrap();
        let found: HashSet<_> = events.iter().map(|event| event.id.clone()).collect();
        assert_eq!(acknowledged.difference(&found).count(), 0, "acknowledged events are missing");
        let mut commits: HashMap<&str, usize> = HashMap::new();
        events.iter().for_each(|event| *commits.entry(event.subject.as_str()).or_default() += 1);
        assert!(commits.values().all(|events| *events == 2), "half a commit came back");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Commit two events of one subject; gives their IDs.
async fn commit(client: &Client, subject: &str) -> genesisdb::Result<Vec<String>> {
    let event = |n: u32| NewEvent::new("test", subject, "written", json!({"n": n, "text": "x".repeat(300)}));
    let stored = client.commit(vec![event(1), event(2).as_reference()], vec![]).await?;
    Ok(stored.into_iter().map(|event| event.id).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("events");
    let mut acknowledged = HashSet::new();
    for round in 0..50 {
        let mut server = Server::start(&data);
        server.check(&acknowledged).await;
        let (done, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (client, done, enough) = (server.client.clone(), Arc::clone(&done), Arc::clone(&enough));
                tokio::spawn(async move {
                    let mut ids = Vec::new();
                    for n in 0.. {
                        let Ok(stored) = commit(&client, &format!("/round/{round}/{writer}-{n}")).await else { break };
                        ids.extend(stored);
                        // The kill comes in the middle of other commits, at another point each time.
                        if done.fetch_add(1, Ordering::SeqCst) == round % 13 {
                            enough.notify_one();
                        }
                    }
                    ids
                })
            })
            .collect();
        enough.notified().await;
        server.kill();
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
    }
    let server = Server::start(&data);
    server.check(&acknowledged).await;
    assert!(acknowledged.len() >= 100);
}

#[tokio::test]
async fn what_cannot_be_written_is_not_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("events");
    let mut acknowledged = HashSet::new();
    let mut server = Server::start_starved(&data, 40);
    let refused = loop {
        match commit(&server.client, &format!("/full/{}", acknowledged.len())).await {
            Ok(stored) => acknowledged.extend(stored),
            Err(error) => break error,
        }
    };
    assert_eq!(refused.status(), Some(503), "{refused}");
    assert!(acknowledged.len() > 4);
    // Reading goes on, and shows nothing that is not on the disk.
    server.check(&acknowledged).await;
    assert!(!server.client.status().await.unwrap().storage.ready);
    assert_eq!(commit(&server.client, "/full/more").await.unwrap_err().status(), Some(503));
    server.kill();
    let server = Server::start(&data);
    server.check(&acknowledged).await;
    assert_eq!(server.client.status().await.unwrap().events.count, acknowledged.len() as u64);
    acknowledged.extend(commit(&server.client, "/full/again").await.unwrap());
    server.check(&acknowledged).await;
}
