//! Drawing of the Tail screen: the list, and where the rest stands.

mod head;
mod overview;
#[cfg(test)]
mod tests;

use super::lane::Link;
use super::lines::Row;
use super::marks::{Interruption, Mark};
use super::prompt::{Asked, Prompt};
use super::subject_field::SubjectField;
use super::{Pane, Tail};
use crate::app::App;
use crate::app::line::TypedLine;
use crate::app::probe::Probe;
use crate::app::world::World;
use crate::model::count::grouped;
use crate::model::event::short_kind;
use crate::ui::event_rows::{Columns, head as columns_head, line};
use crate::ui::line::LineView;
use crate::ui::text::{cut, cut_middle, span, width};
use crate::ui::{Look, Theme, json, pane};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// From this width on, the list and an opened event stand side by side.
const WIDE: u16 = 100;
/// The columns of the overview beside the list.
const OVERVIEW: u16 = 56;
/// Below this height there is no room for the rate strip.
const LOW: u16 = 7;

/// Draw the screen.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let tail = &app.tail;
    let focus = |pane: Pane| app.overlays.is_empty() && tail.pane == pane;
    let mut area = area;
    if tail.overview.is_some() {
        let wide = area.width >= WIDE + if tail.opened.is_some() { OVERVIEW } else { 0 };
        if wide {
            let [rest, right] = Layout::horizontal([Constraint::Min(0), Constraint::Length(OVERVIEW)]).areas(area);
            overview::draw(frame, right, tail, app.world.now, focus(Pane::Overview), &look.theme);
            area = rest;
        } else if tail.pane == Pane::Overview {
            return overview::draw(frame, area, tail, app.world.now, focus(Pane::Overview), &look.theme);
        }
    }
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
    let title = head::title(tail, world, usize::from(area.width).saturating_sub(4), look);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    let columns = usize::from(inner.width);
    if inner.height >= LOW {
        frame.render_widget(head::strip(tail, world.now, columns, theme), take_top(&mut inner, 1));
    }
    if tail.lanes.len() > 1 && usize::from(inner.height) >= usize::from(LOW) + tail.lanes.len() {
        for lane in &tail.lanes {
            let line = head::lane(lane, tail, world.now, columns, look);
            frame.render_widget(line, take_top(&mut inner, 1));
        }
    }
    match &tail.prompt {
        Some(Prompt::Subject { field, add }) => draw_subject_field(frame, &mut inner, field, *add, theme),
        Some(Prompt::Line { what, input, problem }) => {
            draw_prompt(frame, &mut inner, *what, input, problem.as_deref(), theme);
        }
        None => {}
    }
    let rows = tail.lines.len(&tail.received);
    for lane in &tail.lanes {
        let room = if rows == 0 && tail.lanes.len() == 1 { usize::from(inner.height) } else { head::TROUBLE };
        for text in head::trouble(lane, tail.lanes.len() > 1, world.now, columns, room) {
            let style = if matches!(lane.link, Link::Lost { .. }) { theme.warn } else { theme.bad };
            frame.render_widget(Line::styled(format!(" {text}"), style), take_top(&mut inner, 1));
        }
    }
    if let Some(filter) = &tail.lines.filter {
        draw_filter(frame, &mut inner, tail, filter, theme);
    }
    if rows == 0 {
        pane::empty(frame, inner, &head::nothing(tail, world, look), theme);
    } else {
        draw_rows(frame, area, inner, tail, world, focused, look);
    }
    draw_corner(frame, area, tail, theme);
}

/// At the bottom: what is not seen. Events that had to go, events that came below a held view.
fn draw_corner(frame: &mut Frame, area: Rect, tail: &Tail, theme: &Theme) {
    let received = &tail.received;
    let looked_at = tail.lines.looked_at(received).filter(|percent| *percent < 99);
    let text = match (looked_at, tail.lines.is_held(), tail.lines.below(received)) {
        (Some(percent), ..) => format!("looking, {percent} %"),
        (None, false, _) => String::new(),
        (None, true, 0) => "paused, Space or G follows".to_owned(),
        (None, true, below) => format!("paused: {} new below, G follows", grouped(below as u64)),
    };
    let mut left = area;
    if !text.is_empty() {
        pane::corner(frame, area, &text, theme.warn);
        left.width = left.width.saturating_sub(u16::try_from(width(&text) + 4).unwrap_or(u16::MAX));
    }
    if received.dropped > 0 {
        let dropped = format!("full: {} older dropped", grouped(received.dropped));
        pane::note(frame, left, &[dropped.as_str(), "full"], theme.warn);
    }
}

/// The filter with its way (text, regex, condition) and, below it, what is wrong with it.
fn draw_filter(frame: &mut Frame, inner: &mut Rect, tail: &Tail, filter: &TypedLine, theme: &Theme) {
    let way = tail.lines.probe().filter(|_| tail.lines.problem().is_none()).map(|probe| format!(" ({})", probe.what()));
    let label = format!(" filter{}: ", way.unwrap_or_default());
    LineView::new(filter, tail.lines.filtering).label(&label).draw(frame, take_top(inner, 1), theme);
    if let Some(problem) = tail.lines.problem() {
        let line = Line::styled(cut(&format!(" {problem}"), usize::from(inner.width)), theme.bad);
        frame.render_widget(line, take_top(inner, 1));
    }
}

fn draw_rows(frame: &mut Frame, area: Rect, inner: Rect, tail: &Tail, world: &World, focused: bool, look: &Look) {
    let (theme, received) = (&look.theme, &tail.received);
    let mut inner = inner;
    let lanes = tail.lanes.len() > 1;
    let margin = if lanes { 2 } else { 0 };
    let columns = Columns::divide(usize::from(inner.width).saturating_sub(margin), has_many_subjects(tail, world));
    let columns = Columns { shift: tail.sideways.columns(), ..columns };
    if inner.height > 3 {
        let mut head = columns_head(columns, look);
        if lanes {
            head.spans.insert(0, Span::raw("  "));
        }
        frame.render_widget(head, take_top(&mut inner, 1));
    }
    let len = tail.lines.len(received);
    let window = tail.lines.list.show(usize::from(inner.height), len);
    let (mut above, mut more) = (None, false);
    for index in window.clone() {
        let mut line = match tail.lines.row(index, received) {
            Some(Row::Event(position)) => {
                let (line, goes_on) = event_line(tail, position, above, columns, look);
                more |= goes_on;
                above = Some(position);
                if tail.marked().contains(&position) {
                    let edge = Rect { x: area.x, y: inner.y, width: 1, height: 1 };
                    frame.render_widget(Span::styled("◆", theme.warn), edge);
                }
                line
            }
            Some(Row::Mark(number)) => received
                .marks
                .get(number)
                .map(|mark| mark_line(mark, tail, columns.total + margin, theme))
                .unwrap_or_default(),
            None => break,
        };
        let chosen = index == tail.lines.list.selected();
        if chosen {
            line = line.style(theme.cursor(focused));
        }
        frame.render_widget(line, take_top(&mut inner, 1));
    }
    tail.sideways.show(more);
    pane::scrollbar(frame, area, &window, len, theme);
}

/// The row of an event: with its lane when there are several, with what the filter found, in a rule's colour.
fn event_line<'a>(
    tail: &Tail,
    position: usize,
    above: Option<usize>,
    columns: Columns,
    look: &Look,
) -> (Line<'a>, bool) {
    let (theme, received) = (&look.theme, &tail.received);
    let (mut row, goes_on) = line(&received.log, position, above, columns, look);
    let rule = received.log.line(position).and_then(|text| tail.rules.of(&text));
    if let Some(rule) = rule {
        for span in &mut row.spans {
            span.style = span.style.patch(theme.ink(rule.ink));
        }
    }
    if let Some(probe) = tail.lines.probe() {
        row.spans = row.spans.into_iter().flat_map(|span| marked(span, probe, theme)).collect();
    }
    if tail.lanes.len() > 1 {
        let lane = received.lane(position);
        row.spans.insert(0, Span::styled(format!("{} ", lane + 1), theme.nth(lane)));
    }
    (row, goes_on)
}

/// A part of a row in pieces: what is looked for stands out.
fn marked<'a>(span: Span<'a>, probe: &Probe, theme: &Theme) -> Vec<Span<'a>> {
    let found = probe.marks(&span.content);
    if found.is_empty() {
        return vec![span];
    }
    let (mut pieces, mut at) = (Vec::new(), 0);
    let mut piece = |range: std::ops::Range<usize>, style| {
        if let Some(text) = span.content.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Span::styled(text.to_owned(), style));
        }
    };
    for range in found {
        piece(at..range.start, span.style);
        at = range.end;
        piece(range, span.style.patch(theme.found));
    }
    piece(at..span.content.len(), span.style);
    pieces
}

/// Whether the rows can have different subjects.
fn has_many_subjects(tail: &Tail, world: &World) -> bool {
    tail.lanes.len() > 1
        || tail.received.log.subjects().len() > 1
        || tail.lanes.iter().any(|lane| {
            let known = world.tree.find(&lane.subject);
            lane.subject == "/" || known.is_none_or(|node| !world.tree.children(node).is_empty())
        })
}

fn mark_line<'a>(mark: &Mark, tail: &Tail, columns: usize, theme: &Theme) -> Line<'a> {
    let lane = tail.lanes.iter().find(|lane| lane.number == mark.lane).filter(|_| tail.lanes.len() > 1);
    let of = lane.map(|lane| format!(" {}", cut_middle(&lane.subject, 24))).unwrap_or_default();
    let text = match &mark.what {
        Interruption::Reconnected { away, complete } => {
            let missing = match complete {
                Some(true) => "nothing missing",
                Some(false) => "events may be missing here",
                None => "continued after the last event",
            };
            format!("──{of} reconnected after {}, {missing} ──", span(*away))
        }
        Interruption::Gap => format!("──{of} the chain of hashes has a gap, events may be missing here ──"),
    };
    Line::styled(cut(&text, columns), if mark.what.is_gap() { theme.warn } else { theme.quiet })
}

fn draw_prompt(
    frame: &mut Frame,
    inner: &mut Rect,
    what: Asked,
    input: &TypedLine,
    problem: Option<&str>,
    theme: &Theme,
) {
    LineView::new(input, true).label(&format!(" {}", what.label())).draw(frame, take_top(inner, 1), theme);
    let below = take_top(inner, 1);
    let (text, style) = problem.map_or((what.hint(), theme.quiet), |problem| (problem, theme.bad));
    frame.render_widget(Line::styled(cut(&format!(" {text}"), usize::from(below.width)), style), below);
}

fn draw_subject_field(frame: &mut Frame, inner: &mut Rect, field: &SubjectField, add: bool, theme: &Theme) {
    let label = if add { " watch too: " } else { " watch: " };
    LineView::new(&field.input, true).label(label).draw(frame, take_top(inner, 1), theme);
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

/// Bars for counts, the highest of them as high as a line.
fn bars(counts: &[u64]) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let top = LEVELS.len() as u64 - 1;
    // The lowest bar is no event at all, so that a single one is seen.
    counts.iter().map(|bar| LEVELS[(bar * top).div_ceil(most).min(top) as usize]).collect()
}

fn per_second(rate: f64) -> String {
    match rate {
        0.0 => "0".into(),
        rate if rate < 9.95 => format!("{rate:.1}"),
        rate => grouped(rate.round() as u64),
    }
}

/// Spans as far as there is room, with space between them.
fn fitting<'a>(mut spans: Vec<Span<'a>>, parts: impl IntoIterator<Item = Vec<Span<'a>>>, columns: usize) -> Line<'a> {
    let mut used: usize = spans.iter().map(|span| width(&span.content)).sum();
    for part in parts {
        used += part.iter().map(|span| width(&span.content)).sum::<usize>() + 3;
        if used > columns {
            break;
        }
        spans.push(Span::raw("   "));
        spans.extend(part);
    }
    Line::from(spans)
}
