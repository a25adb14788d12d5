//! Kinds of strings that are known by how they look, under their names in JSON Schema.

use crate::model::time;

/// What a string is, told from how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `d8605ee4-9507-4974-8a2a-190baaea2b50`
    Uuid,
    /// RFC 3339: `2025-06-02T15:40:01Z`
    DateTime,
    /// `zoe@example.com`
    Email,
    /// An absolute address with a host: `https://example.com/a`
    Url,
}

/// Longer texts are no ids and no addresses.
const LONGEST: usize = 2_000;

impl Format {
    const ALL: [Self; 4] = [Self::Uuid, Self::DateTime, Self::Email, Self::Url];

    /// The format of a text, if it has one of these. They exclude each other.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.fits(text))
    }

    /// Whether a text has the format. What is in doubt does not.
    pub fn fits(self, text: &str) -> bool {
        if text.len() > LONGEST || !text.is_ascii() {
            return false;
        }
        match self {
            Self::Uuid => is_uuid(text.as_bytes()),
            Self::DateTime => time::parse(text).is_some() && text.get(17..19) != Some("60"),
            Self::Email => is_email(text),
            Self::Url => is_url(text),
        }
    }

    /// Its name in JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::DateTime => "date-time",
            Self::Email => "email",
            Self::Url => "uri",
        }
    }
}

fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dots = |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let in_local = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let plain_local = !local.is_empty() && local.len() <= 64 && dots(local) && local.chars().all(in_local);
    plain_local && is_host(domain) && domain.contains('.')
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.len() <= 253 && text.split('.').all(label) && text.contains(|c: char| c.is_ascii_alphabetic())
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "1"));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~/?&=+,;:@!$'()*#".contains(c);
    matches!(scheme, "http" | "https" | "ftp" | "ws" | "wss")
        && is_host(host)
        && !port.is_empty()
        && port.len() <= 4
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && rest.chars().all(allowed)
        && rest.matches('#').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_strings_look_like() {
        for (text, format) in [
            ("d8605ee4-9507-4974-8a2a-190baaea2b50", Some(Format::Uuid)),
            ("d8605ee4-9507-4974-8a2a-190baaea2b5", None),
            ("2025-06-02T15:40:01.5+02:00", Some(Format::DateTime)),
            ("2025-06-02", None),
            ("zoe.m+x@mail.example.com", Some(Format::Email)),
            ("zoe@localhost", None),
            ("a..b@example.com", None),
            ("https://example.com:8080/a?b=c#d", Some(Format::Url)),
            ("https://", None),
            ("https://example.com/a b", None),
            ("/order/1", None),
            ("", None),
        ] {
            assert_eq!(Format::of(text), format, "{text}");
        }
    }
}
