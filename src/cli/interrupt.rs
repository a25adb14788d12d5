//! Ctrl-C: the work under way stops, what was printed is whole, and the exit code says so.

use super::error::{Error, exit};
use std::future::Future;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a command may take to stop. One that is stuck in writing to a pipe that nobody reads never would.
const GRACE: Duration = Duration::from_secs(2);

/// Tells a command that it was interrupted.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(CancellationToken);

impl Interrupt {
    /// Listen for SIGINT from now on; a second one ends the process at once.
    pub fn listen() -> Self {
        let token = CancellationToken::new();
        let told = token.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            told.cancel();
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                () = tokio::time::sleep(GRACE) => {}
            }
            std::process::exit(i32::from(exit::INTERRUPTED));
        });
        Self(token)
    }

    /// `work`, unless it is interrupted. Only for work that may be dropped half-way.
    pub async fn or<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        self.or_noting(None, work).await
    }

    /// The same, for work whose interruption leaves something to be known.
    pub async fn or_noting<T>(&self, note: Option<&'static str>, work: impl Future<Output = T>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.0.cancelled() => Err(Error::Interrupted { note }),
            done = work => Ok(done),
        }
    }
}
