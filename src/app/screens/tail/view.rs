//! Drawing of the Tail screen.

use super::lane::{Lane, Link};
use super::lines::Row;
use super::marks::{Interruption, Mark};
use super::rates::MINUTE;
use super::subject_field::SubjectField;
use super::{Pane, Tail};
use crate::app::App;
use crate::app::effect::From;
use crate::app::health::sentence;
use crate::app::message::Now;
use crate::app::world::World;
use crate::ui::event_rows::{Columns, head, line};
use crate::ui::overlays::wrap;
use crate::ui::text::{clean, count, cut, cut_middle, date_and_time, grouped, short_kind, span, width};
use crate::ui::{Look, Theme, editor, json, pane};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// From this width on, the list and an opened event stand side by side.
const WIDE: u16 = 100;
/// Below this height there is no room for the rate strip.
const LOW: u16 = 7;
/// How many lines a trouble with the connection gets above the events.
const TROUBLE: usize = 3;

/// Draw the screen.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let tail = &app.tail;
    let focus = |pane: Pane| app.overlays.is_empty() && tail.pane == pane;
    if tail.opened.is_none() {
        draw_list(frame, area, app, focus(Pane::List), look);
    } else if area.width >= WIDE {
        let [list, event] = Layout::horizontal([Constraint::Percentage(60), Constraint::Min(0)]).areas(area);
        draw_list(frame, list, app, focus(Pane::List), look);
        draw_event(frame, event, tail, focus(Pane::Event), look);
    } else if tail.pane == Pane::Event {
        draw_event(frame, area, tail, focus(Pane::Event), look);
    } else {
        draw_list(frame, area, app, focus(Pane::List), look);
    }
}

/// Take `height` rows off the top of an area.
fn take_top(area: &mut Rect, height: u16) -> Rect {
    let height = height.min(area.height);
    let top = Rect { height, ..*area };
    *area = Rect { y: area.y + height, height: area.height - height, ..*area };
    top
}

fn draw_list(frame: &mut Frame, area: Rect, app: &App, focused: bool, look: &Look) {
    let (tail, world, theme) = (&app.tail, &app.world, &look.theme);
    let title = title(tail, world, usize::from(area.width).saturating_sub(4), look);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    if inner.height >= LOW {
        frame.render_widget(strip(&tail.lane, world.now, usize::from(inner.width), theme), take_top(&mut inner, 1));
    }
    if let Some(field) = &tail.asked {
        draw_subject_field(frame, &mut inner, field, theme);
    }
    let received = &tail.lane.received;
    let rows = tail.lines.len(received);
    let room = if rows == 0 { usize::from(inner.height) } else { TROUBLE };
    for text in trouble(&tail.lane, world.now, usize::from(inner.width), room) {
        let style = if matches!(tail.lane.link, Link::Lost { .. }) { theme.warn } else { theme.bad };
        frame.render_widget(Line::styled(format!(" {text}"), style), take_top(&mut inner, 1));
    }
    if let Some(filter) = &tail.lines.filter {
        editor::field(frame, take_top(&mut inner, 1), " filter: ", filter, tail.lines.filtering, theme);
    }
    if rows == 0 {
        pane::empty(frame, inner, &nothing(tail, look), theme);
    } else {
        draw_rows(frame, area, inner, tail, world, focused, look);
    }
    if let Some(percent) = tail.lines.looked_at(received) {
        pane::corner(frame, area, &format!("looking, {percent} %"), theme.warn);
    } else if tail.lines.is_held() {
        let text = match tail.lines.below(received) {
            0 => "paused, Space or G follows".to_owned(),
            below => format!("paused: {} new below, G follows", grouped(below as u64)),
        };
        pane::corner(frame, area, &text, theme.warn);
    }
}

fn draw_rows(frame: &mut Frame, area: Rect, inner: Rect, tail: &Tail, world: &World, focused: bool, look: &Look) {
    let (theme, received) = (&look.theme, &tail.lane.received);
    let mut inner = inner;
    let columns = Columns::divide(usize::from(inner.width), has_many_subjects(&tail.lane, world));
    if inner.height > 3 {
        frame.render_widget(head(columns, look), take_top(&mut inner, 1));
    }
    let len = tail.lines.len(received);
    let window = tail.lines.list.show(usize::from(inner.height), len);
    let mut above = None;
    for index in window.clone() {
        let line = match tail.lines.row(index, received) {
            Some(Row::Event(position)) => {
                let line = line(&received.log, position, above, columns, look);
                above = Some(position);
                line
            }
            Some(Row::Mark(number)) => {
                received.marks.get(number).map(|mark| mark_line(mark, columns.total, theme)).unwrap_or_default()
            }
            None => break,
        };
        let chosen = index == tail.lines.list.selected();
        let at = take_top(&mut inner, 1);
        frame.render_widget(if chosen { line.style(theme.cursor(focused)) } else { line }, at);
    }
    pane::scrollbar(frame, area, &window, len, theme);
}

/// Whether the rows can have different subjects.
fn has_many_subjects(lane: &Lane, world: &World) -> bool {
    lane.received.log.subjects().len() > 1
        || world.tree.find(&lane.subject).is_none_or(|node| !world.tree.children(node).is_empty())
        || lane.subject == "/"
}

fn mark_line<'a>(mark: &Mark, columns: usize, theme: &Theme) -> Line<'a> {
    let Interruption::Reconnected { away, complete } = &mark.what;
    let missing = match complete {
        Some(true) => "nothing missing",
        Some(false) => "events are missing here",
        None => "events may be missing here",
    };
    let text = format!("── reconnected after {}, {missing} ──", span(*away));
    Line::styled(cut(&text, columns), if mark.what.is_gap() { theme.warn } else { theme.quiet })
}

/// What is watched, and how it goes: the most important first, as far as there is room.
fn title<'a>(tail: &Tail, world: &World, columns: usize, look: &Look) -> Line<'a> {
    let (theme, lane) = (&look.theme, &tail.lane);
    let state = match (&lane.link, tail.lines.is_held()) {
        (Link::Live, false) => Span::styled("● following", theme.good),
        (Link::Live, true) => Span::styled("● live, paused", theme.warn),
        (Link::Idle, _) => Span::styled("not watching", theme.quiet),
        (Link::Connecting, _) => Span::styled("◌ connecting", theme.warn),
        (Link::Lost { .. }, false) => Span::styled("▲ reconnecting", theme.warn),
        (Link::Lost { .. }, true) => Span::styled("▲ reconnecting, paused", theme.warn),
        (Link::Refused(_), _) => Span::styled("✕ refused", theme.bad),
    };
    let subject = cut_middle(&lane.subject, columns.saturating_sub(width(&state.content) + 3).clamp(1, 48));
    let mut parts = vec![
        Span::styled(format!("{}/s", per_second(lane.rates.rate(world.now.since_start))), theme.title),
        Span::raw(last_event(lane, world.now, look)),
    ];
    if lane.last.is_some() {
        parts.push(Span::styled(number_of_events(tail), theme.quiet));
    }
    if lane.dropped > 0 {
        parts.push(Span::styled(format!("{} older dropped", grouped(lane.dropped)), theme.warn));
    }
    if lane.from == From::Start {
        parts.push(Span::styled("from the start", theme.quiet));
    }
    let mut spans = vec![Span::raw(format!("{subject}   ")), state];
    let mut used: usize = spans.iter().map(|span| width(&span.content)).sum();
    for part in parts {
        used += width(&part.content) + 3;
        if used > columns {
            break;
        }
        spans.extend([Span::raw("   "), part]);
    }
    Line::from(spans)
}

fn number_of_events(tail: &Tail) -> String {
    let all = count(tail.lane.received.log.len() as u64, "event");
    match tail.lines.needle().is_empty() {
        true => all,
        false => format!("{} of {all}", grouped(tail.lines.events(&tail.lane.received) as u64)),
    }
}

fn per_second(rate: f64) -> String {
    match rate {
        0.0 => "0".into(),
        rate if rate < 9.95 => format!("{rate:.1}"),
        rate => grouped(rate.round() as u64),
    }
}

/// The age of the last event while it counts seconds, else its time: what is not counted must not look counted.
fn last_event(lane: &Lane, now: Now, look: &Look) -> String {
    let Some(last) = lane.last else { return "no event yet".into() };
    match now.since_start.saturating_sub(last.since_start).as_secs() {
        0 => "last event just now".into(),
        age if age < MINUTE as u64 => format!("last event {age} s ago"),
        _ => format!("last event at {}", clock(last.wall, look)),
    }
}

fn clock(nanos: i64, look: &Look) -> String {
    date_and_time(nanos, &look.zone).and_then(|(_, time)| Some(time.get(..8)?.to_owned())).unwrap_or_default()
}

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The last minute as bars, and the types that come most.
fn strip<'a>(lane: &Lane, now: Now, columns: usize, theme: &Theme) -> Line<'a> {
    let (seconds, label) = match columns {
        120.. => (1, " last minute"),
        90.. => (2, " last minute"),
        60.. => (3, " 1 min"),
        _ => (4, " 1 min"),
    };
    let strip = lane.rates.strip(now.since_start);
    let bars: Vec<u64> = strip.chunks(seconds).map(|part| part.iter().sum()).collect();
    let most = bars.iter().copied().max().unwrap_or(0).max(1);
    let top = LEVELS.len() as u64 - 1;
    // The lowest bar is no event at all, so that a single one is seen.
    let drawn: String = bars.iter().map(|bar| LEVELS[(bar * top).div_ceil(most).min(top) as usize]).collect();
    let mut spans = vec![Span::raw(" "), Span::styled(drawn, theme.accent), Span::styled(label, theme.quiet)];
    let mut used: usize = spans.iter().map(|span| width(&span.content)).sum();
    for (kind, rate) in lane.rates.top(now.since_start) {
        let kind = lane.received.log.kinds().text(kind);
        let (name, rate) = (cut_middle(short_kind(kind), 28), format!(" {}/s", per_second(rate)));
        used += width(&name) + width(&rate) + 3;
        if used > columns {
            break;
        }
        spans.extend([Span::raw("   "), Span::styled(name, theme.kind(kind)), Span::styled(rate, theme.quiet)]);
    }
    Line::from(spans)
}

/// What is wrong with the connection, what to do first, in so many columns and rows at most.
fn trouble(lane: &Lane, now: Now, columns: usize, rows: usize) -> Vec<String> {
    let text = match &lane.link {
        Link::Lost { reason, attempt, next } => {
            let wait = next.saturating_sub(now.since_start);
            let next = match wait {
                Duration::ZERO => format!("attempt {attempt} now"),
                wait => format!("attempt {attempt} in {} s, r tries now", wait.as_secs_f64().ceil()),
            };
            format!("Not connected, {next}. {}", sentence(reason))
        }
        Link::Refused(failure) => {
            format!("Not watching; r tries again, s watches another subject. {}", sentence(failure))
        }
        _ => return Vec::new(),
    };
    let mut lines = wrap(&clean(&text[..text.floor_char_boundary(2000)]), columns.saturating_sub(2));
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last} …"), columns.saturating_sub(2));
        }
    }
    lines
}

fn nothing(tail: &Tail, look: &Look) -> String {
    let (lane, lines) = (&tail.lane, &tail.lines);
    let name = if lane.subject == "/" { "the whole store".into() } else { clean(&lane.subject) };
    let all = lane.received.log.len() as u64;
    match &lane.link {
        _ if lines.looked_at(&lane.received).is_some() => "Looking for events …".into(),
        _ if all > 0 && !lines.needle().is_empty() && lines.below(&lane.received) == 0 => {
            format!("None of the {} contains this text. Esc takes the filter away.", count(all, "event"))
        }
        _ if lines.is_held() => "Paused, and nothing had come by then. Space or G shows what came since.".into(),
        Link::Live => format!(
            "Watching {name} since {}. Events appear here as they are committed.  b gets what is there already, \
             s watches another subject, 4 commits an event.",
            clock(lane.since, look)
        ),
        Link::Connecting => format!("Connecting, to watch {name} …"),
        Link::Lost { .. } => "Nothing was received yet. gdbx keeps trying; what comes is shown here.".into(),
        Link::Refused(_) => String::new(),
        Link::Idle => "Nothing is watched. s watches a subject.".into(),
    }
}

fn draw_subject_field(frame: &mut Frame, inner: &mut Rect, field: &SubjectField, theme: &Theme) {
    editor::field(frame, take_top(inner, 1), " watch: ", &field.input, true, theme);
    let below = take_top(inner, 1);
    let columns = usize::from(below.width);
    let line = match (field.problem, field.found.as_slice()) {
        (Some(problem), _) => Line::styled(cut(&format!(" {problem}"), columns), theme.bad),
        (None, []) => Line::styled(cut(" No subject that is loaded begins like this.", columns), theme.quiet),
        (None, found) => {
            let text = format!(" Tab completes: {}", found.join("  "));
            Line::styled(cut(&text, columns), theme.quiet)
        }
    };
    frame.render_widget(line, below);
}

fn draw_event(frame: &mut Frame, area: Rect, tail: &Tail, focused: bool, look: &Look) {
    let theme = &look.theme;
    let Some(opened) = &tail.opened else { return };
    let kind = opened.kind.as_deref();
    let (name, style) = kind.map_or(("no event", theme.bad), |kind| (short_kind(kind), theme.kind(kind)));
    let note = if opened.view.raw { "   as received" } else { "" };
    let title = Line::from(vec![
        Span::styled(cut_middle(name, usize::from(area.width).saturating_sub(note.len() + 6)), style),
        Span::styled(note, theme.quiet),
    ]);
    let inner = pane::pane(frame, area, title, focused, theme);
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(1), ..inner };
    let (window, len) = json::json(frame, inner, &opened.view, focused, theme);
    pane::scrollbar(frame, area, &window, len, theme);
}
