//! The rows that match what was typed.
//!
//! Rows are looked at in the order on the screen, in portions between which the keys get their turn; each row is looked at
//! once, whatever becomes of the order. A row matches when one of its values does: its keys are not looked at. Knows
//! nothing of columns.

use super::bits::Bits;
use super::order::Order;
use crate::app::rows::Rows;
use crate::model::json::{Json, Kind};
use regex::{Regex, RegexBuilder};

/// The largest program that a regular expression may become, in bytes.
const REGEX_SIZE: usize = 1 << 20;
/// How much is done in one portion: a byte of a row that is looked at, or a row that is known, is one.
const PORTION: usize = 2 << 20;
/// What a row costs beside its bytes.
const ROW: usize = 100;

/// What is looked for in values.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    regex: Regex,
    /// Whether a match in the text of a row is a match in one of its values or keys, unless there are escapes.
    plain: bool,
}

impl Pattern {
    /// Understand what was typed: `/regex/`, or a text in which small letters find both and a capital only itself. An
    /// empty line looks for nothing.
    ///
    /// # Errors
    /// Why it is no regular expression.
    pub fn new(line: &str) -> Result<Option<Self>, String> {
        let text = line.trim();
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|inner| !inner.is_empty());
        let pattern = inner.map_or_else(|| regex::escape(text), str::to_owned);
        if text.is_empty() {
            return Ok(None);
        }
        let small = !inner.map_or_else(|| text.to_owned(), letters).chars().any(char::is_uppercase);
        let regex = RegexBuilder::new(&pattern).case_insensitive(small).size_limit(REGEX_SIZE).build();
        let regex = regex.map_err(|error| said(&error))?;
        let plain = inner.is_none() && !text.contains(|c: char| c == '"' || c == '\\' || c.is_control());
        Ok(Some(Self { source: text.to_owned(), regex, plain }))
    }

    /// What was typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether a value of a row matches.
    pub fn matches(&self, row: &str) -> bool {
        // What stands nowhere in the text stands in no value.
        if self.plain && !row.contains('\\') && !self.regex.is_match(row) {
            return false;
        }
        self.is_in(Json::trusted(row))
    }

    fn is_in(&self, value: Json<'_>) -> bool {
        match value.kind() {
            Kind::Object => value.members().any(|(_, value)| self.is_in(value)),
            Kind::Array => value.items().any(|value| self.is_in(value)),
            Kind::String => value.as_str().is_some_and(|text| self.regex.is_match(&text)),
            _ => self.regex.is_match(value.text()),
        }
    }
}

/// A regular expression without its escapes: the `S` of `\S` is no capital.
fn letters(pattern: &str) -> String {
    let mut chars = pattern.chars();
    let mut letters = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c => letters.push(c),
        }
    }
    letters
}

/// The last line says what is wrong; those before it point at the place.
fn said(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    format!("Not a regular expression: {}.", last.strip_prefix("error: ").unwrap_or(last))
}

/// The rows that match, and how far they were looked for.
#[derive(Debug)]
pub struct Filter {
    pattern: Pattern,
    /// For each row whether it was looked at, and whether it matches.
    seen: Bits,
    hits: Bits,
    /// The rows that match, in the order on the screen.
    found: Vec<u32>,
    /// How many positions of the order were passed.
    passed: usize,
}

impl Filter {
    /// Look for a pattern. Nothing was looked at yet.
    pub fn new(pattern: Pattern) -> Self {
        Self { pattern, seen: Bits::default(), hits: Bits::default(), found: Vec::new(), passed: 0 }
    }

    /// What is looked for.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The rows that match, as far as they were found.
    pub fn found(&self) -> &[u32] {
        &self.found
    }

    /// How many rows were passed.
    pub fn passed(&self) -> usize {
        self.passed
    }

    /// The order has changed: what is known of the rows holds.
    pub fn reordered(&mut self) {
        self.found.clear();
        self.passed = 0;
    }

    /// Pass a portion of the rows. Tells whether there is more to do.
    pub fn advance(&mut self, rows: &Rows, order: &Order) -> bool {
        let mut done = 0;
        while self.passed < rows.len() && done < PORTION {
            let row = order.row(self.passed);
            done += 1;
            if !self.seen.contains(row) {
                let text = rows.get(row).unwrap_or_default();
                self.seen.insert(row);
                done += text.len() + ROW;
                if self.pattern.matches(text) {
                    self.hits.insert(row);
                }
            }
            if let (true, Ok(number)) = (self.hits.contains(row), u32::try_from(row)) {
                self.found.push(number);
            }
            self.passed += 1;
        }
        self.passed < rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::Columns;
    use super::super::order::{Direction, SortBy};
    use super::*;
    use proptest::prelude::*;

    fn matches(line: &str, row: &str) -> bool {
        Pattern::new(line).unwrap().unwrap().matches(row)
    }

    #[test]
    fn values_are_looked_at_and_keys_are_not() {
        let row = r#"{"Name":"Zo\u00eb","tags":["Book",{"n":12.50}],"none":null}"#;
        for (line, expected) in [
            ("zoë", true),
            ("Zoë", true),
            ("ZOË", false),
            ("book", true),
            ("name", false),
            ("12.5", true),
            ("null", true),
            ("/^b..k$/", true),
            ("/^B..k$/", true),
            ("/^BOOK$/", false),
            (r"/^\S+K$/", false),
            (r"/^\S+k$/", true),
            ("u00eb", false),
        ] {
            assert_eq!(matches(line, row), expected, "{line}");
        }
        assert!(matches("two", r#""one two""#) && matches("\"", r#"{"a":"x\"y"}"#));
        assert!(!matches("\"", r#"{"a":"xy"}"#));
        assert!(Pattern::new("  ").unwrap().is_none());
        assert!(Pattern::new("/(/").unwrap_err().starts_with("Not a regular expression: unclosed group"));
    }

    proptest! {
        /// Whatever comes between: rows that arrive, another order. What is found are the rows that match, in order.
        #[test]
        fn what_is_found_are_the_matching_rows_in_order(
            numbers in prop::collection::vec(0u32..50, 0..40),
            parts in 1usize..4,
            wanted in "[0-9]",
            down in prop::option::of(any::<bool>()),
        ) {
            let texts: Vec<String> = numbers.iter().map(|n| format!("{{\"n\":{n}}}")).collect();
            let (mut rows, mut columns, mut order) = (Rows::default(), Columns::default(), Order::default());
            let mut filter = Filter::new(Pattern::new(&wanted).unwrap().unwrap());
            for part in texts.chunks(texts.len() / parts + 1) {
                part.iter().for_each(|row| columns.look_at(Json::trusted(row)));
                rows.append(part.iter().collect());
                while filter.advance(&rows, &order) {}
            }
            let mut expected: Vec<usize> = (0..texts.len()).collect();
            if let Some(down) = down {
                let direction = if down { Direction::Down } else { Direction::Up };
                order.sort(vec![SortBy { column: 0, direction }], &rows);
                while order.is_working() {
                    if order.advance(&rows, &columns) {
                        filter.reordered();
                    }
                }
                while filter.advance(&rows, &order) {}
                expected.sort_by_key(|row| if down { -i64::from(numbers[*row]) } else { i64::from(numbers[*row]) });
            }
            expected.retain(|row| numbers[*row].to_string().contains(&wanted));
            prop_assert_eq!(filter.found().iter().map(|row| *row as usize).collect::<Vec<_>>(), expected);
        }
    }
}
