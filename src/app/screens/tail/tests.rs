//! How the tail behaves, told in keys and news.

use super::lane::Link;
use super::lines::Row;
use super::*;
use crate::app::App;
use crate::app::effect::{Call, Slot};
use crate::app::health::Polls;
use crate::app::key::Key;
use crate::app::message::TailNews;
use crate::app::message::{Failure, FailureKind, Msg, Now, Reply};
use crate::app::screens::ScreenId;
use crate::app::world::{Connection, Origin};
use crate::model::log::Decoded;
use crate::model::request::StreamRequest;

mod event;
mod lanes;
mod list;
mod stream;

pub(super) use lanes::{lane_events, two_lanes};

/// An app with its clock, and the tail's last request.
pub(super) struct Rig {
    pub(super) app: App,
    pub(super) effects: Vec<Effect>,
    now: Now,
    generation: u32,
}

/// 2026-03-01T14:03:20Z
pub(super) const START: i64 = 1_772_373_800_000_000_000;

impl Rig {
    pub(super) fn new() -> Self {
        let connection = Connection {
            name: "shop".into(),
            url: "http://localhost:8080".into(),
            origin: Origin::Server,
            production: false,
            read_only: false,
        };
        let app = App::new(connection, Polls { ping: None, status: None, audit: None });
        Self {
            app,
            effects: Vec::new(),
            now: Now { since_start: Duration::from_secs(100), wall: START },
            generation: 0,
        }
    }

    /// The tail of the whole store, connected.
    pub(super) fn live() -> Self {
        let mut rig = Self::new();
        rig.press("2");
        rig.told(TailNews::Connected { after: None });
        rig
    }

    /// The subject that is being typed.
    fn field(&self) -> &subject_field::SubjectField {
        match &self.tail().prompt {
            Some(Prompt::Subject { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    /// Carry the searches out, as the shell would.
    fn search(&mut self) {
        while let Some(at) =
            self.effects.iter().position(|effect| matches!(effect, Effect::Start { call: Call::Search(_), .. }))
        {
            let Effect::Start { slot, generation, call: Call::Search(search) } = self.effects.remove(at) else {
                return;
            };
            let all = search.view.positions();
            let found = search.look(search.from..all.end, &|| true).unwrap();
            for reply in [
                Reply::Found { scanned: all.end, positions: found.positions },
                Reply::Searched { scanned: all.end, problem: found.problem },
            ] {
                let effects = self.app.update(Msg::Reply { slot, generation, reply }, self.now);
                self.effects.extend(effects);
            }
        }
    }

    pub(super) fn update(&mut self, msg: Msg) {
        self.effects = self.app.update(msg, self.now);
        for effect in &self.effects {
            if let Effect::Start { slot: Slot::Tail(0), generation, .. } = effect {
                self.generation = *generation;
            }
        }
    }

    pub(super) fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.update(Msg::Key(Key::named(key).unwrap().event()));
        }
    }

    pub(super) fn type_text(&mut self, text: &str) {
        self.update(Msg::Paste(text.into()));
    }

    pub(super) fn told(&mut self, news: TailNews) {
        self.update(Msg::Reply { slot: Slot::Tail(0), generation: self.generation, reply: Reply::Tail(news) });
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now.since_start += time;
        self.now.wall += i64::try_from(time.as_nanos()).unwrap();
    }

    /// `count` more events. The one at position `n` has the ID `id-n`.
    pub(super) fn events(&mut self, count: usize) {
        let first = self.tail().received.log.end();
        let lines: Vec<String> = (first..first + count).map(|n| event(n, self.now.wall)).collect();
        self.lines(&lines);
    }

    pub(super) fn lines(&mut self, lines: &[String]) {
        self.told(TailNews::Events(Decoded::from_lines(lines.iter().map(|line| line.as_bytes()))));
    }

    pub(super) fn tail(&self) -> &Tail {
        &self.app.tail
    }

    pub(super) fn selected(&self) -> Option<Row> {
        self.tail().lines.selected(&self.tail().received)
    }

    pub(super) fn rows(&self) -> (usize, usize) {
        let tail = self.tail();
        (tail.lines.len(&tail.received), tail.lines.below(&tail.received))
    }

    fn started(&self) -> Option<&Call> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Start { slot: Slot::Tail(0), call, .. } => Some(call),
            _ => None,
        })
    }

    fn ticks(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Wake(Timer::Second, _)))
    }
}

/// An event of a shop, as a server sends it.
pub(super) fn event(n: usize, wall: i64) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(wall) + n as i128 * 7_000_000).unwrap();
    let (subject, kind, data) = match n % 4 {
        0 => ("order", "order-placed", format!(r#"{{"total":{}.50,"currency":"EUR","items":[1,2]}}"#, 20 + n % 300)),
        1 => ("payment", "payment-received", format!(r#"{{"amount":{}.50,"method":"card"}}"#, 20 + n % 300)),
        2 => ("cart", "item-added", r#"{"article":"Zoë's 美咲 mug","quantity":2}"#.to_owned()),
        _ => ("order", "order-shipped", r#"{"carrier":"ups"}"#.to_owned()),
    };
    format!(
        r#"{{"source":"io.shop","subject":"/{subject}/{}","type":"io.shop.{kind}","id":"id-{n}","time":"{time}","data":{data}}}"#,
        2000 + n / 4
    )
}

pub(super) fn failure(kind: FailureKind, message: &str, hint: Option<&str>) -> Failure {
    Failure { kind, message: message.into(), hint: hint.map(str::to_owned), span: None }
}

pub(super) fn lost(attempt: u32) -> TailNews {
    let reason = failure(FailureKind::Unreachable, "The server closed the connection.", None);
    TailNews::Lost { reason, retry_in: Duration::from_secs(4), attempt }
}

fn observe(subject: &str, from: From) -> Call {
    Call::Observe(StreamRequest::new(subject), from)
}
