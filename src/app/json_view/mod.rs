//! A JSON value as a tree of rows that fold: an event, a cell of a result, a schema.

use super::list::{ListState, Step};
use crate::model::json::{Json, Kind};
use rustc_hash::FxHashSet;
use std::cell::Cell;
use std::ops::Range;

/// Containers with more members than this start folded.
const FOLD_ABOVE: usize = 100;

/// One row: a value, and the key under which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonRow {
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Its key or `[index]`; empty for the value itself.
    pub key: String,
    /// What it is.
    pub kind: Kind,
    /// Its text, as bytes of [`JsonView::text`].
    pub at: Range<usize>,
    /// For arrays and objects: how many members, and whether they are shown.
    pub members: Option<(usize, bool)>,
    /// The row of the container.
    parent: Option<usize>,
}

/// A JSON value as rows, with a cursor.
#[derive(Clone, Debug, Default)]
pub struct JsonView {
    text: String,
    rows: Vec<JsonRow>,
    /// Containers whose state is not the one they start with, by the offset of their text.
    turned: FxHashSet<usize>,
    all_folded: bool,
    /// The cursor.
    pub list: ListState,
    /// Whether the text is shown as it was received.
    pub raw: bool,
    problem: Option<String>,
    raw_rows: Cell<usize>,
}

impl JsonView {
    /// Show a text. One that is no JSON is shown as it is, with the reason. A scalar has nothing to fold: its text is
    /// shown whole.
    pub fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let parsed = Json::parse(&text);
        let raw = !parsed.as_ref().is_ok_and(|json| matches!(json.kind(), Kind::Object | Kind::Array));
        let problem = parsed.err().map(|error| error.to_string());
        let mut view = Self { text, problem, raw, ..Self::default() };
        view.rebuild();
        view
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the text is no JSON, if it is none.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The rows that are shown.
    pub fn rows(&self) -> &[JsonRow] {
        &self.rows
    }

    /// The text of a row's value.
    pub fn value(&self, row: &JsonRow) -> &str {
        self.text.get(row.at.clone()).unwrap_or_default()
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&JsonRow> {
        self.rows.get(self.list.selected())
    }

    /// The path of a row in GDBQL's notation, from the value: `data.items[0].price`.
    pub fn path(&self, index: usize) -> String {
        let mut parts = Vec::new();
        let mut at = Some(index);
        while let Some(row) = at.and_then(|at| self.rows.get(at)) {
            parts.push(row.key.as_str());
            at = row.parent;
        }
        let mut path = String::new();
        for part in parts.iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }

    /// Move the cursor; in the raw view, scroll.
    pub fn step(&mut self, step: Step) {
        let len = if self.raw { self.raw_rows.get() } else { self.rows.len() };
        self.list.step(step, len);
    }

    /// How many rows the raw text takes, told when it is drawn.
    pub fn raw_rows_are(&self, rows: usize) {
        self.raw_rows.set(rows);
    }

    /// Switch between the tree and the text as it was received.
    pub fn toggle_raw(&mut self) {
        self.raw = !self.raw || self.problem.is_some();
        self.list = ListState::default();
    }

    /// Fold or unfold the value under the cursor; on a scalar, fold what it stands in.
    pub fn toggle(&mut self) {
        let Some(row) = self.current() else { return };
        let target = if row.members.is_some() { Some(self.list.selected()) } else { row.parent };
        let Some((index, at)) = target.and_then(|i| Some((i, self.rows.get(i)?.at.start))) else { return };
        if !self.turned.remove(&at) {
            self.turned.insert(at);
        }
        self.rebuild();
        self.list.select(index, self.rows.len());
    }

    /// Unfold the value under the cursor, or fold it, or go to what it stands in.
    pub fn open(&mut self, open: bool) {
        match self.current().map(|row| (row.members, row.parent)) {
            Some((Some((count, shown)), _)) if shown != open && count > 0 => self.toggle(),
            Some((_, Some(parent))) if !open => self.list.select(parent, self.rows.len()),
            _ => {}
        }
    }

    /// Fold everything below the first level, or unfold everything.
    pub fn toggle_all(&mut self) {
        self.all_folded = !self.all_folded;
        self.turned.clear();
        self.rebuild();
        self.list.select(self.list.selected(), self.rows.len());
    }

    fn rebuild(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        if let Ok(json) = Json::parse(&self.text) {
            match json.kind() {
                Kind::Object | Kind::Array => self.walk(json, None, 0, &mut rows),
                _ => rows.push(self.row(json, String::new(), 0, None)),
            }
        }
        self.rows = rows;
    }

    fn walk(&self, container: Json<'_>, parent: Option<usize>, depth: usize, rows: &mut Vec<JsonRow>) {
        let members = container.members().map(|(key, value)| (key.name().into_owned(), value));
        let items = container.items().enumerate().map(|(index, value)| (format!("[{index}]"), value));
        // An event's payload is what one looks for; it comes first, whatever the order on the wire.
        let (payload, rest): (Vec<_>, Vec<_>) =
            members.chain(items).partition(|(key, _)| depth == 0 && key == "data" && container.kind() == Kind::Object);
        for (key, value) in payload.into_iter().chain(rest) {
            let row = self.row(value, key, depth, parent);
            let open = matches!(row.members, Some((_, true)));
            rows.push(row);
            if open {
                self.walk(value, Some(rows.len() - 1), depth + 1, rows);
            }
        }
    }

    fn row(&self, value: Json<'_>, key: String, depth: usize, parent: Option<usize>) -> JsonRow {
        let start = value.text().as_ptr() as usize - self.text.as_ptr() as usize;
        let members = matches!(value.kind(), Kind::Array | Kind::Object).then(|| {
            let count = value.len();
            let open = count > 0 && count <= FOLD_ABOVE && !self.all_folded;
            (count, open != self.turned.contains(&start))
        });
        JsonRow { depth, key, kind: value.kind(), at: start..start + value.text().len(), members, parent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(view: &JsonView) -> Vec<String> {
        view.rows()
            .iter()
            .map(|row| {
                let mark = row.members.map_or("", |(_, open)| if open { "▾" } else { "▸" });
                let value = if row.members.is_some() { "" } else { view.value(row) };
                format!("{}{mark}{}{}{value}", "  ".repeat(row.depth), row.key, if value.is_empty() { "" } else { "=" })
            })
            .collect()
    }

    #[test]
    fn an_events_payload_comes_first_and_folds() {
        let mut view = JsonView::new(br#"{"id":"x","data":{"n":1.10,"items":[1,{"a":null}],"none":{}},"hash":"h"}"#);
        let open = [
            "▾data",
            "  n=1.10",
            "  ▾items",
            "    [0]=1",
            "    ▾[1]",
            "      a=null",
            "  ▸none",
            "id=\"x\"",
            "hash=\"h\"",
        ];
        assert_eq!(shown(&view), open);
        assert_eq!(view.path(5), "data.items[1].a");
        view.list.select(3, view.rows().len());
        view.toggle();
        assert_eq!(shown(&view), ["▾data", "  n=1.10", "  ▸items", "  ▸none", "id=\"x\"", "hash=\"h\""]);
        assert_eq!(view.current().map(|row| row.key.as_str()), Some("items"));
        view.open(true);
        assert_eq!(shown(&view), open);
        view.toggle_all();
        assert_eq!(shown(&view), ["▸data", "id=\"x\"", "hash=\"h\""]);
    }

    #[test]
    fn a_text_that_is_no_json_is_shown_with_the_reason() {
        let mut view = JsonView::new(b"{\"a\":\xff oops");
        assert!(view.raw && view.problem().is_some());
        view.toggle_raw();
        assert!(view.raw, "there is no tree to go to");
        assert_eq!(JsonView::new(b"12345678901234567890").rows()[0].kind, Kind::Number);
    }

    #[test]
    fn long_arrays_start_folded() {
        let text = format!("{{\"data\":[{}]}}", vec!["0"; 100_000].join(","));
        let mut view = JsonView::new(text.as_bytes());
        assert_eq!(view.rows().len(), 1);
        view.toggle();
        assert_eq!(view.rows().len(), 100_001);
    }
}
