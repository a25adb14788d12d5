//! The hash chain: what an event's hash covers, and how a payload can be erased without breaking it.
//!
//! The canonical form. An event is stored as one line of JSON whose members stand in this order, without white space
//! between them: `source`, `subject`, `type`, `specversion`, `id`, `time`, `datacontenttype`, `predecessorhash`,
//! `data`, `hash`. Then
//!
//! ```text
//! hash   = SHA-256(head ‖ digest)
//! head   = the bytes of the line from its `{` up to and including `"data":`
//! digest = SHA-256(payload)           for a payload that is part of the event
//!        = SHA-256(salt ‖ payload)    for a reference payload; the salt is 16 random bytes
//! payload = the bytes of `data` as they stand in the line
//! ```
//!
//! `head` holds `predecessorhash`, so each hash covers the whole store up to its event. Erasing a reference payload
//! removes payload and salt and leaves `digest`, from which the hash can still be recomputed. The salt goes with the
//! payload because a bare digest of something as short as an e-mail address could be guessed.
//!
//! Knows nothing of files, indexes and requests.

use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// What a reference payload's digest is salted with.
pub type Salt = [u8; 16];

/// What the store knows of an event's payload beyond its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Part of the event, for ever.
    Inline,
    /// Can be erased. The salt is never shown.
    Reference(Salt),
    /// Was erased; its digest is left.
    Erased(Box<Hash>),
}

impl Payload {
    /// The digest that stands for the payload in the event's hash.
    pub fn digest(&self, text: &str) -> Hash {
        match self {
            Self::Inline => sha256(text.as_bytes()),
            Self::Reference(salt) => Sha256::new().chain_update(salt).chain_update(text.as_bytes()).finalize().into(),
            Self::Erased(digest) => **digest,
        }
    }
}

/// The hash of an event: its line up to the payload, then the payload's digest.
pub fn event_hash(head: &str, digest: &Hash) -> Hash {
    Sha256::new().chain_update(head.as_bytes()).chain_update(digest).finalize().into()
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Append `bytes` in lower-case hexadecimal digits.
pub fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
}

/// `bytes` in lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    push_hex(&mut out, bytes);
    out
}

/// The bytes that a text of exactly `2 * N` lower-case hexadecimal digits stands for.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_go_both_ways() {
        assert_eq!(hex(&[0, 0xab, 0xff]), "00abff");
        assert_eq!(unhex::<3>("00abff"), Some([0, 0xab, 0xff]));
        for bad in ["00abf", "00abfg", "00ABFF", "00abff00"] {
            assert_eq!(unhex::<3>(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_erased_payload_keeps_its_digest() {
        let payload = Payload::Reference([7; 16]);
        let digest = payload.digest(r#"{"email":"a@b.c"}"#);
        assert_ne!(digest, Payload::Inline.digest(r#"{"email":"a@b.c"}"#));
        assert_eq!(Payload::Erased(Box::new(digest)).digest("{}"), digest);
    }
}
