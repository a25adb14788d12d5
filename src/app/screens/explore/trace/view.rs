//! Drawing of a trace: time, type, subject, and the place at which the value stands.

use crate::app::screens::explore::events::Events;
use crate::model::log::EventLog;
use crate::model::mention::Mention;
use crate::ui::Look;
use crate::ui::event_rows::{Columns, time_spans};
use crate::ui::text::{count, cut, cut_middle, pad, short_kind};
use ratatui::text::{Line, Span};

/// In an event with more bytes, the place is not looked for while drawing.
const LONGEST: usize = 256 << 10;

/// `17 events in 5 subjects`
pub fn number(events: &Events) -> String {
    format!("{} in {}", count(events.len() as u64, "event"), count(events.subjects() as u64, "subject"))
}

/// How wide the subject and the place are.
fn widths(columns: Columns) -> (usize, usize) {
    let left = columns.total.saturating_sub(columns.time + columns.kind + 4);
    let place = (left * 2 / 5).max(left.min(8));
    (left.saturating_sub(place + 2), place)
}

/// The heads of the columns.
pub fn head<'a>(columns: Columns, look: &Look) -> Line<'a> {
    let (subject, _) = widths(columns);
    let time = pad("time", columns.time);
    let text = format!("{time}  {}  {}  where", pad("type", columns.kind), pad("subject", subject));
    Line::styled(cut(&text, columns.total), look.theme.quiet)
}

/// The row of an event that mentions the value. `above` is the event shown above it.
pub fn line<'a>(
    log: &EventLog,
    position: usize,
    above: Option<usize>,
    mention: &Mention,
    columns: Columns,
    look: &Look,
) -> Line<'a> {
    let (Some(row), Some(text)) = (log.row(position), log.line(position)) else { return Line::default() };
    let Ok(event) = text.event() else { return Line::default() };
    let (subject_room, place_room) = widths(columns);
    let place = match row.text_len() <= LONGEST {
        true => mention.place(event.json).unwrap_or_default(),
        false => "in a large event".into(),
    };
    let kind = cut_middle(short_kind(&event.kind), columns.kind);
    let mut spans = time_spans(row, above.and_then(|at| log.row(at)), columns.time, look);
    spans.push(Span::raw("  "));
    spans.push(Span::styled(pad(&kind, columns.kind), look.theme.kind(&event.kind)));
    spans.push(Span::raw("  "));
    spans.push(Span::raw(pad(&cut_middle(&event.subject, subject_room), subject_room)));
    spans.push(Span::raw("  "));
    spans.push(Span::styled(cut_middle(&place, place_room), look.theme.member));
    Line::from(spans)
}
