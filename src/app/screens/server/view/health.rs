//! What the server says of itself, and the audits that were made.

use super::super::Server;
use super::below;
use crate::app::health::{AuditRun, sentence};
use crate::app::message::FailureKind;
use crate::app::world::{Origin, World};
use crate::model::count::grouped;
use crate::model::status::{Space, Status};
use crate::ui::overlays::wrap;
use crate::ui::text::{bytes, clean, cut, date_and_time, pad, span};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// The columns of the words before the values.
const LABEL: usize = 10;
/// How high the whole status is, with its frame.
pub const FULL: u16 = 16;
/// What stands where the server says nothing.
const NOT_TOLD: &str = "not told";

/// Draw the status.
pub fn status(frame: &mut Frame, area: Rect, server: &Server, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let inner = pane::pane(frame, area, Line::raw("Status"), focused, theme);
    let mut lines = Vec::new();
    if let Some(failure) = &world.health.status_failure {
        let text = match failure.kind {
            FailureKind::Unsupported if matches!(world.connection.origin, Origin::File(_)) => sentence(failure),
            FailureKind::Unsupported => format!("This server tells no status. {}", sentence(failure)),
            _ => sentence(failure),
        };
        let style = theme.bad;
        lines.extend(
            wrap(&clean(&text), usize::from(inner.width.saturating_sub(2)))
                .into_iter()
                .map(|line| Line::styled(format!(" {line}"), style)),
        );
    }
    match &world.health.status {
        Some(status) => lines.extend(
            rows(status, world).into_iter().map(|(label, value)| row(label, value, usize::from(inner.width), theme)),
        ),
        None if lines.is_empty() => return pane::empty(frame, inner, "Asking the server …", theme),
        None => lines.push(row("address", Some(world.connection.url.clone()), usize::from(inner.width), theme)),
    }
    let (len, room) = (lines.len(), usize::from(inner.height));
    let last = len.saturating_sub(room);
    server.status_rows_are(last + 1);
    let start = server.status.selected().min(last);
    for (y, line) in (0..inner.height).zip(lines.into_iter().skip(start)) {
        frame.render_widget(line, Rect { y: inner.y + y, height: 1, ..inner });
    }
    pane::scrollbar(frame, area, &(start..(start + room).min(len)), len, theme);
}

fn row<'a>(label: &str, value: Option<String>, columns: usize, theme: &Theme) -> Line<'a> {
    let room = columns.saturating_sub(LABEL + 2);
    let (value, style) = match value {
        Some(value) => (cut(&value, room), Style::new()),
        None => (NOT_TOLD.to_owned(), theme.quiet),
    };
    Line::from(vec![Span::styled(format!(" {} ", pad(label, LABEL)), theme.quiet), Span::styled(value, style)])
}

/// Everything that a status can say, one line each.
fn rows(status: &Status, world: &World) -> Vec<(&'static str, Option<String>)> {
    let (engine, system, events) = (&status.engine, &status.system, &status.events);
    let joined = |parts: [&Option<String>; 2]| {
        let told: Vec<&str> = parts.into_iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
        (!told.is_empty()).then(|| told.join(" "))
    };
    let license = status.license.as_ref().map(|license| {
        let until = license.valid_until.as_ref().map_or_else(String::new, |until| format!(", until {until}"));
        format!("{}{until}", license.status.as_deref().unwrap_or(NOT_TOLD))
    });
    let storage = status.storage.as_ref().map(|storage| {
        let format = storage.storage_format.as_deref().unwrap_or(NOT_TOLD);
        format!("format {format}, {}", if storage.ready { "ready" } else { "not ready: rebuilding or recovering" })
    });
    let cpu = system.cpu.filter(|cpu| cpu.available_cores > 0.0);
    vec![
        ("address", Some(world.connection.url.clone())),
        ("version", engine.version.clone()),
        ("edition", joined([&engine.edition, &engine.channel])),
        ("API", world.health.generation.map(|generation| generation.name().to_owned())),
        ("events", Some(grouped(events.count))),
        ("subjects", Some(grouped(events.subjects))),
        ("types", Some(grouped(events.types))),
        ("size", Some(bytes(events.storage_size))),
        ("storage", storage),
        ("system", joined([&system.os, &system.arch])),
        ("cores", cpu.map(|cpu| format!("{} of {} used", cpu.used_cores, cpu.available_cores))),
        ("memory", system.memory.and_then(space)),
        ("disk", system.storage.and_then(space)),
        ("licence", license),
    ]
}

/// `1.2 GB of 8.0 GB used, 6.8 GB free`, as far as it is told. A space of nothing at all is none.
fn space(space: Space) -> Option<String> {
    // A number of bytes that is negative or no number becomes 0: nothing was told then.
    let amount = |number: f64| number as u64;
    let limit = [space.max, space.total].map(amount).into_iter().find(|limit| *limit > 0);
    let free = Some(amount(space.available)).filter(|free| *free > 0);
    match (limit, free) {
        (None, None) if amount(space.used) == 0 => None,
        (limit, free) => {
            let of = limit.map_or_else(String::new, |limit| format!(" of {}", bytes(limit)));
            let free = free.map_or_else(String::new, |free| format!(", {} free", bytes(free)));
            Some(format!("{}{of} used{free}", bytes(amount(space.used))))
        }
    }
}

/// Draw the audits, the newest first.
pub fn audits(frame: &mut Frame, area: Rect, server: &Server, world: &World, focused: bool, look: &Look) {
    let theme = &look.theme;
    let health = &world.health;
    let mut title = vec![Span::raw("Audits")];
    if !health.audits.is_empty() {
        title.push(Span::styled(format!("  {}", health.audits.len()), theme.quiet));
    }
    let mut inner = pane::pane(frame, area, Line::from(title), focused, theme);
    if let Some(since) = health.auditing {
        let took = world.now.since_start.saturating_sub(since);
        let text = if took.as_secs() == 0 { "running …".into() } else { format!("running for {} …", span(took)) };
        frame.render_widget(
            Span::styled(cut(&format!(" {text}"), usize::from(inner.width)), theme.warn),
            Rect { height: 1.min(inner.height), ..inner },
        );
        inner = below(inner, 1);
    } else if !health.may_audit {
        let text = "This token may not audit. Another one is needed; a asks anyway.";
        let rows = wrap(text, usize::from(inner.width.saturating_sub(2))).len();
        pane::empty(frame, inner, text, theme);
        inner = below(inner, u16::try_from(rows).unwrap_or(1));
    }
    if health.audits.is_empty() {
        let text = if health.auditing.is_some() { "" } else { "None was made yet. a checks the whole hash chain now." };
        return pane::empty(frame, inner, text, theme);
    }
    // The one under the cursor is told in full below the list.
    let told = health.audits.get(server.audits.selected()).map(full).unwrap_or_default();
    let told = wrap(&clean(&told), usize::from(inner.width.saturating_sub(2)));
    let rows = u16::try_from(told.len()).unwrap_or(0).min(inner.height.saturating_sub(2).min(inner.height / 2));
    let list = Rect { height: inner.height - rows, ..inner };
    let window = server.audits.show(usize::from(list.height), health.audits.len());
    for (y, index) in (0..list.height).zip(window.clone()) {
        let Some(run) = health.audits.get(index) else { break };
        let line = audit(run, usize::from(list.width), look);
        let here = index == server.audits.selected() && focused;
        frame.render_widget(
            if here { line.style(theme.selected) } else { line },
            Rect { y: list.y + y, height: 1, ..list },
        );
    }
    for (y, line) in (0..rows).zip(told) {
        let at = Rect { y: list.bottom() + y, height: 1, ..inner };
        frame.render_widget(Line::styled(format!(" {line}"), theme.quiet), at);
    }
    pane::scrollbar(frame, area, &window, health.audits.len(), theme);
}

fn full(run: &AuditRun) -> String {
    match &run.result {
        Ok(audit) => audit.text.clone(),
        Err(failure) => sentence(failure),
    }
}

fn audit<'a>(run: &AuditRun, columns: usize, look: &Look) -> Line<'a> {
    let theme = &look.theme;
    let (date, time) = date_and_time(run.at, &look.zone).unwrap_or_default();
    let (date, time) = (date.get(5..).unwrap_or_default(), time.get(..8).unwrap_or_default());
    let (word, style, took, events) = match &run.result {
        Ok(audit) if audit.passed => ("passed ✓", theme.good, span(audit.took), audit.events),
        Ok(audit) => ("FAILED ✕", theme.bad, span(audit.took), audit.events),
        Err(failure) if failure.kind == FailureKind::NotAllowed => ("not allowed", theme.quiet, String::new(), None),
        Err(_) => ("not made ?", theme.warn, String::new(), None),
    };
    let events = events.map_or_else(String::new, |events| format!("{} events", grouped(events)));
    let mut line = Line::from(vec![
        Span::styled(format!(" {date} {time}  "), theme.quiet),
        Span::styled(pad(word, 11), style),
        Span::styled(took, theme.quiet),
    ]);
    if line.width() + 2 + events.len() <= columns {
        line.push_span(Span::styled(format!("  {events}"), theme.quiet));
    }
    if line.width() > columns { Line::styled(cut(&line.to_string(), columns), style) } else { line }
}
