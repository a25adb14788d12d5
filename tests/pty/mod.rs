//! A program in a pseudo-terminal of its own: keys go in, and what a terminal would show is to be seen.

#![allow(dead_code, reason = "each test file uses its part")]

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// No condition takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(90);

/// So many of the bytes that were written are kept.
const RAW: usize = 1 << 20;

/// Where it keeps things, below its home directory.
const FOLDERS: [(&str, &str); 3] =
    [("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state")];

/// What the program has written so far.
struct Seen {
    parser: vt100::Parser,
    /// The last of the bytes themselves.
    raw: Vec<u8>,
    /// Whole frames: ends of synchronized updates.
    frames: usize,
    /// Whether everyone has closed the terminal.
    over: bool,
    /// Whether nothing is read: what the program writes has nowhere to go.
    stalled: bool,
}

type Shared = Arc<(Mutex<Seen>, Condvar)>;

/// A program in a terminal.
pub struct Terminal {
    seen: Shared,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Kept as long as the program runs.
    home: Option<TempDir>,
    modes: String,
}

/// How the terminal is to be used.
pub struct Setup {
    command: CommandBuilder,
    home: TempDir,
}

impl Setup {
    /// A program with nothing of this process's environment but the search path.
    pub fn of(program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program.as_ref());
        command.args(arguments);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("TERM", "xterm-256color");
        command.env("TZ", "UTC");
        command.env("HOME", home.path());
        for (name, folder) in FOLDERS {
            command.env(name, home.path().join(folder));
        }
        command.cwd(home.path());
        Self { command, home }
    }

    /// In the home directory that a program before it has left.
    pub fn in_home(mut self, home: TempDir) -> Self {
        self.command.env("HOME", home.path());
        for (name, folder) in FOLDERS {
            self.command.env(name, home.path().join(folder));
        }
        self.command.cwd(home.path());
        self.home = home;
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// A file in the home directory, which is also where the program is started.
    pub fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.home.path().join(name), text).unwrap();
        self
    }

    /// Start it in a terminal of so many columns and rows.
    pub fn open(self, columns: u16, rows: u16) -> Terminal {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(self.command).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(nonzero(rows), nonzero(columns), 1_000);
        let seen: Shared = Arc::new((
            Mutex::new(Seen { parser, raw: Vec::new(), frames: 0, over: false, stalled: false }),
            Condvar::new(),
        ));
        let (reader, to) = (pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        thread::spawn(move || read(reader, &to));
        let writer = pair.master.take_writer().unwrap();
        Terminal { seen, master: pair.master, writer, child, home: Some(self.home), modes }
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn nonzero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

/// The terminal's settings: echo, lines, signals. Raw mode changes them, and leaving it must bring them back.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn read(mut reader: Box<dyn Read + Send>, to: &Shared) {
    const FRAME_END: &[u8] = b"\x1b[?2026l";
    let mut bytes = [0; 8192];
    let mut tail: Vec<u8> = Vec::new();
    loop {
        drop(to.1.wait_while(to.0.lock().unwrap(), |seen| seen.stalled).unwrap());
        // The end of a pseudo-terminal is told as an error on some systems.
        let length = reader.read(&mut bytes).unwrap_or(0);
        let mut seen = to.0.lock().unwrap();
        if length == 0 {
            seen.over = true;
        } else {
            seen.parser.process(&bytes[..length]);
            let gone = (seen.raw.len() + length).saturating_sub(RAW).min(seen.raw.len());
            seen.raw.drain(..gone);
            seen.raw.extend_from_slice(&bytes[..length]);
            tail.extend_from_slice(&bytes[..length]);
            seen.frames += tail.windows(FRAME_END.len()).filter(|window| *window == FRAME_END).count();
            tail.drain(..tail.len().saturating_sub(FRAME_END.len() - 1));
        }
        to.1.notify_all();
        if length == 0 {
            return;
        }
    }
}

/// What a key sends.
fn bytes_of(key: &str) -> Vec<u8> {
    match key {
        "enter" => b"\r".to_vec(),
        "esc" => b"\x1b".to_vec(),
        "tab" => b"\t".to_vec(),
        "space" => b" ".to_vec(),
        "backspace" => b"\x7f".to_vec(),
        "shift-tab" => b"\x1b[Z".to_vec(),
        "up" => b"\x1b[A".to_vec(),
        "down" => b"\x1b[B".to_vec(),
        "pageup" => b"\x1b[5~".to_vec(),
        "pagedown" => b"\x1b[6~".to_vec(),
        "right" => b"\x1b[C".to_vec(),
        "F5" => b"\x1b[15~".to_vec(),
        "F6" => b"\x1b[17~".to_vec(),
        "F7" => b"\x1b[18~".to_vec(),
        "F8" => b"\x1b[19~".to_vec(),
        "F9" => b"\x1b[20~".to_vec(),
        key => match key.split_once('-') {
            Some(("ctrl", letter)) => vec![letter.as_bytes()[0] & 0x1f],
            Some(("alt", letter)) => [b"\x1b", letter.as_bytes()].concat(),
            _ => key.as_bytes().to_vec(),
        },
    }
}

impl Terminal {
    /// Press keys by their names, one after the other.
    pub fn press(&mut self, names: &str) {
        for name in names.split(' ') {
            self.write_bytes(&bytes_of(name));
        }
    }

    /// Type a text.
    pub fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    fn write_bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
    }

    /// Wait until the screen shows a text; gives the screen.
    pub fn sees(&self, text: &str) -> String {
        self.waits(text, |seen| seen.parser.screen().contents().contains(text))
    }

    /// Wait until the screen does not show a text any more; gives the screen.
    pub fn sees_no_more(&self, text: &str) -> String {
        self.waits(text, |seen| !seen.parser.screen().contents().contains(text))
    }

    /// Wait until these bytes were written.
    pub fn hears(&self, bytes: &[u8]) {
        self.waits("bytes", |seen| seen.raw.windows(bytes.len()).any(|window| window == bytes));
    }

    /// Read nothing of what the program writes, or read on.
    pub fn stall(&self, stalled: bool) {
        self.seen.0.lock().unwrap().stalled = stalled;
        self.seen.1.notify_all();
    }

    /// A file in the home directory.
    pub fn home_file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.home.as_ref().unwrap().path().join(name)).unwrap()
    }

    /// Wait until a file in the home directory holds a text.
    pub fn home_file_holds(&self, name: &str, text: &str) {
        let began = Instant::now();
        let path = self.home.as_ref().unwrap().path().join(name);
        while !std::fs::read_to_string(&path).is_ok_and(|found| found.contains(text)) {
            assert!(began.elapsed() < PATIENCE, "{name} does not hold {text}: {:?}", std::fs::read_to_string(&path));
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Wait until a file in the home directory has so many bytes, as long as it grows.
    pub fn home_file_reaches(&self, name: &str, bytes: u64) {
        let path = self.home.as_ref().unwrap().path().join(name);
        let (mut length, mut grown) = (0, Instant::now());
        while length < bytes {
            let now = std::fs::metadata(&path).map_or(0, |file| file.len());
            if now > length {
                (length, grown) = (now, Instant::now());
            }
            assert!(grown.elapsed() < PATIENCE, "{name} has {length} bytes of {bytes}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// End the program without a word, and give what it leaves.
    pub fn kill(mut self) -> TempDir {
        self.signal("KILL");
        self.child.wait().unwrap();
        self.home.take().unwrap()
    }

    /// Wait for the end of the program, and give what it leaves.
    pub fn leaves(mut self) -> TempDir {
        let began = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < PATIENCE, "it did not end; the screen shows:\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
        self.home.take().unwrap()
    }

    /// What the screen shows now.
    pub fn screen(&self) -> String {
        self.seen.0.lock().unwrap().parser.screen().contents()
    }

    /// Whether the screen shows a text now.
    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// How many frames were drawn.
    pub fn frames(&self) -> usize {
        self.seen.0.lock().unwrap().frames
    }

    /// Wait until more than so many frames were drawn.
    pub fn draws_after(&self, frames: usize) {
        self.waits("another frame", |seen| seen.frames > frames);
    }

    fn waits(&self, what: &str, is: impl Fn(&Seen) -> bool) -> String {
        let (lock, changed) = &*self.seen;
        let began = Instant::now();
        let mut seen = lock.lock().unwrap();
        while !is(&seen) {
            let left = PATIENCE.saturating_sub(began.elapsed());
            let screen = seen.parser.screen().contents();
            assert!(!left.is_zero() && !seen.over, "waited for {what}; the screen shows:\n{screen}");
            seen = changed.wait_timeout(seen, left).unwrap().0;
        }
        seen.parser.screen().contents()
    }

    /// Change the window's size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.seen.0.lock().unwrap().parser.set_size(nonzero(rows), nonzero(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// The terminal is the program's: raw, on the second screen.
    pub fn is_taken(&self) {
        assert!(self.seen.0.lock().unwrap().parser.screen().alternate_screen());
        assert_ne!(modes(&*self.master), self.modes, "raw mode");
    }

    /// Whether any cell of the screen has a colour.
    pub fn has_colours(&self) -> bool {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.parser.screen();
        let (rows, columns) = screen.size();
        let mut cells = (0..rows.get()).flat_map(|row| (0..columns.get()).filter_map(move |at| screen.cell(row, at)));
        cells.any(|cell| cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default)
    }

    /// Send a signal by its name.
    pub fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.child.process_id().unwrap());
        assert!(std::process::Command::new("sh").args(["-c", &command]).status().unwrap().success());
    }

    /// Wait for the end of the program; the terminal must be as it was before. Gives what is left on the screen.
    pub fn ends(mut self) -> (ExitStatus, String) {
        let (lock, changed) = &*self.seen;
        let seen = lock.lock().unwrap();
        let (seen, waited) = changed.wait_timeout_while(seen, PATIENCE, |seen| !seen.over).unwrap();
        assert!(!waited.timed_out(), "it did not end; the screen shows:\n{}", seen.parser.screen().contents());
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "the first screen is back");
        assert!(!screen.hide_cursor(), "the cursor is back");
        assert!(!screen.bracketed_paste(), "pastes are plain again");
        assert_eq!(modes(&*self.master), self.modes, "lines, echo and signals are back");
        let text = screen.contents();
        drop(seen);
        (self.child.wait().unwrap(), text)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that has failed leaves no program behind.
        let _ended = self.child.kill();
    }
}
