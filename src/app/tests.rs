//! How the app behaves as a whole.
