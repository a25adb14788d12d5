//! When to draw: as soon as something changed, but not more often than a screen can show; for a key at once.

use std::time::Duration;
use tokio::time::Instant;

/// The time that a frame stays at least: 60 frames a second.
const FRAME: Duration = Duration::from_micros(16_670);

/// The time that a frame stays while a store is being loaded: drawing takes time from the loading.
const LOADING_FRAME: Duration = Duration::from_millis(33);

/// What a key changes waits no longer than this for the last frame: nobody types faster.
const KEY_FRAME: Duration = Duration::from_millis(4);

/// Whether a frame is due. It has no clock and no timer: nothing happens while nothing changes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frames {
    dirty: bool,
    urgent: bool,
    loading: bool,
    last: Option<Instant>,
}

impl Frames {
    /// Something that is shown has changed.
    pub fn request(&mut self) {
        self.dirty = true;
    }

    /// The user has changed something and waits for it.
    pub fn urge(&mut self) {
        (self.dirty, self.urgent) = (true, true);
    }

    /// Whether a store is being loaded on the screen.
    pub fn set_loading(&mut self, loading: bool) {
        self.loading = loading;
    }

    /// When the next frame is due; never, while nothing has changed.
    pub fn due(&self) -> Option<Instant> {
        let stays = match (self.urgent, self.loading) {
            (true, _) => KEY_FRAME,
            (false, true) => LOADING_FRAME,
            (false, false) => FRAME,
        };
        let earliest = self.last.map(|last| last + stays);
        self.dirty.then(|| earliest.unwrap_or_else(Instant::now))
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Instant) {
        (self.dirty, self.urgent) = (false, false);
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

    #[test]
    fn a_loading_is_drawn_less_often_but_not_its_end() {
        let start = Instant::now();
        let mut frames = Frames::default();
        frames.set_loading(true);
        frames.drawn(start);
        frames.request();
        assert_eq!(frames.due(), Some(start + LOADING_FRAME));
        frames.set_loading(false);
        assert_eq!(frames.due(), Some(start + FRAME));
    }

    #[test]
    fn a_key_does_not_wait_for_the_others() {
        let start = Instant::now();
        let mut frames = Frames::default();
        frames.drawn(start);
        frames.request();
        frames.urge();
        frames.request();
        assert_eq!(frames.due(), Some(start + KEY_FRAME));
        frames.drawn(start);
        frames.request();
        assert_eq!(frames.due(), Some(start + FRAME));
    }
}
