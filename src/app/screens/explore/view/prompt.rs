//! Drawing of what is typed over the panes: the line, and the choices below it.

use crate::app::export::dialog::ExportDialog;
use crate::app::screens::explore::Explore;
use crate::app::screens::explore::prompt::{Choice, Picker, Prompt};
use crate::app::world::World;
use crate::ui::line::LineView;
use crate::ui::text::{clean, cut, cut_middle, pad_left, width};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

/// The box has no more columns than this.
const WIDEST: u16 = 84;
/// And no more rows of choices.
const MOST: u16 = 12;

/// Draw the prompt over the panes.
pub fn draw(frame: &mut Frame, area: Rect, explore: &Explore, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    match &explore.prompt {
        None => {}
        Some(Prompt::Field(prompt)) => {
            let empty = "No field of the listed events has these letters. data.total or address.city names one.";
            picker(frame, area, "Columns   ⏎ adds or takes away", &prompt.picker, empty, focused, theme);
        }
        Some(Prompt::GoTo(prompt)) => {
            let empty = match (prompt.picker.field.is_empty(), prompt.is_looking(&world.tree)) {
                (true, _) => "Type an event's id, a time (2026-03-01, 12:30, -2h), or some letters of a subject.",
                (false, true) => "Looking …",
                (false, false) => "No subject has these letters; it is no time (2026-03-01, 12:30, -2h) and no id.",
            };
            picker(frame, area, "Go to an event, a time or a subject", &prompt.picker, empty, focused, theme);
        }
        Some(Prompt::Export(dialog)) => export(frame, area, explore, world, dialog, focused, theme),
    }
}

/// A box for so many rows in the upper part of the screen.
fn place(area: Rect, rows: u16) -> Rect {
    let (wide, high) = (WIDEST.min(area.width), (rows + 2).min(area.height));
    let top = (area.height - high).min(2);
    Rect::new(area.x + (area.width - wide) / 2, area.y + top, wide, high)
}

fn below(area: Rect) -> Rect {
    Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area }
}

fn picker(frame: &mut Frame, area: Rect, title: &str, picker: &Picker, empty: &str, focused: bool, theme: &Theme) {
    let rows = u16::try_from(picker.choices.len()).unwrap_or(MOST).clamp(2, MOST);
    let at = place(area, rows + 1);
    let inner = pane::pane(frame, at, Line::raw(cut(title, usize::from(at.width).saturating_sub(4))), focused, theme);
    LineView::new(&picker.field, focused).label(" ").draw(frame, inner, theme);
    let inner = below(inner);
    if picker.choices.is_empty() {
        return pane::empty(frame, inner, empty, theme);
    }
    let window = picker.list.show(usize::from(inner.height), picker.choices.len());
    for (y, index) in (inner.y..).zip(window.clone()) {
        let Some(choice) = picker.choices.get(index) else { break };
        let line = choice_line(choice, usize::from(inner.width), theme);
        let at = Rect { y, height: 1, ..inner };
        frame.render_widget(if index == picker.list.selected() { line.style(theme.cursor(focused)) } else { line }, at);
    }
    pane::scrollbar(frame, at, &window, picker.choices.len(), theme);
}

/// What it is, the typed letters marked, and on the right what is to be known of it.
fn choice_line<'a>(choice: &Choice, columns: usize, theme: &Theme) -> Line<'a> {
    let note = cut(&choice.note, columns / 2);
    let room = columns.saturating_sub(width(&note) + 4);
    let mut spans = vec![Span::raw(" ")];
    if width(&choice.text) <= room && clean(&choice.text) == choice.text {
        let mut at = 0_u32;
        spans.extend(choice.text.graphemes(true).map(|cluster| {
            let letters = at..at.saturating_add(u32::try_from(cluster.chars().count()).unwrap_or(u32::MAX));
            at = letters.end;
            let found = choice.matched.iter().any(|matched| letters.contains(matched));
            Span::styled(cluster.to_owned(), if found { theme.found } else { Style::new() })
        }));
    } else {
        spans.push(Span::raw(cut_middle(&choice.text, room)));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    spans.push(Span::styled(pad_left(&note, columns.saturating_sub(used + 1)), theme.quiet));
    Line::from(spans)
}

fn export(
    frame: &mut Frame,
    area: Rect,
    explore: &Explore,
    world: &World,
    dialog: &ExportDialog,
    focused: bool,
    theme: &Theme,
) {
    let partial =
        super::list::within(explore, world).map(|within| format!("Only what is loaded is written: {within}."));
    let note = match &partial {
        _ if !dialog.part.marked && explore.events.progress(&world.log).is_some() => {
            ("Not everything was looked through yet; what was found so far is written.", theme.warn)
        }
        Some(partial) => (partial.as_str(), theme.warn),
        None => ("What is listed now is written; events that come in meanwhile are not.", theme.quiet),
    };
    crate::ui::export::draw(frame, area, dialog, &explore.offer(), note, focused, theme);
}
