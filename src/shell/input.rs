//! Where keys come from: the terminal, or a script in tests.

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt as _;
use std::io;
use tokio::sync::mpsc;

/// A source of terminal events.
pub enum Input {
    /// The terminal. Empty while another program has it.
    Terminal(Option<EventStream>),
    /// Events that someone sends.
    Script(mpsc::UnboundedReceiver<Event>),
}

impl Input {
    /// The terminal.
    pub fn terminal() -> Self {
        Self::Terminal(Some(EventStream::new()))
    }

    /// The next event; `None` when there will be no more.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub async fn next(&mut self) -> Option<io::Result<Event>> {
        match self {
            Self::Terminal(Some(events)) => events.next().await,
            Self::Terminal(None) => std::future::pending().await,
            Self::Script(events) => events.recv().await.map(Ok),
        }
    }

    /// Leave the terminal's input to another program.
    pub fn pause(&mut self) {
        if let Self::Terminal(events) = self {
            *events = None;
        }
    }

    /// Read the terminal again.
    pub fn resume(&mut self) {
        if let Self::Terminal(events @ None) = self {
            *events = Some(EventStream::new());
        }
    }
}
