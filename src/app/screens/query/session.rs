//! What of the Query screen outlives the session: the tabs as they are, and every run that ends.
//!
//! Owns when something is kept. Where and how is not known here.

use super::run::{End, Run, State};
use super::tab::Tab;
use super::tabs::{MOST, Tabs};
use super::{CLOSED, Query};
use crate::app::desk::{Keep, Ran, SavedTab, Session};
use crate::app::effect::{Effect, Outbox, Timer};
use crate::app::world::World;
use std::hash::{Hash as _, Hasher as _};
use std::time::Duration;

/// So long changes are collected before they are written down.
const PAUSE: Duration = Duration::from_millis(300);

/// What is known of what was kept.
#[derive(Debug, Default)]
pub struct Keeping {
    /// Whether anything is.
    on: bool,
    /// What the tabs were like when they were kept.
    state: u64,
    /// Whether they will be kept soon.
    due: bool,
}

impl Query {
    /// What earlier sessions have kept; whether what changes from now on is kept, too.
    pub fn take_up(&mut self, session: Session, runs: Vec<Ran>, keeps: bool) {
        self.history.take_up(runs);
        let Session { tabs, current, closed } = session;
        let mut tabs = tabs.into_iter().take(MOST).enumerate();
        if let Some((_, first)) = tabs.next() {
            let mut open = Tabs::of(self.restored(0, first));
            for (number, saved) in tabs {
                open.open(self.restored(u8::try_from(number).unwrap_or(u8::MAX), saved));
            }
            open.go_to(current);
            self.tabs = open;
        }
        self.closed = closed;
        self.closed.drain(..self.closed.len().saturating_sub(CLOSED));
        self.keeping = Keeping { on: keeps, state: self.state(), due: false };
    }

    /// A tab as it was left.
    pub(super) fn restored(&self, number: u8, saved: SavedTab) -> Tab {
        let mut tab = Tab::new(number, saved.name, &saved.text, self.tab().bounds);
        tab.script.go_to(saved.cursor);
        tab.saved_as = saved.saved_as;
        tab.saved_text = (!saved.changed).then(|| tab.script.fingerprint());
        tab.parameters = saved.parameters;
        tab
    }

    /// Have the tabs kept soon if they have changed.
    pub fn keep_changes(&mut self, out: &mut Outbox) {
        if self.keeping.on && !self.keeping.due && self.keeping.state != self.state() {
            self.keeping.due = true;
            out.push(Effect::Wake(Timer::Keep, PAUSE));
        }
    }

    /// Have the tabs kept now if they have changed.
    pub fn keep(&mut self, out: &mut Outbox) {
        self.keeping.due = false;
        let state = self.state();
        if self.keeping.on && self.keeping.state != state {
            self.keeping.state = state;
            out.push(Effect::Keep(Keep::Session(self.session())));
        }
    }

    /// Something that is another when anything has changed that is kept.
    fn state(&self) -> u64 {
        let mut hasher = rustc_hash::FxHasher::default();
        self.tabs.at().hash(&mut hasher);
        for tab in self.tabs.iter() {
            (tab.number, &tab.name, tab.script.version(), &tab.saved_as, &tab.parameters).hash(&mut hasher);
        }
        self.closed.iter().for_each(|closed| closed.name.hash(&mut hasher));
        hasher.finish()
    }

    fn session(&self) -> Session {
        let mut closed = self.closed.clone();
        // What an editor had before an earlier query was brought back into it is nowhere else.
        closed.extend(self.tabs.iter().filter_map(replaced));
        Session { tabs: self.tabs.iter().map(saved).collect(), current: self.tabs.at(), closed }
    }

    /// The runs that have ended go into the history.
    pub fn note_runs(&mut self, world: &World, out: &mut Outbox) {
        for tab in self.tabs.iter_mut() {
            let rows = tab.table.rows().len() as u64;
            let Some(run) = tab.run.as_mut().filter(|run| !run.noted) else { continue };
            let Some(ran) = ran(run, rows, world) else { continue };
            run.noted = true;
            self.history.ran(ran.clone());
            if self.keeping.on {
                out.push(Effect::Keep(Keep::Ran(ran)));
            }
        }
    }
}

/// A run as it is kept, once it is over.
fn ran(run: &Run, rows: u64, world: &World) -> Option<Ran> {
    let State::Ended(took, end) = &run.state else { return None };
    let started = world.now.wall.saturating_sub(nanos(world.now.since_start.saturating_sub(run.started)));
    let when = jiff::Timestamp::from_nanosecond(i128::from(started)).map(|when| when.to_string());
    Some(Ran {
        query: run.query.clone(),
        parameters: run.given.values.clone(),
        connection: world.connection.name.clone(),
        url: world.connection.url.clone(),
        when: when.unwrap_or_default(),
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        rows,
        error: match end {
            End::Done => None,
            End::Cancelled => Some("cancelled".to_owned()),
            End::Full => Some("more rows came than are kept".to_owned()),
            End::Failed(failure) => Some(failure.message.clone()),
        },
    })
}

/// A tab as it is kept.
pub(super) fn saved(tab: &Tab) -> SavedTab {
    let Tab { name, script, saved_as, parameters, .. } = tab;
    SavedTab {
        name: name.clone(),
        text: script.editor().text(),
        cursor: script.editor().offset(),
        saved_as: saved_as.clone(),
        changed: tab.is_changed(),
        parameters: parameters.clone(),
    }
}

/// What a tab's editor had before an earlier query was brought back into it.
pub(super) fn replaced(tab: &Tab) -> Option<SavedTab> {
    let text = tab.recall.own()?.to_owned();
    Some(SavedTab { name: tab.name.clone(), text, ..SavedTab::default() })
}

fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}
