//! The line that is asked for, in a box over the panes.

use super::super::prompt::Prompt;
use crate::app::line::TypedLine;
use crate::ui::line::LineView;
use crate::ui::text::cut;
use crate::ui::{Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// The box has no more columns than this.
const WIDEST: u16 = 64;

/// Draw it.
pub fn draw(frame: &mut Frame, area: Rect, prompt: &Prompt, focused: bool, theme: &Theme) {
    let (wide, high) = (WIDEST.min(area.width), 4.min(area.height));
    let top = (area.height - high) / 3;
    let at = Rect::new(area.x + (area.width - wide) / 2, area.y + top, wide, high);
    let inner =
        pane::pane(frame, at, Line::raw(cut(prompt.label(), usize::from(wide).saturating_sub(4))), focused, theme);
    LineView::new(&prompt.field, focused).label(" ").draw(frame, inner, theme);
    if inner.height > 1 {
        let (said, style) = match &prompt.problem {
            Some(problem) => (problem.as_str(), theme.bad),
            None => (prompt.hint(), theme.quiet),
        };
        let said = cut(&format!(" {said}"), usize::from(inner.width));
        frame.render_widget(Line::styled(said, style), Rect { y: inner.y + 1, height: 1, ..inner });
    }
}

/// Draw a single line in a box that says what it is.
pub fn line(frame: &mut Frame, area: Rect, title: &str, input: &TypedLine, focused: bool, theme: &Theme) {
    let (wide, high) = (WIDEST.min(area.width), 3.min(area.height));
    let at = Rect::new(area.x + (area.width - wide) / 2, area.y + (area.height - high) / 3, wide, high);
    let inner = pane::pane(frame, at, Line::raw(title.to_owned()), focused, theme);
    LineView::new(input, focused).label(" ").draw(frame, inner, theme);
}
