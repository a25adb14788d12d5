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
    /// One was drawn and is not to be seen yet.
    under_way: bool,
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

    /// When the next frame is due; never, while nothing has changed or the last one is under way. So a slow terminal
    /// gets fewer frames, and each of them shows the newest state.
    pub fn due(&self) -> Option<Instant> {
        if self.under_way {
            return None;
        }
        let stays = match (self.urgent, self.loading) {
            (true, _) => KEY_FRAME,
            (false, true) => LOADING_FRAME,
            (false, false) => FRAME,
        };
        let earliest = self.last.map(|last| last + stays);
        self.dirty.then(|| earliest.unwrap_or_else(Instant::now))
    }

    /// A frame was drawn: it is under way to the screen.
    pub fn drawn(&mut self) {
        (self.dirty, self.urgent, self.under_way) = (false, false, true);
    }

    /// The frame that was under way is on the screen since an instant.
    pub fn shown(&mut self, at: Instant) {
        self.under_way = false;
        self.last = Some(at);
    }

    /// Whether a frame is under way to the screen.
    pub fn is_under_way(&self) -> bool {
        self.under_way
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
        frames.drawn();
        frames.shown(start);
        assert_eq!(frames.due(), None);
        frames.request();
        assert_eq!(frames.due(), Some(start + FRAME));
    }

    #[test]
    fn a_loading_is_drawn_less_often_but_not_its_end() {
        let start = Instant::now();
        let mut frames = Frames::default();
        frames.set_loading(true);
        frames.drawn();
        frames.shown(start);
        frames.request();
        assert_eq!(frames.due(), Some(start + LOADING_FRAME));
        frames.set_loading(false);
        assert_eq!(frames.due(), Some(start + FRAME));
    }

    #[test]
    fn a_key_does_not_wait_for_the_others() {
        let start = Instant::now();
        let mut frames = Frames::default();
        frames.drawn();
        frames.shown(start);
        frames.request();
        frames.urge();
        frames.request();
        assert_eq!(frames.due(), Some(start + KEY_FRAME));
        frames.drawn();
        frames.shown(start);
        frames.request();
        assert_eq!(frames.due(), Some(start + FRAME));
    }

    #[test]
    fn a_frame_waits_for_the_one_before_it_to_be_seen() {
        let start = Instant::now();
        let mut frames = Frames::default();
        frames.request();
        frames.drawn();
        assert!(frames.is_under_way());
        frames.request();
        frames.urge();
        assert_eq!(frames.due(), None);
        frames.shown(start);
        assert_eq!((frames.due(), frames.is_under_way()), (Some(start + KEY_FRAME), false));
    }
}
