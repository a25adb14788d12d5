//! The terminal: entered once, restored once, whatever way out is taken.
//!
//! Everything that it is sent goes one way, in one order ([`Output`]): a terminal that takes nothing holds up nobody.

use super::canvas::Canvas;
use super::clipboard;
use super::output::{Output, Page, Receipts};
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::queue;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use std::io::{self, Write, stdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// So long a terminal that does not take what it is sent is waited for when nobody can be asked to wait: after a panic,
/// and when the system has asked for the end.
pub const GRACE: Duration = Duration::from_secs(2);

/// So many copied texts wait for a terminal that takes nothing.
const COPIES: usize = 8;

/// The terminal while gdbx has it. Dropping it, a panic and leaving it by hand all restore it, and only the first does.
pub struct TerminalGuard {
    terminal: Terminal<CrosstermBackend<Page>>,
    page: Page,
    held: Held,
    receipts: Receipts,
    /// Whether the next frame begins on an empty screen.
    cleared: bool,
    /// A clone of each goes with what waits: how many there are tells how much that is.
    notices: Arc<()>,
    copies: Arc<()>,
}

impl TerminalGuard {
    /// Take the terminal: raw, on its second screen.
    ///
    /// # Errors
    /// When there is none, or it does not obey.
    pub fn enter() -> io::Result<Self> {
        let held = Held { output: Output::start(screen()?)?, taken: Arc::default() };
        // The hook comes first: a panic between here and the first frame must not leave a raw terminal behind.
        let (hooked, next) = (held.clone(), std::panic::take_hook());
        std::panic::set_hook(Box::new(move |info| {
            hooked.restore();
            next(info);
        }));
        held.take()?;
        let page = Page::default();
        let terminal = Terminal::new(CrosstermBackend::new(page.clone()))?;
        let (receipts, notices, copies) = (Receipts::default(), Arc::default(), Arc::default());
        Ok(Self { terminal, page, held, receipts, cleared: false, notices, copies })
    }
}

/// The terminal's own file. The lock of the standard output would be held as long as the terminal takes nothing, and
/// whoever wrote there for another reason would wait, too.
#[cfg(unix)]
fn screen() -> io::Result<impl Write + Send> {
    use std::os::fd::AsFd as _;
    Ok(std::fs::File::from(stdout().as_fd().try_clone_to_owned()?))
}

/// The standard output, which knows how consoles want their text.
#[cfg(not(unix))]
fn screen() -> io::Result<impl Write + Send> {
    Ok(stdout())
}

/// The way to the terminal, and whether it is ours. The panic hook has a clone.
#[derive(Clone)]
struct Held {
    output: Output,
    /// Whatever is handed over is handed over under its lock: nothing of ours comes behind the giving back.
    taken: Arc<Mutex<bool>>,
}

impl Held {
    fn taken(&self) -> MutexGuard<'_, bool> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> io::Result<()> {
        enable_raw_mode()?;
        let mut taken = self.taken();
        *taken = true;
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, SetTitle("gdbx"))?;
        self.output.pass(bytes, |_| {})
    }

    /// Hand over what the terminal is to show while it is ours.
    fn pass(&self, bytes: Vec<u8>, then: impl FnOnce(Instant) + Send + 'static) -> io::Result<()> {
        let taken = self.taken();
        if *taken { self.output.pass(bytes, then) } else { Err(given_back()) }
    }

    /// Give the terminal back, behind everything that was handed over.
    fn give_back(&self, then: impl FnOnce(Instant) + Send + 'static) -> io::Result<()> {
        let mut taken = self.taken();
        if !std::mem::replace(&mut *taken, false) {
            return Err(given_back());
        }
        let mut bytes = Vec::new();
        queue!(bytes, EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, Show)?;
        self.output.pass(bytes, move |at| {
            // Not before: what is typed would be echoed into the midst of a frame.
            let _gone = disable_raw_mode();
            then(at);
        })
    }

    /// Give the terminal back here and now, if it was not yet; a terminal that takes nothing is not waited for long.
    fn restore(&self) {
        let (told, done) = std::sync::mpsc::channel();
        let given = self.give_back(move |_| {
            let _gone = told.send(());
        });
        if given.is_ok() {
            // Who cannot tell any more has dropped the other end.
            let _late = done.recv_timeout(GRACE);
        }
        // Nothing can be done about a terminal that is gone; each step is tried all the same.
        let _gone = disable_raw_mode();
    }
}

/// A task's panic has given the terminal back: what it said must stay readable, so nothing is drawn over it.
fn given_back() -> io::Error {
    io::Error::other("a part of gdbx has failed; what it said stands above")
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.held.restore();
    }
}

impl Canvas for TerminalGuard {
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame)) -> io::Result<()> {
        queue!(self.page, BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.cleared) {
            // `Terminal::clear` asks the terminal where its cursor is: its answer could go to the task that reads the
            // keys, and some terminals give none. Setting the size clears all the same, and asks nothing.
            let (width, height) = self.size()?;
            self.terminal.resize(Rect::new(0, 0, width, height))?;
        }
        self.terminal.draw(|frame| draw(frame))?;
        queue!(self.page, EndSynchronizedUpdate)?;
        self.held.pass(self.page.take(), self.receipts.expect())
    }

    fn poll_written(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Instant>> {
        self.receipts.poll_next(context).map(|at| at.ok_or_else(|| self.held.output.failure()))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.cleared = true;
        Ok(())
    }

    fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    fn notify(&mut self, sequence: &str) -> io::Result<()> {
        // One is enough for a user who will look; a terminal that comes back must not ring for minutes.
        if Arc::strong_count(&self.notices) > 1 {
            return Ok(());
        }
        let waits = Arc::clone(&self.notices);
        self.held.pass(sequence.as_bytes().to_vec(), move |_| drop(waits))
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        if Arc::strong_count(&self.copies) > COPIES {
            return Err(io::Error::other("the terminal has not taken yet what was copied before"));
        }
        let (mut bytes, waits) = (Vec::new(), Arc::clone(&self.copies));
        clipboard::copy(text, &mut bytes)?;
        self.held.pass(bytes, move |_| drop(waits))
    }

    fn leave(&mut self) -> io::Result<()> {
        self.held.give_back(self.receipts.expect())
    }

    fn resume(&mut self) -> io::Result<()> {
        self.held.take()?;
        self.clear()
    }
}
