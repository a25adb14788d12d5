//! What the commands of the editor do to a tab's text.

use super::completion::Popup;
use super::tab::Tab;
use crate::app::command::Command;
use crate::app::effect::Outbox;
use crate::app::list::step_of;
use crate::app::message::Level;
use crate::app::screens::Handled;
use crate::app::world::World;
use crate::gdbql::line_column;

impl Tab {
    pub(super) fn run_in_editor(&mut self, command: Command, world: &World, out: &mut Outbox) -> Handled {
        match command {
            Command::Complete => self.complete(world, out),
            Command::Format => self.format(out),
            Command::Comment => self.script.toggle_comment(),
            Command::EditOutside => out.edit(self.script.editor().text(), "gdbql"),
            Command::Clean => self.script.replace(""),
            Command::Undo => drop(self.script.undo()),
            Command::Redo => drop(self.script.redo()),
            Command::Copy => match self.script.editor().selected_text() {
                Some(text) => out.copy(text, "the selection"),
                None => out.copy(self.script.editor().text(), "the query"),
            },
            _ => return Handled::No,
        }
        Handled::Yes
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

    /// Go on with the word that is being typed: what alone begins with it is put there, else what could be is listed.
    /// Gives `false` where no word is half typed.
    pub(super) fn complete_word(&mut self, world: &World) -> bool {
        let editor = self.script.editor();
        let text = editor.text();
        let is_inside = text.get(editor.offset()..).is_some_and(|rest| rest.starts_with(is_of_word));
        if is_inside || editor.selection().is_some() {
            return false;
        }
        let popup = Popup::open(&self.script, world).filter(|popup| popup.found.going_on > 0);
        let only = popup.as_ref().is_some_and(|popup| popup.found.going_on == 1);
        self.completion = popup;
        if only {
            self.take_candidate();
        }
        only || self.completion.is_some()
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
    pub(super) fn run_in_completion(&mut self, command: Command) -> bool {
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
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
