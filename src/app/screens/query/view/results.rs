//! The rows of a result: a table of those that fit on the screen, or a sentence on why there are none.

use super::super::order::Direction;
use super::super::run::{End, Local, Run, State};
use super::super::table::{GAP, Shown, Table};
use super::cell;
use crate::app::App;
use crate::app::command::{Command, Place, commands, shown_key};
use crate::app::health::sentence;
use crate::ui::text::{bytes, clean, count, cut, grouped, pad, pad_left, span, width};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

/// The mark of the row under the cursor stands in so many columns.
const GUTTER: u16 = 2;

/// Draw the pane.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, focused: bool, look: &Look) {
    let theme = &look.theme;
    let table = &app.query.tab().table;
    let title = title(app, usize::from(area.width).saturating_sub(4), theme);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    if table.rows().is_empty() || table.columns().is_empty() {
        return sentences(frame, inner, app, theme);
    }
    if let Some(failure) = app.query.tab().run.as_ref().and_then(Run::failure)
        && inner.height > 2
    {
        inner.height -= 1;
        let at = Rect { y: inner.bottom(), height: 1, ..inner };
        let said = cut(&format!(" {}", sentence(failure)), usize::from(inner.width));
        frame.render_widget(Line::styled(said, theme.bad), at);
    }
    let shown = table.show(usize::from(inner.width.saturating_sub(GUTTER + 1)));
    if inner.height > 1 {
        frame.render_widget(head(table, &shown, focused, theme), Rect { height: 1, ..inner });
        inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    }
    let window = table.list.show(usize::from(inner.height), table.rows().len());
    for (y, position) in window.clone().enumerate() {
        let at = Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner };
        frame.render_widget(row(table, position, &shown, focused, look), at);
    }
    pane::scrollbar(frame, area, &window, table.rows().len(), theme);
    pane::corner(frame, area, &position(table), theme.quiet);
}

fn position(table: &Table) -> String {
    let (row, rows) = (table.list.selected() + 1, table.rows().len());
    let (column, columns) = (table.column() + 1, table.columns().len());
    format!("row {} of {} · column {column} of {columns}", grouped(row as u64), grouped(rows as u64))
}

/// What came, how long it took, and in which order it stands: as much of it as there is room for.
fn title<'a>(app: &App, columns: usize, theme: &Theme) -> Line<'a> {
    let tab = app.query.tab();
    let mut spans = vec![Span::raw("Results")];
    let Some(run) = &tab.run else { return Line::from(spans) };
    let mut room = columns.saturating_sub(7);
    for (part, style) in parts(run, &tab.table, app, theme) {
        let Some(left) = room.checked_sub(width(&part) + 3) else { break };
        room = left;
        spans.push(Span::styled(format!("   {part}"), style));
    }
    Line::from(spans)
}

fn parts(run: &Run, table: &Table, app: &App, theme: &Theme) -> Vec<(String, Style)> {
    let number = table.rows().len() as u64;
    let rows = count(number, "row");
    let took = span(run.took(app.world.now));
    let mut parts = match &run.state {
        State::Running => {
            vec![(format!("running {took}"), theme.warn), (rows, theme.warn), ("Esc cancels".into(), theme.quiet)]
        }
        State::Ended(_, End::Done) => vec![(rows, theme.title), (took, theme.quiet)],
        State::Ended(_, End::Cancelled) => vec![(rows, theme.title), (format!("cancelled after {took}"), theme.warn)],
        State::Ended(_, End::Full) => {
            vec![(format!("first {rows}, more are not kept"), theme.warn), (took, theme.quiet)]
        }
        State::Ended(_, End::Failed(_)) if number > 0 => {
            vec![(rows, theme.title), (format!("then it failed after {took}"), theme.bad)]
        }
        State::Ended(_, End::Failed(_)) => vec![(format!("failed after {took}"), theme.bad)],
    };
    parts.extend(run.local.iter().filter_map(read).map(|said| (said, theme.quiet)));
    if number == 0 {
        return parts;
    }
    parts.push((sorted(table), theme.quiet));
    parts.push((bytes(table.rows().bytes() as u64), theme.quiet));
    if table.columns().has_more() {
        parts.push((format!("first {} columns, Space shows whole rows", table.columns().len()), theme.warn));
    }
    parts
}

/// How much of the loaded events a run has looked at, and why not at more.
fn read(local: &Local) -> Option<String> {
    let (read, of) = (local.read?, count(local.of, "event"));
    let so_far = if local.partial { " loaded so far" } else { "" };
    let much = if read == local.of { "all".to_owned() } else { format!("{} of", grouped(read)) };
    let by: Vec<&str> = local.cut.iter().map(|by| by.name()).collect();
    let found = if by.is_empty() { String::new() } else { format!(", found by {}", by.join(", ")) };
    Some(format!("read {much} {of}{so_far}{found}"))
}

fn sorted(table: &Table) -> String {
    match table.order().by() {
        None => "as received".into(),
        Some(by) => {
            let name = table.columns().get(by.column).map(|column| cut(column.name(), 24)).unwrap_or_default();
            let word = if table.order().is_working() { "sorting" } else { "sorted" };
            format!("{word} by {name} {}", arrow(by.direction))
        }
    }
}

fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "↑",
        Direction::Down => "↓",
    }
}

fn head<'a>(table: &Table, shown: &[Shown], focused: bool, theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::raw(" ".repeat(usize::from(GUTTER)))];
    for (nth, place) in shown.iter().enumerate() {
        let Some(column) = table.columns().get(place.index) else { continue };
        let sorted = table.order().by().filter(|by| by.column == place.index);
        let name = match sorted {
            Some(by) if place.width > 2 => format!("{} {}", cut(column.name(), place.width - 2), arrow(by.direction)),
            _ => cut(column.name(), place.width),
        };
        let name = if column.is_number() { pad_left(&name, place.width) } else { pad(&name, place.width) };
        let style =
            if focused && place.index == table.column() { theme.accent.patch(theme.title) } else { theme.quiet };
        if nth > 0 {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans.push(Span::styled(name, style));
    }
    Line::from(spans)
}

fn row<'a>(table: &Table, position: usize, shown: &[Shown], focused: bool, look: &Look) -> Line<'a> {
    let theme = &look.theme;
    let here = position == table.list.selected();
    let mark = if focused { theme.accent } else { theme.quiet };
    let mut spans = vec![if here { Span::styled("▌ ", mark) } else { Span::raw("  ") }];
    let Some(row) = table.row(position) else { return Line::from(spans) };
    for (nth, place) in shown.iter().enumerate() {
        if nth > 0 {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        let Some(column) = table.columns().get(place.index) else { continue };
        let mut parts = cell::cell(table.columns().cell(row, place.index), column, place.width, look);
        if here && place.index == table.column() {
            for part in &mut parts {
                part.style = part.style.patch(theme.cursor(focused));
            }
        }
        spans.extend(parts);
    }
    Line::from(spans)
}

/// Why there are no rows, and what to do.
fn sentences(frame: &mut Frame, area: Rect, app: &App, theme: &Theme) {
    let tab = app.query.tab();
    let key = |command: Command| {
        let info =
            commands().find(|info| info.command == command && matches!(info.place, Place::Editor | Place::Global));
        info.and_then(|info| shown_key(info, &[], true)).map(|key| key.to_string()).unwrap_or_default()
    };
    let run = key(Command::Run);
    let said = match tab.run.as_ref().map(|run| &run.state) {
        None => format!("{run} runs the query above and shows its rows here.  {} shows all keys.", key(Command::Help)),
        Some(State::Running) => "Waiting for the first row …".into(),
        Some(State::Ended(_, End::Cancelled)) => {
            format!("Cancelled before the first row came.  {run} runs the query again.")
        }
        Some(State::Ended(_, End::Full)) => {
            "The first row is larger than what is kept. A MAP makes rows smaller.".into()
        }
        Some(State::Ended(_, End::Done)) => "No rows. The query was run, and nothing passes its WHERE. \
             Explore shows which subjects, types and fields there are."
            .to_owned(),
        Some(State::Ended(_, End::Failed(failure))) => {
            let marked = tab.run.as_ref().and_then(|run| run.place(tab.script.version())).is_some();
            let next = if marked { "The place is marked in the query." } else { "" };
            let text = vec![
                Line::styled(clean(&sentence(failure)).into_owned(), theme.bad),
                Line::styled(format!("{next}  {run} runs it again.").trim().to_owned(), theme.quiet),
            ];
            let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
            return frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        }
    };
    pane::empty(frame, area, &said, theme);
}
