//! Panes: a frame with a title, bright when the keys go there, and a mark of the scroll position.

use super::theme::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

/// Draw a frame with a title on its upper edge, over whatever is there. Gives the room inside.
pub fn pane(frame: &mut Frame, area: Rect, title: Line<'_>, focused: bool, theme: &Theme) -> Rect {
    let edge = if focused { theme.accent } else { theme.quiet };
    let mut spans = vec![Span::raw(" ")];
    spans.extend(title.spans);
    spans.push(Span::raw(" "));
    let mut title = Line::from(spans);
    if focused {
        title = title.patch_style(theme.title);
    }
    let block = Block::bordered().border_style(edge).title(title);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    inner
}

/// A word on the lower right edge of a pane.
pub fn corner(frame: &mut Frame, area: Rect, text: &str, style: Style) {
    let width = u16::try_from(super::text::width(text) + 2).unwrap_or(u16::MAX);
    if area.height > 1 && area.width > width + 2 {
        let at = Rect::new(area.right() - width - 1, area.bottom() - 1, width, 1);
        frame.render_widget(Line::styled(format!(" {text} "), style), at);
    }
}

/// A word on the lower left edge of a pane: the longest of these that there is room for.
pub fn note(frame: &mut Frame, area: Rect, texts: &[impl AsRef<str>], style: Style) {
    let mut texts = texts.iter().map(AsRef::as_ref);
    let fits = |text: &&str| super::text::width(text) + 4 < usize::from(area.width);
    if let Some(text) = texts.find(fits).filter(|_| area.height > 1) {
        let width = u16::try_from(super::text::width(text) + 2).unwrap_or(0);
        let at = Rect::new(area.x + 1, area.bottom() - 1, width, 1);
        frame.render_widget(Line::styled(format!(" {text} "), style), at);
    }
}

/// Mark on the right edge of a pane which part of a list is shown.
pub fn scrollbar(frame: &mut Frame, area: Rect, window: &std::ops::Range<usize>, len: usize, theme: &Theme) {
    let room = usize::from(area.height.saturating_sub(2));
    if len <= window.len() || room == 0 || area.width == 0 {
        return;
    }
    let size = (room * window.len() / len).clamp(1, room);
    let top = (room - size) * window.start / (len - window.len()).max(1);
    for row in top..(top + size).min(room) {
        let y = area.y + 1 + u16::try_from(row).unwrap_or(0);
        frame.render_widget(Span::styled("┃", theme.accent), Rect::new(area.right() - 1, y, 1, 1));
    }
}

/// Sentences in an empty pane: what is not there, and what to do.
pub fn empty(frame: &mut Frame, area: Rect, sentences: &str, theme: &Theme) {
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    frame.render_widget(Paragraph::new(sentences).wrap(Wrap { trim: true }).style(theme.quiet), area);
}
