//! The state directory: tabs and runs are read at the start and written as they change, on a thread of their own.
//!
//! Owns the directory's layout. What is in the files is [`crate::app::desk`]'s; what it means is the Query screen's.
//!
//! `tabs/session-1.json` holds the tabs of a process, `tabs/session-1.lock` is locked as long as that process runs. A
//! second process at the same time takes the next number, so neither writes over the other's; whoever starts later
//! takes the tabs over that no running process has. `history.ndjson` holds the runs of all of them.

mod history;
mod session;
pub(super) mod write;

use crate::app::desk::{Keep, Kept, Limits};
use crate::app::message::{Level, Msg};
use crate::shell::letter::Letter;
use crate::shell::partial;
use session::Held;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// So long the end of the program waits for what is still to be written.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where things are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// The tabs and the history; `None`: nothing is kept.
    pub state: Option<PathBuf>,
    /// The saved queries; `None`: there are only those of gdbx.
    pub queries: Option<PathBuf>,
    /// How much is kept.
    pub limits: Limits,
}

/// The thread that writes.
#[derive(Debug)]
pub struct Desk {
    to: Option<Sender<Keep>>,
    thread: Option<JoinHandle<()>>,
    done: Receiver<()>,
}

/// A desk that is not written to yet, and what was on it.
pub struct Opened {
    folder: Option<PathBuf>,
    held: Option<Held>,
    limits: Limits,
    /// What was kept by earlier sessions.
    pub kept: Kept,
}

impl Opened {
    /// Whether anything is kept.
    pub fn keeps(&self) -> bool {
        self.folder.is_some()
    }
}

/// Read what was kept, and make sure that no other process writes there.
pub fn open(folders: &Folders) -> Opened {
    let mut kept = Kept::default();
    let limits = folders.limits;
    let Some(folder) = folders.state.clone() else { return Opened { folder: None, held: None, limits, kept } };
    kept.runs = history::read(&folder.join("history.ndjson"), limits.runs, &mut kept.warnings);
    let held = match session::open(&folder.join("tabs"), &mut kept.warnings) {
        Ok((held, session)) => {
            kept.session = session;
            Some(held)
        }
        Err(error) => {
            let folder = folder.display();
            // It is the one thing to know; what else does not work has the same reason.
            kept.warnings = vec![format!("Tabs are not kept: {folder} cannot be written ({}).", write::said(&error))];
            None
        }
    };
    [folder.clone(), folder.join("tabs")].iter().for_each(|folder| partial::sweep(folder));
    Opened { folder: held.is_some().then_some(folder), held, limits, kept }
}

impl Desk {
    /// Begin to write. What does not work is told once.
    pub fn start(opened: Opened, notices: tokio::sync::mpsc::Sender<Letter>) -> Self {
        let (to, orders) = channel();
        let (ended, done) = channel();
        let (Some(folder), Some(held)) = (opened.folder, opened.held) else {
            return Self { to: None, thread: None, done };
        };
        let limits = opened.limits;
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || {
            let mut troubles = Troubles { notices, told: false };
            let mut history = history::Writer::new(folder.join("history.ndjson"), limits.runs);
            while let Ok(order) = orders.recv() {
                // Of several that wait, the last state of the tabs is the one that counts.
                let mut session = None;
                for order in std::iter::once(order).chain(orders.try_iter()) {
                    match order {
                        Keep::Session(tabs) => session = Some(tabs),
                        Keep::Ran(run) => troubles.tell(history.append(&run)),
                    }
                }
                if let Some(session) = session {
                    troubles.tell(held.write(&session));
                }
            }
            let _ = ended.send(());
        });
        Self { to: Some(to), thread: thread.ok(), done }
    }

    /// Keep something.
    pub fn keep(&self, what: Keep) {
        if let Some(to) = &self.to {
            // Without a thread there is nobody who could be told.
            let _ = to.send(what);
        }
    }

    /// Wait until all of it is written.
    pub fn end(mut self) {
        self.to = None;
        if self.thread.is_some() {
            let _ = self.done.recv_timeout(PATIENCE);
        }
    }
}

struct Troubles {
    notices: tokio::sync::mpsc::Sender<Letter>,
    told: bool,
}

impl Troubles {
    fn tell(&mut self, result: std::io::Result<()>) {
        match result {
            Ok(()) => self.told = false,
            Err(error) if !self.told => {
                let text = format!("Tabs and history could not be written: {}.", write::said(&error));
                // The loop may be busy; the next failure tells it then.
                self.told = self.notices.try_send(Msg::Notice(Level::Error, text).into()).is_ok();
            }
            Err(_) => {}
        }
    }
}
