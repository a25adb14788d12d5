//! GenesisDB's HTTP API, v1 and v2, in front of the embedded store.
//!
//! Owns routes, rights, framing and the mapping of errors to statuses. What a request means is `store`'s to decide.

mod admin;
mod auth;
mod body;
mod events;
mod launch;
mod query;
mod refusal;
mod routes;
mod wire;

pub use launch::{LaunchError, Ready, ServeOptions, serve_until};

use crate::gdbql;
use crate::store::Store;
use auth::Keys;
use axum::serve::ListenerExt as _;
use routes::Service;
use std::future::{Future, IntoFuture as _};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long answers under way may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(3);

/// Who may do what. The administrator may do everything; a writer may commit and read, a reader only read.
#[derive(Clone)]
pub struct Tokens {
    /// May do everything.
    pub admin: String,
    /// May commit and read.
    pub writer: Option<String>,
    /// May read.
    pub reader: Option<String>,
}

impl Tokens {
    /// One token, made up at random, that may do everything.
    pub fn random() -> Self {
        Self { admin: uuid::Uuid::new_v4().simple().to_string(), writer: None, reader: None }
    }
}

/// How a server behaves.
#[derive(Clone)]
pub struct Options {
    /// Who may do what.
    pub tokens: Tokens,
    /// The longest request body, in bytes. A restore is streamed and not limited.
    pub body_limit: usize,
    /// How often an observation without news says that it is still there.
    pub heartbeat: Duration,
    /// What one query may use.
    pub query_limits: gdbql::Limits,
}

impl Options {
    /// The usual behaviour: bodies up to 64 MiB, a heartbeat every five seconds.
    pub fn new(tokens: Tokens) -> Self {
        Self {
            tokens,
            body_limit: 64 * 1024 * 1024,
            heartbeat: Duration::from_secs(5),
            query_limits: gdbql::Limits::default(),
        }
    }
}

/// Answer on `listener` until `shutdown` is ready; observations then end, and answers under way are finished.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    store: Store,
    options: Options,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let closing = CancellationToken::new();
    let keys = Keys::new(&options.tokens);
    let router = routes::router(Arc::new(Service { store, options, keys, closing: closing.clone() }));
    // An event should be on its way as soon as it is written, not when a packet is full.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let stop = closing.clone();
    let stopping = async move {
        shutdown.await;
        stop.cancel();
    };
    tokio::select! {
        ended = axum::serve(listener, router).with_graceful_shutdown(stopping).into_future() => ended,
        // A client that does not take its answer cannot keep the server from stopping.
        () = async { closing.cancelled().await; tokio::time::sleep(GRACE).await } => Ok(()),
    }
}

/// A server on a free port of the loopback interface, for tests and for the explorer's demo.
pub struct Running {
    url: String,
    token: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Start it; it answers as soon as this returns.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(store: Store, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let token = options.tokens.admin.clone();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve(listener, store, options, shutdown));
        Ok(Self { url, token, stop, task })
    }

    /// Where it answers, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The administrator's token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Stop it and wait until it has ended.
    pub async fn shutdown(self) {
        // Both fail only when the server has ended by itself, which is what is wanted.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}
