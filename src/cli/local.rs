//! `gdbx query --backup`: a backup is asked where it lies, without a server.

use super::arguments::QueryArguments;
use super::error::Error;
use super::interrupt::Interrupt;
use super::output::Style;
use super::stream::{Taking, excerpt, query_text};
use crate::config::{QUERY_MEGABYTES, Resolved};
use crate::gdbql::{self, Limits, Query};
use crate::local::{self, FileEvents, Plan, Progress};
use crate::model::count::count;
use crate::model::log::EventFile;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Rows are handed over after so long.
const PATIENCE: Duration = Duration::from_millis(50);

/// Ask a backup.
pub(super) async fn query(arguments: QueryArguments, backup: PathBuf, settings: &Resolved) -> Result<(), Error> {
    let shape = arguments.shape()?;
    let interrupt = Interrupt::listen();
    let text = query_text(&interrupt, arguments.query, arguments.file).await?;
    let marked = |error: gdbql::Error| Error::LocalQuery { excerpt: excerpt(&text, error.span.clone()), error };
    let (query, plan_only) = gdbql::parse_explained(&text).map_err(marked)?;
    let query = Arc::new(query);
    let style = Style::of_stdout(arguments.amount.output, settings.ui.colors);
    let mut taking = Taking::styled(style, arguments.amount, shape);
    let (started, progress) = (Instant::now(), Arc::new(Progress::default()));
    let (to, mut rows) = mpsc::channel(4);
    let limits = Limits::default().with_megabytes(settings.query_megabytes, QUERY_MEGABYTES);
    let running = {
        let (query, progress, backup) = (Arc::clone(&query), Arc::clone(&progress), backup.clone());
        tokio::task::spawn_blocking(move || run(&query, &backup, limits, &progress, &to))
    };
    let (mut taken, mut came) = (Ok(()), 0);
    while !taking.is_full() && taken.is_ok() {
        taken = match interrupt.or(rows.recv()).await {
            Ok(None) => break,
            Ok(Some(rows)) => {
                came += rows.len() as u64;
                if plan_only { Ok(()) } else { taking.rows(&rows).and_then(|()| taking.flush()) }
            }
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
    // A file has no index: every event is read.
    let report = progress.report();
    let plan = Plan::of(&query, &text, &[]).ran(report.events, report, came, started.elapsed());
    if plan_only && ran.is_ok() && taken.is_ok() {
        taken = taking.rows(&[plan.json()]);
    }
    if arguments.explain {
        explain(&plan, &Plan::of(&query, &text, &Plan::LOG), report.broken);
    }
    taking.finish(taken.and(ran))?;
    match progress.report().broken {
        0 => Ok(()),
        broken => Err(Error::BadLines(broken)),
    }
}

fn run(
    query: &Query,
    backup: &Path,
    limits: Limits,
    progress: &Progress,
    to: &mpsc::Sender<Vec<String>>,
) -> Result<(), local::Error> {
    let file = EventFile::open(backup)?;
    let events = FileEvents::new(&file)?;
    local::run_in_portions(query, &events, limits, progress, PATIENCE, &mut |rows| to.blocking_send(rows).is_ok())
}

/// Say how the query was run, and what an index would have been good for.
fn explain(plan: &Plan, indexed: &Plan, broken: u64) {
    eprintln!("One pass over the file, on {} threads: a file has no index.", plan.threads);
    for condition in &indexed.conditions {
        let said = condition.cuts.map_or("looked at in each event".to_owned(), |by| {
            format!("would leave out events by {} on a loaded log", by.name())
        });
        eprintln!("  {}: {said}", condition.text);
    }
    let lines = if broken > 0 { format!(", {broken} lines are no events") } else { String::new() };
    eprintln!(
        "{} events were read in {:.3} s{lines}; {}.",
        plan.read,
        plan.took.as_secs_f64(),
        count(plan.rows, "row")
    );
}
