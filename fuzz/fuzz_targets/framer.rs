//! Any bytes in any chunks: the same lines, the same events and the same end come out, however the network cuts them.

#![no_main]

use bytes::Bytes;
use gdbx::api::{LineFramer, LiveDecoder};
use libfuzzer_sys::fuzz_target;

/// Everything that a stream brought.
#[derive(Debug, Default, PartialEq)]
struct Brought {
    lines: Vec<Vec<u8>>,
    rest: Option<Vec<u8>>,
    too_long: bool,
}

#[derive(Debug, Default, PartialEq)]
struct Live {
    events: Vec<Vec<u8>>,
    heartbeats: usize,
    end: Option<String>,
}

// The limit of a line, the lengths of the chunks (again and again), and what comes in them.
fuzz_target!(|input: (u8, [u8; 4], &[u8])| {
    let (limit, cuts, text) = input;
    let limit = usize::from(limit) + 1;
    let whole = || std::iter::once(text.len());
    let cuts = || cuts.into_iter().map(|cut| usize::from(cut % 16) + 1).cycle();
    let bytes = || std::iter::repeat(1);
    let expected = plain(text, limit);
    assert_eq!(framed(text, limit, whole()), expected);
    assert_eq!(framed(text, limit, cuts()), expected);
    assert_eq!(framed(text, limit, bytes()), expected);
    // With room for every line: what a decoder makes of them does not depend on the chunks either.
    let once = decoded(text, whole());
    assert_eq!(decoded(text, cuts()), once);
    assert_eq!(decoded(text, bytes()), once);
});

fn chunks<'t>(text: &'t [u8], cuts: impl Iterator<Item = usize>) -> impl Iterator<Item = &'t [u8]> {
    let mut left = text;
    cuts.map_while(move |cut| {
        let (chunk, rest) = left.split_at(cut.min(left.len()));
        left = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn framed(text: &[u8], limit: usize, cuts: impl Iterator<Item = usize>) -> Brought {
    let (mut framer, mut brought) = (LineFramer::new(limit), Brought::default());
    for chunk in chunks(text, cuts) {
        let batch = framer.push(Bytes::copy_from_slice(chunk));
        assert_eq!(batch.before, brought.lines.len() as u64);
        brought.lines.extend(batch.iter().map(<[u8]>::to_vec));
    }
    brought.too_long = framer.check().is_err();
    brought.rest = framer.finish().map(|rest| rest.to_vec());
    brought
}

/// What lines are, said plainly.
fn plain(text: &[u8], limit: usize) -> Brought {
    let mut brought = Brought::default();
    let mut left = text;
    while let Some(end) = left.iter().position(|byte| *byte == b'\n') {
        let line = left[..end].strip_suffix(b"\r").unwrap_or(&left[..end]);
        if line.len() > limit {
            return Brought { too_long: true, ..brought };
        }
        brought.lines.push(line.to_vec());
        left = &left[end + 1..];
    }
    // The byte beyond the limit may be a CR.
    if left.len() > limit + 1 {
        return Brought { too_long: true, ..brought };
    }
    let last = left.strip_suffix(b"\r").unwrap_or(left);
    brought.rest = (!last.is_empty()).then(|| last.to_vec());
    brought
}

fn decoded(text: &[u8], cuts: impl Iterator<Item = usize>) -> Live {
    let (mut framer, mut decoder) = (LineFramer::new(1 << 20), LiveDecoder::new(1 << 20));
    let mut live = Live::default();
    for chunk in chunks(text, cuts) {
        let found = decoder.decode(&framer.push(Bytes::copy_from_slice(chunk)));
        live.events.extend(found.events.iter().map(<[u8]>::to_vec));
        live.heartbeats += found.heartbeats;
        if found.end.is_some() {
            live.end = found.end;
            return live;
        }
    }
    let found = decoder.finish();
    live.events.extend(found.events.iter().map(<[u8]>::to_vec));
    live.heartbeats += found.heartbeats;
    live.end = found.end;
    live
}
