//! Queries: rows go out while they are found.
//!
//! Owns when a query stops: at the end, at an error, or when its client hangs up. It runs over the events that the store's
//! index does not leave out, on all cores. `EXPLAIN` before a query asks for its plan, one row of JSON.

use super::body::{self, NDJSON};
use super::refusal::Refusal;
use super::routes::Service;
use crate::gdbql;
use crate::local::{self, Events, Plan, Progress};
use crate::model::request::Generation;
use crate::store::Wanted;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::unfold;
use serde::Deserialize;
use std::io;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Rows are sent together until they are this long, or until this much time has passed.
const CHUNK: usize = 32 * 1024;
const PATIENCE: Duration = Duration::from_millis(50);
/// How many events a thread takes at once.
const PORTION: usize = 1024;

#[derive(Deserialize)]
struct QueryRequest {
    query: String,
}

/// Run a query. An error that comes before any row was sent is the answer; a later one cuts the answer off.
pub async fn query(service: Arc<Service>, generation: Generation, body: Body) -> Result<Response, Refusal> {
    let request: QueryRequest = body::parse(&body::read(body, service.options.body_limit).await?)?;
    let (query, explains) = gdbql::parse_explained(&request.query)?;
    let (sender, mut chunks) = mpsc::channel(4);
    let cut = query.cut();
    let run = Run { wanted: service.store.wanted(&cut), service, generation, query, chunks: sender };
    tokio::task::spawn_blocking(move || if explains { run.explain(&request.query) } else { run.rows() });
    let first = match chunks.recv().await {
        None => Bytes::new(),
        Some(Ok(chunk)) => chunk,
        Some(Err(error)) => return Err(error.into()),
    };
    let rest = unfold((Some(first), chunks), |(first, mut chunks)| async move {
        let chunk = match first {
            Some(first) => Ok(first),
            None => chunks.recv().await?.map_err(io::Error::other),
        };
        Some((chunk, (None, chunks)))
    });
    Ok(body::stream(NDJSON, rest))
}

type Chunks = mpsc::Sender<Result<Bytes, gdbql::Error>>;

/// A query on its way over the events that it needs.
struct Run {
    service: Arc<Service>,
    generation: Generation,
    query: gdbql::Query,
    wanted: Wanted,
    chunks: Chunks,
}

impl Run {
    /// Whether nobody waits for the rest.
    fn is_over(&self) -> bool {
        self.chunks.is_closed() || self.service.closing.is_cancelled()
    }

    fn events<'r>(&'r self, progress: &'r Progress) -> StoreEvents<'r> {
        StoreEvents { run: self, progress, next: AtomicUsize::new(0) }
    }

    fn rows(self) {
        let progress = Progress::default();
        let (mut rows, mut since) = (String::new(), Instant::now());
        let limits = self.service.options.query_limits;
        let result = local::run(&self.query, &self.events(&progress), limits, &progress, &mut |row| {
            rows.push_str(&row);
            rows.push('\n');
            if rows.len() < CHUNK && since.elapsed() < PATIENCE {
                return ControlFlow::Continue(());
            }
            since = Instant::now();
            match self.chunks.blocking_send(Ok(std::mem::take(&mut rows).into())) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        self.end(result, rows);
    }

    /// Run it for its plan: the rows are counted only.
    fn explain(self, text: &str) {
        let (started, progress, mut rows) = (Instant::now(), Progress::default(), 0);
        let limits = self.service.options.query_limits;
        let result = local::run(&self.query, &self.events(&progress), limits, &progress, &mut |_| {
            rows += 1;
            if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let plan = Plan::of(&self.query, text, &Plan::STORE);
        let plan = plan.ran(self.wanted.of() as u64, progress.report(), rows, started.elapsed());
        let line = if result.is_ok() { plan.json() + "\n" } else { String::new() };
        self.end(result, line);
    }

    fn end(&self, result: Result<(), local::Error>, rest: String) {
        let failed = |message: String| gdbql::Error { message, span: 0..0, is_limit: false };
        let last = match result {
            _ if self.service.closing.is_cancelled() => Err(failed("the server is stopping".to_owned())),
            Ok(()) if rest.is_empty() => return,
            Ok(()) => Ok(rest.into()),
            Err(local::Error::Query(error)) => Err(error),
            Err(local::Error::Read(error)) => Err(failed(error.to_string())),
        };
        // Whoever does not receive the rest has hung up.
        let _ = self.chunks.blocking_send(last);
    }
}

/// The events of a run, taken by its threads.
struct StoreEvents<'r> {
    run: &'r Run,
    progress: &'r Progress,
    next: AtomicUsize,
}

impl Events for StoreEvents<'_> {
    type Portion = Range<usize>;

    fn take(&self) -> io::Result<Option<(usize, Range<usize>)>> {
        if self.run.is_over() {
            self.progress.stop();
            return Ok(None);
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (start, len) = (number.saturating_mul(PORTION), self.run.wanted.len());
        Ok((start < len).then(|| (number, start..start.saturating_add(PORTION).min(len))))
    }

    fn each(&self, portion: Range<usize>, line: &mut dyn FnMut(u64, &[u8])) -> io::Result<()> {
        for (position, record) in portion.filter_map(|number| self.run.wanted.get(number)) {
            line(position, record.line(self.run.generation).as_bytes());
        }
        Ok(())
    }
}
