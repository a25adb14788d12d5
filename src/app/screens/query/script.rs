//! What is in the editor: one query or several, and what is known of the text without asking the server.
//!
//! Owns the text and everything that is derived from it. Knows nothing of runs and results.

use crate::app::editor::Editor;
use crate::gdbql::{self, Error, Token, TokenKind};
use std::hash::Hasher as _;
use std::ops::Range;

/// Texts longer than this are edited and sent as one, but neither coloured nor checked: that would make typing slow.
const LOOKED_THROUGH: usize = 200_000;
/// Texts longer than this are checked when nothing is typed for a moment: a key is not to wait for it.
const CHECKED_AT_ONCE: usize = 16_000;
/// What a line is made a comment with.
const COMMENT: &str = "-- ";

/// A query that says something about any store.
pub const EXAMPLE: &str = "\
-- How many events there are of each type
STREAM e FROM events
GROUP BY e.type
ORDER BY COUNT() DESC
MAP { type: e.type, events: COUNT() }";

/// The text of the editor.
#[derive(Clone, Debug)]
pub struct Script {
    editor: Editor,
    version: u64,
    fingerprint: u64,
    tokens: Vec<Token>,
    statements: Vec<Range<usize>>,
    problems: Vec<Error>,
    parameters: Vec<Range<usize>>,
    unchecked: bool,
}

impl Script {
    /// Start with a text.
    pub fn new(text: &str) -> Self {
        let mut script = Self {
            editor: Editor::new(text),
            version: 0,
            fingerprint: 0,
            tokens: Vec::new(),
            statements: Vec::new(),
            problems: Vec::new(),
            parameters: Vec::new(),
            unchecked: false,
        };
        script.look_through();
        script
    }

    /// The editor, to look at.
    pub fn editor(&self) -> &Editor {
        &self.editor
    }

    /// Counts the changes: texts of the same version are the same.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Tells texts apart; the same text has the same one, however it was come by.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The tokens of the text.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The places that our own parser does not understand. The server may.
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// Where its parameters stand.
    pub fn parameters(&self) -> &[Range<usize>] {
        &self.parameters
    }

    /// The problem to speak of: the one of the query under the cursor, else the first.
    pub fn problem(&self) -> Option<&Error> {
        let here = self.statement().and_then(|(_, range)| {
            self.problems.iter().find(|problem| range.start <= problem.span.start && problem.span.start <= range.end)
        });
        here.or(self.problems.first())
    }

    /// Where the queries stand.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.statements
    }

    /// How many queries there are.
    pub fn statements(&self) -> usize {
        self.statements.len()
    }

    /// The query under the cursor: which one, and where it stands. Between two it is the one before.
    pub fn statement(&self) -> Option<(usize, Range<usize>)> {
        let offset = self.editor.offset();
        let at = self.statements.iter().rposition(|range| range.start <= offset).unwrap_or(0);
        self.statements.get(at).map(|range| (at, range.clone()))
    }

    /// What is sent for the query under the cursor, and where it begins in the text.
    ///
    /// Comments become white space: servers need not know them, and the places in an error stay what they were.
    pub fn to_send(&self) -> Option<(usize, String)> {
        let (_, range) = self.statement()?;
        let text = self.editor.text();
        let mut bare = String::with_capacity(range.len());
        for token in gdbql::tokens(text.get(range.clone())?) {
            let piece = text.get(range.start + token.span.start..range.start + token.span.end)?;
            match token.kind {
                TokenKind::Comment => bare.extend(std::iter::repeat_n(' ', piece.len())),
                _ => bare.push_str(piece),
            }
        }
        let white = bare.len() - bare.trim_start().len();
        Some((range.start + white, bare.trim().to_owned()))
    }

    /// The query under the cursor as it was typed; with everything around it when it is the only one.
    pub fn to_remember(&self) -> String {
        let text = self.editor.text();
        match self.statement().filter(|_| self.statements() > 1) {
            Some((_, range)) => text.get(range).unwrap_or_default().trim().to_owned(),
            None => text,
        }
    }

    /// Give the editor a key. Tells whether the text changed.
    pub fn key(&mut self, key: crate::app::key::Key) -> bool {
        let changed = self.editor.key(key);
        self.changed_if(changed)
    }

    /// Insert text at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.editor.insert(text);
        self.changed_if(true);
    }

    /// Put another text in its place; undo brings the old one back.
    pub fn replace(&mut self, text: &str) {
        self.editor.replace(text);
        self.changed_if(true);
    }

    /// Replace some bytes.
    pub fn replace_range(&mut self, range: Range<usize>, with: &str) {
        self.editor.replace_range(range, with);
        self.changed_if(true);
    }

    /// Take the last change back.
    pub fn undo(&mut self) -> bool {
        let changed = self.editor.undo();
        self.changed_if(changed)
    }

    /// Make the change that was taken back again.
    pub fn redo(&mut self) -> bool {
        let changed = self.editor.redo();
        self.changed_if(changed)
    }

    /// Put the cursor somewhere.
    pub fn go_to(&mut self, offset: usize) {
        self.editor.go_to(offset);
    }

    /// Lay the queries out anew. Tells whether that changed anything.
    ///
    /// # Errors
    /// The first place that cannot be understood; the text is left alone then.
    pub fn format(&mut self) -> Result<bool, Error> {
        let text = self.editor.text();
        let formatted = gdbql::format_text(&text)?;
        let changed = formatted != text;
        if changed {
            let line = self.editor.cursor().0;
            self.replace(&formatted);
            self.editor.go_to_line(line);
        }
        Ok(changed)
    }

    /// Make the selected lines, or the one with the cursor, comments; or make them lines again when all of them are
    /// comments.
    pub fn toggle_comment(&mut self) {
        let offset = self.editor.offset();
        let (first, last) = self.editor.selection().map_or_else(
            || (self.editor.cursor().0, self.editor.cursor().0),
            // A selection that ends before a line's first character does not mean that line.
            |range| (range.start.0, if range.end.1 == 0 { range.end.0.max(1) - 1 } else { range.end.0 }),
        );
        self.editor.cancel_selection();
        let last = last.max(first);
        let lines = self.editor.lines().get(first..=last).unwrap_or_default();
        let is_comment = |line: &String| line.trim_start().starts_with(COMMENT.trim_end());
        let says = |line: &&String| !line.trim().is_empty();
        let uncomment = lines.iter().any(|line| says(&line)) && lines.iter().filter(says).all(is_comment);
        let mut cursor = offset;
        for row in first..=last {
            let start: usize = self.editor.lines().iter().take(row).map(|line| line.len() + 1).sum();
            let Some(line) = self.editor.lines().get(row) else { break };
            let at = start + line.len() - line.trim_start().len();
            let (range, with) = if uncomment {
                let mark = if line.trim_start().starts_with(COMMENT) { COMMENT } else { COMMENT.trim_end() };
                (at..at + if says(&line) { mark.len() } else { 0 }, "")
            } else if first == last || says(&line) {
                (start..start, COMMENT)
            } else {
                continue;
            };
            if range.end <= cursor {
                cursor = cursor + with.len() - range.len();
            } else {
                cursor = cursor.min(range.start);
            }
            self.editor.replace_range(range, with);
        }
        self.editor.go_to(cursor);
        self.changed_if(true);
    }

    /// The bracket at the cursor and its counterpart.
    pub fn brackets(&self) -> Option<[Range<usize>; 2]> {
        let text = self.editor.text();
        let offset = self.editor.offset();
        let sign = |token: &Token| match token.kind {
            TokenKind::Punctuation => text.as_bytes().get(token.span.start).copied().unwrap_or_default(),
            _ => 0,
        };
        let is_bracket = |token: &Token| matches!(sign(token), b'(' | b')' | b'[' | b']' | b'{' | b'}');
        let touches = |token: &&Token| is_bracket(token) && (token.span.start == offset || token.span.end == offset);
        // The one under the cursor before the one behind which it stands.
        let at = self.tokens.iter().rposition(|token| touches(&token))?;
        let opens = |token: &Token| matches!(sign(token), b'(' | b'[' | b'{');
        let forward = opens(self.tokens.get(at)?);
        let mut depth = 0isize;
        let mut brackets: Box<dyn Iterator<Item = &Token>> = if forward {
            Box::new(self.tokens.get(at..)?.iter().filter(|token| is_bracket(token)))
        } else {
            Box::new(self.tokens.get(..=at)?.iter().rev().filter(|token| is_bracket(token)))
        };
        let other = brackets.find(|token| {
            depth += if opens(token) == forward { 1 } else { -1 };
            depth == 0
        })?;
        let here = self.tokens.get(at)?;
        let pair = [sign(if forward { here } else { other }), sign(if forward { other } else { here })];
        [[b'(', b')'], [b'[', b']'], [b'{', b'}']].contains(&pair).then(|| [here.span.clone(), other.span.clone()])
    }

    fn changed_if(&mut self, changed: bool) -> bool {
        if changed {
            self.version += 1;
            self.look_through();
        }
        changed
    }

    fn look_through(&mut self) {
        let text = self.editor.text();
        let short = text.len() <= LOOKED_THROUGH;
        self.fingerprint = fingerprint(&text);
        self.tokens = if short { gdbql::tokens(&text) } else { Vec::new() };
        self.statements =
            if short { gdbql::statements_of(&text, &self.tokens) } else { std::iter::once(0..text.len()).collect() };
        let parameters = gdbql::parameters::among(&text, &self.tokens);
        self.parameters = parameters.into_iter().map(|parameter| parameter.span).collect();
        self.problems.clear();
        self.unchecked = short && text.len() > CHECKED_AT_ONCE;
        if short && !self.unchecked {
            self.check();
        }
    }

    /// Whether the text is so long that it is to be checked when nothing is typed for a moment.
    pub fn is_unchecked(&self) -> bool {
        self.unchecked
    }

    /// Look for what cannot be understood.
    pub fn check(&mut self) {
        let text = self.editor.text();
        self.unchecked = false;
        self.problems.clear();
        for range in &self.statements {
            let parse = |part: &str| gdbql::parse_explained(&gdbql::parameters::neutral(part));
            let Some(Err(error)) = text.get(range.clone()).map(parse) else { continue };
            let span = error.span.start + range.start..error.span.end + range.start;
            self.problems.push(Error { span, ..error });
        }
    }
}

/// The fingerprint of a text.
pub fn fingerprint(text: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Default for Script {
    fn default() -> Self {
        Self::new(EXAMPLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;

    #[test]
    fn the_example_is_understood() {
        assert_eq!(Script::default().problems(), []);
        assert_eq!(Script::default().statements(), 1);
    }

    #[test]
    fn the_query_under_the_cursor_is_sent_without_its_comments_and_in_its_place() {
        let text = "-- é one\nSTREAM e FROM events -- x\nLIMIT 1;\n\nSTREAM f FROM events\n\n-- the end";
        let mut script = Script::new(text);
        let (at, sent) = script.to_send().unwrap();
        assert_eq!(sent, "STREAM e FROM events     \nLIMIT 1");
        assert_eq!(&text[at..at + 6], "STREAM");
        assert_eq!(&text[at + sent.find("LIMIT").unwrap()..][..5], "LIMIT");
        script.go_to(text.find(" f ").unwrap());
        let (second, sent) = script.to_send().unwrap();
        assert_eq!((sent.as_str(), second), ("STREAM f FROM events", text.rfind("STREAM").unwrap()));
        script.go_to(text.len());
        assert_eq!(script.to_send().unwrap().0, second);
        assert_eq!(Script::new("-- nothing\n ").to_send(), None);
    }

    #[test]
    fn problems_stand_at_their_place_and_the_one_at_the_cursor_is_spoken_of() {
        let text = "STREAM e FROM events WHERE e.n = 1\n\nSTREAM e FROM events LIMIT x";
        let mut script = Script::new(text);
        let at = |script: &Script| text[script.problem().unwrap().span.clone()].to_owned();
        assert_eq!(script.problems().len(), 2);
        assert_eq!(at(&script), "=");
        script.go_to(text.len());
        assert_eq!(at(&script), "x");
    }

    #[test]
    fn comments_come_and_go_and_the_cursor_stays() {
        let mut script = Script::new("STREAM e FROM events\nWHERE e.n == 1\n  AND e.m == 2");
        script.go_to(28);
        script.toggle_comment();
        assert_eq!(script.editor().lines()[1], "-- WHERE e.n == 1");
        assert_eq!(script.editor().offset(), 31);
        script.toggle_comment();
        assert_eq!((script.editor().lines()[1].as_str(), script.editor().offset()), ("WHERE e.n == 1", 28));
        script.go_to(21);
        for key in ["shift-down", "shift-end"] {
            script.key(Key::named(key).unwrap());
        }
        script.toggle_comment();
        assert_eq!(script.editor().lines()[1..], ["-- WHERE e.n == 1", "--   AND e.m == 2"]);
        assert!(script.editor().selection().is_none());
    }

    #[test]
    fn a_long_text_is_checked_later() {
        let long = format!("STREAM e FROM events WHERE e.n = 1 -- {}", "x".repeat(CHECKED_AT_ONCE));
        let mut script = Script::new(&long);
        assert_eq!((script.problems().len(), script.is_unchecked()), (0, true));
        script.check();
        assert_eq!((script.problems().len(), script.is_unchecked()), (1, false));
    }

    #[test]
    fn formatting_is_undone_in_one_step_and_leaves_what_it_does_not_understand() {
        let mut script = Script::new("stream e from events where e.n==1");
        assert_eq!(script.format(), Ok(true));
        assert_eq!(script.editor().text(), "STREAM e FROM events\nWHERE e.n == 1");
        assert_eq!(script.format(), Ok(false));
        assert!(script.undo());
        assert_eq!(script.editor().text(), "stream e from events where e.n==1");
        assert!(script.redo());
        assert_eq!(script.editor().lines().len(), 2);
        let mut script = Script::new("stream e from");
        assert!(script.format().is_err());
        assert_eq!((script.editor().text().as_str(), script.version()), ("stream e from", 0));
    }

    #[test]
    fn brackets_find_their_counterpart() {
        let text = "MAP { a: (1 + [2]), b: ')' }";
        let mut script = Script::new(text);
        let mut pair = |offset: usize| {
            script.go_to(offset);
            script.brackets().map(|pair| pair.map(|range| range.start))
        };
        assert_eq!(pair(4), Some([4, 27]));
        assert_eq!(pair(28), Some([27, 4]));
        assert_eq!(pair(9), Some([9, 17]));
        assert_eq!(pair(17), Some([17, 9]), "the one under the cursor, not the one before it");
        assert_eq!(pair(25), None, "inside a string");
        assert_eq!(Script::new("(]").brackets(), None);
    }
}
