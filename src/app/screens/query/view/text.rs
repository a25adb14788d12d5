//! The text of the query: coloured, with line numbers, and with what is wrong at its place.

use super::super::Query;
use super::super::tab::Tab;
use super::{entry, wrong};
use crate::gdbql::TokenKind;
use crate::ui::editor::{self, Highlights};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use std::ops::Range;

/// Below this width there is no room for line numbers.
const NUMBERED: u16 = 30;

/// Draw the pane. Gives where the text itself is.
pub fn draw(frame: &mut Frame, area: Rect, query: &Query, focused: bool, look: &Look) -> Rect {
    let theme = &look.theme;
    let tab = query.tab();
    let script = &tab.script;
    let title = super::tabs::line(query.tabs(), usize::from(area.width).saturating_sub(4), theme);
    let inner = pane::pane(frame, area, title, focused, theme);
    if let Some((at, _)) = script.statement().filter(|_| script.statements() > 1) {
        let which = format!("{} of {}", at + 1, script.statements());
        pane::note(frame, area, &[format!("{which}, the one under the cursor is run"), which], theme.quiet);
    }
    let message = u16::from(inner.height >= 3);
    let text = Rect { height: inner.height - message, ..inner };
    let gutter = if inner.width < NUMBERED { 1 } else { line_number_width(script.editor().lines().len()) + 2 };
    let at = Rect { x: text.x + gutter.min(text.width), width: text.width.saturating_sub(gutter + 1), ..text };
    let mut colours = highlights(tab, text.height, theme);
    if let Some(open) = query.entry() {
        colours.extend(entry::places(open, script.editor().offset(), theme));
    }
    editor::editor(
        frame,
        at,
        script.editor(),
        &colours,
        focused && query.entry().is_none() && query.form().is_none(),
        theme,
    );
    if inner.width >= NUMBERED {
        numbers(frame, text, gutter, tab, theme);
    }
    if script.editor().is_empty() && !focused {
        pane::empty(frame, at, "Type a query here.", theme);
    }
    if message == 1 {
        let below = Rect { y: inner.bottom() - 1, height: 1, ..inner };
        match query.entry() {
            Some(open) => entry::draw(frame, below, open, script.editor().offset(), focused, theme),
            None => wrong::draw(frame, at, below, tab, theme),
        }
    }
    at
}

fn line_number_width(lines: usize) -> u16 {
    u16::try_from(lines.to_string().len()).unwrap_or(1)
}

fn numbers(frame: &mut Frame, area: Rect, gutter: u16, tab: &Tab, theme: &Theme) {
    let editor = tab.script.editor();
    let (current, (top, _)) = (editor.cursor().0, editor.shown_corner());
    let digits = usize::from(gutter.saturating_sub(2));
    for (y, line) in (top..editor.lines().len()).take(usize::from(area.height)).enumerate() {
        let style = if line == current { Style::new() } else { theme.quiet };
        let at = Rect { y: area.y + u16::try_from(y).unwrap_or(0), height: 1, width: gutter.min(area.width), ..area };
        frame.render_widget(Span::styled(format!("{:>digits$} ", line + 1), style), at);
    }
}

/// The colours of what can be on a screen of so many lines: the cursor's line is on it.
fn highlights(tab: &Tab, height: u16, theme: &Theme) -> Highlights {
    let script = &tab.script;
    let text = script.editor().text();
    let (lines, row) = (script.editor().lines(), script.editor().cursor().0);
    let first = row.saturating_sub(usize::from(height));
    let bytes = |lines: &[String]| lines.iter().map(|line| line.len() + 1).sum::<usize>();
    let from = bytes(lines.get(..first).unwrap_or_default());
    let shown = lines.get(first..(row + usize::from(height)).min(lines.len())).unwrap_or_default();
    let tokens = script.tokens();
    let near = tokens.partition_point(|token| token.span.end <= from)
        ..tokens.partition_point(|token| token.span.start < from + bytes(shown));
    let tokens = tokens.get(near).unwrap_or_default();
    let mut found: Highlights =
        tokens.iter().filter_map(|token| Some((token.span.clone(), style(token.kind, theme)?))).collect();
    // A parameter is one thing, colon and name.
    found.extend(script.parameters().iter().map(|parameter| (parameter.clone(), theme.constant)));
    let underlined = Style::new().add_modifier(Modifier::UNDERLINED);
    found.extend(script.problems().iter().map(|problem| (visible(&text, &problem.span), underlined)));
    if let Some(pair) = script.brackets() {
        found.extend(pair.map(|range| (range, theme.found)));
    }
    if let Some(span) = tab.run.as_ref().and_then(|run| run.place(script.version())) {
        found.push((visible(&text, &span), theme.bad.add_modifier(Modifier::UNDERLINED)));
    }
    found
}

/// A place that can be seen: an empty one is the character before it, on its line if there is one.
fn visible(text: &str, span: &Range<usize>) -> Range<usize> {
    let (start, end) = (span.start.min(text.len()), span.end.min(text.len()));
    if text.get(start..end).is_some_and(|part| !part.trim().is_empty()) {
        return start..end;
    }
    let before = text.get(..start).unwrap_or_default().trim_end();
    before.char_indices().next_back().map_or(start..end, |(at, _)| at..before.len())
}

/// The colour of a token.
pub(super) fn style(kind: TokenKind, theme: &Theme) -> Option<Style> {
    Some(match kind {
        TokenKind::Keyword => theme.keyword,
        TokenKind::Constant => theme.constant,
        TokenKind::Function => theme.function,
        TokenKind::String => theme.string,
        TokenKind::Number => theme.number,
        TokenKind::Comment => theme.comment,
        TokenKind::Field => theme.member,
        TokenKind::Operator | TokenKind::Punctuation => theme.quiet,
        TokenKind::Binding | TokenKind::Whitespace | TokenKind::Unknown => return None,
    })
}
