//! Texts in which something is marked, cut to the columns that there are.

use super::text::{clean, head, width};
use ratatui::style::Style;
use ratatui::text::Span;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Where a text is cut that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// At its end.
    End,
    /// In its middle: for subjects and ids, whose end matters.
    Middle,
}

/// A text in its style, at most so many columns of it, with some of its bytes
/// marked, whose places are in order. Cut as [`super::text::cut`] and
/// [`super::text::cut_middle`] do it.
pub fn spans<'a>(
    text: &str,
    marks: &[Range<usize>],
    columns: usize,
    cut: Cut,
    style: Style,
    found: Style,
) -> Vec<Span<'a>> {
    let whole = match (marks.is_empty(), cut) {
        (false, _) => None,
        (true, Cut::End) => Some(super::text::cut(text, columns)),
        (true, Cut::Middle) => Some(super::text::cut_middle(text, columns)),
    };
    match whole {
        Some(text) => vec![Span::styled(text, style)],
        None => joined(pieces(text, marks, columns, cut), style, style.patch(found)),
    }
}

/// The graphemes that are shown, each with whether it is marked.
fn pieces(text: &str, marks: &[Range<usize>], columns: usize, cut: Cut) -> Vec<(String, bool)> {
    let shortened = head(text).len() < text.len();
    let text = head(text);
    // Cleaning keeps the number of characters, so their places tell which ones are marked.
    let is_marked =
        |at: usize| marks.get(marks.partition_point(|mark| mark.end <= at)).is_some_and(|mark| mark.start <= at);
    let marked: Vec<bool> = text.char_indices().map(|(at, _)| is_marked(at)).collect();
    let cleaned = clean(text);
    let mut at = 0;
    let all: Vec<(&str, bool)> = cleaned
        .graphemes(true)
        .map(|grapheme| {
            let from = at;
            at += grapheme.chars().count();
            (grapheme, marked.get(from..at).unwrap_or_default().contains(&true))
        })
        .collect();
    let fits = width(&cleaned) <= columns;
    let own =
        |pieces: &[(&str, bool)]| pieces.iter().map(|(text, mark)| ((*text).to_owned(), *mark)).collect::<Vec<_>>();
    match cut {
        Cut::Middle if fits => own(&all),
        Cut::Middle if columns >= 4 => {
            let left = (columns - 1) / 2;
            let start = taken(all.iter(), left);
            let end = taken(all.iter().rev(), columns - 1 - left);
            let mut out = own(&all[..start]);
            out.push(("…".to_owned(), all[start..all.len() - end].iter().any(|(_, mark)| *mark)));
            out.extend(own(&all[all.len() - end..]));
            out
        }
        _ if fits && !shortened => own(&all),
        _ if columns == 0 => Vec::new(),
        _ => {
            let start = taken(all.iter(), columns - 1);
            let mut out = own(&all[..start]);
            // What is found behind the edge is marked on the edge.
            out.push(("…".to_owned(), all[start..].iter().any(|(_, mark)| *mark)));
            out
        }
    }
}

/// How many of the graphemes fit.
fn taken<'a>(pieces: impl Iterator<Item = &'a (&'a str, bool)>, columns: usize) -> usize {
    let mut used = 0;
    pieces
        .take_while(|(text, _)| {
            used += width(text);
            used <= columns
        })
        .count()
}

fn joined<'a>(pieces: Vec<(String, bool)>, plain: Style, found: Style) -> Vec<Span<'a>> {
    let style = |mark: bool| if mark { found } else { plain };
    pieces
        .chunk_by(|a, b| a.1 == b.1)
        .filter_map(|run| {
            let text: String = run.iter().map(|(text, _)| text.as_str()).collect();
            Some(Span::styled(text, style(run.first()?.1)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::text::{cut, cut_middle};
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Modifier;

    proptest! {
        /// Marking changes no letter and no column.
        #[test]
        fn reads_as_if_nothing_was_marked(text in "[a-c美\u{301}\n]{0,20}", from in 0usize..12, len in 1usize..6, columns in 1usize..24) {
            let marks: Vec<_> = std::iter::once(from..from + len).collect();
            let of = |kind| spans(&text, &marks, columns, kind, Style::new(), Style::new().add_modifier(Modifier::BOLD));
            let read = |spans: Vec<Span<'_>>| spans.iter().map(|span| span.content.to_string()).collect::<String>();
            prop_assert_eq!(read(of(Cut::End)), cut(&text, columns));
            prop_assert_eq!(read(of(Cut::Middle)), cut_middle(&text, columns));
        }
    }

    #[test]
    fn what_is_found_is_marked_and_what_is_cut_off_too() {
        let found = Style::new().add_modifier(Modifier::BOLD);
        let marked = |text: &str, mark: Range<usize>, columns, kind| {
            let spans = spans(text, &[mark], columns, kind, Style::new(), found);
            spans.iter().filter(|span| span.style == found).map(|span| span.content.to_string()).collect::<String>()
        };
        assert_eq!(marked("Zoë Kraków", 5..8, 20, Cut::End), "Kra");
        assert_eq!(marked("/customer/42/address", 9..12, 10, Cut::Middle), "…");
        assert_eq!(marked("/customer/42/address", 17..20, 10, Cut::Middle), "ess");
        assert_eq!(marked("abcdef", 4..5, 3, Cut::End), "…");
    }
}
