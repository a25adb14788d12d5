//! Queries over the events that are loaded, for a backup that no server stands behind.

use super::answer::Answers;
use crate::app::effect::LocalQuery;
use crate::app::message::{Failure, FailureKind, Reply};
use crate::app::rows::Portion;
use crate::gdbql::Limits;
use crate::local::{self, Error, LogEvents, Progress};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Rows are handed over after so long.
const PATIENCE: Duration = Duration::from_millis(8);

/// Stops the threads of a run when its task is dropped.
struct Running(Arc<Progress>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Run a query and hand its rows over, then what was read, then how it ended.
pub async fn query(query: LocalQuery, limits: Limits, to: Answers) {
    let running = Running(Arc::default());
    let (sender, mut rows) = mpsc::channel(4);
    let work = {
        let progress = Arc::clone(&running.0);
        tokio::task::spawn_blocking(move || run(query, limits, &progress, &sender))
    };
    while let Some(rows) = rows.recv().await {
        if !to.send(Reply::Rows(rows)).await {
            return;
        }
    }
    let result = match work.await {
        Ok(result) => result.map_err(failure),
        Err(error) => Err(refused(format!("the query could not be run: {error}"))),
    };
    if to.send(Reply::Read(running.0.report().events)).await {
        to.send(Reply::Queried(result)).await;
    }
}

fn run(query: LocalQuery, limits: Limits, progress: &Progress, to: &mpsc::Sender<Portion>) -> Result<(), Error> {
    let LocalQuery { query, view, wanted, .. } = query;
    let events = LogEvents::new(view, wanted);
    let mut send = |rows: Vec<String>| to.blocking_send(rows.iter().collect()).is_ok();
    local::run_in_portions(&query, &events, limits, progress, PATIENCE, &mut send)
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Query(error) => Failure { span: Some(error.span), ..refused(error.message) },
        Error::Read(_) => Failure { kind: FailureKind::Cut, ..refused(error.to_string()) },
    }
}

fn refused(message: String) -> Failure {
    Failure { kind: FailureKind::Refused, message, hint: None, span: None }
}
