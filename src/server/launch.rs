//! A server from start to stop, as `gdbx serve` runs it: open the store, bind, answer, stop.
//!
//! Owns the order of these steps and the rules about tokens. Prints nothing: what is to be said is given to the caller.

use super::{Options, Tokens, serve};
use crate::gdbql::Limits;
use crate::store::demo::run_trickle;
use crate::store::{self, Store};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The token of a server that was started without one.
const DEFAULT_TOKEN: &str = "secret";

/// What to serve, and where.
#[derive(Clone)]
pub struct ServeOptions {
    /// Where to listen, `127.0.0.1:8080`; port 0 picks a free one.
    pub listen: String,
    /// The administrator's token; `secret` when there is none, on loopback only.
    pub token: Option<String>,
    /// A token that may commit and read.
    pub write_token: Option<String>,
    /// A token that may only read.
    pub read_token: Option<String>,
    /// The data file; without one everything is kept in memory.
    pub data: Option<PathBuf>,
    /// A backup to read into the empty store.
    pub load: Option<PathBuf>,
    /// How many events of the demo data set to start with.
    pub demo: Option<usize>,
    /// How often the demo commits another event, if at all.
    pub trickle: Option<Duration>,
    /// What one query may use.
    pub query_limits: Limits,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            token: None,
            write_token: None,
            read_token: None,
            data: None,
            load: None,
            demo: None,
            trickle: None,
            query_limits: Limits::default(),
        }
    }
}

/// A server that answers now.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Where it answers.
    pub address: SocketAddr,
    /// What the operator should know, a sentence each: a default token, a data file that was repaired.
    pub notices: Vec<String>,
}

/// Why a server did not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Anyone who can reach the address would know the token.
    #[error("refusing to listen on {0} with the default token: give a token of your own")]
    DefaultTokenExposed(String),
    /// The store cannot be opened or filled.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address as it was given.
        address: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The listener failed while it was serving.
    #[error("the server stopped: {0}")]
    Serve(#[from] std::io::Error),
}

/// Open the store, bind, call `ready`, and answer until `shutdown`.
///
/// # Errors
/// When the store cannot be opened, the address cannot be listened on, or a default token would be exposed.
pub async fn serve_until(
    options: ServeOptions,
    ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), LaunchError> {
    let failed = |source| LaunchError::Listen { address: options.listen.clone(), source };
    let listener = TcpListener::bind(&options.listen).await.map_err(failed)?;
    let address = listener.local_addr()?;
    let mut notices = Vec::new();
    let token = match given(&options.token) {
        Some(token) => token,
        None if !address.ip().is_loopback() => return Err(LaunchError::DefaultTokenExposed(options.listen)),
        None => {
            notices.push(format!("no token was given, it is `{DEFAULT_TOKEN}`"));
            DEFAULT_TOKEN.to_owned()
        }
    };
    let tokens = Tokens { admin: token, writer: given(&options.write_token), reader: given(&options.read_token) };
    let (interval, query_limits) = (options.trickle, options.query_limits);
    let (store, said) = tokio::task::spawn_blocking(move || open(&options)).await.map_err(std::io::Error::other)??;
    notices.extend(said);
    let stopped = CancellationToken::new();
    let trickle =
        interval.map(|interval| tokio::spawn(run_trickle(store.clone(), interval, stopped.clone().cancelled_owned())));
    ready(&Ready { address, notices });
    let served = serve(listener, store, Options { query_limits, ..Options::new(tokens) }, shutdown).await;
    stopped.cancel();
    if let Some(trickle) = trickle {
        // A trickle that failed has nothing to say that commits do not say.
        let _ = trickle.await;
    }
    Ok(served?)
}

/// A token that was given; an empty one, from an empty variable for instance, is none.
fn given(token: &Option<String>) -> Option<String> {
    token.clone().filter(|token| !token.is_empty())
}

/// The store, filled as the options say, and what the operator should know about it.
fn open(options: &ServeOptions) -> Result<(Store, Vec<String>), store::Error> {
    let (store, warnings) = match &options.data {
        Some(path) => Store::open(path)?,
        None => (Store::in_memory(), Vec::new()),
    };
    let mut notices: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    if let Some(backup) = &options.load {
        store.load_backup(backup)?;
    }
    match options.demo {
        // A data file that was filled with the demo before is opened again like any other.
        Some(_) if !store.is_empty() => {
            notices.push(format!("the store holds {} events already, the demo data set was not added", store.len()));
        }
        Some(n) => store.add_demo(n)?,
        None => {}
    }
    Ok((store, notices))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    fn options() -> ServeOptions {
        ServeOptions { listen: "127.0.0.1:0".to_owned(), ..ServeOptions::default() }
    }

    /// Serve until `work` is done with the address and what the operator was told.
    async fn while_serving<F: Future<Output = ()>>(options: ServeOptions, work: impl FnOnce(Ready) -> F) {
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel();
        let announce = |now: &Ready| drop(ready.send(now.clone()));
        let shutdown = async { drop(stopped.await) };
        let server = tokio::spawn(serve_until(options, announce, shutdown));
        work(is_ready.await.unwrap()).await;
        drop(stop);
        server.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn the_default_token_is_for_loopback_only() {
        for token in [None, Some(String::new())] {
            let exposed = ServeOptions { listen: "0.0.0.0:0".to_owned(), token, ..options() };
            let refused = serve_until(exposed, |_| (), std::future::pending()).await.unwrap_err();
            assert!(matches!(refused, LaunchError::DefaultTokenExposed(_)), "{refused}");
        }
        let own = ServeOptions { listen: "0.0.0.0:0".to_owned(), token: Some("own".to_owned()), ..options() };
        while_serving(own, async |ready| assert!(ready.notices.is_empty())).await;
        while_serving(options(), async |ready| assert!(ready.notices[0].contains("`secret`"))).await;
    }

    #[tokio::test]
    async fn the_demo_goes_on_and_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("events");
        let demo = ServeOptions { data: Some(data.clone()), demo: Some(300), token: Some("t".to_owned()), ..options() };
        let trickling = ServeOptions { trickle: Some(Duration::from_millis(1)), ..demo.clone() };
        while_serving(trickling, async |ready| {
            let client = genesisdb::Client::new(format!("http://{}", ready.address), "t").unwrap();
            while client.status().await.unwrap().events.count < 310 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        while_serving(demo, async |ready| assert!(ready.notices[0].contains("was not added"), "{:?}", ready.notices))
            .await;
        let (store, _) = Store::open(&data).unwrap();
        assert!(store.len() >= 310 && store.audit().unwrap().passed());
    }

    #[tokio::test]
    async fn says_why_it_does_not_start() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listen = taken.local_addr().unwrap().to_string();
        let refused = serve_until(ServeOptions { listen, ..options() }, |_| (), std::future::pending()).await;
        assert!(matches!(refused, Err(LaunchError::Listen { .. })));
        let load = Some(PathBuf::from("no-such-backup.json"));
        let refused =
            serve_until(ServeOptions { load, ..options() }, |_| (), std::future::pending()).await.unwrap_err();
        assert!(refused.to_string().contains("no-such-backup.json"), "{refused}");
    }
}
