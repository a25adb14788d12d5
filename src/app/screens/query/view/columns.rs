//! The list of a result's columns, in a box over the rows.

use super::super::column_list::ColumnList;
use super::super::table::Table;
use crate::ui::text::{cut, pad};
use crate::ui::{Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The box has no more columns than this.
const WIDEST: u16 = 60;

/// Draw it.
pub fn draw(frame: &mut Frame, area: Rect, table: &Table, open: &ColumnList, focused: bool, theme: &Theme) {
    let items = table.layout().items();
    let high = u16::try_from(items.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let wide = WIDEST.min(area.width.saturating_sub(2));
    let at = Rect::new(area.x + 1.min(area.width), area.y + (area.height - high).min(1), wide, high);
    let title = match table.layout().hidden() {
        0 => format!("Columns   all {} are shown", items.len()),
        hidden => format!("Columns   {hidden} of {} hidden", items.len()),
    };
    let inner = pane::pane(frame, at, Line::raw(cut(&title, usize::from(wide).saturating_sub(4))), focused, theme);
    let window = open.list.show(usize::from(inner.height), items.len());
    for (y, place) in (inner.y..).zip(window.clone()) {
        let Some(item) = items.get(place) else { break };
        let Some(column) = table.columns().get(item.number) else { continue };
        let what = match (column.is_number(), column.is_time()) {
            (true, _) => "number",
            (_, true) => "time",
            _ => "",
        };
        let room = usize::from(inner.width).saturating_sub(4 + 8);
        let mark = if item.hidden { " ○ " } else { " ● " };
        let name =
            Span::styled(pad(&cut(column.name(), room), room), if item.hidden { theme.quiet } else { theme.title });
        let line = Line::from(vec![Span::raw(mark), name, Span::styled(format!(" {what}"), theme.quiet)]);
        let here = place == open.list.selected();
        let line = if here { line.style(theme.cursor(focused)) } else { line };
        frame.render_widget(line, Rect { y, height: 1, ..inner });
    }
    pane::scrollbar(frame, at, &window, items.len(), theme);
}
