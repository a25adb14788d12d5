//! Searches through the log: on all cores, the results in order.

use super::answer::Answers;
use crate::app::message::Reply;
use crate::app::probe::{Found, Scratch, Search};
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// So many events are looked through at once.
const PORTION: usize = 4096;

/// Stops the threads of a search when its task is dropped.
struct Running(Arc<AtomicBool>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Look through the log and hand over what is found, in order, as it is found.
pub async fn search(search: Search, to: Answers) {
    let all = search.from.max(search.view.positions().start)..search.view.positions().end.min(search.to);
    let running = Running(Arc::new(AtomicBool::new(true)));
    let (next, search) = (Arc::new(AtomicUsize::new(all.start)), Arc::new(search));
    let (results, mut inbox) = mpsc::channel(16);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8).min(all.len().div_ceil(PORTION));
    for _ in 0..threads {
        let worker = Worker {
            search: Arc::clone(&search),
            next: Arc::clone(&next),
            end: all.end,
            running: Arc::clone(&running.0),
            results: results.clone(),
        };
        tokio::task::spawn_blocking(move || worker.run());
    }
    drop(results);
    let mut done = all.start;
    let mut waiting: BTreeMap<usize, (Range<usize>, Found)> = BTreeMap::new();
    let mut problem = None;
    while let Some((range, result)) = inbox.recv().await {
        let found = result.unwrap_or_else(|error| Found { positions: Vec::new(), problem: Some(error.to_string()) });
        waiting.insert(range.start, (range, found));
        let mut positions = Vec::new();
        while let Some((range, found)) = waiting.remove(&done) {
            done = range.end;
            positions.extend(found.positions);
            problem = problem.or(found.problem);
        }
        let news = Reply::Found { scanned: done, positions };
        if !to.send(news).await {
            return;
        }
    }
    to.send(Reply::Searched { scanned: done, problem }).await;
}

struct Worker {
    search: Arc<Search>,
    next: Arc<AtomicUsize>,
    end: usize,
    running: Arc<AtomicBool>,
    results: mpsc::Sender<(Range<usize>, io::Result<Found>)>,
}

impl Worker {
    fn run(self) {
        let (mut scratch, go_on) = (Scratch::default(), || self.running.load(Ordering::Relaxed));
        while go_on() {
            let start = self.next.fetch_add(PORTION, Ordering::Relaxed);
            if start >= self.end {
                return;
            }
            let range = start..(start + PORTION).min(self.end);
            let found = self.search.look_with(&mut scratch, range.clone(), &go_on);
            if self.results.blocking_send((range, found)).is_err() {
                return;
            }
        }
    }
}
