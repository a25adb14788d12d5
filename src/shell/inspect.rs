//! Looks at the events of a type, on a thread of their own, told a few times a second.

use super::answer::Answers;
use crate::app::inspection::{Findings, Inspection};
use crate::app::message::Reply;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// So often it is told what is known. Each time costs a copy of the shape.
const TOLD: Duration = Duration::from_millis(100);

/// Stops the thread when its task is dropped.
struct Running(Arc<AtomicBool>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Look at the events and hand over what is known.
pub async fn inspect(inspection: Inspection, to: Answers) {
    let running = Running(Arc::new(AtomicBool::new(true)));
    let go_on = Arc::clone(&running.0);
    let (told, mut inbox) = mpsc::channel::<(Findings, bool)>(1);
    let end = inspection.view.positions().end;
    tokio::task::spawn_blocking(move || {
        let mut last: Option<Instant> = None;
        inspection.run(&mut |findings| {
            let done = !findings.is_sample && findings.scanned >= end;
            let is_due = last.is_none_or(|last| last.elapsed() >= TOLD);
            if done || is_due || findings.is_sample {
                last = Some(Instant::now());
                if told.blocking_send((findings.clone(), done)).is_err() {
                    return false;
                }
            }
            go_on.load(Ordering::Relaxed)
        });
    });
    while let Some((findings, done)) = inbox.recv().await {
        if !to.send(Reply::Shape { findings: Box::new(findings), done }).await || done {
            return;
        }
    }
}
