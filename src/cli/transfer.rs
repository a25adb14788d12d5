//! `gdbx backup` and `gdbx restore`: the whole store in a file.

use super::commands::Context;
use super::error::Error;
use crate::api::Download;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Write the whole store to `file`, which appears once it is complete.
pub(super) async fn backup(context: &Context, file: &Path) -> Result<(), Error> {
    if file.as_os_str() == "-" {
        let download = context.interrupt.or(context.client.backup()).await??;
        let mut out = BufWriter::with_capacity(64 << 10, io::stdout().lock());
        copy(context, download, &mut out).await?;
        return Ok(out.flush()?);
    }
    let failed = |reason| Error::File { what: file.display().to_string(), reason };
    // The file's place is tried before the server is asked for what may be hours of work.
    let mut partial = Partial::create(file).map_err(failed)?;
    let download = context.interrupt.or(context.client.backup()).await??;
    let mut out = BufWriter::with_capacity(1 << 20, &mut partial.file);
    let bytes = copy(context, download, &mut out).await.map_err(|error| match error {
        Error::Output(reason) => failed(reason),
        other => other,
    })?;
    out.flush().map_err(failed)?;
    drop(out);
    partial.complete(file).map_err(failed)?;
    eprintln!("gdbx: {bytes} bytes written to {}", file.display());
    Ok(())
}

async fn copy(context: &Context, mut download: Download, out: &mut impl Write) -> Result<u64, Error> {
    while let Some(bytes) = context.interrupt.or(download.next()).await? {
        out.write_all(&bytes?)?;
    }
    Ok(download.bytes())
}

/// A file that is not complete yet; it goes away unless it becomes so.
struct Partial {
    file: File,
    path: PathBuf,
    complete: bool,
}

impl Partial {
    /// A new file next to where it is to be, readable by its owner only.
    fn create(target: &Path) -> io::Result<Self> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        if target.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let path = target.with_file_name(hidden);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self { file: options.open(&path)?, path, complete: false })
    }

    /// Give the file its name, once its bytes are on the disk.
    fn complete(mut self, target: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, target)?;
        self.complete = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.complete {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Fill an empty store from `file`.
pub(super) async fn restore(context: &Context, file: &Path, yes: bool) -> Result<(), Error> {
    if !yes {
        let target = context.client.url();
        return Err(Error::Usage(format!("this fills the store at {target}: say --yes to do it")));
    }
    // Told apart from what the server has against it: nothing was sent yet.
    let failed = |reason| Error::File { what: file.display().to_string(), reason };
    File::open(file).map_err(failed)?;
    const NOTE: &str = "the restore may go on or have ended half-way; look at the server";
    let words = context.interrupt.or_noting(Some(NOTE), context.client.restore(file)).await??;
    eprintln!("gdbx: restored{}", said(&words));
    Ok(())
}

/// The server's words, if it had any.
pub(super) fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}
