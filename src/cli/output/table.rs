//! Columns of text, fitted to the terminal's width and kept for all rows.
//!
//! Rows are printed one by one, so a table may be endless. Knows nothing of JSON.

use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: &str = "  ";
/// No column is made narrower than this.
const LEAST: usize = 6;

/// The columns' widths and how their texts are put into them.
#[derive(Debug)]
pub(super) struct Layout {
    columns: Vec<Column>,
    /// Whether longer texts are cut; they are not when there is no terminal to fit.
    cut: bool,
}

#[derive(Debug)]
struct Column {
    name: String,
    width: usize,
    number: bool,
}

impl Layout {
    /// A layout for these rows; `width` columns are there, or as many as it takes.
    pub fn new(names: &[String], rows: &[Vec<String>], width: Option<usize>) -> Self {
        let column = |(at, name): (usize, &String)| {
            let name = crate::api::clean(name, 200);
            let cells = || rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
            let widest = cells().map(|cell| cell.width()).max().unwrap_or(0);
            let number = cells().next().is_some() && cells().all(|cell| is_number(cell));
            Column { width: widest.max(name.width()), name, number }
        };
        let mut columns: Vec<Column> = names.iter().enumerate().map(column).collect();
        if let Some(width) = width {
            fit(&mut columns, width);
        }
        Self { columns, cut: width.is_some() }
    }

    pub fn header(&self, out: &mut impl Write, bold: bool) -> io::Result<()> {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        if bold {
            out.write_all(b"\x1b[1m")?;
            self.cells(out, &names)?;
            return out.write_all(b"\x1b[0m\n");
        }
        self.row(out, &names)
    }

    pub fn row(&self, out: &mut impl Write, cells: &[String]) -> io::Result<()> {
        self.cells(out, cells)?;
        out.write_all(b"\n")
    }

    fn cells(&self, out: &mut impl Write, cells: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for (at, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
            let text = if self.cut { cut(cell, column.width, keeps_its_end(&column.name)) } else { cell.clone() };
            let room = " ".repeat(column.width.saturating_sub(text.width()));
            if at > 0 {
                line.push_str(GAP);
            }
            if column.number {
                line.push_str(&room);
                line.push_str(&text);
            } else {
                line.push_str(&text);
                line.push_str(&room);
            }
        }
        out.write_all(line.trim_end().as_bytes())
    }
}

/// Make columns narrower, the widest first, until all of them fit or none can give any more.
fn fit(columns: &mut [Column], width: usize) {
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    loop {
        let total = columns.iter().map(|column| column.width).sum::<usize>() + gaps;
        let Some(over) = total.checked_sub(width).filter(|over| *over > 0) else { return };
        let mut widths: Vec<usize> = columns.iter().map(|column| column.width).collect();
        widths.sort_unstable_by(|a, b| b.cmp(a));
        let second = widths.get(1).copied().unwrap_or(0).max(LEAST);
        let Some(widest) = columns.iter_mut().max_by_key(|column| column.width) else { return };
        if widest.width <= LEAST {
            return;
        }
        widest.width -= over.min(widest.width.saturating_sub(second).max(1));
    }
}

/// Whether the end of a text tells more than its middle.
fn keeps_its_end(name: &str) -> bool {
    matches!(name, "id" | "subject" | "type" | "hash" | "predecessorhash")
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.bytes().any(|b| b.is_ascii_digit())
}

/// `text` in at most `width` columns, with `…` where something is left out.
fn cut(text: &str, width: usize, middle: bool) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let tail = if middle { room / 2 } else { 0 };
    let mut out = taken(text.chars(), room - tail);
    out.push('…');
    let end: String = taken(text.chars().rev(), tail);
    out.extend(end.chars().rev());
    out
}

fn taken(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_where_it_hurts_least() {
        assert_eq!(cut("d8605ee4-9507", 9, true), "d860…9507");
        assert_eq!(cut("a long sentence", 7, false), "a long…");
        assert_eq!(cut("漢字漢字", 5, false), "漢字…");
        assert_eq!(cut("short", 5, true), "short");
        assert_eq!(cut("x", 0, false), "…");
    }

    #[test]
    fn widths_fit_the_terminal() {
        let names: Vec<String> = ["a", "bb", "n"].map(String::from).to_vec();
        let rows = vec![vec!["x".repeat(50), "y".repeat(30), "1".into()], vec!["x".into(), "y".into(), "20".into()]];
        let layout = Layout::new(&names, &rows, Some(40));
        assert_eq!(layout.columns.iter().map(|c| c.width).collect::<Vec<_>>(), [17, 17, 2]);
        let mut out = Vec::new();
        layout.row(&mut out, &rows[1]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("{:<17}  {:<17}  20\n", "x", "y"));

        let narrow = Layout::new(&names, &rows, Some(3));
        assert_eq!(narrow.columns.iter().map(|c| c.width).collect::<Vec<_>>(), [6, 6, 2]);
    }

    #[test]
    fn nothing_is_cut_without_a_terminal() {
        let layout = Layout::new(&["a".to_owned()], &[vec!["1".to_owned()]], None);
        let mut out = Vec::new();
        layout.row(&mut out, &["longer than before".to_owned()]).unwrap();
        assert_eq!(out, b"longer than before\n");
    }
}
