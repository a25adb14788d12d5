//! What stands above the events: what is watched, how it goes, how fast it comes, and what is wrong.

use super::super::Tail;
use super::super::lane::{Lane, Link};
use super::super::received::Received;
use super::{bars, fitting, per_second};
use crate::app::effect::From;
use crate::app::health::sentence;
use crate::app::message::Now;
use crate::app::world::{Origin, World};
use crate::model::count::{count, grouped};
use crate::model::event::short_kind;
use crate::ui::overlays::wrap;
use crate::ui::text::{bytes, clean, cut, cut_middle, date_and_time, span, width};
use crate::ui::{Look, Theme};
use ratatui::text::{Line, Span};
use std::time::Duration;

/// How many lines a trouble with the connection gets above the events.
pub(super) const TROUBLE: usize = 3;
/// In fewer columns words are left out.
const SHORT: usize = 90;
/// So long an age is counted in seconds.
const COUNTED: u64 = 60;
/// An event that is older than this when it comes is behind.
const BEHIND: Duration = Duration::from_secs(5);

/// How the connection of a lane is.
fn state<'a>(lane: &Lane, held: bool, now: Now, theme: &Theme) -> Span<'a> {
    match (&lane.link, held) {
        (Link::Live, false) => Span::styled("● following", theme.good),
        (Link::Live, true) => Span::styled("● live, paused", theme.warn),
        (Link::Connecting, _) => Span::styled("◌ connecting", theme.warn),
        (Link::Lost { attempt, next, .. }, held) => {
            let paused = if held { ", paused" } else { "" };
            let wait = next.saturating_sub(now.since_start).as_secs_f64().ceil();
            Span::styled(format!("▲ reconnecting in {wait} s (try {attempt}){paused}"), theme.warn)
        }
        (Link::Refused(_), _) => Span::styled("✕ refused", theme.bad),
    }
}

/// The state of all lanes in a word: that of the one that is worst off.
fn worst<'a>(tail: &Tail, now: Now, theme: &Theme) -> Span<'a> {
    let rank = |lane: &&Lane| match lane.link {
        Link::Live => 0,
        Link::Connecting => 1,
        Link::Lost { .. } => 2,
        Link::Refused(_) => 3,
    };
    match tail.lanes.iter().max_by_key(rank) {
        Some(lane) => state(lane, tail.lines.is_held(), now, theme),
        None => Span::styled("not watching", theme.quiet),
    }
}

/// What is watched, and how it goes: the most important first, as far as there is room.
pub(super) fn title<'a>(tail: &Tail, world: &World, columns: usize, look: &Look) -> Line<'a> {
    let (theme, now) = (&look.theme, world.now);
    let state = worst(tail, now, theme);
    let subjects: Vec<&str> = tail.lanes.iter().map(|lane| lane.subject.as_str()).collect();
    let subjects = if subjects.is_empty() { "/".to_owned() } else { subjects.join(" + ") };
    let room = columns.saturating_sub(width(&state.content) + 3).clamp(1, 48);
    let subject = cut_middle(&subjects, room);
    let last = tail.lanes.iter().filter_map(|lane| lane.last).max();
    let mut parts = Vec::new();
    if let Some(recording) = &tail.recording {
        // Before the file is open, what comes is not recorded.
        let so_far = format!("{}, {}", count(recording.events, "event"), bytes(recording.bytes));
        let said = if recording.open { format!("◉ recording {so_far}") } else { "◌ opening the file".to_owned() };
        parts.push(Span::styled(said, theme.bad));
    }
    parts.push(Span::styled(format!("{}/s", per_second(tail.rates.rate(now.since_start))), theme.title));
    let event = if columns < SHORT { "last" } else { "last event" };
    parts.push(Span::raw(last_event(event, last, now, look)));
    let furthest = tail.lanes.iter().filter(|lane| lag(lane, now, theme).is_some()).max_by_key(|lane| lane.lag);
    parts.extend(furthest.and_then(|lane| lag(lane, now, theme)));
    if last.is_some() {
        parts.push(Span::styled(number_of_events(tail), theme.quiet));
    }
    if let Some(words) = tail.lines.kinds.words() {
        parts.push(Span::styled(words, theme.warn));
    }
    if let Some(from) = tail.lanes.first().and_then(|lane| beginning(lane, look)) {
        parts.push(Span::styled(from, theme.quiet));
    }
    let spans = vec![Span::raw(format!("{subject}   ")), state];
    fitting(spans, parts.into_iter().map(|part| vec![part]), columns)
}

/// Where a lane began, when that was not now.
fn beginning(lane: &Lane, look: &Look) -> Option<String> {
    match &lane.from {
        From::Now | From::After(_) | From::InPlaceOf(_) => None,
        From::Start => Some("from the start".into()),
        From::At(_) => Some("from an event on".into()),
        From::Time(nanos) => {
            let (date, time) = date_and_time(*nanos, &look.zone)?;
            Some(format!("from {date} {}", time.get(..8)?))
        }
    }
}

/// How old the events are when they come, by their own time: what is far behind is still catching up.
fn lag<'a>(lane: &Lane, now: Now, theme: &Theme) -> Option<Span<'a>> {
    let lag = Duration::from_nanos(u64::try_from(lane.lag?).ok()?);
    let age = now.since_start.saturating_sub(lane.last?.since_start);
    match lag {
        _ if age.as_secs() >= COUNTED => None,
        lag if lag > BEHIND => Some(Span::styled(format!("behind by {}", span(lag)), theme.warn)),
        lag => Some(Span::styled(format!("lag {}", span(lag)), theme.quiet)),
    }
}

/// A lane in a line of its own.
pub(super) fn lane<'a>(lane: &Lane, tail: &Tail, now: Now, columns: usize, look: &Look) -> Line<'a> {
    let theme = &look.theme;
    let style = theme.nth(lane.number);
    let state = match &lane.link {
        Link::Live => Span::styled("● live", theme.good),
        _ => state(lane, false, now, theme),
    };
    let name = cut_middle(&lane.subject, columns.saturating_sub(width(&state.content) + 8).clamp(1, 40));
    let spans = vec![Span::styled(format!(" {} {name}   ", lane.number + 1), style), state];
    let mut parts = vec![
        Span::raw(format!("{}/s", per_second(tail.rates.rate_of_lane(lane.number, now.since_start)))),
        Span::styled(last_event("last event", lane.last, now, look), theme.quiet),
    ];
    parts.extend(lag(lane, now, theme));
    fitting(spans, parts.into_iter().map(|part| vec![part]), columns)
}

fn number_of_events(tail: &Tail) -> String {
    let all = count(tail.received.log.len() as u64, "event");
    match tail.lines.is_filtered() {
        false => all,
        true => format!("{} of {all}", grouped(tail.lines.events(&tail.received) as u64)),
    }
}

/// The age of the last event while it counts seconds, else its time: what is not counted must not look counted.
fn last_event(event: &str, last: Option<Now>, now: Now, look: &Look) -> String {
    let Some(last) = last else { return "no event yet".into() };
    match now.since_start.saturating_sub(last.since_start).as_secs() {
        0 => format!("{event} just now"),
        age if age < COUNTED => format!("{event} {age} s ago"),
        _ => format!("{event} at {}", clock(last.wall, look)),
    }
}

fn clock(nanos: i64, look: &Look) -> String {
    date_and_time(nanos, &look.zone).and_then(|(_, time)| Some(time.get(..8)?.to_owned())).unwrap_or_default()
}

/// The last minutes as bars, and the types that come most.
pub(super) fn strip<'a>(tail: &Tail, now: Now, columns: usize, theme: &Theme) -> Line<'a> {
    const TYPES: usize = 12;
    let (number, seconds, label) = match columns {
        120.. => (60, 5, " 5 min"),
        60.. => (20, 15, " 5 min"),
        _ => (15, 4, " 1 min"),
    };
    let now = now.since_start;
    let drawn = bars(&tail.rates.strip(None, number, seconds, now));
    let spans = vec![Span::raw(" "), Span::styled(drawn, theme.accent), Span::styled(label, theme.quiet)];
    let kinds = tail.received.log.kinds();
    let parts = tail.rates.top(TYPES).into_iter().map(|kind| {
        let rate = format!(" {}/s", per_second(tail.rates.rate_of_kind(kind, now)));
        let name = kinds.text(kind);
        let style = theme.kind(name);
        vec![Span::styled(cut_middle(short_kind(name), 28), style), Span::styled(rate, theme.quiet)]
    });
    fitting(spans, parts.collect::<Vec<_>>(), columns)
}

/// What is wrong with a connection, what to do first, in so many columns and rows at most.
pub(super) fn trouble(lane: &Lane, named: bool, now: Now, columns: usize, rows: usize) -> Vec<String> {
    let of = if named { format!("{}: ", lane.subject) } else { String::new() };
    let text = match &lane.link {
        Link::Lost { reason, attempt, next } => {
            let next = match next.saturating_sub(now.since_start) {
                Duration::ZERO => format!("attempt {attempt} now"),
                wait => format!("attempt {attempt} in {} s, r tries now", wait.as_secs_f64().ceil()),
            };
            format!("{of}Not connected, {next}. {}", sentence(reason))
        }
        Link::Refused(failure) => {
            format!("{of}Not watching; r tries again, s watches another subject. {}", sentence(failure))
        }
        _ => return Vec::new(),
    };
    let mut lines = wrap(&clean(&text[..text.floor_char_boundary(2000)]), columns.saturating_sub(2));
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last} …"), columns.saturating_sub(2));
        }
    }
    lines
}

/// Why there are no rows, and what to do.
pub(super) fn nothing(tail: &Tail, world: &World, look: &Look) -> String {
    let (received, lines): (&Received, _) = (&tail.received, &tail.lines);
    let all = received.log.len() as u64;
    if lines.looked_at(received).is_some() {
        return "Looking for events …".into();
    }
    if all > 0 && lines.is_filtered() && lines.below(received) == 0 {
        let all = count(all, "event");
        return match (lines.probe(), lines.kinds.is_open()) {
            (Some(_), true) => format!("None of the {all} matches. Esc takes the filter away."),
            (Some(_), false) => format!(
                "None of the {all} of the types that are shown matches. Esc takes the filter away, o shows the types."
            ),
            (None, _) => format!("None of the {all} is of a type that is shown. o shows the types."),
        };
    }
    if lines.is_held() {
        return "Paused, and nothing had come by then. Space or G shows what came since.".into();
    }
    let Some(lane) = tail.lanes.first() else { return "Nothing is watched. s watches a subject.".into() };
    let names: Vec<String> = tail.lanes.iter().map(|lane| clean(&lane.subject).into_owned()).collect();
    let name = if names == ["/"] { "the whole store".to_owned() } else { names.join(" and ") };
    let since = clock(lane.since, look);
    let commits = if world.connection.read_only { "" } else { ", 4 commits an event" };
    match &lane.link {
        Link::Live if matches!(world.connection.origin, Origin::File(_)) => {
            "Nothing is committed to a backup, so nothing new comes here; lines that are added to the file appear in \
             Explore (1).  b replays the events that are there."
                .into()
        }
        Link::Live => format!(
            "Watching {name} since {since}. Events appear here as they are committed.  b gets what is there already, \
             s watches another subject, a one more{commits}.",
        ),
        Link::Connecting => format!("Connecting, to watch {name} …"),
        Link::Lost { .. } => "Nothing was received yet. gdbx keeps trying; what comes is shown here.".into(),
        Link::Refused(_) => String::new(),
    }
}
