//! Text that is being typed: lines with highlights, the selection and the cursor.

use super::text::{clean, skip, width};
use super::theme::Theme;
use crate::app::editor::Editor;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// Coloured parts of a text, as bytes of the whole text, in order and without overlap.
pub type Highlights = Vec<(Range<usize>, Style)>;

/// Draw a text, scrolled so that the cursor is inside. With the focus, the terminal's cursor stands there.
pub fn editor(frame: &mut Frame, area: Rect, editor: &Editor, highlights: &Highlights, focused: bool, theme: &Theme) {
    let (row, column) = editor.cursor();
    let current = editor.lines().get(row).map_or("", String::as_str);
    let at = current.char_indices().nth(column).map_or(current.len(), |(at, _)| at);
    let cursor_column = width(&clean(&current[..at]));
    let top = editor.top(usize::from(area.height));
    let lines = || editor.lines().iter().skip(top).take(usize::from(area.height));
    let widest = lines().map(|line| width(&clean(line))).max().unwrap_or(0);
    let left = editor.left(usize::from(area.width), cursor_column, widest);
    let mut offset: usize = editor.lines().iter().take(top).map(|line| line.len() + 1).sum();
    let end = offset + lines().map(|line| line.len() + 1).sum::<usize>();
    // Of a long text only what is on the screen is looked at line by line.
    let highlights: Vec<&(Range<usize>, Style)> =
        highlights.iter().filter(|(range, _)| range.end > offset && range.start < end).collect();
    for (y, line) in editor.lines().iter().enumerate().skip(top).take(usize::from(area.height)) {
        let selected = editor.selection().and_then(|range| selected_part(&range, y, line));
        let spans = spans_of(line, offset, &highlights, selected, theme);
        let at = Rect { y: area.y + u16::try_from(y - top).unwrap_or(0), height: 1, ..area };
        frame.render_widget(Line::from(skip_spans(spans, left)), at);
        offset += line.len() + 1;
    }
    if focused && area.width > 0 && area.height > 0 {
        let x = area.x + u16::try_from(cursor_column - left.min(cursor_column)).unwrap_or(0).min(area.width - 1);
        let y = area.y + u16::try_from(row - top.min(row)).unwrap_or(0).min(area.height - 1);
        frame.set_cursor_position(Position::new(x, y));
    }
}

fn selected_part(range: &Range<(usize, usize)>, row: usize, line: &str) -> Option<Range<usize>> {
    let byte = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let (start, end) = (range.start, range.end);
    if row < start.0 || row > end.0 {
        return None;
    }
    let from = if row == start.0 { byte(start.1) } else { 0 };
    let to = if row == end.0 { byte(end.1) } else { line.len() };
    Some(from..to)
}

/// The line in pieces of one style each. A text that changed since it was coloured is drawn without harm.
fn spans_of<'a>(
    line: &str,
    offset: usize,
    highlights: &[&(Range<usize>, Style)],
    selected: Option<Range<usize>>,
    theme: &Theme,
) -> Vec<Span<'a>> {
    let is_here = |range: &Range<usize>| range.end > offset && range.start < offset + line.len();
    let inside: Vec<_> = highlights.iter().filter(|(range, _)| is_here(range)).collect();
    let mut cuts = vec![0, line.len()];
    let local =
        |range: &Range<usize>| range.start.saturating_sub(offset)..range.end.saturating_sub(offset).min(line.len());
    for (range, _) in &inside {
        cuts.extend([local(range).start, local(range).end]);
    }
    cuts.extend(selected.iter().flat_map(|range| [range.start, range.end]));
    cuts.retain(|at| line.is_char_boundary(*at));
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |from: usize, to: usize| {
        let mut style = inside
            .iter()
            .filter(|(range, _)| local(range).contains(&from))
            .map(|(_, style)| *style)
            .fold(Style::new(), Style::patch);
        if selected.as_ref().is_some_and(|range| range.contains(&from)) {
            style = style.patch(theme.selected);
        }
        Span::styled(clean(&line[from..to]).into_owned(), style)
    };
    cuts.windows(2).map(|pair| piece(pair[0], pair[1])).collect()
}

fn skip_spans(spans: Vec<Span<'_>>, columns: usize) -> Vec<Span<'_>> {
    let mut left = columns;
    spans
        .into_iter()
        .filter_map(|span| {
            let taken = width(&span.content);
            if left >= taken && taken > 0 {
                left -= taken;
                return None;
            }
            let rest = skip(&span.content, left).to_owned();
            left = 0;
            Some(Span::styled(rest, span.style))
        })
        .collect()
}
