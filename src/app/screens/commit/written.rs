//! What the form's lines and texts have in common, for what is done with whichever has the cursor.

use crate::app::editor::Editor;
use crate::app::key::Key;
use crate::app::line::TypedLine;

/// Something that is written: a line, or a text of many.
pub(super) trait Written {
    /// All of it.
    fn whole(&self) -> String;

    /// Give it a key. Tells whether it changed.
    fn type_key(&mut self, key: Key) -> bool;

    /// Insert text at the cursor.
    fn paste(&mut self, text: &str);

    /// Put the cursor at a byte.
    fn put_cursor(&mut self, at: usize);

    /// Put another text in its place.
    fn put(&mut self, text: &str);
}

impl Written for TypedLine {
    fn whole(&self) -> String {
        self.text().to_owned()
    }

    fn type_key(&mut self, key: Key) -> bool {
        self.key(key)
    }

    fn paste(&mut self, text: &str) {
        self.insert(text);
    }

    fn put_cursor(&mut self, at: usize) {
        self.go_to(at);
    }

    fn put(&mut self, text: &str) {
        self.replace(text);
    }
}

impl Written for Editor {
    fn whole(&self) -> String {
        self.text()
    }

    fn type_key(&mut self, key: Key) -> bool {
        self.key(key)
    }

    fn paste(&mut self, text: &str) {
        self.insert(text);
    }

    fn put_cursor(&mut self, at: usize) {
        self.go_to(at);
    }

    fn put(&mut self, text: &str) {
        self.replace(text);
    }
}
