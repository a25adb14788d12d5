//! Private files that are there whole or not at all.

use crate::shell::partial::Partial;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Put bytes under a name: whoever reads sees what was there before, or all of them.
pub fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    written(path, bytes)?.complete(path, true)
}

/// The same under a name that nothing has.
pub fn new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    written(path, bytes)?.complete(path, false)
}

fn written(path: &Path, bytes: &[u8]) -> io::Result<Partial> {
    // Such a file is private to the user from its first byte.
    let mut file = Partial::beside(path)?;
    file.file().write_all(bytes)?;
    Ok(file)
}

/// A folder that only the user looks into, with those above it.
pub fn folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// A private file that is written at its end, or locked.
pub fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// An error's words, without the number that the system has for it.
pub fn said(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
