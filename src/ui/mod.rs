//! Drawing: a function of the app's state.
//!
//! Nothing is decided here. What is drawn is bounded by the window: of a list only the rows that are on the screen
//! are looked at.

pub mod chart;
mod draw;
pub mod editor;
pub mod event_rows;
pub mod event_table;
pub mod export;
pub mod footer;
pub mod json;
pub mod json_text;
pub mod line;
pub mod marks;
pub mod overlays;
pub mod pane;
pub mod part;
pub mod status;
pub mod text;
pub mod theme;

pub use draw::draw;
pub use theme::{Look, Theme};
