//! Request bodies in, answers out.
//!
//! Owns the limit of a body, what is said about JSON that is none, and the content types.

use super::refusal::Refusal;
use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use serde::de::DeserializeOwned;
use std::io::{self, Read};
use tokio::sync::mpsc;

/// The content type of event streams and rows.
pub const NDJSON: &str = "application/x-ndjson";
/// The content type of v2 observations.
pub const SSE: &str = "text/event-stream";
/// The content type of one value.
pub const JSON: &str = "application/json";
/// The content type of sentences.
pub const TEXT: &str = "text/plain; charset=utf-8";

/// An answer that says yes.
pub fn answer(content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An answer that is made while it is sent.
pub fn stream(content_type: &'static str, chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let mut response = answer(content_type, Body::from_stream(chunks));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The whole body, when it is not longer than `limit` bytes.
///
/// # Errors
/// 413 for a longer one, 400 for one that breaks off.
pub async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| Refusal::bad(format!("the request body broke off: {error}")))?;
        if bytes.len() + chunk.len() > limit {
            drain(&mut stream, limit).await;
            let why = format!("the request body is longer than the limit of {limit} bytes");
            return Err(Refusal::text(StatusCode::PAYLOAD_TOO_LARGE, why));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The request in a body. The error says what is wrong and where.
///
/// # Errors
/// 400 when it is no JSON or lacks something.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| Refusal::bad(format!("the request cannot be read: {error}")))
}

/// Read on for a while: a client that is still sending does not see the answer.
async fn drain(stream: &mut BodyDataStream, mut bytes: usize) {
    while let Some(Ok(chunk)) = stream.next().await {
        match bytes.checked_sub(chunk.len()) {
            Some(left) => bytes = left,
            None => return,
        }
    }
}

/// A body for code that blocks: `work` reads it on a thread of its own while it arrives.
///
/// # Errors
/// 500 when the thread dies.
pub async fn read_blocking<T: Send + 'static>(
    body: Body,
    limit: usize,
    work: impl FnOnce(ChunkReader) -> T + Send + 'static,
) -> Result<T, Refusal> {
    let (sender, receiver) = mpsc::channel(16);
    let task = tokio::task::spawn_blocking(move || work(ChunkReader { receiver, chunk: Bytes::new() }));
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        if sender.send(chunk.map_err(io::Error::other)).await.is_err() {
            drain(&mut stream, limit).await;
            break;
        }
    }
    drop(sender);
    task.await.map_err(|_| Refusal::internal())
}

/// The reading end of [`read_blocking`].
pub struct ChunkReader {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    chunk: Bytes,
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.receiver.blocking_recv() {
                Some(chunk) => self.chunk = chunk?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.chunk.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}
