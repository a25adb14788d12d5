//! Beside the list: the lanes, what is pointed out, the event types with their counts, the subjects that talk most.

use super::lane::Lane;
use super::rates::Rates;
use super::received::Received;
use super::rules::Rules;
use crate::app::list::{ListState, Step};
use crate::app::message::Now;
use rustc_hash::FxHashMap;

/// How many types are listed.
const KINDS: usize = 500;
/// How many subjects are listed.
const TALKERS: usize = 12;
/// How far back it is looked who talks most, in seconds and in events.
const LOOK_BACK: (u64, usize) = (60, 200_000);

/// A row of the overview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A heading; the cursor never stands on it.
    Head(&'static str),
    /// What will stand below a heading; the cursor never stands on it.
    Note(&'static str),
    /// A lane, by its number.
    Lane(u8),
    /// A rule, by its index.
    Rule(usize),
    /// An event type, by its number.
    Kind(u32),
    /// A subject, and its events of the last minute.
    Talker(String, u64),
}

/// The overview, with a cursor.
#[derive(Debug, Default)]
pub struct Overview {
    /// The cursor.
    pub list: ListState,
    items: Vec<Item>,
}

impl Overview {
    /// The rows.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&Item> {
        self.items.get(self.list.selected())
    }

    /// Look at everything again; the cursor stays on what it was on.
    pub fn refresh(&mut self, lanes: &[Lane], rules: &Rules, received: &Received, rates: &Rates, now: Now) {
        let before = self.selected().cloned();
        let mut items = vec![Item::Head("Watched")];
        items.extend(lanes.iter().map(|lane| Item::Lane(lane.number)));
        let rules = (0..rules.list().len()).map(Item::Rule).collect();
        put(&mut items, "Highlighted", rules, "What h points out, to ring (b) or pause (p).");
        let kinds = kinds(received).into_iter().map(Item::Kind).collect();
        put(&mut items, "Event types", kinds, "Each type that comes, with its rate; Space hides it.");
        let talkers =
            talkers(received, rates, now).into_iter().map(|(name, count)| Item::Talker(name, count)).collect();
        put(&mut items, "Most events in the last minute", talkers, "The subjects that most events are for.");
        if self.items.is_empty() {
            // Until it is drawn it is as high as need be.
            self.list.show(items.len(), items.len());
        }
        self.items = items;
        let same = |item: &Item| match (item, &before) {
            (Item::Talker(name, _), Some(Item::Talker(other, _))) => name == other,
            (item, before) => Some(item) == before.as_ref(),
        };
        let index = self.items.iter().position(same).unwrap_or(self.list.selected());
        self.list.select(index, self.items.len());
        self.off_the_heading(true);
    }

    /// Move the cursor.
    pub fn step(&mut self, step: Step) {
        let before = self.list.selected();
        self.list.step(step, self.items.len());
        self.off_the_heading(self.list.selected() >= before);
    }

    /// Headings are passed, in the direction in which the cursor went; at an end, back.
    fn off_the_heading(&mut self, down: bool) {
        let is_row = |index: &usize| !matches!(self.items.get(*index), Some(Item::Head(_) | Item::Note(_)) | None);
        let at = self.list.selected();
        let (below, above) = ((at..self.items.len()).find(is_row), (0..=at).rev().find(is_row));
        let index = if down { below.or(above) } else { above.or(below) };
        if let Some(index) = index {
            // A heading is seen together with the first row below it.
            let heading = index.saturating_sub(usize::from(!is_row(&index.saturating_sub(1))));
            self.list.select(heading, self.items.len());
            self.list.select(index, self.items.len());
        }
    }
}

/// A heading with its rows, or with what they will be.
fn put(items: &mut Vec<Item>, heading: &'static str, rows: Vec<Item>, note: &'static str) {
    items.push(Item::Head(heading));
    match rows.is_empty() {
        true => items.push(Item::Note(note)),
        false => items.extend(rows),
    }
}

/// The types, the most events first.
fn kinds(received: &Received) -> Vec<u32> {
    let names = received.log.kinds();
    let mut kinds: Vec<u32> = (0..u32::try_from(names.len()).unwrap_or(u32::MAX)).collect();
    kinds.sort_by(|a, b| received.count(*b).cmp(&received.count(*a)).then_with(|| names.text(*a).cmp(names.text(*b))));
    kinds.truncate(KINDS);
    kinds
}

/// The subjects with the most events of the last minute, as far as it is looked back.
fn talkers(received: &Received, rates: &Rates, now: Now) -> Vec<(String, u64)> {
    let log = &received.log;
    let Some(since) = rates.since(LOOK_BACK.0, now.since_start) else { return Vec::new() };
    let from = since.max(log.end().saturating_sub(LOOK_BACK.1));
    let mut counts: FxHashMap<u32, u64> = FxHashMap::default();
    for row in log.rows_at(from..log.end()).filter(|row| !row.is_broken()) {
        *counts.entry(row.subject).or_default() += 1;
    }
    let mut talkers: Vec<(u32, u64)> = counts.into_iter().collect();
    let order = |(subject, count): &(u32, u64)| (std::cmp::Reverse(*count), *subject);
    if talkers.len() > TALKERS {
        talkers.select_nth_unstable_by_key(TALKERS, order);
        talkers.truncate(TALKERS);
    }
    talkers.sort_unstable_by_key(order);
    talkers.into_iter().map(|(subject, count)| (log.subjects().text(subject).to_owned(), count)).collect()
}
