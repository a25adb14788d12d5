//! Spans of time as people type them: `5s`, `10m`, `1h 30m`, `off`.

use serde::de::{self, Deserialize, Deserializer};
use std::time::Duration;

/// A span of time, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Never, or without end.
    Off,
    /// So long; more than nothing.
    Every(Duration),
}

impl Period {
    /// The span, unless it is off.
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Off => None,
            Self::Every(time) => Some(time),
        }
    }
}

impl std::str::FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no span of time; one looks like 5s, 10m, 1h 30m or off");
        if text.trim().eq_ignore_ascii_case("off") {
            return Ok(Self::Off);
        }
        let span: jiff::SignedDuration = text.trim().parse().map_err(|_| wrong())?;
        match Duration::try_from(span) {
            Ok(time) if !time.is_zero() => Ok(Self::Every(time)),
            _ => Err(wrong()),
        }
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        let seconds = |n| Ok(Period::Every(Duration::from_secs(n)));
        assert_eq!("5s".parse(), seconds(5));
        assert_eq!(" 10m ".parse(), seconds(600));
        assert_eq!("1h 30m".parse(), seconds(5400));
        assert_eq!("250ms".parse(), Ok(Period::Every(Duration::from_millis(250))));
        assert_eq!("Off".parse(), Ok(Period::Off));
        for bad in ["", "5", "0s", "-5s", "soon"] {
            assert!(bad.parse::<Period>().unwrap_err().contains("is no span"), "{bad}");
        }
    }
}
