//! Which method and path each operation has in each API generation.
//!
//! Knows nothing of bodies, answers or connections.

use crate::model::request::Generation;
use std::fmt;

/// What can be asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Whether it is there.
    Ping,
    /// Check the hash chain.
    Audit,
    /// Version and numbers.
    Status,
    /// Events in commit order.
    Stream,
    /// Events as they are committed.
    Observe,
    /// A GDBQL query.
    Query,
    /// Store events.
    Commit,
    /// Erase a subject's reference payloads.
    Erase,
    /// Top-level subjects.
    Subjects,
    /// Event types.
    Types,
    /// Registered schemas.
    Schemas,
    /// Register a schema.
    RegisterSchema,
    /// The whole store.
    Backup,
    /// Fill an empty store.
    Restore,
}

impl Operation {
    /// The operation as a word, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Audit => "audit",
            Self::Status => "status",
            Self::Stream => "stream",
            Self::Observe => "observe",
            Self::Query => "query",
            Self::Commit => "commit",
            Self::Erase => "erase",
            Self::Subjects => "subjects",
            Self::Types => "types",
            Self::Schemas => "schemas",
            Self::RegisterSchema => "register schema",
            Self::Backup => "backup",
            Self::Restore => "restore",
        }
    }

    /// Whether the operation changes the store. Such a request is never sent twice.
    pub fn writes(self) -> bool {
        matches!(self, Self::Commit | Self::Erase | Self::RegisterSchema | Self::Restore)
    }

    /// The method and the path below the server's address.
    pub fn route(self, generation: Generation) -> (&'static str, &'static str) {
        match generation {
            Generation::V1 => self.route_v1(),
            Generation::V2 => self.route_v2(),
        }
    }

    fn route_v1(self) -> (&'static str, &'static str) {
        match self {
            Self::Ping => ("GET", "/api/v1/status/ping"),
            Self::Audit => ("GET", "/api/v1/status/audit"),
            Self::Status => ("GET", "/api/v1/status"),
            Self::Stream => ("POST", "/api/v1/stream"),
            Self::Observe => ("POST", "/api/v1/observe"),
            Self::Query => ("POST", "/api/v1/q"),
            Self::Commit => ("POST", "/api/v1/commit"),
            Self::Erase => ("POST", "/api/v1/erase"),
            Self::Subjects => ("GET", "/api/v1/subjects"),
            Self::Types => ("GET", "/api/v1/types"),
            Self::Schemas => ("GET", "/api/v1/schema/get"),
            Self::RegisterSchema => ("POST", "/api/v1/schema/register"),
            Self::Backup => ("GET", "/api/v1/backup/create"),
            Self::Restore => ("POST", "/api/v1/backup/restore"),
        }
    }

    fn route_v2(self) -> (&'static str, &'static str) {
        match self {
            Self::Ping => ("GET", "/api/v2/ping"),
            Self::Audit => ("GET", "/api/v2/admin/audit"),
            Self::Status => ("GET", "/api/v2/status"),
            Self::Stream => ("POST", "/api/v2/fetch"),
            Self::Observe => ("POST", "/api/v2/subscribe"),
            Self::Query => ("POST", "/api/v2/query"),
            Self::Commit => ("POST", "/api/v2/commit"),
            Self::Erase => ("POST", "/api/v2/admin/erase"),
            Self::Subjects => ("GET", "/api/v2/subjects"),
            Self::Types => ("GET", "/api/v2/types"),
            Self::Schemas => ("GET", "/api/v2/schemas"),
            Self::RegisterSchema => ("POST", "/api/v2/schemas"),
            // v2 brought no backup of its own: servers 2.x keep v1's routes for it.
            Self::Backup | Self::Restore => self.route_v1(),
        }
    }
}

/// v1's second route for queries: the VS Code extension uses it, the client libraries use `q`.
pub(super) const QUERY_V1_OTHER: &str = "/api/v1/query";

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
