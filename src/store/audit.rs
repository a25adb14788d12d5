//! The audit: every link and every hash, computed anew.
//!
//! Owns what makes a store sound. With a data file it is the file's bytes that are checked, not what was once read from
//! them, so that a change shows while the store is running too.

use super::Store;
use super::error::Error;
use super::log::line::{self, Entry};
use super::record::Record;
use crate::model::event::NO_PREDECESSOR;
use crate::model::request::Generation;
use std::fmt;
use std::io::BufRead as _;

/// How many failures are named.
const NAMED: usize = 5;

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Events that were checked.
    pub events: usize,
    /// Events of a backup whose hashes were computed elsewhere: only their links could be checked.
    pub links_only: usize,
    /// The first failures.
    pub failures: Vec<Failure>,
    /// How many failures there are.
    pub failed: usize,
}

/// One place where the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The event's position in the store, from 1.
    pub position: usize,
    /// The event's ID, where it can still be read.
    pub id: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl Audit {
    /// Whether everything holds.
    pub fn passed(&self) -> bool {
        self.failed == 0
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.passed() {
            write!(f, "Audit passed. All {} events integrity checks succeeded.", self.events)?;
            if self.links_only > 0 {
                write!(
                    f,
                    " {} of them came with a backup: their links were checked, their contents could not be.",
                    self.links_only
                )?;
            }
            return Ok(());
        }
        write!(f, "Audit failed.")?;
        for Failure { position, id, reason } in &self.failures {
            match id {
                Some(id) => write!(f, " Event {id} at position {position}: {reason}.")?,
                None => write!(f, " The event at position {position}: {reason}.")?,
            }
        }
        match self.failed - self.failures.len() {
            0 => Ok(()),
            more => write!(f, " {more} more failures."),
        }
    }
}

impl Store {
    /// Check every link and every hash.
    ///
    /// # Errors
    /// When the data file cannot be read.
    pub fn audit(&self) -> Result<Audit, Error> {
        let mut auditor = Auditor::default();
        match &self.shared.log {
            None => self.snapshot().records().for_each(|record| auditor.event(record)),
            Some(log) => {
                // Taken first: whatever is visible by now is in the file.
                let snapshot = self.snapshot();
                let mut reader = log.reader()?;
                let mut bytes = Vec::new();
                while reader.read_until(b'\n', &mut bytes).map_err(Error::io("cannot read", log.path()))? > 0 {
                    auditor.line(bytes.strip_suffix(b"\n").unwrap_or(&bytes));
                    bytes.clear();
                }
                if auditor.audit.events < snapshot.len() && auditor.audit.failed == 0 {
                    let missing = snapshot.records().nth(auditor.audit.events).map(Record::id);
                    auditor.fail(1, missing, "it is missing in the data file".to_owned());
                }
            }
        }
        Ok(auditor.audit)
    }
}

#[derive(Default)]
struct Auditor {
    audit: Audit,
    /// The hash of the event before.
    previous: Option<String>,
    /// Lines of the data file that were read.
    lines: u64,
}

impl Auditor {
    fn line(&mut self, bytes: &[u8]) {
        self.lines += 1;
        match line::read(bytes) {
            Ok((Entry::Event(record), true)) => self.event(&record),
            Ok((Entry::Event(record), false)) => {
                self.audit.events += 1;
                self.previous = Some(record.hash());
                self.fail(0, Some(record.id()), "it was changed in the data file".to_owned());
            }
            Ok((_, true)) => {}
            Ok((_, false)) => self.fail(1, None, "the line before it was changed in the data file".to_owned()),
            Err(_) if self.lines == 1 => self.fail(1, None, "the data file's first line was changed".to_owned()),
            Err(reason) => {
                self.audit.events += 1;
                self.previous = None;
                self.fail(0, line::salvage_id(bytes), format!("its line in the data file cannot be read, {reason}"));
            }
        }
    }

    fn event(&mut self, record: &Record) {
        self.audit.events += 1;
        let Some(event) = record.envelope(Generation::V2) else {
            return self.fail(0, None, "it is no event".to_owned());
        };
        let expected = match &self.previous {
            Some(hash) => Some(hash.as_str()),
            None if self.audit.events == 1 => Some(NO_PREDECESSOR),
            // What stands before cannot be read, which has been said.
            None => None,
        };
        let linked = match (event.predecessorhash.as_deref(), expected) {
            (Some(link), Some(expected)) => link == expected,
            (None, _) => record.foreign,
            (_, None) => true,
        };
        let holds = record.hash_holds();
        if !holds && !record.foreign {
            self.fail(0, Some(event.id.into_owned()), "its content does not match its hash".to_owned());
        } else if !linked {
            self.fail(0, Some(event.id.into_owned()), "it is not linked to the event before it".to_owned());
        }
        self.audit.links_only += usize::from(!holds && record.foreign);
        self.previous = Some(record.hash());
    }

    /// Note a failure of the event that was counted last, or of one further on.
    fn fail(&mut self, ahead: usize, id: Option<String>, reason: String) {
        self.audit.failed += 1;
        if self.audit.failures.len() < NAMED {
            self.audit.failures.push(Failure { position: self.audit.events + ahead, id, reason });
        }
    }
}
