//! A JSON value: as a tree of rows, or as its bytes.

use super::line::LineView;
use super::marks::{self, Cut};
use super::text::{clean, cut, skip, width};
use super::theme::Theme;
use crate::app::json_view::{Find, JsonRow, JsonView};
use crate::model::count::grouped;
use crate::model::json::{Json, Kind};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::ops::Range;

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
    let view = LineView::new(&find.field, find.typing && focused).label("find: ").said(&said, theme.quiet);
    view.draw(frame, line, theme);
    Rect { y: area.y + line.height, height: area.height - line.height, ..area }
}

/// A text in its style, cut to the room, with what is looked for marked in it. `at` is where it stands in the value's
/// text, if it reads as it is written there.
fn marked<'a>(
    text: &str,
    at: Option<usize>,
    room: usize,
    style: Style,
    view: &JsonView,
    theme: &Theme,
) -> Vec<Span<'a>> {
    let head = &text[..text.floor_char_boundary(room.saturating_mul(4).max(64))];
    let mut places = match at {
        Some(at) => view.marks(at..at + head.len()),
        None => Vec::new(),
    };
    for place in &mut places {
        let at = at.unwrap_or(0);
        *place = place.start.saturating_sub(at)..place.end.saturating_sub(at);
    }
    if let Some(needle) = view.find.as_ref().map(|find| find.needle()).filter(|needle| !needle.is_empty()) {
        let mut from = 0;
        while let Some(hit) = head.get(from..).and_then(|rest| needle.find(rest)) {
            places.push(from + hit.start..from + hit.end);
            from += hit.end.max(1);
        }
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup_by(|later, earlier| {
            let overlaps = later.start <= earlier.end;
            earlier.end = if overlaps { earlier.end.max(later.end) } else { earlier.end };
            overlaps
        });
    }
    marks::spans(text, &places, room, Cut::End, style, theme.found)
}

fn row_line<'a>(view: &JsonView, row: &JsonRow, columns: usize, theme: &Theme) -> Line<'a> {
    let indent = "  ".repeat(row.depth.min(columns / 4));
    let mark = match row.members {
        Some((0, _)) | None => "  ",
        Some((_, true)) => "▾ ",
        Some((_, false)) => "▸ ",
    };
    let key_style = if row.item { theme.quiet } else { theme.member };
    let key_at = view.key_at(row).filter(|at| view.text().get(*at..).is_some_and(|rest| rest.starts_with(&row.key)));
    let key = match row.item {
        true => vec![Span::styled(cut(&row.key, columns / 2), key_style)],
        false => marked(&row.key, key_at, columns / 2, key_style, view, theme),
    };
    let used = width(&indent) + 2 + key.iter().map(|span| width(&span.content)).sum::<usize>() + 2;
    let room = columns.saturating_sub(used).max(1);
    let mut spans = vec![Span::raw(indent), Span::styled(mark, theme.quiet)];
    spans.extend(key);
    spans.push(Span::raw("  "));
    spans.extend(value_spans(view, row, room, theme));
    Line::from(spans)
}

/// A scalar as far as it fits: its start, or where the search is in it when that is further on.
fn scalar_spans<'a>(view: &JsonView, row: &JsonRow, room: usize, theme: &Theme) -> Vec<Span<'a>> {
    let (text, style) = (view.value(row), scalar(row.kind, theme));
    let found = view.find.as_ref().and_then(|find| find.current()).map(|(_, hit)| hit.start);
    let filtered = || view.matches.as_ref()?.current().map(|(_, place)| place.start);
    let inside = |at: usize| row.at.contains(&at).then(|| at - row.at.start);
    match found.or_else(filtered).and_then(inside).filter(|at| *at + 8 > room) {
        Some(at) => {
            let from = text.floor_char_boundary(at.saturating_sub(room / 3));
            let mut spans = vec![Span::styled("…", style)];
            spans.extend(marked(&text[from..], Some(row.at.start + from), room - 1, style, view, theme));
            spans
        }
        None => marked(text, Some(row.at.start), room, style, view, theme),
    }
}

fn value_spans<'a>(view: &JsonView, row: &JsonRow, room: usize, theme: &Theme) -> Vec<Span<'a>> {
    let Some((count, open)) = row.members else { return scalar_spans(view, row, room, theme) };
    let shown = open && count > 0;
    let text = match row.kind {
        Kind::Object if shown => String::new(),
        Kind::Array if shown => format!("{count}"),
        Kind::Object => format!("{{ {count} }}"),
        _ => format!("[ {count} ]"),
    };
    // What is found inside of something folded is marked on what stands for it.
    let found = !shown && !view.marks(row.at.clone()).is_empty();
    vec![Span::styled(text, if found { theme.quiet.patch(theme.found) } else { theme.quiet })]
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
    inline_marked(text, columns, &|_| Vec::new(), theme)
}

/// The same with marks, which are asked for each part of the text.
pub fn inline_marked<'a>(
    text: &str,
    columns: usize,
    marks: &dyn Fn(&str) -> Vec<Range<usize>>,
    theme: &Theme,
) -> Vec<Span<'a>> {
    let put = |part: &str, marks: &[Range<usize>], room: usize, style: Style| {
        marks::spans(part, marks, room, Cut::End, style, theme.found)
    };
    let json = Json::trusted(text);
    if json.kind() != Kind::Object {
        return put(json.text(), &marks(json.text()), columns, scalar(json.kind(), theme));
    }
    let wide = |spans: &[Span<'_>]| spans.iter().map(|span| width(&span.content)).sum::<usize>();
    let mut spans = Vec::new();
    let mut room = columns;
    for (key, value) in json.members() {
        if room < 4 {
            break;
        }
        let name = key.name();
        let name = put(&name, &marks(if key.is_escaped() { &name } else { key.plain() }), room, theme.quiet);
        room = room.saturating_sub(wide(&name) + 1);
        let style = scalar(value.kind(), theme);
        // Where something inside of a value is found, what stands for it is marked.
        let inside = || if marks(value.text()).is_empty() { style } else { style.patch(theme.found) };
        let shown = match value.kind() {
            Kind::Object => vec![Span::styled(format!("{{ {} }}", value.len()), inside())],
            Kind::Array => vec![Span::styled(format!("[ {} ]", value.len()), inside())],
            Kind::String => value.as_str().map(|text| put(&text, &marks(&text), room, style)).unwrap_or_default(),
            _ => put(value.text(), &marks(value.text()), room, style),
        };
        room = room.saturating_sub(wide(&shown) + 2);
        spans.extend(name);
        spans.push(Span::raw(" "));
        spans.extend(shown);
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
        let start = boundary(index * columns);
        let part = &view.text()[start..boundary((index + 1) * columns)];
        let row = Rect { y: at.y + u16::try_from(y).unwrap_or(0), height: 1, ..at };
        // A line of bytes never has more columns than bytes, but for signs that stand for control characters.
        let line = marked(part, Some(start), part.len().max(1), Style::new(), view, theme);
        frame.render_widget(Line::from(line), row);
    }
    (window, len)
}
