//! The terminal: entered once, restored once, whatever way out is taken.

use super::run::Canvas;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use std::io::{self, Stdout, Write, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The terminal while gdbx has it. Dropping it, a panic and leaving it by hand all restore it, and only the first does.
pub struct TerminalGuard {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    entered: Arc<AtomicBool>,
}

impl TerminalGuard {
    /// Take the terminal: raw, on its second screen.
    ///
    /// # Errors
    /// When there is none, or it does not obey.
    pub fn enter() -> io::Result<Self> {
        let entered = Arc::new(AtomicBool::new(false));
        // The hook comes first: a panic between here and the first frame must not leave a raw terminal behind.
        let (flag, next) = (Arc::clone(&entered), std::panic::take_hook());
        std::panic::set_hook(Box::new(move |info| {
            restore(&flag);
            next(info);
        }));
        take(&entered)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(Self { terminal, entered })
    }
}

fn take(entered: &AtomicBool) -> io::Result<()> {
    enable_raw_mode()?;
    entered.store(true, Ordering::SeqCst);
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, SetTitle("gdbx"))
}

fn restore(entered: &AtomicBool) {
    if entered.swap(false, Ordering::SeqCst) {
        // Nothing can be done about a terminal that is gone; each step is tried all the same.
        let _gone = execute!(stdout(), EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _gone = disable_raw_mode();
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore(&self.entered);
    }
}

impl Canvas for TerminalGuard {
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame)) -> io::Result<()> {
        // A task's panic has given the terminal back: what it said must stay readable, so nothing is drawn over it.
        if !self.entered.load(Ordering::SeqCst) {
            return Err(io::Error::other("a part of gdbx has failed; what it said stands above"));
        }
        execute!(stdout(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| draw(frame))?;
        execute!(stdout(), EndSynchronizedUpdate)
    }

    fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` asks the terminal where its cursor is: its answer could go to the task that reads the keys,
        // and some terminals give none. Setting the size clears all the same, and asks nothing.
        let (width, height) = self.size()?;
        self.terminal.resize(Rect::new(0, 0, width, height))
    }

    fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    fn notify(&mut self, sequence: &str) -> io::Result<()> {
        let mut terminal = stdout();
        terminal.write_all(sequence.as_bytes())?;
        terminal.flush()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        super::clipboard::copy(text, &mut stdout())
    }

    fn suspend(&mut self) -> io::Result<()> {
        restore(&self.entered);
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        take(&self.entered)?;
        self.clear()
    }
}
