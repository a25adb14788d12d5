//! The words everything else speaks: JSON text, events, subjects, requests and answers.
//!
//! Owns the shapes of GenesisDB's data. Knows no I/O, no HTTP and no terminal.

pub mod count;
pub mod diff;
pub mod event;
pub mod fold;
pub mod json;
pub mod log;
pub mod mention;
pub mod names;
pub mod path;
pub mod request;
pub mod shape;
pub mod status;
pub mod subject;
pub mod time;
pub mod tree;
