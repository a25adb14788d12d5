//! One request and its answer.
//!
//! Owns sending, the time-outs of waiting, and what a failure means for a question and for a change of the store.
//! Knows neither bodies nor generations.

use super::answer::{Answer, within};
use super::error::{Asked, Error, Kind};
use super::routes::Operation;
use super::settings::Settings;
use super::transport::{Transport, reason, unreachable_reason};
use super::upload::Upload;
use bytes::Bytes;
use reqwest::{RequestBuilder, StatusCode, header};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use url::Url;

pub(super) const JSON: &str = "application/json";

/// The way to one server.
#[derive(Debug)]
pub(super) struct Exchange {
    pub settings: Settings,
    base: Url,
    transport: Transport,
}

impl Exchange {
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let base = settings.base()?;
        let transport = Transport::new(&settings, &base)?;
        Ok(Self { settings, base, transport })
    }

    /// The server's address, without a slash at its end.
    pub fn url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// What is asked when `operation` goes to `path`.
    pub fn asked(&self, operation: Operation, (method, path): (&'static str, &str)) -> Asked {
        Asked { operation, method, url: format!("{}{path}", self.url()) }
    }

    /// Ask, and wait for the head of the answer.
    pub async fn send(&self, asked: Asked, accept: &'static str, body: Option<Bytes>) -> Result<Answer, Error> {
        let mut request = self.request(&asked, accept);
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, JSON).body(body);
        }
        match within(self.silence(asked.operation), request.send()).await {
            Ok(Ok(response)) => self.accept(asked, response).await,
            Ok(Err(error)) => Err(self.failed(&asked, &error)),
            Err(after) if asked.operation.writes() => {
                Err(unknown(&asked, &Error::TimedOut { asked: asked.clone(), after }))
            }
            Err(after) => Err(Error::TimedOut { asked, after }),
        }
    }

    /// Send a file, and wait for the head of the answer. As long as bytes go out, the server owes none.
    pub async fn upload(&self, asked: Asked, upload: Upload) -> Result<Answer, Error> {
        let (length, sent) = (upload.length, Arc::clone(&upload.sent));
        let request = self.request(&asked, "*/*");
        let request = request.header(header::CONTENT_TYPE, JSON).header(header::CONTENT_LENGTH, length);
        let sending = request.body(reqwest::Body::wrap_stream(upload.stream())).send();
        tokio::pin!(sending);
        let mut before = 0;
        loop {
            match within(self.settings.idle_timeout, &mut sending).await {
                Ok(Ok(response)) => return self.accept(asked, response).await,
                Ok(Err(error)) => return Err(self.failed(&asked, &error)),
                Err(after) => match sent.load(Ordering::Relaxed) {
                    now if now != before => before = now,
                    _ => return Err(unknown(&asked, &Error::TimedOut { asked: asked.clone(), after })),
                },
            }
        }
    }

    fn request(&self, asked: &Asked, accept: &'static str) -> RequestBuilder {
        let http = if asked.operation.writes() { &self.transport.changing } else { &self.transport.asking };
        let request = match asked.method {
            "POST" => http.post(&asked.url),
            _ => http.get(&asked.url),
        };
        let request = request.header(header::ACCEPT, accept);
        match &self.settings.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        }
    }

    async fn accept(&self, asked: Asked, response: reqwest::Response) -> Result<Answer, Error> {
        let status = response.status();
        let idle = self.silence(asked.operation);
        let answer = Answer { asked, response, idle };
        if status.is_success() {
            return Ok(answer);
        }
        // A gateway that got no answer does not know either what became of the change.
        let lost = matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
        let asked = answer.asked.clone();
        let error = answer.refusal(&self.settings).await;
        if lost && asked.operation.writes() { Err(unknown(&asked, &error)) } else { Err(error) }
    }

    /// What a failure of the transport means, before there was an answer.
    fn failed(&self, asked: &Asked, error: &reqwest::Error) -> Error {
        let asked = asked.clone();
        if error.is_builder() {
            Error::Settings { message: reason(error) }
        } else if asked.operation.writes() && !error.is_connect() {
            Error::OutcomeUnknown { asked, reason: reason(error) }
        } else {
            Error::Unreachable { asked, reason: unreachable_reason(error, &self.base) }
        }
    }

    fn silence(&self, operation: Operation) -> Option<Duration> {
        match operation {
            Operation::Observe => self.settings.heartbeat_timeout,
            _ => self.settings.idle_timeout,
        }
    }
}

/// A change was sent; how it ended is not known.
pub(super) fn unknown(asked: &Asked, error: &Error) -> Error {
    let reason = match error {
        Error::Cut { reason, .. } => reason.clone(),
        Error::Status { status, message, .. } if message.is_empty() => format!("a gateway answered {status}"),
        Error::Status { status, message, .. } => format!("a gateway answered {status}: {message}"),
        error if error.kind() == Kind::Unreachable => "the server was silent for too long".to_owned(),
        error => error.to_string(),
    };
    Error::OutcomeUnknown { asked: asked.clone(), reason }
}
