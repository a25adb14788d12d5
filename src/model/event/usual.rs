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
            json: Json::trusted(text),
            source: source.into(),
            subject: subject.into(),
            kind: kind.into(),
            id: id.into(),
            time: Some(time.into()),
            specversion: Some(specversion.into()),
            datacontenttype: Some(datacontenttype.into()),
            predecessorhash: Some(predecessorhash.into()),
            data: Some(Json::trusted(data)),
            hash: Some(hash.into()),
        })
    }
}
