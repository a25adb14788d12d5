//! The form of a query's parameters, in a box over the panes.

use super::super::values::Form;
use crate::ui::line::LineView;
use crate::ui::text::{clean, cut, width};
use crate::ui::{Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// The box has no more columns than this.
const WIDEST: u16 = 72;
/// The widest that a name gets.
const NAME: usize = 24;
/// What is to be known of values.
const HINTS: [&str; 2] = ["⏎ runs it.  Numbers, null, today, 2h ago are read as such; else text", "⏎ goes on and runs"];

/// Draw it.
pub fn draw(frame: &mut Frame, area: Rect, form: &Form, focused: bool, theme: &Theme) {
    let rows = u16::try_from(form.fields.len()).unwrap_or(u16::MAX);
    let (wide, high) = (WIDEST.min(area.width), rows.saturating_add(3).min(area.height));
    let at = Rect::new(area.x + (area.width - wide) / 2, area.y + (area.height - high) / 3, wide, high);
    let inner = pane::pane(frame, at, Line::raw("Values for this run"), focused, theme);
    let shown = usize::from(inner.height.saturating_sub(1));
    let top = (form.at + 1).saturating_sub(shown);
    let names = form.fields.iter().map(|(name, _)| width(name)).max().unwrap_or(0).min(NAME);
    for (y, (nth, (name, input))) in form.fields.iter().enumerate().skip(top).take(shown).enumerate() {
        let line = Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner };
        let name = cut(&clean(name), names);
        let label = format!(" :{name}{} = ", " ".repeat(names.saturating_sub(width(&name))));
        LineView::new(input, focused && nth == form.at).label(&label).draw(frame, line, theme);
    }
    if inner.height > 0 {
        let room = usize::from(inner.width).saturating_sub(2);
        let hint = HINTS.into_iter().find(|hint| width(hint) <= room).unwrap_or_default();
        let line = Rect { y: inner.bottom() - 1, height: 1, ..inner };
        frame.render_widget(Line::styled(format!(" {hint}"), theme.quiet), line);
    }
}
