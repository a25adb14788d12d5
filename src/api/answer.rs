//! From a response to its body, or to an error with the server's words.
//!
//! Owns reading of answers that are no streams, bounded in size and silence, and the reading of error bodies.

use super::error::{Asked, Error};
use super::settings::Settings;
use super::transport::reason;
use super::words::{EXCERPT, MESSAGE, clean, clean_bytes};
use crate::model::json::{Json, Kind};
use bytes::Bytes;
use reqwest::{Response, StatusCode, header};
use std::ops::Range;
use std::time::Duration;

/// How much of an error's body is read, in bytes.
const ERROR_BODY: usize = 64 << 10;

/// The answer to one request, and what is needed to speak about it.
#[derive(Debug)]
pub(super) struct Answer {
    pub asked: Asked,
    pub response: Response,
    pub idle: Option<Duration>,
}

impl Answer {
    /// The next piece of the body; `None` at its proper end.
    ///
    /// Dropping the future before it is ready loses nothing.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let next = within(self.idle, self.response.chunk()).await;
            return match next {
                // Empty pieces say nothing.
                Ok(Ok(Some(bytes))) if bytes.is_empty() => continue,
                Ok(Ok(chunk)) => Ok(chunk),
                Ok(Err(error)) => Err(Error::Cut { asked: self.asked.clone(), reason: reason(&error) }),
                Err(after) => Err(Error::TimedOut { asked: self.asked.clone(), after }),
            };
        }
    }

    /// The whole body.
    pub async fn body(&mut self, limit: usize) -> Result<Bytes, Error> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let mut whole = Vec::new();
        let mut next = Some(first);
        while let Some(chunk) = next {
            if whole.len() + chunk.len() > limit {
                return Err(Error::TooLarge { asked: self.asked.clone(), what: "the answer", limit });
            }
            whole.extend_from_slice(&chunk);
            next = self.chunk().await?;
        }
        Ok(Bytes::from(whole))
    }

    /// The whole body as text, cleaned and bounded.
    pub async fn words(&mut self, limit: usize) -> Result<String, Error> {
        Ok(clean_bytes(&self.body(limit).await?, MESSAGE))
    }

    /// The error that a status other than 2xx amounts to.
    pub async fn refusal(mut self, settings: &Settings) -> Error {
        let status = self.response.status();
        if let Some(location) = self.redirect() {
            return Error::Redirected { asked: self.asked, location };
        }
        let mut body = Vec::new();
        // What can be read of the body is shown; how it ended does not matter next to the status.
        while let Ok(Some(chunk)) = self.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > ERROR_BODY {
                break;
            }
        }
        let told = Told::read(&body);
        let message = match &settings.token {
            Some(token) => token.scrub(told.message),
            None => told.message,
        };
        if status == StatusCode::PRECONDITION_FAILED {
            return Error::PreconditionFailed { asked: self.asked, kind: told.kind, message };
        }
        Error::Status { asked: self.asked, status: status.as_u16(), message, position: told.position }
    }

    fn redirect(&self) -> Option<String> {
        if !self.response.status().is_redirection() {
            return None;
        }
        let location = self.response.headers().get(header::LOCATION)?;
        Some(clean_bytes(location.as_bytes(), 300))
    }

    /// An answer that cannot be understood.
    pub fn undecodable(&self, body: &[u8], reason: impl Into<String>) -> Error {
        Error::Decode { asked: self.asked.clone(), reason: reason.into(), excerpt: clean_bytes(body, EXCERPT) }
    }
}

/// Wait for `future`, but not for ever.
pub(super) async fn within<T>(limit: Option<Duration>, future: impl Future<Output = T>) -> Result<T, Duration> {
    match limit {
        Some(limit) => tokio::time::timeout(limit, future).await.map_err(|_| limit),
        None => Ok(future.await),
    }
}

/// What the body of an error says.
#[derive(Debug, Default, PartialEq)]
struct Told {
    message: String,
    kind: Option<String>,
    position: Option<Range<usize>>,
}

impl Told {
    /// Text is taken whole. Of JSON, the member that holds the message is taken when the others are understood, and
    /// the whole text otherwise.
    fn read(body: &[u8]) -> Self {
        let whole = || clean_bytes(body, MESSAGE);
        let Ok(value) = super::batch::json(body) else { return Self { message: whole(), ..Self::default() } };
        if let Some(text) = value.as_str() {
            return Self { message: clean(&text, MESSAGE), ..Self::default() };
        }
        if value.kind() != Kind::Object {
            return Self { message: whole(), ..Self::default() };
        }
        let text = |name: &str| value.get(name).and_then(Json::as_str);
        let main = ["error", "message"].into_iter().find_map(|name| Some((name, text(name)?)));
        let known = ["type", "position", "length"];
        let message = match main {
            Some((main, text)) if value.members().all(|(k, _)| k.is(main) || known.iter().any(|name| k.is(name))) => {
                clean(&text, MESSAGE)
            }
            _ => whole(),
        };
        Self { message, kind: text("type").map(|kind| clean(&kind, 100)), position: position(value) }
    }
}

/// `position` and `length`, in bytes of the query's text.
fn position(value: Json<'_>) -> Option<Range<usize>> {
    let number = |name: &str| value.get(name)?.text().parse::<usize>().ok();
    let start = number("position")?;
    Some(start..start.saturating_add(number("length").unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> (String, Option<String>, Option<Range<usize>>) {
        let told = Told::read(body.as_bytes());
        (told.message, told.kind, told.position)
    }

    #[test]
    fn the_servers_words_are_kept() {
        assert_eq!(told("no such\r\nthing\u{1b}"), ("no such  thing␛".into(), None, None));
        assert_eq!(told(r#""quoted\nwords""#).0, "quoted words");
        assert_eq!(
            told(r#"{"type":"isSubjectNew","message":"subject /u already has events"}"#),
            ("subject /u already has events".into(), Some("isSubjectNew".into()), None)
        );
        assert_eq!(told(r#"{"error":"bad","position":7,"length":2}"#), ("bad".into(), None, Some(7..9)));
        assert_eq!(told(r#"{"error":"bad","line":3}"#).0, r#"{"error":"bad","line":3}"#);
        assert_eq!(told("[1]").0, "[1]");
        assert_eq!(told("").0, "");
    }
}
