//! What the tests of all screens share.

mod lines;
pub mod stage;
