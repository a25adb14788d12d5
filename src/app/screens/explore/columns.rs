//! The columns of the list of events: how times are told, which fields of the events are shown, how wide they want to be.
//!
//! Widths are those of what was on the screen so far: they grow while one scrolls and never shrink, so that nothing
//! jumps back and forth. Knows nothing of the screen's width.

use crate::model::json::{Json, Kind};
use crate::model::path::{Path, Step};
use jiff::tz::TimeZone;
use std::cell::Cell;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// No more columns than this can be added.
pub const MOST: usize = 16;
/// Columns of the screen that a field takes at most, unless it is a number.
const WIDEST: usize = 40;
/// Numbers that are longer than this are cut after all.
const LONGEST_NUMBER: usize = 40;
/// No more of a cell than this is looked at, in bytes.
const LOOKED_AT: usize = 512;

/// The fields of an event that stand beside its payload.
pub const FIELDS: [&str; 10] =
    ["id", "source", "subject", "type", "time", "specversion", "datacontenttype", "predecessorhash", "hash", "data"];

/// How the list tells times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// By the clock of the system's zone.
    #[default]
    Local,
    /// In coordinated universal time, as they are stored.
    Utc,
    /// By how long ago they are.
    Relative,
}

impl TimeStyle {
    /// The next one.
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Local,
        }
    }

    /// For the head of the column.
    pub fn title(self) -> &'static str {
        match self {
            Self::Local => "time (local)",
            Self::Utc => "time (UTC)",
            Self::Relative => "time (ago)",
        }
    }
}

/// What the settings say of the list.
#[derive(Clone, Debug)]
pub struct ListSettings {
    /// The fields that have a column from the start.
    pub fields: Vec<Path>,
    /// How times are told.
    pub time: TimeStyle,
    /// The system's zone.
    pub local: TimeZone,
}

impl ListSettings {
    /// No columns of its own, times in this zone.
    pub fn of(zone: &TimeZone) -> Self {
        Self { fields: Vec::new(), time: TimeStyle::default(), local: zone.clone() }
    }
}

/// A column that the user has added.
#[derive(Clone, Debug)]
pub struct Column {
    /// The field.
    pub path: Path,
    name: String,
    width: Cell<usize>,
    numbers: Cell<bool>,
    others: Cell<bool>,
}

impl Column {
    fn new(path: Path) -> Self {
        let name = path.to_string();
        Self { path, name, width: Cell::new(0), numbers: Cell::new(false), others: Cell::new(false) }
    }

    /// What stands at its head: the field's path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether all of its cells that were seen are numbers.
    pub fn is_number(&self) -> bool {
        self.numbers.get() && !self.others.get()
    }

    /// The columns of the screen that its widest cell takes.
    pub fn width(&self) -> usize {
        self.width.get()
    }

    /// Take in that an event with this value is on the screen.
    pub fn measure(&self, value: Option<Json<'_>>) {
        let Some(value) = value else { return };
        let wide = UnicodeWidthStr::width(shown(value).as_str());
        match value.kind() {
            Kind::Number => self.numbers.set(true),
            Kind::Null => {}
            _ => self.others.set(true),
        }
        let most = if value.kind() == Kind::Number { LONGEST_NUMBER } else { WIDEST };
        self.width.set(self.width.get().max(wide.min(most)));
    }
}

/// The text of a cell: strings without their quotes, the others as they are written.
pub fn shown(value: Json<'_>) -> String {
    let text = value.text();
    let head = &text[..text.floor_char_boundary(LOOKED_AT)];
    match value.kind() {
        Kind::String if head.len() == text.len() => value.as_str().unwrap_or_default().into_owned(),
        Kind::String => head.trim_start_matches('"').to_owned(),
        Kind::Object => format!("{{ {} }}", value.len()),
        Kind::Array => format!("[ {} ]", value.len()),
        _ => head.to_owned(),
    }
}

/// The columns of the list.
#[derive(Debug)]
pub struct Columns {
    /// How times are told.
    pub time: TimeStyle,
    /// The system's zone.
    pub local: TimeZone,
    fields: Vec<Column>,
    kind: Cell<usize>,
    subject: Cell<usize>,
}

impl Default for Columns {
    fn default() -> Self {
        Self::new(ListSettings::of(&TimeZone::UTC))
    }
}

/// While the newest event is so young, its age is told in seconds.
const YOUNG: i64 = 100_000_000_000;

impl Columns {
    /// How soon ages look different, when they are shown. `newest` is when the newest event was stored.
    pub fn next_age(&self, newest: Option<i64>, now: i64) -> Option<Duration> {
        let is_young = newest.is_some_and(|newest| now.saturating_sub(newest) < YOUNG);
        (self.time == TimeStyle::Relative).then(|| Duration::from_secs(if is_young { 1 } else { 30 }))
    }

    /// As the settings want them.
    pub fn new(settings: ListSettings) -> Self {
        let mut columns = Self {
            time: settings.time,
            local: settings.local,
            fields: Vec::new(),
            kind: Cell::new(0),
            subject: Cell::new(0),
        };
        for path in settings.fields {
            if !columns.has(&path) {
                columns.toggle(path);
            }
        }
        columns
    }

    /// The zone in which instants are written where they are not told by how long ago they are.
    pub fn zone(&self) -> &TimeZone {
        const UTC: &TimeZone = &TimeZone::UTC;
        if self.time == TimeStyle::Utc { UTC } else { &self.local }
    }

    /// The columns that were added, in the order in which they are shown.
    pub fn fields(&self) -> &[Column] {
        &self.fields
    }

    /// Whether a field has a column.
    pub fn has(&self, path: &Path) -> bool {
        self.fields.iter().any(|column| column.path == *path)
    }

    /// Give a field a column, or take its column away. `None` when there are too many already, else whether it has one
    /// now.
    pub fn toggle(&mut self, path: Path) -> Option<bool> {
        let before = self.fields.len();
        self.fields.retain(|column| column.path != path);
        if self.fields.len() < before {
            return Some(false);
        }
        (self.fields.len() < MOST).then(|| {
            self.fields.push(Column::new(path));
            true
        })
    }

    /// Take in which type and subject are on the screen, in columns of it.
    pub fn measure(&self, kind: usize, subject: usize) {
        self.kind.set(self.kind.get().max(kind));
        self.subject.set(self.subject.get().max(subject));
    }

    /// The columns of the screen that the widest type takes.
    pub fn kind_width(&self) -> usize {
        self.kind.get()
    }

    /// The columns of the screen that the widest subject takes.
    pub fn subject_width(&self) -> usize {
        self.subject.get()
    }

    /// Something else is shown: the widths are found anew.
    pub fn forget_widths(&self) {
        self.kind.set(0);
        self.subject.set(0);
        for column in &self.fields {
            column.width.set(0);
            column.numbers.set(false);
            column.others.set(false);
        }
    }
}

/// The field that a text names: `data.total`, as a query writes it too (`e.data.total`), or for short `total`. `None`
/// when it names none.
pub fn field(text: &str) -> Option<Path> {
    let text = text.trim();
    let path = Path::parse(text.strip_prefix("e.").unwrap_or(text))?;
    match path.steps().first() {
        Some(Step::Key(key)) if FIELDS.contains(&key.as_ref()) => Some(path),
        _ => Path::parse(&format!("data{}{path}", if text.starts_with('[') { "" } else { "." })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_in_three_ways() {
        for (text, path) in [
            ("data.total", Some("data.total")),
            ("e.data.total ", Some("data.total")),
            ("address.city", Some("data.address.city")),
            ("id", Some("id")),
            ("data", Some("data")),
            ("e.hash", Some("hash")),
            ("['a-b'].c", Some("data['a-b'].c")),
            ("[0]", Some("data[0]")),
            ("", None),
            ("a..b", None),
        ] {
            assert_eq!(field(text).map(|path| path.to_string()).as_deref(), path, "{text}");
        }
    }

    #[test]
    fn widths_grow_with_what_is_seen_and_are_forgotten_together() {
        let mut columns = Columns::default();
        let path = field("total").unwrap();
        assert_eq!(columns.toggle(path.clone()), Some(true));
        let column = &columns.fields()[0];
        column.measure(Some(Json::trusted("99.50")));
        column.measure(Some(Json::trusted("1")));
        column.measure(Some(Json::NULL));
        assert_eq!((column.width(), column.is_number()), (5, true));
        column.measure(Some(Json::trusted("\"none yet\"")));
        assert_eq!((column.width(), column.is_number()), (8, false));
        columns.forget_widths();
        assert_eq!((columns.fields()[0].width(), columns.kind_width()), (0, 0));
        assert_eq!((columns.toggle(path.clone()), columns.has(&path)), (Some(false), false));
        for number in 0..MOST {
            assert_eq!(columns.toggle(Path::of("data").index(number)), Some(true));
        }
        assert_eq!(columns.toggle(path), None);
    }
}
