//! The title line and the status line: where the user is, and how the server is.

use super::text::{ago, cut, cut_middle, span, width};
use super::theme::{Look, Theme};
use crate::app::App;
use crate::app::health::{AuditRun, Health, Link};
use crate::app::message::{FailureKind, Level};
use crate::app::screens::ScreenId;
use crate::app::world::{Connection, Loading, Origin, World};
use crate::model::count::{count, grouped};
use crate::model::status::Engine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::time::Duration;

/// The title line: the tabs on the left, the connection on the right.
pub fn title(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let theme = &look.theme;
    let columns = usize::from(area.width);
    let right = connection(&app.world.connection, theme, columns / 2);
    let right_width: usize = right.iter().map(|span| width(&span.content)).sum();
    let words: usize = ScreenId::ALL.iter().map(|id| id.title().len() + 4).sum();
    let needed = 6 + words + right_width;
    let gap = if needed + ScreenId::ALL.len() < columns { " " } else { "" };
    let short = needed > columns;
    // While text is being typed the digits are text, too; the tabs then say what makes them keys.
    let name = if app.typing() { Span::styled(" Alt+ ", theme.key) } else { Span::styled(" gdbx ", theme.title) };
    let mut left = vec![name, Span::raw(gap)];
    for (number, id) in ScreenId::ALL.iter().enumerate() {
        let here = *id == app.screen;
        // Where there is no room for all words, only the tab that is open has its word.
        let label =
            if short && !here { format!(" {} ", number + 1) } else { format!(" {} {} ", number + 1, id.title()) };
        left.push(Span::styled(label, if here { theme.tab } else { theme.quiet }));
        left.push(Span::raw(gap));
    }
    let left_width = length(&left);
    frame.render_widget(Line::from(left), area);
    if left_width + right_width > columns {
        return;
    }
    let right_width = u16::try_from(right_width).unwrap_or(0);
    let at = Rect { x: area.right() - right_width, width: right_width, ..area };
    frame.render_widget(Line::from(right), at);
}

fn connection<'a>(connection: &Connection, theme: &Theme, columns: usize) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    match &connection.origin {
        Origin::Demo => spans.push(Span::styled("demo, kept in memory only", theme.warn)),
        Origin::File(name) => {
            spans.push(Span::styled(cut(name, columns.saturating_sub(28).max(8)), theme.accent));
            spans.push(Span::styled(", read-only", theme.warn));
        }
        Origin::Server => spans.push(Span::styled(cut(&connection.name, columns), theme.accent)),
    }
    if connection.production {
        spans.push(Span::raw(" "));
        spans.push(Span::styled(" PRODUCTION ", theme.production));
    }
    if connection.read_only && connection.origin == Origin::Server {
        spans.push(Span::styled("  read-only", theme.warn));
    }
    spans.push(Span::raw(" "));
    spans
}

/// The status line.
pub fn status(frame: &mut Frame, area: Rect, app: &App, look: &Look) {
    let theme = &look.theme;
    let world = &app.world;
    let mut spans = vec![Span::raw(" ")];
    spans.extend(link(&world.health, world, theme));
    // What runs because the user asked for it is told beside whatever else is said.
    let exporting = exporting(app, theme);
    if !exporting.is_empty() {
        spans.push(Span::raw("   "));
        spans.extend(exporting);
    }
    let mut room = usize::from(area.width).saturating_sub(length(&spans));
    if let Some(message) = app.messages.shown() {
        let style = match message.level {
            Level::Info => theme.good,
            Level::Warning => theme.warn,
            Level::Error => theme.bad,
        };
        spans.push(Span::raw("   "));
        let more = if message.level == Level::Error { "  (! all, Esc)" } else { "" };
        let text = cut(&message.text.replace('\n', " "), room.saturating_sub(3 + more.len()));
        spans.push(Span::styled(text, style));
        spans.push(Span::styled(more, theme.quiet));
        return frame.render_widget(Line::from(spans), area);
    }
    // The rest as far as there is room, the most important first.
    for part in [audit(&world.health, world, theme), version(&world.health, theme), loaded(world, theme)] {
        let needed = length(&part) + 3;
        if !part.is_empty() && needed <= room {
            room -= needed;
            spans.push(Span::raw("   "));
            spans.extend(part);
        }
    }
    frame.render_widget(Line::from(spans), area);
}

fn length(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

fn link<'a>(health: &Health, world: &World, theme: &Theme) -> Vec<Span<'a>> {
    match &health.link {
        _ if matches!(world.connection.origin, Origin::File(_)) => vec![Span::styled("● file", theme.good)],
        Link::Connecting => vec![Span::styled("◌ connecting", theme.warn)],
        Link::Live { latency } => {
            vec![Span::styled("● live ", theme.good), Span::styled(span(*latency), theme.quiet)]
        }
        Link::Unreachable { failure, next } => {
            let mut text = match failure.kind {
                FailureKind::NotReady => "▲ not ready".to_owned(),
                _ => "▲ unreachable".to_owned(),
            };
            if let Some(next) = next {
                let wait = next.saturating_sub(world.now.since_start).max(Duration::from_secs(1));
                text.push_str(&format!(", next try in {} s", wait.as_secs_f64().round()));
            }
            vec![Span::styled(text, theme.bad)]
        }
        Link::Refused(failure) => vec![Span::styled(format!("✕ {}", cut(&failure.message, 50)), theme.bad)],
    }
}

/// The last audit, as short as it can be said.
pub fn audit<'a>(health: &Health, world: &World, theme: &Theme) -> Vec<Span<'a>> {
    if health.auditing.is_some() {
        return vec![Span::styled("audit … running", theme.warn)];
    }
    let Some(AuditRun { at, result }) = health.audits.front() else { return Vec::new() };
    let age = ago(*at, world.now.wall);
    match result {
        Ok(audit) if audit.passed => {
            let events = audit.events.map_or_else(String::new, |events| format!("{}, ", count(events, "event")));
            vec![Span::styled("audit ✓ ", theme.good), Span::styled(format!("{events}{age}"), theme.quiet)]
        }
        Ok(audit) => vec![Span::styled(format!("audit ✕ {}", cut(&audit.text, 60)), theme.bad)],
        Err(failure) if failure.kind == FailureKind::NotAllowed => {
            vec![Span::styled("audit – this token may not", theme.quiet)]
        }
        Err(failure) => vec![Span::styled(format!("audit ? {}", cut(&failure.message, 40)), theme.warn)],
    }
}

/// How far the list is that is being written to a file.
fn exporting<'a>(app: &App, theme: &Theme) -> Vec<Span<'a>> {
    let Some(exporting) = app.world.exports.running() else { return Vec::new() };
    let (done, all) = (exporting.done as u64, exporting.all() as u64);
    let percent = done * 100 / all.max(1);
    let text = format!("exporting {} of {}, {percent} %", grouped(done), count(all, exporting.noun()));
    let hint =
        if matches!(app.screen, ScreenId::Explore | ScreenId::Query) && !app.typing() { " · X stops" } else { "" };
    vec![Span::styled(text, theme.warn), Span::styled(hint, theme.quiet)]
}

fn version<'a>(health: &Health, theme: &Theme) -> Vec<Span<'a>> {
    let Some(generation) = health.generation else { return Vec::new() };
    let engine = health.status.as_ref().map(|status| &status.engine);
    let text = match engine.and_then(|engine| engine.version.as_deref()) {
        Some(version) => {
            let embedded = engine.is_some_and(Engine::is_embedded);
            let product = if embedded { "gdbx's own server" } else { "GenesisDB" };
            format!("{} · {product} {}", generation.name(), cut(version, 16))
        }
        None => generation.name().to_owned(),
    };
    vec![Span::styled(text, theme.quiet)]
}

fn loaded<'a>(world: &World, theme: &Theme) -> Vec<Span<'a>> {
    let here = world.log.len() as u64;
    let text = match (&world.loading, world.all()) {
        (Loading::Complete, _) if world.begins_at_first() => count(here, "event"),
        (_, Some(all)) => format!("{} of {}", grouped(here), count(all.max(here), "event")),
        (Loading::Paged, None) => format!("the first {}", count(here, "event")),
        (_, None) => count(here, "event"),
    };
    let of = match world.part.is_store() {
        true => String::new(),
        false => format!(" of {}", cut_middle(&world.part.subject, 30)),
    };
    vec![Span::styled(text + &of, theme.quiet)]
}
