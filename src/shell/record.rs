//! Recording: what the lanes of the tail receive, written to a file, one event a line, exactly as it came.
//!
//! A task and a thread of its own, with a bounded queue: a slow disk holds the lanes back, and nothing is left out. A
//! lane takes a place in the queue before it hands events over; they go there when the app takes them. What was taken
//! into the queue is written and put onto the disk, however the explorer is left.

use super::answer::Answers;
use crate::api::Batch;
use crate::app::message::{RecordNews, Reply};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// So many portions of events wait for the disk.
const QUEUE: usize = 64;
/// How often it is told how much was written.
const TOLD: Duration = Duration::from_millis(500);
/// How much is handed to the system at once.
const BUFFER: usize = 256 << 10;

enum Order {
    Write(Vec<Batch>),
    Sync,
}

/// The way of events to the recording, when there is one. Clones share it.
#[derive(Clone, Default)]
pub struct Tap(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    to: Option<mpsc::Sender<Order>>,
    /// Closed once the last recording is on the disk.
    running: Option<watch::Receiver<()>>,
}

/// A place in the queue of the recording.
pub struct Place(mpsc::OwnedPermit<Order>);

impl Place {
    /// Give events to the recording.
    pub fn send(self, batches: Vec<Batch>) {
        self.0.send(Order::Write(batches));
    }
}

impl Tap {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wait for a place in the queue; `None` when nothing is recorded.
    pub async fn reserve(&self) -> Option<Place> {
        let to = self.with(|inner| inner.to.clone())?;
        to.reserve_owned().await.ok().map(Place)
    }

    /// Put what was recorded so far onto the disk.
    pub async fn sync(&self) {
        if let Some(to) = self.with(|inner| inner.to.clone()) {
            let _ended = to.send(Order::Sync).await;
        }
    }

    /// Nothing more is recorded. What is in the queue still is.
    pub fn close(&self) {
        self.with(|inner| inner.to = None);
    }

    /// Close it, and wait until all of it is on the disk.
    pub async fn end(&self) {
        self.close();
        if let Some(mut running) = self.with(|inner| inner.running.take()) {
            while running.changed().await.is_ok() {}
        }
    }
}

/// Record until the tap is closed.
pub async fn record(path: &str, append: bool, tap: Tap, answers: Answers) {
    let path = whole(path);
    let told = |news| answers.send(Reply::Record(news));
    let file = match OpenOptions::new().append(true).create(append).create_new(!append).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            told(RecordNews::Exists).await;
            return;
        }
        Err(error) => {
            told(RecordNews::Failed(error.to_string())).await;
            return;
        }
    };
    let (to, queue) = mpsc::channel(QUEUE);
    let (done, running) = watch::channel(());
    tap.with(|inner| (inner.to, inner.running) = (Some(to), Some(running)));
    told(RecordNews::Started { path: path.display().to_string() }).await;
    let (news, mut progress) = mpsc::channel(1);
    let written = Arc::new(Written::default());
    let recorder = Recorder { out: BufWriter::with_capacity(BUFFER, file), news, written: Arc::clone(&written) };
    let writer = tokio::task::spawn_blocking(move || {
        let result = recorder.run(queue);
        drop(done);
        result
    });
    let (mut clock, mut last) = (tokio::time::interval(TOLD), (0, 0));
    loop {
        let news = tokio::select! {
            news = progress.recv() => news,
            _ = clock.tick() => None,
        };
        let now = written.get();
        if std::mem::replace(&mut last, now) != now {
            told(RecordNews::Written { events: now.0, bytes: now.1 }).await;
        }
        match news {
            Some(news) => {
                told(news).await;
            }
            None if writer.is_finished() => break,
            None => {}
        }
    }
    let news = match writer.await {
        Ok(Ok(())) => RecordNews::Stopped,
        Ok(Err(error)) => RecordNews::Failed(error.to_string()),
        Err(error) => RecordNews::Failed(error.to_string()),
    };
    // The lanes must not wait for a recording that has ended by itself.
    tap.close();
    told(news).await;
}

/// A path as a shell would understand it.
fn whole(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(dirs)) => dirs.home_dir().join(rest),
        _ => std::path::absolute(path).unwrap_or_else(|_| Path::new(path).to_owned()),
    }
}

/// How much was written: events, bytes.
#[derive(Default)]
struct Written(AtomicU64, AtomicU64);

impl Written {
    fn add(&self, bytes: usize) {
        self.0.fetch_add(1, Ordering::Relaxed);
        self.1.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn get(&self) -> (u64, u64) {
        (self.0.load(Ordering::Relaxed), self.1.load(Ordering::Relaxed))
    }
}

/// Writes on a thread of its own.
struct Recorder {
    out: BufWriter<File>,
    news: mpsc::Sender<RecordNews>,
    written: Arc<Written>,
}

impl Recorder {
    fn run(mut self, mut queue: mpsc::Receiver<Order>) -> io::Result<()> {
        while let Some(order) = queue.blocking_recv() {
            match order {
                Order::Write(batches) => {
                    for line in batches.iter().flat_map(Batch::iter) {
                        self.line(line)?;
                    }
                    // Whoever reads the file meanwhile sees whole events.
                    if queue.is_empty() {
                        self.out.flush()?;
                    }
                }
                Order::Sync => {
                    self.sync()?;
                    let _gone = self.news.blocking_send(RecordNews::Synced);
                }
            }
        }
        self.sync()
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        // A message of several lines becomes one: JSON has line ends only where white space may stand.
        let mut rest = line;
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            self.out.write_all(&rest[..end])?;
            self.out.write_all(b" ")?;
            rest = &rest[end + 1..];
        }
        self.out.write_all(rest)?;
        self.out.write_all(b"\n")?;
        self.written.add(line.len() + 1);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }
}
