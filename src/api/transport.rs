//! Connections: TLS, proxies, redirects, time-outs, and the transport's reasons in plain words.
//!
//! Owns the two HTTP clients behind [`Client`](super::Client). Knows nothing of operations or bodies.
//!
//! A change of the store must never be sent twice, so everything that resends by itself is off for it: reqwest's retry
//! policy, redirects, and the reuse of idle connections. hyper sends a request once more when the pooled connection
//! turned out to be closed; that is meant to happen only to requests of which nothing was written, but changes take a
//! fresh connection each, where it cannot happen at all, and where a server's closing of an idle connection is not
//! mistaken for a lost answer.

use super::error::Error;
use super::settings::Settings;
use rustls::crypto::CryptoProvider;
use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use url::Url;

/// What every request says about who asks.
const USER_AGENT: &str = concat!("gdbx/", env!("CARGO_PKG_VERSION"));

/// The HTTP clients of one server.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    /// For questions: keeps connections alive.
    pub asking: reqwest::Client,
    /// For changes: a fresh connection each.
    pub changing: reqwest::Client,
}

impl Transport {
    pub fn new(settings: &Settings, base: &Url) -> Result<Self, Error> {
        let roots = extra_roots(settings)?;
        let build = |builder: reqwest::ClientBuilder| {
            let builder = builder
                .user_agent(USER_AGENT)
                .connect_timeout(settings.connect_timeout)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                // One connection a stream: over HTTP/2 a stream that is read slowly holds up the others.
                .http1_only()
                .tcp_nodelay(true);
            tls(builder, base, &roots)?.build().map_err(|e| Error::Settings { message: reason(&e) })
        };
        Ok(Self {
            asking: build(reqwest::Client::builder())?,
            changing: build(reqwest::Client::builder().pool_max_idle_per_host(0))?,
        })
    }
}

/// TLS with rustls and ring.
///
/// For an `https` address the system's certificates are trusted, and those of the CA file. For a plain `http` address
/// they are not even read (no redirect is followed to where they would be needed): this works on systems without any.
fn tls(
    builder: reqwest::ClientBuilder,
    base: &Url,
    roots: &[reqwest::Certificate],
) -> Result<reqwest::ClientBuilder, Error> {
    if base.scheme() == "https" || !roots.is_empty() || proxy_speaks_tls() {
        // reqwest asks rustls for the process-wide provider. Installing it twice is refused, which does no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        return Ok(builder.tls_certs_merge(roots.iter().cloned()));
    }
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Settings { message: format!("TLS cannot be set up: {e}") })?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

/// Whether the environment names a proxy that is itself reached over TLS.
fn proxy_speaks_tls() -> bool {
    ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
        .iter()
        .filter_map(std::env::var_os)
        .any(|proxy| proxy.to_string_lossy().trim_start().starts_with("https:"))
}

/// The certificates of the CA file.
fn extra_roots(settings: &Settings) -> Result<Vec<reqwest::Certificate>, Error> {
    let Some(path) = &settings.ca_file else { return Ok(Vec::new()) };
    let wrong = |reason: String| Error::Settings { message: format!("the CA file {}: {reason}", path.display()) };
    let pem = std::fs::read(path).map_err(|e| wrong(e.to_string()))?;
    let roots = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| wrong(reason(&e)))?;
    if roots.is_empty() { Err(wrong("it holds no PEM certificate".to_owned())) } else { Ok(roots) }
}

/// Why no connection came about, with what to look at.
pub(super) fn unreachable_reason(error: &reqwest::Error, base: &Url) -> String {
    let why = reason(error);
    let base = base.as_str().trim_end_matches('/');
    let low = why.to_ascii_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| low.contains(word));
    if io_kind(error) == Some(io::ErrorKind::ConnectionRefused) || is(&["connection refused"]) {
        format!("nothing answers at {base} (connection refused); is the server running there?")
    } else if is(&["dns error", "failed to lookup"]) {
        format!("the host of {base} is not known ({why}); is the name right?")
    } else if is(&["unknownissuer", "unknown issuer"]) {
        format!("the certificate of {base} is from an authority that is not trusted; a CA file can be set ({why})")
    } else if is(&["certificate"]) {
        format!("the certificate of {base} is not good ({why})")
    } else if is(&["invalidcontenttype", "corrupt message"]) {
        format!("{base} does not speak TLS; should the address start with http://? ({why})")
    } else if is(&["invalid http version", "invalid http", "parsed"]) {
        format!("what answers at {base} does not speak HTTP; is the port right, and http or https? ({why})")
    } else if error.is_timeout() || is(&["timed out"]) {
        format!("{base} did not answer in time; is it the right address, and is a firewall or a proxy in between?")
    } else {
        format!("{base} cannot be reached ({why})")
    }
}

/// The transport's reason: the last error of the chain, which is the one that names the cause.
pub(super) fn reason(error: &(dyn StdError + 'static)) -> String {
    let (mut last, mut depth) = (error, 1);
    while let Some(next) = last.source() {
        (last, depth) = (next, depth + 1);
    }
    // The outermost ones name the URL again, the innermost one what happened. hyper's "connection closed before message
    // completed" and the like have no cause below them.
    let text = last.to_string();
    let text = match depth {
        // reqwest's own text would repeat the URL.
        1 => text.split(" for url (").next().unwrap_or_default().to_owned(),
        _ => text,
    };
    super::clean(&text, 300)
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}
