//! `gdbx query --backup`: a backup is asked where it lies, without a server.

use super::arguments::QueryArguments;
use super::error::Error;
use super::interrupt::Interrupt;
use super::output::{Shape, Style};
use super::stream::{Taking, excerpt, query_text};
use crate::config::Colors;
use crate::gdbql::{self, Cut, Query};
use crate::local::{self, FileEvents, Progress};
use crate::model::log::EventFile;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Rows are handed over after so long.
const PATIENCE: Duration = Duration::from_millis(50);

/// Ask a backup.
pub(super) async fn query(arguments: QueryArguments, backup: PathBuf, colors: Colors) -> Result<(), Error> {
    let interrupt = Interrupt::listen();
    let text = query_text(&interrupt, arguments.query, arguments.file).await?;
    let marked = |error: gdbql::Error| Error::LocalQuery { excerpt: excerpt(&text, error.span.clone()), error };
    let query = Arc::new(gdbql::parse(&text).map_err(marked)?);
    let style = Style::of_stdout(arguments.amount.output, colors);
    let mut taking = Taking::styled(style, arguments.amount, Shape::Rows);
    let (started, progress) = (Instant::now(), Arc::new(Progress::default()));
    let (to, mut rows) = mpsc::channel(4);
    let running = {
        let (query, progress, backup) = (Arc::clone(&query), Arc::clone(&progress), backup.clone());
        tokio::task::spawn_blocking(move || run(&query, &backup, &progress, &to))
    };
    let mut taken = Ok(());
    while !taking.is_full() && taken.is_ok() {
        taken = match interrupt.or(rows.recv()).await {
            Ok(None) => break,
            Ok(Some(rows)) => taking.rows(&rows).and_then(|()| taking.flush()),
            Err(interrupted) => Err(interrupted),
        };
    }
    progress.stop();
    drop(rows);
    let ran = match running.await.map_err(std::io::Error::other)? {
        Err(local::Error::Query(error)) => Err(marked(error)),
        Err(local::Error::Read(reason)) => Err(Error::File { what: backup.display().to_string(), reason }),
        Ok(()) => Ok(()),
    };
    if arguments.explain {
        explain(&text, &query.cut(), &progress, started.elapsed());
    }
    taking.finish(taken.and(ran))?;
    match progress.report().broken {
        0 => Ok(()),
        broken => Err(Error::BadLines(broken)),
    }
}

fn run(query: &Query, backup: &Path, progress: &Progress, to: &mpsc::Sender<Vec<String>>) -> Result<(), local::Error> {
    let file = EventFile::open(backup)?;
    let events = FileEvents::new(&file)?;
    local::run_in_portions(query, &events, progress, PATIENCE, |rows| to.blocking_send(rows).is_ok())
}

/// Say how the query was run.
fn explain(text: &str, cut: &Cut, progress: &Progress, took: Duration) {
    let report = progress.report();
    eprintln!("One pass over the file, on all cores: a file has no index.");
    for (span, by) in &cut.used {
        let condition = text.get(span.start..span.end).unwrap_or_default();
        eprintln!("  {condition}: would leave out events by {} on a loaded log", by.name());
    }
    eprintln!("{} events were read in {:.3} s.", report.events, took.as_secs_f64());
}
