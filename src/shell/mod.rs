//! The terminal and the tasks around the app.
