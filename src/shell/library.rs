//! The folder of saved queries: plain files that the user may have changed meanwhile.

use super::answer::Answers;
use super::desk::write;
use super::partial;
use crate::app::message::Reply;
use crate::app::screens::query::library::{EXTENSION, Order, Refusal, Saved};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files that are larger than this are no queries.
const LARGEST: u64 = 1 << 20;
/// No more files than this are read.
const MOST: usize = 1_000;

/// Carry out an order on a thread of its own, and tell what is there then.
pub async fn library(folder: Option<PathBuf>, order: Order, to: Answers) {
    let done = tokio::task::spawn_blocking(move || match folder {
        Some(folder) => carry_out(&folder, order),
        None if order == Order::List => Ok(Vec::new()),
        None => Err(Refusal::Failed("there is no folder for saved queries on this system".to_owned())),
    });
    let result = done.await.unwrap_or_else(|_| Err(Refusal::Failed("it was stopped".to_owned())));
    to.send(Reply::Library(result)).await;
}

fn carry_out(folder: &Path, order: Order) -> Result<Vec<Saved>, Refusal> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Refusal::Exists,
        io::ErrorKind::NotFound => Refusal::Failed("it is not there any more".to_owned()),
        _ => Refusal::Failed(write::said(&error)),
    };
    match order {
        Order::List => {}
        Order::Save { query, replace } => save(folder, &query, replace).map_err(failed)?,
        Order::Rename { from, to } => rename(folder, &from, &to).map_err(failed)?,
        Order::Remove(name) => fs::remove_file(path(folder, &name)).map_err(failed)?,
    }
    list(folder).map_err(failed)
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{EXTENSION}"))
}

fn save(folder: &Path, query: &Saved, replace: bool) -> io::Result<()> {
    write::folder(folder)?;
    partial::sweep(folder);
    let path = path(folder, &query.name);
    let mut text = query.text.clone();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if replace { write::whole(&path, text.as_bytes()) } else { write::new(&path, text.as_bytes()) }
}

/// A link that is there already is refused by the system; a rename would silently write over it.
fn rename(folder: &Path, from: &str, to: &str) -> io::Result<()> {
    let (from, to) = (path(folder, from), path(folder, to));
    write::new(&to, &fs::read(&from)?)?;
    fs::remove_file(from)
}

fn list(folder: &Path) -> io::Result<Vec<Saved>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found: Vec<Saved> = entries.flatten().filter_map(|entry| read(&entry.path())).take(MOST).collect();
    found.sort_by_cached_key(|saved| saved.name.to_lowercase());
    Ok(found)
}

fn read(path: &Path) -> Option<Saved> {
    let is_query = path.extension().is_some_and(|extension| extension == EXTENSION);
    let meta = fs::metadata(path).ok().filter(|meta| is_query && meta.is_file())?;
    let text = fs::read_to_string(path).ok().filter(|_| meta.len() <= LARGEST)?;
    let name = path.file_stem()?.to_str().filter(|name| !name.starts_with('.'))?;
    Some(Saved { name: name.to_owned(), text: text.trim_end_matches('\n').to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(name: &str, text: &str) -> Saved {
        Saved { name: name.into(), text: text.into() }
    }

    #[test]
    fn queries_are_plain_files_that_are_not_written_over_by_chance() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("queries");
        assert_eq!(carry_out(&folder, Order::List), Ok(Vec::new()));
        let save = |text: &str, replace| carry_out(&folder, Order::Save { query: saved("a b", text), replace });
        assert_eq!(save("one", false), Ok(vec![saved("a b", "one")]));
        assert_eq!(fs::read_to_string(folder.join("a b.gdbql")).unwrap(), "one\n");
        assert_eq!(save("two", false), Err(Refusal::Exists));
        assert_eq!(save("two", true), Ok(vec![saved("a b", "two")]));
        fs::write(folder.join("B.gdbql"), "mine").unwrap();
        fs::write(folder.join("note.txt"), "none").unwrap();
        let rename = |from: &str, to: &str| carry_out(&folder, Order::Rename { from: from.into(), to: to.into() });
        assert_eq!(rename("a b", "B"), Err(Refusal::Exists));
        assert_eq!(rename("a b", "c"), Ok(vec![saved("B", "mine"), saved("c", "two")]));
        assert!(matches!(rename("a b", "d"), Err(Refusal::Failed(_))));
        assert_eq!(carry_out(&folder, Order::Remove("c".into())), Ok(vec![saved("B", "mine")]));
    }
}
