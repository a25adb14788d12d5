//! Events as rows of the tail's list: time, type, subject, payload.

use super::json;
use super::text::{cut, cut_middle, date_and_time, pad, skip, width};
use super::theme::{Look, Theme};
use crate::model::event::{Envelope, short_kind};
use crate::model::log::{EventLog, Line as EventLine, Row};
use jiff::tz::TimeZone;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// The columns of a time: `14:02:11.482`.
const TIME: usize = 12;
/// The columns of a date and a time.
const DATE_TIME: usize = 23;

/// So many columns further it is looked whether a payload goes on.
const MORE: usize = 16;
/// The columns behind each member of a payload.
const GAP: usize = 2;

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
    /// So many columns of the payload are out of sight at the left.
    pub shift: usize,
}

impl Columns {
    /// Divide a line. `with_subject` is false where all rows have the same one.
    pub fn divide(total: usize, with_subject: bool) -> Self {
        if with_subject && (NO_DATA_FROM..NO_DATA_BELOW).contains(&total) {
            // A few letters of the payload tell less than the whole type and more of the subject.
            let kind = (total - TIME - 4) * 3 / 5;
            return Self { total, time: TIME, kind, subject: total - TIME - 4 - kind, shift: 0 };
        }
        let time = if total >= 110 { DATE_TIME } else { TIME };
        let kind = (total / 4).clamp(12, 30);
        let left = total.saturating_sub(time + kind + 4);
        let subject = if with_subject && left >= 12 { (left / 2).clamp(10, 44) } else { 0 };
        Self { total, time, kind, subject, shift: 0 }
    }

    /// Whether there is room for the payload.
    fn has_data(self) -> bool {
        self.total > self.time + self.kind + self.subject + 4
    }
}

/// The heads of the columns.
pub fn head<'a>(columns: Columns, look: &Look) -> Line<'a> {
    let (gap, data) = match (columns.has_data(), columns.shift) {
        (false, _) => (0, String::new()),
        (true, 0) => (2, "data".to_owned()),
        (true, shift) => (2, format!("data from column {}", shift + 1)),
    };
    let subject = if columns.subject > 0 { pad("subject", columns.subject + gap) } else { String::new() };
    let text = format!("{}  {}  {subject}{data}", pad("time", columns.time), pad("type", columns.kind));
    Line::styled(cut(&text, columns.total), look.theme.quiet)
}

/// The row of an event, and whether its payload goes on at the right. `above` is the event shown above it: the date is
/// said only where it changes.
pub fn line<'a>(
    log: &EventLog,
    position: usize,
    above: Option<usize>,
    columns: Columns,
    look: &Look,
) -> (Line<'a>, bool) {
    let Some(row) = log.row(position) else { return (Line::default(), false) };
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
                return (Line::from(spans), false);
            }
            if columns.subject > 0 {
                spans.push(Span::raw(pad(&cut_middle(&event.subject, columns.subject), columns.subject + 2)));
                used += columns.subject + 2;
            }
            let room = columns.total.saturating_sub(used);
            let shown = room + columns.shift;
            let goes_on = wide(&payload(&event, shown + MORE, &|_| Vec::new(), look)) > shown + GAP;
            spans.extend(shifted(payload(&event, shown, &|_| Vec::new(), look), columns.shift));
            (Line::from(spans), goes_on)
        }
        Some(Err(error)) => {
            let room = columns.total.saturating_sub(columns.time + 2);
            let spans = vec![
                Span::styled(pad("no event", columns.time), theme.bad),
                Span::raw("  "),
                Span::styled(cut(&error.to_string(), room), theme.bad),
            ];
            (Line::from(spans), false)
        }
        None => (Line::default(), false),
    }
}

fn wide(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// What is left of spans behind their first columns; a dot at the left says that there is something.
fn shifted(spans: Vec<Span<'_>>, columns: usize) -> Vec<Span<'_>> {
    if columns == 0 || spans.is_empty() {
        return spans;
    }
    let mut left = columns + 1;
    let mut shown = vec![Span::raw("…")];
    for span in spans {
        let wide = width(&span.content);
        if left >= wide {
            left -= wide;
        } else {
            let rest = skip(&span.content, left).to_owned();
            // A letter of two columns that is cut in half leaves room.
            shown.push(Span::raw(" ".repeat((wide - left).saturating_sub(width(&rest)))));
            shown.push(Span::styled(rest, span.style));
            left = 0;
        }
    }
    shown
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
