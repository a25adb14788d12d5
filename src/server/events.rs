//! Events out and in: streams, observations, commits.
//!
//! Owns the framing of each generation: NDJSON, and Server-Sent Events for v2 observations. Answers are made page by
//! page while they are sent; a client that reads slowly holds nothing but its page.

use super::body::{self, NDJSON, SSE};
use super::refusal::Refusal;
use super::routes::Service;
use super::wire::{CommitBody, StreamBody};
use crate::model::request::{Generation, StreamRequest};
use crate::store::{Record, Selection};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::unfold;
use std::sync::Arc;
use tokio::sync::watch;

/// What an observation sends when there is no news.
const HEARTBEAT: &str = "{\"payload\":\"\"}";

/// The events of a subject as they are now.
pub async fn stream(service: Arc<Service>, generation: Generation, body: Body) -> Result<Response, Refusal> {
    let request = stream_request(&service, body).await?;
    let selection = service.store.select(&request.subject, &request.options, generation);
    let pages = unfold((service, selection), move |(service, mut selection)| async move {
        let page = service.store.page(&mut selection);
        (!page.is_empty()).then(|| (Ok(frames(&page, generation, false)), (service, selection)))
    });
    Ok(body::stream(NDJSON, pages))
}

/// The events of a subject as they are now, and then each new one.
///
/// v2 clients may say how often the server should look for news (`interval`); this one is told, so there is no need.
pub async fn observe(service: Arc<Service>, generation: Generation, body: Body) -> Result<Response, Refusal> {
    let request = stream_request(&service, body).await?;
    let observation = Observation {
        news: service.store.watch(),
        selection: service.store.observe(&request.subject, &request.options),
        sse: generation == Generation::V2,
        generation,
        ended: false,
        service,
    };
    let frames = unfold(observation, |mut observation| async move {
        let next = observation.next().await?;
        Some((Ok(next), observation))
    });
    Ok(body::stream(if generation == Generation::V2 { SSE } else { NDJSON }, frames))
}

struct Observation {
    service: Arc<Service>,
    selection: Selection,
    news: watch::Receiver<usize>,
    generation: Generation,
    sse: bool,
    ended: bool,
}

impl Observation {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.ended {
                return None;
            }
            if self.service.closing.is_cancelled() {
                return self.end();
            }
            // Marked as seen before reading: what comes in between wakes the wait below.
            self.news.borrow_and_update();
            let page = self.service.store.page(&mut self.selection);
            if !page.is_empty() {
                return Some(frames(&page, self.generation, self.sse));
            }
            tokio::select! {
                () = self.service.closing.cancelled() => {}
                _ = self.news.changed() => {}
                () = tokio::time::sleep(self.service.options.heartbeat) => {
                    let mut frame = String::new();
                    push_frame(&mut frame, HEARTBEAT, self.sse);
                    return Some(frame.into());
                }
            }
        }
    }

    fn end(&mut self) -> Option<Bytes> {
        self.ended = true;
        self.sse.then(|| Bytes::from_static(b"event: error\ndata: {\"error\":\"store closed\"}\n\n"))
    }
}

/// Store new events; answers with them as they were stored.
pub async fn commit(service: Arc<Service>, generation: Generation, body: Body) -> Result<Response, Refusal> {
    let bytes = body::read(body, service.options.body_limit).await?;
    // A commit is carried through once it is here: it goes on although its client hangs up.
    let task = tokio::task::spawn_blocking(move || {
        let request: CommitBody = body::parse(&bytes)?;
        Ok(service.store.commit(generation, request.into())?)
    });
    let stored = task.await.unwrap_or_else(|_| Err(Refusal::internal()))?;
    Ok(body::answer(NDJSON, frames(&stored, generation, false)))
}

async fn stream_request(service: &Service, body: Body) -> Result<StreamRequest, Refusal> {
    let request: StreamBody = body::parse(&body::read(body, service.options.body_limit).await?)?;
    let request = StreamRequest::from(request);
    match request.subject.starts_with('/') {
        true => Ok(request),
        false => Err(Refusal::bad(format!("`subject` starts with /, {:?} does not", request.subject))),
    }
}

fn frames(records: &[Arc<Record>], generation: Generation, sse: bool) -> Bytes {
    let mut out = String::with_capacity(records.iter().map(|record| record.text().len() + 16).sum());
    records.iter().for_each(|record| push_frame(&mut out, record.line(generation), sse));
    out.into()
}

fn push_frame(out: &mut String, line: &str, sse: bool) {
    if sse {
        out.push_str("data: ");
    }
    out.push_str(line);
    out.push_str(if sse { "\n\n" } else { "\n" });
}
