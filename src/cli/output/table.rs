//! Columns of text, fitted to the terminal's width and kept for all rows.
//!
//! Rows are printed one by one, so a table may be endless. Knows nothing of JSON.

use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: &str = "  ";
/// No column is made narrower than this.
const LEAST: usize = 6;
/// What is enough of an ID: `d860…2b50`.
const SHORT: usize = 9;

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
    cut: Cut,
}

impl Layout {
    /// A layout for these rows; `width` columns are there, or as many as it takes.
    pub fn new(names: &[String], rows: &[Vec<String>], width: Option<usize>) -> Self {
        let column = |(at, name): (usize, &String)| {
            let name = crate::api::clean(name, 200);
            let cells = || rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
            let widest = cells().map(|cell| cell.width()).max().unwrap_or(0);
            let number = cells().next().is_some() && cells().all(|cell| is_number(cell));
            Column { width: widest.max(name.width()), number, cut: Cut::of(&name), name }
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
            let text = if self.cut { cut(cell, column.width, column.cut) } else { cell.clone() };
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

/// Make columns narrower until all of them fit or none can give any more: first those whose middle says nothing, then
/// the widest, and times last, because a time without its end is none.
fn fit(columns: &mut [Column], width: usize) {
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    let over = |columns: &[Column]| {
        let total = columns.iter().map(|column| column.width).sum::<usize>() + gaps;
        total.saturating_sub(width)
    };
    if over(columns) > 0 {
        for column in columns.iter_mut().filter(|column| column.cut == Cut::Short) {
            column.width = column.width.min(SHORT);
        }
    }
    for last_resort in [false, true] {
        while let surplus @ 1.. = over(columns) {
            let mut able: Vec<&mut Column> = columns
                .iter_mut()
                .filter(|column| column.width > LEAST && (last_resort || column.cut != Cut::Never))
                .collect();
            able.sort_by_key(|column| std::cmp::Reverse(column.width));
            let second = able.get(1).map_or(LEAST, |column| column.width);
            let Some(widest) = able.first_mut() else { break };
            widest.width -= surplus.min(widest.width.saturating_sub(second).max(1));
        }
    }
}

/// Where a text that is too long is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    /// The beginning tells more.
    End,
    /// The end tells more: `…order-placed`.
    Start,
    /// Both ends tell more.
    Middle,
    /// Both ends tell more, and a few characters of them are enough: IDs.
    Short,
    /// As long as anything else can be cut.
    Never,
}

impl Cut {
    /// How the values of a column are cut, told by its name.
    fn of(name: &str) -> Self {
        match name {
            "id" | "hash" | "predecessorhash" => Self::Short,
            "type" => Self::Start,
            "subject" => Self::Middle,
            "time" => Self::Never,
            _ => Self::End,
        }
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.bytes().any(|b| b.is_ascii_digit())
}

/// `text` in at most `width` columns, with `…` where something is left out.
fn cut(text: &str, width: usize, place: Cut) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let tail = match place {
        Cut::End | Cut::Never => 0,
        Cut::Middle | Cut::Short => room / 2,
        Cut::Start => room,
    };
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
    fn texts_are_cut_placeit_hurts_least() {
        assert_eq!(cut("d8605ee4-9507", 9, Cut::Short), "d860…9507");
        assert_eq!(cut("a long sentence", 7, Cut::End), "a long…");
        assert_eq!(cut("io.shop.order-placed", 13, Cut::Start), "…order-placed");
        assert_eq!(cut("漢字漢字", 5, Cut::End), "漢字…");
        assert_eq!(cut("short", 5, Cut::Middle), "short");
        assert_eq!(cut("x", 0, Cut::Start), "…");
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
    fn a_time_is_kept_and_an_id_gives_way() {
        let names: Vec<String> = ["time", "type", "id", "data"].map(String::from).to_vec();
        let row = vec!["2025-01-05T03:51:44.123Z".into(), "t".repeat(40), "i".repeat(36), "d".repeat(500)];
        let widths = |width| -> Vec<usize> {
            Layout::new(&names, std::slice::from_ref(&row), Some(width)).columns.iter().map(|c| c.width).collect()
        };
        assert_eq!(widths(80), [24, 20, 9, 21]);
        assert_eq!(widths(120), [24, 40, 9, 41]);
        assert_eq!(widths(40), [16, 6, 6, 6]);
    }

    #[test]
    fn nothing_is_cut_without_a_terminal() {
        let layout = Layout::new(&["a".to_owned()], &[vec!["1".to_owned()]], None);
        let mut out = Vec::new();
        layout.row(&mut out, &["longer than before".to_owned()]).unwrap();
        assert_eq!(out, b"longer than before\n");
    }
}
