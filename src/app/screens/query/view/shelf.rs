//! A list of queries over the screen: what is typed to find one, the entries, and the whole of the one that is chosen.

use super::super::shelf::{Item, Kind, Shelf, Source};
use super::text::style;
use crate::gdbql::{format_text, tokens};
use crate::model::count::count;
use crate::ui::line::LineView;
use crate::ui::text::{clean, cut, pad, span, width};
use crate::ui::{Look, Theme, overlays, pane};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use std::borrow::Cow;
use std::time::Duration;

/// From this width on, the chosen entry stands beside the list; below, under it.
const WIDE: u16 = 110;
/// How times are told in the list, and of the entry that is chosen.
const SHORT: &str = "%m-%d %H:%M";
const WHOLE: &str = "%Y-%m-%d %H:%M:%S";
/// The columns of what stands behind a title.
const DETAIL: usize = 22;

/// Draw it.
pub fn draw(frame: &mut Frame, area: Rect, shelf: &Shelf, focused: bool, look: &Look) {
    if shelf.is_empty() {
        return entries(frame, area, shelf, focused, look);
    }
    let parts = if area.width >= WIDE {
        Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)])
    } else {
        Layout::vertical([Constraint::Percentage(50), Constraint::Percentage(50)])
    };
    let [list, preview] = parts.areas(area);
    entries(frame, list, shelf, focused, look);
    chosen(frame, preview, shelf, look);
}

fn heading(shelf: &Shelf) -> String {
    let all = shelf.all() as u64;
    match shelf.kind {
        Kind::History => format!("History   {}", count(all, "run")),
        Kind::Library if shelf.waits => "Queries   reading …".to_owned(),
        Kind::Library => format!("Queries   {all}, your own first"),
        Kind::Reference => "GDBQL   ⏎ opens the example in a tab".to_owned(),
    }
}

fn entries(frame: &mut Frame, area: Rect, shelf: &Shelf, focused: bool, look: &Look) {
    let theme = &look.theme;
    let title = Line::raw(cut(&heading(shelf), usize::from(area.width).saturating_sub(4)));
    let inner = pane::pane(frame, area, title, focused, theme);
    LineView::new(&shelf.input, focused).label(" find: ").draw(frame, inner, theme);
    let line = 1.min(inner.height);
    let rows = Rect { y: inner.y + line, height: inner.height - line, ..inner };
    if shelf.is_empty() {
        return pane::empty(frame, rows, &nothing(shelf), theme);
    }
    let window = shelf.list.show(usize::from(rows.height), shelf.len());
    for (y, at) in window.clone().enumerate() {
        let Some(item) = shelf.item(at) else { break };
        let row = Rect { y: rows.y + u16::try_from(y).unwrap_or(0), height: 1, ..rows };
        let line = entry(item, usize::from(rows.width), look);
        frame.render_widget(if at == shelf.list.selected() { line.style(theme.selected) } else { line }, row);
    }
    pane::scrollbar(frame, area, &window, shelf.len(), theme);
}

fn nothing(shelf: &Shelf) -> String {
    match shelf.kind {
        _ if shelf.all() > 0 => "Nothing here has these words. Backspace takes some away, Esc leaves.".to_owned(),
        Kind::History => "Nothing was run yet. F5 runs the query in the editor.".to_owned(),
        Kind::Library | Kind::Reference => String::new(),
    }
}

fn entry<'a>(item: &Item, columns: usize, look: &Look) -> Line<'a> {
    let theme = &look.theme;
    let (detail, style) = match &item.source {
        Source::Ran(ran) if ran.error.is_some() => (format!("{}  ✕", when(&ran.when, SHORT, look)), theme.bad),
        Source::Ran(ran) => (format!("{}  {}", when(&ran.when, SHORT, look), count(ran.rows, "row")), theme.quiet),
        Source::Own => ("yours".to_owned(), theme.accent),
        Source::Starter => ("gdbx".to_owned(), theme.quiet),
        Source::Topic(group, _) => (group.name().to_owned(), theme.quiet),
    };
    let room = columns.saturating_sub(width(&detail).max(if columns > 60 { DETAIL } else { 0 }) + 3);
    let title = cut(&clean(&item.title), room);
    let detail = cut(&detail, columns.saturating_sub(room + 3));
    let gap = columns.saturating_sub(room + 2 + width(&detail));
    Line::from(vec![
        Span::raw(format!(" {}", pad(&title, room))),
        Span::raw(" ".repeat(gap)),
        Span::styled(format!("{detail} "), style),
    ])
}

/// A time in the zone that is shown.
fn when(text: &str, format: &str, look: &Look) -> String {
    let time = text.parse::<jiff::Timestamp>().map(|time| time.to_zoned(look.zone.clone()));
    time.map(|time| time.strftime(format).to_string()).unwrap_or_default()
}

fn chosen(frame: &mut Frame, area: Rect, shelf: &Shelf, look: &Look) {
    let theme = &look.theme;
    let Some(item) = shelf.chosen() else { return };
    let room = usize::from(area.width).saturating_sub(4);
    let inner = pane::pane(frame, area, Line::raw(cut(&clean(&item.title), room)), false, theme);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for said in facts(item, look) {
        lines.extend(
            overlays::wrap(&clean(&said.0), room).into_iter().map(|part| Line::styled(format!(" {part}"), said.1)),
        );
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines.extend(coloured(&readable(&item.text, room), theme));
    for (y, line) in lines.into_iter().take(usize::from(inner.height)).enumerate() {
        frame.render_widget(line, Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner });
    }
}

fn facts(item: &Item, look: &Look) -> Vec<(String, ratatui::style::Style)> {
    let theme = &look.theme;
    match &item.source {
        Source::Ran(ran) => {
            let took = span(Duration::from_millis(ran.took_ms));
            let mut facts = vec![
                (format!("{}   {}", ran.connection, ran.url), theme.quiet),
                (format!("{}   {took}   {}", when(&ran.when, WHOLE, look), count(ran.rows, "row")), theme.quiet),
            ];
            facts.extend(ran.parameters.iter().map(|(name, value)| (format!(":{name} = {value}"), theme.constant)));
            facts.extend(ran.error.iter().map(|error| (error.clone(), theme.bad)));
            facts
        }
        Source::Topic(_, text) => vec![((*text).to_owned(), theme.title)],
        // What they say of themselves is their first line.
        Source::Starter | Source::Own => Vec::new(),
    }
}

/// A query as it was written, or laid out anew when a line of it has no room.
fn readable(text: &str, room: usize) -> Cow<'_, str> {
    match text.lines().any(|line| width(line) > room) {
        true => format_text(text).map_or(Cow::Borrowed(text), Cow::Owned),
        false => Cow::Borrowed(text),
    }
}

/// The lines of a query in its colours.
fn coloured<'a>(text: &str, theme: &Theme) -> Vec<Line<'a>> {
    let mut lines = vec![vec![Span::raw(" ")]];
    for token in tokens(text) {
        let style = style(token.kind, theme).unwrap_or_default();
        for (nth, part) in text.get(token.span).unwrap_or_default().split('\n').enumerate() {
            if nth > 0 {
                lines.push(vec![Span::raw(" ")]);
            }
            if let Some(line) = lines.last_mut() {
                line.push(Span::styled(clean(part).into_owned(), style));
            }
        }
    }
    lines.into_iter().map(Line::from).collect()
}
