//! Answers that say no: which status an error has, and in which words.
//!
//! Owns the mapping from the store's errors to HTTP.

use crate::gdbql;
use crate::model::json::quote;
use crate::store::Error;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// An answer that says no.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    content_type: &'static str,
    body: String,
}

impl Refusal {
    /// A sentence.
    pub fn text(status: StatusCode, body: impl Into<String>) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: body.into() }
    }

    /// A request that makes no sense.
    pub fn bad(body: impl Into<String>) -> Self {
        Self::text(StatusCode::BAD_REQUEST, body)
    }

    /// A task of the server died.
    pub fn internal() -> Self {
        Self::text(StatusCode::INTERNAL_SERVER_ERROR, "the request could not be carried out")
    }

    /// Its status.
    #[cfg(test)]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    fn json(status: StatusCode, body: String) -> Self {
        Self { status, content_type: "application/json", body }
    }
}

impl From<gdbql::Error> for Refusal {
    /// `{"error":"…","position":17,"length":3}`, in bytes of the query's text. A query that is right and too large is
    /// 422, one that is wrong is 400.
    fn from(error: gdbql::Error) -> Self {
        let message = quote(&error.message);
        let (position, length) = (error.span.start, error.span.len());
        let body = format!("{{\"error\":{message},\"position\":{position},\"length\":{length}}}");
        let status = if error.is_limit { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Self::json(status, body)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::Query(error) => return error.into(),
            Error::Precondition { kind, message } => {
                let body = format!("{{\"type\":{},\"message\":{}}}", quote(&kind), quote(&message));
                return Self::json(StatusCode::PRECONDITION_FAILED, body);
            }
            Error::Invalid(_) | Error::Backup(_) => StatusCode::BAD_REQUEST,
            Error::NoEvents(_) => StatusCode::NOT_FOUND,
            Error::SchemaExists(_) | Error::NotEmpty(_) => StatusCode::CONFLICT,
            Error::NothingToErase(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::LogFailed(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::InUse(_) | Error::NotAStore(_) | Error::Version { .. } | Error::Io { .. } => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        Self::text(status, error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
