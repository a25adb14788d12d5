//! The HTTP client for both of GenesisDB's API generations.
//!
//! Owns everything between a request of [`crate::model`] and the bytes of its answer: settings, routes, transport,
//! decoding of streams as they come, typed errors, and a [`Tail`] that survives lost connections. It must not know
//! who asks: no terminal, no command line, no screens.
//!
//! - [`Client`] has one method an operation.
//! - Streams come as [`Batch`]es of raw lines, at most one for each chunk that the network delivered. Nothing is read
//!   ahead, so that a slow reader slows the server down instead of filling memory.
//! - Every failure is an [`Error`] that says what was asked and keeps the server's words.

mod answer;
mod audit;
mod batch;
mod catalogue;
mod client;
mod error;
mod exchange;
mod frame;
mod live;
mod routes;
mod settings;
mod stream;
mod tail;
mod transport;
mod upload;
mod words;

pub use audit::Audit;
pub use batch::{BadLine, Batch};
pub use client::{Client, Ping};
pub use error::{Asked, Error, Kind};
pub use frame::{LineFramer, LineTooLong};
pub use live::{Decoded, LiveDecoder};
pub use routes::Operation;
pub use settings::{Choice, Settings, Token, TokenError};
pub use stream::{Download, EventStream, LineStream, Live, LiveStream, RowStream};
pub use tail::{Policy, Tail, TailFrom, TailItem, TailPart};
pub use words::clean;
