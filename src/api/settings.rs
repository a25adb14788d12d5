//! How to reach a server: address, token, generation, time-outs.
//!
//! Owns the checks of these values and keeps the token from being shown. Knows nothing of files or the environment.

use super::error::Error;
use crate::model::request::Generation;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// A secret that is sent with every request. It is never shown: not by `Debug`, not in an error.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why a text is no token. It does not show the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but white space.
    #[error("the token is empty")]
    Empty,
    /// Something that an HTTP header cannot carry.
    #[error("the token holds a character that no HTTP header can carry: only visible ASCII can stand there")]
    Character,
}

impl Token {
    /// A token from a file's or a variable's text; white space around it does not count.
    ///
    /// # Errors
    /// When nothing is left, or something that a header cannot carry.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        match text.trim() {
            "" => Err(TokenError::Empty),
            text if text.bytes().all(|b| b.is_ascii_graphic()) => Ok(Self(text.to_owned())),
            _ => Err(TokenError::Character),
        }
    }

    /// The secret itself, for the one header that carries it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` without the secret, should a server repeat it in its answer.
    pub(super) fn scrub(&self, text: String) -> String {
        // Shorter ones would be found in ordinary words.
        if self.0.len() >= 4 && text.contains(&self.0) { text.replace(&self.0, "***") } else { text }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Which API generation to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Ask the server: v2 when it has it, else v1.
    #[default]
    Auto,
    /// `/api/v1`
    V1,
    /// `/api/v2`
    V2,
}

impl Choice {
    /// The generation, when it need not be asked for.
    pub fn fixed(self) -> Option<Generation> {
        match self {
            Self::Auto => None,
            Self::V1 => Some(Generation::V1),
            Self::V2 => Some(Generation::V2),
        }
    }
}

/// How to reach a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The server's address without `/api/…`: `http://localhost:8080`. A path before `/api` is kept.
    pub url: String,
    /// What is sent as `Authorization: Bearer …`.
    pub token: Option<Token>,
    /// Which API generation to speak.
    pub generation: Choice,
    /// How long to try to connect, TLS included.
    pub connect_timeout: Duration,
    /// How long an answer may pause, the time to its first byte included. `None`: for ever.
    pub idle_timeout: Option<Duration>,
    /// How long an observation may be silent, heartbeats included, until it counts as lost. `None`: for ever.
    pub heartbeat_timeout: Option<Duration>,
    /// PEM certificates to trust in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest line of a stream, in bytes.
    pub max_line: usize,
    /// The largest answer that is no stream, in bytes.
    pub max_answer: usize,
}

impl Settings {
    /// The server at `url`, without a token, everything else as usual.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            token: None,
            generation: Choice::Auto,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Some(Duration::from_secs(120)),
            heartbeat_timeout: Some(Duration::from_secs(90)),
            ca_file: None,
            max_line: 256 << 20,
            max_answer: 64 << 20,
        }
    }

    /// The same with a token.
    #[must_use]
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// The address, checked.
    ///
    /// # Errors
    /// [`Error::Settings`] with a sentence that says what an address looks like.
    pub fn base(&self) -> Result<Url, Error> {
        base(self.url.trim()).map_err(|message| Error::Settings { message })
    }
}

fn base(text: &str) -> Result<Url, String> {
    const EXAMPLE: &str = "an address looks like http://localhost:8080";
    if text.is_empty() {
        return Err(format!("the server's address is empty; {EXAMPLE}"));
    }
    // What stands before an @ may be a password.
    let shown =
        if text.contains('@') { "the server's address".to_owned() } else { format!("`{}`", super::clean(text, 200)) };
    let bare = || format!("{shown} lacks http:// or https:// at its start; {EXAMPLE}");
    let mut url = match Url::parse(text) {
        // `localhost:8080` parses as a URL of the scheme `localhost`.
        Ok(_) if !text.contains("://") => return Err(bare()),
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => return Err(bare()),
        Err(reason) => return Err(format!("{shown} is no URL: {reason}; {EXAMPLE}")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the server's address holds a user name or a password; GenesisDB takes a token instead".to_owned());
    }
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = super::clean(url.scheme(), 40);
        return Err(format!("`{scheme}:` is not spoken here, only http:// and https://; {EXAMPLE}"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("the server's address ends with a `?` or `#` part; {EXAMPLE}"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    if let Some(rest) = ["/api/v1", "/api/v2", "/api"].iter().find_map(|end| path.strip_suffix(end)) {
        url.set_path(rest);
        let shown = url.as_str().trim_end_matches('/');
        return Err(format!("the server's address goes without /api: {shown}"));
    }
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        match Settings::new(url).base() {
            Ok(url) => url.as_str().trim_end_matches('/').to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_address_is_cut_and_checked() {
        assert_eq!(shown("http://localhost:8080///"), "http://localhost:8080");
        assert_eq!(shown(" https://db.example.com/genesis/ "), "https://db.example.com/genesis");
        for (bad, words) in [
            ("", "empty"),
            ("localhost:8080", "`localhost:8080` lacks http://"),
            ("localhost", "lacks http://"),
            ("ftp://x", "only http:// and https://"),
            ("http://", "no URL"),
            ("http://u:pw@x", "takes a token"),
            ("http://x/?a=1", "`?` or `#`"),
            ("http://x:8080/api/v1/", "goes without /api: http://x:8080"),
        ] {
            assert!(shown(bad).contains(words), "{bad}: {}", shown(bad));
        }
        assert!(!shown("http://u:hunter2@x").contains("hunter2"));
        for secret in ["http//u:hunter2@x", "u:hunter2@x", "u:hunter2@x:80", "http://u:hunter2@x:port"] {
            assert!(!shown(secret).contains("hunter2"), "{}", shown(secret));
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let settings = Settings::new("http://x").with_token(Token::new(" hunter2\n").unwrap());
        assert!(!format!("{settings:?}").contains("hunter2"));
        assert_eq!(settings.token.unwrap().scrub("Bearer hunter2 is wrong".into()), "Bearer *** is wrong");
        assert_eq!(Token::new(" \n"), Err(TokenError::Empty));
        assert_eq!(Token::new("a\nb"), Err(TokenError::Character));
        assert_eq!(Token::new("ä"), Err(TokenError::Character));
    }
}
