//! Drawing of the Explore screen.

mod comparison;
mod header;
mod list;
mod prompt;
mod travel;

use super::aside::Aside;
use super::links::{Link, Links};
use super::subjects::TreeRow;
use super::{Explore, Pane, Scope};
use crate::app::App;
use crate::app::world::{Loading, World};
use crate::model::count::grouped;
use crate::model::event::short_kind;
use crate::model::tree::SubjectTree;
use crate::ui::line::LineView;
use crate::ui::text::{clean, cut_middle, pad, width};
use crate::ui::{Look, Theme, json, pane, part};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// From this width on, three panes stand side by side.
const WIDE: u16 = 100;
/// Below this width, one pane is shown at a time.
const NARROW: u16 = 60;

/// Draw the screen.
pub fn draw(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let (explore, world) = (&app.explore, &app.world);
    if let Some(shape) = &explore.shape {
        return super::shape::view::draw(frame, area, shape, world, app.overlays.is_empty(), look);
    }
    let [head, area] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    frame.render_widget(header::line(world, usize::from(head.width), &look.theme), head);
    let free = app.overlays.is_empty();
    draw_panes(frame, area, explore, world, &|pane| free && explore.prompt.is_none() && explore.pane == pane, look);
    prompt::draw(frame, area, explore, world, free, look);
}

fn draw_panes(
    frame: &mut Frame,
    area: Rect,
    explore: &Explore,
    world: &World,
    focus: &dyn Fn(Pane) -> bool,
    look: &Look,
) {
    let left_width = (area.width * 3 / 8).clamp(24, 48);
    let (left, right) = if area.width < NARROW {
        (area, area)
    } else {
        let [left, right] = Layout::horizontal([Constraint::Length(left_width), Constraint::Min(0)]).areas(area);
        (left, right)
    };
    let narrow = area.width < NARROW;
    // A trace goes across all subjects and types, and needs their room for the places in which the value stands.
    let right = if explore.is_tracing() { area } else { right };
    if !explore.is_tracing() && (!narrow || matches!(explore.pane, Pane::Tree | Pane::Types)) {
        draw_left(frame, left, explore, world, focus, look);
    }
    if narrow && matches!(explore.pane, Pane::Tree | Pane::Types) {
        return;
    }
    if area.width >= WIDE {
        let [list, event] = Layout::vertical([Constraint::Percentage(50), Constraint::Min(0)]).areas(right);
        list::draw(frame, list, explore, world, focus(Pane::Events), look);
        draw_event(frame, event, explore, world, focus(Pane::Event), look);
    } else if explore.pane == Pane::Event {
        // Where there is no room for both, the event opens over the whole width.
        draw_event(frame, area, explore, world, focus(Pane::Event), look);
    } else {
        list::draw(frame, right, explore, world, focus(Pane::Events), look);
    }
}

fn draw_left(
    frame: &mut Frame,
    area: Rect,
    explore: &Explore,
    world: &World,
    focus: &dyn Fn(Pane) -> bool,
    look: &Look,
) {
    let types = if area.height >= 16 {
        (u16::try_from(explore.kinds.len()).unwrap_or(99) + 2).clamp(3, area.height / 3)
    } else {
        0
    };
    if types == 0 && explore.pane == Pane::Types {
        return draw_types(frame, area, explore, world, focus(Pane::Types), look);
    }
    let [tree, kinds] = Layout::vertical([Constraint::Min(0), Constraint::Length(types)]).areas(area);
    draw_tree(frame, tree, explore, world, focus(Pane::Tree), look);
    if types > 0 {
        draw_types(frame, kinds, explore, world, focus(Pane::Types), look);
    }
}

fn draw_tree(frame: &mut Frame, area: Rect, explore: &Explore, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let subjects = &explore.subjects;
    let title = Line::from(vec![
        Span::raw("Subjects  "),
        Span::styled(format!("{}{}  ", grouped(world.tree.subjects() as u64), open_end(world)), theme.quiet),
        Span::styled(subjects.sort.title(), theme.quiet),
    ]);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    if let Some(search) = &subjects.search {
        LineView::new(search, subjects.searching).label(" filter: ").draw(frame, inner, theme);
        inner = Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner };
    }
    let rows = subjects.rows();
    if rows.is_empty() {
        let words = match world.is_part() && !world.tree.is_census() {
            true => "No subject that is loaded has these letters. Esc takes the filter away, L then loads more.",
            false => "No subject has these letters. Esc takes the filter away.",
        };
        return pane::empty(frame, inner, words, theme);
    }
    let window = subjects.list.show(usize::from(inner.height), rows.len());
    for (y, index) in window.clone().enumerate() {
        let Some(row) = rows.get(index) else { break };
        let line = tree_line(row, explore, world, usize::from(inner.width), theme);
        let at = Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner };
        let chosen = index == subjects.list.selected();
        frame.render_widget(if chosen { line.style(theme.cursor(focused)) } else { line }, at);
    }
    pane::scrollbar(frame, area, &window, rows.len(), theme);
    if let Some((words, is_partial)) = part::counted_by(world) {
        pane::note(frame, area, &words, if is_partial { theme.warn } else { theme.quiet });
    }
    if world.tree.is_empty() && !world.is_loading() {
        let below = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
        let text = match &world.loading {
            Loading::Failed(_) | Loading::Stopped => "Nothing is loaded.  r tries again.",
            _ if world.connection.read_only => "There is no event yet.  2 watches for the first one.",
            _ => "The store is empty.  4 commits the first event, 2 watches for it.",
        };
        pane::empty(frame, below, text, theme);
    }
}

/// The mark of a number that may be larger.
fn open_end(world: &World) -> &'static str {
    if world.is_part() && !world.tree.is_census() { "+" } else { "" }
}

fn tree_line<'a>(row: &TreeRow, explore: &Explore, world: &World, columns: usize, theme: &Theme) -> Line<'a> {
    let tree = &world.tree;
    let number = part::in_tree(world, row.node);
    let room = columns.saturating_sub(width(&number) + 2);
    let searching = explore.subjects.search.as_ref().is_some_and(|search| !search.is_empty());
    let mut spans = Vec::new();
    if searching {
        let subject = tree.subject(row.node);
        if width(&subject) < room && clean(&subject) == subject {
            spans.push(Span::raw(" "));
            spans.extend(subject.chars().zip(0u32..).map(|(c, at)| {
                let found = row.matched.binary_search(&at).is_ok();
                Span::styled(c.to_string(), if found { theme.found } else { ratatui::style::Style::new() })
            }));
        } else {
            spans.push(Span::raw(format!(" {}", cut_middle(&subject, room.saturating_sub(1)))));
        }
    } else {
        let indent = "  ".repeat(row.depth.min(columns / 4));
        let mark = match (tree.children(row.node).is_empty(), explore.subjects.is_unfolded(row.node)) {
            (true, _) => "  ",
            (false, true) => "▾ ",
            (false, false) => "▸ ",
        };
        let name = if row.node == SubjectTree::ROOT { "/" } else { tree.name(row.node) };
        let name_room = room.saturating_sub(width(&indent) + 3);
        spans.push(Span::raw(format!(" {indent}")));
        spans.push(Span::styled(mark, theme.quiet));
        spans.push(Span::raw(cut_middle(name, name_room)));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    spans.push(Span::raw(" ".repeat(columns.saturating_sub(used + width(&number) + 1))));
    spans.push(Span::styled(format!("{number} "), theme.quiet));
    Line::from(spans)
}

fn draw_types(frame: &mut Frame, area: Rect, explore: &Explore, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let open = if world.is_part() && !world.kinds.is_census() { "+" } else { "" };
    let number = format!("{}{open}", grouped(explore.kinds.len() as u64));
    let title = Line::from(vec![Span::raw("Types  "), Span::styled(number, theme.quiet)]);
    let inner = pane::pane(frame, area, title, focused, theme);
    let window = explore.types.show(usize::from(inner.height), explore.kinds.len());
    let columns = usize::from(inner.width);
    for (y, index) in window.clone().enumerate() {
        let Some((kind, number)) = explore.kinds.get(index) else { break };
        let kind = world.kinds.text(*kind);
        let number = format!("{}{open}", grouped(*number));
        let room = columns.saturating_sub(width(&number) + 3);
        let name = pad(&cut_middle(short_kind(kind), room), room);
        let line = Line::from(vec![
            Span::styled(format!(" {name} "), theme.kind(kind)),
            Span::styled(format!("{number} "), theme.quiet),
        ]);
        let chosen = index == explore.types.selected() && matches!(explore.events.scope(), Scope::Kind(_));
        let at = Rect { y: inner.y + u16::try_from(y).unwrap_or(0), height: 1, ..inner };
        frame.render_widget(if chosen { line.style(theme.cursor(focused)) } else { line }, at);
    }
    pane::scrollbar(frame, area, &window, explore.kinds.len(), theme);
}

fn draw_event(frame: &mut Frame, area: Rect, explore: &Explore, world: &World, focused: bool, look: &Look) {
    match &explore.aside {
        Some(Aside::Comparison(shown)) => return comparison::draw(frame, area, shown, world, focused, look),
        Some(Aside::Travel(shown)) => return travel::draw(frame, area, shown, world, focused, look),
        None => {}
    }
    let theme = &look.theme;
    let Some((position, view)) = &explore.event else {
        let inner = pane::pane(frame, area, Line::raw("Event"), focused, theme);
        return pane::empty(frame, inner, "The event under the cursor is shown here.", theme);
    };
    let (index, all) = (explore.events.list.selected() + 1, explore.events.len());
    let place = format!("{} of {}", grouped(index as u64), grouped(all as u64));
    let row = world.log.row(*position).filter(|row| !row.is_broken());
    let kind = row.map_or("no event", |row| world.log.kinds().text(row.kind));
    let style = if row.is_some() { theme.kind(kind) } else { theme.bad };
    let kind = cut_middle(short_kind(kind), usize::from(area.width).saturating_sub(place.len() + 27));
    let mut spans = vec![Span::styled(kind, style), Span::styled(format!("   {place}   "), theme.quiet)];
    spans.extend(explore.links.map(|links| links_mark(links, theme)));
    if view.raw {
        spans.push(Span::styled("   as received", theme.quiet));
    }
    if let Some((current, all)) = view.matches.as_ref().and_then(|matches| Some((matches.current()?.0, matches.len())))
    {
        spans.push(Span::styled(format!("   match {} of {}", current + 1, grouped(all as u64)), theme.quiet));
    }
    let inner = pane::pane(frame, area, Line::from(spans), focused, theme);
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(1), ..inner };
    let previous = &explore.previous_values;
    let note = |row: usize| {
        let path = (!previous.is_empty()).then(|| view.path(row))?;
        previous.get(&path).map(|before| format!("← {before}"))
    };
    let (window, len) = json::annotated(frame, inner, view, &note, focused, theme);
    pane::scrollbar(frame, area, &window, len, theme);
    if let Some((links, sentence)) = explore.links.and_then(|links| Some((links, links.sentence()?))) {
        let style = if links.verdict() == Link::Broken { theme.bad } else { theme.quiet };
        pane::corner(frame, area, &format!("links: {sentence}"), style);
    }
}

/// Whether an event fits between its neighbours, as a sign.
fn links_mark<'a>(links: Links, theme: &Theme) -> Span<'a> {
    match links.verdict() {
        Link::Fits => Span::styled("links ✓", theme.good),
        Link::Broken => Span::styled("links ✕", theme.bad),
        Link::Unknown => Span::styled("links ?", theme.warn),
    }
}
