//! What a session measures of itself: how long until something was to be seen, how long frames and keys take, how long
//! an event is on its way to the screen.
//!
//! Always measured, in a few fixed tables; written down only when `--stats` asks for it. Looks at the app from outside,
//! around its updates and frames: the app itself has no clock.

mod arrivals;
mod histogram;
mod report;

pub use histogram::Histogram;
pub use report::Report;

use crate::app::App;
use crate::app::effect::Slot;
use crate::app::world::Loading;
use arrivals::Arrivals;
use report::{LoadReport, Memory, Window, ms};
use std::io;
use std::time::{Duration, Instant};

/// The measurements of a session.
#[derive(Clone, Debug)]
pub struct Stats {
    began: Instant,
    window: Window,
    first_frame: Option<Duration>,
    first_events: Option<Duration>,
    load: LoadReport,
    frames: Split,
    keys: Split,
    turns: Split,
    searches: Split,
    arrivals: Arrivals,
    /// When the search that is under way began.
    search: Option<Instant>,
    /// When keys were read whose effect no frame was drawn for yet, and whether events were being loaded then.
    pressed: Vec<(Instant, bool)>,
    /// The frame that is under way to the screen.
    frame: Option<Drawn>,
    /// The loop was away for a reason of its own: what is under way says nothing about its speed.
    away: bool,
}

/// Durations, and those of them that fell into a load.
#[derive(Clone, Debug, Default)]
struct Split {
    all: Histogram,
    loading: Histogram,
}

/// What there is to say of a frame once it is on the screen; the app may have gone on by then.
#[derive(Clone, Debug)]
struct Drawn {
    began: Instant,
    loading: bool,
    pressed: Vec<(Instant, bool)>,
    search: Option<Instant>,
    window: Window,
    events: u64,
    bytes: u64,
    complete: bool,
    /// When the stamped events were sent that it shows.
    sent: Vec<i64>,
}

impl Split {
    fn record(&mut self, duration: Duration, loading: bool) {
        self.all.record(duration);
        if loading {
            self.loading.record(duration);
        }
    }
}

impl Stats {
    /// Nothing was measured yet of a process that began at an instant.
    pub fn since(began: Instant) -> Self {
        Self {
            began,
            window: Window::default(),
            first_frame: None,
            first_events: None,
            load: LoadReport::default(),
            frames: Split::default(),
            keys: Split::default(),
            turns: Split::default(),
            searches: Split::default(),
            arrivals: Arrivals::default(),
            search: None,
            pressed: Vec::new(),
            frame: None,
            away: false,
        }
    }

    /// A key was read.
    pub(super) fn key(&mut self, app: &App) {
        self.pressed.push((Instant::now(), app.world.is_loading()));
    }

    /// The app has asked for something, or does not want it any more.
    pub(super) fn asked(&mut self, slot: Slot, wanted: bool) {
        if slot == Slot::Search {
            self.search = wanted.then(Instant::now);
        }
    }

    /// The app has taken a message in.
    pub(super) fn updated(&mut self, app: &App) {
        self.arrivals.updated(app);
    }

    /// A frame that was begun at an instant is drawn, and under way to the screen.
    pub(super) fn drawn(&mut self, began: Instant, app: &App) {
        let world = &app.world;
        let (columns, rows) = world.size;
        self.frame = Some(Drawn {
            began,
            loading: world.is_loading(),
            pressed: std::mem::take(&mut self.pressed),
            // A search that was dropped for another one has no end.
            search: self.search.take_if(|_| !app.is_busy(Slot::Search)),
            window: Window { columns, rows },
            events: world.log.len() as u64,
            bytes: world.log.bytes(),
            complete: world.loading == Loading::Complete,
            sent: self.arrivals.drawn(app),
        });
    }

    /// The frame that was under way is on the screen since an instant: the terminal has taken all of it.
    pub(super) fn shown(&mut self, at: Instant) {
        let Some(frame) = self.frame.take() else { return };
        let since_start = at - self.began;
        self.frames.record(at - frame.began, frame.loading);
        for (read, loading) in frame.pressed {
            self.keys.record(at - read, loading);
        }
        if let Some(began) = frame.search {
            self.searches.record(at - began, frame.loading);
        }
        self.window = frame.window;
        self.first_frame.get_or_insert(since_start);
        if frame.events > 0 {
            self.first_events.get_or_insert(since_start);
        }
        if self.load.loaded_ms.is_none() {
            (self.load.events, self.load.bytes) = (frame.events, frame.bytes);
            if frame.complete {
                self.load.loaded_ms = Some(ms(since_start));
                self.load.memory = Some(Memory::now());
            }
        }
        let nanos = i64::try_from(at.elapsed().as_nanos()).unwrap_or(i64::MAX);
        let wall = i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
        self.arrivals.shown(&frame.sent, wall.saturating_sub(nanos));
    }

    /// The loop has done what it woke up for, which took so long. Keys that came meanwhile were waiting.
    pub(super) fn turned(&mut self, took: Duration, app: &App) {
        if !std::mem::take(&mut self.away) {
            self.turns.record(took, app.world.is_loading());
        }
    }

    /// Another program had the terminal.
    pub(super) fn was_away(&mut self) {
        self.away = true;
        self.pressed.clear();
    }

    /// What was measured until now.
    pub fn report(&self) -> Report {
        Report::of(self)
    }

    /// Write what was measured until now, as one JSON value.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, to: &mut impl io::Write) -> io::Result<()> {
        let mut json = serde_json::to_vec_pretty(&self.report())?;
        json.push(b'\n');
        to.write_all(&json)?;
        to.flush()
    }
}
