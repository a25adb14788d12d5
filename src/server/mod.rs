//! GenesisDB's HTTP API, v1 and v2, in front of the embedded store.
