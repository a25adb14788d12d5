//! The explorer's state and decisions. Pure: no I/O, no clock, no terminal.
//!
//! [`App::update`] takes a message and gives what is to be done, as plain data. The shell carries it out and sends what
//! comes back as further messages; `ui` draws the state. One task owns all of it, so there are no locks.

pub mod census;
pub mod chart;
pub mod command;
pub mod desk;
pub mod editor;
pub mod effect;
pub mod export;
pub mod health;
pub mod inspection;
pub mod json_view;
pub mod key;
pub mod kinds;
pub mod line;
pub mod list;
mod loading;
pub mod logs;
pub mod message;
pub mod messages;
pub mod needle;
pub mod overlay;
mod overlay_keys;
pub mod probe;
pub mod rows;
pub mod screens;
#[cfg(test)]
mod tests;
mod wishes;
pub mod world;

use command::{Command, CommandInfo, Place};
use effect::{Effect, Outbox, Slot, Timer};
use health::Polls;
use key::Key;
use list::ListState;
use message::{Failure, Level, Msg, Now, Reply};
use messages::Messages;
use overlay::{Answer, Overlay, Palette, Question};
use screens::commit::CommitForm;
use screens::explore::Explore;
use screens::query::Query;
use screens::server::Server;
use screens::tail::{Tail, TailOptions};
use screens::{Handled, Screen, ScreenId, Visit};
use world::{Connection, Loading, World};

/// The whole state of the explorer.
#[derive(Debug)]
pub struct App {
    /// What all screens look at.
    pub world: World,
    /// Which screen is shown.
    pub screen: ScreenId,
    /// Subjects and their events.
    pub explore: Explore,
    /// Events as they are committed.
    pub tail: Tail,
    /// GDBQL and its results.
    pub query: Query,
    /// New events with preconditions.
    pub commit: CommitForm,
    /// Status, audits, catalogues, schemas.
    pub server: Server,
    /// What lies over the screen, the top one last.
    pub overlays: Vec<Overlay>,
    /// What was said.
    pub messages: Messages,
    out: Outbox,
    leaving: bool,
    /// What was said of the last loading, if it failed.
    load_failure: Option<String>,
    /// An event that is to be shown in Explore once it is loaded.
    visiting: Option<Visit>,
}

impl App {
    /// The explorer of a connection, before anything was asked.
    pub fn new(connection: Connection, polls: Polls) -> Self {
        Self {
            world: World::new(connection, polls),
            screen: ScreenId::Explore,
            explore: Explore::default(),
            tail: Tail::default(),
            query: Query::default(),
            commit: CommitForm::default(),
            server: Server::default(),
            overlays: Vec::new(),
            messages: Messages::default(),
            out: Outbox::default(),
            leaving: false,
            load_failure: None,
            visiting: None,
        }
    }

    /// What the settings say of the tail.
    pub fn configure_tail(&mut self, options: TailOptions) {
        self.tail.configure(options, &mut self.out);
    }

    /// What earlier sessions have kept. With `keeps`, what changes from now on is kept, too.
    pub fn take_up(&mut self, kept: desk::Kept, keeps: bool) {
        let desk::Kept { session, runs, warnings } = kept;
        self.query.take_up(session, runs, keeps);
        warnings.into_iter().for_each(|warning| self.out.say(Level::Warning, warning));
    }

    /// What is to be done at the start.
    pub fn begin(&mut self, now: Now) -> Vec<Effect> {
        self.world.now = now;
        self.world.health.begin(now, &mut self.out);
        self.explore.grew(&self.world, &mut self.out);
        self.load();
        self.finish()
    }

    /// Take a message in. Gives what is to be done.
    pub fn update(&mut self, msg: Msg, now: Now) -> Vec<Effect> {
        self.world.now = now;
        match msg {
            Msg::Key(event) => self.key(Key::from(event)),
            Msg::Paste(text) => self.paste(&text),
            Msg::Resize(width, height) => self.world.size = (width, height),
            Msg::Timer(timer) => self.timer(timer),
            // The one place in which late answers are dropped; those of several lanes at once, the tail knows.
            Msg::Reply { slot, generation, reply } if self.out.slots.accepts(slot, generation) => {
                self.reply(slot, reply);
            }
            Msg::Reply { .. } => {}
            Msg::Woven { events, runs } => self.tail.woven(events, &runs, &self.world, &mut self.out),
            Msg::Notice(level, text) => self.out.say(level, text),
            Msg::Quit => self.leave(),
        }
        self.finish()
    }

    fn finish(&mut self) -> Vec<Effect> {
        for (level, text) in self.out.take_said() {
            self.messages.say(level, text, self.world.now, &mut self.out);
        }
        // A commit is waited for: its answer tells whether the events are stored.
        if self.leaving && !self.is_busy(Slot::Commit) {
            self.end();
        }
        self.query.note_runs(&self.world, &mut self.out);
        self.query.check_later(&mut self.out);
        self.query.keep_changes(&mut self.out);
        self.out.take_effects()
    }

    /// Whether a request of the slot is under way.
    pub fn is_busy(&self, slot: Slot) -> bool {
        self.out.slots.is_busy(slot)
    }

    /// Whether an answer to this request of the slot is taken, and not too late.
    pub fn listens(&self, slot: Slot, generation: u32) -> bool {
        self.out.slots.accepts(slot, generation)
    }

    /// Where the user is, innermost first.
    pub fn places(&self) -> Vec<Place> {
        match self.overlays.last() {
            Some(overlay) => overlay.places().to_vec(),
            None => {
                let mut places = self.shown_screen().places();
                places.push(Place::Global);
                places
            }
        }
    }

    /// Whether letters go into a text field.
    pub fn typing(&self) -> bool {
        self.overlays.last().map_or_else(|| self.shown_screen().typing(), Overlay::typing)
    }

    /// Whether a command can be used on this connection.
    pub fn offers(&self, info: &CommandInfo) -> bool {
        !(info.writes && self.world.connection.read_only)
    }

    fn shown_screen(&self) -> &dyn Screen {
        match self.screen {
            ScreenId::Explore => &self.explore,
            ScreenId::Tail => &self.tail,
            ScreenId::Query => &self.query,
            ScreenId::Commit => &self.commit,
            ScreenId::Server => &self.server,
        }
    }

    fn with_screen<T>(&mut self, act: impl FnOnce(&mut dyn Screen, &mut World, &mut Outbox) -> T) -> T {
        let screen: &mut dyn Screen = match self.screen {
            ScreenId::Explore => &mut self.explore,
            ScreenId::Tail => &mut self.tail,
            ScreenId::Query => &mut self.query,
            ScreenId::Commit => &mut self.commit,
            ScreenId::Server => &mut self.server,
        };
        act(screen, &mut self.world, &mut self.out)
    }

    fn key(&mut self, key: Key) {
        // Leaving works from everywhere, also from under an overlay.
        let leave = || command::find(&[Place::Global], key, true).filter(|info| info.command == Command::Quit);
        let info = command::find(&self.places(), key, self.typing()).or_else(leave);
        match info {
            Some(info) if !self.offers(info) => {
                let why = self.world.connection.why_read_only().unwrap_or_default();
                self.out.say(Level::Warning, why);
            }
            Some(info) if info.command != Command::EditLine => self.run(info.command),
            _ if self.overlays.is_empty() => self.with_screen(|screen, world, out| screen.type_key(key, world, out)),
            _ => self.type_into_overlay(key),
        }
    }

    fn paste(&mut self, text: &str) {
        match self.overlays.last_mut() {
            None => self.with_screen(|screen, world, out| screen.paste(text, world, out)),
            Some(Overlay::Palette(palette)) => {
                palette.input.insert(text);
                palette.search();
            }
            Some(Overlay::Viewer { view, .. }) => view.paste(text, &mut self.out),
            Some(_) => {}
        }
    }

    fn type_into_overlay(&mut self, key: Key) {
        if let Some(Overlay::Viewer { view, .. }) = self.overlays.last_mut() {
            view.type_key(key, &mut self.out);
        } else if let Some(Overlay::Palette(palette)) = self.overlays.last_mut()
            && palette.input.key(key)
        {
            palette.search();
        }
    }

    /// Do what was asked: the top overlay first, else the screen, else the app itself.
    pub fn run(&mut self, command: Command) {
        if command != Command::Quit && !self.overlays.is_empty() && self.run_in_overlay(command) {
            return;
        }
        let handled = match self.overlays.is_empty() && command != Command::Quit {
            true => self.with_screen(|screen, world, out| screen.run(command, world, out)),
            false => Handled::No,
        };
        match handled {
            Handled::Yes => {}
            Handled::Wish(wish) => self.grant(wish),
            Handled::No => self.run_global(command),
        }
    }

    fn run_global(&mut self, command: Command) {
        if let Some(screen) = ScreenId::of(command) {
            return self.go(screen);
        }
        match command {
            Command::Help => {
                let (places, typing) = (self.places(), self.typing());
                self.overlays.push(Overlay::Help { places, typing, list: ListState::default() });
            }
            Command::Palette => {
                let palette = Palette::new(&self.places());
                self.overlays.push(Overlay::Palette(Box::new(palette)));
            }
            Command::Messages => self.overlays.push(Overlay::Messages(ListState::default())),
            Command::RunAudit => self.world.health.audit(self.world.now, &mut self.out),
            Command::Redraw => self.out.push(Effect::Redraw),
            Command::Reload => self.load_new(),
            Command::Quit => self.quit(),
            Command::Back => self.back(),
            _ => {}
        }
    }

    /// Esc with nothing to leave: stop the loading, else put the message away.
    fn back(&mut self) {
        if !self.messages.dismiss() && self.world.is_loading() {
            self.out.cancel(Slot::Load);
            self.world.loading = Loading::Stopped;
            self.explore.grew(&self.world, &mut self.out);
        }
    }

    /// The user wants to leave. What would be lost is asked about once.
    fn quit(&mut self) {
        if self.commit.is_unsent() && self.overlays.is_empty() && !self.is_busy(Slot::Commit) {
            self.ask(Question {
                title: "Leave gdbx?".into(),
                lines: vec!["The Commit form has events that were not committed. They go away.".into()],
                yes: Answer::Quit,
                dangerous: false,
            });
        } else if let Some(exporting) = self.world.exports.running().filter(|_| self.overlays.is_empty()) {
            self.ask(Question {
                title: "Leave gdbx?".into(),
                lines: vec![format!("{} is not written to its end. Nothing is left of it.", exporting.path())],
                yes: Answer::Quit,
                dangerous: false,
            });
        } else {
            self.leave();
        }
    }

    /// End the program; a commit that is under way is waited for, unless it is asked again.
    fn leave(&mut self) {
        if self.is_busy(Slot::Commit) && !self.leaving {
            self.leaving = true;
            self.out.say(
                Level::Warning,
                "A commit is under way; gdbx leaves as soon as the server has answered. q again leaves now.",
            );
        } else {
            self.end();
        }
    }

    fn end(&mut self) {
        self.query.note_runs(&self.world, &mut self.out);
        self.query.keep(&mut self.out);
        self.out.push(Effect::Quit);
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Commit => self.commit.send(&mut self.world, &mut self.out),
            Answer::EmptyForm => self.commit.empty(&mut self.world, &mut self.out),
            Answer::RemoveEvent => self.commit.remove_event(&mut self.world, &mut self.out),
            Answer::RemovePrecondition => self.commit.remove_condition(&mut self.out),
            Answer::ReplaceFile => self.replace_file(),
            Answer::ReplacePicture => self.query.replace_picture(&mut self.out),
            Answer::StopExport => self.world.exports.stop(&mut self.out),
            Answer::ReplaceQuery => self.query.replace_saved(&mut self.out),
            Answer::RemoveQuery => self.query.remove_saved(&mut self.out),
            Answer::Quit => self.end(),
        }
    }

    /// Ask before it is done.
    fn ask(&mut self, question: Question) {
        self.overlays.push(Overlay::Question(question));
    }

    fn go(&mut self, screen: ScreenId) {
        self.screen = screen;
        match screen {
            ScreenId::Tail => self.tail.enter(&mut self.world, &mut self.out),
            ScreenId::Commit => self.commit.enter(&mut self.world, &mut self.out),
            ScreenId::Server => self.server.enter(&mut self.world, &mut self.out),
            ScreenId::Explore | ScreenId::Query => {}
        }
    }

    fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Message => self.messages.timer(self.world.now),
            Timer::Work => {
                self.explore.work(&self.world, &mut self.out);
                self.query.work(&self.world, &mut self.out);
                self.tail.work(&self.world, &mut self.out);
                self.overlays.iter_mut().for_each(|overlay| overlay.work(&mut self.out));
            }
            Timer::Check => self.query.check(),
            Timer::Keep => self.query.keep(&mut self.out),
            Timer::Watch => self.query.watch(&self.world, &mut self.out),
            Timer::Ages => self.explore.grow_old(&self.world, &mut self.out),
            Timer::Tree => self.explore.grew(&self.world, &mut self.out),
            Timer::Play => self.explore.play(self.screen == ScreenId::Explore, &self.world, &mut self.out),
            Timer::Try => self.commit.try_now(&mut self.world, &mut self.out),
            Timer::Ping | Timer::Status | Timer::Audit => {
                self.world.health.timer(timer, self.world.now, &mut self.out);
            }
            Timer::Second => {
                self.world.health.timer(timer, self.world.now, &mut self.out);
                self.tail.second(&mut self.world, &mut self.out);
                self.query.second(&self.world, &mut self.out);
            }
        }
    }

    fn reply(&mut self, slot: Slot, reply: Reply) {
        // Parts of an answer leave the slot busy; anything else ends it.
        if !reply.is_part() {
            self.out.slots.end(slot);
        }
        let (world, out) = (&mut self.world, &mut self.out);
        match reply {
            Reply::Events(batch) => {
                world.append(batch);
                self.explore.came(world, out);
            }
            Reply::Streamed(result) => self.streamed(result),
            Reply::Found { positions, .. } if slot == Slot::Find => self.explore.event_found(&positions, world, out),
            Reply::Searched { .. } if slot == Slot::Find => {
                if let Some(visit) = self.explore.event_not_found(world, out) {
                    self.visit_later(visit);
                }
            }
            Reply::Found { scanned, positions } if slot != Slot::Search => {
                self.tail.found(slot, scanned, &positions, world, out);
            }
            Reply::Searched { problem, .. } if slot != Slot::Search => self.tail.searched(slot, problem, world, out),
            Reply::Paged => self.paged(),
            Reply::Census(_) | Reply::Counted(_) => self.told_census(reply),
            Reply::Newest(result) => self.explore.newest_found(result, world, out),
            Reply::Located(result) => self.explore.located(result, world, out),
            Reply::Found { scanned, positions } => self.explore.found(scanned, positions, world, out),
            Reply::Searched { scanned, problem } => self.explore.searched(scanned, problem, world, out),
            Reply::Shape { findings, .. } => self.explore.inspected(*findings, world, out),
            Reply::Exporting(done) => world.exports.so_far(done),
            Reply::Exported(result) => self.exported(result),
            Reply::Saved(result) => {
                if let Some(question) = self.query.saved(slot, result, out) {
                    self.ask(question);
                }
            }
            Reply::Ping(answer) => {
                let was_live = world.health.is_live();
                world.health.pinged(answer, world.now, out);
                self.load_again(was_live);
            }
            Reply::Audit(result) => world.health.audited(result, world.now, out),
            Reply::Status(answer) => {
                world.health.told_status(answer, out);
                world.census_if_needed(out);
            }
            Reply::Subjects(_) | Reply::Types(_) | Reply::Schemas(_) => self.server.told(reply, world, out),
            Reply::Rows(_) | Reply::Read(_) | Reply::Queried(_) => self.query.told(slot, reply, world, out),
            Reply::Tail(news) => self.tail.told(slot, news, world, out),
            Reply::Record(news) => self.tail.recorded(news, out),
            Reply::Committed(result) => self.committed(result),
            Reply::Tried(index, result) => {
                if self.commit.tried(index, result) {
                    out.slots.end(slot);
                }
            }
            Reply::Library(result) => {
                if let Some(question) = self.query.told_library(result, out) {
                    self.ask(question);
                }
            }
            Reply::Edited(result) => match self.screen {
                ScreenId::Commit => self.commit.edited(result, world, out),
                _ => self.query.edited(result, world, out),
            },
        }
    }

    fn committed(&mut self, result: Result<Vec<String>, Failure>) {
        let stored = result.is_ok();
        self.commit.committed(result, &mut self.world, &mut self.out);
        if stored {
            self.load_new();
        }
    }
}
