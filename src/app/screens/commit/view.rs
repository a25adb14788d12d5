//! Drawing of the screen.

use crate::app::App;
use crate::ui::Look;
use ratatui::Frame;
use ratatui::layout::Rect;

/// Draw the screen.
pub fn draw(_frame: &mut Frame, _area: Rect, _app: &App, _look: &Look) {}
