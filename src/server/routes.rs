//! The routes of both API generations, and what each needs.
//!
//! Owns the table and the way from a request to its operation.

use super::auth::{Keys, Right};
use super::refusal::Refusal;
use super::{Options, admin, events, query};
use crate::model::request::Generation;
use crate::store::Store;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Everything a request is answered from.
pub struct Service {
    pub store: Store,
    pub options: Options,
    pub keys: Keys,
    /// Cancelled when the server is to stop.
    pub closing: CancellationToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Ping,
    Audit,
    Status,
    Stream,
    Observe,
    Query,
    Commit,
    Erase,
    Subjects,
    Types,
    Schemas,
    Register,
    Backup,
    Restore,
}

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;

/// Operation, right, method, paths in v1, paths in v2. v2 has no backup routes of its own; they are served there as well.
type Row = (Operation, Right, MethodFilter, &'static [&'static str], &'static [&'static str]);

const TABLE: [Row; 14] = [
    (Operation::Ping, Right::None, GET, &["status/ping"], &["ping"]),
    (Operation::Audit, Right::Administer, GET, &["status/audit"], &["admin/audit"]),
    (Operation::Status, Right::Read, GET, &["status"], &["status"]),
    (Operation::Stream, Right::Read, POST, &["stream"], &["fetch"]),
    (Operation::Observe, Right::Read, POST, &["observe"], &["subscribe"]),
    (Operation::Query, Right::Read, POST, &["q", "query"], &["query"]),
    (Operation::Commit, Right::Commit, POST, &["commit"], &["commit"]),
    (Operation::Erase, Right::Administer, POST, &["erase"], &["admin/erase"]),
    (Operation::Subjects, Right::Read, GET, &["subjects"], &["subjects"]),
    (Operation::Types, Right::Read, GET, &["types"], &["types"]),
    (Operation::Schemas, Right::Read, GET, &["schema/get"], &["schemas"]),
    (Operation::Register, Right::Administer, POST, &["schema/register"], &["schemas"]),
    (Operation::Backup, Right::Administer, GET, &["backup/create"], &["backup/create"]),
    (Operation::Restore, Right::Administer, POST, &["backup/restore"], &["backup/restore"]),
];

/// All routes.
pub fn router(service: Arc<Service>) -> Router {
    let mut router = Router::new();
    for (operation, right, method, v1, v2) in TABLE {
        for (generation, paths) in [(Generation::V1, v1), (Generation::V2, v2)] {
            for path in paths {
                let handler = move |State(service): State<Arc<Service>>, request: Request| async move {
                    let answered = match service.keys.check(request.headers(), right) {
                        Ok(()) => answer(service, operation, generation, request).await,
                        Err(refusal) => Err(refusal),
                    };
                    answered.unwrap_or_else(Refusal::into_response)
                };
                router = router.route(&format!("/api/{}/{path}", generation.name()), on(method, handler));
            }
        }
    }
    let unknown = |request: Request| async move {
        Refusal::text(StatusCode::NOT_FOUND, format!("there is no {} here", request.uri().path()))
    };
    let wrong_method = |request: Request| async move {
        let why = format!("{} does not know the method {}", request.uri().path(), request.method());
        Refusal::text(StatusCode::METHOD_NOT_ALLOWED, why)
    };
    router.fallback(unknown).method_not_allowed_fallback(wrong_method).with_state(service)
}

async fn answer(
    service: Arc<Service>,
    operation: Operation,
    generation: Generation,
    request: Request,
) -> Result<Response, Refusal> {
    let body = request.into_body();
    match operation {
        Operation::Ping => Ok(admin::ping()),
        Operation::Audit => admin::audit(service).await,
        Operation::Status => admin::status(&service, generation),
        Operation::Stream => events::stream(service, generation, body).await,
        Operation::Observe => events::observe(service, generation, body).await,
        Operation::Query => query::query(service, generation, body).await,
        Operation::Commit => events::commit(service, generation, body).await,
        Operation::Erase => admin::erase(service, body).await,
        Operation::Subjects => Ok(admin::subjects(&service)),
        Operation::Types => Ok(admin::types(&service)),
        Operation::Schemas => admin::schemas(&service),
        Operation::Register => admin::register(service, generation, body).await,
        Operation::Backup => Ok(admin::backup(service)),
        Operation::Restore => admin::restore(service, body).await,
    }
}
