//! Lanes that come and go while they are recorded: the real tasks, the embedded server and the app. The test plays the
//! loop, so that it decides what is still on its way when something changes.

use super::*;
use crate::api::{Settings, Token};
use crate::app::App;
use crate::app::effect::{Effect, Timer};
use crate::app::health::Polls;
use crate::app::key::Key;
use crate::app::message::Now;
use crate::app::screens::tail::lane::Link;
use crate::app::world::{Connection, Origin};
use crate::model::event::Envelope;
use crate::model::request::{CommitRequest, Generation, NewEvent};
use crate::model::subject::is_under;
use crate::server::{Options, Running, Tokens};
use crate::shell::answer::Source;
use crate::shell::intake::Keep;
use crate::shell::runner::{Inbox, Runner};
use crate::store::Store;
use proptest::prelude::*;
use std::collections::VecDeque;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// No condition takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to a server, which can be cut.
struct Wire {
    url: String,
    links: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Wire {
    async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (links, server) = (Arc::<Mutex<Vec<AbortHandle>>>::default(), server.replace("http://", ""));
        let kept = Arc::clone(&links);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let Ok(mut far) = TcpStream::connect(&server).await else { continue };
                let link = tokio::spawn(async move { drop(tokio::io::copy_bidirectional(&mut near, &mut far).await) });
                kept.lock().unwrap().push(link.abort_handle());
            }
        });
        Self { url, links }
    }

    fn cut(&self) {
        self.links.lock().unwrap().drain(..).for_each(|link| link.abort());
    }
}

struct Rig {
    store: Store,
    server: Running,
    wire: Wire,
    runner: Runner,
    inbox: Inbox,
    app: App,
    folder: tempfile::TempDir,
    began: Instant,
    /// The IDs of all that was shown, in its order, also in lists that are gone.
    shown: Vec<String>,
    /// How far the list was looked at.
    seen: usize,
    /// What is watched for sure: whatever is committed there must come.
    sure: Vec<String>,
    /// What must come: subjects and IDs.
    due: Vec<(String, String)>,
}

impl Rig {
    /// A recording of these subjects, all of them connected.
    async fn recording(subjects: &[&str]) -> Self {
        let store = Store::in_memory();
        let server = Running::start(store.clone(), Options::new(Tokens::random())).await.unwrap();
        let wire = Wire::to(server.url()).await;
        let settings = Settings::new(&wire.url).with_token(Token::new(server.token()).unwrap());
        let (runner, inbox) =
            Runner::new(Source::Server { client: Client::new(settings).unwrap(), keep: Keep::Memory });
        let connection = Connection {
            name: "shop".into(),
            url: wire.url.clone(),
            origin: Origin::Server,
            production: false,
            read_only: false,
        };
        let app = App::new(connection, Polls { ping: None, status: None, audit: None });
        let (folder, began) = (tempfile::tempdir().unwrap(), Instant::now());
        let (shown, sure, due) = (Vec::new(), Vec::new(), Vec::new());
        let mut rig = Self { store, server, wire, runner, inbox, app, folder, began, shown, seen: 0, sure, due };
        rig.press("2");
        for (n, subject) in subjects.iter().enumerate() {
            rig.name(if n == 0 { "s" } else { "a" }, subject);
        }
        rig.connected().await;
        rig.press("R");
        let file = rig.folder.path().join("tail.ndjson");
        rig.update(Msg::Paste(file.display().to_string()));
        rig.press("enter");
        rig.until(|rig| rig.app.tail.recording.as_ref().is_some_and(|recording| recording.open)).await;
        rig
    }

    fn update(&mut self, msg: Msg) {
        let mut msgs = VecDeque::from([msg]);
        while let Some(msg) = msgs.pop_front() {
            let now = Now { since_start: self.began.elapsed(), wall: 0 };
            for effect in self.app.update(msg, now) {
                match effect {
                    Effect::Start { slot, generation, call } => self.runner.start(slot, generation, call),
                    Effect::Cancel(slot) => self.runner.cancel(slot),
                    Effect::Wake(Timer::Work, _) => msgs.push_back(Msg::Timer(Timer::Work)),
                    _ => {}
                }
            }
        }
        let log = &self.app.tail.received.log;
        if log.end() < self.seen {
            self.seen = 0;
        }
        self.shown.extend((self.seen..log.end()).map(|at| log.line(at).unwrap().event().unwrap().id.into_owned()));
        self.seen = log.end();
        for lane in self.app.tail.lanes.iter().filter(|lane| lane.link == Link::Live) {
            if !self.sure.contains(&lane.subject) {
                self.sure.push(lane.subject.clone());
            }
        }
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.update(Msg::Key(Key::named(key).unwrap().event()));
        }
    }

    /// Type a subject into the field that a key opens.
    fn name(&mut self, key: &str, subject: &str) {
        self.press(key);
        self.press("ctrl-u");
        self.update(Msg::Paste(subject.into()));
        self.press("enter");
    }

    /// Take what comes next.
    async fn take(&mut self) {
        let next = async {
            tokio::select! {
                biased;
                Some(letter) = self.inbox.control.recv() => letter,
                Some(letter) = self.inbox.data.recv() => letter,
            }
        };
        let letter = tokio::time::timeout(PATIENCE, next).await.expect("something comes");
        if let Some(events) = letter.to_record {
            events.record(|run| self.app.listens(run.slot, run.generation));
        }
        self.update(letter.msg);
    }

    async fn until(&mut self, is: impl Fn(&Self) -> bool) {
        while !is(self) {
            self.take().await;
        }
    }

    async fn connected(&mut self) {
        self.until(|rig| rig.app.tail.lanes.iter().all(|lane| lane.link == Link::Live)).await;
    }

    fn missing(&self) -> bool {
        self.due.iter().any(|(_, id)| !self.shown.contains(id))
    }

    /// Wait until something is on its way to the app, and leave it there.
    async fn arrives(&self) {
        let arrived = async {
            while self.inbox.data.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, arrived).await.expect("something comes");
    }

    fn commit(&mut self, subject: &str) {
        let event = NewEvent {
            source: "s".into(),
            subject: subject.into(),
            kind: "t".into(),
            data: serde_json::value::RawValue::from_string("{}".into()).unwrap(),
            options: Default::default(),
        };
        let request = CommitRequest { events: vec![event], preconditions: Vec::new() };
        let stored = self.store.commit(Generation::V2, request).unwrap();
        if self.sure.iter().any(|root| is_under(subject, root)) {
            let id = Envelope::from_line(stored[0].line(Generation::V2).as_bytes()).unwrap().id.into_owned();
            self.due.push((subject.to_owned(), id));
        }
    }

    fn remove(&mut self, lane: usize) {
        let lanes: Vec<String> = self.app.tail.lanes.iter().map(|lane| lane.subject.clone()).collect();
        let lane = lane % lanes.len();
        if lanes.len() < 2 {
            return;
        }
        self.press("o");
        (0..lane).for_each(|_| self.press("down"));
        self.press("d esc");
        // From here on it may have gone on its way in vain.
        self.sure.retain(|subject| !is_under(subject, &lanes[lane]));
        let shown = &self.shown;
        self.due.retain(|(subject, id)| !is_under(subject, &lanes[lane]) || shown.contains(id));
    }

    /// Another subject alone: what it is about is gone, and so is what was on its way.
    fn alone(&mut self, subject: &str) {
        // What goes on as it was has lost nothing.
        let goes_on = matches!(&self.app.tail.lanes[..], [lane] if lane.subject == subject);
        self.name("s", subject);
        if !goes_on {
            self.sure.clear();
            let shown = &self.shown;
            self.due.retain(|(_, id)| shown.contains(id));
        }
    }

    /// Take everything in and end the recording: what is in the file is what was shown.
    async fn ends(mut self) {
        self.until(|rig| !rig.missing()).await;
        let shown = self.shown.len();
        self.press("R");
        self.until(|rig| rig.app.tail.recording.is_none()).await;
        let text = std::fs::read_to_string(self.folder.path().join("tail.ndjson")).unwrap();
        let written: Vec<String> =
            text.lines().map(|line| Envelope::from_line(line.as_bytes()).unwrap().id.into_owned()).collect();
        assert!(written.len() >= shown, "{} of {shown}", written.len());
        assert_eq!(written, self.shown[..written.len()], "what is recorded is what was shown");
        let mut once = written.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), written.len(), "each event once");
        self.runner.end(self.inbox).await;
        self.server.shutdown().await;
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn an_event_on_its_way_when_a_wider_lane_takes_over_is_recorded_once() {
    run(async {
        let mut rig = Rig::recording(&["/a"]).await;
        rig.commit("/a/1");
        rig.until(|rig| !rig.missing()).await;
        rig.commit("/a/2");
        rig.arrives().await;
        rig.name("a", "/");
        rig.commit("/b/1");
        rig.connected().await;
        rig.commit("/b/2");
        rig.ends().await;
    });
}

const SUBJECTS: [&str; 7] = ["/", "/a", "/a/x", "/a/y", "/b", "/b/x", "/c"];

#[derive(Clone, Debug)]
enum Step {
    Commit(&'static str),
    Add(&'static str),
    Alone(&'static str),
    Remove(usize),
    /// All connections are lost.
    Cut,
    /// Connect by hand.
    Retry,
    /// Something that is due is on its way.
    Arrives,
    /// So much of what comes is taken in.
    Take(usize),
    /// All lanes are connected.
    Connected,
    /// All that is due was shown.
    Settled,
}

fn step() -> impl Strategy<Value = Step> {
    let subject = prop::sample::select(&SUBJECTS[1..]);
    prop_oneof![
        8 => subject.clone().prop_map(Step::Commit),
        4 => prop::sample::select(&SUBJECTS[..]).prop_map(Step::Add),
        1 => prop::sample::select(&SUBJECTS[..]).prop_map(Step::Alone),
        1 => (0usize..8).prop_map(Step::Remove),
        1 => Just(Step::Cut),
        1 => Just(Step::Retry),
        3 => Just(Step::Arrives),
        2 => (1usize..4).prop_map(Step::Take),
        1 => Just(Step::Connected),
        1 => Just(Step::Settled),
    ]
}

async fn follow(steps: Vec<Step>) {
    let mut rig = Rig::recording(&["/a/x", "/b"]).await;
    for step in steps {
        match step {
            Step::Commit(subject) => rig.commit(subject),
            Step::Add(subject) => rig.name("a", subject),
            Step::Alone(subject) => rig.alone(subject),
            Step::Remove(lane) => rig.remove(lane),
            Step::Cut => rig.wire.cut(),
            Step::Retry => rig.press("r"),
            Step::Arrives if rig.missing() => rig.arrives().await,
            Step::Arrives => {}
            Step::Take(count) => {
                for _ in 0..count {
                    if rig.missing() {
                        rig.take().await;
                    }
                }
            }
            Step::Connected => rig.connected().await,
            Step::Settled => rig.until(|rig| !rig.missing()).await,
        }
    }
    rig.ends().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// In whatever order lanes come and go, connections break and events are on their way: what is watched comes, each
    /// event once, and the file has what was shown.
    #[test]
    fn lanes_that_come_and_go_record_every_event_once(steps in prop::collection::vec(step(), 1..40)) {
        run(follow(steps));
    }
}
