//! Drawing of the Server screen: how its panes share the window, and the lists.

mod health;

use super::catalogue::Catalogue;
use super::{PANES, Pane};
use crate::app::App;
use crate::app::effect::Slot;
use crate::app::health::sentence;
use crate::app::message::{Failure, FailureKind};
use crate::app::world::World;
use crate::model::count::grouped;
use crate::model::tree::SubjectTree;
use crate::ui::line::LineView;
use crate::ui::text::{clean, cut_middle, pad, width};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// From this width on, there are three columns of panes.
const WIDE: u16 = 120;
/// Below this width or height, one pane is shown at a time.
const NARROW: u16 = 60;
const LOW: u16 = 16;

/// Draw the screen.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let here = app.server.pane;
    if area.width < NARROW || area.height < LOW {
        return draw_pane(frame, area, app, here, look);
    }
    let rows = |area: Rect, shares: &[Constraint]| Layout::vertical(shares).split(area).to_vec();
    let half = Constraint::Percentage(50);
    let areas = if area.width >= WIDE {
        let [left, middle, right] = Layout::horizontal([Constraint::Ratio(1, 3); 3]).areas(area);
        let left = rows(left, &[Constraint::Max(health::FULL), Constraint::Min(8)]);
        let right = rows(right, &[half, Constraint::Min(0)]);
        [left[0], left[1], middle, right[0], right[1]]
    } else {
        let [left, right] = Layout::horizontal([half, Constraint::Min(0)]).areas(area);
        let left = rows(left, &[Constraint::Percentage(60), Constraint::Min(0)]);
        let right = rows(right, &[Constraint::Ratio(1, 3); 3]);
        [left[0], left[1], right[0], right[1], right[2]]
    };
    for (pane, at) in PANES.into_iter().zip(areas) {
        draw_pane(frame, at, app, pane, look);
    }
}

fn draw_pane(frame: &mut Frame, area: Rect, app: &App, which: Pane, look: &Look) {
    let focused = app.overlays.is_empty() && app.server.pane == which;
    let (server, world, theme) = (&app.server, &app.world, &look.theme);
    match which {
        Pane::Status => health::status(frame, area, server, world, focused, look),
        Pane::Audits => health::audits(frame, area, server, world, focused, look),
        Pane::Subjects => {
            let words = Words { title: "Subjects", what: "top-level subjects", opens: true };
            let count = |name: &String| world.tree.find(name).map(|node| world.tree.total(node));
            list(frame, area, app, &server.subjects, &words, (Slot::Subjects, focused), &count, theme);
        }
        Pane::Types => {
            let words = Words { title: "Types", what: "event types", opens: true };
            let count = |name: &String| events_of_type(world, name);
            list(frame, area, app, &server.types, &words, (Slot::Types, focused), &count, theme);
        }
        Pane::Schemas => {
            let words = Words { title: "Schemas", what: "schemas", opens: false };
            list(frame, area, app, &server.schemas, &words, (Slot::Schemas, focused), &|_| None, theme);
        }
    }
    if focused && (area.width == frame.area().width) {
        let at = PANES.iter().position(|pane| *pane == which).unwrap_or(0) + 1;
        pane::corner(frame, area, &format!("pane {at} of {}, Tab goes on", PANES.len()), theme.quiet);
    }
}

fn events_of_type(world: &World, name: &str) -> Option<u64> {
    world.kinds.count(name)
}

/// What a list is called.
struct Words {
    title: &'static str,
    what: &'static str,
    /// Whether its entries have events that are counted.
    opens: bool,
}

/// Whether the counts are of all events, or of those that are loaded.
fn is_partial(world: &World) -> bool {
    let is_whole = world.store_is_whole() || world.tree.is_census();
    !is_whole || world.health.events().is_some_and(|all| all > world.tree.total(SubjectTree::ROOT))
}

#[allow(clippy::too_many_arguments, reason = "one call a list; a struct would only name them again")]
fn list<T>(
    frame: &mut Frame,
    area: Rect,
    app: &App,
    entries: &Catalogue<T>,
    words: &Words,
    (slot, focused): (Slot, bool),
    count: &dyn Fn(&T) -> Option<u64>,
    theme: &Theme,
) {
    let asking = app.is_busy(slot);
    let title = title(app, entries, words, asking, theme);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    if let Some(filter) = &entries.filter {
        let typing = focused && app.server.filtering;
        LineView::new(filter, typing).label(" filter: ").draw(frame, inner, theme);
        inner = below(inner, 1);
    }
    if let Some(failure) = &entries.failure {
        let text = refused(failure, words.what);
        let rows = crate::ui::overlays::wrap(&text, usize::from(inner.width.saturating_sub(2)));
        let rows = u16::try_from(rows.len()).unwrap_or(1).min(inner.height);
        pane::empty(frame, Rect { height: rows, ..inner }, &text, theme);
        inner = below(inner, rows);
    }
    if entries.is_empty() {
        let text = match (entries.total(), asking) {
            _ if entries.failure.is_some() => return,
            (Some(0), _) if words.opens && app.world.connection.read_only => {
                format!("There are no {} yet.", words.what)
            }
            (Some(0), _) if words.opens => format!("There are no {} yet. 4 commits the first event.", words.what),
            (Some(0), _) => "No event type has a schema: any payload is stored.".into(),
            (Some(_), _) => "Nothing has these letters. Esc takes the filter away.".into(),
            (None, true) => "Asking the server …".into(),
            (None, false) => "Not asked yet. r asks the server.".into(),
        };
        return pane::empty(frame, inner, &text, theme);
    }
    let window = entries.list.show(usize::from(inner.height), entries.len());
    for (y, index) in (0..inner.height).zip(window.clone()) {
        let Some(entry) = entries.get(index) else { break };
        let number = count(entry).map(grouped).unwrap_or_default();
        let style = if slot == Slot::Subjects { Style::new() } else { theme.kind(entries.name(entry)) };
        let line = entry_line(entries.name(entry), &number, style, usize::from(inner.width), theme);
        let here = index == entries.list.selected() && focused;
        let at = Rect { y: inner.y + y, height: 1, ..inner };
        frame.render_widget(if here { line.style(theme.selected) } else { line }, at);
    }
    pane::scrollbar(frame, area, &window, entries.len(), theme);
}

fn title<'a, T>(app: &App, entries: &Catalogue<T>, words: &Words, asking: bool, theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::raw(words.title)];
    if let Some(total) = entries.total() {
        let number = match entries.len() {
            shown if shown < total => format!("  {} of {}", grouped(shown as u64), grouped(total as u64)),
            _ => format!("  {}", grouped(total as u64)),
        };
        spans.push(Span::styled(number, theme.quiet));
        let loaded = if is_partial(&app.world) { "   loaded events each" } else { "   events each" };
        if words.opens && total > 0 {
            spans.push(Span::styled(loaded, theme.quiet));
        }
    }
    if asking {
        spans.push(Span::styled("  asking …", theme.warn));
    }
    Line::from(spans)
}

fn entry_line<'a>(name: &str, number: &str, style: Style, columns: usize, theme: &Theme) -> Line<'a> {
    let room = columns.saturating_sub(width(number) + 3);
    Line::from(vec![
        Span::styled(format!(" {} ", pad(&cut_middle(name, room), room)), style),
        Span::styled(format!("{number} "), theme.quiet),
    ])
}

fn refused(failure: &Failure, what: &str) -> String {
    let words = sentence(failure);
    let words = clean(&words);
    match failure.kind {
        FailureKind::Unsupported => format!("This server does not list its {what}. {words}"),
        FailureKind::NotAllowed => format!("This token may not list the {what}. {words}"),
        _ => format!("{words} r asks again."),
    }
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
