//! Drawing of a trace: how much there is of it, and the place at which the value stands.

use crate::app::screens::explore::events::Events;
use crate::model::count::count;
use crate::model::event::Envelope;
use crate::model::log::Row;
use crate::model::mention::Mention;
use crate::ui::Look;
use crate::ui::text::cut_middle;
use ratatui::text::Span;

/// In an event with more bytes, the place is not looked for while drawing.
const LONGEST: usize = 256 << 10;

/// `17 events in 5 subjects`
pub fn number(events: &Events) -> String {
    format!("{} in {}", count(events.len() as u64, "event"), count(events.subjects() as u64, "subject"))
}

/// The place at which an event mentions the value.
pub fn place(event: &Envelope<'_>, row: &Row, mention: &Mention, room: usize, look: &Look) -> Vec<Span<'static>> {
    let place = match row.text_len() <= LONGEST {
        true => mention.place(event.json).unwrap_or_default(),
        false => "in a large event".into(),
    };
    vec![Span::styled(cut_middle(&place, room), look.theme.member)]
}
