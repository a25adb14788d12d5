//! Where a value stands inside a JSON value, written the way GDBQL writes it.
//!
//! Knows nothing of the value itself.

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

    #[test]
    fn is_written_as_a_query_would_name_it() {
        assert_eq!(Path::of("data").key("items").index(0).key("price").to_string(), "data.items[0].price");
        assert_eq!(Path::of("data").key("a-b").key("").key("it's").to_string(), r"data['a-b']['']['it\'s']");
        assert_eq!(Path::default().to_string(), "");
    }
}
