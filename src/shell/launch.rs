//! What the explorer is opened on: a server, the demo store, or a backup.

use crate::api::{Client, Settings, Token};
use crate::app::health::Polls;
use crate::app::world::{Connection, Origin};
use crate::server::{Options, Running, Tokens};
use crate::store::Store;
use crate::store::demo::run_trickle;
use crate::ui::Look;
use std::path::Path;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Everything that the explorer needs to start.
pub struct Launch {
    /// The way to the server.
    pub client: Client,
    /// What the screen says of it.
    pub connection: Connection,
    /// How often the server is asked.
    pub polls: Polls,
    /// How everything is drawn.
    pub look: Look,
    embedded: Option<Embedded>,
}

/// The store that was started for this run.
struct Embedded {
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
    #[error("the embedded store could not be started on a loopback port: {0}")]
    Embedded(#[from] std::io::Error),
    /// The filling did not end as it should.
    #[error("the store could not be filled: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl Launch {
    /// On a server.
    ///
    /// # Errors
    /// When a setting will not do.
    pub fn server(settings: Settings, connection: Connection, polls: Polls, look: Look) -> Result<Self, LaunchError> {
        Ok(Self { client: Client::new(settings)?, connection, polls, look, embedded: None })
    }

    /// On the embedded store with so many events of the demo data set, and new ones now and then.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub async fn demo(events: usize, polls: Polls, look: Look) -> Result<Self, LaunchError> {
        let store = Store::in_memory();
        let filled = store.clone();
        tokio::task::spawn_blocking(move || filled.add_demo(events)).await??;
        let launch = Self::embedded(store.clone(), "demo".to_owned(), Origin::Demo, polls, look).await?;
        if let Some(embedded) = &launch.embedded {
            let ended = embedded.trickle.clone();
            tokio::spawn(async move { run_trickle(store, TRICKLE, async move { ended.cancelled().await }).await });
        }
        Ok(launch)
    }

    /// On the embedded store with a backup: a JSON array or one event a line.
    ///
    /// # Errors
    /// When the file cannot be read as a backup, or no loopback port can be had.
    pub async fn open(file: &Path, polls: Polls, look: Look) -> Result<Self, LaunchError> {
        let store = Store::in_memory();
        let (filled, path) = (store.clone(), file.to_owned());
        tokio::task::spawn_blocking(move || filled.load_backup(&path)).await??;
        let name =
            file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
        Self::embedded(store, name.clone(), Origin::File(name), polls, look).await
    }

    async fn embedded(
        store: Store,
        name: String,
        origin: Origin,
        polls: Polls,
        look: Look,
    ) -> Result<Self, LaunchError> {
        // A token of this run alone: the store is open to this program, not to everyone on the machine.
        let secret = Uuid::new_v4().simple().to_string();
        let tokens = Tokens { admin: secret.clone(), writer: None, reader: None };
        let running = Running::start(store, Options::new(tokens)).await?;
        let mut settings = Settings::new(running.url());
        settings.token = Token::new(&secret).ok();
        let connection =
            Connection { name, url: running.url().to_owned(), origin, production: false, read_only: false };
        let embedded = Some(Embedded { running, trickle: CancellationToken::new() });
        Ok(Self { client: Client::new(settings)?, connection, polls, look, embedded })
    }

    /// End what was started for it.
    pub async fn end(self) {
        if let Some(embedded) = self.embedded {
            embedded.trickle.cancel();
            embedded.running.shutdown().await;
        }
    }
}
