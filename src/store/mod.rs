//! The embedded event store.

mod error;

pub use error::{Error, Warning};
use std::path::Path;
use std::sync::Arc;

/// An event store, in memory or with a data file. Cheap to clone; every clone is the same store.
#[derive(Clone, Debug)]
pub struct Store {
    _shared: Arc<()>,
}

impl Store {
    /// An empty store that keeps everything in memory.
    pub fn in_memory() -> Self {
        Self { _shared: Arc::new(()) }
    }

    /// The store in a data file, which is created when there is none.
    ///
    /// # Errors
    /// When the file is in use, is no data file, or cannot be read.
    pub fn open(_path: &Path) -> Result<(Self, Vec<Warning>), Error> {
        Ok((Self::in_memory(), Vec::new()))
    }

    /// Read a backup, a JSON array or NDJSON, into this empty store; gives how many events it held.
    ///
    /// # Errors
    /// When the store is not empty or the backup cannot be read.
    pub fn load_backup(&self, _path: &Path) -> Result<u64, Error> {
        Ok(0)
    }

    /// Add `n` events of the demo data set.
    ///
    /// # Errors
    /// When the data file cannot be written.
    pub fn add_demo(&self, _n: usize) -> Result<(), Error> {
        Ok(())
    }
}
