//! The formats in which lists are written to files.

/// What is said where Parquet is wanted and not built in.
pub const NO_PARQUET: &str = "Parquet is not built in: `cargo install --path . --features parquet`";

/// How a list is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One value a line, the exact bytes that were received.
    #[default]
    Ndjson,
    /// An array of the values.
    Json,
    /// A table as RFC 4180 describes it, lines ended by a line feed.
    Csv,
    /// A table with tabs between its cells; a tab inside one is written `\t`.
    Tsv,
    /// A table for a document.
    Markdown,
    /// A table in columns for analytical programs.
    Parquet,
}

impl Format {
    /// Every format, whether it is built in or not.
    const ALL: [Self; 6] = [Self::Ndjson, Self::Json, Self::Csv, Self::Tsv, Self::Markdown, Self::Parquet];

    /// Every format that is built in.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_available())
    }

    /// Whether it is built in.
    pub fn is_available(self) -> bool {
        self != Self::Parquet || cfg!(feature = "parquet")
    }

    /// Whether it has columns.
    pub fn is_table(self) -> bool {
        !matches!(self, Self::Ndjson | Self::Json)
    }

    /// Whether it is text.
    pub fn is_text(self) -> bool {
        self != Self::Parquet
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "NDJSON",
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Markdown => "Markdown",
            Self::Parquet => "Parquet",
        }
    }

    /// What files of it end with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Markdown => "md",
            Self::Parquet => "parquet",
        }
    }

    /// The next one that is built in.
    pub fn next(self) -> Self {
        let mut after = Self::available().skip_while(|format| *format != self);
        after.nth(1).unwrap_or_default()
    }

    /// The format of a file, by what its name ends with.
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "jsonl" => Some(Self::Ndjson),
            "markdown" => Some(Self::Markdown),
            extension => Self::ALL.into_iter().find(|format| format.extension() == extension),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_the_name_of_the_file() {
        for (path, format) in [
            ("a.ndjson", Some(Format::Ndjson)),
            ("a.jsonl", Some(Format::Ndjson)),
            ("/tmp/a.b/c.JSON", Some(Format::Json)),
            ("a.csv", Some(Format::Csv)),
            ("a.tsv", Some(Format::Tsv)),
            ("a.md", Some(Format::Markdown)),
            ("a.parquet", Some(Format::Parquet)),
            ("a.txt", None),
            ("csv", None),
        ] {
            assert_eq!(Format::of(path), format, "{path}");
        }
    }

    #[test]
    fn going_on_leads_through_all_that_are_built_in() {
        let mut format = Format::default();
        let mut seen = Vec::new();
        for _ in Format::available() {
            seen.push(format);
            format = format.next();
        }
        assert_eq!(format, Format::default());
        assert_eq!(seen, Format::available().collect::<Vec<_>>());
        assert_eq!(seen.contains(&Format::Parquet), cfg!(feature = "parquet"));
    }
}
