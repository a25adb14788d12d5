//! The dialog that asks for a file: what was typed and chosen in it.
//!
//! Knows nothing of what is written; the screens say that.

use super::format::{Format, NO_PARQUET};
use crate::app::line::TypedLine;

/// The most bytes that are put on the clipboard: terminals ignore longer sequences, some silently.
pub const CLIPBOARD: usize = 100_000;

/// What is written, of what is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Only what is marked.
    pub marked: bool,
    /// Only the column under the cursor.
    pub column: bool,
}

/// What there is to write, for who looks at the dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What one of them is called.
    pub noun: &'static str,
    /// How many are shown.
    pub all: usize,
    /// How many of them are marked.
    pub marked: usize,
    /// The column under the cursor, where a column alone can be written.
    pub column: Option<String>,
    /// Whether it can be copied to the clipboard instead.
    pub copies: bool,
}

/// The dialog for a file.
#[derive(Clone, Debug)]
pub struct ExportDialog {
    /// The file.
    pub path: TypedLine,
    /// How it is written.
    pub format: Format,
    /// What is written.
    pub part: Part,
    /// Why it did not work the last time.
    pub problem: Option<String>,
}

impl ExportDialog {
    /// Ask for a file; a name is offered for it.
    pub fn new(name: &str, format: Format, part: Part) -> Self {
        // A name of one's own takes the place of this one; `→` keeps it.
        let path = TypedLine::offering(&format!("{}.{}", plain(name), format.extension()));
        Self { path, format, part, problem: None }
    }

    /// Ask again for the file that was typed.
    pub fn again(path: &str, format: Format, part: Part, problem: Option<String>) -> Self {
        Self { path: TypedLine::new(path), format, part, problem }
    }

    /// The path has changed: what it ends with tells the format.
    pub fn typed(&mut self) {
        let format = Format::of(self.path.text());
        self.problem = format.filter(|format| !format.is_available()).map(|_| NO_PARQUET.to_owned());
        self.format = format.filter(|format| format.is_available()).unwrap_or(self.format);
    }

    /// Another format, and what the path ends with along with it.
    pub fn next_format(&mut self) {
        let text = self.path.text();
        self.format = self.format.next();
        self.problem = None;
        let stem = Format::of(text).and_then(|_| text.rsplit_once('.')).map(|(stem, _)| stem.to_owned());
        if let Some(stem) = stem {
            let is_untouched = self.path.selection().is_some();
            self.path.replace(&format!("{stem}.{}", self.format.extension()));
            if is_untouched {
                self.path.select_all();
            }
        }
    }

    /// The file that was typed; `None`, and a word on it, when there is no name or it cannot be written so.
    pub fn take_path(&mut self) -> Option<String> {
        let path = self.path.text().trim().to_owned();
        if path.is_empty() {
            self.problem = Some("A file needs a name.".into());
        } else if Format::of(&path).is_some_and(|format| !format.is_available()) {
            self.problem = Some(NO_PARQUET.into());
        } else {
            return Some(path);
        }
        None
    }
}

/// A name as one can be sure that a file can have it.
fn plain(name: &str) -> String {
    const LONGEST: usize = 60;
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = name.trim_matches('/').chars().map(plain).take(LONGEST).collect();
    if name.trim_matches('-').is_empty() { "export".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialog() -> ExportDialog {
        ExportDialog::new("/a b/c", Format::Ndjson, Part::default())
    }

    #[test]
    fn the_name_tells_the_format_and_the_format_ends_the_name() {
        let mut dialog = dialog();
        assert_eq!(dialog.path.text(), "a-b-c.ndjson");
        dialog.next_format();
        assert_eq!((dialog.path.text(), dialog.format), ("a-b-c.json", Format::Json));
        dialog.path.replace("x.md");
        dialog.typed();
        assert_eq!(dialog.format, Format::Markdown);
        dialog.path.replace("x");
        dialog.typed();
        assert_eq!((dialog.format, dialog.take_path().as_deref()), (Format::Markdown, Some("x")));
        dialog.path.replace(" ");
        assert_eq!((dialog.take_path(), dialog.problem.as_deref()), (None, Some("A file needs a name.")));
        assert_eq!(ExportDialog::new("//", Format::Csv, Part::default()).path.text(), "export.csv");
    }

    #[test]
    fn parquet_is_written_or_it_is_said_how() {
        let mut dialog = dialog();
        dialog.path.replace("x.parquet");
        dialog.typed();
        let available = Format::Parquet.is_available();
        assert_eq!(dialog.problem.is_none(), available);
        assert_eq!(dialog.take_path().is_some(), available);
    }
}
