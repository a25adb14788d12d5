//! What the tests of the whole explorer share: a screen in memory, keys from a script, and waiting for what is to be seen.

#![allow(dead_code, reason = "each test file uses its part")]

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use gdbx::app::key::Key;
use gdbx::shell::{Canvas, Input, Launch, Stats, explore};
use gdbx::ui::{Look, Theme};
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::{Frame, Terminal};
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use unicode_width::UnicodeWidthStr as _;

/// No condition takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Colours and zone that do not depend on the machine.
pub fn look() -> Look {
    Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC }
}

/// A screen in memory that tells what it shows.
struct Paper {
    terminal: Terminal<TestBackend>,
    shown: watch::Sender<String>,
    copied: mpsc::UnboundedSender<String>,
}

impl Canvas for Paper {
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame)) -> io::Result<()> {
        self.terminal.draw(|frame| draw(frame)).unwrap();
        let buffer = self.terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        let lines = buffer.content().chunks(width).map(line_of);
        self.shown.send_replace(lines.collect::<Vec<_>>().join("\n"));
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.terminal.clear().unwrap();
        Ok(())
    }

    fn size(&self) -> io::Result<(u16, u16)> {
        let area = self.terminal.backend().buffer().area;
        Ok((area.width, area.height))
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.send(text.to_owned()).unwrap();
        Ok(())
    }

    fn leave(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A row of the screen as text. What a wide character hides is left out.
fn line_of(row: &[Cell]) -> String {
    let mut hidden = 0;
    let mut line = String::new();
    for cell in row {
        if hidden == 0 {
            line.push_str(cell.symbol());
            hidden = cell.symbol().width().max(1);
        }
        hidden -= 1;
    }
    line
}

/// The explorer, running.
pub struct Explorer {
    keys: mpsc::UnboundedSender<Event>,
    shown: watch::Receiver<String>,
    copied: mpsc::UnboundedReceiver<String>,
    task: JoinHandle<Stats>,
}

impl Explorer {
    /// Open it in a window of this size.
    pub fn open(launch: Launch, width: u16, height: u16) -> Self {
        let (keys, script) = mpsc::unbounded_channel();
        let (shown_to, shown) = watch::channel(String::new());
        let (copied_to, copied) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            let mut paper = Paper { terminal, shown: shown_to, copied: copied_to };
            let mut stats = Stats::since(Instant::now());
            explore(&mut paper, Input::Script(script), &launch, &mut stats).await.unwrap();
            launch.end().await;
            stats
        });
        Self { keys, shown, copied, task }
    }

    /// Press keys by their names, one after the other.
    pub fn press(&self, names: &str) {
        for name in names.split(' ') {
            // Who has left takes no more keys.
            let _ = self.keys.send(Event::Key(Key::named(name).expect(name).event()));
        }
    }

    /// Press keys, and wait until something was drawn since.
    pub async fn press_and_see(&mut self, names: &str) {
        self.shown.borrow_and_update();
        self.press(names);
        tokio::time::timeout(PATIENCE, self.shown.changed()).await.expect("it is drawn").expect("open");
    }

    /// Type a text, as keys.
    pub fn write(&self, text: &str) {
        for c in text.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            self.keys.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))).unwrap();
        }
    }

    /// Paste a text.
    pub fn paste(&self, text: &str) {
        self.keys.send(Event::Paste(text.to_owned())).unwrap();
    }

    /// Wait until the screen shows a text; gives the screen.
    pub async fn sees(&mut self, text: &str) -> String {
        self.waits(text, |screen| screen.contains(text)).await
    }

    /// Wait until the screen is as described; gives the screen.
    pub async fn waits(&mut self, what: &str, is: impl Fn(&str) -> bool) -> String {
        let seen = async { self.shown.wait_for(|screen| is(screen)).await.expect("the explorer is open").clone() };
        match tokio::time::timeout(PATIENCE, seen).await {
            Ok(screen) => screen,
            Err(_) => panic!("waited for {what}; the screen shows:\n{}", self.screen()),
        }
    }

    /// What the screen shows now.
    pub fn screen(&self) -> String {
        self.shown.borrow().clone()
    }

    /// The next text that is put on the clipboard.
    pub async fn copied(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.copied.recv()).await.expect("something is copied").expect("open")
    }

    /// Leave, and wait until it has ended. Gives what it has measured.
    pub async fn quit(self) -> Stats {
        self.press("ctrl-q");
        self.ended().await
    }

    /// Wait until it has ended. Gives what it has measured.
    pub async fn ended(self) -> Stats {
        tokio::time::timeout(PATIENCE, self.task).await.expect("it leaves").expect("without a panic")
    }
}
