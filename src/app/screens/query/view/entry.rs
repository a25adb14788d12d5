//! The line that is typed below the text, and the places in the text of what is looked for.

use super::super::entry::{Entry, Purpose};
use crate::model::count::{count, grouped};
use crate::ui::Theme;
use crate::ui::editor::Highlights;
use crate::ui::line::LineView;
use ratatui::Frame;
use ratatui::layout::Rect;

/// Draw it; of what is looked for, with how often it is there.
pub fn draw(frame: &mut Frame, area: Rect, entry: &Entry, cursor: usize, focused: bool, theme: &Theme) {
    let all = entry.places.all().len() as u64;
    let (said, style) = match (entry.purpose, entry.places.at(cursor)) {
        (Purpose::Find, Some(at)) => (format!("{} of {}", grouped(at as u64 + 1), grouped(all)), theme.quiet),
        (Purpose::Find, None) if all > 0 => (count(all, "place"), theme.quiet),
        (Purpose::Find, None) if !entry.input.is_empty() => ("not in this text".to_owned(), theme.bad),
        _ => (String::new(), theme.quiet),
    };
    let label = format!(" {}: ", entry.purpose.label());
    let area = Rect { width: area.width.saturating_sub(1), ..area };
    LineView::new(&entry.input, focused).label(&label).said(&said, style).draw(frame, area, theme);
}

/// The places of what is looked for, and the one with the cursor.
pub fn places(entry: &Entry, cursor: usize, theme: &Theme) -> Highlights {
    let all = entry.places.all();
    let here = entry.places.at(cursor).and_then(|at| all.get(at)).map(|place| (place.clone(), theme.selected));
    all.iter().map(|place| (place.clone(), theme.found)).chain(here).collect()
}
