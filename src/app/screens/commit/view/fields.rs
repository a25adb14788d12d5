//! The fields of the event that is shown.

use super::super::event::Field;
use super::super::suggest::Suggestions;
use super::super::{CommitForm, Focus};
use super::{cut_off, indented};
use crate::app::App;
use crate::model::count::count;
use crate::model::json::Json;
use crate::ui::line::LineView;
use crate::ui::text::{cut, cut_middle, width};
use crate::ui::{Look, Theme, editor, json_text, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

/// The columns of the words before the fields.
const LABEL: u16 = 9;

/// Draw the event that is shown.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, focused: bool, look: &Look) {
    let (form, theme) = (&app.commit, &look.theme);
    let inner = pane::pane(frame, area, title(form, theme), focused, theme);
    if form.is_locked() {
        pane::corner(frame, area, "locked while it is sent", theme.warn);
    } else if frame.area().width < super::NARROW {
        // The line of keys has hardly room there.
        let commits = if app.world.connection.read_only { "Tab goes on" } else { "Tab goes on, Ctrl-s commits" };
        pane::corner(frame, area, commits, theme.quiet);
    }
    let inner = indented(inner, 1);
    let mut rest = inner;
    if let Some(text) = app.world.connection.why_read_only() {
        let (at, below) = cut_off(rest, 1);
        frame.render_widget(Span::styled(cut(text, usize::from(at.width)), theme.warn), at);
        rest = below;
    }
    // Where there is hardly room, the payload gets all of it while it is written.
    if rest.height < 9 && focused && form.focus == Focus::Field(Field::Data) {
        return data(frame, rest, form, focused, theme);
    }
    let mut list_at = None;
    for field in [Field::Source, Field::Subject, Field::Kind] {
        let (at, below) = cut_off(rest, 1);
        line(frame, at, form, field, focused, theme);
        if focused && form.focus == Focus::Field(field) {
            list_at = Some(below);
        }
        rest = below;
        if field == Field::Subject && inner.height >= 7 {
            let (at, below) = cut_off(rest, 1);
            subject_note(frame, indented(at, LABEL), app, theme);
            rest = below;
        }
    }
    let lines = u16::try_from(form.event().data.lines().len()).unwrap_or(u16::MAX).max(3).saturating_add(1);
    let (at, below) = cut_off(rest, lines.min(rest.height.saturating_sub(1)));
    data(frame, at, form, focused, theme);
    tick(frame, cut_off(below, 1).0, form, focused, theme);
    if let (Some(list), Some(below)) = (&form.suggestions, list_at) {
        suggestions(frame, indented(below, LABEL - 1), list, theme);
    }
}

fn title<'a>(form: &CommitForm, theme: &Theme) -> Line<'a> {
    let all = form.events.len();
    if all == 1 {
        return Line::raw("Event");
    }
    let mut spans = vec![Span::raw("Events  "), Span::raw(format!("{} of {all}", form.current + 1))];
    spans.push(Span::styled("   Alt-← Alt-→", theme.quiet));
    let broken = (0..all).find(|at| *at != form.current && form.events[*at].first_problem().is_some());
    if let Some(at) = broken {
        spans.push(Span::styled(format!("   ✕ event {} is not complete", at + 1), theme.warn));
    }
    Line::from(spans)
}

fn label(frame: &mut Frame, area: Rect, field: Field, here: bool, theme: &Theme) {
    let style = if here { theme.accent.add_modifier(Modifier::BOLD) } else { theme.quiet };
    frame.render_widget(Span::styled(field.label(), style), Rect { width: LABEL.min(area.width), ..area });
}

fn line(frame: &mut Frame, area: Rect, form: &CommitForm, field: Field, focused: bool, theme: &Theme) {
    let Some(text) = form.event().line(field).filter(|_| area.height > 0) else { return };
    let here = form.focus == Focus::Field(field);
    label(frame, area, field, here, theme);
    let at = indented(area, LABEL);
    let at = Rect { width: at.width.saturating_sub(2), ..at };
    let example = match field {
        Field::Source => "who writes it, like io.example.shop",
        Field::Subject => "what it is about, like /customer/42",
        _ => "what happened, like io.example.shop.order-placed",
    };
    LineView::new(text, here && focused && !form.is_locked()).example(example).draw(frame, at, theme);
    if !text.is_empty() {
        let (mark, style) =
            if form.event().problem(field).is_some() { ("✕", theme.bad) } else { ("✓", theme.good) };
        let at = Rect { x: area.right().saturating_sub(1), width: 1.min(area.width), ..area };
        frame.render_widget(Span::styled(mark, style), at);
    }
}

fn subject_note(frame: &mut Frame, area: Rect, app: &App, theme: &Theme) {
    let event = app.commit.event();
    let room = usize::from(area.width);
    let line = match event.problem(Field::Subject).filter(|_| !event.subject.is_empty()) {
        Some(problem) => Line::styled(cut(&problem.text, room), theme.bad),
        None => {
            let note = event.subject_note(app.world.health.generation).unwrap_or_default();
            Line::styled(cut(&note, room), theme.quiet)
        }
    };
    frame.render_widget(line, area);
}

/// The payload and, below it, whether it will do.
fn data(frame: &mut Frame, area: Rect, form: &CommitForm, focused: bool, theme: &Theme) {
    let here = form.focus == Focus::Field(Field::Data);
    label(frame, cut_off(area, 1).0, Field::Data, here, theme);
    let (at, below) = cut_off(indented(area, LABEL), area.height.saturating_sub(1).max(1));
    let text = form.event().data.text();
    let mut colours = json_text::highlights(&text, theme);
    let problem = form.event().problem(Field::Data);
    if let Some(at) = problem.as_ref().and_then(|problem| problem.at.clone()) {
        colours.push((at, theme.bad.add_modifier(Modifier::UNDERLINED)));
    }
    editor::editor(frame, at, &form.event().data, &colours, here && focused && !form.is_locked(), theme);
    let room = usize::from(below.width);
    let verdict = match problem {
        Some(problem) => Line::styled(cut(&format!("✕ {}", problem.text), room), theme.bad),
        None => {
            let lines = form.event().data.lines().len();
            let members = count(Json::trusted(&text).len() as u64, "member");
            let hidden = lines > usize::from(at.height);
            let size = if hidden { format!(", {}", count(lines as u64, "line")) } else { String::new() };
            Line::from(vec![
                Span::styled("valid ✓", theme.good),
                Span::styled(format!("  {members}{size}"), theme.quiet),
            ])
        }
    };
    frame.render_widget(verdict, below);
}

fn tick(frame: &mut Frame, area: Rect, form: &CommitForm, focused: bool, theme: &Theme) {
    let mark = if form.event().erasable { "[x]" } else { "[ ]" };
    let here = form.focus == Focus::Field(Field::Erasable);
    let text = cut(&format!("{mark} erasable (stored as reference)"), usize::from(area.width));
    let style = if here && focused { theme.selected } else { theme.title };
    frame.render_widget(Span::styled(text, if here { style } else { ratatui::style::Style::new() }), area);
}

/// The small list under the field with the cursor, over what stands there.
fn suggestions(frame: &mut Frame, area: Rect, list: &Suggestions, theme: &Theme) {
    let longest = list.items.iter().map(|item| width(item)).max().unwrap_or(0);
    let columns = u16::try_from(longest + 2).unwrap_or(area.width).min(area.width);
    let rows = u16::try_from(list.items.len()).unwrap_or(u16::MAX).min(area.height);
    let at = Rect { width: columns, height: rows, ..area };
    frame.render_widget(Clear, at);
    for (y, item) in (0..rows).zip(&list.items) {
        let room = usize::from(columns).saturating_sub(2);
        let text = format!(" {} ", crate::ui::text::pad(&cut_middle(item, room), room));
        let chosen = list.chosen == Some(usize::from(y));
        let style = if chosen { theme.selected } else { theme.tab.remove_modifier(Modifier::BOLD) };
        frame.render_widget(Span::styled(text, style), Rect { y: at.y + y, height: 1, ..at });
    }
}
