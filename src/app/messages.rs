//! What was said to the user: the last thing in the status line, all of it in a list.

use super::effect::{Effect, Outbox, Timer};
use super::message::{Level, Now};
use std::collections::VecDeque;
use std::time::Duration;

/// How long an information stays in the status line.
const SHOWN: Duration = Duration::from_secs(6);
/// How many messages are remembered.
const KEPT: usize = 500;

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its weight.
    pub level: Level,
    /// The text.
    pub text: String,
    /// When, in nanoseconds since 1970.
    pub at: i64,
}

/// What was said to the user.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    entries: VecDeque<Message>,
    shown: Option<(Message, Duration)>,
}

impl Messages {
    /// Say something. It replaces what is shown, unless that weighs more.
    pub fn say(&mut self, level: Level, text: String, now: Now, out: &mut Outbox) {
        let message = Message { level, text, at: now.wall };
        if self.shown.as_ref().is_none_or(|(shown, _)| shown.level <= level) {
            self.shown = Some((message.clone(), now.since_start));
            if level != Level::Error {
                out.push(Effect::Wake(Timer::Message, SHOWN));
            }
        }
        self.entries.push_front(message);
        self.entries.truncate(KEPT);
    }

    /// The timer has run out: what was shown long enough goes, unless it is an error.
    pub fn timer(&mut self, now: Now) {
        if self.shown.as_ref().is_some_and(|(message, since)| {
            message.level != Level::Error && now.since_start >= *since + SHOWN.saturating_sub(Duration::from_millis(50))
        }) {
            self.shown = None;
        }
    }

    /// The user has seen what is shown. Tells whether there was anything.
    pub fn dismiss(&mut self) -> bool {
        self.shown.take().is_some()
    }

    /// What stands in the status line.
    pub fn shown(&self) -> Option<&Message> {
        self.shown.as_ref().map(|(message, _)| message)
    }

    /// Everything that was said, newest first.
    pub fn all(&self) -> &VecDeque<Message> {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stays_until_it_was_seen() {
        let (mut messages, mut out) = (Messages::default(), Outbox::default());
        let at = |seconds| Now { since_start: Duration::from_secs(seconds), wall: 0 };
        messages.say(Level::Info, "copied".into(), at(0), &mut out);
        assert_eq!(out.take_effects(), [Effect::Wake(Timer::Message, SHOWN)]);
        messages.timer(at(6));
        assert_eq!(messages.shown(), None);
        messages.say(Level::Error, "lost".into(), at(7), &mut out);
        messages.say(Level::Info, "copied".into(), at(8), &mut out);
        messages.timer(at(20));
        assert_eq!(messages.shown().map(|m| m.text.as_str()), Some("lost"));
        assert!(messages.dismiss() && messages.shown().is_none());
        assert_eq!(messages.all().len(), 3);
    }
}
