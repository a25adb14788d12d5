//! Drawing of the overview: lanes, rules, event types with their counts and rates, subjects.

use super::super::Tail;
use super::super::lane::Link;
use super::super::overview::Item;
use super::{bars, per_second};
use crate::app::message::Now;
use crate::model::count::grouped;
use crate::model::event::short_kind;
use crate::ui::Theme;
use crate::ui::pane;
use crate::ui::text::{cut, cut_middle, pad, pad_left};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The columns of a count and of a rate.
const NUMBER: usize = 10;
/// How many bars a type gets, of how many seconds each.
const STRIP: (usize, u64) = (10, 30);

/// Draw it.
pub(super) fn draw(frame: &mut Frame, area: Rect, tail: &Tail, now: Now, focused: bool, theme: &Theme) {
    let Some(overview) = &tail.overview else { return };
    let inner = pane::pane(frame, area, Line::raw("What comes"), focused, theme);
    let items = overview.items();
    let window = overview.list.show(usize::from(inner.height), items.len());
    for (y, index) in window.clone().enumerate() {
        let Some(item) = items.get(index) else { break };
        let mut line = row(item, tail, now, usize::from(inner.width), theme);
        if index == overview.list.selected() {
            line = line.style(theme.cursor(focused));
        }
        let y = inner.y + u16::try_from(y).unwrap_or(0);
        frame.render_widget(line, Rect { y, height: 1, ..inner });
    }
    pane::scrollbar(frame, area, &window, items.len(), theme);
}

fn row<'a>(item: &Item, tail: &Tail, now: Now, columns: usize, theme: &Theme) -> Line<'a> {
    match item {
        Item::Head(text) => Line::styled(cut(&format!(" {text}"), columns), theme.title),
        Item::Note(text) => Line::styled(cut(&format!("   {text}"), columns), theme.quiet),
        Item::Lane(number) => lane(*number, tail, columns, theme),
        Item::Rule(index) => rule(*index, tail, columns, theme),
        Item::Kind(kind) => kind_row(*kind, tail, now, columns, theme),
        Item::Talker(subject, count) => {
            let count = pad_left(&grouped(*count), NUMBER);
            let room = columns.saturating_sub(NUMBER + 5);
            Line::from(vec![
                Span::raw(format!("   {} ", pad(&cut_middle(subject, room), room))),
                Span::styled(count, theme.quiet),
            ])
        }
    }
}

fn lane<'a>(number: u8, tail: &Tail, columns: usize, theme: &Theme) -> Line<'a> {
    let Some(lane) = tail.lanes.iter().find(|lane| lane.number == number) else { return Line::default() };
    let (state, style) = match &lane.link {
        Link::Live => ("● live", theme.good),
        Link::Connecting => ("◌ connecting", theme.warn),
        Link::Lost { .. } => ("▲ reconnecting", theme.warn),
        Link::Refused(_) => ("✕ refused", theme.bad),
    };
    let room = columns.saturating_sub(20);
    let name = pad(&cut_middle(&lane.subject, room), room);
    Line::from(vec![Span::styled(format!(" {} {name} ", number + 1), theme.nth(number)), Span::styled(state, style)])
}

fn rule<'a>(index: usize, tail: &Tail, columns: usize, theme: &Theme) -> Line<'a> {
    let Some(rule) = tail.rules.list().get(index) else { return Line::default() };
    let does = match (rule.bell, rule.pause) {
        (true, true) => "bell, pause",
        (true, false) => "bell",
        (false, true) => "pause",
        (false, false) => "",
    };
    let room = columns.saturating_sub(16);
    let text = pad(&cut(rule.probe.source(), room), room);
    Line::from(vec![Span::styled(format!("   {text} "), theme.ink(rule.ink)), Span::styled(does, theme.warn)])
}

fn kind_row<'a>(kind: u32, tail: &Tail, now: Now, columns: usize, theme: &Theme) -> Line<'a> {
    let name = tail.received.log.kinds().text(kind);
    let shown = tail.lines.kinds.shows(kind);
    let (mark, style) = if shown { ("✓", theme.kind(name)) } else { ("✕", theme.quiet) };
    let strip = if columns >= 50 { STRIP.0 + 1 } else { 0 };
    let room = columns.saturating_sub(2 * NUMBER + strip + 4);
    let mut spans = vec![
        Span::styled(format!(" {mark} "), style),
        Span::styled(pad(&cut_middle(short_kind(name), room), room), style),
        Span::raw(pad_left(&grouped(tail.received.count(kind)), NUMBER)),
        Span::styled(
            pad_left(&format!("{}/s", per_second(tail.rates.rate_of_kind(kind, now.since_start))), NUMBER),
            theme.quiet,
        ),
    ];
    if strip > 0 {
        let bars = bars(&tail.rates.strip(Some(kind), STRIP.0, STRIP.1, now.since_start));
        spans.extend([Span::raw(" "), Span::styled(bars, theme.accent)]);
    }
    Line::from(spans)
}
