//! gdbx: the terminal explorer for GenesisDB.
//!
//! The library is built in layers, and `tests/architecture.rs` checks that the arrows point one way only:
//!
//! - [`model`]: events, the event log, the subject tree, requests. Standard library and serde only.
//! - [`gdbql`]: the query language: tokens, parser, formatter, evaluator.
//! - [`local`]: queries over a file or a loaded log, on all cores.
//! - [`api`]: the HTTP client for both API generations.
//! - [`store`]: the embedded event store; [`server`]: GenesisDB's HTTP API in front of it.
//! - [`app`]: the explorer's state and decisions, pure; [`ui`]: its drawing; [`shell`]: the terminal and the tasks around it.
//! - [`config`]: settings; [`cli`]: the headless commands.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod gdbql;
pub mod local;
pub mod model;
pub mod server;
pub mod shell;
pub mod store;
pub mod ui;
