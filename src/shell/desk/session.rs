//! The files of the tabs: one a process, locked as long as it runs.

use super::write;
use crate::app::desk::Session;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// No more processes than this keep tabs at the same time.
const MOST: usize = 99;
/// A file that is larger than this was not written here.
const LARGEST: u64 = 256 << 20;
/// So many tabs are taken over from others at most; what is beyond stays in their file.
const TABS: usize = 30;

/// The file of the tabs as it stands on the disk.
#[derive(Serialize, Deserialize)]
struct Page<'a> {
    format: Cow<'a, str>,
    version: u32,
    session: Cow<'a, Session>,
}

const FORMAT: &str = "gdbx tabs";

/// The file of this process, and its lock.
#[derive(Debug)]
pub struct Held {
    path: PathBuf,
    _lock: File,
}

impl Held {
    /// Write the tabs.
    pub fn write(&self, session: &Session) -> io::Result<()> {
        let page = Page { format: FORMAT.into(), version: 1, session: Cow::Borrowed(session) };
        write::whole(&self.path, &serde_json::to_vec(&page)?)
    }
}

/// Take the first number that no running process has, with its tabs and all others that nobody has any more.
pub fn open(folder: &Path, warnings: &mut Vec<String>) -> io::Result<(Held, Session)> {
    write::folder(folder)?;
    let mut own = None;
    let mut session = Session::default();
    for number in 1..=MOST {
        let path = folder.join(format!("session-{number}.json"));
        if own.is_some() && !path.exists() {
            continue;
        }
        let Some(lock) = lock(&folder.join(format!("session-{number}.lock")))? else { continue };
        let found = read(&path, warnings);
        let Some(held) = &own else {
            session = found.unwrap_or_default();
            own = Some(Held { path, _lock: lock });
            continue;
        };
        if let Some(found) = found
            && let Some(both) = join(&session, found)
        {
            // Theirs goes only once ours has it.
            held.write(&both)?;
            session = both;
            fs::remove_file(&path)?;
        }
    }
    let held = own.ok_or_else(|| io::Error::other("too many processes keep tabs there"))?;
    Ok((held, session))
}

fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = write::private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The tabs of both; `None` when there would be too many.
fn join(ours: &Session, theirs: Session) -> Option<Session> {
    let mut both = ours.clone();
    let new =
        |tab: &crate::app::desk::SavedTab| !ours.tabs.iter().any(|own| own.name == tab.name && own.text == tab.text);
    both.tabs.extend(theirs.tabs.into_iter().filter(new));
    both.closed.splice(0..0, theirs.closed);
    (both.tabs.len() <= TABS).then_some(both)
}

/// The tabs of a file. One that cannot be read is set aside, so that nothing is written over it.
fn read(path: &Path, warnings: &mut Vec<String>) -> Option<Session> {
    let size = fs::metadata(path).ok()?.len();
    let wrong = match fs::read(path) {
        _ if size > LARGEST => "it is too large".to_owned(),
        Err(error) => write::said(&error),
        Ok(bytes) => match serde_json::from_slice::<Page<'_>>(&bytes) {
            Ok(page) if page.format == FORMAT && page.version == 1 => return Some(page.session.into_owned()),
            Ok(page) => format!("its format is `{}`, version {}", page.format, page.version),
            Err(error) => error.to_string(),
        },
    };
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let aside = path.with_extension(format!("json.unreadable-{since}"));
    let kept = match fs::rename(path, &aside) {
        Ok(()) => aside.display().to_string(),
        Err(_) => path.display().to_string(),
    };
    let wrong = crate::api::clean(&wrong, 200);
    // The status line shows the beginning only; what is wrong inside the file can wait.
    warnings.push(format!("The tabs of an earlier session cannot be read; their file is kept: {kept} ({wrong})."));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::SavedTab;

    fn session(names: &[&str]) -> Session {
        let tab = |name: &&str| SavedTab { name: (*name).into(), text: format!("-- {name}"), ..SavedTab::default() };
        Session { tabs: names.iter().map(tab).collect(), ..Session::default() }
    }

    fn opened(folder: &Path) -> (Held, Vec<String>) {
        let (held, session) = open(folder, &mut Vec::new()).unwrap();
        (held, session.tabs.into_iter().map(|tab| tab.name).collect())
    }

    #[test]
    fn tabs_are_there_again_and_two_processes_keep_out_of_each_others_way() {
        let folder = tempfile::tempdir().unwrap();
        let (first, names) = opened(folder.path());
        assert_eq!(names, [""; 0]);
        first.write(&session(&["a", "b"])).unwrap();
        let (second, names) = opened(folder.path());
        assert_eq!(names, [""; 0], "the first one runs still");
        second.write(&session(&["b", "c"])).unwrap();
        drop(first);
        drop(second);
        let (third, names) = opened(folder.path());
        assert_eq!(names, ["a", "b", "c"]);
        drop(third);
        assert_eq!(opened(folder.path()).1, ["a", "b", "c"], "what was taken over is written down at once");
        assert!(!folder.path().join("session-2.json").exists());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["{\"format\":", r#"{"format":"gdbx tabs","version":2,"session":{}}"#] {
            fs::write(folder.path().join("session-1.json"), text).unwrap();
            let mut warnings = Vec::new();
            let (held, read) = open(folder.path(), &mut warnings).unwrap();
            assert_eq!((read, warnings.len()), (Session::default(), 1));
            let kept = warnings[0].split("kept: ").nth(1).and_then(|rest| rest.split(" (").next()).unwrap();
            assert_eq!(fs::read_to_string(kept).unwrap(), text);
            held.write(&session(&["a"])).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("tabs");
        let (held, _) = open(&inner, &mut Vec::new()).unwrap();
        held.write(&session(&["a"])).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&inner), mode(&inner.join("session-1.json"))), (0o700, 0o600));
    }
}
