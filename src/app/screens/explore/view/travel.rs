//! Drawing of time travel: the state, what the event changed in it, and the scrubber.

use super::super::state_rows::{Content, Mark, StateRow};
use super::super::stored;
use super::super::travel::Travel;
use crate::app::world::World;
use crate::model::count::grouped;
use crate::model::event::short_kind;
use crate::model::fold::Blank;
use crate::model::json::{Json, Kind};
use crate::ui::json::scalar;
use crate::ui::line::LineView;
use crate::ui::text::{cut, cut_middle, date_and_time, pad, width};
use crate::ui::{Look, Theme, pane, part};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// How the state is made, in as many words as there is room for.
const RULES: [&str; 3] = [
    "state = each event's data merged over it (RFC 7396); your domain's own rule may differ",
    "state = data merged event by event (RFC 7396); yours may differ",
    "merged by RFC 7396",
];

/// The widest that the scrubber's line is drawn.
const SCRUBBER: usize = 80;

/// Draw the state over time.
pub fn draw(frame: &mut Frame, area: Rect, travel: &Travel, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let mut words = "time travel".to_owned();
    if !world.has_all_of(travel.subject()) {
        match part::loaded(world) {
            Some(loaded) => words.push_str(&format!("   from {loaded}")),
            None => words.push_str("   from the events that are loaded"),
        }
    }
    let playing = if travel.playing { "   ▶ playing" } else { "" };
    let room = usize::from(area.width).saturating_sub(width(&words) + width(playing) + 8).max(8);
    let title = Line::from(vec![
        Span::raw(cut_middle(travel.subject(), room)),
        Span::styled(format!("   {words}"), theme.quiet),
        Span::styled(playing, theme.good),
    ]);
    let inner = pane::pane(frame, area, title, focused, theme);
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(1), ..inner };
    let [rows, note, scrubber, rule] = Layout::vertical([
        Constraint::Min(0),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(u16::from(inner.height >= 5)),
    ])
    .areas(inner);
    draw_rows(frame, area, rows, travel, focused, theme);
    let columns = usize::from(inner.width);
    frame.render_widget(note_line(travel, world, columns, look), note);
    draw_scrubber(frame, scrubber, travel, world, look);
    let words = RULES.into_iter().find(|words| width(words) <= columns).unwrap_or_default();
    frame.render_widget(Line::styled(words, theme.quiet), rule);
}

fn draw_rows(frame: &mut Frame, area: Rect, at: Rect, travel: &Travel, focused: bool, theme: &Theme) {
    if let Some(folded) = travel.folding() {
        let words = format!("Folding {} of {} events …", grouped(folded as u64), grouped(travel.at() as u64 + 1));
        return pane::empty(frame, at, &words, theme);
    }
    let all = travel.rows();
    if all.is_empty() {
        return pane::empty(frame, at, "There is no state here: no event so far has data.", theme);
    }
    let window = travel.list.show(usize::from(at.height), all.len());
    let columns = usize::from(at.width);
    for (y, index) in (0u16..).zip(window.clone()) {
        let Some(row) = all.get(index) else { break };
        let line = row_line(row, columns, theme);
        let line = if focused && index == travel.list.selected() { line.style(theme.selected) } else { line };
        frame.render_widget(line, Rect { y: at.y + y, height: 1, ..at });
    }
    pane::scrollbar(frame, Rect { height: at.height + 2, ..area }, &window, all.len(), theme);
}

fn row_line<'a>(row: &StateRow, columns: usize, theme: &Theme) -> Line<'a> {
    let (sign, style) = match row.mark {
        Mark::Same => ("  ", Style::new()),
        Mark::Added => ("+ ", theme.good),
        Mark::Changed => ("~ ", theme.warn),
        Mark::Removed => ("- ", theme.bad),
    };
    let fold = match row.content {
        Content::Container(_, _, true) => "▾ ",
        Content::Container(_, members, false) if members > 0 => "▸ ",
        _ => "  ",
    };
    let indent = "  ".repeat(row.depth.min(columns / 4));
    let key = cut(&row.key, columns / 2);
    let setter = format!(" by {}", grouped(row.set_by as u64 + 1));
    let used = width(&indent) + 4 + width(&key) + 2;
    let with_setter = columns >= 50;
    let room = columns.saturating_sub(used + if with_setter { width(&setter) } else { 0 });
    let (mut value, value_style) = value_text(row, theme);
    if row.erased {
        value.push_str(" empty or erased");
    }
    let before = row.before.as_ref().map(|before| format!("   ← {}", cut(before, 4096)));
    // The present value comes first; the previous one has what is left, but a few columns at least.
    let kept = before.as_ref().map_or(0, |before| width(before).min(room / 2));
    let value = cut(&value, room.saturating_sub(kept));
    let before = before.map(|before| cut(&before, room.saturating_sub(width(&value)))).unwrap_or_default();
    let filled = used + width(&value) + width(&before);
    let mut spans = vec![
        Span::styled(sign, style),
        Span::raw(indent),
        Span::styled(fold, theme.quiet),
        Span::styled(key, if row.key.starts_with('[') { theme.quiet } else { theme.member }),
        Span::raw("  "),
        Span::styled(value, value_style),
        Span::styled(before, style),
    ];
    if with_setter {
        spans.push(Span::raw(" ".repeat(columns.saturating_sub(filled + width(&setter)))));
        spans.push(Span::styled(setter, theme.quiet));
    }
    Line::from(spans)
}

fn value_text(row: &StateRow, theme: &Theme) -> (String, Style) {
    match &row.content {
        Content::Removed => ("removed".to_owned(), theme.bad),
        Content::Container(Kind::Object, members, open) if *members == 0 || !open => {
            (format!("{{ {members} }}"), theme.quiet)
        }
        Content::Container(Kind::Array, members, false) => (format!("[ {members} ]"), theme.quiet),
        Content::Container(Kind::Array, members, true) => (members.to_string(), theme.quiet),
        Content::Container(..) => (String::new(), theme.quiet),
        Content::Scalar(text) => (cut(text, 4096), scalar(Json::trusted(text).kind(), theme)),
    }
}

/// What event it is, and what there is to say of it.
fn note_line<'a>(travel: &Travel, world: &World, columns: usize, look: &Look) -> Line<'a> {
    let theme = &look.theme;
    let kind = travel.position().and_then(|position| stored::kind(&world.log, position)).unwrap_or("no event");
    let name = cut_middle(short_kind(kind), columns / 2);
    let room = columns.saturating_sub(width(&name) + 3);
    let note = match travel.blank() {
        Some(Blank::Empty) => "its data is empty or erased: nothing changes",
        Some(Blank::Keys) => "its data is erased: only the keys are left",
        None if travel.folding().is_some() => "",
        None if travel.rows().iter().all(|row| row.mark == Mark::Same) => "nothing changes",
        None => "",
    };
    Line::from(vec![Span::styled(name, theme.kind(kind)), Span::raw("   "), Span::styled(cut(note, room), theme.warn)])
}

/// `├──●───────┤ 3 of 6 · 2026-03-01 13:58:40`, or the time that is being typed.
fn draw_scrubber(frame: &mut Frame, area: Rect, travel: &Travel, world: &World, look: &Look) {
    let theme = &look.theme;
    let columns = usize::from(area.width);
    if let Some(time) = &travel.time {
        let (said, style) = match travel.problem {
            Some(problem) => (problem, theme.bad),
            None => ("2026-03-01, 13:58 or both", theme.quiet),
        };
        return LineView::new(time, true).label("go to time: ").said(said, style).draw(frame, area, theme);
    }
    let time = travel.position().and_then(|position| stored::time(&world.log, position));
    let time = time.and_then(|time| date_and_time(time, &look.zone));
    let time = time.map_or_else(|| "no time".to_owned(), |(date, time)| format!("{date} {time}"));
    let place = format!(" {} of {}", grouped(travel.at() as u64 + 1), grouped(travel.len() as u64));
    // The numbers stand where they stand, so that the line does not jump while it is played.
    let widest = place.len().max(grouped(travel.len() as u64).len() * 2 + 5);
    let words = format!("{} · {time}", pad(&place, widest));
    let track = columns.saturating_sub(width(&words)).min(SCRUBBER);
    let Some(inside) = track.checked_sub(3) else {
        return frame.render_widget(Line::raw(cut(words.trim_start(), columns)), area);
    };
    let last = travel.len().saturating_sub(1).max(1);
    let left = inside * travel.at().min(last) / last;
    let line = Line::from(vec![
        Span::styled(format!("├{}", "─".repeat(left)), theme.quiet),
        Span::styled("●", theme.accent),
        Span::styled(format!("{}┤", "─".repeat(inside - left)), theme.quiet),
        Span::raw(words),
    ]);
    frame.render_widget(line, area);
}
