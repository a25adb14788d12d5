//! What is known of the server: does it answer, when was it audited, what does it say of itself.
//!
//! Owns the polls and the history of audits. Knows nothing of how it is shown.

use super::effect::{Call, Effect, Outbox, Slot, Timer};
use super::message::{AuditResult, Failure, FailureKind, Level, Now, Pong};
use crate::model::request::Generation;
use crate::model::status::Status;
use std::collections::VecDeque;
use std::time::Duration;

/// How often the server is asked, `None` for never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polls {
    /// Whether it answers.
    pub ping: Option<Duration>,
    /// What it holds.
    pub status: Option<Duration>,
    /// Whether its chain is whole.
    pub audit: Option<Duration>,
}

impl Default for Polls {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Self { ping: Some(Duration::from_secs(5)), status: Some(Duration::from_secs(30)), audit: Some(minutes(10)) }
    }
}

/// Whether the server answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// It was asked for the first time.
    Connecting,
    /// It answered.
    Live {
        /// How long its last answer took.
        latency: Duration,
    },
    /// It did not answer.
    Unreachable {
        /// Why.
        failure: Failure,
        /// When it is asked again, since the start of the app.
        next: Option<Duration>,
    },
    /// It answers, but refuses.
    Refused(Failure),
}

/// One audit that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRun {
    /// When it ended, in nanoseconds since 1970.
    pub at: i64,
    /// What came of it.
    pub result: Result<AuditResult, Failure>,
}

/// How many audits are remembered.
const AUDITS: usize = 100;

/// What is known of the server.
#[derive(Clone, Debug)]
pub struct Health {
    polls: Polls,
    /// Whether it answers.
    pub link: Link,
    /// The API that answers, once it is known.
    pub generation: Option<Generation>,
    /// Its last status.
    pub status: Option<Status>,
    /// Why there is no status, if the last attempt failed.
    pub status_failure: Option<Failure>,
    /// The audits, newest first.
    pub audits: VecDeque<AuditRun>,
    /// Since when one is running.
    pub auditing: Option<Duration>,
    /// Whether the token may audit at all; once refused it is not asked again by itself.
    pub may_audit: bool,
    failures: u32,
}

impl Health {
    /// Nothing is known yet.
    pub fn new(polls: Polls) -> Self {
        Self {
            polls,
            link: Link::Connecting,
            generation: None,
            status: None,
            status_failure: None,
            audits: VecDeque::new(),
            auditing: None,
            may_audit: true,
            failures: 0,
        }
    }

    /// Ask for everything that is polled.
    pub fn begin(&mut self, now: Now, out: &mut Outbox) {
        out.start(Slot::Ping, Call::Ping);
        out.start(Slot::Status, Call::Status);
        if self.polls.audit.is_some() {
            self.audit(now, out);
        }
    }

    /// Start an audit, unless one is running.
    pub fn audit(&mut self, now: Now, out: &mut Outbox) {
        if !out.slots.is_busy(Slot::Audit) {
            self.auditing = Some(now.since_start);
            out.start(Slot::Audit, Call::Audit);
        }
    }

    /// A timer of the polls has run out.
    pub fn timer(&mut self, timer: Timer, now: Now, out: &mut Outbox) {
        match timer {
            Timer::Ping => out.start(Slot::Ping, Call::Ping),
            Timer::Status => out.start(Slot::Status, Call::Status),
            Timer::Audit => self.audit(now, out),
            Timer::Second if self.counts_down() => out.push(Effect::Wake(Timer::Second, Duration::from_secs(1))),
            _ => {}
        }
    }

    /// Whether the server answered when it was last asked.
    pub fn is_live(&self) -> bool {
        matches!(self.link, Link::Live { .. })
    }

    fn counts_down(&self) -> bool {
        matches!(self.link, Link::Unreachable { next: Some(_), .. })
    }

    /// The ping's answer.
    pub fn pinged(&mut self, answer: Result<Pong, Failure>, now: Now, out: &mut Outbox) {
        let was_live = self.is_live();
        match answer {
            Ok(pong) => {
                if self.failures > 0 {
                    out.say(Level::Info, "The server answers again.");
                    out.start(Slot::Status, Call::Status);
                }
                self.failures = 0;
                self.generation = Some(pong.generation);
                self.link = Link::Live { latency: pong.latency };
                self.wake(Timer::Ping, self.polls.ping, out);
            }
            Err(failure) => {
                self.failures += 1;
                if was_live || self.failures == 1 {
                    out.say(Level::Error, sentence(&failure));
                }
                let next = self.back_off();
                self.link = match failure.kind {
                    FailureKind::NotAllowed | FailureKind::Unsupported | FailureKind::Garbled => Link::Refused(failure),
                    _ => Link::Unreachable { failure, next: next.map(|wait| now.since_start + wait) },
                };
                self.wake(Timer::Ping, next, out);
                if self.counts_down() {
                    out.push(Effect::Wake(Timer::Second, Duration::from_secs(1)));
                }
            }
        }
    }

    /// The wait before the next ping: longer with every failure in a row, up to half a minute.
    fn back_off(&self) -> Option<Duration> {
        let first = self.polls.ping?.min(Duration::from_secs(30));
        Some(
            (first.saturating_mul(1 << self.failures.saturating_sub(1).min(5))).min(Duration::from_secs(30)).max(first),
        )
    }

    /// The status route's answer.
    pub fn told_status(&mut self, answer: Result<Box<Status>, Failure>, out: &mut Outbox) {
        match answer {
            Ok(status) => {
                self.status = Some(*status);
                self.status_failure = None;
            }
            Err(failure) => self.status_failure = Some(failure),
        }
        self.wake(Timer::Status, self.polls.status, out);
    }

    /// The audit is over.
    pub fn audited(&mut self, result: Result<AuditResult, Failure>, now: Now, out: &mut Outbox) {
        self.auditing = None;
        let refused = matches!(&result, Err(failure) if failure.kind == FailureKind::NotAllowed);
        match &result {
            Ok(audit) if !audit.passed => out.say(Level::Error, format!("The audit failed: {}", audit.text)),
            Err(failure) if !refused && failure.kind != FailureKind::Unreachable => {
                out.say(Level::Warning, format!("The audit could not be made. {}", sentence(failure)));
            }
            _ => {}
        }
        self.may_audit = !refused;
        self.audits.push_front(AuditRun { at: now.wall, result });
        self.audits.truncate(AUDITS);
        // A token without the right will not get it by asking: only the user asks again.
        if self.may_audit {
            self.wake(Timer::Audit, self.polls.audit, out);
        }
    }

    fn wake(&self, timer: Timer, after: Option<Duration>, out: &mut Outbox) {
        if let Some(after) = after {
            out.push(Effect::Wake(timer, after));
        }
    }

    /// How many events the server says it has.
    pub fn events(&self) -> Option<u64> {
        self.status.as_ref().map(|status| status.events.count)
    }
}

/// A failure as a sentence or two.
pub fn sentence(failure: &Failure) -> String {
    let mut text = ended(&failure.message);
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if let Some(hint) = &failure.hint {
        text.push(' ');
        text.push_str(hint);
    }
    text
}

/// A text that ends like a sentence.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FailureKind) -> Failure {
        Failure { kind, message: "no".into(), hint: None, span: None }
    }

    fn wakes(out: &mut Outbox) -> Vec<(Timer, u64)> {
        let mut wakes = Vec::new();
        for effect in out.take_effects() {
            if let Effect::Wake(timer, after) = effect {
                wakes.push((timer, after.as_secs()));
            }
        }
        wakes
    }

    #[test]
    fn asks_less_often_while_there_is_no_answer_and_says_it_once() {
        let (mut health, mut out) = (Health::new(Polls::default()), Outbox::default());
        let mut waits = Vec::new();
        for _ in 0..5 {
            health.pinged(Err(failure(FailureKind::Unreachable)), Now::default(), &mut out);
            waits.extend(wakes(&mut out).into_iter().filter(|(t, _)| *t == Timer::Ping).map(|(_, s)| s));
        }
        assert_eq!(waits, [5, 10, 20, 30, 30]);
        assert_eq!(out.take_said().len(), 1);
        health.pinged(
            Ok(Pong { latency: Duration::from_millis(2), generation: Generation::V2 }),
            Now::default(),
            &mut out,
        );
        assert_eq!(out.take_said(), [(Level::Info, "The server answers again.".to_owned())]);
    }

    #[test]
    fn a_token_that_may_not_audit_is_asked_once() {
        let (mut health, mut out) = (Health::new(Polls::default()), Outbox::default());
        health.audited(Err(failure(FailureKind::NotAllowed)), Now::default(), &mut out);
        assert!(!health.may_audit);
        assert_eq!(wakes(&mut out), []);
        let passed = AuditResult { passed: true, text: "ok".into(), events: Some(1), took: Duration::ZERO };
        health.audited(Ok(passed), Now::default(), &mut out);
        assert_eq!(wakes(&mut out), [(Timer::Audit, 600)]);
    }
}
