//! The rows of a result: a table of those that fit on the screen, or a sentence on why there are none.

use super::super::changes::Change;
use super::super::face::Face;
use super::super::filtering::FilterLine;
use super::super::order::{Direction, SortBy};
use super::super::run::{End, Local, Run, State};
use super::super::tab::Tab;
use super::super::table::{GAP, Shown, Table, Times};
use super::{cell, chart, columns, plan};
use crate::app::App;
use crate::app::command::{Command, Place, commands, shown_key};
use crate::app::health::sentence;
use crate::model::count::{count, grouped};
use crate::ui::line::LineView;
use crate::ui::overlays::wrap;
use crate::ui::text::{bytes, clean, cut, pad, pad_left, relative, span, width};
use crate::ui::{Look, Theme, pane};
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// The mark of the row under the cursor stands in so many columns.
const GUTTER: u16 = 2;

/// Rows that are older than this, in seconds, tell their age.
const AGED: u64 = 30;

/// Draw the pane.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, focused: bool, look: &Look) {
    let theme = &look.theme;
    let tab = app.query.tab();
    let table = &tab.table;
    let title = title(app, usize::from(area.width).saturating_sub(4), theme);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    if let Some((said, style)) = remark(tab, theme).filter(|_| inner.height > 2) {
        let said = cut(&format!(" {said}"), usize::from(inner.width));
        frame.render_widget(Line::styled(said, style), Rect { height: 1, ..inner });
        inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    }
    match tab.face {
        Face::Chart => return chart::draw(frame, inner, tab, look),
        Face::Plan => return plan::draw(frame, inner, tab, &app.world, look),
        Face::Table => {}
    }
    if table.rows().is_empty() || table.columns().is_empty() {
        return sentences(frame, inner, app, theme);
    }
    if let Some(failure) = tab.run.as_ref().and_then(Run::failure)
        && tab.watch.is_none()
        && inner.height > 2
    {
        inner.height -= 1;
        let at = Rect { y: inner.bottom(), height: 1, ..inner };
        let said = cut(&format!(" {}", sentence(failure)), usize::from(inner.width));
        frame.render_widget(Line::styled(said, theme.bad), at);
    }
    if let Some(line) = tab.filter.as_ref().filter(|_| inner.height > 2) {
        filter(frame, Rect { height: 1, ..inner }, line, focused, theme);
        inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    }
    let shown = table.show(usize::from(inner.width.saturating_sub(GUTTER + 1)));
    if inner.height > 1 {
        frame.render_widget(head(table, &shown, focused, theme), Rect { height: 1, ..inner });
        inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    }
    let window = table.list.show(usize::from(inner.height), table.len());
    if window.is_empty() {
        let said =
            if table.is_working() { "Looking through the rows …" } else { "No row matches. Esc shows all rows." };
        pane::empty(frame, inner, said, theme);
    }
    for (y, position) in window.clone().enumerate() {
        let at = Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner };
        frame.render_widget(row(tab, position, &shown, focused, look), at);
    }
    pane::scrollbar(frame, area, &window, table.len(), theme);
    pane::corner(frame, area, &position(table), theme.quiet);
    if let Some(list) = &tab.column_list {
        columns::draw(frame, area, table, list, focused, theme);
    }
}

/// The line in which the rows are filtered, and why nothing is looked for.
fn filter(frame: &mut Frame, area: Rect, line: &FilterLine, focused: bool, theme: &Theme) {
    let said = line.problem.as_deref().unwrap_or(match line.typing && line.field.is_empty() {
        true => "a text or /regex/ in any value",
        false => "",
    });
    let style = if line.problem.is_some() { theme.bad } else { theme.quiet };
    let area = Rect { width: area.width.saturating_sub(1), ..area };
    LineView::new(&line.field, focused && line.typing).label(" / ").said(said, style).draw(frame, area, theme);
}

/// What is said above the rows: whether the query would hold as a precondition, or why a watched one failed.
fn remark(tab: &Tab, theme: &Theme) -> Option<(String, Style)> {
    let run = tab.run.as_ref()?;
    if let Some(failure) = tab.watch.as_ref().and_then(|watch| watch.failure()) {
        return Some((clean(failure).into_owned(), theme.bad));
    }
    let verdict = run.verdict?;
    let complete = matches!(run.state, State::Ended(_, End::Done));
    let why = verdict.reason(complete);
    Some(match (verdict.holds(complete), &run.state) {
        (Some(true), _) => (format!("Holds as a precondition: {why}."), theme.good),
        (Some(false), _) => (format!("Does not hold as a precondition: {why}."), theme.bad),
        (None, State::Running) => ("Tried as a precondition …".to_owned(), theme.quiet),
        (None, State::Ended(..)) => ("Whether it holds as a precondition is not known.".to_owned(), theme.warn),
    })
}

fn position(table: &Table) -> String {
    let (row, rows) = ((table.list.selected() + 1).min(table.len()), table.len());
    let (column, columns) = (table.place() + 1, table.layout().shown().len());
    let mut said = format!("row {} of {} · column {column} of {columns}", grouped(row as u64), grouped(rows as u64));
    if table.layout().hidden() > 0 {
        said.push_str(&format!(", {} hidden", table.layout().hidden()));
    }
    if !table.marks().is_empty() {
        said.push_str(&format!(" · {} marked", grouped(table.marks().len() as u64)));
    }
    said
}

/// What came, how long it took, and in which order it stands: as much of it as there is room for.
fn title<'a>(app: &App, columns: usize, theme: &Theme) -> Line<'a> {
    let tab = app.query.tab();
    let name = match tab.face {
        Face::Table => "Results".to_owned(),
        Face::Chart => chart::title(tab),
        Face::Plan => "Plan".to_owned(),
    };
    let mut room = columns.saturating_sub(width(&name));
    let mut spans = vec![Span::raw(name)];
    let Some(run) = &tab.run else { return Line::from(spans) };
    for (part, style) in parts(run, tab, app, theme) {
        let Some(left) = room.checked_sub(width(&part) + 3) else { break };
        room = left;
        spans.push(Span::styled(format!("   {part}"), style));
    }
    Line::from(spans)
}

fn parts(run: &Run, tab: &Tab, app: &App, theme: &Theme) -> Vec<(String, Style)> {
    let table = &tab.table;
    let number = table.rows().len() as u64;
    let rows = match table.filter() {
        Some(_) => format!("{} of {}", grouped(table.len() as u64), count(number, "row")),
        None => count(number, "row"),
    };
    let took = span(run.took(app.world.now));
    let mut parts = match &run.state {
        _ if let Some(watch) = &tab.watch => {
            let style = if watch.failure().is_some() { theme.bad } else { theme.good };
            let rows = if run.state.is_full() { format!("first {rows}") } else { rows };
            vec![(watch.said(app.world.now), style), (rows, theme.title)]
        }
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
    if tab.face == Face::Plan {
        return parts;
    }
    parts.extend(age(run, app).map(|said| (said, theme.quiet)));
    parts.extend(run.local.iter().filter_map(read).map(|said| (said, theme.quiet)));
    if number == 0 {
        return parts;
    }
    if let Some(filter) = table.filter() {
        let (passed, rows) = (filter.passed(), table.rows().len());
        if passed < rows {
            parts.push((format!("{} % looked at", passed * 100 / rows.max(1)), theme.warn));
        }
    }
    parts.push((sorted(table), theme.quiet));
    parts.extend(table.times.said().map(|said| (said.to_owned(), theme.quiet)));
    parts.push((bytes(table.rows().bytes() as u64), theme.quiet));
    if table.columns().has_more() {
        parts.push((format!("first {} columns, Space shows whole rows", table.columns().len()), theme.warn));
    }
    parts
}

/// How old the rows are, once that is worth a word.
fn age(run: &Run, app: &App) -> Option<String> {
    let State::Ended(took, _) = run.state else { return None };
    let age = app.world.now.since_start.saturating_sub(run.started + took);
    let nanos = i64::try_from(age.as_nanos()).unwrap_or(i64::MAX);
    (age.as_secs() >= AGED).then(|| relative(0, nanos))
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
    let name = |by: &SortBy| table.columns().get(by.column).map(|column| cut(column.name(), 24)).unwrap_or_default();
    let by: Vec<String> = table.order().by().iter().map(|by| format!("{} {}", name(by), arrow(by.direction))).collect();
    let word = if table.order().is_working() { "sorting" } else { "sorted" };
    if by.is_empty() { "as received".into() } else { format!("{word} by {}", by.join(", ")) }
}

fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "↑",
        Direction::Down => "↓",
    }
}

/// What tells at the head of a column that rows are sorted by it: ` ↑`, or with its place among several ` ↑2`.
fn sort_mark(table: &Table, number: usize) -> String {
    let by = table.order().by();
    match by.iter().position(|by| by.column == number) {
        None => String::new(),
        Some(place) if by.len() > 1 => format!(" {}{}", arrow(by[place].direction), place + 1),
        Some(place) => format!(" {}", arrow(by[place].direction)),
    }
}

fn gap<'a>(spans: &mut Vec<Span<'a>>, before: Option<&Shown>, theme: &Theme) {
    match before {
        Some(before) if before.edge => spans.push(Span::styled(format!("{:<GAP$}", "│"), theme.quiet)),
        Some(_) => spans.push(Span::raw(" ".repeat(GAP))),
        None => {}
    }
}

fn head<'a>(table: &Table, shown: &[Shown], focused: bool, theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::raw(" ".repeat(usize::from(GUTTER)))];
    for (nth, place) in shown.iter().enumerate() {
        let Some(column) = table.columns().get(place.number) else { continue };
        let mark = sort_mark(table, place.number);
        let name = match place.width.checked_sub(width(&mark)) {
            Some(room) if room > 0 => format!("{}{mark}", head_name(column.name(), room)),
            _ => cut(column.name(), place.width),
        };
        let name = if column.is_number() { pad_left(&name, place.width) } else { pad(&name, place.width) };
        let style =
            if focused && place.number == table.column() { theme.accent.patch(theme.title) } else { theme.quiet };
        gap(&mut spans, nth.checked_sub(1).and_then(|before| shown.get(before)), theme);
        spans.push(Span::styled(name, style));
    }
    Line::from(spans)
}

/// A column's name; of a nested one that does not fit, the end tells more.
fn head_name(name: &str, room: usize) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    match width(name) > room && last.len() < name.len() && width(last) < room {
        true => format!("…{}", cut(last, room - 1)),
        false => cut(name, room),
    }
}

fn row<'a>(tab: &Tab, position: usize, shown: &[Shown], focused: bool, look: &Look) -> Line<'a> {
    let theme = &look.theme;
    let table = &tab.table;
    let here = position == table.list.selected();
    let mark = if focused { theme.accent } else { theme.quiet };
    let changes = tab.changes.as_ref();
    let number = table.number(position);
    let change = |column| changes.map_or(Change::None, |changes| changes.of(table, number, column));
    let cursor = if here { Span::styled("▌", mark) } else { Span::raw(" ") };
    let note = match table.marks().contains(number) {
        true => Span::styled("●", theme.accent),
        false if change(0) == Change::Row => Span::styled("+", theme.good),
        false => Span::raw(" "),
    };
    let mut spans = vec![cursor, note];
    let Some(row) = table.row(position) else { return Line::from(spans) };
    let zone = if table.times == Times::Utc { &TimeZone::UTC } else { &look.zone };
    for (nth, place) in shown.iter().enumerate() {
        gap(&mut spans, nth.checked_sub(1).and_then(|before| shown.get(before)), theme);
        let Some(column) = table.columns().get(place.number) else { continue };
        let clock = table.by_clock(column).then_some(zone);
        let mut parts = cell::cell(column.cell(row), column, clock, place.width, look);
        let changed = match change(place.number) {
            Change::Row => theme.good,
            Change::Cell => theme.found,
            Change::None => Style::new(),
        };
        let cursor = if here && place.number == table.column() { theme.cursor(focused) } else { Style::new() };
        for part in &mut parts {
            part.style = part.style.patch(changed).patch(cursor);
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
        info.and_then(|info| shown_key(info, &[Place::Editor, Place::Global], true))
            .map(|key| key.to_string())
            .unwrap_or_default()
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
            let next = if marked { "The place is marked in the query.  " } else { "" };
            let text = clean(&sentence(failure)).into_owned();
            return failed(frame, area, &text, &format!("{next}{run} runs it again."), theme);
        }
    };
    pane::empty(frame, area, &said, theme);
}

/// Why a run has failed, as much as there is room for, and always what to do then.
fn failed(frame: &mut Frame, area: Rect, text: &str, next: &str, theme: &Theme) {
    const REST: &str = "… the rest stands among the messages.";
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let (columns, rows) = (usize::from(area.width), usize::from(area.height));
    let next = wrap(next, columns);
    let mut said = wrap(text, columns);
    let room = rows.saturating_sub(next.len()).max(1);
    if said.len() > room {
        said.truncate(room.saturating_sub(1).max(1));
        said.push(REST.to_owned());
    }
    let mut lines: Vec<Line<'_>> = said.into_iter().map(|line| Line::styled(line, theme.bad)).collect();
    lines.extend(next.into_iter().map(|line| Line::styled(line, theme.quiet)));
    frame.render_widget(Paragraph::new(lines), area);
}
