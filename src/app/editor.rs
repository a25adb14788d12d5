//! Text of many lines that the user types: the query, a payload. One of a single line is a `TypedLine`.
//!
//! The editing itself (cursor, words, selection, undo) is the text area's; what it looks like is not decided here.

use super::key::Key;
use crossterm::event::{KeyCode, KeyModifiers};
use std::cell::Cell;
use std::ops::Range;
use tui_textarea::{CursorMove, TextArea};

/// So many changes can be taken back. A letter typed is a change.
const UNDONE: usize = 5_000;

/// Takes away what stands before the cursor in its line.
const CLEAR: Key = Key { code: KeyCode::Char('u'), modifiers: KeyModifiers::CONTROL };

/// A text of many lines with a cursor.
#[derive(Clone, Debug)]
pub struct Editor {
    area: TextArea<'static>,
    corner: Cell<(usize, usize)>,
}

impl Editor {
    /// A text of any number of lines, the cursor at its start.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect());
        area.set_tab_length(2);
        area.set_max_histories(UNDONE);
        Self { area, corner: Cell::default() }
    }

    /// The whole text; lines are joined with `\n`.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.area.lines().iter().all(String::is_empty)
    }

    /// The cursor: its line, and its column in characters.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// The cursor as a byte offset into [`Editor::text`].
    pub fn offset(&self) -> usize {
        self.offset_of(self.cursor())
    }

    fn offset_of(&self, (row, column): (usize, usize)) -> usize {
        let before: usize = self.lines().iter().take(row).map(|line| line.len() + 1).sum();
        let line = self.lines().get(row).map_or("", String::as_str);
        before + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
    }

    /// The first line when `height` of them are drawn: the last one, moved just so far that the cursor is inside.
    pub fn top(&self, height: usize) -> usize {
        let (top, left) = self.corner.get();
        let last = self.lines().len().saturating_sub(height);
        self.corner.set((moved(top.min(last), self.cursor().0, height), left));
        self.corner.get().0
    }

    /// The first column when `width` of them are drawn: the last one, moved just so far that the cursor, at display
    /// column `column`, is inside, and that no room stays empty behind lines of up to `widest` columns.
    pub fn left(&self, width: usize, column: usize, widest: usize) -> usize {
        let (top, left) = self.corner.get();
        // Behind the last character the cursor takes a column, too.
        let last = (widest + 1).saturating_sub(width);
        self.corner.set((top, moved(left.min(last), column, width)));
        self.corner.get().1
    }

    /// Put the cursor at a byte offset of [`Editor::text`].
    pub fn go_to(&mut self, offset: usize) {
        let mut left = offset;
        for (row, line) in self.area.lines().iter().enumerate() {
            if left <= line.len() {
                let column = line.char_indices().take_while(|(at, _)| *at < left).count();
                let clamp = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
                let target = CursorMove::Jump(clamp(row), clamp(column));
                return self.area.move_cursor(target);
            }
            left -= line.len() + 1;
        }
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// Put the cursor at the start of a line, or of the last one.
    pub fn go_to_line(&mut self, line: usize) {
        let line = line.min(self.lines().len().saturating_sub(1));
        self.area.move_cursor(CursorMove::Jump(u16::try_from(line).unwrap_or(u16::MAX), 0));
    }

    /// The line and the display column in the upper left corner, as last drawn.
    pub fn shown_corner(&self) -> (usize, usize) {
        self.corner.get()
    }

    /// The selected text.
    pub fn selected_text(&self) -> Option<String> {
        let range = self.selection()?;
        let (start, end) = (self.offset_of(range.start), self.offset_of(range.end));
        self.text().get(start..end).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Select everything: what is typed next takes its place, a movement keeps it.
    pub fn select_all(&mut self) {
        self.area.select_all();
    }

    /// Select nothing.
    pub fn cancel_selection(&mut self) {
        self.area.cancel_selection();
    }

    /// The selected part, as line and column of its start and its end.
    pub fn selection(&self) -> Option<Range<(usize, usize)>> {
        self.area.selection_range().map(|(start, end)| start..end)
    }

    /// Give it a key. Tells whether the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        // As in a shell; the text area would take the last change back.
        if key == CLEAR {
            return self.area.delete_line_by_head();
        }
        self.area.input(key.event())
    }

    /// Insert text at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.area.insert_str(text.replace("\r\n", "\n").replace('\r', "\n"));
    }

    /// Put another text in its place. The old one comes back with undo.
    pub fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.insert(text);
        if text.is_empty() {
            self.area.delete_char();
        }
        self.area.cancel_selection();
    }

    /// Replace some bytes of the text, the cursor behind what is new.
    pub fn replace_range(&mut self, range: Range<usize>, with: &str) {
        let chars = self.text().get(range.clone()).map_or(0, |part| part.chars().count());
        self.go_to(range.start);
        self.area.delete_str(chars);
        self.insert(with);
    }

    /// Take the last change back. A text that is empty only while another takes its place is no step of its own.
    pub fn undo(&mut self) -> bool {
        let undone = self.area.undo();
        if undone && self.is_empty() {
            self.area.undo();
        }
        undone
    }

    /// Make the change that was taken back again.
    pub fn redo(&mut self) -> bool {
        let redone = self.area.redo();
        if redone && self.is_empty() {
            self.area.redo();
        }
        redone
    }
}

/// A window that begins at `first`, moved just so far that it shows `at`.
fn moved(first: usize, at: usize, room: usize) -> usize {
    first.clamp((at + 1).saturating_sub(room.max(1)), at)
}

impl PartialEq for Editor {
    fn eq(&self, other: &Self) -> bool {
        self.lines() == other.lines() && self.cursor() == other.cursor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(editor: &mut Editor, keys: &[&str]) {
        for key in keys {
            editor.key(Key::named(key).unwrap());
        }
    }

    #[test]
    fn the_line_before_the_cursor_is_cleared_and_comes_back() {
        let mut text = Editor::new("one\ntwo");
        text.go_to(6);
        press(&mut text, &["ctrl-u"]);
        assert_eq!(text.text(), "one\no");
        assert!(text.undo());
        assert_eq!(text.text(), "one\ntwo");
    }

    #[test]
    fn a_replaced_text_comes_back_with_undo() {
        let mut editor = Editor::new("one\ntwo");
        editor.replace("three");
        assert_eq!(editor.text(), "three");
        while editor.text() != "one\ntwo" {
            assert!(editor.undo());
        }
        editor.replace("");
        assert!(editor.is_empty());
    }

    #[test]
    fn replaces_a_part() {
        let mut editor = Editor::new("STREAM é FROM\nevents");
        editor.replace_range(7..9, "e");
        assert_eq!(editor.text(), "STREAM e FROM\nevents");
        assert_eq!(editor.offset(), 8);
    }

    #[test]
    fn the_window_goes_back_as_far_as_there_is_text_for_it() {
        let mut text = Editor::new(&"x\n".repeat(20));
        text.go_to_line(19);
        assert_eq!((text.top(5), text.left(10, 30, 30)), (15, 21));
        assert_eq!((text.top(10), text.left(20, 30, 30)), (11, 11), "a larger window shows more");
        assert_eq!((text.top(10), text.left(20, 15, 30)), (11, 11), "the cursor is inside");
        assert_eq!(text.left(20, 15, 15), 0, "the long line is gone");
        assert_eq!((text.top(0), text.left(0, 15, 15)), (19, 15));
    }

    proptest! {
        #[test]
        fn offsets_and_the_cursor_agree(text in "[aé\\n😀 ]{0,30}") {
            let mut editor = Editor::new(&text);
            for (at, _) in text.char_indices() {
                editor.go_to(at);
                prop_assert_eq!(editor.offset(), at);
            }
        }
    }
}
