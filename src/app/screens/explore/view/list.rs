//! Drawing of the list of events: its title, what narrows it, its rows.

use crate::app::health::sentence;
use crate::app::line::TypedLine;
use crate::app::screens::explore::events::{Events, Scope};
use crate::app::screens::explore::{Explore, Pane, trace};
use crate::app::world::{Loading, World};
use crate::model::count::{count, grouped};
use crate::model::event::short_kind;
use crate::ui::event_table::{Last, Table, payload_cell};
use crate::ui::line::LineView;
use crate::ui::text::{clean, cut, cut_middle, date_and_time, width};
use crate::ui::{Look, Theme, pane, part};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draw the list.
pub fn draw(frame: &mut Frame, area: Rect, explore: &Explore, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let events = &explore.events;
    let mut inner = pane::pane(frame, area, title(explore, world, usize::from(area.width), theme), focused, theme);
    if events.bounds().is_set() {
        let line = bounds_line(explore, world, usize::from(inner.width), look);
        inner = put_line(frame, inner, line);
    }
    if let Some(filter) = &events.filter {
        inner = filter_line(frame, inner, events, filter, theme);
    }
    let within = within(explore, world);
    if let Some(within) = &within {
        pane::note(frame, area, &[&format!("in {within}"), "not all is loaded", "partial"], theme.warn);
    }
    let mut hidden = 0;
    if events.is_empty() {
        pane::empty(frame, inner, &nothing(explore, world, within.as_deref()), theme);
    } else {
        hidden = rows(frame, area, inner, explore, world, focused, look);
    }
    // The words on the lower right must leave room for those on the left.
    let short = within.is_some() && area.width < 90;
    let hidden = (hidden > 0 && !short).then(|| format!("no room for {}", count(hidden as u64, "column")));
    let marked = match explore.marks.len() {
        0 => None,
        2 if !short => Some("2 marked, d compares them".to_owned()),
        marked if short => Some(format!("{} marked", grouped(marked as u64))),
        marked => Some(format!("{} marked, Esc takes the marks away", grouped(marked as u64))),
    };
    let looking = events.progress(&world.log).map(|done| format!("looking, {done} %"));
    let looking = if explore.is_finding_event() { Some("looking for the event, Esc stops".into()) } else { looking };
    if let Some(text) = looking.or(marked).or(hidden) {
        pane::corner(frame, area, &text, theme.warn);
    }
}

fn title<'a>(explore: &Explore, world: &World, columns: usize, theme: &Theme) -> Line<'a> {
    let events = &explore.events;
    let order = if events.newest_first { "newest first" } else { "oldest first" };
    let is_whole = events.filter.is_none() && !events.bounds().is_set();
    let (name, mut number) = match events.scope() {
        Scope::Subject(name) if is_whole => (name.clone(), part::number(world, name, events.len() as u64)),
        Scope::Kind(name) if is_whole => {
            (short_kind(name).to_owned(), part::number_of_kind(world, name, events.len() as u64))
        }
        Scope::Subject(name) => (name.clone(), count(events.len() as u64, "event")),
        Scope::Kind(name) => (short_kind(name).to_owned(), count(events.len() as u64, "event")),
        Scope::Trace(value) => (format!("trace {}", value.token()), trace::view::number(events)),
    };
    if events.shows_all() {
        number = format!("{} of {number}", grouped(events.hits() as u64));
    }
    let room = columns.saturating_sub(width(&number) + order.len() + 12).max(8);
    Line::from(vec![Span::raw(cut_middle(&name, room)), Span::styled(format!("   {number}   {order}"), theme.quiet)])
}

/// Put a line on top. Gives the room below.
fn put_line(frame: &mut Frame, area: Rect, line: Line<'_>) -> Rect {
    let height = 1.min(area.height);
    frame.render_widget(line, Rect { height, ..area });
    Rect { y: area.y + height, height: area.height - height, ..area }
}

/// Which part of the log is shown, and how to see the whole again.
fn bounds_line<'a>(explore: &Explore, world: &World, columns: usize, look: &Look) -> Line<'a> {
    let bounds = explore.events.bounds();
    let short = columns < 70;
    let time = |position: usize| {
        let zone = explore.columns.zone();
        let written = world.log.row(position).and_then(|row| date_and_time(row.time, zone));
        written.map_or_else(
            || format!("event {}", grouped(position as u64 + 1)),
            |(date, time)| if short { format!("{} {}", &date[5..], &time[..5]) } else { format!("{date} {time}") },
        )
    };
    let range = match (bounds.from.map(time), bounds.to.map(time)) {
        (Some(from), Some(to)) if short => Some(format!("{from} … {to}")),
        (Some(from), Some(to)) => Some(format!("from {from} up to {to}")),
        (Some(from), None) => Some(format!("from {from}")),
        (None, Some(to)) => Some(format!("up to {to}")),
        (None, None) => None,
    };
    let latest = if short && range.is_some() { "latest" } else { "latest of each type" };
    let parts: Vec<String> = range.into_iter().chain(bounds.latest.then(|| latest.to_owned())).collect();
    let hint = "  b all";
    let text = cut(&format!(" {}", parts.join(", ")), columns.saturating_sub(hint.len()));
    Line::from(vec![Span::styled(text, look.theme.warn), Span::styled(hint, look.theme.quiet)])
}

/// The filter with its way (text, regex, condition) and, below it, what is wrong with it. Gives the room that is left.
fn filter_line(frame: &mut Frame, area: Rect, events: &Events, filter: &TypedLine, theme: &Theme) -> Rect {
    let way = events.probe().filter(|_| events.problem().is_none()).map(|probe| format!(" ({})", probe.what()));
    let label = format!(" filter{}: ", way.unwrap_or_default());
    LineView::new(filter, events.filtering).label(&label).draw(frame, area, theme);
    let rest = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    match events.problem() {
        None => rest,
        Some(problem) => {
            let line = Line::styled(cut(&format!(" {problem}"), usize::from(rest.width)), theme.bad);
            put_line(frame, rest, line)
        }
    }
}

/// The rows. Gives how many columns have no room.
fn rows(
    frame: &mut Frame,
    pane: Rect,
    area: Rect,
    explore: &Explore,
    world: &World,
    focused: bool,
    look: &Look,
) -> usize {
    let (theme, events) = (&look.theme, &explore.events);
    let body = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    let window = events.list.show(usize::from(body.height), events.len());
    let positions: Vec<usize> = window.clone().map_while(|index| events.position(index)).collect();
    let sought = events.sought();
    let table = Table { log: &world.log, columns: &explore.columns, probe: sought.as_ref(), now: world.now.wall, look };
    let mentioned = if let Scope::Trace(mention) = events.scope() { Some(mention) } else { None };
    let last = Last {
        head: if mentioned.is_some() { "where" } else { "data" },
        share: if mentioned.is_some() { 40 } else { 0 },
        cell: &|event, row, room, marker| match mentioned {
            Some(mention) => trace::view::place(event, row, mention, room, look),
            None => payload_cell(event, room, marker, look),
        },
    };
    let with_subject = has_many_subjects(explore, world);
    let (widths, lines) = table.rows(&positions, usize::from(body.width), with_subject, &last);
    frame.render_widget(table.head(&widths, &last), Rect { height: 1.min(area.height), ..area });
    for ((line, position), y) in lines.into_iter().zip(&positions).zip(body.y..) {
        let at = Rect { y, height: 1, ..body };
        let chosen = Some(*position) == events.selected();
        frame.render_widget(if chosen { line.style(theme.cursor(focused)) } else { line }, at);
        // On the edge of the pane, where no row has to make room for it.
        let edge = Rect { x: pane.x, width: 1, ..at };
        if explore.marks.contains(position) {
            frame.render_widget(Span::styled("◆", theme.warn), edge);
        } else if events.is_hit(*position) {
            frame.render_widget(Span::styled("›", theme.found), edge);
        }
    }
    pane::scrollbar(frame, pane, &window, events.len(), theme);
    widths.hidden()
}

/// Whether the list's rows can have different subjects.
fn has_many_subjects(explore: &Explore, world: &World) -> bool {
    match explore.events.scope() {
        Scope::Kind(_) | Scope::Trace(_) => true,
        Scope::Subject(subject) => world.tree.find(subject).is_none_or(|node| !world.tree.children(node).is_empty()),
    }
}

/// Which events are looked through, where the list leaves some out.
pub(super) fn within(explore: &Explore, world: &World) -> Option<String> {
    match explore.events.scope() {
        Scope::Subject(subject) => part::listed(world, subject),
        Scope::Kind(_) | Scope::Trace(_) => part::loaded(world),
    }
}

fn nothing(explore: &Explore, world: &World, within: Option<&str>) -> String {
    let name = clean(explore.events.scope().name()).into_owned();
    let is_subject = matches!(explore.events.scope(), Scope::Subject(_));
    let bounded = explore.events.bounds().is_set();
    if explore.events.progress(&world.log).is_some() {
        "Looking for events …".into()
    } else if let (Some(within), true) = (within, explore.events.filter.is_some()) {
        let more = if bounded { ", b the bounds" } else { "" };
        format!(
            "None of {within} is one of {name} and contains this text. Esc takes the filter away{more}, L loads more."
        )
    } else if explore.events.filter.is_some() {
        let more = if bounded { ", b the bounds" } else { "" };
        format!("No event of {name} contains this text. Esc takes the filter away{more}.")
    } else if bounded {
        format!("No event of {name} in this part of the log. b shows all of them.")
    } else if let Some(within) = within.filter(|_| !world.log.is_empty()) {
        let key = if is_subject && explore.pane == Pane::Tree { "Enter" } else { "L" };
        let what = if is_subject { "loads its events" } else { "loads more" };
        format!("None of {within} is one of {name}.  {key} {what}.")
    } else if world.is_loading() {
        "Waiting for the first events …".into()
    } else if let (Loading::Failed(failure), true) = (&world.loading, world.log.is_empty()) {
        format!("{}  r tries again.", clean(&sentence(failure)))
    } else if world.connection.read_only {
        format!("No events under {name} yet.  2 watches for the first.")
    } else {
        format!("No events under {name} yet.  4 commits the first, 2 watches for it.")
    }
}
