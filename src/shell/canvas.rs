//! What the explorer is drawn on: the terminal, or a buffer in tests.

use ratatui::Frame;
use std::io;
use std::task::{Context, Poll};
use std::time::Instant;

/// Something to draw on. It shows what it is given, in this order; nobody waits until it does.
pub trait Canvas: Send {
    /// Draw a frame. [`Canvas::poll_written`] tells when it is to be seen; no other is drawn before.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame)) -> io::Result<()>;

    /// When what was drawn or left was written, one after the other. Asked only as long as there is something to wait
    /// for. A canvas that waits for nothing has written it at once.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn poll_written(&mut self, _context: &mut Context<'_>) -> Poll<io::Result<Instant>> {
        Poll::Ready(Ok(Instant::now()))
    }

    /// Forget what is on the screen, so that the next frame draws everything again.
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

    /// Leave the terminal, to another program or for good. It is free once [`Canvas::poll_written`] has told so.
    ///
    /// # Errors
    /// When the terminal is gone, or was left already.
    fn leave(&mut self) -> io::Result<()>;

    /// Take the terminal back.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn resume(&mut self) -> io::Result<()>;
}
