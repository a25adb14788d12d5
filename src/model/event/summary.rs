//! What a row of the log needs of an event, read without looking at more than that.
//!
//! GenesisDB writes the fields of an event in one order and without white space. Such a line is read in one straight
//! pass; any other line is read as an [`Envelope`], field by field. The payload is only passed over.

use super::usual::Usual;
use super::{Envelope, EventError};
use crate::model::json;
use crate::model::time;
use std::borrow::Cow;

/// What a row of the log needs of an event.
///
/// The envelope is checked. Of `data` only the strings and the balance of the brackets are: whoever looks at the payload
/// is told what is wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary<'a> {
    /// What it is about, `/customer/42`.
    pub subject: Cow<'a, str>,
    /// The event type, `io.genesisdb.app.customer-added`.
    pub kind: Cow<'a, str>,
    /// When it was stored, in nanoseconds since 1970; `None` when the event does not say it in a way that is understood.
    pub time: Option<i64>,
}

impl<'a> Summary<'a> {
    /// Read the event of one line.
    ///
    /// # Errors
    /// When the line is no UTF-8, no JSON, or lacks a field without which it is no event.
    pub fn from_line(line: &'a [u8]) -> Result<Self, EventError> {
        let text = super::text_of(line)?;
        match Self::first(text) {
            Some((summary, end)) if end == line.len() => Ok(summary),
            // Whoever skips cannot tell what is wrong, and gives up on some payloads that are sound.
            _ => Envelope::of_any_layout(text, skipped)
                .or_else(|_| Envelope::from_line(line))
                .map(|event| Self::of(&event)),
        }
    }

    /// Read the event of the usual layout that `text` starts with; also gives where it ends. `None` says nothing about
    /// the text: it has to be read another way.
    pub fn first(text: &'a str) -> Option<(Self, usize)> {
        let mut usual = Usual { text, at: 0 };
        usual.text(b"{\"source\":\"")?;
        let subject = usual.text(b",\"subject\":\"")?;
        let kind = usual.text(b",\"type\":\"")?;
        usual.text(b",\"specversion\":\"")?;
        usual.text(b",\"id\":\"")?;
        let time = usual.text(b",\"time\":\"")?;
        usual.text(b",\"datacontenttype\":\"")?;
        usual.text(b",\"predecessorhash\":\"")?;
        usual.data(skipped)?;
        usual.text(b",\"hash\":\"")?;
        usual.pass(b"}")?;
        Some((Self { subject: subject.into(), kind: kind.into(), time: time::parse(time) }, usual.at))
    }

    fn of(event: &Envelope<'a>) -> Self {
        let time = event.time.as_deref().and_then(time::parse);
        Self { subject: event.subject.clone(), kind: event.kind.clone(), time }
    }
}

/// Where a payload of the usual layout ends, its objects and arrays not looked at.
#[inline]
fn skipped(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    match bytes.get(at)? {
        b'{' | b'[' => json::skipped_end(bytes, at),
        _ => json::value_end(bytes, at).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(subject: &str, data: &str, time: &str) -> String {
        let (subject, time) = (json::quote(subject), json::quote(time));
        format!(
            r#"{{"source":"s","subject":{subject},"type":"t.u","specversion":"1.0","id":"i","time":{time},"datacontenttype":"application/json","predecessorhash":"00","data":{data},"hash":"ff"}}"#
        )
    }

    proptest! {
        /// However a line is written, its summary is that of its envelope.
        #[test]
        fn agrees_with_the_envelope(subject in "/[a-zé\"\\\\]{0,40}", data in crate::model::json::tests::any_json(), time in "(2025-06-02T15:40:01.188557875Z)|[0-9]{0,3}", at in any::<prop::sample::Index>(), other in any::<char>()) {
            let text = line(&subject, &data.to_string(), &time);
            let mut changed: Vec<char> = text.chars().collect();
            let place = at.index(changed.len());
            changed[place] = other;
            let changed: String = changed.into_iter().collect();
            prop_assert_eq!(Summary::from_line(text.as_bytes()).unwrap().subject, subject);
            for text in [text, changed] {
                match (Summary::from_line(text.as_bytes()), Envelope::from_line(text.as_bytes())) {
                    (Ok(summary), Ok(event)) => prop_assert_eq!(summary, Summary::of(&event)),
                    (Err(one), Err(other)) => prop_assert_eq!(one, other),
                    (Ok(_), Err(error)) => {
                        // Only what stands inside the payload is left unread.
                        let data = text.find(",\"data\":").unwrap()..text.rfind(",\"hash\":").unwrap();
                        let EventError::Json(error) = error else { panic!("{error}: {text}") };
                        prop_assert!(data.contains(&error.at) || error.at == data.end, "{}: {}", error, text);
                    }
                    (Err(error), Ok(_)) => prop_assert!(false, "{}: {}", error, text),
                }
            }
        }
    }

    #[test]
    fn reads_one_event_after_the_other() {
        let (one, two) = (line("/a", "{\"x\":[1,{}]}", "2025-06-02T15:40:01Z"), line("/b", "null", ""));
        let text = format!("{one}\n{two}");
        let (first, end) = Summary::first(&text).unwrap();
        assert_eq!((first.subject.as_ref(), first.time), ("/a", Some(1_748_878_801_000_000_000)));
        assert_eq!(end, one.len());
        let (second, end) = Summary::first(&text[end + 1..]).unwrap();
        assert_eq!((second.subject.as_ref(), second.kind.as_ref(), second.time), ("/b", "t.u", None));
        assert_eq!(end, two.len());
    }

    #[test]
    fn a_line_that_is_cut_is_told_so() {
        let text = line("/a", r#"{"x":"}"}"#, "");
        for end in 0..text.len() {
            assert!(Summary::from_line(&text.as_bytes()[..end]).is_err(), "{end}");
        }
        assert!(Summary::from_line(text.as_bytes()).is_ok());
        assert!(Summary::from_line(format!("{text}x").as_bytes()).is_err());
    }
}
