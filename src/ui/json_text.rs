//! JSON text in colours, while it is being written (and may be wrong) and as it will be sent.
//!
//! Colours only: whether the text is JSON is for others to say.

use super::editor::Highlights;
use super::text::{clean, width};
use super::theme::Theme;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The coloured parts of a text: names, strings, numbers and constants.
pub fn highlights(text: &str, theme: &Theme) -> Highlights {
    let bytes = text.as_bytes();
    let mut out = Highlights::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                let next = bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace());
                out.push((start..at, if next == Some(&b':') { theme.member } else { theme.string }));
            }
            b'-' | b'0'..=b'9' => {
                at = run(bytes, at, |byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E') || byte.is_ascii_digit());
                out.push((start..at, theme.number));
            }
            b'a'..=b'z' | b'A'..=b'Z' => {
                at = run(bytes, at, |byte| byte.is_ascii_alphanumeric());
                if matches!(&text[start..at], "true" | "false" | "null") {
                    out.push((start..at, theme.constant));
                }
            }
            _ => at += 1,
        }
    }
    out
}

fn run(bytes: &[u8], from: usize, inside: impl Fn(&u8) -> bool) -> usize {
    from + bytes[from..].iter().take_while(|byte| inside(byte)).count()
}

/// The byte behind a string that starts at `start`; one that is not closed ends with its line.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at = (at + 2).min(bytes.len()),
            Some(b'\n') | None => return at.min(bytes.len()),
            Some(_) => at += 1,
        }
    }
}

/// A text as lines of at most so many columns. A line that is too long goes on in the next one, behind a comma or an
/// opening bracket where there is one: nothing is added and nothing is left out.
pub fn wrapped<'a>(text: &str, columns: usize, theme: &Theme) -> Vec<Line<'a>> {
    let parts = highlights(text, theme);
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let mut from = 0;
        loop {
            let to = from + fitting(&line[from..], columns.max(1), start + from, &parts);
            lines.push(coloured(text, start + from..start + to, &parts));
            from = to;
            if from >= line.len() {
                break;
            }
        }
        start += line.len() + 1;
    }
    lines
}

/// How many bytes of a line fit. `offset` is where it stands in the text.
fn fitting(line: &str, columns: usize, offset: usize, parts: &Highlights) -> usize {
    let (mut used, mut good) = (0, 0);
    for (at, grapheme) in line.grapheme_indices(true) {
        used += width(&clean(grapheme));
        if used > columns && at > 0 {
            // A break far to the left would waste more than it orders.
            return if good * 3 > at { good } else { at };
        }
        let byte = offset + at;
        if matches!(grapheme, "," | "{" | "[") && part_at(parts, byte).is_none() {
            good = at + grapheme.len();
        }
    }
    line.len()
}

fn part_at(parts: &Highlights, byte: usize) -> Option<&(Range<usize>, Style)> {
    let after = parts.partition_point(|(range, _)| range.end <= byte);
    parts.get(after).filter(|(range, _)| range.contains(&byte))
}

fn coloured<'a>(text: &str, range: Range<usize>, parts: &Highlights) -> Line<'a> {
    let mut spans = Vec::new();
    let mut at = range.start;
    let first = parts.partition_point(|(part, _)| part.end <= range.start);
    for (part, style) in parts.iter().skip(first).take_while(|(part, _)| part.start < range.end) {
        let (from, to) = (part.start.max(at), part.end.min(range.end));
        if from > at {
            spans.push(Span::raw(clean(&text[at..from]).into_owned()));
        }
        spans.push(Span::styled(clean(&text[from..to]).into_owned(), *style));
        at = to;
    }
    if range.end > at {
        spans.push(Span::raw(clean(&text[at..range.end]).into_owned()));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_values_differ_and_an_open_string_ends_with_its_line() {
        let theme = Theme::default();
        let text = "{\"a\\\"\" : \"b\", \"c\": -1e5, \"d\": nul, \"e\n: true}";
        let found: Vec<_> = highlights(text, &theme).into_iter().map(|(at, style)| (&text[at], style)).collect();
        let (name, value) = (theme.member, theme.string);
        assert_eq!(
            found,
            [
                ("\"a\\\"\"", name),
                ("\"b\"", value),
                ("\"c\"", name),
                ("-1e5", theme.number),
                ("\"d\"", name),
                ("\"e", name),
                ("true", theme.constant)
            ]
        );
    }

    #[test]
    fn lines_break_behind_commas_outside_of_strings() {
        let lines = wrapped(r#"{"a":"x,y,z","b":[1,2]}"#, 16, &Theme::default());
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(lines, [r#"{"a":"x,y,z","#, r#""b":[1,2]}"#]);
    }

    proptest! {
        #[test]
        fn nothing_is_added_and_nothing_left_out(text in "[{}\\[\\],:\"\\\\a1é😀 \n]{0,80}", columns in 1usize..20) {
            let lines = wrapped(&text, columns, &Theme::default());
            let joined: String = lines.iter().map(ToString::to_string).collect();
            prop_assert_eq!(joined, text.replace('\n', ""));
            prop_assert!(lines.iter().all(|line| line.width() <= columns.max(2)));
        }
    }
}
