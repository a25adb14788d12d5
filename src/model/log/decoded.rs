//! Lines that were read into rows, ready to be appended: the work that is done off the app's thread.

use super::Row;
use crate::model::event::Envelope;
use crate::model::time;
use rustc_hash::FxHashMap;

/// A batch of lines and a row for each. Subjects and event types carry the batch's own numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    pub(super) text: Vec<u8>,
    pub(super) rows: Vec<Row>,
    pub(super) subjects: Vec<Box<str>>,
    pub(super) kinds: Vec<Box<str>>,
}

impl Decoded {
    /// Read lines; each makes exactly one row, a broken one when it is no event. Empty lines make none.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut out = Self::default();
        let (mut subjects, mut kinds) = (FxHashMap::default(), FxHashMap::default());
        for line in lines {
            // A row's offsets have 32 bits. No line comes near that: the framer's bound is far below.
            let (Ok(at), Ok(len)) = (u32::try_from(out.text.len()), u32::try_from(line.len())) else { break };
            if len == 0 {
                continue;
            }
            out.text.extend_from_slice(line);
            let (subject, kind, time) = match Envelope::from_line(line) {
                Ok(event) => (
                    number(&mut subjects, &mut out.subjects, &event.subject),
                    number(&mut kinds, &mut out.kinds, &event.kind),
                    event.time.as_deref().and_then(time::parse).unwrap_or(Row::NO_TIME),
                ),
                Err(_) => (Row::BROKEN, Row::BROKEN, Row::NO_TIME),
            };
            out.rows.push(Row { time, segment: 0, at, len, subject, kind });
        }
        out
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The bytes of all lines together.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}

fn number(known: &mut FxHashMap<Box<str>, u32>, names: &mut Vec<Box<str>>, name: &str) -> u32 {
    if let Some(number) = known.get(name) {
        return *number;
    }
    let number = u32::try_from(names.len()).unwrap_or(Row::BROKEN);
    names.push(name.into());
    known.insert(name.into(), number);
    number
}
