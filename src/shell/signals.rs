//! The signals by which the system asks the program to end.

/// They are heard from the making on, not from the first waiting: one that comes in between would end the program with
/// the terminal still taken.
#[cfg(unix)]
pub struct Signals([Option<tokio::signal::unix::Signal>; 3]);

#[cfg(unix)]
impl Signals {
    /// Listen. A signal that cannot be listened to ends the program by itself.
    pub fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self([SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(|kind| signal(kind).ok()))
    }

    /// Until one comes, or has come since it was waited for the last time.
    pub async fn next(&mut self) {
        use std::task::Poll;
        std::future::poll_fn(|context| {
            let came = self.0.iter_mut().flatten().any(|signal| signal.poll_recv(context).is_ready());
            if came { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// The one that every system has.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listen.
    pub fn new() -> Self {
        Self
    }

    /// Until one comes.
    pub async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
