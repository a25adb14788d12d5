//! Columns: how many rows fall into each part of an axis.

use super::axes::Plot;
use crate::app::chart::ticks::{self, Tick};
use crate::app::chart::{Columns, Signs};
use crate::ui::Theme;
use crate::ui::text::cut;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

/// Columns stand apart when all of them are so wide.
const APART: usize = 3;

/// Draw columns over their axes.
pub fn draw(frame: &mut Frame, area: Rect, columns: &Columns, signs: Signs, theme: &Theme) {
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    // The room is known only with the values beside it, which grow when parts are counted together.
    let room = Plot::new(body, marks(columns)).area.width;
    let columns = &columns.at_most(usize::from(room));
    let plot = Plot::new(body, marks(columns));
    let unit = cut(&columns.unit(), usize::from(area.width));
    frame.render_widget(Span::styled(unit, theme.quiet), Rect { height: 1, ..area });
    let (parts, room) = (columns.counts.len().max(1), usize::from(plot.area.width));
    let edge = |part: usize| part * room / parts;
    let place = |at: f64| {
        let part = columns.bounds.partition_point(|bound| *bound <= at).saturating_sub(1);
        let (from, to) = match columns.bounds.get(part..part + 2) {
            Some(&[from, to]) => (from, to),
            _ => return edge(part),
        };
        let share = if to > from { (at - from) / (to - from) } else { 0.0 };
        edge(part) + (share * (edge(part + 1) - edge(part)) as f64).round() as usize
    };
    plot.draw(frame, &columns.x, place, signs, theme);
    for (part, count) in columns.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let wide = edge(part + 1) - edge(part);
        let wide = if room / parts >= APART { wide - 1 } else { wide };
        column(frame, &plot, edge(part), wide, *count as f64, signs, theme);
    }
}

fn marks(columns: &Columns) -> impl Fn(usize) -> Vec<Tick> {
    let most = columns.counts.iter().copied().max().unwrap_or(0);
    move |at_most| ticks::counts(most, at_most)
}

/// A column in eighths of a row where there are blocks for it. What is more than nothing is seen.
fn column(frame: &mut Frame, plot: &Plot, from: usize, wide: usize, count: f64, signs: Signs, theme: &Theme) {
    const PARTS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let rows = plot.area.height;
    let eighths = ((plot.share(count) * f64::from(rows) * 8.0).round() as usize).max(1);
    for row in 0..usize::from(rows) {
        let here = eighths.saturating_sub(row * 8).min(8);
        let symbol = match signs {
            Signs::Dots => PARTS[here],
            Signs::Ascii if here >= 4 => "#",
            Signs::Ascii if here > 0 && row == 0 => ".",
            Signs::Ascii => " ",
        };
        if here == 0 || symbol == " " {
            break;
        }
        let number = |n: usize| u16::try_from(n).unwrap_or(0);
        let at = Rect {
            x: plot.area.x + number(from),
            y: plot.area.bottom() - 1 - number(row),
            width: number(wide),
            height: 1,
        };
        frame.render_widget(Span::styled(symbol.repeat(wide), theme.nth(0)), at);
    }
}
