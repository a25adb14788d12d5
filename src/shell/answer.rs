//! The app's calls, made with the client; what comes back, as replies.

use super::intake::{self, Keep, Spool};
use super::lazy::Lazy;
use super::letter::Letter;
use super::observe::{Seat, observe};
use super::record;
use super::{census, inspect, search};
use crate::api::{Batch, Client, Error, LineStream};
use crate::app::effect::{Call, Extent, Slot};
use crate::app::message::{AuditResult, Failure, FailureKind, Msg, Pong, RecordNews, Reply, TailNews};
use crate::app::rows::Portion;
use crate::app::screens::query::library::Refusal;
use crate::model::json::Json;
use crate::model::log::EventFile;
use crate::model::request::{
    Generation, IS_QUERY_RESULT_TRUE, IS_SUBJECT_EXISTING, IS_SUBJECT_NEW, Precondition, StreamRequest,
};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// So many bytes of lines are handed over together, unless they have waited long enough.
const BATCH_BYTES: usize = 1 << 20;
/// So long lines wait for more.
const BATCH_TIME: Duration = Duration::from_millis(8);

/// Where the replies to one request go.
#[derive(Clone, Debug)]
pub struct Answers {
    /// What was asked.
    pub slot: Slot,
    /// Which of the slot's requests it is.
    pub generation: u32,
    /// The way to the app. It is bounded: whoever is too fast waits, down to the server.
    pub to: mpsc::Sender<Letter>,
}

impl Answers {
    /// Hand a reply over. Tells whether anyone is there to take it.
    pub async fn send(&self, reply: Reply) -> bool {
        let msg = Msg::Reply { slot: self.slot, generation: self.generation, reply };
        self.to.send(msg.into()).await.is_ok()
    }
}

/// Who answers: a server, or a file that is read directly.
#[derive(Clone)]
pub enum Source {
    /// A server.
    Server {
        /// The way to it.
        client: Client,
        /// Where its events are kept.
        keep: Keep,
    },
    /// A file; what only a server can do is done by an embedded one, which is started when it is needed first.
    File {
        /// The file.
        file: Arc<EventFile>,
        /// The embedded server.
        embedded: Arc<Lazy>,
    },
}

/// Make a call and hand everything that comes of it over.
pub async fn answer(source: Source, call: Call, seat: Seat, to: Answers) {
    let reply = match (source, call) {
        (_, Call::Record { path, append }) => return record::record(&path, append, seat.tap, to).await,
        (_, Call::SyncRecord) => return seat.tap.sync().await,
        (_, Call::StopRecord) => return seat.tap.close(),
        (_, Call::Search(search)) => return search::search(search, to).await,
        (_, Call::Shape(inspection)) => return inspect::inspect(inspection, to).await,
        (Source::Server { client, keep }, Call::Stream(request)) => {
            return stream(client, request, Extent::default(), &keep, to).await;
        }
        (Source::Server { client, keep }, Call::Page(request, extent)) => {
            return stream(client, request, extent, &keep, to).await;
        }
        (Source::Server { client, .. }, call) => return ask(client, call, seat, to).await,
        (Source::File { file, .. }, Call::Read(from)) => return intake::file::load(file, from, to).await,
        (Source::File { file, .. }, Call::Follow(from)) => return intake::file::follow(file, from, to).await,
        (Source::File { .. }, Call::Ping) => {
            Reply::Ping(Ok(Pong { latency: Duration::ZERO, generation: Generation::V2 }))
        }
        (Source::File { .. }, Call::Status) => Reply::Status(Err(Failure {
            kind: FailureKind::Unsupported,
            message: "a file has no server that could be asked for its status".to_owned(),
            hint: None,
            span: None,
        })),
        (Source::File { file, embedded }, call) => match embedded.client(file.path()).await {
            Ok(client) => return ask(client, call, seat, to).await,
            Err(failure) => failed(&call, failure),
        },
    };
    to.send(reply).await;
}

async fn stream(client: Client, request: StreamRequest, extent: Extent, keep: &Keep, to: Answers) {
    match Spool::open(keep) {
        Ok(spool) => intake::stream(client, request, extent, spool, to).await,
        Err(error) => {
            to.send(Reply::Streamed(Err(intake::no_spool(keep, &error)))).await;
        }
    }
}

/// A call that could not be made, as the answer that the app waits for.
fn failed(call: &Call, failure: Failure) -> Reply {
    match call {
        Call::Stream(_)
        | Call::Page(..)
        | Call::Read(_)
        | Call::Follow(_)
        | Call::Search(_)
        | Call::Shape(_)
        | Call::Export(_)
        | Call::Save(_) => Reply::Streamed(Err(failure)),
        Call::Library(_) => Reply::Library(Err(Refusal::Failed(failure.message))),
        Call::Census => Reply::Counted(Err(failure)),
        Call::Newest(..) => Reply::Newest(Err(failure)),
        Call::Locate(_) => Reply::Located(Err(failure)),
        Call::Observe(..) => Reply::Tail(TailNews::Refused(failure)),
        Call::Record { .. } | Call::SyncRecord | Call::StopRecord => Reply::Record(RecordNews::Failed(failure.message)),
        Call::Query(_) | Call::Local(_) => Reply::Queried(Err(failure)),
        Call::Try(_) => Reply::Tried(0, Err(failure)),
        Call::Commit(_) => Reply::Committed(Err(failure)),
        Call::Ping => Reply::Ping(Err(failure)),
        Call::Audit => Reply::Audit(Err(failure)),
        Call::Status => Reply::Status(Err(failure)),
        Call::Subjects => Reply::Subjects(Err(failure)),
        Call::Types => Reply::Types(Err(failure)),
        Call::Schemas => Reply::Schemas(Err(failure)),
    }
}

async fn ask(client: Client, call: Call, seat: Seat, to: Answers) {
    let reply = match call {
        Call::Observe(request, from) => return observe(client, request, from, seat, to).await,
        Call::Census => return census::census(client, to).await,
        Call::Locate(id) => Reply::Located(census::locate(&client, &id).await),
        Call::Newest(subject, events) => Reply::Newest(census::newest(&client, &subject, events).await),
        Call::Query(text) => return query(client, &text, to).await,
        Call::Try(preconditions) => return try_all(client, preconditions, to).await,
        Call::Commit(request) => Reply::Committed(client.commit(&request).await.map(texts).map_err(Failure::from)),
        Call::Ping => Reply::Ping(ping(&client).await.map_err(Failure::from)),
        Call::Audit => Reply::Audit(audit(&client).await.map_err(Failure::from)),
        Call::Status => Reply::Status(client.status().await.map(Box::new).map_err(Failure::from)),
        Call::Subjects => Reply::Subjects(client.subjects().await.map_err(Failure::from)),
        Call::Types => Reply::Types(client.types().await.map_err(Failure::from)),
        Call::Schemas => Reply::Schemas(client.schemas().await.map_err(Failure::from)),
        // These are answered before a client is asked for.
        Call::Stream(_) | Call::Page(..) | Call::Read(_) | Call::Follow(_) => return,
        Call::Search(_) | Call::Local(_) | Call::Shape(_) | Call::Export(_) | Call::Save(_) | Call::Library(_) => {
            return;
        }
        Call::Record { .. } | Call::SyncRecord | Call::StopRecord => return,
    };
    to.send(reply).await;
}

fn texts(batch: Batch) -> Vec<String> {
    batch.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}

/// The rows of batches, as one text.
fn portion(batches: &[Batch]) -> Portion {
    let lines = || batches.iter().flat_map(Batch::iter);
    let mut portion = Portion::with_capacity(lines().count(), lines().map(<[u8]>::len).sum());
    lines().for_each(|line| portion.push(&String::from_utf8_lossy(line)));
    portion
}

async fn ping(client: &Client) -> Result<Pong, Error> {
    let latency = client.ping().await?.latency;
    Ok(Pong { latency, generation: client.generation().await? })
}

async fn audit(client: &Client) -> Result<AuditResult, Error> {
    let start = Instant::now();
    let audit = client.audit().await?;
    Ok(AuditResult { passed: audit.passed, text: audit.text, events: audit.events, took: start.elapsed() })
}

async fn query(client: Client, text: &str, to: Answers) {
    let result = match client.query(text).await {
        Ok(lines) => hand_over(lines, &mut Rows(&to)).await,
        Err(error) => Err(error),
    };
    to.send(Reply::Queried(result.map_err(Failure::from))).await;
}

/// Who takes lines in portions.
pub trait Portions {
    /// Take a portion. Gives `false` when there is no use in more.
    fn take(&mut self, batches: Vec<Batch>) -> impl Future<Output = bool> + Send;
}

struct Rows<'a>(&'a Answers);

impl Portions for Rows<'_> {
    async fn take(&mut self, batches: Vec<Batch>) -> bool {
        self.0.send(Reply::Rows(portion(&batches))).await
    }
}

/// Hand lines over in portions: large ones while they come fast, at once when they do not.
pub async fn hand_over(mut lines: LineStream, to: &mut (impl Portions + Send)) -> Result<(), Error> {
    let mut waiting: Vec<Batch> = Vec::new();
    let mut flush_at = Instant::now();
    // Whoever waits for the first line waits for nothing else.
    let mut patience = Duration::ZERO;
    loop {
        let item = {
            let next = lines.next();
            tokio::pin!(next);
            loop {
                tokio::select! {
                    item = &mut next => break item,
                    () = sleep_until(flush_at), if !waiting.is_empty() => {
                        if !to.take(std::mem::take(&mut waiting)).await {
                            return Ok(());
                        }
                    }
                }
            }
        };
        match item {
            Some(Ok(batch)) => {
                if waiting.is_empty() {
                    flush_at = Instant::now() + patience;
                    patience = BATCH_TIME;
                }
                waiting.push(batch);
            }
            ended => {
                // What came before the end belongs to the user, whatever the end is.
                if !waiting.is_empty() {
                    to.take(waiting).await;
                }
                return ended.map_or(Ok(()), |item| item.map(drop));
            }
        }
        let full = waiting.iter().map(|batch| batch.text.len()).sum::<usize>() >= BATCH_BYTES;
        if full && !to.take(std::mem::take(&mut waiting)).await {
            return Ok(());
        }
    }
}

async fn try_all(client: Client, preconditions: Vec<Precondition>, to: Answers) {
    for (index, precondition) in preconditions.iter().enumerate() {
        let result = holds(&client, precondition).await;
        if !to.send(Reply::Tried(index, result)).await {
            return;
        }
    }
}

/// Whether a precondition holds now, told from what the server has: it offers no way to ask without committing.
async fn holds(client: &Client, precondition: &Precondition) -> Result<bool, Failure> {
    let member = |name: &str| {
        precondition.member(name).ok_or_else(|| Failure {
            kind: FailureKind::Refused,
            message: format!("its payload has no `{name}`"),
            hint: None,
            span: None,
        })
    };
    match precondition.kind.as_str() {
        IS_SUBJECT_NEW => Ok(!has_events(client, &member("subject")?).await?),
        IS_SUBJECT_EXISTING => Ok(has_events(client, &member("subject")?).await?),
        IS_QUERY_RESULT_TRUE => Ok(is_true(client, &member("query")?).await?),
        kind => Err(Failure {
            kind: FailureKind::Unsupported,
            message: format!("{kind} is not known here; only the server can tell"),
            hint: None,
            span: None,
        }),
    }
}

/// Whether there is an event at or below a subject. Only the first chunk of the answer is read.
async fn has_events(client: &Client, subject: &str) -> Result<bool, Error> {
    let mut events = client.stream(&StreamRequest::new(subject)).await?;
    while let Some(batch) = events.next().await {
        if !batch?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a query gives at least one row and every row is true.
async fn is_true(client: &Client, query: &str) -> Result<bool, Error> {
    let mut rows = client.query(query).await?;
    let mut any = false;
    while let Some(batch) = rows.next().await {
        for line in batch?.iter() {
            any = true;
            if std::str::from_utf8(line).map(Json::trusted).ok().and_then(Json::as_bool) != Some(true) {
                return Ok(false);
            }
        }
    }
    Ok(any)
}
