//! What a server says about itself. Every field may be missing.

use serde::{Deserialize, Serialize};

/// The answer of the status route.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Status {
    /// The program that answers.
    pub engine: Engine,
    /// The machine that it runs on.
    pub system: System,
    /// Servers 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
    /// What the store holds.
    pub events: EventCounts,
    /// Servers 2.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
}

/// The program that answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Engine {
    /// `2.0.0`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Servers 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// `stable`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

impl Engine {
    /// Whether it is the server of gdbx itself: it speaks GenesisDB's API, but is none, and says so.
    pub fn is_embedded(&self) -> bool {
        self.channel.as_deref() == Some("embedded")
    }
}

/// The machine that a server runs on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct System {
    /// `linux`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// `amd64`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    /// Cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cpu>,
    /// Memory, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Space>,
    /// Disk, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Space>,
}

/// Cores of the server's machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Cpu {
    /// How many there are.
    pub available_cores: f64,
    /// How many the server uses.
    pub used_cores: f64,
}

/// An amount of memory or disk, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Space {
    /// All there is.
    pub total: f64,
    /// What the server may use.
    pub max: f64,
    /// What it uses.
    pub used: f64,
    /// What is left.
    pub available: f64,
}

/// The licence of a server 1.x.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct License {
    /// `valid` or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Until when, if it ends.
    pub valid_until: Option<String>,
}

/// What a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EventCounts {
    /// Events.
    pub count: u64,
    /// Distinct subjects.
    pub subjects: u64,
    /// Distinct event types.
    pub types: u64,
    /// Bytes on the disk.
    pub storage_size: u64,
}

/// The storage of a server 2.x.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Storage {
    /// `v2`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_format: Option<String>,
    /// Whether it answers; not so while it is rebuilding or recovering.
    pub ready: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_may_be_missing() {
        assert_eq!(serde_json::from_str::<Status>("{}").unwrap(), Status::default());
        let status: Status =
            serde_json::from_str(r#"{"engine":{"version":"1.2"},"events":{"count":3},"more":[1]}"#).unwrap();
        assert_eq!((status.engine.version.as_deref(), status.events.count), (Some("1.2"), 3));
    }
}
