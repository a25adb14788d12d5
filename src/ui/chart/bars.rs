//! Bars: a name, a length and its value on each line.

use super::common_start;
use crate::app::chart::{Bars, Signs, number};
use crate::app::list::ListState;
use crate::model::count::grouped;
use crate::ui::Theme;
use crate::ui::text::{clean, cut, pad, pad_left, width};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Below this length bars say nothing, and names have the room.
const SHORTEST: usize = 4;
/// Widths are those of the first so many bars, so that scrolling moves nothing.
const MEASURED: usize = 1000;

/// Draw bars; those that do not fit are counted on the last line.
pub fn draw(frame: &mut Frame, area: Rect, bars: &Bars, signs: Signs, list: &ListState, theme: &Theme) {
    let all = bars.bars.len();
    let fits = all <= usize::from(area.height);
    let height = if fits { usize::from(area.height) } else { usize::from(area.height) - 1 };
    let window = list.show(height, all);
    let scale = Scale::new(bars, usize::from(area.width));
    for (y, (name, value)) in (area.y..).zip(bars.bars.get(window.clone()).unwrap_or_default()) {
        let line = scale.line(name, *value, signs, theme);
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
    if !fits {
        let (above, below) = (window.start, all - window.end);
        let mut said: Vec<String> = Vec::new();
        for (number, place) in [(above, "above"), (below, "below")] {
            if number > 0 {
                said.push(format!("{} more {place}", grouped(number as u64)));
            }
        }
        let text = cut(&said.join(", "), usize::from(area.width));
        frame.render_widget(Line::styled(text, theme.quiet), Rect { y: area.bottom() - 1, height: 1, ..area });
    }
}

/// How wide names, bars and values are, and what a value is in columns.
struct Scale {
    name: usize,
    /// So many bytes that all names begin with are not shown, because the rest would have no room.
    common: usize,
    value: usize,
    /// The room left and right of zero.
    left: usize,
    right: usize,
    /// Columns for 1.
    unit: f64,
}

impl Scale {
    fn new(bars: &Bars, room: usize) -> Self {
        let measured = &bars.bars[..bars.bars.len().min(MEASURED)];
        let names = || bars.bars.iter().map(|(name, _)| name.as_str());
        let mut widest = measured.iter().map(|(name, _)| width(&clean(name))).max().unwrap_or(0);
        let mut common = 0;
        if widest > room / 3 {
            common = common_start(names());
            let left = measured.iter().map(|(name, _)| width(&clean(name.get(common..).unwrap_or(name))));
            widest = left.max().unwrap_or(0) + usize::from(common > 0);
        }
        let value = measured.iter().map(|bar| number::value(bar.1).len()).max().unwrap_or(0);
        let low = bars.bars.iter().map(|bar| bar.1).fold(0.0, f64::min);
        let high = bars.bars.iter().map(|bar| bar.1).fold(0.0, f64::max);
        let mut name = widest.min(room / 3).max(widest.min(12));
        let mut length = room.saturating_sub(name + value + 3);
        if length < SHORTEST {
            length = 0;
            name = widest.min(room.saturating_sub(value + 2));
        }
        let unit = if high > low { length as f64 / (high - low) } else { 0.0 };
        let left = ((-low * unit).ceil() as usize).min(length);
        Self { name, common, value, left, right: length - left, unit }
    }

    fn line<'a>(&self, name: &str, value: f64, signs: Signs, theme: &Theme) -> Line<'a> {
        let name = match name.get(self.common..) {
            Some(rest) if self.common > 0 => format!("…{rest}"),
            _ => name.to_owned(),
        };
        let name = pad(&cut(&name, self.name), self.name);
        let length = value.abs() * self.unit;
        let said = number::value(value);
        let mut spans = vec![Span::raw(format!("{name} "))];
        if self.left + self.right > 0 {
            let style = theme.nth(u8::from(value < 0.0));
            // What grows to the left cannot be drawn in eighths: those blocks all begin at the left.
            let (before, after) = if value < 0.0 {
                (full(length.round().max(1.0) as usize, signs), String::new())
            } else {
                (String::new(), bar(length, value > 0.0, signs))
            };
            spans.push(Span::styled(pad_left(&before, self.left), style));
            spans.push(Span::styled(pad(&after, self.right), style));
        }
        spans.push(Span::raw(format!(" {}", pad_left(&said, self.value))));
        Line::from(spans)
    }
}

fn full(length: usize, signs: Signs) -> String {
    if signs == Signs::Ascii { "#" } else { "█" }.repeat(length)
}

/// A bar to the right, in eighths of a column where there are blocks for it. What is more than nothing is seen.
fn bar(length: f64, is_something: bool, signs: Signs) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = ((length * 8.0).round() as usize).max(usize::from(is_something));
    match signs {
        Signs::Ascii => full((length.round() as usize).max(usize::from(is_something)), signs),
        Signs::Dots => full(eighths / 8, signs) + PARTS[eighths % 8],
    }
}
