//! Drawing: a pure function of the app's state.
