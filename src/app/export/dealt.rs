//! The bytes of a long list, made on several threads and handed over in the order of the list.
//!
//! Owns the threads and the bound on what they are ahead of the file. Knows nothing of what the bytes are.

use super::Written;
use std::io;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Each thread gets so many events or rows at a time, and it is asked as often whether to go on.
pub const PORTION: usize = 1024;
/// More threads than these make bytes faster than a file takes them.
const THREADS: usize = 4;
/// A thread is no more pieces than these ahead of the file, beside the one that it works on.
const AHEAD: usize = 4;

/// What a thread hands over.
enum Made {
    /// The next bytes of a portion.
    Bytes(Vec<u8>),
    /// The portion has no more; that was in it.
    End(Written),
    /// It cannot be read.
    Failed(io::Error),
}

/// Takes pieces of a portion; gives `false` when nobody wants them any more.
pub type Taker<'t> = &'t mut dyn FnMut(Vec<u8>) -> bool;

/// Deal `len` events or rows out. `make` gives the bytes of a range in pieces, and says what was in them; `take` gets
/// the pieces in order; `go_on` is told how far it is. `None` when that has said no.
pub fn deal(
    len: usize,
    make: &(impl Fn(Range<usize>, Taker<'_>) -> io::Result<Written> + Sync),
    take: &mut impl FnMut(&[u8]) -> io::Result<()>,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> io::Result<Option<Written>> {
    let portions = len.div_ceil(PORTION);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    if portions <= 1 || threads <= 1 {
        return in_turn(len, make, take, go_on);
    }
    thread::scope(|scope| {
        // Without its receiver a thread ends: when this is left, none goes on.
        let mut lanes = Vec::new();
        for lane in 0..threads {
            let (to, from) = sync_channel(AHEAD);
            let work = move || (lane..portions).step_by(threads).all(|number| fill(range(number, len), make, &to));
            thread::Builder::new().name("export".into()).spawn_scoped(scope, work)?;
            lanes.push(from);
        }
        let mut written = Written::default();
        for number in 0..portions {
            if !go_on(number * PORTION) {
                return Ok(None);
            }
            let Some(lane) = lanes.get(number % threads) else { break };
            written.add(empty(lane, take)?);
        }
        Ok(Some(written))
    })
}

/// The same on this thread alone.
fn in_turn(
    len: usize,
    make: &impl Fn(Range<usize>, Taker<'_>) -> io::Result<Written>,
    take: &mut impl FnMut(&[u8]) -> io::Result<()>,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> io::Result<Option<Written>> {
    let mut written = Written::default();
    for number in 0..len.div_ceil(PORTION) {
        if !go_on(number * PORTION) {
            return Ok(None);
        }
        let mut failed = None;
        let mut taker = |bytes: Vec<u8>| match take(&bytes) {
            Ok(()) => true,
            Err(error) => {
                failed = Some(error);
                false
            }
        };
        let made = make(range(number, len), &mut taker);
        written.add(failed.map_or(made, Err)?);
    }
    Ok(Some(written))
}

fn range(number: usize, len: usize) -> Range<usize> {
    number * PORTION..((number + 1) * PORTION).min(len)
}

/// Make a portion and hand it over. Gives `false` when no more is wanted.
fn fill(
    range: Range<usize>,
    make: &impl Fn(Range<usize>, Taker<'_>) -> io::Result<Written>,
    to: &SyncSender<Made>,
) -> bool {
    match make(range, &mut |bytes| to.send(Made::Bytes(bytes)).is_ok()) {
        Ok(written) => to.send(Made::End(written)).is_ok(),
        Err(error) => {
            // Whether someone hears it or not, this thread is done.
            let _ = to.send(Made::Failed(error));
            false
        }
    }
}

/// Take a portion over.
fn empty(lane: &Receiver<Made>, take: &mut impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Written> {
    loop {
        match lane.recv() {
            Ok(Made::Bytes(bytes)) => take(&bytes)?,
            Ok(Made::End(written)) => return Ok(written),
            Ok(Made::Failed(error)) => return Err(error),
            Err(_) => return Err(io::Error::other("a thread that should have written has ended")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every number as a line, a piece each.
    fn lines(range: Range<usize>, to: Taker<'_>) -> io::Result<Written> {
        let items = range.len();
        range.map(|number| format!("{number}\n").into_bytes()).all(to);
        Ok(Written { items, ..Written::default() })
    }

    fn dealt(len: usize, stop: usize) -> (Vec<u8>, Option<usize>) {
        let mut out = Vec::new();
        let mut take = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok(())
        };
        let written = deal(len, &lines, &mut take, &mut |done| done < stop).unwrap();
        (out, written.map(|written| written.items))
    }

    proptest! {
        #[test]
        fn all_is_there_in_its_order_up_to_where_it_was_stopped(
            len in 0usize..5 * PORTION,
            stop in prop_oneof![Just(usize::MAX), 0usize..5 * PORTION],
        ) {
            let (bytes, items) = dealt(len, stop);
            let done = if stop >= len { len } else { stop.div_ceil(PORTION) * PORTION }.min(len);
            let expected: String = (0..done).map(|number| format!("{number}\n")).collect();
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), expected);
            prop_assert_eq!(items, (done == len).then_some(len));
        }
    }

    #[test]
    fn what_fails_on_either_side_ends_it() {
        let unreadable = |range: Range<usize>, _: Taker<'_>| match range.start {
            0 => Ok(Written::default()),
            _ => Err(io::ErrorKind::NotFound.into()),
        };
        let failed = deal(10 * PORTION, &unreadable, &mut |_| Ok(()), &mut |_| true);
        assert_eq!(failed.map_err(|error| error.kind()), Err(io::ErrorKind::NotFound));
        for len in [PORTION, 10 * PORTION] {
            let full = deal(len, &lines, &mut |_| Err(io::ErrorKind::StorageFull.into()), &mut |_| true);
            assert_eq!(full.map_err(|error| error.kind()), Err(io::ErrorKind::StorageFull));
        }
    }
}
