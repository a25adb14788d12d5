//! The rows as a picture, or why there is none.

use super::super::tab::Tab;
use crate::app::chart::Chart;
use crate::ui::text::cut;
use crate::ui::{Look, chart, pane};
use ratatui::Frame;
use ratatui::layout::Rect;

/// What the picture shows, for the title.
pub fn title(tab: &Tab) -> String {
    match tab.picture.chart() {
        Some(Chart { title, .. }) => format!("Chart: {}", cut(title, 60)),
        None => "Chart".to_owned(),
    }
}

/// Draw it.
pub fn draw(frame: &mut Frame, area: Rect, tab: &Tab, look: &Look) {
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let Some(picture) = tab.picture.chart() else {
        let said = match tab.run.as_ref() {
            None => "A chart is drawn of the rows of a query. F5 runs the query above.",
            Some(run) if run.is_running() => "Waiting for rows to draw …",
            _ if tab.table.rows().is_empty() => "There are no rows to draw.",
            _ if tab.picture.is_working() => "Reading the rows …",
            _ => {
                "Nothing here can be drawn. A chart needs a column of numbers, of times, or of names that come again; \
                 GROUP BY with COUNT() or SUM() gives one. v shows the rows."
            }
        };
        return pane::empty(frame, area, said, &look.theme);
    };
    chart::chart(frame, area, picture, tab.picture.signs, &tab.picture.list, &look.theme);
}
