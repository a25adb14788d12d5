//! The preconditions, and whether they hold now.

use super::super::condition::{Condition, ConditionKind, Verdict};
use super::super::outcome::Outcome;
use super::super::{CommitForm, Focus};
use super::{cut_off, indented};
use crate::ui::line::LineView;
use crate::ui::overlays::wrap;
use crate::ui::text::{cut, width};
use crate::ui::{Look, Theme, editor, json_text, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// What stands where no precondition is.
const NONE: &str = "None: the events are stored whatever the store holds. Alt-p adds one.";
/// The columns of the kind.
const KIND: u16 = 21;
/// The columns of the verdict.
const VERDICT: u16 = 20;
/// From this width on, the verdict stands behind the text.
const BESIDE: u16 = 66;
/// A text of several lines takes at most so many while it is written.
const LINES: usize = 4;

/// How high the pane wants to be.
pub fn height(form: &CommitForm, columns: u16) -> u16 {
    let rows: u16 = (0..form.conditions.len()).map(|index| rows(form, index, columns.saturating_sub(3))).sum();
    let none = wrap(NONE, usize::from(columns.saturating_sub(4))).len();
    if form.conditions.is_empty() { u16::try_from(none).unwrap_or(1) + 2 } else { rows + 2 }
}

fn text_rows(form: &CommitForm, index: usize, condition: &Condition) -> u16 {
    let writing = form.focus == Focus::Text(index);
    let lines = condition.editor().filter(|_| writing).map_or(1, |editor| editor.lines().len().clamp(1, LINES));
    u16::try_from(lines).unwrap_or(1)
}

/// How many rows a precondition takes in so many columns.
fn rows(form: &CommitForm, index: usize, columns: u16) -> u16 {
    let Some(condition) = form.conditions.get(index) else { return 0 };
    let below = columns < BESIDE || details(form, index, condition).is_some();
    text_rows(form, index, condition) + u16::from(below)
}

/// Draw the preconditions.
pub fn draw(frame: &mut Frame, area: Rect, form: &CommitForm, focused: bool, look: &Look) {
    let theme = &look.theme;
    let title = match form.conditions.len() {
        0 => Line::raw("Preconditions"),
        some => Line::from(vec![Span::raw("Preconditions  "), Span::styled(some.to_string(), theme.quiet)]),
    };
    let inner = indented(pane::pane(frame, area, title, focused, theme), 1);
    if form.conditions.is_empty() {
        let inner = Rect { x: inner.x.saturating_sub(1), width: inner.width + 1, ..inner };
        return pane::empty(frame, inner, NONE, theme);
    }
    // The one with the cursor is always on the screen, with as many before it as fit.
    let mut first = form.focus.condition().unwrap_or(0).min(form.conditions.len() - 1);
    let mut used = rows(form, first, inner.width);
    while first > 0 && used + rows(form, first - 1, inner.width) <= inner.height {
        first -= 1;
        used += rows(form, first, inner.width);
    }
    let mut rest = inner;
    for (index, condition) in form.conditions.iter().enumerate().skip(first) {
        let (at, below) = cut_off(rest, rows(form, index, inner.width));
        if at.height > 0 {
            draw_one(frame, at, form, index, condition, focused, theme);
        }
        rest = below;
    }
    if first > 0 || rows_from(form, first, inner.width) > inner.height {
        pane::corner(frame, area, "Tab shows the others", theme.quiet);
    }
}

fn rows_from(form: &CommitForm, first: usize, columns: u16) -> u16 {
    (first..form.conditions.len()).map(|index| rows(form, index, columns)).sum()
}

fn draw_one(
    frame: &mut Frame,
    area: Rect,
    form: &CommitForm,
    index: usize,
    condition: &Condition,
    focused: bool,
    theme: &Theme,
) {
    let at_kind = form.focus == Focus::Kind(index);
    let name = condition.kind.name();
    let (text, style) = match (at_kind, focused) {
        (true, true) => (format!("‹ {name} ›"), theme.selected),
        (true, false) => (format!("‹ {name} ›"), theme.title),
        _ => (name.to_owned(), theme.title),
    };
    let (first, below) = cut_off(area, text_rows(form, index, condition));
    frame.render_widget(Span::styled(cut(&text, usize::from(KIND)), style), cut_off(first, 1).0);
    let beside = area.width >= BESIDE;
    let mut at = indented(first, KIND + 1);
    at.width = at.width.saturating_sub(if beside { VERDICT + 1 } else { 0 });
    text_of(frame, at, condition, form.focus == Focus::Text(index) && focused && !form.is_locked(), theme);
    let (verdict, style) = verdict(form, index, condition, theme);
    let detail = details(form, index, condition).map(|(text, style)| (text, style(theme)));
    let under = indented(cut_off(below, 1).0, 2);
    let room = usize::from(under.width);
    if beside {
        frame.render_widget(Span::styled(verdict, style), indented(cut_off(first, 1).0, first.width - VERDICT));
        if let Some((text, style)) = detail {
            frame.render_widget(Span::styled(cut(&text, room), style), under);
        }
    } else {
        let (text, style) = match detail {
            None => (verdict.to_owned(), style),
            Some((text, style)) if verdict.is_empty() => (text, style),
            Some((text, _)) => (format!("{verdict}  {text}"), style),
        };
        frame.render_widget(Span::styled(cut(&text, room), style), under);
    }
}

fn text_of(frame: &mut Frame, at: Rect, condition: &Condition, writing: bool, theme: &Theme) {
    let text = condition.text();
    let mut colours = match condition.kind {
        ConditionKind::Raw => json_text::highlights(&text, theme),
        _ => Vec::new(),
    };
    let wrong = condition.to_precondition().err().or_else(|| condition.warning());
    if let Some(range) = wrong.and_then(|problem| problem.at) {
        colours.push((range, theme.bad.add_modifier(Modifier::UNDERLINED)));
    }
    let hidden = !writing && width(&text) > usize::from(at.width);
    match (condition.line(), condition.editor()) {
        (Some(line), _) => LineView::new(line, writing).highlights(&colours).draw(frame, at, theme),
        (None, Some(editor)) if hidden => {
            // What is not being written is shown from its beginning, with a mark where it goes on.
            let line = editor.lines().iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
            frame.render_widget(Span::raw(cut(&line, usize::from(at.width))), Rect { height: 1.min(at.height), ..at });
        }
        (None, Some(editor)) => editor::editor(frame, at, editor, &colours, writing, theme),
        (None, None) => {}
    }
}

fn is_blamed(form: &CommitForm, index: usize) -> bool {
    matches!(&form.outcome, Outcome::NotCommitted { blamed: Some(at), .. } if *at == index)
}

fn verdict(form: &CommitForm, index: usize, condition: &Condition, theme: &Theme) -> (&'static str, Style) {
    if condition.to_precondition().is_err() {
        return ("not complete ✕", theme.bad);
    }
    match &condition.verdict {
        _ if is_blamed(form, index) => ("stopped the commit ✕", theme.bad),
        Verdict::Untried => ("", theme.quiet),
        Verdict::Trying => ("is tried …", theme.quiet),
        Verdict::Known { stale: true, result: Ok(true) } => ("held, trying again", theme.quiet),
        Verdict::Known { stale: true, result: Ok(false) } => ("failed, trying again", theme.quiet),
        Verdict::Known { stale: true, .. } => ("trying again …", theme.quiet),
        Verdict::Known { result: Ok(true), .. } => ("holds now ✓", theme.good),
        Verdict::Known { result: Ok(false), .. } => ("does not hold now ✕", theme.warn),
        Verdict::Known { result: Err(_), .. } => ("cannot be tried", theme.warn),
    }
}

type Detail = (String, fn(&Theme) -> Style);

/// What is to be said about a precondition beyond whether it holds.
fn details(form: &CommitForm, index: usize, condition: &Condition) -> Option<Detail> {
    if let Err(problem) = condition.to_precondition() {
        return Some((problem.text, |theme| theme.bad));
    }
    if let (Outcome::NotCommitted { reason, .. }, true) = (&form.outcome, is_blamed(form, index)) {
        return Some((reason.clone(), |theme| theme.bad));
    }
    if let Verdict::Known { result: Err(failure), stale: false } = &condition.verdict {
        return Some((failure.message.clone(), |theme| theme.quiet));
    }
    let warning = condition.warning()?;
    Some((format!("{} The server may still know it.", warning.text), |theme| theme.warn))
}
