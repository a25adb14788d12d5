//! A line that is being typed, as it is drawn everywhere: a label, the text, and what is to be said of it.
//!
//! Owns no state: how far the text is scrolled is the line's own.

#[cfg(test)]
mod tests;

use super::editor::Highlights;
use super::text::{clean, cut, cut_middle, width};
use super::theme::Theme;
use crate::app::line::TypedLine;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use std::borrow::Cow;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// How a line is to be drawn.
#[derive(Debug)]
pub struct LineView<'a> {
    line: &'a TypedLine,
    typing: bool,
    label: &'a str,
    example: &'a str,
    said: Option<(&'a str, Style)>,
    highlights: Option<&'a Highlights>,
}

impl<'a> LineView<'a> {
    /// A line; with `typing`, the terminal's cursor stands in it.
    pub fn new(line: &'a TypedLine, typing: bool) -> Self {
        Self { line, typing, label: "", example: "", said: None, highlights: None }
    }

    /// The words before the text.
    #[must_use]
    pub fn label(mut self, label: &'a str) -> Self {
        self.label = label;
        self
    }

    /// What could stand there, shown as long as nothing does.
    #[must_use]
    pub fn example(mut self, example: &'a str) -> Self {
        self.example = example;
        self
    }

    /// A hint, a count or what is wrong, at the end of the row.
    #[must_use]
    pub fn said(mut self, said: &'a str, style: Style) -> Self {
        self.said = Some((said, style)).filter(|_| !said.is_empty());
        self
    }

    /// Parts of the text that are to look different.
    #[must_use]
    pub fn highlights(mut self, highlights: &'a Highlights) -> Self {
        self.highlights = Some(highlights);
        self
    }

    /// Draw it in the first row of an area.
    pub fn draw(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let area = Rect { height: 1.min(area.height), ..area };
        if area.is_empty() {
            return;
        }
        let label = cut(self.label, usize::from(area.width));
        frame.render_widget(Span::styled(label.as_str(), theme.quiet), area);
        let clusters = clusters(self.line.text());
        let wide = clusters.last().map_or(0, |last| last.columns.end);
        let rest = without(area, width(&label));
        let text = self.draw_said(frame, rest, wide);
        if self.line.is_empty() {
            let example = cut(self.example, usize::from(text.width));
            frame.render_widget(Span::styled(example, theme.quiet), text);
        }
        if !self.typing && wide > usize::from(text.width) {
            // What is not being typed shows both of its ends.
            return frame.render_widget(Span::raw(cut_middle(self.line.text(), usize::from(text.width))), text);
        }
        self.draw_text(frame, text, &clusters, wide, theme);
    }

    /// Draw what is said of the line. It gets the room that the text leaves, and half of it in any case. Gives the room
    /// that is left for the text.
    fn draw_said(&self, frame: &mut Frame, area: Rect, wide: usize) -> Rect {
        let Some((said, style)) = self.said else { return area };
        let columns = usize::from(area.width);
        // The cursor behind the text and a gap take a column each.
        let said = cut(said, (columns / 2).max(columns.saturating_sub(wide + 2)));
        let taken = width(&said);
        frame.render_widget(Span::styled(said, style), without(area, columns - taken));
        Rect { width: area.width - narrow(taken + 1).min(area.width), ..area }
    }

    fn draw_text(&self, frame: &mut Frame, area: Rect, clusters: &[Cluster<'_>], wide: usize, theme: &Theme) {
        let room = usize::from(area.width);
        if room == 0 {
            return;
        }
        let under_cursor = clusters.iter().find(|cluster| cluster.at == self.line.cursor());
        let cursor = under_cursor.map_or(wide..wide + 1, |cluster| cluster.columns.clone());
        let left = if self.typing { self.line.scroll(room, cursor.clone(), wide) } else { 0 };
        let sign = TypedLine::sign(room);
        let first = left + if left > 0 { sign } else { 0 };
        let last = left + room - if wide > left + room { sign } else { 0 };
        for cluster in clusters {
            if cluster.columns.start >= first && cluster.columns.end <= last {
                let style = self.style(cluster.at, theme);
                frame.render_widget(
                    Span::styled(cluster.shown.as_ref(), style),
                    without(area, cluster.columns.start - left),
                );
            }
        }
        for at in [(first > left).then_some(0), (last < left + room).then_some(room - 1)].into_iter().flatten() {
            frame.render_widget(Span::styled("…", theme.quiet), without(area, at));
        }
        if self.typing {
            let x = area.x + narrow(cursor.start.saturating_sub(left)).min(area.width - 1);
            frame.set_cursor_position(Position::new(x, area.y));
        }
    }

    fn style(&self, at: usize, theme: &Theme) -> Style {
        let highlights = self.highlights.into_iter().flatten().filter(|(range, _)| range.contains(&at));
        let selected = self.line.selection().filter(|range| range.contains(&at)).map(|_| theme.selected);
        highlights.map(|(_, style)| *style).chain(selected).fold(Style::new(), Style::patch)
    }
}

/// A character as it is shown.
struct Cluster<'a> {
    /// Its first byte.
    at: usize,
    columns: Range<usize>,
    shown: Cow<'a, str>,
}

fn clusters(text: &str) -> Vec<Cluster<'_>> {
    let mut column = 0;
    let cluster = |(at, cluster)| {
        let shown = clean(cluster);
        // A mark that stands alone takes no room, and would not be seen.
        let shown = if width(&shown) == 0 { Cow::Borrowed("·") } else { shown };
        let start = column;
        column += width(&shown);
        Cluster { at, columns: start..column, shown }
    };
    text.grapheme_indices(true).map(cluster).collect()
}

/// What is left of an area without its first columns.
fn without(area: Rect, columns: usize) -> Rect {
    let columns = narrow(columns).min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

fn narrow(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}
