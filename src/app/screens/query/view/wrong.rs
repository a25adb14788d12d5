//! What is wrong in the text, in words: behind the line in which it is wrong, or below the text where there is no room.

use super::super::tab::Tab;
use crate::gdbql::line_column;
use crate::ui::Theme;
use crate::ui::text::{clean, cut, width};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

/// What stands between a line and what is wrong in it.
const BESIDE: &str = "   ← ";
/// From this width on there is room to say that a doubt of ours keeps nobody from running the query.
const WIDE: u16 = 60;

/// What is wrong.
struct Remark {
    /// Its place, counted from 1.
    line: usize,
    column: usize,
    said: String,
    style: Style,
    /// Whether it is only our own doubt: the server is the judge, and may know more than we do.
    doubt: bool,
}

/// Draw it, beside the text in `area` or into the line `below`.
pub fn draw(frame: &mut Frame, area: Rect, below: Rect, tab: &Tab, theme: &Theme) {
    let Some(remark) = remark(tab, theme) else { return };
    let beside = format!("{BESIDE}{}", remark.said);
    let place = place(tab, area, remark.line, width(&beside));
    let said = match place {
        Some(_) => String::new(),
        None => format!(" line {}, column {}: {}", remark.line, remark.column, remark.said),
    };
    let allowed = match (remark.doubt, place) {
        (true, Some(_)) => " The query can still be sent.",
        (true, None) if below.width >= WIDE => "   it can still be sent",
        _ => "",
    };
    if let Some(place) = place {
        frame.render_widget(Line::styled(beside, remark.style), place);
    }
    let room = usize::from(below.width).saturating_sub(width(allowed));
    frame.render_widget(Line::styled(format!("{}{allowed}", cut(&said, room)), remark.style), below);
}

/// The server's word first, then our own doubt.
fn remark(tab: &Tab, theme: &Theme) -> Option<Remark> {
    let run = tab.run.as_ref();
    let refused = run.and_then(|run| Some((run.place(tab.script.version())?, run.failure()?)));
    let (offset, said, style, doubt) = match (refused, tab.script.problem()) {
        (Some((span, failure)), _) => (span.start, clean(&failure.message), theme.bad, false),
        (None, Some(problem)) => (problem.span.start, clean(&problem.message), theme.quiet, true),
        (None, None) => return None,
    };
    let (line, column) = line_column(&tab.script.editor().text(), offset);
    Some(Remark { line, column, said: said.into_owned(), style, doubt })
}

/// The room behind a line of the text for so many columns; `None` where there is less.
fn place(tab: &Tab, area: Rect, line: usize, wanted: usize) -> Option<Rect> {
    let editor = tab.script.editor();
    let (top, left) = editor.shown_corner();
    let y = u16::try_from(line.checked_sub(top + 1)?).ok().filter(|y| *y < area.height)?;
    let end = width(&clean(editor.lines().get(line - 1)?)).checked_sub(left)?;
    let (end, wanted) = (u16::try_from(end).ok()?, u16::try_from(wanted).ok()?);
    let fits = end.checked_add(wanted)? <= area.width;
    fits.then(|| Rect { x: area.x + end, y: area.y + y, width: wanted, height: 1 })
}
