//! Where a value stands inside a JSON value, written the way GDBQL writes it.
//!
//! Knows nothing of the value itself.

use super::json::Json;
use std::fmt;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To a member of an object.
    Key(Box<str>),
    /// To an item of an array.
    Index(usize),
}

/// A way into a value, from its outside; the empty one is the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The way to a member of the outermost object.
    pub fn of(key: &str) -> Self {
        Self::default().key(key)
    }

    /// The way on to a member.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// The way on to an item.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// Read a path as it is written: `data.items[0].price`, `data['a-b']`. `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (step, after) = match rest.strip_prefix('[') {
                Some(inner) => bracketed(inner)?,
                None => {
                    let name = if steps.is_empty() { rest } else { rest.strip_prefix('.')? };
                    let end = name.find(['.', '[']).unwrap_or(name.len());
                    let (name, after) = name.split_at(end);
                    (Step::Key(Some(name.trim()).filter(|name| !name.is_empty())?.into()), after)
                }
            };
            steps.push(step);
            rest = after;
        }
        (!steps.is_empty()).then_some(Self(steps))
    }

    /// The value at the end of the path.
    pub fn find<'a>(&self, value: Json<'a>) -> Option<Json<'a>> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.item(*index),
        })
    }

    /// The steps, from the outside.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl fmt::Display for Path {
    /// `data.items[0].price`; a key that is no name stands in brackets: `data['a-b']`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        for step in &self.0 {
            match step {
                Step::Index(index) => out.push_str(&format!("[{index}]")),
                Step::Key(key) => push_key(&mut out, key),
            }
        }
        f.write_str(&out)
    }
}

/// A step in brackets, of which the first one is passed already, and what comes behind them.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    let Some(quoted) = text.strip_prefix('\'') else {
        let (index, after) = text.split_once(']')?;
        return Some((Step::Index(index.trim().parse().ok()?), after));
    };
    let mut key = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => key.push(chars.next()?.1),
            '\'' => return Some((Step::Key(key.into()), quoted[at + 1..].strip_prefix(']')?)),
            c => key.push(c),
        }
    }
    None
}

/// Put a key behind a path that is being written.
pub fn push_key(path: &mut String, key: &str) {
    if !is_name(key) {
        return path.push_str(&format!("['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")));
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

fn is_name(key: &str) -> bool {
    key.starts_with(|c: char| c.is_alphabetic() || c == '_') && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_read_as_it_is_written(steps in prop::collection::vec(prop_oneof![
            "[a-c.'\\\\\\[ é-]{0,4}".prop_map(|key| Step::Key(key.into())),
            (0usize..12).prop_map(Step::Index),
        ], 1..5)) {
            let path = Path(steps);
            prop_assert_eq!(Path::parse(&path.to_string()), Some(path));
        }
    }

    #[test]
    fn finds_its_value_and_reads_no_nonsense() {
        let event = Json::parse(r#"{"data":{"items":[{"price":1.50}],"a-b":null}}"#).unwrap();
        let at = |text: &str| Path::parse(text).and_then(|path| path.find(event)).map(Json::text);
        assert_eq!(at("data.items[0].price"), Some("1.50"));
        assert_eq!((at("data['a-b']"), at("data.items[1]"), at("data.items.price")), (Some("null"), None, None));
        for text in ["", "  ", ".", "a.", "a..b", "a[", "a[x]", "a['b]", "a[0", "a]b["] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }

    #[test]
    fn is_written_as_a_query_would_name_it() {
        assert_eq!(Path::of("data").key("items").index(0).key("price").to_string(), "data.items[0].price");
        assert_eq!(Path::of("data").key("a-b").key("").key("it's").to_string(), r"data['a-b']['']['it\'s']");
        assert_eq!(Path::default().to_string(), "");
    }
}
