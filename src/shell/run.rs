//! The loop: keys, answers, frames and timers, in this order of importance.

use super::desk::{self, Desk};
use super::edit;
use super::frames::Frames;
use super::input::Input;
use super::launch::Launch;
use super::notice::Notice;
use super::runner::{Inbox, Runner};
use super::stats::Stats;
use super::terminal::TerminalGuard;
use super::timers::Timers;
use crate::app::App;
use crate::app::effect::{Effect, Slot};
use crate::app::message::{Level, Msg, Now, Reply};
use crate::app::screens::ScreenId;
use crate::app::screens::explore::columns::Columns;
use crate::ui::{Look, draw};
use crossterm::event::{Event, KeyEventKind};
use ratatui::Frame;
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// So long one wake may take events in before keys get their turn.
const INTAKE: Duration = Duration::from_millis(4);

/// Something to draw on: the terminal, or a buffer in tests.
pub trait Canvas: Send {
    /// Draw a frame.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame)) -> io::Result<()>;

    /// Forget what is on the screen, so that everything is drawn again.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn clear(&mut self) -> io::Result<()>;

    /// Columns and rows.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn size(&self) -> io::Result<(u16, u16)>;

    /// Point something out to a user who looks elsewhere: these bytes make a terminal do it. A canvas without such means
    /// leaves it.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn notify(&mut self, _sequence: &str) -> io::Result<()> {
        Ok(())
    }

    /// Put text on the clipboard.
    ///
    /// # Errors
    /// When it cannot be done.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// Leave the terminal to another program.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn suspend(&mut self) -> io::Result<()>;

    /// Take the terminal back.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn resume(&mut self) -> io::Result<()>;
}

/// Why the explorer ended without being asked to.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The terminal cannot be used.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
}

/// Open the explorer in this terminal and stay in it until the user leaves. What is measured goes to `stats`.
///
/// # Errors
/// When there is no terminal, or it is gone.
pub async fn run(launch: Launch, stats: &mut Stats) -> Result<(), ShellError> {
    let mut terminal = TerminalGuard::enter()?;
    let result = explore(&mut terminal, Input::terminal(), &launch, stats).await;
    drop(terminal);
    launch.end().await;
    result
}

/// The explorer on any canvas and any input, until the user leaves or the input ends.
///
/// # Errors
/// When the canvas is gone.
pub async fn explore(
    canvas: &mut dyn Canvas,
    input: Input,
    launch: &Launch,
    stats: &mut Stats,
) -> Result<(), ShellError> {
    let (runner, inbox) = Runner::new(launch.source.clone());
    let runner = runner.with_queries(launch.folders.queries.clone(), launch.query_limits);
    let mut app = App::new(launch.connection.clone(), launch.polls);
    app.world.zone = launch.look.zone.clone();
    app.explore.columns = Columns::new(launch.list.clone());
    app.configure_tail(launch.tail.clone());
    app.world.load_in_pages(launch.page_events);
    let mut opened = desk::open(&launch.folders);
    app.take_up(std::mem::take(&mut opened.kept), opened.keeps());
    let desk = Desk::start(opened, runner.notices());
    let mut shell = Shell {
        canvas,
        input,
        app,
        runner,
        desk: Some(desk),
        frames: Frames::default(),
        timers: Timers::default(),
        start: Instant::now(),
        look: &launch.look,
        notice: launch.notice,
        stats,
    };
    shell.run(inbox).await
}

struct Shell<'a> {
    canvas: &'a mut dyn Canvas,
    input: Input,
    app: App,
    runner: Runner,
    desk: Option<Desk>,
    frames: Frames,
    timers: Timers,
    start: Instant,
    look: &'a Look,
    notice: Notice,
    stats: &'a mut Stats,
}

/// What the loop woke up for.
enum Wake {
    Event(Option<io::Result<Event>>),
    Answer(Msg),
    Frame,
    Data(Msg),
    Timer,
    Signal,
}

/// Whether the loop goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    End,
}

impl Shell<'_> {
    async fn run(&mut self, mut inbox: Inbox) -> Result<(), ShellError> {
        let (width, height) = self.canvas.size()?;
        self.app.update(Msg::Resize(width, height), self.now());
        let effects = self.app.begin(self.now());
        let flow = self.carry_out_all(effects)?;
        self.frames.request();
        let result = self.turn(&mut inbox, flow).await;
        self.runner.end(inbox).await;
        if let Some(desk) = self.desk.take() {
            desk.end();
        }
        result
    }

    async fn turn(&mut self, inbox: &mut Inbox, flow: Flow) -> Result<(), ShellError> {
        let mut flow = flow;
        let signals = ended_by_signal();
        tokio::pin!(signals);
        while flow == Flow::On {
            let (frame, timer) = (self.frames.due(), self.timers.next());
            let wake = tokio::select! {
                biased;
                // It is rare, and must not wait until nothing else is to be done.
                () = &mut signals => Wake::Signal,
                event = self.input.next() => Wake::Event(event),
                Some(msg) = inbox.control.recv() => Wake::Answer(msg),
                () = until(frame), if frame.is_some() => Wake::Frame,
                Some(msg) = inbox.data.recv() => Wake::Data(msg),
                () = until(timer), if timer.is_some() => Wake::Timer,
            };
            let began = Instant::now();
            flow = match wake {
                Wake::Event(event) => self.event(event)?,
                Wake::Answer(msg) => self.update(msg)?,
                Wake::Frame => self.draw()?,
                Wake::Data(msg) => self.intake(msg, inbox)?,
                Wake::Timer => self.timer()?,
                Wake::Signal => {
                    // Leaving may wait for a commit; a second signal is heard, too.
                    signals.set(ended_by_signal());
                    self.update(Msg::Quit)?
                }
            };
            self.stats.turned(began.elapsed(), &self.app);
        }
        Ok(())
    }

    fn now(&self) -> Now {
        let wall = jiff::Timestamp::now().as_nanosecond();
        Now { since_start: self.start.elapsed(), wall: i64::try_from(wall).unwrap_or(i64::MAX) }
    }

    fn update(&mut self, msg: Msg) -> Result<Flow, ShellError> {
        let effects = self.app.update(msg, self.now());
        self.stats.updated(&self.app);
        self.frames.request();
        self.frames.set_loading(self.app.screen == ScreenId::Explore && self.app.world.is_loading());
        self.carry_out_all(effects)
    }

    /// Take events in: the first batch and what else is there, but not for longer than keys can wait.
    fn intake(&mut self, first: Msg, inbox: &mut Inbox) -> Result<Flow, ShellError> {
        let began = Instant::now();
        let mut flow = self.update(first)?;
        while flow == Flow::On && began.elapsed() < INTAKE {
            let Ok(msg) = inbox.data.try_recv() else { break };
            flow = self.update(msg)?;
        }
        Ok(flow)
    }

    fn event(&mut self, event: Option<io::Result<Event>>) -> Result<Flow, ShellError> {
        match event {
            Some(Ok(Event::Key(key))) if key.kind != KeyEventKind::Release => {
                self.stats.key(&self.app);
                self.frames.urge();
                self.update(Msg::Key(key))
            }
            Some(Ok(Event::Paste(text))) => self.update(Msg::Paste(text)),
            Some(Ok(Event::Resize(width, height))) => self.update(Msg::Resize(width, height)),
            Some(Ok(_)) => Ok(Flow::On),
            Some(Err(error)) => Err(error.into()),
            // Nobody is left who could be asked anything; what is to be kept is kept.
            None => self.update(Msg::Quit).map(|_| Flow::End),
        }
    }

    fn timer(&mut self) -> Result<Flow, ShellError> {
        match self.timers.take_due(Instant::now()) {
            Some(timer) => self.update(Msg::Timer(timer)),
            None => Ok(Flow::On),
        }
    }

    fn draw(&mut self) -> Result<Flow, ShellError> {
        let (app, look, began) = (&self.app, self.look, std::time::Instant::now());
        self.canvas.draw(&mut |frame| draw(frame, app, look))?;
        self.stats.drawn(began, app);
        self.frames.drawn(Instant::now());
        Ok(Flow::On)
    }

    fn carry_out_all(&mut self, effects: Vec<Effect>) -> Result<Flow, ShellError> {
        for effect in effects {
            if self.carry_out(effect)? == Flow::End {
                return Ok(Flow::End);
            }
        }
        Ok(Flow::On)
    }

    fn carry_out(&mut self, effect: Effect) -> Result<Flow, ShellError> {
        match effect {
            Effect::Start { slot, generation, call } => {
                self.stats.asked(slot, true);
                self.runner.start(slot, generation, call);
            }
            Effect::Cancel(slot) => {
                self.stats.asked(slot, false);
                self.runner.cancel(slot);
            }
            Effect::Wake(timer, after) => self.timers.set(timer, after, Instant::now()),
            Effect::Copy(text) => {
                if let Err(error) = self.canvas.copy(&text) {
                    return self.update(Msg::Notice(Level::Error, format!("Nothing was copied: {error}.")));
                }
            }
            Effect::Notify { title, text } => self.canvas.notify(&self.notice.sequence(&title, &text))?,
            Effect::Edit { generation, text, extension } => {
                self.input.pause();
                self.canvas.suspend()?;
                let reply = Reply::Edited(edit::edit(&text, extension));
                self.canvas.resume()?;
                self.input.resume();
                self.stats.was_away();
                return self.update(Msg::Reply { slot: Slot::Edit, generation, reply });
            }
            Effect::Keep(what) => {
                if let Some(desk) = &self.desk {
                    desk.keep(what);
                }
            }
            Effect::Redraw => self.canvas.clear()?,
            Effect::Quit => return Ok(Flow::End),
        }
        Ok(Flow::On)
    }
}

/// Until an instant; for ever without one.
async fn until(instant: Option<Instant>) {
    match instant {
        // What is due does not go through the runtime's timers: they run out on another thread, which has to be given a
        // core first, and then this one again.
        Some(instant) if instant <= Instant::now() => {}
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

/// Until the system asks the program to end. From the call on, not from the first poll: a signal that comes in between
/// would end the program with the terminal still taken.
#[cfg(unix)]
fn ended_by_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind| {
        let signal = signal(kind);
        async move {
            match signal {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                // Without a handler the signal ends the program by itself.
                Err(_) => std::future::pending().await,
            }
        }
    };
    let (terminate, interrupt, hangup) =
        (wait(SignalKind::terminate()), wait(SignalKind::interrupt()), wait(SignalKind::hangup()));
    async move {
        tokio::select! {
            () = terminate => {}
            () = interrupt => {}
            () = hangup => {}
        }
    }
}

/// Until the system asks the program to end.
#[cfg(not(unix))]
async fn ended_by_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
