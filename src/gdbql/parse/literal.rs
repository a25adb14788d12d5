//! Strings and numbers: from how they are written to what they say.
//!
//! Owns escapes and the notation of numbers. Knows nothing of what stands around them.

use crate::gdbql::Error;
use crate::model::json::code_point;
use std::ops::Range;

/// The content of a closed string, whose quotes are part of `written`.
pub fn string(written: &str, span: Range<usize>) -> Result<String, Error> {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let at = span.start + 1 + (inner.len() - after.len()) - 1;
        let c = after.chars().next().unwrap_or_default();
        let simple = match c {
            '\'' | '"' | '\\' | '/' => Some(c),
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            _ => None,
        };
        let used = match simple {
            Some(meant) => {
                out.push(meant);
                c.len_utf8()
            }
            None if c == 'u' => {
                let (meant, used) = code_point(after).ok_or_else(|| {
                    let end = at + 2 + after[1..].bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
                    Error::at(at..end, "`\\u` needs the four hexadecimal digits of a character, `\\u00e9`")
                })?;
                out.push(meant);
                used
            }
            None => {
                let message = format!("`\\{c}` is no escape; a backslash itself is written `\\\\`");
                return Err(Error::at(at..at + 1 + c.len_utf8(), message));
            }
        };
        rest = after.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(out)
}

/// Check an unsigned number as the scanner found it.
pub fn number(written: &str, span: Range<usize>) -> Result<String, Error> {
    let bytes = written.as_bytes();
    if bytes.first() == Some(&b'0') && bytes.get(1).is_some_and(u8::is_ascii_digit) {
        return Err(Error::at(span, "a number does not start with 0"));
    }
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(written.to_owned()),
        _ => Err(Error::at(span, "the number is too large")),
    }
}
