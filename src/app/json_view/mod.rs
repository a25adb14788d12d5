//! A JSON value as a tree of rows that fold, with a search: an event, a cell of a result, a schema.

mod find;
mod matches;
#[cfg(test)]
mod tests;

pub use find::Find;
pub use matches::Matches;

use super::command::{Command, Place};
use super::effect::{Effect, Outbox, Timer};
use super::key::Key;
use super::list::{ListState, Step};
use super::probe::Probe;
use crate::model::json::{Json, Kind};
use crate::model::path::push_key;
use rustc_hash::FxHashSet;
use std::cell::Cell;
use std::ops::Range;
use std::time::Duration;

/// Containers with more members than this start folded.
const FOLD_ABOVE: usize = 100;

/// One row: a value, and the key under which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonRow {
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Its key or `[index]`; empty for the value itself.
    pub key: String,
    /// Whether it is an item of an array.
    pub item: bool,
    /// What it is.
    pub kind: Kind,
    /// Its text, as bytes of [`JsonView::text`].
    pub at: Range<usize>,
    /// For arrays and objects: how many members, and whether they are shown.
    pub members: Option<(usize, bool)>,
    /// Where its key begins in the text, or the value where there is none.
    from: usize,
}

/// A JSON value as rows, with a cursor.
#[derive(Clone, Debug, Default)]
pub struct JsonView {
    text: String,
    rows: Vec<JsonRow>,
    /// Containers whose state is not the one they start with, by the offset of their text.
    turned: FxHashSet<usize>,
    /// Containers at this depth and below start folded.
    levels: Option<usize>,
    /// The cursor.
    pub list: ListState,
    /// Whether the text is shown as it was received.
    pub raw: bool,
    /// The search, while there is one.
    pub find: Option<Box<Find>>,
    /// Where the list's filter matches, while there is one.
    pub matches: Option<Matches>,
    problem: Option<String>,
    /// What paths begin with: `e` for an event.
    name: &'static str,
    raw_columns: Cell<usize>,
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

    /// Show an event. A search goes on in it that was begun in the one shown before.
    pub fn of_event(line: &[u8], before: Option<Self>) -> Self {
        let mut view = Self { name: "e", ..Self::new(line) };
        if let Some(mut find) = before.and_then(|before| before.find) {
            find.start(view.parts());
            view.find = Some(find);
        }
        view
    }

    /// Mark where a filter matches.
    pub fn mark(&mut self, probe: Option<&Probe>) {
        if self.matches.as_ref().map(Matches::probe) != probe {
            let first = self.parts().into_iter().next().unwrap_or_default();
            self.matches = probe.map(|probe| Matches::new(probe.clone(), &self.text, &first));
        }
    }

    /// Put the cursor on the next place at which the filter matches, or on the one before. Gives whether there is one.
    pub fn step_mark(&mut self, forward: bool) -> bool {
        let row = self.current().filter(|_| !self.raw && self.list.selected() > 0);
        let own =
            row.map(|row| row.from..if matches!(row.members, Some((1.., true))) { row.at.start } else { row.at.end });
        let Some(matches) = &mut self.matches else { return false };
        own.iter().for_each(|own| matches.leave_for(own, forward));
        let place = matches.step(forward);
        if let Some(place) = &place {
            self.go_to(place.start);
        }
        place.is_some()
    }

    /// The places at which the filter matches in a part of the text.
    pub fn marks(&self, part: Range<usize>) -> Vec<Range<usize>> {
        self.matches.as_ref().map(|matches| matches.within(&self.text, part)).unwrap_or_default()
    }

    /// Where a row's key begins in the text, behind its quote; `None` for an item of an array.
    pub fn key_at(&self, row: &JsonRow) -> Option<usize> {
        (row.from < row.at.start).then_some(row.from + 1)
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
        let mut rows = Vec::new();
        let mut at = Some(index);
        while let Some((row, index)) = at.and_then(|at| Some((self.rows.get(at)?, at))) {
            rows.push(row);
            at = self.parent(index);
        }
        let mut path = self.name.to_owned();
        for row in rows.iter().rev() {
            push_step(&mut path, &row.key, row.item);
        }
        path
    }

    /// The row of the container in which a row stands.
    fn parent(&self, index: usize) -> Option<usize> {
        let above = self.rows.get(index)?.depth.checked_sub(1)?;
        self.rows[..index].iter().rposition(|row| row.depth == above)
    }

    /// Move the cursor; in the raw view, scroll.
    pub fn step(&mut self, step: Step) {
        let len = if self.raw { self.raw_rows() } else { self.rows.len() };
        self.list.step(step, len);
    }

    /// How many columns a line of the raw text has, told when it is drawn.
    pub fn raw_columns_are(&self, columns: usize) {
        self.raw_columns.set(columns);
    }

    /// How many lines the raw text takes.
    pub fn raw_rows(&self) -> usize {
        self.text.len().div_ceil(self.raw_columns.get().max(1)).max(1)
    }

    /// Where keys mean something, innermost first.
    pub fn places(&self) -> &'static [Place] {
        match &self.find {
            Some(find) if find.typing => &[Place::Field, Place::Line],
            Some(_) => &[Place::EventSearch, Place::Event, Place::Moves],
            None => &[Place::Event, Place::Moves],
        }
    }

    /// Whether letters go into the search.
    pub fn typing(&self) -> bool {
        self.find.as_ref().is_some_and(|find| find.typing)
    }

    /// Do what was asked, when it is something that a view can do by itself.
    pub fn run(&mut self, command: Command, out: &mut Outbox) -> bool {
        match command {
            Command::Toggle => self.toggle(),
            Command::FoldAll => self.toggle_all(),
            Command::FoldLevel => self.fold_level(),
            Command::UnfoldLevel => self.unfold_level(),
            Command::Raw => self.toggle_raw(),
            Command::Left | Command::Right => self.open(command == Command::Right),
            Command::Filter => self.find.get_or_insert_default().typing = true,
            Command::NextMatch | Command::PreviousMatch if self.find.is_some() => {
                self.step_match(command == Command::NextMatch);
            }
            Command::CopyPath if !self.raw => out.copy(self.path(self.list.selected()), "the path"),
            Command::Accept if self.typing() => self.stop_typing(),
            Command::Back if self.find.is_some() => self.find = None,
            _ => return false,
        }
        true
    }

    fn stop_typing(&mut self) {
        match &mut self.find {
            Some(find) if !find.field.is_empty() => find.typing = false,
            _ => self.find = None,
        }
    }

    /// A key for the search.
    pub fn type_key(&mut self, key: Key, out: &mut Outbox) {
        if self.find.as_mut().is_some_and(|find| find.typing && find.field.key(key)) {
            self.search(out);
        }
    }

    /// Pasted text for the search.
    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        if let Some(find) = self.find.as_mut().filter(|find| find.typing) {
            find.field.insert(text);
            self.search(out);
        }
    }

    /// Look for what was typed, from the start.
    fn search(&mut self, out: &mut Outbox) {
        let parts = self.parts();
        if let Some(find) = &mut self.find {
            find.start(parts);
        }
        self.work(out);
    }

    /// Look through a further portion of the text; come back soon when there is more.
    pub fn work(&mut self, out: &mut Outbox) {
        let Some(find) = &mut self.find else { return };
        if find.is_done() {
            return;
        }
        find.advance(&self.text, find::BUDGET);
        if !find.is_done() {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
        if find.current().is_none() && !find.is_empty() {
            self.step_match(true);
        }
    }

    /// The text in the order in which it is shown: an event's payload first.
    fn parts(&self) -> Vec<Range<usize>> {
        let all = 0..self.text.len();
        match self.rows.first() {
            Some(row) if row.depth == 0 && row.key == "data" => {
                vec![row.from..row.at.end, 0..row.from, row.at.end..all.end]
            }
            _ => vec![all],
        }
    }

    /// Go to the next place that the search has found, or to the one before.
    fn step_match(&mut self, forward: bool) {
        if let Some(hit) = self.find.as_mut().and_then(|find| find.step(forward)) {
            self.go_to(hit.start);
        }
    }

    /// Put the cursor where a byte of the text is shown.
    fn go_to(&mut self, byte: usize) {
        if self.raw {
            let columns = self.raw_columns.get().max(1);
            return self.list.select(byte / columns, self.raw_rows());
        }
        self.reveal(byte);
    }

    /// Put the cursor on the row in which a byte of the text stands; what it stands in is unfolded.
    fn reveal(&mut self, byte: usize) {
        let mut from = 0;
        let holds = |row: &JsonRow| (row.from..row.at.end).contains(&byte);
        while let Some(index) = self.rows.iter().skip(from).position(holds).map(|at| at + from) {
            let Some(row) = self.rows.get(index) else { return };
            match row.members {
                Some((1.., shown)) if row.at.contains(&byte) => {
                    if !shown {
                        self.turn(index);
                    }
                    from = index + 1;
                }
                _ => return self.list.select(index, self.rows.len()),
            }
        }
    }

    /// Switch between the tree and the text as it was received.
    pub fn toggle_raw(&mut self) {
        self.raw = !self.raw || self.problem.is_some();
        self.list = ListState::default();
    }

    /// Fold or unfold the value under the cursor; on a scalar, fold what it stands in.
    pub fn toggle(&mut self) {
        let Some(row) = self.current() else { return };
        let selected = self.list.selected();
        let target = if row.members.is_some() { Some(selected) } else { self.parent(selected) };
        if let Some(index) = target {
            self.turn(index);
            self.list.select(index, self.rows.len());
        }
    }

    /// Fold or unfold a container. Only its own rows are made or taken away.
    fn turn(&mut self, index: usize) {
        let Some(row) = self.rows.get_mut(index) else { return };
        let (Some((count, shown)), depth, at) = (row.members, row.depth, row.at.clone()) else { return };
        row.members = Some((count, !shown));
        if !self.turned.remove(&at.start) {
            self.turned.insert(at.start);
        }
        if shown {
            let rest = self.rows.get(index + 1..).unwrap_or_default();
            let inside = rest.iter().take_while(|row| row.depth > depth).count();
            self.rows.drain(index + 1..index + 1 + inside);
        } else {
            let mut inside = Vec::new();
            self.walk(Json::trusted(self.text.get(at).unwrap_or_default()), depth + 1, &mut inside);
            self.rows.splice(index + 1..index + 1, inside);
        }
    }

    /// Unfold the value under the cursor, or fold it, or go to what it stands in.
    pub fn open(&mut self, open: bool) {
        match self.current().map(|row| row.members) {
            Some(Some((count, shown))) if shown != open && count > 0 => self.toggle(),
            Some(_) if !open => {
                if let Some(parent) = self.parent(self.list.selected()) {
                    self.list.select(parent, self.rows.len());
                }
            }
            _ => {}
        }
    }

    /// Fold everything below the first level, or unfold everything.
    pub fn toggle_all(&mut self) {
        self.fold_below(if self.levels == Some(0) { None } else { Some(0) });
    }

    /// Fold the innermost containers that are shown.
    pub fn fold_level(&mut self) {
        self.fold_below(Some(self.open_levels().saturating_sub(1)));
    }

    /// Unfold one level more than is shown, everywhere.
    pub fn unfold_level(&mut self) {
        self.fold_below(Some(self.open_levels() + 1));
    }

    /// How many levels of containers are unfolded.
    fn open_levels(&self) -> usize {
        let open = |row: &&JsonRow| matches!(row.members, Some((1.., true)));
        self.rows.iter().filter(open).map(|row| row.depth + 1).max().unwrap_or(0)
    }

    fn fold_below(&mut self, levels: Option<usize>) {
        let byte = self.current().map(|row| row.at.start);
        self.levels = levels;
        self.turned.clear();
        self.rebuild();
        // The cursor stays on its value, or goes to what it is folded into.
        let holds = |row: &JsonRow| byte.is_some_and(|byte| row.at.contains(&byte));
        self.list.select(self.rows.iter().rposition(holds).unwrap_or(0), self.rows.len());
    }

    fn rebuild(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        if self.problem.is_none() {
            let json = Json::trusted(&self.text);
            match json.kind() {
                Kind::Object | Kind::Array => self.walk(json, 0, &mut rows),
                _ => rows.push(self.row(json, None, String::new(), 0)),
            }
        }
        self.rows = rows;
    }

    fn walk(&self, container: Json<'_>, depth: usize, rows: &mut Vec<JsonRow>) {
        for (key, value) in container.members() {
            rows.push(self.row(value, Some(key.text()), key.name().into_owned(), depth));
            self.walk_open(value, depth, rows);
        }
        for (index, value) in container.items().enumerate() {
            rows.push(self.row(value, None, format!("[{index}]"), depth));
            self.walk_open(value, depth, rows);
        }
        // An event's payload is what one looks for; it comes first, whatever the order on the wire.
        let is_payload = |row: &JsonRow| row.depth == 0 && row.key == "data" && !row.item;
        if depth == 0
            && let Some(at) = rows.iter().position(is_payload)
        {
            let rest = rows.get(at + 1..).unwrap_or_default();
            let len = 1 + rest.iter().take_while(|row| row.depth > 0).count();
            rows[..at + len].rotate_left(at);
        }
    }

    fn walk_open(&self, value: Json<'_>, depth: usize, rows: &mut Vec<JsonRow>) {
        if matches!(rows.last().and_then(|row| row.members), Some((_, true))) {
            self.walk(value, depth + 1, rows);
        }
    }

    fn row(&self, value: Json<'_>, key_text: Option<&str>, key: String, depth: usize) -> JsonRow {
        let offset = |part: &str| part.as_ptr() as usize - self.text.as_ptr() as usize;
        let start = offset(value.text());
        let members = matches!(value.kind(), Kind::Array | Kind::Object).then(|| {
            let count = value.len();
            let open = count > 0 && count <= FOLD_ABOVE && self.levels.is_none_or(|levels| depth < levels);
            (count, open != self.turned.contains(&start))
        });
        JsonRow {
            depth,
            item: key_text.is_none(),
            key,
            kind: value.kind(),
            at: start..start + value.text().len(),
            members,
            from: key_text.map_or(start, offset),
        }
    }
}

/// Put a step of a path behind what is there, in GDBQL's notation. An item's key has its brackets already.
pub fn push_step(path: &mut String, key: &str, item: bool) {
    if item { path.push_str(key) } else { push_key(path, key) }
}
