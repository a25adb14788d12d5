//! One method an operation, in whichever generation the server speaks.
//!
//! Owns the choice of the generation and the bodies. Sending stands in `exchange`, reading in `answer`, `stream` and
//! `catalogue`.

use super::answer::Answer;
use super::audit::Audit;
use super::batch::Batch;
use super::catalogue;
use super::error::Error;
use super::exchange::{Exchange, JSON, unknown};
use super::routes::{Operation, QUERY_V1_OTHER};
use super::settings::Settings;
use super::stream::{Download, EventStream, LiveStream, RowStream};
use super::upload::Upload;
use super::words::clean_bytes;
use crate::model::request::{CommitRequest, Generation, RegisteredSchema, StreamRequest};
use crate::model::status::Status;
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

const NDJSON: &str = "application/x-ndjson";
const SSE: &str = "text/event-stream, application/x-ndjson";
const ANY: &str = "*/*";
/// So much of a pong is kept.
const PONG: usize = 200;

/// A client of one server. Cloning is cheap; clones share connections.
///
/// A method's future may be dropped to cancel it. A commit whose future is dropped may still happen.
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    exchange: Exchange,
    generation: OnceCell<Generation>,
}

/// The answer to a ping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// What the server says, cleaned; `Pong` on 2.x.
    pub text: String,
    /// How long it took.
    pub latency: Duration,
}

#[derive(Serialize)]
struct QueryBody<'a> {
    query: &'a str,
}

#[derive(Serialize)]
struct SubjectBody<'a> {
    subject: &'a str,
}

impl Client {
    /// A client with these settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Settings`] when the address or the CA file will not do.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let generation = OnceCell::new_with(settings.generation.fixed());
        Ok(Self(Arc::new(Shared { exchange: Exchange::new(settings)?, generation })))
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.exchange.settings
    }

    /// The server's address, without a slash at its end.
    pub fn url(&self) -> &str {
        self.0.exchange.url()
    }

    /// The generation that is spoken. With [`Choice::Auto`](super::Choice::Auto) the server is asked, once.
    ///
    /// # Errors
    /// When the server cannot be asked, or has neither API.
    pub async fn generation(&self) -> Result<Generation, Error> {
        self.0.generation.get_or_try_init(|| self.detect()).await.copied()
    }

    /// The generation when it is known without asking.
    pub fn known_generation(&self) -> Option<Generation> {
        self.0.generation.get().copied()
    }

    async fn detect(&self) -> Result<Generation, Error> {
        let missing = |error: &Error| matches!(error.status(), Some(404 | 405));
        for generation in [Generation::V2, Generation::V1] {
            match self.pong(generation).await {
                Ok(_) => return Ok(generation),
                Err(error) if generation == Generation::V2 && missing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Generation::V1)
    }

    /// Whether the server is there, and how fast it answers. Needs no token.
    ///
    /// # Errors
    /// When it is not, or answers with an error.
    pub async fn ping(&self) -> Result<Ping, Error> {
        let generation = self.generation().await?;
        self.pong(generation).await
    }

    async fn pong(&self, generation: Generation) -> Result<Ping, Error> {
        let start = Instant::now();
        let mut answer = self.ask(Operation::Ping, generation, ANY, None).await?;
        let latency = start.elapsed();
        let body = answer.body(self.0.exchange.settings.max_answer).await?;
        // Web servers that answer every path with a page would pass for a store without events. What a pong says is not
        // fixed over the generations, but it is no page.
        if body.trim_ascii_start().starts_with(b"<") {
            return Err(answer.undecodable(&body, "a web page answers at this address, not GenesisDB"));
        }
        Ok(Ping { text: clean_bytes(&body, PONG), latency })
    }

    /// Let the server check its hash chain. Needs the administrator's token on 2.x.
    ///
    /// # Errors
    /// When the audit could not be made; one that found something wrong is an [`Audit`].
    pub async fn audit(&self) -> Result<Audit, Error> {
        match self.get(Operation::Audit, ANY).await {
            Ok(mut answer) => Ok(Audit::read(&answer.body(self.0.exchange.settings.max_answer).await?)),
            Err(Error::Status { status, message, .. })
                if !matches!(status, 401 | 403 | 404 | 405 | 503) && Audit::is_failure(&message) =>
            {
                Ok(Audit { passed: false, ..Audit::read(message.as_bytes()) })
            }
            Err(error) => Err(error),
        }
    }

    /// Version, machine and numbers.
    ///
    /// # Errors
    /// When the server refuses, or answers with something else.
    pub async fn status(&self) -> Result<Status, Error> {
        self.status_as().await
    }

    /// The same as the server wrote it, with fields that this version does not know.
    ///
    /// # Errors
    /// As for [`Client::status`].
    pub async fn status_raw(&self) -> Result<Box<RawValue>, Error> {
        self.status_as().await
    }

    async fn status_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut answer = self.get(Operation::Status, JSON).await?;
        let body = answer.body(self.0.exchange.settings.max_answer).await?;
        serde_json::from_slice(&body).map_err(|e| answer.undecodable(&body, format!("no status: {e}")))
    }

    /// Events in commit order.
    ///
    /// # Errors
    /// When the server refuses; later failures come from the stream.
    pub async fn stream(&self, request: &StreamRequest) -> Result<EventStream, Error> {
        let answer = self.post(Operation::Stream, NDJSON, request).await?;
        Ok(EventStream::new(answer, self.0.exchange.settings.max_line))
    }

    /// Events as they are committed, on 2.x after those that are there already.
    ///
    /// A server may send its headers only with the first event; for as long this waits.
    ///
    /// # Errors
    /// When the server refuses; later failures come from the stream.
    pub async fn observe(&self, request: &StreamRequest) -> Result<LiveStream, Error> {
        let answer = self.post(Operation::Observe, SSE, request).await?;
        Ok(LiveStream::new(answer, self.0.exchange.settings.max_line))
    }

    /// The rows of a GDBQL query.
    ///
    /// # Errors
    /// When the server refuses; [`Error::position`] then tells where the query is wrong, if the server does.
    pub async fn query(&self, query: &str) -> Result<RowStream, Error> {
        let body = QueryBody { query };
        let answer = match self.post(Operation::Query, NDJSON, &body).await {
            // The two known clients of v1 use different routes; a server may have only one of them.
            Err(Error::Status { asked, status: 404 | 405, .. }) if asked.url.ends_with("/api/v1/q") => {
                let asked = self.0.exchange.asked(asked.operation, (asked.method, QUERY_V1_OTHER));
                self.0.exchange.send(asked, NDJSON, Some(encode(&body)?)).await?
            }
            other => other?,
        };
        Ok(RowStream::new(answer, self.0.exchange.settings.max_line))
    }

    /// Store events: all of them or none. The answer is the stored events; v1 may send none.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] when a precondition does not hold, [`Error::OutcomeUnknown`] when the answer was
    /// lost: it is never sent again by itself.
    pub async fn commit(&self, request: &CommitRequest) -> Result<Batch, Error> {
        let answer = self.post(Operation::Commit, NDJSON, request).await?;
        self.stored(answer).await
    }

    /// Like [`Client::commit`], with a body that is sent as it is written.
    ///
    /// # Errors
    /// As for [`Client::commit`].
    pub async fn commit_raw(&self, body: Bytes) -> Result<Batch, Error> {
        let generation = self.generation().await?;
        let answer = self.ask(Operation::Commit, generation, NDJSON, Some(body)).await?;
        self.stored(answer).await
    }

    async fn stored(&self, mut answer: Answer) -> Result<Batch, Error> {
        // What was committed may be as large as a line of a stream; refusing to read it would leave the outcome open.
        let limit = self.0.exchange.settings.max_answer.max(self.0.exchange.settings.max_line);
        let body = answer.body(limit).await.map_err(|e| unknown(&answer.asked, &e))?;
        let mut batch = Batch::of_lines(body);
        // v1's clients drop the answer, so what it holds is not known: only lines that are objects are events.
        let text = batch.text.clone();
        batch.lines.retain(|range| text.get(range.clone()).is_some_and(|line| line.starts_with(b"{")));
        Ok(batch)
    }

    /// Erase the reference payloads of a subject's events. Returns the server's words, cleaned.
    ///
    /// # Errors
    /// 404 when the subject has no events, 422 when none of them has a reference payload.
    pub async fn erase(&self, subject: &str) -> Result<String, Error> {
        let mut answer = self.post(Operation::Erase, ANY, &SubjectBody { subject }).await?;
        answer.words(self.0.exchange.settings.max_answer).await.map_err(|e| unknown(&answer.asked, &e))
    }

    /// The distinct top-level subjects.
    ///
    /// # Errors
    /// When the server refuses, or answers with something else.
    pub async fn subjects(&self) -> Result<Vec<String>, Error> {
        self.catalogue(Operation::Subjects, |body| catalogue::names(body, "subject")).await
    }

    /// The distinct event types.
    ///
    /// # Errors
    /// When the server refuses, or answers with something else.
    pub async fn types(&self) -> Result<Vec<String>, Error> {
        self.catalogue(Operation::Types, |body| catalogue::names(body, "type")).await
    }

    /// The registered schemas.
    ///
    /// # Errors
    /// When the server refuses, or answers with something else.
    pub async fn schemas(&self) -> Result<Vec<RegisteredSchema>, Error> {
        self.catalogue(Operation::Schemas, catalogue::schemas).await
    }

    async fn catalogue<T>(
        &self,
        operation: Operation,
        read: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Result<T, Error> {
        let mut answer = self.get(operation, NDJSON).await?;
        let body = answer.body(self.0.exchange.settings.max_answer).await?;
        read(&body).map_err(|why| answer.undecodable(&body, why))
    }

    /// Register the schema of an event type. Returns the server's words, cleaned.
    ///
    /// # Errors
    /// 409 when the type already has one.
    pub async fn register_schema(&self, kind: &str, schema: &RawValue) -> Result<String, Error> {
        let body = RegisteredSchema { kind: kind.to_owned(), schema: schema.to_owned() };
        let mut answer = self.post(Operation::RegisterSchema, ANY, &body).await?;
        answer.words(self.0.exchange.settings.max_answer).await.map_err(|e| unknown(&answer.asked, &e))
    }

    /// The whole store, as a JSON array of events.
    ///
    /// # Errors
    /// When the server refuses; later failures come from the download.
    pub async fn backup(&self) -> Result<Download, Error> {
        self.get(Operation::Backup, ANY).await.map(Download::new)
    }

    /// Fill an empty store from a backup's file. Returns the server's words, cleaned.
    ///
    /// # Errors
    /// When the file cannot be read or the server refuses.
    pub async fn restore(&self, file: &Path) -> Result<String, Error> {
        let generation = self.generation().await?;
        let asked = self.0.exchange.asked(Operation::Restore, Operation::Restore.route(generation));
        let upload = Upload::open(file).await.map_err(|e| Error::Local {
            asked: asked.clone(),
            reason: format!("{}: {e}", super::clean(&file.display().to_string(), 300)),
        })?;
        let mut answer = self.0.exchange.upload(asked, upload).await?;
        answer.words(self.0.exchange.settings.max_answer).await.map_err(|e| unknown(&answer.asked, &e))
    }

    async fn get(&self, operation: Operation, accept: &'static str) -> Result<Answer, Error> {
        let generation = self.generation().await?;
        self.ask(operation, generation, accept, None).await
    }

    async fn post(&self, operation: Operation, accept: &'static str, body: &impl Serialize) -> Result<Answer, Error> {
        let body = encode(body)?;
        let generation = self.generation().await?;
        self.ask(operation, generation, accept, Some(body)).await
    }

    async fn ask(
        &self,
        operation: Operation,
        generation: Generation,
        accept: &'static str,
        body: Option<Bytes>,
    ) -> Result<Answer, Error> {
        let asked = self.0.exchange.asked(operation, operation.route(generation));
        self.0.exchange.send(asked, accept, body).await
    }
}

fn encode(body: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|e| Error::Settings { message: e.to_string() })
}
