//! What the top overlay does with a command. Owns no state.

use super::App;
use super::command::Command;
use super::list::step_of;
use super::message::Level;
use super::overlay::Overlay;
use super::screens::Wish;

impl App {
    /// Do a command of the top overlay. Gives whether there is one.
    pub(super) fn run_in_overlay(&mut self, command: Command) -> bool {
        if let Some(Overlay::Viewer { view, .. }) = self.overlays.last_mut()
            && view.run(command, &mut self.out)
        {
            return true;
        }
        let Some(overlay) = self.overlays.last_mut() else { return false };
        match (overlay, command) {
            (Overlay::Question(question), Command::Yes) => {
                let answer = question.yes;
                self.overlays.pop();
                self.answered(answer);
            }
            (Overlay::Palette(palette), Command::Accept) => {
                let chosen = palette.found.get(palette.list.selected()).copied();
                self.overlays.pop();
                match chosen {
                    Some(info) if self.offers(info) => self.run(info.command),
                    Some(_) => {
                        let why = self.world.connection.why_read_only().unwrap_or_default();
                        self.out.say(Level::Warning, why);
                    }
                    None => {}
                }
            }
            (_, Command::Back | Command::No) => {
                self.overlays.pop();
            }
            (Overlay::Palette(palette), command) => {
                if let Some(step) = step_of(command) {
                    palette.list.step(step, palette.found.len());
                }
            }
            (Overlay::Help { list, .. }, command) => {
                if let Some(step) = step_of(command) {
                    list.scroll(step);
                }
            }
            (Overlay::Messages(list), command) => {
                if let Some(step) = step_of(command) {
                    list.scroll(step);
                }
            }
            (Overlay::Viewer { view, .. }, command) => match command {
                Command::Trace => {
                    if let Some(value) = view.current().map(|row| view.value(row).to_owned()) {
                        self.overlays.pop();
                        self.grant(Wish::Trace(value));
                    }
                }
                Command::Copy => {
                    let value = view.current().map(|row| view.value(row).to_owned());
                    self.out.copy(value.unwrap_or_else(|| view.text().to_owned()), "the value");
                }
                Command::CopyAll => self.out.copy(view.text().to_owned(), "the whole value"),
                command => {
                    if let Some(step) = step_of(command) {
                        view.step(step);
                    }
                }
            },
            (Overlay::Question(_), _) => {}
        }
        true
    }
}
