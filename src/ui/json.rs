//! A JSON value: as a tree of rows, or as its bytes.

use super::editor::field;
use super::text::{clean, cut, grouped, skip, width};
use super::theme::Theme;
use crate::app::json_view::{Find, JsonRow, JsonView};
use crate::model::json::{Json, Kind};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Draw a value. Gives which rows are shown, of how many.
pub fn json(
    frame: &mut Frame,
    area: Rect,
    view: &JsonView,
    focused: bool,
    theme: &Theme,
) -> (std::ops::Range<usize>, usize) {
    annotated(frame, area, view, &|_| None, focused, theme)
}

/// Draw a value with words behind some of its rows, asked for by the row's place.
pub fn annotated(
    frame: &mut Frame,
    area: Rect,
    view: &JsonView,
    note: &dyn Fn(usize) -> Option<String>,
    focused: bool,
    theme: &Theme,
) -> (std::ops::Range<usize>, usize) {
    let area = match &view.find {
        Some(find) => find_line(frame, area, find, focused, theme),
        None => area,
    };
    if view.raw {
        return raw(frame, area, view, theme);
    }
    let len = view.rows().len();
    let window = view.list.show(usize::from(area.height), len);
    let columns = usize::from(area.width);
    for (y, index) in window.clone().enumerate() {
        let Some(row) = view.rows().get(index) else { break };
        let selected = index == view.list.selected();
        let mut line = row_line(view, row, columns, theme);
        if let Some(note) = note(index) {
            let room = columns.saturating_sub(line.width());
            line.push_span(Span::styled(cut(&format!("   {note}"), room), theme.warn));
        }
        let at = Rect { y: area.y + u16::try_from(y).unwrap_or(0), height: 1, ..area };
        frame.render_widget(if selected && focused { line.style(theme.selected) } else { line }, at);
    }
    (window, len)
}

/// The search over the value: what is looked for, and how far it is. Gives the room below.
fn find_line(frame: &mut Frame, area: Rect, find: &Find, focused: bool, theme: &Theme) -> Rect {
    let line = Rect { height: 1.min(area.height), ..area };
    let so_far = if find.is_done() { "" } else { " so far" };
    let said = match (find.current(), find.len()) {
        _ if find.field.is_empty() => String::new(),
        (_, 0) if find.is_done() => "not found".into(),
        (_, 0) => "looking …".into(),
        (current, all) => {
            let at = current.map_or(0, |(index, _)| index + 1);
            format!("{} of {}{so_far}", grouped(at as u64), grouped(all as u64))
        }
    };
    let room = u16::try_from(width(&said)).unwrap_or(u16::MAX).min(line.width);
    field(frame, Rect { width: line.width - room, ..line }, "find: ", &find.field, find.typing && focused, theme);
    frame.render_widget(Span::styled(said, theme.quiet), Rect { x: line.right() - room, width: room, ..line });
    Rect { y: area.y + line.height, height: area.height - line.height, ..area }
}

/// A text in its style, with what is looked for marked in it.
fn marked<'a>(text: &str, style: Style, view: &JsonView, theme: &Theme) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    let mut at = 0;
    if let Some(needle) = view.find.as_ref().map(|find| find.needle()).filter(|needle| !needle.is_empty()) {
        while let Some(hit) = text.get(at..).and_then(|rest| needle.find(rest)) {
            spans.push(Span::styled(text[at..at + hit.start].to_owned(), style));
            spans.push(Span::styled(text[at + hit.start..at + hit.end].to_owned(), style.patch(theme.found)));
            at += hit.end.max(1);
        }
    }
    spans.push(Span::styled(text.get(at..).unwrap_or_default().to_owned(), style));
    spans
}

fn row_line<'a>(view: &JsonView, row: &JsonRow, columns: usize, theme: &Theme) -> Line<'a> {
    let indent = "  ".repeat(row.depth.min(columns / 4));
    let mark = match row.members {
        Some((0, _)) | None => "  ",
        Some((_, true)) => "▾ ",
        Some((_, false)) => "▸ ",
    };
    let key = cut(&row.key, columns / 2);
    let used = width(&indent) + 2 + width(&key) + 2;
    let room = columns.saturating_sub(used).max(1);
    let (value, style) = value_text(view, row, room, theme);
    let key_style = if row.item { theme.quiet } else { theme.member };
    let mut spans = vec![Span::raw(indent), Span::styled(mark, theme.quiet)];
    if row.item {
        spans.push(Span::styled(key, key_style));
    } else {
        spans.extend(marked(&key, key_style, view, theme));
    }
    spans.push(Span::raw("  "));
    if row.members.is_some() {
        spans.push(Span::styled(value, style));
    } else {
        spans.extend(marked(&value, style, view, theme));
    }
    Line::from(spans)
}

/// A scalar's text as far as it fits: its start, or where the search is in it when that is further on.
fn shown_part(view: &JsonView, row: &JsonRow, room: usize) -> String {
    let text = view.value(row);
    let hit = view.find.as_ref().and_then(|find| find.current()).map(|(_, hit)| hit);
    let inside = hit.filter(|hit| row.at.contains(&hit.start)).map(|hit| hit.start - row.at.start);
    match inside.filter(|at| *at + 8 > room) {
        Some(at) => format!("…{}", cut(&text[text.floor_char_boundary(at.saturating_sub(room / 3))..], room - 1)),
        None => cut(text, room),
    }
}

fn value_text(view: &JsonView, row: &JsonRow, room: usize, theme: &Theme) -> (String, Style) {
    match (row.kind, row.members) {
        (Kind::Object, Some((count, open))) => {
            (if open && count > 0 { String::new() } else { format!("{{ {count} }}") }, theme.quiet)
        }
        (Kind::Array, Some((count, open))) => {
            (if open && count > 0 { format!("{count}") } else { format!("[ {count} ]") }, theme.quiet)
        }
        _ => (shown_part(view, row, room), scalar(row.kind, theme)),
    }
}

/// The style of a scalar.
pub fn scalar(kind: Kind, theme: &Theme) -> Style {
    match kind {
        Kind::String => theme.string,
        Kind::Number => theme.number,
        Kind::Bool | Kind::Null => theme.constant,
        Kind::Array | Kind::Object => theme.quiet,
    }
}

/// A JSON text on one line, coloured, of which only what fits is looked at. `skipped` columns are left out on the left.
pub fn inline<'a>(text: &str, columns: usize, skipped: usize, theme: &Theme) -> Vec<Span<'a>> {
    let json = Json::trusted(text);
    if !matches!(json.kind(), Kind::Object) || skipped > 0 {
        let cleaned = clean(&text[..text.floor_char_boundary(8192)]).into_owned();
        return vec![Span::styled(cut(skip(&cleaned, skipped), columns), scalar(json.kind(), theme))];
    }
    let mut spans = Vec::new();
    let mut room = columns;
    for (key, value) in json.members() {
        if room < 4 {
            break;
        }
        let name = cut(&key.name(), room);
        room = room.saturating_sub(width(&name) + 1);
        let shown = match value.kind() {
            Kind::Object => format!("{{ {} }}", value.len()),
            Kind::Array => format!("[ {} ]", value.len()),
            Kind::String => value.as_str().map(|text| cut(&text, room)).unwrap_or_default(),
            _ => cut(value.text(), room),
        };
        room = room.saturating_sub(width(&shown) + 2);
        spans.push(Span::styled(name, theme.quiet));
        spans.push(Span::raw(" "));
        spans.push(Span::styled(shown, scalar(value.kind(), theme)));
        spans.push(Span::raw("  "));
    }
    spans
}

/// The text as it was received, wrapped hard at the right edge.
fn raw(frame: &mut Frame, area: Rect, view: &JsonView, theme: &Theme) -> (std::ops::Range<usize>, usize) {
    let mut at = area;
    if let Some(problem) = view.problem() {
        frame.render_widget(Line::styled(cut(problem, usize::from(area.width)), theme.bad), Rect { height: 1, ..at });
        at.y += 1.min(at.height);
        at.height = at.height.saturating_sub(1);
    }
    let columns = usize::from(at.width).max(1);
    view.raw_columns_are(columns);
    let len = view.raw_rows();
    let window = view.list.show(usize::from(at.height), len);
    // Lines are cut by bytes, so that the one at any position is found without looking at those before it.
    for (y, index) in window.clone().enumerate() {
        let boundary = |byte: usize| view.text().floor_char_boundary(byte.min(view.text().len()));
        let part = &view.text()[boundary(index * columns)..boundary((index + 1) * columns)];
        let row = Rect { y: at.y + u16::try_from(y).unwrap_or(0), height: 1, ..at };
        frame.render_widget(Line::from(marked(&clean(part), Style::new(), view, theme)), row);
    }
    (window, len)
}
