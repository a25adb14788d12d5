//! The loop: keys, answers, frames and timers, in this order of importance.

use super::canvas::Canvas;
use super::desk::{self, Desk};
use super::edit;
use super::frames::Frames;
use super::input::Input;
use super::launch::Launch;
use super::letter::Letter;
use super::notice::Notice;
use super::runner::{Inbox, Runner};
use super::signals::Signals;
use super::stats::Stats;
use super::terminal::{GRACE, TerminalGuard};
use super::timers::Timers;
use crate::app::App;
use crate::app::effect::{Effect, Slot};
use crate::app::message::{Level, Msg, Now, Reply};
use crate::app::screens::ScreenId;
use crate::app::screens::explore::columns::Columns;
use crate::ui::{Look, draw};
use crossterm::event::{Event, KeyEventKind};
use std::future::poll_fn;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// So long one wake may take events in before keys get their turn.
const INTAKE: Duration = Duration::from_millis(4);

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
        editing: None,
        signals: Signals::new(),
        signalled: false,
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
    /// What the user's editor is to be given as soon as the terminal is free.
    editing: Option<Editing>,
    signals: Signals,
    /// Whether the system has asked the program to end.
    signalled: bool,
    start: Instant,
    look: &'a Look,
    notice: Notice,
    stats: &'a mut Stats,
}

/// A text for the user's editor.
struct Editing {
    generation: u32,
    text: String,
    extension: &'static str,
}

/// What the loop woke up for.
enum Wake {
    Written(io::Result<std::time::Instant>),
    Event(Option<io::Result<Event>>),
    Answer(Letter),
    Frame,
    Data(Letter),
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
        self.leave(result.is_ok()).await;
        result
    }

    async fn turn(&mut self, inbox: &mut Inbox, flow: Flow) -> Result<(), ShellError> {
        let mut flow = flow;
        while flow == Flow::On {
            let (frame, timer) = (self.frames.due().filter(|_| self.editing.is_none()), self.timers.next());
            let waiting = self.frames.is_under_way() || self.editing.is_some();
            let wake = tokio::select! {
                biased;
                // It is rare, and must not wait until nothing else is to be done.
                () = self.signals.next() => Wake::Signal,
                // It costs next to nothing, and the next frame waits for it.
                at = poll_fn(|context| self.canvas.poll_written(context)), if waiting => Wake::Written(at),
                event = self.input.next() => Wake::Event(event),
                Some(letter) = inbox.control.recv() => Wake::Answer(letter),
                () = until(frame), if frame.is_some() => Wake::Frame,
                Some(letter) = inbox.data.recv() => Wake::Data(letter),
                () = until(timer), if timer.is_some() => Wake::Timer,
            };
            let began = Instant::now();
            flow = match wake {
                Wake::Written(at) => self.written(at?)?,
                Wake::Event(event) => self.event(event)?,
                Wake::Answer(letter) => self.receive(letter)?,
                Wake::Frame => self.draw()?,
                Wake::Data(letter) => self.intake(letter, inbox)?,
                Wake::Timer => self.timer()?,
                Wake::Signal => {
                    self.signalled = true;
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

    /// Take a message of a task in. What the app takes of it is recorded.
    fn receive(&mut self, letter: Letter) -> Result<Flow, ShellError> {
        if let Some(events) = letter.to_record {
            events.record(|run| self.app.listens(run.slot, run.generation));
        }
        self.update(letter.msg)
    }

    /// Take events in: the first batch and what else is there, but not for longer than keys can wait.
    fn intake(&mut self, first: Letter, inbox: &mut Inbox) -> Result<Flow, ShellError> {
        let began = Instant::now();
        let mut flow = self.receive(first)?;
        while flow == Flow::On && began.elapsed() < INTAKE {
            let Ok(letter) = inbox.data.try_recv() else { break };
            flow = self.receive(letter)?;
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
        self.frames.drawn();
        Ok(Flow::On)
    }

    /// What was handed over first of what is waited for is on the screen: a frame, or else the leaving for an editor.
    fn written(&mut self, at: std::time::Instant) -> Result<Flow, ShellError> {
        if self.frames.is_under_way() {
            self.stats.shown(at);
            self.frames.shown(Instant::from_std(at));
            return Ok(Flow::On);
        }
        let Some(Editing { generation, text, extension }) = self.editing.take() else { return Ok(Flow::On) };
        let reply = Reply::Edited(edit::edit(&text, extension));
        self.canvas.resume()?;
        self.input.resume();
        self.stats.was_away();
        self.update(Msg::Reply { slot: Slot::Edit, generation, reply })
    }

    /// Leave the terminal behind all that it is still to show. A slow one gets the time that it needs, unless nobody
    /// asks for that any more: the system wants the end, or the terminal has failed.
    async fn leave(&mut self, well: bool) {
        // Who waits for an editor has left already.
        if self.editing.take().is_none() && self.canvas.leave().is_err() {
            return;
        }
        let mut last = (self.signalled || !well).then(|| Instant::now() + GRACE);
        loop {
            tokio::select! {
                biased;
                at = poll_fn(|context| self.canvas.poll_written(context)) => match at {
                    Ok(at) if self.frames.is_under_way() => {
                        self.stats.shown(at);
                        self.frames.shown(Instant::from_std(at));
                    }
                    Ok(_) | Err(_) => return,
                },
                () = self.signals.next() => match last {
                    None => last = Some(Instant::now() + GRACE),
                    Some(_) => return,
                },
                () = until(last), if last.is_some() => return,
            }
        }
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
            // Who has asked for an editor has left the terminal already.
            Effect::Notify { .. } if self.editing.is_some() => {}
            Effect::Notify { title, text } => self.canvas.notify(&self.notice.sequence(&title, &text))?,
            Effect::Edit { generation, text, extension } => {
                // What is typed from here on is the editor's.
                self.input.pause();
                self.canvas.leave()?;
                self.editing = Some(Editing { generation, text, extension });
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

#[cfg(test)]
mod tests;
