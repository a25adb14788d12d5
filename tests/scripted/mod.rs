//! A TCP server that follows a script, for what no proper server does: cut bodies, resets, lies and silence.

#![allow(dead_code)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub head: String,
    pub body: String,
}

/// One step of an answer.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send these bytes at once.
    Send(Vec<u8>),
    /// Say nothing for a while.
    Pause(Duration),
    /// Wait until so much time has passed since the last beat: what was late is caught up with.
    Beat(Duration),
    /// Say nothing until it is told to go on.
    Until(Arc<tokio::sync::Notify>),
    /// Say nothing any more, and keep the connection open.
    Hang,
    /// End the connection with a TCP reset.
    Reset,
    /// Keep the connection and answer the next request on it.
    KeepAlive,
}

pub fn send(text: impl AsRef<[u8]>) -> Step {
    Step::Send(text.as_ref().to_vec())
}

/// A whole answer, of known length.
pub fn answer(status: u16, body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    vec![send(head), send(body)]
}

/// The head of an answer that comes in pieces; see [`chunk`].
pub fn chunked() -> Step {
    send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
}

/// One piece.
pub fn chunk(body: impl AsRef<[u8]>) -> Step {
    let body = body.as_ref();
    let mut bytes = format!("{:x}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes.extend_from_slice(b"\r\n");
    Step::Send(bytes)
}

/// The end of an answer that came in pieces.
pub fn end() -> Step {
    send("0\r\n\r\n")
}

/// A stored event as a line without its end.
pub fn event(n: usize) -> String {
    let predecessor = n - 1;
    format!(
        r#"{{"source":"s","subject":"/a/{n}","type":"t","specversion":"1.0","id":"e{n}","time":"2025-06-02T15:40:01.{n:09}Z","predecessorhash":"h{predecessor}","data":{{"n":{n}}},"hash":"h{n}"}}"#
    )
}

pub struct Scripted {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Scripted {
    /// Answer each request, counted from 0, with the steps that `script` gives.
    pub async fn start(script: impl Fn(usize, &Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, script, count) = (Arc::clone(&requests), Arc::new(script), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // What is sent goes at once, as from any server of events.
                let _ = stream.set_nodelay(true);
                let (kept, script, count) = (Arc::clone(&kept), Arc::clone(&script), Arc::clone(&count));
                tokio::spawn(async move { talk(stream, &kept, &*script, &count).await });
            }
        });
        Self { url, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn talk(
    mut stream: TcpStream,
    kept: &Mutex<Vec<Request>>,
    script: &(dyn Fn(usize, &Request) -> Vec<Step> + Send + Sync),
    count: &AtomicUsize,
) {
    while let Some(request) = read(&mut stream).await {
        kept.lock().unwrap().push(request.clone());
        let (mut again, mut beat) = (false, None);
        for step in script(count.fetch_add(1, Ordering::SeqCst), &request) {
            match step {
                Step::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                    let _ = stream.flush().await;
                }
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Beat(time) => {
                    let next = beat.unwrap_or_else(Instant::now) + time;
                    tokio::time::sleep_until(next).await;
                    beat = Some(next);
                }
                Step::Until(told) => told.notified().await,
                Step::Hang => std::future::pending::<()>().await,
                Step::Reset => {
                    // A reset takes with it what the other side has not read yet, and from here it cannot be seen what it
                    // has read. So it gets a moment; where that is too short, less has come before the reset, and tests
                    // must not depend on how much.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    let _ = stream.set_zero_linger();
                    return;
                }
                Step::KeepAlive => again = true,
            }
        }
        if !again {
            let _ = stream.shutdown().await;
            return;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok())
        .unwrap_or(0);
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[head_end..]).into_owned();
    let mut words = head.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    Some(Request { method, path, head, body })
}
