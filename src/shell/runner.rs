//! Every task, by the slot that it works for.

use super::answer::{Answers, Source, answer};
use super::export::{self, Unfinished};
use super::letter::Letter;
use super::library;
use super::local;
use super::observe::Lanes;
use crate::app::effect::{Call, Slot};
use crate::gdbql::Limits;
use std::collections::HashMap;
use std::path::PathBuf;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// How many messages of each sort may wait for the app.
const CONTROL: usize = 64;
const DATA: usize = 4;

/// The tasks and the two ways on which they answer.
///
/// Events and rows have a way of their own, so that a flood of them never holds up an answer to a ping. All replies of
/// one slot take the same way: an end never overtakes what came before it.
pub struct Runner {
    source: Source,
    queries: Option<PathBuf>,
    limits: Limits,
    lanes: Lanes,
    tasks: HashMap<Slot, AbortHandle>,
    unfinished: Unfinished,
    control: mpsc::Sender<Letter>,
    data: mpsc::Sender<Letter>,
}

/// The app's ends of the two ways.
pub struct Inbox {
    /// Short answers.
    pub control: mpsc::Receiver<Letter>,
    /// Events and rows.
    pub data: mpsc::Receiver<Letter>,
}

impl Runner {
    /// No tasks yet.
    pub fn new(source: Source) -> (Self, Inbox) {
        let (control, control_inbox) = mpsc::channel(CONTROL);
        let (data, data_inbox) = mpsc::channel(DATA);
        let inbox = Inbox { control: control_inbox, data: data_inbox };
        let (lanes, tasks, unfinished) = (Lanes::default(), HashMap::new(), Unfinished::default());
        let (queries, limits) = (None, Limits::default());
        (Self { source, queries, limits, lanes, tasks, unfinished, control, data }, inbox)
    }

    /// The folder of saved queries, and what a query that is run here may use.
    pub fn with_queries(mut self, folder: Option<PathBuf>, limits: Limits) -> Self {
        (self.queries, self.limits) = (folder, limits);
        self
    }

    /// The way on which anything is told to the user.
    pub fn notices(&self) -> mpsc::Sender<Letter> {
        self.control.clone()
    }

    /// Make a call. What the slot did before is dropped, unless it is a commit: that one runs to its end.
    pub fn start(&mut self, slot: Slot, generation: u32, call: Call) {
        self.cancel(slot);
        let bulky = matches!(
            slot,
            Slot::Load
                | Slot::Follow
                | Slot::Census
                | Slot::Query(_)
                | Slot::Tail(_)
                | Slot::TailSearch
                | Slot::TailWatch
                | Slot::Search
                | Slot::Find
                | Slot::Shape
        );
        let to = Answers { slot, generation, to: if bulky { self.data.clone() } else { self.control.clone() } };
        let task = match call {
            Call::Library(order) => tokio::spawn(library::library(self.queries.clone(), order, to)),
            Call::Local(query) => tokio::spawn(local::query(query, self.limits, to)),
            Call::Export(list) => tokio::spawn(export::export(list, self.unfinished.clone(), to)),
            Call::Save(save) => tokio::spawn(export::save(save, self.unfinished.clone(), to)),
            call => {
                let seat = self.lanes.seat(&call, &to);
                tokio::spawn(answer(self.source.clone(), call, seat, to))
            }
        };
        // A recording runs until it is told to stop, and then on until all of it is on the disk.
        if !matches!(slot, Slot::Commit | Slot::Record | Slot::Library) {
            self.tasks.insert(slot, task.abort_handle());
        }
    }

    /// End what must not be cut off: what was recorded goes onto the disk, and no unfinished file is left.
    pub async fn end(&mut self, inbox: Inbox) {
        self.tasks.drain().for_each(|(_, task)| task.abort());
        // Whoever still has something to say is not waited for: what the app has not taken is not recorded. What is sent
        // from now on, with its place in the recording, would be kept for as long as anyone could send more.
        (self.control, self.data) = (mpsc::channel(1).0, mpsc::channel(1).0);
        drop(inbox);
        self.unfinished.gone().await;
        self.lanes.tap.end().await;
    }

    /// Drop a slot's task.
    pub fn cancel(&mut self, slot: Slot) {
        if let Some(task) = self.tasks.remove(&slot) {
            task.abort();
            self.lanes.leave(slot);
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        for task in self.tasks.values() {
            task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Client, Settings};
    use crate::app::message::{Msg, RecordNews, Reply};
    use crate::shell::intake::Keep;
    use crate::shell::letter::ToRecord;
    use std::time::Duration;

    /// No condition takes this long; a test that waits longer has failed.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn what_is_sent_while_the_recording_ends_holds_nothing_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.ndjson").to_str().unwrap().to_owned();
        let client = Client::new(Settings::new("http://127.0.0.1:9")).unwrap();
        let (mut runner, mut inbox) = Runner::new(Source::Server { client, keep: Keep::Memory });
        runner.start(Slot::Record, 1, Call::Record { path, append: false });
        let begun = inbox.control.recv().await.unwrap().msg;
        assert!(matches!(begun, Msg::Reply { reply: Reply::Record(RecordNews::Started { .. }), .. }), "{begun:?}");
        // A lane that is just about to hand events over, with a place for them in the recording.
        let place = runner.lanes.tap.reserve().await.unwrap();
        let data = runner.data.clone();
        let permit = data.clone().reserve_owned().await.unwrap();
        let ending = tokio::spawn(async move { runner.end(inbox).await });
        data.closed().await;
        let to_record = Some(ToRecord { place, batches: Vec::new(), runs: Vec::new() });
        drop(permit.send(Letter { msg: Msg::Quit, to_record }));
        drop(data);
        tokio::time::timeout(PATIENCE, ending).await.expect("it ends").unwrap();
    }
}
