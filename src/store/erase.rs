//! Erasure: reference payloads leave the store for good, and the chain still holds.
//!
//! Owns which payloads go and in which order: first from the disk, then from memory.

use super::Store;
use super::error::Error;
use super::record::Record;
use rustc_hash::FxHashMap;

impl Store {
    /// Erase every reference payload of a subject and its descendants; gives how many there were.
    ///
    /// # Errors
    /// When the subject has no events, none has a reference payload, or the data file cannot be rewritten.
    pub fn erase(&self, subject: &str) -> Result<usize, Error> {
        // The sequencer is held throughout: nothing is committed while the file is rewritten. Readers go on.
        let _sequencer = self.sequencer();
        if let Some(log) = &self.shared.log {
            log.wait(log.last())?;
        }
        let erased = self.erased(subject)?;
        if let Some(log) = &self.shared.log {
            let by_id: FxHashMap<String, Record> =
                erased.iter().map(|(_, record)| (record.id(), record.clone())).collect();
            log.rewrite(&by_id)?;
        }
        let count = erased.len();
        let mut state = self.state_mut();
        erased.into_iter().for_each(|(position, record)| state.replace(position, record));
        Ok(count)
    }

    /// What the events of the subject that can be erased look like afterwards, with their positions.
    fn erased(&self, subject: &str) -> Result<Vec<(usize, Record)>, Error> {
        let state = self.state();
        let positions: Vec<usize> = match state.index.subject(subject) {
            Some(positions) => positions.iter().map(|position| *position as usize).collect(),
            None => (0..state.len()).collect(),
        };
        if positions.is_empty() {
            return Err(Error::NoEvents(subject.to_owned()));
        }
        let erasable = positions.into_iter().filter_map(|position| {
            let record = state.get(position).filter(|record| record.is_erasable())?;
            Some((position, record.erase()))
        });
        let erased: Vec<_> = erasable.collect();
        if erased.is_empty() { Err(Error::NothingToErase(subject.to_owned())) } else { Ok(erased) }
    }
}
