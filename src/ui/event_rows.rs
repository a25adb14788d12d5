//! Events as rows of a list: time, type, subject, payload. The same in Explore and in the tail.

use super::json;
use super::text::{cut, cut_middle, date_and_time, pad, short_kind};
use super::theme::{Look, Theme};
use crate::model::event::Envelope;
use crate::model::log::{EventLog, Line as EventLine, Row};
use jiff::tz::TimeZone;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// The columns of a time: `14:02:11.482`.
const TIME: usize = 12;
/// The columns of a date and a time.
const DATE_TIME: usize = 23;

/// In so few columns, type and subject have the room of the payload.
const NO_DATA_BELOW: usize = 60;
/// In even fewer, the subject is left out.
const NO_DATA_FROM: usize = 36;

/// How wide the columns are in a list of so many columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The whole line.
    pub total: usize,
    /// Time, with the date where there is room.
    pub time: usize,
    /// The event type.
    pub kind: usize,
    /// The subject; 0 leaves it out.
    pub subject: usize,
}

impl Columns {
    /// Divide a line. `with_subject` is false where all rows have the same one.
    pub fn divide(total: usize, with_subject: bool) -> Self {
        if with_subject && (NO_DATA_FROM..NO_DATA_BELOW).contains(&total) {
            // A few letters of the payload tell less than the whole type and more of the subject.
            let kind = (total - TIME - 4) * 3 / 5;
            return Self { total, time: TIME, kind, subject: total - TIME - 4 - kind };
        }
        let time = if total >= 110 { DATE_TIME } else { TIME };
        let kind = (total / 4).clamp(12, 30);
        let left = total.saturating_sub(time + kind + 4);
        let subject = if with_subject && left >= 12 { (left / 2).clamp(10, 44) } else { 0 };
        Self { total, time, kind, subject }
    }

    /// Whether there is room for the payload.
    fn has_data(self) -> bool {
        self.total > self.time + self.kind + self.subject + 4
    }
}

/// The heads of the columns.
pub fn head<'a>(columns: Columns, look: &Look) -> Line<'a> {
    let (gap, data) = if columns.has_data() { (2, "data") } else { (0, "") };
    let subject = if columns.subject > 0 { pad("subject", columns.subject + gap) } else { String::new() };
    let text = format!("{}  {}  {subject}{data}", pad("time", columns.time), pad("type", columns.kind));
    Line::styled(cut(&text, columns.total), look.theme.quiet)
}

/// The row of an event. `above` is the event shown above it: the date is said only where it changes.
pub fn line<'a>(log: &EventLog, position: usize, above: Option<usize>, columns: Columns, look: &Look) -> Line<'a> {
    let Some(row) = log.row(position) else { return Line::default() };
    let theme = &look.theme;
    let text = log.line(position);
    match text.as_ref().map(EventLine::event) {
        Some(Ok(event)) => {
            let kind = cut_middle(short_kind(&event.kind), columns.kind);
            let mut spans = time_spans(row, above.and_then(|at| log.row(at)), columns.time, look);
            spans.push(Span::raw("  "));
            spans.push(Span::styled(pad(&kind, columns.kind), theme.kind(&event.kind)));
            spans.push(Span::raw("  "));
            let mut used = columns.time + columns.kind + 4;
            if !columns.has_data() {
                spans.push(Span::raw(cut_middle(&event.subject, columns.subject)));
                return Line::from(spans);
            }
            if columns.subject > 0 {
                spans.push(Span::raw(pad(&cut_middle(&event.subject, columns.subject), columns.subject + 2)));
                used += columns.subject + 2;
            }
            spans.extend(payload(&event, columns.total.saturating_sub(used), &|_| Vec::new(), look));
            Line::from(spans)
        }
        Some(Err(error)) => Line::from(vec![
            Span::styled(pad("no event", columns.time), theme.bad),
            Span::raw("  "),
            Span::styled(cut(&error.to_string(), columns.total.saturating_sub(columns.time + 2)), theme.bad),
        ]),
        None => Line::default(),
    }
}

/// An event's payload on one line; what is marked in a part of its text is asked for.
pub(super) fn payload<'a>(
    event: &Envelope<'_>,
    room: usize,
    marks: &dyn Fn(&str) -> Vec<Range<usize>>,
    look: &Look,
) -> Vec<Span<'a>> {
    match event.data {
        Some(data) if data.kind() == crate::model::json::Kind::Object && data.is_empty() => {
            vec![Span::styled(cut("{ } empty or erased", room), look.theme.quiet)]
        }
        Some(data) => json::inline_marked(data.text(), room, marks, &look.theme),
        None => vec![Span::styled(cut("no data", room), look.theme.quiet)],
    }
}

/// The time of a row in so many columns; the date only where it changes.
pub fn time_spans<'a>(row: &Row, above: Option<&Row>, columns: usize, look: &Look) -> Vec<Span<'a>> {
    date_spans(row, above, columns, &look.zone, &look.theme)
}

/// The same in any zone.
pub(super) fn date_spans<'a>(
    row: &Row,
    above: Option<&Row>,
    columns: usize,
    zone: &TimeZone,
    theme: &Theme,
) -> Vec<Span<'a>> {
    let written = |row: &Row| (row.time != Row::NO_TIME).then(|| date_and_time(row.time, zone)).flatten();
    let Some((date, time)) = written(row) else {
        return vec![Span::styled(pad("no time", columns), theme.quiet)];
    };
    let same_date = above.and_then(written).is_some_and(|(other, _)| other == date);
    if columns >= DATE_TIME {
        let date = if same_date { " ".repeat(11) } else { format!("{date} ") };
        return vec![Span::styled(date, theme.quiet), Span::raw(pad(&time, columns - 11))];
    }
    // Where there is no room for both, the date takes the place of the milliseconds' where it changes.
    if same_date {
        vec![Span::raw(pad(&time, columns))]
    } else {
        let short = format!("{} {}", date.get(5..).unwrap_or_default(), time.get(..5).unwrap_or_default());
        vec![Span::styled(pad(&short, columns), theme.quiet)]
    }
}
