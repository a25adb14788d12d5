//! The usual layout of an event's line: GenesisDB writes the fields in one order and without white space.
//!
//! Such a line is read in one straight pass. What is found so is what reading field by field finds; `None` says nothing
//! about the text, which has to be read another way.

use super::Envelope;
use crate::model::json::{self, Json};

/// A place in a line of the usual layout.
pub(super) struct Usual<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Usual<'a> {
    /// What is expected here, to the byte.
    #[inline]
    pub fn pass<const N: usize>(&mut self, expected: &[u8; N]) -> Option<()> {
        let found = self.text.as_bytes().get(self.at..)?.first_chunk::<N>()?;
        (found == expected).then(|| self.at += N)
    }

    /// The content of the plain string behind what is expected here.
    #[inline]
    pub fn text<const N: usize>(&mut self, expected: &[u8; N]) -> Option<&'a str> {
        self.pass(expected)?;
        let start = self.at;
        let end = json::plain_end(self.text.as_bytes(), start)?;
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// The payload, of whatever kind: `end` tells where the value that starts at a byte of the text ends.
    #[inline]
    pub fn data(&mut self, end: impl FnOnce(&'a str, usize) -> Option<usize>) -> Option<&'a str> {
        self.pass(b",\"data\":")?;
        let start = self.at;
        self.at = end(self.text, start)?;
        self.text.get(start..self.at)
    }
}

impl<'a> Envelope<'a> {
    /// Read one event of the usual layout. `end` checks the payload and tells where it ends.
    #[inline]
    pub(super) fn usual(text: &'a str, end: impl FnOnce(&'a str, usize) -> Option<usize>) -> Option<Self> {
        let mut usual = Usual { text, at: 0 };
        let source = usual.text(b"{\"source\":\"")?;
        let subject = usual.text(b",\"subject\":\"")?;
        let kind = usual.text(b",\"type\":\"")?;
        let specversion = usual.text(b",\"specversion\":\"")?;
        let id = usual.text(b",\"id\":\"")?;
        let time = usual.text(b",\"time\":\"")?;
        let datacontenttype = usual.text(b",\"datacontenttype\":\"")?;
        let predecessorhash = usual.text(b",\"predecessorhash\":\"")?;
        let data = usual.data(end)?;
        let hash = usual.text(b",\"hash\":\"")?;
        usual.pass(b"}")?;
        if usual.at < text.len() {
            return None;
        }
        Some(Self {
            json: Json::exact(text),
            source: source.into(),
            subject: subject.into(),
            kind: kind.into(),
            id: id.into(),
            time: Some(time.into()),
            specversion: Some(specversion.into()),
            datacontenttype: Some(datacontenttype.into()),
            predecessorhash: Some(predecessorhash.into()),
            data: Some(Json::exact(data)),
            hash: Some(hash.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::json::{Picked, Picker};
    use crate::model::path::Path;
    use proptest::prelude::*;

    fn ends(text: &str, at: usize) -> Option<usize> {
        json::value_end(text.as_bytes(), at).ok()
    }

    fn line(subject: &str, data: &str) -> String {
        let subject = json::quote(subject);
        format!(
            r#"{{"source":"s","subject":{subject},"type":"t","specversion":"1.0","id":"i","time":"never","datacontenttype":"application/json","predecessorhash":"00","data":{data},"hash":"ff"}}"#
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

        /// However a line is written and whatever is wrong in it: it is what reading field by field says.
        #[test]
        fn is_what_reading_field_by_field_gives(
            subject in "/[a-zé\"\\\\]{0,20}",
            data in crate::model::json::tests::any_json(),
            slip in prop::option::of((any::<prop::sample::Index>(), "[\"\\\\{}\\[\\],: a0\n]{0,2}")),
            key in "[a-z]?",
        ) {
            let mut text = line(&subject, &data.to_string());
            if let Some((at, put)) = slip {
                let places: Vec<_> = text.char_indices().map(|(at, c)| at..at + c.len_utf8()).collect();
                text.replace_range(places[at.index(places.len())].clone(), &put);
            }
            let slowly = Envelope::of_any_layout(&text, ends);
            let path = Path::of(&key);
            let (mut picker, mut picked) = (Picker::default(), Picked::default());
            let slot = picker.add(&path).unwrap();
            prop_assert_eq!(&Envelope::from_line(text.as_bytes()), &slowly, "{}", text);
            let found = Envelope::picking(text.as_bytes(), &picker, &mut picked);
            prop_assert_eq!(&found, &slowly, "{}", text);
            if let Ok(event) = found {
                let value = event.data.and_then(|data| picked.get(slot, data));
                prop_assert_eq!(value, event.data.and_then(|data| path.find(data)), "{} in {}", path, text);
            }
        }
    }

    #[test]
    fn the_layout_that_genesisdb_writes_is_the_usual_one() {
        for data in ["{\"a\":1}", "null", "[]", "\"x\"", "{ \"a\" : [ ] }"] {
            assert!(Envelope::usual(&line("/a", data), ends).is_some(), "{data}");
        }
        let whole = line("/a", "1");
        for other in [format!("{whole} "), format!(" {whole}"), line("/a\\", "1"), whole.replace("\"id\"", "\"ID\"")] {
            assert!(Envelope::usual(&other, ends).is_none(), "{other}");
        }
    }
}
