//! What is typed over the panes: a field that becomes a column, a place to go to, a file to write to.
//!
//! Owns the line that is typed and the choices below it. What a choice leads to is said by the files of the single
//! prompts.

use super::Explore;
use super::field_prompt::FieldPrompt;
use super::go_to::GoTo;
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::export::dialog::ExportDialog;
use crate::app::line::TypedLine;
use crate::app::list::{ListState, Step};
use crate::app::screens::Handled;
use crate::app::world::World;

/// One of the choices below what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is.
    pub text: String,
    /// Which of its characters were typed, in order.
    pub matched: Vec<u32>,
    /// What is to be known of it.
    pub note: String,
}

/// A line that is being typed, and choices.
#[derive(Debug, Default)]
pub struct Picker {
    /// The line.
    pub field: TypedLine,
    /// The cursor among the choices.
    pub list: ListState,
    /// The choices, best first.
    pub choices: Vec<Choice>,
}

impl Picker {
    /// What was typed, without the space around it.
    pub fn text(&self) -> String {
        self.field.text().trim().to_owned()
    }

    /// Other choices; the cursor goes to the best one.
    pub fn offer(&mut self, choices: Vec<Choice>) {
        self.choices = choices;
        self.list.select(0, self.choices.len());
    }
}

/// What is typed over the panes.
#[derive(Debug)]
pub enum Prompt {
    /// A field that becomes a column, or is none any more.
    Field(Box<FieldPrompt>),
    /// A place to go to.
    GoTo(Box<GoTo>),
    /// A file to write to.
    Export(Box<ExportDialog>),
}

impl Prompt {
    /// The line that is being typed.
    pub fn field(&mut self) -> &mut TypedLine {
        match self {
            Self::Field(prompt) => &mut prompt.picker.field,
            Self::GoTo(prompt) => &mut prompt.picker.field,
            Self::Export(dialog) => &mut dialog.path,
        }
    }

    /// Where keys mean something.
    pub fn place(&self) -> Place {
        match self {
            Self::Field(_) | Self::GoTo(_) => Place::Field,
            Self::Export(_) => Place::Export,
        }
    }
}

impl Explore {
    /// Do what was asked while a prompt is open. `None` when none is open or it is nothing for it.
    pub(super) fn run_in_prompt(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Option<Handled> {
        let prompt = self.prompt.as_mut()?;
        match (command, prompt) {
            (Command::Back, _) => self.prompt = None,
            (Command::Accept, Prompt::Field(_)) => self.take_field(out),
            (Command::Accept, Prompt::GoTo(_)) => self.take_place(world, out),
            (Command::Accept, Prompt::Export(_)) => return Some(self.take_path(world)),
            (Command::Up | Command::Down, Prompt::Field(prompt)) => step(&mut prompt.picker, command),
            (Command::Up | Command::Down, Prompt::GoTo(prompt)) => step(&mut prompt.picker, command),
            (Command::NextFormat, Prompt::Export(dialog)) => dialog.next_format(),
            (Command::OnlyMarked, Prompt::Export(dialog)) => {
                dialog.part.marked = !dialog.part.marked && !self.marks.is_empty()
            }
            (Command::NextPane | Command::PreviousPane, _) => {}
            _ => return None,
        }
        Some(Handled::Yes)
    }

    /// The line of the prompt was changed.
    pub(super) fn prompted(&mut self, world: &World, out: &mut Outbox) {
        match &mut self.prompt {
            Some(Prompt::Field(prompt)) => prompt.typed(&self.columns),
            Some(Prompt::GoTo(prompt)) => {
                let near = self.events.selected().and_then(|position| super::stored::time(&world.log, position));
                prompt.typed(world.now.wall, near, self.columns.zone());
                self.work(world, out);
            }
            Some(Prompt::Export(dialog)) => dialog.typed(),
            None => {}
        }
    }
}

fn step(picker: &mut Picker, command: Command) {
    picker.list.step(Step::By(if command == Command::Up { -1 } else { 1 }), picker.choices.len());
}
