//! Files on their way to their name: there whole or not at all.
//!
//! Owns the temporary file beside the final one, and what is left of those whose writer was killed. Whoever writes one
//! holds a lock on it, which the system lets go whatever ends the process: one without a lock belongs to nobody and is
//! removed. Knows nothing of what is written.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// What the names of such files begin and end with.
const PREFIX: &str = ".gdbx-";
const SUFFIX: &str = ".part";
/// So often a file is made again that was taken for a leftover between its birth and its lock.
const TRIES: usize = 16;

/// A file that is not complete yet; it goes away unless it becomes so.
#[derive(Debug)]
pub struct Partial(NamedTempFile);

impl Partial {
    /// A new file beside where it is to be, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be made there.
    pub fn beside(target: &Path) -> io::Result<Self> {
        for _ in 0..TRIES {
            let file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder_of(target))?;
            match file.as_file().try_lock() {
                // Someone looked whether it is a leftover, and has removed it.
                Ok(()) if !is_at(file.as_file(), file.path()) => {}
                Ok(()) => return Ok(Self(file)),
                // Someone looks just now.
                Err(TryLockError::WouldBlock) => {}
                // Where there are no locks nobody takes it for a leftover: that needs one, too.
                Err(TryLockError::Error(_)) => return Ok(Self(file)),
            }
        }
        Err(io::Error::other("another program removes files that are being written here"))
    }

    /// The file, to write it.
    pub fn file(&mut self) -> &mut File {
        self.0.as_file_mut()
    }

    /// Give the file its name, once its bytes are on the disk.
    ///
    /// # Errors
    /// When it cannot have the name: there is a file of that name, and it is not to be replaced.
    pub fn complete(self, target: &Path, replace: bool) -> io::Result<()> {
        self.0.as_file().sync_all()?;
        let renamed = if replace { self.0.persist(target) } else { self.0.persist_noclobber(target) };
        renamed.map(drop).map_err(|failed| failed.error)
    }
}

/// Remove what killed writers have left beside a file.
pub fn sweep_beside(target: &Path) {
    sweep(folder_of(target));
}

/// Remove what killed writers have left in a folder. What cannot be removed stays: nobody waits for that.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        // A pipe of such a name would be waited for.
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            remove_if_left(&entry.path());
        }
    }
}

fn remove_if_left(path: &Path) {
    let Ok(file) = OpenOptions::new().write(true).open(path) else { return };
    if file.try_lock().is_ok() && is_at(&file, path) {
        let _ = fs::remove_file(path);
    }
}

fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether it is this file that stands under the path, and no other or none.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(this), Ok(that)) = (file.metadata(), path.symlink_metadata()) else { return false };
    (this.dev(), this.ino()) == (that.dev(), that.ino())
}

/// Whether a file stands under the path.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_nobody_writes_any_more_goes_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("events.csv");
        let mut one = Partial::beside(&target).unwrap();
        one.file().write_all(b"one").unwrap();
        for name in [".gdbx-dead.part", ".gdbx-.part", ".gdbx-x", "x.part", "gdbx-x.part", ".other-x.part"] {
            fs::write(folder.path().join(name), "left").unwrap();
        }
        fs::create_dir(folder.path().join(".gdbx-folder.part")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("x.part"), folder.path().join(".gdbx-link.part")).unwrap();
        sweep_beside(&target);
        let other = Partial::beside(&target).unwrap();
        sweep(folder.path());
        one.complete(&target, false).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one");
        drop(other);
        let left =
            [".gdbx-folder.part", ".gdbx-link.part", ".gdbx-x", ".other-x.part", "events.csv", "gdbx-x.part", "x.part"];
        let left: Vec<_> = left.into_iter().filter(|name| cfg!(unix) || *name != ".gdbx-link.part").collect();
        assert_eq!(names(folder.path()), left);
    }

    #[test]
    fn writers_and_sweepers_at_once_never_lose_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let target = |number: usize| folder.path().join(format!("{number}"));
        std::thread::scope(|scope| {
            for lane in 0..4 {
                scope.spawn(move || {
                    for number in (lane..200).step_by(4) {
                        sweep_beside(&target(number));
                        let mut file = Partial::beside(&target(number)).unwrap();
                        file.file().write_all(number.to_string().as_bytes()).unwrap();
                        file.complete(&target(number), false).unwrap();
                    }
                });
            }
        });
        assert!((0..200).all(|number| fs::read_to_string(target(number)).unwrap() == number.to_string()));
        assert_eq!(names(folder.path()).len(), 200);
    }
}
