//! The line above the panes: how many events are here, and whether there are more.

use crate::app::world::{Loading, World};
use crate::model::count::{count, grouped};
use crate::ui::Theme;
use crate::ui::text::{bytes, cut, cut_middle, width};
use ratatui::text::{Line, Span};
use std::time::Duration;

/// How many events are here, and whether more are coming.
pub fn line<'a>(world: &World, columns: usize, theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::raw(" ")];
    if !world.part.is_store() {
        spans.push(Span::styled(format!("{}: ", cut_middle(&world.part.subject, columns / 3)), theme.accent));
    }
    spans.extend(match &world.loading {
        Loading::Running { since, before } => running(world, *since, *before, theme),
        Loading::Stopped | Loading::Failed(_) => stopped(world, theme),
        Loading::Paged => paged(world, theme),
        Loading::Idle | Loading::Complete if world.part.from.is_some() => newest(world, theme),
        Loading::Idle | Loading::Complete => complete(world, theme),
    });
    if world.log.broken() > 0 {
        spans.push(Span::styled(format!(" · {} no event", count(world.log.broken() as u64, "line")), theme.bad));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    if used > columns { Line::raw(cut(&Line::from(spans).to_string(), columns)) } else { Line::from(spans) }
}

/// ` of 1,000,000`, where that is known and more than what is here.
fn of_all(world: &World) -> String {
    let all = world.all().filter(|all| *all > world.log.len() as u64);
    all.map_or_else(String::new, |all| format!(" of {}", grouped(all)))
}

fn running<'a>(world: &World, since: Duration, before: usize, theme: &Theme) -> Vec<Span<'a>> {
    let here = world.log.len();
    let seconds = world.now.since_start.saturating_sub(since).max(Duration::from_millis(1)).as_secs_f64();
    let rate = (here.saturating_sub(before) as f64 / seconds).round() as u64;
    let size = bytes(world.log.bytes());
    vec![
        Span::styled(format!("loading {}{} events", grouped(here as u64), of_all(world)), theme.warn),
        Span::styled(format!(" · {size} · {}/s · Esc stops", grouped(rate)), theme.quiet),
    ]
}

fn stopped<'a>(world: &World, theme: &Theme) -> Vec<Span<'a>> {
    let all = world.all().map_or_else(String::new, |all| format!(" of {}", grouped(all)));
    let (text, key) = match world.log.len() {
        0 => ("nothing is loaded".to_owned(), " · r tries again"),
        here => (format!("first {}{all} events, loading stopped", grouped(here as u64)), " · r goes on"),
    };
    vec![Span::styled(text, theme.warn), Span::styled(key, theme.quiet)]
}

fn paged<'a>(world: &World, theme: &Theme) -> Vec<Span<'a>> {
    let here = grouped(world.log.len() as u64);
    let text = match of_all(world) {
        of if of.is_empty() => format!("first {here} events, there are more"),
        of => format!("first {here}{of} events"),
    };
    vec![Span::styled(text, theme.warn), Span::styled(" · L loads more · Alt-l all · Alt-g the newest", theme.quiet)]
}

fn newest<'a>(world: &World, theme: &Theme) -> Vec<Span<'a>> {
    let text = format!("newest {}{} events", grouped(world.log.len() as u64), of_all(world));
    vec![Span::styled(text, theme.warn), Span::styled(" · r loads new · Alt-g the first · Alt-l all", theme.quiet)]
}

fn complete<'a>(world: &World, theme: &Theme) -> Vec<Span<'a>> {
    let here = count(world.log.len() as u64, "event");
    let mut spans = match world.part.is_store() {
        true => {
            let size = bytes(world.log.bytes());
            let subjects = count(world.tree.subjects() as u64, "subject");
            let types = count(world.log.kinds().len() as u64, "type");
            vec![
                Span::styled(here, theme.title),
                Span::styled(format!(" · {subjects} · {types} · {size}"), theme.quiet),
            ]
        }
        false => {
            let loaded = world.store_len() as u64;
            // The server's number may be older than what was loaded since.
            let all = world.health.events().filter(|all| *all > loaded);
            let (loaded, all) = (grouped(loaded), all.map_or_else(String::new, |all| format!(" of {}", grouped(all))));
            vec![
                Span::styled(format!("all of its {here}"), theme.title),
                Span::styled(format!(" · of the store {loaded}{all} are loaded"), theme.quiet),
            ]
        }
    };
    if world.missing() > 0 {
        spans.push(Span::styled(format!(" · {} new, r loads them", grouped(world.missing())), theme.warn));
    }
    spans
}
