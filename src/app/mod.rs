//! The explorer's state and decisions. Pure: no I/O, no clock, no terminal.
