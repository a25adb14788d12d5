//! Drawing of the Query screen: the text above, the rows below.

mod cell;
mod chart;
mod columns;
mod completion;
mod entry;
mod plan;
mod prompt;
mod results;
mod shelf;
mod tabs;
mod text;
mod values;
mod wrong;

use super::tab::Pane;
use crate::app::App;
use crate::ui::{Look, export};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

/// Below this height the pane with the focus gets most of the room.
const LOW: u16 = 16;
/// What is left of the other pane then.
const SLIT: u16 = 3;

/// Draw the screen.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let tab = app.query.tab();
    // A line that is typed stands below the text, whatever was looked at before.
    let pane_with_keys = if app.query.entry().is_some() { Pane::Editor } else { tab.pane };
    let focus = |pane: Pane| app.overlays.is_empty() && pane_with_keys == pane;
    if let Some(shelf) = app.query.shelf() {
        let typing = app.overlays.is_empty() && app.query.entry().is_none();
        shelf::draw(frame, area, shelf, typing, look);
        if let Some(entry) = app.query.entry() {
            prompt::line(frame, area, entry.purpose.label(), &entry.input, app.overlays.is_empty(), &look.theme);
        }
        return;
    }
    let [editor, results] =
        Layout::vertical([Constraint::Length(editor_height(area, app)), Constraint::Min(0)]).areas(area);
    let text = text::draw(frame, editor, &app.query, focus(Pane::Editor), look);
    results::draw(frame, results, app, focus(Pane::Results), look);
    if let Some(dialog) = tab.export.as_ref().filter(|_| tab.pane == Pane::Results) {
        let theme = &look.theme;
        let note = match (tab.is_running(), tab.table.is_working()) {
            (true, _) => ("Rows are still coming; what is here is written.", theme.warn),
            (_, true) => ("Rows are still sorted or looked through; what is shown so far is written.", theme.warn),
            _ => ("", theme.quiet),
        };
        export::draw(frame, area, dialog, &tab.offer(), note, app.overlays.is_empty(), theme);
    }
    if let Some(asked) = &tab.prompt {
        prompt::draw(frame, area, asked, app.overlays.is_empty(), &look.theme);
    }
    if let Some(form) = app.query.form() {
        values::draw(frame, area, form, app.overlays.is_empty(), &look.theme);
    }
    if let Some(popup) = tab.completion.as_ref().filter(|_| focus(Pane::Editor)) {
        completion::draw(frame, area, text, tab.script.editor(), popup, &look.theme);
    }
}

/// The text has room for itself and a message, but not more than half of the screen.
fn editor_height(area: Rect, app: &App) -> u16 {
    let wanted = u16::try_from(app.query.tab().script.editor().lines().len() + 3).unwrap_or(u16::MAX);
    if area.height < LOW {
        return match app.query.tab().pane {
            Pane::Editor => area.height.saturating_sub(SLIT).max(area.height.min(3)),
            Pane::Results => SLIT.min(area.height / 2),
        };
    }
    wanted.clamp(8, area.height / 2)
}
