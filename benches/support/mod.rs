//! What the benches share: events that are the same in every run, and explorers that have loaded them.

#![allow(dead_code, reason = "each bench uses its part")]

use gdbx::app::App;
use gdbx::app::effect::{Effect, Slot};
use gdbx::app::health::Polls;
use gdbx::app::key::Key;
use gdbx::app::message::{Msg, Now, Reply};
use gdbx::app::world::{Connection, Origin};
use gdbx::model::log::text::{Stored, Text};
use gdbx::model::log::{Decoded, Reader};
use gdbx::ui::{Look, Theme};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// How many events a bench works on, unless `GDBX_BENCH_EVENTS` says otherwise. `cargo test` only tries whether it runs.
pub fn events() -> usize {
    let usual = if cfg!(debug_assertions) { 2_000 } else { 1_000_000 };
    std::env::var("GDBX_BENCH_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// So many lines make a batch of about a megabyte.
const BATCH: usize = 1700;

const KINDS: [&str; 15] = [
    "customer-added",
    "customer-moved",
    "customer-erased",
    "article-added",
    "article-priced",
    "article-retired",
    "user-registered",
    "user-locked",
    "cart-opened",
    "cart-item-added",
    "cart-checked-out",
    "order-placed",
    "order-shipped",
    "order-delivered",
    "order-returned",
];
const CITIES: [&str; 6] = ["Gotham", "São Paulo", "Kraków", "大阪市", "Zürich", "Lagos"];
const NAMES: [&str; 8] = ["Ada", "Bruce", "Chloé", "Dmitri", "Søren", "美咲", "Wayne", "Nadia"];

/// A generator of events: about 600 bytes each, one subject for eight of them.
pub struct Events {
    state: u64,
    next: u64,
    hash: String,
}

impl Default for Events {
    fn default() -> Self {
        Self { state: 0x9e37_79b9_7f4a_7c15, next: 0, hash: "0".repeat(64) }
    }
}

impl Events {
    /// SplitMix64: what comes next depends on nothing but how much came before.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.random() % end as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// Append the next event to `out`, without a line end.
    pub fn push(&mut self, out: &mut String) {
        let number = self.next;
        self.next += 1;
        let kind = self.pick(&KINDS);
        let thing = kind.split('-').next().unwrap_or_default();
        let subject = self.random() % (number / 8 + 1);
        let (id, a, b) = (self.random(), self.random(), self.random());
        let hash = format!("{a:016x}{b:016x}{a:016x}{b:016x}");
        let at = jiff::Timestamp::from_millisecond(1_735_689_600_000 + number as i64 * 1_300).unwrap();
        write!(
            out,
            r#"{{"source":"io.genesisdb.app","subject":"/{thing}/{subject:08x}-7ed4-457b-ae2f-eb89414c343c","type":"io.genesisdb.app.{kind}","specversion":"1.0","id":"{:08x}-5143-4193-a6c3-{:012x}","time":"{at:.9}","datacontenttype":"application/json","predecessorhash":"{}","data":{{"#,
            id as u32, number, self.hash
        )
        .unwrap();
        let (name, city, total) = (self.pick(&NAMES), self.pick(&CITIES), self.below(200_000));
        write!(
            out,
            r#""customer":{{"firstName":"{name}","address":{{"city":"{city}","zip":"{:05}"}}}},"items":[{{"article":"{:016x}","quantity":{},"price":{}.{:02}}}],"total":{}.{:02},"note":"left with the neighbour & signed""#,
            self.below(100_000),
            self.random(),
            self.below(5) + 1,
            self.below(900),
            self.below(100),
            total / 100,
            total % 100
        )
        .unwrap();
        write!(out, r#"}},"hash":"{hash}"}}"#).unwrap();
        self.hash = hash;
    }

    /// The next so many events, a line each.
    pub fn lines(&mut self, count: usize) -> String {
        let mut out = String::with_capacity(count * 640);
        for _ in 0..count {
            self.push(&mut out);
            out.push('\n');
        }
        out
    }
}

/// Events in batches whose texts are in a file without a name, as a load from a server leaves them.
pub fn stored(count: usize) -> impl Iterator<Item = Decoded> {
    let file = Arc::new(tempfile::tempfile().unwrap());
    let (mut events, mut end, mut left) = (Events::default(), 0, count);
    std::iter::from_fn(move || {
        let size = left.min(BATCH);
        left -= size;
        (size > 0).then(|| {
            let lines = events.lines(size);
            (&*file).write_all(lines.as_bytes()).unwrap();
            let range = end..end + lines.len() as u64;
            end = range.end;
            decoded(&lines, &file, range)
        })
    })
}

fn decoded(lines: &str, file: &Arc<File>, range: std::ops::Range<u64>) -> Decoded {
    let (mut reader, mut at) = (Reader::default(), 0);
    for line in lines.split_terminator('\n') {
        reader.line(line.as_bytes(), at);
        at += line.len() + 1;
    }
    reader.finish(Text::Stored(Stored { file: Arc::clone(file), range }))
}

/// Colours and zone that do not depend on the machine.
pub fn look() -> Look {
    Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC }
}

/// 2026-03-01T13:58:40Z, five seconds after the start.
const NOW: Now = Now { since_start: Duration::from_secs(5), wall: 1_772_373_520_000_000_000 };

/// An explorer without a shell around it.
pub struct Explorer {
    pub app: App,
    effects: Vec<Effect>,
}

impl Explorer {
    /// An explorer in a window of 200 columns and 50 rows that nothing has answered yet.
    pub fn new() -> Self {
        let connection = Connection {
            name: "bench".into(),
            url: "http://localhost:8080".into(),
            origin: Origin::Server,
            production: false,
            read_only: false,
        };
        let mut app = App::new(connection, Polls { ping: None, status: None, audit: None });
        let mut effects = app.update(Msg::Resize(200, 50), NOW);
        effects.extend(app.begin(NOW));
        Self { app, effects }
    }

    /// The same with so many events loaded.
    pub fn loaded(count: usize) -> Self {
        let mut explorer = Self::new();
        for batch in stored(count) {
            explorer.reply(Slot::Load, Reply::Events(batch));
        }
        explorer.reply(Slot::Load, Reply::Streamed(Ok(())));
        assert_eq!(explorer.app.world.log.len(), count);
        explorer
    }

    /// Press keys by their names, separated by spaces.
    pub fn press(&mut self, names: &str) {
        for name in names.split(' ') {
            self.send(Msg::Key(Key::named(name).unwrap().event()));
        }
    }

    /// Let something happen.
    pub fn send(&mut self, msg: Msg) {
        let effects = self.app.update(msg, NOW);
        self.effects.extend(effects);
    }

    /// Answer the newest request of a slot.
    pub fn reply(&mut self, slot: Slot, reply: Reply) {
        let generation = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Start { slot: started, generation, .. } if *started == slot => Some(*generation),
            _ => None,
        });
        self.send(Msg::Reply { slot, generation: generation.unwrap(), reply });
    }
}
