//! The whole screen: title line, panes, line of keys, status line, and what lies over them.

use super::theme::Look;
use super::{footer, overlays, status};
use crate::app::App;
use crate::app::screens::{ScreenId, commit, explore, query, server, tail};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

/// Draw the app.
pub fn draw(frame: &mut Frame, app: &App, look: &Look) {
    let area = frame.area();
    if area.height < 4 {
        return tiny(frame, area, app, look);
    }
    let [title, body, keys, status_line] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1), Constraint::Length(1)])
            .areas(area);
    status::title(frame, title, app, look);
    match app.screen {
        ScreenId::Explore => explore::view::draw(frame, body, app, look),
        ScreenId::Tail => tail::view::draw(frame, body, app, look),
        ScreenId::Query => query::view::draw(frame, body, app, look),
        ScreenId::Commit => commit::view::draw(frame, body, app, look),
        ScreenId::Server => server::view::draw(frame, body, app, look),
    }
    for overlay in &app.overlays {
        overlays::overlay(frame, body, app, overlay, look);
    }
    frame.render_widget(footer::footer(app, usize::from(keys.width), &look.theme), keys);
    status::status(frame, status_line, app, look);
}

/// Too low for panes: the state of the server is what is worth a line.
fn tiny(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    if area.height > 0 {
        status::status(frame, Rect { height: 1, ..area }, app, look);
    }
}
