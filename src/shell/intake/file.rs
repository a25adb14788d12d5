//! Events in a file: read in pieces by several threads, and followed while it grows.
//!
//! The file stays where the texts are: the log keeps positions in it. Where to go on is the caller's to say: only the
//! log knows what has arrived there.

use super::pipeline::Pipeline;
use crate::app::message::{Failure, FailureKind, Reply};
use crate::model::log::EventFile;
use crate::shell::answer::Answers;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether a file has grown.
const FOLLOW: Duration = Duration::from_secs(1);

/// Read what stands behind offset `from` and hand it over; then say how it ended.
pub async fn load(file: Arc<EventFile>, from: u64, to: Answers) {
    let mut pipeline = Pipeline::new(to.clone());
    let read = pieces(&file, from, &mut pipeline, true).await;
    let result = pipeline.finish().await.and(read.map(drop).map_err(|error| failed(&file, &error)));
    to.send(Reply::Streamed(result)).await;
}

/// Hand over what is appended to the file behind offset `from`, as it is appended.
pub async fn follow(file: Arc<EventFile>, from: u64, to: Answers) {
    if file.is_array() {
        return;
    }
    let mut at = from;
    loop {
        tokio::time::sleep(FOLLOW).await;
        if file.len().is_ok_and(|len| len > at) {
            let mut pipeline = Pipeline::new(to.clone());
            let read = pieces(&file, at, &mut pipeline, false).await;
            match (pipeline.finish().await, read) {
                (Ok(()), Ok(next)) => at = next,
                _ => return,
            }
        }
    }
}

/// Have the pieces from an offset on decoded. Gives the offset behind the last one.
async fn pieces(file: &Arc<EventFile>, from: u64, pipeline: &mut Pipeline, whole: bool) -> io::Result<u64> {
    let end = file.len()?;
    let mut at = from;
    while let Some(piece) = file.piece(at, end, whole)? {
        at = piece.range.end;
        let reader = Arc::clone(file);
        let work = move || reader.decode(piece).map_err(|error| failed(&reader, &error));
        if !pipeline.push(work).await {
            break;
        }
    }
    Ok(at)
}

fn failed(file: &EventFile, error: &io::Error) -> Failure {
    let message = format!("{} could not be read to its end: {error}.", file.path().display());
    Failure { kind: FailureKind::Cut, message, hint: None, span: None }
}
