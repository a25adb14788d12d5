//! A line that is typed: every filter, prompt and field of one line is one of these.
//!
//! Owns the text, the cursor, what is selected, what was cleared last and what can be taken back. The cursor stands
//! between grapheme clusters, so that no key ever takes a part of a character. Knows neither what the line is for nor
//! how it is drawn.

mod keys;
#[cfg(test)]
mod tests;
mod way;

use super::key::Key;
use keys::Edit;
use std::cell::Cell;
use std::ops::Range;
use way::Way;

/// So many changes can be taken back. A word that is typed in one go is one change.
const UNDONE: usize = 1_000;

/// A line of text with a cursor. It never has a second line.
#[derive(Clone, Debug, Default)]
pub struct TypedLine {
    text: String,
    at: usize,
    /// The other end of what is selected.
    anchor: Option<usize>,
    /// What was cleared or cut last.
    cleared: String,
    done: Vec<Change>,
    undone: Vec<Change>,
    left: Cell<usize>,
}

/// Some text that took the place of another.
#[derive(Clone, Debug)]
struct Change {
    at: usize,
    before: String,
    after: String,
    /// Where the cursor was.
    cursor: usize,
    /// Whether it was typed letter by letter.
    typed: bool,
}

impl TypedLine {
    /// A line with a text, the cursor behind it.
    pub fn new(text: &str) -> Self {
        let text = one_line(text);
        Self { at: text.len(), text, ..Self::default() }
    }

    /// A line with a text that is selected: what is typed takes its place, a movement keeps it.
    pub fn offering(text: &str) -> Self {
        let mut line = Self::new(text);
        line.select_all();
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The cursor, as a byte of the text.
    pub fn cursor(&self) -> usize {
        self.at
    }

    /// The bytes that are selected, if any are.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor.filter(|anchor| *anchor != self.at)?;
        Some(anchor.min(self.at)..anchor.max(self.at))
    }

    /// Select everything: what is typed next takes its place, a movement keeps it.
    pub fn select_all(&mut self) {
        self.anchor = Some(0);
        self.at = self.text.len();
    }

    /// Give it a key. Tells whether the text changed. Keys that mean nothing in a line leave it as it is.
    pub fn key(&mut self, key: Key) -> bool {
        match keys::edit_of(key) {
            Some(Edit::Type(c)) => self.type_letter(c),
            Some(Edit::Go(way)) => self.go(way, false),
            Some(Edit::Select(way)) => self.go(way, true),
            Some(Edit::Delete(way)) => {
                let range = self.selection().unwrap_or_else(|| self.until(way));
                self.change(range, "")
            }
            Some(Edit::Clear(way)) => {
                let range = self.selection().unwrap_or_else(|| self.until(way));
                self.clear(range)
            }
            Some(Edit::Cut) => self.selection().is_some_and(|range| self.clear(range)),
            Some(Edit::PutBack) if self.cleared.is_empty() => false,
            Some(Edit::PutBack) => self.change(self.chosen(), &self.cleared.clone()),
            Some(Edit::Undo) => self.undo(),
            Some(Edit::Redo) => self.redo(),
            None => false,
        }
    }

    /// Insert text at the cursor, in the place of what is selected. Of several lines it makes one.
    pub fn insert(&mut self, text: &str) {
        self.change(self.chosen(), &one_line(text));
    }

    /// Put another text in its place. The old one comes back with undo.
    pub fn replace(&mut self, text: &str) {
        self.change(0..self.text.len(), &one_line(text));
        self.at = self.text.len();
    }

    /// Which column of the text is the first to be drawn in `room` columns, the cursor being at the columns `cursor` and
    /// the whole text `wide` columns wide. It moves no further than it must, and never leaves room empty behind a text
    /// that has no room. A column at either end is kept for a sign that the text goes on there, see [`TypedLine::sign`].
    pub fn scroll(&self, room: usize, cursor: Range<usize>, wide: usize) -> usize {
        // Behind the last character the cursor takes a column, too.
        let last = (wide + 1).saturating_sub(room);
        let sign = Self::sign(room);
        let mut left = self.left.get().min(last);
        if cursor.start < left + sign {
            left = cursor.start.saturating_sub(sign);
        } else if cursor.end + sign > left + room {
            left = (cursor.end + sign).saturating_sub(room).min(cursor.start);
        }
        self.left.set(left.min(last));
        self.left.get()
    }

    /// How many columns say that the text goes on, where there are `room` for the text.
    pub fn sign(room: usize) -> usize {
        usize::from(room >= 4)
    }

    fn type_letter(&mut self, c: char) -> bool {
        let mut letter = [0; 4];
        let letter = c.encode_utf8(&mut letter);
        let word_goes_on = !way::begins_word(self.text.get(..self.at).unwrap_or_default(), c);
        let is_behind = |last: &&mut Change| last.typed && last.at + last.after.len() == self.at;
        if self.selection().is_none()
            && word_goes_on
            && let Some(last) = self.done.last_mut().filter(is_behind)
        {
            last.after.push_str(letter);
            self.undone.clear();
            self.put(self.at..self.at, letter);
            return true;
        }
        let changed = self.change(self.chosen(), letter);
        if changed && let Some(last) = self.done.last_mut() {
            last.typed = true;
        }
        changed
    }

    /// What new text takes the place of: what is selected, else nothing at the cursor.
    fn chosen(&self) -> Range<usize> {
        self.selection().unwrap_or(self.at..self.at)
    }

    /// From the cursor one way on.
    fn until(&self, way: Way) -> Range<usize> {
        let other = way.from(&self.text, self.at);
        self.at.min(other)..self.at.max(other)
    }

    fn go(&mut self, way: Way, selects: bool) -> bool {
        self.anchor = if selects { self.anchor.or(Some(self.at)) } else { None };
        self.at = way.from(&self.text, self.at);
        false
    }

    /// Take a part away, such that it can be put back elsewhere.
    fn clear(&mut self, range: Range<usize>) -> bool {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let changed = self.change(range, "");
        if changed {
            self.cleared = text;
        }
        changed
    }

    /// Put a text in the place of a part, the cursor behind it.
    fn change(&mut self, range: Range<usize>, with: &str) -> bool {
        let before = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let cursor = self.at;
        self.put(range.clone(), with);
        if before == with {
            return false;
        }
        self.undone.clear();
        if self.done.len() >= UNDONE {
            self.done.remove(0);
        }
        self.done.push(Change { at: range.start, before, after: with.to_owned(), cursor, typed: false });
        true
    }

    /// What stands around the place may have become one character with what is new: the cursor goes behind that.
    fn put(&mut self, range: Range<usize>, with: &str) {
        self.text.replace_range(range.clone(), with);
        self.go_to(range.start + with.len());
    }

    /// Put the cursor at a byte, or behind the character of which it is a part.
    pub fn go_to(&mut self, at: usize) {
        self.at = way::boundary(&self.text, at);
        self.anchor = None;
    }

    /// Take the last change back.
    fn undo(&mut self) -> bool {
        let Some(change) = self.done.pop() else { return false };
        self.put(change.at..change.at + change.after.len(), &change.before);
        self.go_to(change.cursor);
        self.undone.push(change);
        true
    }

    /// Make the change that was taken back again.
    fn redo(&mut self) -> bool {
        let Some(change) = self.undone.pop() else { return false };
        self.put(change.at..change.at + change.before.len(), &change.after);
        self.done.push(change);
        true
    }
}

impl PartialEq for TypedLine {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.at) == (&other.text, other.at)
    }
}

fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
