//! What a run may hold in memory, shared by the threads that work on it.
//!
//! Owns the accounts. A thread counts what it keeps on a share of its own, and draws its share from the room of the run
//! in steps: counting costs an addition. Sizes are those of the texts and of what stands around them, without what an
//! allocator adds. Knows nothing of what is held.

use crate::gdbql::Limits;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Shares grow by so many bytes, and by a small part of a small room: no thread takes what another one needs.
const STEP: usize = 1 << 20;
const PART: usize = 64;

/// What one run may hold.
#[derive(Debug)]
pub struct Room {
    pub limits: Limits,
    step: usize,
    left: AtomicUsize,
}

/// There is no room for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Room {
    pub fn new(limits: Limits) -> Self {
        Self { limits, step: (limits.bytes / PART).min(STEP), left: AtomicUsize::new(limits.bytes) }
    }

    fn draw(&self, bytes: usize) -> bool {
        let drawn = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        drawn.is_ok()
    }
}

/// What one thread holds.
#[derive(Debug, Default)]
pub struct Share {
    drawn: usize,
    held: usize,
}

impl Share {
    /// Count bytes that are kept from now on.
    pub fn keep(&mut self, room: &Room, bytes: usize) -> Result<(), Full> {
        self.held = self.held.saturating_add(bytes);
        if self.held <= self.drawn { Ok(()) } else { self.draw(room) }
    }

    #[cold]
    fn draw(&mut self, room: &Room) -> Result<(), Full> {
        let lacking = self.held - self.drawn;
        for wanted in [lacking.max(room.step), lacking] {
            if room.draw(wanted) {
                self.drawn += wanted;
                return Ok(());
            }
        }
        Err(Full)
    }

    /// Count bytes that are not kept any more.
    pub fn release(&mut self, bytes: usize) {
        self.held = self.held.saturating_sub(bytes);
    }

    /// Count something that had so many bytes and has so many now.
    pub fn change(&mut self, room: &Room, before: usize, now: usize) -> Result<(), Full> {
        if now <= before {
            self.release(before - now);
            return Ok(());
        }
        self.keep(room, now - before)
    }

    /// What another thread held is held here.
    pub fn join(&mut self, other: Self) {
        self.drawn = self.drawn.saturating_add(other.drawn);
        self.held = self.held.saturating_add(other.held);
    }
}

/// Bytes in words: `1 GiB`, `512 MiB`, `700 bytes`.
pub fn words(bytes: usize) -> String {
    match bytes {
        0 => "0 bytes".to_owned(),
        _ if bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
        _ if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_together_hold_no_more_than_the_room() {
        // A step is four bytes.
        let room = Room::new(Limits { bytes: 300, ..Limits::default() });
        let (mut one, mut other) = (Share::default(), Share::default());
        assert_eq!((one.keep(&room, 1), other.keep(&room, 101)), (Ok(()), Ok(())));
        assert_eq!(one.keep(&room, 195), Ok(()));
        assert_eq!(one.keep(&room, 2), Ok(()), "where a step is too much, what is needed is drawn");
        assert_eq!(one.keep(&room, 2), Err(Full), "the rest was drawn for the other one");
        one.release(2);
        assert_eq!([one.change(&room, 100, 5), one.change(&room, 5, 100)], [Ok(()), Ok(())]);
        other.release(101);
        one.join(other);
        assert_eq!(one.keep(&room, 102), Ok(()), "what is released can be kept again");
        assert_eq!(one.keep(&room, 1), Err(Full));
        assert_eq!(one.keep(&room, usize::MAX), Err(Full));
    }

    #[test]
    fn bytes_are_told_as_one_would() {
        assert_eq!([1 << 30, 3 << 29, 700].map(words), ["1 GiB", "1536 MiB", "700 bytes"]);
    }
}
