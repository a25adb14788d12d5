//! Drawing of the Explore screen.

mod comparison;
mod header;
mod travel;

use super::aside::Aside;
use super::events::Events;
use super::links::{Link, Links};
use super::subjects::TreeRow;
use super::{Explore, Pane, Scope, trace};
use crate::app::App;
use crate::app::editor::Editor;
use crate::app::health::sentence;
use crate::app::world::{Loading, World};
use crate::model::tree::SubjectTree;
use crate::ui::event_rows::{Columns, head, line};
use crate::ui::text::{clean, count, cut, cut_middle, grouped, pad, short_kind, width};
use crate::ui::{Look, Theme, editor, json, pane, part};
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
    let focus = |pane: Pane| app.overlays.is_empty() && explore.pane == pane;
    let [head, area] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    frame.render_widget(header::line(world, usize::from(head.width), &look.theme), head);
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
        draw_left(frame, left, explore, world, &focus, look);
    }
    if narrow && matches!(explore.pane, Pane::Tree | Pane::Types) {
        return;
    }
    if area.width >= WIDE {
        let [list, event] = Layout::vertical([Constraint::Percentage(50), Constraint::Min(0)]).areas(right);
        draw_events(frame, list, explore, world, focus(Pane::Events), look);
        draw_event(frame, event, explore, world, focus(Pane::Event), look);
    } else if explore.pane == Pane::Event {
        // Where there is no room for both, the event opens over the whole width.
        draw_event(frame, area, explore, world, focus(Pane::Event), look);
    } else {
        draw_events(frame, right, explore, world, focus(Pane::Events), look);
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
        editor::field(
            frame,
            Rect { height: 1.min(inner.height), ..inner },
            " filter: ",
            search,
            subjects.searching,
            theme,
        );
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

fn draw_events(frame: &mut Frame, area: Rect, explore: &Explore, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let events = &explore.events;
    let order = if events.newest_first { "newest first" } else { "oldest first" };
    let (name, number) = match events.scope() {
        Scope::Subject(name) if events.filter.is_none() => {
            (name.clone(), part::number(world, name, events.len() as u64))
        }
        Scope::Subject(name) => (name.clone(), count(events.len() as u64, "event")),
        Scope::Kind(name) if events.filter.is_none() => {
            (short_kind(name).to_owned(), part::number_of_kind(world, name, events.len() as u64))
        }
        Scope::Kind(name) => (short_kind(name).to_owned(), count(events.len() as u64, "event")),
        Scope::Trace(value) => (format!("trace {}", value.token()), trace::view::number(events)),
    };
    let room = usize::from(area.width).saturating_sub(width(&number) + order.len() + 12).max(8);
    let title = Line::from(vec![
        Span::raw(cut_middle(&name, room)),
        Span::styled(format!("   {number}   {order}"), theme.quiet),
    ]);
    let mut inner = pane::pane(frame, area, title, focused, theme);
    if let Some(filter) = &events.filter {
        inner = filter_line(frame, inner, events, filter, theme);
    }
    let within = within(explore, world);
    if let Some(within) = &within {
        pane::note(frame, area, &[&format!("in {within}"), "not all is loaded", "partial"], theme.warn);
    }
    if events.is_empty() {
        return pane::empty(frame, inner, &nothing(explore, world, within.as_deref()), theme);
    }
    let columns = Columns::divide(usize::from(inner.width), has_many_subjects(explore, world));
    let trace = if let Scope::Trace(mention) = events.scope() { Some(mention) } else { None };
    let heads = if trace.is_some() { trace::view::head(columns, look) } else { head(columns, look) };
    frame.render_widget(heads, Rect { height: 1.min(inner.height), ..inner });
    let rows = Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner };
    let window = events.list.show(usize::from(rows.height), events.len());
    for (y, index) in window.clone().enumerate() {
        let Some(position) = events.position(index) else { break };
        let above = (y > 0).then(|| events.position(index - 1)).flatten();
        let line = match trace {
            Some(mention) => trace::view::line(&world.log, position, above, mention, columns, look),
            None => line(&world.log, position, above, columns, look),
        };
        let chosen = index == events.list.selected();
        let at = Rect { y: rows.y + u16::try_from(y).unwrap_or(0), height: 1, ..rows };
        frame.render_widget(if chosen { line.style(theme.cursor(focused)) } else { line }, at);
        if explore.marks.contains(&position) {
            // On the edge of the pane, where no row has to make room for it.
            frame.render_widget(Span::styled("◆", theme.warn), Rect { x: area.x, width: 1, ..at });
        }
    }
    pane::scrollbar(frame, area, &window, events.len(), theme);
    match explore.marks.len() {
        0 => {}
        2 => pane::corner(frame, area, "2 marked, d compares them", theme.warn),
        marked => pane::corner(frame, area, &format!("{marked} marked"), theme.warn),
    }
    if events.scanned() < world.log.len() {
        let done = events.scanned() * 100 / world.log.len().max(1);
        pane::corner(frame, area, &format!("looking, {done} %"), theme.warn);
    }
}

/// The filter with its way (text, regex, condition) and, below it, what is wrong with it. Gives the room that is left.
fn filter_line(frame: &mut Frame, area: Rect, events: &Events, filter: &Editor, theme: &Theme) -> Rect {
    let way = events.probe().filter(|_| events.problem().is_none()).map(|probe| format!(" ({})", probe.what()));
    let label = format!(" filter{}: ", way.unwrap_or_default());
    let below = |area: Rect| Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    editor::field(frame, Rect { height: 1.min(area.height), ..area }, &label, filter, events.filtering, theme);
    let rest = below(area);
    let Some(problem) = events.problem() else { return rest };
    let line = Line::styled(cut(&format!(" {problem}"), usize::from(rest.width)), theme.bad);
    frame.render_widget(line, Rect { height: 1.min(rest.height), ..rest });
    below(rest)
}

/// Whether the list's rows can have different subjects.
fn has_many_subjects(explore: &Explore, world: &World) -> bool {
    match explore.events.scope() {
        Scope::Kind(_) | Scope::Trace(_) => true,
        Scope::Subject(subject) => world.tree.find(subject).is_none_or(|node| !world.tree.children(node).is_empty()),
    }
}

/// Which events are looked through, where the list leaves some out.
fn within(explore: &Explore, world: &World) -> Option<String> {
    match explore.events.scope() {
        Scope::Subject(subject) => part::listed(world, subject),
        Scope::Kind(_) | Scope::Trace(_) => part::loaded(world),
    }
}

fn nothing(explore: &Explore, world: &World, within: Option<&str>) -> String {
    let name = clean(explore.events.scope().name()).into_owned();
    let is_subject = matches!(explore.events.scope(), Scope::Subject(_));
    if explore.events.scanned() < world.log.len() {
        "Looking for events …".into()
    } else if let (Some(within), true) = (within, explore.events.filter.is_some()) {
        format!("None of {within} is one of {name} and contains this text. Esc takes the filter away, L loads more.")
    } else if explore.events.filter.is_some() {
        format!("No event of {name} contains this text. Esc takes the filter away.")
    } else if let Some(within) = within.filter(|_| !world.log.is_empty()) {
        let key = if is_subject && explore.pane == Pane::Tree { "Enter" } else { "L" };
        let what = if is_subject { "loads its events" } else { "loads more" };
        format!("None of {within} is one of {name}.  {key} {what}.")
    } else if world.is_loading() {
        "Waiting for the first events …".into()
    } else if let (Loading::Failed(failure), true) = (&world.loading, world.log.is_empty()) {
        format!("{}  r tries again.", clean(&sentence(failure)))
    } else {
        format!("No events under {name} yet.  4 commits the first, 2 watches for it.")
    }
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
