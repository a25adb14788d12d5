//! Lines with their legend.

use super::axes::Plot;
use super::canvas::{Canvas, MARKS};
use crate::app::chart::{Lines, Signs, ticks};
use crate::ui::Theme;
use crate::ui::text::{cut, width};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// A name in the legend has at most so many columns.
const NAME: usize = 24;

/// Draw lines over their axes.
pub fn draw(frame: &mut Frame, area: Rect, lines: &Lines, signs: Signs, theme: &Theme) {
    // Without colours dots of several lines cannot be told apart.
    let several = lines.series.len() > 1;
    let signs = if several && theme.nth(0) == theme.nth(1) { Signs::Ascii } else { signs };
    frame.render_widget(legend(lines, usize::from(area.width), signs, theme), Rect { height: 1, ..area });
    let (low, high) = lines.range();
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let plot = Plot::new(body, |at_most| ticks::numbers(low, high, at_most));
    let room = f64::from(plot.area.width.saturating_sub(1));
    plot.draw(frame, &lines.x, |at| (lines.x.share(at) * room).round() as usize, signs, theme);
    let mut canvas = Canvas::new(plot.area.width, plot.area.height, signs);
    for (ink, series) in (0u8..).zip(&lines.series) {
        canvas.line(series.points.iter().map(|(x, y)| (lines.x.share(*x), plot.share(*y))), ink);
    }
    canvas.show(frame, plot.area, theme);
}

fn legend<'a>(lines: &Lines, room: usize, signs: Signs, theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::styled(cut(&lines.unit, room), theme.quiet)];
    let mut left = room.saturating_sub(width(&lines.unit));
    if let ([only], true) = (lines.series.as_slice(), !lines.unit.is_empty())
        && only.name == lines.unit
    {
        return Line::from(spans);
    }
    for (ink, series) in (0u8..).zip(&lines.series) {
        let name = cut(&series.name, NAME);
        let Some(rest) = left.checked_sub(width(&name) + 5) else {
            spans.push(Span::styled(" …", theme.quiet));
            break;
        };
        left = rest;
        let mark = if signs == Signs::Ascii { MARKS[usize::from(ink) % MARKS.len()] } else { "━" };
        let gap = if spans.len() == 1 && lines.unit.is_empty() { "" } else { "   " };
        spans.push(Span::styled(format!("{gap}{mark} "), theme.nth(ink)));
        spans.push(Span::raw(name));
    }
    Line::from(spans)
}
