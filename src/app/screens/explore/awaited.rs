//! Opening a subject, and going to an event, that are not loaded: the subject gets a log of its own, and the event is
//! waited for there.

use super::events::Scope;
use super::{Explore, Pane, stored};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::health::sentence;
use crate::app::logs::{FIRST, LogId, Part};
use crate::app::message::{Failure, FailureKind, Level};
use crate::app::screens::Visit;
use crate::app::world::{Loading, Origin, World};
use crate::model::log::EventLog;

/// An event that is on its way into a log.
#[derive(Debug)]
pub struct Awaited {
    log: LogId,
    id: String,
    /// When it was stored, where that is known.
    time: Option<i64>,
    /// How many of the log's events were looked at.
    looked_at: usize,
    /// Look at the state there.
    travels: bool,
    /// The log was loaded further for it.
    is_late: bool,
}

impl Awaited {
    /// An event of the log on show, to be found in another one; `None` when the line is no event.
    fn of(world: &World, position: usize) -> Option<Self> {
        let id = world.log.line(position)?.event().ok()?.id.into_owned();
        Some(Self { time: world.log.row(position).map(|row| row.time), ..Self::with_id(id) })
    }

    /// An event that is known by its ID alone.
    fn with_id(id: String) -> Self {
        Self { log: FIRST, id, time: None, looked_at: 0, travels: false, is_late: false }
    }

    /// Its position in a log, as far as that was not looked at yet.
    fn find(&self, log: &EventLog) -> Option<usize> {
        let mut rows = (self.looked_at..).zip(log.rows_at(self.looked_at..log.end()));
        let is_near = |time: i64| self.time.is_none_or(|at| at == time);
        let is_it = |position: usize| {
            log.line(position).is_some_and(|line| matches!(line.event(), Ok(event) if event.id == self.id))
        };
        rows.find(|(position, row)| is_near(row.time) && is_it(*position)).map(|(position, _)| position)
    }
}

impl Explore {
    /// The subject that is listed is opened: its events are loaded into a log of its own, unless they are here or on
    /// their way. Gives whether they are loaded now.
    pub(super) fn open_rest(&mut self, world: &mut World, out: &mut Outbox) -> bool {
        let Scope::Subject(subject) = self.events.scope().clone() else { return false };
        if subject == "/" || !needs_own_log(world, &subject) {
            return false;
        }
        let selected = self.events.selected().filter(|_| self.events.list.selected() > 0);
        let awaited = selected.and_then(|position| Awaited::of(world, position));
        self.open_log(&subject, awaited, world, out);
        true
    }

    /// Time travel needs all events of a subject: where they are not here, it goes to the log of the subject. Gives
    /// whether it does.
    pub(super) fn travel_in_own_log(&mut self, position: usize, world: &mut World, out: &mut Outbox) -> bool {
        let Some(subject) = stored::subject(&world.log, position).map(str::to_owned) else { return false };
        if !world.is_part() || !needs_own_log(world, &subject) {
            return false;
        }
        let from = world.shown();
        let awaited = Awaited::of(world, position).map(|awaited| Awaited { travels: true, ..awaited });
        self.open_log(&subject, awaited, world, out);
        self.travelled_from = Some(from);
        true
    }

    /// Time travel has led to the log of a subject and was not begun there: go back. Gives whether it was so.
    pub(super) fn leave_for_travel(&mut self, world: &mut World, out: &mut Outbox) -> bool {
        let from = self.travelled_from.take();
        from.into_iter().for_each(|log| self.turn_to(log, world, out));
        from.is_some()
    }

    /// Show the log of a subject, and there an event.
    fn open_log(&mut self, subject: &str, awaited: Option<Awaited>, world: &mut World, out: &mut Outbox) {
        let log = world.open(Part::of(subject));
        self.turn_to(log, world, out);
        self.events.set_scope(Scope::Subject(subject.to_owned()), &world.log);
        self.awaited = awaited.map(|awaited| Awaited { log, ..awaited });
        self.meet(world, out);
    }

    /// Go to the event that is awaited, if it has come.
    pub(super) fn meet(&mut self, world: &mut World, out: &mut Outbox) {
        let Some(awaited) = self.awaited.take_if(|awaited| awaited.log == world.shown()) else { return };
        let Some(position) = awaited.find(&world.log) else {
            self.awaited = self.wait_on(awaited, world, out);
            return;
        };
        while !self.events.advance(&world.log) {}
        self.events.select_position(position);
        self.follow(world, out);
        if awaited.travels {
            self.travel_at(position, world, out);
        }
    }

    /// The event is not here yet. Gives it back if there is still something to wait for.
    fn wait_on(&mut self, awaited: Awaited, world: &mut World, out: &mut Outbox) -> Option<Awaited> {
        let looked_at = world.log.end();
        let is_late = match &world.loading {
            Loading::Complete if awaited.is_late => {
                let subject = &world.part.subject;
                out.say(Level::Warning, format!("The event {} is not among those of {subject}.", awaited.id));
                return None;
            }
            // It is newer than what was loaded.
            Loading::Complete => {
                world.load(out);
                true
            }
            Loading::Paged => {
                out.say(Level::Warning, "The event is not on the subject's first page. L loads the next one.");
                awaited.is_late
            }
            _ => awaited.is_late,
        };
        Some(Awaited { looked_at, is_late, ..awaited })
    }

    /// Ask whose event one is that is not loaded.
    pub(super) fn locate(&mut self, visit: Visit, out: &mut Outbox) {
        out.say(Level::Info, "The event is not loaded. Asked the server whose it is.");
        out.start(Slot::Locate, Call::Locate(visit.id.clone()));
        self.sought = Some(visit);
    }

    /// The server has said whose event it is, or why it does not.
    pub fn located(&mut self, found: Result<Option<String>, Failure>, world: &mut World, out: &mut Outbox) {
        let Some(Visit { id, travels, or_subject }) = self.sought.take() else { return };
        match found {
            Ok(Some(subject)) => {
                self.show_panes();
                if let Some(node) = world.tree.find(&subject) {
                    self.subjects.reveal(node, &world.tree);
                }
                self.pane = Pane::Events;
                self.open_log(&subject, Some(Awaited { travels, ..Awaited::with_id(id) }), world, out);
            }
            Ok(None) => match or_subject {
                Some(subject) => self.show_subject(&subject, world, out),
                None => out.say(Level::Warning, format!("The store has no event {id}.")),
            },
            Err(failure) => {
                let why = match failure.kind {
                    FailureKind::Unsupported => "and the server answers no queries.".to_owned(),
                    _ => format!("and it is not known whose it is. {}", sentence(&failure)),
                };
                let more = "L loads more events, Alt-g the newest.";
                out.say(Level::Warning, format!("The event {id} is not loaded, {why} {more}"));
            }
        }
    }
}

/// Whether the events of a subject must be loaded apart: not all of them are in the log on show, or on their way.
fn needs_own_log(world: &World, subject: &str) -> bool {
    let is_own = subject == world.part.subject && world.part.from.is_none();
    let is_file = matches!(world.connection.origin, Origin::File(_));
    !(is_own || is_file || world.has_all_of(subject) || world.awaits_all_of(subject))
}
