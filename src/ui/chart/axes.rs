//! Axes: the values on the left, the marks below, and the room between them.

use crate::app::chart::number;
use crate::app::chart::ticks::Tick;
use crate::app::chart::{Axis, Signs};
use crate::ui::Theme;
use crate::ui::text::{cut, pad_left, width};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// A mark below needs about so much room.
const MARK: usize = 12;
/// Values that are wider are written short.
const WIDE: usize = 9;

/// The room of a picture with axes.
pub struct Plot {
    /// Where lines and columns are drawn.
    pub area: Rect,
    low: f64,
    high: f64,
    values: Vec<Tick>,
    /// The columns of the values.
    labels: usize,
    caption: bool,
}

impl Plot {
    /// The room that is left of an area; the highest value is at its upper edge. `marks` are at most so many values.
    pub fn new(area: Rect, marks: impl Fn(usize) -> Vec<Tick>) -> Self {
        // One line for the axis, one for its marks, and in a tall window one for what it is.
        let caption = area.height >= 8;
        let below = 2 + u16::from(caption);
        let height = area.height.saturating_sub(below).max(1);
        let mut values = marks(usize::from(height).div_ceil(3).clamp(3, 8));
        if values.iter().any(|tick| width(&tick.label) > WIDE) {
            values.iter_mut().for_each(|tick| tick.label = number::short(tick.at));
        }
        let labels = values.iter().map(|tick| width(&tick.label)).max().unwrap_or(0);
        let left = u16::try_from(labels + 2).unwrap_or(area.width).min(area.width / 2);
        let (low, high) = (values.first().map_or(0.0, |tick| tick.at), values.last().map_or(1.0, |tick| tick.at));
        let area = Rect { x: area.x + left, width: area.width - left, height, ..area };
        Self { area, low, high, values, labels, caption }
    }

    /// How high a value is, from 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        if self.high > self.low { ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// Draw the axes. `place` tells at which column of the room a place of the axis stands.
    pub fn draw(&self, frame: &mut Frame, x: &Axis, place: impl Fn(f64) -> usize, signs: Signs, theme: &Theme) {
        let (corner, up, right, mark, side) = match signs {
            Signs::Dots => ("└", "│", "─", "┬", "┤"),
            Signs::Ascii => ("+", "|", "-", "+", "+"),
        };
        let edge = self.area.x.saturating_sub(1);
        let at = |x: u16, y: u16, width: usize| Rect { x, y, width: u16::try_from(width).unwrap_or(0), height: 1 };
        for y in self.area.top()..self.area.bottom() {
            frame.render_widget(Span::styled(up, theme.quiet), at(edge, y, 1));
        }
        let last = self.area.height.saturating_sub(1);
        for tick in &self.values {
            let row = ((1.0 - self.share(tick.at)) * f64::from(last)).round() as u16;
            let y = self.area.y + row.min(last);
            let label = Span::styled(pad_left(&tick.label, self.labels), theme.quiet);
            let left = edge.saturating_sub(u16::try_from(self.labels).unwrap_or(0));
            frame.render_widget(label, at(left, y, usize::from(edge - left)));
            frame.render_widget(Span::styled(side, theme.quiet), at(edge, y, 1));
        }
        let room = usize::from(self.area.width);
        let mut axis: Vec<&str> = std::iter::repeat_n(right, room).collect();
        let mut marks = String::new();
        for tick in x.ticks((room / MARK).max(2)) {
            let column = place(tick.at).min(room.saturating_sub(1));
            let label = width(&tick.label);
            // Under its mark where there is room; the last one ends at the edge.
            let start = column.saturating_sub(label / 2).min(room.saturating_sub(label));
            let used = width(&marks);
            if label > room || (start < used + 2 && used > 0) {
                continue;
            }
            axis[column] = mark;
            marks.push_str(&" ".repeat(start - used));
            marks.push_str(&tick.label);
        }
        let y = self.area.bottom();
        frame.render_widget(Span::styled(corner, theme.quiet), at(edge, y, 1));
        frame.render_widget(Span::styled(axis.concat(), theme.quiet), at(self.area.x, y, room));
        frame.render_widget(Span::styled(marks, theme.quiet), at(self.area.x, y + 1, room));
        if self.caption {
            let caption = Line::styled(cut(&x.caption(), room), theme.quiet).right_aligned();
            frame.render_widget(caption, at(self.area.x, y + 2, room));
        }
    }
}
