//! What the keys do in the form.

use super::super::{Handled, Screen, Visit, Wish};
use super::condition::{Condition, ConditionKind};
use super::event::{EventFields, Field};
use super::outcome::Outcome;
use super::suggest::{self, Suggestions};
use super::{CommitForm, Focus, LOCKED};
use crate::app::command::{Command, Place};
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::list::Step;
use crate::app::list::step_of;
use crate::app::message::Level;
use crate::app::overlay::{Answer, Question};
use crate::app::world::World;
use crate::model::json::{Json, pretty};
use crossterm::event::KeyCode;

impl Screen for CommitForm {
    fn places(&self) -> Vec<Place> {
        self.places_here()
    }

    fn typing(&self) -> bool {
        !self.is_locked() && self.has_lines().is_some()
    }

    fn run(&mut self, command: Command, world: &mut World, out: &mut Outbox) -> Handled {
        if self.is_locked() {
            return Handled::No;
        }
        match command {
            Command::NextPane => self.go_by(1, true),
            Command::PreviousPane => self.go_by(-1, true),
            Command::SendCommit => return self.ask_to_send(world, out),
            Command::AddEvent => self.add_event(out),
            Command::RemoveEvent => return self.ask_to_remove_event(world, out),
            Command::NextItem => self.turn_event(1),
            Command::PreviousItem => self.turn_event(-1),
            Command::AddPrecondition => self.add_condition(out),
            Command::QueryHere => return self.to_query(out),
            Command::RemovePrecondition => return self.ask_to_remove_condition(out),
            Command::Clean => return self.ask_to_empty(world, out),
            Command::EditOutside => self.edit_outside(out),
            Command::Format => self.lay_out(out),
            Command::Complete => self.complete(world, out),
            Command::Accept => self.accept(out),
            Command::CheckOutcome => {
                if let Outcome::Unknown { query, .. } = &self.outcome {
                    return Handled::Wish(Wish::Query(query.clone()));
                }
            }
            Command::Back => return self.back(),
            command => return self.run_here(command, out),
        }
        Handled::Yes
    }

    fn type_key(&mut self, key: Key, world: &mut World, out: &mut Outbox) {
        if self.is_locked() {
            return out.say(Level::Warning, LOCKED);
        }
        let changed = match self.text_here() {
            Some(text) if key == Key::plain(KeyCode::Enter) => {
                break_line(text);
                true
            }
            _ => match self.written_at(self.focus) {
                Some(written) => written.type_key(key),
                None => return,
            },
        };
        if changed {
            self.suggest(world);
            self.changed(out);
        } else {
            // The cursor may have gone elsewhere, where nothing can go on.
            self.suggestions = None;
        }
    }

    fn paste(&mut self, text: &str, _world: &mut World, out: &mut Outbox) {
        if self.is_locked() {
            return out.say(Level::Warning, LOCKED);
        }
        if let Some(written) = self.written_at(self.focus) {
            written.paste(text);
            self.suggestions = None;
            self.changed(out);
        }
    }
}

/// A new line that is indented like the one before, and deeper behind an opening bracket.
fn break_line(editor: &mut crate::app::editor::Editor) {
    let (row, column) = editor.cursor();
    let line = editor.lines().get(row).map_or("", String::as_str);
    let split = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let (before, after) = line.split_at(split);
    let indent: String = before.chars().take_while(|c| *c == ' ').collect();
    let opened = before.trim_end().ends_with(['{', '[']);
    let closes = after.trim_start().starts_with(['}', ']']);
    let deeper = if opened { "  " } else { "" };
    editor.insert(&format!("\n{indent}{deeper}"));
    if opened && closes {
        let here = editor.offset();
        editor.insert(&format!("\n{indent}"));
        editor.go_to(here);
    }
}

impl CommitForm {
    /// A command that depends on where the cursor is.
    fn run_here(&mut self, command: Command, out: &mut Outbox) -> Handled {
        match (self.focus, command) {
            (_, Command::Up | Command::Down) if self.suggestions.is_some() => {
                if let Some(list) = &mut self.suggestions {
                    list.step(command == Command::Down);
                }
            }
            (Focus::Stored, Command::Open) => {
                let event = self.outcome.events().get(self.stored.selected());
                return event.map_or(Handled::Yes, |event| Handled::Wish(Wish::Visit(Visit::of(event.id.clone()))));
            }
            (Focus::Stored, Command::Copy) => {
                if let Some(event) = self.outcome.events().get(self.stored.selected()) {
                    out.copy(event.id.clone(), "the event's id");
                }
            }
            (Focus::Preview, Command::Copy) => match self.request().map(|request| serde_json::to_string(&request)) {
                Ok(Ok(body)) => out.copy(body, "the request's body"),
                _ => out.say(Level::Warning, "The form does not make a request yet."),
            },
            (Focus::Kind(index), Command::Left | Command::Right) => {
                if let Some(condition) = self.conditions.get_mut(index) {
                    condition.kind = condition.kind.turn(if command == Command::Right { 1 } else { 3 });
                    condition.verdict = super::condition::Verdict::Untried;
                    self.changed(out);
                }
            }
            (Focus::Field(Field::Erasable), Command::Toggle) => {
                let event = self.event_mut();
                event.erasable = !event.erasable;
                self.changed(out);
            }
            (_, command) => match step_of(command) {
                Some(step) => self.step(step),
                None => return Handled::No,
            },
        }
        Handled::Yes
    }

    fn step(&mut self, step: Step) {
        match (self.focus, step) {
            (Focus::Preview, Step::By(-1)) if self.preview.selected() == 0 => self.go_by(-1, false),
            (Focus::Preview, step) => {
                self.preview.step(step, self.preview_rows.get());
            }
            (Focus::Stored, Step::By(-1)) if self.stored.selected() == 0 => self.go_by(-1, false),
            (Focus::Stored, step) => {
                self.stored.step(step, self.outcome.events().len());
            }
            (_, Step::By(by)) => self.step_in_text(by),
            _ => {}
        }
    }

    /// Up and down: inside a text of several lines the cursor's, at its edges and elsewhere the form's.
    fn step_in_text(&mut self, by: isize) {
        if let Some(editor) = self.text_here() {
            let edge = if by < 0 { 0 } else { editor.lines().len() - 1 };
            if editor.cursor().0 != edge {
                editor.key(Key::plain(if by < 0 { KeyCode::Up } else { KeyCode::Down }));
                return;
            }
        }
        self.go_by(by, false);
    }

    fn back(&mut self) -> Handled {
        if self.suggestions.take().is_some() {
            return Handled::Yes;
        }
        match (&self.outcome, self.focus) {
            (_, Focus::Preview | Focus::Stored) => self.go_to(Focus::Field(Field::Subject)),
            // What may have happened stays said until the form is sent or emptied.
            (Outcome::Stored { .. } | Outcome::NotCommitted { .. }, _) => self.outcome = Outcome::None,
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn add_event(&mut self, out: &mut Outbox) {
        let source = self.event().source.text().to_owned();
        let draft = super::Draft { source, ..super::Draft::default() };
        self.current = self.events.len();
        self.events.push(EventFields::new(draft));
        self.go_to(Focus::Field(Field::Subject));
        self.changed(out);
    }

    fn turn_event(&mut self, by: isize) {
        let len = self.events.len();
        self.current = (self.current + len).saturating_add_signed(by) % len;
        self.suggestions = None;
        if !matches!(self.focus, Focus::Field(_)) {
            self.go_to(Focus::Field(Field::Subject));
        }
    }

    fn ask_to_remove_event(&mut self, world: &mut World, out: &mut Outbox) -> Handled {
        if self.event().is_empty() {
            self.remove_event(world, out);
            return Handled::Yes;
        }
        let event = self.event();
        let all = self.events.len();
        ask(
            "Take the event out of the commit?",
            vec![
                format!("Event {} of {all}: {} {}", self.current + 1, event.kind.text(), event.subject.text()),
                "What was written in it goes away.".into(),
            ],
            Answer::RemoveEvent,
        )
    }

    fn add_condition(&mut self, out: &mut Outbox) {
        let subject = self.event().subject.text();
        self.conditions.push(Condition::new(subject));
        self.go_to(Focus::Kind(self.conditions.len() - 1));
        self.changed(out);
    }

    /// To the Query screen with the query of a precondition.
    fn to_query(&self, out: &mut Outbox) -> Handled {
        let is_query = |condition: &&Condition| condition.kind == ConditionKind::QueryTrue;
        let here = self.focus.condition().and_then(|index| self.conditions.get(index)).filter(is_query);
        match here.or_else(|| self.conditions.iter().find(is_query)) {
            Some(condition) => Handled::Wish(Wish::Query(condition.text())),
            None => {
                out.say(Level::Info, "No precondition here is a query. Its kind is chosen with the arrows.");
                Handled::Yes
            }
        }
    }

    /// One more precondition: this query must be true.
    pub fn require(&mut self, query: &str, _world: &mut World, out: &mut Outbox) {
        if self.is_locked() {
            return out.say(Level::Warning, LOCKED);
        }
        let mut condition = Condition::new(self.event().subject.text());
        condition.kind = ConditionKind::QueryTrue;
        condition.written().put(query);
        self.conditions.push(condition);
        self.go_to(Focus::Text(self.conditions.len() - 1));
        self.changed(out);
    }

    fn ask_to_remove_condition(&mut self, out: &mut Outbox) -> Handled {
        let index = match (self.focus.condition(), self.conditions.len()) {
            (_, 0) => {
                out.say(Level::Info, "There is no precondition. Alt-p adds one.");
                return Handled::Yes;
            }
            (Some(index), _) => index,
            (None, 1) => 0,
            (None, _) => {
                out.say(Level::Info, "Go to the precondition first, with Tab.");
                return Handled::Yes;
            }
        };
        if self.focus.condition() != Some(index) {
            self.go_to(Focus::Kind(index));
        }
        let Some(condition) = self.conditions.get(index).filter(|condition| !condition.is_untouched()) else {
            self.remove_condition(out);
            return Handled::Yes;
        };
        let lines =
            vec![format!("{} {}", condition.kind.name(), condition.text()), "What was written in it goes away.".into()];
        ask("Take the precondition out?", lines, Answer::RemovePrecondition)
    }

    fn ask_to_empty(&mut self, world: &mut World, out: &mut Outbox) -> Handled {
        if !self.is_unsent() {
            self.empty(world, out);
            return Handled::Yes;
        }
        let lines = vec!["What was written and not committed goes away.".into()];
        ask("Start over with an empty form?", lines, Answer::EmptyForm)
    }

    fn edit_outside(&mut self, out: &mut Outbox) {
        let (target, extension) = match self.focus {
            Focus::Text(index) => (self.focus, self.conditions.get(index).map_or("txt", Condition::extension)),
            _ => (Focus::Field(Field::Data), "json"),
        };
        if let Some(text) = self.written_at(target).map(|written| written.whole()) {
            self.outside = Some(target);
            out.edit(text, extension);
        }
    }

    /// Lay the payload out anew, or the raw precondition with the cursor.
    fn lay_out(&mut self, out: &mut Outbox) {
        let target = match self.focus {
            Focus::Text(index) if self.conditions.get(index).is_some_and(|it| it.extension() == "json") => self.focus,
            _ => Focus::Field(Field::Data),
        };
        let Some(written) = self.written_at(target) else { return };
        let text = written.whole();
        match Json::parse(&text).map(pretty) {
            Ok(laid_out) if laid_out != text => {
                written.put(&laid_out);
                self.changed(out);
            }
            Ok(_) => {}
            Err(_) => out.say(Level::Warning, "The payload is no JSON yet, so it cannot be laid out."),
        }
    }

    fn suggest(&mut self, world: &World) {
        self.suggestions = None;
        let Some(line) = self.line_here().filter(|line| line.cursor() == line.text().len()) else { return };
        let typed = line.text();
        let items = match self.focus {
            Focus::Field(Field::Source) => suggest::usual_source(world).into_iter().collect(),
            Focus::Field(Field::Kind) => suggest::kinds(typed, world),
            Focus::Field(Field::Subject) | Focus::Text(_) => suggest::subjects(typed, world),
            _ => Vec::new(),
        };
        self.suggestions = Suggestions::of(typed, items);
    }

    /// Take the chosen suggestion, or the first; without a list, show what is known.
    fn complete(&mut self, world: &World, out: &mut Outbox) {
        let Some(text) = self.suggestions.take().and_then(|list| list.best().cloned()) else {
            if let Some(written) = self.written_at(self.focus) {
                written.type_key(Key::plain(KeyCode::End));
            }
            self.suggest(world);
            if self.suggestions.is_none() {
                out.say(Level::Info, "Nothing that begins like this is known.");
            }
            return;
        };
        if let Some(written) = self.written_at(self.focus) {
            written.put(&text);
            self.changed(out);
        }
    }

    /// Enter in the list: take what was gone to; when nothing was, go on.
    fn accept(&mut self, out: &mut Outbox) {
        let chosen = self.suggestions.take().filter(|list| list.chosen.is_some());
        match (chosen.and_then(|list| list.best().cloned()), self.written_at(self.focus)) {
            (Some(text), Some(written)) => {
                written.put(&text);
                self.changed(out);
            }
            _ => self.go_by(1, false),
        }
    }
}

fn ask(title: &str, lines: Vec<String>, yes: Answer) -> Handled {
    Handled::Wish(Wish::Ask(Question { title: title.into(), lines, yes, dangerous: false }))
}
