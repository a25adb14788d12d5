//! Tables as text: CSV, TSV and Markdown, a record at a time.
//!
//! Owns what a cell is written as. A cell's text always comes back from what is written, but that in Markdown a carriage
//! return is part of a line's end. Knows nothing of JSON and files.

/// A table as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Commas, and quotes as RFC 4180 wants them.
    Csv,
    /// Tabs; a tab, an end of a line and a backslash inside a cell are written with a backslash.
    Tsv,
    /// Bars, as GitHub's Markdown has them.
    Markdown,
}

impl Table {
    /// Write a head. `numbers` says which columns stand at the right.
    pub fn head<'c>(self, cells: impl ExactSizeIterator<Item = &'c str>, numbers: &[bool], out: &mut Vec<u8>) {
        let columns = cells.len();
        self.record(cells, out);
        if self == Self::Markdown {
            out.extend_from_slice(b"|");
            for column in 0..columns {
                let right = numbers.get(column).copied().unwrap_or_default();
                out.extend_from_slice(if right { b" ---: |" } else { b" --- |" });
            }
            out.push(b'\n');
        }
    }

    /// Write a record.
    pub fn record(self, cells: impl ExactSizeIterator<Item = impl AsRef<str>>, out: &mut Vec<u8>) {
        let columns = cells.len();
        for (at, cell) in cells.enumerate() {
            let cell = cell.as_ref();
            match self {
                Self::Csv => {
                    if at > 0 {
                        out.push(b',');
                    }
                    // A line of nothing is no record to many readers.
                    if columns == 1 && cell.is_empty() { out.extend_from_slice(b"\"\"") } else { csv(cell, out) }
                }
                Self::Tsv => {
                    if at > 0 {
                        out.push(b'\t');
                    }
                    tsv(cell, out);
                }
                Self::Markdown => {
                    out.extend_from_slice(if at > 0 { b" | " } else { b"| " });
                    markdown(cell, out);
                }
            }
        }
        out.extend_from_slice(if self == Self::Markdown { b" |\n" } else { b"\n" });
    }
}

/// Whether a spreadsheet may take a text for a formula.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn csv(cell: &str, out: &mut Vec<u8>) {
    let bytes = cell.as_bytes();
    // Cells are short: looking at all of each is faster than stopping at the first.
    let quoted = bytes.iter().fold(false, |found, byte| found | matches!(byte, b'"' | b',' | b'\n' | b'\r'));
    if !quoted {
        return out.extend_from_slice(bytes);
    }
    out.push(b'"');
    for part in bytes.split_inclusive(|byte| *byte == b'"') {
        out.extend_from_slice(part);
        if part.ends_with(b"\"") {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

fn tsv(cell: &str, out: &mut Vec<u8>) {
    for byte in cell.bytes() {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            byte => out.push(byte),
        }
    }
}

fn markdown(cell: &str, out: &mut Vec<u8>) {
    let mut before = None;
    let mut chars = cell.chars().peekable();
    let mut letter = [0; 4];
    while let Some(c) = chars.next() {
        // An underscore inside a word is one; `order_placed` is to be read as it is written.
        let inside = |other: Option<char>| other.is_some_and(char::is_alphanumeric);
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.extend_from_slice(b"<br>"),
            '_' if inside(before) && inside(chars.peek().copied()) => out.push(b'_'),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' => out.extend([b'\\', c as u8]),
            c => out.extend_from_slice(c.encode_utf8(&mut letter).as_bytes()),
        }
        before = Some(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(table: Table, records: &[Vec<String>]) -> String {
        let mut out = Vec::new();
        records.iter().for_each(|record| table.record(record.iter().map(String::as_str), &mut out));
        String::from_utf8(out).unwrap()
    }

    /// A reader of TSV in a few lines.
    fn read_tsv(text: &str) -> Vec<Vec<String>> {
        let cell = |cell: &str| {
            let mut parts =
                cell.split("\\\\").map(|part| part.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r"));
            let first = parts.next().unwrap_or_default();
            parts.fold(first, |all, part| format!("{all}\\{part}"))
        };
        text.split_terminator('\n').map(|line| line.split('\t').map(cell).collect()).collect()
    }

    /// A reader of a Markdown table: bars that are not escaped part cells, an escaped sign is that sign.
    fn read_markdown(text: &str) -> Vec<Vec<String>> {
        let line = |line: &str| {
            let mut cells = vec![String::new()];
            let mut chars = line.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => cells.last_mut().unwrap().push(chars.next().unwrap()),
                    '|' => cells.push(String::new()),
                    '<' => {
                        assert_eq!(chars.by_ref().take(3).collect::<String>(), "br>");
                        cells.last_mut().unwrap().push('\n');
                    }
                    c => cells.last_mut().unwrap().push(c),
                }
            }
            let inner = &cells[1..cells.len() - 1];
            inner.iter().map(|cell| cell[1..cell.len() - 1].to_owned()).collect()
        };
        text.lines().map(line).collect()
    }

    fn records() -> impl Strategy<Value = Vec<Vec<String>>> {
        (1usize..5).prop_flat_map(|columns| {
            prop::collection::vec(prop::collection::vec("[a_\"',;\t\n\r\\\\|<>&*`~\\[\\]=é ]{0,8}", columns), 1..6)
        })
    }

    proptest! {
        #[test]
        fn csv_reads_back(records in records()) {
            let text = written(Table::Csv, &records);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(read, records);
        }

        #[test]
        fn tsv_reads_back(records in records()) {
            let text = written(Table::Tsv, &records);
            prop_assert_eq!(text.matches('\n').count(), records.len());
            prop_assert_eq!(read_tsv(&text), records);
        }

        #[test]
        fn markdown_reads_back(records in records()) {
            let text = written(Table::Markdown, &records);
            let plain = |cell: &String| cell.replace("\r\n", "\n").replace('\r', "\n");
            let expected: Vec<Vec<String>> = records.iter().map(|cells| cells.iter().map(plain).collect()).collect();
            prop_assert_eq!(read_markdown(&text), expected);
        }
    }

    #[test]
    fn each_looks_as_its_readers_know_it() {
        let head = |table: Table| {
            let mut out = Vec::new();
            table.head(["name", "n"].into_iter(), &[false, true], &mut out);
            table.record(["a \"b\", c|d\ne_f", "1"].into_iter(), &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(head(Table::Csv), "name,n\n\"a \"\"b\"\", c|d\ne_f\",1\n");
        assert_eq!(head(Table::Tsv), "name\tn\na \"b\", c|d\\ne_f\t1\n");
        assert_eq!(head(Table::Markdown), "| name | n |\n| --- | ---: |\n| a \"b\", c\\|d<br>e_f | 1 |\n");
        assert_eq!(written(Table::Csv, &[vec![String::new()]]), "\"\"\n");
    }
}
