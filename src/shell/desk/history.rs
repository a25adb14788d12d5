//! The file of the runs: a line each, the newest at the end, cut when it is twice as long as it is to be.

use super::write;
use crate::app::desk::Ran;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// So much of the file's end is read.
const READ: u64 = 32 << 20;
/// A run whose query is longer than this is not kept.
const LONGEST: usize = 1 << 20;

/// The newest runs of the file, oldest first. Lines that are none are passed over.
pub fn read(path: &Path, most: usize, warnings: &mut Vec<String>) -> Vec<Ran> {
    let text = match end_of(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            let path = path.display();
            warnings.push(format!("The history of queries cannot be read: {path}: {}.", write::said(&error)));
            return Vec::new();
        }
    };
    let mut runs: Vec<Ran> = text.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).take(most).collect();
    runs.reverse();
    runs
}

fn end_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let skipped = file.metadata()?.len().saturating_sub(READ);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(READ).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether the file's last line has no end: a full disk can leave half of a run, which the next must not be part of.
fn is_cut(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Who writes runs down.
pub struct Writer {
    path: PathBuf,
    most: usize,
    /// How many lines there are at most; counted when it may be too many.
    lines: usize,
}

impl Writer {
    /// On the file with this name, which is to have so many lines.
    pub fn new(path: PathBuf, most: usize) -> Self {
        Self { path, most, lines: usize::MAX }
    }

    /// Write a run down. Processes take turns.
    pub fn append(&mut self, run: &Ran) -> io::Result<()> {
        if run.query.len() > LONGEST || self.most == 0 {
            return Ok(());
        }
        let lock = write::private(&self.path.with_extension("lock"))?;
        lock.lock()?;
        let mut line = serde_json::to_vec(run)?;
        line.push(b'\n');
        let mut file = write::private(&self.path)?;
        if is_cut(&mut file)? {
            line.insert(0, b'\n');
        }
        file.write_all(&line)?;
        self.lines = self.lines.saturating_add(1);
        if self.lines > self.most.saturating_mul(2) {
            self.cut()?;
        }
        Ok(())
    }

    fn cut(&mut self) -> io::Result<()> {
        let bytes = fs::read(&self.path)?;
        let starts: Vec<usize> =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', &bytes).map(|end| end + 1)).collect();
        self.lines = starts.len() - 1;
        if self.lines > self.most.saturating_mul(2) {
            let from = starts.get(self.lines - self.most).copied().unwrap_or(0);
            write::whole(&self.path, bytes.get(from..).unwrap_or_default())?;
            self.lines = self.most;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: usize) -> Ran {
        Ran { query: format!("STREAM e FROM events LIMIT {number}"), rows: number as u64, ..Ran::default() }
    }

    #[test]
    fn the_newest_runs_are_kept_and_other_lines_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.ndjson");
        fs::write(&path, "{\"query\":\n\u{0}\n{\"query\":\"half of").unwrap();
        Writer::new(path.clone(), 10).append(&run(70)).unwrap();
        assert_eq!(read(&path, 10, &mut Vec::new()), [run(70)], "it stands on a line of its own");
        let mut first = Writer::new(path.clone(), 10);
        let mut second = Writer::new(path.clone(), 10);
        (0..60).for_each(|n| if n % 2 == 0 { &mut first } else { &mut second }.append(&run(n)).unwrap());
        let mut warnings = Vec::new();
        let runs = read(&path, 10, &mut warnings);
        assert_eq!((runs.len(), runs[9].clone(), warnings.len()), (10, run(59), 0));
        assert_eq!(read(&path, 3, &mut warnings), [run(57), run(58), run(59)]);
        assert!(fs::read_to_string(&path).unwrap().lines().count() <= 40);
        assert_eq!(read(&folder.path().join("none"), 3, &mut warnings), []);
    }
}
