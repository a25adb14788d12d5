//! Queries that run here: over a file of events or over a log that is loaded, on all cores.
//!
//! Owns the dealing out of events to threads and the order of the rows. What a query means is [`crate::gdbql`]'s; it is
//! the same whether one thread runs it or many. Knows no terminal and no runtime.

mod file;
mod log;
mod plan;
#[cfg(test)]
mod tests;

pub use file::FileEvents;
pub use log::{LogEvents, Wanted};
pub use plan::{Plan, Planned};

use crate::gdbql::{Error as QueryError, Limits, Part, Parts, Query};
use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Events that threads can take portion by portion.
pub trait Events: Sync {
    /// What a thread has taken.
    type Portion;

    /// The next portion that nobody has taken, and its number from 0. Portions stand in commit order.
    ///
    /// # Errors
    /// When the events cannot be read.
    fn take(&self) -> io::Result<Option<(usize, Self::Portion)>>;

    /// Tell the lines of a portion, each with its place among all: places ascend in commit order.
    ///
    /// # Errors
    /// When the events cannot be read.
    fn each(&self, portion: Self::Portion, line: &mut dyn FnMut(u64, &[u8])) -> io::Result<()>;
}

/// Why a query did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query itself: a division by zero, a limit.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The events could not be read.
    #[error("the events could not be read: {0}")]
    Read(#[from] io::Error),
}

/// What a run has looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Events that were read.
    pub events: u64,
    /// Lines that are no events; they are passed over.
    pub broken: u64,
}

/// What threads and the one who waits for them share.
#[derive(Debug, Default)]
pub struct Progress {
    stopped: AtomicBool,
    events: AtomicU64,
    broken: AtomicU64,
}

impl Progress {
    /// Have the run end soon; what it has given stays given.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// What was looked at so far.
    pub fn report(&self) -> Report {
        Report { events: self.events.load(Ordering::Relaxed), broken: self.broken.load(Ordering::Relaxed) }
    }
}

/// Run a query over events; each row is JSON text, in the order that the query asks for. `row` may stop the run.
///
/// # Errors
/// The query's first error in commit order, or why events could not be read. Rows given before stay given.
pub fn run<E: Events>(
    query: &Query,
    events: &E,
    limits: Limits,
    progress: &Progress,
    row: &mut dyn FnMut(String) -> ControlFlow<()>,
) -> Result<(), Error> {
    let parts = Parts::new(query, limits);
    let work = Work { parts: &parts, events, progress, failed: Mutex::default() };
    let threads = threads();
    if parts.in_commit_order() { work.in_order(threads, row) } else { work.joined(threads, row) }
}

/// The same, rows handed over in portions: large ones while they come fast, small ones when they do not. `rows` gives
/// `false` when it wants no more.
///
/// # Errors
/// As [`run`]. Rows that came before an error are handed over.
pub fn run_in_portions<E: Events>(
    query: &Query,
    events: &E,
    limits: Limits,
    progress: &Progress,
    patience: Duration,
    rows: &mut dyn FnMut(Vec<String>) -> bool,
) -> Result<(), Error> {
    let (mut waiting, mut bytes, mut since) = (Vec::new(), 0, Instant::now());
    let result = run(query, events, limits, progress, &mut |row| {
        bytes += row.len();
        waiting.push(row);
        if bytes < PORTION && since.elapsed() < patience {
            return ControlFlow::Continue(());
        }
        (bytes, since) = (0, Instant::now());
        if rows(std::mem::take(&mut waiting)) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    // Whoever does not take the rest has enough.
    let _ = rows(waiting);
    result
}

/// On how many threads queries run.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).min(MOST_THREADS)
}

/// So many bytes of rows are handed over together.
const PORTION: usize = 64 << 10;
const MOST_THREADS: usize = 16;

struct Work<'w, E> {
    parts: &'w Parts,
    events: &'w E,
    progress: &'w Progress,
    /// The first thing that went wrong, and where.
    failed: Mutex<Option<(u64, Error)>>,
}

/// The rows of a portion, and what went wrong behind them.
type Rows = (usize, Vec<String>, Option<Error>);

impl<E: Events> Work<'_, E> {
    /// Parts over any of the events, joined at the end.
    fn joined(self, threads: usize, row: &mut dyn FnMut(String) -> ControlFlow<()>) -> Result<(), Error> {
        let parts: Vec<Part> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.part())).collect();
            running.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        match self.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some((_, error)) => Err(error),
            None if self.progress.is_stopped() => Ok(()),
            None => Ok(self.parts.give(parts, row)?),
        }
    }

    fn part(&self) -> Part {
        let mut part = self.parts.begin();
        loop {
            // Whatever stands before an error has been taken by then, and may hold an earlier one.
            if self.progress.is_stopped() || self.lock().is_some() {
                return part;
            }
            match self.events.take() {
                Ok(Some((_, portion))) => {
                    if let Err((at, error)) = self.add(&mut part, portion) {
                        self.fail(at, error);
                    }
                }
                Ok(None) => return part,
                Err(error) => self.fail(u64::MAX, error.into()),
            }
        }
    }

    /// Add the events of a portion to a part; also tells where it went wrong.
    fn add(&self, part: &mut Part, portion: E::Portion) -> Result<(), (u64, Error)> {
        let (mut events, mut broken) = (0, 0);
        let mut result = Ok(());
        let read = self.events.each(portion, &mut |at, line| {
            if result.is_err() {
                return;
            }
            match self.parts.read(part, at, line) {
                Ok(true) => events += 1,
                Ok(false) => broken += 1,
                Err(error) => {
                    events += 1;
                    result = Err((at, error.into()));
                }
            }
        });
        self.progress.events.fetch_add(events, Ordering::Relaxed);
        self.progress.broken.fetch_add(broken, Ordering::Relaxed);
        result.and(read.map_err(|error| (u64::MAX, error.into())))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(u64, Error)>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, at: u64, error: Error) {
        let mut failed = self.lock();
        if failed.as_ref().is_none_or(|(first, _)| at < *first) {
            *failed = Some((at, error));
        }
    }

    /// Rows in commit order, given while later events are still being read.
    fn in_order(self, threads: usize, row: &mut dyn FnMut(String) -> ControlFlow<()>) -> Result<(), Error> {
        let done = AtomicBool::new(false);
        let (to, inbox) = sync_channel::<Rows>(2 * threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (to, done, work) = (to.clone(), &done, &self);
                scope.spawn(move || work.portions(done, &to));
            }
            drop(to);
            let result = self.give(inbox.iter(), row);
            // The threads must not wait for someone who has enough.
            done.store(true, Ordering::Relaxed);
            drop(inbox);
            result
        })
    }

    fn portions(&self, done: &AtomicBool, to: &SyncSender<Rows>) {
        let mut part = self.parts.begin();
        while !done.load(Ordering::Relaxed) && !self.progress.is_stopped() {
            let rows = match self.events.take() {
                Ok(None) => return,
                Ok(Some((number, portion))) => {
                    let error = self.add(&mut part, portion).err().map(|(_, error)| error);
                    (number, self.parts.take_rows(&mut part), error)
                }
                Err(error) => (usize::MAX, Vec::new(), Some(error.into())),
            };
            let is_end = rows.2.is_some();
            if to.send(rows).is_err() || is_end {
                return;
            }
        }
    }

    fn give(
        &self,
        inbox: impl Iterator<Item = Rows>,
        row: &mut dyn FnMut(String) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut left = self.parts.limit().unwrap_or(u64::MAX);
        let (mut next, mut waiting) = (0, BTreeMap::new());
        if left == 0 {
            return Ok(());
        }
        for (number, rows, error) in inbox {
            waiting.insert(number, (rows, error));
            while let Some((rows, error)) = waiting.remove(&next) {
                next += 1;
                for text in rows {
                    left -= 1;
                    if row(text).is_break() || left == 0 {
                        return Ok(());
                    }
                }
                if let Some(error) = error {
                    return Err(error);
                }
            }
        }
        // What could not be taken has no number.
        match waiting.remove(&usize::MAX) {
            Some((_, Some(error))) => Err(error),
            _ => Ok(()),
        }
    }
}
