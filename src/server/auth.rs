//! Who is asking, and whether they may.
//!
//! Owns tokens and rights. A token is compared by its digest and without leaving early, so that the time an answer
//! takes says nothing about the token.

use super::Tokens;
use super::refusal::Refusal;
use axum::http::{HeaderMap, StatusCode, header};
use sha2::{Digest as _, Sha256};

/// What an operation needs, from little to much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Nothing: open to everyone.
    None,
    /// Reading.
    Read,
    /// Committing.
    Commit,
    /// Everything else.
    Administer,
}

/// The digests of the known tokens, with what each may do.
pub struct Keys(Vec<([u8; 32], Right)>);

impl Keys {
    /// The keys of a server's tokens.
    pub fn new(tokens: &Tokens) -> Self {
        let others = [(&tokens.writer, Right::Commit), (&tokens.reader, Right::Read)];
        let others = others.into_iter().filter_map(|(token, right)| Some((digest(token.as_ref()?), right)));
        Self(std::iter::once((digest(&tokens.admin), Right::Administer)).chain(others).collect())
    }

    /// Whether the bearer of a request's token has a right.
    ///
    /// # Errors
    /// 401 without a known token, 403 with one that may not do this.
    pub fn check(&self, headers: &HeaderMap, needed: Right) -> Result<(), Refusal> {
        if needed == Right::None {
            return Ok(());
        }
        let Some(token) = bearer(headers) else {
            return Err(Refusal::text(StatusCode::UNAUTHORIZED, "a token is needed: Authorization: Bearer TOKEN"));
        };
        match self.right(token) {
            None => Err(Refusal::text(StatusCode::UNAUTHORIZED, "the token is not known here")),
            Some(right) if right < needed => {
                let role = if needed == Right::Commit { "a writer's" } else { "the administrator's" };
                Err(Refusal::text(StatusCode::FORBIDDEN, format!("this token may not do that; it needs {role} token")))
            }
            Some(_) => Ok(()),
        }
    }

    fn right(&self, token: &str) -> Option<Right> {
        let given = digest(token);
        let same = |known: &[u8; 32]| known.iter().zip(&given).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0;
        // All of them are compared. Of a token that stands there twice the greater right counts.
        self.0.iter().filter(|(known, _)| same(known)).map(|(_, right)| *right).max()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    // An empty token is none, even if a server was started with one.
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(tokens: &Tokens, header: Option<&str>, needed: Right) -> Option<StatusCode> {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        Keys::new(tokens).check(&headers, needed).err().map(|refusal| refusal.status())
    }

    #[test]
    fn each_role_may_do_its_part() {
        let tokens = Tokens { admin: "a".into(), writer: Some("w".into()), reader: Some("r".into()) };
        for (token, allowed) in [("a", Right::Administer), ("w", Right::Commit), ("r", Right::Read)] {
            for needed in [Right::None, Right::Read, Right::Commit, Right::Administer] {
                let expected = (needed > allowed).then_some(StatusCode::FORBIDDEN);
                assert_eq!(status(&tokens, Some(&format!("Bearer {token}")), needed), expected, "{token} {needed:?}");
            }
        }
        for header in [None, Some("Bearer x"), Some("Bearer "), Some("Basic a"), Some("a")] {
            assert_eq!(status(&tokens, header, Right::Read), Some(StatusCode::UNAUTHORIZED), "{header:?}");
            assert_eq!(status(&tokens, header, Right::None), None);
        }
    }
}
