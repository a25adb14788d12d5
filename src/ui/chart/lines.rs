//! Lines with their legend.

use super::axes::Plot;
use super::canvas::{Canvas, MARKS};
use super::common_start;
use crate::app::chart::{Lines, Series, Signs, ticks};
use crate::ui::Theme;
use crate::ui::text::{cut, width};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// A name in the legend has at most so many columns, and at least so many of those that it has.
const NAME: usize = 24;
const SHORTEST: usize = 6;
/// What all names begin with is told while they are no longer than this.
const SHORT: usize = 16;
/// Names stand so far apart.
const GAP: usize = 3;
/// From this height on there is room for two rows of names.
const TALL: u16 = 10;

/// Draw lines over their axes.
pub fn draw(frame: &mut Frame, area: Rect, lines: &Lines, signs: Signs, theme: &Theme) {
    // Without colours dots of several lines cannot be told apart.
    let several = lines.series.len() > 1;
    let signs = if several && theme.nth(0) == theme.nth(1) { Signs::Ascii } else { signs };
    let legend = legend(lines, usize::from(area.width), if area.height < TALL { 1 } else { 2 }, signs, theme);
    let above = u16::try_from(legend.len()).unwrap_or(1).min(area.height);
    for (y, line) in (area.y..).zip(legend) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
    let (low, high) = lines.range();
    let body = Rect { y: area.y + above, height: area.height - above, ..area };
    let plot = Plot::new(body, |at_most| ticks::numbers(low, high, at_most));
    let room = f64::from(plot.area.width.saturating_sub(1));
    plot.draw(frame, &lines.x, |at| (lines.x.share(at) * room).round() as usize, signs, theme);
    let mut canvas = Canvas::new(plot.area.width, plot.area.height, signs);
    for (ink, series) in (0u8..).zip(&lines.series) {
        canvas.line(series.points.iter().map(|(x, y)| (lines.x.share(*x), plot.share(*y))), ink);
    }
    canvas.show(frame, plot.area, theme);
}

/// The unit and the names of the lines, on so many rows at most. Names are as long as there is room for all of them.
fn legend<'a>(lines: &Lines, room: usize, rows: usize, signs: Signs, theme: &Theme) -> Vec<Line<'a>> {
    let unit = Span::styled(cut(&lines.unit, room), theme.quiet);
    if let ([only], true) = (lines.series.as_slice(), !lines.unit.is_empty())
        && only.name == lines.unit
    {
        return vec![Line::from(unit)];
    }
    let names = || lines.series.iter().map(|series| series.name.as_str());
    let common = match lines.series.as_slice() {
        _ if names().all(|name| width(name) <= SHORT) => 0,
        [only] => only.name.rfind(['.', '/']).map_or(0, |at| at + 1),
        _ => common_start(names()),
    };
    let name = |series: &Series| match series.name.get(common..) {
        Some(rest) if common > 0 => format!("…{rest}"),
        _ => series.name.clone(),
    };
    let entries: Vec<(Span<'a>, String)> = (0u8..)
        .zip(&lines.series)
        .map(|(ink, series)| {
            let mark = if signs == Signs::Ascii { MARKS[usize::from(ink) % MARKS.len()] } else { "━" };
            (Span::styled(format!("{mark} "), theme.nth(ink)), name(series))
        })
        .collect();
    let flowed = |longest| flow(unit.clone(), &entries, longest, room, rows);
    let all = (SHORTEST..=NAME).rev().map(flowed).find(|(_, all_fit)| *all_fit);
    let (mut text, all_fit) = all.unwrap_or_else(|| flowed(SHORTEST));
    if let Some(last) = text.last_mut().filter(|_| !all_fit) {
        last.push_span(Span::styled(" …", theme.quiet));
    }
    text
}

/// Entries one after the other, their names cut to a width, and whether all of them have room.
fn flow<'a>(
    unit: Span<'a>,
    entries: &[(Span<'a>, String)],
    longest: usize,
    room: usize,
    rows: usize,
) -> (Vec<Line<'a>>, bool) {
    let mut line = Line::from(unit);
    let mut lines = Vec::new();
    for (mark, name) in entries {
        let name = cut(name, longest);
        let wide = width(&mark.content) + width(&name);
        if line.width() > 0 && line.width() + GAP + wide > room {
            if lines.len() + 1 == rows {
                lines.push(line);
                return (lines, false);
            }
            lines.push(std::mem::take(&mut line));
        }
        if line.width() > 0 {
            line.push_span(Span::raw(" ".repeat(GAP)));
        }
        line.push_span(mark.clone());
        line.push_span(Span::raw(name));
    }
    lines.push(line);
    (lines, true)
}
