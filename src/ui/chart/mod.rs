//! Drawing of pictures on a terminal: bars, lines and columns with their axes, in any room that there is.
//!
//! What is drawn is [`crate::app::chart`]'s to say.

mod axes;
mod bars;
mod canvas;
mod columns;
mod lines;
#[cfg(test)]
mod tests;

use super::Theme;
use super::pane;
use super::text::cut;
use crate::app::chart::{Body, Chart, Signs};
use crate::app::list::ListState;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Below this room there is no picture, only a sentence.
const SMALLEST: (u16, u16) = (24, 5);
/// From this height on all notes are shown, below it one.
const TALL: u16 = 16;

/// Draw a picture. Of many bars `list` is the part that is shown.
pub fn chart(frame: &mut Frame, area: Rect, chart: &Chart, signs: Signs, list: &ListState, theme: &Theme) {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return pane::empty(frame, area, "The window is too small for a chart.", theme);
    }
    let lines = usize::from(area.height / 4).min(if area.height < TALL { 1 } else { 4 });
    let notes = &chart.notes[..chart.notes.len().min(lines)];
    let below = u16::try_from(notes.len()).unwrap_or(0);
    let body = Rect { height: area.height - below, ..area };
    match &chart.body {
        Body::Bars(bars) => bars::draw(frame, body, bars, signs, list, theme),
        Body::Lines(lines) => lines::draw(frame, body, lines, signs, theme),
        Body::Columns(columns) => columns::draw(frame, body, columns, signs, theme),
    }
    for (y, note) in (body.bottom()..).zip(notes) {
        let more = chart.notes.len() - notes.len();
        let more = if more > 0 && y + 1 == area.bottom() { format!("  (and {more} more)") } else { String::new() };
        let text = cut(&format!("{note}{more}"), usize::from(area.width));
        frame.render_widget(Line::styled(text, theme.quiet), Rect { y, height: 1, ..area });
    }
}

/// What all names begin with, in bytes, up to a dot or a slash: `io.example.shop.`.
fn common_start<'n>(mut names: impl Iterator<Item = &'n str>) -> usize {
    let Some(first) = names.next() else { return 0 };
    let mut second = false;
    let common = names.fold(first.len(), |common, name| {
        second = true;
        common.min(first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count())
    });
    if !second {
        return 0;
    }
    first.as_bytes()[..common].iter().rposition(|byte| matches!(byte, b'.' | b'/')).map_or(0, |at| at + 1)
}
