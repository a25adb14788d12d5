//! The network goes away and comes back, as when a laptop sleeps: a network namespace whose only route is taken away.
//!
//! Needs user namespaces, which not every machine allows; where they are not, the test says so and is no test.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::process::Command;

const GDBX: &str = env!("CARGO_BIN_EXE_gdbx");

/// What happens inside: a server that gets new events all the time, an observer, no network for a while, and at the end
/// what the server has.
const SCRIPT: &str = r#"
set -e
ip link set lo up
"$GDBX" serve --listen 127.0.0.1:8090 --token secret --demo --events 50 --trickle 20ms > serve.log 2>&1 &
server=$!
export GENESISDB_URL=http://127.0.0.1:8090 GENESISDB_AUTH_TOKEN=secret
until "$GDBX" ping > ping.log 2>&1; do sleep 0.05; done
"$GDBX" --config config.toml observe / --output ndjson > observed.ndjson 2> observe.log &
observer=$!
lines() { wc -l < observed.ndjson; }
until [ "$(lines)" -gt 80 ]; do sleep 0.05; done
ip link set lo down
until grep -q "trying again" observe.log; do sleep 0.05; done
sleep 1
before=$(lines)
ip link set lo up
until [ "$(lines)" -gt $((before + 100)) ]; do sleep 0.05; done
kill -INT $observer
code=0; wait $observer || code=$?
"$GDBX" stream / > all.ndjson
kill -TERM $server
wait $server
exit $code
"#;

#[test]
fn a_network_that_goes_away_and_comes_back() {
    let allowed = Command::new("unshare").args(["-rn", "ip", "link", "set", "lo", "up"]).output();
    if !allowed.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: this machine allows no network namespaces: {allowed:?}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), "[timeouts]\nheartbeat = \"1s\"\nconnect = \"1s\"\n").unwrap();
    let output = Command::new("timeout")
        .args(["60", "unshare", "-rn", "sh", "-c", SCRIPT])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder.path())
        .env("GDBX", GDBX)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    let said = read("observe.log");
    let told = format!("{}\n{}\n{said}", String::from_utf8_lossy(&output.stderr), read("serve.log"));
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(said.contains("trying again") && said.contains("connected again") && !said.contains("missing"), "{told}");
    let (observed, all) = (read("observed.ndjson"), read("all.ndjson"));
    assert!(observed.ends_with('\n') && observed.lines().count() > 180, "{told}");
    assert!(observed.lines().zip(all.lines()).all(|(observed, stored)| observed == stored), "{told}");
}
