//! What came of the commit.

use super::super::CommitForm;
use super::super::outcome::{Outcome, Stored};
use super::{cut_off, indented};
use crate::model::count::count;
use crate::model::event::short_kind;
use crate::ui::overlays::wrap;
use crate::ui::text::{clean, cut_middle, date_and_time, pad, width};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// How high the pane wants to be.
pub fn height(form: &CommitForm, columns: u16) -> u16 {
    let rows = match &form.outcome {
        Outcome::Stored { events, .. } if !events.is_empty() => events.len(),
        outcome => wrap(&words(outcome), usize::from(columns.saturating_sub(4))).len(),
    };
    u16::try_from(rows).unwrap_or(u16::MAX - 2).saturating_add(2)
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::None => String::new(),
        Outcome::Sending => "The events are being sent. The form is locked until the server has answered.".into(),
        Outcome::Stored { sent, .. } => {
            let (all, they) = (count(*sent as u64, "event"), if *sent == 1 { "it" } else { "them" });
            format!("Stored: {all}. This server does not tell the ids; Explore shows {they}.")
        }
        // The pane's title begins the sentence.
        Outcome::NotCommitted { text, .. } | Outcome::Unknown { text, .. } => {
            text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest).to_owned()
        }
    }
}

/// Draw what came of the commit.
pub fn draw(frame: &mut Frame, area: Rect, form: &CommitForm, focused: bool, look: &Look) {
    let theme = &look.theme;
    let (title, style) = heading(&form.outcome, look);
    let inner = pane::pane(frame, area, Line::styled(title, style), focused, theme);
    if matches!(form.outcome, Outcome::Unknown { .. }) {
        pane::corner(frame, area, "Alt-q goes to a query that tells", theme.warn);
    }
    let events = form.outcome.events();
    if events.is_empty() {
        let style = match &form.outcome {
            Outcome::NotCommitted { .. } | Outcome::Unknown { .. } => theme.bad,
            _ => Style::new(),
        };
        let inner = indented(inner, 1);
        let text = words(&form.outcome);
        let lines = wrap(&clean(&text), usize::from(inner.width.saturating_sub(1)));
        for (y, line) in (0..inner.height).zip(lines) {
            frame.render_widget(Span::styled(line, style), Rect { y: inner.y + y, height: 1, ..inner });
        }
        return;
    }
    let window = form.stored.show(usize::from(inner.height), events.len());
    let columns = divide(&events[window.clone()], usize::from(inner.width));
    let mut rest = inner;
    for index in window.clone() {
        let (at, below) = cut_off(rest, 1);
        let line = stored(&events[index], columns, theme);
        let here = index == form.stored.selected() && focused;
        frame.render_widget(if here { line.style(theme.selected) } else { line }, at);
        rest = below;
    }
    pane::scrollbar(frame, area, &window, events.len(), theme);
}

fn heading(outcome: &Outcome, look: &Look) -> (String, Style) {
    let theme = &look.theme;
    match outcome {
        Outcome::None => (String::new(), theme.quiet),
        Outcome::Sending => ("Sending …".into(), theme.warn),
        Outcome::Stored { sent, at, .. } => {
            let time = date_and_time(*at, &look.zone).map(|(_, time)| time).unwrap_or_default();
            (format!("Stored ✓  {}  {}", count(*sent as u64, "event"), time.get(..8).unwrap_or_default()), theme.good)
        }
        Outcome::NotCommitted { .. } => ("Not committed ✕".into(), theme.bad),
        Outcome::Unknown { .. } => ("Outcome unknown ?".into(), theme.bad),
    }
}

/// The columns of the type and of the subject, in a list of so many columns.
fn divide(events: &[Stored], columns: usize) -> (usize, usize, usize) {
    let widest = |text: fn(&Stored) -> &str| events.iter().map(|event| width(text(event))).max().unwrap_or(0);
    let id = widest(|event| &event.id).min(columns / 2);
    let left = columns.saturating_sub(id + 5);
    let kind = widest(|event| short_kind(&event.kind)).min(left / 2);
    (kind, widest(|event| &event.subject).min(left - kind), id)
}

fn stored<'a>(event: &Stored, columns: (usize, usize, usize), theme: &Theme) -> Line<'a> {
    let (kind, subject, id) = columns;
    let fitted = |text: &str, columns: usize| pad(&cut_middle(text, columns), columns);
    Line::from(vec![
        Span::styled(format!(" {}", fitted(short_kind(&event.kind), kind)), theme.kind(&event.kind)),
        Span::raw(format!("  {}  ", fitted(&event.subject, subject))),
        Span::styled(cut_middle(&event.id, id), theme.quiet),
    ])
}
