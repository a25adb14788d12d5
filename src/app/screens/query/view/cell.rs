//! One cell of a result: a value on one line, in so many columns exactly.

use super::super::columns::{Column, Role, shown};
use crate::model::event::short_kind;
use crate::model::json::{Json, Kind};
use crate::model::time;
use crate::ui::json::scalar;
use crate::ui::text::{cut, cut_middle, date_and_time, pad_left, width};
use crate::ui::{Look, Theme};
use jiff::tz::TimeZone;
use ratatui::style::Style;
use ratatui::text::Span;

/// No more of a value than this is looked at, in bytes.
const LOOKED_AT: usize = 4096;

/// A cell. A value that is not there is blank; `null` and the empty string are written out. Times are told by a clock when
/// there is one.
pub fn cell<'a>(
    value: Option<Json<'_>>,
    column: &Column,
    clock: Option<&TimeZone>,
    columns: usize,
    look: &Look,
) -> Vec<Span<'a>> {
    let theme = &look.theme;
    let Some(value) = value else { return vec![Span::raw(" ".repeat(columns))] };
    let kind = value.kind();
    let text = shown(value, LOOKED_AT);
    match (kind, column.role) {
        (Kind::String, Role::EventTypes) => filled(cut_middle(short_kind(&text), columns), columns, theme.kind(&text)),
        (Kind::String, _) if let Some(zone) = clock => {
            let written = time::parse(&text).and_then(|nanos| date_and_time(nanos, zone));
            let text = written.map_or_else(|| text.clone(), |(date, time)| format!("{date} {time}").into());
            filled(cut(&text, columns), columns, Style::new())
        }
        (Kind::Number, _) => vec![Span::styled(pad_left(&cut(&text, columns), columns), theme.number)],
        (Kind::Null, _) if column.is_number() => {
            vec![Span::styled(pad_left(&cut(&text, columns), columns), scalar(kind, theme))]
        }
        (Kind::Object | Kind::Array, _) => inline(&cut(&text, columns), columns, theme),
        (Kind::String, _) if text == "\"\"" => filled(cut(&text, columns), columns, theme.quiet),
        // A text without spaces is a name: of a subject, an event, a type. Names differ at their ends.
        (Kind::String, _) if !text.contains(' ') && text.len() < LOOKED_AT / 2 => {
            filled(cut_middle(&text, columns), columns, Style::new())
        }
        (Kind::String, _) => filled(cut(&text, columns), columns, Style::new()),
        (Kind::Bool | Kind::Null, _) => filled(cut(&text, columns), columns, scalar(kind, theme)),
    }
}

fn filled<'a>(text: String, columns: usize, style: Style) -> Vec<Span<'a>> {
    let rest = columns.saturating_sub(width(&text));
    vec![Span::styled(text, style), Span::styled(" ".repeat(rest), style)]
}

/// JSON that is cut somewhere, coloured piece by piece.
fn inline<'a>(text: &str, columns: usize, theme: &Theme) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string(rest),
            c if is_punctuation(c) => rest.find(|c| !is_punctuation(c)).unwrap_or(rest.len()),
            _ => rest.find(|c| c == '"' || is_punctuation(c)).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(length);
        let style = match first {
            '"' if after.trim_start().starts_with(':') => theme.member,
            '"' => theme.string,
            c if is_punctuation(c) => theme.quiet,
            c if c == '-' || c.is_ascii_digit() => theme.number,
            _ => theme.constant,
        };
        spans.push(Span::styled(piece.to_owned(), style));
        rest = after;
    }
    spans.extend(filled(String::new(), columns.saturating_sub(width(text)), theme.quiet));
    spans
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '{' | '}' | '[' | ']' | ':' | ',' | ' ' | '…')
}

/// The length of the string at the start of `text`, which may be cut.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(value: &str, role: Role, columns: usize) -> Vec<Span<'static>> {
        let look = Look { theme: Theme::default(), zone: TimeZone::UTC };
        let clock = (role == Role::EventTimes).then_some(&look.zone);
        cell(Some(Json::trusted(value)), &Column::new(None, role), clock, columns, &look)
    }

    fn drawn_as(value: &str, role: Role, columns: usize) -> String {
        spans(value, role, columns).iter().map(|span| span.content.as_ref()).collect()
    }

    fn drawn(value: &str, columns: usize) -> String {
        drawn_as(value, Role::Values, columns)
    }

    #[test]
    fn an_events_time_and_type_look_as_in_every_list_of_events() {
        let time = "\"2026-03-01T13:01:00.117188557Z\"";
        assert_eq!(drawn_as(time, Role::EventTimes, 23), "2026-03-01 13:01:00.117");
        assert_eq!(drawn_as("\"noon\"", Role::EventTimes, 5), "noon ");
        assert_eq!(drawn_as("\"io.genesisdb.shop.order-placed\"", Role::EventTypes, 13), "order-placed ");
        assert_eq!(drawn(time, 30), "2026-03-01T13:01:00.117188557Z");
    }

    #[test]
    fn values_are_told_apart() {
        assert_eq!(drawn("-1.50", 7), "  -1.50");
        assert_eq!((drawn("null", 6), drawn(r#""null""#, 6)), ("null  ".into(), "null  ".into()));
        assert_eq!((drawn(r#""""#, 4), drawn(r#"" ""#, 4)), ("\"\"  ".into(), "    ".into()));
        assert_eq!(drawn(r#"{"a":[1,"b\"c"]}"#, 20), r#"{"a":[1,"b\"c"]}    "#);
        assert_eq!(drawn(r#""/customer/7f3a22c4-aa0b-4c21""#, 16), "/custom…a0b-4c21");
        assert_eq!(drawn(r#""a sentence with an end""#, 10), "a sentenc…");
        assert_eq!(drawn(r#""\u001b[31m""#, 6), "␛[31m ");
        let style = |value: &str| spans(value, Role::Values, 6)[0].style;
        assert_ne!(style("null"), style(r#""null""#));
    }

    proptest! {
        #[test]
        fn a_cell_is_as_wide_as_its_column(
            text in r#"[a-z"\\ é美{}:,0-9]{0,40}"#,
            columns in 1usize..30,
            nested in any::<bool>(),
        ) {
            let text = crate::model::json::quote(&text);
            let value = if nested { format!("{{{text}:[{text},null]}}") } else { text };
            prop_assert_eq!(width(&drawn(&value, columns)), columns);
        }
    }
}
