//! Going to an event by its id, to a time, or to a subject: one line for all three.
//!
//! Subjects are looked through in portions, an id on another thread; no key waits for either.

use super::events::Scope;
use super::moment;
use super::prompt::{Choice, Picker, Prompt};
use super::{Explore, Pane};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::logs::{FIRST, LogId};
use crate::app::message::Level;
use crate::app::probe::{Inside, Probe, Search};
use crate::app::screens::Visit;
use crate::app::world::World;
use crate::model::log::{LogView, Row};
use crate::model::tree::{NodeId, SubjectTree};
use jiff::tz::TimeZone;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// So many subjects are looked at before the keys get their turn.
const PORTION: NodeId = 8192;
/// So many subjects are offered.
const OFFERED: usize = 50;

/// Where a choice leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// To the event with this id.
    Event(String),
    /// To the first event at or after this instant.
    Time(i64),
    /// To a subject.
    Subject(NodeId),
}

/// The prompt for a place to go to.
#[derive(Debug)]
pub struct GoTo {
    /// The line and the choices.
    pub picker: Picker,
    /// What the text means by itself.
    meant: Vec<(Choice, Target)>,
    /// The best subjects so far.
    subjects: Vec<(u32, NodeId)>,
    /// Every subject before this one was looked at.
    looked_at: NodeId,
    targets: Vec<Target>,
}

impl GoTo {
    fn new() -> Self {
        Self { picker: Picker::default(), meant: Vec::new(), subjects: Vec::new(), looked_at: 1, targets: Vec::new() }
    }

    /// What was typed has changed. A time without a date is on the day of `near`.
    pub fn typed(&mut self, now: i64, near: Option<i64>, zone: &TimeZone) {
        let text = self.picker.text();
        (self.subjects, self.looked_at) = (Vec::new(), 1);
        self.meant.clear();
        if let Some(time) = moment::start(&text, zone, near.unwrap_or(now), now) {
            let choice = Choice {
                text: moment::written(time, zone),
                matched: Vec::new(),
                note: "the first event from this time on".into(),
            };
            self.meant.push((choice, Target::Time(time)));
        }
        if is_id(&text) {
            let choice = Choice { text: text.clone(), matched: Vec::new(), note: "the event with this id".into() };
            self.meant.push((choice, Target::Event(text)));
        }
        self.offer(&SubjectTree::default());
    }

    /// Whether subjects are still to be looked at.
    pub fn is_looking(&self, tree: &SubjectTree) -> bool {
        !self.picker.field.is_empty() && (self.looked_at as usize) < tree.len()
    }

    /// Look at the next subjects. Gives whether all were looked at.
    pub fn advance(&mut self, tree: &SubjectTree) -> bool {
        if !self.is_looking(tree) {
            return true;
        }
        let pattern = Pattern::parse(&self.picker.text(), CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
        let mut buffer = Vec::new();
        let end = NodeId::try_from(tree.len()).unwrap_or(NodeId::MAX).min(self.looked_at + PORTION);
        let scored = (self.looked_at..end).filter_map(|node| {
            let subject = tree.subject(node);
            Some((pattern.score(Utf32Str::new(&subject, &mut buffer), &mut matcher)?, node))
        });
        self.subjects.extend(scored);
        self.subjects.sort_by_key(|(score, node)| (std::cmp::Reverse(*score), *node));
        self.subjects.truncate(OFFERED);
        self.looked_at = end;
        self.offer(tree);
        !self.is_looking(tree)
    }

    fn offer(&mut self, tree: &SubjectTree) {
        let pattern = Pattern::parse(&self.picker.text(), CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
        let mut buffer = Vec::new();
        let mut choices = self.meant.clone();
        choices.extend(self.subjects.iter().map(|(_, node)| {
            let text = tree.subject(*node);
            let mut matched = Vec::new();
            pattern.indices(Utf32Str::new(&text, &mut buffer), &mut matcher, &mut matched);
            matched.sort_unstable();
            matched.dedup();
            let note = if tree.total(*node) == 1 { "1 event".into() } else { format!("{} events", tree.total(*node)) };
            (Choice { text, matched, note }, Target::Subject(*node))
        }));
        let chosen = self.targets.get(self.picker.list.selected()).cloned();
        let touched = self.picker.list.selected() > 0;
        let (choices, targets): (_, Vec<Target>) = choices.into_iter().unzip();
        self.targets = targets;
        self.picker.offer(choices);
        // The cursor stays on what the user has gone to while better ones are found.
        if let Some(at) =
            chosen.filter(|_| touched).and_then(|chosen| self.targets.iter().position(|target| *target == chosen))
        {
            self.picker.list.select(at, self.targets.len());
        }
    }
}

/// Whether a text can be an event's id: one word, long enough to be meant as one.
fn is_id(text: &str) -> bool {
    text.len() >= 8 && !text.contains(|c: char| c.is_whitespace() || c == '/')
}

impl Explore {
    /// Ask for a place to go to.
    pub(super) fn ask_place(&mut self) {
        self.prompt = Some(Prompt::GoTo(Box::new(GoTo::new())));
    }

    /// Go to the choice under the cursor.
    pub(super) fn take_place(&mut self, world: &mut World, out: &mut Outbox) {
        let Some(Prompt::GoTo(prompt)) = &mut self.prompt else { return };
        // Enter takes the best of all subjects, not the best of those that were looked at so far.
        while prompt.targets.is_empty() && !prompt.advance(&world.tree) {}
        let Some(target) = prompt.targets.get(prompt.picker.list.selected()).cloned() else {
            return out.say(Level::Warning, "There is no such subject, and this is no time and no event's id.");
        };
        self.prompt = None;
        match target {
            Target::Event(id) => self.find_event(Wanted { stay: true, ..Wanted::new(Visit::of(id)) }, world, out),
            Target::Time(time) => self.go_to_time(time, world, out),
            Target::Subject(node) => self.show_subject(&world.tree.subject(node), world, out),
        }
    }

    /// Show an event that another screen has received, or the state of its subject there. `is_fresh`: it may be newer than
    /// what is loaded.
    pub fn visit(&mut self, visit: Visit, is_fresh: bool, world: &World, out: &mut Outbox) {
        self.find_event(Wanted { is_fresh, ..Wanted::new(visit) }, world, out);
    }

    /// Look for an event by its id, on another thread: in the log on show, then in the others.
    pub(super) fn find_event(&mut self, wanted: Wanted, world: &World, out: &mut Outbox) {
        let mut left: Vec<(LogId, LogView)> =
            world.logs().map(|(log, _, events)| (log, events.view().clone())).collect();
        // The last one is looked through first.
        left.sort_by_key(|(log, _)| *log == world.shown());
        self.wanted = Some(Wanted { log: world.shown(), left, ..wanted });
        // The log on show is always there to be looked through.
        let _ = self.find_in_next(world, out);
    }

    /// Look through the next log. Gives the event, and whether it may be newer than what is loaded, when it is in none of
    /// them and the server is not asked whose it is.
    fn find_in_next(&mut self, world: &World, out: &mut Outbox) -> Option<(Visit, bool)> {
        let wanted = self.wanted.as_mut()?;
        let Some((log, view)) = wanted.left.pop() else {
            let Wanted { visit, is_fresh, .. } = self.wanted.take()?;
            if world.is_part() {
                self.locate(visit, out);
                return None;
            }
            return Some((visit, is_fresh));
        };
        wanted.log = log;
        let (from, to) = (view.positions().start, view.positions().end);
        let probe = Probe::id(&wanted.visit.id);
        out.start(Slot::Find, Call::Search(Search { view, from, to, inside: Inside::Events, probe }));
        None
    }

    /// Whether an event is being looked for by its id.
    pub fn is_finding_event(&self) -> bool {
        self.wanted.is_some()
    }

    /// Look for the event no longer. Gives whether one was looked for.
    pub(super) fn stop_finding(&mut self, out: &mut Outbox) -> bool {
        out.cancel(Slot::Find);
        self.wanted.take().is_some()
    }

    /// The search for an id has found events.
    pub fn event_found(&mut self, found: &[u32], world: &mut World, out: &mut Outbox) {
        let Some(position) = found.first().map(|position| *position as usize) else { return };
        out.cancel(Slot::Find);
        let Some(wanted) = self.wanted.take() else { return };
        self.turn_to(wanted.log, world, out);
        self.go_to_position(position, wanted.stay, world, out);
        if wanted.visit.travels && self.events.selected() == Some(position) {
            self.open_travel(world, out);
        }
    }

    /// The search for an id is over in one log. Gives the event when it is in none and what was committed since is to be
    /// loaded for it.
    pub fn event_not_found(&mut self, world: &mut World, out: &mut Outbox) -> Option<Visit> {
        let (visit, is_fresh) = self.find_in_next(world, out)?;
        match visit.or_subject {
            _ if is_fresh => return Some(visit),
            Some(subject) => self.show_subject(&subject, world, out),
            None => out.say(Level::Warning, format!("The event {} is not loaded. r loads what is new.", visit.id)),
        }
        None
    }

    fn go_to_position(&mut self, position: usize, stay: bool, world: &mut World, out: &mut Outbox) {
        self.shape = None;
        if stay && self.events.select_position(position) {
            self.pane = Pane::Events;
            self.lead_aside(world);
            return self.follow(world, out);
        }
        self.show_position(position, world, out);
    }

    /// Go to the first listed event at or after an instant.
    fn go_to_time(&mut self, time: i64, world: &World, out: &mut Outbox) {
        if self.events.is_empty() && !matches!(self.events.scope(), Scope::Trace(_)) {
            return out.say(Level::Warning, "No event is listed here that could be gone to.");
        }
        let at =
            |position: &u32| world.log.row(*position as usize).map(|row| row.time).filter(|time| *time != Row::NO_TIME);
        let mut listed = self.events.in_order();
        listed.sort_unstable();
        let first = listed.iter().find(|position| at(position).is_some_and(|at| at >= time));
        if first.is_none() {
            out.say(Level::Info, "All listed events are earlier; this is the last one.");
        }
        if let Some(position) = first.or(listed.last()) {
            self.events.select_position(*position as usize);
            self.pane = Pane::Events;
            self.lead_aside(world);
            self.follow(world, out);
        }
    }
}

/// The event that is looked for by its id.
#[derive(Debug)]
pub(super) struct Wanted {
    visit: Visit,
    /// Stay in the list as it is, if the event is in it.
    stay: bool,
    /// It may be newer than what is loaded.
    is_fresh: bool,
    /// The log that is looked through.
    log: LogId,
    /// Those that come next, the first one last.
    left: Vec<(LogId, LogView)>,
}

impl Wanted {
    /// An event that is to be shown among those of its subject.
    fn new(visit: Visit) -> Self {
        Self { visit, stay: false, is_fresh: false, log: FIRST, left: Vec::new() }
    }
}
