//! Events that are pointed out: coloured in the list, told by a bell or a notification, or worth a pause.

use super::seek::Seeker;
use crate::app::effect::{Outbox, Slot};
use crate::app::probe::{Inside, Probe};
use crate::model::log::EventLog;

/// How many rules there are at most.
const MOST: usize = 16;

/// A colour by its name; the theme says what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Red.
    Red,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Magenta.
    Magenta,
    /// Cyan.
    Cyan,
}

impl Ink {
    /// All of them, in the order in which they are given out.
    pub const ALL: [Self; 6] = [Self::Red, Self::Yellow, Self::Magenta, Self::Cyan, Self::Green, Self::Blue];
}

/// What is pointed out, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Which events.
    pub probe: Probe,
    /// The colour of their rows.
    pub ink: Ink,
    /// Whether each is told to a user who looks elsewhere.
    pub bell: bool,
    /// Whether the view is held at the first one.
    pub pause: bool,
}

/// The rules.
#[derive(Debug)]
pub struct Rules {
    list: Vec<Rule>,
    seeker: Seeker,
}

impl Default for Rules {
    fn default() -> Self {
        Self { list: Vec::new(), seeker: Seeker::new(Slot::TailWatch) }
    }
}

impl Rules {
    /// The rules that the settings give.
    pub fn set(&mut self, rules: Vec<Rule>, out: &mut Outbox) {
        self.list = rules;
        self.list.truncate(MOST);
        self.begin_anew(0, out);
    }

    /// The rules.
    pub fn list(&self) -> &[Rule] {
        &self.list
    }

    /// Point more out, in a colour that is not used yet. Gives `false` when there are too many.
    pub fn add(&mut self, probe: Probe) -> bool {
        let used = |ink: &&Ink| self.list.iter().any(|rule| rule.ink == **ink);
        let ink = Ink::ALL.iter().find(|ink| !used(ink)).copied();
        let next = Ink::ALL[self.list.len() % Ink::ALL.len()];
        let fits = self.list.len() < MOST;
        if fits {
            self.list.push(Rule { probe, ink: ink.unwrap_or(next), bell: false, pause: false });
        }
        fits
    }

    /// Take a rule away.
    pub fn remove(&mut self, index: usize, end: usize, out: &mut Outbox) {
        if index < self.list.len() {
            self.list.remove(index);
            self.begin_anew(end, out);
        }
    }

    /// Change a rule. What came before `end` is not told.
    pub fn change(&mut self, index: usize, end: usize, out: &mut Outbox, change: impl FnOnce(&mut Rule)) {
        if let Some(rule) = self.list.get_mut(index) {
            change(rule);
            self.begin_anew(end, out);
        }
    }

    /// Watch for events from this position on.
    pub fn begin_anew(&mut self, from: usize, out: &mut Outbox) {
        let watched: Vec<Probe> =
            self.list.iter().filter(|rule| rule.bell || rule.pause).map(|rule| rule.probe.clone()).collect();
        let probe = (!watched.is_empty()).then(|| Probe::any(watched));
        self.seeker.restart(probe, from, out);
    }

    /// Look at events that were not looked at yet. Gives those that are to be told.
    pub fn advance(&mut self, log: &EventLog, out: &mut Outbox) -> Vec<usize> {
        let mut hits = Vec::new();
        if self.seeker.probe().is_some() {
            self.seeker.advance(&Inside::Events, log, out, &mut |position| hits.push(position));
        }
        hits
    }

    /// A search has looked at everything before `scanned`.
    pub fn found(&mut self, scanned: usize) {
        self.seeker.found(scanned);
    }

    /// A search is over.
    pub fn searched(&mut self, problem: Option<String>) {
        self.seeker.over(problem);
    }

    /// The first rule that points an event out.
    pub fn of(&self, line: &[u8]) -> Option<&Rule> {
        self.list.iter().find(|rule| rule.probe.matches(line).unwrap_or(false))
    }

    /// What is to be done about an event that is told: by whose words, whether by a bell, whether by a pause.
    pub fn told(&self, line: &[u8]) -> Option<(&str, bool, bool)> {
        let matching =
            self.list.iter().filter(|rule| (rule.bell || rule.pause) && rule.probe.matches(line) == Ok(true));
        matching.fold(None, |told, rule| {
            let (words, bell, pause) = told.unwrap_or((rule.probe.source(), false, false));
            Some((words, bell || rule.bell, pause || rule.pause))
        })
    }
}
