//! From the bytes of events to batches that the log takes over: read, kept, decoded on other threads, in order.

pub mod file;
mod page;
mod pipeline;
mod spool;

pub use spool::{Keep, Spool};

use super::answer::{Answers, Portions, hand_over};
use crate::api::{Batch, Client};
use crate::app::effect::Extent;
use crate::app::message::{Failure, FailureKind, Reply};
use crate::model::log::Reader;
use crate::model::request::StreamRequest;
use page::Page;
use pipeline::Pipeline;
use std::io;

/// Read the events of a request, all of them or a page, and hand them over; then say how it ended.
pub async fn stream(client: Client, request: StreamRequest, extent: Extent, spool: Spool, to: Answers) {
    let mut sink = Intake { spool, pipeline: Pipeline::new(to.clone()), page: Page::new(&request, extent) };
    let result = match client.stream(&request).await {
        Ok(lines) => hand_over(lines, &mut sink).await.map_err(Failure::from),
        Err(error) => Err(error.into()),
    };
    let is_full = sink.page.is_full();
    let reply = match sink.pipeline.finish().await.and(result) {
        Ok(()) if is_full => Reply::Paged,
        result => Reply::Streamed(result),
    };
    to.send(reply).await;
}

/// Portions of a stream on their way into the log.
struct Intake {
    spool: Spool,
    pipeline: Pipeline,
    page: Page,
}

impl Portions for Intake {
    async fn take(&mut self, mut batches: Vec<Batch>) -> bool {
        let is_full = self.page.fill(&mut batches);
        let (spool, subject) = (self.spool.clone(), self.page.subject().map(str::to_owned));
        let work = move || {
            let (mut reader, mut base) = (Reader::default(), 0);
            for batch in &batches {
                reader.lines(&batch.text, batch.lines.iter().cloned(), base);
                base += batch.text.len();
            }
            if let Some(subject) = subject {
                reader.keep_under(&subject);
            }
            let parts = batches.iter().map(|batch| &*batch.text);
            spool.keep(parts).map(|text| reader.finish(text)).map_err(disk_failed)
        };
        self.pipeline.push(work).await && !is_full
    }
}

/// The disk will not take more.
fn disk_failed(error: io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Make room in the cache directory, or set spool = \"memory\" under [load] in the configuration."
        }
        _ => "spool = \"memory\" under [load] in the configuration keeps them in memory.",
    };
    Failure {
        kind: FailureKind::Refused,
        message: format!("the events could not be kept on the disk: {error}."),
        hint: Some(hint.to_owned()),
        span: None,
    }
}

/// The place for the events cannot be made.
pub fn no_spool(keep: &Keep, error: &io::Error) -> Failure {
    let place = match keep {
        Keep::Memory => "memory".to_owned(),
        Keep::Disk(directory) => directory.display().to_string(),
    };
    Failure {
        kind: FailureKind::Refused,
        message: format!("no file for the events could be made in {place}: {error}."),
        hint: Some("spool = \"memory\" under [load] in the configuration keeps them in memory.".to_owned()),
        span: None,
    }
}
