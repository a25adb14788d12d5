//! Saved queries: what is asked of the folder in which they are, and the ones that gdbx brings along.
//!
//! Names are names of files: no two are the same, and none leads out of the folder. Where it is, is the shell's to know.

/// No name is longer than this, in characters.
pub const NAME: usize = 60;
/// What a saved query's file ends with.
pub const EXTENSION: &str = "gdbql";

/// A query under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its name.
    pub name: String,
    /// The query.
    pub text: String,
}

/// What is asked of the folder. The answer is everything that is in it then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nothing: what is there?
    List,
    /// Put a query there.
    Save {
        /// The query.
        query: Saved,
        /// Whether one of the name may be written over.
        replace: bool,
    },
    /// Give a query another name, which no other has.
    Rename {
        /// Its name.
        from: String,
        /// Its new name.
        to: String,
    },
    /// Take a query away.
    Remove(String),
}

/// Why an order was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is a query of that name.
    Exists,
    /// Anything else, as a sentence.
    Failed(String),
}

/// A name that a file can have, as close as possible to what was typed; `None` when nothing is left of it.
pub fn name(typed: &str) -> Option<String> {
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control() => '-',
        c => c,
    };
    let name: String = typed.trim().chars().map(plain).take(NAME).collect();
    let name = name.trim().strip_suffix(".gdbql").unwrap_or(name.trim());
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    (!name.is_empty()).then(|| name.to_owned())
}

macro_rules! starter {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../assets/queries/", $name, ".gdbql")))
    };
}

/// The queries that gdbx brings along, with their names.
pub const STARTERS: [(&str, &str); 12] = [
    starter!("what happened in the last hour"),
    starter!("events by type"),
    starter!("busiest subjects"),
    starter!("latest of each type"),
    starter!("story of a subject"),
    starter!("types of a subject"),
    starter!("newest of a type"),
    starter!("numbers of a field"),
    starter!("who writes what"),
    starter!("first and last event"),
    starter!("between two times"),
    starter!("subjects with one event"),
];

/// What a query says of itself: its first comment.
pub fn about(text: &str) -> &str {
    let line = text.lines().map(str::trim).find(|line| line.starts_with("--") || line.starts_with("//"));
    line.map_or("", |line| line.trim_start_matches(['-', '/', ' '])).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gdbql::{parameters, parse};
    use proptest::prelude::*;

    #[test]
    fn the_starters_are_understood_and_say_what_they_show() {
        for (name, text) in STARTERS {
            parse(&parameters::neutral(text)).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!about(text).is_empty() && !about(text).starts_with(':'), "{name}");
            let offered = super::super::values::offered(text);
            for parameter in parameters::parameters(text) {
                assert!(offered.contains_key(&parameter.name), "{name}: :{} offers nothing", parameter.name);
            }
        }
    }

    proptest! {
        #[test]
        fn names_stay_in_their_folder(typed in "(\\.|/|\\\\|a|é| |:|\u{0}|gdbql|\n){0,90}") {
            if let Some(name) = name(&typed) {
                prop_assert!(name.chars().count() <= NAME && name.trim() == name);
                prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\', '\0', '\n']));
            }
        }
    }
}
