//! The scanner under [`super::Json`]: finds where values end, and checks them on the way.
//!
//! Every function takes the bytes and a position and gives the position after what it recognised. Nesting is kept
//! in a list of its own, never on the call stack: no input can overflow it.
//!
//! The same code is made twice: telling what is wrong and where, and only that something is, which is faster.

use super::block::{self, LANE};
use super::{JsonError, MAX_DEPTH};
use std::borrow::Cow;
use std::ops::Range;

/// What is told of a text that is no JSON.
pub trait Told {
    /// This is wrong, here.
    fn told(what: &'static str, at: usize) -> Self;
}

impl Told for JsonError {
    #[cold]
    fn told(what: &'static str, at: usize) -> Self {
        Self { what, at }
    }
}

/// That it is none, and nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoJson;

impl Told for NoJson {
    fn told(_: &'static str, _: usize) -> Self {
        Self
    }
}

/// The first position at or after `at` that is no white space.
#[inline]
pub fn white(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// A whole value that starts at `at`.
pub fn value<E: Told>(bytes: &[u8], at: usize) -> Result<usize, E> {
    value_within(bytes, at, MAX_DEPTH)
}

/// The same of at most so many levels.
#[inline]
pub fn value_within<E: Told>(bytes: &[u8], at: usize, levels: usize) -> Result<usize, E> {
    match bytes.get(at) {
        Some(b'{' | b'[') => container(bytes, at, levels),
        _ => scalar(bytes, at),
    }
}

/// The kinds of the open containers, one bit each: set for an object.
struct Open {
    bits: [u64; MAX_DEPTH / 64],
    depth: usize,
    /// So many may be open.
    most: usize,
}

impl Open {
    fn new(most: usize) -> Self {
        Self { bits: [0; MAX_DEPTH / 64], depth: 0, most: most.min(MAX_DEPTH) }
    }

    /// Go one level down; `None` when that is too deep.
    fn push(&mut self, object: bool) -> Option<()> {
        if self.depth >= self.most {
            return None;
        }
        let word = self.bits.get_mut(self.depth / 64)?;
        let bit = 1 << (self.depth % 64);
        *word = if object { *word | bit } else { *word & !bit };
        self.depth += 1;
        Some(())
    }

    /// Whether the innermost one is an object; `None` outside of all.
    fn top(&self) -> Option<bool> {
        let at = self.depth.checked_sub(1)?;
        Some(self.bits[at / 64] >> (at % 64) & 1 == 1)
    }
}

/// An object or array.
fn container<E: Told>(bytes: &[u8], start: usize, levels: usize) -> Result<usize, E> {
    let mut open = Open::new(levels);
    let mut at = start;
    loop {
        // Here a value starts at `at`.
        match bytes.get(at) {
            Some(&bracket @ (b'{' | b'[')) => {
                let object = bracket == b'{';
                let inside = white(bytes, at + 1);
                // `{` and `}`, `[` and `]` are two apart.
                if bytes.get(inside) != Some(&(bracket + 2)) {
                    open.push(object).ok_or_else(|| E::told("nested too deeply", at))?;
                    at = if object { member_key(bytes, inside)? } else { inside };
                    continue;
                }
                at = inside + 1;
            }
            _ => at = scalar(bytes, at)?,
        }
        // Here a value has just ended: close what closes, then go on behind the comma.
        loop {
            let Some(object) = open.top() else { return Ok(at) };
            at = white(bytes, at);
            match bytes.get(at) {
                Some(b',') => {
                    at = white(bytes, at + 1);
                    if object {
                        at = member_key(bytes, at)?;
                    }
                    break;
                }
                Some(b'}') if object => at += 1,
                Some(b']') if !object => at += 1,
                _ => return Err(unclosed(bytes, at, object)),
            }
            open.depth -= 1;
        }
    }
}

/// What is wrong where a value has ended and neither a comma nor the right bracket follows.
#[cold]
fn unclosed<E: Told>(bytes: &[u8], at: usize, object: bool) -> E {
    match bytes.get(at) {
        Some(_) if object => E::told("expected `,` or `}`", at),
        Some(_) => E::told("expected `,` or `]`", at),
        None => E::told("the text ends inside a value", at),
    }
}

/// An object that starts at `at`, told member by member: the key with its quotes, and where the value starts. `member`
/// gives where the value ends.
///
/// One pass checks and splits it, which is what every line that is received goes through.
#[inline]
pub fn object(
    bytes: &[u8],
    at: usize,
    mut member: impl FnMut(Range<usize>, usize) -> Result<usize, NoJson>,
) -> Result<usize, NoJson> {
    let mut at = white(bytes, at + 1);
    if bytes.get(at) == Some(&b'}') {
        return Ok(at + 1);
    }
    loop {
        let (key, start) = member_start(bytes, at)?;
        let end = member(at..key, start)?;
        at = white(bytes, end);
        match bytes.get(at) {
            Some(b',') => at = white(bytes, at + 1),
            Some(b'}') => return Ok(at + 1),
            _ => return Err(unclosed(bytes, at, true)),
        }
    }
}

/// An array that starts at `at`, told item by item: its number and where it starts. `item` gives where it ends.
#[inline]
pub fn array(
    bytes: &[u8],
    at: usize,
    mut item: impl FnMut(usize, usize) -> Result<usize, NoJson>,
) -> Result<usize, NoJson> {
    let mut at = white(bytes, at + 1);
    if bytes.get(at) == Some(&b']') {
        return Ok(at + 1);
    }
    let mut number = 0;
    loop {
        at = white(bytes, item(number, at)?);
        match bytes.get(at) {
            Some(b',') => at = white(bytes, at + 1),
            Some(b']') => return Ok(at + 1),
            _ => return Err(unclosed(bytes, at, false)),
        }
        number += 1;
    }
}

/// A key, its colon, and the white space up to the value.
#[inline]
fn member_key<E: Told>(bytes: &[u8], at: usize) -> Result<usize, E> {
    member_start(bytes, at).map(|(_, value)| value)
}

/// Where a key that starts at `at` ends, and where its value starts.
#[inline]
fn member_start<E: Told>(bytes: &[u8], at: usize) -> Result<(usize, usize), E> {
    if bytes.get(at) != Some(&b'"') {
        let what = if at >= bytes.len() { "the text ends inside a value" } else { "expected a key in double quotes" };
        return Err(E::told(what, at));
    }
    let end = string(bytes, at)?;
    let colon = white(bytes, end);
    match bytes.get(colon) {
        Some(b':') => Ok((end, white(bytes, colon + 1))),
        None => Err(E::told("the text ends inside a value", colon)),
        _ => Err(E::told("expected `:` after the key", colon)),
    }
}

#[inline]
fn scalar<E: Told>(bytes: &[u8], at: usize) -> Result<usize, E> {
    match bytes.get(at) {
        Some(b'"') => string(bytes, at),
        Some(b'-' | b'0'..=b'9') => number(bytes, at),
        Some(b't') => word(bytes, at, b"true").ok_or_else(|| E::told("expected `true`", at)),
        Some(b'f') => word(bytes, at, b"false").ok_or_else(|| E::told("expected `false`", at)),
        Some(b'n') => word(bytes, at, b"null").ok_or_else(|| E::told("expected `null`", at)),
        Some(_) => Err(E::told("expected a value", at)),
        None => Err(E::told("the text ends where a value was expected", at)),
    }
}

/// Where a word that starts at `at` ends. Its length is known, so that comparing it is one instruction or two.
#[inline]
fn word<const N: usize>(bytes: &[u8], at: usize, word: &[u8; N]) -> Option<usize> {
    (bytes.get(at..)?.first_chunk() == Some(word)).then_some(at + N)
}

/// A string with its quotes.
#[inline]
pub fn string<E: Told>(bytes: &[u8], start: usize) -> Result<usize, E> {
    if bytes.get(start) != Some(&b'"') {
        return Err(E::told("expected a string", start));
    }
    match special(bytes, start + 1) {
        // Nearly all strings have no escapes.
        end if bytes.get(end) == Some(&b'"') => Ok(end + 1),
        at => string_rest(bytes, at),
    }
}

/// A string from its first sign on that is none of its plain ones.
fn string_rest<E: Told>(bytes: &[u8], mut at: usize) -> Result<usize, E> {
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = special(bytes, escape(bytes, at)?),
            Some(_) => return Err(E::told("a control character must be escaped", at)),
            None => return Err(E::told("the text ends inside a string", at)),
        }
    }
}

/// The first position at or after `at` where a string may end or break: a quote, a backslash, a control character, or
/// the end of the bytes.
#[inline]
pub fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(lane) = bytes.get(at..).and_then(<[u8]>::first_chunk::<LANE>) {
        let marks = block::special(lane);
        if marks != 0 {
            return at + marks.trailing_zeros() as usize;
        }
        at += LANE;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
        at += 1;
    }
    at
}

fn escape<E: Told>(bytes: &[u8], at: usize) -> Result<usize, E> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match bytes.get(at + 2..at + 6) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
            _ => Err(E::told("`\\u` needs four hexadecimal digits", at)),
        },
        Some(_) => Err(E::told("unknown escape", at)),
        None => Err(E::told("the text ends inside a string", at)),
    }
}

#[inline]
fn number<E: Told>(bytes: &[u8], start: usize) -> Result<usize, E> {
    let digits = |mut at: usize| {
        let first = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if at > first { Ok(at) } else { Err(E::told("expected a digit", at)) }
    };
    let mut at = start + usize::from(bytes[start] == b'-');
    at = match bytes.get(at) {
        Some(b'0') if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
            return Err(E::told("a number must not start with 0", at));
        }
        _ => digits(at)?,
    };
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits(at)?;
    }
    Ok(at)
}

/// The content of a string, its escapes resolved.
pub fn unescape(inner: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        match chars.next() {
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                // JSON allows half of a pair, which is no character.
                let (c, used) = code_point(after).unwrap_or((char::REPLACEMENT_CHARACTER, "uXXXX".len()));
                out.push(c);
                rest = after.get(used..).unwrap_or_default();
                continue;
            }
            Some(c) => out.push(c),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that `uXXXX` (or a pair `uXXXX\uXXXX` of surrogates) at the start of `text` means, and how long it is
/// written; `None` when the digits are missing or half of a pair is.
pub fn code_point(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let first = unit(1)?;
    if (0xd800..0xdc00).contains(&first) && text.get(5..7) == Some("\\u") {
        let second = unit(7).filter(|second| (0xdc00..0xe000).contains(second))?;
        return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).map(|c| (c, 11));
    }
    char::from_u32(first).map(|c| (c, 5))
}
