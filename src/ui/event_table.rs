//! The list of events of the Explore screen: its columns divided by what is on the screen, and its rows.
//!
//! Only the rows of the window are decoded, each once. What stands in the last column is the caller's to say: the
//! payload, or the place of a value.

use super::event_rows::{date_spans, payload};
use super::marks::{self, Cut};
use super::text::{cut, cut_middle, pad, pad_left, relative, width};
use super::theme::Look;
use crate::app::probe::Probe;
use crate::app::screens::explore::columns::{Columns, TimeStyle, shown};
use crate::model::event::{Envelope, short_kind};
use crate::model::json::{Json, Kind};
use crate::model::log::{EventLog, Line as EventLine, Row};
use jiff::tz::TimeZone;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// The columns of a time, `14:02:11.482`, and of a date and a time.
const TIME: usize = 12;
const DATE_TIME: usize = 23;
/// From this width on, the date has a place of its own.
const WITH_DATE: usize = 110;
/// Between two columns.
const GAP: usize = 2;
/// The columns of the word `subject`.
const SUBJECT: usize = 7;
/// Subjects are not made narrower than this; types not for a field.
const LEAST: usize = 10;
/// Types are not made narrower than this for the subject: half a type and half a subject tell less than a whole type.
const LEAST_KIND: usize = 16;
/// The payload is not shown in fewer columns than this.
const LEAST_DATA: usize = 12;
/// The head of a field's column asks for no more room than this.
const HEAD: usize = 16;
/// In longer events, what is found is looked for in what is shown only.
const LONGEST: usize = 16 << 10;
/// No more places than this are marked in a row.
const MARKS: usize = 200;

/// Everything that the rows are drawn from.
pub struct Table<'a> {
    /// The events.
    pub log: &'a EventLog,
    /// What the user wants to see.
    pub columns: &'a Columns,
    /// What is looked for, to be marked.
    pub probe: Option<&'a Probe>,
    /// The wall clock, in nanoseconds since 1970.
    pub now: i64,
    /// Colours and zone.
    pub look: &'a Look,
}

/// How wide the columns are; 0 leaves one out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widths {
    total: usize,
    time: usize,
    kind: usize,
    subject: usize,
    /// Those of the fields that have room, in their order.
    fields: Vec<usize>,
    /// How many fields have none.
    hidden: usize,
    last: usize,
}

/// What the last column is.
pub struct Last<'a> {
    /// Its head.
    pub head: &'a str,
    /// It has at least this share of what type and fields leave, in percent.
    pub share: usize,
    /// What stands in a row; the part of the text that is marked is asked of the last argument.
    pub cell: &'a dyn for<'e> Fn(&Envelope<'e>, &Row, usize, &Marker<'e>) -> Vec<Span<'static>>,
}

/// Which parts of an event's text are marked.
pub struct Marker<'e> {
    line: &'e [u8],
    marks: Option<Vec<Range<usize>>>,
    probe: Option<&'e Probe>,
}

impl<'e> Marker<'e> {
    fn new(line: &'e [u8], probe: Option<&'e Probe>) -> Self {
        let text = probe.filter(|_| line.len() <= LONGEST).and_then(|_| std::str::from_utf8(line).ok());
        let marks = text.and_then(|text| Some(probe?.first_marks(text, MARKS)));
        Self { line, marks, probe }
    }

    /// The marks in a part of the event. A text that is none, because its escapes were resolved, is looked at by itself.
    pub fn of(&self, part: &str) -> Vec<Range<usize>> {
        let Some(probe) = self.probe else { return Vec::new() };
        let start = (part.as_ptr() as usize).checked_sub(self.line.as_ptr() as usize);
        match (start.filter(|start| start + part.len() <= self.line.len()), &self.marks) {
            (Some(start), Some(marks)) => {
                let from = marks.partition_point(|mark| mark.end <= start);
                let inside = marks.iter().skip(from).take_while(|mark| mark.start < start + part.len());
                inside.map(|mark| mark.start.saturating_sub(start)..(mark.end - start).min(part.len())).collect()
            }
            _ => probe.first_marks(super::text::head(part), MARKS),
        }
    }
}

impl Widths {
    /// Divide a line of so many columns. `with_subject` is false where all rows have the same one; `share` is the share
    /// of the last column, see [`Last::share`].
    pub fn divide(total: usize, with_subject: bool, columns: &Columns, share: usize) -> Self {
        let is_long = total >= WITH_DATE && columns.time != TimeStyle::Relative;
        let time = if is_long { DATE_TIME } else { TIME };
        let (fields, room) = fields_in(total, total.saturating_sub(time + GAP), columns);
        let hidden = columns.fields().len() - fields.len();
        let with_gap = |wide: usize| if wide > 0 { wide + GAP } else { 0 };
        let kind = columns.kind_width().clamp(4, (total / 4).clamp(19, 30)).min(room);
        let subject_least = if with_subject { columns.subject_width().clamp(SUBJECT, LEAST) } else { 0 };
        let last_least = room.saturating_sub(kind + GAP) * share / 100;
        // The type gives way for a subject that would else have no room.
        let missing = (kind + with_gap(subject_least) + with_gap(last_least)).saturating_sub(room);
        let mut kind = kind.saturating_sub(missing).max(kind.min(LEAST_KIND));
        let left = room.saturating_sub(kind + with_gap(last_least) + GAP);
        let mut subject = 0;
        if with_subject && left >= subject_least {
            // The payload has room beside the subject, or none at all.
            let beside = left.saturating_sub(GAP + LEAST_DATA.max(left / 3));
            let is_shared = share == 0 && beside >= columns.subject_width().clamp(LEAST, 16) && fields.is_empty();
            let most = if is_shared { beside } else { left };
            subject = columns.subject_width().max(SUBJECT).min(most);
        }
        let spare = room.saturating_sub(kind + with_gap(subject));
        let last = spare.saturating_sub(GAP);
        let last = if last >= if share > 0 { 1 } else { LEAST_DATA } { last } else { 0 };
        if last == 0 {
            // What is too little for the payload or the subject shows more of the type.
            kind += spare.min(columns.kind_width().saturating_sub(kind));
        }
        Self { total, time, kind, subject, fields, hidden, last }
    }

    /// How many of the fields have no room.
    pub fn hidden(&self) -> usize {
        self.hidden
    }
}

/// The columns of the fields that have room, and the room that is left. With many fields the first ones are shown.
fn fields_in(total: usize, room: usize, columns: &Columns) -> (Vec<usize>, usize) {
    let mut left = room;
    let fields = columns.fields().iter().map_while(|column| {
        // No field takes the line for itself; a number is worth more room than a text, because half of one misleads.
        let most = if column.is_number() { total / 2 } else { (total / 4).max(12) };
        let wanted = column.width().max(width(column.name()).min(HEAD)).clamp(3, most.max(3));
        left = left.checked_sub(wanted + GAP).filter(|left| *left >= LEAST)?;
        Some(wanted)
    });
    let fields = fields.collect();
    (fields, left)
}

impl Table<'_> {
    /// The heads of the columns.
    pub fn head(&self, widths: &Widths, last: &Last<'_>) -> Line<'static> {
        let mut text = pad(self.columns.time.title(), widths.time);
        let mut put = |cell: String| {
            text.push_str("  ");
            text.push_str(&cell);
        };
        put(pad("type", widths.kind));
        if widths.subject > 0 {
            put(pad("subject", widths.subject));
        }
        for (column, wide) in self.columns.fields().iter().zip(&widths.fields) {
            let name = cut_middle(column.name(), *wide);
            put(if column.is_number() { pad_left(&name, *wide) } else { pad(&name, *wide) });
        }
        if widths.last > 0 {
            put(last.head.to_owned());
        }
        Line::styled(cut(&text, widths.total), self.look.theme.quiet)
    }

    /// The rows of a window: each event's position with that of the one above it.
    pub fn rows(
        &self,
        window: &[usize],
        total: usize,
        with_subject: bool,
        last: &Last<'_>,
    ) -> (Widths, Vec<Line<'static>>) {
        let lines: Vec<_> = window.iter().map(|position| self.log.line(*position)).collect();
        let events: Vec<_> = lines.iter().map(|line| line.as_ref().map(EventLine::event)).collect();
        for event in events.iter().flatten().flatten() {
            self.columns.measure(width(short_kind(&event.kind)), width(&event.subject));
            for column in self.columns.fields() {
                column.measure(column.path.find(event.json));
            }
        }
        let widths = Widths::divide(total, with_subject, self.columns, last.share);
        let mut above = None;
        let rows = window.iter().zip(lines.iter().zip(&events));
        let drawn = rows.map(|(position, (line, event))| {
            let Some(row) = self.log.row(*position) else { return Line::default() };
            let drawn = match (line, event) {
                (Some(line), Some(Ok(event))) => self.event(line, event, row, above, &widths, last),
                (_, Some(Err(error))) => self.broken(&error.to_string(), &widths),
                _ => Line::default(),
            };
            above = Some(row);
            drawn
        });
        let drawn = drawn.collect();
        (widths, drawn)
    }

    fn broken(&self, why: &str, widths: &Widths) -> Line<'static> {
        let bad = self.look.theme.bad;
        let room = widths.total.saturating_sub(widths.time + GAP);
        Line::from(vec![
            Span::styled(pad("no event", widths.time), bad),
            Span::raw("  "),
            Span::styled(cut(why, room), bad),
        ])
    }

    fn event<'e>(
        &'e self,
        line: &'e [u8],
        event: &Envelope<'e>,
        row: &Row,
        above: Option<&Row>,
        widths: &Widths,
        last: &Last<'_>,
    ) -> Line<'static> {
        let theme = &self.look.theme;
        let marker = Marker::new(line, self.probe);
        let mut spans = self.time(row, above, widths.time);
        let mut put = |cell: Vec<Span<'static>>, wide: usize, right: bool| {
            let used: usize = cell.iter().map(|span| width(&span.content)).sum();
            let space = wide.saturating_sub(used);
            spans.push(Span::raw(" ".repeat(GAP + if right { space } else { 0 })));
            spans.extend(cell);
            spans.push(Span::raw(" ".repeat(if right { 0 } else { space })));
        };
        let text = |text: &str, wide, kind, style| marks::spans(text, &marker.of(text), wide, kind, style, theme.found);
        put(text(short_kind(&event.kind), widths.kind, Cut::Middle, theme.kind(&event.kind)), widths.kind, false);
        if widths.subject > 0 {
            put(text(&event.subject, widths.subject, Cut::Middle, Style::new()), widths.subject, false);
        }
        for (column, wide) in self.columns.fields().iter().zip(&widths.fields) {
            put(self.cell(column.path.find(event.json), *wide, &marker), *wide, column.is_number());
        }
        if widths.last > 0 {
            put((last.cell)(event, row, widths.last, &marker), 0, false);
        }
        Line::from(spans)
    }

    /// The value of a field; nothing where the event does not have it.
    fn cell(&self, value: Option<Json<'_>>, wide: usize, marker: &Marker<'_>) -> Vec<Span<'static>> {
        let Some(value) = value else { return Vec::new() };
        let theme = &self.look.theme;
        let style = super::json::scalar(value.kind(), theme);
        let text = shown(value);
        if matches!(value.kind(), Kind::Array | Kind::Object) {
            // Something inside is found: the cell that stands for it is marked.
            let found = !marker.of(value.text()).is_empty();
            return vec![Span::styled(cut(&text, wide), if found { style.patch(theme.found) } else { style })];
        }
        let inner = value.text().trim_matches('"');
        // Only what reads as it is written has the places of its bytes.
        let marks = marker.of(if inner.starts_with(&text) { inner } else { &text });
        marks::spans(&text, &marks, wide, Cut::End, style, theme.found)
    }

    fn time(&self, row: &Row, above: Option<&Row>, wide: usize) -> Vec<Span<'static>> {
        let zone = match self.columns.time {
            TimeStyle::Local => &self.columns.local,
            TimeStyle::Utc => &TimeZone::UTC,
            TimeStyle::Relative if row.time == Row::NO_TIME => {
                return vec![Span::styled(pad("no time", wide), self.look.theme.quiet)];
            }
            TimeStyle::Relative => return vec![Span::raw(pad(&cut(&relative(row.time, self.now), wide), wide))],
        };
        date_spans(row, above, wide, zone, &self.look.theme)
    }
}

/// The payload as the last column.
pub fn payload_cell(event: &Envelope<'_>, room: usize, marker: &Marker<'_>, look: &Look) -> Vec<Span<'static>> {
    payload(event, room, &|part| marker.of(part), look)
}
