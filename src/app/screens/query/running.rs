//! The run of a tab's query: its start, its answers, its end.

use super::explanation::Runs;
use super::face::Face;
use super::run::{End, Local, Run, RunFor, State};
use super::tab::{Pane, Tab};
use super::table::Table;
use super::verdict::Verdict;
use crate::app::effect::{Call, Effect, LocalQuery, Outbox, Timer};
use crate::app::health::sentence;
use crate::app::message::{Failure, FailureKind, Level, Reply};
use crate::app::world::{Loading, World};
use crate::gdbql::{self, line_column};
use crate::local::Wanted;
use std::sync::Arc;
use std::time::Duration;

/// What asks the embedded store for the plan of a query.
const EXPLAIN: &str = "EXPLAIN ";

impl Tab {
    /// An answer to the run came.
    pub(super) fn told_of_run(&mut self, reply: Reply, world: &World, out: &mut Outbox) {
        match reply {
            Reply::Rows(rows) => {
                // Rows of a watched query come beside those that are shown.
                let table = self.watch.as_mut().and_then(|watch| watch.coming.as_mut()).unwrap_or(&mut self.table);
                let all_kept = table.append(rows);
                let is_working = table.is_working();
                if let Some(run) = &mut self.run {
                    let after = run.took(world.now);
                    run.first_row = run.first_row.or(Some(after));
                    run.verdict.iter_mut().for_each(|verdict| verdict.look(table.rows()));
                }
                if is_working {
                    out.push(Effect::Wake(Timer::Work, Duration::ZERO));
                }
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

    /// Run the query under the cursor.
    pub fn start(&mut self, world: &World, out: &mut Outbox) {
        self.start_for(RunFor::Rows, world, out);
    }

    /// Run the query under the cursor for its rows, its plan, or to try it as a precondition.
    pub(super) fn start_for(&mut self, aim: RunFor, world: &World, out: &mut Outbox) {
        let Some((at, text)) = self.fill_in(world.now) else {
            return out.say(Level::Warning, "There is no query to run. Ctrl-Up brings back what was run before.");
        };
        let (text, aim) = match gdbql::explained(&text) {
            Some(query) => (query, RunFor::Plan),
            None => (text, aim),
        };
        self.watch = None;
        self.changes = None;
        let mut table = Table::bounded(self.bounds);
        if self.run.as_ref().is_some_and(|run| run.text == text) {
            table.look_like(&self.table);
        }
        self.table = table;
        self.filter = None;
        self.column_list = None;
        self.face = match (aim, self.face) {
            (RunFor::Plan, _) => Face::Plan,
            (RunFor::Verdict, _) | (_, Face::Plan) => Face::Table,
            (RunFor::Rows, face) => face,
        };
        self.launch(text, (at, self.script.version()), aim, world, out);
    }

    /// Send a query that stands at a place of a version of the text.
    pub(super) fn launch(
        &mut self,
        text: String,
        (at, version): (usize, u64),
        aim: RunFor,
        world: &World,
        out: &mut Outbox,
    ) {
        let started = world.now.since_start;
        let verdict = (aim == RunFor::Verdict).then(Verdict::default);
        let plan_only = aim == RunFor::Plan;
        let runs = Runs::of(world);
        let ahead = if plan_only && runs == Runs::Embedded { EXPLAIN.len() } else { 0 };
        let (state, first_row, local) = (State::Running, None, None);
        let query = self.script.to_remember();
        let noted = false;
        let given = self.given.clone();
        let run = Run {
            at,
            given,
            query,
            noted,
            version,
            text: text.clone(),
            ahead,
            plan_only,
            verdict,
            first_row,
            started,
            state,
            local,
        };
        self.run = Some(run);
        match runs {
            Runs::Here => self.start_here(&text, world, out),
            Runs::Embedded if plan_only => out.start(self.slot(), Call::Query(format!("{EXPLAIN}{text}"))),
            Runs::Server | Runs::Embedded => out.start(self.slot(), Call::Query(text)),
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
        out.start(self.slot(), Call::Local(LocalQuery { query, view, wanted }));
    }

    pub(super) fn end(&mut self, end: End, world: &World, out: &mut Outbox) {
        if let Some(run) = &mut self.run {
            run.end(end.clone(), world.now);
        }
        if self.watch.is_some() {
            return self.watched(&end, world, out);
        }
        self.table.complete();
        self.rows_changed(world, out);
        self.go_on(out);
    }

    /// Stop the run; the rows that came are kept.
    pub(super) fn cancel(&mut self, world: &World, out: &mut Outbox) {
        out.cancel(self.slot());
        let said = match self.table.rows().len() {
            0 => "Cancelled before the first row came.".to_owned(),
            1 => "Cancelled. The row that came is kept.".to_owned(),
            rows => format!("Cancelled. The {rows} rows that came are kept."),
        };
        out.say(Level::Info, said);
        self.end(End::Cancelled, world, out);
    }

    fn filled(&mut self, world: &World, out: &mut Outbox) {
        out.cancel(self.slot());
        if self.watch.is_some() {
            return self.end(End::Full, world, out);
        }
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
        if self.watch.is_some() {
            // It stands above the rows, and the next run may do better: who works elsewhere goes on.
            return;
        }
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
}
