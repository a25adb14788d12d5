//! Everything about the store that is no event: ping, status, catalogues, schemas, audit, erasure, backup.

use super::body::{self, JSON, NDJSON, TEXT};
use super::refusal::Refusal;
use super::routes::Service;
use crate::model::json::push_quoted;
use crate::model::request::{Generation, RegisteredSchema, StreamOptions};
use crate::model::status::{Cpu, Engine, License, Status, Storage, System};
use crate::store::Error;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::unfold;
use serde::Deserialize;
use std::sync::Arc;

/// Work that may take long, off the threads that serve connections.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Refusal> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::internal())??)
}

/// The server is there.
pub fn ping() -> Response {
    body::answer(TEXT, "Pong")
}

/// Every link and every hash, computed anew.
pub async fn audit(service: Arc<Service>) -> Result<Response, Refusal> {
    let audit = blocking(move || service.store.audit()).await?;
    Ok(body::answer(TEXT, audit.to_string()))
}

/// What the server says about itself.
pub fn status(service: &Service, generation: Generation) -> Result<Response, Refusal> {
    let first = generation == Generation::V1;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cores = u32::try_from(cores).map_or(f64::NAN, f64::from);
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let status = Status {
        engine: Engine {
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            edition: first.then(|| "gdbx".to_owned()),
            channel: Some("embedded".to_owned()),
        },
        system: System {
            os: Some(std::env::consts::OS.to_owned()),
            arch: Some(arch.to_owned()),
            cpu: Some(Cpu { available_cores: cores, used_cores: cores }),
            ..System::default()
        },
        license: first.then(|| License { status: Some("MIT".to_owned()), valid_until: None }),
        events: service.store.counts(),
        storage: (!first).then(|| Storage { storage_format: Some("gdbx".to_owned()), ready: service.store.is_ready() }),
    };
    let text = serde_json::to_string(&status).map_err(|_| Refusal::internal())?;
    Ok(body::answer(JSON, text))
}

/// The top-level subjects, sorted.
pub fn subjects(service: &Service) -> Response {
    catalogue("subject", &service.store.subjects())
}

/// The event types, sorted.
pub fn types(service: &Service) -> Response {
    catalogue("type", &service.store.types())
}

fn catalogue(name: &str, values: &[Arc<str>]) -> Response {
    let mut lines = String::new();
    for value in values {
        lines.push_str(&format!("{{\"{name}\":"));
        push_quoted(&mut lines, value);
        lines.push_str("}\n");
    }
    body::answer(NDJSON, lines)
}

/// The registered schemas.
pub fn schemas(service: &Service) -> Result<Response, Refusal> {
    let mut lines = String::new();
    for schema in service.store.schemas() {
        // A schema that was written over several lines is one line here.
        let line = serde_json::to_string(&schema).map_err(|_| Refusal::internal())?;
        lines.push_str(&line.replace(['\n', '\r'], " "));
        lines.push('\n');
    }
    Ok(body::answer(NDJSON, lines))
}

/// Register a schema.
pub async fn register(service: Arc<Service>, generation: Generation, body: Body) -> Result<Response, Refusal> {
    let schema: RegisteredSchema = body::parse(&body::read(body, service.options.body_limit).await?)?;
    blocking(move || service.store.register_schema(schema)).await?;
    let mut response = body::answer(TEXT, "The schema is registered.");
    if generation == Generation::V2 {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

#[derive(Deserialize)]
struct EraseRequest {
    subject: String,
}

/// Erase the reference payloads of a subject.
pub async fn erase(service: Arc<Service>, body: Body) -> Result<Response, Refusal> {
    let request: EraseRequest = body::parse(&body::read(body, service.options.body_limit).await?)?;
    let subject = request.subject.clone();
    let erased = blocking(move || service.store.erase(&subject)).await?;
    Ok(body::answer(TEXT, format!("Erased {erased} ref data of {}", request.subject)))
}

/// Every event, as one JSON array.
pub fn backup(service: Arc<Service>) -> Response {
    let all = service.store.select("/", &StreamOptions::default(), Generation::V2);
    let chunks = unfold((service, Some(all), "["), |(service, rest, mut before)| async move {
        let mut rest = rest?;
        let page = service.store.page(&mut rest);
        if page.is_empty() {
            let end = if before == "[" { "[]\n" } else { "\n]\n" };
            return Some((Ok(Bytes::from_static(end.as_bytes())), (service, None, before)));
        }
        let mut out = String::new();
        for record in page {
            out.push_str(before);
            out.push('\n');
            out.push_str(record.text());
            before = ",";
        }
        Some((Ok(out.into()), (service, Some(rest), before)))
    });
    body::stream(JSON, chunks)
}

/// Fill the empty store from a backup.
pub async fn restore(service: Arc<Service>, body: Body) -> Result<Response, Refusal> {
    let limit = service.options.body_limit;
    let restored = body::read_blocking(body, limit, move |reader| service.store.restore(reader)).await??;
    Ok(body::answer(TEXT, format!("Restored {restored} events")))
}
