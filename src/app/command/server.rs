//! The commands of Server.

use super::{Command as C, CommandInfo, Place as P, row};

/// The most useful of each place first.
pub(super) const COMMANDS: &[CommandInfo] = &[
    // Server
    row(C::RunAudit, P::Server, "server.audit", "audit now", &["a"], "Check the whole hash chain now"),
    row(C::Open, P::Server, "server.open", "open", &["enter"], "Go to the events of the entry"),
    row(C::Filter, P::Server, "server.filter", "filter", &["/"], "Show only entries that contain a text"),
    row(C::Reload, P::Server, "server.reload", "refresh", &["r"], "Ask the server again"),
    row(C::Copy, P::Server, "server.copy", "copy", &["y"], "Copy the entry"),
];
