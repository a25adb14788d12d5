//! Drawing of a shape: a table of fields, and below it what is known of the field under the cursor.

use super::{Inspected, path};
use crate::app::world::World;
use crate::model::count::{count, grouped};
use crate::model::event::short_kind;
use crate::model::shape::{Field, Seen, Shape, Type};
use crate::ui::text::{clean, cut, cut_middle, date_and_time, pad, pad_left, width};
use crate::ui::{Look, Theme, pane, part};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// The lines about the field under the cursor.
const DETAIL: u16 = 5;
/// The columns of a share: `100 %`.
const SHARE: usize = 7;
/// From this width on, changes have a column of their own.
const WIDE: usize = 110;

/// How wide the columns are.
struct Columns {
    field: usize,
    types: usize,
    values: usize,
    changes: usize,
}

impl Columns {
    /// Divide a line: no column is wider than what stands in it.
    fn divide(total: usize, state: &Inspected, look: &Look) -> Self {
        let fields = || state.rows().iter().filter_map(|index| state.shape().fields().get(*index));
        let names = fields().map(|field| field.depth * 2 + 2 + width(&field.name)).max().unwrap_or(0);
        let field = names.clamp(10, (total * 3 / 10).clamp(10, 40));
        let types = fields().map(|field| width(&types(field, total / 5))).max().unwrap_or(0);
        let types = types.clamp(6, (total / 5).clamp(10, 30));
        let news = |index: &usize| width(&changes(state.shape(), *index, look));
        let news = state.rows().iter().map(news).max().unwrap_or(0);
        let changes = if total >= WIDE && news > 0 { news.clamp(21, 40) } else { 0 };
        let used = field + types + SHARE + changes + 3 * 2;
        Self { field, types, values: total.saturating_sub(used), changes }
    }
}

/// Draw a shape over all of the room.
pub fn draw(frame: &mut Frame, area: Rect, state: &Inspected, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let fields = count(state.shape().fields().len().saturating_sub(1) as u64, "field");
    let name = cut_middle(short_kind(&state.kind), usize::from(area.width).saturating_sub(34).max(8));
    let title = Line::from(vec![
        Span::raw("Shape of "),
        Span::styled(name, theme.kind(&state.kind)),
        Span::styled(format!("   {fields}"), theme.quiet),
    ]);
    let inner = pane::pane(frame, area, title, focused, theme);
    if let Some(loaded) = part::loaded(world) {
        pane::note(frame, area, &[&format!("in {loaded}"), "not all is loaded"], theme.warn);
    }
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
    let row = |y: u16| Rect { y: inner.y + y, height: 1.min(inner.height.saturating_sub(y)), ..inner };
    frame.render_widget(head(state, usize::from(inner.width), look), row(0));
    if state.rows().is_empty() {
        let below = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
        return pane::empty(frame, below, nothing(state), theme);
    }
    let columns = Columns::divide(usize::from(inner.width), state, look);
    frame.render_widget(heads(&columns, theme), row(1));
    let detail = if inner.height >= 12 { DETAIL } else { 0 };
    let table = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2 + detail), ..inner };
    let window = state.list.show(usize::from(table.height), state.rows().len());
    for (y, index) in window.clone().enumerate() {
        let Some(field) = state.rows().get(index) else { break };
        let at = Rect { y: table.y + u16::try_from(y).unwrap_or(0), height: 1, ..table };
        let line = field_line(state, *field, &columns, look);
        frame.render_widget(if index == state.list.selected() { line.style(theme.cursor(focused)) } else { line }, at);
    }
    pane::scrollbar(frame, area, &window, state.rows().len(), theme);
    if let Some(field) = state.selected().filter(|_| detail > 0) {
        let lines = detail_lines(state, field, usize::from(inner.width), look);
        for (line, y) in lines.into_iter().zip(inner.height - detail..inner.height) {
            frame.render_widget(line, row(y));
        }
    }
}

fn nothing(state: &Inspected) -> &'static str {
    match (state.all(), state.looked_at() < state.all()) {
        (_, true) => "Looking at the first events …",
        (0, _) => "No event of this type is loaded. r loads what is new.",
        _ => "The events of this type have no fields: their payloads are empty, erased, or not objects.",
    }
}

/// The whole type, how many events were looked at, and their time.
fn head<'a>(state: &Inspected, columns: usize, look: &Look) -> Line<'a> {
    let (all, done) = (state.all() as u64, state.looked_at() as u64);
    let progress = match (done < all, state.is_sampled()) {
        (false, _) => String::new(),
        (true, false) => format!("{} of {}", grouped(done), count(all, "event")),
        (true, true) => {
            format!("a sample of {}; {} of {}", grouped(state.sampled() as u64), grouped(done), count(all, "event"))
        }
    };
    let known = if progress.is_empty() { count(all, "event") } else { String::new() };
    let shape = state.shape();
    let times = shape.span().map(|(first, last)| format!("{} … {}", date(first, look), date(last, look)));
    let left_out = if shape.left_out() { "   not every field is told apart" } else { "" };
    let about = format!("   {}{left_out}", times.unwrap_or_default());
    let room = columns.saturating_sub(width(&progress) + width(&known) + width(&about) + 3);
    Line::from(vec![
        Span::raw(format!("{}   ", cut_middle(&state.kind, room))),
        Span::styled(progress, look.theme.warn),
        Span::styled(known, look.theme.title),
        Span::styled(about, look.theme.quiet),
    ])
}

fn heads<'a>(columns: &Columns, theme: &Theme) -> Line<'a> {
    let changes = if columns.changes > 0 { "since, until, changes" } else { "" };
    let text = format!(
        "{}  {}{}  {}  {changes}",
        pad("field", columns.field),
        pad("types", columns.types),
        pad_left("in", SHARE),
        pad("values", columns.values),
    );
    Line::styled(text, theme.quiet)
}

fn field_line<'a>(state: &Inspected, index: usize, columns: &Columns, look: &Look) -> Line<'a> {
    let (shape, theme) = (state.shape(), &look.theme);
    let Some(field) = shape.fields().get(index) else { return Line::default() };
    let mark = match (shape.children(index).is_empty(), state.is_folded(index)) {
        (true, _) => "  ",
        (false, true) => "▸ ",
        (false, false) => "▾ ",
    };
    let name = format!("{}{mark}{}", "  ".repeat(field.depth.min(columns.field / 4)), clean(&field.name));
    let mut spans = vec![
        Span::styled(pad(&cut(&name, columns.field), columns.field + 2), theme.member),
        Span::styled(pad(&cut(&types(field, columns.types), columns.types), columns.types), type_style(field, theme)),
        Span::raw(format!("{}  ", pad_left(&share(field.events, shape.events()), SHARE))),
        Span::styled(pad(&cut(&values(field), columns.values), columns.values + 2), theme.quiet),
    ];
    let news = changes(shape, index, look);
    if columns.changes > 0 {
        spans.push(Span::styled(cut(&news, columns.changes), theme.warn));
    } else if !news.is_empty() {
        // Where there is no room for the column, the line at the bottom says it; here is a mark that it does.
        spans.truncate(3);
        spans.push(Span::styled("● ", theme.warn));
        let room = columns.values.saturating_sub(2);
        spans.push(Span::styled(cut(&values(field), room), theme.quiet));
    }
    Line::from(spans)
}

fn type_style(field: &Field, theme: &Theme) -> Style {
    match field.types.found().first() {
        Some((Type::String, _)) => theme.string,
        Some((Type::Integer | Type::Number, _)) => theme.number,
        Some((Type::Boolean | Type::Null, _)) => theme.constant,
        _ => theme.quiet,
    }
}

/// `uuid`, or where there are several types `string 98 %, null 2 %`; without the shares where there is no room.
fn types(field: &Field, room: usize) -> String {
    let named = |of: Type| match field.format().filter(|_| of == Type::String) {
        Some(format) => format.name().to_owned(),
        None => of.name().to_owned(),
    };
    let found = field.types.found();
    match found.as_slice() {
        [(only, _)] => named(*only),
        many => {
            let all = field.types.total();
            let shares: Vec<_> = many.iter().map(|(of, n)| format!("{} {}", named(*of), share(*n, all))).collect();
            let names = || many.iter().map(|(of, _)| named(*of)).collect::<Vec<_>>().join(", ");
            Some(shares.join(", ")).filter(|shares| width(shares) <= room).unwrap_or_else(names)
        }
    }
}

/// A share in percent that is 0 or 100 only when it is none or all.
fn share(part: u64, all: u64) -> String {
    match (part * 100 + all / 2).checked_div(all) {
        None => "–".into(),
        Some(0) if part > 0 => "<1 %".into(),
        Some(100) if part < all => ">99 %".into(),
        Some(percent) => format!("{percent} %"),
    }
}

/// What the values are: all of them when they are few, else their range and some.
fn values(field: &Field) -> String {
    let examples = || field.examples().map(|(text, _)| clean(text).into_owned()).collect::<Vec<_>>().join(", ");
    let (distinct, more) = field.distinct();
    if field.types.of(Type::Array) > 0
        && let Some((low, high)) = field.items
    {
        return if low == high { count(low, "item") } else { format!("{low} … {} items", grouped(high)) };
    }
    match &field.numbers {
        _ if distinct == 0 => String::new(),
        Some((low, high)) if !field.is_complete() && field.types.of(Type::String) == 0 => format!("{low} … {high}"),
        _ if field.is_complete() => examples(),
        _ if more => format!("more than {}: {}", grouped(distinct as u64), examples()),
        _ => format!("{} different: {}", grouped(distinct as u64), examples()),
    }
}

fn date(seen: Seen, look: &Look) -> String {
    seen.time.and_then(|time| date_and_time(time, &look.zone)).map_or_else(|| "no time".into(), |(date, _)| date)
}

/// `since 2026-03-01`, `until …`, `integer → string 2026-03-04`
fn changes(shape: &Shape, index: usize, look: &Look) -> String {
    let mut news = Vec::new();
    news.extend(shape.appeared(index).map(|seen| format!("since {}", date(seen, look))));
    news.extend(shape.vanished(index).map(|seen| format!("until {}", date(seen, look))));
    if let Some(field) = shape.fields().get(index) {
        let told = field.changes.iter().take(2);
        news.extend(told.map(|c| format!("{} → {} {}", c.from.name(), c.to.name(), date(c.at, look))));
        if field.type_changes > 2 {
            news.push(format!("{} changes of type", grouped(field.type_changes)));
        }
    }
    news.join(", ")
}

fn detail_lines<'a>(state: &Inspected, index: usize, room: usize, look: &Look) -> Vec<Line<'a>> {
    let (shape, theme) = (state.shape(), &look.theme);
    let Some(field) = shape.fields().get(index) else { return Vec::new() };
    let time = |seen: Option<Seen>| {
        let written = seen.and_then(|seen| date_and_time(seen.time?, &look.zone));
        written.map_or_else(|| "no time".to_owned(), |(date, time)| format!("{date} {time}"))
    };
    let found = field.types.found();
    let counted: Vec<_> = found.iter().map(|(of, n)| format!("{} {}", of.name(), grouped(*n))).collect();
    let lengths = match field.lengths {
        Some((low, high)) if low == high => format!("   {} long", count(low, "character")),
        Some((low, high)) => format!("   {low} … {} characters long", grouped(high)),
        None => String::new(),
    };
    let always = if shape.is_always_there(index) { "   required" } else { "" };
    let of = format!("in {} of {}{always}", grouped(field.events), count(shape.events(), "event"));
    let known = field.examples().map(|(text, n)| format!("{} ×{}", clean(text), grouped(n))).collect::<Vec<_>>();
    let news = changes(shape, index, look);
    let line = |text: String| Line::raw(cut(&text, room));
    vec![
        Line::styled(cut(&path(shape, index), room), theme.title),
        line(format!("{}   {of}{lengths}", counted.join(", "))),
        line(if known.is_empty() { String::new() } else { format!("values   {}", known.join("   ")) }),
        Line::styled(format!("first {}   last {}", time(field.first), time(field.last)), theme.quiet),
        Line::styled(cut(&news, room), theme.warn),
    ]
}
