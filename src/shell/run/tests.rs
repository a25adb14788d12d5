//! The loop on a screen that takes nothing for a while: keys and events go on, frames wait, and nothing is lost.

use super::super::output::tests::Gate;
use super::super::output::{Output, Receipts};
use super::*;
use crate::app::key::Key;
use crate::ui::Theme;
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tempfile::NamedTempFile;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// No condition takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// What stands between frames, and at the end of all.
const END: char = '\u{c}';
const LEFT: &str = "<left>";

/// A screen of plain text behind a gate.
struct Sheet {
    terminal: Terminal<TestBackend>,
    output: Output,
    receipts: Receipts,
    drawn: Arc<AtomicUsize>,
    /// What was to be copied, and that it was left.
    told: mpsc::UnboundedSender<String>,
}

impl Canvas for Sheet {
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame)) -> io::Result<()> {
        let frame = self.terminal.draw(|frame| draw(frame)).unwrap();
        let mut text: String = frame.buffer.content().iter().map(|cell| cell.symbol()).collect();
        text.push(END);
        self.drawn.fetch_add(1, Ordering::SeqCst);
        self.output.pass(text.into_bytes(), self.receipts.expect())
    }

    fn poll_written(&mut self, context: &mut Context<'_>) -> Poll<io::Result<std::time::Instant>> {
        self.receipts.poll_next(context).map(|at| at.ok_or_else(|| self.output.failure()))
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<(u16, u16)> {
        let area = self.terminal.backend().buffer().area;
        Ok((area.width, area.height))
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.told.send(text.to_owned()).unwrap();
        Ok(())
    }

    fn leave(&mut self) -> io::Result<()> {
        self.output.pass(LEFT.into(), self.receipts.expect())?;
        self.told.send(LEFT.to_owned()).unwrap();
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The explorer behind a gate, on a backup of ten events in the list of which the cursor is.
struct Stage {
    gate: Gate,
    keys: mpsc::UnboundedSender<Event>,
    drawn: Arc<AtomicUsize>,
    told: mpsc::UnboundedReceiver<String>,
    file: NamedTempFile,
    task: JoinHandle<(Result<(), ShellError>, Stats)>,
}

fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers
        .map(|n| format!("{{\"source\":\"s\",\"subject\":\"/a\",\"type\":\"t\",\"id\":\"id-{n}\",\"data\":{n}}}\n"))
        .collect()
}

fn open(file: &Path, gate: &Gate) -> (Launch, Sheet, Arc<AtomicUsize>, mpsc::UnboundedReceiver<String>) {
    let look = Look { theme: Theme::default(), zone: jiff::tz::TimeZone::UTC };
    let (drawn, (to, told)) = (Arc::new(AtomicUsize::new(0)), mpsc::unbounded_channel());
    let sheet = Sheet {
        terminal: Terminal::new(TestBackend::new(100, 30)).unwrap(),
        output: Output::start(gate.clone()).unwrap(),
        receipts: Receipts::default(),
        drawn: Arc::clone(&drawn),
        told: to,
    };
    (Launch::open(file, look).unwrap(), sheet, drawn, told)
}

impl Stage {
    async fn set() -> Self {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(lines(0..10).as_bytes()).unwrap();
        let gate = Gate::default();
        let (launch, mut sheet, drawn, told) = open(file.path(), &gate);
        let (keys, script) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let mut stats = Stats::since(std::time::Instant::now());
            let result = explore(&mut sheet, Input::Script(script), &launch, &mut stats).await;
            (result, stats)
        });
        let mut stage = Self { gate, keys, drawn, told, file, task };
        stage.gate.waits(|written| written.contains(" 10 events"));
        stage.press("enter");
        // The newest event is the first of the list.
        stage.copies("id-9").await;
        stage
    }

    fn press(&self, names: &str) {
        for name in names.split(' ') {
            self.keys.send(Event::Key(Key::named(name).unwrap().event())).unwrap();
        }
    }

    async fn told(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.told.recv()).await.unwrap().unwrap()
    }

    /// Ask for the ID of the first event until it is this one.
    async fn copies(&mut self, id: &str) {
        loop {
            self.press("home y");
            if self.told().await == id {
                return;
            }
        }
    }

    /// Let a frame stand in front of the closed gate; gives how many were drawn.
    async fn stall(&mut self) -> usize {
        self.gate.close();
        self.press("down home y");
        self.told().await;
        self.gate.blocks();
        self.drawn.load(Ordering::SeqCst)
    }

    async fn ends(self) -> (Result<(), ShellError>, Stats) {
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_events_go_on_while_the_screen_takes_nothing_and_the_newest_state_is_shown_behind() {
    let mut stage = Stage::set().await;
    let drawn = stage.stall().await;
    // Keys are carried out.
    for n in (4..9).rev() {
        stage.press(if n == 8 { "home down y" } else { "down y" });
        assert_eq!(stage.told().await, format!("id-{n}"));
    }
    // Events are taken in.
    stage.file.as_file_mut().write_all(lines(10..500).as_bytes()).unwrap();
    stage.copies("id-499").await;
    assert_eq!(stage.drawn.load(Ordering::SeqCst), drawn, "no frame is drawn while one is under way");
    // One stale frame is shown, then the newest state.
    let stalled = stage.gate.blocks();
    stage.gate.open();
    let frames = |written: &str| written.matches(END).count();
    let written = stage.gate.waits(|written| frames(written) >= frames(&stalled) + 2);
    let shown: Vec<&str> = written.split(END).skip(frames(&stalled)).collect();
    assert!(!shown[0].contains(" 500 events") && shown[1].contains(" 500 events"), "{shown:#?}");
    stage.press("ctrl-q");
    let gate = stage.gate.clone();
    let (result, stats) = stage.ends().await;
    result.unwrap();
    assert!(gate.waits(|_| true).ends_with(LEFT));
    let report = serde_json::to_value(stats.report()).unwrap();
    assert_eq!(report["load"]["events"], 10, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_counts_from_the_moment_that_it_was_written() {
    let mut stage = Stage::set().await;
    stage.stall().await;
    let stalled = std::time::Instant::now();
    stage.press("down y");
    stage.told().await;
    let so_long = stalled.elapsed();
    stage.press("ctrl-q");
    stage.gate.open();
    let (result, stats) = stage.ends().await;
    result.unwrap();
    // The frame that was under way at the end counts, too, with all of its waiting.
    let report = serde_json::to_value(stats.report()).unwrap();
    let longest = report["frames"]["all"]["maxMs"].as_f64().unwrap();
    assert!(longest >= so_long.as_secs_f64() * 1000.0, "{longest} {so_long:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_waits_for_what_is_still_to_be_shown() {
    let mut stage = Stage::set().await;
    let drawn = stage.stall().await;
    let before = stage.gate.blocks();
    stage.press("ctrl-q");
    assert_eq!(stage.told().await, LEFT);
    assert!(!stage.task.is_finished());
    stage.gate.open();
    let gate = stage.gate.clone();
    stage.ends().await.0.unwrap();
    let written = gate.waits(|_| true);
    assert_eq!(written.matches(END).count(), drawn, "the frame that was under way is whole");
    assert!(written.len() > before.len() && written.ends_with(&format!("{END}{LEFT}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_is_gone_ends_the_explorer_with_the_reason() {
    let mut stage = Stage::set().await;
    stage.stall().await;
    stage.gate.break_down();
    let Err(ShellError::Terminal(error)) = stage.ends().await.0 else { panic!("it went well") };
    assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::StorageFull, "broken on purpose"));
}
