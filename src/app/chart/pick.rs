//! Which pictures fit a result, told from what its columns hold, and which columns a picture can be made of.

use super::{Cells, MOST_SERIES};
use crate::model::json::{Json, Kind as JsonKind};
use crate::model::time;
use rustc_hash::FxHashSet;

/// A column is judged by so many of its rows, spread over all of them.
const SAMPLE: usize = 1000;
/// No more columns than this are judged.
const MOST_COLUMNS: usize = 64;

/// The kinds of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A bar for each name.
    Bars,
    /// Lines over times or numbers.
    Lines,
    /// How many rows fall into each part of an axis.
    Histogram,
}

/// A picture of certain columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its kind.
    pub kind: Kind,
    /// Names, times or numbers: the column along which is drawn.
    pub along: usize,
    /// The values. Bars without a value count rows.
    pub values: Vec<usize>,
    /// The column whose values each get a line of their own.
    pub split: Option<usize>,
}

/// What a column is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instants.
    Time,
    /// Numbers.
    Number,
    /// Texts, or true and false.
    Name,
    /// Nothing: objects, lists, no values at all.
    Nothing,
}

/// What is known of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Profile {
    role: Role,
    /// How many of the rows that were looked at have a value.
    seen: usize,
    /// How many different ones.
    distinct: usize,
    /// Whether its numbers go up from row to row.
    rises: bool,
}

/// The columns of a result as far as pictures go, and the pictures that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picks {
    columns: Vec<Profile>,
    choices: Vec<Choice>,
}

impl Picks {
    /// Look at a result.
    pub fn of(cells: &dyn Cells) -> Self {
        let columns: Vec<Profile> = (0..cells.columns().min(MOST_COLUMNS)).map(|at| Profile::of(cells, at)).collect();
        let choices = choices(&columns);
        Self { columns, choices }
    }

    /// The pictures that fit, the best first.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Whether a column holds instants.
    pub fn is_time(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|profile| profile.role == Role::Time)
    }

    /// Whether a picture can still be made of a result: it may have been chosen of another one.
    pub fn allows(&self, choice: &Choice) -> bool {
        let role = |column: usize| self.columns.get(column).map(|profile| profile.role);
        let along = match choice.kind {
            Kind::Bars => !matches!(role(choice.along), None | Some(Role::Nothing)),
            Kind::Lines | Kind::Histogram => matches!(role(choice.along), Some(Role::Time | Role::Number)),
        };
        along && choice.values.iter().all(|column| role(*column) == Some(Role::Number))
    }

    /// The picture of the next kind that fits, round and round.
    pub fn next_kind(&self, choice: &Choice) -> Option<Choice> {
        let at = self.choices.iter().position(|one| one == choice);
        let behind = at.map_or(0, |at| at + 1);
        // Of columns that were chosen by hand it is the first of another kind.
        let other = |one: &&Choice| at.is_some() || one.kind != choice.kind;
        let mut round = self.choices.iter().skip(behind).chain(self.choices.iter().take(behind));
        round.find(other).or(self.choices.first()).cloned()
    }

    /// The same picture along the next column that fits.
    pub fn next_along(&self, choice: &Choice) -> Choice {
        let mut next = choice.clone();
        for at in self.round(Some(choice.along)) {
            next.along = at;
            next.values.retain(|column| *column != at);
            next.split = choice.split.filter(|column| *column != at);
            if self.allows(&next) && !(next.kind == Kind::Lines && next.values.is_empty()) {
                return next;
            }
            next = choice.clone();
        }
        choice.clone()
    }

    /// The same picture of the next value: each number by itself; for bars how many rows, for lines all of them.
    pub fn next_values(&self, choice: &Choice) -> Choice {
        let numbers: Vec<usize> = self.of_role(Role::Number).filter(|at| *at != choice.along).collect();
        let together = match choice.kind {
            Kind::Histogram => return self.next_along(choice),
            Kind::Bars => Vec::new(),
            Kind::Lines => numbers.iter().copied().take(MOST_SERIES).collect(),
        };
        let at = match choice.values.as_slice() {
            [one] => numbers.iter().position(|number| number == one).map(|at| at + 1),
            _ => Some(0),
        };
        let values = match at.and_then(|at| numbers.get(at)) {
            Some(number) => vec![*number],
            None => together,
        };
        if values.is_empty() && choice.kind == Kind::Lines {
            return choice.clone();
        }
        let split = choice.split.filter(|_| values.len() == 1);
        Choice { values, split, ..choice.clone() }
    }

    /// The same lines, apart by the next column of names, at last not apart.
    pub fn next_split(&self, choice: &Choice) -> Choice {
        if choice.kind != Kind::Lines {
            return choice.clone();
        }
        let mut behind = self.of_role(Role::Name).filter(|at| choice.split.is_none_or(|split| *at > split));
        let split = behind.next();
        let values = match split {
            Some(_) => choice.values.iter().copied().take(1).collect(),
            None => choice.values.clone(),
        };
        Choice { split, values, ..choice.clone() }
    }

    fn of_role(&self, role: Role) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(move |at| self.columns.get(*at).is_some_and(|profile| profile.role == role))
    }

    /// All columns once, beginning behind one.
    fn round(&self, behind: Option<usize>) -> impl Iterator<Item = usize> {
        let start = behind.map_or(0, |at| at + 1);
        (0..self.columns.len()).map(move |at| (start + at) % self.columns.len().max(1))
    }
}

impl Choice {
    /// What the picture shows: `revenue by category`.
    pub fn title(&self, cells: &dyn Cells) -> String {
        let along = cells.name(self.along);
        let values: Vec<&str> = self.values.iter().map(|column| cells.name(*column)).collect();
        let what = if values.is_empty() { "rows".to_owned() } else { values.join(", ") };
        match (self.kind, self.split) {
            (Kind::Bars, _) => format!("{what} by {along}"),
            (Kind::Lines, Some(split)) => format!("{what} over {along} by {}", cells.name(split)),
            (Kind::Lines, None) => format!("{what} over {along}"),
            (Kind::Histogram, _) => format!("rows by {along}"),
        }
    }
}

impl Profile {
    fn of(cells: &dyn Cells, column: usize) -> Self {
        let rows = cells.rows();
        let looked_at = rows.min(SAMPLE);
        let (mut times, mut numbers, mut names, mut others) = (0, 0, 0, 0);
        let mut distinct = FxHashSet::default();
        let (mut last, mut rises) = (f64::NEG_INFINITY, true);
        for nth in 0..looked_at {
            let Some(cell) = cells.cell(nth * rows / looked_at, column) else { continue };
            match role_of(cell) {
                Some(Role::Number) => {
                    numbers += 1;
                    let value = cell.as_f64().unwrap_or(f64::NAN);
                    rises &= value > last;
                    last = value;
                }
                Some(Role::Time) => times += 1,
                Some(Role::Name) => names += 1,
                Some(Role::Nothing) => others += 1,
                None => continue,
            }
            distinct.insert(cell.text());
        }
        let seen = times + numbers + names + others;
        // A few odd cells do not make a column another one; they are counted when it is drawn.
        let role = match seen / 2 {
            _ if seen == 0 => Role::Nothing,
            half if times > half => Role::Time,
            half if numbers > half => Role::Number,
            half if names + times + numbers > half && names > 0 => Role::Name,
            _ => Role::Nothing,
        };
        Self { role, seen, distinct: distinct.len(), rises }
    }

    /// Whether its values come again, as those of a type or a status do and those of an ID do not.
    fn repeats(&self) -> bool {
        self.distinct * 2 <= self.seen
    }
}

/// The instant that a cell tells: RFC 3339, or a plain date, which is that day's first moment in UTC.
pub fn instant(cell: Json<'_>) -> Option<i64> {
    const DATE: usize = "2026-03-01".len();
    let text = cell.as_str().filter(|_| cell.kind() == JsonKind::String)?;
    match text.len() {
        DATE => time::parse(&format!("{text}T00:00:00Z")),
        _ => time::parse(&text),
    }
}

fn role_of(cell: Json<'_>) -> Option<Role> {
    Some(match cell.kind() {
        JsonKind::Null => return None,
        JsonKind::Number => Role::Number,
        JsonKind::Bool => Role::Name,
        JsonKind::String if instant(cell).is_some() => Role::Time,
        JsonKind::String => Role::Name,
        JsonKind::Array | JsonKind::Object => Role::Nothing,
    })
}

/// The pictures that fit, the best first, each kind about once.
fn choices(columns: &[Profile]) -> Vec<Choice> {
    let of = |role: Role| (0..columns.len()).filter(|at| columns[*at].role == role).collect::<Vec<_>>();
    let (times, numbers, names) = (of(Role::Time), of(Role::Number), of(Role::Name));
    let mut found: Vec<Choice> = Vec::new();
    let mut add = |kind, along, values: &[usize], split| {
        let choice = Choice { kind, along, values: values.to_vec(), split };
        if !found.contains(&choice) {
            found.push(choice);
        }
    };
    let several = &numbers[..numbers.len().min(MOST_SERIES)];
    if let (Some(time), Some(number)) = (times.first(), numbers.first()) {
        let few = |at: &&usize| (2..=MOST_SERIES).contains(&columns[**at].distinct) && columns[**at].repeats();
        match names.iter().find(few) {
            Some(split) => add(Kind::Lines, *time, &[*number], Some(*split)),
            None => add(Kind::Lines, *time, several, None),
        }
    }
    // Of names, those that come again say more than those of single rows, unless there is a number for each.
    let repeating = names.iter().filter(|at| columns[**at].repeats()).min_by_key(|at| columns[**at].distinct);
    if let (Some(name), Some(number)) = (names.first(), numbers.first()) {
        add(Kind::Bars, *name, &[*number], None);
    }
    if let Some(time) = times.first() {
        add(Kind::Histogram, *time, &[], None);
    }
    if let [first, rest @ ..] = several
        && columns[*first].rises
        && !rest.is_empty()
        && names.is_empty()
    {
        add(Kind::Lines, *first, rest, None);
    }
    if let Some(number) = numbers.first() {
        add(Kind::Histogram, *number, &[], None);
    }
    if let Some(name) = repeating {
        add(Kind::Bars, *name, &[], None);
    }
    if let (None, [first, rest @ ..]) = (names.first(), several)
        && !rest.is_empty()
    {
        add(Kind::Lines, *first, rest, None);
    }
    found
}
