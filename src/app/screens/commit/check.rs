//! What is wrong with a text of the form, and where. Knows nothing of fields and focus.

use crate::gdbql;
use crate::model::json::{Json, Kind};
use std::ops::Range;

/// Why a text of the form cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong and what to do, as a sentence.
    pub text: String,
    /// The bytes of the text that are to blame.
    pub at: Option<Range<usize>>,
}

impl Problem {
    /// Something wrong with the text as a whole.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), at: None }
    }
}

/// Check that a text is a JSON object. `what` names it at the start of a sentence.
///
/// # Errors
/// Where it stops being JSON, with line and column; or what it is instead.
pub fn object<'a>(text: &'a str, what: &str) -> Result<Json<'a>, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(format!("{what} is empty. The smallest is {{}}.")));
    }
    let json = Json::parse(text).map_err(|error| {
        let (line, column) = gdbql::line_column(text, error.at);
        let text_of = format!("Line {line}, column {column}: {}.", error.what);
        Problem { text: text_of, at: Some(mark(text, error.at)) }
    })?;
    let kind = match json.kind() {
        Kind::Object => return Ok(json),
        Kind::Array => "an array",
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Bool | Kind::Null => "a constant",
    };
    Err(Problem::new(format!("{what} must be an object, {{…}}; this is {kind}.")))
}

/// What our own parser says against a query. The server is the judge: this is a warning, not a refusal.
pub fn query(text: &str) -> Option<Problem> {
    let error = gdbql::parse(text).err()?;
    let (line, column) = gdbql::line_column(text, error.span.start);
    let at = if error.span.is_empty() { mark(text, error.span.start) } else { error.span };
    Some(Problem { text: format!("Line {line}, column {column}: {}", error.message), at: Some(at) })
}

/// The character at a byte; at the end of a line or of the text, the last one before it that can be seen.
fn mark(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at);
    match text[at..].chars().next() {
        Some(c) if !c.is_whitespace() => at..at + c.len_utf8(),
        _ => {
            let seen = text[..at].trim_end();
            let last = seen.chars().next_back().map_or(0, char::len_utf8);
            seen.len() - last..seen.len()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_json_stops_being_json() {
        let problem = object("{\n  \"é\" 1 }", "The payload").unwrap_err();
        assert_eq!(problem.text, "Line 2, column 7: expected `:` after the key.");
        assert_eq!(problem.at, Some(9..10));
        // At the end there is nothing to underline but what stands before it.
        let problem = object("{\"a\": \n\n", "The payload").unwrap_err();
        assert_eq!(problem.at, Some(4..5));
        assert_eq!(object("[1]", "It").unwrap_err().text, "It must be an object, {…}; this is an array.");
        assert!(object(" ", "It").unwrap_err().text.contains("empty"));
        assert!(object(" {\"n\": 1e400} ", "It").is_ok());
    }

    #[test]
    fn a_query_that_is_not_understood_is_marked() {
        assert_eq!(query("STREAM e FROM events MAP COUNT() == 0"), None);
        let text = "STREAM e FROM events WHERE";
        let at = query(text).and_then(|problem| problem.at).unwrap();
        assert!(at.end <= text.len() && !at.is_empty());
    }
}
