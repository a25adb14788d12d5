//! The list of what can stand at the cursor, at the word that is being typed.

use super::super::completion::Popup;
use crate::app::editor::Editor;
use crate::ui::text::{clean, cut, cut_middle, pad, width};
use crate::ui::{Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// So many candidates are shown at once.
const ROWS: usize = 8;
/// The widest that candidates and their explanations get.
const NAME: usize = 44;
const WHAT: usize = 44;

/// Draw the list inside `screen`, below the line of the cursor of the text in `area`, or above it.
pub fn draw(frame: &mut Frame, screen: Rect, area: Rect, editor: &Editor, popup: &Popup, theme: &Theme) {
    let candidates = &popup.found.candidates;
    let widest = |of: &dyn Fn(usize) -> usize, most: usize| (0..candidates.len()).map(of).max().unwrap_or(0).min(most);
    let names = widest(&|at| width(&candidates[at].text), NAME);
    let whats = widest(&|at| width(&candidates[at].what), WHAT);
    let wanted = u16::try_from(names + whats + 6).unwrap_or(u16::MAX).min(screen.width);
    let (column, line) = place(editor, popup.found.range.start);
    let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let y = area.y.saturating_add(number(line)).min(area.bottom().max(1) - 1);
    let x = area.x.saturating_add(number(column)).saturating_sub(2).min(screen.right() - wanted).max(screen.x);
    let rows = number(candidates.len().min(ROWS)) + 2;
    let (below, above) = (screen.bottom().saturating_sub(y + 1), y.saturating_sub(screen.y));
    let at = if below >= rows.min(5) || below >= above {
        Rect { x, y: y + 1, width: wanted, height: rows.min(below) }
    } else {
        let height = rows.min(above);
        Rect { x, y: y - height, width: wanted, height }
    };
    if at.height < 3 || at.width < 10 {
        return;
    }
    let inner = pane::pane(frame, at, Line::raw("fits here"), true, theme);
    let window = popup.list.show(usize::from(inner.height), candidates.len());
    let room = usize::from(inner.width).saturating_sub(2);
    for (y, index) in window.clone().enumerate() {
        let Some(candidate) = candidates.get(index) else { break };
        let name = pad(&cut_middle(&candidate.text, names.min(room)), names.min(room));
        let what = cut(&clean(&candidate.what), room.saturating_sub(names + 2));
        let line = Line::from(vec![
            Span::raw(format!(" {name}  ")),
            Span::styled(pad(&what, room.saturating_sub(names + 2)), theme.quiet),
        ]);
        let row = Rect { y: inner.y + number(y), height: 1, ..inner };
        frame.render_widget(if index == popup.list.selected() { line.style(theme.selected) } else { line }, row);
    }
    pane::scrollbar(frame, at, &window, candidates.len(), theme);
}

/// The display column and the line of a byte of the text, from the upper left corner of what is shown of it.
fn place(editor: &Editor, offset: usize) -> (usize, usize) {
    let mut start = 0;
    let (top, left) = editor.shown_corner();
    for (row, line) in editor.lines().iter().enumerate() {
        if offset <= start + line.len() {
            let before = line.get(..offset.saturating_sub(start)).unwrap_or_default();
            return (width(&clean(before)).saturating_sub(left), row.saturating_sub(top));
        }
        start += line.len() + 1;
    }
    (0, 0)
}
