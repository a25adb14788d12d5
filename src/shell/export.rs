//! Lists of events on their way to a file: on a thread of their own, and under the file's name only once it is whole.
//!
//! Owns the threads that write. The temporary file beside the final one is [`Partial`]'s, what the bytes are [`Export`]'s.

use super::answer::Answers;
use super::partial::{self, Partial};
use crate::app::effect::Save;
use crate::app::export::{Export, ExportFailure, Written};
use crate::app::message::Reply;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// So often it is told how far it is.
const TOLD: Duration = Duration::from_millis(50);
/// So long the end of the program waits until unfinished files are gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// The threads that have an unfinished file.
#[derive(Clone, Debug, Default)]
pub struct Unfinished(Arc<()>);

impl Unfinished {
    /// Wait until no unfinished file is left. Their threads must have been told to end.
    pub async fn gone(&self) {
        let since = Instant::now();
        while Arc::strong_count(&self.0) > 1 && since.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Stops the thread when its task is dropped.
struct Running(Arc<AtomicBool>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Write a list to its file and tell how far it is.
pub async fn export(export: Export, unfinished: Unfinished, to: Answers) {
    let running = Running(Arc::new(AtomicBool::new(true)));
    let go_on = Arc::clone(&running.0);
    let (told, mut progress) = mpsc::channel(4);
    let thread = tokio::task::spawn_blocking(move || {
        let mut last = Instant::now();
        let result = write(&export, &mut |done| {
            if last.elapsed() >= TOLD {
                last = Instant::now();
                // Whoever is slow to look is told the next time.
                let _ = told.try_send(done);
            }
            go_on.load(Ordering::Relaxed)
        });
        drop(unfinished);
        result
    });
    while let Some(done) = progress.recv().await {
        if !to.send(Reply::Exporting(done)).await {
            return;
        }
    }
    let stopped = || Err(ExportFailure::Failed("it was stopped".to_owned()));
    let result = thread.await.unwrap_or_else(|_| stopped());
    to.send(Reply::Exported(result)).await;
}

/// Write a text to its file.
pub async fn save(save: Save, unfinished: Unfinished, to: Answers) {
    let thread = tokio::task::spawn_blocking(move || {
        let bytes = save.text.len() as u64;
        let result = whole(&save.path, save.replace, &mut |out| {
            out.write_all(save.text.as_bytes())?;
            Ok(Some(bytes))
        });
        drop(unfinished);
        result
    });
    let result = thread.await.unwrap_or_else(|error| Err(ExportFailure::Failed(error.to_string())));
    to.send(Reply::Saved(result)).await;
}

fn write(export: &Export, go_on: &mut dyn FnMut(usize) -> bool) -> Result<Written, ExportFailure> {
    whole(&export.path, export.replace, &mut |out| export.write(out, go_on))
}

/// What is written; `None` when it was stopped.
type Fill<'f, T> = &'f mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<Option<T>>;

/// A file that is there whole or not at all.
fn whole<T>(typed: &str, replace: bool, fill: Fill<'_, T>) -> Result<T, ExportFailure> {
    let path = place(typed);
    if path.is_dir() {
        return Err(ExportFailure::Failed("this is a folder; a file needs a name in it".to_owned()));
    }
    if !replace && path.symlink_metadata().is_ok() {
        return Err(ExportFailure::Exists);
    }
    match write_to(&path, replace, fill) {
        Ok(Some(written)) => Ok(written),
        Ok(None) => Err(ExportFailure::Failed("it was stopped".to_owned())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(ExportFailure::Exists),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(ExportFailure::Failed("there is no such folder".to_owned()))
        }
        Err(error) => Err(ExportFailure::Failed(said(&error))),
    }
}

fn write_to<T>(path: &Path, replace: bool, fill: Fill<'_, T>) -> io::Result<Option<T>> {
    // A link stays a link; what it leads to is written.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    partial::sweep_beside(&path);
    let mut file = Partial::beside(&path)?;
    let mut out = BufWriter::with_capacity(1 << 20, file.file());
    let written = fill(&mut out)?;
    out.flush()?;
    drop(out);
    if written.is_none() {
        return Ok(None);
    }
    // Until here there was nothing under the name; from here on there is everything.
    file.complete(&path, replace)?;
    Ok(written)
}

/// Where a path leads that was typed: `~/` is the home directory.
fn place(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(dirs)) => dirs.home_dir().join(rest),
        _ => PathBuf::from(typed),
    }
}

/// An error's words, without the number that the system has for it.
fn said(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::export::{Format, Source};
    use crate::model::log::{Decoded, EventLog};

    /// More than one thread is given at once.
    const LINES: u32 = 5_000;
    const LINE: &str = r#"{"source":"s","subject":"/a","type":"t","id":"1","data":{}}"#;

    fn events(path: &Path, replace: bool) -> Export {
        let mut log = EventLog::default();
        log.append(Decoded::from_lines(std::iter::repeat_n(LINE.as_bytes(), LINES as usize)));
        let source = Source::Events { view: log.view().clone(), positions: (0..LINES).collect() };
        let path = path.to_str().unwrap().to_owned();
        Export { source, format: Format::Ndjson, fields: Vec::new(), only_cells: false, path, replace }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.ndjson");
        let mut seen = Vec::new();
        let written = write(&events(&path, false), &mut |done| {
            seen.push((done, path.exists()));
            true
        });
        assert!(seen.len() > 2 && seen.iter().all(|(_, there)| !there), "nothing is there before the end");
        assert_eq!(written.map(|written| written.items), Ok(LINES as usize));
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), LINES as usize);
        let stopped = write(&events(&folder.path().join("b"), false), &mut |done| done == 0);
        assert!(matches!(stopped, Err(ExportFailure::Failed(_))));
        assert_eq!(names(folder.path()), ["events.ndjson"], "nothing is left of what was stopped");
    }

    #[test]
    fn two_writers_leave_each_other_alone_and_remove_what_a_killed_one_left() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(folder.path().join(".gdbx-killed.part"), "half").unwrap();
        let mut inner = None;
        let outer = write(&events(&one, false), &mut |done| {
            if done > 0 && inner.is_none() {
                inner = Some((write(&events(&other, false), &mut |_| true).is_ok(), names(folder.path()).len()));
            }
            true
        });
        assert_eq!(inner, Some((true, 2)), "the other file and the part of this one");
        assert!(outer.is_ok());
        assert_eq!(names(folder.path()), ["one", "other"]);
    }

    #[test]
    fn another_file_of_the_name_goes_only_when_that_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.ndjson");
        fs::write(&path, "mine").unwrap();
        assert_eq!(write(&events(&path, false), &mut |_| true), Err(ExportFailure::Exists));
        let late = folder.path().join("late.ndjson");
        let result = write(&events(&late, false), &mut |_| {
            fs::write(&late, "mine").unwrap();
            true
        });
        assert_eq!(result, Err(ExportFailure::Exists), "one that has come meanwhile, too");
        assert_eq!(
            (fs::read_to_string(&path).unwrap(), fs::read_to_string(&late).unwrap()),
            ("mine".into(), "mine".into())
        );
        assert!(write(&events(&path, true), &mut |_| true).is_ok());
        assert!(fs::read_to_string(&path).unwrap().starts_with(LINE));
        assert_eq!(names(folder.path()), ["events.ndjson", "late.ndjson"]);
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let failed = |path: &Path| match write(&events(path, false), &mut |_| true) {
            Err(ExportFailure::Failed(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(failed(folder.path()).contains("folder"));
        assert_eq!(failed(&folder.path().join("none/events")), "there is no such folder");
    }
}
