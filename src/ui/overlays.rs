//! What lies over the screen: help, palette, messages, questions, whole values.

use super::json;
use super::line::LineView;
use super::pane::{pane, scrollbar};
use super::text::{clean, cut, date_and_time, pad, width};
use super::theme::{Look, Theme};
use crate::app::App;
use crate::app::command::{CommandInfo, Place, commands, keys_here, keys_of};
use crate::app::message::Level;
use crate::app::overlay::{Overlay, Palette, Question};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

/// The columns of the keys in the help.
const KEYS: usize = 22;

/// Draw one overlay over everything that is there.
pub fn overlay(frame: &mut Frame, area: Rect, app: &App, overlay: &Overlay, look: &Look) {
    match overlay {
        Overlay::Help { places, typing, list } => {
            let columns = usize::from(area.width).saturating_sub(4);
            help(frame, area, help_lines(places, *typing, columns, &look.theme), list, &look.theme)
        }
        Overlay::Palette(state) => palette(frame, area, app, state, &look.theme),
        Overlay::Messages(list) => messages(frame, area, app, list, look),
        Overlay::Question(state) => question(frame, area, state, &look.theme),
        Overlay::Viewer { title, view } => {
            let at = centred(area, area.width.saturating_sub(6), area.height.saturating_sub(4));
            let inner =
                pane(frame, at, Line::raw(cut(title, usize::from(at.width).saturating_sub(6))), true, &look.theme);
            let (window, len) = json::json(frame, inner, view, true, &look.theme);
            scrollbar(frame, at, &window, len, &look.theme);
        }
    }
}

fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)
}

fn lines(
    frame: &mut Frame,
    area: Rect,
    inner: Rect,
    lines: Vec<Line<'_>>,
    list: &crate::app::list::ListState,
    theme: &Theme,
) {
    let len = lines.len();
    let window = list.show_text(usize::from(inner.height), len);
    for (y, line) in lines.into_iter().skip(window.start).take(window.len()).enumerate() {
        frame.render_widget(line, Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner });
    }
    scrollbar(frame, area, &window, len, theme);
}

/// The keys of these places, as lines of so many columns. While typing, those that type a character are left out: they do
/// nothing else.
pub fn help_lines<'a>(places: &[Place], typing: bool, columns: usize, theme: &Theme) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    for place in places {
        let here = |info: &CommandInfo| {
            let keys = keys_here(info, places).into_iter().filter(|key| !(typing && key.is_text()));
            keys.map(|key| key.to_string()).collect::<Vec<_>>().join("  ")
        };
        let commands = commands().filter(|info| info.place == *place).map(|info| (info, here(info)));
        for (index, (info, keys)) in commands.filter(|(_, keys)| !keys.is_empty()).enumerate() {
            if index == 0 {
                if !out.is_empty() {
                    out.push(Line::default());
                }
                out.push(Line::styled(place.title(), theme.title));
            }
            let mut keys = format!("  {keys}");
            for words in wrap(info.doc, columns.saturating_sub(KEYS + 1)) {
                let keys = pad(&std::mem::take(&mut keys), KEYS);
                out.push(Line::from(vec![Span::styled(keys, theme.accent), Span::raw(format!(" {words}"))]));
            }
        }
    }
    out
}

fn help(frame: &mut Frame, area: Rect, text: Vec<Line<'_>>, list: &crate::app::list::ListState, theme: &Theme) {
    let wide = text.iter().map(Line::width).max().unwrap_or(0) + 4;
    let at =
        centred(area, u16::try_from(wide).unwrap_or(area.width), u16::try_from(text.len() + 2).unwrap_or(area.height));
    let inner = pane(frame, at, Line::raw("Keys of where you are   Esc closes"), true, theme);
    lines(frame, at, inner, text, list, theme);
}

fn palette(frame: &mut Frame, area: Rect, app: &App, state: &Palette, theme: &Theme) {
    let at = centred(area, 76, area.height.saturating_sub(4).min(20));
    let inner = pane(frame, at, Line::raw("Commands"), true, theme);
    LineView::new(&state.input, true).label(": ").draw(frame, inner, theme);
    let rows = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    let window = state.list.show(usize::from(rows.height), state.found.len());
    for (y, index) in window.clone().enumerate() {
        let Some(info) = state.found.get(index) else { break };
        let style = if app.offers(info) { theme.title } else { theme.quiet };
        let key = keys_of(info).first().map(ToString::to_string).unwrap_or_default();
        let room = usize::from(rows.width).saturating_sub(width(&key) + 24);
        let line = Line::from(vec![
            Span::styled(pad(&format!(" {}", info.label), 20), style),
            Span::styled(pad(&cut(info.doc, room), room + 2), theme.quiet),
            Span::styled(key, theme.accent),
        ]);
        let line = if index == state.list.selected() { line.style(theme.selected) } else { line };
        frame.render_widget(line, Rect { y: rows.y + u16::try_from(y).unwrap_or(0), height: 1, ..rows });
    }
    if state.found.is_empty() {
        super::pane::empty(frame, rows, "No command has these letters. Backspace takes some away, Esc leaves.", theme);
    }
    scrollbar(frame, at, &window, state.found.len(), theme);
}

fn messages(frame: &mut Frame, area: Rect, app: &App, list: &crate::app::list::ListState, look: &Look) {
    let theme = &look.theme;
    let at = centred(area, area.width.saturating_sub(8), area.height.saturating_sub(4));
    let inner = pane(frame, at, Line::raw("Messages, newest first   Esc closes"), true, theme);
    if app.messages.all().is_empty() {
        return super::pane::empty(frame, inner, "Nothing was said yet. Errors and notices are kept here.", theme);
    }
    let room = usize::from(inner.width).saturating_sub(10).max(1);
    let mut text = Vec::new();
    for message in app.messages.all() {
        let style = match message.level {
            Level::Info => theme.good,
            Level::Warning => theme.warn,
            Level::Error => theme.bad,
        };
        let time = date_and_time(message.at, &look.zone).map(|(_, time)| time.get(..8).unwrap_or_default().to_owned());
        let mut first = time.unwrap_or_default();
        for paragraph in message.text.lines() {
            for part in wrap(&clean(paragraph), room) {
                text.push(Line::from(vec![Span::styled(pad(&first, 10), theme.quiet), Span::styled(part, style)]));
                first.clear();
            }
        }
    }
    lines(frame, at, inner, text, list, theme);
}

/// A text in lines of at most so many columns, broken between words where there are any.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut out = Vec::new();
    let mut line = String::new();
    for mut word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        if !line.is_empty() && width(&line) + gap + width(word) > columns {
            out.push(std::mem::take(&mut line));
        } else if gap > 0 {
            line.push(' ');
        }
        // A word longer than a line is broken where the line ends.
        while line.is_empty() && width(word) > columns {
            let rest = super::text::skip(word, columns - 1);
            out.push(word[..word.len() - rest.len()].to_owned());
            word = rest;
        }
        line.push_str(word);
    }
    out.push(line);
    out
}

fn question(frame: &mut Frame, area: Rect, state: &Question, theme: &Theme) {
    let columns = usize::from(area.width.saturating_sub(8)).min(90);
    let text: Vec<Line<'_>> = state.lines.iter().map(|line| Line::raw(clean(line).into_owned())).collect();
    let rows: usize = text.iter().map(|line| line.width().div_ceil(columns.saturating_sub(4).max(1)).max(1)).sum();
    let at = centred(area, u16::try_from(columns).unwrap_or(60), u16::try_from(rows + 4).unwrap_or(8));
    let style = if state.dangerous { theme.bad } else { theme.title };
    let inner = pane(frame, at, Line::styled(cut(&state.title, columns.saturating_sub(6)), style), true, theme);
    let body = Rect {
        x: inner.x + 1.min(inner.width),
        width: inner.width.saturating_sub(2),
        height: inner.height.saturating_sub(2),
        ..inner
    };
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), body);
    let keys = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..body };
    let line = Line::from(vec![
        Span::styled("y", theme.key),
        Span::styled(" yes    ", theme.quiet),
        Span::styled("n", theme.key),
        Span::styled(" no", theme.quiet),
    ]);
    frame.render_widget(line, keys);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_shows_only_keys_that_work_there() {
        let text = |typing| {
            let lines = help_lines(&[Place::Editor, Place::Global], typing, 200, &Theme::default());
            lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        assert!(text(false).contains("  q  Ctrl-q  Ctrl-c"));
        let typing = text(true);
        assert!(typing.contains("  Ctrl-q  Ctrl-c") && typing.contains("  Alt-2 ") && typing.contains("  F5"));
        assert!(!typing.contains("  q ") && !typing.contains("whole hash chain"), "{typing}");
    }

    #[test]
    fn the_help_breaks_what_is_too_long_for_the_window() {
        let lines = |columns| help_lines(&[Place::TailOverview], false, columns, &Theme::default());
        assert!(lines(76).iter().all(|line| line.width() <= 76));
        let words = |lines: Vec<Line<'_>>| lines.iter().map(ToString::to_string).collect::<String>();
        let squeezed = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(words(lines(76))), squeezed(words(lines(400))));
        assert!(lines(76).len() > lines(400).len());
    }

    #[test]
    fn wraps_between_words_and_inside_long_ones() {
        assert_eq!(wrap("not committed: nothing was written", 14), ["not committed:", "nothing was", "written"]);
        assert_eq!(wrap("abcdefghij", 5), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
