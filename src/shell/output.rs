//! The way of bytes to the terminal: a thread of its own writes them, in the order in which they were handed over.
//!
//! A terminal may take nothing for a while: a slow link, a held screen, a multiplexer that is stopped. Then this thread
//! waits, and nobody else does. Nothing is dropped: whoever hands over too much must look at what was written. Knows
//! nothing of what the bytes mean.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Instant;
use tokio::sync::oneshot;

/// The way to a writer. Clones lead to the same one, in one order.
#[derive(Clone)]
pub struct Output {
    to: Sender<Portion>,
    failure: Arc<OnceLock<io::Error>>,
}

/// Bytes that belong together, and what is to be done once all of them were written.
struct Portion {
    bytes: Vec<u8>,
    then: Box<dyn FnOnce(Instant) + Send>,
}

impl Output {
    /// Begin to write.
    ///
    /// # Errors
    /// When there can be no thread for it.
    pub fn start(to: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, portions) = channel();
        let failure = Arc::new(OnceLock::new());
        let told = Arc::clone(&failure);
        thread::Builder::new().name("output".into()).spawn(move || write(to, &portions, &told))?;
        Ok(Self { to: queue, failure })
    }

    /// Hand bytes over, without waiting for anything. `then` is called with the moment at which all of them were
    /// written; when they cannot be, it is dropped.
    ///
    /// # Errors
    /// When something could not be written before: nothing is any more.
    pub fn pass(&self, bytes: Vec<u8>, then: impl FnOnce(Instant) + Send + 'static) -> io::Result<()> {
        self.to.send(Portion { bytes, then: Box::new(then) }).map_err(|_| self.failure())
    }

    /// Why nothing is written any more.
    pub fn failure(&self) -> io::Error {
        match self.failure.get() {
            Some(error) => match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(error.kind(), error.to_string()),
            },
            None => io::ErrorKind::BrokenPipe.into(),
        }
    }
}

/// Write until nobody can hand anything over, or it cannot be written.
fn write(mut to: impl Write, portions: &Receiver<Portion>, failure: &OnceLock<io::Error>) {
    for Portion { bytes, then } in portions {
        match to.write_all(&bytes).and_then(|()| to.flush()) {
            Ok(()) => then(Instant::now()),
            Err(error) => {
                // It is told before `then` and the queue go: whoever finds them gone finds the reason.
                let _first = failure.set(error);
                return;
            }
        }
    }
}

/// What was handed over and is waited for, in its order.
#[derive(Default)]
pub struct Receipts(VecDeque<oneshot::Receiver<Instant>>);

impl Receipts {
    /// Wait for one more: what this gives is called when it was written.
    pub fn expect(&mut self) -> impl FnOnce(Instant) + Send + 'static {
        let (told, receipt) = oneshot::channel();
        self.0.push_back(receipt);
        move |at| {
            // Nobody may be left who waits.
            let _gone = told.send(at);
        }
    }

    /// When the next one was written; nothing when it never will be.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Instant>> {
        let Some(next) = self.0.front_mut() else { return Poll::Pending };
        let told = ready!(Pin::new(next).poll(context));
        self.0.pop_front();
        Poll::Ready(told.ok())
    }
}

/// Where a frame is put together before it is handed over. Clones share it.
#[derive(Clone, Default)]
pub struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    /// All of it; the page is empty then.
    pub fn take(&self) -> Vec<u8> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The next frame is about as long.
        let next = Vec::with_capacity(bytes.len());
        std::mem::replace(&mut bytes, next)
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // A part of a frame is not shown.
        Ok(())
    }
}

#[cfg(test)]
pub(in crate::shell) mod tests;
