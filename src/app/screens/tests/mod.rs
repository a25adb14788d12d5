//! What the tests of all screens share.

pub mod stage;
