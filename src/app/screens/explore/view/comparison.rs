//! Drawing of two events side by side.

use super::super::comparison::{ChangedField, Comparison, Pair};
use super::super::stored;
use crate::app::world::World;
use crate::model::count::count;
use crate::model::diff::ChangeKind;
use crate::model::event::short_kind;
use crate::model::json::{Json, Kind};
use crate::ui::json::scalar;
use crate::ui::text::{cut, cut_middle, date_and_time, pad, width};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Draw the comparison.
pub fn draw(frame: &mut Frame, area: Rect, shown: &Comparison, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let what = match shown.pair {
        Pair::Successive(..) => "against the event before of the same subject",
        Pair::Marked(..) => "between the two marked events",
    };
    let number = count(shown.changes.len() as u64, "change");
    let title = Line::from(vec![Span::raw(number), Span::styled(format!("   {what}"), theme.quiet)]);
    let inner = pane::pane(frame, area, title, focused, theme);
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(1), ..inner };
    let notes = shown.notes(world);
    let heads = heads(shown, world, usize::from(inner.width), look);
    let above = u16::try_from(heads.len() + notes.len() + 1).unwrap_or(0).min(inner.height);
    let [top, rows] = Layout::vertical([Constraint::Length(above), Constraint::Min(0)]).areas(inner);
    let notes = notes.iter().map(|note| Line::styled(cut(note, usize::from(inner.width)), theme.quiet));
    for (y, line) in (0u16..above).zip(heads.into_iter().chain(notes)) {
        frame.render_widget(line, Rect { y: top.y + y, height: 1, ..top });
    }
    let window = shown.list.show(usize::from(rows.height), shown.changes.len());
    let visible = shown.changes.get(window.clone()).unwrap_or_default();
    let columns = usize::from(rows.width);
    let paths = visible.iter().map(|change| width(&change.path)).max().unwrap_or(0).min(columns / 2);
    for (y, (index, change)) in (0u16..).zip(window.clone().zip(visible)) {
        let line = row(change, paths, columns, theme);
        let line = if focused && index == shown.list.selected() { line.style(theme.selected) } else { line };
        frame.render_widget(line, Rect { y: rows.y + y, height: 1, ..rows });
    }
    pane::scrollbar(frame, area, &window, shown.changes.len(), theme);
}

/// The two events, a line each.
fn heads<'a>(shown: &Comparison, world: &World, columns: usize, look: &Look) -> Vec<Line<'a>> {
    let theme = &look.theme;
    let head = |sign: &'static str, style: Style, position: usize| {
        let log = &world.log;
        let time = stored::time(log, position).and_then(|time| date_and_time(time, &look.zone));
        let time = time.map_or_else(|| "no time".to_owned(), |(date, time)| format!("{date} {time}"));
        let kind = stored::kind(log, position).unwrap_or("no event");
        let name = cut_middle(short_kind(kind), 30);
        let room = columns.saturating_sub(2 + width(&time) + 2 + width(&name) + 2);
        Line::from(vec![
            Span::styled(sign, style),
            Span::styled(time, theme.quiet),
            Span::raw("  "),
            Span::styled(name, theme.kind(kind)),
            Span::raw("  "),
            Span::raw(cut_middle(stored::subject(log, position).unwrap_or_default(), room)),
        ])
    };
    let before = shown.pair.before().map(|position| head("- ", theme.bad, position));
    before.into_iter().chain([head("+ ", theme.good, shown.pair.after())]).collect()
}

fn row<'a>(change: &ChangedField, paths: usize, columns: usize, theme: &Theme) -> Line<'a> {
    let (sign, style) = match change.kind {
        ChangeKind::Added => ("+ ", theme.good),
        ChangeKind::Removed => ("- ", theme.bad),
        ChangeKind::Changed => ("~ ", theme.warn),
    };
    let mut spans = vec![
        Span::styled(sign, style),
        Span::styled(pad(&cut_middle(&change.path, paths), paths), theme.member),
        Span::raw("  "),
    ];
    let room = columns.saturating_sub(paths + 4);
    match change.kind {
        ChangeKind::Changed => {
            let (before, after) = (short(&change.before), short(&change.after));
            // What the one leaves of its half is the other's.
            let half = room.saturating_sub(3) / 2;
            let left = width(&before).min((room.saturating_sub(3)).saturating_sub(width(&after).min(half)).max(half));
            let before = cut(&before, left);
            let rest = room.saturating_sub(width(&before) + 3);
            spans.push(Span::styled(before, theme.quiet));
            spans.push(Span::styled(" → ", style));
            spans.push(Span::styled(cut(&after, rest), scalar(Json::trusted(&change.after).kind(), theme)));
        }
        _ => {
            let value = change.value();
            spans.push(Span::styled(cut(&short(value), room), scalar(Json::trusted(value).kind(), theme)));
        }
    }
    Line::from(spans)
}

/// A value on one line: of containers only how much is in them, unless they are short.
fn short(text: &str) -> String {
    const SHORT: usize = 60;
    let json = Json::trusted(text);
    match json.kind() {
        Kind::Object if text.len() > SHORT => format!("{{ {} }}", json.len()),
        Kind::Array if text.len() > SHORT => format!("[ {} ]", json.len()),
        _ => cut(text, 4096),
    }
}
