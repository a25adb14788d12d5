//! Results as pictures: which kind fits, what is drawn of the rows, and where the axes are marked.
//!
//! Owns the way from cells to bars, lines and columns. Knows nothing of terminals and files: [`svg`] writes text, and
//! `ui` draws cells.

pub mod bins;
pub mod gather;
pub mod number;
pub mod pick;
pub mod svg;
pub mod ticks;

use crate::model::json::Json;
pub use gather::Gathering;
pub use pick::{Choice, Kind, Picks};
use ticks::Tick;

/// More lines than this cannot be told apart.
pub const MOST_SERIES: usize = 6;

/// What a terminal draws with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signs {
    /// Braille dots and blocks.
    #[default]
    Dots,
    /// Characters that every terminal and every font has.
    Ascii,
}

/// Rows and columns that can be drawn.
pub trait Cells {
    /// How many rows there are.
    fn rows(&self) -> usize;

    /// How many columns there are.
    fn columns(&self) -> usize;

    /// What a column is called.
    fn name(&self, column: usize) -> &str;

    /// A cell; `None` when the row has none there.
    fn cell(&self, row: usize, column: usize) -> Option<Json<'_>>;
}

/// A picture of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows, in a few words: `revenue by category`.
    pub title: String,
    /// What is drawn.
    pub body: Body,
    /// What is not drawn, and how what is drawn came about; a sentence each.
    pub notes: Vec<String>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A bar for each name.
    Bars(Bars),
    /// A line for each series.
    Lines(Lines),
    /// A column for each part of an axis.
    Columns(Columns),
}

/// A bar for each name, in the order of the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// What the names are.
    pub of: String,
    /// What the lengths are.
    pub unit: String,
    /// The names with their values.
    pub bars: Vec<(String, f64)>,
}

/// Lines over numbers or times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// What goes to the right.
    pub x: Axis,
    /// What goes up.
    pub unit: String,
    /// The lines.
    pub series: Vec<Series>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// What it is of.
    pub name: String,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
}

/// How many rows fall into each part of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// What goes to the right.
    pub x: Axis,
    /// How wide a part is, in words: `5 minutes`.
    pub every: String,
    /// Where the parts begin, and where the last one ends: one more than there are counts.
    pub bounds: Vec<f64>,
    /// How many rows begin there.
    pub counts: Vec<u64>,
}

/// An axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What it is of.
    pub name: String,
    /// What its numbers are.
    pub scale: Scale,
    /// Its ends.
    pub from: f64,
    /// Its ends.
    pub to: f64,
}

/// What the numbers of an axis are.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Scale {
    /// Just numbers.
    #[default]
    Numbers,
    /// Nanoseconds since 1970, marked on the clock of a zone.
    Times(jiff::tz::TimeZone),
}

impl Axis {
    /// At most so many marks between the ends.
    pub fn ticks(&self, at_most: usize) -> Vec<Tick> {
        match &self.scale {
            Scale::Times(zone) => ticks::times(self.from as i64, self.to as i64, at_most, zone, false).ticks,
            Scale::Numbers => {
                let mut ticks = ticks::numbers(self.from, self.to, at_most.saturating_add(2));
                ticks.retain(|tick| (self.from..=self.to).contains(&tick.at));
                ticks.truncate(at_most.max(1));
                ticks
            }
        }
    }

    /// What stands under it: its name, and for times the day and the zone.
    pub fn caption(&self) -> String {
        let Scale::Times(zone) = &self.scale else { return self.name.clone() };
        let day = |at: f64| {
            let time = jiff::Timestamp::from_nanosecond(at as i128).ok()?.to_zoned(zone.clone());
            Some((time.strftime("%Y-%m-%d").to_string(), time.strftime("%Z").to_string()))
        };
        match (day(self.from), day(self.to)) {
            (Some((first, zone)), Some((last, _))) if first == last => format!("{}, {first} {zone}", self.name),
            (Some((first, zone)), Some((last, _))) => format!("{}, {first} to {last} {zone}", self.name),
            _ => self.name.clone(),
        }
    }

    /// How far to the right a place is, from 0 to 1.
    pub fn share(&self, at: f64) -> f64 {
        if self.to > self.from { ((at - self.from) / (self.to - self.from)).clamp(0.0, 1.0) } else { 0.5 }
    }
}

impl Lines {
    /// The lowest and the highest value.
    pub fn range(&self) -> (f64, f64) {
        let values = self.series.iter().flat_map(|series| series.points.iter().map(|(_, y)| *y));
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
        if low > high { (0.0, 1.0) } else { around(low, high) }
    }
}

impl Columns {
    /// What its heights are: `rows per 5 minutes`.
    pub fn unit(&self) -> String {
        if self.every.is_empty() { "rows".to_owned() } else { format!("rows per {}", self.every) }
    }

    /// The same with no more than so many parts: neighbours are counted together.
    #[must_use]
    pub fn at_most(&self, parts: usize) -> Self {
        let together = self.counts.len().div_ceil(parts.max(1));
        if together <= 1 {
            return self.clone();
        }
        let counts: Vec<u64> = self.counts.chunks(together).map(|part| part.iter().sum()).collect();
        let mut bounds: Vec<f64> = self.bounds.iter().copied().step_by(together).take(counts.len()).collect();
        bounds.extend(self.bounds.last());
        Self { bounds, counts, every: format!("{together} × {}", self.every), x: self.x.clone() }
    }
}

/// Values that are near to zero, seen from how far they spread, are drawn from zero on.
fn around(low: f64, high: f64) -> (f64, f64) {
    match () {
        () if low > 0.0 && low <= 2.0 * (high - low) => (0.0, high),
        () if high < 0.0 && -high <= 2.0 * (high - low) => (low, 0.0),
        () if low == high && low > 0.0 => (0.0, high),
        () if low == high && low < 0.0 => (low, 0.0),
        () => (low, high),
    }
}

#[cfg(test)]
mod tests;
