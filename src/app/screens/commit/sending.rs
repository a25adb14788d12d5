//! From the form to the server and back: trying the preconditions, asking the user, sending, taking the answer.
//!
//! A request is sent exactly as often as the user has said yes. Nothing here repeats one.

use super::super::{Handled, Wish};
use super::condition::Verdict;
use super::outcome::Outcome;
use super::{CommitForm, Focus};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::list::ListState;
use crate::app::message::{Failure, Level};
use crate::app::overlay::{Answer, Question};
use crate::app::world::{Origin, World};
use crate::model::request::{CommitRequest, Precondition};

/// A question names so many events; the rest is counted.
const NAMED: usize = 6;
/// A text in a question has at most so many characters.
const SHOWN: usize = 200;

/// A request that is stored, or may be.
#[derive(Debug)]
pub(super) struct Sent {
    pub request: CommitRequest,
    /// Whether the server said that it is stored.
    pub stored: bool,
}

impl CommitForm {
    /// Whether what stands in the form is what was sent last.
    pub fn was_sent(&self) -> bool {
        self.sent.as_ref().is_some_and(|sent| self.request().is_ok_and(|request| request == sent.request))
    }

    /// Ask before it is sent; go to what is missing instead, if something is.
    pub(super) fn ask_to_send(&mut self, world: &World, out: &mut Outbox) -> Handled {
        match self.request() {
            Err((event, focus, problem)) => {
                self.current = event;
                self.go_to(focus);
                if let Some(at) = problem.at
                    && let Some(written) = self.written_at(focus)
                {
                    written.put_cursor(at.start);
                }
                out.say(Level::Warning, format!("Not sent: {}", lowered(&problem.text)));
                Handled::Yes
            }
            Ok(request) => Handled::Wish(Wish::Ask(self.question(&request, world))),
        }
    }

    fn question(&self, request: &CommitRequest, world: &World) -> Question {
        let connection = &world.connection;
        let number = match request.events.len() {
            1 => "1 event".to_owned(),
            number => format!("{number} events"),
        };
        let target = match &connection.origin {
            Origin::Server => format!("{}, {}", connection.name, connection.url),
            Origin::Demo => "the demo store, which is kept in memory only".to_owned(),
            Origin::File(name) => format!("the backup {name}"),
        };
        let title = match connection.production {
            true => format!("PRODUCTION: commit {number} to {}?", connection.name),
            false => format!("Commit {number}?"),
        };
        let mut lines = vec![format!("To {target}:")];
        for event in request.events.iter().take(NAMED) {
            lines.push(shortened(&format!("  {}  {}", event.kind, event.subject)));
        }
        if request.events.len() > NAMED {
            lines.push(format!("  and {} more", request.events.len() - NAMED));
        }
        if request.preconditions.is_empty() {
            lines.push("Without preconditions.".to_owned());
        }
        for (condition, shown) in request.preconditions.iter().zip(&self.conditions) {
            let verdict = match &shown.verdict {
                Verdict::Known { result: Ok(true), stale: false } => "   holds now",
                Verdict::Known { result: Ok(false), stale: false } => "   does not hold now",
                _ => "",
            };
            lines.push(shortened(&format!("if {}{verdict}", spoken(condition))));
        }
        match self.sent.as_ref().filter(|sent| sent.request == *request) {
            Some(Sent { stored: true, .. }) => lines.push(
                "Exactly this was sent before and is stored. Sent again, its events are stored a second time.".into(),
            ),
            Some(_) => lines.push(
                "Exactly this was sent before and may be stored. If it is, its events are then stored twice.".into(),
            ),
            None => {}
        }
        let dangerous = connection.production || self.was_sent();
        Question { title, lines, yes: Answer::Commit, dangerous }
    }

    /// The user has said yes: send it.
    pub fn send(&mut self, world: &mut World, out: &mut Outbox) {
        if out.slots.is_busy(Slot::Commit) || self.is_locked() {
            return out.say(Level::Warning, "A commit is being sent already.");
        }
        if world.connection.read_only {
            return out.say(Level::Warning, "This connection is read-only; nothing is written through it.");
        }
        let Ok(request) = self.request() else {
            return out.say(Level::Warning, "Not sent: the form is not complete.");
        };
        self.suggestions = None;
        self.outcome = Outcome::Sending;
        self.sending = Some((request.clone(), world.now.wall));
        out.start(Slot::Commit, Call::Commit(request));
    }

    /// The answer to the commit.
    pub fn committed(&mut self, result: Result<Vec<String>, Failure>, world: &mut World, out: &mut Outbox) {
        let Some((request, at)) = self.sending.take() else { return };
        let blamed = result.as_ref().err().and_then(|failure| self.blamed(&failure.message));
        self.outcome = match &result {
            Ok(stored) => Outcome::stored(stored, request.events.len(), world.now.wall),
            Err(failure) => Outcome::failed(failure, &request, at, blamed),
        };
        match &self.outcome {
            Outcome::Stored { events, sent, .. } => {
                let number =
                    if *sent == 1 { "1 event is stored.".into() } else { format!("{sent} events are stored.") };
                out.say(Level::Info, number);
                if !events.is_empty() {
                    self.stored = ListState::default();
                    self.go_to(Focus::Stored);
                }
                self.sent = Some(Sent { request, stored: true });
            }
            Outcome::NotCommitted { text, .. } => {
                out.say(Level::Error, text.clone());
                if let Some(index) = blamed {
                    self.go_to(Focus::Text(index));
                }
            }
            Outcome::Unknown { text, .. } => {
                out.say(Level::Error, text.clone());
                self.sent = Some(Sent { request, stored: false });
            }
            Outcome::None | Outcome::Sending => {}
        }
        // The store may have changed, by this commit or by what made it fail.
        for condition in &mut self.conditions {
            condition.outdated();
        }
        self.try_soon(out);
    }

    /// Which precondition a server's words are about: one whose kind and text they name, else the only candidate.
    fn blamed(&self, words: &str) -> Option<usize> {
        let named: Vec<(usize, bool)> = (0..)
            .zip(&self.conditions)
            .map(|(index, condition)| (index, condition.is_blamed(words)))
            .filter(|(_, (kind, _))| *kind)
            .map(|(index, (_, text))| (index, text))
            .collect();
        match (named.as_slice(), self.conditions.len()) {
            ([], 1) => Some(0),
            ([(only, _)], _) => Some(*only),
            (several, _) => several.iter().find(|(_, text)| *text).map(|(index, _)| *index),
        }
    }

    /// The form was left alone for a while: try the preconditions that are complete.
    pub fn try_now(&mut self, _world: &mut World, out: &mut Outbox) {
        if self.is_locked() {
            return;
        }
        let mut call = Vec::new();
        self.tried.clear();
        for (index, condition) in self.conditions.iter_mut().enumerate() {
            match condition.to_precondition() {
                Ok(precondition) => {
                    condition.verdict = match std::mem::take(&mut condition.verdict) {
                        Verdict::Untried => Verdict::Trying,
                        known => known,
                    };
                    call.push(precondition);
                    self.tried.push(index);
                }
                Err(_) => condition.verdict = Verdict::Untried,
            }
        }
        if !call.is_empty() {
            out.start(Slot::Try, Call::Try(call));
        }
    }

    /// Whether a precondition holds now, by its index in the call. Gives whether it was the call's last one.
    pub fn tried(&mut self, index: usize, result: Result<bool, Failure>) -> bool {
        if let Some(condition) = self.tried.get(index).and_then(|at| self.conditions.get_mut(*at)) {
            condition.verdict = Verdict::Known { result, stale: false };
        }
        index + 1 >= self.tried.len()
    }
}

/// A precondition in one line.
fn spoken(condition: &Precondition) -> String {
    match condition.member("subject").or_else(|| condition.member("query")) {
        Some(text) => format!("{} {}", condition.kind, text.replace('\n', " ")),
        None => format!("{} {}", condition.kind, condition.payload.get()),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A sentence as the end of another one.
fn lowered(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), chars.as_str()))
}
