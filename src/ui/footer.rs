//! The line of keys: what works here and now, the most useful first, cut to the width.

use super::text::width;
use super::theme::Theme;
use crate::app::App;
use crate::app::command::{CommandInfo, Place, commands, shown_key};
use ratatui::text::{Line, Span};

/// The line of keys, in so many columns.
pub fn footer<'a>(app: &App, columns: usize, theme: &Theme) -> Line<'a> {
    let (places, typing) = (app.places(), app.typing());
    let shown = |info: &&CommandInfo| info.shown && app.offers(info);
    let of = |place: &Place| commands().filter(move |info| info.place == *place && shown(info)).collect::<Vec<_>>();
    let (everywhere, here): (Vec<_>, Vec<_>) = places.iter().partition(|place| **place == Place::Global);
    let last: Vec<Vec<Span<'a>>> =
        everywhere.into_iter().flat_map(of).filter_map(|i| entry(i, &places, typing, theme)).collect();
    let reserved: usize = last.iter().map(|spans| length(spans)).sum();
    let mut line = vec![Span::raw(" ")];
    let mut room = columns.saturating_sub(1 + reserved);
    for spans in here.into_iter().flat_map(of).filter_map(|info| entry(info, &places, typing, theme)) {
        let Some(left) = room.checked_sub(length(&spans)) else { break };
        room = left;
        line.extend(spans);
    }
    line.extend(last.into_iter().flatten());
    Line::from(line)
}

fn entry<'a>(info: &CommandInfo, places: &[Place], typing: bool, theme: &Theme) -> Option<Vec<Span<'a>>> {
    let key = shown_key(info, places, typing)?;
    Some(vec![Span::styled(key.to_string(), theme.key), Span::styled(format!(" {}  ", info.label), theme.quiet)])
}

fn length(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}
