//! The `gdbx` program.
fn main() {}
