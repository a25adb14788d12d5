//! `gdbx backup` and `gdbx restore`: the whole store in a file.

use super::commands::Context;
use super::error::Error;
use crate::api::Download;
use crate::shell::partial::{self, Partial};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

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
    let mut partial = partial(file).map_err(failed)?;
    let download = context.interrupt.or(context.client.backup()).await??;
    let mut out = BufWriter::with_capacity(1 << 20, partial.file());
    let bytes = copy(context, download, &mut out).await.map_err(|error| match error {
        Error::Output(reason) => failed(reason),
        other => other,
    })?;
    out.flush().map_err(failed)?;
    drop(out);
    partial.complete(file, true).map_err(failed)?;
    eprintln!("gdbx: {bytes} bytes written to {}", file.display());
    Ok(())
}

async fn copy(context: &Context, mut download: Download, out: &mut impl Write) -> Result<u64, Error> {
    while let Some(bytes) = context.interrupt.or(download.next()).await? {
        out.write_all(&bytes?)?;
    }
    Ok(download.bytes())
}

/// A new file next to where it is to be. What is left there of backups that were killed goes.
fn partial(target: &Path) -> io::Result<Partial> {
    target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    if target.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    partial::sweep_beside(target);
    Partial::beside(target)
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
