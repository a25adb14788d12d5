//! The request exactly as it will be sent, or what is missing for it.

use super::super::Focus;
use super::{cut_off, indented};
use crate::app::App;
use crate::model::request::Generation;
use crate::ui::text::{bytes, clean, cut};
use crate::ui::{Look, json_text, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Of a longer body only the start is laid out.
const SHOWN: usize = 64 * 1024;

/// Draw the request.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, focused: bool, look: &Look) {
    let (form, theme) = (&app.commit, &look.theme);
    let made = form.request();
    let body = made.as_ref().ok().and_then(|request| serde_json::to_string(request).ok());
    let size = body.as_ref().map_or_else(String::new, |body| format!("  {}", bytes(body.len() as u64)));
    let title = Line::from(vec![Span::raw("What will be sent"), Span::styled(size, theme.quiet)]);
    let inner = pane::pane(frame, area, title, focused, theme);
    let Some(body) = body else {
        let missing = match made {
            Err((event, focus, problem)) => {
                let of = if form.events.len() > 1 && matches!(focus, Focus::Field(_)) {
                    format!("Event {}: ", event + 1)
                } else {
                    String::new()
                };
                format!("Not complete. {of}{}", problem.text)
            }
            Ok(_) => "The request cannot be written as JSON.".into(),
        };
        return pane::empty(frame, inner, &clean(&missing), theme);
    };
    let inner = indented(inner, 1);
    let (head, rest) = cut_off(inner, 1);
    let generation = app.world.health.generation.unwrap_or(Generation::V2);
    let known = if app.world.health.generation.is_some() { "" } else { "   (or v1, once the server has answered)" };
    let route = format!("POST /api/{}/commit{known}", generation.name());
    frame.render_widget(Span::styled(cut(&route, usize::from(head.width)), theme.title), head);
    let shown = &body[..body.floor_char_boundary(SHOWN)];
    let mut lines = json_text::wrapped(shown, usize::from(rest.width), theme);
    if shown.len() < body.len() {
        let more = format!("… and {} more, which y copies", bytes((body.len() - shown.len()) as u64));
        lines.push(Line::styled(more, theme.quiet));
    }
    let len = lines.len();
    let room = usize::from(rest.height);
    // The position is the first line that is shown: it ends where the last line comes into view.
    let last = len.saturating_sub(room);
    form.preview_rows_are(last + 1);
    let start = form.preview.selected().min(last);
    for (y, line) in (0..rest.height).zip(lines.into_iter().skip(start)) {
        frame.render_widget(line, Rect { y: rest.y + y, height: 1, ..rest });
    }
    pane::scrollbar(frame, area, &(start..(start + room).min(len)), len, theme);
}
