//! What an audit says.
//!
//! 2.x: `Audit passed. All 1234 events integrity checks succeeded.` How a failing audit is worded, and what 1.x says, is
//! not published, so the wording is read liberally. Owns only that reading.

use super::words::{MESSAGE, clean_bytes};
use crate::model::json::Json;

/// The result of a check of the hash chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Whether the store is as it should be.
    pub passed: bool,
    /// The server's own words, cleaned.
    pub text: String,
    /// How many events were checked, when the words say so.
    pub events: Option<u64>,
}

/// Words of a failure; they win over those of a success, which often stand next to them ("not passed").
const BAD: [&str; 11] = [
    "fail",
    "not pass",
    "broken",
    "mismatch",
    "corrupt",
    "invalid",
    "tamper",
    "error",
    "wrong",
    "unsuccess",
    "not valid",
];
const GOOD: [&str; 6] = ["pass", "succe", "valid", "intact", "ok", "true"];

impl Audit {
    /// Read an answer's body.
    pub fn read(body: &[u8]) -> Self {
        let text = clean_bytes(body, MESSAGE);
        let told = super::batch::json(body).ok().and_then(verdict);
        // `0 errors`, `no mismatches`: what did not happen is no failure.
        let mut low = text.to_lowercase();
        for nothing in
            ["0 errors", "0 failures", "0 failed", "0 mismatches", "no errors", "no failures", "no mismatches"]
        {
            low = low.replace(&format!(" {nothing}"), " ");
        }
        let is = |words: &[&str]| words.iter().any(|word| low.contains(word));
        // 2.x's own words decide, whatever is said after them.
        let passed = told.unwrap_or_else(|| low.starts_with("audit passed") || (is(&GOOD) && !is(&BAD)));
        Self { passed, events: events(&low), text }
    }

    /// Whether a body that came with an error's status is a failed audit rather than a refusal to audit.
    pub(super) fn is_failure(text: &str) -> bool {
        let low = text.to_lowercase();
        // Not `error` and the like: the audit itself may have gone wrong.
        let found = ["failed", "not pass", "broken", "mismatch", "corrupt", "tamper"];
        (low.contains("audit") || low.contains("integrity")) && found.iter().any(|word| low.contains(word))
    }
}

/// The verdict of a JSON answer.
fn verdict(value: Json<'_>) -> Option<bool> {
    ["passed", "valid", "success", "ok"].into_iter().find_map(|name| value.get(name)?.as_bool())
}

/// The number before the word `event` or `events`.
fn events(text: &str) -> Option<u64> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || "\"{}:.".contains(c)).collect();
    words.iter().enumerate().find_map(|(at, word)| {
        (word.starts_with("event") && at > 0).then(|| words[at - 1].replace([',', '_', '\''], "").parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_cannot_audit_has_found_nothing() {
        assert!(Audit::is_failure("audit failed: hash mismatch at event 7"));
        assert!(!Audit::is_failure("audit: internal error"));
        assert!(!Audit::is_failure("mismatch of content types"));
    }

    #[test]
    fn reads_many_wordings() {
        for (text, passed, events) in [
            ("Audit passed. All 1234 events integrity checks succeeded.", true, Some(1234)),
            ("Audit passed. All 1,204,331 events …", true, Some(1_204_331)),
            ("Audit passed. All 3 events … 1 of them: its error log could not be checked.", true, Some(3)),
            ("ok", true, None),
            ("OK: 3 events, 0 errors", true, Some(3)),
            ("Audit failed at event d8605ee4: hash mismatch", false, None),
            ("audit not passed", false, None),
            (r#"{"valid":false,"events":3}"#, false, None),
            (r#"{"passed":true}"#, true, None),
            ("", false, None),
        ] {
            let audit = Audit::read(text.as_bytes());
            assert_eq!((audit.passed, audit.events), (passed, events), "{text}");
        }
    }
}
