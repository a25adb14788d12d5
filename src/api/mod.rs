//! The HTTP client for both of GenesisDB's API generations.
