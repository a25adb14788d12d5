//! What stands in the lower pane of a tab: the rows as a table or as a picture, or how the query is run.

use super::prompt::{Asked, Prompt};
use super::run::RunFor;
use super::tab::{Pane, Tab};
use super::watch;
use crate::app::chart::svg;
use crate::app::command::{Command, Place};
use crate::app::effect::{Call, Outbox, Save, Slot};
use crate::app::export::ExportFailure;
use crate::app::list::step_of;
use crate::app::message::Level;
use crate::app::overlay::{Answer, Question};
use crate::app::screens::{Handled, Wish};
use crate::app::world::World;
use crate::gdbql;

/// What stands in the lower pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    /// The rows.
    #[default]
    Table,
    /// The rows as a picture.
    Chart,
    /// How the query is run.
    Plan,
}

impl Tab {
    /// The places of the lower pane's commands, innermost first.
    pub(super) fn lower_places(&self) -> Vec<Place> {
        match self.face {
            Face::Table => vec![Place::Results, Place::Moves, Place::Tabs],
            Face::Chart => vec![Place::Chart, Place::Moves, Place::Tabs],
            Face::Plan => vec![Place::Plan, Place::Moves, Place::Tabs],
        }
    }

    /// The slot under which a picture of this tab is saved.
    pub fn picture_slot(&self) -> Slot {
        Slot::Picture(self.number)
    }

    /// The rows have become others.
    pub(super) fn rows_changed(&mut self, world: &World, out: &mut Outbox) {
        if self.face == Face::Chart {
            self.picture.draw(&self.table, &world.zone, out);
        }
    }

    /// The commands that are the same in the text and in every face. Gives `None` when it is none of them.
    pub(super) fn run_anywhere(&mut self, command: Command, world: &World, out: &mut Outbox) -> Option<Handled> {
        match command {
            Command::Chart => self.turn_chart(world, out),
            Command::Watch => self.turn_watch(world, out),
            Command::Explain if self.pane == Pane::Editor => self.start_for(RunFor::Plan, world, out),
            Command::Explain => self.face = if self.face == Face::Plan { Face::Table } else { Face::Plan },
            Command::TryQuery => self.start_for(RunFor::Verdict, world, out),
            Command::ToPrecondition => return Some(self.to_precondition(out)),
            Command::Back if self.watch.is_some() && self.completion.is_none() => self.stop_watch(world, out),
            _ => return None,
        }
        Some(Handled::Yes)
    }

    fn turn_chart(&mut self, world: &World, out: &mut Outbox) {
        if self.face == Face::Chart {
            self.face = Face::Table;
            return;
        }
        self.face = Face::Chart;
        self.pane = Pane::Results;
        self.picture.draw(&self.table, &world.zone, out);
    }

    fn to_precondition(&self, out: &mut Outbox) -> Handled {
        match self.script.to_send() {
            Some((_, text)) => {
                let query = gdbql::explained(&text).unwrap_or(text);
                Handled::Wish(Wish::Precondition(query.trim().to_owned()))
            }
            None => {
                out.say(Level::Warning, "There is no query that could be a precondition.");
                Handled::Yes
            }
        }
    }

    /// A command in a face that is not the table.
    pub(super) fn run_in_face(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        match (self.face, command, step_of(command)) {
            (_, Command::Back, _) => self.face = Face::Table,
            (Face::Plan, _, Some(step)) => self.plan_list.scroll(step),
            (Face::Chart, _, Some(step)) => {
                if let Some(crate::app::chart::Body::Bars(bars)) = self.picture.chart().map(|chart| &chart.body) {
                    let bars = bars.bars.len();
                    self.picture.list.step(step, bars);
                }
            }
            (Face::Chart, Command::Export, _) => self.ask_picture_path(out),
            (Face::Chart, command, _) if self.picture.choose(command, &self.table, &world.zone, out) => {}
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn ask_picture_path(&mut self, out: &mut Outbox) {
        match self.picture.chart() {
            Some(_) => self.prompt = Some(Prompt::path(&self.name)),
            None => out.say(Level::Warning, "There is no chart that could be saved."),
        }
    }

    /// Take what was typed.
    pub(super) fn take_prompt(&mut self, world: &World, out: &mut Outbox) {
        let Some(prompt) = &mut self.prompt else { return };
        let text = prompt.text();
        match prompt.asked {
            Asked::Seconds => match watch::seconds(&text) {
                Err(problem) => prompt.problem = Some(problem),
                Ok(every) => {
                    self.prompt = None;
                    self.begin_watch(every, world, out);
                }
            },
            Asked::Path if text.is_empty() => prompt.problem = Some("A file needs a name.".to_owned()),
            Asked::Path => {
                let prompt = self.prompt.take();
                self.save_picture(text, false, prompt, out);
            }
        }
    }

    fn save_picture(&mut self, path: String, replace: bool, prompt: Option<Prompt>, out: &mut Outbox) {
        let Some(chart) = self.picture.chart() else { return };
        let save = Save { path, text: svg::write(chart, &self.name).into(), replace };
        out.start(self.picture_slot(), Call::Save(save.clone()));
        self.saving = Some((save, prompt));
    }

    /// The picture was saved, or was not. Gives what is to be asked because of it.
    pub fn saved(&mut self, result: Result<u64, ExportFailure>, out: &mut Outbox) -> Option<Question> {
        let (save, prompt) = self.saving.take()?;
        match result {
            Ok(_) => out.say(Level::Info, format!("The chart is saved as {}.", save.path)),
            Err(ExportFailure::Failed(why)) => {
                out.say(Level::Error, format!("{} was not written: {why}.", save.path));
                // What was typed is kept, to be put right.
                self.prompt = prompt.map(|prompt| Prompt { problem: Some(format!("{why}.")), ..prompt });
            }
            Err(ExportFailure::Exists) => {
                let lines = vec![format!("{} is there already. Its content goes away.", save.path)];
                self.prompt = prompt.clone();
                self.saving = Some((save, prompt));
                let (title, yes) = ("Replace the file?".into(), Answer::ReplacePicture);
                return Some(Question { title, lines, yes, dangerous: true });
            }
        }
        None
    }

    /// The file that is there already may go.
    pub fn replace_picture(&mut self, out: &mut Outbox) {
        let Some((save, prompt)) = self.saving.take() else { return };
        self.prompt = None;
        let save = Save { replace: true, ..save };
        out.start(self.picture_slot(), Call::Save(save.clone()));
        self.saving = Some((save, prompt));
    }
}
