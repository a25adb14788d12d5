//! A stage for tests of screens: the whole app on a few events, driven by keys and looked at as text.

use crate::app::App;
use crate::app::effect::{Call, Effect, Slot};
use crate::app::health::Polls;
use crate::app::key::Key;
use crate::app::message::{AuditResult, Failure, FailureKind, Msg, Now, Pong, Reply};
use crate::app::world::{Connection, Origin};
use crate::model::log::Decoded;
use crate::model::request::Generation;
use crate::ui::{Look, Theme};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use std::time::Duration;

/// 2026-03-01T13:58:40Z
pub const NOON: i64 = 1_772_373_520_000_000_000;

/// An app, and what it has asked for since it was last looked at.
pub struct Stage {
    pub app: App,
    pub effects: Vec<Effect>,
    now: Now,
}

impl Stage {
    /// A live connection to a server of API v2, all of whose events are loaded.
    pub fn new() -> Self {
        Self::on(|_| {})
    }

    /// The same with another connection.
    pub fn on(change: impl FnOnce(&mut Connection)) -> Self {
        let mut connection = Connection {
            name: "shop-test".into(),
            url: "http://localhost:8080".into(),
            origin: Origin::Server,
            production: false,
            read_only: false,
        };
        change(&mut connection);
        let now = Now { since_start: Duration::from_secs(5), wall: NOON };
        let mut stage = Self { app: App::new(connection, Polls::default()), effects: Vec::new(), now };
        stage.effects = stage.app.begin(now);
        let pong = Pong { latency: Duration::from_micros(1800), generation: Generation::V2 };
        stage.reply(Slot::Ping, Reply::Ping(Ok(pong)));
        let text = "Audit passed. All 6 events integrity checks succeeded.".to_owned();
        let audit = AuditResult { passed: true, text, events: Some(6), took: Duration::from_millis(31) };
        stage.reply(Slot::Audit, Reply::Audit(Ok(audit)));
        stage.reply(Slot::Load, Reply::Events(events()));
        stage.reply(Slot::Load, Reply::Streamed(Ok(())));
        stage.effects.clear();
        stage
    }

    /// Press keys by their names, separated by spaces.
    pub fn keys(&mut self, names: &str) -> &mut Self {
        for name in names.split_whitespace() {
            let key = Key::named(name).unwrap_or_else(|| panic!("no key is called {name}"));
            self.send(Msg::Key(key.event()));
        }
        self
    }

    /// Type a text, each character as a key.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            self.send(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    /// Anything that happens.
    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = self.app.update(msg, self.now);
        self.effects.extend(effects);
        self
    }

    /// An answer to the last request of a slot.
    pub fn reply(&mut self, slot: Slot, reply: Reply) -> &mut Self {
        let generation = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Start { slot: of, generation, .. } if *of == slot => Some(*generation),
            Effect::Edit { generation, .. } if slot == Slot::Edit => Some(*generation),
            _ => None,
        });
        let generation = generation.unwrap_or_else(|| panic!("{slot:?} was not started"));
        self.send(Msg::Reply { slot, generation, reply })
    }

    /// Answer the search for an event by its id, as the shell does.
    pub fn locate(&mut self) -> &mut Self {
        let search = self.calls().into_iter().rev().find_map(|call| match call {
            Call::Search(search) => Some(search.clone()),
            _ => None,
        });
        let search = search.expect("an event was looked for");
        let positions = search.look(search.from..search.to, &|| true).unwrap().positions;
        let reply = match positions.is_empty() {
            false => Reply::Found { scanned: search.to, positions },
            true => Reply::Searched { scanned: search.to, problem: None },
        };
        self.reply(Slot::Find, reply)
    }

    /// The calls that were asked for since the last time; answers can still be given to them.
    pub fn calls(&self) -> Vec<&Call> {
        self.effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Start { call, .. } => Some(call),
                _ => None,
            })
            .collect()
    }

    /// The screen as cells.
    pub fn cells(&self, width: u16, height: u16) -> Buffer {
        let look = Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC };
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| crate::ui::draw(frame, &self.app, &look)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub fn screen(&self, width: u16, height: u16) -> String {
        let buffer = self.cells(width, height);
        let line = |y: u16| {
            let mut text = String::new();
            let mut x = 0;
            while x < width {
                let symbol = buffer[(x, y)].symbol();
                text.push_str(symbol);
                // The cell behind a wide character is empty.
                x += u16::try_from(crate::ui::text::width(symbol)).unwrap_or(1).max(1);
            }
            text.trim_end().to_owned()
        };
        (0..height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// What the status line says last.
    pub fn said(&self) -> String {
        self.app.messages.all().front().map(|message| message.text.clone()).unwrap_or_default()
    }
}

/// A failure in the server's words.
pub fn failure(kind: FailureKind, message: &str) -> Failure {
    Failure { kind, message: message.into(), hint: None, span: None }
}

/// A few events of a shop.
pub fn events() -> Decoded {
    let line = |number: u32, subject: &str, kind: &str| {
        format!(
            r#"{{"source":"io.example.shop","subject":"{subject}","type":"io.example.shop.{kind}","id":"e{number}","time":"2026-03-01T13:{number:02}:00Z","data":{{"n":{number}}}}}"#
        )
    };
    let lines = [
        line(1, "/customer/1", "customer-added"),
        line(2, "/customer/2", "customer-added"),
        line(3, "/order/9", "order-placed"),
        line(4, "/order/9/item/1", "item-added"),
        line(5, "/order/9/item/2", "item-added"),
        line(6, "/order/9/item/3", "item-added"),
    ];
    Decoded::from_lines(lines.iter().map(String::as_bytes))
}

/// A snapshot of a screen that lists the formats of files. Where one more is built in, it is no snapshot's.
macro_rules! snapshot_of_formats {
    ($name:expr, $screen:expr) => {
        let screen = $screen;
        if !crate::app::export::Format::Parquet.is_available() {
            insta::assert_snapshot!($name, screen);
        }
    };
}
pub(crate) use snapshot_of_formats;
