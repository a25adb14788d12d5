//! Lines in cells: braille dots, two by four in a cell, or one character a cell.

use crate::app::chart::Signs;
use crate::ui::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;

/// What the lines are drawn with where there are no dots.
pub const MARKS: [&str; crate::app::chart::MOST_SERIES] = ["*", "o", "+", "x", "#", "@"];

/// The braille dots by column and row.
const DOTS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Cells to draw lines in.
pub struct Canvas {
    width: usize,
    height: usize,
    signs: Signs,
    /// The dots of each cell, and the line that was drawn there last.
    cells: Vec<(u8, u8)>,
}

impl Canvas {
    /// An empty one of so many cells.
    pub fn new(width: u16, height: u16, signs: Signs) -> Self {
        let (width, height) = (usize::from(width), usize::from(height));
        Self { width, height, signs, cells: vec![(0, 0); width * height] }
    }

    /// Draw through points, each from 0 to 1 to the right and up.
    pub fn line(&mut self, points: impl Iterator<Item = (f64, f64)>, ink: u8) {
        let mut last = None;
        for point in points {
            let here = self.dot(point);
            self.stroke(last.unwrap_or(here), here, ink);
            last = Some(here);
        }
    }

    /// Dots from the upper left corner.
    fn dot(&self, (x, y): (f64, f64)) -> (i64, i64) {
        let (columns, rows) = match self.signs {
            Signs::Dots => (self.width * 2, self.height * 4),
            Signs::Ascii => (self.width, self.height),
        };
        let at = |share: f64, dots: usize| (share.clamp(0.0, 1.0) * dots.saturating_sub(1) as f64).round() as i64;
        (at(x, columns), at(1.0 - y, rows))
    }

    /// Bresenham's line: every step goes to the neighbour that is nearest to it.
    fn stroke(&mut self, (mut x, mut y): (i64, i64), to: (i64, i64), ink: u8) {
        let (across, down) = ((to.0 - x).abs(), -(to.1 - y).abs());
        let (right, below) = ((to.0 - x).signum(), (to.1 - y).signum());
        let mut error = across + down;
        loop {
            self.set(x, y, ink);
            if (x, y) == to {
                return;
            }
            let double = 2 * error;
            if double >= down {
                error += down;
                x += right;
            }
            if double <= across {
                error += across;
                y += below;
            }
        }
    }

    fn set(&mut self, x: i64, y: i64, ink: u8) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        let (column, row, dot) = match self.signs {
            Signs::Dots => (x / 2, y / 4, DOTS[x % 2][y % 4]),
            Signs::Ascii => (x, y, 1),
        };
        if column < self.width
            && let Some(cell) = self.cells.get_mut(row * self.width + column)
        {
            *cell = (cell.0 | dot, ink);
        }
    }

    /// Put it on the screen.
    pub fn show(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let buffer = frame.buffer_mut();
        for (at, (dots, ink)) in self.cells.iter().enumerate().filter(|(_, cell)| cell.0 != 0) {
            let place = |offset: usize| u16::try_from(offset).unwrap_or(u16::MAX);
            let at = (area.x.saturating_add(place(at % self.width)), area.y.saturating_add(place(at / self.width)));
            let Some(cell) = buffer.cell_mut(at) else { continue };
            match self.signs {
                Signs::Dots => cell.set_char(char::from_u32(0x2800 + u32::from(*dots)).unwrap_or('·')),
                Signs::Ascii => cell.set_symbol(MARKS[usize::from(*ink) % MARKS.len()]),
            };
            cell.set_style(theme.nth(*ink));
        }
    }
}
