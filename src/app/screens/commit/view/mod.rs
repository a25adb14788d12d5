//! Drawing of the Commit screen: how its panes share the window.

mod conditions;
mod fields;
mod preview;
mod result;

use super::outcome::Outcome;
use super::{CommitForm, Focus};
use crate::app::App;
use crate::ui::Look;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

/// From this width on, the form and the request stand side by side.
const WIDE: u16 = 100;
/// Below this width or height, one pane is shown at a time.
const NARROW: u16 = 60;
const LOW: u16 = 16;

/// The panes, as far as they take room of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pane {
    Fields,
    Conditions,
    Result,
    Preview,
}

fn pane_of(focus: Focus) -> Pane {
    match focus {
        Focus::Field(_) => Pane::Fields,
        Focus::Kind(_) | Focus::Text(_) => Pane::Conditions,
        Focus::Stored => Pane::Result,
        Focus::Preview => Pane::Preview,
    }
}

/// Draw the screen.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let form = &app.commit;
    let here = pane_of(form.focus);
    let panes = |frame: &mut Frame, pane: Pane, at: Rect| {
        let focused = app.overlays.is_empty() && here == pane;
        match pane {
            Pane::Fields => fields::draw(frame, at, app, focused, look),
            Pane::Conditions => conditions::draw(frame, at, form, focused, look),
            Pane::Result => result::draw(frame, at, form, focused, look),
            Pane::Preview => preview::draw(frame, at, app, focused, look),
        }
    };
    let has_result = form.outcome != Outcome::None;
    if area.width < NARROW || area.height < LOW {
        let tells = has_result && !matches!(here, Pane::Result | Pane::Preview);
        let told = if tells { result::height(form, area.width).min(area.height * 2 / 3) } else { 0 };
        let [top, bottom] = Layout::vertical([Constraint::Min(0), Constraint::Length(told)]).areas(area);
        panes(frame, here, top);
        if tells {
            panes(frame, Pane::Result, bottom);
        }
    } else if area.width >= WIDE {
        let [left, right] = Layout::horizontal([Constraint::Percentage(50), Constraint::Min(0)]).areas(area);
        let conditions = conditions::height(form, right.width).min(area.height / 2);
        let told = if has_result { result::height(form, right.width).min(area.height / 2) } else { 0 };
        let [preview, conditions, told] =
            Layout::vertical([Constraint::Min(4), Constraint::Length(conditions), Constraint::Length(told)])
                .areas(right);
        panes(frame, Pane::Fields, left);
        panes(frame, Pane::Preview, preview);
        panes(frame, Pane::Conditions, conditions);
        if has_result {
            panes(frame, Pane::Result, told);
        }
    } else {
        stacked(frame, area, form, here, panes);
    }
}

/// One below the other. The lowest is what came of the commit, else the request.
fn stacked(frame: &mut Frame, area: Rect, form: &CommitForm, here: Pane, panes: impl Fn(&mut Frame, Pane, Rect)) {
    let lowest = if form.outcome != Outcome::None && here != Pane::Preview { Pane::Result } else { Pane::Preview };
    let lowest_height = match lowest {
        Pane::Result => result::height(form, area.width).min(area.height / 3),
        _ if here == Pane::Preview => area.height / 2,
        _ => 5,
    };
    let conditions = conditions::height(form, area.width).min(area.height / 3);
    let [top, middle, bottom] =
        Layout::vertical([Constraint::Min(0), Constraint::Length(conditions), Constraint::Length(lowest_height)])
            .areas(area);
    panes(frame, Pane::Fields, top);
    panes(frame, Pane::Conditions, middle);
    panes(frame, lowest, bottom);
}

/// So many rows from the top of an area, and what is left of it.
fn cut_off(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// An area without so many columns on its left.
fn indented(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}
