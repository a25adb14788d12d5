//! Where an event mentions a value: an id, an address, an order number.
//!
//! A value is mentioned where exactly it stands: as a whole JSON string or number, or as a whole part of the event's
//! subject (`/customer/42` mentions `42`). Parts of longer values are no mention, nor are names of fields.

use super::json::{Json, Kind};
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::ops::Range;

/// A value that is looked for. Cheap to share with a worker thread.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The value as it is written.
    token: Box<str>,
    /// The content of a string, or the number.
    text: Box<str>,
    kind: Kind,
    finder: Finder<'static>,
}

impl PartialEq for Mention {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.text) == (other.kind, &other.text)
    }
}

impl Eq for Mention {}

/// Deeper values are not looked into.
const MAX_DEPTH: usize = 128;

impl Mention {
    /// Look for a value. `None` when that makes no sense: only strings and numbers that are not empty tell events apart.
    pub fn of(value: Json<'_>) -> Option<Self> {
        let text: Cow<'_, str> = match value.kind() {
            Kind::String => value.as_str()?,
            Kind::Number => value.text().into(),
            _ => return None,
        };
        (!text.is_empty()).then(|| Self {
            token: value.text().into(),
            kind: value.kind(),
            finder: Finder::new(text.as_bytes()).into_owned(),
            text: text.into(),
        })
    }

    /// The value as it is written.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether an event's line mentions the value.
    pub fn matches(&self, line: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(line) else { return false };
        // Only a text with a backslash can have the value in another notation.
        let possible = self.finder.find(line).is_some() || memchr::memchr(b'\\', line).is_some();
        possible && self.stands_in(Json::trusted(text), 0, &mut None)
    }

    /// Where an event mentions the value first: `data.items[0].id`.
    pub fn place(&self, event: Json<'_>) -> Option<String> {
        let mut place = Some(String::new());
        self.stands_in(event, 0, &mut place).then_some(place).flatten()
    }

    /// Where in the text of an event, or of a part of one, the value stands as it is usually written: between quotes, or
    /// between the slashes of a subject. For marking it; what matches is [`Mention::matches`]'s to say.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let byte = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).copied();
        let hits = self.finder.find_iter(text.as_bytes());
        hits.map(|at| at..at + self.text.len()).filter(move |place| {
            let (before, after) = (byte(place.start.checked_sub(1)), byte(Some(place.end)));
            let ends = |byte: Option<u8>| byte.is_none_or(|byte| matches!(byte, b'"' | b'/'));
            let part =
                |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte));
            match self.kind {
                Kind::String => ends(before) && ends(after),
                _ => !part(before) && !part(after) && before != Some(b'"'),
            }
        })
    }

    fn stands_in(&self, value: Json<'_>, depth: usize, place: &mut Option<String>) -> bool {
        match value.kind() {
            Kind::Object if depth < MAX_DEPTH => value.members().any(|(key, member)| {
                let before =
                    enter(place, || if depth == 0 { key.name().into_owned() } else { format!(".{}", key.name()) });
                let inside = self.stands_in(member, depth + 1, place);
                let found = inside || (depth == 0 && key.is("subject") && self.is_part_of(member));
                found || leave(place, before)
            }),
            Kind::Array if depth < MAX_DEPTH => value.items().enumerate().any(|(index, item)| {
                let before = enter(place, || format!("[{index}]"));
                self.stands_in(item, depth + 1, place) || leave(place, before)
            }),
            Kind::String if self.kind == Kind::String => value.as_str().is_some_and(|text| *text == *self.text),
            Kind::Number if self.kind == Kind::Number => value.text() == &*self.text,
            _ => false,
        }
    }

    /// Whether the value is one of the parts between the slashes of a subject.
    fn is_part_of(&self, subject: Json<'_>) -> bool {
        subject.as_str().is_some_and(|subject| subject.split('/').any(|part| part == &*self.text))
    }
}

/// Note where one goes; gives how long the note was.
fn enter(place: &mut Option<String>, step: impl FnOnce() -> String) -> usize {
    place.as_mut().map_or(0, |place| {
        let before = place.len();
        place.push_str(&step());
        before
    })
}

/// Nothing was found there. Always `false`.
fn leave(place: &mut Option<String>, before: usize) -> bool {
    if let Some(place) = place {
        place.truncate(before);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::json::quote;
    use proptest::prelude::*;

    fn place(token: &str, line: &str) -> Option<String> {
        let mention = Mention::of(Json::parse(token).unwrap()).unwrap();
        let place = mention.place(Json::parse(line).unwrap());
        assert_eq!(mention.matches(line.as_bytes()), place.is_some(), "{token} in {line}");
        place
    }

    #[test]
    fn a_value_is_mentioned_where_exactly_it_stands() {
        let line = r#"{"subject":"/order/42/x","id":"e1","data":{"a":"abc","n":4210,"abc2":["zabc",{"c":"a\u0062c d"}],"k":42.0}}"#;
        for (token, at) in [
            (r#""abc""#, Some("data.a")),
            (r#""a\u0062c""#, Some("data.a")),
            (r#""abc d""#, Some("data.abc2[1].c")),
            (r#""abc2""#, None),
            (r#""ab""#, None),
            ("42", Some("subject")),
            (r#""42""#, Some("subject")),
            ("4210", Some("data.n")),
            (r#""4210""#, None),
            ("421", None),
            (r#""/order/42/x""#, Some("subject")),
            (r#""/order/42""#, None),
            (r#""e1""#, Some("id")),
            (r#"",""#, None),
        ] {
            assert_eq!(place(token, line).as_deref(), at, "{token}");
        }
        for token in ["true", "null", "{}", "[1]", r#""""#] {
            assert_eq!(Mention::of(Json::parse(token).unwrap()), None, "{token}");
        }
    }

    proptest! {
        /// What serde finds by walking the decoded value, however strings are escaped.
        #[test]
        fn agrees_with_a_walk_over_decoded_values(
            members in prop::collection::vec(("[ab]{1,2}", "[ab,\":]{0,3}", any::<bool>()), 0..6),
            wanted in "[ab,\":]{1,2}",
        ) {
            let write = |text: &str, escaped: bool| match escaped {
                true => format!("\"{}\"", text.chars().map(|c| format!("\\u{:04x}", c as u32)).collect::<String>()),
                false => quote(text),
            };
            let text: Vec<_> = members.iter().map(|(k, v, e)| format!("{}:[{}]", quote(k), write(v, *e))).collect();
            let line = format!(r#"{{"data":{{{}}}}}"#, text.join(","));
            let mention = Mention::of(Json::parse(&quote(&wanted)).unwrap()).unwrap();
            let expected = members.iter().any(|(_, value, _)| *value == wanted);
            prop_assert_eq!(mention.matches(line.as_bytes()), expected, "{} in {}", wanted, line);
        }
    }
}
