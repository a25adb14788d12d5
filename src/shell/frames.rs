//! When to draw: as soon as something changed, but not more often than a screen can show.

use std::time::Duration;
use tokio::time::Instant;

/// The time that a frame stays at least: 60 frames a second.
const FRAME: Duration = Duration::from_micros(16_670);

/// Whether a frame is due. It has no clock and no timer: nothing happens while nothing changes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frames {
    dirty: bool,
    last: Option<Instant>,
}

impl Frames {
    /// Something that is shown has changed.
    pub fn request(&mut self) {
        self.dirty = true;
    }

    /// When the next frame is due; never, while nothing has changed.
    pub fn due(&self) -> Option<Instant> {
        let earliest = self.last.map(|last| last + FRAME);
        self.dirty.then(|| earliest.unwrap_or_else(Instant::now))
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Instant) {
        self.dirty = false;
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_make_one_frame_and_none_makes_none() {
        let start = Instant::now();
        let mut frames = Frames::default();
        assert_eq!(frames.due(), None);
        frames.request();
        frames.request();
        assert!(frames.due().is_some_and(|due| due >= start));
        frames.drawn(start);
        assert_eq!(frames.due(), None);
        frames.request();
        assert_eq!(frames.due(), Some(start + FRAME));
    }
}
