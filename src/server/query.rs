//! Queries: rows go out while they are found.
//!
//! Owns the thread that a query runs on and when it stops: at the end, at an error, or when its client hangs up.

use super::body::{self, NDJSON};
use super::refusal::Refusal;
use super::routes::Service;
use crate::gdbql;
use crate::model::request::Generation;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::unfold;
use serde::Deserialize;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Rows are sent together until they are this long, or until this much time has passed.
const CHUNK: usize = 32 * 1024;
const PATIENCE: Duration = Duration::from_millis(50);
/// How many events pass between two looks at whether the client is still there.
const LOOK: usize = 256;

#[derive(Deserialize)]
struct QueryRequest {
    query: String,
}

/// Run a query. An error that comes before any row was sent is the answer; a later one cuts the answer off.
pub async fn query(service: Arc<Service>, generation: Generation, body: Body) -> Result<Response, Refusal> {
    let request: QueryRequest = body::parse(&body::read(body, service.options.body_limit).await?)?;
    let query = gdbql::parse(&request.query)?;
    let (sender, mut chunks) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || run(&service, generation, &query, &sender));
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

fn run(service: &Service, generation: Generation, query: &gdbql::Query, chunks: &Chunks) {
    let snapshot = service.store.snapshot();
    let mut seen = 0;
    let wanted = snapshot.envelopes(generation).take_while(|_| {
        seen += 1;
        seen % LOOK != 0 || !(chunks.is_closed() || service.closing.is_cancelled())
    });
    let (mut rows, mut since) = (String::new(), Instant::now());
    let limits = service.options.query_limits;
    let result = gdbql::run(query, wanted, &limits, &mut |row| {
        rows.push_str(&row);
        rows.push('\n');
        if rows.len() < CHUNK && since.elapsed() < PATIENCE {
            return ControlFlow::Continue(());
        }
        since = Instant::now();
        match chunks.blocking_send(Ok(std::mem::take(&mut rows).into())) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    if service.closing.is_cancelled() {
        let message = "the server is stopping".to_owned();
        let _ = chunks.blocking_send(Err(gdbql::Error { message, span: 0..0 }));
        return;
    }
    // Whoever does not receive the rest has hung up.
    let _ = match result {
        Ok(()) if rows.is_empty() => Ok(()),
        Ok(()) => chunks.blocking_send(Ok(rows.into())),
        Err(error) => chunks.blocking_send(Err(error)),
    };
}
