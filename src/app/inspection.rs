//! Looking at the events of a type for their shape, apart from the app's thread.
//!
//! A type with many events is sampled first, spread over all of them; then all are looked at in their order. What a
//! shape is, is the model's to say.

#[cfg(test)]
mod tests;

use crate::model::event::Envelope;
use crate::model::log::{LogView, Row};
use crate::model::shape::Shape;
use std::sync::Arc;

/// After so many bytes of events it is told how far it is.
const PORTION: usize = 1 << 20;
/// How many events are looked at first, spread over all, when there are many more.
pub const SAMPLE: usize = 500;

/// The events that are to be looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// The log as it was when it was asked for.
    pub view: LogView,
    /// The event type, by its number.
    pub kind: u32,
    /// The position to begin at.
    pub from: usize,
    /// What is known of the events before.
    pub known: Arc<Shape>,
}

/// What was found so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// The shape.
    pub shape: Shape,
    /// Whether it is that of a sample.
    pub is_sample: bool,
    /// Every event before this position was looked at; of a sample, nothing is said.
    pub scanned: usize,
}

impl Inspection {
    /// Look at the events. `tell` gets what is known now and then, and at the end, and says whether to go on.
    pub fn run(&self, tell: &mut dyn FnMut(&Findings) -> bool) {
        let all = self.from..self.view.positions().end;
        if self.from == self.view.positions().start && !self.sample(tell) {
            return;
        }
        let mut findings = Findings { shape: (*self.known).clone(), is_sample: false, scanned: self.from };
        let mut looked = 0;
        for (position, _) in self.rows(all.clone()) {
            looked += feed(&mut findings.shape, &self.view, position);
            findings.scanned = position + 1;
            if looked >= PORTION {
                looked = 0;
                if !tell(&findings) {
                    return;
                }
            }
        }
        findings.scanned = all.end;
        tell(&findings);
    }

    /// Look at some events, spread over all, when there are many. Gives whether to go on.
    fn sample(&self, tell: &mut dyn FnMut(&Findings) -> bool) -> bool {
        let positions: Vec<usize> = self.rows(self.view.positions()).map(|(position, _)| position).collect();
        if positions.len() <= SAMPLE * 4 {
            return true;
        }
        let mut findings = Findings { shape: Shape::default(), is_sample: true, scanned: 0 };
        let mut looked = 0;
        for position in (0..SAMPLE).filter_map(|number| positions.get(number * positions.len() / SAMPLE)) {
            looked += feed(&mut findings.shape, &self.view, *position);
            if looked >= PORTION {
                looked = 0;
                if !tell(&findings) {
                    return false;
                }
            }
        }
        tell(&findings)
    }

    /// The rows of the type.
    fn rows(&self, positions: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &Row)> {
        let pieces = self.view.pieces(positions);
        let rows = pieces.flat_map(|(first, rows)| (first..).zip(rows));
        rows.filter(|(_, row)| row.kind == self.kind && !row.is_broken())
    }
}

/// Take the event at a position in. Gives how many bytes were looked at.
fn feed(shape: &mut Shape, view: &LogView, position: usize) -> usize {
    let time = view.row(position).map(|row| row.time).filter(|time| *time != Row::NO_TIME);
    let line = view.line(position);
    let data = line.as_deref().and_then(|line| Envelope::from_line(line).ok()?.data);
    shape.add(position, time, data);
    line.map_or(0, |line| line.len())
}
