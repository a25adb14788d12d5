//! From rows to a picture, in portions between which the keys get their turn.
//!
//! Owns what is read of the rows and what is left out. A million rows become at most a thousand points of a line.

use super::pick::{Choice, Kind, Picks, instant};
use super::ticks::{self, Step};
use super::{Axis, Bars, Body, Cells, Chart, Columns, Lines, MOST_SERIES, Scale, Series, bins};
use crate::model::json::{Json, Kind as JsonKind};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

/// So many rows are read in one portion.
const PORTION: usize = 2_500;
/// So many names are told apart.
const MOST_NAMES: usize = 10_000;
/// No more of a name than this is kept, in bytes.
const LONGEST_NAME: usize = 200;
/// A line has at most so many points.
const MOST_POINTS: usize = 1_000;
/// An axis has at most so many parts.
const MOST_PARTS: usize = 40;

/// A picture on its way.
#[derive(Debug)]
pub struct Gathering {
    choice: Choice,
    /// What the numbers along which is drawn are; other cells are left out.
    scale: Scale,
    /// How many rows there were when it began, and how many of them were read.
    rows: usize,
    read: usize,
    found: Found,
    left_out: LeftOut,
}

#[derive(Debug)]
enum Found {
    Bars(NamedSums),
    /// Where along, how high, and of which series.
    Points {
        points: Vec<(f64, f64, u16)>,
        names: Names,
    },
    Places(Vec<f64>),
}

/// Names by numbers, in the order in which they came.
#[derive(Debug, Default)]
struct Names {
    numbers: FxHashMap<Box<str>, u16>,
    names: Vec<Box<str>>,
}

impl Names {
    /// The number of a name; `None` when there are too many.
    fn number(&mut self, name: &str) -> Option<u16> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        let number = u16::try_from(self.names.len()).ok().filter(|_| self.names.len() < MOST_NAMES)?;
        self.numbers.insert(name.into(), number);
        self.names.push(name.into());
        Some(number)
    }
}

/// Sums by names.
#[derive(Debug, Default)]
struct NamedSums {
    names: Names,
    sums: Vec<f64>,
    /// Whether a name came twice.
    summed: bool,
}

impl NamedSums {
    /// Gives `false` when there are too many names for this one.
    fn add(&mut self, name: &str, value: f64) -> bool {
        let Some(number) = self.names.number(name) else { return false };
        match self.sums.get_mut(usize::from(number)) {
            Some(sum) => {
                *sum += value;
                self.summed = true;
            }
            None => self.sums.push(value),
        }
        true
    }
}

/// Rows that are not in the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct LeftOut {
    /// Without a name, a number or a time along which is drawn.
    along: usize,
    /// Without a value.
    values: usize,
    /// Of more names than are told apart.
    names: usize,
}

impl Gathering {
    /// Begin with the rows that are there.
    pub fn new(choice: Choice, picks: &Picks, rows: usize, zone: &TimeZone) -> Self {
        let found = match choice.kind {
            Kind::Bars => Found::Bars(NamedSums::default()),
            Kind::Lines => Found::Points { points: Vec::new(), names: Names::default() },
            Kind::Histogram => Found::Places(Vec::new()),
        };
        let scale = if picks.is_time(choice.along) { Scale::Times(zone.clone()) } else { Scale::Numbers };
        Self { choice, scale, rows, read: 0, found, left_out: LeftOut::default() }
    }

    /// What is being drawn.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// How many rows it is made of.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Read a portion of the rows. Gives the picture once all of them were read.
    pub fn advance(&mut self, cells: &dyn Cells) -> Option<Chart> {
        let end = (self.read + PORTION).min(self.rows);
        for row in self.read..end {
            self.take(cells, row);
        }
        self.read = end;
        (end == self.rows).then(|| self.picture(cells))
    }

    fn take(&mut self, cells: &dyn Cells, row: usize) {
        let Choice { along, values, split, .. } = &self.choice;
        let cell = |column: usize| cells.cell(row, column).filter(|cell| cell.kind() != JsonKind::Null);
        let value = |column: usize| cell(column).and_then(number);
        let Some(here) = cell(*along) else {
            self.left_out.along += 1;
            return;
        };
        let place = place(here, &self.scale);
        match (&mut self.found, place) {
            (Found::Bars(names), _) => match values.first().map_or(Some(1.0), |column| value(*column)) {
                None => self.left_out.values += 1,
                Some(value) => self.left_out.names += usize::from(!names.add(&name(here), value)),
            },
            (Found::Points { .. } | Found::Places(_), None) => self.left_out.along += 1,
            (Found::Places(places), Some(x)) => places.push(x),
            (Found::Points { points, names }, Some(x)) => match split {
                Some(split) => match (values.first().and_then(|column| value(*column)), cell(*split)) {
                    (Some(y), Some(of)) => match names.number(&name(of)) {
                        Some(series) => points.push((x, y, series)),
                        None => self.left_out.names += 1,
                    },
                    _ => self.left_out.values += 1,
                },
                None => {
                    let before = points.len();
                    points
                        .extend((0u16..).zip(values).filter_map(|(series, column)| Some((x, value(*column)?, series))));
                    self.left_out.values += usize::from(points.len() == before);
                }
            },
        }
    }

    fn picture(&mut self, cells: &dyn Cells) -> Chart {
        let mut notes = Vec::new();
        let along = cells.name(self.choice.along).to_owned();
        let body = match std::mem::replace(&mut self.found, Found::Places(Vec::new())) {
            Found::Bars(NamedSums { names, sums, summed }) => {
                let mut bars: Vec<_> = names.names.iter().map(|name| name.to_string()).zip(sums).collect();
                let unit = match self.choice.values.first() {
                    Some(column) => cells.name(*column).to_owned(),
                    None => "rows".to_owned(),
                };
                if self.choice.values.is_empty() {
                    // Counts have no order of their own in the rows.
                    bars.sort_by(|(_, a), (_, b)| b.total_cmp(a));
                } else if summed {
                    notes.push(format!("{unit} of rows with the same {along} is added up."));
                }
                Body::Bars(Bars { of: along.clone(), unit, bars })
            }
            Found::Points { points, names } => self.lines(points, &names.names, cells, &mut notes),
            Found::Places(places) => self.columns(&places, along),
        };
        notes.extend(self.left_out_notes(cells));
        Chart { title: self.choice.title(cells), body, notes }
    }

    fn lines(
        &self,
        points: Vec<(f64, f64, u16)>,
        names: &[Box<str>],
        cells: &dyn Cells,
        notes: &mut Vec<String>,
    ) -> Body {
        let (from, to) = ends(points.iter().map(|point| point.0));
        let mut by_series: Vec<(String, Vec<(f64, f64)>)> = match self.choice.split {
            None => self.choice.values.iter().map(|at| (cells.name(*at).to_owned(), Vec::new())).collect(),
            Some(_) => names.iter().map(|name| (name.to_string(), Vec::new())).collect(),
        };
        for (x, y, series) in points {
            if let Some((_, points)) = by_series.get_mut(usize::from(series)) {
                points.push((x, y));
            }
        }
        // Of too many lines those with the most points; equals as they came.
        let mut largest: Vec<usize> = (0..by_series.len()).collect();
        largest.sort_by_key(|at| std::cmp::Reverse(by_series[*at].1.len()));
        if largest.len() > MOST_SERIES {
            notes.push(format!("{} more lines, of fewer rows each, are not drawn.", largest.len() - MOST_SERIES));
            largest.truncate(MOST_SERIES);
        }
        largest.sort_unstable();
        let mut means = None;
        let mut series = Vec::new();
        for at in largest {
            let (name, points) = std::mem::take(&mut by_series[at]);
            let (points, width) = bins::thin(points, from, to, MOST_POINTS);
            means = means.or(width);
            series.push(Series { name, points });
        }
        if let Some(width) = means {
            let part = if self.scale == Scale::Numbers { super::number::value(width) } else { span(width) };
            notes.push(format!("Drawn are the means of every {part}."));
        }
        let unit = match self.choice.values.as_slice() {
            [one] => cells.name(*one).to_owned(),
            _ => String::new(),
        };
        let name = cells.name(self.choice.along).to_owned();
        Body::Lines(Lines { x: Axis { name, scale: self.scale.clone(), from, to }, unit, series })
    }

    fn columns(&self, places: &[f64], name: String) -> Body {
        let (from, to) = ends(places.iter().copied());
        let (bounds, every) = match &self.scale {
            Scale::Times(zone) => {
                let times = ticks::times(from as i64, to as i64, MOST_PARTS + 1, zone, true);
                (times.ticks.into_iter().map(|tick| tick.at).collect(), times.every)
            }
            Scale::Numbers => {
                let whole = places.iter().all(|place| place.fract() == 0.0);
                let bounds = parts(from, to, places.len(), whole);
                let every = match bounds.as_slice() {
                    [first, second, ..] => super::number::value(second - first),
                    _ => String::new(),
                };
                (bounds, every)
            }
        };
        let counts = bins::count(&bounds, places.iter().copied());
        let (from, to) = (bounds.first().copied().unwrap_or(from), bounds.last().copied().unwrap_or(to));
        Body::Columns(Columns { x: Axis { name, scale: self.scale.clone(), from, to }, every, bounds, counts })
    }

    fn left_out_notes(&self, cells: &dyn Cells) -> Vec<String> {
        let LeftOut { along, values, names } = self.left_out;
        let what = match (self.choice.kind, &self.scale) {
            (Kind::Bars, _) => "a name",
            (_, Scale::Times(_)) => "a time",
            (_, Scale::Numbers) => "a number",
        };
        let fixed = |number: usize| super::number::fixed(number as f64, 0);
        let of = |number: usize| fixed(number) + if number == 1 { " row" } else { " rows" };
        let value = match self.choice.values.as_slice() {
            [one] => format!("a number as {}", cells.name(*one)),
            _ => "a number".to_owned(),
        };
        let sentences = [
            (along, format!("{} without {what} as {}", of(along), cells.name(self.choice.along))),
            (values, format!("{} without {value}", of(values))),
            (names, format!("{} of more names than the first {}", of(names), fixed(MOST_NAMES))),
        ];
        sentences.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| format!("Left out: {text}.")).collect()
    }
}

/// Bounds of parts of equal width that hold everything between two numbers.
fn parts(from: f64, to: f64, values: usize, whole: bool) -> Vec<f64> {
    // As many parts as the root of the values: more say nothing of few values.
    let most = ((values as f64).sqrt().ceil() as usize).clamp(5, MOST_PARTS);
    let mut step = match to > from {
        true => Step::enclosing(from, to, most),
        // A single value has no spread: its size tells how wide a part is.
        false => Step::enclosing(0.0, from.abs().max(1.0), most),
    };
    if whole {
        step = step.whole();
    }
    let (first, last) = (step.first(from), step.last(to));
    // The last part begins at or before the highest value and ends behind it.
    let last = if step.place(last) <= to { last + 1 } else { last };
    (first..=last).map(|number| step.place(number)).collect()
}

/// Where a cell stands: an instant in nanoseconds, or a number.
fn place(cell: Json<'_>, scale: &Scale) -> Option<f64> {
    match scale {
        Scale::Numbers => number(cell),
        Scale::Times(_) => instant(cell).map(|nanos| nanos as f64),
    }
}

fn number(cell: Json<'_>) -> Option<f64> {
    (cell.kind() == JsonKind::Number).then(|| cell.as_f64()).flatten().filter(|number| number.is_finite())
}

fn name(cell: Json<'_>) -> String {
    let text = cell.text();
    match cell.kind() {
        JsonKind::String if text.len() <= LONGEST_NAME => cell.as_str().unwrap_or_default().into_owned(),
        _ => text[..text.floor_char_boundary(LONGEST_NAME)].to_owned(),
    }
}

/// The lowest and the highest; 0 and 0 of none.
fn ends(places: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    if low > high { (0.0, 0.0) } else { (low, high) }
}

/// A span of nanoseconds in its unit.
fn span(nanos: f64) -> String {
    const UNITS: [(f64, &str); 6] =
        [(86_400e9, "days"), (3_600e9, "hours"), (60e9, "minutes"), (1e9, "seconds"), (1e6, "ms"), (1e3, "µs")];
    let (size, unit) = UNITS.into_iter().find(|(size, _)| nanos >= 1.5 * size).unwrap_or((1.0, "ns"));
    format!("{} {unit}", super::number::fixed(nanos / size, usize::from(nanos / size < 10.0)))
}
