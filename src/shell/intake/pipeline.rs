//! Decoding on other threads: several portions at once, handed over in the order in which they came.

use crate::app::message::{Failure, FailureKind, Reply};
use crate::model::log::Decoded;
use crate::shell::answer::Answers;
use std::collections::VecDeque;
use tokio::task::JoinHandle;

/// So many portions are decoded at once.
const AT_ONCE: usize = 3;

/// Portions on their way.
pub struct Pipeline {
    to: Answers,
    running: VecDeque<JoinHandle<Result<Decoded, Failure>>>,
    failed: Option<Failure>,
}

impl Pipeline {
    /// Nothing is on its way yet.
    pub fn new(to: Answers) -> Self {
        Self { to, running: VecDeque::new(), failed: None }
    }

    /// Decode another portion. Waits while enough are on their way. Gives `false` when there is no use in more.
    pub async fn push(&mut self, work: impl FnOnce() -> Result<Decoded, Failure> + Send + 'static) -> bool {
        if self.running.len() >= AT_ONCE && !self.hand_over_first().await {
            return false;
        }
        self.running.push_back(tokio::task::spawn_blocking(work));
        self.failed.is_none()
    }

    /// Hand everything that is still on its way over.
    ///
    /// # Errors
    /// What went wrong with one of them.
    pub async fn finish(mut self) -> Result<(), Failure> {
        while !self.running.is_empty() && self.hand_over_first().await {}
        self.failed.map_or(Ok(()), Err)
    }

    async fn hand_over_first(&mut self) -> bool {
        let Some(first) = self.running.pop_front() else { return true };
        let decoded = first.await.unwrap_or_else(|error| {
            let message = format!("decoding failed: {error}");
            Err(Failure { kind: FailureKind::Garbled, message, hint: None, span: None })
        });
        match decoded {
            Ok(batch) if batch.is_empty() => true,
            Ok(batch) => self.to.send(Reply::Events(batch)).await,
            Err(failure) => {
                self.failed.get_or_insert(failure);
                false
            }
        }
    }
}
