//! Query: GDBQL and its results.
//!
//! Owns the text, the run and the focus; what the rows look like as a table is [`table`]'s.

pub mod columns;
pub mod completion;
pub mod history;
pub mod order;
pub mod rows;
pub mod run;
pub mod script;
pub mod table;
#[cfg(test)]
mod tests;
pub mod view;

use super::{Handled, Screen, Visit, Wish};
use crate::app::command::{Command, Place};
use crate::app::effect::{Call, Effect, LocalQuery, Outbox, Slot, Timer};
use crate::app::health::sentence;
use crate::app::key::Key;
use crate::app::list::step_of;
use crate::app::message::{Failure, FailureKind, Level, Reply};
use crate::app::world::{Loading, Origin, World};
use crate::gdbql::{self, line_column};
use crate::local::Wanted;
use crate::model::json::{Json, Kind};
use completion::Popup;
use history::History;
use rows::Bounds;
use run::{End, Local, Run, State};
use script::{EXAMPLE, Script};
use std::sync::Arc;
use std::time::Duration;
use table::Table;

/// The panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The text.
    #[default]
    Editor,
    /// The rows.
    Results,
}

/// The state of the Query screen.
#[derive(Debug, Default)]
pub struct Query {
    /// Where the keys go.
    pub pane: Pane,
    /// The text.
    pub script: Script,
    /// The last run; `None` before the first one.
    pub run: Option<Run>,
    /// Its rows.
    pub table: Table,
    /// How much of a result is kept.
    pub bounds: Bounds,
    /// The list of what can stand at the cursor, while it is open.
    pub completion: Option<Popup>,
    history: History,
}

impl Query {
    /// Put a query into the editor. What was there is an entry of the history.
    pub fn put(&mut self, text: &str) {
        let before = self.script.editor().text();
        if before != EXAMPLE {
            self.history.remember(&before);
        }
        self.script.replace(text);
        self.completion = None;
        self.pane = Pane::Editor;
    }

    /// An answer came.
    pub fn told(&mut self, reply: Reply, world: &mut World, out: &mut Outbox) {
        match reply {
            Reply::Rows(rows) => {
                let all_kept = self.table.append(rows);
                if !all_kept {
                    self.filled(world, out);
                }
            }
            Reply::Read(events) => {
                if let Some(local) = self.run.as_mut().and_then(|run| run.local.as_mut()) {
                    local.read = Some(events);
                }
            }
            Reply::Queried(Ok(())) => self.end(End::Done, world, out),
            Reply::Queried(Err(failure)) => self.failed(failure, world, out),
            _ => {}
        }
    }

    /// $EDITOR is done.
    pub fn edited(&mut self, result: Result<String, String>, _world: &mut World, out: &mut Outbox) {
        match result {
            // Editors end the last line; here that would be an empty line.
            Ok(text) => {
                self.completion = None;
                let text = text.strip_suffix('\n').unwrap_or(&text);
                if text != self.script.editor().text() {
                    self.script.replace(text);
                }
            }
            Err(reason) => out.say(Level::Error, format!("$EDITOR changed nothing: {reason}")),
        }
    }

    /// A second has passed: the time of a run is on the screen.
    pub fn second(&mut self, out: &mut Outbox) {
        if self.is_running() {
            out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
        }
    }

    /// Go on with the sorting.
    pub fn work(&mut self, out: &mut Outbox) {
        if self.table.advance() {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
    }

    /// Whether a run is under way.
    pub fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_running)
    }

    fn start(&mut self, world: &World, out: &mut Outbox) {
        let Some((at, text)) = self.script.to_send() else {
            return out.say(Level::Warning, "There is no query to run. Ctrl-Up brings back what was run before.");
        };
        self.history.remember(&self.script.editor().text());
        self.table = Table::bounded(self.bounds);
        let (version, started) = (self.script.version(), world.now.since_start);
        self.run = Some(Run { at, version, started, state: State::Running, local: None });
        match world.connection.origin {
            Origin::File(_) => self.start_here(&text, world, out),
            Origin::Server | Origin::Demo => out.start(Slot::Query, Call::Query(text)),
        }
        if self.is_running() {
            out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
        }
    }

    /// Run a query over the events that are loaded: no server stands behind a backup.
    fn start_here(&mut self, text: &str, world: &World, out: &mut Outbox) {
        let query = match gdbql::parse(text) {
            Ok(query) => query,
            Err(gdbql::Error { message, span, .. }) => {
                let kind = FailureKind::Refused;
                return self.failed(Failure { kind, message, hint: None, span: Some(span) }, world, out);
            }
        };
        let cut = query.cut();
        let mut by: Vec<_> = cut.used.iter().map(|(_, by)| *by).collect();
        by.sort_unstable();
        by.dedup();
        if let Some(run) = &mut self.run {
            let (of, partial) = (world.log.len() as u64, !matches!(world.loading, Loading::Complete));
            run.local = Some(Local { of, partial, cut: by, read: None });
        }
        let wanted = Wanted::new(&world.log, &cut);
        let (query, view) = (Arc::new(query), world.log.view().clone());
        out.start(Slot::Query, Call::Local(LocalQuery { query, view, wanted }));
    }

    fn end(&mut self, end: End, world: &World, out: &mut Outbox) {
        if let Some(run) = &mut self.run {
            run.end(end, world.now);
        }
        self.table.complete();
        if self.table.order().is_working() {
            out.push(Effect::Wake(Timer::Work, Duration::ZERO));
        }
    }

    fn cancel(&mut self, world: &World, out: &mut Outbox) {
        out.cancel(Slot::Query);
        let said = match self.table.rows().len() {
            0 => "Cancelled before the first row came.".to_owned(),
            1 => "Cancelled. The row that came is kept.".to_owned(),
            rows => format!("Cancelled. The {rows} rows that came are kept."),
        };
        out.say(Level::Info, said);
        self.end(End::Cancelled, world, out);
    }

    fn filled(&mut self, world: &World, out: &mut Outbox) {
        out.cancel(Slot::Query);
        let rows = self.table.rows().len();
        out.say(
            Level::Warning,
            format!("Stopped at {rows} rows: more are not kept. A WHERE or a LIMIT makes the result smaller."),
        );
        self.end(End::Full, world, out);
    }

    /// An error with a place is mended in the text, so that is where the keys go, to that place. Who is looking at rows
    /// that came before a failure stays there.
    fn failed(&mut self, failure: Failure, world: &World, out: &mut Outbox) {
        let said = sentence(&failure);
        self.end(End::Failed(failure), world, out);
        if self.table.rows().is_empty() {
            self.pane = Pane::Editor;
        }
        match self.run.as_ref().and_then(|run| run.place(self.script.version())) {
            Some(place) => {
                self.pane = Pane::Editor;
                self.completion = None;
                self.script.go_to(place.start);
                let (line, column) = line_column(&self.script.editor().text(), place.start);
                // It stands at its place until the text changes; it need not stay in the status line as well.
                out.say(Level::Warning, format!("Line {line}, column {column}: {said}"));
            }
            None => out.say(Level::Error, said),
        }
    }

    fn recall(&mut self, back: bool, out: &mut Outbox) {
        let current = self.script.editor().text();
        match if back { self.history.back(&current) } else { self.history.forward(&current) } {
            Some(text) => self.script.replace(&text),
            None if back => out.say(Level::Info, "No earlier query was run."),
            None => out.say(Level::Info, "This is your latest text."),
        }
    }

    fn format(&mut self, out: &mut Outbox) {
        if let Err(error) = self.script.format() {
            let (line, column) = line_column(&self.script.editor().text(), error.span.start);
            let what = error.message;
            out.say(Level::Warning, format!("The text is left as it is. Line {line}, column {column}: {what}"));
        }
    }

    /// Show what can stand at the cursor. What alone can stand there is put there at once.
    fn complete(&mut self, world: &World, out: &mut Outbox) {
        self.completion = Popup::open(&self.script, world);
        match &self.completion {
            None => out.say(Level::Info, "Nothing is known that could stand here."),
            Some(popup) if popup.found.candidates.len() == 1 => self.take_candidate(),
            Some(_) => {}
        }
    }

    fn take_candidate(&mut self) {
        let Some(popup) = self.completion.take() else { return };
        let Some(candidate) = popup.chosen() else { return };
        self.script.replace_range(popup.found.range.clone(), &candidate.text);
        if candidate.text == "''" {
            self.script.go_to(popup.found.range.start + 1);
        }
    }

    /// A command while the list is open. Gives `false` when it is none of the list's, which closes it.
    fn run_in_completion(&mut self, command: Command) -> bool {
        let Some(popup) = &mut self.completion else { return false };
        match (command, step_of(command)) {
            (Command::Accept, _) => self.take_candidate(),
            (Command::Back, _) => self.completion = None,
            (_, Some(step)) => drop(popup.list.step(step, popup.found.candidates.len())),
            _ => {
                self.completion = None;
                return false;
            }
        }
        true
    }

    fn run_in_editor(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        match command {
            Command::Complete => self.complete(world, out),
            Command::Format => self.format(out),
            Command::Comment => self.script.toggle_comment(),
            Command::EditOutside => out.edit(self.script.editor().text(), "gdbql"),
            Command::Clean => {
                self.history.remember(&self.script.editor().text());
                self.script.replace("");
            }
            Command::Undo => drop(self.script.undo()),
            Command::Redo => drop(self.script.redo()),
            Command::PreviousItem => self.recall(true, out),
            Command::NextItem => self.recall(false, out),
            Command::Copy => match self.script.editor().selected_text() {
                Some(text) => out.copy(text, "the selection"),
                None => out.copy(self.script.editor().text(), "the query"),
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn run_in_results(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        if let Some(step) = step_of(command) {
            self.table.step(step);
            return Handled::Yes;
        }
        match command {
            Command::Left => self.table.go_columns(-1),
            Command::Right => self.table.go_columns(1),
            Command::FirstColumn => self.table.go_columns(isize::MIN),
            Command::LastColumn => self.table.go_columns(isize::MAX),
            Command::Back => self.pane = Pane::Editor,
            Command::Sort => {
                self.table.turn_sort();
                self.work(out);
            }
            Command::Open | Command::Toggle => return self.whole(command == Command::Toggle, out),
            Command::Copy => match self.table.cell() {
                Some(cell) => out.copy(content(cell), "the value"),
                None => out.say(Level::Info, "There is no value in this cell."),
            },
            Command::CopyAll => {
                if let Some(row) = self.table.current() {
                    out.copy(row.text().to_owned(), "the row");
                }
            }
            Command::ShowEvent => return self.event(world, out),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn whole(&self, row: bool, out: &mut Outbox) -> Handled {
        let number = self.table.list.selected() + 1;
        let (title, value) = match row {
            true => (format!("Row {number}"), self.table.current()),
            false => (format!("{}   row {number}", self.table.column_name()), self.table.cell()),
        };
        match value {
            Some(value) => Handled::Wish(Wish::View { title, text: value.text().to_owned() }),
            None => {
                out.say(Level::Info, "There is no value in this cell.");
                Handled::Yes
            }
        }
    }

    /// To the subject that the cell names, else to the row's event, else to the event that the cell names, else to the
    /// row's subject. Whether there is such an event is told by the search for it.
    fn event(&self, world: &World, out: &mut Outbox) -> Handled {
        let Some(row) = self.table.current() else { return Handled::Yes };
        let text = |value: Option<Json<'_>>| value.and_then(Json::as_str).map(|text| text.into_owned());
        let cell = text(self.table.cell()).unwrap_or_default();
        if cell.starts_with('/') && world.tree.find(&cell).is_some() {
            return Handled::Wish(Wish::ShowSubject(cell));
        }
        let id = text(row.get("id")).or_else(|| is_uuid(&cell).then_some(cell));
        let subject = text(row.get("subject")).filter(|subject| subject.starts_with('/'));
        match (id, subject) {
            // The row is the event itself; what else has its subject is not what was asked for.
            (Some(id), _) if columns::is_event(row) => Handled::Wish(Wish::Visit(Visit::of(id))),
            (Some(id), or_subject) => Handled::Wish(Wish::Visit(Visit { or_subject, ..Visit::of(id) })),
            (None, Some(subject)) => Handled::Wish(Wish::ShowSubject(subject)),
            (None, None) => {
                out.say(
                    Level::Info,
                    "This row names no event. With `id: e.id` or `subject: e.subject` in its MAP it would.",
                );
                Handled::Yes
            }
        }
    }
}

/// Whether a text by itself can only be meant as an ID, as servers make them.
fn is_uuid(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// A value to be pasted elsewhere: a string is its content.
fn content(value: Json<'_>) -> String {
    match value.kind() {
        Kind::String => value.as_str().unwrap_or_default().into_owned(),
        _ => value.text().to_owned(),
    }
}

impl Screen for Query {
    fn places(&self) -> Vec<Place> {
        match self.pane {
            Pane::Editor if self.completion.is_some() => vec![Place::Completion, Place::Editor],
            Pane::Editor => vec![Place::Editor],
            Pane::Results => vec![Place::Results, Place::Moves],
        }
    }

    fn typing(&self) -> bool {
        self.pane == Pane::Editor
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if self.run_in_completion(command) {
            return Handled::Yes;
        }
        match command {
            Command::Run => self.start(world, out),
            Command::Back if self.is_running() => self.cancel(world, out),
            Command::NextPane | Command::PreviousPane => {
                self.pane = if self.pane == Pane::Editor { Pane::Results } else { Pane::Editor };
            }
            _ => {
                return match self.pane {
                    Pane::Editor => self.run_in_editor(command, world, out),
                    Pane::Results => self.run_in_results(command, world, out),
                };
            }
        }
        Handled::Yes
    }

    fn type_key(&mut self, key: Key, _world: &mut World, _out: &mut Outbox) {
        if self.pane != Pane::Editor {
            return;
        }
        let changed = self.script.key(key);
        if self.completion.as_mut().is_some_and(|popup| !changed || !popup.typed(&self.script)) {
            self.completion = None;
        }
    }

    fn paste(&mut self, text: &str, _world: &mut World, _out: &mut Outbox) {
        if self.pane == Pane::Editor {
            self.completion = None;
            self.script.insert(text);
        }
    }
}
