//! What the explorer is opened on: a server, the demo store, or a backup.

use super::answer::Source;
use super::desk::Folders;
use super::intake::Keep;
use super::lazy::{self, Lazy};
use super::notice::Notice;
use crate::api::{Client, Settings};
use crate::app::health::Polls;
use crate::app::screens::explore::columns::ListSettings;
use crate::app::screens::tail::TailOptions;
use crate::app::world::{Connection, Origin};
use crate::gdbql::Limits;
use crate::model::log::EventFile;
use crate::server::Running;
use crate::store::Store;
use crate::store::demo::run_trickle;
use crate::ui::Look;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Everything that the explorer needs to start.
pub struct Launch {
    /// Who answers.
    pub(super) source: Source,
    /// What the screen says of it.
    pub connection: Connection,
    /// How often the server is asked.
    pub polls: Polls,
    /// How everything is drawn.
    pub look: Look,
    /// What the list of events looks like at the start.
    pub list: ListSettings,
    /// What the settings say of the tail.
    pub tail: TailOptions,
    /// How the user is told of something while he looks elsewhere.
    pub notice: Notice,
    /// How many events are loaded at once; without a number, all of them.
    pub page_events: Option<usize>,
    /// Where tabs, history and saved queries are kept.
    pub folders: Folders,
    /// What a query that is run here may use.
    pub query_limits: Limits,
    demo: Option<Demo>,
}

/// The demo store that was started for this run.
struct Demo {
    running: Running,
    trickle: CancellationToken,
}

/// How often the demo store gets a new event, so that there is something to watch.
const TRICKLE: Duration = Duration::from_millis(1500);

/// Why the explorer could not start.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The address or another setting will not do.
    #[error("{0}")]
    Client(#[from] crate::api::Error),
    /// The embedded store could not be filled.
    #[error("{0}")]
    Store(#[from] crate::store::Error),
    /// The embedded server could not start.
    #[error("{0}")]
    Embedded(String),
    /// The file cannot be opened.
    #[error("{path}: {error}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The filling did not end as it should.
    #[error("the store could not be filled: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl Launch {
    /// With the usual settings.
    fn usual(source: Source, connection: Connection, polls: Polls, look: Look) -> Self {
        Self {
            source,
            connection,
            polls,
            list: ListSettings::of(&look.zone),
            look,
            tail: TailOptions::default(),
            notice: Notice::default(),
            page_events: None,
            folders: Folders::default(),
            query_limits: Limits::default(),
            demo: None,
        }
    }

    /// On a server.
    ///
    /// # Errors
    /// When a setting will not do.
    pub fn server(
        settings: Settings,
        connection: Connection,
        keep: Keep,
        polls: Polls,
        look: Look,
    ) -> Result<Self, LaunchError> {
        let source = Source::Server { client: Client::new(settings)?, keep };
        Ok(Self::usual(source, connection, polls, look))
    }

    /// On the embedded store with so many events of the demo data set, and new ones now and then.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub async fn demo(events: usize, polls: Polls, look: Look) -> Result<Self, LaunchError> {
        let store = Store::in_memory();
        let filled = store.clone();
        tokio::task::spawn_blocking(move || filled.add_demo(events)).await??;
        let (running, client) =
            lazy::start(store.clone()).await.map_err(|failure| LaunchError::Embedded(failure.message))?;
        let connection = Connection {
            name: "demo".to_owned(),
            url: running.url().to_owned(),
            origin: Origin::Demo,
            production: false,
            read_only: false,
        };
        let trickle = CancellationToken::new();
        let ended = trickle.clone();
        tokio::spawn(async move { run_trickle(store, TRICKLE, async move { ended.cancelled().await }).await });
        // The store keeps its events in this program's memory already.
        let source = Source::Server { client, keep: Keep::Memory };
        let demo = Some(Demo { running, trickle });
        Ok(Self { demo, ..Self::usual(source, connection, polls, look) })
    }

    /// On a backup: a JSON array or one event a line. It is read directly and never written.
    ///
    /// # Errors
    /// When the file cannot be opened, or is none.
    pub fn open(file: &Path, look: Look) -> Result<Self, LaunchError> {
        let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into());
        let opened =
            EventFile::open(file).map_err(|error| LaunchError::File { path: file.display().to_string(), error })?;
        let connection = Connection {
            name: name.clone(),
            url: file.display().to_string(),
            origin: Origin::File(name),
            production: false,
            read_only: true,
        };
        let source = Source::File { file: Arc::new(opened), embedded: Arc::new(Lazy::default()) };
        // A file has no state to ask for again and again.
        let polls = Polls { ping: None, status: None, audit: None };
        Ok(Self::usual(source, connection, polls, look))
    }

    /// Load so many events at once; without a number, all of them. A file is always read whole.
    #[must_use]
    pub fn in_pages(mut self, events: Option<usize>) -> Self {
        self.page_events = events.filter(|_| !matches!(self.source, Source::File { .. }));
        self
    }

    /// End what was started for it.
    pub async fn end(self) {
        if let Some(demo) = self.demo {
            demo.trickle.cancel();
            demo.running.shutdown().await;
        }
        if let Source::File { embedded, .. } = self.source {
            embedded.end().await;
        }
    }
}
