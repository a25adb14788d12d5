//! Backups: a JSON array of events, or NDJSON, into an empty store; and the events for writing one.
//!
//! Owns reading either form as a stream: of a large backup only one event at a time is held as text besides the store.
//! Hashes are kept as they are; whether they can be checked is the audit's to say.

use super::chain::Payload;
use super::error::Error;
use super::index::MAX_LEVELS;
use super::prepare::one_line;
use super::record::Record;
use super::{Sequencer, Store};
use crate::model::request::Generation;
use crate::model::subject;
use rustc_hash::FxHashSet;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// How many events are put into the log's queue at once.
const BATCH: usize = 4_096;

impl Store {
    /// Read a backup, a JSON array or NDJSON, into this empty store; gives how many events it held.
    ///
    /// # Errors
    /// When the store is not empty or the backup cannot be read.
    pub fn load_backup(&self, path: &Path) -> Result<u64, Error> {
        let file = File::open(path).map_err(Error::io("cannot open", path))?;
        self.restore(file)
    }

    /// The same from any reader. All of the backup's events are stored, or none.
    ///
    /// # Errors
    /// When the store is not empty or the backup cannot be read.
    pub fn restore(&self, reader: impl Read) -> Result<u64, Error> {
        self.must_be_empty()?;
        let mut records = Vec::new();
        let mut ids = FxHashSet::default();
        read(BufReader::with_capacity(1 << 20, reader), &mut |text| {
            let at = records.len();
            let record = record(text).map_err(|why| format!("event {}: {why}", at + 1))?;
            if !ids.insert(record.id()) {
                return Err(format!("event {}: the ID {} stands there twice", at + 1, record.id()));
            }
            records.push(record);
            Ok(())
        })
        .map_err(Error::Backup)?;
        drop(ids);
        let of = u32::try_from(records.len()).map_err(|_| Error::Backup("too many events".to_owned()))?;
        records.iter_mut().zip(1..).for_each(|(record, index)| record.place = (index, of));
        let mut sequencer = self.sequencer();
        self.must_be_empty()?;
        for record in &records {
            if let Some(event) = record.envelope(Generation::V2) {
                *sequencer = Sequencer::after(&event, sequencer.time);
            }
        }
        // Written bit by bit and shown at the end. If it breaks off, the data file ends in the middle of a commit.
        let records: Vec<_> = records.into_iter().map(Arc::new).collect();
        let mut last = None;
        for batch in records.chunks(BATCH) {
            let place = self.enqueue(batch)?;
            self.settle(&place)?;
            last = Some(place);
        }
        last.map_or(Ok(()), |place| self.finish(place))?;
        Ok(u64::from(of))
    }

    fn must_be_empty(&self) -> Result<(), Error> {
        match self.state().len() {
            0 => Ok(()),
            events => Err(Error::NotEmpty(events)),
        }
    }
}

fn record(text: &str) -> Result<Record, String> {
    let record = Record::from_line(&one_line(text), Payload::Inline, true).map_err(|error| error.to_string())?;
    let event = record.envelope(Generation::V2).ok_or("it is no event")?;
    if let Some(problem) = subject::problem(&event.subject) {
        return Err(problem.to_owned());
    }
    if subject::segments(&event.subject).count() > MAX_LEVELS {
        return Err("its subject has too many segments".to_owned());
    }
    Ok(record)
}

type Event<'a> = dyn FnMut(&str) -> Result<(), String> + 'a;

/// Give the text of every event to `event`, from a JSON array or from values one after the other.
fn read(mut reader: impl BufRead, event: &mut Event<'_>) -> Result<(), String> {
    loop {
        let buffer = reader.fill_buf().map_err(|error| error.to_string())?;
        let white = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match buffer.get(white) {
            None if buffer.is_empty() => return Ok(()),
            None => reader.consume(white),
            Some(b'[') => break,
            Some(_) => return read_values(reader, event),
        }
    }
    let mut values = serde_json::Deserializer::from_reader(reader);
    let mut failed = None;
    Array { event, failed: &mut failed }
        .deserialize(&mut values)
        .and_then(|()| values.end())
        .map_err(|error| failed.unwrap_or_else(|| error.to_string()))
}

fn read_values(reader: impl BufRead, event: &mut Event<'_>) -> Result<(), String> {
    for value in serde_json::Deserializer::from_reader(reader).into_iter::<Box<RawValue>>() {
        event(value.map_err(|error| error.to_string())?.get())?;
    }
    Ok(())
}

/// An array that is never held: each item goes its way as soon as it is read.
struct Array<'a, 'b> {
    event: &'a mut Event<'b>,
    /// Why an item was refused; serde would decorate it with a position that means nothing.
    failed: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Array<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Array<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Box<RawValue>>()? {
            if let Err(why) = (self.event)(item.get()) {
                *self.failed = Some(why);
                return Err(serde::de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        read(input.as_bytes(), &mut |text| {
            found.push(text.to_owned());
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn reads_arrays_and_ndjson() {
        for input in
            [" [ {\"a\":1.10} ,\n{\"b\":[]}]\n", "{\"a\":1.10}\n\n{\"b\":[]}", "{\"a\":1.10}\r\n{\"b\":[]}\r\n"]
        {
            assert_eq!(texts(input).unwrap(), ["{\"a\":1.10}", "{\"b\":[]}"], "{input}");
        }
        assert!(texts("").unwrap().is_empty() && texts("[]").unwrap().is_empty());
        for cut in ["[{\"a\":1},", "[{\"a\":1}", "{\"a\":1}\n{\"b\"", "[] x"] {
            assert!(texts(cut).is_err(), "{cut}");
        }
    }
}
