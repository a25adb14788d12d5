//! JSON text that is read in place.
//!
//! An event's bytes are kept exactly as the server sent them: numbers above 2^53, the order of keys and unknown
//! fields survive because nothing is ever converted. [`Json`] is a checked piece of such text; looking a value up
//! walks the text. Decoding happens for what is looked at, when it is looked at.

mod block;
mod pick;
mod pretty;
mod scan;
mod skip;
#[cfg(test)]
pub(crate) mod tests;

pub use pick::{Picked, Picker};
pub use pretty::pretty;
pub use scan::code_point;

use rustc_hash::FxHashMap;
use scan::NoJson;
use std::borrow::Cow;
use std::fmt;

/// How deep arrays and objects may nest before the text is refused, in levels.
pub const MAX_DEPTH: usize = 512;

/// The text of one JSON value: well formed, without white space around it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Json<'a>(&'a str);

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, in any notation that JSON allows
    Number,
    /// A string
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct JsonError {
    /// What is wrong, as a sentence without its full stop.
    pub what: &'static str,
    /// Where, in bytes from the start of the text.
    pub at: usize,
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'a> Json<'a> {
    /// `null`, for a value that is not there.
    pub const NULL: Json<'static> = Json("null");

    /// Check that `text` is one JSON value, with nothing but white space around it.
    ///
    /// # Errors
    /// The first place where the text stops being JSON, or nests deeper than [`MAX_DEPTH`].
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let bytes = text.as_bytes();
        let start = scan::white(bytes, 0);
        let end = value_end(bytes, start)?;
        match scan::white(bytes, end) {
            at if at == bytes.len() => Ok(Self(&text[start..end])),
            at => Err(JsonError { what: "unexpected text after the value", at }),
        }
    }

    /// Check that `text` is one JSON object, and tell its members on the way: the key, and where the value starts. `member`
    /// tells where it ends, as [`value_end`] does, or `None` when it is none. `None` when the text is another kind of value.
    ///
    /// # Errors
    /// As [`Json::parse`]; members may have been told by then.
    pub fn parse_object(
        text: &'a str,
        mut member: impl FnMut(Key<'a>, usize) -> Option<usize>,
    ) -> Result<Option<Self>, JsonError> {
        let bytes = text.as_bytes();
        let start = scan::white(bytes, 0);
        if bytes.get(start) != Some(&b'{') {
            return Self::parse(text).map(|_| None);
        }
        let end = scan::object(bytes, start, |key, start| member(Key(&text[key]), start).ok_or(NoJson));
        // Why it is none is worth a second look.
        let Ok(end) = end else { return Self::parse(text).map(|_| None) };
        match scan::white(bytes, end) {
            at if at == bytes.len() => Ok(Some(Self(&text[start..end]))),
            at => Err(JsonError { what: "unexpected text after the value", at }),
        }
    }

    /// A text that is already known to be one JSON value, from a checked line for instance.
    ///
    /// Nothing breaks when it is not: values that cannot be read are then simply not found.
    pub fn trusted(text: &'a str) -> Self {
        Self(text.trim_matches([' ', '\t', '\n', '\r']))
    }

    /// A text that is known to be one JSON value, with nothing around it.
    #[inline]
    pub(super) fn exact(text: &'a str) -> Self {
        Self(text)
    }

    /// The text itself, as it was written.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// What the value is, told from its first character.
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// The string's content with its escapes resolved; `None` for any other kind.
    ///
    /// Borrowed when there is nothing to resolve. A lone surrogate becomes U+FFFD.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(scan::unescape(inner))
    }

    /// `true` or `false`; `None` for any other kind.
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The number as the nearest double; `None` for any other kind.
    pub fn as_f64(self) -> Option<f64> {
        (self.kind() == Kind::Number).then(|| self.0.parse().ok())?
    }

    /// The value of an object's member; of the last one when the key stands there twice.
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        self.members().filter(|(name, _)| name.is(key)).last().map(|(_, value)| value)
    }

    /// The value of an array's item.
    pub fn item(self, index: usize) -> Option<Json<'a>> {
        self.items().nth(index)
    }

    /// The members of an object, in the order in which they are written; none for any other kind.
    pub fn members(self) -> Members<'a> {
        Members(Inside::new(self.0, b'{'))
    }

    /// The items of an array; none for any other kind.
    pub fn items(self) -> Items<'a> {
        Items(Inside::new(self.0, b'['))
    }

    /// The members of an object with each key once: at its first place, with its last value, as [`Json::get`] reads it.
    pub fn fields(self) -> Vec<(Cow<'a, str>, Json<'a>)> {
        let mut fields: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut places = FxHashMap::default();
        for (key, value) in self.members() {
            let name = key.name();
            match places.get(&name).and_then(|place: &usize| fields.get_mut(*place)) {
                Some(field) => field.1 = value,
                None => {
                    places.insert(name.clone(), fields.len());
                    fields.push((name, value));
                }
            }
        }
        fields
    }

    /// How many members or items the value has; 0 for a scalar.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Object => self.members().count(),
            Kind::Array => self.items().count(),
            _ => 0,
        }
    }

    /// Whether [`Json::len`] is 0; true of scalars.
    pub fn is_empty(self) -> bool {
        self.members().next().is_none() && self.items().next().is_none()
    }
}

/// A key of an object as it is written, quotes and escapes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a>(&'a str);

impl<'a> Key<'a> {
    /// Whether the key says `name` once its escapes are resolved.
    pub fn is(self, name: &str) -> bool {
        let inner = self.inner();
        // What is written with an escape says something else than its letters.
        if inner == name {
            return !name.contains('\\');
        }
        // Every escape is longer than what it stands for.
        inner.len() > name.len() && inner.contains('\\') && scan::unescape(inner) == name
    }

    /// The key as it is written, without its quotes.
    pub fn plain(self) -> &'a str {
        self.inner()
    }

    /// Whether there are escapes in it.
    pub fn is_escaped(self) -> bool {
        self.inner().contains('\\')
    }

    /// The key with its escapes resolved.
    pub fn name(self) -> Cow<'a, str> {
        scan::unescape(self.inner())
    }

    /// The key as it is written, with its quotes.
    pub fn text(self) -> &'a str {
        self.0
    }

    fn inner(self) -> &'a str {
        self.0.get(1..self.0.len().saturating_sub(1)).unwrap_or_default()
    }
}

/// Iterator over an object's members, see [`Json::members`].
#[derive(Clone, Debug)]
pub struct Members<'a>(Inside<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Key<'a>, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.0.take(scan::string)?;
        self.0.pass(b':')?;
        let value = self.0.take(scan::value)?;
        self.0.pass(b',');
        Some((Key(key), Json(value)))
    }
}

/// Iterator over an array's items, see [`Json::items`].
#[derive(Clone, Debug)]
pub struct Items<'a>(Inside<'a>);

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = self.0.take(scan::value)?;
        self.0.pass(b',');
        Some(Json(value))
    }
}

/// A position inside a container's text.
#[derive(Clone, Debug)]
struct Inside<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Inside<'a> {
    fn new(text: &'a str, open: u8) -> Self {
        let at = if text.as_bytes().first() == Some(&open) { 1 } else { text.len() };
        Self { text, at }
    }

    /// What `read` recognises here. At a closing bracket, and on text that is no JSON, there is nothing, ever again.
    fn take(&mut self, read: impl Fn(&[u8], usize) -> Result<usize, NoJson>) -> Option<&'a str> {
        let start = scan::white(self.text.as_bytes(), self.at);
        match read(self.text.as_bytes(), start) {
            Ok(end) => {
                self.at = end;
                self.text.get(start..end)
            }
            Err(_) => {
                self.at = self.text.len();
                None
            }
        }
    }

    fn pass(&mut self, byte: u8) -> Option<()> {
        let at = scan::white(self.text.as_bytes(), self.at);
        (self.text.as_bytes().get(at) == Some(&byte)).then(|| self.at = at + 1)
    }
}

/// Where the value that starts at byte `at` ends.
///
/// # Errors
/// The first place where the bytes stop being JSON; behind their end, when the value may go on there.
pub fn value_end(bytes: &[u8], at: usize) -> Result<usize, JsonError> {
    sound_end(bytes, at).ok_or(NoJson).or_else(|NoJson| scan::value(bytes, at))
}

/// Where the value that starts at byte `at` ends; `None` when it is no JSON, whatever is wrong with it.
#[inline]
pub fn sound_end(bytes: &[u8], at: usize) -> Option<usize> {
    scan::value::<NoJson>(bytes, at).ok()
}

/// Where the object or array that starts at byte `at` ends, told from its strings and the balance of its brackets alone:
/// several times as fast as [`value_end`], and no check. `None` when that cannot be told so.
pub fn skipped_end(bytes: &[u8], at: usize) -> Option<usize> {
    skip::skip(bytes, at)
}

/// Where the plain string whose content starts at byte `at` ends, its quote not included: one without escapes and
/// control characters. `None` for any other.
#[inline]
pub fn plain_end(bytes: &[u8], at: usize) -> Option<usize> {
    let end = scan::special(bytes, at);
    (bytes.get(end) == Some(&b'"')).then_some(end)
}

/// `text` as a JSON string, quotes included.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Append `text` to `out` as a JSON string, quotes included.
pub fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                let code = c as u32;
                out.push_str("\\u00");
                out.push(char::from_digit(code >> 4, 16).unwrap_or('0'));
                out.push(char::from_digit(code & 15, 16).unwrap_or('0'));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
