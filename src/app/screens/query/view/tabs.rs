//! The names of the tabs on the upper edge of the editor: as many around the current one as there is room for.

use super::super::tab::Tab;
use super::super::tabs::Tabs;
use crate::ui::Theme;
use crate::ui::text::{cut, width};
use ratatui::text::{Line, Span};
use std::ops::Range;

/// The widest that a name gets.
const NAME: usize = 28;
/// What stands between two names.
const BETWEEN: &str = " │ ";
/// So many columns say how many tabs are not shown, on either side.
const MORE: usize = 4;

/// The line, in so many columns.
pub fn line<'a>(tabs: &Tabs, columns: usize, theme: &Theme) -> Line<'a> {
    let labels: Vec<Vec<Span<'a>>> =
        tabs.iter().enumerate().map(|(at, tab)| label(tab, at == tabs.at(), theme)).collect();
    let widths: Vec<usize> = labels.iter().map(|spans| spans.iter().map(|span| width(&span.content)).sum()).collect();
    let shown = window(&widths, tabs.at(), columns);
    let (left, right) = (shown.start, labels.len() - shown.end);
    let mut spans = Vec::new();
    if left > 0 {
        spans.push(Span::styled(format!("‹{left} "), theme.quiet));
    }
    for (nth, label) in labels.into_iter().skip(shown.start).take(shown.len()).enumerate() {
        if nth > 0 {
            spans.push(Span::styled(BETWEEN, theme.quiet));
        }
        spans.extend(label);
    }
    if right > 0 {
        spans.push(Span::styled(format!(" {right}›"), theme.quiet));
    }
    Line::from(spans)
}

fn label<'a>(tab: &Tab, current: bool, theme: &Theme) -> Vec<Span<'a>> {
    let name = cut(&tab.name, NAME);
    let mut spans = vec![if current { Span::raw(name) } else { Span::styled(name, theme.quiet) }];
    if tab.is_changed() {
        spans.push(Span::styled("*", theme.warn));
    }
    if tab.is_running() {
        spans.push(Span::styled(" ●", theme.warn));
    }
    spans
}

/// Which tabs are shown: the current one, and its neighbours on both sides in turn while there is room.
fn window(widths: &[usize], at: usize, columns: usize) -> Range<usize> {
    let wide = |range: &Range<usize>| {
        let names: usize = widths.get(range.clone()).unwrap_or_default().iter().sum();
        let hidden = usize::from(range.start > 0) + usize::from(range.end < widths.len());
        names + width(BETWEEN) * range.len().saturating_sub(1) + MORE * hidden
    };
    if wide(&(0..widths.len())) <= columns {
        return 0..widths.len();
    }
    let mut shown = at..(at + 1).min(widths.len());
    loop {
        let right = shown.start..(shown.end + 1).min(widths.len());
        let left = shown.start.saturating_sub(1)..shown.end;
        let more_on_the_left = at - shown.start > shown.end - at;
        let turns = if more_on_the_left { [right, left] } else { [left, right] };
        match turns.into_iter().find(|range| *range != shown && wide(range) <= columns) {
            Some(wider) => shown = wider,
            None => return shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_current_one_is_shown_and_no_neighbour_is_left_out_without_need(
            widths in prop::collection::vec(1usize..30, 1..30),
            at in any::<prop::sample::Index>(),
            columns in 0usize..200,
        ) {
            let at = at.index(widths.len());
            let shown = window(&widths, at, columns);
            prop_assert!(shown.contains(&at));
            let all = widths.iter().sum::<usize>() + 3 * (widths.len() - 1);
            prop_assert_eq!(shown.len() == widths.len(), all <= columns || widths.len() == 1);
            let room = |range: Range<usize>| {
                let hidden = usize::from(range.start > 0) + usize::from(range.end < widths.len());
                widths[range.clone()].iter().sum::<usize>() + 3 * (range.len() - 1) + MORE * hidden
            };
            if shown.start > 0 {
                prop_assert!(room(shown.start - 1..shown.end) > columns, "{shown:?} has room on the left");
            }
            if shown.end < widths.len() {
                prop_assert!(room(shown.start..shown.end + 1) > columns, "{shown:?} has room on the right");
            }
        }
    }
}
